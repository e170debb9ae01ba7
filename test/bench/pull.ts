import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createDirectory } from '../../electron/features/users/directory'
import { createOdinClient } from '../../electron/odin/client'
import { systemClock } from '../../electron/platform/clock'
import { createHttp } from '../../electron/platform/http'
import type { Log } from '../../electron/platform/ports'
import { systemRandom } from '../../electron/platform/random'
import { sealedFiles } from '../../electron/platform/sealed-files'
import { connectionsRepository } from '../../electron/store/repositories/connections'
import { openStore } from '../../electron/store/store'
import type { LoadProgress } from '../../shared/ipc/contract'
import { type DemoServer, startDemoServer } from '../e2e/demo-server'
import { median, report } from './report'

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** The same lists, downloaded three at a time and parsed: what any client must spend. */
async function plain(server: DemoServer): Promise<{ ms: number; users: number }> {
  const began = performance.now()
  const get = async (path: string, init: RequestInit = {}) =>
    JSON.parse(await (await fetch(`${server.baseUrl}${path}`, init)).text())
  const { token } = await get('/auth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: server.username, password: server.password }),
  })
  const headers = { authorization: `Bearer ${token}` }
  const groups: string[] = []
  for (const { serviceProviderId } of await get('/service-providers', { headers })) {
    const parameters = new URLSearchParams({ serviceProviderId })
    for (const { groupId } of await get(`/groups?${parameters}`, { headers })) {
      parameters.set('groupId', groupId)
      groups.push(`/users?${parameters}`)
    }
  }
  let users = 0
  const lane = async () => {
    for (let path = groups.pop(); path !== undefined; path = groups.pop()) {
      const rows = await get(path, { headers })
      users += rows.length
    }
  }
  await Promise.all([lane(), lane(), lane()])
  return { ms: performance.now() - began, users }
}

interface Run {
  /** Until everything that the server sent was checked and lay encrypted on the disk. */
  readonly hereMs: number
  /** Until all of it was in the list, and could be searched. */
  readonly listedMs: number
  readonly users: number
  readonly blockedMs: number
}

/** The app's own load: client, encrypted store, normalising and search index. */
async function ours(server: DemoServer): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-bench-'))
  const key = randomBytes(32)
  const store = openStore({ file: join(folder, 'gungnir.db'), key })
  const clock = systemClock()
  const random = systemRandom(clock)
  const { baseUrl, username, password } = server
  const connection = { id: 'bench', name: 'Bench', baseUrl, username, callsPerSecond: 100, demo: false }
  connectionsRepository(store).save(connection)
  const client = createOdinClient({
    http: createHttp({ log: silent }),
    clock,
    baseUrl,
    callsPerSecond: 10_000,
    credentials: async () => password,
    log: silent,
  })
  let finished = () => {}
  const loaded = new Promise<void>((resolve) => {
    finished = resolve
  })
  let begun = false
  let hereAt = 0
  const directory = createDirectory({
    store,
    files: sealedFiles({ directory: join(folder, 'files'), key, random, log: silent }),
    clock,
    random,
    log: silent,
    readCalls: async () => undefined,
    emit: (event, payload) => {
      if (event !== 'users.progress') return
      const { running, groupsHere, groupsTotal } = payload as LoadProgress
      if (running) begun = true
      else if (begun) finished()
      if (groupsTotal > 0 && groupsHere === groupsTotal) hereAt ||= performance.now()
    },
  })
  const delay = monitorEventLoopDelay({ resolution: 5 })
  await directory.show(connection)
  const began = performance.now()
  delay.enable()
  await client.signIn(username, password)
  directory.attach(client)
  await loaded
  const { total } = await directory.window({ search: '', scope: {}, sort: [] }, 0, 50)
  const listedMs = performance.now() - began
  delay.disable()
  await directory.stop()
  store.close()
  rmSync(folder, { recursive: true, force: true })
  return { hereMs: hereAt - began, listedMs, users: total, blockedMs: delay.percentile(99.9) / 1e6 }
}

/** A server that answers at once shows what the app itself takes; the other, what is left of that where people work. */
const servers = [
  { name: 'from a server that answers at once', switches: [], rounds: 3 },
  {
    name: 'from a server that takes half a second for each answer',
    switches: ['--latency', '500'],
    rounds: 1,
  },
] as const

/** Loading all users of the demo server, store and index included, beside a plain download and JSON.parse. */
export default async function pull(sizes: readonly number[]): Promise<void> {
  for (const users of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) {
    for (const { name, switches, rounds } of servers) {
      const server = await startDemoServer({ users, switches })
      try {
        await measure(
          server,
          `pull, ${users.toLocaleString('en')} users, ${name}, median of ${rounds}`,
          rounds,
        )
      } finally {
        await server.kill()
      }
    }
  }
}

async function measure(server: DemoServer, title: string, rounds: number): Promise<void> {
  const peers: number[] = []
  const own: Run[] = []
  for (let round = 0; round < rounds; round++) {
    const peer = await plain(server)
    const run = await ours(server)
    if (peer.users !== server.users || run.users !== server.users) {
      throw new Error(`${peer.users} and ${run.users} users arrived, not ${server.users}`)
    }
    peers.push(peer.ms)
    own.push(run)
  }
  const against = { name: 'download and JSON.parse', value: median(peers) }
  report(title, [
    {
      name: 'loaded and stored',
      value: median(own.map(({ hereMs }) => hereMs)),
      unit: 'ms',
      against,
      aim: '≤ 1.5',
    },
    {
      name: 'and in the list, searchable',
      value: median(own.map(({ listedMs }) => listedMs)),
      unit: 'ms',
      against,
    },
    {
      name: 'event loop delay p99.9',
      value: median(own.map(({ blockedMs }) => blockedMs)),
      unit: 'ms',
      against: { name: 'limit', value: 50 },
      aim: '≤ 1',
    },
  ])
}
