import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createArrivals } from '../../../../electron/features/outbox/arrivals'
import { asideHandlers } from '../../../../electron/features/settings/aside'
import type { Keychain } from '../../../../electron/platform/ports'
import { systemRandom } from '../../../../electron/platform/random'
import { openStorage, type Storage } from '../../../../electron/shell/storage'
import { connectionsRepository } from '../../../../electron/store/repositories/connections'
import { historyRepository } from '../../../../electron/store/repositories/history'
import { verifyChain } from '../../../../electron/store/repositories/history-chain'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import type { Store } from '../../../../electron/store/store'
import { change } from '../history/support'
import { manualClock } from '../platform/manual-clock'
import { entry } from '../store/support'

const origin = 'https://odin.example/api/v2'
const clock = manualClock()
const random = systemRandom(clock)
let folder: string
let file: string
let kept: Map<string, string>
const open: Storage[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-aside-'))
  file = join(folder, 'gungnir.db')
  kept = new Map()
})
afterEach(() => {
  for (const { store } of open.splice(0)) store.close()
  rmSync(folder, { recursive: true, force: true })
})

const keychain = (): Keychain => ({
  get: async (name) => kept.get(name),
  find: async (beginning) =>
    [...kept].filter(([name]) => name.startsWith(beginning)).map(([, secret]) => secret),
  set: async (name, secret) => void kept.set(name, secret),
  remove: async (name) => void kept.delete(name),
})

const start = async (): Promise<Storage> => {
  const storage = await openStorage({
    file,
    keychain: keychain(),
    random,
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    hideSecret: () => {},
  })
  open.push(storage)
  return storage
}
const end = (storage: Storage): void => {
  open.splice(open.indexOf(storage), 1)
  storage.store.close()
}

const fill = (store: Store): void => {
  connectionsRepository(store).save({
    id: 'c1',
    name: 'Odin',
    baseUrl: origin,
    username: 'admin',
    callsPerSecond: 5,
    demo: false,
  })
  const outbox = outboxRepository(store)
  outbox.put(entry(1, { origin, account: 'admin' }))
  outbox.put(entry(2, { origin, account: 'admin', reason: 'new names' }))
  outbox.put(entry(3, { origin, account: 'tech' }))
  outbox.put(entry(4, { origin, account: 'admin', state: 'done' }))
  const history = historyRepository(store)
  store.transaction(() => {
    for (let at = 0; at < 450; at++) history.append(change(`old-${at}`))
  })
}

const sound = (store: Store): boolean => {
  for (const steps = verifyChain(store); ; ) {
    const { done, value } = steps.next()
    if (done) return value.faults.length === 0
  }
}

/** What the app has of it while somebody is connected as `account`. */
const handlersOf = ({ store, aside }: Storage, account: string | null = 'admin') => {
  const identity = () => (account === null ? undefined : { connectionId: 'c1', origin, account })
  const pause = () => ({ due: () => false, wait: async () => {} })
  return asideHandlers({
    store,
    aside,
    arrivals: createArrivals({
      outbox: {
        identity,
        save: () => {
          throw new Error('nothing is saved before a person says so')
        },
        waitingFor: () => [],
        nameOf: (_connection, userId) => userId,
      },
      newId: random.id,
      pause,
    }),
    identity,
    random,
    pause,
    historyChanged: () => {},
  })
}

/** A database with something in it, put aside for want of its key, beside a new one; the key is told. */
async function putAside(): Promise<{ storage: Storage; name: string; key: string }> {
  const first = await start()
  fill(first.store)
  end(first)
  const [key = ''] = kept.values()
  kept.clear()
  const without = await start()
  const fresh = await without.unopened?.beginAnew?.()
  fresh?.close()
  end(without)
  const storage = await start()
  const [{ name } = { name: '' }] = storage.aside?.list() ?? []
  return { storage, name, key }
}

const bytesOf = (name: string): Buffer => readFileSync(join(folder, name))
const copies = (): string[] => readdirSync(folder).filter((name) => name.includes('.look-'))

describe('a database that was put aside', () => {
  it('is listed with when, why and how large it is', async () => {
    const { storage, name } = await putAside()
    writeFileSync(`${file}.damaged-not-a-date`, '')
    expect(storage.aside?.list()).toEqual([
      { name, why: 'kept', at: clock.wall(), bytes: expect.any(Number) },
    ])
    expect(storage.aside?.list()[0]?.bytes).toBeGreaterThan(4096)
  })

  it('needs its key: the one from the keychain, as it is now, or one that a person types', async () => {
    const { storage, name, key } = await putAside()
    const handlers = handlersOf(storage)
    await expect(handlers['aside.open']({ name })).rejects.toMatchObject({ kind: 'no-key' })
    for (const wrong of ['', 'zz', '0'.repeat(64), 'f'.repeat(64)]) {
      await expect(handlers['aside.open']({ name, key: wrong })).rejects.toMatchObject({ kind: 'no-key' })
    }
    const typed = `${key.slice(0, 32).toUpperCase()} ${key.slice(32)}\n`
    expect(await handlers['aside.open']({ name, key: typed })).toMatchObject({ history: 450 })
    // It is kept from now on, under its own name.
    expect([...kept.values()]).toContain(key)
    expect(await handlers['aside.open']({ name })).toMatchObject({ history: 450 })
  })

  it('shows its unsent changes as a plan, of the account that is signed in, and is itself not changed', async () => {
    const { storage, name, key } = await putAside()
    kept.set('database-key:unlocked', key)
    const before = bytesOf(name)
    const handlers = handlersOf(storage)
    expect(await handlers['aside.open']({ name })).toEqual({
      unsent: [
        { origin, account: 'admin', changes: 2, unsaved: 0 },
        { origin, account: 'tech', changes: 1, unsaved: 0 },
      ],
      history: 450,
      historyMissing: 450,
      lost: 0,
    })
    const plan = await handlers['aside.unsent']({ name, origin, account: 'admin' })
    expect(plan).toMatchObject({ name, aside: true, changes: 2, fields: 2, clashes: 0, leftOut: 0 })
    expect(plan.first.map(({ user, edits }) => [user.userId, edits[0]?.mine])).toEqual([
      ['user1@odin.example', 'New'],
      ['user2@odin.example', 'New'],
    ])
    await expect(handlers['aside.unsent']({ name, origin, account: 'tech' })).rejects.toMatchObject({
      kind: 'other-account',
    })
    await expect(
      handlersOf(storage, null)['aside.unsent']({ name, origin, account: 'admin' }),
    ).rejects.toMatchObject({ kind: 'not-connected' })
    expect(bytesOf(name).equals(before)).toBe(true)
    expect(copies()).toEqual([])
  })

  it('leaves out of the plan what came over by itself and is here', async () => {
    const { storage, name, key } = await putAside()
    kept.set('database-key:unlocked', key)
    outboxRepository(storage.store).put(entry(1, { origin, account: 'admin', state: 'done' }))
    const plan = await handlersOf(storage)['aside.unsent']({ name, origin, account: 'admin' })
    expect(plan.first.map(({ user }) => user.userId)).toEqual(['user2@odin.example'])
  })

  it('gives its history once, behind what is here, and the chain stays sound', async () => {
    const { storage, name, key } = await putAside()
    kept.set('database-key:unlocked', key)
    const history = historyRepository(storage.store)
    history.append(change('new'))
    history.append(change('old-3'))
    const handlers = handlersOf(storage)
    expect(await handlers['aside.open']({ name })).toMatchObject({ history: 450, historyMissing: 449 })
    expect(await handlers['aside.addHistory']({ name })).toEqual({ added: 449, lost: 0 })
    expect(await handlers['aside.addHistory']({ name })).toEqual({ added: 0, lost: 0 })
    expect(await handlers['aside.open']({ name })).toMatchObject({ historyMissing: 0 })
    expect(history.window({ start: 0, count: 0 }).total).toBe(451)
    expect(sound(storage.store)).toBe(true)
  })

  it('that is damaged gives what can be read, and stays as it is', async () => {
    const { storage, name, key } = await putAside()
    kept.set('database-key:unlocked', key)
    const bytes = bytesOf(name)
    bytes.fill(0x5a, 0, 4096)
    writeFileSync(join(folder, name), bytes)
    const content = await handlersOf(storage)['aside.open']({ name })
    expect(content.unsent).toContainEqual({ origin, account: 'admin', changes: 2, unsaved: 0 })
    expect(content.history).toBeGreaterThan(400)
    expect(bytesOf(name).equals(bytes)).toBe(true)
    expect(copies()).toEqual([])
  })

  it.each(['../gungnir.db', 'gungnir.db', 'gungnir.db.kept-2026-01-01T00-00-00-000Z', '', '\0'])(
    'is one of the list, and no path: %j',
    async (name) => {
      const { storage } = await putAside()
      copyFileSync(file, join(folder, 'other.db'))
      await expect(handlersOf(storage)['aside.open']({ name })).rejects.toMatchObject({ kind: 'not-found' })
    },
  )

  it('is opened one at a time, and copies left by a process that was ended go at the next start', async () => {
    const { storage, name, key } = await putAside()
    kept.set('database-key:unlocked', key)
    const handlers = handlersOf(storage)
    const first = handlers['aside.open']({ name })
    await expect(handlers['aside.addHistory']({ name })).rejects.toMatchObject({ kind: 'busy' })
    await first
    mkdtempSync(`${file}.look-`)
    mkdtempSync(`${join(folder, name)}.look-`)
    end(storage)
    await start()
    expect(copies()).toEqual([])
  })
})
