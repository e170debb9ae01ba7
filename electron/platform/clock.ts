import os from 'node:os'
import { countingSleep } from './elapsed'
import type { Clock } from './ports'

/** Node fires a timer at once when its delay does not fit 31 bits. */
const longestTimer = 2 ** 31 - 1

/** The machine's own clock. */
export function systemClock(): Clock {
  const wall = (): number => Date.now()
  const mono = (): number => performance.now()
  // The uptime of macOS is told in whole seconds by the wall clock, so it knows nothing that this does not.
  const uptime = process.platform === 'darwin' ? {} : { uptime: () => os.uptime() * 1000 }
  return {
    wall,
    mono,
    elapsed: countingSleep({ wall, mono, ...uptime }),
    after(ms, run) {
      const timer = setTimeout(run, Math.min(Math.max(0, ms), longestTimer))
      return () => clearTimeout(timer)
    },
  }
}
