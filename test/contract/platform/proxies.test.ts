import { describe, expect, it } from 'vitest'
import { createHttp } from '../../../electron/platform/http'
import { memoryKeychain } from '../../../electron/platform/keychain'
import type { HttpRequest } from '../../../electron/platform/ports'
import { createProxySignIns, type SignIn } from '../../../electron/platform/proxy-sign-in'
import { makeCertificates } from '../../unit/electron/platform/http-certificates'
import { closedPort, memoryLog, raw, serve } from '../../unit/electron/platform/http-servers'
import { dante, noProxies, signIn, squid } from './proxy-programs'

const certificates = makeCertificates()

const put = (url: string): HttpRequest => ({
  method: 'PUT',
  url: `${url}/api/v2/users`,
  headers: { 'content-type': 'application/json' },
  body: '{"userId":"a@x"}',
  connectTimeoutMs: 20_000,
  answerTimeoutMs: 20_000,
  maxAnswerBytes: 100_000,
  ca: certificates.authority,
})

const wrong: SignIn = { username: signIn.username, password: 'not-the-canary-0815' }

if (noProxies !== undefined) console.warn(`Squid and Dante were not tried: ${noProxies}.`)

describe.skipIf(noProxies !== undefined).each([
  { name: 'squid', start: squid, scheme: 'http', word: 'PROXY' },
  { name: 'dante', start: dante, scheme: 'socks5', word: 'SOCKS5' },
])('$name', ({ start, scheme, word }) => {
  /** Calls through a proxy, by somebody whose keychain has this sign-in for it. */
  const through = async (port: number, kept?: SignIn) => {
    const log = memoryLog()
    const hidden: string[] = []
    const signIns = createProxySignIns({
      keychain: memoryKeychain('a test'),
      hideSecret: (secret) => hidden.push(secret),
    })
    const address = `${scheme}://127.0.0.1:${port}`
    if (kept) await signIns.keep(address, kept)
    const http = createHttp({ resolveProxy: async () => `${word} 127.0.0.1:${port}`, log, signIns })
    return { http, log, hidden, signIns, address }
  }

  it('lets through who is known, to plain and encrypted servers, and tells nobody the password', async () => {
    const proxy = await start()
    const plain = await serve((_, response) => response.end('{}'))
    const tls = await serve((_, response) => response.end('{}'), certificates.good)
    const { http, log, hidden } = await through(proxy.port, signIn)
    expect(await http.send(put(plain.url))).toMatchObject({ kind: 'answer', status: 200 })
    expect(await http.send(put(tls.url))).toMatchObject({ kind: 'answer', status: 200 })
    expect([plain.seen.length, tls.seen.length]).toEqual([1, 1])
    expect(JSON.stringify([plain.seen, tls.seen])).not.toMatch(/proxy-auth|canary/i)
    expect(JSON.stringify(log.lines)).not.toContain('canary')
    expect(hidden).toContain(signIn.password)
  })

  it('wants to know who calls: nothing is sent, and the proxy is named', async () => {
    const proxy = await start()
    const server = await serve((_, response) => response.end('{}'))
    const { http, address } = await through(proxy.port)
    expect(await http.send(put(server.url))).toMatchObject({
      ...{ kind: 'failed', reason: 'proxy', sent: false },
      ...{ code: 'PROXY_407', proxy: address },
    })
    expect(server.connections()).toBe(0)
  })

  it('is offered a refused password once, and the right one afterwards', async () => {
    const proxy = await start()
    const server = await serve((_, response) => response.end('{}'))
    const { http, log, signIns, address } = await through(proxy.port, wrong)
    const first = await http.send(put(server.url))
    expect(first).toMatchObject({
      ...{ kind: 'failed', reason: 'proxy', sent: false },
      ...{ code: 'PROXY_SIGN_IN_REFUSED', proxy: address },
    })
    expect(await http.send(put(server.url))).toMatchObject({ code: 'PROXY_407', sent: false })
    expect(server.connections()).toBe(0)
    expect(JSON.stringify([first, log.lines])).not.toContain('canary')
    await signIns.keep(address, signIn)
    expect(await http.send(put(server.url))).toMatchObject({ kind: 'answer' })
  })

  it('lets everybody through where it wants no sign-in, whether or not one is kept', async () => {
    const proxy = await start({ open: true })
    const server = await serve((_, response) => response.end('{}'))
    for (const kept of [undefined, wrong]) {
      const { http } = await through(proxy.port, kept)
      expect(await http.send(put(server.url))).toMatchObject({ kind: 'answer' })
    }
  })

  it('a server that is not there has not been sent anything; one that hangs up has', async () => {
    const proxy = await start()
    const { http } = await through(proxy.port, signIn)
    const gone = await http.send(put(`http://127.0.0.1:${await closedPort()}`))
    expect(gone).toMatchObject({ kind: 'failed', reason: 'proxy', sent: false })
    const deaf = await raw((socket) => socket.on('data', () => socket.resetAndDestroy()))
    expect(await http.send(put(deaf.url))).toMatchObject({ kind: 'failed', sent: true })
    expect(deaf.bytes()).toBeGreaterThan(0)
  })

  it('a wrong certificate of the server is seen through it, before anything is sent', async () => {
    const proxy = await start()
    const server = await serve((_, response) => response.end('{}'), certificates.wrongHost)
    const { http } = await through(proxy.port, signIn)
    expect(await http.send(put(server.url))).toMatchObject({ kind: 'failed', reason: 'tls', sent: false })
    expect(server.seen).toEqual([])
  })

  it('has gone away: nothing is sent, and it is said to be the proxy', async () => {
    const proxy = await start()
    const server = await serve((_, response) => response.end('{}'))
    const { http } = await through(proxy.port, signIn)
    await proxy.stop()
    expect(await http.send(put(server.url))).toMatchObject({ kind: 'failed', reason: 'proxy', sent: false })
    expect(server.connections()).toBe(0)
  })
})
