import type {
  DiskState,
  DiskWrite,
  OutboxDisk,
  RecentWrite,
} from '../../electron/features/outbox/engine/ports'
import type { ServiceId } from '../../shared/calls/catalogue'
import { isEnded } from '../../shared/change/machine'
import type { Attempt, OutboxEntry } from '../../shared/change/types'
import type { FieldEdit, UserRecord } from '../../shared/user/types'

/** What becomes of one durable write. */
export type WriteFate =
  | 'kept'
  /** The process dies before anything is on disk. */
  | 'crash-before'
  /** The process dies with the write on disk, before it is told so. */
  | 'crash-after'
  /** The process dies in the middle: a part of the record is there, and is not a record. */
  | 'torn'
  /** Refused, and nothing is on disk. */
  | 'full'
  /** Refused, yet it turns up if the process dies before the next write, as after a failed flush. */
  | 'phantom'

/** Thrown into the engine when its process has just died. Whatever it still does has no effect. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

export interface HistoryRow extends Attempt {
  readonly entryId: string
  readonly origin: string
  readonly account: string
  readonly userId: string
  readonly asked: readonly FieldEdit[]
  readonly answer?: string
}

/** By what the copy of a user, or of a service, is found. */
export const copyKey = (connectionId: string, userId: string, service: ServiceId | undefined): string =>
  `${connectionId}\n${userId}\n${service ?? ''}`

/**
 * A disk that holds text, as files do: nothing the engine keeps in memory is shared with it. It outlives processes.
 */
export function createSimDisk() {
  const entries = new Map<string, OutboxEntry>()
  const alive = new Map<string, OutboxEntry>()
  const history = new Map<string, HistoryRow>()
  const users = new Map<string, UserRecord>()
  let listed: readonly OutboxEntry[] | undefined
  let phantom: string | undefined
  let seqs = 0

  const apply = (text: string): DiskWrite => {
    const write = JSON.parse(text) as DiskWrite
    listed = undefined
    for (const entry of write.entries) {
      entries.set(entry.id, entry)
      if (isEnded(entry)) alive.delete(entry.id)
      else alive.set(entry.id, entry)
      seqs = Math.max(seqs, entry.seq)
    }
    if (write.opened) {
      const { attempt, entry, asked } = write.opened
      history.set(attempt.id, {
        ...attempt,
        entryId: entry.id,
        origin: entry.origin,
        account: entry.account,
        userId: entry.user.userId,
        asked,
      })
    }
    if (write.settled) {
      const { attempt, answer } = write.settled
      const before = history.get(attempt.id)
      if (before)
        history.set(attempt.id, { ...before, ...attempt, ...(answer === undefined ? {} : { answer }) })
    }
    for (const attempt of write.abandoned ?? []) {
      const before = history.get(attempt.id)
      if (before) history.set(attempt.id, { ...before, ...attempt })
    }
    if (write.user) {
      const { connectionId, record } = write.user
      users.set(copyKey(connectionId, record.key.userId, record.service), record)
    }
    return write
  }

  return {
    entries: entries as ReadonlyMap<string, OutboxEntry>,
    history: history as ReadonlyMap<string, HistoryRow>,
    users,
    live(): readonly OutboxEntry[] {
      listed ??= [...alive.values()]
      return listed
    },

    /** The disk as one process sees it. `fate` is asked for each write; `written` hears what is on disk. */
    open(hooks: {
      readonly alive: () => boolean
      readonly fate: (write: DiskWrite) => WriteFate
      readonly die: () => void
      readonly written: (write: DiskWrite) => void
    }): OutboxDisk {
      const dead = (): never => {
        throw new Crash('The process is dead.')
      }
      return {
        load(): DiskState {
          if (!hooks.alive()) dead()
          const live = [...alive.values()].sort((a, b) => a.seq - b.seq)
          const recent: RecentWrite[] = [...history.values()].slice(-450).map((row) => ({
            origin: row.origin,
            userId: row.userId,
            asked: {
              ...row.carried,
              ...Object.fromEntries(row.asked.map(({ path, mine }) => [path, mine])),
            },
            lingering: row.lingering ?? false,
          }))
          return JSON.parse(JSON.stringify({ entries: live, recent, nextSeq: seqs + 1 })) as DiskState
        },
        commit(write) {
          if (!hooks.alive()) dead()
          const text = JSON.stringify(write)
          const fate = hooks.fate(write)
          if (fate === 'full') throw new Error('The disk is full.')
          if (fate === 'phantom') {
            phantom = text
            throw new Error('The disk reported an error.')
          }
          if (fate === 'kept' || fate === 'crash-after') {
            phantom = undefined
            hooks.written(apply(text))
          }
          if (fate !== 'kept') {
            hooks.die()
            dead()
          }
        },
      }
    },

    /** After a process died: what a failed flush had left behind may be there after all. */
    recover(keepPhantom: boolean): DiskWrite | undefined {
      const text = phantom
      phantom = undefined
      return text !== undefined && keepPhantom ? apply(text) : undefined
    },
  }
}
export type SimDisk = ReturnType<typeof createSimDisk>
