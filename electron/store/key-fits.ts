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
