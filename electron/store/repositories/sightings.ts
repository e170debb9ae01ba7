import * as z from 'zod'
import { json } from '../../../shared/json'
import { areFieldValues } from '../../../shared/user/bounds'
import { editable, fieldAt } from '../../../shared/user/catalogue'
import { diffFields } from '../../../shared/user/diff'
import type { FieldPath, FieldValue, UserRecord } from '../../../shared/user/types'
import { fieldValue } from '../../../shared/user/value'
import type { Db } from '../connection'
import { number, parsed, text } from './rows'

/** A change that a read has shown and that was not made here. Wall ms. */
export interface Sighting {
  readonly since: number
  readonly seenAt: number
  readonly changes: readonly {
    readonly path: FieldPath
    readonly before: FieldValue
    readonly after: FieldValue
  }[]
}

/** A record with the wall ms when it was read. */
export interface Seen {
  readonly record: UserRecord
  readonly readAt: number
}

const changesIn = z
  .array(z.object({ path: z.string(), before: json, after: json }).refine(areFieldValues))
  .max(2_000)

/** Older ones of the same user are forgotten. */
const kept = 100

export const sightingsRepository = (db: Db) => ({
  /**
   * Keeps what differs between two reads of a user, or of the same service of one, in the fields that people change. What the server derives from
   * those is left out, and so is what `isOurs` says was our own doing.
   */
  note: (
    connectionId: string,
    before: Seen,
    after: Seen,
    isOurs: (path: FieldPath, value: FieldValue) => boolean,
  ): void => {
    const changes = diffFields(before.record, after.record).flatMap((path) => {
      const field = fieldAt(path)
      const meant =
        field !== undefined && (editable(field) || path === 'groupId' || path === 'alternateUserId')
      const value = fieldValue(after.record, path) ?? null
      if (!meant || isOurs(path, value)) return []
      return [{ path, before: fieldValue(before.record, path) ?? null, after: value }]
    })
    if (changes.length === 0) return
    const { userId } = after.record.key
    db.run(
      'INSERT INTO sightings (connection_id, user_id, since, seen_at, changes) VALUES (?, ?, ?, ?, ?)',
      connectionId,
      userId,
      before.readAt,
      after.readAt,
      JSON.stringify(changes),
    )
    db.run(
      `DELETE FROM sightings WHERE connection_id = ? AND user_id = ? AND id <= (
         SELECT id FROM sightings WHERE connection_id = ? AND user_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
      connectionId,
      userId,
      connectionId,
      userId,
      kept,
    )
  },

  /** Newest first, without those that are damaged. */
  ofUser: (connectionId: string, userId: string): Sighting[] =>
    db
      .all(
        `SELECT since, seen_at, changes FROM sightings WHERE connection_id = ? AND user_id = ?
         ORDER BY id DESC LIMIT ?`,
        connectionId,
        userId,
        kept,
      )
      .flatMap((row) => {
        const read = changesIn.safeParse(parsed(text(row, 'changes')))
        if (!read.success) return []
        const changes = read.data as Sighting['changes']
        return [{ since: number(row, 'since'), seenAt: number(row, 'seen_at'), changes }]
      }),

  removeConnection: (connectionId: string): void => {
    db.run('DELETE FROM sightings WHERE connection_id = ?', connectionId)
  },
})
export type SightingsRepository = ReturnType<typeof sightingsRepository>
