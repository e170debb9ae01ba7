import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ANA, sendBytes, signIn, start, type Thing } from './support'

describe('hostile calls', () => {
  it('answers malformed bodies with an error', async () => {
    const server = await start()
    const admin = await signIn(server)
    const before = server.truth.user(ANA)
    for (const body of [
      '{',
      '[]',
      '"text"',
      '17',
      'true',
      '{"userId":',
      `{"userId":"${ANA}",}`,
      '\u0000',
      '<xml/>',
    ]) {
      const reply = await admin.put('/users', body)
      expect(reply.status, body).toBe(400)
      expect(reply.json, body).toMatchObject({ status: 400, error: expect.any(String) })
    }
    expect(server.truth.user(ANA)).toEqual(before)
  })

  it('does not take more than 2 MB, nor deep nests', async () => {
    const server = await start()
    const admin = await signIn(server)
    const huge = await admin.put('/users', JSON.stringify({ userId: ANA, title: 'x'.repeat(10_000_000) }))
    expect(huge).toMatchObject({ status: 413, json: { status: 413, error: 'Payload Too Large' } })
    const deep = await admin.put(
      '/users/bulk',
      `{"users":[],"data":{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}}`,
    )
    expect(deep.status).toBe(400)
    expect((await admin.get('/auth/session')).status).toBe(200)
  })

  it('reads only own keys', async () => {
    const server = await start()
    const admin = await signIn(server)
    const inherited = await admin.put('/users', `{"__proto__":{"userId":"${ANA}","title":"Polluted"}}`)
    expect(inherited.status).toBe(400)
    const mixed = await admin.put(
      '/users',
      `{"userId":"${ANA}","__proto__":{"title":"Polluted"},"constructor":{"prototype":{"x":1}},"address":{"__proto__":{"city":"Polluted"}}}`,
    )
    expect(mixed.status).toBe(200)
    expect(JSON.stringify(server.truth.user(ANA))).not.toContain('Polluted')
    expect(({} as Thing).title).toBeUndefined()
    const echo = await admin.put('/users/bulk', '{"users":[],"data":{"__proto__":{"x":1}}}')
    expect(echo.text).toBe('{"users":[],"data":{"__proto__":{"x":1}}}')
    for (const userId of ['__proto__', 'constructor', 'toString']) {
      expect((await admin.get(`/users?userId=${userId}`)).status).toBe(404)
    }
  })

  it('survives odd targets and broken requests', async () => {
    const server = await start()
    const { host } = new URL(server.baseUrl)
    for (const target of [
      '//',
      '/api/v2',
      '/api/v2/%ff%00',
      '/api/v2/users?userId=%',
      '/api/v2/../users',
      'http://x/api/v2/users',
      '/api/v2/__proto__',
    ]) {
      const { status } = await sendBytes(server, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      expect(status, target).toBeGreaterThanOrEqual(400)
      expect(status, target).toBeLessThan(500)
    }
    expect((await sendBytes(server, 'NONSENSE\r\n\r\n').catch(() => ({ status: 400 }))).status).toBe(400)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(server.baseUrl).port), '127.0.0.1', () => {
        socket.write(`PUT /api/v2/users HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\n\r\n{"userId"`)
        setTimeout(() => socket.destroy(), 50)
      })
      socket.on('close', () => resolve())
    })
    await signIn(server)
  })

  it('gives up a list whose reader has gone', async () => {
    const server = await start({ users: 100_000 })
    const admin = await signIn(server)
    const aborted = new AbortController()
    const gone = fetch(`${server.baseUrl}/users?extended=true`, {
      headers: { Authorization: `Bearer ${admin.token}` },
      signal: aborted.signal,
    }).then((response) => response.body?.getReader().read())
    await gone
    aborted.abort()
    expect((await admin.get('/auth/session')).status).toBe(200)
  })

  it('answers any JSON with JSON, and keeps every user well formed', async () => {
    const server = await start()
    const admin = await signIn(server)
    const field = fc.constantFrom(
      'lastName',
      'title',
      'extension',
      'phoneNumber',
      'department',
      'address',
      'aliases',
      'alternateUserId',
      'endpointType',
      'accessDeviceEndpoint',
      'trunkAddressing',
      'contacts',
      'nameDialingName',
      'impId',
      'newPassword',
      'language',
      'emailAddress',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(field, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 }),
        async (changes) => {
          const reply = await admin.put('/users', JSON.stringify({ ...changes, userId: ANA }))
          expect([200, 400]).toContain(reply.status)
          expect(reply.json).toBeTypeOf('object')
          const user = (await admin.get(`/users?userId=${ANA}`)).json
          expect(user).toMatchObject({
            userId: ANA,
            lastName: expect.any(String),
            aliases: expect.any(Array),
          })
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a big list', () => {
  it('is made while it is sent, and other calls are answered meanwhile', async () => {
    const server = await start({ users: 50_000 })
    const admin = await signIn(server)
    let done = false
    const list = admin.get('/users?extended=true').finally(() => {
      done = true
    })
    let answered = 0
    while (!done) {
      await admin.get(`/users?userId=${ANA}`)
      if (!done) answered += 1
    }
    expect((await list).json).toHaveLength(50_000)
    expect(answered).toBeGreaterThan(10)
  })
})
