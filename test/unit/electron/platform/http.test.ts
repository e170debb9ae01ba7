import net from 'node:net'
import zlib, { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { createHttp } from '../../../../electron/platform/http'
import type { HttpOutcome, HttpRequest } from '../../../../electron/platform/ports'
import { closedPort, connectProxy, memoryLog, raw, serve } from './http-servers'

const call = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  connectTimeoutMs: 2000,
  answerTimeoutMs: 5000,
  maxAnswerBytes: 1_000_000,
  ...more,
})

const put = (url: string, more: Partial<HttpRequest> = {}) =>
  call(url, {
    method: 'PUT',
    body: '{"userId":"a@x"}',
    headers: { 'content-type': 'application/json' },
    ...more,
  })

const make = () => createHttp({ log: memoryLog() })

const failure = (outcome: HttpOutcome) => {
  expect(outcome.kind).toBe('failed')
  if (outcome.kind !== 'failed') throw new Error('unreachable')
  return { reason: outcome.reason, sent: outcome.sent, code: outcome.code }
}

describe('answers', () => {
  it('gives status, lower-case headers and text, and sends exactly what it was given', async () => {
    const server = await serve((_, response) => {
      response.writeHead(404, { 'X-One': 'a', 'Content-Type': 'application/json; charset=utf-8' })
      response.end('{"name":"Ünïcödé 漢"}')
    })
    const outcome = await make().send(
      put(`${server.url}/api/v2/users?userId=a%2Fb%20c`, {
        headers: {
          authorization: 'Bearer t',
          'content-type': 'application/json',
          accept: 'application/json',
        },
        body: '{"lastName":"Ωmega"}',
      }),
    )
    expect(outcome).toMatchObject({ kind: 'answer', status: 404, body: '{"name":"Ünïcödé 漢"}' })
    if (outcome.kind === 'answer') expect(outcome.headers['x-one']).toBe('a')
    expect(server.seen).toHaveLength(1)
    expect(server.seen[0]).toMatchObject({
      method: 'PUT',
      url: '/api/v2/users?userId=a%2Fb%20c',
      body: '{"lastName":"Ωmega"}',
    })
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      'content-type': 'application/json',
      accept: 'application/json',
      connection: 'close',
    })
  })

  it('sends a body with DELETE, and none with GET', async () => {
    const server = await serve((_, response) => response.end('{}'))
    await make().send(call(server.url, { method: 'DELETE', body: '{"dns":[]}' }))
    await make().send(call(server.url))
    expect(server.seen.map(({ method, body }) => [method, body])).toEqual([
      ['DELETE', '{"dns":[]}'],
      ['GET', ''],
    ])
  })

  it('uses a fresh connection for every write', async () => {
    const server = await serve((_, response) => response.end('{}'))
    const http = make()
    for (let n = 0; n < 3; n++) await http.send(put(server.url))
    await http.send(call(server.url))
    await http.send(put(server.url))
    await http.send(call(server.url, { method: 'POST', body: '{}' }))
    expect(server.connections()).toBe(6)
    expect(server.seen.map(({ headers }) => headers.connection)).toEqual([
      'close',
      'close',
      'close',
      'keep-alive',
      'close',
      'close',
    ])
  })

  it.each(['gzip', 'deflate', 'br'] as const)('decodes %s', async (encoding) => {
    const encode = { gzip: zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync }[encoding]
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding })
      response.end(encode(Buffer.from('{"lastName":"Müller"}')))
    })
    expect(await make().send(call(server.url))).toMatchObject({ status: 200, body: '{"lastName":"Müller"}' })
  })

  it('reads ISO-8859-1 when the answer says so', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json; charset=ISO-8859-1' })
      response.end(Buffer.from('{"lastName":"Müller"}', 'latin1'))
    })
    const outcome = await make().send(call(server.url))
    expect(outcome).toMatchObject({ body: '{"lastName":"Müller"}' })
    expect(outcome).not.toHaveProperty('bytes')
  })

  it('gives the bytes, too, of what came in UTF-8, decompressed', async () => {
    const text = '{"lastName":"Ødegård 漢"}'
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(gzipSync(text))
    })
    const outcome = await make().send(call(server.url))
    expect(outcome).toMatchObject({ body: text, bytes: Buffer.from(text) })
  })

  it('hands a redirect back instead of following it', async () => {
    const target = await serve((_, response) => response.end('stolen'))
    const server = await serve((_, response) => {
      response.writeHead(302, { location: `${target.url}/elsewhere` })
      response.end()
    })
    const outcome = await make().send(call(server.url, { headers: { authorization: 'Bearer secret' } }))
    expect(outcome).toMatchObject({ kind: 'answer', status: 302 })
    expect(target.connections()).toBe(0)
  })
})

const dialled = vi.spyOn(net, 'connect')
/** Resolves once this end of every connection knows that it is closed. */
const hungUp = (): Promise<unknown> =>
  vi.waitUntil(() => dialled.mock.results.every(({ value }) => (value as net.Socket).destroyed), patient)
const patient = { timeout: 60_000, interval: 2 }

describe('reads that follow at once', () => {
  const many = (http: ReturnType<typeof make>, url: string, count: number, more: Partial<HttpRequest> = {}) =>
    Promise.all(Array.from({ length: count }, () => http.send(call(url, more))))

  it('go over the connections of those before, each over one that is free', async () => {
    const server = await serve((_, response) => setTimeout(() => response.end('{"a":"ö"}'), 20))
    const http = make()
    for (let n = 0; n < 5; n++) {
      for (const outcome of await many(http, server.url, 3))
        expect(outcome).toMatchObject({ body: '{"a":"ö"}' })
    }
    expect(server.connections()).toBe(3)
    expect(server.seen).toHaveLength(15)
  })

  it('leave no listeners behind on a connection', async () => {
    const server = await serve((_, response) => response.end(gzipSync('{}')))
    const http = make()
    const warnings: Error[] = []
    const note = (warning: Error) => warnings.push(warning)
    process.on('warning', note)
    for (let n = 0; n < 30; n++) await http.send(call(server.url, { signal: new AbortController().signal }))
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('warning', note)
    expect(warnings).toEqual([])
    expect(server.connections()).toBe(1)
  })

  it('do not use one that the server closes, or that was kept for long', async () => {
    let close = true
    const server = await serve((_, response) => {
      if (close) response.setHeader('connection', 'close')
      response.end('{}')
    })
    const http = make()
    for (let n = 0; n < 3; n++) expect(await http.send(call(server.url))).toMatchObject({ status: 200 })
    expect(server.connections()).toBe(3)
    close = false
    await http.send(call(server.url))
    await hungUp()
    expect(await http.send(call(server.url))).toMatchObject({ status: 200 })
    expect(server.connections()).toBe(5)
  })

  it('pass the gate again when they are dialled anew', async () => {
    const sockets: net.Socket[] = []
    const server = await raw((socket) => {
      sockets.push(socket)
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'))
    })
    const http = make()
    await http.send(call(server.url))
    const story: string[] = []
    const beforeSend = async () => {
      story.push(`gate of connection ${sockets.length}`)
      if (sockets.length > 1) return
      sockets[0]?.destroy()
      // Until this end has heard of it.
      await hungUp()
    }
    expect(await http.send(call(server.url, { beforeSend }))).toMatchObject({ status: 200 })
    expect(story).toEqual(['gate of connection 1', 'gate of connection 2'])
  })

  it.each(['GET', 'PUT'] as const)(
    '%s: a server that always hangs up before is told, with nothing sent',
    async (method) => {
      const sockets: net.Socket[] = []
      const server = await raw((socket) => sockets.push(socket))
      const beforeSend = async () => {
        await vi.waitUntil(() => sockets.length > 0, patient)
        for (const socket of sockets.splice(0)) socket.destroy()
        await hungUp()
      }
      const request = method === 'GET' ? call(server.url, { beforeSend }) : put(server.url, { beforeSend })
      expect(failure(await make().send(request))).toMatchObject({ reason: 'reset', sent: false })
      expect(server.bytes()).toBe(0)
    },
  )

  it('are sent once: a reset of a kept connection is told', async () => {
    let requests = 0
    const server = await raw((socket) => {
      socket.on('data', () => {
        if (++requests === 2) return socket.resetAndDestroy()
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')
      })
    })
    const http = make()
    await http.send(call(server.url))
    expect(failure(await http.send(call(server.url)))).toMatchObject({ reason: 'reset', sent: true })
    expect(requests).toBe(2)
    expect(await http.send(call(server.url))).toMatchObject({ status: 200 })
  })

  it.each([
    ['in one piece with the answer', 0, 0],
    ['in one piece, the next read later', 0, 60],
    ['when the connection is kept', 20, 60],
  ])('never take what was left over of an answer before for their own: %s', async (_, straysAfter, waits) => {
    const stray = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n["stray"]'
    let requests = 0
    const server = await raw((socket) => {
      socket.on('data', () => {
        const answer = `HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[${++requests}]`
        socket.write(straysAfter === 0 ? answer + stray : answer)
        if (straysAfter > 0) setTimeout(() => socket.write(stray), straysAfter)
      })
    })
    const http = make()
    const bodies: unknown[] = []
    for (let n = 0; n < 4; n++) {
      const outcome = await http.send(call(server.url))
      bodies.push(outcome.kind === 'answer' ? outcome.body : outcome)
      await new Promise((resolve) => setTimeout(resolve, waits))
    }
    expect(bodies).toEqual(['[1]', '[2]', '[3]', '[4]'])
  })

  it('not after one that was cut off or cancelled', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/long') response.end('x'.repeat(5000))
      else if (request.url === '/never') response.write('[')
      else response.end('{}')
    })
    const http = make()
    await http.send(call(`${server.url}/long`, { maxAnswerBytes: 100 }))
    const control = new AbortController()
    setTimeout(() => control.abort(), 50)
    await http.send(call(`${server.url}/never`, { signal: control.signal }))
    expect(await http.send(call(server.url))).toMatchObject({ body: '{}' })
    expect(server.connections()).toBe(3)
  })

  it('not with another trust', async () => {
    const server = await serve((_, response) => response.end('{}'))
    const http = make()
    await http.send(call(server.url))
    await http.send(call(server.url, { ca: 'other' }))
    expect(server.connections()).toBe(2)
  })
})

describe('failures before the first byte', () => {
  it('no such host', async () => {
    const outcome = await make().send(put('http://no-such-host.invalid/api/v2'))
    expect(failure(outcome)).toMatchObject({ reason: 'no-such-host', sent: false })
  })

  it('refused', async () => {
    const outcome = await make().send(put(`http://127.0.0.1:${await closedPort()}`))
    expect(failure(outcome)).toEqual({ reason: 'refused', sent: false, code: 'ECONNREFUSED' })
  })

  it('a connection that never comes about', async () => {
    // TCP connects, the TLS handshake stalls: still no connection that a byte could be written to.
    const stalledTls = await raw(() => {})
    const started = performance.now()
    const outcome = await make().send(
      put(stalledTls.url.replace('http:', 'https:'), { connectTimeoutMs: 200 }),
    )
    expect(failure(outcome)).toMatchObject({ reason: 'connect-timeout', sent: false })
    expect(performance.now() - started).toBeLessThan(1500)
  })

  it('not a URL, or one of another kind', async () => {
    expect(failure(await make().send(put('nonsense')))).toMatchObject({ sent: false })
    expect(failure(await make().send(put('ftp://127.0.0.1/')))).toMatchObject({ sent: false })
  })

  it('cancelled before, and while connecting', async () => {
    const stalled = await raw(() => {})
    const before = await make().send(put(stalled.url, { signal: AbortSignal.abort() }))
    expect(failure(before)).toMatchObject({ reason: 'aborted', sent: false })
    const control = new AbortController()
    setTimeout(() => control.abort(), 50)
    const during = await make().send(
      put(stalled.url.replace('http:', 'https:'), { signal: control.signal, connectTimeoutMs: 5000 }),
    )
    expect(failure(during)).toMatchObject({ reason: 'aborted', sent: false })
  })

  it('held back by beforeSend: nothing is written until it resolves, nothing at all if it rejects', async () => {
    const server = await raw((socket) => {
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'))
    })
    let release: () => void = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const sending = make().send(put(server.url, { beforeSend: () => held }))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(server.bytes()).toBe(0)
    release()
    expect(await sending).toMatchObject({ kind: 'answer', status: 200 })

    const silent = await raw(() => {})
    const refused = await make().send(put(silent.url, { beforeSend: () => Promise.reject(new Error('no')) }))
    expect(failure(refused)).toMatchObject({ reason: 'aborted', sent: false })
    expect(silent.bytes()).toBe(0)
  })
})

describe('failures after it', () => {
  it('reset after the request', async () => {
    const server = await raw((socket) => socket.on('data', () => socket.resetAndDestroy()))
    expect(failure(await make().send(put(server.url)))).toMatchObject({ reason: 'reset', sent: true })
  })

  it('closed without an answer', async () => {
    const server = await raw((socket) => socket.on('data', () => socket.end()))
    expect(failure(await make().send(put(server.url)))).toMatchObject({ reason: 'reset', sent: true })
  })

  it('sends a PUT once when the server resets, however often', async () => {
    let connections = 0
    const server = await raw((socket) => {
      connections++
      socket.on('data', () => socket.resetAndDestroy())
    })
    await make().send(put(server.url))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(connections).toBe(1)
  })

  it('half an answer, by length and by chunks', async () => {
    const byLength = await raw((socket) =>
      socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"userId":')),
    )
    expect(failure(await make().send(call(byLength.url)))).toMatchObject({ reason: 'reset', sent: true })
    const byChunks = await raw((socket) =>
      socket.on('data', () =>
        socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"use\r\n'),
      ),
    )
    expect(failure(await make().send(call(byChunks.url)))).toMatchObject({ reason: 'reset', sent: true })
  })

  it('no answer in time, and one that trickles for ever', async () => {
    const silent = await raw(() => {})
    const none = await make().send(put(silent.url, { answerTimeoutMs: 150 }))
    expect(failure(none)).toMatchObject({ reason: 'answer-timeout', sent: true })
    const slow = await serve((_, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    })
    const trickle = await make().send(call(slow.url, { answerTimeoutMs: 250 }))
    expect(failure(trickle)).toMatchObject({ reason: 'answer-timeout', sent: true })
  })

  it('waits for a slow answer that is in time', async () => {
    const slow = await serve((_, response) => {
      setTimeout(() => response.end('{}'), 400)
    })
    expect(await make().send(call(slow.url, { connectTimeoutMs: 100 }))).toMatchObject({ status: 200 })
  })

  it('cancelled while waiting', async () => {
    const silent = await raw(() => {})
    const control = new AbortController()
    setTimeout(() => control.abort(), 50)
    const outcome = await make().send(put(silent.url, { signal: control.signal }))
    expect(failure(outcome)).toMatchObject({ reason: 'aborted', sent: true })
  })

  it('50 MB: refused by its announced length, and cut off where none is announced', async () => {
    const piece = Buffer.alloc(1_000_000, 'x')
    let written = 0
    const server = await serve((request, response) => {
      response.writeHead(200, request.url === '/announced' ? { 'content-length': 50_000_000 } : {})
      const more = () => {
        while (written < 50_000_000) {
          written += piece.length
          if (!response.write(piece)) return response.once('drain', more)
        }
        response.end()
      }
      more()
    })
    const announced = await make().send(call(`${server.url}/announced`))
    expect(failure(announced)).toMatchObject({ reason: 'too-large', sent: true })
    written = 0
    const open = await make().send(call(`${server.url}/open`))
    expect(failure(open)).toMatchObject({ reason: 'too-large', sent: true })
    expect(written).toBeLessThan(50_000_000)
  })

  it('a gzip bomb costs no more memory than the limit', async () => {
    // A gigabyte of zeros in one megabyte, as members of 16 MB each.
    const bomb = Buffer.concat(Array(64).fill(gzipSync(Buffer.alloc(16_000_000))))
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bomb.length })
      response.end(bomb)
    })
    const before = process.memoryUsage().rss
    const outcome = await make().send(call(server.url, { maxAnswerBytes: 5_000_000 }))
    expect(failure(outcome)).toMatchObject({ reason: 'too-large', sent: true })
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
  })

  it('compressed bytes that unpack to nothing are bounded too', async () => {
    const empty = gzipSync(Buffer.alloc(0))
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const timer = setInterval(() => response.write(Buffer.concat(Array(1000).fill(empty))), 1)
      response.on('close', () => clearInterval(timer))
    })
    const outcome = await make().send(call(server.url, { maxAnswerBytes: 100_000 }))
    expect(failure(outcome)).toMatchObject({ reason: 'too-large', sent: true })
  })

  it('damaged compression, unknown compression, and bytes that are not HTTP', async () => {
    const damaged = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end('this is not gzip')
    })
    expect(failure(await make().send(put(damaged.url)))).toMatchObject({ reason: 'bad-answer', sent: true })
    const cut = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync(Buffer.alloc(1000, 'abc')).subarray(0, 20))
    })
    expect(failure(await make().send(put(cut.url)))).toMatchObject({ reason: 'bad-answer', sent: true })
    const unknown = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'lzma' })
      response.end('x')
    })
    expect(failure(await make().send(put(unknown.url)))).toMatchObject({ reason: 'bad-answer', sent: true })
    const ssh = await raw((socket) => socket.end('SSH-2.0-OpenSSH_9.0\r\n'))
    expect(failure(await make().send(put(ssh.url)))).toMatchObject({ sent: true })
    const noise = await raw((socket) => socket.on('data', () => socket.end('220 smtp ready\r\n')))
    expect(failure(await make().send(put(noise.url)))).toMatchObject({ reason: 'bad-answer', sent: true })
    const headers = await raw((socket) =>
      socket.on('data', () => socket.end(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`)),
    )
    expect(failure(await make().send(put(headers.url)))).toMatchObject({ reason: 'bad-answer', sent: true })
  })

  it('tells nothing secret: neither in the outcome nor in the log', async () => {
    const log = memoryLog()
    const server = await raw((socket) => socket.on('data', () => socket.resetAndDestroy()))
    const outcome = await createHttp({ log }).send(
      put(`${server.url}/api/v2/users?userId=secret-user`, {
        headers: { authorization: 'Bearer secret-token' },
        body: '{"newPassword":"secret-password"}',
      }),
    )
    expect(log.lines.map(({ event }) => event)).toEqual(['http.failed'])
    expect(JSON.stringify([outcome, log.lines])).not.toContain('secret')
  })
})

describe('proxies', () => {
  const through = (answer: string) => createHttp({ resolveProxy: async () => answer, log: memoryLog() })

  it('tunnels through the resolved proxy', async () => {
    const server = await serve((_, response) => response.end('{"ok":1}'))
    const { port, asked } = await connectProxy()
    expect(await through(`PROXY 127.0.0.1:${port}`).send(put(server.url))).toMatchObject({ body: '{"ok":1}' })
    expect(asked).toEqual([`127.0.0.1:${server.port}`])
    expect(server.seen).toHaveLength(1)
  })

  it('reports what the proxy says as the proxy’s, and nothing as sent', async () => {
    const server = await serve((_, response) => response.end('{}'))
    const { port } = await connectProxy(407)
    const outcome = await through(`PROXY 127.0.0.1:${port}`).send(put(server.url))
    expect(failure(outcome)).toEqual({ reason: 'proxy', sent: false, code: 'PROXY_407' })
    expect(server.connections()).toBe(0)
  })

  it('goes on to the next route when a proxy is down, and says so when none is left', async () => {
    const server = await serve((_, response) => response.end('{}'))
    const dead = `PROXY 127.0.0.1:${await closedPort()}`
    expect(await through(`${dead}; SOCKS5 127.0.0.1:1; DIRECT`).send(put(server.url))).toMatchObject({
      kind: 'answer',
    })
    expect(failure(await through(dead).send(put(server.url)))).toMatchObject({ reason: 'proxy', sent: false })
    expect(failure(await through('SOCKS5 127.0.0.1:1').send(put(server.url)))).toMatchObject({
      reason: 'proxy',
      sent: false,
    })
  })

  it('gives up on a proxy that never answers, and on one that resets', async () => {
    const server = await serve((_, response) => response.end('{}'))
    const stalled = await raw(() => {})
    const slow = await through(`PROXY 127.0.0.1:${stalled.port}`).send(
      put(server.url, { connectTimeoutMs: 200 }),
    )
    expect(failure(slow)).toMatchObject({ reason: 'connect-timeout', sent: false })
    const resetting = await raw((socket) => socket.on('data', () => socket.resetAndDestroy()))
    const reset = await through(`PROXY 127.0.0.1:${resetting.port}`).send(put(server.url))
    expect(failure(reset)).toMatchObject({ reason: 'proxy', sent: false })
  })

  it('asks about the origin only, ignores the environment, and goes direct when asking fails', async () => {
    const server = await serve((_, response) => response.end('{}'))
    process.env.HTTP_PROXY = `http://127.0.0.1:${await closedPort()}`
    process.env.http_proxy = process.env.HTTP_PROXY
    try {
      const asked: string[] = []
      const http = createHttp({
        resolveProxy: async (url) => {
          asked.push(url)
          throw new Error('no script')
        },
        log: memoryLog(),
      })
      expect(await http.send(put(`${server.url}/api/v2/users?userId=a`))).toMatchObject({ kind: 'answer' })
      expect(asked).toEqual([`${server.url}/`])
    } finally {
      delete process.env.HTTP_PROXY
      delete process.env.http_proxy
    }
  })
})
