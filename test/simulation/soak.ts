import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type DemoServer, startDemoServer } from '../../electron/demo/server'
import { openStore } from '../../electron/store/store'
import { createChance } from './chance'
import { judgeStore, key, paths, type Sent, sentBy, valueAt } from './evidence'
import { lateMs, newProfile, rates, times } from './kill'
import { asItWas, bundleLife, createWishes, startLife } from './life'

export interface Soaked {
  readonly edits: number
  readonly kills: number
  readonly puts: number
  /** PUTs that replaced what another administrator had written. */
  readonly overOthers: number
  /** Of those, the ones that the other had written after our pre-read: the window that history states. */
  readonly unguarded: number
  readonly failures: readonly string[]
}

const administrators = ['anna', 'bert', 'cora'] as const
const userCount = 60
const password = 'Soak-Word-1'
/** On top of the window that history states, for the clocks of two processes. */
const slackMs = 100

/** One call in five goes wrong. */
const fault = 0.2
const scale = fault / Object.values(rates).reduce((sum, rate) => sum + rate, 0)
const faults = Object.fromEntries(Object.entries(rates).map(([kind, rate]) => [kind, rate * scale]))

/**
 * Three administrators edit the same users at once, each with a process and a database of their own, under faults,
 * tokens that expire and kills, until so many edits are saved. Then all that waits is sent and everything judged.
 */
export async function soak(options: {
  readonly seed: number
  readonly edits: number
  readonly onEdit?: (done: number) => void
}): Promise<Soaked> {
  const { seed, edits, onEdit } = options
  const child = await bundleLife()
  const server = await startDemoServer({
    users: userCount,
    groups: 3,
    seed,
    latencyMs: [0, 12],
    wireLogSize: 10_000_000,
    tokenLifetimeSeconds: 8,
    accounts: administrators.map((username) => ({ username, password, loginType: 'System' as const })),
    faults: { rates: faults, lateMs, methods: ['PUT', 'GET'] },
  })
  const wishes = administrators.map(() => createWishes())
  const folders = administrators.map(newProfile)
  const failures: string[] = []
  let kills = 0
  const total = (): number => wishes.reduce((sum, { counts }) => sum + counts.saves, 0)

  const administrator = async (username: string, at: number): Promise<void> => {
    const chance = createChance(seed * 7 + at)
    const mine = wishes[at] as (typeof wishes)[number]
    const born = (life: number) =>
      startLife(
        child,
        {
          seed: seed * 100_003 + at * 1_009 + life,
          life,
          file: join(folders[at] as string, 'gungnir.db'),
          key,
          baseUrl: server.baseUrl,
          username,
          password,
          callsPerSecond: 200,
          times,
          userIds: server.truth.userIds(0, userCount),
          paths,
        },
        mine,
      )
    let life = 1
    for (; total() < edits && failures.length === 0; life++) {
      const one = born(life)
      const until = performance.now() + chance.between(3_000, 9_000)
      while (performance.now() < until && total() < edits) await wait(20)
      onEdit?.(total())
      const problem = await one.kill()
      kills++
      if (problem !== undefined) failures.push(`${username}: ${problem}`)
    }
    server.truth.setFaults({ rates: {} })
    const problem = await born(life).finish()
    if (problem !== undefined) failures.push(`${username}: ${problem}`)
  }

  try {
    await Promise.all(administrators.map(administrator))
    const sent = sentBy(server)
    for (const [at, username] of administrators.entries()) {
      judgeWishes(server, username, wishes[at]?.possible ?? new Map(), sent, failures)
      judgeStore(server, join(folders[at] as string, 'gungnir.db'), username, failures)
    }
    const over = administrators.map((username, at) =>
      judgeOverwrites(server, username, join(folders[at] as string, 'gungnir.db'), sent, failures),
    )
    return {
      edits: total(),
      kills,
      puts: new Set(sent.map(({ at }) => at)).size,
      overOthers: over.reduce((sum, one) => sum + one.overOthers, 0),
      unguarded: over.reduce((sum, one) => sum + one.unguarded, 0),
      failures: failures.map((failure) => `--seed ${seed}: ${failure}`),
    }
  } finally {
    await server.close()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}

/** Each of them insists on their own values, so every last one has been sent, unless it was there already. */
function judgeWishes(
  server: DemoServer,
  username: string,
  possible: ReadonlyMap<string, readonly string[]>,
  sent: readonly Sent[],
  failures: string[],
): void {
  const all = new Set(
    sent
      .filter((one) => one.username === username)
      .map(({ userId, path, value }) => `${userId}\n${path}\n${value}`),
  )
  for (const [name, values] of possible) {
    const [userId = '', path = ''] = name.split('\n')
    const now = String(valueAt(server.truth.user(userId), path))
    if (values.includes(asItWas)) continue
    if (!values.some((value) => value === now || all.has(`${name}\n${value}`))) {
      failures.push(`${username} saved ${path} = ${values.join(' or ')} of ${userId}, which was never sent`)
    }
  }
}

interface Attempt {
  readonly before: Readonly<Record<string, string | null>>
  /** When the pre-read was asked for, in wall ms. */
  readonly readWall: number
}

/** What another administrator had written was only replaced by somebody who had seen it, or within the stated window. */
function judgeOverwrites(
  server: DemoServer,
  username: string,
  file: string,
  sent: readonly Sent[],
  failures: string[],
): { overOthers: number; unguarded: number } {
  const counts = { overOthers: 0, unguarded: 0 }
  const store = openStore({ file, key: Buffer.from(key, 'hex') })
  try {
    const rows = new Map<string, Attempt[]>()
    for (const [text] of store.rows('SELECT row FROM history ORDER BY seq')) {
      const row = JSON.parse(String(text)) as {
        request: string
        before: Attempt['before']
        startedWall: number
        startedMono: number
        preReadMono: number
      }
      const readWall = row.startedWall - (row.startedMono - row.preReadMono)
      rows.set(row.request, [...(rows.get(row.request) ?? []), { before: row.before, readWall }])
    }
    const wire = server.truth.wire()
    for (const one of sent.filter((each) => each.username === username)) {
      const landed = sent.findLast(
        (other) => other.userId === one.userId && other.path === one.path && other.at < one.at,
      )
      if (landed === undefined || landed.username === username || landed.value === one.value) continue
      counts.overOthers++
      const put = wire.find(({ at, username: who }) => at === one.at && who === username)
      const attempts = rows.get(put?.body ?? '') ?? []
      const seen = attempts.some(({ before }) => before[one.path] === landed.value)
      if (seen) continue
      // The log tells when a request came, not when its work was done: two at once may have changed places, and what
      // a fault let land late stands where it did not stand when it was sent.
      const landedLate = sent.some(
        (other) =>
          other.userId === one.userId &&
          other.path === one.path &&
          attempts.some(({ before }) => before[one.path] === other.value) &&
          (Math.abs(other.at - landed.at) < slackMs ||
            wire.some(
              ({ at, fault: befell }) => at === other.at && (befell === 'late' || befell === 'duplicate'),
            )),
      )
      if (landedLate) continue
      // Where a fault befell the other's request, or its sender was killed, it may never have been there.
      const applied = wire.some(
        ({ at, status = 0, fault: befell }) =>
          at === landed.at && befell === undefined && status >= 200 && status < 300,
      )
      if (!applied) continue
      const landedWall =
        wire.find(({ at, username: who }) => at === landed.at && who === landed.username)?.wall ?? 0
      if (attempts.some(({ readWall }) => landedWall >= readWall - slackMs)) counts.unguarded++
      else {
        failures.push(
          `${username} wrote ${one.path} of ${one.userId} over ${landed.value}, which nobody had seen; seen: ${attempts.map(({ before }) => String(before[one.path])).join(', ')}`,
        )
      }
    }
  } finally {
    store.close()
  }
  return counts
}
