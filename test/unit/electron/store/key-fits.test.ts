import { createCipheriv } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StoreError } from '../../../../electron/store/errors'
import { firstPageFits, laterPagesFit } from '../../../../electron/store/key-fits'
import { keyIdFile } from '../../../../electron/store/key-id'
import { openOrRescue } from '../../../../electron/store/open-or-rescue'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { settingsRepository } from '../../../../electron/store/repositories/settings'
import { keyOf } from '../../../../electron/store/rescue'
import { openStore, type Store } from '../../../../electron/store/store'
import { entry, folder, key } from './support'

const pageSize = 4096

const database = (secret: Uint8Array, work: (store: Store) => void = () => {}) => {
  const file = join(folder(), 'gungnir.db')
  const store = openStore({ file, key: secret })
  work(store)
  store.close()
  return file
}
const work = (store: Store) => {
  for (let seq = 1; seq <= 40; seq++) outboxRepository(store).put(entry(seq))
}
const change = (file: string, damage: (bytes: Buffer) => void) => {
  const bytes = readFileSync(file)
  damage(bytes)
  writeFileSync(file, bytes)
}
const noise = (length: number) =>
  createCipheriv('aes-256-ctr', Buffer.alloc(32, 7), Buffer.alloc(16)).update(Buffer.alloc(length))

describe('which key a database was written with', () => {
  it('its first page tells', () => {
    const file = database(key(1), work)
    expect(firstPageFits(file, key(1))).toBe(true)
    expect(firstPageFits(file, key(2))).toBe(false)
    expect(keyOf(file, [key(2), key(3), key(1)])).toEqual(key(1))
  })

  it.each([
    ['with changes', work],
    ['empty', () => {}],
  ])('without a first page and the file that names the key, the other pages tell: %s', (_, made) => {
    const file = database(key(1), made)
    rmSync(keyIdFile(file))
    change(file, (bytes) => bytes.fill(0x5a, 0, pageSize))
    expect(laterPagesFit(file, key(1))).toBe(true)
    expect(laterPagesFit(file, key(2))).toBe(false)
    expect(keyOf(file, [key(2), key(3), key(1)])).toEqual(key(1))
    expect(keyOf(file, [key(2), key(3)])).toBeUndefined()
  })

  it('a page that reads as a row of ours by chance is no sign: nothing is put aside with another key', () => {
    // What 16 bytes of noise in a large database come to sooner or later: one readable row, under a key of another database.
    const other = database(key(2), (store) => settingsRepository(store).set('a', 5))
    const file = database(key(1), work)
    const foreign = readFileSync(other)
    const place = leafWithSetting(other)
    change(file, (bytes) => foreign.copy(bytes, place, place, place + pageSize))
    const before = readFileSync(file)
    expect(keyOf(file, [key(2)])).toBeUndefined()
    expect(() => openOrRescue({ file, key: key(2), wall: 0 })).toThrow(StoreError)
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(dirname(file)).filter((name) => /damaged|kept/.test(name))).toEqual([])
  })

  it('16 MB of noise fit no key, and leave nothing behind', () => {
    const file = join(folder(), 'gungnir.db')
    writeFileSync(file, noise(16 * 1024 * 1024))
    const keys = Array.from({ length: 40 }, (_, fill) => key(fill + 1))
    expect(keyOf(file, keys)).toBeUndefined()
    expect(readdirSync(dirname(file))).toEqual(['gungnir.db'])
  })

  it('a file of less than a page fits none', () => {
    const file = join(folder(), 'gungnir.db')
    writeFileSync(file, noise(700))
    expect(keyOf(file, [key(1)])).toBeUndefined()
    expect(laterPagesFit(file, key(1))).toBe(false)
  })

  it('a copy that was cut short is known by what is left of it', () => {
    const whole = database(key(1), work)
    const file = join(folder(), 'gungnir.db')
    copyFileSync(whole, file)
    change(file, (bytes) => bytes.fill(0, 0, pageSize))
    writeFileSync(file, readFileSync(file).subarray(0, 10 * pageSize + 17))
    expect(keyOf(file, [key(2), key(1)])).toEqual(key(1))
  })

  /** Where in the file the page with the only setting begins. */
  function leafWithSetting(file: string): number {
    const store = openStore({ file, key: key(2) })
    const root = Number(store.rows("SELECT rootpage FROM sqlite_master WHERE name = 'settings'")[0]?.[0])
    store.close()
    return (root - 1) * pageSize
  }
})
