import * as z from 'zod'
import { hideSecrets } from '../../../shared/history/secrets'
import { type HistoryEntry, historyEntry } from '../../../shared/history/shapes'
import type { Json } from '../../../shared/json'
import type { HistoryQuery } from '../../../shared/query/history'
import { areFieldValues } from '../../../shared/user/bounds'
import { isUsableId } from '../../../shared/user/id'
import type { Db, SqlRow } from '../connection'
import { type HistoryLinesQuery, historyBatches } from './history-batches'
import { historyChain } from './history-chain'
import { historyWords } from './history-words'
import { number, optionalText, text } from './rows'

/** A history entry as it is handed over: its place in the order is given by the store. */
export type NewHistoryEntry = Omit<HistoryEntry, 'seq' | 'revertedBy'> & {
  readonly connectionId: string
  /** The outbox entry that caused it. */
  readonly entryId?: string
}
export type StoredHistoryEntry = HistoryEntry & { readonly connectionId: string; readonly entryId?: string }

/** What may become known of an entry after it was opened. */
export type HistoryChanges = Partial<Omit<NewHistoryEntry, 'id' | 'connectionId' | 'user' | 'startedWall'>>

const stored = historyEntry.extend({ connectionId: z.string(), entryId: z.string().optional() }).loose()

export interface HistoryWindowQuery {
  readonly start: number
  readonly count: number
  readonly connectionId?: string
  readonly userId?: string
  readonly query?: HistoryQuery
}

export interface HistoryCount {
  /** Wall ms at which the quarter of an hour begins. */
  readonly from: number
  readonly outcome: string
  readonly entries: number
}

const quarterHour = 900_000

/** The ids in `reverts`: one outbox entry may put back several history entries of a user. */
export const revertedIds = (reverts: string | undefined): string[] =>
  (reverts ?? '').split(' ').filter((id) => id !== '')

/** Without what looks like a secret in the server's own words. */
const clean = <T extends HistoryChanges>(entry: T): T =>
  entry.answer === undefined ? entry : { ...entry, answer: hideSecrets(entry.answer) }

/** An id that could not be shown would keep all the others from being shown. */
const shownId = (userId: string): string => (isUsableId('userId', userId) ? userId : '')

/** In place of an entry that cannot be understood: it is there, it is said to be damaged, and all others are shown. */
const standIn = (row: SqlRow): StoredHistoryEntry => ({
  id: text(row, 'id'),
  seq: number(row, 'seq'),
  connectionId: text(row, 'connection_id'),
  user: { serviceProviderId: '', groupId: '', userId: shownId(text(row, 'user_id')) },
  userName: '',
  action: 'Damaged entry',
  fields: [],
  outcome: text(row, 'outcome'),
  words: 'This entry is damaged and cannot be read. All others can.',
  account: '',
  origin: '',
  startedWall: number(row, 'started_wall'),
  before: {},
  asked: {},
  request: '',
})

/** A request and an answer are texts of calls about one user. */
const longestCall = 1_000_000

/** Whether it can be shown: an entry of a restored file may hold what no field and no call has. */
const isBounded = ({
  before,
  asked,
  carried = {},
  after = {},
  request,
  answer = '',
  words,
}: HistoryEntry): boolean =>
  [before, asked, carried, after].every(areFieldValues) &&
  [request, answer, words].every((text) => text.length <= longestCall)

const objectOf = (json: string): object => {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

const valuesIn = (json: unknown): Record<string, Json> =>
  typeof json === 'string' ? (objectOf(json) as Record<string, Json>) : {}

/**
 * Every attempt to change something, in the order they were made. What an entry was when it was opened is never
 * written again; what became of it is added beside, and each step is a link of the hash chain.
 */
export const historyRepository = (db: Db) => {
  const chain = historyChain(db)
  const words = historyWords(db)
  const batches = historyBatches(db, words)

  const entryOf = (row: SqlRow): StoredHistoryEntry => {
    const settled = optionalText(row, 'settled')
    let parsed: ReturnType<typeof stored.safeParse> | undefined
    try {
      parsed = stored.safeParse({
        ...JSON.parse(text(row, 'row')),
        ...(settled === undefined ? {} : JSON.parse(settled)),
        seq: number(row, 'seq'),
      })
    } catch {}
    const entry = parsed?.success && isBounded(parsed.data) ? parsed.data : standIn(row)
    const revertedBy = optionalText(row, 'reverted_by')
    return { ...entry, ...(revertedBy === undefined ? {} : { revertedBy }) } as StoredHistoryEntry
  }

  const columns = `h.seq, h.row, h.settled, h.id, h.connection_id, h.user_id, h.started_wall, h.outcome, (
    SELECT r.id FROM history_reverts v JOIN history r ON r.seq = v.seq
    WHERE v.reverted_id = h.id ORDER BY v.seq DESC LIMIT 1) AS reverted_by`

  const byId = (id: string): StoredHistoryEntry | undefined => {
    const row = db.get(`SELECT ${columns} FROM history h WHERE h.id = ?`, id)
    return row && entryOf(row)
  }

  /** The sequence numbers of a stretch of what is found, newest first. */
  const found = ({ start, count, connectionId, userId, query }: HistoryWindowQuery) => {
    const { from, seq, where, values } = words.sql(query?.clauses ?? [], { connectionId, userId })
    const total = Number(db.rows(`SELECT count(*) FROM ${from} ${where}`, ...values)[0]?.[0] ?? 0)
    const seqs = db.rows(
      `SELECT ${seq} FROM ${from} ${where} ORDER BY ${seq} DESC LIMIT ? OFFSET ?`,
      ...values,
      count,
      start,
    )
    return { total, seqs: seqs.map(([value]) => Number(value)) }
  }

  const bySeqs = (seqs: readonly number[]): StoredHistoryEntry[] =>
    seqs.length === 0
      ? []
      : db
          .all(
            `SELECT ${columns} FROM history h WHERE h.seq IN (${seqs.map(() => '?').join(', ')})
             ORDER BY h.seq DESC`,
            ...seqs,
          )
          .map(entryOf)

  return {
    byId,

    has: (id: string): boolean => db.rows('SELECT 1 FROM history WHERE id = ?', id).length > 0,

    /** The entries with these ids, newest first; ids that are unknown are left out. */
    byIds: (ids: readonly string[]): StoredHistoryEntry[] =>
      ids
        .map(byId)
        .filter((entry): entry is StoredHistoryEntry => entry !== undefined)
        .sort((a, b) => b.seq - a.seq),

    /** Adds an entry and returns its sequence number. */
    append: (entry: NewHistoryEntry): number =>
      db.transaction(() => {
        const row = JSON.stringify(clean(entry))
        const seq = db.run(
          `INSERT INTO history (id, connection_id, entry_id, user_id, started_wall, outcome, row)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
          entry.id,
          entry.connectionId,
          entry.entryId ?? null,
          entry.user.userId,
          entry.startedWall,
          entry.outcome,
          row,
        ).id
        for (const id of revertedIds(entry.reverts)) {
          db.run('INSERT INTO history_reverts (seq, reverted_id) VALUES (?, ?)', seq, id)
        }
        const { id, connectionId, startedWall } = entry
        chain.opened({ seq, id, connectionId, userId: entry.user.userId, startedWall, row })
        words.put({ ...entry, seq })
        return seq
      }),

    /** Adds what became known of an entry since it was appended; false when there is no such entry. */
    settle: (id: string, changes: HistoryChanges): boolean =>
      db.transaction(() => {
        const row = db.get(
          'SELECT seq, row, settled, id, connection_id, user_id, started_wall, outcome FROM history WHERE id = ?',
          id,
        )
        if (row === undefined) return false
        const before = optionalText(row, 'settled')
        const settled = JSON.stringify({
          ...(before === undefined ? {} : objectOf(before)),
          ...clean(changes),
        })
        const after = { ...entryOf({ ...row, settled }), ...clean(changes) }
        const entryId = after.entryId ?? null
        db.run(
          'UPDATE history SET outcome = ?, entry_id = ?, settled = ? WHERE seq = ?',
          after.outcome,
          entryId,
          settled,
          after.seq,
        )
        chain.settled({ seq: after.seq, outcome: after.outcome, entryId, settled })
        words.put(after)
        return true
      }),

    /** A stretch of the entries that are found, newest first; `total` counts all of them. */
    window: (asked: HistoryWindowQuery) => {
      const { total, seqs } = found(asked)
      return { total, entries: bySeqs(seqs) }
    },

    /** A stretch of what is found with each batch as one line, newest first; see `historyBatches`. */
    lines: (asked: HistoryLinesQuery) => {
      const { lines, ...counts } = batches.window(asked)
      const entries = new Map(bySeqs(lines.map(({ seq }) => seq)).map((entry) => [entry.seq, entry]))
      return {
        ...counts,
        lines: lines.flatMap(({ seq, ...line }) => {
          const entry = entries.get(seq)
          return entry === undefined ? [] : [{ ...line, entry }]
        }),
      }
    },

    place: batches.place,

    /** Whether a search finds this entry. */
    finds: ({ clauses }: HistoryQuery, id: string): boolean => {
      const { from, where, values } = words.sql(clauses, { whole: true })
      const is = 'h.seq = (SELECT seq FROM history WHERE id = ?)'
      const sql = `SELECT 1 FROM ${from} ${where === '' ? `WHERE ${is}` : `${where} AND ${is}`}`
      return db.rows(sql, ...values, id).length > 0
    },

    /** One batch as the line that stands for it; nothing when fewer of its changes are found than make one. */
    batch: (asked: Pick<HistoryWindowQuery, 'query'>, batchId: string) => {
      const line = batches.one(asked, batchId)
      const [entry] = line === undefined ? [] : bySeqs([line.seq])
      if (line === undefined || entry === undefined) return undefined
      const values = line.agreed.map((path) => ({ path, now: entry.asked[path] ?? null }))
      return { entry, batch: { ...line.batch, values } }
    },

    /** Everything that is found, newest first, read in portions so that others can work in between. */
    *each(asked: Omit<HistoryWindowQuery, 'start' | 'count'>): Generator<StoredHistoryEntry[]> {
      const { seqs } = found({ ...asked, start: 0, count: -1 })
      for (let at = 0; at < seqs.length; at += 200) yield bySeqs(seqs.slice(at, at + 200))
    },

    /** The newest writes with what the outbox has to know of them after a start, without parsing whole rows. */
    recentWrites: (
      count: number,
    ): {
      id: string
      outcome: string
      origin: string
      userId: string
      asked: Readonly<Record<string, Json>>
      lingering: boolean
      /** Whether an outbox entry has led to it; what else is written is sent at once, and once. */
      ofEntry: boolean
    }[] =>
      db
        .rows(
          `SELECT id, outcome, user_id, CASE WHEN json_valid(row) THEN json_extract(row, '$.origin') END,
             CASE WHEN json_valid(row) THEN json_extract(row, '$.asked') END,
             CASE WHEN json_valid(row) THEN json_extract(row, '$.carried') END,
             CASE WHEN json_valid(settled) THEN coalesce(json_extract(settled, '$.lingering'), 0) ELSE 0 END,
             CASE WHEN json_valid(row) THEN json_extract(row, '$.entryId') END
           FROM history ORDER BY seq DESC LIMIT ?`,
          count,
        )
        .map(([id, outcome, userId, origin, asked, carried, lingering, entryId]) => ({
          id: String(id),
          outcome: String(outcome),
          userId: String(userId),
          origin: String(origin),
          asked: { ...valuesIn(carried), ...valuesIn(asked) },
          lingering: lingering === 1,
          ofEntry: typeof entryId === 'string',
        })),

    /** How many entries are found, by quarter of an hour and outcome: days of any time zone are made of these. */
    counts: ({ userId, query }: Pick<HistoryWindowQuery, 'userId' | 'query'>): HistoryCount[] => {
      const { from, where, values } = words.sql(query?.clauses ?? [], { userId, whole: true })
      return db
        .rows(
          `SELECT h.started_wall / ${quarterHour} AS quarter, h.outcome, count(*) FROM ${from} ${where}
           GROUP BY quarter, h.outcome ORDER BY quarter`,
          ...values,
        )
        .map(([quarter, outcome, entries]) => ({
          from: Number(quarter) * quarterHour,
          outcome: String(outcome),
          entries: Number(entries),
        }))
    },

    /** The entries of one outbox entry, oldest first. */
    ofEntry: (entryId: string): StoredHistoryEntry[] =>
      db.all(`SELECT ${columns} FROM history h WHERE h.entry_id = ? ORDER BY h.seq`, entryId).map(entryOf),

    /** Makes up to `count` entries findable that are not; returns how many it did. */
    indexSome: (count: number): number =>
      db.transaction(() => {
        const seqs = words.missing(count)
        for (const entry of bySeqs(seqs)) words.put(entry)
        return seqs.length
      }),

    /**
     * Removes entries that began before a wall-clock time, from the oldest up to the first that must stay, and leaves
     * a mark in the chain that says so. Entries whose outcome is open stay, and all behind them.
     */
    trim: (before: number, wall: number): number =>
      db.transaction(() => {
        const first = db.rows(
          `SELECT min(seq) FROM history WHERE started_wall >= ? OR outcome IN ('pending', 'unknown')`,
          before,
        )[0]?.[0]
        const through =
          first === null || first === undefined
            ? Number(db.rows('SELECT max(seq) FROM history')[0]?.[0] ?? 0)
            : Number(first) - 1
        const entries = Number(db.rows('SELECT count(*) FROM history WHERE seq <= ?', through)[0]?.[0] ?? 0)
        if (entries === 0) return 0
        db.run('DELETE FROM history_words WHERE rowid <= ?', through)
        db.run('DELETE FROM history_reverts WHERE seq <= ?', through)
        db.run('DELETE FROM history WHERE seq <= ?', through)
        chain.trimmed(through, JSON.stringify({ through, entries, before, wall }))
        return entries
      }),
  }
}
export type HistoryRepository = ReturnType<typeof historyRepository>
