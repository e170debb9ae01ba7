import { describe, expect, it } from 'vitest'
import { createChance } from '../../../simulation/chance'
import {
  answer,
  baseUrl,
  createTimeline,
  createVirtualServer,
  openVirtualApp,
  page,
  type Weather,
} from './virtual-app'

/** A server that answers some calls with one refusal for ever, under a sign-in that it gives at once. */
async function stubborn(refuses: Weather, minutes = 5) {
  const chance = createChance(1)
  const timeline = createTimeline()
  const server = createVirtualServer(timeline, chance.fork(), 3)
  const app = await openVirtualApp(timeline, chance.fork(), server.http)
  const connectionId = await app.connect()
  await timeline.runTo(timeline.now() + 20_000)
  server.weather(refuses)
  const began = timeline.now()
  await app.call(() =>
    app.handlers['outbox.save']({
      as: { connectionId, origin: baseUrl, account: 'admin' },
      changes: [...server.people.keys()].slice(0, 2).map((userId, n) => ({
        user: { serviceProviderId: 'sp', groupId: 'grp', userId },
        edits: [{ path: 'lastName', base: `Last${n}`, mine: `New${n}` }],
      })),
    }),
  )
  // Looked at as the status bar does, which is told of each change.
  const networks = new Set<string>()
  for (let at = began; at < began + minutes * 60_000; at += 100) {
    await timeline.runTo(at)
    networks.add(app.status().network)
  }
  const { rows } = await app.outbox()
  const calls = server.wire.filter(({ at }) => at >= began)
  return {
    calls: calls.length,
    signIns: calls.filter(({ name }) => name === 'POST /auth/token').length,
    puts: calls.filter(({ name }) => name === 'PUT /users').length,
    names: [...server.people.values()].map(({ lastName }) => lastName),
    waiting: rows.map(({ user, state, why }) => ({ user: user.userId, state, why })),
    status: app.status(),
    networks: [...networks],
  }
}

describe('a server that', () => {
  it.each([401, 402, 403])(
    'answers %i for one user is asked a few times, and that user is a person’s matter',
    async (status) => {
      const seen = await stubborn(({ url }) =>
        url.includes('userId=user0') ? answer(status, { error: 'No.' }) : undefined,
      )
      expect(seen.calls).toBeLessThan(10)
      expect(seen.signIns).toBeLessThanOrEqual(1)
      expect(seen.names).toEqual(['Last0', 'New1', 'Last2'])
      expect(seen.waiting).toMatchObject([{ user: 'user0@odin.example', state: 'parked' }])
      expect(seen.status.network).toBe('online')
    },
  )

  it.each([401, 402, 403])(
    'answers %i to all reads of users is asked a few times, then a person',
    async (status) => {
      const seen = await stubborn(({ name }) =>
        name === 'GET /users' ? answer(status, { error: 'No.' }) : undefined,
      )
      expect(seen.calls).toBeLessThan(12)
      expect(seen.signIns).toBeLessThanOrEqual(1)
      expect(seen.puts).toBe(0)
      expect(seen.waiting).toMatchObject([{ state: 'parked' }, { state: 'parked' }])
    },
  )

  it.each([401, 402, 403])(
    'answers %i to all changes is sent each once or twice, then a person',
    async (status) => {
      const seen = await stubborn(({ name }) =>
        name === 'PUT /users' ? answer(status, { error: 'No.' }) : undefined,
      )
      expect(seen.calls).toBeLessThan(20)
      expect(seen.signIns).toBeLessThanOrEqual(2)
      expect(seen.waiting).toMatchObject([{ state: 'parked' }, { state: 'parked' }])
    },
  )

  it.each([401, 402])(
    'answers %i to everything has a person sign in, and offers the password at most twice',
    async (status) => {
      const seen = await stubborn(({ name }) =>
        name === 'POST /auth/token' ? undefined : answer(status, { error: 'No.' }),
      )
      expect(seen.calls).toBeLessThan(15)
      expect(seen.signIns).toBeLessThanOrEqual(2)
      expect(seen.puts).toBe(0)
      expect(seen.status.network).toBe('signed-out')
      expect(seen.waiting).toMatchObject([{ state: 'held' }, { state: 'held' }])
    },
  )

  it.each([
    ['a page with 200', page(200)],
    ['a page with 404', page(404)],
    ['a page with 502', page(502)],
    ['a page with 503', page(503)],
    ['nothing, with 401', { kind: 'answer', status: 401, headers: {}, body: '' } as const],
    ['503', answer(503, { error: 'No.' })],
    ['429', answer(429, { error: 'No.' })],
  ])(
    'answers a read of one user with %s is asked less and less, goes on with the others, and a person is told',
    async (_, outcome) => {
      const seen = await stubborn(({ url }) => (url.includes('userId=user0') ? outcome : undefined))
      // In five minutes: with the question at first whether it is there at all.
      expect(seen.calls).toBeLessThan(50)
      expect(seen.names).toEqual(['Last0', 'New1', 'Last2'])
      // On the word of whatever answers nothing is stopped; but it is said, and nobody else is to blame.
      expect(seen.waiting).toMatchObject([{ user: 'user0@odin.example', state: 'waiting' }])
      expect(seen.waiting[0]?.why).toMatch(
        /times when this user was read, while the server answers otherwise/,
      )
      expect(seen.waiting[0]?.why).toContain('Next try in')
      expect(seen.status.outbox).toMatchObject({ needsPerson: 1, trouble: { total: 1 } })
      expect(seen.networks).toEqual(['online'])
    },
  )

  it.each([
    ['a page with 200', page(200)],
    ['a page with 502', page(502)],
    ['nothing, with 204', { kind: 'answer', status: 204, headers: {}, body: '' } as const],
  ])(
    'answers a change of one user with %s is sent it ever less often, and a person is told',
    async (_, outcome) => {
      const seen = await stubborn(
        ({ name, body }) =>
          name === 'PUT /users' && body?.userId === 'user0@odin.example' ? outcome : undefined,
        40,
      )
      expect(seen.puts).toBeLessThan(20)
      expect(seen.names).toEqual(['Last0', 'New1', 'Last2'])
      expect(seen.waiting).toMatchObject([{ user: 'user0@odin.example' }])
      expect(['parked', 'rejected', 'conflict']).not.toContain(seen.waiting[0]?.state)
      expect(seen.status.outbox.needsPerson).toBe(1)
      expect(seen.networks).toEqual(['online'])
    },
  )

  it.each([429, 503])('answers every change with %i is sent it less and less often', async (status) => {
    const seen = await stubborn(({ name }) =>
      name === 'PUT /users' ? answer(status, { error: 'No.' }) : undefined,
    )
    expect(seen.puts).toBeLessThan(30)
    expect(seen.names).toEqual(['Last0', 'Last1', 'Last2'])
    expect(seen.waiting).toHaveLength(2)
  })
})
