import type { Db, SqlRow } from '../connection'
import { number, optionalText, text } from './rows'

/** A server and the account for it. The password is in the keychain, never here. */
export interface SavedConnection {
  readonly id: string
  readonly name: string
  readonly baseUrl: string
  readonly username: string
  readonly callsPerSecond: number
  /** The authority that a person chose for it: the file it came from, and its text as it was then (PEM). */
  readonly ca?: ChosenAuthority
  /** A person agreed that the password goes to this address without encryption. */
  readonly unencrypted?: true
  /** A person wants nothing changed on this server from here. */
  readonly readOnly?: true
  /** The way to it that a person chose: `none`, or the address of a proxy; left out, the system's. */
  readonly proxy?: string
  /** A person wants changed fields alone sent, also of services that are otherwise written whole. */
  readonly partialBodies?: true
  readonly demo: boolean
}

export interface ChosenAuthority {
  readonly file: string
  /** Left out: chosen before the text was kept, and not read since. */
  readonly pem?: string
}

const columns =
  'id, name, base_url, username, calls_per_second, ca_file, demo, ca_pem, unencrypted, read_only, proxy, partial_bodies'

const connectionOf = (row: SqlRow): SavedConnection => {
  const file = optionalText(row, 'ca_file')
  const pem = optionalText(row, 'ca_pem')
  const proxy = optionalText(row, 'proxy')
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    baseUrl: text(row, 'base_url'),
    username: text(row, 'username'),
    callsPerSecond: number(row, 'calls_per_second'),
    ...(file === undefined ? {} : { ca: { file, ...(pem === undefined ? {} : { pem }) } }),
    ...(number(row, 'unencrypted') === 1 ? { unencrypted: true } : {}),
    ...(number(row, 'read_only') === 1 ? { readOnly: true } : {}),
    ...(proxy === undefined ? {} : { proxy }),
    ...(number(row, 'partial_bodies') === 1 ? { partialBodies: true } : {}),
    demo: number(row, 'demo') === 1,
  }
}

export const connectionsRepository = (db: Db) => ({
  /** In the order of their names. */
  list: (): SavedConnection[] =>
    db.all(`SELECT ${columns} FROM connections ORDER BY name COLLATE NOCASE, id`).map(connectionOf),

  byId: (id: string): SavedConnection | undefined => {
    const row = db.get(`SELECT ${columns} FROM connections WHERE id = ?`, id)
    return row && connectionOf(row)
  },

  /** Inserts it, or replaces the one with the same id. */
  save: (connection: SavedConnection): void => {
    db.run(
      `INSERT INTO connections (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, base_url = excluded.base_url, username = excluded.username,
         calls_per_second = excluded.calls_per_second, ca_file = excluded.ca_file, demo = excluded.demo,
         ca_pem = excluded.ca_pem, unencrypted = excluded.unencrypted, read_only = excluded.read_only,
         proxy = excluded.proxy, partial_bodies = excluded.partial_bodies`,
      connection.id,
      connection.name,
      connection.baseUrl,
      connection.username,
      connection.callsPerSecond,
      connection.ca?.file ?? null,
      connection.demo ? 1 : 0,
      connection.ca?.pem ?? null,
      connection.unencrypted ? 1 : 0,
      connection.readOnly ? 1 : 0,
      connection.proxy ?? null,
      connection.partialBodies ? 1 : 0,
    )
  },

  /** Removes the connection alone: its cached users and its outbox are for their owners to remove. */
  remove: (id: string): boolean => db.run('DELETE FROM connections WHERE id = ?', id).changes > 0,
})
export type ConnectionsRepository = ReturnType<typeof connectionsRepository>
