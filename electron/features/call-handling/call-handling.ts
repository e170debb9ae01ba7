import { services as catalogue, type ServiceId } from '../../../shared/calls/catalogue'
import type { OutboxEntry } from '../../../shared/change/types'
import type { CallHandling } from '../../../shared/ipc/contract'
import { foldedId } from '../../../shared/user/id'
import type { FieldPath, FieldValue, UserKey, UserRecord } from '../../../shared/user/types'
import { sameValue } from '../../../shared/user/value'
import type { OdinConnection } from '../../odin/types'
import type { Clock } from '../../platform/ports'
import type { Identity } from '../../server/identity'
import { knownFields, type ServicesRepository } from '../../store/repositories/services'
import type { SightingsRepository } from '../../store/repositories/sightings'
import { overlayOf, rowOf } from '../users/overlay'

/** The chosen server, and its client while it may be asked. */
interface Present {
  readonly identity: Identity
  readonly client: Pick<OdinConnection, 'services'> | undefined
}

/**
 * The call handling of one user at a time: the copies of its services on this computer, with what waits for them over
 * them, and from the server when that is asked for.
 */
export function createCallHandling(deps: {
  readonly repository: Pick<ServicesRepository, 'ofUser' | 'put'>
  readonly clock: Pick<Clock, 'mono' | 'wall'>
  readonly present: () => Present | undefined
  /** Keeps what somebody else has changed between two reads. */
  readonly noteOthers: SightingsRepository['note']
  /** What waits for a user, oldest first. */
  readonly waitingFor: (identity: Identity, userId: string) => readonly OutboxEntry[]
}) {
  const { repository, clock, present, noteOthers, waitingFor } = deps
  /** By connection, user and service: when the newest of what is stored was asked for, on the monotonic clock. */
  const storedAt = new Map<string, number>()
  const about = (connectionId: string, userId: string, service: ServiceId): string =>
    `${connectionId}\n${foldedId(userId)}\n${service}`

  const copyOf = ({ connectionId }: Identity, key: UserKey, staleBecause?: string) => {
    const cached = repository.ofUser(connectionId, key)
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

  /** Reads all services of a user into the copy; returns why it could not, if so. */
  const read = async ({ identity, client }: Present, key: UserKey): Promise<string | undefined> => {
    if (client === undefined) return 'Not connected to the server.'
    const askedMono = clock.mono()
    const askedWall = clock.wall()
    const answer = await client.services(key, {})
    if (!answer.ok) return answer.error.message
    // Ours may be on the server before its answer is here.
    const wishes = overlayOf(waitingFor(identity, key.userId))?.wishes
    const isOurs = (path: FieldPath, value: FieldValue): boolean => {
      const mine = wishes?.get(path)
      return mine !== undefined && sameValue(path, mine, value)
    }
    for (const [id, record] of Object.entries(answer.value.services)) {
      const service = id as ServiceId
      const name = about(identity.connectionId, key.userId, service)
      // A change that was verified meanwhile is newer.
      if ((storedAt.get(name) ?? Number.NEGATIVE_INFINITY) > askedMono) continue
      storedAt.set(name, askedMono)
      const old = repository.put(identity.connectionId, key, service, record, askedWall)
      if (old?.record === undefined || record === undefined) continue
      const now = { record, readAt: askedWall }
      noteOthers(identity.connectionId, { record: old.record, readAt: old.readAt }, now, isOurs)
    }
    return undefined
  }

  return {
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

    /** The outbox has read a service, and stored it. */
    stored(connectionId: string, { key, service }: UserRecord): void {
      if (service !== undefined) storedAt.set(about(connectionId, key.userId, service), clock.mono())
    },
  }
}
export type CallHandlingFeature = ReturnType<typeof createCallHandling>

const emptyOf = (key: UserKey) => ({
  ...rowOf({ key, completeness: 'full', fields: {}, extra: {} }, false, undefined),
  extra: {},
  readAt: 0,
})
