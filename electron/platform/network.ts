import type { Cancel, Clock } from './ports'

/** What the operating system says about the network. It is a hint: only an answer from the server is proof. */
export interface NetworkWatch {
  online(): boolean
  /** Runs when the system goes on or off line, and with `true` when it wakes from sleep or from having been stopped. */
  onChange(listener: (online: boolean) => void): Cancel
  stop(): void
}

/** So much more time between two looks than was meant: the computer slept, or the process was stopped. */
const pauseMs = 10_000

/**
 * `net.isOnline()` has no event in the main process, so it is asked every `everyMs`. Waking from sleep has an event that
 * does not always come; then the time tells.
 */
export function watchNetwork(deps: {
  net: { isOnline(): boolean }
  powerMonitor: { on(event: 'resume', listener: () => void): unknown }
  clock: Clock
  everyMs?: number
}): NetworkWatch {
  const { net, powerMonitor, clock, everyMs = 3_000 } = deps
  const listeners = new Set<(online: boolean) => void>()
  let last = net.isOnline()
  let cancel: Cancel = () => {}

  const tell = (online: boolean): void => {
    last = online
    for (const listener of [...listeners]) listener(online)
  }
  // The monotonic clock may stand still in a sleep; the other then goes on, and a stopped process shows in both.
  const times = (): readonly number[] => [clock.mono(), clock.elapsed?.() ?? clock.mono()]
  let lookedAt = times()
  const look = (): void => {
    const at = times()
    const paused = at.some((time, i) => time - (lookedAt[i] ?? time) > everyMs + pauseMs)
    lookedAt = at
    const now = net.isOnline()
    if (now !== last || (now && paused)) tell(now)
    cancel = clock.after(everyMs, look)
  }
  cancel = clock.after(everyMs, look)
  powerMonitor.on('resume', () => {
    if (net.isOnline()) tell(true)
  })

  return {
    online: () => last,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: () => cancel(),
  }
}
