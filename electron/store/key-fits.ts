import { closeSync, copyFileSync, existsSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { unusedName } from '../platform/new-file'
import { openConnection } from './connection'
import { storeError } from './errors'

/** The largest page that SQLite knows. */
const firstBytes = 65_536

/**
 * Whether the first page of the database begins as one does, read with this key. Asked of a copy of the first bytes, so that a
 * wrong key never touches the file: a copy cut short is called damaged with the right key, and no database with a wrong one.
 */
export const firstPageFits = (file: string, key: Uint8Array): boolean => {
  const copy = unusedName(file)
  try {
    copyStart(file, copy)
    // Before the first checkpoint everything is in the log.
    if (statSync(copy).size === 0 && existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`)
    const db = openConnection({ file: copy, key })
    try {
      db.rows('SELECT count(*) FROM sqlite_master')
    } finally {
      db.close()
    }
    return true
  } catch (cause) {
    const error = storeError(cause)
    if (error.kind !== 'corrupt') throw error
    return error.code !== 'SQLITE_NOTADB'
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(copy + suffix, { force: true })
  }
}

/** So many pages behind the first are looked at: trying a key costs the same for every size of database. */
const mostPages = 256
/** One page of noise in some hundred million looks like one of ours. Two of them in a few hundred do not come by chance. */
const enoughPages = 2
const [leafOfIndex, leafOfTable] = [0x0a, 0x0d]

/**
 * Whether pages behind the first are those of a database, read with this key: for one whose first page is damaged. It is asked
 * for their form and not for rows, because noise in which some row can be read is found in every large database.
 */
export const laterPagesFit = (file: string, key: Uint8Array): boolean => {
  const copy = unusedName(file)
  try {
    // The first page of a new database lets the others be read; pages may move between files.
    const fresh = openConnection({ file: copy, key })
    fresh.exec('CREATE TABLE filling (bytes BLOB)')
    const size = Number(fresh.rows('PRAGMA page_size')[0]?.[0])
    const pages = Math.min(mostPages, Math.floor(statSync(file).size / size))
    fresh.run('INSERT INTO filling (bytes) VALUES (zeroblob(?))', pages * size)
    fresh.close()
    copyBetween(file, copy, size, pages * size)
    return fittingPages(copy, key, pages) >= enoughPages
  } catch (cause) {
    if (storeError(cause).kind !== 'corrupt') throw cause
    return false
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(copy + suffix, { force: true })
  }
}

function fittingPages(file: string, key: Uint8Array, pages: number): number {
  const db = openConnection({ file, key })
  try {
    return db
      .rows('SELECT data FROM sqlite_dbpage WHERE pgno BETWEEN 2 AND ?', pages)
      .filter(([data]) => data instanceof Uint8Array && isLeaf(Buffer.from(data))).length
  } finally {
    db.close()
  }
}

/** The header of a leaf and the list of its cells agree. Source: sqlite.org/fileformat2.html, section 1.6. */
function isLeaf(page: Buffer): boolean {
  const kind = page.readUInt8(0)
  if (kind !== leafOfTable && kind !== leafOfIndex) return false
  const cells = page.readUInt16BE(3)
  const contentFrom = page.readUInt16BE(5) || 65_536
  const listEnds = 8 + 2 * cells
  if (cells === 0) return contentFrom === page.length
  if (contentFrom < listEnds || contentFrom >= page.length) return false
  const starts = Array.from({ length: cells }, (_, cell) => page.readUInt16BE(8 + 2 * cell))
  return starts.every((start) => start >= contentFrom && start < page.length)
}

function copyBetween(from: string, to: string, start: number, end: number): void {
  const bytes = Buffer.alloc(Math.max(0, end - start))
  const source = openSync(from, 'r')
  try {
    readSync(source, bytes, 0, bytes.length, start)
  } finally {
    closeSync(source)
  }
  const target = openSync(to, 'r+')
  try {
    writeSync(target, bytes, 0, bytes.length, start)
  } finally {
    closeSync(target)
  }
}

function copyStart(file: string, copy: string): void {
  const bytes = Buffer.alloc(Math.min(firstBytes, statSync(file).size))
  const from = openSync(file, 'r')
  try {
    readSync(from, bytes, 0, bytes.length, 0)
  } finally {
    closeSync(from)
  }
  const to = openSync(copy, 'wx', 0o600)
  try {
    writeSync(to, bytes)
  } finally {
    closeSync(to)
  }
}
