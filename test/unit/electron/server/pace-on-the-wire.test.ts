import { describe, expect, it } from 'vitest'
import { createChance } from '../../../simulation/chance'
import { baseUrl, createTimeline, createVirtualServer, openVirtualApp, password } from './virtual-app'

/** The most first bytes in any one second. */
const busiest = (wire: readonly { readonly at: number }[]): number =>
  Math.max(0, ...wire.map(({ at: from }) => wire.filter(({ at }) => at >= from && at < from + 1000).length))

async function set(callsPerSecond: number) {
  const timeline = createTimeline()
  const chance = createChance(7)
  const server = createVirtualServer(timeline, chance.fork(), 6)
  const app = await openVirtualApp(timeline, chance.fork(), server.http, { callsPerSecond })
  const later = (ms: number) => timeline.runTo(timeline.now() + ms)
  const save = (as: { connectionId: string; account: string }, value: string) =>
    app.call(() =>
      app.handlers['outbox.save']({
        as: { ...as, origin: baseUrl },
        changes: [...server.people].map(([userId, { lastName }]) => ({
          user: { serviceProviderId: 'sp', groupId: 'grp', userId },
          edits: [{ path: 'lastName', base: String(lastName), mine: `${value} ${userId}` }],
        })),
      }),
    )
  return { timeline, server, app, later, save }
}

describe('one pace for a server, counted on the wire', () => {
  it('whatever calls: a sync, tests of the connection, connects, sign-out, another account', async () => {
    const { server, app, later, save } = await set(5)
    const connectionId = await app.connect()
    await save({ connectionId, account: 'admin' }, 'one')
    for (let n = 0; n < 4; n++) {
      void app.handlers['connections.test']({
        name: 'x',
        baseUrl: 'https://ODIN.example/api/v2/',
        username: 'admin',
        password,
        callsPerSecond: 50,
      })
      await later(100)
    }
    for (let n = 0; n < 5; n++) {
      void app.handlers['connections.connect'](connectionId)
      await later(50)
    }
    await later(3_000)
    await app.connect(baseUrl, 'other')
    await app.call(() => app.handlers['connections.connect'](connectionId))
    for (let n = 0; n < 3; n++) {
      await app.call(() => app.handlers['connections.signOut'](connectionId))
      await app.call(() => app.handlers['connections.connect'](connectionId))
    }
    await later(30_000)
    expect(server.wire.length).toBeGreaterThan(30)
    expect(busiest(server.wire)).toBeLessThanOrEqual(5)
    expect((await app.outbox()).rows).toEqual([])
  })

  it('a lower pace holds from the moment it is saved', async () => {
    const { timeline, server, app, later, save } = await set(20)
    const id = await app.connect()
    await later(5_000)
    await save({ connectionId: id, account: 'admin' }, 'two')
    await later(120)
    await app.call(() =>
      app.handlers['connections.save']({ id, name: 'there', baseUrl, username: 'admin', callsPerSecond: 2 }),
    )
    const from = timeline.now()
    await later(20_000)
    const after = server.wire.filter(({ at }) => at > from)
    expect(after.length).toBeGreaterThan(6)
    expect(busiest(after)).toBeLessThanOrEqual(2)
  })

  it('a kill and a start in the middle of a sync do not start it anew', async () => {
    const { timeline, server, app, later, save } = await set(5)
    const connectionId = await app.connect()
    await later(3_000)
    await save({ connectionId, account: 'admin' }, 'three')
    for (let n = 0; n < 4; n++) {
      await later(150)
      app.kill()
      const next = await openVirtualApp(timeline, createChance(n), server.http, {
        store: app.store,
        kept: app.kept,
        id: `life${n}`,
      })
      await later(700)
      next.kill()
    }
    await openVirtualApp(timeline, createChance(9), server.http, {
      store: app.store,
      kept: app.kept,
      id: 'last',
    })
    await later(200_000)
    expect(busiest(server.wire)).toBeLessThanOrEqual(5)
    expect([...server.people].every(([userId, { lastName }]) => lastName === `three ${userId}`)).toBe(true)
  })
})
