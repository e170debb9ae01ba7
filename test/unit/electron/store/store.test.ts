import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openConnection } from '../../../../electron/store/connection'
import { StoreError } from '../../../../electron/store/errors'
import { openMemoryStore, openStore } from '../../../../electron/store/store'
import { holdDatabase } from './other-program'
import { folder, key } from './support'

const kindOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    return error instanceof StoreError ? error.kind : `not typed: ${String(error)}`
  }
  return 'no error'
}

describe('the store on disk', () => {
  it('is unreadable without the key: no text of it appears in any of its files', () => {
    const file = join(folder(), 'gungnir.db')
    const store = openStore({ file, key: key() })
    store.run('INSERT INTO settings (key, value) VALUES (?, ?)', 'mark', '"FINDME-in-the-clear"')
    const inUse = readdirSync(join(file, '..'))
    expect(inUse).toContain('gungnir.db-wal')
    for (const name of inUse) {
      expect(readFileSync(join(file, '..', name)).includes('FINDME'), name).toBe(false)
    }
    store.close()
    const closed = readFileSync(file)
    expect(closed.includes('FINDME')).toBe(false)
    expect(closed.includes('SQLite format')).toBe(false)
    expect(closed.includes('CREATE TABLE')).toBe(false)
  })

  it('keeps what was written, in WAL mode with full synchronisation', () => {
    const file = join(folder(), 'gungnir.db')
    const first = openStore({ file, key: key() })
    first.run('INSERT INTO settings (key, value) VALUES (?, ?)', 'a', '1')
    expect(first.rows('PRAGMA journal_mode')).toEqual([['wal']])
    expect(first.rows('PRAGMA synchronous')).toEqual([[2]])
    expect(first.rows('PRAGMA foreign_keys')).toEqual([[1]])
    first.close()
    const second = openStore({ file, key: key() })
    expect(second.rows('SELECT key, value FROM settings')).toEqual([['a', '1']])
    second.close()
  })

  it('can be read and written by its owner alone', () => {
    const file = join(folder(), 'gungnir.db')
    openStore({ file, key: key() }).close()
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0)
  })

  it('commits what is written after another program held it', { timeout: 30_000 }, async () => {
    const file = join(folder(), 'gungnir.db')
    const store = openStore({ file, key: key() })
    const put = (mark: string) => store.run('INSERT INTO settings (key, value) VALUES (?, ?)', mark, '1')
    const letGo = await holdDatabase(file, Buffer.from(key()).toString('hex'))
    expect(kindOf(() => put('while'))).toBe('busy')
    expect(kindOf(() => store.transaction(() => put('while')))).toBe('busy')
    await letGo()
    put('after')
    // Seen by another connection: it is no matter of this one alone.
    const other = openConnection({ file, key: key() })
    expect(other.rows('SELECT key FROM settings')).toEqual([['after']])
    other.close()
    expect(store.inTransaction).toBe(false)
    store.close()
  })

  it('is closed while another program holds it, and nothing is missing afterwards', {
    timeout: 30_000,
  }, async () => {
    const file = join(folder(), 'gungnir.db')
    const store = openStore({ file, key: key() })
    store.run('INSERT INTO settings (key, value) VALUES (?, ?)', 'a', '1')
    const letGo = await holdDatabase(file, Buffer.from(key()).toString('hex'))
    store.close()
    await letGo()
    const again = openStore({ file, key: key() })
    expect(again.rows('SELECT key FROM settings')).toEqual([['a']])
    again.close()
  })

  it('tells a wrong key from a damaged file, and changes neither', () => {
    const file = join(folder(), 'gungnir.db')
    openStore({ file, key: key(1) }).close()
    const before = readFileSync(file)
    expect(kindOf(() => openStore({ file, key: key(2) }))).toBe('wrong-key')
    expect(readFileSync(file).equals(before)).toBe(true)

    const damaged = Buffer.from(before)
    damaged.fill(0x5a, 0, 4096)
    writeFileSync(file, damaged)
    expect(kindOf(() => openStore({ file, key: key(1) }))).toBe('corrupt')
    expect(readFileSync(file).equals(damaged)).toBe(true)
  })

  it('does not open a plain SQLite file or junk', () => {
    const plain = join(folder(), 'gungnir.db')
    const db = openConnection({ file: ':memory:' })
    db.close()
    writeFileSync(plain, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8176)]))
    expect(kindOf(() => openStore({ file: plain, key: key() }))).toBe('corrupt')
  })

  it('says when the folder cannot be used', () => {
    expect(kindOf(() => openStore({ file: '/nonexistent-folder/gungnir.db', key: key() }))).toBe('io')
  })

  it('refuses a short key', () => {
    expect(kindOf(() => openStore({ file: join(folder(), 'x.db'), key: new Uint8Array(16) }))).toBe(
      'internal',
    )
  })
})

describe('transactions', () => {
  it('roll back on a throw and pass it on', () => {
    const store = openMemoryStore()
    expect(() =>
      store.transaction(() => {
        store.run('INSERT INTO settings (key, value) VALUES (?, ?)', 'a', '1')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(store.rows('SELECT count(*) FROM settings')).toEqual([[0]])
    expect(store.inTransaction).toBe(false)
  })

  it('join an outer one: all or nothing', () => {
    const store = openMemoryStore()
    expect(() =>
      store.transaction(() => {
        store.transaction(() => store.run('INSERT INTO settings (key, value) VALUES (?, ?)', 'a', '1'))
        expect(store.inTransaction).toBe(true)
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(store.rows('SELECT count(*) FROM settings')).toEqual([[0]])
  })

  it('cannot wait, and undo what an asynchronous one did at once', () => {
    const store = openMemoryStore()
    expect(
      kindOf(() =>
        store.transaction(async () => {
          store.run('INSERT INTO settings (key, value) VALUES (?, ?)', 'a', '1')
        }),
      ),
    ).toBe('internal')
    expect(store.rows('SELECT count(*) FROM settings')).toEqual([[0]])
  })

  it('wait for the disk again after one that need not, however that one ends', () => {
    const store = openStore({ file: join(folder(), 'gungnir.db'), key: key() })
    // 1: with the next checkpoint, 2: with each commit.
    const waits = () => store.rows('PRAGMA synchronous')[0]?.[0]
    expect(waits()).toBe(2)
    expect(store.transaction(waits, 'rereadable')).toBe(1)
    expect(waits()).toBe(2)
    expect(() =>
      store.transaction(() => {
        throw new Error('no')
      }, 'rereadable'),
    ).toThrow('no')
    expect(waits()).toBe(2)
    // What somebody relies on decides for everything in it.
    expect(store.transaction(() => store.transaction(waits, 'rereadable'))).toBe(2)
    store.close()
  })

  it('are durable when they return, without a clean close', () => {
    const file = join(folder(), 'gungnir.db')
    const abandoned = openStore({ file, key: key() })
    abandoned.run('INSERT INTO settings (key, value) VALUES (?, ?)', 'a', '1')
    const other = openStore({ file, key: key() })
    expect(other.rows('SELECT key FROM settings')).toEqual([['a']])
    other.close()
    abandoned.close()
  })
})

describe('values', () => {
  it('of a kind that the driver would die of are refused', () => {
    const store = openMemoryStore()
    const put = (value: unknown) =>
      store.run('INSERT INTO settings (key, value) VALUES (?, ?)', 'a', value as string)
    expect(kindOf(() => put(true))).toBe('internal')
    expect(kindOf(() => put({}))).toBe('internal')
    expect(kindOf(() => put(undefined))).toBe('internal')
    expect(kindOf(() => put(Number.NaN))).toBe('internal')
    expect(kindOf(() => put('a\0b'))).toBe('text')
    expect(store.rows('SELECT count(*) FROM settings')).toEqual([[0]])
  })

  it('are refused after closing, by a typed error', () => {
    const store = openMemoryStore()
    store.close()
    expect(kindOf(() => store.rows('SELECT 1'))).toBe('internal')
    store.close()
  })
})
