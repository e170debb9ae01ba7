import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FaultKind } from '../../electron/demo/options'
import { startDemoServer } from '../../electron/demo/server'
import type { EngineOptions } from '../../electron/features/outbox/engine/options'
import { createChance } from './chance'
import { isPut, judgeStore, key, paths, servicePaths, truthOf } from './evidence'
import { asItWas, bundleLife, createWishes, newResults, startLife } from './life'

export interface Killed {
  readonly kills: number
  readonly saves: number
  /** Saves of which a killed process did not say whether they were on disk. */
  readonly inDoubt: number
  readonly puts: number
  readonly failures: readonly string[]
}

const userCount = 24
/** A process waits most of its life, so several fit on one core. */
const lanesAtOnce = 6
/** How much later than its answer a request may land; well within the settle time, on a slow machine too. */
export const lateMs = 250
/** The times of the protocol, shortened alike. */
export const times: Partial<EngineOptions> = {
  settleMs: 1_500,
  spacingMs: 600,
  rereadMs: [20, 60, 200],
  backoffBaseMs: 20,
  backoffCapMs: 200,
}
export const rates: Partial<Record<FaultKind, number>> = {
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

export const newProfile = (): string => newResults('profile-')

/** One profile and one server, and a row of processes that are killed on it. */
async function lane(options: {
  readonly seed: number
  readonly kills: number
  readonly child: string
  readonly onKill: () => void
}): Promise<Omit<Killed, 'kills'>> {
  const { seed, kills, child, onKill } = options
  const chance = createChance(seed)
  const folder = newProfile()
  const server = await startDemoServer({
    users: userCount,
    groups: 3,
    seed,
    latencyMs: [0, 12],
    wireLogSize: 1_000_000,
    faults: { rates, lateMs, methods: ['PUT', 'GET'] },
  })
  const wishes = createWishes()
  const failures: string[] = []
  const born = (life: number) =>
    startLife(
      child,
      {
        seed: seed * 100_003 + life,
        life,
        file: join(folder, 'gungnir.db'),
        key,
        baseUrl: server.baseUrl,
        username: server.username,
        password: server.password,
        callsPerSecond: 400,
        times,
        userIds: server.truth.userIds(0, userCount),
        paths: [...paths, ...servicePaths],
      },
      wishes,
    )
  const note = (problem: string | undefined): void => {
    if (problem !== undefined) failures.push(problem)
  }
  try {
    for (let life = 1; life <= kills && failures.length === 0; life++) {
      const one = born(life)
      // Some die while they start and recover, most while they send: in its first second a process calls nobody.
      if (chance.happens(0.9)) await one.awake
      const first = chance.happens(0.7) ? 1_000 : 0
      await new Promise((resolve) => setTimeout(resolve, first + chance.between(0, 500)))
      note(await one.kill())
      onKill()
    }
    server.truth.setFaults({ rates: {} })
    if (failures.length === 0) note(await born(kills + 1).finish())
    for (const [name, values] of wishes.possible) {
      const [userId = '', path = ''] = name.split('\n')
      const now = String(truthOf(server, userId, path))
      if (!values.includes(now) && !values.includes(asItWas)) {
        failures.push(`${path} of ${userId} is ${now} on the server, and ${values.join(' or ')} was saved`)
      }
    }
    judgeStore(server, join(folder, 'gungnir.db'), server.username, failures)
    const puts = server.truth.wire().filter(isPut).length
    return { ...wishes.counts, puts, failures: failures.map((failure) => `--seed ${seed}: ${failure}`) }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Kills the outbox's process so many times, on several profiles side by side, and looks at what is left at the end. */
export async function killOften(options: {
  readonly seed: number
  readonly kills: number
  readonly onKill?: (done: number) => void
}): Promise<Killed> {
  const { seed, kills, onKill } = options
  const child = await bundleLife()
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
