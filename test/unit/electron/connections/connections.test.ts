import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DemoServer, startDemoServer } from '../../../../electron/demo/server'
import { type Authorities, createAuthorities } from '../../../../electron/features/connections/authorities'
import { type Connections, createConnections } from '../../../../electron/features/connections/connections'
import { createDemo } from '../../../../electron/features/connections/demo'
import { connectionsHandlers } from '../../../../electron/features/connections/handlers'
import { createStatus } from '../../../../electron/features/connections/status'
import { createOdinClient } from '../../../../electron/odin/client'
import { probe } from '../../../../electron/odin/probe'
import { systemClock } from '../../../../electron/platform/clock'
import { createHttp } from '../../../../electron/platform/http'
import type { Clock, Keychain } from '../../../../electron/platform/ports'
import { noSignIns } from '../../../../electron/platform/proxy-sign-in'
import { systemRandom } from '../../../../electron/platform/random'
import { createRestore, dump } from '../../../../electron/store/backup'
import { connectionsRepository } from '../../../../electron/store/repositories/connections'
import { settingsRepository } from '../../../../electron/store/repositories/settings'
import { openMemoryStore, type Store } from '../../../../electron/store/store'
import type { Status } from '../../../../shared/ipc/contract'
import { makeCertificates } from '../platform/http-certificates'

/** How long each of what waits was to wait, in ms. */
const waiting = new Map<object, number>()
const real = systemClock()
const clock: Clock = {
  ...real,
  after(ms, run) {
    const one = {}
    waiting.set(one, ms)
    const cancel = real.after(ms, () => {
      waiting.delete(one)
      run()
    })
    return () => {
      waiting.delete(one)
      cancel()
    }
  },
}
const random = systemRandom(clock)
const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const http = createHttp({ log: quiet })
const certificates = makeCertificates()

let server: DemoServer
beforeAll(async () => {
  server = await startDemoServer({
    users: 50,
    seed: 7,
    password: 'correct horse',
    accounts: [
      { username: 'expired', loginType: 'System', passwordExpired: true },
      { username: 'other', loginType: 'Group', password: 'other horse' },
    ],
  })
})
afterAll(() => server.close())

let store: Store
let keychain: Keychain & { kept: Map<string, string> }
let connections: Connections
let hidden: string[]
/** What lies on the disk, and the file that a person chooses next. */
let files: Map<string, string>
let choice: string | undefined
let authorities: Authorities
let moved: string[]

/** The same profile, opened as at a start of the app. */
function open(): Connections {
  return createConnections({
    repository: connectionsRepository(store),
    settings: settingsRepository(store),
    keychain,
    clock,
    random,
    log: quiet,
    hideSecret: (secret) => hidden.push(secret),
    systemOnline: () => true,
    createClient: ({ baseUrl, username, callsPerSecond, ca }, { password, ...hooks }) =>
      createOdinClient({
        http,
        clock,
        baseUrl,
        account: username,
        callsPerSecond,
        credentials: password,
        ...hooks,
        log: quiet,
        ...(ca ? { ca } : {}),
      }),
    probe: (target, password) => probe(http, { ...target, password }, { clock, log: quiet }),
    onMoved: (id) => moved.push(id),
    authorities,
    mayNotChange: () =>
      connections.active()?.connection.readOnly ? 'It is switched to read-only' : undefined,
  })
}

const patient = { timeout: 60_000 }

beforeEach(() => {
  waiting.clear()
  store = openMemoryStore()
  const kept = new Map<string, string>()
  keychain = {
    kept,
    get: async (name) => kept.get(name),
    find: async (beginning) =>
      [...kept].filter(([name]) => name.startsWith(beginning)).map(([, secret]) => secret),
    set: async (name, secret) => void kept.set(name, secret),
    remove: async (name) => void kept.delete(name),
  }
  hidden = []
  files = new Map([['/etc/ssl/ca.pem', `# ours\n${certificates.authority}`]])
  choice = '/etc/ssl/ca.pem'
  authorities = createAuthorities({
    chooseFile: async () => choice,
    readFile: async (path) => files.get(path) ?? Promise.reject(new Error('ENOENT')),
  })
  moved = []
  connections = open()
})
afterEach(() => {
  connections.stop()
  store.close()
})

const draft = (over: object = {}) => ({
  name: 'Lab',
  baseUrl: server.baseUrl,
  username: 'admin',
  password: 'correct horse',
  callsPerSecond: 100,
  ...over,
})

describe('keeping connections', () => {
  it('puts the password into the keychain and nowhere else', async () => {
    const { hasPassword } = await connections.save(draft())
    expect(hasPassword).toBe(true)
    expect([...keychain.kept]).toEqual([[`password:${server.baseUrl} admin`, 'correct horse']])
    expect(hidden).toContain('correct horse')
    const rows = ['connections', 'settings'].map((table) =>
      JSON.stringify(store.all(`SELECT * FROM ${table}`)),
    )
    expect(rows.join()).not.toContain('horse')
    expect(JSON.stringify(await connections.list())).not.toContain('horse')
  })

  it('keeps several, and the password when it is not given again', async () => {
    const first = await connections.save(draft())
    await connections.save(draft({ name: 'Another', username: 'other', password: undefined }))
    const again = await connections.save({ ...draft({ name: 'Renamed', password: undefined }), id: first.id })
    expect(again).toMatchObject({ id: first.id, name: 'Renamed', hasPassword: true })
    expect((await connections.list()).map(({ name, hasPassword }) => [name, hasPassword])).toEqual([
      ['Another', false],
      ['Renamed', true],
    ])
  })

  it.each([{ baseUrl: 'https://elsewhere.example/api/v2' }, { username: 'someone-else' }])(
    'never takes a password along to %j',
    async (change) => {
      const { id } = await connections.save(draft())
      const moved = { ...draft({ ...change, password: undefined }), id }
      expect(await connections.test(moved)).toMatchObject({ ok: false, cause: 'no-password' })
      expect(await connections.save(moved)).toMatchObject({ hasPassword: false })
      expect(keychain.kept.size).toBe(0)
    },
  )

  it('keeps a typed password only once the server has taken it', async () => {
    const { id } = await connections.save(draft({ password: undefined }))
    expect(await connections.connect(id, 'wrong')).toMatchObject({ ok: false, cause: 'wrong-password' })
    expect(keychain.kept.size).toBe(0)
    // What was refused is not offered again by itself.
    expect(await connections.connect(id)).toMatchObject({ ok: false, cause: 'no-password' })
    expect(await connections.connect(id, 'correct horse')).toMatchObject({ ok: true })
    expect([...keychain.kept.values()]).toEqual(['correct horse'])
    expect(await connections.connect(id, 'wrong')).toMatchObject({ ok: false })
    expect([...keychain.kept.values()]).toEqual(['correct horse'])
    expect(hidden).toContain('wrong')
  })

  it('signs in although the keychain does not keep the password, and says so', async () => {
    const { id } = await connections.save(draft({ password: undefined }))
    keychain.set = async () => {
      throw new Error('locked')
    }
    const result = await connections.connect(id, 'correct horse')
    expect(result).toMatchObject({ ok: true, next: expect.stringContaining('asked for again') })
    expect(connections.server()?.state()).toMatchObject({ network: 'online' })
  })

  it('saves nothing when the keychain refuses the password', async () => {
    keychain.set = async () => {
      throw new Error('locked')
    }
    await expect(connections.save(draft())).rejects.toMatchObject({ kind: 'keychain' })
    expect(await connections.list()).toEqual([])
  })

  it('removes the password with the connection', async () => {
    const { id } = await connections.save(draft())
    await connections.connect(id)
    await connections.remove(id)
    expect([keychain.kept.size, await connections.list(), connections.active()]).toEqual([0, [], undefined])
    await expect(connections.connect(id)).rejects.toMatchObject({ kind: 'gone' })
  })
})

describe('a password', () => {
  const elsewhere = 'https://elsewhere.example/api/v2'
  const place = (over: object) => {
    const repository = connectionsRepository(store)
    for (const saved of repository.list()) repository.save({ ...saved, ...over })
  }

  it('is not found by an id whose address another one has taken', async () => {
    const { id } = await connections.save(draft())
    place({ baseUrl: elsewhere })
    expect(await open().list()).toMatchObject([{ id, hasPassword: false }])
    place({ baseUrl: server.baseUrl, username: 'other' })
    expect(await open().list()).toMatchObject([{ id, hasPassword: false }])
    place({ username: 'admin' })
    expect(await open().list()).toMatchObject([{ id, hasPassword: true }])
  })

  it('kept by an id, as before, is moved to the address it was for, once', async () => {
    const { id } = await connections.save(draft({ password: undefined }))
    const settings = settingsRepository(store)
    settings.set('app.passwordsByAddress', false)
    keychain.kept.set(`password:${id}`, 'correct horse')
    const again = open()
    expect(await again.connect(id)).toMatchObject({ ok: true })
    expect([...keychain.kept.keys()]).toEqual([`password:${server.baseUrl} admin`])
    keychain.kept.set(`password:${id}`, 'for whom?')
    place({ baseUrl: elsewhere })
    expect(await open().list()).toMatchObject([{ hasPassword: false }])
    again.stop()
  })

  it('kept by an id is for no connection of a back-up', async () => {
    const { id } = await connections.save(draft({ password: undefined }))
    place({ baseUrl: elsewhere })
    settingsRepository(store).set('app.passwordsByAddress', false)
    const lines = [...dump(store)].join('').split('\n')
    keychain.kept.set(`password:${id}`, 'correct horse')
    const other = openMemoryStore()
    const restoring = createRestore(other)
    for (const line of lines) restoring.take(line)
    restoring.finish()
    store.close()
    store = other
    expect(await open().list()).toMatchObject([{ id, hasPassword: false }])
  })

  it('stays while another connection leads to the same account', async () => {
    const first = await connections.save(draft())
    const second = await connections.save(draft({ name: 'Twice' }))
    await connections.remove(first.id)
    expect(await connections.list()).toMatchObject([{ id: second.id, hasPassword: true }])
    await connections.remove(second.id)
    expect(keychain.kept.size).toBe(0)
  })

  it('is forgotten with an address that was left', async () => {
    const { id } = await connections.save(draft())
    await connections.save({ ...draft({ baseUrl: elsewhere, password: 'new one' }), id })
    expect([...keychain.kept]).toEqual([[`password:${elsewhere} admin`, 'new one']])
  })
})

describe('a start', () => {
  it('shows what is cached of the last connection while the keychain is still being asked', async () => {
    const { id } = await connections.save(draft())
    let answer = (): void => {}
    const get = keychain.get
    keychain.get = async (name) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return get(name)
    }
    const seen: (string | undefined)[] = []
    connections.onChange(() => seen.push(connections.active()?.connection.id))
    const connecting = connections.connect(id)
    expect(seen).toEqual([id])
    expect(connections.server()?.state()).toMatchObject({ network: 'connecting' })
    await new Promise((free) => setImmediate(free))
    answer()
    expect(await connecting).toMatchObject({ ok: true })
    expect(connections.server()?.state()).toMatchObject({ network: 'online' })
  })

  it('leaves the connection that is shown until the other one can be signed in to', async () => {
    const first = await connections.save(draft())
    const second = await connections.save(
      draft({ name: 'Other', username: 'other', password: 'other horse' }),
    )
    await connections.connect(first.id)
    const connecting = connections.connect(second.id)
    expect(connections.active()?.connection.id).toBe(first.id)
    await connecting
    expect(connections.active()?.connection.id).toBe(second.id)
  })
})

describe('testing a connection', () => {
  it.each<[string, object, string]>([
    ['works', {}, 'ok'],
    ['has a wrong password', { password: 'wrong' }, 'wrong-password'],
    ['has an expired one', { username: 'expired' }, 'password-expired'],
    ['has none', { password: undefined }, 'no-password'],
    ['has no username', { username: ' ' }, 'no-username'],
    ['has no address', { baseUrl: 'odin' }, 'bad-base-url'],
    ['is on a closed port', { baseUrl: 'http://127.0.0.1:1/api/v2' }, 'refused'],
    ['names certificates that nobody chose', { ca: '/etc/passwd' }, 'ca-file'],
    ['is not encrypted', { baseUrl: 'http://192.0.2.2/api/v2' }, 'unencrypted'],
  ])('that %s: says so and keeps nothing', async (_what, change, cause) => {
    const result = await connections.test(draft(change))
    expect(result).toMatchObject({ cause, ok: cause === 'ok' })
    expect(result.message).toMatch(/\w{3,}/)
    expect(JSON.stringify(result)).not.toContain('horse')
    expect([await connections.list(), keychain.kept.size, connections.active()]).toEqual([[], 0, undefined])
  })

  it('uses the kept password of a saved one', async () => {
    const { id } = await connections.save(draft())
    expect(await connections.test({ ...draft({ password: undefined }), id })).toMatchObject({ ok: true })
  })
})

describe('connecting', () => {
  it('signs in, says who and where, and lets calls through', async () => {
    const { id } = await connections.save(draft())
    let changes = 0
    connections.onChange(() => changes++)
    expect(await connections.connect(id)).toMatchObject({ ok: true, cause: 'ok' })
    const chosen = connections.server()
    expect(connections.active()).toMatchObject({ connection: { id } })
    expect(chosen?.identity).toEqual({ connectionId: id, account: 'admin', origin: server.baseUrl })
    expect(chosen?.state()).toMatchObject({ network: 'online', session: { loginType: 'System' } })
    expect((await chosen?.client.serviceProviders())?.ok).toBe(true)
    expect(changes).toBeGreaterThan(1)
  })

  it('with a wrong password is signed out, in words, and does not hammer the server', async () => {
    const { id } = await connections.save(draft({ password: 'wrong' }))
    server.truth.clearWire()
    expect(await connections.connect(id)).toMatchObject({ ok: false, cause: 'wrong-password' })
    expect(connections.server()?.state()).toMatchObject({ network: 'signed-out' })
    expect(connections.server()?.state().why).toMatch(/password/)
    expect(server.truth.wire().filter(({ path }) => path.endsWith('/auth/token'))).toHaveLength(1)
    // Nor does anything wait to do so later; a first retry comes within two seconds.
    expect([...waiting.values()].filter((ms) => ms < 2_000)).toEqual([])
  })

  it('without a password says so and asks nobody', async () => {
    const { id } = await connections.save(draft({ password: undefined }))
    server.truth.clearWire()
    expect(await connections.connect(id)).toMatchObject({ ok: false, cause: 'no-password' })
    expect([connections.server()?.state().network, server.truth.wire().length]).toEqual(['signed-out', 0])
  })

  it('that lacks its CA file or its keychain is chosen all the same, signed out with the reason', async () => {
    const { id } = await connections.save(draft())
    const repository = connectionsRepository(store)
    for (const saved of repository.list()) repository.save({ ...saved, ca: { file: '/missing.pem' } })
    expect(await connections.connect(id)).toMatchObject({ ok: false, cause: 'ca-file' })
    expect(connections.server()?.state()).toMatchObject({ network: 'signed-out' })
    expect(connections.server()?.state().why).toContain('/missing.pem')
    await connections.save({ ...draft({ password: undefined }), id })
    keychain.get = async () => {
      throw new Error('locked')
    }
    expect(await connections.connect(id)).toMatchObject({ ok: false, cause: 'keychain' })
    expect(connections.server()?.state()).toMatchObject({ network: 'signed-out' })
    expect(await connections.list()).toMatchObject([{ id, hasPassword: false }])
  })

  it('with an expired password changes it, signs in, and keeps the new one', async () => {
    const { id } = await connections.save(draft({ username: 'expired' }))
    expect(await connections.connect(id)).toMatchObject({ ok: false, cause: 'password-expired' })
    expect(await connections.changePassword(id, 'Fresh-horse-99')).toMatchObject({ ok: true })
    expect(keychain.kept.get(`password:${server.baseUrl} expired`)).toBe('Fresh-horse-99')
    expect(connections.server()?.state()).toMatchObject({ network: 'online' })
    expect(await connections.connect(id)).toMatchObject({ ok: true })
    expect(hidden).toContain('Fresh-horse-99')
  })

  it('that is read-only changes no password: neither the server nor the keychain has another', async () => {
    const { id } = await connections.save(draft())
    await connections.setReadOnly(id, true)
    await connections.connect(id)
    const said = await connections.changePassword(id, 'Fresh-horse-98').catch((refusal: unknown) => refusal)
    expect(said).toMatchObject({ kind: 'read-only', message: expect.stringContaining('read-only') })
    expect(keychain.kept.get(`password:${server.baseUrl} admin`)).toBe('correct horse')
    expect(await connections.tryPassword(id, 'correct horse')).toMatchObject({ ok: true })
  })

  it('to another one leaves the first', async () => {
    const first = await connections.save(draft())
    const second = await connections.save(
      draft({ name: 'Second', username: 'other', password: 'other horse' }),
    )
    await connections.connect(first.id)
    const left = connections.server()?.client
    const [one, two] = await Promise.all([connections.connect(first.id), connections.connect(second.id)])
    expect([one.cause, two.cause]).toEqual(['overtaken', 'ok'])
    expect(connections.server()?.identity.account).toBe('other')
    expect(connections.server()?.state().network).toBe('online')
    expect(connections.server()?.client).not.toBe(left)
  })

  it('is taken up again at the next start, unless it was signed out', async () => {
    const { id } = await connections.save(draft())
    await connections.connect(id)
    expect(open().lastId()).toBe(id)
    await connections.signOut(id)
    expect(connections.server()?.state()).toMatchObject({ network: 'signed-out', why: 'Signed out.' })
    expect(connections.server()?.state().session).toBeUndefined()
    expect(open().lastId()).toBeUndefined()
    expect(keychain.kept.has(`password:${server.baseUrl} admin`)).toBe(true)
  })

  it('does not offer a password again that the server has refused, until a person asks for it', async () => {
    const { id } = await connections.save(draft({ password: 'wrong' }))
    await connections.connect(id)
    const tries = () =>
      server.truth
        .wire()
        .filter(({ method, path }) => `${method} ${path}`.includes('POST /api/v2/auth/token')).length
    const before = tries()
    for (let starts = 0; starts < 3; starts++) {
      connections.stop()
      connections = open()
      expect(await connections.resume(id)).toMatchObject({ ok: false, cause: 'refused-before' })
      expect(connections.server()?.state()).toMatchObject({ network: 'signed-out' })
    }
    expect(tries()).toBe(before)
    await connections.save({ ...draft(), id })
    expect(await connections.resume(id)).toMatchObject({ ok: true })
    connections.stop()
    connections = open()
    expect(await connections.resume(id)).toMatchObject({ ok: true })
  })

  it('is over when the address or account of the connection changes', async () => {
    const { id } = await connections.save(draft())
    await connections.connect(id)
    await connections.save({ ...draft({ name: 'Renamed', password: undefined }), id })
    expect(connections.active()?.connection.name).toBe('Renamed')
    expect(connections.server()?.state().network).toBe('online')
    expect(moved).toEqual([])
    await connections.save({ ...draft({ username: 'other', password: 'other horse' }), id })
    expect([connections.active(), moved]).toEqual([undefined, [id]])
  })

  it('while working offline reaches nothing until that ends', async () => {
    const { id } = await connections.save(draft())
    connections.setWorkOffline(true)
    server.truth.clearWire()
    expect(await connections.connect(id)).toMatchObject({ ok: false, cause: 'work-offline' })
    expect(connections.server()?.state()).toMatchObject({
      network: 'offline',
      why: 'Gungnir is working offline.',
    })
    expect(server.truth.wire()).toEqual([])
    expect(open().workOffline()).toBe(true)
    connections.setWorkOffline(false)
    await expect.poll(() => connections.server()?.state().network, { timeout: 5_000 }).toBe('online')
  })
})

it('comes back by itself when the server does, under the same session rules', async () => {
  const first = await startDemoServer({ users: 10, seed: 1, password: 'pw-of-demo' })
  const { port } = new URL(first.baseUrl)
  const { id } = await connections.save(draft({ baseUrl: first.baseUrl, password: 'pw-of-demo' }))
  await connections.connect(id)
  await first.close()
  await connections.server()?.client.serviceProviders()
  expect(connections.server()?.state()).toMatchObject({ network: 'server-down' })
  const second = await startDemoServer({ port: Number(port), users: 10, seed: 1, password: 'pw-of-demo' })
  await expect.poll(() => connections.server()?.state().network, { timeout: 15_000 }).toBe('online')
  expect((await connections.server()?.client.serviceProviders())?.ok).toBe(true)
  await second.close()
})

describe('the authority of a connection', () => {
  it('is kept as it was when it was chosen, whatever becomes of its file', async () => {
    const chosen = await authorities.choose()
    const { id } = await connections.save(draft({ ca: chosen?.id }))
    expect(connections.byId(id)?.ca?.pem).toBe(certificates.authority.trim())
    files.set('/etc/ssl/ca.pem', certificates.selfSigned.cert)
    // As after a restart, when nothing is known of what was chosen.
    authorities = createAuthorities({
      chooseFile: async () => undefined,
      readFile: async (path) => files.get(path) ?? '',
    })
    const again = open()
    const [listed] = await again.list()
    expect(listed?.ca).toMatchObject({ id: chosen?.id, file: 'ca.pem', changed: true })
    await again.save({ ...draft({ password: undefined }), id, ...(listed?.ca && { ca: listed.ca.id }) })
    expect(again.byId(id)?.ca?.pem).toBe(certificates.authority.trim())
    await again.save({ ...draft({ password: undefined }), id })
    expect(again.byId(id)?.ca).toBeUndefined()
    again.stop()
  })

  it('that was kept by its path alone is read once', async () => {
    const { id } = await connections.save(draft())
    const repository = connectionsRepository(store)
    const saved = repository.byId(id)
    if (saved) repository.save({ ...saved, ca: { file: '/etc/ssl/ca.pem' } })
    await connections.connect(id)
    files.set('/etc/ssl/ca.pem', certificates.selfSigned.cert)
    await connections.connect(id)
    expect(connections.byId(id)?.ca?.pem).toBe(certificates.authority.trim())
  })
})

describe('an address that is not encrypted', () => {
  const plain = 'http://192.0.2.2:9/api/v2'

  it('gets no password before a person has agreed, and is asked about once', async () => {
    const { id } = await connections.save(draft({ baseUrl: plain }))
    expect(await connections.connect(id)).toMatchObject({ ok: false, cause: 'unencrypted' })
    expect(await connections.resume(id)).toMatchObject({ ok: false, cause: 'unencrypted' })
    expect(connections.server()?.state()).toMatchObject({ network: 'signed-out' })
    await connections.save({ ...draft({ baseUrl: plain }), id, unencrypted: true })
    expect(connections.byId(id)).toMatchObject({ unencrypted: true })
    // Agreed to for this address: another one is asked about anew, and one on this computer needs no consent.
    await connections.save({ ...draft({ baseUrl: 'http://192.0.2.3:9/api/v2' }), id })
    expect(connections.byId(id)).not.toHaveProperty('unencrypted')
    await connections.save({ ...draft(), id, unencrypted: true })
    expect(connections.byId(id)).not.toHaveProperty('unencrypted')
    expect(await connections.connect(id)).toMatchObject({ ok: true })
  })
})

describe('the handlers', () => {
  function handlers(unsent: number, sent = 0) {
    const forgotten: string[] = []
    const discarded: string[] = []
    const made = connectionsHandlers({
      connections,
      demo: { tryIt: async () => expect.unreachable(), wake: async () => {}, stop: async () => {} },
      belongings: {
        unsent: () => ({ all: unsent, sent }),
        discard: (id) => void discarded.push(id),
        forget: async (id) => void forgotten.push(id),
      },
      authorities,
      carrying: {
        exportAll: async () => expect.unreachable(),
        open: async () => expect.unreachable(),
        take: () => expect.unreachable(),
      },
      proxySignIns: noSignIns,
    })
    return { made, forgotten, discarded }
  }

  it('remove a connection with unsent changes only when their exact number is given', async () => {
    const { id } = await connections.save(draft())
    const { made, forgotten } = handlers(3)
    for (const discardUnsent of [undefined, 0, 2, 4]) {
      const input = discardUnsent === undefined ? { id } : { id, discardUnsent }
      expect(await made['connections.remove'](input)).toEqual({ removed: false, unsent: 3, sent: 0 })
    }
    expect([connections.byId(id)?.name, keychain.kept.size, forgotten]).toEqual(['Lab', 1, []])
    expect(await made['connections.remove']({ id, discardUnsent: 3 })).toEqual({
      removed: true,
      unsent: 3,
      sent: 0,
    })
    expect([connections.byId(id), keychain.kept.size, forgotten]).toEqual([undefined, 0, [id]])
  })

  it('remove one whose change has been sent only when that is agreed to as well, and discard nothing before', async () => {
    const { id } = await connections.save(draft())
    const { made, forgotten, discarded } = handlers(3, 2)
    const removing = async (discardSent?: number) =>
      made['connections.remove']({
        id,
        discardUnsent: 3,
        ...(discardSent === undefined ? {} : { discardSent }),
      })
    await expect(removing()).rejects.toMatchObject({ kind: 'sending' })
    expect(await removing(1)).toEqual({ removed: false, unsent: 3, sent: 2 })
    expect([connections.byId(id)?.name, keychain.kept.size, forgotten, discarded]).toEqual(['Lab', 1, [], []])
    expect(await removing(2)).toEqual({ removed: true, unsent: 3, sent: 2 })
    expect([connections.byId(id), forgotten, discarded]).toEqual([undefined, [id], [id]])
  })

  it('remove one without unsent changes at once', async () => {
    const { id } = await connections.save(draft())
    expect(await handlers(0).made['connections.remove']({ id })).toEqual({
      removed: true,
      unsent: 0,
      sent: 0,
    })
  })
})

describe('the demo server', () => {
  function demo() {
    const started: number[] = []
    const servers: DemoServer[] = []
    const made = createDemo({
      start: async ({ port, seed }) => {
        started.push(port)
        const running = await startDemoServer({ port, seed, users: 20 })
        servers.push(running)
        return { ...running, ended: new Promise<void>(() => {}) }
      },
      connections,
      repository: connectionsRepository(store),
      settings: settingsRepository(store),
      log: quiet,
    })
    return { made, started, servers }
  }

  it('is started once, kept as one connection, and signed in to', async () => {
    const { made, started } = demo()
    const first = await made.tryIt()
    expect(first).toMatchObject({ name: 'Demo server', demo: true, hasPassword: true })
    expect(connections.active()?.connection.id).toBe(first.id)
    expect(connections.server()?.state().network).toBe('online')
    // What a person has set about it stays.
    const repository = connectionsRepository(store)
    const kept = repository.byId(first.id)
    if (kept) repository.save({ ...kept, callsPerSecond: 7, partialBodies: true })
    expect(await made.tryIt()).toMatchObject({ id: first.id, callsPerSecond: 7, partialBodies: true })
    expect([started, (await connections.list()).length]).toEqual([[0], 1])
    await made.stop()
  })

  it('comes back at the same address at the next start, so that what waits for it is still its own', async () => {
    const before = demo()
    const first = await before.made.tryIt()
    await before.made.stop()
    connections.stop()
    connections = open()
    const after = demo()
    expect(connections.lastId()).toBe(first.id)
    await after.made.wake(first.id)
    expect(await connections.connect(first.id)).toMatchObject({ ok: true })
    expect(after.started).toEqual([Number(new URL(first.baseUrl).port)])
    expect(connections.server()?.identity.origin).toBe(first.baseUrl)
    await after.made.stop()
  })

  it('takes another port when its own was taken meanwhile', async () => {
    const before = demo()
    const first = await before.made.tryIt()
    await before.made.stop()
    const squatter = await startDemoServer({ port: Number(new URL(first.baseUrl).port), users: 10 })
    const after = demo()
    const second = await after.made.tryIt()
    expect(second.id).toBe(first.id)
    expect(second.baseUrl).not.toBe(first.baseUrl)
    expect(connections.server()?.identity.origin).toBe(second.baseUrl)
    expect(connections.server()?.state().network).toBe('online')
    await Promise.all([after.made.stop(), squatter.close()])
  })

  it('is not started for a connection to another server', async () => {
    const { made, started } = demo()
    const { id } = await connections.save(draft())
    await made.wake(id)
    expect(started).toEqual([])
  })

  it('that cannot start says so', async () => {
    const made = createDemo({
      start: async () => {
        throw new Error('no worker')
      },
      connections,
      repository: connectionsRepository(store),
      settings: settingsRepository(store),
      log: quiet,
    })
    await expect(made.tryIt()).rejects.toMatchObject({ kind: 'demo' })
  })
})

describe('the status', () => {
  it('tells the facts of every part, and only when one has changed', async () => {
    const told: Status[] = []
    const facts = { users: 3, waiting: 0 }
    const status = createStatus({
      connections,
      keychainWarning: 'in memory',
      storeWarning: undefined,
      directory: () => ({ users: facts.users, dataAsOf: 5 }),
      outbox: () => ({ waiting: facts.waiting, needsPerson: 0 }),
      emit: (now) => told.push(now),
      clock,
    })
    connections.onChange(status.changed)
    expect(status.read()).toEqual({
      locked: {},
      network: 'none',
      workOffline: false,
      mayAsk: false,
      keychainWarning: 'in memory',
      users: 3,
      dataAsOf: 5,
      outbox: { waiting: 0, needsPerson: 0 },
    })
    const { id } = await connections.save(draft())
    await connections.connect(id)
    facts.waiting = 2
    status.changed()
    await expect
      .poll(() => told.at(-1), { timeout: 2_000 })
      .toMatchObject({
        connectionId: id,
        connectionName: 'Lab',
        account: 'admin',
        loginType: 'System',
        network: 'online',
        outbox: { waiting: 2, needsPerson: 0 },
      })
    const count = told.length
    for (let i = 0; i < 10; i++) status.changed()
    await expect.poll(() => [...waiting.values()].filter((ms) => ms < 1_000), patient).toEqual([])
    expect(told.length).toBe(count)
  })
})
