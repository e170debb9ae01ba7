import type { Json } from '../json'
import { type Field, fields } from '../user/catalogue'
import type { FieldPath, UserRecord } from '../user/types'
import { digitsOf, fold } from './fold'

/**
 * One field of a user as the search and the sort see it. `number`: compared by digits, in whatever form they are
 * written. `free`: words without a field's name look in it.
 */
export interface SearchColumn {
  readonly path: FieldPath
  readonly field: Field
  readonly kind: 'text' | 'number'
  readonly free: boolean
}

// On every user of a country the same: as free text they would match all or nothing.
const notFree = new Set(['countryCode', 'nationalPrefix'])

/** Sorts and searches like another field, of which it is the beginning: it would only take room. */
const likeAnother: Readonly<Record<FieldPath, FieldPath>> = { userIdShort: 'userId' }

/** Every searchable field, in the catalogue's order. A column's place in this list is its number. */
export const searchColumns: readonly SearchColumn[] = fields
  .filter((field) => !field.secret && likeAnother[field.path] === undefined)
  .map((field) => ({
    path: field.path,
    field,
    kind: field.kind === 'phone' || field.path === 'extension' ? 'number' : 'text',
    free: field.kind !== 'boolean' && field.kind !== 'integer' && !notFree.has(field.path),
  }))

const numberByPath = new Map(searchColumns.map((column, number) => [column.path, number]))

/** The column of a path; undefined when it has none. */
export const columnAt = (path: FieldPath): number | undefined => numberByPath.get(likeAnother[path] ?? path)

const inKey = new Set(['userId', 'groupId', 'serviceProviderId'])
const idParts = new Set(['serviceProviderId', 'groupId'])

const leaves = (value: Json, into: string[], depth: number): void => {
  if (typeof value === 'string') into.push(value)
  else if (typeof value === 'number' || typeof value === 'boolean') into.push(String(value))
  else if (Array.isArray(value)) for (const item of value) leaves(item, into, depth + 1)
  else if (value !== null && depth < 8) {
    for (const [name, item] of Object.entries(value)) {
      // A department or device names its group: that is not what it is called.
      if (!idParts.has(name)) leaves(item, into, depth + 1)
    }
  }
}

const withCountry = /^\s*\+(\d{1,3})-(.+)$/
/** From this length on, digits that do not begin with a zero have their country code in front. */
const shortestWithCountry = 11

const departmentOfGroup = /^(.+?) \([^()]*\)$/

/**
 * A number with its country code behind a plus, where it is known, and as it is dialled within the country. `(0)` is
 * what people write for a digit that only callers from within dial.
 */
export const numberLines = (text: string): string[] => {
  const digits = digitsOf(text.replace(/\(0\)/g, ''))
  if (digits === '') return []
  if (text.trimStart().startsWith('+')) {
    const national = digitsOf(withCountry.exec(text)?.[2] ?? '')
    return national === '' ? [`+${digits}`] : [`+${digits}`, national]
  }
  if (digits.length < shortestWithCountry) return [digits]
  if (digits.startsWith('00')) return [`+${digits.slice(2)}`, digits]
  if (digits.startsWith('011')) return [`+${digits.slice(3)}`, digits]
  return digits.startsWith('0') ? [digits] : [digits, `+${digits}`]
}

const countryCode = /^[1-9]\d{0,2}$/

/**
 * Details tell a DN without its country code, and that beside it, and people write mobiles so: the same number is found
 * and sorted in one form.
 */
const nationalLines = (text: string, values: UserRecord['fields']): string[] => {
  const lines = numberLines(text)
  const code = String(Object.hasOwn(values, 'countryCode') ? values.countryCode : '')
  const [digits = ''] = lines
  const known = digits === '' || digits.startsWith('+') || lines.length > 1 || !countryCode.test(code)
  if (known) return lines
  // The zero that is dialled within a country stands behind no country code, except where it is a part of the number.
  const bare = digits.replace(/^0(?=[1-9])/, '')
  return [...new Set([`+${code}${bare}`, `+${code}${digits}`, digits])]
}

const macLines = (text: string): string[] => {
  const hex = text.replace(/[^0-9a-f]/gi, '')
  return hex.length === 12 ? [hex, (hex.match(/../g) ?? []).join(':')] : [text]
}

const fieldLines = (column: SearchColumn, value: Json): string[] => {
  const texts: string[] = []
  leaves(value, texts, 0)
  if (column.kind === 'number') return texts.flatMap(numberLines)
  for (const choice of column.field.choices ?? []) if (choice.value === value) texts.push(choice.label)
  if (column.field.compare === 'mac') return texts.flatMap(macLines)
  if (column.path === 'departmentFullPath') {
    const name = departmentOfGroup.exec(texts[0] ?? '')?.[1]
    if (name !== undefined) texts.push(name)
  }
  return texts
}

/** What is known of a user beside its record. */
export interface Surroundings {
  /** The group's display name, found like its id. */
  readonly groupName?: string | undefined
  readonly serviceProviderName?: string | undefined
}

/** Whether the fields of a user say anything in a column that is not of its key. */
export const isTold = (path: FieldPath, values: UserRecord['fields']): boolean =>
  Object.hasOwn(values, path) || (path === 'department' && Object.hasOwn(values, 'departmentFullPath'))

/** List rows tell the department only by its path, of which its name is a part. */
const departmentOfRow = ({ departmentFullPath: told }: UserRecord['fields']): string[] =>
  typeof told === 'string' ? [departmentOfGroup.exec(told)?.[1] ?? told] : []

/**
 * The texts of one field of a user as they came, one for each thing that can be called equal to a search word; numbers as
 * digits. None: empty or unknown.
 */
export const linesOf = (
  column: SearchColumn,
  { key, fields: values }: Pick<UserRecord, 'key' | 'fields'>,
  around: Surroundings = {},
): string[] => {
  if (inKey.has(column.path)) {
    const id = key[column.path as keyof typeof key]
    const name =
      column.path === 'groupId'
        ? around.groupName
        : column.path === 'serviceProviderId'
          ? around.serviceProviderName
          : undefined
    return name === undefined || name === id ? [id] : [id, name]
  }
  const value = Object.hasOwn(values, column.path) ? values[column.path] : undefined
  if (value === undefined && column.path === 'department') return departmentOfRow(values)
  const phone = column.kind === 'number' && column.path !== 'extension'
  if (phone && typeof value === 'string') return nationalLines(value, values)
  return value === undefined || value === null ? [] : fieldLines(column, value)
}

/** Folded lines, the empty ones left out. */
export const foldedLines = (lines: readonly string[]): string[] =>
  lines.map(fold).filter((line) => line !== '')
