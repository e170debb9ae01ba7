import { createHash } from 'node:crypto'
import type { Db } from './connection'
import { StoreError } from './errors'
import type { Migration } from './migrations'

/** What is recorded of a migration when it is applied, so that a changed one is noticed. */
export const hashOf = (migration: Migration): string =>
  createHash('sha256').update(`${migration.number}\n${migration.name}\n${migration.sql}`).digest('hex')

/**
 * Brings a database to the newest schema. Each migration is one transaction with the record of it. Changes nothing, and
 * throws `newer` or `other-history`, when the file was written by a build that this one does not descend from.
 */
export const migrate = (db: Db, migrations: readonly Migration[]): void => {
  db.exec(`CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, applied_at INTEGER NOT NULL
  ) STRICT`)
  const applied = db.all('SELECT number, name, hash FROM migrations ORDER BY number')
  if (applied.length > migrations.length) {
    throw new StoreError(
      'newer',
      `The database was written by a newer version of Gungnir (its schema is ${applied.length}, this version knows ${migrations.length}). Nothing was changed.`,
    )
  }
  for (const [position, row] of applied.entries()) {
    const known = migrations[position]
    if (known === undefined || row.number !== known.number || row.hash !== hashOf(known)) {
      throw new StoreError(
        'other-history',
        `The database was written by a different build of Gungnir (schema step ${String(row.number)}). Nothing was changed.`,
      )
    }
  }
  for (const migration of migrations.slice(applied.length)) {
    db.transaction(() => {
      db.exec(migration.sql)
      db.run(
        `INSERT INTO migrations (number, name, hash, applied_at) VALUES (?, ?, ?, unixepoch())`,
        migration.number,
        migration.name,
        hashOf(migration),
      )
    })
  }
}
