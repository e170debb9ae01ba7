import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { FaultKind } from '../../electron/demo/options'
import { type DemoServer, startDemoServer } from '../../electron/demo/server'
import type { EngineOptions } from '../../electron/features/outbox/engine/options'
import { verifyChain } from '../../electron/store/repositories/history-chain'
import { openStore, type Store } from '../../electron/store/store'
import { createChance } from './chance'

export interface KillSetup {
  readonly seed: number
  /** Counted from 1; part of every value that is saved, so that no two lives write the same. */
  readonly life: number
  readonly file: string
  readonly key: string
  readonly baseUrl: string
  readonly username: string
  readonly password: string
  readonly callsPerSecond: number
  readonly times: Partial<EngineOptions>
  readonly userIds: readonly string[]
  readonly paths: readonly string[]
}
export type ToChild = 'finish'
export type FromChild =
  | { readonly saving: { readonly userId: string; readonly path: string; readonly value: string } }
  | { readonly saved: string }
  | { readonly done: true }

export interface Killed {
  readonly kills: number
  readonly saves: number
  /** Saves of which a killed process did not say whether they were on disk. */
  readonly inDoubt: number
  readonly puts: number
  readonly failures: readonly string[]
}

const top = fileURLToPath(new URL('../..', import.meta.url))
const key = '07'.repeat(32)
const paths = ['title', 'lastName', 'address.city'] as const
const userCount = 24
/** A process waits most of its life, so several fit on one core. */
const lanesAtOnce = 6
/** How much later than its answer a request may land; well within the settle time, on a slow machine too. */
const lateMs = 250
/** The times of the protocol, shortened alike. */
const times: Partial<EngineOptions> = {
  settleMs: 1_500,
  spacingMs: 600,
  rereadMs: [20, 60, 200],
  backoffBaseMs: 20,
  backoffCapMs: 200,
}
const rates: Partial<Record<FaultKind, number>> = {
  reset: 0.02,
  'lost-answer': 0.05,
  truncated: 0.02,
  'done-500': 0.02,
  'done-empty': 0.02,
  late: 0.03,
  duplicate: 0.03,
  '500': 0.01,
  '503': 0.01,
  '401': 0.01,
  html200: 0.01,
  partial: 0.02,
}

/** One file without TypeScript in it: a process starts four times as fast. */
async function bundle(): Promise<string> {
  const outDir = join(top, 'test-results', 'kill')
  await build({
    configFile: false,
    root: top,
    logLevel: 'warn',
    // One file is read faster than a hundred; the native module stays where it is.
    ssr: { noExternal: true, external: ['libsql'] },
    build: {
      ssr: 'test/simulation/kill-child.ts',
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
    },
  })
  return join(outDir, 'kill-child.js')
}

interface Wish {
  /** The newest value that was certainly on disk, then those that may have been. */
  readonly possible: string[]
}

/** One profile and one server, and a row of processes that are killed on it. */
async function lane(options: {
  readonly seed: number
  readonly kills: number
  readonly child: string
  readonly onKill: () => void
}): Promise<Omit<Killed, 'kills'>> {
  const { seed, kills, child, onKill } = options
  const chance = createChance(seed)
  mkdirSync(join(top, 'test-results'), { recursive: true })
  const folder = mkdtempSync(join(top, 'test-results', 'kill-profile-'))
  const server = await startDemoServer({
    users: userCount,
    groups: 3,
    seed,
    latencyMs: [0, 12],
    wireLogSize: 1_000_000,
    faults: { rates, lateMs, methods: ['PUT', 'GET'] },
  })
  const userIds = server.truth.userIds(0, userCount)
  const wishes = new Map<string, Wish>()
  const counts = { saves: 0, inDoubt: 0 }
  const failures: string[] = []

  const live = async (life: number, ends: 'killed' | 'quiet'): Promise<void> => {
    const setup: KillSetup = {
      seed: seed * 100_003 + life,
      life,
      file: join(folder, 'gungnir.db'),
      key,
      baseUrl: server.baseUrl,
      username: server.username,
      password: server.password,
      callsPerSecond: 400,
      times,
      userIds,
      paths,
    }
    const running = fork(child, [], {
      env: { ...process.env, KILL_SETUP: JSON.stringify(setup) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const ended = once(running, 'exit')
    let saving: { key: string; value: string } | undefined
    let done = false
    let born = (): void => {}
    const started = new Promise<void>((resolve) => {
      born = resolve
    })
    running.on('message', (message: FromChild) => {
      born()
      if ('saving' in message) {
        const { userId, path, value } = message.saving
        saving = { key: `${userId}\n${path}`, value }
        const wish = wishes.get(saving.key) ?? { possible: [] }
        wish.possible.push(value)
        wishes.set(saving.key, wish)
      } else if ('saved' in message) {
        if (saving?.value !== message.saved)
          failures.push(`${message.saved} was saved without being announced`)
        else wishes.get(saving.key)?.possible.splice(0, Number.POSITIVE_INFINITY, saving.value)
        saving = undefined
        counts.saves++
      } else done = true
    })
    if (ends === 'killed') {
      // Some die while they start and recover, most while they send: in its first second a process calls nobody.
      if (chance.happens(0.9)) await Promise.race([started, ended])
      const first = chance.happens(0.7) ? 1_000 : 0
      await new Promise((resolve) => setTimeout(resolve, first + chance.between(0, 500)))
      running.kill('SIGKILL')
      onKill()
    } else running.send('finish' satisfies ToChild)
    const [code, signal] = (await ended) as [number | null, string | null]
    if (ends === 'killed' ? signal !== 'SIGKILL' : !done) {
      failures.push(`life ${life} ended by itself with ${code ?? signal}`)
    }
    if (saving !== undefined) counts.inDoubt++
  }

  try {
    for (let life = 1; life <= kills && failures.length === 0; life++) await live(life, 'killed')
    server.truth.setFaults({ rates: {} })
    if (failures.length === 0) await live(kills + 1, 'quiet')
    failures.push(...judge(server, join(folder, 'gungnir.db'), wishes))
    const puts = server.truth.wire().filter(isPut).length
    return { ...counts, puts, failures: failures.map((failure) => `--seed ${seed}: ${failure}`) }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const isPut = ({ method, path }: { method: string; path: string }): boolean =>
  method === 'PUT' && path.endsWith('/users')

const valueAt = (object: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], object)

/** Nothing lost, nothing older over something newer, no PUT without a record, a sound database. */
function judge(server: DemoServer, file: string, wishes: ReadonlyMap<string, Wish>): string[] {
  const failures: string[] = []
  for (const [name, { possible }] of wishes) {
    const [userId = '', path = ''] = name.split('\n')
    const now = valueAt(server.truth.user(userId), path)
    if (!possible.includes(String(now))) {
      failures.push(
        `${path} of ${userId} is ${String(now)} on the server, and ${possible.join(' or ')} was saved`,
      )
    }
  }
  const newest = new Map<string, readonly [number, number]>()
  const sent = new Map<string, number>()
  for (const { body } of server.truth.wire().filter(isPut)) {
    sent.set(body, (sent.get(body) ?? 0) + 1)
    const json = JSON.parse(body) as { userId: string }
    for (const path of paths) {
      const value = valueAt(json, path)
      if (value === undefined) continue
      const [life = 0, n = 0] = String(value).split('.').map(Number)
      const before = newest.get(`${json.userId}\n${path}`) ?? [0, 0]
      if (life < before[0] || (life === before[0] && n < before[1])) {
        failures.push(`${path} of ${json.userId}: ${String(value)} was sent after ${before.join('.')}`)
      } else newest.set(`${json.userId}\n${path}`, [life, n])
    }
  }
  const store = openStore({ file, key: Buffer.from(key, 'hex') })
  try {
    if (failures.length > 0) console.log(storyOf(store, server, failures))
    if (store.all('PRAGMA integrity_check').some((row) => row.integrity_check !== 'ok')) {
      failures.push('the database is damaged')
    }
    const recorded = new Map<string, number>()
    for (const [row] of store.rows('SELECT row FROM history')) {
      const { request } = JSON.parse(String(row)) as { request: string }
      recorded.set(request, (recorded.get(request) ?? 0) + 1)
    }
    for (const [body, times] of sent) {
      if (times > (recorded.get(body) ?? 0)) failures.push(`a PUT is not in history: ${body}`)
    }
    const open = store.rows("SELECT count(*) FROM history WHERE outcome = 'pending'")[0]?.[0]
    if (open !== 0) failures.push(`${String(open)} attempts have no outcome`)
    const chain = verifyChain(store)
    let step = chain.next()
    while (!step.done) step = chain.next()
    if (step.value.faults.length > 0) failures.push('the chain of the history is broken')
  } finally {
    store.close()
  }
  return failures
}

/** What the wire and history say of the users that a failure names. */
function storyOf(store: Store, server: DemoServer, failures: readonly string[]): string {
  const named = (text: string): boolean =>
    failures.some((failure) => {
      const userId = /\S+@\S+/.exec(failure)?.[0].replace(/:$/, '')
      return userId !== undefined && text.includes(userId)
    })
  const wire = server.truth
    .wire()
    .filter(({ method, body, path }) => method !== 'POST' && named(body + decodeURIComponent(path)))
    .map(
      ({ at, wall, method, body, status, fault }) =>
        `${wall} ${Math.round(at)} ${method} ${body} ${status ?? ''} ${fault ?? ''}`,
    )
  const history = store
    .rows('SELECT row, outcome FROM history ORDER BY seq')
    .filter(([row]) => named(String(row)))
    .map(([row, outcome]) => {
      const { startedWall, request, words, after } = JSON.parse(String(row)) as Record<string, unknown>
      return `${String(startedWall)} ${String(outcome)} ${String(request)} ${String(words)} ${JSON.stringify(after)}`
    })
  const entries = store
    .rows('SELECT entry FROM outbox ORDER BY seq')
    .map(([entry]) => String(entry))
    .filter(named)
  return ['wire', ...wire, 'history', ...history, 'outbox', ...entries].join('\n')
}

/** Kills the outbox's process so many times, on several profiles side by side, and looks at what is left at the end. */
export async function killOften(options: {
  readonly seed: number
  readonly kills: number
  readonly onKill?: (done: number) => void
}): Promise<Killed> {
  const { seed, kills, onKill } = options
  const child = await bundle()
  let done = 0
  const side = Math.min(lanesAtOnce, kills)
  const lanes = await Promise.all(
    Array.from({ length: side }, (_, at) =>
      lane({
        seed: seed + at,
        kills: Math.floor(kills / side) + (at < kills % side ? 1 : 0),
        child,
        onKill: () => onKill?.(++done),
      }),
    ),
  )
  const sum = (of: 'saves' | 'inDoubt' | 'puts'): number => lanes.reduce((total, one) => total + one[of], 0)
  return {
    kills,
    saves: sum('saves'),
    inDoubt: sum('inDoubt'),
    puts: sum('puts'),
    failures: lanes.flatMap(({ failures }) => failures),
  }
}
