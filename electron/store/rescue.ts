import { existsSync, renameSync } from 'node:fs'
import { type Db, openConnection, type SqlRow, type SqlValue } from './connection'
import { storeError } from './errors'
import { keyIdFile } from './key-id'
import { openStore, type Store } from './store'

/** What became of a database that could not be opened. */
export interface Rescue {
  /** Where the damaged file lies now. Nothing ever deletes it. */
  readonly setAside: string
  /** Rows brought over, by table. */
  readonly rescued: Readonly<Record<string, number>>
  /** Rows that are known to have been there and could not be read, by table; tables that could not be opened count 1. */
  readonly lost: Readonly<Record<string, number>>
}

const suffixes = ['', '-wal', '-shm']

/**
 * Renames the database and what belongs to it, so that a new one can take its place. Returns the new path.
 * @param wall wall-clock milliseconds, for the name
 */
export const setAside = (file: string, wall: number): string => {
  const time = new Date(wall).toISOString().replace(/[:.]/g, '-')
  let target = `${file}.damaged-${time}`
  for (let copy = 2; existsSync(target); copy++) target = `${file}.damaged-${time}-${copy}`
  for (const suffix of suffixes) if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix)
  if (existsSync(keyIdFile(file))) renameSync(keyIdFile(file), keyIdFile(target))
  return target
}

// What a person cannot get back from the server. The order keeps references whole.
const tables = [
  { name: 'connections', key: 'rowid' },
  { name: 'settings', key: 'rowid' },
  { name: 'outbox', key: 'seq' },
  { name: 'history', key: 'seq' },
  { name: 'history_links', key: 'link' },
  { name: 'history_head', key: 'id' },
  { name: 'history_reverts', key: 'id' },
] as const

const chunk = 200

/** Reads a table from a damaged file: page by page, and around a damaged page row by row. */
const readable = (db: Db, table: string, key: string): { rows: SqlRow[]; lost: number } => {
  const rows: SqlRow[] = []
  let lost = 0
  const last = Number(db.rows(`SELECT max(${key}) FROM ${table}`)[0]?.[0] ?? 0)
  for (let from = 1; from <= last; from += chunk) {
    try {
      rows.push(...db.all(`SELECT * FROM ${table} WHERE ${key} BETWEEN ? AND ?`, from, from + chunk - 1))
    } catch {
      for (let one = from; one < from + chunk && one <= last; one++) {
        try {
          const row = db.get(`SELECT * FROM ${table} WHERE ${key} = ?`, one)
          if (row !== undefined) rows.push(row)
        } catch {
          lost++
        }
      }
    }
  }
  return { rows, lost }
}

const insert = (db: Db, table: string, columns: readonly string[], row: SqlRow): void => {
  const known = columns.filter((column) => Object.hasOwn(row, column))
  db.run(
    `INSERT OR IGNORE INTO ${table} (${known.join(', ')}) VALUES (${known.map(() => '?').join(', ')})`,
    ...known.map((column): SqlValue => row[column] ?? null),
  )
}

/** Copies what can be read of a person's work from a damaged file into a fresh store. */
export const rescueInto = (store: Store, damaged: string, key: Uint8Array): Omit<Rescue, 'setAside'> => {
  const rescued: Record<string, number> = {}
  const lost: Record<string, number> = {}
  let source: Db | undefined
  try {
    source = openConnection({ file: damaged, key })
    for (const { name, key: id } of tables) {
      const columns = store
        .all(`SELECT name FROM pragma_table_info('${name}')`)
        .map((row) => String(row.name))
      try {
        const found = readable(source, name, id)
        store.transaction(() => {
          for (const row of found.rows) insert(store, name, columns, row)
        })
        rescued[name] = found.rows.length
        if (found.lost > 0) lost[name] = found.lost
      } catch {
        rescued[name] = 0
        lost[name] = 1
      }
    }
  } catch {
    for (const { name } of tables) lost[name] ??= 1
  } finally {
    source?.close()
  }
  return { rescued, lost }
}

/**
 * Opens the store; a damaged one is set aside under another name, a fresh one takes its place, and unsent changes,
 * connections, settings and history are copied over as far as they can be read. Every other failure (`wrong-key`,
 * `newer`, …) is thrown: a person must decide.
 * @param wall wall-clock milliseconds, for the name of the file set aside
 */
export const openOrRescue = (options: {
  readonly file: string
  readonly key: Uint8Array
  readonly wall: number
}): { readonly store: Store; readonly rescue?: Rescue } => {
  const { file, key, wall } = options
  try {
    return { store: openStore({ file, key }) }
  } catch (cause) {
    const error = storeError(cause)
    if (error.kind !== 'corrupt') throw error
  }
  const aside = setAside(file, wall)
  const store = openStore({ file, key })
  return { store, rescue: { setAside: aside, ...rescueInto(store, aside, key) } }
}
