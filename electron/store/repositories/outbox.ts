import * as z from 'zod'
import { entryState, fieldConflict } from '../../../shared/change/shapes'
import type { EntryState, OutboxEntry } from '../../../shared/change/types'
import type { Json } from '../../../shared/json'
import { json } from '../../../shared/json'
import { areFieldValues, isShallow } from '../../../shared/user/bounds'
import { fieldEdit, userKey } from '../../../shared/user/shapes'
import type { Db, SqlRow } from '../connection'
import { number, text } from './rows'

/** Far more than a user has fields. */
const mostEdits = 2_000
/** Values lie so deep in an entry at most. */
const levelsAround = 6
const tooLarge = 'larger than a field can be'
const fieldValues = z.record(z.string(), json).refine(areFieldValues, tooLarge)

const attempt = z.object({
  id: z.string(),
  body: fieldValues,
  preImage: fieldValues,
  preReadMono: z.number(),
  startedMono: z.number(),
  startedWall: z.number(),
  endedMono: z.number().optional(),
  endedWall: z.number().optional(),
  unguardedMs: z.number().optional(),
  outcome: z.enum([
    'pending',
    'done',
    'normalised',
    'superseded',
    'not-applied',
    'not-kept',
    'partial',
    'rejected',
    'unknown',
  ]),
  status: z.number().optional(),
  errorCode: z.string().optional(),
  answer: z.string().optional(),
  after: fieldValues.optional(),
  words: z.string(),
})

// Loose: what a later version adds to an entry must survive being read and written by this one.
const outboxEntry = z.looseObject({
  id: z.string(),
  seq: z.number().int(),
  origin: z.string(),
  account: z.string(),
  connectionId: z.string(),
  user: userKey,
  edits: z
    .array(fieldEdit.extend({ moved: z.literal(true).optional() }).refine(areFieldValues, tooLarge))
    .max(mostEdits),
  reason: z.string().optional(),
  batchId: z.string().optional(),
  reverts: z.string().optional(),
  state: entryState,
  why: z.string(),
  nextTryWall: z.number().optional(),
  conflicts: z.array(fieldConflict.refine(areFieldValues, tooLarge)).max(mostEdits),
  attempts: z.array(attempt.loose()),
  createdWall: z.number(),
})

/** Whether a value is an entry as the outbox keeps it. */
export const isOutboxEntry = (value: unknown): value is Record<string, unknown> =>
  isShallow(value as Json, -levelsAround) && outboxEntry.safeParse(value).success

/** The states in which an entry no longer waits for anything. Everything else is live. */
export const endedStates: readonly EntryState[] = ['done', 'cancelled', 'superseded']

const ended = endedStates.map((state) => `'${state}'`).join(', ')
const live = `state NOT IN (${ended})`

const nextVersion = '(SELECT coalesce(max(version), 0) + 1 FROM outbox)'

/** What an outbox row says that cannot be understood: it stays in the table, and a person is told. */
export interface UnreadableEntry {
  readonly seq: number
  readonly reason: string
}

export interface OutboxRepositoryOptions {
  /** Told of each row that was passed over because it could not be understood. */
  readonly onUnreadable?: (entry: UnreadableEntry) => void
}

/**
 * The outbox on disk. An entry is parsed anew each time it is read: a row that no longer fits is passed over and reported,
 * never dropped. Call inside `store.transaction` to make a change durable together with others.
 */
export const outboxRepository = (db: Db, { onUnreadable = () => {} }: OutboxRepositoryOptions = {}) => {
  const entryOf = (row: SqlRow): OutboxEntry | undefined => {
    let reason: string
    try {
      const parsed = outboxEntry.safeParse(JSON.parse(text(row, 'entry')))
      if (parsed.success && parsed.data.seq === row.seq) return parsed.data as OutboxEntry
      reason = parsed.success
        ? 'seq: of another entry'
        : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; ')
    } catch {
      reason = 'not JSON'
    }
    onUnreadable({ seq: number(row, 'seq'), reason })
    return undefined
  }
  const entriesOf = (rows: readonly SqlRow[]): OutboxEntry[] =>
    rows.map(entryOf).filter((entry): entry is OutboxEntry => entry !== undefined)

  return {
    /** The sequence number for the next entry: larger than any that was ever given out. */
    nextSeq: (): number =>
      Number(db.rows(`SELECT seq FROM sqlite_sequence WHERE name = 'outbox'`)[0]?.[0] ?? 0) + 1,

    /** Stores the entry as it is now, over what was there of it. */
    put: (entry: OutboxEntry): void => {
      db.run(
        `INSERT INTO outbox (seq, id, connection_id, origin, account, sp, grp, user_id, state, entry, version)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${nextVersion})
         ON CONFLICT (id) DO UPDATE SET connection_id = excluded.connection_id, origin = excluded.origin,
           account = excluded.account, sp = excluded.sp, grp = excluded.grp, user_id = excluded.user_id,
           state = excluded.state, entry = excluded.entry, version = excluded.version`,
        entry.seq,
        entry.id,
        entry.connectionId,
        entry.origin,
        entry.account,
        entry.user.serviceProviderId,
        entry.user.groupId,
        entry.user.userId,
        entry.state,
        JSON.stringify(entry),
      )
    },

    /** Forgets ended entries but for the newest `keep`. */
    pruneEnded: (keep: number): number =>
      db.run(
        `DELETE FROM outbox WHERE state IN (${ended}) AND seq <=
           (SELECT seq FROM outbox WHERE state IN (${ended}) ORDER BY seq DESC LIMIT 1 OFFSET ?)`,
        keep,
      ).changes,

    byId: (id: string): OutboxEntry | undefined => {
      const row = db.get('SELECT seq, entry FROM outbox WHERE id = ?', id)
      return row && entryOf(row)
    },

    /** Live entries in the order they were made, of one connection or of all. */
    live: (connectionId?: string): OutboxEntry[] =>
      entriesOf(
        connectionId === undefined
          ? db.all(`SELECT seq, entry FROM outbox WHERE ${live} ORDER BY seq`)
          : db.all(
              `SELECT seq, entry FROM outbox WHERE connection_id = ? AND ${live} ORDER BY seq`,
              connectionId,
            ),
      ),

    /**
     * {@link live} in portions of at most `count` behind `seq`. `last` is where the next one begins, also when nothing of this
     * one can be read; left out when there is no more.
     */
    liveAfter: (seq: number, count: number): { entries: OutboxEntry[]; last?: number } => {
      const rows = db.all(
        `SELECT seq, entry FROM outbox WHERE seq > ? AND ${live} ORDER BY seq LIMIT ?`,
        seq,
        count,
      )
      const last = rows.at(-1)
      return { entries: entriesOf(rows), ...(last === undefined ? {} : { last: number(last, 'seq') }) }
    },

    /** The version of the newest change of any entry. */
    version: (): number => Number(db.rows('SELECT max(version) FROM outbox')[0]?.[0] ?? 0),

    /**
     * Who has live entries, each with a stamp that is another one whenever those were others: a sequence number is never
     * given out twice, and the version of an entry only grows.
     */
    liveStamps: (connectionId: string, userId?: string): Map<string, string> =>
      new Map(
        db
          .rows(
            `SELECT user_id, max(seq), max(version), count(*) FROM outbox
             WHERE connection_id = ? ${userId === undefined ? '' : 'AND user_id = ?'} AND ${live} GROUP BY user_id`,
            ...(userId === undefined ? [connectionId] : [connectionId, userId]),
          )
          .map(([user, seq, version, count]) => [String(user), `${seq} ${version} ${count}`]),
      ),

    /**
     * Whose entries changed after `version`, ended ones included: those of at most `most` changes, with the version up to
     * which these are all. Nothing when there are none.
     */
    usersChangedSince: (
      connectionId: string,
      version: number,
      most: number,
    ): { readonly users: ReadonlySet<string>; readonly version: number } | undefined => {
      const changes = db.rows(
        `SELECT user_id, version FROM outbox INDEXED BY outbox_by_version
          WHERE version > ? AND connection_id = ? ORDER BY version LIMIT ?`,
        version,
        connectionId,
        most,
      )
      const last = changes.at(-1)
      if (last === undefined) return undefined
      return { users: new Set(changes.map(([userId]) => String(userId))), version: Number(last[1]) }
    },

    /** Forgets all entries of a connection: only when a person has said so. Returns how many were live. */
    removeOfConnection: (connectionId: string): number =>
      db.transaction(() => {
        const unsent = db.rows(
          `SELECT count(*) FROM outbox WHERE connection_id = ? AND ${live}`,
          connectionId,
        )
        db.run('DELETE FROM outbox WHERE connection_id = ?', connectionId)
        return Number(unsent[0]?.[0] ?? 0)
      }),

    /** Live entries of one user, in the order they were made. */
    liveOfUser: (connectionId: string, userId: string): OutboxEntry[] =>
      entriesOf(
        db.all(
          `SELECT seq, entry FROM outbox WHERE connection_id = ? AND user_id = ? AND ${live} ORDER BY seq`,
          connectionId,
          userId,
        ),
      ),

    /** A stretch of the entries, newest first; `total` counts them all. */
    window: (
      start: number,
      count: number,
      { liveOnly = false }: { liveOnly?: boolean } = {},
    ): { total: number; entries: OutboxEntry[] } => {
      const where = liveOnly ? `WHERE ${live}` : ''
      return {
        total: Number(db.rows(`SELECT count(*) FROM outbox ${where}`)[0]?.[0] ?? 0),
        entries: entriesOf(
          db.all(`SELECT seq, entry FROM outbox ${where} ORDER BY seq DESC LIMIT ? OFFSET ?`, count, start),
        ),
      }
    },

    /** How many entries of a connection (or of all) stand in each state. */
    countByState: (connectionId?: string): Partial<Record<EntryState, number>> => {
      const rows =
        connectionId === undefined
          ? db.all('SELECT state, count(*) AS entries FROM outbox GROUP BY state')
          : db.all(
              'SELECT state, count(*) AS entries FROM outbox WHERE connection_id = ? GROUP BY state',
              connectionId,
            )
      return Object.fromEntries(rows.map((row) => [text(row, 'state'), number(row, 'entries')]))
    },
  }
}
export type OutboxRepository = ReturnType<typeof outboxRepository>
