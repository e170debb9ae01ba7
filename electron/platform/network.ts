import type { Cancel, Clock } from './ports'

/** What the operating system says about the network. It is a hint: only an answer from the server is proof. */
export interface NetworkWatch {
  online(): boolean
  /** Runs when the system goes on or off line, and with `true` when it wakes from sleep. */
  onChange(listener: (online: boolean) => void): Cancel
  stop(): void
}

/**
 * `net.isOnline()` has no event in the main process, so it is asked every `everyMs`; waking from sleep has one.
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
  const look = (): void => {
    const now = net.isOnline()
    if (now !== last) tell(now)
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
