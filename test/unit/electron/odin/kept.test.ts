import { expect, it } from 'vitest'
import { isKept } from '../../../../electron/odin/kept'
import { connect, password, smallServer } from './small-server'

const kept: Record<string, string>[] = [
  { age: '1' },
  { age: '86400' },
  { warning: '110 - "Response is stale"' },
  { warning: '199 - "x", 112 - "Disconnected operation"' },
  { 'x-cache': 'HIT' },
  { 'x-cache': 'HIT from proxy.corp' },
  { 'x-cache': 'TCP_HIT' },
  { 'x-cache': 'MISS, HIT' },
  { 'x-cache-status': 'STALE' },
  { 'cf-cache-status': 'HIT' },
  { 'cache-status': 'edge; hit; ttl=30' },
]
const user = {
  serviceProviderId: 'sp',
  groupId: 'g',
  userId: 'a@x',
  firstName: 'A',
  lastName: 'Old',
  language: 'English',
  timeZone: 'UTC',
  isEnterprise: false,
}

it('knows a copy by its age, warnings and caches', () => {
  for (const headers of kept) expect(isKept(headers), JSON.stringify(headers)).toBe(true)
  const fresh = [{}, { age: '0' }, { age: 'x' }, { warning: '214 - "x"' }, { 'x-cache': 'MISS' }]
  for (const headers of [...fresh, { 'cf-cache-status': 'DYNAMIC' }, { 'x-cache': 'White' }])
    expect(isKept(headers as Record<string, string>)).toBe(false)
})

it.each(kept)(
  'a copy with %j is no read: it is asked in a way that nobody has a copy of',
  async (headers) => {
    const server = await smallServer()
    const { client } = connect(server.url)
    await client.signIn('admin', password)
    server.routes['GET /users'] = ({ url }) =>
      url.includes('_=') ? { json: { ...user, lastName: 'New' } } : { headers, json: user }
    expect(await client.user('a@x')).toMatchObject({ ok: true, value: { fields: { lastName: 'New' } } })
    expect(await client.user('a@x')).toMatchObject({ ok: true, value: { fields: { lastName: 'New' } } })
    const asked = server.calls().filter((call) => call.includes('_='))
    expect(new Set(asked).size).toBe(2)
    // Whoever keeps everything is not believed at all, whatever the status; and not asked without end.
    for (const status of [200, 401, 404]) {
      server.seen.length = 0
      server.routes['GET /users'] = () => ({
        status,
        headers,
        json: status === 200 ? user : { status, error: 'No' },
      })
      expect(await client.user('a@x')).toMatchObject({
        error: { kind: 'unknown', cause: 'kept', foreign: true },
      })
      expect(server.calls()).toHaveLength(2)
    }
  },
)
