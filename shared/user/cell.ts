import { laterMarked, laterUnmarked } from '../csv'
import type { Json, JsonObject } from '../json'
import { type Field, fieldAt } from './catalogue'
import { daysOf } from './rendering/days'
import { looksBroken, trimmed, undressed, visible } from './rendering/letters'
import { booleanOf, isSheetError, isShownCondition } from './rendering/rendering'
import type { FieldPath, FieldValue, UserKey } from './types'
import { displayValue, isEmptyValue, plainText } from './value'

/** Written into a cell, it clears the field; a blank cell leaves it as it is. */
export const clearWord = '<clear>'

/** Stands in a cell whose field was not read yet. Read back it leaves the field as it is: it is no value, and not empty. */
export const unreadWord = '<not read>'

/** Stands in a cell whose user does not have the service that its field is of. Read back it is nothing, either. */
export const lackedWord = '<not assigned>'

const wordsOfNoValue: ReadonlySet<string> = new Set([unreadWord, lackedWord])

/** Whether a cell says only why no value stood there when it was written. */
export const isWordOfNoValue = (text: string): boolean =>
  text.includes('<') && wordsOfNoValue.has(trimmed(text).toLowerCase())

/**
 * What a spreadsheet would take for a formula, what would be taken for our own words, and the mark itself. Such a
 * text gets an apostrophe in front, which is taken off when it is read.
 */
const needsMark = /^(?:[=+\-@\t\r'＝＋－＠]|\s|$)/i

/** Whether a text would be taken for one of our own words. */
export const isOwnWord = (text: string): boolean =>
  text.includes('<') && (isWordOfNoValue(text) || trimmed(text).toLowerCase() === clearWord)

const needs = (text: string) => needsMark.test(text) || isOwnWord(text)

export const marked = (text: string): string => {
  const safe = laterMarked(text)
  return text !== '' && needs(text) ? `'${safe}` : safe
}

export const unmarked = (text: string): string => {
  const plain = laterUnmarked(text)
  return plain.startsWith("'") && needs(plain.slice(1)) ? plain.slice(1) : plain
}

/**
 * A value as the text of a cell. Lists have one item in a line. Departments and devices are written as they are shown;
 * other objects as JSON. Empty is the empty text.
 */
export function cellText(path: FieldPath, value: FieldValue): string {
  if (isEmptyValue(value)) return ''
  if (typeof value === 'string') return value
  const field = fieldAt(path)
  if (Array.isArray(value)) return value.map((item: Json) => itemText(field, item)).join('\n')
  if (typeof value === 'object' && !shownInWords(field)) return JSON.stringify(value)
  return displayValue(path, value)
}

const shownInWords = (field: Field | undefined) =>
  field?.compare === 'department' || field?.compare === 'device'

function itemText(field: Field | undefined, item: Json): string {
  if (typeof item === 'string') return item
  if (field?.compare === 'ringing') return displayValue(field.path, [item])
  const first = field?.parts?.[0]?.name
  const object = item as JsonObject
  const text = first !== undefined && typeof item === 'object' && item !== null ? object[first] : undefined
  return plainText(text) || JSON.stringify(item)
}

/**
 * The value that a cell means, to be checked by `validateField`: texts as they are, objects put together again.
 * A department is meant in the user's own group, unless the enterprise stands in brackets behind it. Any other brackets
 * are part of its name: a user is in a department of the own group or of the enterprise, and nowhere else.
 */
export function cellValue(path: FieldPath, text: string, user: UserKey): FieldValue {
  const field = fieldAt(path)
  const choice = field?.choices?.find(({ label }) => label.toLowerCase() === text.trim().toLowerCase())
  if (choice !== undefined) return choice.value
  if (field?.kind === 'boolean') return booleanOf(text) ?? text
  if (field?.kind !== 'object' && field?.kind !== 'list') return text
  const json = objectIn(text)
  if (json !== undefined) return json
  if (field.compare === 'department') return department(text, user)
  if (field.compare === 'device') {
    const [, name = text, level = 'Group'] = /^(.*\S)\s*\(([^()]*)\)\s*$/s.exec(text) ?? []
    return { deviceName: name, deviceLevel: level }
  }
  if (field.kind === 'object' && field.parts !== undefined) {
    const [first = '', ...rest] = text.trim().split(/\s+/)
    const [one, two] = field.parts
    return {
      ...(one === undefined ? {} : { [one.name]: first }),
      ...(two === undefined ? {} : { [two.name]: rest.join(' ') }),
    }
  }
  return text
}

function department(text: string, { serviceProviderId, groupId }: UserKey): JsonObject {
  const bare = text.trim()
  const [, named = ''] = /\(0*(\d+)\)$/.exec(bare) ?? []
  // A group may have brackets in its own id, so the whole end is compared; one of digits may have lost its zeros.
  for (const [where, of] of [
    [groupId, { serviceProviderId, groupId }],
    [serviceProviderId, { serviceProviderId }],
    ...(named !== '' && groupId.replace(/^0+(?=\d)/, '') === named
      ? ([[bare.slice(bare.lastIndexOf('(') + 1, -1), { serviceProviderId, groupId }]] as const)
      : []),
  ] as const) {
    const end = `(${where})`
    const name = bare.slice(0, -end.length).trimEnd()
    if (name !== '' && bare.toLowerCase().endsWith(end.toLowerCase())) return { name, ...of }
  }
  return { name: bare, serviceProviderId, groupId }
}

function objectIn(text: string): JsonObject | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined
  } catch {
    return undefined
  }
}

/** Words by which other programs say that there is nothing, or that there should be nothing. */
const wordsForNothing: ReadonlySet<string> = new Set(
  (
    'none|null|nil|nan|nat|na|n/a|n.a.|n.a|n. a.|n/d|n.v.|k.a.|k. a.|nv|undefined|unknown|empty|blank|nothing|remove|' +
    'delete|clear|removed|deleted|tbd|tbc|tba|void|missing|not set|not available|not applicable|no value|no data|' +
    'no entry|null value|\\n|keine|leer|ohne|entfernen|löschen|unbekannt|nicht gesetzt|aucun|aucune|vide|néant|' +
    'supprimer|inconnu|brak|usuń|pusty|puste|ninguno|ninguna|vacío|borrar|nessuno|vuoto|geen|leeg|verwijderen|object object|' +
    '[object object]|loading...|-|--|---|.|..|_|?|/|//|*|xxx|xx|n.n.'
  ).split('|'),
)
const inBrackets = /^(?:&lt;|[<([{"'])\s*(.*?)\s*(?:&gt;|[>)\]}"'])$/
/** A place in a template that nobody filled in. */
const placeholder = /^(?:\{\{.*\}\}|\$\{.*\}|\{%.*%\}|%\w+%|\[\[.*\]\]|<<.*>>|«.*»|<%.*%>)$/

/**
 * Whether a cell is what another program writes where there is nothing, or an error of a spreadsheet. Our own word is none:
 * behind its mark it is a value.
 */
export function isOthersWord(text: string): boolean {
  if (text.trim().toLowerCase() === clearWord) return false
  const word = undressed(text).toLowerCase()
  // Our own word, dressed up by a program, is as probably meant as not.
  const bare = inBrackets.exec(word)?.[1] ?? word
  return wordsForNothing.has(word) || wordsForNothing.has(bare) || isSheetError(text)
}

/** What a spreadsheet shows for a blank cell that a formula looks up: nothing as a number, a day or a time. */
const nothingShown =
  /^(?:0(?:[.,]0+)?|(?:[$€£]\s?)?0[.,]00(?:\s?[€%])?|0%|0?0[./-]0?1[./-](?:19)?00|0?1[./-]0?0[./-](?:19)?00|1900-01-00|30[./-]12[./-](?:18)?99|12[./-]30[./-](?:18)?99|1899-12-30|0?0:00(?::00)?|12:00(?::00)? am|false)$/i

/** Whether a cell is what a formula makes of a cell that has nothing. */
export const isNothingLookedUp = (path: FieldPath, text: string): boolean =>
  !/^(?:boolean|integer)$/.test(fieldAt(path)?.kind ?? '') && nothingShown.test(undressed(text))

const scientific = /^[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+$/
const shownScientific = /^-?\d(?:[.,]\d+)?E[+-]\d{2,3}$/
const withDecimals = /^(\d+)[.,]0+$/

/** What is wrong with a cell that is a formula; one of a single text is that text, and our own mark makes it none. */
export function formulaText(raw: string): string | undefined {
  const cell = trimmed(raw)
  if (!/^=(?!\s*"(?:[^"]|"")*"$)/s.test(cell)) return undefined
  return `“${cell.slice(0, 60)}” is a formula, and formulas are not worked out. Type here what it shows, or as it stands if that is meant.`
}

/** What is wrong with a cell that no value of its user explains, but that no person writes either. */
export function brokenText(path: FieldPath, text: string): string | undefined {
  const field = fieldAt(path)
  const cell = text.trim()
  const numeric = field?.kind === 'digits' || field?.kind === 'phone'
  if (shownScientific.test(cell) || (numeric && scientific.test(cell))) {
    return `A spreadsheet has turned it into ${cell}, so its digits are lost. Type the whole number.`
  }
  if (field?.kind === 'phone' && daysOf(cell).some(({ named, year }) => named || year !== undefined)) {
    return `A spreadsheet has turned it into the date ${cell}. Type the number.`
  }
  if (isSheetError(cell)) {
    return `“${cell}” is an error of a spreadsheet. Type the value here, or mend the formula.`
  }
  if (placeholder.test(cell)) {
    return `“${cell.slice(0, 60)}” looks like a place in a template that was not filled in. Type it here if it is meant.`
  }
  if (isOthersWord(cell)) {
    return `“${cell}” is what other programs write for nothing, so it is probably not meant. Type it here if it is, or leave it blank to clear the field.`
  }
  if (isShownCondition(cell) && field?.kind !== 'boolean') {
    return `“${cell}” is what a spreadsheet shows for a condition. Type it here if it is meant.`
  }
  if (field?.kind !== 'list' && /[\r\n\u0085\u2028\u2029]/.test(cell)) {
    return `It has a line break, which ${field?.label ?? path} cannot have. Type it in one line.`
  }
  if (looksBroken(cell)) {
    return 'Letters of it seem to be lost or misread, as when a file is saved in an old encoding. Type it here as it should be.'
  }
  return undefined
}

/** Fields of which the server takes only letters and digits that people see. */
const plainKinds: ReadonlySet<string | undefined> = new Set([
  'digits',
  'phone',
  'email',
  'list',
  'choice',
  'integer',
  'boolean',
])

/** Characters that no name has a need for: blanks of no width, places to break a word, and what turns the direction. */
const needless = /[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]/g

/** A cell as it is meant: without invisible characters at its ends, without any where a field cannot have them. */
export function cleaned(path: FieldPath, text: string): { readonly text: string; readonly note?: string } {
  const field = fieldAt(path)
  const strict = plainKinds.has(field?.kind) || field?.pattern !== undefined
  const clean =
    strict && field?.parts === undefined ? visibleLines(text) : trimmed(text).replace(needless, '')
  const formula = /^=\s*"((?:[^"]|"")*)"$/s.exec(text.trim())?.[1]?.replaceAll('""', '"')
  if (formula !== undefined) {
    return { text: cleaned(path, formula).text, note: 'The formula around it was taken off.' }
  }
  if ((field?.kind === 'digits' || field?.kind === 'phone') && /^'\+?\d/.test(clean.trim())) {
    return { text: clean.trim().slice(1), note: 'The apostrophe in front was taken off.' }
  }
  const [, whole] =
    field?.kind === 'digits' || field?.kind === 'phone' ? (withDecimals.exec(clean.trim()) ?? []) : []
  if (whole !== undefined) return { text: whole, note: `${clean.trim()} was taken as ${whole}.` }
  return clean.trim() === text.trim()
    ? { text: clean }
    : { text: clean, note: 'Invisible characters were taken out.' }
}

const visibleLines = (text: string) =>
  text
    .split(/(\r\n|[\r\n])/)
    .map((line, at) => (at % 2 === 0 ? visible(line) : line))
    .join('')
