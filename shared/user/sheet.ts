import { searchNameOf } from '../query/names'
import { editable, everyField, fieldAt } from './catalogue'
import {
  brokenText,
  cellText,
  cellValue,
  cleaned,
  clearWord,
  formulaText,
  isNothingLookedUp,
  isWordOfNoValue,
  marked,
  unmarked,
} from './cell'
import { isDressOfNothing, trimmed, undressed } from './rendering/letters'
import { type Explained, explained } from './rendering/rendering'
import { isWithoutCountry } from './rendering/spellings'
import type { FieldPath, UserKey } from './types'
import { validateField } from './validate'
import { fieldValue, isEmptyValue, sameValue, type Valued } from './value'

/** The columns that say which user a line is about; never changed by it. */
export const keyPaths = ['userId', 'groupId', 'serviceProviderId'] as const

/** What each column of a file means. */
export interface SheetHead {
  readonly columns: readonly SheetColumn[]
  /** Where the user id stands. */
  readonly userId: number
  /** Where the last column stands that is named, and one more. */
  readonly width: number
  /** How many cells the line with the names has, blank ones behind them as well. */
  readonly named: number
  /** Columns that are passed over, with the reason in words. */
  readonly remarks: readonly string[]
}

export interface SheetColumn {
  readonly at: number
  readonly path: FieldPath
  readonly use: 'key' | 'change'
}

/** How a name of a column is compared: without case, and without what programs put around it. */
export const spelled = (text: string): string => undressed(text).toLowerCase()
// A file is written with labels, so where one field's label is another's path, the label is meant.
const byName = new Map<string, FieldPath>()
for (const { path, label } of everyField) if (!byName.has(spelled(label))) byName.set(spelled(label), path)
for (const { path } of everyField) if (!byName.has(spelled(path))) byName.set(spelled(path), path)

/** The field that a header names, by label or path, in any case; the short names of the search are understood too. */
export function fieldNamed(header: string): FieldPath | undefined {
  const text = unmarked(header.replace(/^\ufeff/, ''))
  const exact = byName.get(spelled(text))
  if (exact !== undefined) return exact
  const found = searchNameOf(text)
  return found?.paths.length === 1 ? found.paths[0] : undefined
}

/** What a column is: a field, nothing on purpose, or not known. */
export type Meaning = FieldPath | null | undefined

/**
 * Reads the first line of a file, or says why the file cannot be used.
 * @param meaningOf what a name stands for in its place; left out, what it stands for everywhere
 */
export function readHead(
  headers: readonly string[],
  meaningOf: (name: string, at: number) => Meaning = fieldNamed,
): SheetHead | { readonly problem: string } {
  const columns: SheetColumn[] = []
  const remarks: string[] = []
  const seen = new Map<FieldPath, string>()
  for (const [at, header] of headers.entries()) {
    const name = header.replace(/^\ufeff/, '').trim()
    const path = meaningOf(name, at)
    if (path === null || (name === '' && path === undefined)) continue
    const field = path === undefined ? undefined : fieldAt(path)
    if (path !== undefined && field === undefined) {
      remarks.push(
        `${name.slice(0, 60)} is made of several fields, which have columns of their own, and is passed over.`,
      )
      continue
    }
    if (path === undefined || field === undefined) {
      remarks.push(`Column “${name.slice(0, 60)}” is not a field of a user and is passed over.`)
      continue
    }
    const before = seen.get(path)
    if (before !== undefined) {
      return {
        problem: `The columns “${before}” and “${name.slice(0, 60)}” are both ${field.label}. Leave one of them out.`,
      }
    }
    seen.set(path, name.slice(0, 60))
    const key = (keyPaths as readonly string[]).includes(path)
    if (!key && !editable(field)) {
      remarks.push(`${field.label} is not changed from a file and is passed over.`)
      continue
    }
    columns.push({ at, path, use: key ? 'key' : 'change' })
  }
  const userId = columns.find(({ path }) => path === 'userId')
  if (userId === undefined) {
    return { problem: 'No column is called “User ID”, so it is not clear which user a line is about.' }
  }
  // Text below a column without a name is more likely what a stray separator has pushed out of its own.
  const width =
    headers.findLastIndex((header, at) => trimmed(header) !== '' || columns.some((one) => one.at === at)) + 1
  return { columns, userId: userId.at, width, named: headers.length, remarks }
}

/** What a cell asks for. */
export type CellWish =
  | { readonly kind: 'nothing' }
  /** It differs from what the user has, but only by what a program did to it: that stays, and is noted. */
  | { readonly kind: 'kept'; readonly why: string; readonly note: string }
  | { readonly kind: 'change'; readonly mine: FieldValueOrClear; readonly note?: string }
  | { readonly kind: 'problem'; readonly problem: string; readonly typed: string }
type FieldValueOrClear = ReturnType<typeof cellValue>

const nothing: CellWish = { kind: 'nothing' }

/**
 * Reads one cell against what its user has: blank and {@link isWordOfNoValue} are nothing, {@link clearWord} clears, the same
 * value is nothing. A cell is a change only if it cannot be explained as something that a program did to the value that
 * the user has.
 * @param now the user as known; a field of it may be unknown
 */
export function readCell(path: FieldPath, raw: string, user: UserKey, now: Valued): CellWish {
  if (raw === '') return nothing
  const before = fieldValue(now, path)
  // Most cells of most files. Our own words begin so.
  if (raw === before && !raw.includes('<')) return nothing
  const bare = trimmed(raw)
  if (bare === '' || isWordOfNoValue(bare)) return nothing
  const text = unmarked(raw)
  if (bare.toLowerCase() === clearWord) return wish(path, before, null, raw)
  if (raw.length > longestCell) {
    const problem = `It has ${raw.length.toLocaleString('en')} characters; no field takes more than ${longestCell.toLocaleString('en')}.`
    return { kind: 'problem', problem, typed: raw.slice(0, 200) }
  }
  if (before !== undefined) {
    // Compared as text first: what was exported and not touched is no change, whatever it holds.
    const had = cellText(path, before)
    // Also without the mark being taken off: what an untouched workbook has, no spreadsheet takes for a formula.
    if (sameText(text, had) || sameText(raw, had)) return nothing
    const asked = cellValue(path, text, user)
    if (!isEmptyValue(asked) && sameValue(path, before, asked)) return nothing
    // Programs also put their marks around the apostrophe that our own export writes in front.
    const exported = marked(had)
    const why =
      explanation(path, text, had) ??
      (text === raw ? undefined : explanation(path, raw, had)) ??
      (exported === had ? undefined : explanation(path, raw, exported)) ??
      spacedAnew(path, asked, had)
    if (had === '' && isDressOfNothing(text)) return nothing
    if (why?.sure)
      return {
        kind: 'kept',
        why: why.what,
        note: `Stays “${short(had)}”: ${why.what} (“${short(text)}” in the file).`,
      }
    if (why !== undefined) {
      const problem = `It may be “${short(had)}” still: ${why.what}. Type it here if it is meant.`
      return { kind: 'problem', problem, typed: text }
    }
    if (isNothingLookedUp(path, text)) {
      const problem = `A formula that looks up an empty cell gives ${bare}${had === '' ? ', and nothing is here' : ''}. Type it here if it is meant.`
      return { kind: 'problem', problem, typed: text }
    }
  }
  const broken =
    formulaText(raw) ??
    brokenText(path, text) ??
    (before === undefined ? undefined : shortened(path, cellText(path, before), bare))
  if (broken !== undefined) return { kind: 'problem', problem: broken, typed: raw }
  const { text: clean, note } = cleaned(path, text)
  return wish(path, before, cellValue(path, clean, user), raw, note)
}

/** The longest field has 1024 characters. */
export const longestCell = 20_000

const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** The digits that a telephone dials, whatever stands between them; none for what is no number. */
const inDigits = (text: string): string => {
  const number = undressed(text).replace(/^<?(?:tel:)?|[\s>;,.|]+$/gi, '')
  if (!/^[(\s]*\+?[\d ()./-]*\d$/.test(number)) return ''
  const digits = number.replace(/\D/g, '')
  return number.includes('+') ? digits : digits.replace(/^(?:00|011)(?=[1-9]\d{8})/, '')
}

/** Says that a new number lacks the zero or plus in front that the present one has: a spreadsheet drops them as one types. */
function shortened(path: FieldPath, had: string, cell: string): string | undefined {
  if (!/^[1-9]\d*$/.test(cell)) return undefined
  const zeros = /^0*/.exec(had)?.[0].length ?? 0
  const isNumber = /^\d+$/.test(had) && zeros > 0
  // A telephone number of another length is another number.
  const fits = fieldAt(path)?.kind === 'phone' ? cell.length === had.length - zeros : cell.length < had.length
  const country = cell.slice(0, /^[17]/.test(cell) ? 1 : 2)
  const abroad = /^\+\d{7,}$/.test(had) && had.startsWith(`+${country}`) && cell.length === had.length - 1
  const lost = isNumber && fits ? 'zero' : abroad ? 'plus' : undefined
  return (
    lost &&
    `“${had}” begins with a ${lost}, and a spreadsheet drops that. Type the number here as it should be.`
  )
}

/** How a cell can be explained; of a list, how each of its items can. */
function explanation(path: FieldPath, cell: string, had: string): Explained | undefined {
  const all = explained(cell, had)
  if (all === undefined && fieldAt(path)?.kind === 'phone') {
    const [digits, before] = [inDigits(cell), inDigits(had)]
    if (digits !== '' && digits === before)
      return { sure: true, what: 'the same number is written in another way' }
    const same = digits !== '' && before !== '' && isWithoutCountry(undressed(cell), undressed(had))
    return same ? { sure: false, what: 'it is the same number without its country' } : undefined
  }
  if (all !== undefined || fieldAt(path)?.kind !== 'list') return all
  const cells = flat(cell).split('\n')
  const before = had.split('\n')
  if (cells.length !== before.length || before.length > 100) return undefined
  let worst: Explained | undefined
  for (const [at, item] of before.entries()) {
    const one = cells[at]?.trim() ?? ''
    if (one === item.trim()) continue
    const why = explained(one, item)
    if (why === undefined) return undefined
    if (worst === undefined || worst.sure) worst = why
  }
  return worst
}

/** What a department or device is called stands for one that is there or not; a list that would tell need not be at hand. */
function spacedAnew(path: FieldPath, asked: FieldValueOrClear, had: string): Explained | undefined {
  const compare = fieldAt(path)?.compare
  if (compare !== 'department' && compare !== 'device') return undefined
  const same = unspaced(cellText(path, asked)) === unspaced(had)
  return same ? { sure: false, what: 'only blanks differ' } : undefined
}

/** Programs that write files change line ends and drop blanks around cells. */
const sameText = (a: string, b: string) => a === b || flat(a) === flat(b)
const unspaced = (text: string) => undressed(text).replaceAll(' ', '')
const flat = (text: string) => text.replace(/\r\n?/g, '\n').trim()

function wish(
  path: FieldPath,
  before: FieldValueOrClear | undefined,
  asked: FieldValueOrClear,
  typed: string,
  note?: string,
): CellWish {
  const checked = validateField(path, asked)
  if ('problem' in checked) return { kind: 'problem', problem: checked.problem, typed }
  if (before !== undefined && sameValue(path, before, checked.value)) return nothing
  return { kind: 'change', mine: checked.value, ...(note === undefined ? {} : { note }) }
}
