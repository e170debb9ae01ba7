import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultOptions } from '../../electron/features/outbox/engine/options'
import { openStore } from '../../electron/store/store'
import type { JsonObject } from '../../shared/json'
import type { UserKey } from '../../shared/user/types'
import { type DemoServer, startDemoServer } from '../e2e/demo-server'
import { realOutbox } from '../simulation/real-outbox'
import { report } from './report'

const latencyMs = 20

interface Target {
  readonly key: UserKey
  readonly title: string | null
}

async function targetsOf(server: DemoServer, count: number, oneGroup: boolean): Promise<Target[]> {
  const targets: Target[] = []
  const seen = new Set<string>()
  for (const row of await server.find({ limit: '1' })) {
    const scope = { serviceProviderId: String(row.serviceProviderId), groupId: String(row.groupId) }
    const all = await server.find(
      oneGroup
        ? { ...scope, extended: 'true' }
        : { serviceProviderId: scope.serviceProviderId, extended: 'true' },
    )
    for (const user of all) {
      const userId = String(user.userId)
      if (targets.length >= count || seen.has(userId)) continue
      seen.add(userId)
      targets.push({
        key: {
          serviceProviderId: String(user.serviceProviderId),
          groupId: String(user.groupId),
          userId,
        },
        title: user.title === undefined || user.title === '' ? null : String(user.title),
      })
    }
  }
  return targets
}

/** One PUT after another, each on a new connection, nothing read before or after: as the Python SDK does it. */
async function blind(server: DemoServer, targets: readonly Target[], title: string): Promise<number> {
  const signIn = await fetch(`${server.baseUrl}/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: server.username, password: server.password }),
  })
  const { token } = (await signIn.json()) as { token: string }
  const began = performance.now()
  for (const { key } of targets) {
    await new Promise<void>((resolve, reject) => {
      const put = request(
        `${server.baseUrl}/users`,
        {
          method: 'PUT',
          agent: false,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        },
        (answer) => {
          if (answer.statusCode !== 200) reject(new Error(`PUT: ${answer.statusCode}`))
          answer.resume().on('end', resolve)
        },
      )
      put.on('error', reject)
      put.end(JSON.stringify({ ...key, title }))
    })
  }
  return performance.now() - began
}

/** The app's own outbox: every change recorded durably, pre-read, sent, verified, written to history. */
async function ours(
  server: DemoServer,
  targets: readonly Target[],
  title: string,
  callsPerSecond: number,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-bench-'))
  const store = openStore({ file: join(folder, 'gungnir.db'), key: randomBytes(32) })
  const { baseUrl, username, password } = server
  const app = realOutbox({ store, baseUrl, username, password, callsPerSecond })
  if (!(await app.signIn())) throw new Error('The demo server refused the sign-in')
  app.outbox.pause(true)
  await app.outbox.save({
    changes: targets.map((target) => ({
      user: target.key,
      edits: [{ path: 'title', base: target.title, mine: title }],
    })),
  })
  const began = performance.now()
  app.outbox.pause(false)
  const left = ({ waiting, needsPerson } = app.outbox.counts()) => waiting - needsPerson
  while (left() > 0) await new Promise((resolve) => setTimeout(resolve, 10))
  const ms = performance.now() - began
  const needsPerson = app.outbox.counts().needsPerson
  await app.outbox.stop()
  store.close()
  rmSync(folder, { recursive: true, force: true })
  if (needsPerson > 0) throw new Error(`${needsPerson} changes did not arrive`)
  return ms
}

async function confirm(server: DemoServer, targets: readonly Target[], title: string): Promise<void> {
  const wrong: JsonObject[] = []
  for (const target of targets.slice(0, 50)) {
    const user = await server.user(target.key.userId)
    if (user.title !== title) wrong.push(user)
  }
  if (wrong.length > 0) throw new Error(`${wrong.length} users do not have the new title`)
}

/** Sending queued changes with all checks, beside a client that makes none, and beside what latency allows. */
export default async function push(sizes: readonly number[]): Promise<void> {
  const count = sizes[0] ?? 1000
  const server = await startDemoServer({ users: 25_000, switches: ['--latency', String(latencyMs)] })
  try {
    const targets = await targetsOf(server, count, false)
    if (targets.length < count) throw new Error(`only ${targets.length} users`)
    const peer = await blind(server, targets, 'Blind')
    const now = targets.map((target) => ({ ...target, title: 'Blind' }))
    const own = await ours(server, now, 'Checked', 10_000)
    await confirm(server, targets, 'Checked')
    // A pre-read and a PUT each, on as many lanes as the engine has.
    const limit = (latencyMs * 2 * count) / defaultOptions.lanes
    report(`push, ${count} changes, ${latencyMs} ms latency, no pace`, [
      {
        name: 'recorded, checked, sent, verified',
        value: own,
        unit: 'ms',
        against: { name: 'blind PUTs one after another', value: peer },
        aim: '< 1',
      },
      {
        name: 'the same',
        value: own,
        unit: 'ms',
        against: { name: `latency × 2 calls ÷ ${defaultOptions.lanes} lanes`, value: limit },
        aim: '≤ 1.3',
      },
    ])
    const group = await targetsOf(server, Math.min(count, 100), true)
    const paced = await ours(server, group, 'Paced', 5)
    report(`push, ${group.length} changes in one group at 5 calls a second`, [
      {
        name: 'sent',
        value: (1000 * group.length) / paced,
        unit: 'edits/s',
        against: { name: 'aimed at', value: 4 },
        aim: '≥ 1',
      },
    ])
  } finally {
    await server.kill()
  }
}
