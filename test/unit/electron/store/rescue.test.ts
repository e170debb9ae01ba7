import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StoreError } from '../../../../electron/store/errors'
import { openOrRescue } from '../../../../electron/store/open-or-rescue'
import { connectionsRepository } from '../../../../electron/store/repositories/connections'
import { type OutboxRepository, outboxRepository } from '../../../../electron/store/repositories/outbox'
import { usersRepository } from '../../../../electron/store/repositories/users'
import { openStore } from '../../../../electron/store/store'
import { entry, folder, key, user } from './support'

const wall = Date.UTC(2026, 0, 2, 3, 4, 5)
const pageSize = 4096

/** A database with 500 unsent changes of which some pages are overwritten. */
const damagedFile = (
  damage: (bytes: Buffer) => void,
  then: (outbox: OutboxRepository) => void = () => {},
) => {
  const file = join(folder(), 'gungnir.db')
  const store = openStore({ file, key: key() })
  connectionsRepository(store).save({
    id: 'c1',
    name: 'Lab',
    baseUrl: 'https://odin.example/api/v2',
    username: 'admin',
    callsPerSecond: 5,
    demo: false,
  })
  store.transaction(() => {
    for (let seq = 1; seq <= 500; seq++) outboxRepository(store).put(entry(seq))
    usersRepository(store).putMany('c1', [user('a@odin.example', { lastName: 'Cached' })], 1)
  })
  store.transaction(() => then(outboxRepository(store)))
  const pages = Number(store.rows('PRAGMA page_count')[0]?.[0])
  store.close()
  const bytes = readFileSync(file)
  expect(bytes.length).toBe(pages * pageSize)
  damage(bytes)
  writeFileSync(file, bytes)
  return { file, bytes }
}

describe('a damaged database', () => {
  it('is set aside untouched, and unsent changes around the damage are brought over', () => {
    // Which page holds what is SQLite's business: each of these is damaged in turn, roots and leaves among them.
    let withLosses = 0
    for (let page = 1; page < 70; page += 3) {
      const { file, bytes } = damagedFile((content) =>
        content.fill(0x5a, page * pageSize, (page + 1) * pageSize),
      )
      const { store, rescue } = openOrRescue({ file, key: key(), wall })
      const kept = outboxRepository(store).live('c1')
      if (rescue === undefined) {
        // Nothing that matters was hit.
        expect(kept).toHaveLength(500)
      } else {
        expect(rescue.setAside).toBe(`${file}.damaged-2026-01-02T03-04-05-000Z`)
        expect(readFileSync(rescue.setAside).equals(bytes)).toBe(true)
        // A page holds a handful of entries: no more than one page's worth may be missing, whatever was hit.
        expect(kept.length, `page ${page}`).toBeGreaterThan(485)
        expect(kept.length + (rescue.lost.outbox ?? 0)).toBe(500)
        expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length)
        expect(outboxRepository(store).nextSeq()).toBeGreaterThan(485)
        if (kept.length < 500) withLosses++
      }
      store.close()
      openStore({ file, key: key() }).close()
    }
    expect(withLosses).toBeGreaterThan(0)
  })

  it('without its first page still gives up every unsent change, as it was last', () => {
    const { file, bytes } = damagedFile(
      (content) => content.fill(0x5a, 0, pageSize),
      (outbox) => {
        for (let seq = 100; seq < 200; seq++)
          outbox.put(entry(seq, { state: 'conflict', why: 'w'.repeat(seq * 60) }))
        for (let seq = 200; seq < 300; seq++) outbox.put(entry(seq, { state: 'done' }))
      },
    )
    const { store, rescue } = openOrRescue({ file, key: key(), wall })
    expect(readFileSync(rescue?.setAside ?? '').equals(bytes)).toBe(true)
    const kept = outboxRepository(store).live('c1')
    expect(kept).toHaveLength(400)
    expect(kept.filter(({ state }) => state === 'conflict').map(({ why }) => why.length)).toEqual(
      Array.from({ length: 100 }, (_, n) => (100 + n) * 60),
    )
    expect(connectionsRepository(store).list()).toHaveLength(1)
    expect(usersRepository(store).count('c1')).toBe(0)
    expect(readdirSync(dirname(file)).filter((name) => /copy|donor/.test(name))).toEqual([])
    store.close()
  })

  it('does not bring back what a person had removed', () => {
    const { file } = damagedFile(
      (content) => content.fill(0x5a, 0, pageSize),
      (outbox) => outbox.removeOfConnection('c1'),
    )
    const { store } = openOrRescue({ file, key: key(), wall })
    expect(outboxRepository(store).window(0, 1).total).toBe(0)
    store.close()
  })

  it('that is noise from end to end gives a fresh store and keeps the old file', () => {
    const { file, bytes } = damagedFile((content) => content.fill(0x5a))
    const { store, rescue } = openOrRescue({ file, key: key(), wall })
    expect(readFileSync(rescue?.setAside ?? '').equals(bytes)).toBe(true)
    expect(outboxRepository(store).window(0, 1).total).toBe(0)
    store.close()
  })

  it('never overwrites an earlier one of the same moment', () => {
    const { file } = damagedFile((content) => content.fill(0x5a, 0, pageSize))
    const first = openOrRescue({ file, key: key(), wall })
    first.store.close()
    const bytes = readFileSync(file)
    bytes.fill(0x11, 0, pageSize)
    writeFileSync(file, bytes)
    const second = openOrRescue({ file, key: key(), wall })
    second.store.close()
    expect(second.rescue?.setAside).not.toBe(first.rescue?.setAside)
    expect(existsSync(first.rescue?.setAside ?? '')).toBe(true)
    expect(readdirSync(dirname(file)).filter((name) => /damaged.*Z(-2)?$/.test(name))).toHaveLength(2)
  })

  it('is not taken for one when the key is wrong: that is for a person to decide', () => {
    const file = join(folder(), 'gungnir.db')
    openStore({ file, key: key(1) }).close()
    expect(() => openOrRescue({ file, key: key(2), wall })).toThrow(StoreError)
    expect(readdirSync(dirname(file)).some((name) => name.includes('damaged'))).toBe(false)
  })

  it('is not made of a sound one', () => {
    const file = join(folder(), 'gungnir.db')
    openStore({ file, key: key() }).close()
    const { store, rescue } = openOrRescue({ file, key: key(), wall })
    expect(rescue).toBeUndefined()
    store.close()
  })
})
