import type { Json, JsonObject } from '../json'
import { foldedId } from './id'
import type { FieldPath, FieldValue, UserRecord } from './types'
import { sameValue } from './value'

/**
 * What BroadWorks' own schema says that every user has, and what it never leaves empty. Other fields are left out of a read
 * when they are empty, so that one that is missing says so; but only in a record that has these.
 */
const alwaysThere = ['firstName', 'lastName', 'language', 'timeZone'] as const

/**
 * Whether what a record does not have may be believed to be empty. Half an answer (cut on the way, made by a cache, a server
 * in trouble) has valid JSON and the right user, and would make everything empty that it lacks.
 */
export function isWhole({ completeness, fields }: UserRecord): boolean {
  return completeness === 'full' && alwaysThere.every((path) => Object.hasOwn(fields, path))
}

/** Every user of a list once, in its order: of one who stands in it twice, in whatever letters, what both lines tell. */
export function onceEach(records: readonly UserRecord[]): UserRecord[] {
  const found = new Map<string, UserRecord>()
  for (const record of records) {
    const id = foldedId(record.key.userId)
    const before = found.get(id)
    found.set(id, before === undefined ? record : agreed(before, record))
  }
  return found.size === records.length ? [...records] : [...found.values()]
}

/** What two lines about one user tell together; what they tell differently is not known. */
function agreed(one: UserRecord, later: UserRecord): UserRecord {
  const fields: Record<FieldPath, FieldValue> = {}
  let isContradicted = false
  for (const path of new Set([...Object.keys(one.fields), ...Object.keys(later.fields)])) {
    const [a, b] = [one, later].map((each) =>
      Object.hasOwn(each.fields, path) ? each.fields[path] : undefined,
    )
    const silent = a === undefined ? one : b === undefined ? later : undefined
    const value = (b ?? a) as FieldValue
    const isSame = silent ? silent.completeness === 'row' : sameValue(path, a as FieldValue, value)
    if (isSame) fields[path] = value
    else isContradicted = true
  }
  const isFull = !isContradicted && [one, later].some(({ completeness }) => completeness === 'full')
  return { ...later, completeness: isFull ? 'full' : 'row', fields, extra: { ...one.extra, ...later.extra } }
}

/** Whether an answer to a write has everything that was written: what it leaves out it does not show, nor show to be empty. */
export function showsAll(answer: JsonObject, written: JsonObject): boolean {
  return Object.entries(written).every(([name, value]) => {
    if (value === null) return true
    if (!Object.hasOwn(answer, name)) return false
    const [told, asked] = [answer[name] as Json, value as Json]
    return isObject(told) && isObject(asked) ? showsAll(told, asked) : true
  })
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
