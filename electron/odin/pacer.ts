import type { Cancel, Clock } from '../platform/ports'

/**
 * Keeps a connection within its pace. Every call passes two gates in the order of asking: `start` before it
 * connects, `write` before its first byte is written. The second makes the promise hold on the wire as well: calls
 * that started in time but were delayed (slow connecting, a busy process) cannot then arrive in one heap.
 */
export interface Pacer {
  /**
   * @param options.first Goes before all that wait, for calls that the others depend on.
   * @throws The signal's reason when it aborts while waiting; the place is then free for the next.
   */
  start(options?: { signal?: AbortSignal; first?: boolean }): Promise<void>
  write(signal?: AbortSignal): Promise<void>
  /** @param callsPerSecond 0.5 to 100; a fraction below 1 means that many seconds apart. */
  setCallsPerSecond(callsPerSecond: number): void
  readonly callsPerSecond: number
}

export interface PacerOptions {
  readonly clock: Clock
  readonly callsPerSecond: number
}

interface Waiting {
  readonly go: () => void
}

/**
 * A second of ours lasts a bit longer: what leaves at even distances arrives at uneven ones, and the limit is there
 * for the server's sake. Costs 7 % of the pace.
 */
const margin = 75

/** How many may start within how many ms, so that no second sees more than `callsPerSecond`. */
function windowOf(callsPerSecond: number): { readonly count: number; readonly ms: number } {
  const count = Math.max(1, Math.floor(callsPerSecond))
  return { count, ms: Math.max(1, count / callsPerSecond) * 1000 + margin }
}

const clamp = (callsPerSecond: number) =>
  Number.isFinite(callsPerSecond) ? Math.min(100, Math.max(0.1, callsPerSecond)) : 1

export function createPacer({ clock, callsPerSecond }: PacerOptions): Pacer {
  let rate = clamp(callsPerSecond)
  const starts = createGate(clock, () => windowOf(rate))
  const writes = createGate(clock, () => windowOf(rate))
  return {
    start: ({ signal, first } = {}) => starts.pass(signal, first ?? false),
    write: (signal) => writes.pass(signal, false),
    setCallsPerSecond(next) {
      rate = clamp(next)
      starts.reconsider()
      writes.reconsider()
    },
    get callsPerSecond() {
      return rate
    },
  }
}

/** Lets at most `count` through in any `ms`, first come first served. */
function createGate(clock: Clock, window: () => { readonly count: number; readonly ms: number }) {
  /** When the last ones went through, oldest first. */
  const passed: number[] = []
  const queue: Waiting[] = []
  let cancelTimer: Cancel | undefined

  const work = () => {
    cancelTimer?.()
    cancelTimer = undefined
    const now = clock.mono()
    const { count, ms } = window()
    while (queue.length > 0) {
      // Lowering the pace at run time looks back over the new window, so keep enough history for the highest count.
      const oldest = passed[passed.length - count]
      if (oldest !== undefined && now - oldest < ms) {
        cancelTimer = clock.after(Math.max(1, Math.ceil(oldest + ms - now)), work)
        return
      }
      passed.push(now)
      if (passed.length > 200) passed.splice(0, passed.length - 100)
      queue.shift()?.go()
    }
  }

  return {
    pass(signal: AbortSignal | undefined, first: boolean): Promise<void> {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const onAbort = () => {
          const at = queue.indexOf(waiting)
          if (at >= 0) queue.splice(at, 1)
          reject(signal?.reason)
        }
        const waiting: Waiting = {
          go: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve()
          },
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        if (first) queue.unshift(waiting)
        else queue.push(waiting)
        work()
      })
    },
    reconsider: work,
  }
}
