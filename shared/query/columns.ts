import type { Glance } from '../calls/glance'
import type { Json } from '../json'
import { type Field, fields } from '../user/catalogue'
import type { FieldPath, UserRecord } from '../user/types'
import { fold } from './fold'
import { forwardLines } from './forwarding'
import { nationalLines, numberLines } from './numbers'

/**
 * One field of a user as the search and the sort see it. `number`: compared by digits, in whatever form they are
 * written. `free`: words without a field's name look in it.
 */
export interface SearchColumn {
  readonly path: FieldPath
  readonly label: string
  /** Left out for what is made of several. */
  readonly field?: Field
  readonly kind: 'text' | 'number'
  readonly free: boolean
  /** What of call handling it tells; left out for the options of the user. */
  readonly calls?: keyof Glance
}

// On every user of a country the same: as free text they would match all or nothing.
const notFree = new Set(['countryCode', 'nationalPrefix'])

/** Sorts and searches like another field, of which it is the beginning: it would only take room. */
const likeAnother: Readonly<Record<FieldPath, FieldPath>> = { userIdShort: 'userId' }

const callColumn = (calls: keyof Glance, name: string, label: string): SearchColumn => ({
  path: `calls.${name}`,
  label,
  kind: calls === 'forwards' ? 'number' : 'text',
  free: false,
  calls,
})

/** What lists tell of call handling, each made of what is known of several services. */
export const callColumns: readonly SearchColumn[] = [
  callColumn('forwards', 'forwardedTo', 'Forwarded to'),
  callColumn('doNotDisturb', 'doNotDisturb', 'Do not disturb'),
  callColumn('voiceMail', 'voiceMail', 'Voice mail'),
  callColumn('remoteOffice', 'remoteOffice', 'Remote office'),
]

/** Every searchable field, in the catalogue's order, and call handling behind them. A column's place in this list is its number. */
export const searchColumns: readonly SearchColumn[] = [
  ...fields
    .filter((field) => !field.secret && likeAnother[field.path] === undefined)
    .map(
      (field): SearchColumn => ({
        path: field.path,
        label: field.label,
        field,
        kind: field.kind === 'phone' || field.path === 'extension' ? 'number' : 'text',
        free: field.kind !== 'boolean' && field.kind !== 'integer' && !notFree.has(field.path),
      }),
    ),
  ...callColumns,
]

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

const departmentOfGroup = /^(.+?) \([^()]*\)$/

const macLines = (text: string): string[] => {
  const hex = text.replace(/[^0-9a-f]/gi, '')
  return hex.length === 12 ? [hex, (hex.match(/../g) ?? []).join(':')] : [text]
}

const fieldLines = (column: SearchColumn, value: Json): string[] => {
  const texts: string[] = []
  leaves(value, texts, 0)
  if (column.kind === 'number') return texts.flatMap(numberLines)
  for (const choice of column.field?.choices ?? []) if (choice.value === value) texts.push(choice.label)
  if (column.field?.compare === 'mac') return texts.flatMap(macLines)
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
  /** What is known of its call handling. */
  readonly calls?: Glance | undefined
}

/** Whether the fields of a user say anything in a column that is not of its key. */
export const isTold = (path: FieldPath, values: UserRecord['fields']): boolean =>
  Object.hasOwn(values, path) || (path === 'department' && Object.hasOwn(values, 'departmentFullPath'))

/** List rows tell the department only by its path, of which its name is a part. */
const departmentOfRow = ({ departmentFullPath: told }: UserRecord['fields']): string[] =>
  typeof told === 'string' ? [departmentOfGroup.exec(told)?.[1] ?? told] : []

const callLines = (about: keyof Glance, known: Glance = {}, values: UserRecord['fields']): string[] => {
  if (about !== 'forwards') return known[about] === undefined ? [] : [known[about]]
  return known.forwards === undefined ? [] : forwardLines(known.forwards, values)
}

/**
 * The texts of one field of a user as they came, one for each thing that can be called equal to a search word; numbers as
 * digits. None: empty or unknown.
 */
export const linesOf = (
  column: SearchColumn,
  { key, fields: values }: Pick<UserRecord, 'key' | 'fields'>,
  around: Surroundings = {},
): string[] => {
  if (column.calls !== undefined) return callLines(column.calls, around.calls, values)
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
