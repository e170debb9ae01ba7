import { createOdinClient, type OdinClientOptions } from '../../../../electron/odin/client'
import type { OdinConnection } from '../../../../electron/odin/types'
import { systemClock } from '../../../../electron/platform/clock'
import { createHttp } from '../../../../electron/platform/http'
import type { Clock, Http } from '../../../../electron/platform/ports'
import { memoryLog, type Seen, serve } from '../platform/http-servers'

/** What a route answers: a body with 200, or status and body, or nothing at all. */
export type Reply =
  | {
      readonly status?: number
      readonly headers?: Record<string, string>
      readonly json?: unknown
      readonly text?: string
    }
  | 'reset'

export type Route = (seen: Seen) => Reply | Promise<Reply>

export const password = 'correct-horse'

export interface Small {
  /** `METHOD /path` → how it is answered; a test changes them as it goes. */
  readonly routes: Record<string, Route>
  readonly seen: Seen[]
  /** Tokens that are accepted at the moment. */
  readonly tokens: Set<string>
  readonly url: string
  /** `METHOD /path?query` of all calls so far. */
  calls(): string[]
}

/** A JWT as the server makes them. */
export function token(life = 43_200, more: object = {}): string {
  const iat = Math.floor(Date.now() / 1000)
  const claims = { iss: 'parkbenchsolutions.com', iat, exp: iat + life, ...more, n: Math.random() }
  return `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`
}

export const session = {
  userId: 'admin',
  loginType: 'System',
  isSystemAdmin: true,
  readOnly: false,
  policy: [],
}

/** A tiny server with a sign-in like the real one, for what the demo server cannot be made to do. */
export async function smallServer(life?: number): Promise<Small> {
  const tokens = new Set<string>()
  const fresh = () => {
    const one = token(life)
    tokens.add(one)
    return one
  }
  const routes: Record<string, Route> = {
    'POST /auth/token': ({ body }) => {
      const given = JSON.parse(body) as { username: string; password: string }
      if (given.password !== password)
        return { status: 401, json: { status: 401, error: '[Error 4962] Invalid password' } }
      return { json: { token: fresh(), ...session } }
    },
    'PUT /auth/token': () => ({ json: { token: fresh(), ...session } }),
    'GET /auth/session': () => ({ json: session }),
    'POST /auth/token/logout': () => ({ json: {} }),
  }
  const open = new Set(['POST /auth/token', 'PUT /auth/token/password'])
  const server = await serve(async (seen, response) => {
    const url = new URL(seen.url, 'http://x')
    const name = `${seen.method} ${url.pathname.replace('/api/v2', '')}`
    const bearer = seen.headers.authorization?.replace('Bearer ', '')
    const isKnown = open.has(name) || (bearer !== undefined && tokens.has(bearer))
    const reply: Reply = isKnown
      ? ((await routes[name]?.(seen)) ?? { status: 404, json: { status: 404, error: 'Not Found' } })
      : { status: 401, json: { status: 401, error: 'Unauthenticated.' } }
    if (reply === 'reset') return response.socket?.resetAndDestroy()
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
    response.end(reply.text ?? JSON.stringify(reply.json))
  })
  return {
    routes,
    tokens,
    seen: server.seen,
    url: `${server.url}/api/v2`,
    calls: () => server.seen.map(({ method, url }) => `${method} ${url.replace('/api/v2', '')}`),
  }
}

/** The machine's clock, with a hand on its hands. */
export function movableClock(): Clock & { move(ms: number): void } {
  const real = systemClock()
  let offset = 0
  return {
    wall: () => real.wall() + offset,
    mono: () => real.mono() + offset,
    after: real.after,
    move: (ms) => {
      offset += ms
    },
  }
}

/**
 * The machine's clock, but that what waits for a second or more waits for a hand: `pass` moves to when the next of it is due
 * and runs it.
 */
export function patientClock() {
  const clock = movableClock()
  const waiting = new Map<() => void, number>()
  return {
    clock: {
      ...clock,
      after(ms: number, run: () => void) {
        if (ms < 1000) return clock.after(ms, run)
        waiting.set(run, ms)
        return () => void waiting.delete(run)
      },
    },
    /** How long each of it was to wait, in ms. */
    waiting: () => [...waiting.values()],
    /** Returns how many ms that were, nothing where nothing waits. */
    pass(): number | undefined {
      const [next] = [...waiting].sort(([, a], [, b]) => a - b)
      if (next === undefined) return undefined
      const [run, ms] = next
      waiting.delete(run)
      clock.move(ms)
      run()
      return ms
    },
  }
}

/** Real calls, counted from the moment at which they are asked for. */
export function watchedHttp() {
  const real = createHttp({ log: memoryLog() })
  let open = 0
  let sent = 0
  const http: Http = {
    async send(request) {
      sent++
      open++
      return await real.send(request).finally(() => open--)
    },
  }
  return { http, sent: () => sent, open: () => open }
}

/** A client with a log to look into. Calls are all but unpaced. */
export function connect(
  baseUrl: string,
  options: Partial<OdinClientOptions> = {},
): { client: OdinConnection; log: ReturnType<typeof memoryLog> } {
  const log = memoryLog()
  const client = createOdinClient({
    http: createHttp({ log }),
    clock: systemClock(),
    baseUrl,
    callsPerSecond: 100,
    credentials: async () => password,
    log,
    ...options,
  })
  return { client, log }
}
