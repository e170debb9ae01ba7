import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../../shared/json'
import type { DemoServer } from './demo-server'

/** How a server, or whatever stands before it, is not there. */
export type Absence = 'refused' | 'reset' | 'hangs' | 'empty' | 'maintenance' | 'gateway' | `page ${number}`

/** What stands between the app and a server, and lets the server be away in many ways. */
export interface Moody extends Pick<DemoServer, 'baseUrl' | 'username' | 'password'> {
  away(how: Absence): Promise<void>
  /**
   * The server is there again: at once, or the first `hesitant.calls` calls still meet something else. A sign-in takes
   * `signInMs` longer.
   */
  back(options: {
    readonly hesitant?: { readonly how: Absence; readonly calls: number }
    readonly signInMs: number
  }): Promise<void>
  /** Every sign-in that was given so far has ended. */
  voidTokens(): void
  /** The bodies of the changes that the server was given. */
  readonly puts: readonly JsonObject[]
  close(): Promise<void>
}

const page = '<!doctype html><title>Log in to the network</title><form>Your room number</form>'

export async function openMoody({ baseUrl, username, password }: DemoServer): Promise<Moody> {
  const target = new URL(baseUrl)
  const puts: JsonObject[] = []
  const given = new Set<string>()
  const ended = new Set<string>()
  let mood: Absence | undefined
  let hesitant: { how: Absence; calls: number } | undefined
  let signInMs = 0
  let server: Server | undefined
  let port = 0

  const json = (outgoing: ServerResponse, status: number, body: JsonObject): void => {
    outgoing
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(status >= 400 ? { status, ...body } : body))
  }

  const beAway = (how: Absence, outgoing: ServerResponse): void => {
    switch (how) {
      case 'hangs':
        return
      case 'refused':
      case 'reset':
        outgoing.socket?.resetAndDestroy()
        return
      case 'empty':
        outgoing.writeHead(204).end()
        return
      case 'maintenance':
        json(outgoing, 503, { error: 'Down for maintenance' })
        return
      case 'gateway':
        json(outgoing, 502, { error: 'Bad gateway' })
        return
      default:
        outgoing.writeHead(Number(how.slice('page '.length)), { 'content-type': 'text/html' }).end(page)
    }
  }

  const forward = (incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void => {
    const { method = 'GET', url = '/', headers } = incoming
    const on = request(
      {
        host: target.hostname,
        port: target.port,
        method,
        path: url,
        headers: { ...headers, host: target.host },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          const text = Buffer.concat(chunks)
          const token = isSignIn(incoming) && /"token"\s*:\s*"([^"]+)"/.exec(text.toString('utf8'))?.[1]
          if (token) given.add(token)
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(text)
        })
      },
    )
    on.on('error', () => outgoing.destroy())
    on.end(body)
  }

  const isSignIn = ({ method, url = '' }: IncomingMessage): boolean =>
    method === 'POST' && url.endsWith('/auth/token')

  const answer = (incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): void => {
    if (mood !== undefined) {
      beAway(mood, outgoing)
      return
    }
    if (hesitant !== undefined && hesitant.calls > 0) {
      hesitant.calls--
      beAway(hesitant.how, outgoing)
      return
    }
    const token = (incoming.headers.authorization ?? '').replace('Bearer ', '')
    if (ended.has(token)) {
      json(outgoing, 401, { error: 'Unauthenticated.' })
      return
    }
    if (incoming.method === 'PUT' && incoming.url?.split('?')[0]?.endsWith('/users')) {
      puts.push(JSON.parse(body.toString('utf8')) as JsonObject)
    }
    if (isSignIn(incoming)) setTimeout(() => forward(incoming, body, outgoing), signInMs)
    else forward(incoming, body, outgoing)
  }

  const listen = async (): Promise<void> => {
    if (server !== undefined) return
    server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = []
      outgoing.on('error', () => {})
      incoming.on('error', () => {})
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => answer(incoming, Buffer.concat(chunks), outgoing))
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }

  const leave = async (): Promise<void> => {
    const leaving = server
    server = undefined
    if (leaving === undefined) return
    const gone = once(leaving, 'close')
    leaving.close()
    leaving.closeAllConnections()
    await gone
  }

  await listen()
  return {
    baseUrl: `http://127.0.0.1:${port}${target.pathname}`,
    username,
    password,
    async away(how) {
      mood = how
      if (how === 'refused') await leave()
    },
    async back(options) {
      mood = undefined
      hesitant = options.hesitant && { ...options.hesitant }
      signInMs = options.signInMs
      await listen()
    },
    voidTokens() {
      for (const token of given) ended.add(token)
    },
    puts,
    close: leave,
  }
}
