import type { Json, JsonObject } from '../json'
import { costOf } from '../user/bounds'
import type { Field } from '../user/catalogue'
import { readValue, secretName } from '../user/normalise'
import type { FieldPath, FieldValue, UserKey, UserRecord } from '../user/types'
import { isEmptyValue } from '../user/value'
import { type BodyForm, keyOf, type Service, type ServiceId, services } from './catalogue'

/** Fields that not every server sends, although they cannot be empty. */
const mayLack: ReadonlySet<FieldPath> = new Set([
  'callWaiting.disableCallingLineIdDelivery',
  'voiceMessaging.outOfPrimaryZoneRedirectToVoiceMail',
  // Of what is only shown little is known for certain: the switch alone tells something.
  ...services.flatMap(({ readOnly, fields }) => (readOnly ? fields.map(({ path }) => path) : [])),
])

/** Keys of a neighbour that servers are known to send along: they say nothing. */
const strays: Readonly<Partial<Record<ServiceId, readonly string[]>>> = {
  callForwardingBusy: ['isRingSplashActive'],
  callForwardingNotReachable: ['numberOfRings'],
}

const keysOf = ({ fields }: Service): string[] => fields.map(({ path }) => keyOf(path))
const ofSome: ReadonlySet<string> = new Set(services.flatMap(keysOf))

/** A number that is already another one than the server sent. */
const isRounded = (value: Json): boolean => typeof value === 'number' && !Number.isSafeInteger(value)

/** The object as it may be kept and sent back: without secrets, and without numbers that have lost digits. */
const keepable = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).filter(([name, value]) => !secretName.test(name) && !isRounded(value)),
  )

/** Whether things of a list have parts that are not known here: they would be lost with a list that is replaced as a whole. */
const hasStrangers = ({ kind, parts }: Field, value: Json): boolean =>
  kind === 'list' &&
  parts !== undefined &&
  [value].flat().some((item) => {
    const isThing = typeof item === 'object' && item !== null && !Array.isArray(item)
    return isThing && Object.keys(item).some((name) => !parts.some((part) => part.name === name))
  })

/**
 * The record of one service of a user, of the object that the server sent for it. A missing key, `null`, `""` and `[]`
 * mean empty, but for fields that cannot be; destinations of digits alone may come as JSON numbers and stay numbers, which
 * equal every text of their value. What is unknown or not understood goes to `extra`, and the field there is unknown, not
 * empty. So is everything that half an object, without a field that every answer has, leaves out.
 * @returns undefined for what is no such object, that of another service, or larger than any
 */
export function normaliseService(service: Service, key: UserKey, given: JsonObject): UserRecord | undefined {
  if (costOf(given) === Number.POSITIVE_INFINITY) return undefined
  const own = new Set(keysOf(service))
  const allowed = new Set<string>([...own, ...service.readOnlyKeys, ...(strays[service.id] ?? [])])
  if (!Object.hasOwn(given, 'isActive')) return undefined
  if (Object.keys(given).some((name) => ofSome.has(name) && !allowed.has(name))) return undefined
  const sent = keepable(given)
  const fields: Record<FieldPath, FieldValue> = {}
  const extra: Record<string, Json> = {}
  const lacking = service.fields.filter(({ path }) => !Object.hasOwn(given, keyOf(path)))
  const isHalf = lacking.some(({ path, clear }) => clear === 'no' && !mayLack.has(path))
  for (const { path, clear } of lacking) if (isHalf || clear === 'no') extra[path] = null
  for (const field of service.fields) {
    const name = keyOf(field.path)
    if (!Object.hasOwn(given, name)) continue
    const value = given[name] as Json
    const read = hasStrangers(field, value) ? undefined : readValue(field, value)
    if (read === undefined || (read === null && field.clear === 'no')) extra[field.path] = value
    else if (read !== null) fields[field.path] = read
  }
  for (const [name, value] of Object.entries(sent)) {
    if (allowed.has(name) || value === null || value === '') continue
    Object.defineProperty(extra, `${service.id}.${name}`, { value, enumerable: true })
  }
  return { key, completeness: 'full', service: service.id, fields, extra, sent }
}

type Change = { readonly path: FieldPath; readonly mine: FieldValue }

/**
 * The body of the PUT of a service for these edits: the user id and the changed fields, and in the form `whole` everything
 * that the server has just sent, as it came. `null` clears.
 * @param read the record just read, of this service
 * @throws RangeError for an edit of another service
 */
export function serviceBody(
  service: Service,
  key: UserKey,
  edits: readonly Change[],
  read: UserRecord,
  form: BodyForm,
): JsonObject {
  const body: Record<string, Json> = form === 'whole' ? { ...read.sent } : {}
  body.userId = key.userId
  for (const { path, mine } of edits) {
    if (service.readOnly || !service.fields.some((field) => field.path === path)) {
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
    return value === undefined || !isEmptyValue(value)
  })
  return isSet ? undefined : needs.one[0]
}
