import type { Json } from '../../../shared/json'
import type { Db } from '../connection'
import { number, parsed, text } from './rows'

/** Lists to choose from, as last read from each server. Times are wall milliseconds. */
export const lookupsRepository = (db: Db) => ({
  get: (
    connectionId: string,
    name: string,
  ): { readonly value: Json; readonly readAt: number } | undefined => {
    const row = db.get(
      'SELECT read_at, value FROM lookups WHERE connection_id = ? AND name = ?',
      connectionId,
      name,
    )
    if (row === undefined) return undefined
    // A damaged one is read again.
    const value = parsed(text(row, 'value'))
    return value === undefined ? undefined : { value, readAt: number(row, 'read_at') }
  },

  put: (connectionId: string, name: string, value: Json, readAt: number): void => {
    db.run(
      `INSERT INTO lookups (connection_id, name, read_at, value) VALUES (?, ?, ?, ?)
       ON CONFLICT (connection_id, name) DO UPDATE SET read_at = excluded.read_at, value = excluded.value`,
      connectionId,
      name,
      readAt,
      JSON.stringify(value),
    )
  },

  removeConnection: (connectionId: string): void => {
    db.run('DELETE FROM lookups WHERE connection_id = ?', connectionId)
  },
})
export type LookupsRepository = ReturnType<typeof lookupsRepository>
