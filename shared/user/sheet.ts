import { searchNameOf } from '../query/names'
import { editable, fieldAt, fields } from './catalogue'
import { cellText, cellValue, clearWord, spreadsheetDamage, unmarked } from './cell'
import type { FieldPath, UserKey } from './types'
import { validateField } from './validate'
import { fieldValue, sameValue, type Valued } from './value'

/** The columns that say which user a line is about; never changed by it. */
export const keyPaths = ['userId', 'groupId', 'serviceProviderId'] as const

/** What each column of a file means. */
export interface SheetHead {
  readonly columns: readonly SheetColumn[]
  /** Where the user id stands. */
  readonly userId: number
  /** How many columns are named. */
  readonly width: number
  /** Columns that are passed over, with the reason in words. */
  readonly remarks: readonly string[]
}

export interface SheetColumn {
  readonly at: number
  readonly path: FieldPath
  readonly use: 'key' | 'change'
}

const spelled = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ')
// A file is written with labels, so where one field's label is another's path, the label is meant.
const byName = new Map<string, FieldPath>()
for (const { path, label } of fields) if (!byName.has(spelled(label))) byName.set(spelled(label), path)
for (const { path } of fields) if (!byName.has(spelled(path))) byName.set(spelled(path), path)

/** The field that a header names, by label or path, in any case; the short names of the search are understood too. */
export function fieldNamed(header: string): FieldPath | undefined {
  const text = unmarked(header.replace(/^\ufeff/, ''))
  const exact = byName.get(spelled(text))
  if (exact !== undefined) return exact
  const found = searchNameOf(text)
  return found?.paths.length === 1 ? found.paths[0] : undefined
}

/** Reads the first line of a file, or says why the file cannot be used. */
export function readHead(headers: readonly string[]): SheetHead | { readonly problem: string } {
  const columns: SheetColumn[] = []
  const remarks: string[] = []
  const seen = new Map<FieldPath, string>()
  for (const [at, header] of headers.entries()) {
    const name = header.replace(/^\ufeff/, '').trim()
    if (name === '') continue
    const path = fieldNamed(name)
    const field = path === undefined ? undefined : fieldAt(path)
    if (path === undefined || field === undefined) {
      remarks.push(`Column “${name.slice(0, 60)}” is not a field of a user and is passed over.`)
      continue
    }
    const before = seen.get(path)
    if (before !== undefined) {
      return {
        problem: `The columns “${before}” and “${name}” are both ${field.label}. Leave one of them out.`,
      }
    }
    seen.set(path, name)
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
  return { columns, userId: userId.at, width: headers.length, remarks }
}

/** What a cell asks for. */
export type CellWish =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'change'; readonly mine: FieldValueOrClear; readonly note?: string }
  | { readonly kind: 'problem'; readonly problem: string; readonly typed: string }
type FieldValueOrClear = ReturnType<typeof cellValue>

/**
 * Reads one cell against what its user has: blank is nothing, {@link clearWord} clears, the same value is nothing.
 * @param now the user as known; a field of it may be unknown
 */
export function readCell(path: FieldPath, raw: string, user: UserKey, now: Valued): CellWish {
  if (raw.trim() === '') return { kind: 'nothing' }
  const before = fieldValue(now, path)
  const text = unmarked(raw)
  if (raw.trim().toLowerCase() === clearWord) return wish(path, before, null, raw)
  // Compared as text first: what was exported and not touched is no change, whatever it holds.
  if (before !== undefined && sameText(text, cellText(path, before))) return { kind: 'nothing' }
  const damage = spreadsheetDamage(path, text, before)
  if (damage !== undefined && 'lost' in damage) return { kind: 'problem', problem: damage.lost, typed: raw }
  if (damage !== undefined) return wish(path, before, damage.repaired, raw, damage.note)
  return wish(path, before, cellValue(path, text, user), raw)
}

/** Programs that write files change line ends and drop blanks around cells. */
const sameText = (a: string, b: string) => a === b || flat(a) === flat(b)
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
  if (before !== undefined && sameValue(path, before, checked.value)) return { kind: 'nothing' }
  return { kind: 'change', mine: checked.value, ...(note === undefined ? {} : { note }) }
}
