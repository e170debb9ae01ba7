import type { Clock } from '../../../../electron/platform/ports'

export interface VirtualClock extends Clock {
  /** Moves time on, running due timers at their moments and letting promises settle after each. */
  advance(ms: number): Promise<void>
}

/** A clock that stands still until told. */
export function virtualClock(): VirtualClock {
  let now = 0
  let count = 0
  const timers = new Map<number, { at: number; run: () => void }>()
  const settle = async () => {
    for (let n = 0; n < 20; n++) await Promise.resolve()
  }
  return {
    wall: () => 1_700_000_000_000 + now,
    mono: () => now,
    after(ms, run) {
      const id = ++count
      timers.set(id, { at: now + ms, run })
      return () => timers.delete(id)
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0]
        if (due === undefined) break
        now = Math.max(now, due[1].at)
        timers.delete(due[0])
        due[1].run()
        await settle()
      }
      now = end
    },
  }
}
