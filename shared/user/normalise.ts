import type { Json, JsonObject } from '../json'
import { costOf, deepest, isShortText, shortened } from './bounds'
import { fields as catalogue, type Field } from './catalogue'
import { isUsableId } from './id'
import type { FieldPath, FieldValue, UserRecord } from './types'

/**
 * Turns what the server says about a user into the canonical record. The server's spelling wobbles by release
 * and by endpoint; here it is evened out, and nowhere else:
 *
 * - `""`, white space, `null`, `[]`, `{}` and an absent key all mean empty, and so does an object or list whose
 *   parts are all empty. Empty fields are left out.
 * - A JSON number where text belongs stays a number, which says that zeros in front of it could not come along:
 *   `sameValue` takes it for every text of that value. Other numbers become their text, and `"true"`/`"false"` where a
 *   boolean belongs becomes one. A group or provider whose id came so has it in `fields` too, as the number.
 * - One bare element where a list belongs becomes a list; one-element lists around an object are taken off.
 * - `passwordExpiresDays` of ±2^31 becomes `"never"`. A MAC address that came as a number gets its zeros back.
 * - Phone numbers keep the text they came with; `sameValue` knows that `+1-5136549859` is `5136549859`.
 * - `department` of a basic list row is a text, "name (group)": the same text as `departmentFullPath`, where it
 *   goes. The department itself stays unknown and so cannot be edited until the details are read.
 *
 * What is unknown or not understood goes to `extra` under its dotted path, and the field there is unknown, not
 * empty. So does what is larger than any value of a user, shortened: see `bounds`. Passwords and passcodes are dropped (a catalogue field) or hidden (any other key).
 */
export type Normalised = { ok: true; record: UserRecord } | { ok: false; reason: string }

/** Of one user: how many values that are not understood are kept, and what they may cost together. */
const mostExtras = 500
const mostExtraCost = 200_000
const longestPath = 200

/** `passwordExpiresDays` of an account that never expires, as user logins and as administrators see it. */
const neverExpires = new Set([2147483647, -2147483648])
export const never = 'never'

/**
 * A record is `full` when it has one field of each kind: a detail that no client writes and a detail that the
 * server always knows. Basic rows have neither; an answer that merely echoes a PUT body lacks the first.
 */
const unwrittenDetails = [
  'defaultAlias',
  'isEnterprise',
  'timeZoneDisplayName',
  'passwordExpiresDays',
  'allowVideo',
]
const constantDetails = [
  'endpointType',
  'timeZone',
  'language',
  'callingLineIdLastName',
  'callingLineIdFirstName',
]

const notUnderstood = Symbol('not understood')
type Read = FieldValue | typeof notUnderstood

interface Walk {
  readonly fields: Record<FieldPath, FieldValue>
  readonly extra: Record<string, Json>
  /** How much more of what is not understood is kept. */
  extrasLeft: number
  extraCost: number
  tooDeep: boolean
}

interface Node {
  readonly path: string
  readonly read?: (value: Json, walk: Walk) => Read
  /** Keys that belong to the whole-replaced object at this node, beside its children. */
  readonly parts?: ReadonlySet<string>
  readonly children?: Map<string, Node>
}

export function normaliseUser(json: unknown): Normalised {
  const object = asObject(json as Json)
  if (object === undefined) return { ok: false, reason: `expected a user object, got ${kindOf(json)}` }
  const serviceProviderId = keyText(object, 'serviceProviderId')
  const groupId = keyText(object, 'groupId')
  const userId = keyText(object, 'userId')
  if (userId === undefined) return { ok: false, reason: 'the user object has no userId' }
  if (serviceProviderId === undefined)
    return { ok: false, reason: 'the user object has no serviceProviderId' }
  if (groupId === undefined) return { ok: false, reason: 'the user object has no groupId' }
  const key = { serviceProviderId, groupId, userId }
  for (const name of ['serviceProviderId', 'groupId', 'userId'] as const) {
    if (!isUsableId(name, key[name])) return { ok: false, reason: `the ${name} is none that can be used` }
  }

  const full = hasAny(object, unwrittenDetails) && hasAny(object, constantDetails)
  const walk: Walk = { fields: {}, extra: {}, extrasLeft: mostExtras, extraCost: 0, tooDeep: false }
  readChildren(root, object, walk, full)
  for (const name of scopeNames) {
    const id = object[name]
    if (isNumeral(id)) walk.fields[name] = id
  }
  if (walk.tooDeep) return { ok: false, reason: `the user object is nested deeper than ${deepest} levels` }
  return {
    ok: true,
    record: {
      key,
      completeness: full ? 'full' : 'row',
      fields: walk.fields,
      extra: walk.extra,
    },
  }
}

/** What the server means by the value of one field; undefined when that is not understood. */
export function readValue(field: Field, value: Json): FieldValue | undefined {
  const walk: Walk = { fields: {}, extra: {}, extrasLeft: 0, extraCost: 0, tooDeep: false }
  if (costOf(value) === Number.POSITIVE_INFINITY) return undefined
  const read = readerOf(field)(value, walk)
  return read === notUnderstood || walk.tooDeep ? undefined : read
}

function readChildren(node: Node, object: JsonObject, walk: Walk, full: boolean): void {
  for (const key of Object.keys(object)) {
    const value = object[key] as Json
    if (value === null || value === '') continue
    const child = node.children?.get(key)
    if (child === undefined) {
      if (!node.parts?.has(key)) keepExtra(pathOf(node, key), key, value, walk)
    } else if (child === departmentNode && typeof value === 'string') {
      readDepartmentText(value, object, walk, full)
    } else {
      readNode(child, value, walk, full)
    }
  }
}

function readNode(node: Node, value: Json, walk: Walk, full: boolean): void {
  if (node.read !== undefined) {
    const isWhole = node.children === undefined
    const read =
      isWhole && costOf(value) === Number.POSITIVE_INFINITY ? notUnderstood : node.read(value, walk)
    if (read === notUnderstood) {
      keepExtra(node.path, '', value, walk)
      return
    }
    if (read !== null) walk.fields[node.path] = read
  }
  if (node.children === undefined) return
  const object = asObject(value)
  if (object !== undefined) readChildren(node, object, walk, full)
  else if (!isEmpty(value)) keepExtra(node.path, '', value, walk)
}

function readDepartmentText(text: string, object: JsonObject, walk: Walk, full: boolean): void {
  if (isBlank(text)) return
  const path = Object.hasOwn(object, 'departmentFullPath') ? object.departmentFullPath : undefined
  if (path === text) return
  if (full || (path !== undefined && !isEmpty(path))) keepExtra('department', '', text, walk)
  else walk.fields.departmentFullPath = text
}

// --- what the server's values mean -------------------------------------------------------------------------

function readText(value: Json): Read {
  if (typeof value === 'string') return !isShortText(value) ? notUnderstood : isBlank(value) ? null : value
  // Beyond 2^53 the digits that came are already not the digits that were sent.
  if (typeof value === 'number')
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : notUnderstood
  return isEmpty(value) ? null : notUnderstood
}

const isNumeral = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

/** A text whose zeros in front a number may have cost stays the number that came. */
function readDigits(value: Json): Read {
  return isNumeral(value) ? value + 0 : readText(value)
}

function readMac(value: Json): Read {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? String(value).padStart(12, '0')
    : readText(value)
}

function readBoolean(value: Json): Read {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') {
    const word = value.trim().toLowerCase()
    return word === 'true' ? true : word === 'false' ? false : word === '' ? null : notUnderstood
  }
  return isEmpty(value) ? null : notUnderstood
}

function readInteger(value: Json): Read {
  if (typeof value === 'string' && isBlank(value)) return null
  const number = typeof value === 'string' && /^\s*-?\d{1,16}\s*$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number + 0
  return isEmpty(value) ? null : notUnderstood
}

function readExpiry(value: Json): Read {
  const days = readInteger(value)
  return typeof days === 'number' && neverExpires.has(days) ? never : days
}

/** A value that is only shown: kept as it came. */
function readOpaque(value: Json, walk: Walk): Read {
  return isEmpty(value) ? null : withoutSecrets(value, walk)
}

function readOpaqueList(value: Json, walk: Walk): Read {
  const items = asList(value).filter((item) => !isEmpty(item))
  return items.length === 0 ? null : withoutSecrets(items, walk)
}

function readTexts(value: Json): Read {
  const texts: Json[] = []
  for (const item of asList(value)) {
    const text = readDigits(item)
    if (text === notUnderstood) return notUnderstood
    if (text !== null) texts.push(text)
  }
  return texts.length === 0 ? null : texts
}

/** The named parts of an object, in the catalogue's order. Other keys are the caller's business. */
function readParts(field: Field, object: JsonObject): Read {
  const found: Record<string, Json> = {}
  let any = false
  for (const part of field.parts ?? []) {
    if (!Object.hasOwn(object, part.name)) continue
    const value = object[part.name] as Json
    const text = part.flag === undefined ? readDigits(value) : readBoolean(value)
    if (text === notUnderstood) return notUnderstood
    if (text === null) continue
    found[part.name] = text
    any = true
  }
  if (!any) return null
  // Without its name an object says nothing that could be shown, compared or sent back.
  return field.parts?.some((part) => part.required && !Object.hasOwn(found, part.name))
    ? notUnderstood
    : found
}

function objectReader(field: Field): (value: Json) => Read {
  return (value) => {
    const object = asObject(value)
    if (object !== undefined) return readParts(field, object)
    return isEmpty(value) ? null : notUnderstood
  }
}

function objectListReader(field: Field): (value: Json, walk: Walk) => Read {
  const names = new Set(field.parts?.map((part) => part.name))
  return (value, walk) => {
    const items: Json[] = []
    const rest: { path: string; key: string; value: Json }[] = []
    for (const item of asList(value)) {
      const object = asObject(item)
      if (object === undefined) {
        if (isEmpty(item)) continue
        return notUnderstood
      }
      const read = readParts(field, object)
      if (read === notUnderstood) return notUnderstood
      const others = Object.keys(object).filter((key) => !names.has(key) && !isEmpty(object[key] as Json))
      if (read === null) {
        if (others.length > 0) return notUnderstood
        continue
      }
      const at = `${field.path}[${items.length}]`
      for (const key of others) rest.push({ path: `${at}.${escaped(key)}`, key, value: object[key] as Json })
      items.push(read)
    }
    for (const { path, key, value: other } of rest) keepExtra(path, key, other, walk)
    return items.length === 0 ? null : items
  }
}

function readerOf(field: Field): (value: Json, walk: Walk) => Read {
  if (field.secret) return () => null
  if (field.path === 'passwordExpiresDays') return readExpiry
  if (field.compare === 'mac') return readMac
  switch (field.kind) {
    case 'boolean':
      return readBoolean
    case 'integer':
      return readInteger
    case 'object':
      return field.parts === undefined ? readOpaque : objectReader(field)
    case 'list':
      if (field.parts !== undefined) return objectListReader(field)
      return field.write === 'none' ? readOpaqueList : readTexts
    case 'choice':
      return readText
    default:
      return readDigits
  }
}

// --- shapes ------------------------------------------------------------------------------------------------

function isBlank(text: string): boolean {
  return text.trim() === ''
}

/** Whether a value of the server says "nothing": PHP renders an empty element as any of these. */
function isEmpty(value: Json): boolean {
  if (value === null || value === undefined) return true
  if (typeof value === 'string') return isBlank(value)
  if (typeof value !== 'object') return false
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0
}

/** The object itself, or the one inside one-element lists around it. */
function asObject(value: Json): JsonObject | undefined {
  let inner = value
  for (let level = 0; level < deepest && Array.isArray(inner) && inner.length === 1; level++)
    inner = inner[0] as Json
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    ? (inner as JsonObject)
    : undefined
}

/** A list, the one element that stands for a list, or the list that PHP renders as `{"0": …, "2": …}`. */
function asList(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value)
    if (keys.every((key) => /^\d{1,4}$/.test(key))) return Object.values(value)
  }
  return [value]
}

function keyText(object: JsonObject, name: string): string | undefined {
  if (!Object.hasOwn(object, name)) return undefined
  const text = readText(object[name] as Json)
  return typeof text === 'string' ? text : undefined
}

function hasAny(object: JsonObject, names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(object, name) && !isEmpty(object[name] as Json))
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  return value === null || value === undefined ? 'nothing' : `a ${typeof value}`
}

// --- the rest ----------------------------------------------------------------------------------------------

/** A dot inside a key is escaped, so that no two places of an answer share a path. */
function escaped(key: string): string {
  return /[.\\]/.test(key) ? key.replace(/[.\\]/g, '\\$&') : key
}

function pathOf(node: Node, key: string): string {
  return node.path === '' ? escaped(key) : `${node.path}.${escaped(key)}`
}

/** `key` is the unknown key, which may say that it holds a secret; empty for a place that the catalogue knows. */
function keepExtra(path: string, key: string, value: Json, walk: Walk): void {
  if (isEmpty(value)) return
  if (walk.extrasLeft === 0) return
  walk.extrasLeft--
  const cost = costOf(value)
  const isLarge = walk.extraCost + cost > mostExtraCost
  const kept = hidden(key, value) ?? (isLarge ? shortened(value) : withoutSecrets(value, walk))
  walk.extraCost += isLarge ? longestPath : cost
  // Plain assignment to `__proto__` would change the prototype instead of keeping the key.
  Object.defineProperty(walk.extra, path.length > longestPath ? `${path.slice(0, longestPath)}…` : path, {
    value: kept,
    enumerable: true,
    writable: true,
    configurable: true,
  })
}

/** Keys of the server that may hold a secret. */
export const secretName = /passw|passc|secret|token/i
export const hiddenText = '(hidden)'

function hidden(key: string, value: Json): string | undefined {
  return (typeof value === 'string' || typeof value === 'number') && secretName.test(key)
    ? hiddenText
    : undefined
}

/** The value itself when nothing in it looks like a secret, else a copy with those hidden. */
function withoutSecrets(value: Json, walk: Walk, depth = 1): Json {
  if (typeof value !== 'object' || value === null) return value
  if (depth > deepest) {
    walk.tooDeep = true
    return null
  }
  if (Array.isArray(value)) {
    let changed = false
    const copy = value.map((item: Json) => {
      const clean = withoutSecrets(item, walk, depth + 1)
      if (clean !== item) changed = true
      return clean
    })
    return changed ? copy : value
  }
  let copy: [string, Json][] | undefined
  const entries = Object.entries(value) as [string, Json][]
  entries.forEach(([key, item], index) => {
    const clean = hidden(key, item) ?? withoutSecrets(item, walk, depth + 1)
    if (clean === item) return
    copy ??= [...entries]
    copy[index] = [key, clean]
  })
  return copy === undefined ? value : Object.fromEntries(copy)
}

// --- the tree of the catalogue, built once -----------------------------------------------------------------

const scopeNames = ['serviceProviderId', 'groupId'] as const
const keyPaths: ReadonlySet<string> = new Set([...scopeNames, 'userId'])

function buildTree(): Node {
  const root: Node = { path: '', children: new Map(), parts: keyPaths }
  const make = (path: string): Node => {
    const field = catalogue.find((candidate) => candidate.path === path)
    return {
      path,
      ...(field === undefined ? {} : { read: readerOf(field) }),
      ...(field?.kind === 'object' && field.parts !== undefined
        ? { parts: new Set(field.parts.map((part) => part.name)), children: new Map() }
        : {}),
    }
  }
  for (const { path } of catalogue) {
    if (keyPaths.has(path)) continue
    let node = root as { path: string; children?: Map<string, Node> }
    for (const name of path.split('.')) {
      node.children ??= new Map()
      let child = node.children.get(name)
      if (child === undefined) {
        child = make(node.path === '' ? name : `${node.path}.${name}`)
        node.children.set(name, child)
      }
      node = child as { path: string; children?: Map<string, Node> }
    }
  }
  return root
}

const root = buildTree()
const departmentNode = root.children?.get('department')
