import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isAmong, isNewer, NoOffer, readOffer } from '../../../../electron/features/updates/offer'
import {
  createUpdates,
  type Installer,
  type UpdatesDeps,
} from '../../../../electron/features/updates/updates'
import type { HttpOutcome } from '../../../../electron/platform/ports'
import type { UpdatesState } from '../../../../shared/ipc/contract'
import { manualClock } from '../platform/manual-clock'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const otherKey = generateKeyPairSync('ed25519').privateKey
const keyText = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
const wanted = { channel: 'latest', platform: 'linux', arch: 'x64' }
const file = { name: 'Gungnir-0.2.0.AppImage', size: 3, sha512: Buffer.alloc(64, 1).toString('base64') }
const good = { app: 'gungnir', ...wanted, version: '0.2.0', notes: 'Faster.', file }

const bytesOf = (offer: unknown) => Buffer.from(JSON.stringify(offer))
const signatureOf = (bytes: Buffer, key = privateKey) => `${sign(null, bytes, key).toString('base64')}\n`

describe('an offer', () => {
  const read = (offer: unknown, signature?: string) => {
    const bytes = bytesOf(offer)
    return () => readOffer(bytes, signature ?? signatureOf(bytes), keyText, wanted)
  }

  it('that was signed is taken', () => {
    expect(read(good)()).toEqual({ ...good, percent: 100 })
  })

  it.each([
    ['by another key', good, signatureOf(bytesOf(good), otherKey)],
    ['as something else', good, signatureOf(bytesOf({ ...good, version: '0.1.9' }))],
    ['by nobody', good, ''],
    ['by a text', good, 'signed, honestly'],
  ])('that was signed %s is none', (_, offer, signature) => {
    expect(read(offer, signature)).toThrow('is not signed with the key')
  })

  it.each([[{ ...good, channel: 'beta' }], [{ ...good, platform: 'win32' }], [{ ...good, arch: 'arm64' }]])(
    'for another app is none, though it was signed: %#',
    (offer) => {
      expect(read(offer)).toThrow('another channel, system or processor')
    },
  )

  it.each([
    [{ ...good, app: 'other' }],
    [{ ...good, version: '0.2.0-beta' }],
    [{ ...good, file: { ...file, name: '../../etc/passwd' } }],
    [{ ...good, file: { ...file, name: 'https://elsewhere.example/x' } }],
    [{ ...good, file: { ...file, sha512: 'short' } }],
    [{ ...good, file: { ...file, size: 0 } }],
    [null],
    ['text'],
  ])('that makes no sense is none: %#', (offer) => {
    expect(read(offer)).toThrow(NoOffer)
  })
})

it('a version is newer by its numbers, and never by being the same', () => {
  expect(['0.2.0', '0.1.1', '1.0.0', '0.10.0'].map((one) => isNewer(one, '0.1.0'))).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect(['0.1.0', '0.0.9', '0.0.99'].map((one) => isNewer(one, '0.1.0'))).toEqual([false, false, false])
  expect(isNewer('0.9.0', '0.10.0')).toBe(false)
})

it('a share of the computers gets it first; who is among them stays so', () => {
  const computers = Array.from({ length: 2000 }, (_, n) => `computer ${n}`)
  const among = (percent: number) => computers.filter((one) => isAmong({ version: '0.2.0', percent }, one))
  expect(among(0)).toEqual([])
  expect(among(100)).toEqual(computers)
  const [few, more] = [among(20), among(50)]
  expect(few.length).toBeGreaterThan(300)
  expect(few.length).toBeLessThan(500)
  expect(few.filter((one) => !more.includes(one))).toEqual([])
  const other = computers.filter((one) => isAmong({ version: '0.3.0', percent: 20 }, one))
  expect(other).not.toEqual(few)
})

const answer = (body: Buffer | string, status = 200): HttpOutcome => ({
  kind: 'answer',
  status,
  headers: {},
  body: String(body),
  bytes: Buffer.from(body),
})
const gone: HttpOutcome = { kind: 'failed', reason: 'refused', sent: false, message: '' }

function make(more: Partial<UpdatesDeps> = {}, offer: unknown = good) {
  const asked: string[] = []
  const told: UpdatesState[] = []
  const installed: boolean[] = []
  const kept = new Map<string, unknown>()
  const clock = manualClock()
  let quits = 0
  let waiting = 0
  const bytes = bytesOf(offer)
  const installer: Installer = {
    download: async (_from, _offer, onPercent) => onPercent(50),
    install: (restart) => void installed.push(restart),
  }
  const updates = createUpdates({
    rule: { url: 'https://updates.example.com/gungnir', channel: 'latest', publicKey: keyText },
    by: 'Set by your organisation: a file',
    version: '0.1.0',
    wanted: { platform: 'linux', arch: 'x64' },
    installer,
    http: {
      send: async ({ url }) => {
        asked.push(url)
        return answer(url.endsWith('.sig') ? signatureOf(bytes) : bytes)
      },
    },
    settings: { get: (key) => kept.get(key), set: (key, value) => void kept.set(key, value) },
    waiting: () => waiting,
    changed: (state) => told.push(state),
    quit: () => quits++,
    clock,
    random: { id: () => 'computer', next: () => 0 },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    ...more,
  })
  const ask = <K extends keyof typeof updates.handlers>(
    name: K,
    input?: Parameters<(typeof updates.handlers)[K]>[0],
  ) => (async () => (updates.handlers[name] as (input: unknown) => unknown)(input))()
  return {
    ...{ updates, ask, asked, told, installed, clock },
    wait: (count: number) => {
      waiting = count
    },
    quits: () => quits,
  }
}

describe('updates', () => {
  it('go from the look to the end of the app, and nothing is put in place before', async () => {
    const { updates, ask, asked, told, installed, quits } = make()
    expect(await ask('updates.check')).toMatchObject({ step: 'offered', offered: '0.2.0', notes: 'Faster.' })
    expect(asked.sort()).toEqual([
      'https://updates.example.com/gungnir/latest-linux-x64.json',
      'https://updates.example.com/gungnir/latest-linux-x64.json.sig',
    ])
    expect(await ask('updates.download')).toMatchObject({ step: 'ready', offered: '0.2.0' })
    expect(told.map(({ step }) => step)).toEqual([
      'checking',
      'offered',
      'downloading',
      'downloading',
      'ready',
    ])
    updates.finish()
    expect(installed).toEqual([])
    expect(await ask('updates.install', { restart: false })).toEqual({ agreed: true, waiting: 0 })
    expect(quits()).toBe(0)
    updates.finish()
    expect(installed).toEqual([false])
  })

  it('ask first while changes wait, by their exact number', async () => {
    const { updates, ask, installed, wait, quits } = make()
    await ask('updates.check')
    await ask('updates.download')
    wait(3)
    expect(await ask('updates.install', { restart: true })).toEqual({ agreed: false, waiting: 3 })
    wait(4)
    expect(await ask('updates.install', { restart: true, waiting: 3 })).toEqual({ agreed: false, waiting: 4 })
    updates.finish()
    expect([installed, quits()]).toEqual([[], 0])
    expect(await ask('updates.install', { restart: true, waiting: 4 })).toEqual({ agreed: true, waiting: 4 })
    expect(quits()).toBe(1)
    updates.finish()
    expect(installed).toEqual([true])
  })

  it.each([
    ['of the same version', { ...good, version: '0.1.0' }, 'idle'],
    ['of an older version', { ...good, version: '0.0.9' }, 'idle'],
    ['for nobody yet', { ...good, percent: 0 }, 'idle'],
    ['for another processor', { ...good, arch: 'arm64' }, 'failed'],
  ])('offer nothing %s', async (_, offer, step) => {
    const { ask } = make({}, offer)
    expect(await ask('updates.check')).toMatchObject({ step })
    await expect(ask('updates.download')).rejects.toMatchObject({ kind: 'no-update' })
  })

  it.each<[string, () => HttpOutcome, string]>([
    ['is gone', () => gone, 'cannot be reached'],
    ['is not trusted', () => ({ ...gone, reason: 'tls' }) as HttpOutcome, 'certificate'],
    ['has nothing', () => answer('', 404), 'offers nothing for this system'],
    ['leads elsewhere', () => answer('', 302), 'answered with 302'],
    ['answers with a page', () => answer('<!doctype html>'), 'not signed'],
    ['gives half of it', () => answer(bytesOf(good).subarray(0, 40)), 'not signed'],
  ])('say so when the server %s', async (_, outcome, why) => {
    const { ask } = make({ http: { send: async () => outcome() } })
    expect(await ask('updates.check')).toMatchObject({ step: 'failed', why: expect.stringContaining(why) })
    expect(await ask('updates.check')).toMatchObject({ step: 'failed' })
  })

  it('that cannot be fetched can be tried again', async () => {
    let fails = true
    const { ask } = make({
      installer: {
        download: async () => {
          if (fails) throw new Error('torn')
        },
        install: () => {},
      },
    })
    await ask('updates.check')
    expect(await ask('updates.download')).toMatchObject({ step: 'failed' })
    await expect(ask('updates.install', { restart: false })).rejects.toMatchObject({ kind: 'no-update' })
    fails = false
    expect(await ask('updates.download')).toMatchObject({ step: 'ready' })
  })

  it('look soon after a start and then once a day', async () => {
    const { updates, asked, clock } = make()
    updates.start()
    await clock.pass(59_000)
    expect(asked.length).toBe(0)
    await clock.pass(2_000)
    expect(asked.length).toBe(2)
    await clock.pass(86_400_000)
    expect(asked.length).toBe(4)
    updates.stop()
    await clock.pass(10 * 86_400_000)
    expect(asked.length).toBe(4)
  })

  it.each<[string, Partial<UpdatesDeps>, RegExp]>([
    ['where that is set', { rule: 'off' }, /^Updates are off\. Set by your organisation/],
    ['where a package manager owns the files', { installer: undefined }, /the way Gungnir was installed/],
  ])('are off %s, and nobody is asked', async (_, more, why) => {
    const { updates, ask, asked, clock } = make(more)
    updates.start()
    await clock.pass(10 * 86_400_000)
    expect(await ask('updates.check')).toMatchObject({ step: 'off', why: expect.stringMatching(why) })
    await expect(ask('updates.download')).rejects.toMatchObject({ kind: 'no-update' })
    expect(asked).toEqual([])
  })

  it('are off where no server is set', async () => {
    const { rule: _, ...rest } = { rule: undefined }
    const { updates, ask, asked, clock } = make({ ...rest, rule: undefined as never })
    updates.start()
    await clock.pass(10 * 86_400_000)
    expect(await ask('updates.check')).toMatchObject({ step: 'off', why: 'No update server is set.' })
    expect(asked).toEqual([])
  })
})
