import type { ServiceId } from '../../../shared/calls/catalogue'
import { foldedId } from '../../../shared/user/id'
import type { FieldPath, FieldValue, UserKey, UserRecord } from '../../../shared/user/types'
import { sameValue } from '../../../shared/user/value'
import { createPause } from '../../platform/pause'
import type { Clock } from '../../platform/ports'
import { outboxRepository } from '../../store/repositories/outbox'
import { type CachedService, servicesRepository } from '../../store/repositories/services'
import { sightingsRepository } from '../../store/repositories/sightings'
import type { Store } from '../../store/store'
import { overlayOf } from '../users/overlay'
import { portionsOf } from '../users/portions'

/** How long the process may be kept from other work at a stretch. */
const shareMs = 8
/** Services written at a stretch: what is indexed of them, and their commit, count too. */
const portion = 50

/** One service of a user as just read; without a record the user does not have it. */
export interface ReadService {
  readonly key: UserKey
  readonly service: ServiceId
  readonly record: UserRecord | undefined
}

/**
 * The copies on this computer of the services of users, and what others have changed between two reads. What was verified, or
 * what a person asked for, is never replaced by an older read, however long that was on its way.
 * @param onStored told after each transaction whose copies there are anew
 */
export function createCallCopies(deps: {
  readonly store: Store
  readonly clock: Pick<Clock, 'mono'>
  readonly onStored: (connectionId: string, users: readonly UserKey[]) => void
}) {
  const { store, clock, onStored } = deps
  const repository = servicesRepository(store)
  const outbox = outboxRepository(store)
  const sightings = sightingsRepository(store)
  /** By connection, user and service: when the newest of what is stored was asked for, on the monotonic clock. */
  const storedAt = new Map<string, number>()
  const about = (connectionId: string, userId: string, service: ServiceId): string =>
    `${connectionId}\n${foldedId(userId)}\n${service}`

  /** Ours may be on the server before its answer is here. */
  const isOurs = (connectionId: string, userId: string) => {
    let wishes: ReadonlyMap<FieldPath, FieldValue> | undefined
    return (path: FieldPath, value: FieldValue): boolean => {
      wishes ??= overlayOf(outbox.liveOfUser(connectionId, userId))?.wishes ?? new Map()
      const mine = wishes.get(path)
      return mine !== undefined && sameValue(path, mine, value)
    }
  }

  /** Stores what was read, unless something newer is here, in one transaction. */
  const storeNow = (
    connectionId: string,
    read: readonly ReadService[],
    asked: { readonly mono: number; readonly wall: number },
  ): void => {
    const fresh = read.filter(
      ({ key, service }) =>
        (storedAt.get(about(connectionId, key.userId, service)) ?? Number.NEGATIVE_INFINITY) <= asked.mono,
    )
    if (fresh.length === 0) return
    store.transaction(() => {
      for (const { key, service, record } of fresh) {
        const old = repository.put(connectionId, key, service, record, asked.wall)
        if (old?.record === undefined || record === undefined) continue
        const before = { record: old.record, readAt: old.readAt }
        sightings.note(connectionId, before, { record, readAt: asked.wall }, isOurs(connectionId, key.userId))
      }
    }, 'rereadable')
    onStored(connectionId, [...new Set(fresh.map(({ key }) => key))])
  }

  return {
    ofUser: (connectionId: string, key: UserKey): CachedService[] => repository.ofUser(connectionId, key),

    ofUsers: (
      connectionId: string,
      keys: readonly UserKey[],
      wanted: readonly ServiceId[],
    ): Map<UserKey, CachedService[]> => repository.ofUsers(connectionId, keys, wanted),

    /** Stores what was read of one user, unless something newer is here. */
    store(
      connectionId: string,
      read: readonly ReadService[],
      asked: { readonly mono: number; readonly wall: number },
    ): void {
      storeNow(connectionId, read, asked)
      for (const { key, service } of read) {
        const name = about(connectionId, key.userId, service)
        storedAt.set(name, Math.max(asked.mono, storedAt.get(name) ?? asked.mono))
      }
    },

    /**
     * The same of many users, in small transactions with pauses between them. When each of them was asked for is not
     * remembered: it would take more memory than everything else that is known of them.
     */
    async storeMany(
      connectionId: string,
      read: readonly ReadService[],
      asked: { readonly mono: number; readonly wall: number },
      signal: AbortSignal,
    ): Promise<void> {
      const pause = createPause(() => clock.mono(), shareMs)
      for (const some of portionsOf(read, portion)) {
        if (signal.aborted) return
        storeNow(connectionId, some, asked)
        if (pause.due()) await pause.wait()
      }
    },

    /** The outbox has read a service, and stored it. */
    stored(connectionId: string, { key, service }: UserRecord): void {
      if (service === undefined) return
      storedAt.set(about(connectionId, key.userId, service), clock.mono())
      onStored(connectionId, [key])
    },

    forget(connectionId: string): void {
      for (const name of storedAt.keys()) if (name.startsWith(`${connectionId}\n`)) storedAt.delete(name)
      repository.removeConnection(connectionId)
    },
  }
}
export type CallCopies = ReturnType<typeof createCallCopies>
