import { afterEach } from 'vitest'
import type { DemoOptions } from '../../../electron/demo/options'
import { type DemoServer, startDemoServer } from '../../../electron/demo/server'
import { createOdinClient, type OdinClientOptions } from '../../../electron/odin/client'
import type { OdinConnection, OdinResult } from '../../../electron/odin/types'
import { systemClock } from '../../../electron/platform/clock'
import { createHttp } from '../../../electron/platform/http'
import type { Log } from '../../../electron/platform/ports'

export const PASSWORD = 'Open-Sesame-1'
export const MANNERS = ['plain', 'awkward'] as const

const running = new Set<DemoServer>()

/** Every test ends with its servers stopped and without an unexpected error inside them. */
afterEach(async () => {
  const servers = [...running]
  running.clear()
  await Promise.all(servers.map((server) => server.close()))
  const failures = servers.flatMap((server) => server.truth.failures())
  if (failures.length > 0) throw new Error(`The demo server failed inside:\n${failures.join('\n')}`)
})

export async function start(options: DemoOptions = {}): Promise<DemoServer> {
  const server = await startDemoServer({ users: 600, groups: 9, password: PASSWORD, ...options })
  running.add(server)
  return server
}

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }

export function connect(server: DemoServer, options: Partial<OdinClientOptions> = {}): OdinConnection {
  return createOdinClient({
    http: createHttp({ log: silent }),
    clock: systemClock(),
    baseUrl: server.baseUrl,
    callsPerSecond: 100,
    credentials: async () => PASSWORD,
    log: silent,
    ...options,
  })
}

export async function signedIn(
  server: DemoServer,
  username = 'admin',
  options: Partial<OdinClientOptions> = {},
): Promise<OdinConnection> {
  const client = connect(server, options)
  good(await client.signIn(username, PASSWORD))
  server.truth.clearWire()
  return client
}

export function good<T>(result: OdinResult<T>): T {
  if (!result.ok) throw new Error(`Refused: ${JSON.stringify(result.error)}`)
  return result.value
}

export function bad(result: OdinResult<unknown>) {
  if (result.ok) throw new Error(`Not refused: ${JSON.stringify(result.value)}`)
  return result.error
}

/** `METHOD /path` of the calls since the sign-in. */
export const calls = (server: DemoServer) =>
  server.truth.wire().map(({ method, path }) => `${method} ${path.replace('/api/v2', '').split('?')[0]}`)
