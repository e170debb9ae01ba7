import { spawnSync } from 'node:child_process'
import {
  chmodSync,
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
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { verifyHistory } from '../../../../electron/features/history/verify'
import { systemClock } from '../../../../electron/platform/clock'
import { memoryKeychain } from '../../../../electron/platform/keychain'
import type { Keychain } from '../../../../electron/platform/ports'
import { systemRandom } from '../../../../electron/platform/random'
import { openStorage } from '../../../../electron/shell/storage'
import { connectionsRepository } from '../../../../electron/store/repositories/connections'
import { historyRepository } from '../../../../electron/store/repositories/history'
import { verifyChain } from '../../../../electron/store/repositories/history-chain'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { settingsRepository } from '../../../../electron/store/repositories/settings'
import type { Store } from '../../../../electron/store/store'
import { change } from '../history/support'
import { manualClock } from '../platform/manual-clock'
import { holdDatabase } from '../store/other-program'
import { entry } from '../store/support'

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
    find: async (beginning) =>
      [...kept].filter(([name]) => name.startsWith(beginning)).map(([, secret]) => secret),
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

const report = (store: Store) => {
  for (const steps = verifyChain(store); ; ) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

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
    const [[name, text] = ['', '']] = chain.kept
    expect(name).toMatch(/^database-key:[0-9a-f]{32}$/)
    expect(readFileSync(`${file}.key-id`, 'utf8')).toContain(name.slice('database-key:'.length))
    expect(text).toMatch(/^[0-9a-f]{64}$/)
    expect([chain.kept.size, hidden]).toEqual([1, [text]])
    mark(first.store)
    first.store.close()
    const second = await open(chain)
    expect([second.warning, marked(second.store), second.store.volatile]).toEqual([undefined, true, false])
    second.store.close()
    expect(readFileSync(file).includes('Marked')).toBe(false)
    expect(readFileSync(file).includes('SQLite format 3')).toBe(false)
  })

  it('a history that was removed as a whole is missed at each start; one that was restored is its own', async () => {
    const chain = keychain()
    const clock = systemClock()
    const check = async ({ store, kept }: Awaited<ReturnType<typeof open>>) => {
      if (kept === undefined) throw new Error('nothing remembers the end')
      return (await verifyHistory({ store, kept, clock, pauseMs: 0 }))?.faults.map(({ what }) => what)
    }
    const first = await open(chain)
    for (const id of ['h1', 'h2', 'h3']) historyRepository(first.store).append(change(id))
    expect(await check(first)).toEqual([])
    for (const table of ['history', 'history_links', 'history_head', 'sqlite_sequence']) {
      first.store.run(`DELETE FROM ${table}`)
    }
    first.store.close()
    for (let start = 0; start < 2; start++) {
      const again = await open(chain)
      expect(await check(again)).toEqual(['cut-off'])
      historyRepository(again.store).append(change(`later${start}`))
      if (start === 1) {
        const restored = await again.replacement?.()
        if (restored !== undefined) historyRepository(restored.store).append(change('of the back-up'))
        restored?.putInPlace()
      }
      again.store.close()
    }
    const back = await open(chain)
    expect(historyRepository(back.store).byId('of the back-up')).toBeDefined()
    expect(await check(back)).toEqual([])
    back.store.close()
  })

  // Only root may become somebody else.
  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'nothing of it can be read by another user of the system, wherever the folder is',
    async () => {
      chmodSync(folder, 0o755)
      const { store, files } = await open(keychain())
      mark(store)
      await files?.write('index', { facts: {}, arrays: [] })
      const mayRead = (path: string) => spawnSync('runuser', ['-u', 'nobody', '--', 'cat', path]).status === 0
      const ours = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
      // The other user does read what is open to all.
      writeFileSync(join(folder, 'open'), 'x', { mode: 0o644 })
      expect(mayRead(join(folder, 'open'))).toBe(true)
      expect(ours.length).toBeGreaterThan(2)
      expect(ours.filter(mayRead)).toEqual([])
      store.close()
    },
  )

  it('an older key, kept under the one old name, is found, left there, and kept by its id', async () => {
    const chain = keychain()
    await made(chain)
    const [[name, text] = ['', '']] = chain.kept
    chain.kept.clear()
    chain.kept.set('database-key', text)
    const { store, warning } = await open(chain)
    expect([warning, marked(store)]).toEqual([undefined, true])
    store.close()
    await vi.waitFor(() => expect([...chain.kept.keys()].sort()).toEqual(['database-key', name]))
  })

  it.each<[string, (chain: ReturnType<typeof keychain>) => void, RegExp]>([
    ['is not there', (chain) => chain.kept.clear(), /key of the database is not in the keychain/],
    [
      'is another one',
      (chain) => {
        chain.kept.clear()
        chain.kept.set('database-key', 'ab'.repeat(32))
      },
      /No key in the keychain opens the database/,
    ],
    [
      'is no key',
      (chain) => {
        for (const name of chain.kept.keys()) chain.kept.set(name, 'something else')
      },
      /key of the database is not in the keychain/,
    ],
  ])(
    'a key that %s: nothing is put aside, nothing written, and a person is asked',
    async (_what, lose, words) => {
      const chain = keychain()
      const before = await made(chain)
      lose(chain)
      const keys = [...chain.kept]
      const names = readdirSync(folder)
      const { store, warning, unopened } = await open(chain)
      expect([store.volatile, marked(store), unopened?.beginAnew === undefined]).toEqual([true, false, false])
      expect(warning).toMatch(words)
      expect(warning).toMatch(/left as it is/)
      expect([readdirSync(folder), readFileSync(file).equals(before), [...chain.kept]]).toEqual([
        names,
        true,
        keys,
      ])
    },
  )

  it.each([
    ['has been emptied', () => truncateSync(file, 0)],
    ['is gone', () => rmSync(file)],
  ])('a database that %s is not begun anew in silence', async (_what, strike) => {
    const chain = keychain()
    await made(chain)
    strike()
    const keys = [...chain.kept]
    const { store, warning, unopened } = await open(chain)
    expect(warning).toMatch(/database file (has been emptied|is no longer)/)
    expect([store.volatile, unopened?.beginAnew === undefined]).toEqual([true, false])
    expect([...chain.kept]).toEqual(keys)
    store.close()
    const fresh = await unopened?.beginAnew?.()
    expect(fresh?.volatile).toBe(false)
    if (fresh !== undefined) mark(fresh)
    fresh?.close()
    const again = await open(chain)
    expect([again.warning, marked(again.store)]).toEqual([undefined, true])
    again.store.close()
    for (const [name, secret] of keys) expect(chain.kept.get(name)).toBe(secret)
  })

  it('one read that comes back empty is asked again', async () => {
    const chain = keychain()
    await made(chain)
    let silent = 2
    const once: Keychain = {
      ...chain,
      get: async (name) => (silent-- > 0 ? undefined : chain.get(name)),
      find: async (beginning) => (silent-- > 0 ? [] : chain.find(beginning)),
    }
    const keys = [...chain.kept]
    const { store, warning } = await open(once)
    expect([warning, marked(store), [...chain.kept]]).toEqual([undefined, true, keys])
    store.close()
  })

  it('of several keys the one that opens it is used, whatever the small file beside it says', async () => {
    const chain = keychain()
    await made(chain)
    const named = readFileSync(`${file}.key-id`, 'utf8')
    for (let n = 10; n < 15; n++) chain.kept.set(`database-key:${n}`, String(n).repeat(32))
    const digit = named[5] === '0' ? '1' : '0'
    for (const lie of [`${named.slice(0, 5)}${digit}${named.slice(6)}`, '', 'x', undefined]) {
      if (lie === undefined) rmSync(`${file}.key-id`)
      else writeFileSync(`${file}.key-id`, lie)
      const { store, warning } = await open(chain)
      expect([warning, marked(store), aside()]).toEqual([undefined, true, []])
      store.close()
      expect(readFileSync(`${file}.key-id`, 'utf8')).toBe(named)
    }
  })

  it('a damaged first page and a lie about the key: what lies on the other pages tells', async () => {
    const chain = keychain()
    await made(chain)
    rmSync(`${file}.key-id`)
    const damaged = readFileSync(file)
    damaged.fill(0x5a, 0, 4_096)
    writeFileSync(file, damaged)
    const { store, warning } = await open(chain)
    expect(warning).toMatch(/damaged/)
    expect(marked(store)).toBe(true)
    store.close()
  })

  it('of a database that was emptied while it was in use, the log with the newest changes is kept', async () => {
    const chain = keychain()
    const { store } = await open(chain)
    mark(store)
    const log = readFileSync(`${file}-wal`)
    store.close()
    expect(log.length).toBeGreaterThan(0)
    truncateSync(file, 0)
    writeFileSync(`${file}-wal`, log)
    const { store: volatile, warning, unopened } = await open(chain)
    expect(warning).toMatch(/has been emptied/)
    volatile.close()
    expect(readFileSync(`${file}-wal`).equals(log)).toBe(true)
    const fresh = await unopened?.beginAnew?.()
    fresh?.close()
    const [name = ''] = aside()
    expect(readFileSync(join(folder, `${name}-wal`)).equals(log)).toBe(true)
  })

  it('begins anew only when told to, with a key of its own, and brings back what was kept when its key is there again', async () => {
    const chain = keychain()
    const first = await open(chain)
    mark(first.store)
    for (let seq = 1; seq <= 3; seq++) outboxRepository(first.store).put(entry(seq))
    for (const id of ['h1', 'h2']) historyRepository(first.store).append(change(id))
    first.store.close()
    const [oldName, oldKey] = [...chain.kept][0] ?? ['', '']
    const before = readFileSync(file)

    chain.kept.clear()
    const second = await open(chain)
    const fresh = await second.unopened?.beginAnew?.()
    fresh?.close()
    const [name = ''] = aside()
    expect(name).toMatch(/^gungnir\.db\.kept-/)
    expect(readFileSync(join(folder, name)).equals(before)).toBe(true)
    expect(readFileSync(join(folder, `${name}.key-id`), 'utf8')).toContain(
      oldName.slice('database-key:'.length),
    )
    const begun = await open(chain)
    expect([begun.warning, marked(begun.store)]).toEqual([undefined, false])
    outboxRepository(begun.store).put(entry(1, { id: 'meanwhile' }))
    historyRepository(begun.store).append(change('h3'))
    begun.store.close()

    chain.kept.set(oldName, oldKey)
    const third = await open(chain)
    expect(third.warning).toMatch(/3 unsent changes of it wait for you in the outbox, and 2 history entries/)
    expect(
      outboxRepository(third.store)
        .live()
        .map(({ id, state }) => [id, state]),
    ).toEqual([
      ['meanwhile', 'queued'],
      ['entry-1', 'parked'],
      ['entry-2', 'parked'],
      ['entry-3', 'parked'],
    ])
    const history = historyRepository(third.store).window({ start: 0, count: 9 })
    expect(history.entries.map(({ id }) => id)).toEqual(['h2', 'h1', 'h3'])
    expect(report(third.store)).toMatchObject({ entries: 3, faults: [] })
    expect(marked(third.store)).toBe(true)
    third.store.close()
    const [merged = ''] = aside()
    expect(merged).toMatch(/brought-over/)
    expect(readFileSync(join(folder, merged)).equals(before)).toBe(true)

    const fourth = await open(chain)
    expect([fourth.warning, outboxRepository(fourth.store).live().length]).toEqual([undefined, 4])
    fourth.store.close()
    expect(readdirSync(folder).filter((left) => /part|look/.test(left))).toEqual([])
  })

  it('waits for another program that holds the database, says so once, and goes on by itself', {
    timeout: 60_000,
  }, async () => {
    const chain = keychain()
    await made(chain)
    const letGo = await holdDatabase(file, [...chain.kept.values()][0] ?? '')
    const said: string[] = []
    let told = () => {}
    const waiting = new Promise<void>((resolve) => {
      told = resolve
    })
    let tries = 0
    const clock = systemClock()
    const opening = openStorage({
      file,
      keychain: chain,
      random: systemRandom(clock),
      clock: {
        ...clock,
        after: (ms, run) => {
          if (said.length > 0 && ++tries === 3) told()
          return clock.after(ms, run)
        },
      },
      log: quiet,
      hideSecret: () => {},
      onWaiting: (why) => {
        said.push(why)
        return () => said.push('over')
      },
    })
    await waiting
    expect(said).toEqual([expect.stringMatching(/^Another program is using the database\./)])
    await letGo()
    const { store, warning } = await opening
    expect([warning, marked(store), store.volatile]).toEqual([undefined, true, false])
    expect(said).toEqual([expect.any(String), 'over'])
    expect(aside()).toEqual([])
    store.close()
  })

  it('works in memory and leaves the database alone when another program never lets go of it', async () => {
    const chain = keychain()
    const before = await made(chain)
    const letGo = await holdDatabase(file, [...chain.kept.values()][0] ?? '')
    const clock = systemClock()
    let skipped = 0
    const { store, warning, unopened } = await openStorage({
      file,
      keychain: chain,
      random: systemRandom(clock),
      // Each wait is over at once, and took a minute.
      clock: {
        ...clock,
        mono: () => clock.mono() + skipped,
        after: (ms, run) => {
          if (ms > 1000) return clock.after(ms, run)
          skipped += 60_000
          return clock.after(0, run)
        },
      },
      log: quiet,
      hideSecret: () => {},
    })
    expect(warning).toMatch(/Another program is using the database/)
    expect([store.volatile, unopened]).toEqual([true, {}])
    store.close()
    await letGo()
    expect(readFileSync(file).equals(before)).toBe(true)
    const again = await open(chain)
    expect(marked(again.store)).toBe(true)
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

  it('a damaged setting is set aside and said, a damaged history entry says so itself; the rest works', async () => {
    const chain = keychain()
    const { store } = await open(chain)
    const settings = settingsRepository(store)
    settings.set('theme', 'dark')
    settings.set('sound', true)
    for (const id of ['h1', 'h2', 'h3']) historyRepository(store).append(change(id))
    store.run(`UPDATE settings SET value = '{"da' WHERE key = 'theme'`)
    store.run(`UPDATE history SET row = 'no JSON' WHERE id = 'h2'`)
    store.run(`UPDATE history SET settled = '[' WHERE id = 'h3'`)
    store.close()

    const again = await open(chain)
    expect(again.warning).toMatch(/1 setting was damaged and set aside \(theme\)/)
    expect({ ...settingsRepository(again.store).all() }).toEqual({ sound: true })
    const history = historyRepository(again.store)
    expect(history.window({ start: 0, count: 9 }).entries.map(({ id, action }) => [id, action])).toEqual([
      ['h3', 'Damaged entry'],
      ['h2', 'Damaged entry'],
      ['h1', change('h1').action],
    ])
    expect(history.recentWrites(9)).toHaveLength(3)
    expect(history.settle('h2', { outcome: 'done' })).toBe(true)
    expect(history.byId('h2')?.outcome).toBe('done')
    again.store.close()
    const last = await open(chain)
    expect(last.warning).toBeUndefined()
    last.store.close()
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
    for (const there of [false, true]) {
      if (there) await made(keychain())
      const names = readdirSync(folder)
      const { store, warning } = await open({ ...keychain(), ...over })
      expect(store.volatile).toBe(true)
      expect(warning).toMatch(/kept in memory/)
      expect(readdirSync(folder)).toEqual(names)
    }
  })

  it('a person can try again, and no more, when it throws or hangs', async () => {
    const chain = keychain()
    const before = await made(chain)
    const throws = await open({ ...chain, find: async () => Promise.reject(new Error('locked')) })
    expect([throws.store.volatile, throws.unopened]).toEqual([true, {}])
    const clock = manualClock()
    const hanging = openStorage({
      file,
      keychain: { ...chain, find: () => new Promise(() => {}) },
      random: systemRandom(clock),
      clock,
      log: quiet,
      hideSecret: () => {},
    })
    await clock.pass(60_000)
    expect(await hanging).toMatchObject({ store: { volatile: true }, unopened: {} })
    expect((await hanging).warning).toMatch(/did not give out/)
    expect(readFileSync(file)).toEqual(before)
    const { store, warning } = await open(chain)
    expect([warning, marked(store)]).toEqual([undefined, true])
    store.close()
  })
})

it('an empty file is no database yet', async () => {
  writeFileSync(file, 'x')
  truncateSync(file, 0)
  const { store, warning } = await open(keychain())
  expect([warning, store.volatile]).toEqual([undefined, false])
  store.close()
})
