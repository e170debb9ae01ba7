import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import type { Log } from '../../../../electron/platform/ports'
import type { Pair } from './http-certificates'

const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

/** Starts a TCP-based server on a free loopback port and closes it, with its connections, after the test. */
export async function listen<S extends net.Server>(server: S): Promise<number> {
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  )
  return (server.address() as AddressInfo).port
}

export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** A server that keeps what it was sent, then lets `answer` reply. */
export async function serve(
  answer: (request: Seen, response: http.ServerResponse) => void,
  tls?: Pair & { readonly ciphers?: string },
): Promise<{ port: number; url: string; seen: Seen[]; connections: () => number }> {
  const seen: Seen[] = []
  let connections = 0
  const handler: http.RequestListener = (request, response) => {
    response.on('error', () => {})
    const parts: Buffer[] = []
    request.on('error', () => {})
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const one: Seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
      }
      seen.push(one)
      answer(one, response)
    })
  }
  const server = tls === undefined ? http.createServer(handler) : https.createServer(tls, handler)
  server.on('connection', () => connections++)
  server.on('tlsClientError', () => {})
  const port = await listen(server)
  const host = tls === undefined ? 'http://127.0.0.1' : 'https://localhost'
  return { port, url: `${host}:${port}`, seen, connections: () => connections }
}

/** A server below HTTP. `bytes()` is all that came in. */
export async function raw(
  onSocket: (socket: net.Socket, received: Buffer[]) => void,
): Promise<{ port: number; url: string; bytes: () => number }> {
  const received: Buffer[] = []
  const port = await listen(
    net.createServer((socket) => {
      socket.on('data', (chunk: Buffer) => received.push(chunk))
      onSocket(socket, received)
    }),
  )
  return { port, url: `http://127.0.0.1:${port}`, bytes: () => Buffer.concat(received).length }
}

/** A port on loopback where nothing listens. */
export async function closedPort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

export interface Line {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** A log that keeps its lines, to look for secrets in them. */
export function memoryLog(): Log & { readonly lines: Line[] } {
  const lines: Line[] = []
  const at =
    (level: Line['level']) =>
    (event: string, facts: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, event, facts })
    }
  return { lines, info: at('info'), warn: at('warn'), error: at('error') }
}

/** A proxy that makes tunnels, or answers CONNECT with `status`. */
export async function connectProxy(status = 200): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = []
  const server = http.createServer((_, response) => response.writeHead(400).end())
  server.on('connect', (request, socket, head) => {
    asked.push(request.url ?? '')
    socket.on('error', () => {})
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 5\r\n\r\nproxy`)
      return
    }
    const [host = '', port = ''] = (request.url ?? '').split(':')
    const upstream = net.connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket)
      socket.pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
  })
  return { port: await listen(server), asked }
}
