import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memoryKeychain } from '../../../../electron/platform/keychain'
import type { Keychain } from '../../../../electron/platform/ports'
import { systemRandom } from '../../../../electron/platform/random'
import { openStorage } from '../../../../electron/shell/storage'
import { connectionsRepository } from '../../../../electron/store/repositories/connections'
import type { Store } from '../../../../electron/store/store'
import { manualClock } from '../platform/manual-clock'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-storage-'))
  file = join(folder, 'gungnir.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A keychain that is the system's as far as anyone can tell. */
function keychain(): Keychain & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    get: async (name) => kept.get(name),
    set: async (name, secret) => void kept.set(name, secret),
    remove: async (name) => void kept.delete(name),
  }
}

const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const open = (chain: Keychain, hidden: string[] = []) => {
  const clock = manualClock()
  return openStorage({
    file,
    keychain: chain,
    random: systemRandom(clock),
    clock,
    log: quiet,
    hideSecret: (secret) => hidden.push(secret),
  })
}

const mark = (store: Store) =>
  connectionsRepository(store).save({
    id: 'c1',
    name: 'Marked',
    baseUrl: 'https://a.example',
    username: 'me',
    callsPerSecond: 5,
    demo: false,
  })
const marked = (store: Store) => connectionsRepository(store).byId('c1') !== undefined
const aside = () => readdirSync(folder).filter((name) => /^gungnir\.db\..*Z(-\d+)?$/.test(name))

/** Makes a database with something in it and returns its bytes. */
async function made(chain: Keychain) {
  const { store, warning } = await open(chain)
  expect(warning).toBeUndefined()
  mark(store)
  store.close()
  return readFileSync(file)
}

describe('with a usable keychain', () => {
  it('makes a key of 32 bytes at the first start and opens with it ever after', async () => {
    const chain = keychain()
    const hidden: string[] = []
    const first = await open(chain, hidden)
    expect([...chain.kept.keys()]).toEqual(['database-key'])
    expect(chain.kept.get('database-key')).toMatch(/^[0-9a-f]{64}$/)
    expect(hidden).toEqual([chain.kept.get('database-key')])
    mark(first.store)
    first.store.close()
    const second = await open(chain)
    expect([second.warning, marked(second.store), second.store.volatile]).toEqual([undefined, true, false])
    second.store.close()
    expect(readFileSync(file).includes('Marked')).toBe(false)
    expect(readFileSync(file).includes('SQLite format 3')).toBe(false)
  })

  it('sets a database without its key aside, says so, and starts anew', async () => {
    const before = await made(keychain())
    const { store, warning } = await open(keychain())
    expect([store.volatile, marked(store)]).toEqual([false, false])
    store.close()
    const [name = ''] = aside()
    expect(warning).toMatch(/key of the database is no longer in the keychain/)
    expect(warning).toContain(name)
    expect(readFileSync(join(folder, name))).toEqual(before)
  })

  it('sets a database of another key aside in other words', async () => {
    const before = await made(keychain())
    const other = keychain()
    other.kept.set('database-key', 'ab'.repeat(32))
    const { store, warning } = await open(other)
    store.close()
    const [name = ''] = aside()
    expect(warning).toMatch(/written with another key/)
    expect(warning).toContain(name)
    expect(readFileSync(join(folder, name))).toEqual(before)
    const again = await open(other)
    expect(again.warning).toBeUndefined()
    again.store.close()
  })

  it('sets a damaged one aside, brings over what can be read, and says what', async () => {
    const chain = keychain()
    await made(chain)
    const damaged = readFileSync(file)
    damaged.fill(0x5a, 200, 4_096)
    writeFileSync(file, damaged)
    const { store, warning } = await open(chain)
    expect(store.volatile).toBe(false)
    store.close()
    const [name = ''] = aside()
    expect(warning).toMatch(/damaged/)
    expect(warning).toContain(name)
    expect(readFileSync(join(folder, name)).equals(damaged)).toBe(true)
  })

  it('leaves one of a newer version as it is and works in memory', async () => {
    const chain = keychain()
    const { store } = await open(chain)
    const tables = store
      .all(`SELECT name FROM sqlite_master WHERE type = 'table'`)
      .map(({ name }) => String(name))
    const table = tables.find((name) => /migration/.test(name)) ?? ''
    const columns = store.all(`SELECT * FROM ${table} ORDER BY 1 DESC LIMIT 1`)[0] ?? {}
    const { columns: _, ...row } = columns
    const names = Object.keys(row).filter(
      (name) => store.all(`SELECT 1 AS y FROM pragma_table_info('${table}') WHERE name = ?`, name).length > 0,
    )
    const values = names.map((name) => (typeof row[name] === 'number' ? 9_999 : (row[name] ?? null)))
    store.run(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      ...values,
    )
    store.close()
    const before = readFileSync(file)
    const opened = await open(chain)
    expect(opened.store.volatile).toBe(true)
    expect(opened.warning).toMatch(/newer version/)
    expect(opened.warning).toMatch(/left as it is/)
    expect(readFileSync(file)).toEqual(before)
    expect(aside()).toEqual([])
  })

  it('leaves one that the disk does not give out as it is', async () => {
    const chain = keychain()
    await made(chain)
    rmSync(file)
    for (const name of readdirSync(folder)) rmSync(join(folder, name))
    // A folder in its place cannot be opened by anyone, root included.
    const { mkdirSync } = await import('node:fs')
    mkdirSync(file)
    writeFileSync(join(file, 'content'), 'x')
    const { store, warning } = await open(chain)
    expect(store.volatile).toBe(true)
    expect(warning).toMatch(/disk or its permissions|kept in memory/)
    expect(statSync(file).isDirectory()).toBe(true)
  })
})

describe('without one', () => {
  it('keeps everything in memory, says so, and touches no file', async () => {
    const before = await made(keychain())
    const { store, warning } = await open(memoryKeychain('none here'))
    expect([store.volatile, marked(store)]).toEqual([true, false])
    expect(warning).toMatch(/no usable keychain/)
    expect(warning).toMatch(/left as it is/)
    expect(readFileSync(file)).toEqual(before)
  })

  it.each<[string, Partial<Keychain>]>([
    ['cannot give out the key', { get: async () => Promise.reject(new Error('locked')) }],
    ['cannot keep the key', { set: async () => Promise.reject(new Error('full')) }],
    ['forgets the key', { set: async () => {} }],
  ])('or when it %s', async (_why, over) => {
    await made(keychain())
    const names = readdirSync(folder)
    const { store, warning } = await open({ ...keychain(), ...over })
    expect(store.volatile).toBe(true)
    expect(warning).toMatch(/kept in memory/)
    expect(readdirSync(folder)).toEqual(names)
  })
})

it('an empty file is no database yet', async () => {
  writeFileSync(file, 'x')
  truncateSync(file, 0)
  const { store, warning } = await open(keychain())
  expect([warning, store.volatile]).toEqual([undefined, false])
  store.close()
})
