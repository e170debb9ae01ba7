import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { type Db, openConnection } from './connection'
import { StoreError, storeError, storeErrorOf } from './errors'
import { firstPageFits } from './key-fits'
import { keyMatches, writeKeyId } from './key-id'
import { migrate } from './migrate'
import { migrations as everyMigration, type Migration } from './migrations'
import { checkTexts } from './sound'

/** The open, migrated database. Repositories take it as their only argument. */
export interface Store extends Db {
  /** True when nothing outlives the process. */
  readonly volatile: boolean
  /** Moves what is in the write-ahead log into the database file. */
  checkpoint(): void
}

export interface StoreOptions {
  readonly file: string
  /** 32 random bytes from the keychain. */
  readonly key: Uint8Array
  /** For tests of migrations. */
  readonly migrations?: readonly Migration[]
}

/** Looked at whole within a tenth of a second at every start. */
const smallBytes = 8_000_000
/** Looked at whole, within seconds, when the app did not end in order the last time: damage may be why. */
const largeBytes = 256_000_000

const prepare = (
  db: Db,
  onDisk: boolean,
  migrations: readonly Migration[],
  check?: 'whole' | 'work',
): void => {
  if (onDisk) {
    // The first statement that reads the file, and so the one that finds a wrong key.
    db.all('SELECT count(*) AS tables FROM sqlite_master')
    if (check !== undefined) checkTexts(db, check === 'whole')
    db.all('PRAGMA journal_mode = WAL')
    db.exec('PRAGMA synchronous = FULL')
    // For what is over in a moment: the whole process waits meanwhile. Whoever needs longer tries again.
    db.all('PRAGMA busy_timeout = 1000')
    // Pages: whoever commits the last of them moves all into the file meanwhile, and the process waits.
    db.all('PRAGMA wal_autocheckpoint = 400')
  }
  db.exec('PRAGMA foreign_keys = ON')
  db.exec('PRAGMA cache_size = -8000')
  // What was removed must not lie about on the pages: for secrecy, and so that a rescue does not bring it back.
  db.all('PRAGMA secure_delete = ON')
  // Sorts and temporary tables must not reach the disk in the clear.
  db.exec('PRAGMA temp_store = MEMORY')
  migrate(db, migrations)
  if (onDisk) checkOrder(db, check === 'whole')
}

// The tables that hold a person's work are checked at every start; the cached directory can be read again.
const checkOrder = (db: Db, whole: boolean): void => {
  const checks = whole ? [''] : ["('outbox')", "('connections')", "('settings')"]
  for (const what of checks) {
    for (const row of db.all(`PRAGMA quick_check${what}`)) {
      if (row.quick_check !== 'ok') throw storeErrorOf('corrupt')
    }
  }
}

const asStore = (db: Db, volatile: boolean): Store => ({
  ...db,
  volatile,
  get inTransaction() {
    return db.inTransaction
  },
  checkpoint: () => {
    if (!volatile) db.all('PRAGMA wal_checkpoint(TRUNCATE)')
  },
  close: () => {
    try {
      if (!volatile) db.all('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch (cause) {
      // While another program holds the database, or the disk is full, everything stays in the log and is read from there.
      const { kind } = storeError(cause)
      if (kind !== 'busy' && kind !== 'disk-full') throw cause
    } finally {
      db.close()
    }
  },
})

/** A store that lives in memory only: what is used when there is no keychain to keep a key in. */
export const openMemoryStore = (migrations: readonly Migration[] = everyMigration): Store => {
  const db = openConnection({ file: ':memory:' })
  prepare(db, false, migrations)
  return asStore(db, true)
}

/**
 * Opens the encrypted database, creating it if there is none. Throws {@link StoreError}: `wrong-key`, `corrupt`, `newer`,
 * `other-history`, `disk-full`, `io` or `busy`; the file is then as it was.
 */
export const openStore = ({ file, key, migrations = everyMigration }: StoreOptions): Store => {
  if (key.length !== 32) throw new StoreError('internal', 'The database key must be 32 bytes.')
  if (file === ':memory:') return openMemoryStore(migrations)
  try {
    return openFile(file, key, migrations)
  } catch (cause) {
    throw storeError(cause)
  }
}

const openFile = (file: string, key: Uint8Array, migrations: readonly Migration[]): Store => {
  const isNew = !existsSync(file) || statSync(file).size === 0
  // The key itself is tried: what the file beside the database says may be wrong.
  if (!isNew && keyMatches(file, key) === false && !firstPageFits(file, key)) throw storeErrorOf('wrong-key')
  // Created by us, so that nobody else may read it even before the first page is encrypted.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  // An app that ends in order leaves neither.
  const inOrder = !['-wal', '-shm'].some((suffix) => existsSync(file + suffix))
  const whole = statSync(file).size < (inOrder ? smallBytes : largeBytes)
  const db = openConnection({ file, key })
  try {
    prepare(db, true, migrations, isNew ? undefined : whole ? 'whole' : 'work')
    if (keyMatches(file, key) !== true) writeKeyId(file, key)
    return asStore(db, false)
  } catch (cause) {
    db.close()
    throw cause
  }
}

/** The database as it is at this moment, to be read for as long as it takes while others write. */
export const snapshotOf = (file: string, key: Uint8Array): Db => {
  const db = openConnection({ file, key })
  try {
    db.exec('PRAGMA query_only = ON')
    db.exec('PRAGMA cache_size = -8000')
    db.exec('BEGIN')
    // A transaction sees what was there when it first read.
    db.all('SELECT count(*) AS tables FROM sqlite_master')
    return db
  } catch (cause) {
    db.close()
    throw storeError(cause)
  }
}
