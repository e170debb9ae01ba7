import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupHandlers, type WorkHere } from '../../../../electron/features/settings/backup'
import { seal } from '../../../../electron/features/settings/sealed'
import type { FileReader } from '../../../../electron/platform/file-sink'
import { memoryKeychain } from '../../../../electron/platform/keychain'
import type { Keychain } from '../../../../electron/platform/ports'
import { systemRandom } from '../../../../electron/platform/random'
import { openStorage, type Storage } from '../../../../electron/shell/storage'
import { dump } from '../../../../electron/store/backup'
import { settingsRepository } from '../../../../electron/store/repositories/settings'
import type { Store } from '../../../../electron/store/store'
import { manualClock } from '../platform/manual-clock'

const passphrase = 'four words of mine'
let folder: string
let kept: Map<string, string>
const open: Storage[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-backup-'))
  kept = new Map()
})
afterEach(() => {
  for (const { store } of open.splice(0)) store.close()
  rmSync(folder, { recursive: true, force: true })
})

const clock = manualClock()
const keychain = (): Keychain => ({
  get: async (name) => kept.get(name),
  find: async (beginning) =>
    [...kept].filter(([name]) => name.startsWith(beginning)).map(([, secret]) => secret),
  set: async (name, secret) => void kept.set(name, secret),
  remove: async (name) => void kept.delete(name),
})

const start = async (chain: Keychain = keychain()): Promise<Storage> => {
  const storage = await openStorage({
    file: join(folder, 'gungnir.db'),
    keychain: chain,
    random: systemRandom(clock),
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

const files: Buffer[] = []
const reader = (bytes: Buffer): FileReader => ({
  name: 'x',
  size: bytes.length,
  bytes: async function* (from, to) {
    yield bytes.subarray(from, to)
  },
  close: async () => {},
})
const handlers = (
  storage: Storage,
  more: { here?: () => WorkHere; hold?: () => void; anew?: () => void; whileChoosing?: () => void } = {},
) =>
  backupHandlers({
    storage,
    openReader: async () => {
      more.whileChoosing?.()
      return reader(files.shift() ?? Buffer.alloc(0))
    },
    saveFile: async () => {
      const parts: Uint8Array[] = []
      return {
        path: 'saved',
        write: async (part) => void parts.push(Buffer.from(part)),
        finish: async () => void files.push(Buffer.concat(parts)),
        discard: async () => {},
      }
    },
    hideSecret: () => {},
    here: more.here ?? (() => ({ changes: [], edits: [] })),
    hold: more.hold ?? (() => {}),
    beginAnew: more.anew ?? (() => {}),
  })

const mark = (store: Store, value: string): void => settingsRepository(store).set('mark', value)
const marked = (store: Store) => settingsRepository(store).get('mark')
const asides = () => readdirSync(folder).filter((name) => /\.db\.replaced-.*Z$/.test(name))
const sealed = async (texts: Iterable<string>): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const part of seal(texts, passphrase, 10)) parts.push(part)
  return Buffer.concat(parts)
}

describe('a back-up', () => {
  it('takes the place of everything at the next start, and what was there lies aside', async () => {
    let storage = await start()
    mark(storage.store, 'in the back-up')
    expect(await handlers(storage)['settings.backup']({ passphrase })).toEqual({ path: 'saved' })
    mark(storage.store, 'made later')
    let anew = 0
    const restore = handlers(storage, { anew: () => anew++ })['settings.restore']
    expect(await restore({ passphrase })).toEqual({ restored: true })
    expect(anew).toBe(1)
    // The app that is about to end goes on with what it has.
    expect(marked(storage.store)).toBe('made later')
    end(storage)
    storage = await start()
    expect(marked(storage.store)).toBe('in the back-up')
    expect(storage.warning).toBeUndefined()
    expect(asides()).toHaveLength(1)
    end(storage)
    storage = await start()
    expect(marked(storage.store)).toBe('in the back-up')
  })

  it('is of one moment, whatever is written while it is made', async () => {
    const storage = await start()
    mark(storage.store, 'before')
    const db = storage.snapshot?.()
    if (db === undefined) throw new Error('no snapshot')
    mark(storage.store, 'meanwhile')
    const text = [...dump(db)].join('')
    db.close()
    expect(text).toContain('before')
    expect(text).not.toContain('meanwhile')
    expect(marked(storage.store)).toBe('meanwhile')
  })

  it('that is wrong in its last line leaves everything as it is, and nothing behind', async () => {
    let storage = await start()
    mark(storage.store, 'here')
    const lines = [...dump(storage.store)].join('').trimEnd().split('\n')
    files.push(await sealed([lines.slice(0, -1).join('\n'), '\nnull\n']))
    await expect(handlers(storage)['settings.restore']({ passphrase })).rejects.toThrow(
      `This back-up is damaged: line ${lines.length}: it is not what stands in a back-up. Nothing was changed.`,
    )
    expect(marked(storage.store)).toBe('here')
    expect(readdirSync(folder).filter((name) => name.includes('restor'))).toEqual([])
    end(storage)
    storage = await start()
    expect(marked(storage.store)).toBe('here')
    expect(asides()).toEqual([])
  })

  it('that was being restored when the app was killed has changed nothing', async () => {
    let storage = await start()
    mark(storage.store, 'here')
    const half = await storage.replacement?.()
    if (half === undefined) throw new Error('no replacement')
    mark(half.store, 'half')
    half.store.checkpoint()
    half.store.close()
    end(storage)
    storage = await start()
    expect(marked(storage.store)).toBe('here')
    expect(readdirSync(folder).filter((name) => name.includes('restor'))).toEqual([])
  })

  it('asks about what is unsent and unsaved when it replaces, and about nothing twice', async () => {
    let storage = await start()
    mark(storage.store, 'in the back-up')
    const order: string[] = []
    let changes: string[] = []
    let edits: WorkHere['edits'] = []
    const own = handlers(storage, {
      here: () => ({ changes, edits }),
      // The dialog stands open for as long as a person likes.
      whileChoosing: () => {
        changes = ['one']
        edits = [{ text: 'a', edits: 3 }]
      },
      hold: () => order.push('hold'),
      anew: () => order.push('anew'),
    })
    await own['settings.backup']({ passphrase })
    mark(storage.store, 'made later')
    expect(await own['settings.restore']({ passphrase })).toEqual({
      restored: false,
      asks: { changes: 1, unsaved: 3, kept: true },
    })
    changes = ['another']
    expect(await own['settings.replace'](true)).toEqual({
      restored: false,
      asks: { changes: 1, unsaved: 3, kept: true },
    })
    expect([order, marked(storage.store)]).toEqual([[], 'made later'])
    // What was asked about and has been sent since is no reason to ask again.
    edits = []
    expect(await own['settings.replace'](true)).toEqual({ restored: true })
    expect(order).toEqual(['hold', 'anew'])
    end(storage)
    storage = await start()
    expect(marked(storage.store)).toBe('in the back-up')
    expect(asides()).toHaveLength(1)
  })

  it('that is not wanted after all leaves everything as it is, and nothing behind', async () => {
    let storage = await start()
    mark(storage.store, 'in the back-up')
    const own = handlers(storage, { here: () => ({ changes: ['one'], edits: [] }) })
    await own['settings.backup']({ passphrase })
    mark(storage.store, 'made later')
    expect(await own['settings.restore']({ passphrase })).toMatchObject({ restored: false })
    expect(await own['settings.replace'](false)).toEqual({ restored: false })
    expect(readdirSync(folder).filter((name) => name.includes('restor'))).toEqual([])
    await expect(own['settings.replace'](true)).rejects.toThrow('No back-up waits')
    end(storage)
    storage = await start()
    expect([marked(storage.store), asides()]).toEqual(['made later', []])
  })

  it('is not restored where nothing can be kept', async () => {
    const volatile = await start(memoryKeychain('none'))
    await expect(handlers(volatile)['settings.restore']({ passphrase })).rejects.toThrow(
      'Nothing can be kept',
    )
  })

  it('is restored where the database could not be opened; that waits for its key', async () => {
    let storage = await start()
    mark(storage.store, 'in the back-up')
    await handlers(storage)['settings.backup']({ passphrase })
    end(storage)
    kept.clear()
    storage = await start()
    expect(storage.unopened).toBeDefined()
    expect(await handlers(storage)['settings.restore']({ passphrase })).toEqual({ restored: true })
    end(storage)
    storage = await start()
    expect(marked(storage.store)).toBe('in the back-up')
    expect(readdirSync(folder).some((name) => /\.kept-[^.]+$/.test(name))).toBe(true)
  })
})
