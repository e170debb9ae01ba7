import type { ServiceId } from '../calls/catalogue'
import type { Json, JsonObject } from '../json'
import { type Compare, type Field, fieldAt } from './catalogue'
import { never } from './normalise'
import type { FieldPath, FieldValue, UserKey, UserRecord } from './types'

/** What `fieldValue` needs of a record; rows that cross to the renderer have it too. */
export interface Valued {
  readonly key: UserKey
  readonly completeness: 'row' | 'full'
  readonly service?: ServiceId
  readonly fields: Readonly<Record<FieldPath, FieldValue>>
  readonly extra?: Readonly<Record<string, Json>>
}

/**
 * The value of a field: `null` when it is known to be empty, `undefined` when it is not known, which is so for
 * fields that such an object of the server does not carry, for values that were not understood, and for paths that are no field.
 */
export function fieldValue(record: Valued, path: FieldPath): FieldValue | undefined {
  if (Object.hasOwn(record.fields, path)) return record.fields[path]
  if (path === 'userId') return record.key.userId
  if (path === 'groupId') return record.key.groupId
  if (path === 'serviceProviderId') return record.key.serviceProviderId
  const field = fieldAt(path)
  if (field === undefined || field.secret || field.service !== record.service) return undefined
  if (record.completeness === 'row' ? !field.inRow : !field.inDetail) return undefined
  if (record.extra !== undefined && notUnderstood(record.extra, path)) return undefined
  return null
}

/** Whether the value at the path, or a folder that it lies in, was set aside by `normaliseUser`. */
function notUnderstood(extra: Readonly<Record<string, Json>>, path: FieldPath): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    if (Object.hasOwn(extra, path.slice(0, end))) return true
  }
  return false
}

/**
 * Whether a person has to be told that the value was not read yet. A department told by its path is known, and so is that a
 * full record's user has none of what a list row would tell.
 */
export function notRead(record: Valued, path: FieldPath): boolean {
  if (fieldValue(record, path) !== undefined) return false
  const field = fieldAt(path)
  if (field === undefined || field.secret || path === 'department') return false
  if (record.completeness === 'full' && field.inRow) return false
  return record.extra === undefined || !notUnderstood(record.extra, path)
}

export function isEmptyValue(value: FieldValue): boolean {
  if (value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  if (typeof value !== 'object') return false
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0
}

/**
 * Whether two values of a field are the same for the server. A number where text belongs is what a JSON number left of
 * a text: it equals every text of digits of its value, for zeros in front (and a `+`) cannot be in it. Otherwise:
 * texts after the trimming and collapsing of white space that an XML token undergoes; ids without regard to
 * case; a DN by its digits, with or without `+cc-`; a stored number (calling line ID) by its digits and `+`, for
 * the server returns it as it was stored; aliases and alternate ids in any order; contacts in order; a
 * department by name, group and service provider; a device by name and level.
 */
export function sameValue(path: FieldPath, a: FieldValue, b: FieldValue): boolean {
  if (a === b) return true
  const emptyA = isEmptyValue(a)
  const emptyB = isEmptyValue(b)
  if (emptyA || emptyB) return emptyA && emptyB
  return same[fieldAt(path)?.compare ?? 'exact'](a, b)
}

const same: Record<Compare, (a: FieldValue, b: FieldValue) => boolean> = {
  exact: (a, b) => sameNumeral(a, b) || sameJson(a, b),
  text: sameText,
  caseless: (a, b) => sameNumeral(a, b) || token(a).toLowerCase() === token(b).toLowerCase(),
  number: (a, b) => sameNumeral(a, b) || sameNumber(a, b),
  'stored-number': (a, b) => sameNumeral(a, b) || dialled(token(a)) === dialled(token(b)),
  destination: (a, b) => sameNumeral(a, b) || dialledTo(token(a)) === dialledTo(token(b)),
  mac: (a, b) => hex(a) === hex(b),
  set: sameSet,
  contacts: (a, b) => {
    const [one, two] = [items(a), items(b)]
    return one.length === two.length && one.every((item, at) => samePart('sipContact', item, two[at] as Json))
  },
  'alternate-ids': (a, b) => sameList(items(a).map(alternateId).sort(), items(b).map(alternateId).sort()),
  ringing: sameRinging,
  department: (a, b) =>
    (['name', 'groupId', 'serviceProviderId'] as const).every((name) => samePart(name, a, b)),
  device: (a, b) => samePart('deviceName', a, b) && samePart('deviceLevel', a, b),
}

/** Whether a value is, or has in it, a number that the server wrote where text belongs. */
export function holdsNumeral(path: FieldPath, value: FieldValue): boolean {
  if (typeof value === 'number') return fieldAt(path)?.kind !== 'integer'
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((part: Json) => holdsNumeral(path, part))
}

const digitsAlone = /^\+?(?:\d{1,3}-)?\d+$/

/** Whether one of the two is a number, and the other it or a text that a number cannot be told from. */
function sameNumeral(a: FieldValue, b: FieldValue): boolean {
  if (typeof a !== 'number' && typeof b !== 'number') return false
  const [one, two] = [numeral(a), numeral(b)]
  return one !== undefined && one === two
}

function numeral(value: FieldValue): string | undefined {
  const text = token(value)
  return digitsAlone.test(text) ? text.replace(/\D/g, '').replace(/^0+(?=\d)/, '') : undefined
}

function sameText(a: FieldValue, b: FieldValue): boolean {
  return sameNumeral(a, b) || token(a) === token(b)
}

function sameSet(a: FieldValue, b: FieldValue): boolean {
  const [one, two] = [items(a), items(b)]
  if (one.length !== two.length) return false
  if (![...one, ...two].some((item) => typeof item === 'number')) {
    return sameList(one.map(token).sort(), two.map(token).sort())
  }
  // Texts find their equals first, so that a number is left to what only it can stand for.
  const left = [...two]
  const take = (same: (other: Json) => boolean): boolean => {
    const at = left.findIndex(same)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  }
  const rest = one.filter(
    (item) => !take((other) => typeof item === typeof other && token(item) === token(other)),
  )
  return rest.every((item) => take((other) => sameText(item, other)))
}

/** The same numbers in any order, each with the same answer to whether it must be confirmed. */
function sameRinging(a: FieldValue, b: FieldValue): boolean {
  const left = [...items(b)]
  const isSame = (one: Json, two: Json): boolean => {
    const [to, other] = [partOf('phoneNumber', one), partOf('phoneNumber', two)]
    return (
      isConfirmed(one) === isConfirmed(two) &&
      (sameNumeral(to, other) || dialledTo(token(to)) === dialledTo(token(other)))
    )
  }
  return (
    items(a).length === left.length &&
    items(a).every((one) => {
      const at = left.findIndex((two) => isSame(one, two))
      if (at >= 0) left.splice(at, 1)
      return at >= 0
    })
  )
}

const isConfirmed = (item: Json): boolean => asObject(item)?.answerConfirmationRequired === true

/** Trims and collapses white space the way XML Schema does for a token. */
export function collapse(text: string): string {
  return /^[ \t\r\n]|[ \t\r\n]$|[\t\r\n]| {2}/.test(text)
    ? text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '')
    : text
}

function token(value: FieldValue): string {
  return typeof value === 'string' ? collapse(value) : JSON.stringify(value)
}

function items(value: FieldValue): readonly Json[] {
  return Array.isArray(value) ? value : [value]
}

/** The part of an object, `''` without it; a bare value is its own only part. */
function partOf(name: string, value: Json): Json {
  const object = asObject(value)
  if (object === undefined) return value
  return (Object.hasOwn(object, name) ? object[name] : undefined) ?? ''
}

function samePart(name: string, a: Json, b: Json): boolean {
  return sameText(partOf(name, a), partOf(name, b))
}

function alternateId(value: Json): string {
  return JSON.stringify([
    token(partOf('alternateUserId', value)).toLowerCase(),
    token(partOf('description', value)),
  ])
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

function hex(value: FieldValue): string {
  return token(value)
    .replace(/[^0-9a-fA-F]/g, '')
    .toLowerCase()
    .padStart(12, '0')
}

const dialable = /^[0-9+() ./-]+$/

/** A number without the punctuation that people put into it; other texts as they are. */
function dialled(text: string): string {
  return dialable.test(text) ? text.replace(/[^0-9+]/g, '') : text
}

/** Where a call goes, without the punctuation of a number; of a SIP address the host does not depend on letter case. */
function dialledTo(text: string): string {
  const at = text.lastIndexOf('@')
  return at < 0
    ? text.replace(/[ .()-]/g, '')
    : `${text.slice(0, at)}${text.slice(at).toLowerCase()}`.replace(/^sip:/i, '')
}

/**
 * Details show national digits, rows and number lists `+cc-` and the digits, other tools write `+cc` without the
 * dash. Where only one side tells its country code, the digits decide.
 */
function sameNumber(a: FieldValue, b: FieldValue): boolean {
  const one = parseNumber(token(a))
  const two = parseNumber(token(b))
  if (one === undefined || two === undefined) return token(a) === token(b)
  if (one.international && two.international) return one.all === two.all
  if (!one.international && !two.international) return one.all === two.all
  const [abroad, home] = one.international ? [one, two] : [two, one]
  if (abroad.national !== undefined) return abroad.national === home.all
  const code = abroad.all.length - home.all.length
  return code >= 1 && code <= 3 && abroad.all.endsWith(home.all)
}

interface NumberParts {
  readonly international: boolean
  readonly all: string
  readonly national?: string
}

function parseNumber(text: string): NumberParts | undefined {
  if (!dialable.test(text)) return undefined
  const all = text.replace(/[^0-9]/g, '')
  if (!text.startsWith('+')) return { international: false, all }
  const coded = /^\+[0-9]{1,3}-(.*)$/.exec(text)
  return coded === null
    ? { international: true, all }
    : { international: true, all, national: (coded[1] ?? '').replace(/[^0-9]/g, '') }
}

function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index] as Json))
  }
  const one = asObject(a)
  const two = asObject(b)
  if (one === undefined || two === undefined) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(two).length &&
    keys.every((key) => Object.hasOwn(two, key) && sameJson(one[key] as Json, two[key] as Json))
  )
}

function asObject(value: Json): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined
}

// --- for people --------------------------------------------------------------------------------------------

/**
 * The value in words, as people see it everywhere. Empty is the empty text. A number has one form, whatever form the
 * server used in this answer: a DN its digits without the country code, which details do not tell; a stored number,
 * which the server gives back as it was stored, its digits and a `+`.
 * @param usual the code of the country that goes without saying, such as `1`: DNs of others are shown with theirs, so that
 * no two look alike. Left out, each goes without.
 */
export function displayValue(path: FieldPath, value: FieldValue, usual?: string): string {
  if (typeof value === 'string') {
    const compare = fieldAt(path)?.compare
    if (compare === 'number') return nationalDigits(value, usual)
    if (compare === 'stored-number') return dialled(collapse(value))
  }
  return recordedValue(path, value)
}

/** `+1` has ten digits behind it in every country that has it. */
const northAmerican = /^\+1([0-9]{10})$/

function nationalDigits(text: string, usual: string | undefined): string {
  const plain = collapse(text)
  const { national, all, international } = parseNumber(plain) ?? {}
  if (all === undefined) return plain
  const told = national !== undefined && national !== ''
  const home = told ? national : northAmerican.exec(dialled(plain))?.[1]
  if (home === undefined) return international ? `+${all}` : all
  const country = all.slice(0, all.length - home.length)
  return usual === undefined || usual === country ? home : `+${country}-${home}`
}

/** The value in words with numbers as they came: for files, and for what is proof. Empty is the empty text. */
export function recordedValue(path: FieldPath, value: FieldValue): string {
  if (isEmptyValue(value)) return ''
  const field = fieldAt(path)
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'string') {
    if (path === 'passwordExpiresDays' && value === never) return 'Never'
    return field?.choices?.find((choice) => choice.value === value)?.label ?? value
  }
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map((item: Json) => displayItem(field, item)).join(', ')
  return displayItem(field, value)
}

function displayItem(field: Field | undefined, item: Json): string {
  const object = asObject(item)
  if (object === undefined) return typeof item === 'string' ? item : JSON.stringify(item)
  const part = (name: string) => plainText(Object.hasOwn(object, name) ? object[name] : undefined)
  switch (field?.compare) {
    case 'department':
      return `${part('name')} (${part('groupId') || part('serviceProviderId')})`
    case 'device':
      return `${part('deviceName')} (${part('deviceLevel')})`
    case 'contacts':
      return part('sipContact')
    case 'ringing':
      return isConfirmed(object) ? `${part('phoneNumber')} (to be confirmed)` : part('phoneNumber')
    case 'alternate-ids':
      return part('description') === ''
        ? part('alternateUserId')
        : `${part('alternateUserId')} (${part('description')})`
  }
  if (field?.path === 'nameDialingName')
    return `${part('nameDialingFirstName')} ${part('nameDialingLastName')}`
  if (field?.path === 'callForwardingSelective.criteria') {
    const [name, to] = [part('criteriaName'), part('forwardTo')]
    const isOff = object.isActive === false || object.isActive === 'false'
    if (name !== '') return `${name}${to === '' ? '' : ` → ${to}`}${isOff ? ' (off)' : ''}`
  }
  return JSON.stringify(object)
}

/** A value that is a text, or was one before a number was made of it; anything else is the empty text. */
export function plainText(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

/** "First Last"; of a record without a name the user id, of bare fields without a name the empty text. */
export function displayName(of: Valued | Readonly<Record<FieldPath, FieldValue>>): string {
  const record = 'key' in of && 'completeness' in of ? (of as Valued) : undefined
  const fields = record?.fields ?? (of as Readonly<Record<FieldPath, FieldValue>>)
  const text = (path: FieldPath) => plainText(Object.hasOwn(fields, path) ? fields[path] : undefined)
  return collapse(`${text('firstName')} ${text('lastName')}`) || (record?.key.userId ?? '')
}

/** "Ana Smith (ana@acme.example)": names need not be unique, so whom a message is about is told by the id as well. */
export const nameAndId = (name: string, userId: string): string =>
  name === '' || name === userId ? userId : `${apart(name)} (${userId})`

/** Letters of scripts that are written from right to left, and what turns the direction by itself. */
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200f\u202b\u202e\u2067]/u

/** Whether a text would turn around what stands beside it. */
export const turnsAround = (text: string): boolean => rightToLeft.test(text)

/**
 * A text as it is drawn: what turns the direction of writing without a letter of its own is shown by its number. No name needs
 * one, and with one a text reads as another than it is. Letters of any script keep their direction.
 */
export const drawn = (text: string): string =>
  text.replace(
    /[\u202a-\u202e\u2066-\u2069]/g,
    (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase()}]`,
  )

/** A text that stands for itself in a line: first-strong isolate and its end around what is written from right to left. */
export const apart = (text: string): string =>
  turnsAround(text) ? `\u2068${drawn(text)}\u2069` : drawn(text)

/** The department in words, of a full record or of a row that tells only its path. */
export function departmentText(record: UserRecord | Valued): string {
  const department = fieldValue(record, 'department')
  return (
    displayValue('department', department ?? null) ||
    displayValue('departmentFullPath', fieldValue(record, 'departmentFullPath') ?? null)
  )
}

/** The same under the name that the plan of the modules gives it. */
export { fieldValue as valueOf }
