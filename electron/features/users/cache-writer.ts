import { foldedId } from '../../../shared/user/id'
import type { FieldPath, FieldValue, UserKey, UserRecord } from '../../../shared/user/types'
import { sameValue } from '../../../shared/user/value'
import { createPause } from '../../platform/pause'
import type { Clock } from '../../platform/ports'
import { groupsRepository } from '../../store/repositories/groups'
import { outboxRepository } from '../../store/repositories/outbox'
import { sightingsRepository } from '../../store/repositories/sightings'
import { type UpsertResult, usersRepository } from '../../store/repositories/users'
import type { Store } from '../../store/store'
import { combine } from './combine'
import { compareCodes } from './index/orders'
import { overlayOf } from './overlay'
import { portionsOf } from './portions'

/** How long the process may be kept from other work at a stretch. A commit to a slow disk comes on top. */
const shareMs = 8
/** Users written at a stretch: what is indexed of them, and their commit, count too. */
const portion = 100

/** While answers are being received: how long the process rests at most, as a multiple of the time that it wrote. */
const longestRest = 9
/** A turn of the event loop that took no longer had nothing to do. */
const idleMs = 0.2

/** Users of which the cache changed, as rows of the database. */
export interface Written {
  readonly id: number
  readonly record: UserRecord
  readonly gone: boolean
}

export interface GroupRead {
  readonly connectionId: string
  readonly group: Pick<UserKey, 'serviceProviderId' | 'groupId'>
  readonly records: readonly UserRecord[]
  readonly detailed: boolean
  /** Whether the answer held every user of the group, so that one who is missing is gone. */
  readonly complete: boolean
  /** The number of the load. */
  readonly load: number
  /** When the read was asked for: on the monotonic clock (undefined: an earlier run of the app asked), and for showing. */
  readonly askedMono: number | undefined
  readonly askedWall: number
}

/**
 * Writes what was read into the cache, in small transactions with pauses between them.
 * @param newerThan whether this run of the app knows something newer than a read asked for then (undefined: before this run)
 *   of a user: a verified change must not be overwritten by an older list
 * @param isReading whether answers are being received, which comes before writing
 * @param onWritten told after each transaction
 */
export const createCacheWriter = (deps: {
  readonly store: Store
  readonly clock: Clock
  readonly newerThan: (userId: string, askedMono: number | undefined) => boolean
  readonly isReading: () => boolean
  readonly onWritten: (users: readonly Written[]) => void
}) => {
  const { store, clock, newerThan, isReading, onWritten } = deps
  const users = usersRepository(store)
  const groups = groupsRepository(store)
  const outbox = outboxRepository(store)
  const sightings = sightingsRepository(store)

  /**
   * Puts what was read into the cache, and keeps what somebody else has changed since the last read.
   * @param unlessReadAfter users that were read after this wall time stay as they are
   */
  const put = (
    connectionId: string,
    records: readonly UserRecord[],
    at: number,
    unlessReadAfter?: number,
  ): UpsertResult[] =>
    store.transaction(() => {
      const results = users
        .putMany(connectionId, records, at, combine, unlessReadAfter)
        .filter((result) => result !== undefined)
      for (const result of results) noteForeign(connectionId, result, at)
      return results
    }, 'rereadable')

  const noteForeign = (connectionId: string, result: UpsertResult, at: number): void => {
    if (result.old === undefined || result.change !== 'changed') return
    const { userId } = result.record.key
    let wishes: ReadonlyMap<FieldPath, FieldValue> | undefined
    const isOurs = (path: FieldPath, value: FieldValue): boolean => {
      // Ours may be on the server before its answer is here.
      wishes ??= overlayOf(outbox.liveOfUser(connectionId, userId))?.wishes ?? new Map()
      const mine = wishes.get(path)
      return mine !== undefined && sameValue(path, mine, value)
    }
    sightings.note(connectionId, result.old, { record: result.record, readAt: at }, isOurs)
  }

  /** Lets everything else run: while answers are being received, for as long as there is something else to do. */
  const rest = async (workedMs: number): Promise<void> => {
    const until = clock.mono() + workedMs * longestRest
    for (;;) {
      const began = clock.mono()
      await new Promise((resolve) => setImmediate(resolve))
      const now = clock.mono()
      if (!isReading() || now - began < idleMs || now >= until) return
    }
  }

  /** Only the wall clock tells whether a user was read after a read of an earlier run. */
  const readAfterOf = ({ askedMono, askedWall }: GroupRead): number | undefined =>
    askedMono === undefined ? askedWall : undefined

  const write = async (read: GroupRead, signal: AbortSignal): Promise<void> => {
    const { connectionId, askedMono, askedWall } = read
    // In the order of the database's index: a portion then changes few of its pages, and each costs as much as ten users.
    const records = read.records.toSorted((a, b) => compareCodes(a.key.userId, b.key.userId))
    let worked = 0
    for (const some of portionsOf(records, portion)) {
      await rest(worked)
      if (signal.aborted) return
      const began = clock.mono()
      const wanted = some.filter(({ key }) => !newerThan(key.userId, askedMono))
      onWritten(
        put(connectionId, wanted, askedWall, readAfterOf(read))
          .filter(({ change }) => change !== 'same')
          .map(({ id, record }) => ({ id, record, gone: false })),
      )
      worked = clock.mono() - began
    }
  }

  /**
   * What was read, with each id in the letters in which it is known here: the server does not tell ids apart by case,
   * and its lists may spell one differently from time to time.
   */
  const asKnown = (read: GroupRead): GroupRead => {
    const { serviceProviderId, groupId } = read.group
    const present = users.presentInGroup(read.connectionId, serviceProviderId, groupId)
    const exact = new Set(present.map(({ userId }) => userId))
    if (read.records.every(({ key }) => exact.has(key.userId))) return read
    const sent = new Set(read.records.map(({ key }) => key.userId))
    // Two that the server itself lists beside each other are two.
    const bySpelling = new Map(
      present.flatMap(({ userId }) => (sent.has(userId) ? [] : [[foldedId(userId), userId]])),
    )
    if (bySpelling.size === 0) return read
    const records = read.records.map((record) => {
      const userId = exact.has(record.key.userId) ? undefined : bySpelling.get(foldedId(record.key.userId))
      return userId === undefined ? record : { ...record, key: { ...record.key, userId } }
    })
    return { ...read, records }
  }

  const markMissing = async (read: GroupRead, signal: AbortSignal): Promise<void> => {
    const { connectionId, group, records, askedWall, askedMono } = read
    const seen = new Set(records.map(({ key }) => key.userId))
    const readAfter = readAfterOf(read) ?? Number.POSITIVE_INFINITY
    const missing = users
      .presentInGroup(connectionId, group.serviceProviderId, group.groupId)
      .filter(
        ({ userId, readAt }) => !seen.has(userId) && readAt <= readAfter && !newerThan(userId, askedMono),
      )
      .map(({ id }) => id)
    await markGone(connectionId, missing, askedWall, signal)
  }

  const markGone = async (
    connectionId: string,
    ids: readonly number[],
    at: number,
    signal: AbortSignal,
  ): Promise<void> => {
    const pause = createPause(() => clock.mono(), shareMs)
    for (const some of portionsOf(ids, portion)) {
      if (signal.aborted) return
      users.markGone(connectionId, some, at)
      onWritten(
        users
          .byIds(some)
          .flatMap((user) => (user === undefined ? [] : [{ id: user.id, record: user.record, gone: true }])),
      )
      await pause.wait()
    }
  }

  return {
    /** Stores a complete answer for a group; a cancelled write leaves the group as not read. */
    async writeGroup(answer: GroupRead, signal: AbortSignal): Promise<void> {
      const read = asKnown(answer)
      await write(read, signal)
      if (read.complete) await markMissing(read, signal)
      if (signal.aborted) return
      groups.noteRead(read.connectionId, read.group, {
        at: read.askedWall,
        detailed: read.detailed,
        load: read.load,
      })
    },

    /** Marks every user of a group that the server does not have any more. */
    async groupIsGone(
      connectionId: string,
      group: Pick<UserKey, 'serviceProviderId' | 'groupId'>,
      at: number,
      signal: AbortSignal,
    ): Promise<void> {
      const ids = users
        .presentInGroup(connectionId, group.serviceProviderId, group.groupId)
        .map(({ id }) => id)
      await markGone(connectionId, ids, at, signal)
    },

    /**
     * Stores users that were found, of groups whose lists may never have been read; those of whom something newer is known are
     * left as they are.
     */
    writeFound(
      connectionId: string,
      records: readonly UserRecord[],
      askedMono: number,
      askedWall: number,
    ): Written[] {
      return store.transaction(() => {
        for (const { key } of records) groups.saveName(connectionId, key)
        const known = records.map((record) => ({ ...record, key: users.spelt(connectionId, record.key) }))
        const wanted = known.filter(({ key }) => !newerThan(key.userId, askedMono))
        return put(connectionId, wanted, askedWall).map(({ id, record }) => ({ id, record, gone: false }))
      })
    },

    /** Stores one user just read; undefined when something newer is known. */
    writeOne(
      connectionId: string,
      record: UserRecord,
      askedMono: number,
      askedWall: number,
    ): Written | undefined {
      if (newerThan(record.key.userId, askedMono)) return undefined
      const [result] = put(connectionId, [record], askedWall)
      return result && { id: result.id, record: result.record, gone: false }
    },
  }
}
export type CacheWriter = ReturnType<typeof createCacheWriter>
