import type { Json, JsonObject } from '../json'
import type { UserRecord } from './types'

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
