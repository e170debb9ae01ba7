import type { Clock } from '../../../platform/ports'

/** Sending and verifying go before settling, settling before new work. */
export type Urgency = 0 | 1 | 2

const slowest = 0.5
/** A call is slow when it took twice as long as such calls usually do, and noticeably so. */
const slowFactor = 2
const slowFloorMs = 250
/** A second of ours lasts a bit longer: timers and other people's clocks are not exact. */
const marginMs = 20

/**
 * When the next call may start: never more than `ceiling` calls in any one second, and fewer after signs that the
 * server has too much to do, down to one in two seconds.
 */
export function createPace(clock: Clock, fastest: number) {
  let ceiling = fastest
  // What an earlier run has started in its last second is not known here, so that second counts as used up.
  const starts: number[] = Array.from({ length: Math.max(1, Math.floor(fastest)) }, () => clock.mono())
  const queue: (() => void)[][] = [[], [], []]
  const usual = new Map<string, number>()
  let share = 1
  let lastSlowdown = Number.NEGATIVE_INFINITY
  let timerRuns = false
  let stopped = false

  const rate = (): number => Math.max(Math.min(slowest, ceiling), ceiling * share)
  const perWindow = (): number => Math.max(1, Math.floor(ceiling))
  const windowMs = (): number => Math.max(1, perWindow() / ceiling) * 1000 + marginMs

  const due = (): number => {
    const count = perWindow()
    const oldest = starts.length < count ? undefined : starts[starts.length - count]
    const last = starts.at(-1)
    return Math.max(
      oldest === undefined ? Number.NEGATIVE_INFINITY : oldest + windowMs(),
      share < 1 && last !== undefined ? last + 1000 / rate() : Number.NEGATIVE_INFINITY,
    )
  }

  const pump = (): void => {
    if (timerRuns || stopped) return
    for (;;) {
      const line = queue.find((one) => one.length > 0)
      if (line === undefined) return
      const wait = due() - clock.mono()
      if (wait > 0) {
        timerRuns = true
        clock.after(Math.ceil(wait), () => {
          timerRuns = false
          pump()
        })
        return
      }
      starts.push(clock.mono())
      // The ceiling may be raised while the app runs, so more is kept than the window of today needs.
      if (starts.length > 2 * Math.max(100, perWindow())) starts.splice(0, starts.length / 2)
      line.shift()?.()
    }
  }

  const slowDown = (): void => {
    const now = clock.mono()
    // One incident hits several calls at once; it counts once.
    if (now - lastSlowdown < 1000) return
    lastSlowdown = now
    share = Math.max(share / 2, Math.min(1, slowest / ceiling))
  }

  return {
    /** Resolves when a call may start; it must start at once. */
    turn(urgency: Urgency): Promise<void> {
      return new Promise((resolve) => {
        queue[urgency]?.push(resolve)
        pump()
      })
    },
    /** How long a call of this urgency would wait for its turn, as far as can be foreseen. Milliseconds. */
    waitFor(urgency: Urgency): number {
      const place = queue.slice(0, urgency + 1).reduce((sum, line) => sum + line.length, 1)
      const count = perWindow()
      // The n-th call from now may start one window after the n-th oldest of those that fill the present window.
      const windows = Math.ceil(place / count)
      const within = starts[starts.length - count + ((place - 1) % count)]
      const byWindow =
        starts.length < count || within === undefined ? 0 : within + windows * windowMs() - clock.mono()
      const spacing = share < 1 ? (1000 / rate()) * place : 0
      return Math.max(0, byWindow, spacing)
    },
    /** Tells how a call went. `kind` names calls that usually take equally long. */
    note(kind: string, ms: number, troubled: boolean): void {
      if (troubled) {
        slowDown()
        return
      }
      const before = usual.get(kind)
      const slow = before !== undefined && ms > before * slowFactor && ms > before + slowFloorMs
      usual.set(kind, before === undefined ? ms : before + (ms - before) * (slow ? 0.02 : 0.1))
      if (slow) slowDown()
      else share = Math.min(1, share * 1.1 + 0.01)
    },
    rate,
    setCeiling(callsPerSecond: number): void {
      ceiling = callsPerSecond
    },
    stop(): void {
      stopped = true
    },
  }
}
export type Pace = ReturnType<typeof createPace>
