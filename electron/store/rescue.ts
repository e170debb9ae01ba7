import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Db, openConnection, type SqlRow, type SqlValue } from './connection'
import { storeError } from './errors'
import { firstPageFits, laterPagesFit } from './key-fits'
import { keyIdFile, keyMatches } from './key-id'
import { soundRows } from './sound'
import { openStore, type Store } from './store'
import { strayRows } from './strays'

/** What became of a database that could not be opened. */
export interface Rescue {
  /** Where the damaged file lies now. Nothing ever deletes it. */
  readonly setAside: string
  /** Rows brought over, by table. */
  readonly rescued: Readonly<Record<string, number>>
  /** Rows that are known to have been there and could not be read, by table; tables that could not be opened count 1. */
  readonly lost: Readonly<Record<string, number>>
}

/** What a database's files are called behind its name. */
export const suffixes = ['', '-wal', '-shm']

/**
 * Renames the database and what belongs to it, so that a new one can take its place. Returns the new path.
 * @param wall wall-clock milliseconds, for the name
 * @param why `kept`: it may be sound, and waits for its key; `replaced`: a back-up was restored in its place
 */
export const setAside = (
  file: string,
  wall: number,
  why: 'damaged' | 'kept' | 'replaced' = 'damaged',
): string => {
  const time = new Date(wall).toISOString().replace(/[:.]/g, '-')
  let target = `${file}.${why}-${time}`
  for (let copy = 2; existsSync(target); copy++) target = `${file}.${why}-${time}-${copy}`
  rename(file, target)
  return target
}

/** The last of the damaged databases that were set aside. */
export const lastDamaged = (file: string): string | undefined => {
  const names = readdirSync(dirname(file)).filter(
    (name) => name.startsWith(`${basename(file)}.damaged-`) && !/\.[^.]*$/.exec(name)?.[0].includes('key-id'),
  )
  const last = names
    .filter((name) => !suffixes.some((suffix) => suffix !== '' && name.endsWith(suffix)))
    .sort()
    .at(-1)
  return last === undefined ? undefined : join(dirname(file), last)
}

const keptName = /\.kept-([^.]+)$/

/** The databases that were put aside sound and wait for their keys. */
export const keptBeside = (file: string): string[] =>
  readdirSync(dirname(file))
    .filter((name) => name.startsWith(`${basename(file)}.kept-`) && keptName.test(name))
    .filter((name) => !suffixes.some((suffix) => suffix !== '' && name.endsWith(suffix)))
    .map((name) => join(dirname(file), name))

/** What was in it has been brought over: it is kept, and not looked into again. Returns its new path. */
export const markBroughtOver = (kept: string): string => {
  const target = kept.replace(keptName, '.brought-over-$1')
  rename(kept, target)
  return target
}

/** What the folders of copies of a database begin with. */
export const copiesOf = (file: string): string => `${file}.look-`

/** Works with a copy of a database, in a folder of its own that is gone afterwards with all that was made beside the copy. */
export const withCopy = <T>(file: string, work: (copy: string) => T): T => {
  const folder = mkdtempSync(copiesOf(file))
  const copy = join(folder, 'copy.db')
  try {
    for (const suffix of suffixes) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix)
    return work(copy)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Renames a database and what belongs to it. */
export function rename(file: string, target: string): void {
  // First what names the key: left behind, it would say of the next database that another key had written it.
  if (existsSync(keyIdFile(file))) renameSync(keyIdFile(file), keyIdFile(target))
  for (const suffix of suffixes) if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix)
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

interface Readable {
  readonly rows: SqlRow[]
  /** Keys of rows that could not be read; undefined when it is not even known which there were. */
  readonly lost: readonly number[] | undefined
  /** Rows that a walk through the table meets and a search by key does not: one of the keys is noise. */
  readonly unsearchable?: number
}

/** Reads a table from a damaged file: in portions, and around a damaged page row by row. */
const readable = (db: Db, table: string, key: string): Readable => {
  const rows: SqlRow[] = []
  const lost: number[] = []
  try {
    const last = Number(db.rows(`SELECT max(${key}) FROM ${table}`)[0]?.[0] ?? 0)
    for (let from = 1; from <= last; from += chunk) {
      try {
        rows.push(...soundRows(db, table, `${key} BETWEEN ? AND ?`, from, from + chunk - 1))
      } catch {
        for (let one = from; one < from + chunk && one <= last; one++) {
          try {
            rows.push(...soundRows(db, table, `${key} = ?`, one))
          } catch {
            lost.push(one)
          }
        }
      }
    }
    const met = Number(db.rows(`SELECT count(*) FROM ${table} NOT INDEXED`)[0]?.[0] ?? 0)
    return { rows, lost, unsearchable: Math.max(0, met - rows.length - lost.length) }
  } catch {
    return { rows, lost: undefined }
  }
}

/** What the tree of a table leads to, and where it leads nowhere, what lies on the pages. */
const withStrays = (byTree: Readable, strays: readonly SqlRow[], key: string): Readable => {
  if (key !== 'seq') return { rows: [...byTree.rows, ...strays], lost: byTree.lost ?? [] }
  const known = new Set(byTree.rows.map(({ seq }) => seq))
  const rows = [...byTree.rows, ...strays.filter(({ seq }) => !known.has(seq ?? null))]
  const all = new Set(rows.map(({ seq }) => Number(seq)))
  const missing = byTree.lost ?? Array.from({ length: Math.max(0, ...all) }, (_, place) => place + 1)
  const unsearchable = Math.max(0, (byTree.unsearchable ?? 0) - (rows.length - byTree.rows.length))
  return { rows, lost: missing.filter((seq) => !all.has(seq)), unsearchable }
}

/** False for a row that our schema does not take: a tree of the damaged file led to something else. */
const inserted = (db: Db, table: string, columns: readonly string[], row: SqlRow): boolean => {
  const known = columns.filter((column) => Object.hasOwn(row, column))
  try {
    db.run(
      `INSERT OR IGNORE INTO ${table} (${known.join(', ')}) VALUES (${known.map(() => '?').join(', ')})`,
      ...known.map((column): SqlValue => row[column] ?? null),
    )
    return true
  } catch (cause) {
    // That is no fault of the row.
    if (storeError(cause).kind === 'disk-full') throw cause
    return false
  }
}

// Reads every page of the schema: without one of them nothing can be asked at all.
const canBeRead = (db: Db): boolean => {
  try {
    db.rows('SELECT count(*), sum(length(CAST(sql AS BLOB))) FROM sqlite_master')
    return true
  } catch {
    return false
  }
}

/**
 * A copy of a damaged file with the first page of a new database, which leads to the trees and tells the number of
 * pages. Our migrations always put the trees in the same places, so that with `ours` they are found again; a `bare` one
 * leads nowhere, but lets the pages be read. The cipher knows only the key and a page's number: pages may move
 * between files.
 */
const withNewFirstPage = (damaged: string, key: Uint8Array, schema: 'ours' | 'bare'): string => {
  const copy = `${damaged}.copy`
  const donor = `${damaged}.donor`
  // What a rescue that was ended left of them.
  for (const file of [copy, donor]) removeAll(file)
  try {
    const fresh = schema === 'ours' ? openStore({ file: donor, key }) : openConnection({ file: donor, key })
    // No smaller than the damaged one, or its last pages would not be looked at.
    fresh.exec('CREATE TABLE filling (bytes BLOB)')
    fresh.run('INSERT INTO filling (bytes) VALUES (zeroblob(?))', statSync(damaged).size)
    const pageSize = Number(fresh.rows('PRAGMA page_size')[0]?.[0])
    fresh.close()
    for (const suffix of suffixes) {
      if (existsSync(damaged + suffix)) copyFileSync(damaged + suffix, copy + suffix)
    }
    const page = Buffer.alloc(pageSize)
    withFile(donor, 'r', (file) => readSync(file, page, 0, pageSize, 0))
    withFile(copy, 'r+', (file) => {
      writeSync(file, page, 0, pageSize, 0)
      // A file shorter than its first page says is refused.
      ftruncateSync(file, statSync(donor).size)
    })
    return copy
  } finally {
    removeAll(donor)
  }
}

/** Opens a damaged file in whichever way lets at least its pages be read. */
const openDamaged = (damaged: string, key: Uint8Array): { db: Db; close: () => void } | undefined => {
  const ways = [
    () => damaged,
    () => withNewFirstPage(damaged, key, 'ours'),
    () => withNewFirstPage(damaged, key, 'bare'),
  ]
  for (const way of ways) {
    const file = way()
    const db = openConnection({ file, key })
    const close = (): void => {
      db.close()
      if (file !== damaged) removeAll(file)
    }
    if (canBeRead(db)) return { db, close }
    close()
  }
  return undefined
}

const withFile = (path: string, flags: string, work: (file: number) => void): void => {
  const file = openSync(path, flags)
  try {
    work(file)
  } finally {
    closeSync(file)
  }
}

/** Removes a database and what belongs to it. */
export const removeAll = (file: string): void => {
  for (const suffix of suffixes) rmSync(file + suffix, { force: true })
  rmSync(keyIdFile(file), { force: true })
}

/**
 * Which of these keys the database was written with, if any. The keys themselves are tried; where the first page is damaged,
 * what lies on the others tells, and the file that names the key.
 */
export const keyOf = (file: string, keys: readonly Uint8Array[]): Uint8Array | undefined => {
  const named = keys.filter((key) => keyMatches(file, key) === true)
  const others = keys.filter((key) => !named.includes(key))
  const inOrder = [...named, ...others]
  return (
    inOrder.find((key) => firstPageFits(file, key)) ??
    named[0] ??
    others.find((key) => laterPagesFit(file, key))
  )
}

const columnsIn =
  (store: Store) =>
  (table: string): string[] =>
    store.all(`SELECT name FROM pragma_table_info('${table}')`).map((row) => String(row.name))

/** Copies what can be read of a person's work from a damaged file into a fresh store. */
export const rescueInto = (store: Store, damaged: string, key: Uint8Array): Omit<Rescue, 'setAside'> => {
  const rescued: Record<string, number> = {}
  const lost: Record<string, number> = {}
  const columnsOf = columnsIn(store)
  let source: ReturnType<typeof openDamaged>
  try {
    source = openDamaged(damaged, key)
    let strays: ReturnType<typeof strayRows> | undefined
    for (const { name, key: id } of tables) {
      let found: Readable =
        source === undefined ? { rows: [], lost: undefined } : readable(source.db, name, id)
      if (source !== undefined && (found.lost?.length !== 0 || (found.unsearchable ?? 0) > 0)) {
        strays ??= strayRows(source.db, columnsOf)
        found = withStrays(found, strays.get(name) ?? [], id)
      }
      const columns = columnsOf(name)
      const refused = store.transaction(
        () => found.rows.filter((row) => !inserted(store, name, columns, row)).length,
      )
      rescued[name] = found.rows.length - refused
      const missing = (found.lost?.length ?? 1) + (found.unsearchable ?? 0) + refused
      if (missing > 0) lost[name] = missing
    }
  } catch (cause) {
    if (storeError(cause).kind === 'disk-full') throw cause
    for (const { name } of tables) if (rescued[name] === undefined) lost[name] ??= 1
  } finally {
    source?.close()
  }
  return { rescued, lost }
}
