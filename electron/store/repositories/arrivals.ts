import type { Db, SqlRow } from '../connection'
import { number, text } from './rows'

/** The users of a group, read from the server and not yet taken into the cache. Times are wall milliseconds. */
export interface Arrival {
  readonly serviceProviderId: string
  readonly groupId: string
  /** Full records, not list rows. */
  readonly detailed: boolean
  /** The number of the load that read them. */
  readonly load: number
  readonly askedAt: number
}

const arrivalOf = (row: SqlRow): Arrival => ({
  serviceProviderId: text(row, 'sp'),
  groupId: text(row, 'grp'),
  detailed: number(row, 'detailed') === 1,
  load: number(row, 'load'),
  askedAt: number(row, 'asked_at'),
})

export const arrivalsRepository = (db: Db) => ({
  /** The connections that have some. */
  connections: (): string[] =>
    db.rows('SELECT DISTINCT connection_id FROM arrivals').map(([connectionId]) => String(connectionId)),

  list: (connectionId: string): Arrival[] =>
    db
      .all(
        'SELECT sp, grp, detailed, load, asked_at FROM arrivals WHERE connection_id = ? ORDER BY asked_at, sp, grp',
        connectionId,
      )
      .map(arrivalOf),

  /** Notes an arrival in place of what had arrived of the group before. */
  set: (connectionId: string, { serviceProviderId, groupId, detailed, load, askedAt }: Arrival): void =>
    // What lies in the file can be read again, and without the file the row says nothing.
    db.transaction(() => {
      db.run(
        `INSERT OR REPLACE INTO arrivals (connection_id, sp, grp, detailed, load, asked_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
        connectionId,
        serviceProviderId,
        groupId,
        detailed ? 1 : 0,
        load,
        askedAt,
      )
    }, 'rereadable'),

  /** Forgets this arrival, but not another of the same group. */
  remove: (connectionId: string, { serviceProviderId, groupId, detailed, load }: Arrival): void =>
    db.transaction(() => {
      db.run(
        'DELETE FROM arrivals WHERE connection_id = ? AND sp = ? AND grp = ? AND detailed = ? AND load = ?',
        connectionId,
        serviceProviderId,
        groupId,
        detailed ? 1 : 0,
        load,
      )
    }, 'rereadable'),
})
export type ArrivalsRepository = ReturnType<typeof arrivalsRepository>
