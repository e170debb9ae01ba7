import type { Db } from '../connection'

export const indexSnapshotsRepository = (db: Db) => ({
  /** The token of the copy that belongs to the cached users of a connection. */
  token: (connectionId: string): string | undefined => {
    const [row] = db.rows('SELECT token FROM index_snapshots WHERE connection_id = ?', connectionId)
    return row === undefined ? undefined : String(row[0])
  },

  set: (connectionId: string, token: string): void => {
    db.run('INSERT OR REPLACE INTO index_snapshots (connection_id, token) VALUES (?, ?)', connectionId, token)
  },

  remove: (connectionId: string): void => {
    db.run('DELETE FROM index_snapshots WHERE connection_id = ?', connectionId)
  },
})
export type IndexSnapshotsRepository = ReturnType<typeof indexSnapshotsRepository>
