import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Json, JsonObject } from '../../shared/json'
import { isWhole, onceEach, showsAll } from '../../shared/user/doubt'
import { isUsableId } from '../../shared/user/id'
import { normaliseUser } from '../../shared/user/normalise'
import type { UserKey, UserRecord } from '../../shared/user/types'
import { sameValue } from '../../shared/user/value'
import { asList, asObject, readJson, textAt, valueAt } from './answer'
import { type Ask, optionsOf, type Read, readEach, readMany, shaped } from './ask'
import { errorOfHalf, errorOfShape, localError } from './errors'
import { isOfAnother, sameId } from './subject'
import type {
  GroupRef,
  OdinClient,
  OdinLookups,
  OdinResult,
  OdinSession,
  PutAnswer,
  SentUsers,
  UsersQuery,
} from './types'
import type { Call } from './wire'

/** Reads of the hierarchy and its users, and the one write of a user. */
export type UserCalls = Pick<
  OdinClient & OdinLookups,
  'serviceProviders' | 'groups' | 'users' | 'usersOfGroup' | 'usersAsSent' | 'user' | 'putUser'
>

/** A name is only shown: one that is too long for that is cut, and one that no database takes is mended. */
const nameAt = (object: JsonObject | undefined, key: string): string | undefined => {
  const name = textAt(object, key)?.replace(/\0|\p{Surrogate}/gu, '\ufffd')
  return name === undefined || name.length <= longestName ? name : `${name.slice(0, longestName)}…`
}
const longestName = 200

/**
 * @param session The current sign-in: accounts below the system see less, and for some calls BroadWorks would refuse
 * them what their own session already says.
 */
export function createUserCalls(ask: Ask, session: () => OdinSession | undefined): UserCalls {
  const local = <T>(value: T): OdinResult<T> => ({ ok: true, value, status: 200, raw: '' })

  const list = (query: UsersQuery): Call => {
    const { serviceProviderId, groupId, filter, and, extended, limit, signal, urgency, turn } = query
    return {
      method: 'GET',
      path: '/users',
      query: {
        serviceProviderId,
        groupId: serviceProviderId === undefined ? undefined : groupId,
        ...(filter === undefined ? {} : { [filter.by]: filter.value }),
        ...(and === undefined ? {} : { [and.by]: and.value }),
        // The portal's spelling; Python's True works as well.
        extended: extended ? 'true' : undefined,
        limit,
      },
      size: extended ? 'extended' : 'list',
      ...optionsOf({ signal, urgency, turn }),
    }
  }

  const users: UserCalls['users'] = async (query) => {
    const call = list(query)
    const result = await ask(call)
    if (!result.ok) return result
    const read = await readUsers(result.value, query)
    const found = shaped(result, call, () => read)
    return found.ok ? { ...found, value: inDepartment(found.value, onlyDepartment()) } : found
  }

  /** The server shows a department's administrator the whole group; the portal leaves the others out as well. */
  const onlyDepartment = (): string | undefined => {
    const own = session()
    return own?.loginType === 'Group Department' ? own.departmentPathName : undefined
  }

  const user: UserCalls['user'] = async (userId, options = {}) => {
    const call: Call = {
      method: 'GET',
      path: '/users',
      query: { userId },
      ...optionsOf(options),
    }
    const result = await ask(call)
    if (result.ok && Array.isArray(result.value) && result.value.length === 0) {
      return {
        ok: false,
        error: {
          ...localError(
            'not-found',
            'user-not-found',
            'The server does not know this user.',
            'The user may have been renamed or deleted: search by number or extension, or refresh the list.',
          ),
          status: result.status,
          raw: result.raw,
        },
      }
    }
    const read = shaped(result, call, (json): Read<UserRecord> => {
      // An id with `*` in it is taken for a filter, and then a list comes back.
      const one =
        Array.isArray(json) && json.length > 1
          ? json.find((item) => sameId(textAt(asObject(item), 'userId'), userId))
          : json
      const read = normaliseUser(one)
      // A record of somebody else (a cache on the way, a mistake of the server) says nothing about this user.
      return read.ok && sameId(read.record.key.userId, userId)
        ? { ok: true, value: read.record }
        : { ok: false }
    })
    // What half a record lacks is not known, and nobody may take it for empty.
    return read.ok && !isWhole(read.value) ? { ok: false, error: errorOfHalf(read) } : read
  }

  return {
    async serviceProviders(options = {}) {
      const own = session()
      const isScoped = own !== undefined && ['Service Provider', ...groupLogins].includes(own.loginType)
      if (isScoped && own.serviceProviderId !== undefined) return local([{ id: own.serviceProviderId }])
      const call: Call = { method: 'GET', path: '/service-providers', size: 'list', ...optionsOf(options) }
      return shaped(await ask(call), call, (json) => {
        const items = asList(json, (object) => textAt(object, 'serviceProviderId') !== undefined)
        if (items === undefined) return { ok: false }
        return readEach(items, 'service providers', (item) => {
          const object = asObject(item)
          const id = textAt(object, 'serviceProviderId')
          if (id === undefined || !isUsableId('serviceProviderId', id)) return undefined
          const name = nameAt(object, 'serviceProviderName')
          const isEnterprise = valueAt(object, 'isEnterprise')
          return {
            id,
            ...(name === undefined ? {} : { name }),
            ...(isEnterprise === undefined || isEnterprise === null
              ? {}
              : { isEnterprise: isEnterprise === true || isEnterprise === 'true' }),
          }
        })
      })
    },

    async groups(serviceProviderId, options = {}) {
      const own = session()
      if (own?.groupId !== undefined && groupLogins.includes(own.loginType)) {
        return local([
          { serviceProviderId: own.serviceProviderId ?? serviceProviderId, groupId: own.groupId },
        ])
      }
      const call: Call = {
        method: 'GET',
        path: '/groups',
        query: { serviceProviderId },
        size: 'list',
        ...optionsOf(options),
      }
      return shaped(await ask(call), call, (json) => {
        const items = asList(json, (object) => textAt(object, 'groupId') !== undefined)
        if (items === undefined) return { ok: false }
        return readEach(items, 'groups', (item) => {
          const object = asObject(item)
          const groupId = textAt(object, 'groupId')
          if (groupId === undefined || !isUsableId('groupId', groupId)) return undefined
          if (isOfAnother(object, { serviceProviderId })) return undefined
          const name = nameAt(object, 'groupName')
          const provider = textAt(object, 'serviceProviderId') ?? serviceProviderId
          if (!isUsableId('serviceProviderId', provider)) return undefined
          return {
            serviceProviderId: provider,
            groupId,
            ...(name === undefined ? {} : { name }),
          }
        })
      })
    },

    users,

    async usersOfGroup({ serviceProviderId, groupId }, { extended, ...options }) {
      const own = session()
      if (own?.loginType === 'User') {
        const result = await user(own.userId, { urgency: 'load', ...options })
        return result.ok ? { ...result, value: [result.value] } : result
      }
      return users({ serviceProviderId, groupId, extended, ...options })
    },

    async usersAsSent({ serviceProviderId, groupId }: GroupRef, { extended, signal }) {
      const group = { serviceProviderId, groupId }
      const query = { ...group, extended, ...(signal === undefined ? {} : { signal }) }
      const call: Call = { ...list(query), keepBytes: true }
      const department = onlyDepartment()
      const result = await ask(call)
      return shaped<SentUsers>(result, call, (json) => {
        const items = itemsOf(json)
        const isList =
          items !== undefined && (items.length === 0 || items.some((item) => readUser(item, group)))
        if (!isList || !result.ok || result.bytes === undefined) return { ok: false }
        const value = { bytes: result.bytes, group, ...(department === undefined ? {} : { department }) }
        return { ok: true, value }
      })
    },

    user,

    async putUser(body, { mayStart, ...options } = {}) {
      const call: Call = {
        method: 'PUT',
        path: '/users',
        body,
        ...optionsOf(options),
        ...(mayStart === undefined ? {} : { mayStart }),
      }
      const result = await ask(call)
      if (!result.ok) return result
      const answer = putAnswer(body, result.value)
      if (answer !== undefined) return { ...result, value: answer }
      const shown = { status: result.status, headers: {}, body: result.raw }
      return { ok: false, error: errorOfShape(shown, 'shape', { isRead: false, isSecure: true }) }
    },
  }
}

/**
 * Reads users that were kept as they came: the same as if they had been read at once. Other work goes on between.
 *
 * @returns `ok: false` for what is not such a list.
 */
export async function readSent({
  bytes,
  group,
  department,
}: SentUsers): Promise<Read<readonly UserRecord[]>> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  await nextTurn()
  const answer = readJson(text)
  if (!answer.ok) return { ok: false }
  const read = await readUsers(answer.json, group)
  return read.ok ? { ...read, value: inDepartment(read.value, department) } : read
}

const itemsOf = (json: Json) => asList(json, (object) => textAt(object, 'userId') !== undefined)

/** Undefined for what is no user, or one of another group than was asked for. */
function readUser(
  item: Json,
  asked: Pick<UsersQuery, 'serviceProviderId' | 'groupId'>,
): UserRecord | undefined {
  if (isOfAnother(asObject(item), asked)) return undefined
  const user = normaliseUser(withScope(item, asked))
  if (!user.ok) return undefined
  // Half of a user's details tells as much as a line of a list does.
  const { record } = user
  return record.completeness === 'full' && !isWhole(record) ? { ...record, completeness: 'row' } : record
}

async function readUsers(
  json: Json,
  asked: Pick<UsersQuery, 'serviceProviderId' | 'groupId'>,
): Promise<Read<UserRecord[]>> {
  const items = itemsOf(json)
  if (items === undefined) return { ok: false }
  const read = await readMany(items, 'users', (item) => readUser(item, asked))
  return read.ok ? { ...read, value: onceEach(read.value) } : read
}

const groupLogins: readonly string[] = ['Group', 'Group Department', 'User']

/** Rows of a group's list may leave out what the question already said. */
function withScope(
  item: Json,
  { serviceProviderId, groupId }: Pick<UsersQuery, 'serviceProviderId' | 'groupId'>,
): Json {
  const object = asObject(item)
  if (object === undefined) return item
  const missing: Record<string, string> = {}
  for (const [name, asked] of Object.entries({ serviceProviderId, groupId })) {
    if (asked === undefined) continue
    const told = object[name]
    // A number has lost the zeros that the question has.
    const lost = typeof told === 'number' && sameValue(name, asked, told)
    if (lost || textAt(object, name) === undefined) missing[name] = asked
  }
  return Object.keys(missing).length === 0 ? object : { ...object, ...missing }
}

function inDepartment(records: readonly UserRecord[], path: string | undefined): readonly UserRecord[] {
  if (path === undefined) return records
  return records.filter(
    ({ fields }) =>
      fields.departmentFullPath === path || textAt(asObject(fields.department), 'name') === path,
  )
}

/**
 * What a PUT's answer shows. It is a record only if the server read the user again, which shows in fields that were
 * not sent, and if it is all there. Undefined when it is not about this user at all.
 */
function putAnswer(body: JsonObject & UserKey, json: Json): PutAnswer | undefined {
  const object = asObject(json)
  if (object === undefined || !sameId(textAt(object, 'userId'), body.userId)) return undefined
  if (isOfAnother(object, body)) return undefined
  const read = normaliseUser(object)
  const isReread = Object.keys(object).some((key) => !Object.hasOwn(body, key))
  const isBelieved = read.ok && isReread && isWhole(read.record) && showsAll(object, body)
  return isBelieved ? { record: read.record, json } : { json }
}
