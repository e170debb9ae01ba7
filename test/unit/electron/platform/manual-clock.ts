import type { Clock } from '../../../../electron/platform/ports'

/** A clock that moves only when told, and runs what falls due on the way. */
export function manualClock(start = Date.UTC(2026, 10, 24)) {
  let now = 0
  const timers = new Set<{ at: number; run: () => void }>()
  const clock: Clock = {
    wall: () => start + now,
    mono: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
  }
  return {
    ...clock,
    get waiting() {
      return timers.size
    },
    /** The delay of the next timer, if any. */
    get next() {
      return timers.size === 0 ? undefined : Math.min(...[...timers].map(({ at }) => at)) - now
    },
    /** Moves on, giving promises a chance to settle after each timer. */
    async pass(ms: number) {
      const end = now + ms
      for (;;) {
        await settle()
        const due = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (!due) break
        now = Math.max(now, due.at)
        timers.delete(due)
        due.run()
      }
      now = end
      await settle()
    },
  }
}

/** Lets everything run that is already able to. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
