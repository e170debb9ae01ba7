import type { Json, JsonObject } from '../../shared/json'
import { normaliseUser } from '../../shared/user/normalise'
import { asList, asObject, bounded, textAt, valueAt } from './answer'
import { type Ask, readEach, shaped } from './ask'
import { withoutServerWords } from './secret-refusal'
import { sameId } from './subject'
import type { AlternateUserId, OdinError, OdinResult, OdinWrites } from './types'
import type { Call } from './wire'

/** Writes beside `PUT /users`. None is ever repeated by itself. */
export function createWrites(ask: Ask): OdinWrites {
  const put = async (path: string, body: JsonObject, more: Partial<Call> = {}) => {
    const call: Call = { method: 'PUT', path, body, emptyIsFine: true, ...more }
    return shaped(await ask(call), call, (json) =>
      isAbout(body, json) ? { ok: true, value: json } : { ok: false },
    )
  }

  /** For writes of secrets: nothing of the answer is kept, and an open end says what a person can do about it. */
  const putSecret = async (path: string, body: JsonObject, secrets: readonly string[], what: string) => {
    const result = await put(path, body, { secrets, secretAnswer: true })
    if (result.ok) return { ...result, value: undefined, raw: '' }
    const error = withoutServerWords(result.error, what)
    if (error.kind === 'unknown') {
      const next = `The ${what} may have been changed or not; it is not sent again by itself. Set it once more.`
      return { ok: false, error: { ...error, next } } as const
    }
    return error.kind === 'unauthorized' ? notChanged(error, what) : ({ ok: false, error } as const)
  }

  const users = (ids: readonly AlternateUserId[]): Json =>
    ids.map(({ userId, description }) => ({
      userId,
      ...(description === undefined ? {} : { description }),
    }))

  return {
    /** call-handling-api.md, b.1. By its level: a device of the provider or of the system is not named by the group. */
    async commandDevice(command, { deviceName, deviceLevel, serviceProviderId, groupId }) {
      const [folder, body] =
        deviceLevel === 'System'
          ? ['system', { deviceName }]
          : deviceLevel === 'Service Provider'
            ? ['service-providers', { serviceProviderId, deviceName }]
            : ['groups', { serviceProviderId, groupId, deviceName }]
      const call: Call = { method: 'POST', path: `/${folder}/devices/${command}`, body, emptyIsFine: true }
      return shaped(await ask(call), call, (json) => {
        const told = textAt(asObject(json), 'deviceName')
        return told === undefined || told === deviceName ? { ok: true, value: json } : { ok: false }
      })
    },

    putUsersBulk: (userIds, data) =>
      put('/users/bulk', { users: userIds.map((userId) => ({ userId })), data }),

    async alternateUserIds(userId, { signal } = {}) {
      const call: Call = {
        method: 'GET',
        path: '/users/alternate-user-id',
        query: { userId },
        ...(signal === undefined ? {} : { signal }),
      }
      return shaped(await ask(call), call, (json) => {
        const told = textAt(asObject(json), 'userId')
        if (told !== undefined && !sameId(told, userId)) return { ok: false }
        const list = valueAt(asObject(json), 'users')
        if (list === undefined || list === null || list === '') {
          // No list beside the user's own id is an empty list.
          return told === undefined ? { ok: false } : { ok: true, value: [] }
        }
        const items = asList(list, (object) => idOf(object) !== undefined)
        if (items === undefined) return { ok: false }
        return readEach(items, 'alternate user IDs', (item) => {
          const object = asObject(item)
          const id = idOf(object)
          if (id === undefined) return undefined
          const description = textAt(object, 'description')
          return { userId: id, ...(description === undefined ? {} : { description }) }
        })
      })
    },

    putAlternateUserIds: (userId, ids) => put('/users/alternate-user-id', { userId, users: users(ids) }),

    renameUser: (userId, newUserId) => put('/users/user-id', { userId, newUserId }),

    async moveUser(userId, newGroupId, { evaluateOnly }) {
      const result = await put('/users/group-id', { userId, newGroupId, evaluateOnly })
      if (!result.ok) return result
      const object = asObject(result.value)
      const read = normaliseUser(result.value)
      return {
        ...result,
        value: {
          errors: conditions(object, ['error', 'errors']),
          impacts: conditions(object, ['impact', 'impacts']),
          ...(read.ok ? { record: read.record } : {}),
          json: result.value,
        },
      }
    },

    putWebPassword: (userId, newPassword, oldPassword) =>
      putSecret(
        '/users/passwords',
        { userId, newPassword, ...(oldPassword === undefined ? {} : { oldPassword }) },
        oldPassword === undefined ? [newPassword] : [newPassword, oldPassword],
        'password',
      ),

    putPortalPasscode: (userId, newPasscode) =>
      putSecret('/users/portal-passcode', { userId, newPasscode }, [newPasscode], 'passcode'),
  }
}

/**
 * Whether an answer is one to this write: most have none, or an empty one; others are about the user. Whatever else comes
 * with a 2xx (a gateway, another user) does not say that it was done.
 */
function isAbout(body: JsonObject, json: Json): boolean {
  if (json === null || json === '' || (Array.isArray(json) && json.length === 0)) return true
  const object = asObject(json)
  if (object === undefined) return false
  const told = textAt(object, 'userId')
  const ids = [textAt(body, 'userId'), textAt(body, 'newUserId')]
  if (told !== undefined) return ids[0] === undefined || ids.some((id) => sameId(id, told))
  const known = ['error', 'errors', 'impact', 'impacts', 'users', 'data']
  return Object.keys(object).every((name) => known.includes(name))
}

/** The two calls that know alternate ids name them differently. */
function idOf(object: JsonObject | undefined): string | undefined {
  return textAt(object, 'userId') ?? textAt(object, 'alternateUserId')
}

function notChanged(error: OdinError, what: string): OdinResult<never> {
  const next =
    error.cause === 'signed-in-again'
      ? `The ${what} was not changed. The sign-in has been renewed: try again.`
      : error.next
  return { ok: false, error: { ...error, next } }
}

/** The reasons or effects that the server lists for a move, each in its own words. */
function conditions(object: JsonObject | undefined, keys: readonly string[]): readonly string[] {
  for (const key of keys) {
    const value = valueAt(object, key)
    if (value === undefined || value === null || value === '') continue
    const items = Array.isArray(value) ? value : [value]
    return items.slice(0, 100).map((item) => bounded(words(item), 2000))
  }
  return []
}

function words(item: Json): string {
  if (typeof item === 'string') return item
  const object = asObject(item)
  const parts = ['code', 'errorCode', 'summary', 'message', 'description', 'detail']
    .map((key) => textAt(object, key))
    .filter((part) => part !== undefined)
  return parts.length > 0 ? parts.join(' ') : JSON.stringify(item)
}
