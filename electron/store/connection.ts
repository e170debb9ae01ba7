import Libsql from 'libsql'
import { StoreError, storeError } from './errors'

/** What SQLite can hold. Text must not contain U+0000: the driver cuts it there (JSON text never does). */
export type SqlValue = string | number | bigint | null | Uint8Array

/** A row as an object of its columns. Name the columns in the SQL: the driver adds one of its own. */
export type SqlRow = Record<string, SqlValue>

/** One open database: synchronous, with a cache of prepared statements. Every failure is a {@link StoreError}. */
export interface Db {
  /** Statements without parameters or results. */
  exec(sql: string): void
  /** Runs one statement; `id` is the rowid of the last row inserted. */
  run(sql: string, ...values: readonly SqlValue[]): { changes: number; id: number }
  get(sql: string, ...values: readonly SqlValue[]): SqlRow | undefined
  all(sql: string, ...values: readonly SqlValue[]): SqlRow[]
  /** Rows as arrays in column order: half the cost of {@link all} for bulk reads. */
  rows(sql: string, ...values: readonly SqlValue[]): SqlValue[][]
  /**
   * Runs `work` in one transaction and returns what it returns; a throw rolls back and is passed on. Inside
   * another transaction it becomes a part of that one. `work` is synchronous: nothing else can come between.
   *
   * Its end waits until the disk has it. `rereadable`: it does not, for what can be read from the server again; a loss of
   * power then takes such a transaction back as a whole, unless a later one was waited for.
   */
  transaction<T>(work: () => T, kind?: 'rereadable'): T
  readonly inTransaction: boolean
  close(): void
}

export interface OpenOptions {
  /** A path, or `:memory:`. */
  readonly file: string
  /** 32 random bytes; left out only for `:memory:`. */
  readonly key?: Uint8Array
}

interface NativeStatement {
  run(values: readonly SqlValue[]): { changes: number; lastInsertRowid: number | bigint }
  get(values: readonly SqlValue[]): unknown
  all(values: readonly SqlValue[]): unknown[]
  raw(on: boolean): NativeStatement
}

interface NativeDatabase {
  exec(sql: string): void
  prepare(sql: string): NativeStatement
  readonly inTransaction: boolean
  close(): void
}

// The driver's own types are those of better-sqlite3 and know nothing of encryption.
const NativeDatabase = Libsql as unknown as new (
  file: string,
  options: { encryptionCipher?: string; encryptionKey?: string },
) => NativeDatabase

// A value of another type would end the whole process: the driver panics on booleans.
const checked = (values: readonly SqlValue[]): readonly SqlValue[] => {
  for (const value of values) {
    const type = typeof value
    if (type === 'string') {
      if ((value as string).includes('\0'))
        throw new StoreError('text', 'A text with the character U+0000 cannot be stored or looked for.')
    } else if (type === 'number') {
      if (!Number.isFinite(value)) throw new StoreError('internal', 'Only finite numbers can be stored.')
    } else if (type !== 'bigint' && value !== null && !(value instanceof Uint8Array)) {
      throw new StoreError('internal', `A value of type ${type} cannot be stored.`)
    }
  }
  return values
}

const guarded = <T>(work: () => T): T => {
  try {
    return work()
  } catch (cause) {
    throw storeError(cause)
  }
}

/** Opens or creates a database. Says nothing about whether the key is right: the first read does. */
export const openConnection = ({ file, key }: OpenOptions): Db => {
  if (file !== ':memory:' && key === undefined) {
    throw new StoreError('internal', 'A database on disk needs a key.')
  }
  const encryption =
    key === undefined
      ? {}
      : { encryptionCipher: 'aes256cbc', encryptionKey: Buffer.from(key).toString('hex') }
  let native: NativeDatabase | undefined = guarded(() => new NativeDatabase(file, encryption))
  const statements = new Map<string, NativeStatement>()
  const rawStatements = new Map<string, NativeStatement>()

  const open = (): NativeDatabase => {
    if (native === undefined) throw new StoreError('internal', 'The database is closed.')
    return native
  }

  const using = <T>(sql: string, raw: boolean, work: (statement: NativeStatement) => T): T => {
    const cache = raw ? rawStatements : statements
    try {
      let statement = cache.get(sql)
      if (statement === undefined) {
        statement = open().prepare(sql)
        if (raw) statement.raw(true)
        cache.set(sql, statement)
      }
      return work(statement)
    } catch (cause) {
      // The driver does not reset a statement that failed: used again, it would fail on sound rows too.
      cache.delete(sql)
      throw storeError(cause)
    }
  }

  const inTransaction = <T>(work: () => T): T => {
    guarded(() => open().exec('BEGIN IMMEDIATE'))
    try {
      const result = work()
      if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
        throw new StoreError('internal', 'A transaction cannot wait.')
      }
      guarded(() => open().exec('COMMIT'))
      return result
    } catch (cause) {
      // A full disk or an I/O error may have rolled back already; the first cause is the one to tell.
      try {
        if (native?.inTransaction) native.exec('ROLLBACK')
      } catch {}
      throw cause
    }
  }

  const db: Db = {
    exec: (sql) => guarded(() => open().exec(sql)),
    run(sql, ...values) {
      const run = () =>
        using(sql, false, (statement) => {
          const { changes, lastInsertRowid } = statement.run(checked(values))
          return { changes, id: Number(lastInsertRowid) }
        })
      // A statement that meets the lock of another program is left half done by the driver, and SQLite then commits nothing of
      // what follows, without a word. BEGIN meets the lock first, and is not left so.
      return open().inTransaction ? run() : inTransaction(run)
    },
    get: (sql, ...values) =>
      using(sql, false, (statement) => statement.get(checked(values)) as SqlRow | undefined),
    all: (sql, ...values) => using(sql, false, (statement) => statement.all(checked(values)) as SqlRow[]),
    rows: (sql, ...values) => using(sql, true, (statement) => statement.all(checked(values)) as SqlValue[][]),
    transaction: <T>(work: () => T, kind?: 'rereadable'): T => {
      if (open().inTransaction) return work()
      if (kind === 'rereadable') guarded(() => open().exec('PRAGMA synchronous = NORMAL'))
      try {
        return inTransaction(work)
      } finally {
        if (kind === 'rereadable') guarded(() => native?.exec('PRAGMA synchronous = FULL'))
      }
    },
    get inTransaction() {
      return native?.inTransaction ?? false
    },
    close: () => {
      if (native === undefined) return
      const closing = native
      // The driver lets go of the file only when no statement is reachable any more.
      native = undefined
      statements.clear()
      rawStatements.clear()
      guarded(() => closing.close())
    },
  }
  return db
}
