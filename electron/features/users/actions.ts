import type { MoveCheck, SecretRuleWords } from '../../../shared/ipc/contract'
import type { Json, JsonObject } from '../../../shared/json'
import { accessDevice } from '../../../shared/user/catalogue'
import { sameUserId } from '../../../shared/user/id'
import { hiddenText } from '../../../shared/user/normalise'
import type { FieldPath, FieldValue, UserKey } from '../../../shared/user/types'
import { validateField } from '../../../shared/user/validate'
import { displayName, fieldValue, sameValue } from '../../../shared/user/value'
import { Refusal } from '../../ipc/refusal'
import type {
  AlternateUserId,
  DeviceCommand,
  DeviceRef,
  OdinConnection,
  OdinError,
  OdinResult,
  SecretRules,
} from '../../odin/types'
import type { Clock, Random } from '../../platform/ports'
import { type Identity, sameIdentity } from '../../server/identity'
import { type MayNotChange, refuseReadOnly } from '../../server/may-change'
import { mustBeMeant } from '../../server/meant'
import type { HistoryRepository } from '../../store/repositories/history'
import type { Directory } from './directory'

export interface ActionsDeps {
  readonly history: HistoryRepository
  readonly directory: Pick<Directory, 'row' | 'details' | 'replaced'>
  readonly clock: Clock
  readonly random: Random
  /** The server that is chosen and can be reached, and under which account. */
  readonly present: () => (Identity & { readonly client: OdinConnection }) | undefined
  readonly mayNotChange?: MayNotChange
  /** Changes of this user that wait to be sent. */
  readonly unsent: (userId: string) => number
  /** A secret that must not stand in any log. */
  readonly hideSecret: (secret: string) => void
  readonly changed: () => void
}

/** What one call does, as history tells it. */
interface Action<T> {
  /** The server and account that the person had on screen. */
  readonly as: Identity
  readonly key: UserKey
  readonly action:
    | 'rename'
    | 'move'
    | 'password'
    | 'passcode'
    | 'alternate-ids'
    | 'rebuild device'
    | 'reset device'
  readonly method?: 'POST'
  readonly path: string
  readonly body: JsonObject
  readonly before: Readonly<Record<FieldPath, FieldValue>>
  readonly asked: Readonly<Record<FieldPath, FieldValue>>
  readonly send: (client: OdinConnection) => Promise<OdinResult<T>>
  /** Reads what became of it, where that can be read. */
  readonly look?: (client: OdinConnection) => Promise<Seen>
}

type Seen = 'done' | 'as-before' | 'not-known'

/** A 2xx is no proof: what it did is read. */
const notSeen: Readonly<Record<Exclude<Seen, 'done'>, OdinError>> = {
  'as-before': {
    kind: 'unknown',
    cause: 'not-kept',
    message: 'The server accepted it, but the user is still as before.',
    next: 'Read the user again a little later; if nothing has changed, try once more.',
  },
  'not-known': {
    kind: 'unknown',
    cause: 'not-seen',
    message: 'The server accepted it, but what became of the user could not be read.',
    next: 'Read the user again before anything else is done.',
  },
}

const done: Readonly<Record<Action<unknown>['action'], string>> = {
  rename: 'The user id is changed.',
  move: 'The user is in the new group.',
  password: 'The password is changed.',
  passcode: 'The portal passcode is changed.',
  'alternate-ids': 'The alternate user ids are changed.',
  'rebuild device': 'The server was told to make the files of the device anew.',
  'reset device': 'The server was told to restart the device.',
}

/**
 * Changes that are made at once or not at all: they are never queued, need the server, and stand in history like all
 * others, a secret only as changed. Each is sent once.
 */
export function createActions(deps: ActionsDeps) {
  const { history, directory, clock, random, present, unsent, hideSecret, changed } = deps

  const online = () => {
    const now = present()
    if (now !== undefined) return now
    throw new Refusal('offline', 'This needs the server, and it is not connected.', {
      next: 'Go online and try again. Passwords, user ids and moves never wait in the outbox.',
    })
  }

  /** Recorded before the request and settled after it, so that no call is missing in history. */
  async function perform<T>(one: Action<T>): Promise<void> {
    const { as, key, action, method = 'PUT', path, body, before, asked, send, look } = one
    const now = online()
    mustBeMeant(as, now)
    refuseReadOnly(deps.mayNotChange, now.connectionId)
    const { client, connectionId, origin, account } = now
    const row = directory.row(key.userId)
    const id = random.id()
    const started = clock.mono()
    history.append({
      id,
      connectionId,
      user: key,
      userName: row === undefined ? key.userId : displayName(row),
      action,
      fields: Object.keys(asked),
      outcome: 'pending',
      words: 'Sending.',
      account,
      origin,
      startedWall: clock.wall(),
      before: { ...before },
      asked: { ...asked },
      request: `${method} ${origin}${path}\n${JSON.stringify(body)}`,
    })
    changed()
    const sent = await send(client)
    const seen =
      look !== undefined && (sent.ok || sent.error.kind === 'unknown') ? await look(client) : undefined
    const result: OdinResult<unknown> =
      seen === 'done' && !sent.ok
        ? { ok: true, value: undefined, status: sent.error.status ?? 0, raw: sent.error.raw ?? '' }
        : seen !== undefined && seen !== 'done' && sent.ok
          ? { ok: false, error: { ...notSeen[seen], status: sent.status, raw: sent.raw } }
          : sent
    history.settle(id, {
      outcome: result.ok ? 'done' : outcomeOf(result.error),
      words: result.ok ? done[action] : `${result.error.message} ${result.error.next}`,
      durationMs: Math.round(clock.mono() - started),
      ...(result.ok ? { after: { ...asked }, status: result.status, answer: result.raw } : {}),
      ...(!result.ok && result.error.status !== undefined ? { status: result.error.status } : {}),
      ...(!result.ok && result.error.code !== undefined ? { errorCode: result.error.code } : {}),
      ...(!result.ok && result.error.raw !== undefined ? { answer: result.error.raw } : {}),
    })
    changed()
    if (!result.ok) throw refusalOf(result.error)
  }

  /** The list on screen may be another server's by now, with another user of the same id. */
  const stillMeant = (as: Identity): boolean => {
    const now = present()
    return now !== undefined && sameIdentity(as, now)
  }

  /** A change that waits under the old id or group would be sent to nobody. */
  const nothingWaits = (key: UserKey, what: string): void => {
    // Who may change nothing is not asked to send something first.
    refuseReadOnly(deps.mayNotChange, online().connectionId)
    const waiting = unsent(key.userId)
    if (waiting === 0) return
    throw new Refusal(
      'unsent',
      `${waiting === 1 ? 'A change' : `${waiting} changes`} of this user ${waiting === 1 ? 'waits' : 'wait'} to be sent.`,
      { next: `Send or discard ${waiting === 1 ? 'it' : 'them'} first, then ${what}.` },
    )
  }

  const valid = (path: FieldPath, value: string): string => {
    const checked = validateField(path, value)
    if ('problem' in checked)
      throw new Refusal('invalid', checked.problem, { next: 'Correct it and try again.' })
    return String(checked.value)
  }

  return {
    /** The group's rules for a new password or passcode, in words. */
    async rules(kind: 'password' | 'passcode', key: UserKey): Promise<SecretRuleWords> {
      const { client } = online()
      const result = kind === 'password' ? await client.passwordRules(key) : await client.passcodeRules(key)
      // Without the rules the server still checks them.
      return result.ok ? { words: ruleWords(result.value) } : { words: [], why: result.error.message }
    },

    /** A fresh secret that meets the rules, to be shown once. */
    async generate(kind: 'password' | 'passcode', key: UserKey): Promise<string> {
      const result = await online().client.generate(kind, key, { count: 1 })
      if (!result.ok) throw refusalOf(result.error)
      const [secret = ''] = result.value
      hideSecret(secret)
      return secret
    },

    async setPassword(as: Identity, key: UserKey, newPassword: string): Promise<void> {
      hideSecret(newPassword)
      await perform({
        as,
        key,
        action: 'password',
        path: '/users/passwords',
        body: { userId: key.userId, newPassword: hiddenText },
        before: {},
        asked: { newPassword: hiddenText },
        send: (client) => client.putWebPassword(key.userId, newPassword),
      })
    },

    async setPasscode(as: Identity, key: UserKey, newPasscode: string): Promise<void> {
      if (!/^[0-9]{2,30}$/.test(newPasscode)) {
        throw new Refusal('invalid', 'A portal passcode has only digits, 2 to 30 of them.', {
          next: 'Correct it and try again.',
        })
      }
      hideSecret(newPasscode)
      await perform({
        as,
        key,
        action: 'passcode',
        path: '/users/portal-passcode',
        body: { userId: key.userId, newPasscode: hiddenText },
        before: {},
        asked: { newPasscode: hiddenText },
        send: (client) => client.putPortalPasscode(key.userId, newPasscode),
      })
    },

    /** Resolves to the user's new key. */
    async rename(as: Identity, key: UserKey, wanted: string): Promise<UserKey> {
      const newUserId = valid('userId', wanted)
      nothingWaits(key, 'rename the user')
      await perform({
        as,
        key,
        action: 'rename',
        path: '/users/user-id',
        body: { userId: key.userId, newUserId },
        before: { userId: key.userId },
        asked: { userId: newUserId },
        send: (client) => client.renameUser(key.userId, newUserId),
        look: async (client) => {
          const now = await client.user(newUserId)
          if (now.ok) {
            const wasAlike = sameUserId(newUserId, key.userId)
            return wasAlike && now.value.key.userId !== newUserId ? 'as-before' : 'done'
          }
          if (now.error.kind !== 'not-found') return 'not-known'
          return (await client.user(key.userId)).ok ? 'as-before' : 'not-known'
        },
      })
      const renamed = { ...key, userId: newUserId }
      if (stillMeant(as)) await directory.replaced(key, renamed)
      return renamed
    },

    /** What a move would do, and why it could not be done; nothing moves. */
    async checkMove(key: UserKey, newGroupId: string): Promise<MoveCheck> {
      const result = await online().client.moveUser(key.userId, valid('groupId', newGroupId), {
        evaluateOnly: true,
      })
      if (!result.ok) throw refusalOf(result.error)
      return { errors: [...result.value.errors], impacts: [...result.value.impacts] }
    },

    async move(as: Identity, key: UserKey, wanted: string): Promise<UserKey> {
      const newGroupId = valid('groupId', wanted)
      nothingWaits(key, 'move the user')
      await perform({
        as,
        key,
        action: 'move',
        path: '/users/group-id',
        body: { userId: key.userId, newGroupId, evaluateOnly: false },
        before: { groupId: key.groupId },
        asked: { groupId: newGroupId },
        send: (client) => client.moveUser(key.userId, newGroupId, { evaluateOnly: false }),
        look: async (client) => {
          const now = await client.user(key.userId)
          if (!now.ok) return 'not-known'
          return sameValue('userId', now.value.key.groupId, newGroupId) ? 'done' : 'as-before'
        },
      })
      const moved = { ...key, groupId: newGroupId }
      if (stillMeant(as)) await directory.replaced(key, moved)
      return moved
    },

    /**
     * Tells the one device of a user to be made anew or to restart. Asked first which one it is now: it may have been swapped.
     * @param seen the name of the device that the person had on screen
     */
    async commandDevice(as: Identity, key: UserKey, command: DeviceCommand, seen: string): Promise<void> {
      const { client, connectionId } = online()
      refuseReadOnly(deps.mayNotChange, connectionId)
      const read = await client.user(key.userId)
      if (!read.ok) throw refusalOf(read.error)
      const device = fieldValue(read.value, accessDevice)
      const { deviceName, deviceLevel, ...place } = (device ?? {}) as Partial<DeviceRef>
      if (deviceName !== seen || deviceLevel === undefined) {
        throw new Refusal(
          'changed',
          deviceName === undefined
            ? 'The user has no device any more.'
            : `The user has another device now: ${deviceName}.`,
          { next: 'Read the user again and look at the device first.' },
        )
      }
      const one = {
        serviceProviderId: place.serviceProviderId ?? key.serviceProviderId,
        groupId: place.groupId ?? key.groupId,
        deviceName,
        deviceLevel,
      }
      await perform({
        as,
        key,
        action: `${command} device`,
        method: 'POST',
        path: `/devices/${command}`,
        body: one,
        before: {},
        asked: {},
        send: (now) => now.commandDevice(command, one),
      })
    },

    /**
     * Replaces the whole list. Asked first what it is now, so that nothing is taken away that the person never saw.
     * @param seen the list that the person had on screen
     */
    async setAlternateIds(as: Identity, key: UserKey, ids: Json, seen: Json): Promise<void> {
      const checked = validateField(alternateIds, ids)
      if ('problem' in checked) {
        throw new Refusal('invalid', checked.problem, { next: 'Correct it and try again.' })
      }
      const list = (Array.isArray(checked.value) ? checked.value : []) as JsonObject[]
      const sent = list.map(({ alternateUserId, description }) => ({
        userId: String(alternateUserId),
        ...(typeof description === 'string' ? { description } : {}),
      }))
      const { client, connectionId } = online()
      refuseReadOnly(deps.mayNotChange, connectionId)
      const read = await client.alternateUserIds(key.userId)
      if (!read.ok) throw refusalOf(read.error)
      const before = asField(read.value)
      if (!sameValue(alternateIds, before, seen)) {
        throw new Refusal('changed', 'The alternate user IDs have changed since they were read.', {
          next: 'Read the user again and look at them first.',
        })
      }
      await perform({
        as,
        key,
        action: 'alternate-ids',
        path: '/users/alternate-user-id',
        body: { userId: key.userId, users: sent },
        before: { alternateUserId: before },
        asked: { alternateUserId: checked.value },
        send: (now) => now.putAlternateUserIds(key.userId, sent),
        look: async (now) => {
          const after = await now.alternateUserIds(key.userId)
          if (!after.ok) return 'not-known'
          if (sameValue(alternateIds, asField(after.value), checked.value)) return 'done'
          return sameValue(alternateIds, asField(after.value), before) ? 'as-before' : 'not-known'
        },
      })
      if (stillMeant(as)) await directory.details(key, true)
    },
  }
}

const alternateIds = 'alternateUserId'

/** The list as the user's own record has it: the two calls name the id differently (odin-api.md, `alternateUserId`). */
const asField = (ids: readonly AlternateUserId[]): JsonObject[] =>
  ids.map(({ userId, description }) => ({
    alternateUserId: userId,
    ...(description === undefined ? {} : { description }),
  }))

export type Actions = ReturnType<typeof createActions>

function outcomeOf({ kind }: OdinError): string {
  if (kind === 'unknown') return 'unknown'
  return kind === 'refused' || kind === 'forbidden' || kind === 'not-found' ? 'rejected' : 'not-applied'
}

export function refusalOf({ message, next, raw, kind }: OdinError): Refusal {
  return new Refusal(kind, message, { next, ...(raw === undefined ? {} : { raw }) })
}

const needs = [
  ['minDigits', 'digit'],
  ['minUpperCaseLetters', 'capital letter'],
  ['minLowerCaseLetters', 'small letter'],
  ['minNonAlphanumericCharacters', 'character that is neither letter nor digit'],
] as const

/** The rules as a person reads them. */
function ruleWords(rules: SecretRules): string[] {
  const words: string[] = []
  const { minLength, maxLength } = rules
  if (minLength !== undefined && maxLength !== undefined)
    words.push(`${minLength} to ${maxLength} characters`)
  else if (minLength !== undefined) words.push(`At least ${minLength} characters`)
  for (const [name, what] of needs) {
    const count = rules[name]
    if (count !== undefined && count > 0) words.push(`At least ${count} ${what}${count === 1 ? '' : 's'}`)
  }
  const forbids = Object.entries(rules.others)
    .filter(([name, value]) => value === true && /^disallow|^restrict/i.test(name))
    .map(([name]) => spaced(name.replace(/^disallow|^restrict/i, '')))
  if (forbids.length > 0) words.push(`Not allowed: ${forbids.join(', ')}`)
  return words
}

/** `OldPassword` → "old password", `UserId` → "user id". */
const spaced = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
