import type { Json, JsonObject } from '../../shared/json'
import { deepest, isShallow } from '../../shared/user/bounds'

const rawLimit = 65_536

export type JsonAnswer =
  | { readonly ok: true; readonly json: Json }
  | {
      readonly ok: false
      readonly cause: 'empty' | 'html' | 'truncated' | 'not-json' | 'too-deep' | 'too-large'
    }

/**
 * Reads the body of an answer. The content type is not asked: proxies label web pages as JSON, and PHP labels JSON
 * as a web page. Keys named `__proto__` are dropped at every level, since assigning one would change a prototype
 * wherever the value is copied to; other keys stay as they came and must be read with `Object.hasOwn`. An element of a list that
 * is nested too deeply is null, and whoever reads the list leaves it out and counts it.
 *
 * @param mostMembers How many lists, objects and values in them an answer may have: a few bytes on the wire become gigabytes
 * of empty objects. Counted before anything is made of it.
 */
export function readJson(body: string, mostMembers = mostMembersOfAll): JsonAnswer {
  const text = body.charCodeAt(0) === 0xfeff ? body.slice(1) : body
  const first = firstCharacter(text)
  if (first === '') return { ok: false, cause: 'empty' }
  if (first === '<') return { ok: false, cause: 'html' }
  if (text.length > mostMembers && membersOf(text, mostMembers) > mostMembers)
    return { ok: false, cause: 'too-large' }
  let json: Json
  try {
    json = JSON.parse(text)
  } catch {
    return { ok: false, cause: first === '{' || first === '[' || first === '"' ? 'truncated' : 'not-json' }
  }
  if (!isShallow(json)) {
    const rest = withoutDeep(json)
    if (rest === undefined) return { ok: false, cause: 'too-deep' }
    json = rest
  }
  if (mayNameProto(text)) dropProto(json)
  return { ok: true, json }
}

/** Twice what 100,000 users with every field have. */
const mostMembersOfAll = 12_000_000

/** Opening brackets and commas of JSON, outside its texts; stops behind `most`. */
function membersOf(text: string, most: number): number {
  let count = 0
  for (let at = 0; at < text.length && count <= most; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) {
      for (at++; at < text.length && text.charCodeAt(at) !== 0x22; at++)
        if (text.charCodeAt(at) === 0x5c) at++
    } else if (code === 0x2c || code === 0x5b || code === 0x7b) count++
  }
  return count
}

function firstCharacter(text: string): string {
  const at = text.search(/\S/)
  return at < 0 ? '' : text.charAt(at)
}

/** A list without what is nested too deeply in it: nothing stands there. Undefined for what is no list, or has nothing else. */
function withoutDeep(json: Json, depth = 1): Json | undefined {
  if (!Array.isArray(json)) return undefined
  // A list inside a list of one, as `asList` takes it.
  if (depth === 1 && json.length === 1) {
    const inner = withoutDeep(json[0], 2)
    return inner === undefined ? undefined : [inner]
  }
  const list = json.map((item) => (isShallow(item, depth + 1) ? item : null))
  return list.every((item) => item === null) ? undefined : list
}

/** Whether a key can be `__proto__`, written plainly or with some of its letters escaped. */
function mayNameProto(text: string): boolean {
  return text.includes('__proto__') || /\\u00[57]|\\u006/i.test(text)
}

/** Needs a value that is known to be shallow. */
function dropProto(value: Json): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) dropProto(item)
    return
  }
  const object = value as Record<string, Json>
  for (const key of Object.keys(object)) {
    if (key === '__proto__') delete object[key]
    else dropProto(object[key] as Json)
  }
}

/**
 * The beginning of a text, in memory of its own: a slice would keep an answer of many megabytes alive for as long
 * as its error is kept.
 *
 * @param limit Bytes of UTF-8.
 */
export function bounded(text: string, limit = rawLimit): string {
  const bytes = Buffer.from(text.slice(0, limit), 'utf8')
  if (bytes.length <= limit) return bytes.toString('utf8')
  let end = limit
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end).toString('utf8')
}

// --- shapes ------------------------------------------------------------------------------------------------

export function asObject(json: Json | undefined): JsonObject | undefined {
  let inner = json
  for (let level = 0; level < deepest && Array.isArray(inner) && inner.length === 1; level++) inner = inner[0]
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    ? (inner as JsonObject)
    : undefined
}

/** A value by key, or nothing: `toString` and its like are not values of an answer. */
export function valueAt(object: JsonObject | undefined, key: string): Json | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined
}

/** Text, also where the server sent a number for it. Empty is undefined. */
export function textAt(object: JsonObject | undefined, key: string): string | undefined {
  const value = valueAt(object, key)
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return text === '' ? undefined : text
}

export function booleanAt(object: JsonObject | undefined, key: string): boolean | undefined {
  const value = valueAt(object, key)
  if (typeof value === 'boolean') return value
  if (value === 1 || value === '1') return true
  if (value === 0 || value === '0') return false
  if (typeof value !== 'string') return undefined
  const word = value.trim().toLowerCase()
  return word === 'true' ? true : word === 'false' ? false : undefined
}

export function numberAt(object: JsonObject | undefined, key: string): number | undefined {
  const value = valueAt(object, key)
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : undefined
}

/**
 * A list, also where the server collapsed a list of one to its bare element or rendered it as `{"0": …, "1": …}`.
 *
 * @param isElement Whether an object is such a bare element.
 * @returns undefined when it is neither.
 */
export function asList(
  json: Json | undefined,
  isElement: (object: JsonObject) => boolean,
): readonly Json[] | undefined {
  if (Array.isArray(json)) {
    // A list inside a list of one: the wrapping that single answers also have.
    return json.length === 1 && Array.isArray(json[0]) ? (json[0] as readonly Json[]) : json
  }
  if (typeof json !== 'object' || json === null) return undefined
  const object = json as JsonObject
  if (isElement(object)) return [object]
  const keys = Object.keys(object)
  return keys.length > 0 && keys.every((key) => /^\d{1,6}$/.test(key)) ? Object.values(object) : undefined
}
