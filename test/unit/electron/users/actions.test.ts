import { expect, it } from 'vitest'
import { type ActionsDeps, createActions } from '../../../../electron/features/users/actions'
import { systemClock } from '../../../../electron/platform/clock'
import type { UserRecord } from '../../../../shared/user/types'
import { connect, password, type Reply, session, smallServer } from '../odin/small-server'

const key = { serviceProviderId: 'sp', groupId: 'grp', userId: 'a@x' }
const as = { connectionId: 'c1', origin: 'https://odin.example/api/v2', account: 'admin' }
const detail = (more: object) => ({
  ...key,
  firstName: 'A',
  lastName: 'B',
  language: 'English',
  timeZone: 'UTC',
  isEnterprise: false,
  ...more,
})

/** Real calls to a server that has the users given; what stands in history in the end. */
async function act(
  put: Reply,
  people: readonly object[],
  run: (actions: ReturnType<typeof createActions>) => Promise<unknown>,
  alternates: readonly Reply[] = [],
) {
  const server = await smallServer()
  let reads = 0
  server.routes['GET /users/alternate-user-id'] = () => alternates[reads++] ?? { text: '' }
  const sent: unknown[] = []
  server.routes['PUT /users/alternate-user-id'] = ({ body }) => {
    sent.push(body)
    return put
  }
  for (const path of ['user-id', 'group-id', 'passwords']) server.routes[`PUT /users/${path}`] = () => put
  server.routes['GET /users'] = ({ url }) => {
    const wanted = new URL(url, 'http://x').searchParams.get('userId')
    return { json: people.find((one) => (one as UserRecord['key']).userId === wanted) ?? [] }
  }
  const { client } = connect(server.url)
  await client.signIn(session.userId, password)
  const settled: { outcome: string }[] = []
  const deps = {
    history: { append: () => {}, settle: (_id: string, how: { outcome: string }) => settled.push(how) },
    directory: { row: () => undefined, replaced: async () => {}, details: async () => {} },
    clock: systemClock(),
    random: { id: () => 'h1' },
    present: () => ({ ...as, client }),
    unsent: () => 0,
    hideSecret: () => {},
    changed: () => {},
  } as unknown as ActionsDeps
  const failed = await run(createActions(deps)).then(
    () => undefined,
    (error: Error) => error.message,
  )
  return { outcome: settled[0]?.outcome, failed, ...(alternates.length > 0 && { sent: sent.length }) }
}

const nothing: Reply = { text: '' }
const page: Reply = { text: '<html>Log in</html>' }
const strangers: readonly Reply[] = [
  page,
  { json: { message: 'Forbidden' } },
  { json: { status: 'UP' } },
  { json: { userId: 'b@x' } },
]

const rename = (actions: ReturnType<typeof createActions>) => actions.rename(as, key, 'new@x')
const move = (actions: ReturnType<typeof createActions>) => actions.move(as, key, 'other')

it('a rename is done when the user is found under the new id, whatever answered', async () => {
  for (const put of [nothing, ...strangers]) {
    expect(await act(put, [detail({ userId: 'new@x' })], rename)).toEqual({
      outcome: 'done',
      failed: undefined,
    })
    // Still under the old one, or nowhere.
    for (const people of [[detail({})], []]) {
      expect(await act(put, people, rename)).toEqual({ outcome: 'unknown', failed: expect.any(String) })
    }
  }
})

it('a move is done when the user is in the new group, whatever answered', async () => {
  for (const put of [{ json: detail({ groupId: 'other' }) }, nothing, ...strangers]) {
    const there = [detail({ groupId: 'other' })]
    expect(await act(put, there, move)).toEqual({ outcome: 'done', failed: undefined })
    expect(await act(put, [detail({})], move)).toMatchObject({ outcome: 'unknown' })
  }
})

it('a password, which nobody can read, is changed only by an answer of the API', async () => {
  const set = (actions: ReturnType<typeof createActions>) => actions.setPassword(as, key, 'Secret-1')
  for (const put of [nothing, { json: {} }, { json: [] }, { json: { userId: 'A@X' } }])
    expect(await act(put, [], set)).toMatchObject({ outcome: 'done' })
  for (const put of strangers) expect(await act(put, [], set)).toMatchObject({ outcome: 'unknown' })
})

it('alternate ids are set when they are read back, whatever answered, and never over a list that nobody saw', async () => {
  const [old, mine] = [{ alternateUserId: 'old@x' }, { alternateUserId: 'mine@x', description: 'Desk' }]
  const listed = (...ids: readonly { alternateUserId: string; description?: string }[]): Reply => ({
    json: {
      userId: 'a@x',
      users: ids.map(({ alternateUserId, ...more }) => ({ userId: alternateUserId, ...more })),
    },
  })
  const set = (actions: ReturnType<typeof createActions>) => actions.setAlternateIds(as, key, [mine], [old])
  for (const put of [nothing, ...strangers]) {
    expect(await act(put, [], set, [listed(old), listed(mine)])).toEqual({
      outcome: 'done',
      failed: undefined,
      sent: 1,
    })
    // As before, somebody else's answer, or a third list.
    for (const after of [listed(old), { json: { userId: 'b@x', users: [] } }, page, listed(old, mine)]) {
      expect(await act(put, [], set, [listed(old), after])).toEqual({
        outcome: 'unknown',
        failed: expect.any(String),
        sent: 1,
      })
    }
  }
  for (const before of [listed(), listed(old, mine), page]) {
    expect(await act(nothing, [], set, [before])).toEqual({
      outcome: undefined,
      failed: expect.any(String),
      sent: 0,
    })
  }
})
