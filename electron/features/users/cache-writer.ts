import type { FieldPath, FieldValue, UserRecord } from '../../../shared/user/types'
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
import type { PlannedGroup } from './plan'
import { portionsOf } from './portions'

/** How long the process may be kept from other work at a stretch. A commit to a slow disk comes on top. */
const shareMs = 8
/** Users written at a stretch: what is indexed of them, and their commit, count too. */
const portion = 100

/** Users of which the cache changed, as rows of the database. */
export interface Written {
  readonly id: number
  readonly record: UserRecord
  readonly gone: boolean
}

export interface GroupRead {
  readonly connectionId: string
  readonly group: PlannedGroup
  readonly records: readonly UserRecord[]
  readonly detailed: boolean
  /** Whether the answer held every user of the group, so that one who is missing is gone. */
  readonly complete: boolean
  /** The number of the load. */
  readonly load: number
  /** When the read was asked for: on the monotonic clock, and for showing. */
  readonly askedMono: number
  readonly askedWall: number
}

/**
 * Writes what was read into the cache, in small transactions with pauses between them.
 * @param newerThan whether something newer than a read asked for then is known of a user: a verified change must not be
 *   overwritten by an older list
 * @param onWritten told after each transaction
 */
export const createCacheWriter = (deps: {
  readonly store: Store
  readonly clock: Clock
  readonly newerThan: (userId: string, askedMono: number) => boolean
  readonly onWritten: (users: readonly Written[]) => void
}) => {
  const { store, clock, newerThan, onWritten } = deps
  const users = usersRepository(store)
  const groups = groupsRepository(store)
  const outbox = outboxRepository(store)
  const sightings = sightingsRepository(store)

  /** Puts what was read into the cache, and keeps what somebody else has changed since the last read. */
  const put = (connectionId: string, records: readonly UserRecord[], at: number): UpsertResult[] =>
    store.transaction(() => {
      const results = users
        .putMany(connectionId, records, at, combine)
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

  let turns: Promise<unknown> = Promise.resolve()

  /** Groups that are read side by side are written one portion after another, with everything else in between. */
  const inTurn = (work: () => void): Promise<void> => {
    const turn = turns.then(() => new Promise((free) => setImmediate(free))).then(work)
    turns = turn.catch(() => {})
    return turn
  }

  const write = async (read: GroupRead, signal: AbortSignal): Promise<void> => {
    const { connectionId, askedMono, askedWall } = read
    // In the order of the database's index: a portion then changes few of its pages, and each costs as much as ten users.
    const records = read.records.toSorted((a, b) => compareCodes(a.key.userId, b.key.userId))
    for (const some of portionsOf(records, portion)) {
      if (signal.aborted) return
      await inTurn(() => {
        const wanted = some.filter(({ key }) => !newerThan(key.userId, askedMono))
        onWritten(
          put(connectionId, wanted, askedWall)
            .filter(({ change }) => change !== 'same')
            .map(({ id, record }) => ({ id, record, gone: false })),
        )
      })
    }
  }

  const markMissing = async (read: GroupRead, signal: AbortSignal): Promise<void> => {
    const { connectionId, group, records, askedWall, askedMono } = read
    const seen = new Set(records.map(({ key }) => key.userId))
    const missing = users
      .presentInGroup(connectionId, group.serviceProviderId, group.groupId)
      .filter(({ userId }) => !seen.has(userId) && !newerThan(userId, askedMono))
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
    async writeGroup(read: GroupRead, signal: AbortSignal): Promise<void> {
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
      group: Pick<PlannedGroup, 'serviceProviderId' | 'groupId'>,
      at: number,
      signal: AbortSignal,
    ): Promise<void> {
      const ids = users
        .presentInGroup(connectionId, group.serviceProviderId, group.groupId)
        .map(({ id }) => id)
      await markGone(connectionId, ids, at, signal)
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
