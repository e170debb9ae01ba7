import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import {
  connect,
  movableClock,
  password,
  patientClock,
  type Route,
  session,
  smallServer,
  token,
  watchedHttp,
} from './small-server'

const user = {
  serviceProviderId: 'sp',
  groupId: 'g',
  userId: 'a@x',
  lastName: 'A',
  firstName: 'B',
  isEnterprise: false,
  language: 'English',
  timeZone: 'UTC',
}
const body = { serviceProviderId: 'sp', groupId: 'g', userId: 'a@x', title: 'T' }

async function signedIn(options: Parameters<typeof connect>[1] = {}, life?: number) {
  const server = await smallServer(life)
  server.routes['GET /users'] = () => ({ json: user })
  server.routes['PUT /users'] = () => ({ json: { ...user, title: 'T' } })
  const parts = connect(server.url, options)
  const result = await parts.client.signIn('admin', password)
  expect(result.ok).toBe(true)
  server.seen.length = 0
  return { server, ...parts }
}

describe('signing in', () => {
  it('sends name and password once, without an old bearer, and gives the session', async () => {
    const { client, server } = await signedIn()
    const again = await client.signIn('admin', password)
    expect(again).toMatchObject({
      ok: true,
      value: { userId: 'admin', loginType: 'System', policy: {} },
      raw: '',
    })
    if (again.ok) expect(again.value.expiresAt).toBeGreaterThan(Date.now() / 1000)
    expect(client.session()).toMatchObject({ userId: 'admin' })
    expect(server.calls()).toEqual(['POST /auth/token'])
    expect(server.seen[0]?.headers.authorization).toBeUndefined()
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ username: 'admin', password })
  })

  it('reads the session where the answer is only a token', async () => {
    const server = await smallServer()
    const mine = token()
    server.tokens.add(mine)
    server.routes['POST /auth/token'] = () => ({ json: { token: mine } })
    server.routes['GET /auth/session'] = () => ({ json: { ...session, loginType: 'Group', groupId: 'g' } })
    const { client } = connect(server.url)
    expect(await client.signIn('admin', password)).toMatchObject({
      value: { loginType: 'Group', groupId: 'g' },
    })
    expect(server.calls()).toEqual(['POST /auth/token', 'GET /auth/session'])
    expect(server.seen[1]?.headers.authorization).toBe(`Bearer ${mine}`)
  })

  it('makes do with the token where the server has no session call, and with nothing where it is forbidden', async () => {
    const server = await smallServer()
    server.routes['POST /auth/token'] = () => {
      const mine = token()
      server.tokens.add(mine)
      return { json: { token: mine } }
    }
    delete server.routes['GET /auth/session']
    const { client } = connect(server.url)
    expect(await client.signIn('admin', password)).toMatchObject({
      ok: true,
      value: { userId: 'admin', loginType: '' },
    })
    server.routes['GET /auth/session'] = () => ({ status: 403, json: { status: 403, error: 'no' } })
    expect(await client.signIn('admin', password)).toMatchObject({
      ok: false,
      error: { kind: 'forbidden', cause: 'not-permitted' },
    })
    expect(client.session()).toBeUndefined()
  })

  it.each([
    [401, { error: '[Error 4962] Invalid password' }, 'unauthorized', 'wrong-password'],
    [401, { error: 'Unauthenticated.' }, 'unauthorized', 'wrong-password'],
    [400, { error: '[Error 4962] Invalid userId or password.' }, 'unauthorized', 'wrong-password'],
    [401, { error: '[Error 5202] Account is disabled.' }, 'unauthorized', 'account-disabled'],
    [401, { error: 'Account is disabled.' }, 'unauthorized', 'account-disabled'],
    [402, { error: 'Password Expired' }, 'password-expired', 'password-expired'],
    [403, { error: 'No' }, 'forbidden', 'not-permitted'],
    [200, { userId: 'admin' }, 'unknown', 'no-token'],
    [200, { token: 'a b' }, 'unknown', 'no-token'],
    [500, { error: 'x' }, 'unknown', 'server-error'],
  ])('tells %i %j apart: %s, %s', async (status, json, kind, cause) => {
    const server = await smallServer()
    server.routes['POST /auth/token'] = () => ({
      status,
      json: 'error' in json ? { status, ...json } : json,
    })
    const { client } = connect(server.url)
    expect(await client.signIn('admin', 'wrong')).toMatchObject({ ok: false, error: { kind, cause } })
    expect(client.session()).toBeUndefined()
  })

  it('sends nothing before it, and nothing after the password was refused', async () => {
    const server = await smallServer()
    const { client } = connect(server.url)
    expect(await client.user('a@x')).toMatchObject({ ok: false, error: { kind: 'not-signed-in' } })
    await client.signIn('admin', 'wrong')
    for (let n = 0; n < 5; n++) {
      expect(await client.putUser(body)).toMatchObject({
        ok: false,
        error: { kind: 'not-signed-in', cause: 'wrong-password' },
      })
    }
    expect(server.calls()).toEqual(['POST /auth/token'])
  })

  it('that failed for want of a server is tried again by the next call', async () => {
    const server = await smallServer()
    const login = server.routes['POST /auth/token']
    server.routes['POST /auth/token'] = () => 'reset'
    server.routes['GET /users'] = () => ({ json: user })
    const { client } = connect(server.url)
    expect(await client.signIn('admin', password)).toMatchObject({ ok: false, error: { kind: 'unknown' } })
    expect(await client.putUser(body)).toMatchObject({
      ok: false,
      error: { kind: 'not-sent', cause: 'reset' },
    })
    if (login !== undefined) server.routes['POST /auth/token'] = login
    expect(await client.user('a@x')).toMatchObject({ ok: true })
  })

  it('writes neither password nor token anywhere but on the wire', async () => {
    const { server, client, log } = await signedIn()
    const mine = [...server.tokens]
    server.routes['GET /users'] = ({ headers }) => ({
      status: 500,
      json: { error: `trace: ${headers.authorization} ${password}` },
    })
    server.routes['POST /auth/token'] = ({ body: echo }) => ({
      status: 400,
      json: { status: 400, error: `bad ${echo}` },
    })
    const results = [await client.user('a@x'), await client.signIn('admin', `${password}/2`)]
    const told = JSON.stringify([results, log.lines])
    for (const secret of [...mine, `${password}/2`, `${password}\\\\/2`]) expect(told).not.toContain(secret)
    expect(results[0]).toMatchObject({ error: { text: expect.stringContaining('Bearer •••') } })
  })
})

describe('a sign-in that ends', () => {
  it('is renewed once for all waiting calls; reads are repeated', async () => {
    const { server, client } = await signedIn()
    server.tokens.clear()
    const results = await Promise.all(Array.from({ length: 8 }, () => client.user('a@x')))
    expect(results.every(({ ok }) => ok)).toBe(true)
    expect(server.calls().filter((call) => call === 'POST /auth/token')).toHaveLength(1)
    expect(client.session()).toBeDefined()
  })

  it('a write is not repeated: it is reported as not done, and may be sent again', async () => {
    const { server, client } = await signedIn()
    server.tokens.clear()
    const first = await client.putUser(body)
    expect(first).toMatchObject({ ok: false, error: { kind: 'unauthorized', cause: 'signed-in-again' } })
    expect(server.calls()).toEqual(['PUT /users', 'POST /auth/token'])
    expect(await client.putUser(body)).toMatchObject({ ok: true })
  })

  it('asks for a person when the password no longer works, and never offers it again', async () => {
    const { server, client } = await signedIn()
    server.tokens.clear()
    server.routes['POST /auth/token'] = () => ({
      status: 401,
      json: { error: '[Error 4962] Invalid password' },
    })
    const [read, write] = await Promise.all([client.user('a@x'), client.putUser(body)])
    expect(read).toMatchObject({ ok: false, error: { cause: 'wrong-password' } })
    expect(write).toMatchObject({ ok: false, error: { kind: 'unauthorized', cause: 'wrong-password' } })
    expect(client.session()).toBeUndefined()
    expect(await client.user('a@x')).toMatchObject({
      error: { kind: 'not-signed-in', cause: 'wrong-password' },
    })
    expect(server.calls().filter((call) => call === 'POST /auth/token')).toHaveLength(1)
  })

  it('says that the password is not kept, when it is not', async () => {
    const { server, client } = await signedIn({ credentials: async () => undefined })
    server.tokens.clear()
    expect(await client.user('a@x')).toMatchObject({
      error: { kind: 'not-signed-in', cause: 'password-not-kept' },
    })
    expect(server.calls()).toEqual(['GET /users?userId=a%40x'])
  })

  it('does not go round in circles with a server that refuses its own tokens', async () => {
    const { server, client } = await signedIn()
    server.routes['GET /users'] = () => ({ status: 401, json: { status: 401, error: 'Unauthenticated.' } })
    for (let n = 0; n < 5; n++) {
      // The sign-in is good for other calls, so it is this one that the account may not make.
      expect(await client.user('a@x')).toMatchObject({ ok: false, error: { cause: 'refused-again' } })
    }
    expect(server.calls().filter((call) => call === 'POST /auth/token')).toHaveLength(1)
  })

  it('a write that waited too long for the next one is not sent', async () => {
    const { server, client } = await signedIn()
    const login = server.routes['POST /auth/token']
    let answer = (): void => {}
    server.routes['POST /auth/token'] = async (seen) => {
      await new Promise<void>((resolve) => {
        answer = resolve
      })
      return (await login?.(seen)) ?? 'reset'
    }
    server.tokens.clear()
    const read = client.user('a@x')
    await vi.waitFor(() => expect(server.calls().at(-1)).toBe('POST /auth/token'))
    let mayStart = true
    const write = client.putUser(body, { mayStart: () => mayStart })
    await turn()
    mayStart = false
    answer()
    expect(await write).toMatchObject({ ok: false, error: { kind: 'not-sent', cause: 'too-late' } })
    expect((await read).ok).toBe(true)
    expect(server.calls()).not.toContain('PUT /users')
  })

  it('that ends twice within moments is no refusal of the one call: a look from before the second says nothing', async () => {
    const { server, client } = await signedIn()
    server.tokens.clear()
    expect((await client.user('a@x')).ok).toBe(true)
    let answer = (): void => {}
    let asked = (): void => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    server.routes['GET /auth/session'] = () => {
      asked()
      return new Promise((resolve) => {
        answer = () => resolve({ json: session })
      })
    }
    const look = client.checkSession()
    await isAsked
    server.tokens.clear()
    const write = client.putUser(body)
    await vi.waitFor(() => expect(server.calls().at(-1)).toBe('PUT /users'))
    await turn()
    answer()
    await look
    expect(await write).toMatchObject({ ok: false, error: { kind: 'unauthorized' } })
  })

  it('asks a person when the server refuses everything but the sign-in', async () => {
    const clock = movableClock()
    const { server, client } = await signedIn({ clock })
    const refuse = () => ({ status: 401, json: { status: 401, error: 'Unauthenticated.' } })
    server.routes['GET /users'] = refuse
    server.routes['GET /auth/session'] = refuse
    for (let n = 0; n < 40; n++) {
      clock.move(20_000)
      expect((await client.user('a@x')).ok).toBe(false)
    }
    expect(server.calls().filter((call) => call === 'POST /auth/token').length).toBeLessThanOrEqual(2)
    expect(client.session()).toBeUndefined()
  })

  it('is not ended by a web page, whatever its status', async () => {
    const { server, client } = await signedIn()
    server.tokens.clear()
    const signIn = server.routes['POST /auth/token']
    const page = {
      status: 401,
      text: '<html>Log in to the network</html>',
      headers: { 'content-type': 'text/html' },
    }
    server.routes['POST /auth/token'] = () => page
    expect(await client.user('a@x')).toMatchObject({ error: { kind: 'unknown', cause: 'html' } })
    // The page has gone, and whoever is there now speaks as the API does.
    if (signIn) server.routes['POST /auth/token'] = signIn
    expect(await client.revive()).toMatchObject({ ok: true })
    expect((await client.user('a@x')).ok).toBe(true)
  })

  it('is not offered for ever to whoever answers with a page', async () => {
    const { server, client } = await signedIn()
    server.tokens.clear()
    server.routes['POST /auth/token'] = () => ({ status: 401, text: '' })
    for (let n = 0; n < 6; n++) expect((await client.revive()).ok).toBe(false)
    expect(server.calls().filter((call) => call === 'POST /auth/token')).toHaveLength(2)
  })

  it('is mended once for all who need it, a look and calls alike', async () => {
    const { server, client } = await signedIn()
    server.tokens.clear()
    const [look, ...reads] = await Promise.all([client.revive(), client.user('a@x'), client.user('a@x')])
    expect([look.ok, ...reads.map(({ ok }) => ok)]).toEqual([true, true, true])
    expect(server.calls().filter((call) => call === 'POST /auth/token')).toHaveLength(1)
  })

  it('waits while the keychain does not answer, and is not given up', async () => {
    let locked = true
    const { server, client } = await signedIn({
      credentials: async () => {
        if (locked) throw new Error('locked')
        return password
      },
    })
    server.tokens.clear()
    expect(await client.revive()).toMatchObject({ error: { kind: 'not-sent', cause: 'keychain' } })
    locked = false
    expect((await client.revive()).ok).toBe(true)
  })

  it('sends nothing and reads no password any more once it is closed', async () => {
    let asked = 0
    const { clock, waiting, pass } = patientClock()
    const { http, sent } = watchedHttp()
    const { server, client } = await signedIn({
      clock,
      http,
      credentials: async () => {
        asked++
        return password
      },
    })
    const before = sent()
    expect(waiting()).toHaveLength(1)
    client.close()
    while (pass() !== undefined) await turn()
    expect((await client.user('a@x')).ok).toBe(false)
    expect((await client.revive()).ok).toBe(false)
    await client.signOut()
    expect([server.calls(), sent() - before, asked]).toEqual([[], 0, 0])
  })

  it('sends nothing while working offline, not even to keep a sign-in alive', async () => {
    let mayCall = true
    let asked = 0
    const { clock, pass } = patientClock()
    const { http, sent } = watchedHttp()
    const { server, client } = await signedIn({
      clock,
      http,
      mayCall: () => mayCall,
      credentials: async () => {
        asked++
        return password
      },
    })
    const before = sent()
    mayCall = false
    expect(pass()).toBeGreaterThan(0)
    await turn()
    expect(await client.user('a@x')).toMatchObject({ error: { cause: 'work-offline' } })
    expect(await client.revive()).toMatchObject({ error: { cause: 'work-offline' } })
    await client.signOut()
    expect([server.calls(), sent() - before, asked]).toEqual([[], 0, 0])
  })

  it('keeps waiting work from one account out of the next', async () => {
    const { server, client } = await signedIn({ callsPerSecond: 1 })
    await client.user('a@x')
    const late = client.putUser(body)
    await turn()
    void client.signIn('someone-else', password)
    expect(await late).toMatchObject({ ok: false, error: { kind: 'not-signed-in' } })
    expect(server.calls()).not.toContain('PUT /users')
  })
})

describe('a token’s life', () => {
  it('is renewed when less than a tenth is left, by the server’s clock and ours', async () => {
    const clock = movableClock()
    const { server, client } = await signedIn({ clock }, 1000)
    const before = client.session()?.expiresAt
    clock.move(890_000)
    await client.user('a@x')
    expect(server.calls()).toEqual(['GET /users?userId=a%40x'])
    clock.move(20_000)
    await Promise.all([client.user('a@x'), client.user('a@x'), client.putUser(body)])
    expect(server.calls().filter((call) => call === 'PUT /auth/token')).toHaveLength(1)
    expect(server.calls().indexOf('PUT /auth/token')).toBe(1)
    const bearers = new Set(server.seen.slice(2).map(({ headers }) => headers.authorization))
    expect(bearers.size).toBe(1)
    expect(bearers.has(server.seen[1]?.headers.authorization)).toBe(false)
    expect(client.session()?.expiresAt).toBeGreaterThanOrEqual(before ?? 0)
  })

  it('does not depend on what year this computer thinks it is', async () => {
    const clock = movableClock()
    const { server, client } = await signedIn({ clock: { ...clock, wall: () => 0 } }, 1000)
    await client.user('a@x')
    clock.move(910_000)
    await client.user('a@x')
    expect(server.calls().filter((call) => call === 'PUT /auth/token')).toHaveLength(1)
  })

  it('is kept up while nobody calls', async () => {
    const { clock, waiting, pass } = patientClock()
    const { server, client } = await signedIn({ clock, credentials: async () => undefined }, 1000)
    expect(pass()).toBeLessThan(1_000_000)
    await expect.poll(waiting, { timeout: 60_000 }).toHaveLength(1)
    expect(server.calls()).toEqual(['PUT /auth/token'])
    await client.signOut()
    expect(waiting()).toEqual([])
  })

  it('goes on with the old token when a refresh fails, and does not ask again at once', async () => {
    const clock = movableClock()
    const { server, client } = await signedIn({ clock }, 1000)
    server.routes['PUT /auth/token'] = () => ({ status: 500, text: 'oops' })
    clock.move(910_000)
    for (let n = 0; n < 3; n++) expect(await client.user('a@x')).toMatchObject({ ok: true })
    expect(server.calls().filter((call) => call === 'PUT /auth/token')).toHaveLength(1)
    clock.move(31_000)
    await client.user('a@x')
    expect(server.calls().filter((call) => call === 'PUT /auth/token')).toHaveLength(2)
  })

  it('signs in with the password when the refresh is refused, or the life is over', async () => {
    const clock = movableClock()
    const { server, client } = await signedIn({ clock }, 1000)
    server.routes['PUT /auth/token'] = () => ({ status: 401, json: { status: 401, error: 'expired' } })
    clock.move(910_000)
    expect(await client.putUser(body)).toMatchObject({ ok: true })
    expect(server.calls()).toEqual(['PUT /auth/token', 'POST /auth/token', 'PUT /users'])
    clock.move(2_000_000)
    expect(await client.putUser(body)).toMatchObject({ ok: true })
    expect(server.calls().slice(3)).toEqual(['POST /auth/token', 'PUT /users'])
  })
})

describe('403', () => {
  it('with [Error 4003] is a missing right, and nothing else is asked', async () => {
    const { server, client } = await signedIn()
    server.routes['PUT /users'] = () => ({
      status: 403,
      json: { error: '[Error 4003] Unauthorized request: UserModifyRequest22' },
    })
    expect(await client.putUser(body)).toMatchObject({ error: { kind: 'forbidden', code: '4003' } })
    expect(server.calls()).toEqual(['PUT /users'])
  })

  it('without it is a missing right if the session lives', async () => {
    const { server, client } = await signedIn()
    server.routes['PUT /users'] = () => ({ status: 403, json: { status: 403, error: 'Forbidden' } })
    expect(await client.putUser(body)).toMatchObject({
      error: { kind: 'forbidden', cause: 'forbidden', text: 'Forbidden' },
    })
    expect(server.calls()).toEqual(['PUT /users', 'GET /auth/session'])
    expect(client.session()).toBeDefined()
  })

  it('without it is the end of the session if that is gone', async () => {
    const { server, client } = await signedIn()
    let ended = true
    const denied = { status: 403, json: { status: 403, error: 'Forbidden' } }
    server.routes['GET /users'] = () => (ended ? denied : { json: user })
    server.routes['GET /auth/session'] = () => {
      ended = false
      return { status: 401, json: { status: 401, error: 'Unauthenticated.' } }
    }
    expect(await client.user('a@x')).toMatchObject({ ok: true })
    expect(server.calls()).toEqual([
      'GET /users?userId=a%40x',
      'GET /auth/session',
      'POST /auth/token',
      'GET /users?userId=a%40x',
    ])
  })

  it('is not repeated by itself where it was decided upon just before: it may not be wanted any more', async () => {
    const { server, client } = await signedIn()
    server.tokens.clear()
    const turn = { write: async () => {}, giveBack: () => {} }
    expect(await client.user('a@x', { turn })).toMatchObject({
      ok: false,
      error: { kind: 'unauthorized', cause: 'signed-in-again' },
    })
    expect(server.calls()).toEqual(['GET /users?userId=a%40x', 'POST /auth/token'])
  })

  it('does not wait for a sign-in that is under way where it was decided upon just before', async () => {
    const { server, client } = await signedIn()
    server.tokens.clear()
    let answer = (): void => {}
    const answered = new Promise<void>((resolve) => (answer = resolve))
    const signIn = server.routes['POST /auth/token']
    server.routes['POST /auth/token'] = async (request) => {
      await answered
      return signIn?.(request) ?? 'reset'
    }
    const first = client.user('a@x')
    await expect.poll(() => server.calls()).toContain('POST /auth/token')
    let givenBack = 0
    const turn = { write: async () => {}, giveBack: () => givenBack++ }
    expect(await client.putUser(body, { turn })).toMatchObject({
      ok: false,
      error: { kind: 'not-sent', cause: 'signing-in' },
    })
    expect(givenBack).toBe(1)
    answer()
    await first
    expect(server.calls().filter((call) => call.startsWith('PUT'))).toEqual([])
    expect(await client.putUser(body, { turn })).toMatchObject({ ok: true })
  })

  it('stays open when the session cannot be asked', async () => {
    const { server, client } = await signedIn()
    server.routes['PUT /users'] = () => ({ status: 403, json: { status: 403, error: 'Forbidden' } })
    server.routes['GET /auth/session'] = () => 'reset'
    expect(await client.putUser(body)).toMatchObject({ error: { kind: 'forbidden-or-signed-out' } })
  })

  it('checkSession answers for itself', async () => {
    const { server, client } = await signedIn()
    expect(await client.checkSession()).toMatchObject({ ok: true, value: { userId: 'admin' } })
    server.tokens.clear()
    expect(await client.checkSession()).toMatchObject({ ok: false, error: { kind: 'unauthorized' } })
  })
})

describe('an expired password', () => {
  const expired = async (answer: 'session' | 'nothing' | 'refusal' | 'reset') => {
    const server = await smallServer()
    const login = server.routes['POST /auth/token']
    server.routes['POST /auth/token'] = (seen) =>
      JSON.parse(seen.body).password === 'old'
        ? { status: 402, json: { status: 402, error: 'Password Expired' } }
        : (login?.(seen) ?? 'reset')
    server.routes['PUT /auth/token/password'] = () => {
      if (answer === 'reset') return 'reset'
      if (answer === 'refusal')
        return { status: 400, json: { status: 400, error: `Password must not be old. new-${password}` } }
      if (answer === 'nothing') return { text: '' }
      const mine = token()
      server.tokens.add(mine)
      return { json: { token: mine, ...session } }
    }
    const parts = connect(server.url)
    expect(await parts.client.signIn('admin', 'old')).toMatchObject({ error: { kind: 'password-expired' } })
    return { server, ...parts }
  }

  it('is changed without a bearer, and signs in', async () => {
    const { server, client } = await expired('session')
    expect(await client.changeExpiredPassword('old', password)).toMatchObject({ ok: true })
    expect(client.session()).toBeDefined()
    expect(server.calls()).toEqual(['POST /auth/token', 'PUT /auth/token/password'])
    expect(server.seen[1]?.headers.authorization).toBeUndefined()
    expect(JSON.parse(server.seen[1]?.body ?? '')).toEqual({
      userId: 'admin',
      oldPassword: 'old',
      newPassword: password,
    })
  })

  it('is followed by a sign-in where the answer is empty', async () => {
    const { server, client } = await expired('nothing')
    expect(await client.changeExpiredPassword('old', password)).toMatchObject({ ok: true })
    expect(server.calls().at(-1)).toBe('POST /auth/token')
  })

  it('keeps the reason of a refusal, without the password', async () => {
    const { client } = await expired('refusal')
    const result = await client.changeExpiredPassword('old', `new-${password}`)
    expect(result).toMatchObject({ ok: false, error: { kind: 'refused' } })
    expect(JSON.stringify(result)).not.toContain(password)
  })

  it('says what to try when the answer is lost', async () => {
    const { server, client } = await expired('reset')
    expect(await client.changeExpiredPassword('old', password)).toMatchObject({
      error: { kind: 'unknown', next: expect.stringContaining('new password') },
    })
    expect(server.calls()).toEqual(['POST /auth/token', 'PUT /auth/token/password'])
  })
})

describe('signing out', () => {
  it('tells the server, forgets the token even if that fails, and sends nothing more', async () => {
    const { server, client } = await signedIn()
    const [mine] = server.tokens
    server.routes['POST /auth/token/logout'] = () => 'reset'
    await client.signOut()
    expect(server.calls()).toEqual(['POST /auth/token/logout'])
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ token: mine })
    expect(client.session()).toBeUndefined()
    expect(await client.user('a@x')).toMatchObject({ error: { kind: 'not-signed-in' } })
    await client.signOut()
    expect(server.calls()).toHaveLength(1)
  })

  it('is not undone by a renewal that was under way', async () => {
    const { http, open } = watchedHttp()
    const { server, client } = await signedIn({ http })
    const login = server.routes['POST /auth/token']
    server.tokens.clear()
    let answers = (): void => {}
    const held = new Promise<void>((resolve) => {
      answers = resolve
    })
    let hasCome = false
    server.routes['POST /auth/token'] = async (seen) => {
      hasCome = true
      await held
      return login?.(seen) ?? 'reset'
    }
    const reading = client.user('a@x')
    await expect.poll(() => hasCome, { timeout: 60_000 }).toBe(true)
    await client.signOut()
    answers()
    expect(await reading).toMatchObject({ ok: false })
    await expect.poll(open, { timeout: 60_000 }).toBe(0)
    await turn()
    expect(client.session()).toBeUndefined()
  })
})

describe('another account', () => {
  const other = { ...session, userId: 'mallory' }

  it('is not signed in under this one’s name, and nothing is sent with its token', async () => {
    const server = await smallServer()
    const mixed = server.routes['POST /auth/token'] as Route
    server.routes['POST /auth/token'] = async (seen) => ({
      json: { ...((await mixed(seen)) as { json: object }).json, ...other },
    })
    const { client } = connect(server.url)
    expect(await client.signIn('admin', password)).toMatchObject({
      ok: false,
      error: { kind: 'not-signed-in', cause: 'other-account', message: expect.stringContaining('mallory') },
    })
    expect(client.session()).toBeUndefined()
    expect((await client.putUser(body)).ok).toBe(false)
    expect(server.calls()).toEqual(['POST /auth/token'])
  })

  it('nor where only the question who is signed in tells it', async () => {
    const server = await smallServer()
    const full = server.routes['POST /auth/token'] as Route
    server.routes['POST /auth/token'] = async (seen) => {
      const { json } = (await full(seen)) as { json: { token: string } }
      return { json: { token: json.token } }
    }
    server.routes['GET /auth/session'] = () => ({ json: other })
    const { client } = connect(server.url)
    expect(await client.signIn('admin', password)).toMatchObject({ error: { cause: 'other-account' } })
    expect((await client.user('a@x')).ok).toBe(false)
    expect(server.calls()).toEqual(['POST /auth/token', 'GET /auth/session'])
  })

  it.each(['ADMIN', 'admin@odin.example'])('%s is none', async (userId) => {
    const { server, client } = await signedIn()
    server.routes['GET /auth/session'] = () => ({ json: { ...session, userId } })
    expect(await client.checkSession()).toMatchObject({ ok: true, value: { userId } })
  })

  it('that a look finds takes the token away: the next call signs in anew', async () => {
    const { server, client } = await signedIn()
    server.routes['GET /auth/session'] = () => ({ json: other })
    expect(await client.checkSession()).toMatchObject({ error: { kind: 'unknown', cause: 'other-account' } })
    expect(await client.user('a@x')).toMatchObject({ ok: true })
    expect(server.calls()).toEqual(['GET /auth/session', 'POST /auth/token', 'GET /users?userId=a%40x'])
  })

  it('that a refresh brings is not taken; the old token goes on', async () => {
    const clock = movableClock()
    const { server, client } = await signedIn({ clock }, 100)
    const fresh = server.routes['PUT /auth/token'] as Route
    server.routes['PUT /auth/token'] = async (seen) => ({
      json: { ...((await fresh(seen)) as { json: object }).json, ...other },
    })
    clock.move(92_000)
    expect(await client.user('a@x')).toMatchObject({ ok: true })
    expect(client.session()?.userId).toBe('admin')
    const used = server.seen
      .filter(({ url }) => url.includes('/users'))
      .map(({ headers }) => headers.authorization)
    expect(used).toEqual([server.seen[0]?.headers.authorization])
  })

  it('the JSON of a gateway says nothing of who is signed in', async () => {
    const { server, client } = await signedIn()
    server.routes['GET /auth/session'] = () => ({ json: { status: 'UP' } })
    expect(await client.checkSession()).toMatchObject({ error: { kind: 'unknown', foreign: true } })
    expect(client.session()?.userId).toBe('admin')
  })
})
