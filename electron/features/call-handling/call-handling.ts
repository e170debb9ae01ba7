import { services as catalogue, type ServiceId, serviceOf } from '../../../shared/calls/catalogue'
import type { OutboxEntry } from '../../../shared/change/types'
import type { CallHandling, UserRow } from '../../../shared/ipc/contract'
import { foldedId } from '../../../shared/user/id'
import type { FieldValue, UserKey, UserRecord } from '../../../shared/user/types'
import { isNotAssigned } from '../../odin/services'
import type { OdinConnection } from '../../odin/types'
import type { Clock } from '../../platform/ports'
import { type Identity, sameIdentity } from '../../server/identity'
import { knownFields } from '../../store/repositories/services'
import { overlayOf, rowOf } from '../users/overlay'
import type { CallCopies } from './copies'

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
  readonly copies: Pick<CallCopies, 'ofUser' | 'store' | 'storeMany'>
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
    if (client === undefined) return 'Not connected to the server.'
    const asked = clockNow()
    const answer = await client.services(key, {})
    if (!answer.ok) return answer.error.message
    if (isOver(identity)) return 'Stopped.'
    const read = Object.entries(answer.value.services).map(([service, record]) => ({
      key,
      service: service as ServiceId,
      record,
    }))
    copies.store(identity.connectionId, read, asked)
    return undefined
  }

  /** Reads one service of these users of one group; returns why it could not, if so. */
  const readOne = async (
    { identity, client }: Present,
    service: ServiceId,
    users: readonly UserKey[],
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    if (client === undefined) return 'Not connected to the server.'
    const { connectionId } = identity
    const [{ serviceProviderId, groupId } = { serviceProviderId: '', groupId: '' }] = users
    const asked = clockNow()
    if (serviceOf(service).hasBulkGet && users.length >= worthGroup) {
      const answer = await client.serviceOfGroup(service, { serviceProviderId, groupId }, { signal })
      if (!answer.ok) return answer.error.message
      if (isOver(identity)) return 'Stopped.'
      const wanted = new Map(users.map((key) => [foldedId(key.userId), key]))
      const read = answer.value.flatMap(({ userId, record }) => {
        const key = wanted.get(foldedId(userId))
        return key === undefined ? [] : [{ key, service, record }]
      })
      await copies.storeMany(connectionId, read, asked, signal)
      return undefined
    }
    for (const key of users) {
      const asked = clockNow()
      const answer = await client.service(service, key, { signal })
      if (!answer.ok && !isNotAssigned(answer)) return answer.error.message
      if (isOver(identity)) return 'Stopped.'
      copies.store(connectionId, [{ key, service, record: answer.ok ? answer.value : undefined }], asked)
    }
    return undefined
  }

  return {
    /** The row of a user with what is known of the services, and which of them the user does not have. */
    lay(connectionId: string, row: UserRow): UserRow & { readonly lacks: readonly ServiceId[] } {
      const cached = copies.ofUser(connectionId, row.key)
      const lacks = cached.flatMap(({ service, record }) => (record === undefined ? [service] : []))
      return { ...row, fields: { ...row.fields, ...knownFields(cached) }, lacks }
    },

    /**
     * Reads some services of users: with one call a group where there is such a call and enough of its users are asked for.
     * @returns why it could not go on, if so
     */
    async readServices(
      users: readonly UserKey[],
      services: readonly ServiceId[],
      { signal, onRead }: { signal: AbortSignal; onRead: (users: readonly UserKey[]) => void },
    ): Promise<string | undefined> {
      for (const some of byGroup(users)) {
        for (const service of services) {
          const now = present()
          if (now === undefined) return 'Not connected to the server.'
          const why = signal.aborted ? 'Stopped.' : await readOne(now, service, some, signal)
          if (why !== undefined) return why
        }
        onRead(some)
      }
      return undefined
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
