import { isOpen } from '../../../shared/change/machine'
import type { Attempt, OutboxEntry } from '../../../shared/change/types'
import { words } from '../../../shared/change/words'
import { sameUserId } from '../../../shared/user/id'
import type { FieldEdit, FieldPath, FieldValue, UserRecord } from '../../../shared/user/types'
import { displayName } from '../../../shared/user/value'
import type { Pause } from '../../platform/pause'
import type { Clock, Log } from '../../platform/ports'
import { historyRepository, type NewHistoryEntry } from '../../store/repositories/history'
import { outboxRepository } from '../../store/repositories/outbox'
import { servicesRepository } from '../../store/repositories/services'
import { type Seen, sightingsRepository } from '../../store/repositories/sightings'
import { usersRepository } from '../../store/repositories/users'
import type { Store } from '../../store/store'
import { changedOver } from '../users/combine'
import type { DiskState, DiskWrite, OutboxDisk } from './engine/ports'

/** Ended entries that stay in the table for a look back; history has them all. */
const endedKept = 1000
/** Entries read in one go. */
const portion = 50

const valuesOf = (edits: readonly FieldEdit[]): Record<FieldPath, FieldValue> =>
  Object.fromEntries(edits.map(({ path, mine }) => [path, mine]))

/** What an attempt adds to its history row once more is known of it. */
const outcomeOf = (attempt: Attempt): Partial<NewHistoryEntry> & Record<string, unknown> => ({
  outcome: attempt.outcome,
  words: attempt.words,
  ...(attempt.after === undefined ? {} : { after: attempt.after }),
  ...(attempt.status === undefined ? {} : { status: attempt.status }),
  ...(attempt.errorCode === undefined ? {} : { errorCode: attempt.errorCode }),
  ...(attempt.endedMono === undefined ? {} : { durationMs: attempt.endedMono - attempt.startedMono }),
  ...(attempt.unguardedMs === undefined ? {} : { unguardedMs: attempt.unguardedMs }),
  ...(attempt.endedWall === undefined ? {} : { endedWall: attempt.endedWall }),
  ...(attempt.endedMono === undefined ? {} : { endedMono: attempt.endedMono }),
  ...(attempt.lingering === undefined ? {} : { lingering: attempt.lingering }),
})

/** Fields of a user that we have sent: what a read shows of them is told by the attempt. */
const sentPaths = ({ entries, settled }: DiskWrite, userId: string): ReadonlySet<FieldPath> =>
  new Set([
    ...entries
      .filter(({ user }) => sameUserId(user.userId, userId))
      .flatMap(({ attempts }) => attempts.flatMap(({ preImage }) => Object.keys(preImage))),
    ...Object.keys(settled?.attempt.preImage ?? {}),
  ])

/**
 * The engine's disk: the encrypted store. Every write is one transaction, on disk when it returns.
 * `recentWrites`: how many of the newest writes a start looks back at, at least as many as fit into the settle time.
 */
export function createOutboxDisk(deps: {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly recentWrites: number
}): OutboxDisk & {
  /** Reads ahead, in portions, what `load` will need: a long outbox would keep everything else waiting. */
  readAhead(pause: Pause): Promise<void>
  /** How many changes were met that are damaged. They stay where they are. */
  unreadable(): number
} {
  const { store, clock, log, recentWrites } = deps
  const unreadable = new Set<number>()
  const outbox = outboxRepository(store, {
    onUnreadable: ({ seq, reason }) => {
      unreadable.add(seq)
      log.error('outbox.unreadable-entry', { seq, reason })
    },
  })
  const history = historyRepository(store)
  const users = usersRepository(store)
  const services = servicesRepository(store)
  const sightings = sightingsRepository(store)

  const nameOf = ({ connectionId, user }: OutboxEntry): string => {
    const cached = users.byUserId(connectionId, user.userId)
    return cached === undefined ? user.userId : displayName(cached.record)
  }

  const open = ({ entry, attempt, asked }: NonNullable<DiskWrite['opened']>): void => {
    const row: NewHistoryEntry & Record<string, unknown> = {
      id: attempt.id,
      connectionId: entry.connectionId,
      entryId: entry.id,
      user: entry.user,
      userName: nameOf(entry),
      action: entry.reverts === undefined ? 'change' : 'revert',
      fields: asked.map(({ path }) => path),
      outcome: attempt.outcome,
      words: attempt.words,
      account: entry.account,
      origin: entry.origin,
      ...(entry.reason === undefined ? {} : { reason: entry.reason }),
      ...(entry.batchId === undefined ? {} : { batchId: entry.batchId }),
      ...(entry.reverts === undefined ? {} : { reverts: entry.reverts }),
      startedWall: attempt.startedWall,
      startedMono: attempt.startedMono,
      preReadMono: attempt.preReadMono,
      before: attempt.preImage,
      asked: valuesOf(asked),
      ...(attempt.carried === undefined ? {} : { carried: attempt.carried }),
      request: JSON.stringify(attempt.body),
    }
    history.append(row)
  }

  let ahead: { readonly version: number; readonly entries: readonly OutboxEntry[] } | undefined

  const live = (): readonly OutboxEntry[] => {
    const read = ahead
    ahead = undefined
    return read !== undefined && read.version === outbox.version() ? read.entries : outbox.live()
  }

  const load = (): DiskState => {
    const entries = live()
    const openAttempts = new Set(entries.filter(isOpen).map((entry) => entry.attempts.at(-1)?.id))
    const recent = history.recentWrites(recentWrites)
    for (const { id, outcome, ofEntry } of recent) {
      // A record that the disk kept although it had said no, and that was never sent; or a password, a move or another
      // change that is made at once, of which the app did not live to see the answer.
      if (outcome === 'pending' && !openAttempts.has(id)) {
        history.settle(id, { outcome: 'unknown', words: ofEntry ? words.orphan : words.interrupted })
      }
    }
    outbox.pruneEnded(endedKept)
    return { entries, recent, nextSeq: outbox.nextSeq() }
  }

  return {
    async readAhead(pause) {
      const version = outbox.version()
      const entries: OutboxEntry[] = []
      for (let last: number | undefined = 0; last !== undefined; ) {
        const some = outbox.liveAfter(last, portion)
        entries.push(...some.entries)
        last = some.last
        if (pause.due()) await pause.wait()
      }
      ahead = { version, entries }
    },

    unreadable: () => unreadable.size,

    load: () => store.transaction(load),

    commit: (write) =>
      store.transaction(() => {
        for (const entry of write.entries) outbox.put(entry)
        if (write.opened !== undefined) open(write.opened)
        if (write.settled !== undefined) {
          const { attempt, answer } = write.settled
          history.settle(attempt.id, { ...outcomeOf(attempt), ...(answer === undefined ? {} : { answer }) })
        }
        for (const attempt of write.abandoned ?? []) history.settle(attempt.id, outcomeOf(attempt))
        if (write.user !== undefined) {
          const { connectionId, record } = write.user
          const readAt = clock.wall()
          const noteOthers = (old: Seen, now: UserRecord): void => {
            const ours = sentPaths(write, record.key.userId)
            sightings.note(connectionId, old, { record: now, readAt }, (path) => ours.has(path))
          }
          if (record.service !== undefined) {
            const old = services.put(connectionId, record.key, record.service, record, readAt)
            if (old?.record !== undefined) noteOthers({ record: old.record, readAt: old.readAt }, record)
            return
          }
          const result = users.put(connectionId, record, readAt, changedOver)
          if (result?.old !== undefined && result.change === 'changed') noteOthers(result.old, result.record)
        }
      }),
  }
}
