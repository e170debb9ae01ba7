import { entryState } from '../../shared/change/shapes'
import { possibleTransitions, Violation } from './checker'
import { runSchedule, type ScheduleOptions } from './schedule'

export interface Campaign {
  readonly seed: number
  readonly schedules: number
  readonly events: number
  readonly calls: number
  readonly puts: number
  readonly saves: number
  readonly crashes: number
  readonly virtualHours: number
  /** Schedules that were run a second time with another wall clock and had to send the same. */
  readonly compared: number
  /** How often each step between two states was seen. */
  readonly transitions: Readonly<Record<string, number>>
  readonly shown: readonly string[]
  readonly failures: readonly { readonly seed: number; readonly message: string }[]
}

/** Every so many schedules one is run again with a wall clock that does not jump. */
const compareEvery = 20

/** Runs schedules from consecutive seeds and gathers what they covered. Stops at `most` failures. */
export async function runCampaign(options: {
  readonly seed: number
  readonly schedules: number
  readonly most?: number
  readonly schedule?: ScheduleOptions
  readonly onProgress?: (done: number) => void
}): Promise<Campaign> {
  const { seed, schedules, most = 10, schedule = {}, onProgress } = options
  const sums = { events: 0, calls: 0, puts: 0, saves: 0, crashes: 0, virtualMs: 0 }
  const transitions: Record<string, number> = {}
  const shown = new Set<string>()
  const failures: { seed: number; message: string }[] = []
  let compared = 0
  let done = 0
  for (; done < schedules && failures.length < most; done++) {
    const one = seed + done
    try {
      const result = await runSchedule(one, schedule)
      for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += result[key]
      for (const [step, count] of result.transitions) transitions[step] = (transitions[step] ?? 0) + count
      for (const state of result.shown) shown.add(state)
      if (done % compareEvery === 0) {
        const calm = await runSchedule(one, { ...schedule, calmClock: true })
        compared++
        if (calm.wire !== result.wire) throw new Violation(11, 'what is sent depends on the wall clock')
      }
    } catch (error) {
      failures.push({
        seed: one,
        message:
          error instanceof Violation
            ? error.message
            : error instanceof Error
              ? (error.stack ?? error.message)
              : String(error),
      })
    }
    if ((done + 1) % 1000 === 0) onProgress?.(done + 1)
  }
  const { virtualMs, ...counts } = sums
  return {
    seed,
    schedules: done,
    ...counts,
    virtualHours: Math.round(virtualMs / 3_600_000),
    compared,
    transitions,
    shown: [...shown].sort(),
    failures,
  }
}

export const joinCampaigns = (parts: readonly Campaign[]): Campaign => {
  const transitions: Record<string, number> = {}
  for (const part of parts) {
    for (const [step, count] of Object.entries(part.transitions)) {
      transitions[step] = (transitions[step] ?? 0) + count
    }
  }
  const sum = (of: (part: Campaign) => number): number => parts.reduce((total, part) => total + of(part), 0)
  return {
    seed: Math.min(...parts.map((part) => part.seed)),
    schedules: sum((part) => part.schedules),
    events: sum((part) => part.events),
    calls: sum((part) => part.calls),
    puts: sum((part) => part.puts),
    saves: sum((part) => part.saves),
    crashes: sum((part) => part.crashes),
    virtualHours: sum((part) => part.virtualHours),
    compared: sum((part) => part.compared),
    transitions,
    shown: [...new Set(parts.flatMap((part) => part.shown))].sort(),
    failures: parts.flatMap((part) => part.failures),
  }
}

/** What was never seen of all that the machine allows. */
export function uncovered(campaign: Campaign): { readonly transitions: string[]; readonly states: string[] } {
  const onDisk = new Set(Object.keys(campaign.transitions).flatMap((step) => step.split(' → ')))
  return {
    transitions: possibleTransitions().filter((step) => campaign.transitions[step] === undefined),
    states: entryState.options.filter((state) => !onDisk.has(state) && !campaign.shown.includes(state)),
  }
}
