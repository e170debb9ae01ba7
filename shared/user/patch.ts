import type { Json, JsonObject } from '../json'
import { editable, type Field, fieldAt, fields } from './catalogue'
import type { FieldPath, FieldValue, UserKey } from './types'
import { isEmptyValue } from './value'

type Change = { readonly path: FieldPath; readonly mine: FieldValue }

const endpointBlocks = ['accessDeviceEndpoint', 'trunkAddressing'] as const

/**
 * The body of `PUT /users` for these edits: the three keys and the changed fields, nothing else. An absent key
 * leaves a field alone, `null` clears it, `[]` clears a list; objects and lists that the server replaces whole are
 * sent whole, without their read-only parts. A switch of `endpointType` leaves out the block it switches away from,
 * because the server takes only one of the two.
 * @throws RangeError for a field that `PUT /users` does not write or cannot clear: callers validate first.
 */
export function bodyFor(key: UserKey, edits: readonly Change[]): JsonObject & UserKey {
  const body: Record<string, Json> & UserKey = {
    serviceProviderId: key.serviceProviderId,
    groupId: key.groupId,
    userId: key.userId,
  }
  const type = edits.findLast((edit) => edit.path === 'endpointType')?.mine
  for (const { path, mine } of edits) {
    const field = fieldAt(path)
    if (field === undefined || !editable(field)) throw new RangeError(`${path} is not written by PUT /users`)
    if (type !== undefined && inOtherBlock(path, type)) continue
    place(body, path, wireValue(field, mine))
  }
  return body
}

function inOtherBlock(path: FieldPath, type: FieldValue): boolean {
  return endpointBlocks.some((block) => block !== type && path.startsWith(`${block}.`))
}

function wireValue(field: Field, mine: FieldValue): Json {
  if (isEmptyValue(mine)) {
    if (field.clear === 'no') throw new RangeError(`${field.path} cannot be cleared`)
    return field.clear === 'empty-list' ? [] : null
  }
  if (field.parts === undefined) return mine
  return Array.isArray(mine) ? mine.map((item: Json) => sentParts(field, item)) : sentParts(field, mine)
}

function sentParts(field: Field, value: Json): Json {
  const sent: Record<string, Json> = {}
  const object = value as JsonObject
  for (const part of field.parts ?? []) {
    if (part.readOnly || !Object.hasOwn(object, part.name)) continue
    sent[part.name] = object[part.name] as Json
  }
  return sent
}

/** Sets the value at a dotted catalogue path, making the folders on the way. */
function place(body: Record<string, Json>, path: FieldPath, value: Json): void {
  const names = path.split('.')
  const last = names.pop() as string
  let folder = body
  for (const name of names) {
    if (!Object.hasOwn(folder, name)) folder[name] = {}
    folder = folder[name] as Record<string, Json>
  }
  folder[last] = value
}

const keyNames: readonly string[] = ['serviceProviderId', 'groupId', 'userId']

/**
 * The edits that a body asks for, as {@link bodyFor} would write it; the three keys may be left out.
 * @returns what is wrong and where, when the body holds anything that is not an edit of this user
 */
export function editsFrom(key: UserKey, body: Json): readonly Change[] | { readonly problem: string } {
  const top = objectOf(body)
  if (top === undefined) return { problem: 'A change is a JSON object: { "field": value, … }.' }
  const edits: Change[] = []
  for (const [name, value] of Object.entries(top)) {
    if (!keyNames.includes(name)) {
      const problem = collect(name, value, edits)
      if (problem !== undefined) return { problem }
    } else if (value !== key[name as keyof UserKey]) {
      return { problem: `${name} says which user it is and cannot be changed here.` }
    }
  }
  return edits
}

function collect(path: FieldPath, value: Json, edits: Change[]): string | undefined {
  const field = fieldAt(path)
  if (field !== undefined) {
    if (!editable(field)) return `${path} (${field.label}) cannot be changed by this call.`
    edits.push({ path, mine: value })
    return undefined
  }
  const folder = objectOf(value)
  if (folder === undefined || !fields.some((each) => each.path.startsWith(`${path}.`))) {
    return `${path.slice(0, 60)} is not a field of a user.`
  }
  for (const [name, inner] of Object.entries(folder)) {
    const problem = collect(`${path}.${name}`, inner, edits)
    if (problem !== undefined) return problem
  }
  return undefined
}

const objectOf = (value: Json): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined

/** A record as one nested object, as the server would show it: for those who know the API. */
export function nested(values: Readonly<Record<FieldPath, FieldValue>>): JsonObject {
  const out: Record<string, Json> = {}
  // The device is an object of its own; its details lie inside it.
  for (const path of Object.keys(values).sort()) {
    const value = values[path]
    if (value !== undefined) place(out, path, JSON.parse(JSON.stringify(value)) as Json)
  }
  return out
}
