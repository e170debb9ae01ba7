import tls from 'node:tls'
import { describe, expect, it } from 'vitest'
import { createHttp } from '../../../../electron/platform/http'
import type { HttpOutcome, HttpRequest } from '../../../../electron/platform/ports'
import { createTrust, readAuthorities } from '../../../../electron/platform/trust'
import { makeCertificates, type Pair } from './http-certificates'
import { connectProxy, listen, memoryLog, raw, serve } from './http-servers'

const certificates = makeCertificates()

const put = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'PUT',
  url,
  headers: { authorization: 'Bearer token' },
  body: '{"userId":"a@x"}',
  connectTimeoutMs: 2000,
  answerTimeoutMs: 5000,
  maxAnswerBytes: 1_000_000,
  ...more,
})

const make = () => createHttp({ log: memoryLog() })
// The server must be able to offer what the client is to refuse.
const serveTls = (pair: Pair) =>
  serve((_, response) => response.end('{}'), { ...pair, ciphers: 'DEFAULT@SECLEVEL=0' })

const failure = (outcome: HttpOutcome) => {
  if (outcome.kind !== 'failed') throw new Error('an answer came')
  return { reason: outcome.reason, sent: outcome.sent, code: outcome.code }
}

describe('whom to trust', () => {
  it('a certificate of the connection’s CA file', async () => {
    const server = await serveTls(certificates.good)
    const outcome = await make().send(put(server.url, { ca: certificates.authority }))
    expect(outcome).toMatchObject({ kind: 'answer', status: 200 })
    const byAddress = await make().send(
      put(`https://127.0.0.1:${server.port}`, { ca: certificates.authority }),
    )
    expect(byAddress).toMatchObject({ kind: 'answer', status: 200 })
  })

  it('a certificate of the operating system’s store, where the runtime can read it', async () => {
    const server = await serveTls(certificates.good)
    const trust = createTrust({
      getCACertificates: (type) => (type === 'system' ? [certificates.authority] : []),
    })
    expect(await createHttp({ log: memoryLog(), trust }).send(put(server.url))).toMatchObject({ status: 200 })
  })

  it.each([
    ['expired', certificates.expired, certificates.authority, 'CERT_HAS_EXPIRED'],
    ['not yet valid', certificates.notYetValid, certificates.authority, 'CERT_NOT_YET_VALID'],
    ['of another host', certificates.wrongHost, certificates.authority, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['self-signed', certificates.selfSigned, undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['of an unknown authority', certificates.good, undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ])('never one that is %s, and no byte is sent to it', async (_, pair, ca, code) => {
    const server = await serveTls(pair)
    for (let n = 0; n < 5; n++) {
      const outcome = await make().send(put(server.url, ca === undefined ? {} : { ca }))
      expect(failure(outcome)).toEqual({ reason: 'tls', sent: false, code })
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server.connections()).toBe(5)
    expect(server.seen).toEqual([])
  })

  it.each([
    ['a short key', certificates.shortKey, certificates.authority],
    ['a signature with SHA-1', certificates.sha1, certificates.authority],
    ['an authority with a short key', certificates.ofWeakAuthority, certificates.weakAuthority],
  ])('never one with %s, though its authority is trusted', async (_, pair, ca) => {
    const server = await serveTls(pair)
    expect(failure(await make().send(put(server.url, { ca })))).toMatchObject({ reason: 'tls', sent: false })
    expect(server.seen).toEqual([])
  })

  it('does not let the environment switch verification off', async () => {
    const server = await serveTls(certificates.selfSigned)
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      expect(failure(await make().send(put(server.url)))).toMatchObject({ reason: 'tls', sent: false })
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    }
  })

  it('refuses a CA file that holds no certificate, instead of trusting less in silence', async () => {
    const server = await serveTls(certificates.good)
    const outcome = await make().send(put(server.url, { ca: 'not a certificate' }))
    expect(failure(outcome)).toEqual({ reason: 'tls', sent: false, code: 'BAD_CA_FILE' })
    expect(server.connections()).toBe(0)
  })
})

describe('other TLS trouble', () => {
  it('a port that speaks plain HTTP', async () => {
    const server = await serve((_, response) => response.end('{}'))
    const outcome = await make().send(put(server.url.replace('http:', 'https:')))
    expect(failure(outcome)).toMatchObject({ reason: 'tls', sent: false })
    expect(server.seen).toEqual([])
  })

  it('a server that hangs up during the handshake', async () => {
    const server = await raw((socket) => socket.on('data', () => socket.destroy()))
    const outcome = await make().send(put(server.url.replace('http:', 'https:')))
    expect(failure(outcome)).toMatchObject({ reason: 'tls', sent: false })
  })

  it('only protocols that are no longer offered', async () => {
    const server = tls.createServer({
      ...certificates.good,
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE-RSA-AES128-SHA',
    })
    const port = await listen(server)
    server.on('tlsClientError', () => {})
    const outcome = await make().send(put(`https://localhost:${port}`, { ca: certificates.authority }))
    expect(failure(outcome)).toMatchObject({ reason: 'tls', sent: false })
  })

  it('a reset once the request is out is not a TLS matter', async () => {
    const server = await serve((_, response) => response.socket?.destroy(), certificates.good)
    const outcome = await make().send(put(server.url, { ca: certificates.authority }))
    expect(failure(outcome)).toMatchObject({ reason: 'reset', sent: true })
    expect(server.seen).toHaveLength(1)
  })
})

describe('reads that follow at once', () => {
  const { body: _, ...bodiless } = put('')
  const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
    ...bodiless,
    method: 'GET',
    url,
    ca: certificates.authority,
    ...more,
  })

  it('shake hands once, also through a proxy', async () => {
    const server = await serveTls(certificates.good)
    const { port, asked } = await connectProxy()
    const http = createHttp({ resolveProxy: async () => `PROXY 127.0.0.1:${port}`, log: memoryLog() })
    for (let n = 0; n < 4; n++) expect(await http.send(get(server.url))).toMatchObject({ status: 200 })
    expect(server.connections()).toBe(1)
    expect(asked).toHaveLength(1)
  })

  it('verify anew when other authorities are trusted', async () => {
    const server = await serveTls(certificates.good)
    const http = make()
    expect(await http.send(get(server.url))).toMatchObject({ status: 200 })
    const { ca: _, ...bare } = get(server.url)
    expect(failure(await http.send(bare))).toMatchObject({ reason: 'tls', sent: false })
  })
})

describe('through a proxy', () => {
  it('verifies the server, not the proxy, and shows the proxy nothing but the name', async () => {
    const good = await serveTls(certificates.good)
    const { port, asked } = await connectProxy()
    const http = createHttp({ resolveProxy: async () => `PROXY 127.0.0.1:${port}`, log: memoryLog() })
    expect(await http.send(put(good.url, { ca: certificates.authority }))).toMatchObject({ status: 200 })
    expect(asked).toEqual([`localhost:${good.port}`])
    const bad = await serveTls(certificates.wrongHost)
    const outcome = await http.send(put(bad.url, { ca: certificates.authority }))
    expect(failure(outcome)).toMatchObject({
      reason: 'tls',
      sent: false,
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    expect(bad.seen).toEqual([])
  })
})

describe('CA files', () => {
  it('names what is in one', () => {
    const both = `# a comment\n${certificates.authority}\nmore\n${certificates.selfSigned.cert}`
    expect(readAuthorities(both)).toMatchObject({
      ok: true,
      certificates: [
        { name: 'CN=Test authority', fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) },
        { name: 'CN=localhost' },
      ],
    })
  })

  it('says what is wrong with one', () => {
    expect(readAuthorities('')).toMatchObject({ ok: false })
    expect(readAuthorities(certificates.good.key)).toMatchObject({ ok: false })
    const damaged = certificates.authority.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAAAAAAAAAAAAAAAAAA')
    expect(readAuthorities(`${certificates.authority}\n${damaged}`)).toEqual({
      ok: false,
      problem: 'Certificate 2 of the CA file is damaged.',
    })
  })
})
