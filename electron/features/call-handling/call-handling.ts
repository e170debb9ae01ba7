import { services as catalogue, type ServiceId, serviceOf } from '../../../shared/calls/catalogue'
import type { OutboxEntry } from '../../../shared/change/types'
import type { CallHandling } from '../../../shared/ipc/contract'
import type { UserRow } from '../../../shared/user/shapes'
import type { FieldValue, UserKey, UserRecord } from '../../../shared/user/types'
import { isNotAssigned } from '../../odin/services'
import type { OdinConnection, OdinError, UserServices } from '../../odin/types'
import type { Clock } from '../../platform/ports'
import { type Identity, sameIdentity } from '../../server/identity'
import { knownFields } from '../../store/repositories/services'
import type { RuledRow } from '../users/batch/source'
import { overlayOf, rowOf } from '../users/overlay'
import type { CallCopies } from './copies'
import { isOfOneUser, readServiceOfGroup } from './of-group'

const notConnected = 'Not connected to the server.'

/** The chosen server, and its client while it may be asked. */
interface Present {
  readonly identity: Identity
  readonly client: Pick<OdinConnection, 'services' | 'service' | 'serviceOfGroup'> | undefined
}

/**
 * The call handling of one user at a time: the copies of its services on this computer, with what waits for them over
 * them, and from the server when that is asked for.
 */
export function createCallHandling(deps: {
  readonly copies: Pick<CallCopies, 'ofUser' | 'ofUsers' | 'store' | 'storeMany'>
  readonly clock: Pick<Clock, 'mono' | 'wall'>
  readonly present: () => Present | undefined
  /** What waits for a user, oldest first. */
  readonly waitingFor: (identity: Identity, userId: string) => readonly OutboxEntry[]
}) {
  const { copies, clock, present, waitingFor } = deps

  const copyOf = ({ connectionId }: Identity, key: UserKey, staleBecause?: string) => {
    const cached = copies.ofUser(connectionId, key)
    const extra: Record<string, FieldValue> = {}
    const states: CallHandling['services'] = {}
    for (const { service, record, readAt } of cached) {
      states[service] = { assigned: record !== undefined, readAt }
      Object.assign(extra, record?.extra)
    }
    const times = cached.map(({ readAt }) => readAt)
    return {
      fields: knownFields(cached),
      extra,
      services: states,
      readAt: times.length < catalogue.length ? 0 : Math.min(...times),
      ...(staleBecause === undefined ? {} : { staleBecause }),
    }
  }

  const clockNow = () => ({ mono: clock.mono(), wall: clock.wall() })

  /** The connection may lead to another server by the time of an answer: that is not to become its user's. */
  const isOver = (identity: Identity): boolean => {
    const now = present()
    return now === undefined || !sameIdentity(now.identity, identity)
  }

  /** Reads all services of a user into the copy; returns why it could not, if so. */
  const read = async ({ identity, client }: Present, key: UserKey): Promise<string | undefined> => {
    if (client === undefined) return notConnected
    const asked = clockNow()
    const answer = await client.services(key, {})
    if (!answer.ok) return answer.error.message
    if (isOver(identity)) return 'Stopped.'
    storeAll(identity, key, answer.value, asked)
    return undefined
  }

  const storeAll = (
    { connectionId }: Identity,
    key: UserKey,
    { services }: UserServices,
    asked: ReturnType<typeof clockNow>,
  ): void => {
    const read = Object.entries(services).map(([service, record]) => ({
      key,
      service: service as ServiceId,
      record,
    }))
    copies.store(connectionId, read, asked)
  }

  /** Reads some services of one user: each by itself, or all of them where that takes fewer calls. */
  const readAlone = async (
    identity: Identity,
    client: NonNullable<Present['client']>,
    key: UserKey,
    wanted: readonly ServiceId[],
    signal: AbortSignal,
  ): Promise<OdinError | undefined> => {
    if (wanted.length > callsForAll) {
      const asked = clockNow()
      const answer = await client.services(key, { signal })
      if (!answer.ok) return answer.error
      if (!isOver(identity)) storeAll(identity, key, answer.value, asked)
      return undefined
    }
    for (const service of wanted) {
      const asked = clockNow()
      const answer = await client.service(service, key, { signal })
      if (!answer.ok && !isNotAssigned(answer)) return answer.error
      if (isOver(identity)) return undefined
      const record = answer.ok ? answer.value : undefined
      copies.store(identity.connectionId, [{ key, service, record }], asked)
    }
    return undefined
  }

  return {
    /** Rows of users with what is known of these services, which of them were read, and which a user does not have. */
    lay(connectionId: string, rows: readonly UserRow[], wanted: readonly ServiceId[]): RuledRow[] {
      if (wanted.length === 0) return [...rows]
      const known = copies.ofUsers(
        connectionId,
        rows.map(({ key }) => key),
        wanted,
      )
      return rows.map((row) => {
        const cached = known.get(row.key) ?? []
        const lacks = cached.flatMap(({ service, record }) => (record === undefined ? [service] : []))
        const read = cached.map(({ service }) => service)
        return { ...row, fields: { ...row.fields, ...knownFields(cached) }, lacks, read }
      })
    },

    /** The calls that reading these services of the users takes. */
    callsFor(users: readonly UserKey[], wanted: readonly ServiceId[]): number {
      let calls = 0
      for (const some of byGroup(users)) {
        const { together, alone } = ways(some, wanted)
        calls += together.length + some.length * Math.min(alone.length, callsForAll)
      }
      return calls
    },

    /**
     * Reads some services of users: with one call a group where there is such a call and enough of its users are asked for.
     * Who cannot be read does not keep the others from being read.
     * @returns why it could not go on, or not for all, if so
     */
    async readServices(
      users: readonly UserKey[],
      wanted: readonly ServiceId[],
      { signal, onRead }: { signal: AbortSignal; onRead: (users: readonly UserKey[]) => void },
    ): Promise<string | undefined> {
      const began = present()?.identity
      if (began === undefined) return notConnected
      /** The server as it was when this began; else why this is not to be gone on with. */
      const still = (): NonNullable<Present['client']> | string => {
        const now = present()
        if (signal.aborted || now === undefined || !sameIdentity(now.identity, began)) return 'Stopped.'
        return now.client ?? notConnected
      }
      let problem: string | undefined
      for (const some of byGroup(users)) {
        const { together, alone } = ways(some, wanted)
        const left = [...alone]
        for (const service of together) {
          const client = still()
          if (typeof client === 'string') return client
          const error = await readServiceOfGroup(deps, {
            connectionId: began.connectionId,
            client,
            group: some[0] as UserKey,
            members: some,
            service,
            options: { signal },
            isOver: () => isOver(began),
          })
          // Older servers do not have every one of these calls.
          if (error?.kind === 'not-found') left.push(service)
          else if (error !== undefined) return error.message
        }
        for (const key of left.length === 0 ? [] : some) {
          const client = still()
          if (typeof client === 'string') return client
          const error = await readAlone(began, client, key, left, signal)
          if (error !== undefined && !isOfOneUser(error)) return error.message
          problem ??= error?.message
          onRead([key])
        }
        if (left.length === 0) onRead(some)
      }
      return problem
    },

    /** What is known here of a user's services; `fresh`: after asking the server, if that can be asked. */
    async of(key: UserKey, fresh: boolean): Promise<CallHandling> {
      const now = present()
      if (now === undefined) return { ...emptyOf(key), services: {} }
      const staleBecause = fresh ? await read(now, key) : undefined
      const { services, readAt, ...copy } = copyOf(now.identity, key, staleBecause)
      const waiting = waitingFor(now.identity, key.userId).filter(({ service }) => service !== undefined)
      const record: UserRecord = { key, completeness: 'full', ...copy }
      return {
        ...rowOf(record, false, overlayOf(waiting)),
        extra: copy.extra,
        readAt,
        services,
        ...(staleBecause === undefined ? {} : { staleBecause }),
      }
    },
  }
}
export type CallHandlingFeature = ReturnType<typeof createCallHandling>

/** So many users of a group are read with one call for all of it. */
const worthGroup = 3
/** Which services a user has, and their settings: that tells all of them. */
const callsForAll = 2

/** Which services of these users of one group are read with one call, and which user by user. */
function ways(users: readonly UserKey[], wanted: readonly ServiceId[]) {
  const isTogether = (service: ServiceId): boolean =>
    users.length >= worthGroup && serviceOf(service).hasBulkGet
  return {
    together: wanted.filter(isTogether),
    alone: wanted.filter((service) => !isTogether(service)),
  }
}

function byGroup(users: readonly UserKey[]): Iterable<UserKey[]> {
  const groups = new Map<string, UserKey[]>()
  for (const key of users) {
    const name = JSON.stringify([key.serviceProviderId, key.groupId])
    const some = groups.get(name)
    if (some === undefined) groups.set(name, [key])
    else some.push(key)
  }
  return groups.values()
}

const emptyOf = (key: UserKey) => ({
  ...rowOf({ key, completeness: 'full', fields: {}, extra: {} }, false, undefined),
  extra: {},
  readAt: 0,
})
