import type { Clock } from './ports'

/** Node fires a timer at once when its delay does not fit 31 bits. */
const longestTimer = 2 ** 31 - 1

/** The machine's own clock. */
export function systemClock(): Clock {
  return {
    wall: () => Date.now(),
    mono: () => performance.now(),
    after(ms, run) {
      const timer = setTimeout(run, Math.min(Math.max(0, ms), longestTimer))
      return () => clearTimeout(timer)
    },
  }
}
