import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DemoServer, startDemoServer } from '../../../../electron/demo/server'
import { openMemoryStore, type Store } from '../../../../electron/store/store'
import type { UserKey } from '../../../../shared/user/types'
import { realOutbox } from '../../../simulation/real-outbox'

let server: DemoServer
let store: Store
let app: ReturnType<typeof realOutbox>
let next = 0

const until = async (what: () => boolean): Promise<void> => {
  const end = performance.now() + 10_000
  while (!what()) {
    if (performance.now() > end) throw new Error('It did not happen in time.')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Users of one group, each with an extension. */
function neighbours(count: number): { key: UserKey; extension: string }[] {
  const all = server.truth.userIds(0, 300).flatMap((userId) => {
    const user = server.truth.user(userId)
    if (user === undefined || typeof user.extension !== 'string') return []
    const { serviceProviderId, groupId } = user
    const key = { serviceProviderId: String(serviceProviderId), groupId: String(groupId), userId }
    return [{ key, extension: user.extension }]
  })
  const [first] = all.slice(next)
  const found = all
    .slice(next)
    .filter(({ key }) => key.groupId === first?.key.groupId)
    .slice(0, count)
  next += count
  expect(found).toHaveLength(count)
  return found
}

const give = (one: { key: UserKey; extension: string }, mine: string | null) => ({
  user: one.key,
  edits: [{ path: 'extension', base: one.extension, mine }],
})
const extensionOf = ({ key }: { key: UserKey }) => server.truth.user(key.userId)?.extension ?? null
const refusals = () => server.truth.wire().filter(({ method, status }) => method === 'PUT' && status !== 200)

beforeAll(async () => {
  server = await startDemoServer({ users: 300, groups: 3, seed: 11 })
})
afterAll(() => server.close())
beforeEach(async () => {
  store = openMemoryStore()
  // Two of our writes to the same field are apart; the wait would make a parked swap slow.
  app = realOutbox({ store, ...server, callsPerSecond: 100, options: { settleMs: 1500, spacingMs: 50 } })
  await app.signIn()
  server.truth.clearWire()
  return async () => {
    await app.outbox.stop()
    store.close()
  }
})

describe('numbers that change hands', () => {
  it('are given up before they are taken, in whatever order they were saved', async () => {
    const [a, b, c] = neighbours(3) as [
      ReturnType<typeof neighbours>[0],
      ReturnType<typeof neighbours>[0],
      ReturnType<typeof neighbours>[0],
    ]
    app.outbox.save({ changes: [give(a, b.extension), give(b, c.extension), give(c, null)] })
    await app.outbox.start()
    await until(() => app.outbox.counts().waiting === 0)
    expect([a, b, c].map(extensionOf)).toEqual([b.extension, c.extension, null])
    expect(refusals()).toEqual([])
  })

  it('in a ring wait, say why, and go on over a parking number', async () => {
    const [a, b] = neighbours(2) as [ReturnType<typeof neighbours>[0], ReturnType<typeof neighbours>[0]]
    app.outbox.save({ changes: [give(a, b.extension), give(b, a.extension)] })
    await app.outbox.start()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const { rows } = app.outbox.window({ start: 0, count: 10 })
    expect(rows).toHaveLength(2)
    for (const row of rows) {
      expect(row.why).toContain('want each other’s numbers')
      expect(row.swaps).toEqual(['extension'])
    }
    expect(server.truth.wire().filter(({ method }) => method === 'PUT')).toEqual([])
    app.outbox.detour(rows[0]?.id ?? '', 'extension', null)
    await until(() => app.outbox.counts().waiting === 0)
    expect([a, b].map(extensionOf)).toEqual([b.extension, a.extension])
    expect(refusals()).toEqual([])
    expect(server.truth.wire().filter(({ method }) => method === 'PUT')).toHaveLength(3)
  })

  it('are not given to two users, in one save or in two', () => {
    const [a, b] = neighbours(2) as [ReturnType<typeof neighbours>[0], ReturnType<typeof neighbours>[0]]
    expect(() => app.outbox.save({ changes: [give(a, '8999'), give(b, '8999')] })).toThrow('given to both')
    expect(app.outbox.counts().waiting).toBe(0)
    app.outbox.save({ changes: [give(a, '8999')] })
    expect(() => app.outbox.save({ changes: [give(b, '8999')] })).toThrow('given to both')
    // The same again for the same user is no second user.
    app.outbox.save({ changes: [give(a, '8999')] })
    expect(app.outbox.counts().waiting).toBe(1)
  })

  it('of a ring that was left when the app closed still wait after a restart', async () => {
    const [a, b] = neighbours(2) as [ReturnType<typeof neighbours>[0], ReturnType<typeof neighbours>[0]]
    app.outbox.save({ changes: [give(a, b.extension), give(b, a.extension)] })
    const again = realOutbox({ store, ...server, callsPerSecond: 100 })
    await again.signIn()
    await again.outbox.start()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(again.outbox.window({ start: 0, count: 10 }).rows.map(({ swaps }) => swaps)).toEqual([
      ['extension'],
      ['extension'],
    ])
    expect(server.truth.wire().filter(({ method }) => method === 'PUT')).toEqual([])
    await again.outbox.stop()
  })
})
