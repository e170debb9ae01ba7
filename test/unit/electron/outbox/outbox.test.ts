import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DemoServer, startDemoServer } from '../../../../electron/demo/server'
import {
  connectionsRepository,
  type SavedConnection,
} from '../../../../electron/store/repositories/connections'
import { historyRepository } from '../../../../electron/store/repositories/history'
import { usersRepository } from '../../../../electron/store/repositories/users'
import { openMemoryStore, type Store } from '../../../../electron/store/store'
import type { UserKey } from '../../../../shared/user/types'
import { realOutbox } from '../../../simulation/real-outbox'

let server: DemoServer
let store: Store
let app: ReturnType<typeof realOutbox>
let nextUser = 0

const until = async (what: () => boolean, ms = 8000): Promise<void> => {
  const end = performance.now() + ms
  while (!what()) {
    if (performance.now() > end) throw new Error('It did not happen in time.')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const someone = (): { key: UserKey; before: Record<string, unknown> } => {
  const userId = server.truth.userIds(nextUser++, 1)[0] ?? ''
  const before = server.truth.user(userId) as Record<string, unknown>
  const key = {
    serviceProviderId: String(before.serviceProviderId),
    groupId: String(before.groupId),
    userId,
  }
  return { key, before }
}

const start = async (options = {}): Promise<void> => {
  app = realOutbox({ store, ...server, callsPerSecond: 100, options: { settleMs: 1500, ...options } })
  await app.signIn()
  await app.outbox.start()
}

beforeAll(async () => {
  server = await startDemoServer({ users: 300, seed: 7 })
})
afterAll(() => server.close())
beforeEach(async () => {
  server.truth.setFaults(undefined)
  store = openMemoryStore()
  await start()
  return async () => {
    await app.outbox.stop()
    store.close()
  }
})

const rename = (key: UserKey, before: Record<string, unknown>, mine: string) =>
  app.outbox.save({
    changes: [{ user: key, edits: [{ path: 'lastName', base: String(before.lastName), mine }] }],
  })

describe('the outbox over a real store, client and server', () => {
  it('saves, sends exactly the changed field, and leaves the user and the history updated', async () => {
    const { key, before } = someone()
    server.truth.clearWire()
    expect(rename(key, before, 'O’Neill-Łukasz')).toEqual({
      saved: 1,
      message: 'Saved. Sending…',
      entries: [expect.any(String)],
    })
    expect(app.outbox.counts()).toEqual({ waiting: 1, needsPerson: 0 })
    await until(() => app.outbox.counts().waiting === 0)
    const { lastName, ...rest } = before
    expect(server.truth.user(key.userId)).toMatchObject({ ...rest, lastName: 'O’Neill-Łukasz' })
    const puts = server.truth.wire().filter(({ method }) => method === 'PUT')
    expect(puts.map(({ body }) => JSON.parse(body))).toEqual([{ ...key, lastName: 'O’Neill-Łukasz' }])
    expect(usersRepository(store).byUserId('demo', key.userId)?.record.fields.lastName).toBe('O’Neill-Łukasz')
    const { entries } = historyRepository(store).window({ start: 0, count: 10 })
    expect(entries).toMatchObject([
      {
        outcome: 'done',
        fields: ['lastName'],
        before: { lastName },
        asked: { lastName: 'O’Neill-Łukasz' },
        after: { lastName: 'O’Neill-Łukasz' },
        account: 'admin',
        origin: server.baseUrl,
        status: 200,
        request: JSON.stringify({ ...key, lastName: 'O’Neill-Łukasz' }),
      },
    ])
    expect(entries[0]?.unguardedMs).toBeGreaterThan(0)
    await until(() => app.events.some(({ event }) => event === 'history.changed'))
  })

  it('keeps what a refused save would need, and says why', () => {
    const { key } = someone()
    const save = (path: string, mine: string) =>
      app.outbox.save({ changes: [{ user: key, edits: [{ path, mine }] }] })
    expect(() => save('lastName', '')).toThrow(/cannot be empty/)
    expect(() => save('userId', 'x@y')).toThrow(/not changed through the outbox/)
    expect(() => save('constructor', 'x')).toThrow(/not a field/)
    expect(app.outbox.counts()).toEqual({ waiting: 0, needsPerson: 0 })
  })

  it('shows a conflict, keeps the edit, and sends it when a person has decided', async () => {
    const { key, before } = someone()
    server.truth.edit(key.userId, { lastName: 'Theirs' })
    rename(key, before, 'Mine')
    await until(() => app.outbox.counts().needsPerson === 1)
    const row = app.outbox.window({ start: 0, count: 10 }).rows[0]
    expect(row).toMatchObject({
      state: 'conflict',
      conflicts: [{ path: 'lastName', base: before.lastName, theirs: 'Theirs', mine: 'Mine' }],
    })
    expect(app.outbox.pendingOf('demo', key.userId)).toMatchObject({ state: 'conflict' })
    app.outbox.resolve(row?.id ?? '', [{ path: 'lastName', theirs: 'Theirs', value: 'Mine' }])
    await until(() => server.truth.user(key.userId)?.lastName === 'Mine')
    await until(() => app.outbox.counts().waiting === 0)
  })

  it('keeps an edit of a field that nobody has seen through being edited again and back', async () => {
    const { key } = someone()
    server.truth.edit(key.userId, { address: { addressLine2: '' } })
    app.outbox.pause(true)
    const path = 'address.addressLine2'
    const seen = () => app.outbox.pendingOf('demo', key.userId)?.edits.find((edit) => edit.path === path)
    const edit = (mine: string) => {
      // As a person does who is shown what waits.
      const base = seen()?.mine
      app.outbox.save({
        changes: [{ user: key, edits: [base === undefined ? { path, mine } : { path, base, mine }] }],
      })
    }
    for (const mine of ['A', 'B', 'A']) edit(mine)
    expect(seen()).toEqual({ path, mine: 'A' })
    expect(app.outbox.counts().waiting).toBe(1)
    app.outbox.pause(false)
    await until(() => app.outbox.counts().waiting === 0)
    expect(server.truth.user(key.userId)).toMatchObject({ address: { addressLine2: 'A' } })
  })

  it('says that a base was never seen, also when the value over it was edited while it was being sent', async () => {
    const { key } = someone()
    const path = 'address.addressLine2'
    server.truth.edit(key.userId, { address: { addressLine2: '' } })
    server.truth.setLatency(300)
    app.outbox.save({ changes: [{ user: key, edits: [{ path, mine: 'A' }] }] })
    await until(() => app.outbox.unsent('demo').some(({ state }) => state === 'inflight'))
    app.outbox.save({ changes: [{ user: key, edits: [{ path, base: 'A', mine: 'B' }] }] })
    expect(app.outbox.pendingOf('demo', key.userId)?.edits).toEqual([{ path, mine: 'B' }])
    server.truth.setLatency(0)
  })

  it('never takes a value of ours that was discarded for what the server had', async () => {
    const { key, before } = someone()
    app.outbox.pause(true)
    const path = 'lastName'
    const { entries } = rename(key, before, 'Waiting')
    app.outbox.discard(entries)
    const old = String(before.lastName)
    // Typed over the waiting value, saved after it was discarded.
    app.outbox.save({
      changes: [{ user: key, edits: [{ path, base: 'Waiting', own: { old }, mine: 'Typed' }] }],
    })
    expect(app.outbox.unsent('demo')).toMatchObject([{ edits: [{ path, base: old, mine: 'Typed' }] }])
    app.outbox.pause(false)
    await until(() => app.outbox.counts().waiting === 0)
    expect(server.truth.user(key.userId)?.lastName).toBe('Typed')
  })

  it('an edit back to a base that the server has no longer takes nothing back: it stays, and a person decides', async () => {
    const { key, before } = someone()
    const path = 'lastName'
    server.truth.edit(key.userId, { lastName: 'Newer' })
    const read = { key, completeness: 'row', fields: { lastName: 'Newer' }, extra: {} } as const
    usersRepository(store).put('demo', read, Date.now())
    app.outbox.pause(true)
    const save = (edit: { base: string; mine: string; own?: { old: string } }) =>
      app.outbox.save({ changes: [{ user: key, edits: [{ path, ...edit }] }] })
    // Typed long ago, when the server had another value, and saved now.
    const old = String(before.lastName)
    save({ base: old, mine: 'Draft' })
    const over = { base: 'Draft', own: { old: 'Newer' } }
    save({ ...over, mine: old })
    expect(app.outbox.unsent('demo')).toMatchObject([
      { edits: [{ path, base: old, mine: old, moved: true }] },
    ])
    app.outbox.pause(false)
    await until(() => app.outbox.counts().needsPerson === 1)
    const [row] = app.outbox.window({ start: 0, count: 10 }).rows
    expect(row?.conflicts).toMatchObject([{ path, theirs: 'Newer', mine: old }])
    app.outbox.resolve(row?.id ?? '', [{ path, theirs: 'Newer', value: old }])
    await until(() => app.outbox.counts().waiting === 0)
    expect(server.truth.user(key.userId)?.lastName).toBe(old)
  })

  it('an edit back to a base that the server still has, as far as is known, takes the waiting one back', () => {
    const { key, before } = someone()
    app.outbox.pause(true)
    rename(key, before, 'Draft')
    const old = String(before.lastName)
    app.outbox.save({
      changes: [{ user: key, edits: [{ path: 'lastName', base: 'Draft', own: { old }, mine: old }] }],
    })
    expect(app.outbox.unsent('demo')).toEqual([])
  })

  it('shows the server’s own refusal and keeps the edit', async () => {
    const { key, before } = someone()
    const other = server.truth
      .userIds(0, 300)
      .map((id) => server.truth.user(id))
      .find((user) => user?.groupId === before.groupId && user?.userId !== key.userId && user?.extension)
    app.outbox.save({
      changes: [
        {
          user: key,
          edits: [
            { path: 'extension', base: (before.extension as string) ?? null, mine: String(other?.extension) },
          ],
        },
      ],
    })
    await until(() => app.outbox.counts().needsPerson === 1)
    expect(app.outbox.window({ start: 0, count: 1 }).rows[0]).toMatchObject({
      state: 'rejected',
      why: expect.stringContaining('4202'),
    })
    const { id } = app.outbox.window({ start: 0, count: 1 }).rows[0] ?? { id: '' }
    expect(app.outbox.discard([id])).toBe(1)
    expect(app.outbox.counts()).toEqual({ waiting: 0, needsPerson: 0 })
  })

  it.each([
    'lost-answer',
    'silent-ish',
    'truncated',
    'done-500',
    'done-empty',
    'reset',
    'html200',
    '503',
    '401',
  ] as const)(
    'comes through a PUT that ends in %s',
    async (name) => {
      const kind = name === 'silent-ish' ? 'late' : name
      const { key, before } = someone()
      server.truth.planFault({ kind, method: 'PUT', path: '/users' })
      rename(key, before, `After ${name}`)
      await until(() => server.truth.user(key.userId)?.lastName === `After ${name}`, 20_000)
      await until(() => app.outbox.counts().waiting === 0, 20_000)
      expect(app.outbox.counts().needsPerson).toBe(0)
      const { entries } = historyRepository(store).window({ start: 0, count: 10 })
      expect(entries[0]?.outcome).toBe('done')
    },
    30_000,
  )

  it('holds what is saved while signed out and sends it afterwards', async () => {
    const { key, before } = someone()
    await app.signOut()
    expect(rename(key, before, 'Later').message).toBe('Saved. Will be sent when online.')
    expect(app.outbox.window({ start: 0, count: 1 }).rows[0]).toMatchObject({ state: 'held' })
    await app.signIn()
    await until(() => server.truth.user(key.userId)?.lastName === 'Later')
  })

  it('works offline by the switch, pauses, and remembers the pause', async () => {
    const { key, before } = someone()
    server.truth.clearWire()
    app.outbox.workOffline(true)
    rename(key, before, 'Offline')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(server.truth.wire()).toEqual([])
    expect(app.outbox.window({ start: 0, count: 1 }).rows[0]).toMatchObject({
      state: 'held',
      why: 'Working offline.',
    })
    app.outbox.pause(true)
    app.outbox.workOffline(false)
    await app.outbox.stop()
    await start()
    expect(app.outbox.window({ start: 0, count: 1 })).toMatchObject({ paused: true, total: 1 })
    app.outbox.pause(false)
    await until(() => server.truth.user(key.userId)?.lastName === 'Offline')
  })
})

describe('a service of a user', () => {
  const forwarding = 'Call Forwarding Always'
  const able = (): UserKey => {
    for (;;) {
      const { key } = someone()
      if (server.truth.service(key.userId, forwarding) !== undefined) return key
    }
  }
  const isOn = 'callForwardingAlways.isActive'
  const to = 'callForwardingAlways.forwardToPhoneNumber'

  it('is sent whole, with the switch and its number, and leaves the options alone', async () => {
    const key = able()
    const options = server.truth.user(key.userId)
    server.truth.editService(key.userId, forwarding, { isActive: false, forwardToPhoneNumber: null })
    server.truth.clearWire()
    app.outbox.save({
      changes: [
        {
          user: key,
          edits: [
            { path: isOn, base: false, mine: true },
            { path: to, base: null, mine: '4711' },
          ],
        },
      ],
    })
    await until(() => app.outbox.counts().waiting === 0)
    expect(server.truth.service(key.userId, forwarding)).toMatchObject({
      isActive: true,
      forwardToPhoneNumber: '4711',
    })
    expect(server.truth.user(key.userId)).toEqual(options)
    const puts = server.truth.wire().filter(({ method }) => method === 'PUT')
    expect(puts.map(({ path }) => path.replace(/^.*\/users/, '/users'))).toEqual([
      '/users/call-forwarding-always',
    ])
    expect(JSON.parse(puts[0]?.body ?? '{}')).toEqual({
      userId: key.userId,
      isActive: true,
      forwardToPhoneNumber: '4711',
      isRingSplashActive: expect.any(Boolean),
    })
  })

  it('is sent in the form that its connection is set to when the body is made, and the history says which', async () => {
    const connections = connectionsRepository(store)
    const { partialBodies: _none, ...asIs } = connections.byId('demo') as SavedConnection
    const key = able()
    server.truth.editService(key.userId, forwarding, { isActive: false, forwardToPhoneNumber: '4500' })
    // Saved under one setting, and made under another.
    app.outbox.pause(true)
    app.outbox.save({ changes: [{ user: key, edits: [{ path: isOn, base: false, mine: true }] }] })
    connections.save({ ...asIs, partialBodies: true })
    server.truth.clearWire()
    app.outbox.pause(false)
    await until(() => app.outbox.counts().waiting === 0)
    const bodies = () =>
      server.truth
        .wire()
        .filter(({ method }) => method === 'PUT')
        .map(({ body }) => JSON.parse(body ?? ''))
    expect(bodies()).toEqual([{ userId: key.userId, isActive: true }])
    // The server has kept what was left out.
    expect(server.truth.service(key.userId, forwarding)).toMatchObject({ forwardToPhoneNumber: '4500' })
    const newest = () => historyRepository(store).window({ start: 0, count: 1 }).entries[0]
    expect(newest()).not.toHaveProperty('carried')

    connections.save(asIs)
    const other = able()
    server.truth.editService(other.userId, forwarding, { isActive: false, forwardToPhoneNumber: '4711' })
    app.outbox.save({ changes: [{ user: other, edits: [{ path: isOn, base: false, mine: true }] }] })
    await until(() => app.outbox.counts().waiting === 0)
    expect(bodies()[1]).toMatchObject({ isActive: true, isRingSplashActive: expect.any(Boolean) })
    expect(newest()).toMatchObject({ carried: { [to]: expect.anything() } })
  })

  it('is not saved switched on without its number, and not sent so where nobody knew', async () => {
    const key = able()
    server.truth.editService(key.userId, forwarding, { isActive: false, forwardToPhoneNumber: null })
    const switchOn = (more: { base?: boolean; number?: null } = {}) =>
      app.outbox.save({
        changes: [
          {
            user: key,
            edits: [
              { path: isOn, ...(more.base === undefined ? {} : { base: more.base }), mine: true },
              ...(more.number === null ? [{ path: to, base: null, mine: null }] : []),
            ],
          },
        ],
      })
    expect(() => switchOn({ base: false, number: null })).toThrow('Forward always to is empty.')
    expect(app.outbox.counts().waiting).toBe(0)
    server.truth.clearWire()
    switchOn({ base: false })
    await until(() => app.outbox.counts().needsPerson === 1)
    const [row] = app.outbox.window({ start: 0, count: 1 }).rows
    expect(row?.why).toContain('Forward always to is empty')
    expect(server.truth.wire().some(({ method }) => method === 'PUT')).toBe(false)
  })

  describe('with a list', () => {
    const ring = 'Simultaneous Ring Personal'
    const path = 'simultaneousRingPersonal.locations'
    const at = (phoneNumber: string, answerConfirmationRequired = false) => ({
      phoneNumber,
      answerConfirmationRequired,
    })
    const ringing = (locations: ReturnType<typeof at>[]): UserKey => {
      for (;;) {
        const { key } = someone()
        if (server.truth.service(key.userId, ring) === undefined) continue
        server.truth.editService(key.userId, ring, { isActive: true, doNotRingIfOnCall: true, locations })
        return key
      }
    }
    const save = (user: UserKey, base: ReturnType<typeof at>[], mine: ReturnType<typeof at>[]) =>
      app.outbox.save({ changes: [{ user, edits: [{ path, base, mine }] }] })
    const listOf = ({ userId }: UserKey) => server.truth.service(userId, ring)?.locations

    it('is sent as the whole list and nothing beside it', async () => {
      const key = ringing([at('4711'), at('4712', true)])
      server.truth.clearWire()
      // Another order is no change of theirs.
      save(key, [at('4712', true), at('4711')], [at('4711', true), at('+15135550100')])
      await until(() => app.outbox.counts().waiting === 0)
      const puts = server.truth.wire().filter(({ method }) => method === 'PUT')
      expect(puts.map(({ body }) => JSON.parse(body))).toEqual([
        { userId: key.userId, locations: [at('4711', true), at('+15135550100')] },
      ])
      expect(listOf(key)).toEqual([at('4711', true), at('+15135550100')])
      expect(historyRepository(store).window({ start: 0, count: 1 }).entries).toMatchObject([
        { outcome: 'done', before: { [path]: [at('4711'), at('4712', true)] } },
      ])
    })

    it('that somebody else has changed waits for a person, and neither list is mixed into the other', async () => {
      const key = ringing([at('4711')])
      server.truth.editService(key.userId, ring, { locations: [at('4711'), at('4799')] })
      save(key, [at('4711')], [at('4711'), at('4712')])
      await until(() => app.outbox.counts().needsPerson === 1)
      const [row] = app.outbox.window({ start: 0, count: 1 }).rows
      expect(row).toMatchObject({
        state: 'conflict',
        conflicts: [
          {
            path,
            base: [at('4711')],
            theirs: [at('4711'), at('4799')],
            mine: [at('4711'), at('4712')],
          },
        ],
      })
      expect(listOf(key)).toEqual([at('4711'), at('4799')])
    })

    it('is not emptied while the switch stays on', async () => {
      const key = ringing([at('4711')])
      server.truth.clearWire()
      save(key, [at('4711')], [])
      await until(() => app.outbox.counts().needsPerson === 1)
      expect(app.outbox.window({ start: 0, count: 1 }).rows[0]?.why).toContain('Also rings at is empty')
      expect(server.truth.wire().some(({ method }) => method === 'PUT')).toBe(false)
    })
  })

  it('waits beside the options of the same user, each with its own edits', () => {
    const key = able()
    app.outbox.pause(true)
    app.outbox.save({
      changes: [
        {
          user: key,
          edits: [
            { path: isOn, base: true, mine: false },
            { path: 'title', base: null, mine: 'Head' },
          ],
        },
      ],
    })
    app.outbox.save({ changes: [{ user: key, edits: [{ path: to, base: '4711', mine: '4712' }] }] })
    const paths = app.outbox
      .window({ start: 0, count: 9 })
      .rows.map(({ edits }) => edits.map(({ path }) => path))
    expect(paths).toEqual([[isOn, to], ['title']])
  })
})
