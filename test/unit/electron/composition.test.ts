import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Composed } from '../../../electron/composition'
import { type DemoServer, startDemoServer } from '../../../electron/demo/server'
import { openDoor } from '../../../electron/ipc/door'
import type { OpenedFile } from '../../../electron/platform/file-sink'
import type { PolicySource } from '../../../electron/platform/policy/policy'
import { openConnection } from '../../../electron/store/connection'
import {
  type Channel,
  contract,
  type Identity,
  type Status,
  type UsersWindow,
} from '../../../shared/ipc/contract'
import { compose, password } from './composed'
import { holdDatabase } from './store/other-program'

let profile: string
let kept: Map<string, string>
let running: Composed[]
let servers: DemoServer[]
beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'gungnir-composed-'))
  kept = new Map()
  running = []
  servers = []
})
afterEach(async () => {
  await Promise.all(running.map((parts) => parts.close()))
  await Promise.all(servers.map((server) => server.close()))
  rmSync(profile, { recursive: true, force: true })
})

async function serve(options: Parameters<typeof startDemoServer>[0]) {
  const server = await startDemoServer({ password, ...options })
  servers.push(server)
  return server
}

const policyPlace = '/etc/gungnir/policy.json'
const isSource = (policy: object): policy is PolicySource => 'place' in policy

/** What was saved, to be opened next. */
const files: OpenedFile[] = []

async function open(policy?: Record<string, unknown> | PolicySource) {
  const sources =
    policy === undefined ? [] : [isSource(policy) ? policy : { place: policyPlace, values: policy }]
  const events: [string, unknown][] = []
  const done = (what: string, about: unknown) => void events.push([what, about])
  const parts = await compose({ profile, kept, files, sources, emit: done, done })
  running.push(parts)
  await parts.start()
  const close = async () => {
    running.splice(running.indexOf(parts), 1)
    await parts.close()
  }
  return { ...parts, events, close }
}

type App = Awaited<ReturnType<typeof open>>

const list = (app: App, search = ''): Promise<UsersWindow> | UsersWindow =>
  app.handlers['users.window']({ query: { search, scope: {}, sort: [] }, start: 0, count: 100 })
const loaded = (app: App, users: number) =>
  expect.poll(async () => (await list(app)).total, { timeout: 20_000 }).toBe(users)
const idle = (app: App) =>
  expect
    .poll(async () => (await app.handlers['users.progress'](undefined)).running, { timeout: 20_000 })
    .toBe(false)

/** The server and account that the app is on. */
const here = (app: App): Identity => {
  const { connectionId = '', origin = '', account = '' } = app.handlers['app.status'](undefined) as Status
  return { connectionId, origin, account }
}

const add = (app: App, server: DemoServer, name: string) =>
  app.handlers['connections.save']({
    name,
    baseUrl: server.baseUrl,
    username: server.username,
    password,
    callsPerSecond: 100,
  })

/** Asks as the page does, through the door. */
function asker(app: App) {
  const answer = openDoor({
    handlers: app.handlers,
    isKnownWindow: () => true,
    isOurPage: () => true,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  })
  const mainFrame = { url: 'app://gungnir/index.html', parent: null }
  return (channel: Channel, input: unknown) =>
    answer(channel, { sender: { id: 1, mainFrame }, senderFrame: mainFrame }, [input])
}

it('there is a handler for every channel of the contract', async () => {
  const { handlers } = await open()
  expect(Object.keys(handlers).sort()).toEqual(Object.keys(contract).sort())
})

describe('the main job', () => {
  it('goes from the demo server to a verified change in the history, and is still there after a restart', async () => {
    const app = await open()
    const connection = await app.handlers['connections.tryDemo'](undefined)
    await loaded(app, 30)
    await idle(app)
    const [row] = (await list(app)).rows
    if (!row) throw new Error('no user')
    const saved = await app.handlers['outbox.save']({
      as: here(app),
      changes: [
        { user: row.key, edits: [{ path: 'title', base: row.fields.title ?? null, mine: 'Night shift' }] },
      ],
      reason: 'T-42',
    })
    expect(saved).toEqual({ saved: 1, message: 'Saved. Sending…', entries: [expect.any(String)] })
    const history = async () =>
      (await app.handlers['history.window']({ search: '', start: 0, count: 10 })).rows
    await expect.poll(async () => (await history())[0]?.outcome, { timeout: 10_000 }).toBe('done')
    expect((await history())[0]).toMatchObject({
      user: row.key,
      fields: ['title'],
      account: 'admin',
      reason: 'T-42',
    })
    expect((await list(app, 'night shift')).rows).toMatchObject([
      { key: row.key, pending: {}, state: 'clean' },
    ])
    await expect
      .poll(() => app.handlers['app.status'](undefined))
      .toMatchObject({ network: 'online', users: 30, outbox: { waiting: 0, needsPerson: 0 } })
    const names = () => [...new Set(app.events.map(([name]) => name))].sort()
    await expect
      .poll(names)
      .toEqual([
        'history.changed',
        'message',
        'notify',
        'outbox.changed',
        'status',
        'theme',
        'users.changed',
        'users.progress',
      ])
    await app.close()

    const again = await open()
    await loaded(again, 30)
    expect(again.handlers['app.status'](undefined)).toMatchObject({ connectionId: connection.id })
    expect(await again.handlers['history.window']({ search: '', start: 0, count: 10 })).toMatchObject({
      total: 1,
    })
    await again.close()

    const files = readdirSync(profile, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    expect(files.length).toBeGreaterThan(2)
    for (const { parentPath, name } of files) {
      const bytes = readFileSync(join(parentPath, name))
      for (const secret of [password, ...kept.values(), 'Night shift', 'T-42']) {
        expect(bytes.includes(secret), `${secret} in ${name}`).toBe(false)
      }
    }
  })

  it('saved while working offline is kept, sent when online, and counted on the way', async () => {
    const server = await serve({ users: 20, seed: 3 })
    const app = await open()
    const { id } = await add(app, server, 'Lab')
    await app.handlers['connections.connect'](id)
    await loaded(app, 20)
    await idle(app)
    const [row] = (await list(app)).rows
    if (!row) throw new Error('no user')
    await app.handlers['outbox.workOffline'](true)
    server.truth.clearWire()
    const edits = [{ path: 'firstName', base: row.fields.firstName ?? null, mine: 'Offline' }]
    expect(
      await app.handlers['outbox.save']({ as: here(app), changes: [{ user: row.key, edits }] }),
    ).toMatchObject({
      message: 'Saved. Will be sent when online.',
    })
    await expect
      .poll(() => app.handlers['app.status'](undefined))
      .toMatchObject({ workOffline: true, outbox: { waiting: 1 } })
    expect(server.truth.wire()).toEqual([])
    expect(await app.handlers['connections.remove']({ id })).toEqual({ removed: false, unsent: 1, sent: 0 })
    await app.handlers['outbox.workOffline'](false)
    await expect.poll(() => server.truth.user(row.key.userId)?.firstName, { timeout: 15_000 }).toBe('Offline')
  })
})

describe('two servers', () => {
  it('never mix: what one says is not stored as the other’s, however fast a person changes between them', async () => {
    const [first, second] = await Promise.all([serve({ users: 60, seed: 1 }), serve({ users: 25, seed: 2 })])
    const app = await open()
    const one = await add(app, first, 'One')
    const two = await add(app, second, 'Two')
    for (let i = 0; i < 4; i++) {
      await app.handlers['connections.connect'](one.id)
      await app.handlers['connections.connect'](two.id)
    }
    await loaded(app, 25)
    await idle(app)
    const ofSecond = new Set(second.truth.userIds(0, 100))
    expect((await list(app)).rows.every(({ key }) => ofSecond.has(key.userId))).toBe(true)
    await app.handlers['connections.connect'](one.id)
    await loaded(app, 60)
    await idle(app)
    const ofFirst = new Set(first.truth.userIds(0, 100))
    expect((await list(app)).rows.every(({ key }) => ofFirst.has(key.userId))).toBe(true)
  })

  it('a connection that is led to another server forgets the users of the first', async () => {
    const [first, second] = await Promise.all([serve({ users: 40, seed: 1 }), serve({ users: 15, seed: 2 })])
    const app = await open()
    const { id } = await add(app, first, 'One')
    await app.handlers['connections.connect'](id)
    await loaded(app, 40)
    await app.handlers['connections.save']({
      id,
      name: 'One',
      baseUrl: second.baseUrl,
      username: second.username,
      password,
      callsPerSecond: 100,
    })
    await app.handlers['connections.connect'](id)
    await loaded(app, 15)
  })

  it('a removed one takes its users and unsent changes along, after the count was confirmed', async () => {
    const server = await serve({ users: 20, seed: 3 })
    const app = await open()
    const { id } = await add(app, server, 'Lab')
    await app.handlers['connections.connect'](id)
    await loaded(app, 20)
    await idle(app)
    await app.handlers['outbox.workOffline'](true)
    const { rows } = await list(app)
    await app.handlers['outbox.save']({
      as: here(app),
      changes: rows.slice(0, 3).map(({ key, fields }) => ({
        user: key,
        edits: [{ path: 'title', base: fields.title ?? null, mine: 'Never sent' }],
      })),
    })
    expect(await app.handlers['connections.remove']({ id, discardUnsent: 2 })).toEqual({
      removed: false,
      unsent: 3,
      sent: 0,
    })
    expect(await app.handlers['connections.remove']({ id, discardUnsent: 3 })).toEqual({
      removed: true,
      unsent: 3,
      sent: 0,
    })
    expect([(await list(app)).total, [...kept.keys()].some((name) => name.startsWith('password:'))]).toEqual([
      0,
      false,
    ])
    await expect
      .poll(() => app.handlers['app.status'](undefined))
      .toMatchObject({ network: 'none', users: 0, outbox: { waiting: 0, needsPerson: 0 } })
  })
})

describe.each(['plain', 'awkward'] as const)('what is done at once, beside a %s server', (manner) => {
  const setUp = async () => {
    const server = await serve({ users: 40, groups: 20, seed: 4, manner })
    const app = await open()
    const { id } = await add(app, server, 'Lab')
    await app.handlers['connections.connect'](id)
    await loaded(app, 40)
    await idle(app)
    const { rows } = await list(app)
    const newest = async () =>
      (await app.handlers['history.window']({ search: '', start: 0, count: 1 })).rows[0]
    return { server, app, rows, newest }
  }

  it('offers what the server has, and still does when it is gone', async () => {
    const { server, app, rows } = await setUp()
    const key = rows[0]?.key
    if (!key) throw new Error('no user')
    const all = ['departments', 'languages', 'timeZones', 'states', 'networkClasses', 'numbers'] as const
    const counts = async () => {
      const answers = await Promise.all(
        all.map((lookup) => app.handlers['users.lookup']({ as: here(app), lookup, key })),
      )
      return answers.map(({ options }) => options.length)
    }
    const online = await counts()
    for (const count of online) expect(count).toBeGreaterThan(0)
    const facts = await app.handlers['users.extension']({
      as: here(app),
      key,
      value: String(rows[0]?.fields.extension),
    })
    expect(facts).toMatchObject({ usersOnly: false, nextFree: expect.stringMatching(/^\d+$/) })
    expect(facts.takenBy).toBeUndefined()
    const other = rows.find(
      (row) => row.key.groupId === key.groupId && row.key.userId !== key.userId && row.fields.extension,
    )
    expect(
      await app.handlers['users.extension']({ as: here(app), key, value: String(other?.fields.extension) }),
    ).toHaveProperty('takenBy')
    expect(
      await app.handlers['users.extension']({ as: here(app), key, value: facts.nextFree ?? '' }),
    ).not.toHaveProperty('takenBy')
    await server.close()
    await app.handlers['outbox.workOffline'](true)
    expect(await counts()).toEqual(online)
  })

  it('renames, and forgets the old id', async () => {
    const { server, app, rows, newest } = await setUp()
    const key = rows[3]?.key
    if (!key) throw new Error('no user')
    const newUserId = `renamed.person@${key.userId.split('@')[1]}`
    expect(await app.handlers['users.rename']({ as: here(app), key, newUserId })).toEqual({
      ...key,
      userId: newUserId,
    })
    expect(server.truth.user(newUserId)).toBeDefined()
    const ids = (await list(app)).rows.map((row) => row.key.userId)
    expect(ids).not.toContain(key.userId)
    expect(ids).toHaveLength(40)
    expect((await list(app, newUserId)).rows[0]?.key.userId).toBe(newUserId)
    expect(await newest()).toMatchObject({ action: 'rename', outcome: 'done', fields: ['userId'] })
    await expect(
      app.handlers['users.rename']({
        as: here(app),
        key: { ...key, userId: newUserId },
        newUserId: rows[5]?.key.userId ?? '',
      }),
    ).rejects.toThrow()
    expect(await newest()).toMatchObject({ action: 'rename', outcome: 'rejected' })
  })

  it('does not rename or move whose changes wait', async () => {
    const { app, rows } = await setUp()
    const row = rows[3]
    if (!row) throw new Error('no user')
    await app.handlers['outbox.pause'](true)
    const edits = [{ path: 'firstName', base: row.fields.firstName ?? null, mine: 'Waits' }]
    await app.handlers['outbox.save']({ as: here(app), changes: [{ user: row.key, edits }] })
    await expect(
      app.handlers['users.rename']({ as: here(app), key: row.key, newUserId: 'x@y.example' }),
    ).rejects.toThrow('A change of this user waits to be sent.')
  })

  it('tells what a move would do before it is done', async () => {
    const { server, app, rows, newest } = await setUp()
    const scopes = await app.handlers['users.scopes'](undefined)
    const moves = rows.flatMap(({ key }) =>
      scopes
        .filter(
          ({ serviceProviderId, groupId }) =>
            serviceProviderId === key.serviceProviderId && groupId !== key.groupId,
        )
        .map(({ groupId }) => ({ key, to: groupId })),
    )
    let moved: { key: (typeof moves)[number]['key']; to: string } | undefined
    for (const { key, to } of moves) {
      const check = await app.handlers['users.checkMove']({ as: here(app), key, newGroupId: to })
      expect(server.truth.user(key.userId)?.groupId).toBe(key.groupId)
      if (check.errors.length > 0) continue
      expect(await app.handlers['users.move']({ as: here(app), key, newGroupId: to })).toEqual({
        ...key,
        groupId: to,
      })
      moved = { key, to }
      break
    }
    if (!moved) throw new Error('nobody can move')
    expect(server.truth.user(moved.key.userId)?.groupId).toBe(moved.to)
    expect(await newest()).toMatchObject({ action: 'move', outcome: 'done', fields: ['groupId'] })
  })

  it('sets secrets without keeping them', async () => {
    const { app, rows, newest } = await setUp()
    const key = rows[2]?.key
    if (!key) throw new Error('no user')
    const { words } = await app.handlers['users.secretRules']({ as: here(app), key, kind: 'passcode' })
    expect(words.length).toBeGreaterThan(0)
    const passcode = await app.handlers['users.generateSecret']({ as: here(app), key, kind: 'passcode' })
    expect(passcode).toMatch(/^\d+$/)
    await app.handlers['users.setPasscode']({ as: here(app), key, newPasscode: passcode })
    const entry = await newest()
    expect(entry).toMatchObject({ action: 'passcode', outcome: 'done' })
    const secret = await app.handlers['users.generateSecret']({ as: here(app), key, kind: 'password' })
    await app.handlers['users.setPassword']({ as: here(app), key, newPassword: secret })
    await expect(
      app.handlers['users.setPassword']({ as: here(app), key, newPassword: 'x' }),
    ).rejects.toThrow()
    const all = await app.handlers['history.window']({ search: '', start: 0, count: 10 })
    const entries = await Promise.all(all.rows.map(({ id }) => app.handlers['history.entry'](id)))
    expect(entries).toHaveLength(3)
    // The passcode's digits could stand in a time by chance: only what tells of the call is looked at.
    const told = JSON.stringify(
      entries.map(({ request, answer, words: said, asked }) => [request, answer, said, asked]),
    )
    expect(told).not.toContain(passcode)
    expect(told).not.toContain(secret)
    const plan = await app.handlers['history.revertPlan']({ as: here(app), ids: entries.map(({ id }) => id) })
    expect(plan.changes).toEqual([])
    expect(plan.leftOut).toHaveLength(3)
  })

  it('replaces the alternate ids', async () => {
    const { app, rows, newest, server } = await setUp()
    const key = rows[2]?.key
    if (!key) throw new Error('no user')
    const domain = key.userId.split('@')[1]
    const ids = [{ alternateUserId: `alt.one@${domain}`, description: 'Desk' }]
    const seen = (await app.handlers['users.details']({ key, fresh: true })).fields.alternateUserId ?? []
    await app.handlers['users.setAlternateIds']({ as: here(app), key, ids, seen })
    expect(await newest()).toMatchObject({ action: 'alternate-ids', outcome: 'done' })
    const details = await app.handlers['users.details']({ key, fresh: true })
    expect(details.fields.alternateUserId).toEqual(ids)
    await expect(
      app.handlers['users.setAlternateIds']({
        as: here(app),
        key,
        ids: [{ alternateUserId: '' }],
        seen: ids,
      }),
    ).rejects.toThrow('is missing')
    // What the person had on screen is no longer so: nothing is taken away unseen.
    const before = await newest()
    await expect(
      app.handlers['users.setAlternateIds']({ as: here(app), key, ids: [], seen }),
    ).rejects.toThrow('have changed since')
    expect(await newest()).toEqual(before)
    expect(server.truth.user(key.userId)?.alternateUserId).toEqual(ids)
  })
})

describe('another program holds the database', () => {
  it('a save is refused in words, what is typed is kept, what waits is sent afterwards, and nothing is lost', {
    timeout: 120_000,
  }, async () => {
    const patient = { timeout: 60_000 }
    const server = await serve({ users: 10, seed: 6 })
    let app = await open()
    const { id } = await add(app, server, 'Lab')
    await app.handlers['connections.connect'](id)
    await loaded(app, 10)
    await idle(app)
    const { rows } = await list(app)
    const save = async (at: number, mine: string) => {
      const row = rows[at]
      if (row === undefined) throw new Error('no user')
      const edits = [{ path: 'title', base: row.fields.title ?? null, mine }]
      return app.handlers['outbox.save']({ as: here(app), changes: [{ user: row.key, edits }] })
    }
    await app.handlers['outbox.workOffline'](true)
    await save(0, 'Before')
    const letGo = await holdDatabase(
      join(profile, 'gungnir.db'),
      [...kept.values()].find((each) => /^[0-9a-f]{64}$/.test(each)) ?? '',
    )
    const ask = asker(app)
    const row = rows[1]
    const refused = await ask('outbox.save', {
      as: here(app),
      changes: [
        { user: row?.key, edits: [{ path: 'title', base: row?.fields.title ?? null, mine: 'Meanwhile' }] },
      ],
    })
    expect(refused).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/Another program is using the database/) },
    })
    expect(await ask('settings.set', { key: 'drafts', value: { typed: 'meanwhile' } })).toMatchObject({
      ok: true,
    })
    expect(app.events).toContainEqual([
      'message',
      expect.objectContaining({
        tone: 'error',
        text: expect.stringMatching(/Another program is using the database/),
      }),
    ])
    // It comes online, and has to wait before it may send: the record of an attempt is on disk before the call.
    server.truth.clearWire()
    await ask('outbox.workOffline', false)
    const closing = app.close()
    await letGo()
    await closing

    app = await open()
    expect(app.handlers['settings.get'](undefined)).toMatchObject({ drafts: { typed: 'meanwhile' } })
    await app.handlers['outbox.workOffline'](false)
    await expect.poll(() => server.truth.user(rows[0]?.key.userId ?? '')?.title, patient).toBe('Before')
    expect(server.truth.user(rows[1]?.key.userId ?? '')?.title).not.toBe('Meanwhile')
  })
})

describe('the disk is full', () => {
  it.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
    'a save is refused in words, nothing is sent or lost, it ends, and goes on when there is room',
    { timeout: 600_000 },
    async () => {
      const patient = { timeout: 60_000 }
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', profile])
      try {
        const server = await serve({ users: 10, seed: 12 })
        let app = await open()
        const { id } = await add(app, server, 'Full')
        await app.handlers['connections.connect'](id)
        await loaded(app, 10)
        await idle(app)
        const { rows } = await list(app)
        await app.handlers['outbox.workOffline'](true)
        let ask = asker(app)
        const save = (at: number, mine: string) => {
          const row = rows[at]
          const edits = [{ path: 'title', base: row?.fields.title ?? null, mine }]
          return ask('outbox.save', { as: here(app), changes: [{ user: row?.key, edits }] })
        }
        expect(await save(0, 'Before')).toMatchObject({ ok: true })
        const filler = join(profile, 'somebody else')
        const fill = () => {
          for (const part of [65_536, 4096, 1]) {
            try {
              for (;;) appendFileSync(filler, Buffer.alloc(part))
            } catch (error) {
              expect(error).toMatchObject({ code: 'ENOSPC' })
            }
          }
        }
        fill()
        // What the database has set aside for itself may still take a few.
        let taken = 'Before'
        let refused: unknown
        for (let more = 0; refused === undefined && more < 10_000; more++) {
          const mine = `${more} ${'x'.repeat(30)}`
          const answer = await save(0, mine)
          if ((answer as { ok: boolean }).ok) taken = mine
          else refused = answer
        }
        expect(refused).toMatchObject({
          ok: false,
          error: { message: expect.stringMatching(/disk is full/i), next: expect.stringMatching(/room/) },
        })
        const waiting = async () =>
          (await app.handlers['outbox.window']({ start: 0, count: 10 })).rows.flatMap(({ edits }) => edits)
        expect(await waiting()).toMatchObject([{ path: 'title', mine: taken }])
        // Nothing is sent of which no record can be kept.
        server.truth.clearWire()
        await ask('outbox.workOffline', false)
        await expect.poll(() => server.truth.wire().length, patient).toBeGreaterThan(0)
        expect(
          server.truth.wire().filter(({ method, path }) => method === 'PUT' && path.includes('/users')),
        ).toEqual([])
        await app.close()
        rmSync(filler)

        app = await open()
        ask = asker(app)
        await ask('outbox.workOffline', false)
        await expect.poll(() => server.truth.user(rows[0]?.key.userId ?? '')?.title, patient).toBe(taken)
        expect(await save(1, 'After')).toMatchObject({ ok: true })
        await expect.poll(() => server.truth.user(rows[1]?.key.userId ?? '')?.title, patient).toBe('After')
        await app.close()
      } finally {
        await Promise.allSettled(running.splice(0).map((parts) => parts.close()))
        execFileSync('umount', ['-l', profile])
      }
    },
  )
})

describe('damaged rows of the database', () => {
  /** Writes into the database while the app is not running. */
  const damage = (...statements: readonly string[]) => {
    const [hex = ''] = kept.values()
    const db = openConnection({ file: join(profile, 'gungnir.db'), key: Buffer.from(hex, 'hex') })
    for (const statement of statements) expect(db.run(statement).changes, statement).toBeGreaterThan(0)
    db.close()
  }
  const patient = { timeout: 60_000 }
  const noText = "CAST(x'7b0022' AS TEXT)"
  const bodies = [
    "'no JSON'",
    "''",
    "'null'",
    "'[]'",
    '\'{"fields":5}\'',
    '\'{"fields":{"lastName":{"deep":[1]},"firstName":7,"title":[],"addresses":"x","__proto__":{"a":1}}}\'',
    '\'{"fields":{},"extra":"x"}\'',
    noText,
    `'{"fields":{"title":"' || hex(zeroblob(6000000)) || '"}}'`,
    `printf('%.*c', 50000, '[')`,
  ]

  it('harm only themselves, in every table', { timeout: 120_000 }, async () => {
    const server = await serve({ users: 40, seed: 4 })
    let app = await open()
    const { id } = await add(app, server, 'Lab')
    const other = await add(app, await serve({ users: 5, seed: 5 }), 'Other')
    await app.handlers['connections.connect'](id)
    await loaded(app, 40)
    await idle(app)
    const { rows } = await list(app)
    const save = async (at: number, mine: string) => {
      const row = rows[at]
      if (row === undefined) throw new Error('no user')
      const edits = [{ path: 'title', base: row.fields.title ?? null, mine }]
      return app.handlers['outbox.save']({ as: here(app), changes: [{ user: row.key, edits }] })
    }
    const history = () => app.handlers['history.window']({ search: '', start: 0, count: 50 })
    for (const at of [0, 1, 2, 3]) await save(at, `Sent ${at}`)
    await expect
      .poll(async () => (await history()).rows.filter(({ outcome }) => outcome === 'done').length, patient)
      .toBe(4)
    const last = rows[39]?.key
    if (last === undefined) throw new Error('no user')
    await app.handlers['users.lookup']({ as: here(app), key: last, lookup: 'departments' })
    await app.handlers['outbox.workOffline'](true)
    for (let at = 10; at < 20; at++) await save(at, `Waits ${at}`)
    app.handlers['settings.set']({ key: 'density', value: 'compact' })
    app.handlers['settings.set']({ key: 'navigation', value: 'open' })
    await app.close()

    const users = rows.slice(0, bodies.length).map(({ key }) => key.userId)
    damage(
      ...bodies.map((body, at) => `UPDATE users SET record = ${body} WHERE user_id = '${users[at]}'`),
      `UPDATE users SET read_at = -1 WHERE user_id = '${last.userId}'`,
      `UPDATE groups SET sp_name = ${noText}, read_at = -5, detailed_at = 9007199254740991`,
      ...bodies.map(
        (body, at) =>
          `UPDATE outbox SET entry = ${body} WHERE seq = (
             SELECT seq FROM outbox WHERE state NOT IN ('done', 'cancelled', 'superseded') ORDER BY seq LIMIT 1 OFFSET ${Math.min(at, 7)})`,
      ),
      `UPDATE outbox SET entry = json_set(entry, '$.seq', 1000000) WHERE seq = (
         SELECT seq FROM outbox WHERE state NOT IN ('done', 'cancelled', 'superseded') ORDER BY seq LIMIT 1 OFFSET 8)`,
      `UPDATE history SET row = 'no JSON' WHERE seq = 1`,
      `UPDATE history SET settled = '[5]' WHERE seq = 2`,
      `UPDATE history SET row = json_set(row, '$.asked', 'no JSON', '$.words', 7) WHERE seq = 3`,
      `UPDATE history_links SET note = ${noText}, digest = '' WHERE link = 1`,
      `UPDATE lookups SET value = 'no JSON'`,
      `INSERT INTO lookups (connection_id, name, read_at, value) VALUES ('${id}', 'odd', -1, ${noText})`,
      ...['no JSON', '{}', '[5]', '[{"path":"title"}]'].map(
        (changes) =>
          `INSERT INTO sightings (connection_id, user_id, since, seen_at, changes)
           VALUES ('${id}', '${last.userId}', 1, 2, '${changes}')`,
      ),
      `INSERT OR REPLACE INTO index_snapshots (connection_id, token, opening) VALUES ('${id}', 'x', '{"total":"y"}')`,
      `INSERT INTO arrivals (connection_id, sp, grp, detailed, load, asked_at) VALUES ('${id}', ${noText}, '', 7, -1, -1)`,
      `INSERT INTO arrivals (connection_id, sp, grp, detailed, load, asked_at) VALUES ('nobody', '', '', 7, -1, -1)`,
      `UPDATE connections SET base_url = 'no address', calls_per_second = -1e300, username = ${noText},
         ca_file = '/nowhere', ca_pem = 'no certificate' WHERE id = '${other.id}'`,
      `UPDATE settings SET value = ${noText} WHERE key = 'density'`,
    )

    app = await open()
    await loaded(app, 40)
    const told = app.handlers['app.status'](undefined) as Status
    expect(told.storeWarning).toMatch(/1 setting was damaged and set aside \(density\)/)
    expect(app.handlers['settings.get'](undefined)).toMatchObject({ navigation: 'open' })
    // The nine that are damaged are said; the one that is not is there.
    expect(app.events).toContainEqual([
      'message',
      { tone: 'error', text: '9 unsent changes are damaged and cannot be sent. All others can.' },
    ])
    await expect
      .poll(() => (app.handlers['app.status'](undefined) as Status).outbox, patient)
      .toMatchObject({ waiting: 1 })
    const waiting = await app.handlers['outbox.window']({ start: 0, count: 50 })
    expect(waiting.rows.some(({ edits }) => edits[0]?.mine === 'Waits 19')).toBe(true)
    const seen = await list(app)
    expect(seen.rows).toHaveLength(40)
    for (const row of seen.rows) {
      expect(contract['users.window'].output.safeParse({ ...seen, rows: [row] }).success).toBe(true)
      const details = await app.handlers['users.details']({ key: row.key, fresh: false })
      expect(contract['users.details'].output.safeParse(details).success, row.key.userId).toBe(true)
    }
    for (const sort of ['lastName', 'firstName', 'title', 'extension']) {
      const sorted = await app.handlers['users.window']({
        query: { search: '', scope: {}, sort: [{ path: sort, direction: 'descending' }] },
        start: 0,
        count: 100,
      })
      expect(sorted.rows).toHaveLength(40)
    }
    expect(await history()).toMatchObject({ total: 4 })
    expect(await app.handlers['history.summary']({ search: '' })).toMatchObject({ problems: [] })
    expect((await app.handlers['history.verify'](undefined)).faults.length).toBeGreaterThan(0)
    expect(await app.handlers['users.sightings']({ userId: last.userId })).toEqual(expect.any(Array))
    expect(await app.handlers['connections.list'](undefined)).toHaveLength(2)
    expect(await app.handlers['users.scopes'](undefined)).toBeDefined()
    // What was damaged is mended by the next read.
    await app.handlers['outbox.workOffline'](false)
    const refreshed = async () => {
      try {
        await app.handlers['users.refresh']({})
        return true
      } catch {
        return false
      }
    }
    await expect.poll(refreshed, patient).toBe(true)
    await expect
      .poll(
        async () => (await list(app)).rows.every(({ fields }) => typeof fields.lastName === 'string'),
        patient,
      )
      .toBe(true)
    await expect.poll(() => server.truth.user(rows[19]?.key.userId ?? '')?.title, patient).toBe('Waits 19')
  })
})

describe('a back-up', () => {
  const phrase = 'correct horse battery staple'

  it('asks about every change and edit that it would replace, holds saving, and leaves them within reach', async () => {
    files.length = 0
    const server = await serve({ users: 20, seed: 3 })
    let app = await open()
    const { id } = await add(app, server, 'Lab')
    await app.handlers['connections.connect'](id)
    await loaded(app, 20)
    await idle(app)
    const [first, second, third] = (await list(app)).rows
    if (!first || !second || !third) throw new Error('no users')
    const save = (user: typeof first, mine: string) =>
      app.handlers['outbox.save']({
        as: here(app),
        changes: [
          { user: user.key, edits: [{ path: 'firstName', base: user.fields.firstName ?? null, mine }] },
        ],
      })
    await app.handlers['outbox.pause'](true)
    expect(await app.handlers['settings.backup']({ passphrase: phrase })).toEqual({ path: 'saved' })
    await save(first, 'Early')
    const { origin, account } = here(app)
    const draft = {
      key: third.key,
      name: 'x',
      edits: {
        firstName: { base: third.fields.firstName ?? null, mine: 'Typed' },
        extension: { mine: null, typed: 'abc', problem: 'Only digits.' },
      },
    }
    await app.handlers['settings.set']({
      key: 'drafts',
      value: { [JSON.stringify([origin, account])]: [draft] },
    })
    expect(await app.handlers['settings.restore']({ passphrase: phrase })).toEqual({
      restored: false,
      asks: { changes: 1, unsaved: 2, kept: true },
    })
    await save(second, 'Meanwhile')
    expect(await app.handlers['settings.replace'](true)).toEqual({
      restored: false,
      asks: { changes: 2, unsaved: 2, kept: true },
    })
    expect(await app.handlers['settings.replace'](true)).toEqual({ restored: true })
    await expect(save(first, 'Too late')).rejects.toThrow('starting anew')
    await app.close()

    app = await open()
    await loaded(app, 20)
    expect((await app.handlers['outbox.window']({ start: 0, count: 9 })).total).toBe(0)
    const [aside] = await app.handlers['aside.list'](undefined)
    if (aside === undefined) throw new Error('nothing was put aside')
    expect(await app.handlers['aside.open']({ name: aside.name })).toMatchObject({
      unsent: [{ origin, account, changes: 2, unsaved: 1 }],
    })
    const plan = await app.handlers['aside.unsent']({ name: aside.name, origin, account })
    expect(plan.first.map(({ user, edits }) => [user.userId, edits[0]?.mine])).toEqual([
      [first.key.userId, 'Early'],
      [second.key.userId, 'Meanwhile'],
      [third.key.userId, 'Typed'],
    ])
    expect(plan.firstLeftOut.map(({ why }) => why).join()).toContain('Extension: Only digits.')
    expect(server.truth.user(first.key.userId)?.firstName).not.toBe('Early')
  })

  it('brings everything back on another computer, its unsent changes at rest, and no password', async () => {
    files.length = 0
    const server = await serve({ users: 20, seed: 3 })
    const app = await open()
    const { id } = await add(app, server, 'Lab')
    await app.handlers['connections.connect'](id)
    await loaded(app, 20)
    await idle(app)
    const [row, other] = (await list(app)).rows
    if (!row || !other) throw new Error('no user')
    const name = (mine: string, user = row) => ({
      changes: [
        { user: user.key, edits: [{ path: 'firstName', base: user.fields.firstName ?? null, mine }] },
      ],
    })
    await app.handlers['outbox.save']({ as: here(app), ...name('Sent') })
    await expect.poll(() => server.truth.user(row.key.userId)?.firstName, { timeout: 15_000 }).toBe('Sent')
    await expect.poll(async () => (await app.handlers['outbox.window']({ start: 0, count: 9 })).total).toBe(0)
    await app.handlers['outbox.pause'](true)
    await app.handlers['outbox.save']({ as: here(app), ...name('Waits', other) })
    await expect(app.handlers['settings.backup']({ passphrase: 'short' })).rejects.toThrow('at least 8')
    expect(await app.handlers['settings.backup']({ passphrase: phrase })).toEqual({ path: 'saved' })
    await app.close()
    const [file] = files
    if (!file) throw new Error('no file')
    expect(Buffer.from(file.bytes).includes('Sent')).toBe(false)

    profile = mkdtempSync(join(tmpdir(), 'gungnir-composed-'))
    kept = new Map()
    const fresh = await open()
    const changed = Buffer.from(file.bytes)
    changed[changed.length - 40] = (changed[changed.length - 40] ?? 0) ^ 1
    files.splice(
      0,
      1,
      file,
      { name: 'x', bytes: Buffer.from('nothing of ours') },
      { name: 'y', bytes: changed },
      file,
    )
    await expect(fresh.handlers['settings.restore']({ passphrase: 'wrong horse' })).rejects.toThrow(
      'passphrase does not open',
    )
    await expect(fresh.handlers['settings.restore']({ passphrase: phrase })).rejects.toThrow(
      'no back-up of Gungnir',
    )
    await expect(fresh.handlers['settings.restore']({ passphrase: phrase })).rejects.toThrow(
      'it was changed or cut short',
    )
    expect(await fresh.handlers['settings.restore']({ passphrase: phrase })).toEqual({ restored: true })
    expect(fresh.events.map(([name]) => name)).toContain('relaunch')
    await fresh.close()

    const again = await open()
    await expect.poll(() => again.handlers['connections.list'](undefined)).toMatchObject([{ name: 'Lab' }])
    await loaded(again, 20)
    const { rows } = await again.handlers['outbox.window']({ start: 0, count: 9 })
    expect(rows).toMatchObject([{ user: other.key, state: 'parked' }])
    const history = await again.handlers['history.window']({ search: 'Sent', start: 0, count: 9 })
    expect(history.rows).toMatchObject([{ user: row.key, outcome: 'done' }])
    expect(await again.handlers['history.verify'](undefined)).toMatchObject({ faults: [], entries: 1 })
    expect([...kept.keys()].filter((name) => !/^(database-key|history-end):/.test(name))).toEqual([])
  })
})

describe('what the organisation has set', () => {
  const by = `Set by your organisation: ${policyPlace}`
  const connect = async (app: App, server: DemoServer) => {
    const { id } = await add(app, server, 'Lab')
    await app.handlers['connections.connect'](id)
    await loaded(app, 20)
    await idle(app)
    const [row] = (await list(app)).rows
    if (!row) throw new Error('no user')
    return { id, row }
  }
  const writes = (server: DemoServer) => server.truth.wire().filter(({ method }) => method === 'PUT')

  it('read-only: nothing is saved, sent or done on a server, whoever asks, and what waits stays', async () => {
    const server = await serve({ users: 20, seed: 3 })
    const before = await open()
    const { row } = await connect(before, server)
    await before.handlers['outbox.workOffline'](true)
    const edit = { path: 'title', base: row.fields.title ?? null, mine: 'Night shift' }
    const save = (app: App) =>
      app.handlers['outbox.save']({ as: here(app), changes: [{ user: row.key, edits: [edit] }] })
    await save(before)
    await before.close()

    const app = await open({ readOnly: true })
    await app.handlers['outbox.workOffline'](false)
    await expect
      .poll(() => app.handlers['app.status'](undefined), { timeout: 20_000 })
      .toMatchObject({ network: 'online', readOnly: by, locked: { title: `${by}.`, extension: `${by}.` } })
    await expect(async () => save(app)).rejects.toMatchObject({
      kind: 'read-only',
      message: expect.stringContaining(by),
    })
    const as = here(app)
    const { key } = row
    await expect(
      app.handlers['users.setPassword']({ as, key, newPassword: 'Abcdef12!' }) as Promise<void>,
    ).rejects.toMatchObject({ kind: 'read-only' })
    await expect(
      app.handlers['users.rename']({ as, key, newUserId: 'other@example.com' }) as Promise<unknown>,
    ).rejects.toMatchObject({ kind: 'read-only' })
    await expect(
      app.handlers['users.move']({ as, key, newGroupId: 'other' }) as Promise<unknown>,
    ).rejects.toMatchObject({ kind: 'read-only' })
    await expect(
      app.handlers['connections.changePassword']({
        id: as.connectionId,
        newPassword: 'Abcdef12!',
      }) as Promise<unknown>,
    ).rejects.toMatchObject({ kind: 'read-only' })
    await app.handlers['outbox.syncNow'](undefined)
    const window = await app.handlers['outbox.window']({ start: 0, count: 10 })
    expect(window.rows).toMatchObject([{ state: 'held', why: `Read-only, nothing is sent. ${by}.` }])
    expect(writes(server)).toEqual([])
    await app.close()

    const after = await open()
    await expect.poll(() => server.truth.user(row.key.userId)?.title, { timeout: 20_000 }).toBe('Night shift')
    await after.close()
  })

  it('read-only by a person’s switch: the same, for this connection, over a restart, until it is switched off', async () => {
    const server = await serve({ users: 20, seed: 3 })
    const before = await open()
    const { id, row } = await connect(before, server)
    await before.handlers['outbox.workOffline'](true)
    const edit = { path: 'title', base: row.fields.title ?? null, mine: 'Night shift' }
    const save = async (app: App) =>
      app.handlers['outbox.save']({ as: here(app), changes: [{ user: row.key, edits: [edit] }] })
    await save(before)
    expect(await before.handlers['connections.setReadOnly']({ id, on: true })).toMatchObject({
      readOnly: true,
    })
    await before.close()

    const app = await open()
    await app.handlers['outbox.workOffline'](false)
    const why = '“Lab” is switched to read-only on the Connections page'
    await expect
      .poll(() => app.handlers['app.status'](undefined), { timeout: 20_000 })
      .toMatchObject({ network: 'online', readOnly: why, locked: { title: `${why}.` } })
    await expect(save(app)).rejects.toMatchObject({
      kind: 'read-only',
      message: expect.stringContaining(why),
    })
    await expect(
      app.handlers['users.setPassword']({
        as: here(app),
        key: row.key,
        newPassword: 'Abcdef12!',
      }) as Promise<void>,
    ).rejects.toMatchObject({ kind: 'read-only' })
    await expect(
      app.handlers['connections.changePassword']({ id: id, newPassword: 'Abcdef12!' }) as Promise<unknown>,
    ).rejects.toMatchObject({ kind: 'read-only' })
    // Saving the form does not set it back.
    const [kept] = await app.handlers['connections.list'](undefined)
    if (!kept) throw new Error('no connection')
    const { name, baseUrl, username } = kept
    expect(
      await app.handlers['connections.save']({ id, name, baseUrl, username, callsPerSecond: 40 }),
    ).toMatchObject({ readOnly: true, callsPerSecond: 40 })
    await app.handlers['outbox.syncNow'](undefined)
    const window = await app.handlers['outbox.window']({ start: 0, count: 10 })
    expect(window.rows).toMatchObject([{ state: 'held', why: `Read-only, nothing is sent. ${why}.` }])
    expect(writes(server)).toEqual([])

    await app.handlers['connections.setReadOnly']({ id, on: false })
    await expect.poll(() => server.truth.user(row.key.userId)?.title, { timeout: 20_000 }).toBe('Night shift')
    expect(app.handlers['app.status'](undefined)).not.toHaveProperty('readOnly')
  })

  it('connections: they are here, cannot be changed, and no other is reached', async () => {
    const [ours, theirs] = await Promise.all([serve({ users: 20, seed: 1 }), serve({ users: 20, seed: 2 })])
    const before = await open()
    const other = await add(before, theirs, 'Own')
    await before.close()

    const app = await open({
      connections: [{ name: 'Head office', baseUrl: ours.baseUrl, callsPerSecond: 50 }],
      lockConnections: true,
    })
    const kept = await app.handlers['connections.list'](undefined)
    expect(kept).toMatchObject([
      { name: 'Head office', username: '', setBy: by, ownUsername: true, hasPassword: false },
      { name: 'Own', setBy: by },
    ])
    const [set] = kept
    if (!set) throw new Error('no connection')
    const draft = { id: set.id, name: set.name, baseUrl: set.baseUrl, callsPerSecond: 50 }
    expect(await app.handlers['connections.connect'](set.id)).toMatchObject({
      ok: false,
      cause: 'no-username',
    })
    // A person's own: the account and its password.
    await app.handlers['connections.save']({ ...draft, username: ours.username, password })
    expect(await app.handlers['connections.connect'](set.id)).toMatchObject({ ok: true })

    for (const changed of [
      { baseUrl: theirs.baseUrl },
      { name: 'X' },
      { callsPerSecond: 100 },
      { ca: 'x' },
    ]) {
      await expect(
        (async () => app.handlers['connections.save']({ ...draft, username: ours.username, ...changed }))(),
      ).rejects.toMatchObject({ kind: 'policy', message: expect.stringContaining(by) })
    }
    await expect((async () => add(app, theirs, 'New'))()).rejects.toMatchObject({ kind: 'policy' })
    await expect((async () => app.handlers['connections.remove']({ id: set.id }))()).rejects.toMatchObject({
      kind: 'policy',
    })
    const calls = theirs.truth.wire().length
    expect(await app.handlers['connections.connect'](other.id)).toMatchObject({ ok: false, cause: 'policy' })
    expect(
      await app.handlers['connections.test']({ ...draft, baseUrl: theirs.baseUrl, username: 'x', password }),
    ).toMatchObject({ ok: false, cause: 'policy' })
    expect(theirs.truth.wire().length).toBe(calls)
    await app.close()

    const again = await open({
      connections: [{ name: 'Main', baseUrl: ours.baseUrl }],
      lockConnections: true,
    })
    expect(await again.handlers['connections.list'](undefined)).toMatchObject([
      { name: 'Main', id: set.id, username: ours.username, callsPerSecond: 5 },
      { name: 'Own' },
    ])
  })

  it('no demo server: it is not started, and neither does the connection to it wake it', async () => {
    const before = await open()
    const { id } = await before.handlers['connections.tryDemo'](undefined)
    await before.close()
    const app = await open({ demo: false })
    await expect((async () => app.handlers['connections.tryDemo'](undefined))()).rejects.toMatchObject({
      kind: 'policy',
      message: expect.stringContaining(by),
    })
    expect(await app.handlers['connections.connect'](id)).toMatchObject({ ok: false, cause: 'policy' })
  })

  it('history: none of it goes before its time', async () => {
    const app = await open({ historyMinimumDays: 365 })
    const trim = async (olderThanDays: number) => app.handlers['history.trim']({ olderThanDays })
    await expect(trim(364)).rejects.toMatchObject({ kind: 'policy', message: expect.stringContaining(by) })
    expect(await trim(365)).toBe(0)
    const strict = await open({ historyMinimumDays: 'a year' })
    await expect(
      (async () => strict.handlers['history.trim']({ olderThanDays: 36_500 }))(),
    ).rejects.toMatchObject({ kind: 'policy', message: expect.stringContaining('All changes stay') })
  })

  it('that cannot be read: all is locked, and that is said', async () => {
    const server = await serve({ users: 20, seed: 3 })
    const before = await open()
    await connect(before, server)
    await before.close()
    const app = await open({ place: policyPlace, unreadable: 'It is not JSON (line 2).' })
    expect(await app.handlers['app.policy'](undefined)).toMatchObject({
      problems: [expect.stringContaining(`${policyPlace}: It is not JSON (line 2).`)],
      connectionsLocked: by,
      noDemo: by,
    })
    await expect((async () => add(app, server, 'New'))()).rejects.toMatchObject({ kind: 'policy' })
    await expect(
      (async () => app.handlers['settings.restore']({ passphrase: 'long enough' }))(),
    ).rejects.toMatchObject({ kind: 'policy' })
    expect(app.handlers['app.status'](undefined)).toMatchObject({ readOnly: by })
  })

  it('locks: the page gets nothing until the password of the server is typed, also over a restart', async () => {
    const server = await serve({ users: 20, seed: 3 })
    const app = await open({ idleLockMinutes: 1 })
    await connect(app, server)
    const closed = app.lock
    expect(closed.locked()).toBe(false)
    closed.lock()
    expect(app.handlers['lock.state'](undefined)).toEqual({
      locked: true,
      who: `${server.username} on Lab`,
      why: by,
    })
    await app.close()

    const again = await open({ idleLockMinutes: 1 })
    expect(again.lock.locked()).toBe(true)
    const unlock = (typed: string) => (async () => again.handlers['lock.open']({ password: typed }))()
    await expect(unlock('not this')).rejects.toMatchObject({ kind: 'wrong-password' })
    expect(await unlock(password)).toMatchObject({ locked: false })
    await again.close()
    const third = await open({ idleLockMinutes: 1 })
    expect(third.lock.locked()).toBe(false)
  })
})
