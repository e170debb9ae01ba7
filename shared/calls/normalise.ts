import type { Json, JsonObject } from '../json'
import { costOf } from '../user/bounds'
import { readValue } from '../user/normalise'
import type { FieldPath, FieldValue, UserKey, UserRecord } from '../user/types'
import { keyOf, type Service } from './catalogue'

/**
 * The record of one service of a user, of the object that the server sent for it. A missing key, `null`, `""` and `[]`
 * mean empty; destinations of digits alone may come as JSON numbers and stay numbers, which equal every text of their
 * value. What is unknown or not understood goes to `extra`, and the field there is unknown, not empty.
 * @returns undefined for what is no such object, or larger than any
 */
export function normaliseService(service: Service, key: UserKey, object: JsonObject): UserRecord | undefined {
  if (costOf(object) === Number.POSITIVE_INFINITY) return undefined
  const fields: Record<FieldPath, FieldValue> = {}
  const extra: Record<string, Json> = {}
  const known = new Set<string>(service.readOnlyKeys)
  for (const field of service.fields) {
    const name = keyOf(field.path)
    known.add(name)
    if (!Object.hasOwn(object, name)) continue
    const read = readValue(field, object[name] as Json)
    if (read === undefined) extra[field.path] = object[name] as Json
    else if (read !== null) fields[field.path] = read
  }
  for (const [name, value] of Object.entries(object)) {
    if (known.has(name) || value === null || value === '') continue
    Object.defineProperty(extra, `${service.id}.${name}`, { value, enumerable: true })
  }
  return { key, completeness: 'full', service: service.id, fields, extra, sent: object }
}

type Change = { readonly path: FieldPath; readonly mine: FieldValue }

/**
 * The body of the PUT of a service for these edits: the user id and the changed fields, and where the service's form is
 * `whole` everything that the server has just sent, as it came. `null` clears.
 * @param read the record just read, of this service
 * @throws RangeError for an edit of another service
 */
export function serviceBody(
  service: Service,
  key: UserKey,
  edits: readonly Change[],
  read: UserRecord,
): JsonObject {
  const body: Record<string, Json> = service.form === 'whole' ? { ...read.sent } : {}
  body.userId = key.userId
  for (const { path, mine } of edits) {
    if (!service.fields.some((field) => field.path === path)) {
      throw new RangeError(`${path} is not written by PUT /users${service.path}`)
    }
    body[keyOf(path)] = mine
  }
  return body
}

/** What a change would leave switched on without what it needs; undefined when nothing. */
export function missingNeed(
  { needs }: Service,
  valueAt: (path: FieldPath) => FieldValue | undefined,
): FieldPath | undefined {
  if (needs === undefined || valueAt(needs.on) !== true) return undefined
  const isSet = needs.one.some((path) => {
    const value = valueAt(path)
    return value === undefined || (value !== null && value !== '')
  })
  return isSet ? undefined : needs.one[0]
}
