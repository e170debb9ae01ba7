import { describe, expect, it } from 'vitest'
import { probe } from '../../../../electron/odin/probe'
import { systemClock } from '../../../../electron/platform/clock'
import { createHttp } from '../../../../electron/platform/http'
import { makeCertificates } from '../platform/http-certificates'
import { closedPort, memoryLog, raw, serve } from '../platform/http-servers'
import { password, smallServer } from './small-server'

const run = (baseUrl: string, more: { password?: string; ca?: string } = {}) => {
  const log = memoryLog()
  const target = { baseUrl, username: 'admin', password, ...more }
  return probe(createHttp({ log }), target, { clock: systemClock(), log })
}

const certificates = makeCertificates()

describe('Test connection', () => {
  it('signs in once, and out again', async () => {
    const server = await smallServer()
    expect(await run(server.url)).toMatchObject({
      ok: true,
      cause: 'ok',
      message: 'Works: signed in and out again as admin (System).',
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(server.calls()).toEqual(['POST /auth/token', 'POST /auth/token/logout'])
  })

  it.each([
    ['', 'bad-base-url', /missing/],
    ['odin.example.com', 'bad-base-url', /https:\/\//],
    ['https://u:p@odin.example.com/api/v2', 'bad-base-url', /user name or password/],
    ['http://no-such-host.invalid/api/v2', 'no-such-host', /no server of this name/],
  ])('%s: %s', async (baseUrl, cause, message) => {
    const result = await run(baseUrl)
    expect(result).toMatchObject({ ok: false, cause })
    expect(result.message).toMatch(message)
  })

  it('refused', async () => {
    expect(await run(`http://127.0.0.1:${await closedPort()}/api/v2`)).toMatchObject({ cause: 'refused' })
  })

  it('timed out', async () => {
    const silent = await raw(() => {})
    const hasty = createHttp({ log: memoryLog() })
    const log = memoryLog()
    const result = await probe(
      { send: (request) => hasty.send({ ...request, answerTimeoutMs: 100, connectTimeoutMs: 100 }) },
      { baseUrl: silent.url, username: 'a', password: 'b' },
      { clock: systemClock(), log },
    )
    expect(result).toMatchObject({ cause: 'timeout', message: expect.stringContaining('in time') })
  })

  it.each([
    ['expired', certificates.expired, certificates.authority, /expired/],
    ['selfSigned', certificates.selfSigned, undefined, /self-signed/],
    ['unknown authority', certificates.good, undefined, /authority/],
    ['wrong host', certificates.wrongHost, certificates.authority, /another host name/],
  ])('TLS: %s', async (_, pair, ca, message) => {
    const server = await serve((_request, response) => response.end('{}'), pair)
    const result = await run(`${server.url}/api/v2`, ca === undefined ? {} : { ca })
    expect(result).toMatchObject({ cause: 'tls' })
    expect(result.message).toMatch(message)
    expect(server.seen).toEqual([])
  })

  it('TLS to a port without it', async () => {
    const server = await serve((_, response) => response.end('{}'))
    expect(await run(server.url.replace('http:', 'https:'))).toMatchObject({
      cause: 'tls',
      message: expect.stringContaining('does not speak TLS'),
    })
  })

  const page = '<!DOCTYPE html><html><head><title>Welcome</title></head></html>'
  it.each([
    ['a web page', 200, {}, page, /web page/],
    ['a web page for the wrong path', 404, {}, page, /nothing at this address/],
    ['JSON of another API', 200, {}, '{"hello":"world"}', /without a token/],
    ['a list', 200, {}, '[]', /without a token/],
    ['another API’s 404', 404, {}, '{"message":"no route"}', /does not have/],
    ['a redirect', 302, { location: 'https://elsewhere.example/login' }, '', /elsewhere\.example/],
    ['a redirect within', 301, { location: '/login' }, '', /\/login/],
    ['words', 200, {}, 'It works!', /not an answer of the ODiN API/],
    ['nothing', 200, {}, '', /empty/],
    ['another sign-in', 401, { 'www-authenticate': 'Basic' }, page, /not the ODiN API/],
    ['405', 405, {}, '', /does not offer/],
  ])('not an ODiN API: %s', async (_, status, headers, body, message) => {
    const server = await serve((_request, response) => {
      response.writeHead(status, headers)
      response.end(body)
    })
    const result = await run(server.url)
    expect(result).toMatchObject({ ok: false, cause: 'not-odin' })
    expect(result.message).toMatch(message)
    expect(result.next).toBe(`The API usually lies at ${server.url}/api/v2.`)
    expect(await run(`${server.url}/api/v2`)).toMatchObject({
      next: expect.not.stringContaining('usually lies'),
    })
  })

  it('not even HTTP', async () => {
    const server = await raw((socket) => socket.end('220 smtp ready\r\n'))
    expect(await run(server.url)).toMatchObject({ ok: false, cause: expect.stringMatching(/not-odin|reset/) })
  })

  it.each([
    [401, '[Error 4962] Invalid password', 'wrong-password', /user name or the password is wrong/],
    [401, '[Error 5202] Account is disabled.', 'account-disabled', /disabled/],
    [402, 'Password Expired', 'password-expired', /expired/],
    [403, 'Forbidden', 'not-permitted', /not permitted/],
    [403, '[Error 4003] Unauthorized request: X', 'not-permitted', /not permitted/],
    [500, 'Whoops', 'server-error', /error of its own/],
    [503, 'Down', 'server-error', /not available/],
    [511, 'Log in', 'captive-portal', /network/],
  ])('%i %s', async (status, error, cause, message) => {
    const server = await smallServer()
    server.routes['POST /auth/token'] = () => ({ status, json: { status, error } })
    const result = await run(server.url)
    expect(result).toMatchObject({ ok: false, cause })
    expect(result.message).toMatch(message)
    expect(result.message).toContain(error)
    expect(result.next).toMatch(/\.$/)
    expect(server.calls()).toEqual(['POST /auth/token'])
  })

  it('warns of a password that is about to expire', async () => {
    const server = await smallServer()
    server.routes['POST /auth/token'] = () => ({
      json: {
        token: 't',
        userId: 'admin',
        loginType: 'Group',
        passwordExpiresDays: '3',
        softwareVersion: '21sp1',
      },
    })
    expect(await run(server.url)).toMatchObject({
      ok: true,
      message: 'Works: signed in and out again as admin (Group), BroadWorks 21sp1.',
      next: 'The password expires in 3 days.',
    })
  })

  it('never repeats the password in what it says', async () => {
    const server = await smallServer()
    server.routes['POST /auth/token'] = ({ body }) => ({ status: 400, json: { error: body } })
    expect(JSON.stringify(await run(server.url))).not.toContain(password)
  })
})
