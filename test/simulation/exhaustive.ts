import { createHash } from 'node:crypto'
import { isTroubled } from '../../shared/change/machine'
import type { FieldValue } from '../../shared/user/types'
import type { Chance } from './chance'
import { longestCopyMs } from './plan'
import type { CallFate, CallKind, WireCall } from './server'
import { createWorld, here, type Tampering, type World } from './world'

/** How much may go wrong in one path of the small model. */
export interface Bounds {
  /** Calls that do not go as they should. */
  readonly faults: number
  readonly crashes: number
  readonly foreignWrites: number
}

export interface Explored {
  readonly paths: number
  /** Different moments of the whole: servers, network, disk, and what the engine has been told since it started. */
  readonly states: number
  readonly deepest: number
  /** Paths that ended early, because what was left of them had been explored from the same state before. */
  readonly merged: number
}

/** One way through the tree of choices: the first ones are given, the rest is 0 until the next path. */
function createChoices(given: readonly number[]) {
  const taken: number[] = []
  const arities: number[] = []
  return {
    /** A number below `count`. */
    choose(count: number): number {
      const choice = given[taken.length] ?? 0
      taken.push(choice)
      arities.push(count)
      return choice
    },
    /** Whether this is a place where no earlier path has been. */
    fresh: (): boolean => taken.length >= given.length,
    /** The choices of the next path, depth first; undefined when there is none. */
    next(): number[] | undefined {
      const next = [...taken]
      while (next.length > 0) {
        const last = next.pop() as number
        if (last + 1 < (arities[next.length] as number)) return [...next, last + 1]
      }
      return undefined
    },
    depth: (): number => taken.length,
  }
}
type Choices = ReturnType<typeof createChoices>

const steady: Chance = {
  next: () => 0.5,
  below: () => 0,
  between: (from, to) => (from + to) / 2,
  happens: () => false,
  pick: (list) => list[0] as never,
  fork: () => steady,
}

const good: CallFate = { landsAt: 20, answeredAt: 40, givesUpAt: 60_000 }

/** All that can become of a call in the small model; the first is that nothing goes wrong. */
const fates: Record<CallKind, readonly CallFate[]> = {
  GET: [good, { landsAt: 20, givesUpAt: 30_000 }],
  LIST: [good],
  SESSION: [good],
  TOKEN: [good],
  LOGOUT: [good],
  PUT: [
    good,
    // The request is lost, the answer is lost, or it lands late, while the client has given up long ago.
    { givesUpAt: 1_000 },
    { landsAt: 20, givesUpAt: 1_000 },
    { landsAt: 80_000, givesUpAt: 1_000 },
    // A copy of it lands by itself.
    { ...good, copyLandsAt: 40 + longestCopyMs },
    { ...good, echo: true },
    { ...good, server: { kind: 'forgets' } },
    { ...good, server: { kind: 'broken', status: 500, applied: 'part' } },
    { ...good, server: { kind: 'refused', applied: 'part' } },
    { ...good, server: { kind: 'busy', status: 503 } },
  ],
}

class Merged extends Error {}

const roundMs = 200_000
const rounds = 12

async function runPath(
  bounds: Bounds,
  choices: Choices,
  seen: Set<string>,
  tampering: Tampering | undefined,
): Promise<void> {
  const left = { ...bounds }
  /** What the process that runs now has been told since it started: with the disk, that is all it can know. */
  let inputs: string[] = []
  let booting = true
  const start: Record<string, FieldValue> = { lastName: 'start-u', title: 'start' }

  const world: World = createWorld({
    callFate: ({ kind }) => {
      const possible = left.faults > 0 ? fates[kind].length : 1
      const choice = possible === 1 ? 0 : choices.choose(possible)
      if (choice > 0) left.faults--
      inputs.push(`${kind}${choice}`)
      return fates[kind][choice] as CallFate
    },
    writeFate: () => {
      if (left.crashes === 0) return 'kept'
      const choice = choices.choose(3)
      if (choice > 0) left.crashes--
      return choice === 0 ? 'kept' : choice === 1 ? 'crash-before' : 'crash-after'
    },
    chance: steady,
    userIds: ['u'],
    startValues: () => ({ ...start }),
    afterCrash: () => ({ ms: 5_000, keepPhantom: false }),
    ...(tampering === undefined ? {} : { tampering }),
  })
  const { timeline, checker, disk, truthOf } = world
  const truth = truthOf(here.origin)

  const digest = (): string => {
    const now = timeline.now()
    const text = JSON.stringify([
      left,
      truth.digest(),
      [...disk.entries.values()].map(({ id, state, edits, conflicts, attempts }) => [
        id,
        state,
        edits,
        conflicts,
        attempts.map((attempt) => [attempt.outcome, attempt.preImage, attempt.lingering ?? false]),
      ]),
      world
        .network()
        .log.filter((call) => call.kind === 'PUT')
        .map((call) => [
          call.body,
          call.flying,
          (call.endedAt ?? now) - now,
          call.landings.map((at) => at - now),
        ]),
      checker.memory(now),
      timeline.upcoming(),
      inputs,
    ])
    return createHash('sha1').update(text).digest('base64')
  }

  const lookAround = (): void => {
    const life = world.life()
    if (life === undefined) {
      booting = true
      return
    }
    if (booting) {
      booting = false
      inputs = []
      const state = digest()
      if (choices.fresh() && seen.has(state)) throw new Merged()
      seen.add(state)
    }
  }

  const step = async (): Promise<void> => {
    await timeline.step()
    inputs.push(String(Math.round(timeline.now())))
    const violation = checker.violation()
    if (violation !== undefined) throw violation
    world.checkReasons()
    lookAround()
    seen.add(digest())
    between()
  }

  /** Between two events somebody else may write, and the process may die with whatever it has on its way. */
  const between = (): void => {
    const mayWrite = left.foreignWrites > 0 && timeline.now() < roundMs
    const mayDie = left.crashes > 0 && world.life() !== undefined && world.network().log.some(outstanding)
    if (!mayWrite && !mayDie) return
    const choice = choices.choose(1 + (mayWrite ? 3 : 0) + (mayDie ? 1 : 0))
    if (choice === 0) return
    if (!mayWrite || choice === 4) {
      left.crashes--
      world.die()
      lookAround()
      return
    }
    left.foreignWrites--
    if (choice === 3) truth.set('u', 'lastName', 'mine')
    else truth.set('u', choice === 1 ? 'lastName' : 'title', 'foreign')
  }

  const outstanding = (call: WireCall): boolean => call.endedAt === undefined

  const save = (): void => {
    if (world.life() === undefined) return
    const edits = [
      { path: 'lastName', seen: 'start-u', mine: 'mine' },
      { path: 'title', seen: 'start', mine: 'own' },
    ]
    const before = world.savesWritten()
    checker.saving(here, 'u', edits)
    const saved = world.inApp((engine) => {
      engine.add(here, [
        {
          user: { serviceProviderId: 'sp', groupId: 'grp', userId: 'u' },
          edits: edits.map(({ path, seen: base, mine }) => ({ path, base, mine })),
        },
      ])
      return true
    })
    if (saved === undefined && world.savesWritten() === before) checker.unsaved(edits.length)
  }

  const tidy = (round: number): void => {
    for (const entry of disk.live().filter(isTroubled)) {
      if (entry.state === 'conflict') {
        const decided = entry.conflicts.map(({ path, theirs, mine }) => ({ path, theirs, value: mine }))
        const before = disk.entries.get(entry.id)
        const undo = checker.chose(entry, decided)
        const done = checker.duringPerson(
          () => 'decided',
          () => world.inApp((engine) => engine.resolve(entry.id, decided)),
        )
        if (done !== true && disk.entries.get(entry.id) === before) undo()
      } else if (round < rounds - 3) world.inApp((engine) => engine.retry([entry.id]))
      else {
        checker.duringPerson(
          () => 'discarded',
          () => world.inApp((engine) => engine.discard([entry.id])),
        )
      }
    }
  }

  world.boot()
  lookAround()
  timeline.at(2_000, save)
  for (let round = 0; round < rounds; round++) {
    const end = (round + 1) * roundMs
    if (round > 0) timeline.at(round * roundMs, () => tidy(round))
    timeline.at(end, () => {})
    while ((timeline.next() ?? Number.POSITIVE_INFINITY) <= end) await step()
    if (world.life() !== undefined && disk.live().length === 0 && round > 0) break
  }
  const stuck = disk.live()[0]
  if (stuck !== undefined) checker.fail(12, `${stuck.id} ${stuck.state}: ${stuck.why} never ended`)
  checker.checkAll([here], ['u'])
  checker.checkHistory()
}

/**
 * Walks every path of the small model: one user, one change of two fields, and within the bounds every fate of
 * every call, a crash before and after every durable write, and a foreign write after every event. Throws the first
 * violation with the choices that lead to it.
 */
export async function explore(
  bounds: Bounds,
  options: {
    readonly tampering?: Tampering
    readonly onProgress?: (paths: number, states: number) => void
  } = {},
): Promise<Explored> {
  const seen = new Set<string>()
  let given: number[] | undefined = []
  let paths = 0
  let merged = 0
  let deepest = 0
  while (given !== undefined) {
    const choices = createChoices(given)
    try {
      await runPath(bounds, choices, seen, options.tampering)
    } catch (error) {
      if (!(error instanceof Merged)) {
        throw Object.assign(error as Error, { choices: given })
      }
      merged++
    }
    paths++
    deepest = Math.max(deepest, choices.depth())
    if (paths % 10_000 === 0) options.onProgress?.(paths, seen.size)
    given = choices.next()
  }
  return { paths, states: seen.size, deepest, merged }
}
