import * as z from 'zod'
import { type HistoryEntry, historyEntry } from '../../../shared/ipc/contract'
import type { Db, SqlRow } from '../connection'
import { StoreError } from '../errors'
import { number, text } from './rows'

/** A history entry as it is handed over: its place in the order is given by the store. */
export type NewHistoryEntry = Omit<HistoryEntry, 'seq'> & {
  readonly connectionId: string
  /** The outbox entry that caused it. */
  readonly entryId?: string
}
export type StoredHistoryEntry = HistoryEntry & { readonly connectionId: string; readonly entryId?: string }

const stored = historyEntry.extend({ connectionId: z.string(), entryId: z.string().optional() }).loose()

export interface HistoryWindowQuery {
  readonly start: number
  readonly count: number
  readonly connectionId?: string
  readonly userId?: string
}

/** Every attempt to change something, in the order they were made. Rows are added and settled, never removed. */
export const historyRepository = (db: Db) => {
  const entryOf = (row: SqlRow): StoredHistoryEntry => {
    const parsed = stored.safeParse({ ...JSON.parse(text(row, 'row')), seq: number(row, 'seq') })
    if (!parsed.success) throw new StoreError('corrupt', 'A history entry cannot be understood.')
    return parsed.data as StoredHistoryEntry
  }

  const byId = (id: string): StoredHistoryEntry | undefined => {
    const row = db.get('SELECT seq, row FROM history WHERE id = ?', id)
    return row && entryOf(row)
  }

  return {
    byId,

    /** Adds an entry and returns its sequence number. */
    append: (entry: NewHistoryEntry): number =>
      db.run(
        `INSERT INTO history (id, connection_id, entry_id, user_id, started_wall, outcome, row)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        entry.id,
        entry.connectionId,
        entry.entryId ?? null,
        entry.user.userId,
        entry.startedWall,
        entry.outcome,
        JSON.stringify(entry),
      ).id,

    /** Adds what became known of an entry since it was appended; false when there is no such entry. */
    settle: (id: string, changes: Partial<Omit<NewHistoryEntry, 'id' | 'connectionId'>>): boolean => {
      const before = byId(id)
      if (before === undefined) return false
      const after = { ...before, ...changes }
      return (
        db.run(
          'UPDATE history SET outcome = ?, entry_id = ?, row = ? WHERE id = ?',
          after.outcome,
          after.entryId ?? null,
          JSON.stringify(after),
          id,
        ).changes > 0
      )
    },

    /** A stretch of the entries, newest first; `total` counts all that fit. */
    window: ({ start, count, connectionId, userId }: HistoryWindowQuery) => {
      const conditions: string[] = []
      const values: string[] = []
      if (connectionId !== undefined) {
        conditions.push('connection_id = ?')
        values.push(connectionId)
      }
      if (userId !== undefined) {
        conditions.push('user_id = ?')
        values.push(userId)
      }
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
      return {
        total: Number(db.rows(`SELECT count(*) FROM history ${where}`, ...values)[0]?.[0] ?? 0),
        entries: db
          .all(
            `SELECT seq, row FROM history ${where} ORDER BY seq DESC LIMIT ? OFFSET ?`,
            ...values,
            count,
            start,
          )
          .map(entryOf),
      }
    },

    /** The entries of one outbox entry, oldest first. */
    ofEntry: (entryId: string): StoredHistoryEntry[] =>
      db.all('SELECT seq, row FROM history WHERE entry_id = ? ORDER BY seq', entryId).map(entryOf),
  }
}
export type HistoryRepository = ReturnType<typeof historyRepository>
