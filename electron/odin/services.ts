import { keyOf, type Service, type ServiceId, serviceOf, services } from '../../shared/calls/catalogue'
import { normaliseService } from '../../shared/calls/normalise'
import type { Json, JsonObject } from '../../shared/json'
import type { UserKey, UserRecord } from '../../shared/user/types'
import { fieldValue } from '../../shared/user/value'
import { asList, asObject, booleanAt, textAt, valueAt } from './answer'
import { type Ask, optionsOf, readMany, shaped } from './ask'
import { errorOfShape, localError } from './errors'
import { isOfAnother, sameId } from './subject'
import type { OdinClient, OdinError, OdinResult, OdinServices, PutAnswer, ServiceOfUser } from './types'
import type { Call } from './wire'

/** Reads and writes of the call-handling services of a user. */
export type ServiceCalls = Pick<OdinClient, 'service' | 'putService'> & OdinServices

/** Said by the vendor's own texts where a user is unknown; any other 404 below `/users` means that there is no such service. */
const userUnknown: readonly string[] = ['4007', '4008']

export function createServiceCalls(ask: Ask): ServiceCalls {
  const service: ServiceCalls['service'] = async (id, key, options = {}) => {
    const about = serviceOf(id)
    const call: Call = {
      method: 'GET',
      path: `/users${about.path}`,
      query: { userId: key.userId },
      ...optionsOf(options),
    }
    const result = await ask(call)
    if (!result.ok) return { ok: false, error: asNotAssigned(about, result.error) }
    if (isNothing(result.value)) return { ok: false, error: notAssigned(about, { raw: result.raw }) }
    return shaped(result, call, (json) => {
      const record = recordOf(about, key, json)
      return record === undefined ? { ok: false } : { ok: true, value: record }
    })
  }

  return {
    service,

    async putService(id, key, body, { mayStart, ...options } = {}) {
      const about = serviceOf(id)
      const result = await ask({
        method: 'PUT',
        path: `/users${about.path}`,
        body,
        ...optionsOf(options),
        ...(mayStart === undefined ? {} : { mayStart }),
      })
      if (!result.ok) return { ok: false, error: asNotAssigned(about, result.error) }
      const answer = putAnswer(about, key, body, result.value)
      if (answer !== undefined) return { ...result, value: answer }
      const shown = { status: result.status, headers: {}, body: result.raw }
      return { ok: false, error: errorOfShape(shown, 'shape', { isRead: false, isSecure: true }) }
    },

    async serviceOfGroup(id, { serviceProviderId, groupId }, options = {}) {
      const about = serviceOf(id)
      if (!about.hasBulkGet) throw new RangeError(`${id} is read user by user`)
      const group = { serviceProviderId, groupId }
      const call: Call = {
        method: 'GET',
        path: `/users${about.path}/bulk`,
        query: group,
        size: 'list',
        ...optionsOf(options),
      }
      const result = await ask(call)
      if (!result.ok) return result
      const rows = asList(result.value, (object) => asObject(valueAt(object, 'service')) !== undefined)
      const read =
        rows === undefined
          ? ({ ok: false } as const)
          : await readMany(rows, 'users', (row) => rowOf(about, group, asObject(row)))
      return shaped(result, call, () => read)
    },

    async services(key, options = {}) {
      // A turn is for one call.
      const { turn: _turn, ...each } = options
      const which: Call = {
        method: 'GET',
        path: '/users/services/assigned',
        query: { userId: key.userId },
        ...optionsOf(options),
      }
      const assigned = shaped(await ask(which), which, (json) => {
        const names = assignedNames(key, json)
        return names === undefined ? { ok: false } : { ok: true, value: names }
      })
      if (!assigned.ok) return assigned
      const { value: names, ...answer } = assigned
      const has = services.filter(({ name }) => names.has(name))
      const found: Partial<Record<ServiceId, UserRecord | undefined>> = {}
      for (const { id } of services) found[id] = undefined
      const together = has.length === 0 ? {} : await settings(key, optionsOf(each))
      for (const about of has) {
        const record = together[about.id]
        if (record !== undefined) {
          found[about.id] = record
          continue
        }
        // A server without that call, or one that leaves a service out of it.
        const alone = await service(about.id, key, each)
        if (alone.ok) found[about.id] = alone.value
        else if (alone.error.cause !== 'service-missing') return alone
      }
      return { ...answer, value: { services: found } }
    },
  }

  /** What `/users/services/settings` tells of each service; nothing where the server does not have that call. */
  async function settings(
    key: UserKey,
    options: ReturnType<typeof optionsOf>,
  ): Promise<Partial<Record<ServiceId, UserRecord>>> {
    const result = await ask({
      method: 'GET',
      path: '/users/services/settings',
      query: { userId: key.userId },
      size: 'list',
      ...options,
    })
    const all = result.ok ? asObject(result.value) : undefined
    if (all === undefined || !sameId(textAt(all, 'userId'), key.userId)) return {}
    const found: Partial<Record<ServiceId, UserRecord>> = {}
    for (const about of services) {
      // Voice mail is nested once more than the others.
      const outer = asObject(valueAt(all, about.name))
      const object = asObject(valueAt(outer, about.name)) ?? outer
      if (object === undefined || isNothing(object) || isOfAnother(object, key)) continue
      const told = textAt(object, 'userId')
      if (told !== undefined && !sameId(told, key.userId)) continue
      const record = normaliseService(about, key, { ...object, userId: key.userId })
      if (record !== undefined) found[about.id] = record
    }
    return found
  }
}

const isNothing = (json: Json): boolean => {
  const object = asObject(json)
  return object === undefined ? Array.isArray(json) && json.length === 0 : Object.keys(object).length === 0
}

/** Undefined when it is not about this user. */
function recordOf(about: Service, key: UserKey, json: Json): UserRecord | undefined {
  const object = asObject(json)
  if (object === undefined || !isAbout(object, key)) return undefined
  return normaliseService(about, key, object)
}

/** Whether an object names this user, and no other group. */
const isAbout = (object: JsonObject, key: UserKey): boolean =>
  sameId(textAt(object, 'userId'), key.userId) && !isOfAnother(object, key)

/** One row of the answer for a group; undefined for what is none, or one of another group or service. */
function rowOf(
  about: Service,
  group: Omit<UserKey, 'userId'>,
  row: JsonObject | undefined,
): ServiceOfUser | undefined {
  const [told, user, data] = ['service', 'user', 'data'].map((name) => asObject(valueAt(row, name)))
  const name = textAt(told, 'serviceName')
  if (name !== undefined && name !== about.name) return undefined
  const userId = textAt(user, 'userId') ?? textAt(data, 'userId')
  if (userId === undefined || isOfAnother(user, group) || isOfAnother(data, group)) return undefined
  const assigned = booleanAt(told, 'assigned')
  if (assigned === undefined) return undefined
  if (!assigned) return { userId, record: undefined }
  // Of a service that is there, an object without anything says nothing.
  if (data === undefined || isNothing(data) || !sameId(textAt(data, 'userId') ?? userId, userId))
    return undefined
  const record = normaliseService(about, { ...group, userId }, data)
  return record && { userId, record }
}

/**
 * What a PUT's answer shows: a record only if the server read the service again, which shows in keys that were not sent.
 * Undefined when it is not about this user at all.
 */
function putAnswer(about: Service, key: UserKey, body: JsonObject, json: Json): PutAnswer | undefined {
  const object = asObject(json)
  if (object === undefined || !isAbout(object, key)) return undefined
  const record = normaliseService(about, key, object)
  const isWhole =
    record !== undefined && about.fields.every(({ path }) => fieldValue(record, path) !== undefined)
  const isReread = about.fields.some(
    ({ path }) => Object.hasOwn(object, keyOf(path)) && !Object.hasOwn(body, keyOf(path)),
  )
  return isWhole && isReread ? { record, json } : { json }
}

function assignedNames(key: UserKey, json: Json): ReadonlySet<string> | undefined {
  const object = asObject(json)
  if (object === undefined || !sameId(textAt(object, 'userId'), key.userId)) return undefined
  // No list is no answer: the user would lose all services on this computer.
  const list = valueAt(object, 'userServices')
  if (!Array.isArray(list)) return undefined
  return new Set(list.flatMap((item: Json) => textAt(asObject(item), 'serviceName') ?? []))
}

/** The same error, or that the user does not have the service. */
function asNotAssigned(about: Service, error: OdinError): OdinError {
  if (error.cause === 'service-missing') return notAssigned(about, error)
  if (error.kind !== 'not-found' || userUnknown.includes(error.code ?? '')) return error
  return notAssigned(about, error)
}

const notAssigned = (
  { label, name }: Service,
  { status, code, text, raw }: Partial<OdinError>,
): OdinError => ({
  ...localError(
    'refused',
    'service-missing',
    `${label}: this user does not have the service “${name}”.`,
    'Have the service assigned to the user first.',
  ),
  ...(status === undefined ? {} : { status }),
  ...(code === undefined ? {} : { code }),
  ...(text === undefined ? {} : { text }),
  ...(raw === undefined ? {} : { raw }),
})

/** Whether a call failed because the user does not have the service. */
export const isNotAssigned = (result: OdinResult<unknown>): boolean =>
  !result.ok && result.error.cause === 'service-missing'
