import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../../shared/json'
import type { DemoServer } from './demo-server'

/** What a server was sent, as it came over the wire. */
export interface Wire extends Pick<DemoServer, 'baseUrl' | 'username' | 'password'> {
  /** The bodies of every PUT to a path, in order. */
  puts(path?: string): JsonObject[]
  /** From now on calls for which there is an answer here never reach the server. */
  answerFor(instead: (call: Call) => Said | undefined): void
  /** What the app is answered in place of what the server said, from now on. */
  rewrite(change: (call: Call, said: string) => string): void
  /** Keeps every PUT from the server until what this returns is called. */
  holdPuts(): () => void
  /** Keeps every list of a group's users back, but for the first so many, until what this returns is called. */
  holdLists(but: number): () => void
}

export interface Call {
  readonly method: string
  readonly path: string
  readonly body: string
}
export interface Said {
  readonly status: number
  readonly text: string
}

/** What waits for `open` goes on when it is released. */
function newGate(): { readonly open: Promise<void>; readonly release: () => void } {
  let release = () => {}
  const open = new Promise<void>((resolve) => {
    release = resolve
  })
  return { open, release: () => release() }
}

const open: (() => void)[] = []

/** Ends every wire of a test. */
export const closeWires = (): void => {
  for (const close of open.splice(0)) close()
}

/** A wire between the app and a server that writes down what is put. */
export async function openWire({ baseUrl, username, password }: DemoServer): Promise<Wire> {
  const target = new URL(baseUrl)
  const seen: { path: string; body: JsonObject }[] = []
  const free = Promise.resolve()
  let heldPuts: Promise<void> = free
  let heldLists: Promise<void> = free
  let listsLeft = 0
  let instead: Parameters<Wire['answerFor']>[0] = () => undefined
  let change: Parameters<Wire['rewrite']>[0] | undefined
  /** When a call may go on to the server. */
  const mayGo = (method: string, url: string): Promise<void> => {
    if (method === 'PUT') return heldPuts
    const lists = method === 'GET' && /\/users\?.*groupId=/.test(url)
    return lists && listsLeft-- <= 0 ? heldLists : free
  }
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const { method = 'GET', url = '/', headers } = incoming
      if (method === 'PUT') {
        const path = new URL(url, baseUrl).pathname.slice(target.pathname.length)
        seen.push({ path, body: JSON.parse(body.toString('utf8')) as JsonObject })
      }
      const call = { method, path: url, body: body.toString('utf8') }
      const own = instead(call)
      if (own !== undefined) {
        outgoing.writeHead(own.status, { 'content-type': 'application/json' }).end(own.text)
        return
      }
      const on = request(
        {
          host: target.hostname,
          port: target.port,
          method,
          path: url,
          // As it is, so that it can be changed.
          headers: { ...headers, host: target.host, 'accept-encoding': 'identity' },
        },
        (answer) => {
          const rewrite = change
          if (rewrite === undefined) {
            outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
            answer.pipe(outgoing)
            return
          }
          const parts: Buffer[] = []
          answer.on('data', (part: Buffer) => parts.push(part))
          answer.on('end', () => {
            const text = rewrite(call, Buffer.concat(parts).toString('utf8'))
            outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' }).end(text)
          })
        },
      )
      on.on('error', () => outgoing.destroy())
      void mayGo(method, url).then(() => on.end(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}${target.pathname}`,
    username,
    password,
    holdPuts: () => {
      const gate = newGate()
      heldPuts = gate.open
      return gate.release
    },
    holdLists: (but) => {
      const gate = newGate()
      listsLeft = but
      heldLists = gate.open
      return gate.release
    },
    answerFor: (by) => {
      instead = by
    },
    rewrite: (by) => {
      change = by
    },
    puts: (path = '/users') => seen.filter((put) => put.path === path).map(({ body }) => body),
  }
}
