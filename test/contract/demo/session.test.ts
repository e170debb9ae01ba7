import { describe, expect, it } from 'vitest'
import { ANA, api, CINCINNATI, PASSWORD, signIn, start } from './support'

const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

describe('signing in', () => {
  it('answers JSON and form with a token and the session', async () => {
    const server = await start()
    const json = await api(server.baseUrl).post('/auth/token', { username: 'admin', password: PASSWORD })
    const form = await fetch(`${server.baseUrl}/auth/token`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'admin', password: PASSWORD }),
    })
    for (const session of [json.json, await form.json()]) {
      expect(session).toMatchObject({
        token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        userId: 'admin',
        loginType: 'System',
        isSystemAdmin: true,
        readOnly: false,
        serviceProviderId: null,
        groupId: null,
        passwordExpiresDays: -2147483648,
        policy: { userAccess: 'Full' },
      })
    }
  })

  it('issues a JWT with the lifetime it was told, and nothing readable about the account', async () => {
    const server = await start({ tokenLifetimeSeconds: 600 })
    const { token } = await signIn(server)
    const { iss, iat, exp, data } = claims(token)
    expect(iss).toBe('gungnir-demo')
    expect(exp - iat).toBe(600)
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(5)
    expect(Buffer.from(data, 'base64').toString('latin1')).not.toContain('admin')
    expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toEqual({
      typ: 'JWT',
      alg: 'HS256',
    })
  })

  it.each([
    ['admin', 'wrong', 401, '[Error 4962] Invalid userId or password.'],
    ['nobody', PASSWORD, 401, '[Error 4962] Invalid userId or password.'],
    ['disabled', PASSWORD, 401, '[Error 5202] Account is disabled.'],
    ['disabled', 'wrong', 401, '[Error 4962] Invalid userId or password.'],
    ['expired', PASSWORD, 402, 'Password Expired'],
  ])('refuses %s with password %s', async (username, password, status, error) => {
    const server = await start()
    const reply = await api(server.baseUrl).post('/auth/token', { username, password })
    expect(reply.status).toBe(status)
    expect(reply.json).toMatchObject({ status, error })
  })

  it('wants both name and password', async () => {
    const server = await start()
    expect((await api(server.baseUrl).post('/auth/token', { username: 'admin' })).status).toBe(400)
    expect((await api(server.baseUrl).post('/auth/token')).status).toBe(400)
  })

  it('leads an expired password through the change to a session', async () => {
    const server = await start()
    const bare = api(server.baseUrl)
    const change = (oldPassword: string, newPassword: string) =>
      bare.put('/auth/token/password', { userId: 'expired', oldPassword, newPassword })
    expect((await change('wrong', 'Brand-New-2')).status).toBe(401)
    const weak = await change(PASSWORD, 'short')
    expect(weak.status).toBe(400)
    expect(weak.json.error).toContain('Password must be at least 8 characters')
    const changed = await change(PASSWORD, 'Brand-New-2')
    expect(changed.status).toBe(200)
    expect(changed.json).toMatchObject({ userId: 'expired', token: expect.any(String) })
    expect((await api(server.baseUrl, changed.json.token).get('/auth/session')).status).toBe(200)
    await signIn(server, 'expired', 'Brand-New-2')
  })
})

describe('a session', () => {
  it('is refused without, with a false, an expired and a revoked token', async () => {
    const server = await start({ tokenLifetimeSeconds: 1 })
    expect((await api(server.baseUrl).get('/auth/session')).status).toBe(401)
    const { token } = await signIn(server)
    expect((await api(server.baseUrl, token).get('/auth/session')).status).toBe(200)
    const [head, , signature] = token.split('.')
    const forged = `${head}.${Buffer.from('{"exp":9999999999,"data":""}').toString('base64url')}.${signature}`
    for (const bad of [forged, 'a.b.c', 'x', `${token}x`]) {
      expect((await api(server.baseUrl, bad).get('/auth/session')).status).toBe(401)
    }
    await new Promise((resolve) => setTimeout(resolve, 2100))
    const late = await api(server.baseUrl, token).get('/auth/session')
    expect(late.json).toMatchObject({ status: 401, error: 'Unauthorized', details: 'Token has expired' })
    expect((await api(server.baseUrl, token).put('/auth/token')).status).toBe(401)
  })

  it('is refreshed, and the old token stays good until it expires', async () => {
    const server = await start()
    const old = await signIn(server)
    const refreshed = await old.put('/auth/token', 'null')
    expect(refreshed.json.token).not.toBe(old.token)
    expect((await old.get('/auth/session')).status).toBe(200)
    expect((await api(server.baseUrl, refreshed.json.token).get('/auth/session')).status).toBe(200)
  })

  it('ends with a logout, for that token alone', async () => {
    const server = await start()
    const one = await signIn(server)
    const two = await signIn(server)
    expect((await one.post('/auth/token/logout', { token: one.token })).json).toEqual({})
    expect((await one.get('/auth/session')).status).toBe(401)
    expect((await two.get('/auth/session')).status).toBe(200)
  })

  it('ends for everyone when the server says so', async () => {
    const server = await start()
    const one = await signIn(server)
    server.truth.endSessions()
    expect((await one.get('/users?limit=1')).status).toBe(401)
    await signIn(server)
  })

  it('changes its own password after the old one', async () => {
    const server = await start()
    const admin = await signIn(server)
    const change = (oldPassword: string) =>
      admin.put('/auth/password', { oldPassword, newPassword: 'Quite-Other-3' })
    expect((await change('wrong')).json.error).toBe('[Error 4962] Invalid password')
    expect((await change(PASSWORD)).json).toEqual([])
    await signIn(server, 'admin', 'Quite-Other-3')
    const again = await admin.put('/auth/passwords', {
      userId: 'admin',
      oldPassword: 'Quite-Other-3',
      newPassword: 'Quite-Other-4',
    })
    expect(again.status).toBe(200)
  })

  it('switches to another account for system administrators only', async () => {
    const server = await start()
    const admin = await signIn(server)
    const switched = await admin.post('/auth/switch-user', { username: 'group-admin' })
    expect(switched.json).toMatchObject({ userId: 'group-admin', token: expect.any(String) })
    const other = api(server.baseUrl, switched.json.token)
    expect((await other.post('/auth/switch-user', { username: 'admin' })).status).toBe(403)
    expect((await admin.post('/auth/switch-user', { username: 'nobody' })).status).toBe(404)
  })

  it.each([
    ['admin', 'System'],
    ['provisioning', 'Provisioning'],
    ['provider-admin', 'Service Provider'],
    ['group-admin', 'Group'],
    ['department-admin', 'Group Department'],
    [ANA, 'User'],
  ])('of %s says %s and where it belongs', async (username, loginType) => {
    const server = await start()
    const { json } = await (await signIn(server, username)).get('/auth/session')
    expect(json.loginType).toBe(loginType)
    expect(json.serviceProviderId).toBe(
      loginType === 'System' || loginType === 'Provisioning' ? null : 'ent.aurora',
    )
    expect(json.groupId).toBe(['Group', 'Group Department', 'User'].includes(loginType) ? 'cincinnati' : null)
    if (loginType === 'Group Department') expect(json.groupDepartmentPathName).toBe('Sales (cincinnati)')
    if (loginType === 'User') expect(json.passwordExpiresDays).toBe(2147483647)
  })

  it('shows its policy', async () => {
    const server = await start()
    const limited = await signIn(server, 'limited-admin')
    expect((await limited.get(`/groups/policy?${CINCINNATI}`)).json).toMatchObject({
      phoneNumberExtensionAccess: 'Read-Only',
      userAccess: 'Full',
    })
  })

  it('takes accounts of the test’s own', async () => {
    const server = await start({
      accounts: [
        {
          username: 'mine',
          password: 'Only-Mine-1',
          loginType: 'Group',
          serviceProviderId: 'ent.aurora',
          groupId: 'cincinnati',
        },
      ],
    })
    await signIn(server, 'mine', 'Only-Mine-1')
    expect(server.accounts).toContainEqual({ username: 'mine', loginType: 'Group' })
  })
})
