import * as z from 'zod'
import type { Db } from '../connection'

/** The beginning of the list of all users, sorted as usual, as it was when the index was copied. */
const openingSchema = z.object({
  total: z.number(),
  /** The first users, as rows of the database. */
  ids: z.array(z.number()),
})
export type Opening = z.infer<typeof openingSchema>

export const indexSnapshotsRepository = (db: Db) => ({
  /** The token of the copy that belongs to the cached users of a connection. */
  token: (connectionId: string): string | undefined => {
    const [row] = db.rows('SELECT token FROM index_snapshots WHERE connection_id = ?', connectionId)
    return row === undefined ? undefined : String(row[0])
  },

  /** The connections that have a copy. */
  connections: (): string[] =>
    db.rows('SELECT connection_id FROM index_snapshots').map(([connectionId]) => String(connectionId)),

  opening: (connectionId: string): Opening | undefined => {
    const [row] = db.rows('SELECT opening FROM index_snapshots WHERE connection_id = ?', connectionId)
    if (typeof row?.[0] !== 'string') return undefined
    try {
      return openingSchema.parse(JSON.parse(row[0]))
    } catch {
      // Nothing is lost: the list begins once the index is here.
      return undefined
    }
  },

  set: (connectionId: string, token: string, opening: Opening): void => {
    db.run(
      'INSERT OR REPLACE INTO index_snapshots (connection_id, token, opening) VALUES (?, ?, ?)',
      connectionId,
      token,
      JSON.stringify(opening),
    )
  },

  remove: (connectionId: string): void => {
    db.run('DELETE FROM index_snapshots WHERE connection_id = ?', connectionId)
  },
})
export type IndexSnapshotsRepository = ReturnType<typeof indexSnapshotsRepository>
