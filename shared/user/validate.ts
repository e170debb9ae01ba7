import type { Json, JsonObject } from '../json'
import { foldPart } from '../query/fold'
import { contactPattern, type Field, fieldAt, type Part } from './catalogue'
import type { FieldPath, FieldValue } from './types'
import { collapse, isEmptyValue } from './value'

/** What is known about the group or server, to check more than the schema can. */
export interface ValidationContext {
  /** The group's own limits, from GET /groups/extensions. */
  readonly extensionLength?: { readonly min: number; readonly max: number }
}

export type Validated = { readonly value: FieldValue } | { readonly problem: string }

/** Longer texts are refused before anything is done with them; the longest field has 1024 characters. */
const longestInput = 20_000

/**
 * The canonical value to save, or what is wrong with it and what to do, in words. White space is trimmed and
 * collapsed first, because the server does so; characters are put into composed form, the only form that every
 * BroadWorks character set has. Lists may also come as text (from a pasted cell), booleans as Yes or No.
 */
export function validateField(
  path: FieldPath,
  value: FieldValue,
  context: ValidationContext = {},
): Validated {
  const field = fieldAt(path)
  if (field === undefined) return { problem: `“${shown(path)}” is not a field of a user.` }
  if (field.write === 'none') return { problem: `${field.label} cannot be changed: the server sets it.` }
  try {
    const canonical = canonicalValue(field, value, context)
    if (!isEmptyValue(canonical)) return { value: canonical }
    return field.clear === 'no'
      ? { problem: `${field.label} cannot be empty. Type a value.` }
      : { value: null }
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message }
    throw error
  }
}

class Problem extends Error {}

function canonicalValue(field: Field, value: FieldValue, context: ValidationContext): FieldValue {
  if (isEmptyValue(value)) return null
  switch (field.kind) {
    case 'boolean':
      return booleanValue(field, value)
    case 'integer':
      return integerValue(field, value)
    case 'list':
      return listValue(field, value)
    case 'object':
      return partsValue(field, field.label, value)
    default: {
      const token = tokenOf(field.label, value)
      if (token === '') return null
      const text = isNumber(field)
        ? spelledNumber(token)
        : isDestination(field)
          ? plainDestination(token)
          : token
      checkText(field, text, context)
      return text
    }
  }
}

function booleanValue(field: Field, value: FieldValue): boolean {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (word === 'yes' || word === 'true') return true
  if (word === 'no' || word === 'false') return false
  throw new Problem(`${field.label} must be Yes or No; it is “${shown(value)}”.`)
}

function integerValue(field: Field, value: FieldValue): number {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = field
  const number = typeof value === 'string' && /^\s*-?\d{1,16}\s*$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max) {
    throw new Problem(`${field.label} must be a whole number from ${min} to ${max}; it is “${shown(value)}”.`)
  }
  if (field.except?.includes(number)) {
    const except = field.except.join(', ')
    throw new Problem(`${field.label} can be ${min} to ${max} but for ${except}; it is ${number}.`)
  }
  return number
}

function listValue(field: Field, value: FieldValue): FieldValue {
  // A contact may hold commas and semicolons, so only a line break parts those.
  const separator = field.parts === undefined ? /[\s,;]+/ : /[\r\n]+/
  const items = (Array.isArray(value) ? value : typeof value === 'string' ? value.split(separator) : [value])
    .filter((item: Json) => !isEmptyValue(item))
    .map((item: Json) =>
      field.parts === undefined ? itemText(field, item) : partsValue(field, field.label, item),
    )
  if (field.items !== undefined && items.length > field.items) {
    throw new Problem(
      `${field.label} can hold at most ${field.items}; there are ${items.length}. Remove ${items.length - field.items}.`,
    )
  }
  const seen = new Set<string>()
  for (const item of items) {
    const name = itemName(field, item)
    const folded =
      field.compare === 'contacts'
        ? name
        : field.compare === 'ringing'
          ? name.replace(/[ .()-]/g, '').toLowerCase()
          : name.toLowerCase()
    if (seen.has(folded)) throw new Problem(`${field.label} has “${shown(name)}” twice. Remove one.`)
    seen.add(folded)
  }
  return items
}

function itemText(field: Field, item: Json): string {
  const text = tokenOf(field.label, item)
  checkText(field, text, {})
  return text
}

function itemName(field: Field, item: Json): string {
  if (typeof item === 'string') return item
  const first = field.parts?.[0]?.name
  return first === undefined ? '' : String((item as JsonObject)[first])
}

/** A bare text stands for the first part, with the words of a flag in brackets behind it. */
function bareParts([first, ...rest]: readonly Part[], value: Json): JsonObject {
  const found: Record<string, Json> = { [first?.name ?? '']: value }
  for (const { name, flag } of rest) {
    const end = `(${flag})`
    if (flag === undefined || typeof value !== 'string' || !value.trimEnd().endsWith(end)) continue
    return { [first?.name ?? '']: value.trimEnd().slice(0, -end.length), [name]: true }
  }
  return found
}

/** The parts of an object that the server replaces whole; see {@link bareParts}. */
function partsValue(field: Field, label: string, value: Json): JsonObject {
  const parts = field.parts ?? []
  const object =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : bareParts(parts, value)
  const found: Record<string, Json> = {}
  for (const part of parts) {
    const given = Object.hasOwn(object, part.name) ? (object[part.name] as Json) : null
    const partLabel = `${label}: ${part.label}`
    if (part.flag !== undefined) {
      if (given !== null && typeof given !== 'boolean') throw new Problem(`${partLabel} must be Yes or No.`)
      found[part.name] = given === true
      continue
    }
    const token = isEmptyValue(given) ? '' : tokenOf(partLabel, given)
    const text = field.compare === 'ringing' ? plainDestination(token) : token
    if (text === '') {
      if (part.required) throw new Problem(`${partLabel} is missing.`)
      continue
    }
    if (field.compare === 'ringing' && part.pattern) checkDestination({ label }, part.pattern, text)
    if (!part.readOnly) checkPart(part, partLabel, text)
    found[part.name] = text
  }
  return found
}

function checkPart(part: Part, label: string, text: string): void {
  if (part.choices !== undefined) checkChoice(label, part.choices, text)
  checkLength(label, text, part.max, part.unit ?? 'characters')
  if (part.pattern === undefined) return
  checkScheme(label, text)
  checkPattern(label, part.pattern, text)
}

// --- texts -------------------------------------------------------------------------------------------------

function tokenOf(label: string, value: Json): string {
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new Problem(`${label} must be a text; it is ${JSON.stringify(value).slice(0, 40)}.`)
  }
  const text = String(value)
  if (text.length > longestInput) {
    throw new Problem(`${label} is far too long: it has ${text.length.toLocaleString('en')} characters.`)
  }
  const bad = unsendable(text)
  if (bad !== undefined) {
    throw new Problem(
      `${label} has a character that cannot be sent (${bad}). Remove it; it may be invisible.`,
    )
  }
  // Pasted texts often end in a no-break space, which the server would keep.
  return collapse(text.trim()).normalize('NFC')
}

function checkText(field: Field, text: string, context: ValidationContext): void {
  if (field.choices !== undefined) checkChoice(field.label, field.choices, text)
  if (field.kind === 'digits') {
    checkDigits(field, text, context)
    return
  }
  checkLength(field.label, text, field.max, field.unit)
  if (isNumber(field)) checkNumber(field, text)
  if (field.kind === 'email') checkEmail(field, text)
  if (field.pattern !== undefined) {
    if (isDestination(field)) {
      checkDestination(field, field.pattern, text)
      return
    }
    checkScheme(field.label, text)
    if (field.compare === 'set') checkHalves(field.label, text)
    checkPattern(field.label, field.pattern, text)
  }
}

function checkChoice(
  label: string,
  choices: readonly { value: string; label: string }[],
  text: string,
): void {
  if (choices.some((choice) => choice.value === text)) return
  const words = choices.map((choice) => choice.value).join(', ')
  throw new Problem(`${label} must be one of ${words}; it is “${shown(text)}”.`)
}

function checkLength(label: string, text: string, max: number | undefined, unit: Field['unit']): void {
  if (max === undefined) return
  const length = unit === 'bytes' ? utf8Length(text) : [...text].length
  if (length <= max) return
  throw new Problem(`${label} can have at most ${max} ${unit}; it has ${length}. Leave out ${length - max}.`)
}

function checkDigits(field: Field, text: string, context: ValidationContext): void {
  const group = field.path === 'extension' ? context.extensionLength : undefined
  const min = Math.max(field.min ?? 1, group?.min ?? 1)
  const max = Math.min(field.max ?? Number.MAX_SAFE_INTEGER, group?.max ?? Number.MAX_SAFE_INTEGER)
  const range = min === max ? `${min} digits` : `${min} to ${max} digits`
  const where = group === undefined ? '' : ' in this group'
  const fault =
    digitFault(text) ?? (text.length < min || text.length > max ? `has ${text.length}` : undefined)
  if (fault !== undefined) {
    throw new Problem(`${field.label} must be ${range}${where}; “${shown(text)}” ${fault}.`)
  }
}

function digitFault(text: string): string | undefined {
  const other = [...text].find((character) => character < '0' || character > '9')
  if (other === undefined) return undefined
  if (other === ' ') return 'has a space'
  return /\p{L}/u.test(other) ? 'has a letter' : `has “${other}”`
}

const isDestination = ({ compare }: Field) => compare === 'destination'

/** As it is sent: without blanks and without the scheme, else as it was typed. */
const plainDestination = (text: string): string => text.replace(/\s+/g, '').replace(/^sips?:/i, '')

const exampleAddress = 'ana@acme.example'

/** Of several forms, so that no single character says what is wrong. */
function checkDestination(field: Pick<Field, 'label'>, pattern: RegExp, text: string): void {
  if (pattern.test(text)) return
  const forms = pattern.test(exampleAddress)
    ? `a number, an extension, a star code with a number, or an address such as ${exampleAddress}`
    : 'a number, an extension, or a star code with a number'
  throw new Problem(`${field.label} must be ${forms}; it is “${shown(text)}”.`)
}

const isNumber = ({ compare, dialled }: Field) =>
  compare === 'number' || compare === 'stored-number' || dialled === true

/**
 * A number in the spelling that the server takes, as far as it is one in the spelling of people: brackets around an area code,
 * strokes, dashes of every kind, a zero in brackets that is not dialled from abroad, and what mail programs put around it.
 */
function spelledNumber(text: string): string {
  if (text.length > 100 || plainNumber.test(text)) return text
  const bare = foldPart(text)
    .replace(/[\s,;]+$/, '')
    .trim()
    .replace(/^<(.*)>$/, '$1')
    .replace(/^tel:/, '')
  if (!/^\+?[0-9() ./\s-]+$/.test(bare) || !matchesBrackets(bare)) return text
  const international = bare.startsWith('+')
  const number = (international ? bare.replace(/\(0\)/, ' ') : bare)
    .replace(/[()/\s]+/g, ' ')
    .replace(/ *([.-]) */g, '$1')
    .trim()
    .replace(/^\+ /, '+')
  return plainNumber.test(number) ? number : text
}

/** Not more than one pair of brackets, around digits. */
const matchesBrackets = (text: string) => /^[^()]*(?:\([0-9 .-]*[0-9][0-9 .-]*\)[^()]*)?$/.test(text)

const plainNumber = /^\+?[0-9](?:[ .-]?[0-9])*$/

const dialledNumber = /^(?:\+?[0-9]|[*#])(?:[ .-]?[0-9*#])*$/

/** A DN may be written with a leading + and single spaces, dots or dashes between its digits. */
function checkNumber(field: Field, text: string): void {
  if ((field.dialled ? dialledNumber : plainNumber).test(text)) return
  throw new Problem(
    `${field.label} must be digits${field.dialled ? ', * and #' : ''}, with + in front and single spaces, dots or dashes between if you like; it is “${shown(text)}”.`,
  )
}

/** One @ with something on both sides: the server checks only the length, so no stricter rule may stand in the way. */
function checkEmail(field: Field, text: string): void {
  const parts = text.split('@')
  if (parts.length === 2 && parts.every((part) => part !== '') && !text.includes(' ')) return
  throw new Problem(`${field.label} must look like name@example.com; it is “${shown(text)}”.`)
}

function checkScheme(label: string, text: string): void {
  if (/^sips?:/i.test(text))
    throw new Problem(
      `${label} must not begin with “${text.slice(0, text.indexOf(':') + 1)}”. Leave that out.`,
    )
}

function checkHalves(label: string, text: string): void {
  const halves = text.split('@')
  if (halves.length !== 2)
    throw new Problem(`${label} must each have exactly one @; “${shown(text)}” has ${halves.length - 1}.`)
  if (halves.includes(''))
    throw new Problem(
      `${label} must each have a name before the @ and a domain after it; “${shown(text)}” has not.`,
    )
}

const addressCharacters = "- _ . ! ~ * ' ( ) @"
const contactCharacters = "- _ . ! ~ * ' ( ) & = + $ , ; ? / : % @"

function checkPattern(label: string, pattern: RegExp, text: string): void {
  if (pattern.test(text)) return
  const isContact = pattern === contactPattern
  const all = isContact ? contactCharacters : addressCharacters
  const taken = new Set(all.split(' '))
  // A + is taken in one place only.
  const bad = [...text].find((character) => !/[A-Za-z0-9+]/.test(character) && !taken.has(character))
  const ats = text.split('@').length - 1
  if (isContact && bad === undefined) {
    throw new Problem(
      ats > 1
        ? `${label} can have only one @; “${shown(text)}” has ${ats}.`
        : `${label} must have something on both sides of the @; “${shown(text)}” has not.`,
    )
  }
  throw new Problem(
    `${label} can have only letters a to z, digits and ${all}; “${shown(text)}” has “${bad ?? '+'}”.`,
  )
}

/** A control character, half of a surrogate pair or a non-character, which XML cannot carry; as `U+0007`. */
function unsendable(text: string): string | undefined {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const control = code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d
    if (control || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff) {
      return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    }
  }
  return undefined
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

function shown(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const characters = [...text.slice(0, 200)]
  return characters.length > 40 ? `${characters.slice(0, 40).join('')}…` : text
}
