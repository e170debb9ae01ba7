import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openConnection } from '../../../../electron/store/connection'
import { StoreError } from '../../../../electron/store/errors'
import { hashOf, migrate } from '../../../../electron/store/migrate'
import { type Migration, migrations } from '../../../../electron/store/migrations'
import { openStore } from '../../../../electron/store/store'
import { folder, key } from './support'

const kindOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return error instanceof StoreError ? error.kind : `not typed: ${String(error)}`
  }
  return 'no error'
}

const extra: Migration = {
  number: migrations.length + 1,
  name: 'extra',
  sql: 'CREATE TABLE extra (a TEXT) STRICT',
}

describe('migrations', () => {
  it('are numbered from 1 without gaps', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, position) => position + 1))
  })

  it('that were released keep their text', () => {
    // A changed hash here means that a released migration was edited: add a new one instead.
    expect(migrations.map(hashOf).map((hash) => hash.slice(0, 16))).toMatchSnapshot()
  })

  it('run once, each recorded with its hash', () => {
    const db = openConnection({ file: ':memory:' })
    migrate(db, migrations)
    migrate(db, migrations)
    expect(db.rows('SELECT number, name, hash FROM migrations ORDER BY number')).toEqual(
      migrations.map((migration) => [migration.number, migration.name, hashOf(migration)]),
    )
  })

  it('add to a populated database without touching what is in it', () => {
    const file = join(folder(), 'gungnir.db')
    const before = openStore({ file, key: key() })
    before.run('INSERT INTO settings (key, value) VALUES (?, ?)', 'a', '1')
    before.close()
    const after = openStore({ file, key: key(), migrations: [...migrations, extra] })
    expect(after.rows('SELECT key, value FROM settings')).toEqual([['a', '1']])
    expect(after.rows('SELECT count(*) FROM extra')).toEqual([[0]])
    after.close()
  })

  it('refuse a newer database and leave it as it was', () => {
    const file = join(folder(), 'gungnir.db')
    openStore({ file, key: key(), migrations: [...migrations, extra] }).close()
    expect(kindOf(() => openStore({ file, key: key() }))).toBe('newer')
    openStore({ file, key: key(), migrations: [...migrations, extra] }).close()
  })

  it('refuse a database whose applied step is not ours', () => {
    const file = join(folder(), 'gungnir.db')
    openStore({ file, key: key(), migrations: [...migrations, extra] }).close()
    const edited = { ...extra, sql: `${extra.sql}; SELECT 1` }
    expect(kindOf(() => openStore({ file, key: key(), migrations: [...migrations, edited] }))).toBe(
      'other-history',
    )
  })

  it('that fail leave nothing behind', () => {
    const db = openConnection({ file: ':memory:' })
    migrate(db, migrations)
    const broken = { ...extra, sql: 'CREATE TABLE half (a TEXT) STRICT; CREATE TABLE half (a TEXT) STRICT' }
    expect(kindOf(() => migrate(db, [...migrations, broken]))).toBe('internal')
    expect(db.rows("SELECT count(*) FROM sqlite_master WHERE name = 'half'")).toEqual([[0]])
    migrate(db, [...migrations, extra])
    expect(db.rows('SELECT count(*) FROM extra')).toEqual([[0]])
  })

  it('0001 keeps one user per connection and user id, and only known completeness', () => {
    const db = openConnection({ file: ':memory:' })
    migrate(db, migrations.slice(0, 1))
    const insert = (connection: string, userId: string, completeness = 'row') =>
      db.run(
        'INSERT INTO users (connection_id, sp, grp, user_id, completeness, record, read_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, 1)',
        connection,
        'sp',
        'grp',
        userId,
        completeness,
        '{"fields":{}}',
        1,
      )
    insert('c1', 'a')
    insert('c2', 'a')
    expect(kindOf(() => insert('c1', 'a'))).toBe('internal')
    expect(kindOf(() => insert('c1', 'b', 'half'))).toBe('internal')
  })
})
