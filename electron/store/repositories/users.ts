import { areFieldValues } from '../../../shared/user/bounds'
import { isUsableKey, sameUserId } from '../../../shared/user/id'
import type { UserKey, UserRecord } from '../../../shared/user/types'
import type { Db, SqlRow, SqlValue } from '../connection'
import { number, optionalNumber, parsed, text } from './rows'

/** A user as cached: the server's copy, never with unsent changes in it. Times are wall milliseconds. */
export interface CachedUser {
  /** The row in the database, stable for as long as the user is cached. */
  readonly id: number
  readonly record: UserRecord
  readonly readAt: number
  /** When a complete read of the group no longer had this user. */
  readonly goneAt?: number
}

export type UserChange = 'new' | 'changed' | 'same'

export interface UpsertResult {
  readonly id: number
  readonly change: UserChange
  /** The record as it is cached now. */
  readonly record: UserRecord
  /** As it was before, if it was there. */
  readonly old?: CachedUser
}

/**
 * What the cache should hold, given what it holds and what was just read. Return `old` itself when nothing differs.
 */
export type Combine = (old: UserRecord, read: UserRecord) => UserRecord

const columns = 'id, sp, grp, user_id, completeness, record, read_at, gone_at'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** More than any that was read from a server: its values are bounded before they come here. */
const longestBody = 10_000_000

/** Undefined for what is no user. */
const bodyIn = (record: string): Pick<UserRecord, 'fields' | 'extra'> | undefined => {
  const body: unknown = record.length > longestBody ? undefined : parsed(record)
  if (!isObject(body) || !isObject(body.fields) || !isObject(body.extra ?? {})) return undefined
  const { fields, extra = {} } = body as unknown as Pick<UserRecord, 'fields'> & Partial<UserRecord>
  // A file that was restored may hold what no server was believed.
  if (!areFieldValues(fields) || !areFieldValues(extra)) return undefined
  return { fields, extra }
}

/** A damaged one is known by its key alone, as a user of whom nothing was ever read: the next read mends it. */
const userOf = (row: SqlRow): CachedUser => {
  const goneAt = optionalNumber(row, 'gone_at')
  const body = bodyIn(text(row, 'record'))
  return {
    id: number(row, 'id'),
    record: {
      key: { serviceProviderId: text(row, 'sp'), groupId: text(row, 'grp'), userId: text(row, 'user_id') },
      completeness: body !== undefined && text(row, 'completeness') === 'full' ? 'full' : 'row',
      fields: body?.fields ?? {},
      extra: body?.extra ?? {},
    },
    readAt: body === undefined ? 0 : number(row, 'read_at'),
    ...(goneAt === undefined ? {} : { goneAt }),
  }
}

/** The same of a row that has {@link columns} in their order. */
const userOfRow = ([
  id,
  sp,
  grp,
  user_id,
  completeness,
  record,
  read_at,
  gone_at,
]: readonly SqlValue[]): CachedUser =>
  userOf({
    id: id ?? null,
    sp: sp ?? null,
    grp: grp ?? null,
    user_id: user_id ?? null,
    completeness: completeness ?? null,
    record: record ?? null,
    read_at: read_at ?? null,
    gone_at: gone_at ?? null,
  })

const bodyOf = (record: UserRecord): string =>
  JSON.stringify(
    Object.keys(record.extra).length === 0
      ? { fields: record.fields }
      : { fields: record.fields, extra: record.extra },
  )

const replace: Combine = (_old, read) => read

const beyondAscii = /\P{ASCII}/u

const nextVersion = '(SELECT coalesce(max(version), 0) + 1 FROM users WHERE connection_id = ?)'

export const usersRepository = (db: Db) => {
  const byUserId = (connectionId: string, userId: string): CachedUser | undefined => {
    const row = db.get(
      `SELECT ${columns} FROM users WHERE connection_id = ? AND user_id = ?`,
      connectionId,
      userId,
    )
    return row && userOf(row)
  }

  /** The user of a group whose id differs only in the case of its letters, which the server does not tell apart. */
  const inOtherLetters = (
    connectionId: string,
    { serviceProviderId, groupId, userId }: UserKey,
  ): CachedUser | undefined => {
    const known = db.rows(
      // The database knows the case of the letters of English only.
      `SELECT user_id FROM users WHERE connection_id = ? AND sp = ? AND grp = ?
       AND (lower(user_id) = lower(?) OR (? AND user_id GLOB ?))`,
      connectionId,
      serviceProviderId,
      groupId,
      userId,
      beyondAscii.test(userId) ? 1 : 0,
      '*[^\u0001-\u007f]*',
    )
    const [same] = known.flat().filter((id) => sameUserId(String(id), userId))
    return same === undefined ? undefined : byUserId(connectionId, String(same))
  }

  /**
   * Stores what was just read of one user, under the spelling of its id that is known; a user that was marked gone is back. Undefined when the key cannot be stored, or
   * when the user was read after `unlessReadAfter`. The default `combine` replaces the record: right for a full record, wrong
   * for a list row.
   */
  const put = (
    connectionId: string,
    answer: UserRecord,
    readAt: number,
    combine: Combine = replace,
    unlessReadAfter = Number.POSITIVE_INFINITY,
  ): UpsertResult | undefined => {
    const { key } = answer
    if (!isUsableKey(key)) return undefined
    const old = byUserId(connectionId, key.userId) ?? inOtherLetters(connectionId, key)
    const userId = old?.record.key.userId ?? key.userId
    const read = userId === key.userId ? answer : { ...answer, key: { ...key, userId } }
    if (old !== undefined && old.readAt > unlessReadAfter) return undefined
    if (old === undefined) {
      const { id } = db.run(
        `INSERT INTO users (connection_id, sp, grp, user_id, completeness, record, read_at, version)
         VALUES (?, ?, ?, ?, ?, ?, ?, ${nextVersion})`,
        connectionId,
        key.serviceProviderId,
        key.groupId,
        key.userId,
        read.completeness,
        bodyOf(read),
        readAt,
        connectionId,
      )
      return { id, change: 'new', record: read }
    }
    const record = combine(old.record, read)
    const body = bodyOf(record)
    const same =
      record === old.record ||
      (record.completeness === old.record.completeness &&
        record.key.serviceProviderId === old.record.key.serviceProviderId &&
        record.key.groupId === old.record.key.groupId &&
        body === bodyOf(old.record))
    const change = same && old.goneAt === undefined ? 'same' : 'changed'
    // A list row tells nothing new about most of a full record: that stays as old as it was.
    const at = record.completeness === 'full' && read.completeness === 'row' ? old.readAt : readAt
    if (change === 'same') {
      db.run('UPDATE users SET read_at = ? WHERE id = ?', at, old.id)
    } else {
      db.run(
        `UPDATE users SET sp = ?, grp = ?, completeness = ?, record = ?, read_at = ?, gone_at = NULL,
           version = ${nextVersion} WHERE id = ?`,
        record.key.serviceProviderId,
        record.key.groupId,
        record.completeness,
        body,
        at,
        connectionId,
        old.id,
      )
    }
    return { id: old.id, change, record, old }
  }

  /** The users of which the cache has nothing, each once. Keys that need a look of their own are not among them. */
  const unknownOf = (connectionId: string, records: readonly UserRecord[]): ReadonlySet<UserRecord> => {
    const plain = records.filter(({ key }) => isUsableKey(key))
    const known = db.rows(
      'SELECT user_id FROM users WHERE connection_id = ? AND user_id IN (SELECT value FROM json_each(?))',
      connectionId,
      JSON.stringify(plain.map(({ key }) => key.userId)),
    )
    const taken = new Set(known.map(([userId]) => String(userId)))
    const unknown = new Set<UserRecord>()
    for (const record of plain) {
      if (taken.has(record.key.userId)) continue
      taken.add(record.key.userId)
      unknown.add(record)
    }
    return unknown
  }

  /** Stores users of {@link unknownOf} in one statement; returns the row of the first, the others follow in order. */
  const insertMany = (connectionId: string, records: readonly UserRecord[], readAt: number): number => {
    const first = Number(db.rows("SELECT seq FROM sqlite_sequence WHERE name = 'users'")[0]?.[0] ?? 0) + 1
    db.run(
      `WITH next AS MATERIALIZED (SELECT ${nextVersion} AS version)
       INSERT INTO users (id, connection_id, sp, grp, user_id, completeness, record, read_at, version)
       SELECT ? + key, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, ?, version + key
       FROM next, json_each(?)`,
      connectionId,
      first,
      connectionId,
      readAt,
      JSON.stringify(
        records.map((record) => [
          record.key.serviceProviderId,
          record.key.groupId,
          record.key.userId,
          record.completeness,
          bodyOf(record),
        ]),
      ),
    )
    return first
  }

  return {
    byUserId,
    put,

    /** The key with the user id spelt as it is cached, where it is. */
    spelt(connectionId: string, key: UserKey): UserKey {
      const exact = 'SELECT 1 FROM users WHERE connection_id = ? AND user_id = ?'
      if (db.rows(exact, connectionId, key.userId).length > 0) return key
      const userId = inOtherLetters(connectionId, key)?.record.key.userId
      return userId === undefined ? key : { ...key, userId }
    },

    /**
     * {@link put} for a portion of users, in one transaction; new ones go in with one statement. Keep portions small:
     * each blocks the process.
     */
    putMany: (
      connectionId: string,
      records: readonly UserRecord[],
      readAt: number,
      combine?: Combine,
      unlessReadAfter?: number,
    ): (UpsertResult | undefined)[] =>
      db.transaction(() => {
        // One alone is looked for in other letters too.
        const unknown = records.length === 1 ? new Set<UserRecord>() : unknownOf(connectionId, records)
        let id = unknown.size === 0 ? 0 : insertMany(connectionId, [...unknown], readAt)
        return records.map((record) =>
          unknown.has(record)
            ? { id: id++, change: 'new', record }
            : put(connectionId, record, readAt, combine, unlessReadAfter),
        )
      }),

    // One statement for all: each costs more than the rows that it reads.
    byIds: (ids: readonly number[]): (CachedUser | undefined)[] => {
      const found = db.rows(
        `SELECT ${columns} FROM users WHERE id IN (SELECT value FROM json_each(?))`,
        JSON.stringify(ids),
      )
      const byId = new Map(found.map(userOfRow).map((user) => [user.id, user]))
      return ids.map((id) => byId.get(id))
    },

    /** Those of the users with these ids that the cache has, in no order. */
    byUserIds: (connectionId: string, userIds: readonly string[]): CachedUser[] =>
      db
        .rows(
          `SELECT ${columns} FROM users
           WHERE connection_id = ? AND user_id IN (SELECT value FROM json_each(?))`,
          connectionId,
          JSON.stringify(userIds),
        )
        .map(userOfRow),

    // The unary plus keeps SQLite on the table itself: by the index it would sort all users for each portion.
    /** At most `count` users of a connection with a row behind `id`, in row order. */
    after: (connectionId: string, id: number, count: number): CachedUser[] =>
      db
        .rows(
          `SELECT ${columns} FROM users WHERE +connection_id = ? AND id > ? ORDER BY id LIMIT ?`,
          connectionId,
          id,
          count,
        )
        .map(userOfRow),

    /** At most `count` ids of the users of a connection behind `userId`, in the order of the ids. */
    idsAfter: (connectionId: string, userId: string, count: number): string[] => {
      const [[found] = []] = db.rows(
        `SELECT json_group_array(user_id) FROM
         (SELECT user_id FROM users WHERE connection_id = ? AND user_id > ? ORDER BY user_id LIMIT ?)`,
        connectionId,
        userId,
        count,
      )
      return JSON.parse(String(found)) as string[]
    },

    /** Each user that the cache has in a group and that is not marked gone. */
    presentInGroup: (
      connectionId: string,
      serviceProviderId: string,
      groupId: string,
    ): Pick<CachedUser & UserKey, 'id' | 'userId' | 'readAt'>[] =>
      db
        .rows(
          'SELECT id, user_id, read_at FROM users WHERE connection_id = ? AND sp = ? AND grp = ? AND gone_at IS NULL',
          connectionId,
          serviceProviderId,
          groupId,
        )
        .map(([id, userId, readAt]) => ({ id: Number(id), userId: String(userId), readAt: Number(readAt) })),

    /** Marks users that a complete read of their group no longer had. They stay until dismissed. */
    markGone: (connectionId: string, ids: readonly number[], at: number): void =>
      db.transaction(() => {
        for (const id of ids) {
          db.run(
            `UPDATE users SET gone_at = ?, version = ${nextVersion} WHERE id = ? AND gone_at IS NULL`,
            at,
            connectionId,
            id,
          )
        }
      }),

    /** The version of the newest change; 0 when nothing is cached. */
    version: (connectionId: string): number =>
      Number(db.rows('SELECT max(version) FROM users WHERE connection_id = ?', connectionId)[0]?.[0] ?? 0),

    /** The rows of the users that changed after `version`, ascending. */
    changedSince: (connectionId: string, version: number): number[] =>
      db
        .rows(
          'SELECT id FROM users WHERE connection_id = ? AND version > ? ORDER BY id',
          connectionId,
          version,
        )
        .map(([id]) => Number(id)),

    remove: (id: number): void => {
      db.run('DELETE FROM users WHERE id = ?', id)
    },

    /** Forgets users that are marked gone; returns how many were. */
    dismissGone: (connectionId: string): number =>
      db.run('DELETE FROM users WHERE connection_id = ? AND gone_at IS NOT NULL', connectionId).changes,

    count: (connectionId: string): number =>
      Number(db.rows('SELECT count(*) FROM users WHERE connection_id = ?', connectionId)[0]?.[0] ?? 0),

    /** Forgets at most `count` users of a connection; returns how many were. Zero means none is left. */
    removeSome: (connectionId: string, count: number): number =>
      db.run(
        'DELETE FROM users WHERE id IN (SELECT id FROM users WHERE connection_id = ? LIMIT ?)',
        connectionId,
        count,
      ).changes,
  }
}
export type UsersRepository = ReturnType<typeof usersRepository>
