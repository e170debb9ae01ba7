import type { OdinError } from '../odin/types'
import type { Cancel, Clock } from '../platform/ports'
import { hostOf } from './identity'

/**
 * What goes first: what others wait for, then the end of what was begun, then what a person waits for, then new writes,
 * then loading.
 */
export const urgencies = ['sign-in', 'settle', 'person', 'write', 'load'] as const
export type Urgency = (typeof urgencies)[number]

/** Leave to make one call, now. */
export interface Turn {
  /**
   * Awaited right before the first byte: calls that started in time but were delayed on the way (slow connecting, a busy
   * process) cannot then arrive in one heap. Rejects with the signal's reason when it aborts.
   */
  write(signal?: AbortSignal): Promise<void>
  /** Nothing will be sent: somebody else may. */
  giveBack(): void
}

/** When the next call to one server may start, whoever makes it. */
export interface Pace {
  /** Resolves when a call may start; it must start at once, or give its turn back. Rejects when the signal aborts. */
  turn(urgency: Urgency, signal?: AbortSignal): Promise<Turn>
  /** How long a call of this urgency would wait for its turn, as far as can be foreseen. Milliseconds. */
  waitFor(urgency: Urgency): number
  /** Calls that may start in a second, as things stand. */
  rate(): number
  /**
   * Tells how a call went. `kind` names calls that usually take equally long; without one its time says nothing.
   * After signs that the server has too much to do fewer calls start, down to one in two seconds.
   */
  note(call: { readonly kind?: string; readonly ms: number; readonly error?: OdinError }): void
  /** The server has asked for this many milliseconds of silence. */
  hold(ms: number): void
  /** A person asks for a call now, whatever the server has asked for. */
  release(): void
}

/** A part in the pace of a server, for as long as something may call it: the slowest of them is the pace of all. */
export interface PaceShare extends Pace {
  /** @param callsPerSecond 0.1 to 100; a fraction below 1 means that many seconds apart. Holds at once. */
  setCallsPerSecond(callsPerSecond: number): void
  leave(): void
}

export interface Paces {
  at(baseUrl: string): Pace
  join(baseUrl: string, callsPerSecond: number): PaceShare
}

/** Before anything says how many calls a server takes. */
const usualCeiling = 5
const slowest = 0.5
/** A call is slow when it took twice as long as such calls usually do, and noticeably so. */
const slowFactor = 2
const slowFloorMs = 250
/**
 * A second of ours lasts a bit longer: what leaves at even distances arrives at uneven ones, and the limit is there
 * for the server's sake. Costs 7 % of the pace.
 */
const marginMs = 75

/** How long a pace holds on after whoever kept it has left. */
const afterLeavingMs = 2_000

const clamp = (callsPerSecond: number): number =>
  Number.isFinite(callsPerSecond) ? Math.min(100, Math.max(0.1, callsPerSecond)) : 1

/** Whether an answer shows that the server has too much to do. */
const isTrouble = ({ kind, status, cause }: OdinError): boolean =>
  kind === 'busy' ||
  (kind === 'unknown' && ((status ?? 0) >= 500 || cause === 'answer-timeout' || cause === 'timeout'))

/**
 * One pace for each server (scheme, host and port), shared by everything that ever calls it.
 *
 * @param since What an earlier run of the app has started in its last second is not known here: the first second after
 * this moment, in ms of the clock, counts as used up.
 */
export function createPaces(clock: Clock, since = clock.mono()): Paces {
  const servers = new Map<string, ReturnType<typeof createPace>>()
  const at = (baseUrl: string): ReturnType<typeof createPace> => {
    const host = hostOf(baseUrl)
    const known = servers.get(host)
    if (known !== undefined) return known
    const fresh = createPace(clock, since)
    servers.set(host, fresh)
    return fresh
  }
  return { at, join: (baseUrl, callsPerSecond) => at(baseUrl).join(callsPerSecond) }
}

interface Waiting {
  readonly go: () => void
}

/** At most `count` in any `ms`, first come first served within an urgency. */
function createWindow(options: {
  readonly clock: Clock
  readonly since: number
  readonly window: () => { readonly count: number; readonly ms: number }
  /** No sooner than this after the last one, whatever the window says. */
  readonly notBefore: (last: number | undefined) => number
  readonly lines: number
}) {
  const { clock, since, window, notBefore, lines } = options
  const queue: Waiting[][] = Array.from({ length: lines }, () => [])
  /** When the last ones went through, oldest first. */
  const passed: number[] = []
  let cancelTimer: Cancel | undefined

  const due = (): number => {
    const { count, ms } = window()
    const oldest = passed.length < count ? Number.NEGATIVE_INFINITY : (passed[passed.length - count] ?? 0)
    return Math.max(oldest + ms, since + ms, notBefore(passed.at(-1)))
  }

  const work = (): void => {
    cancelTimer?.()
    cancelTimer = undefined
    for (;;) {
      const line = queue.find((one) => one.length > 0)
      if (line === undefined) return
      const now = clock.mono()
      const wait = due() - now
      if (wait > 0) {
        cancelTimer = clock.after(Math.max(1, Math.ceil(wait)), work)
        return
      }
      passed.push(now)
      // The pace may be raised while the app runs, so more is kept than the window of today needs.
      if (passed.length > 400) passed.splice(0, passed.length - 200)
      line.shift()?.go()
    }
  }

  return {
    work,
    /** Resolves with the moment that was counted. */
    pass(line: number, signal?: AbortSignal): Promise<number> {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const onAbort = (): void => {
          const all = queue[line] ?? []
          const place = all.indexOf(waiting)
          if (place >= 0) all.splice(place, 1)
          reject(signal?.reason)
        }
        const waiting: Waiting = {
          go: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve(passed.at(-1) ?? clock.mono())
          },
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        queue[line]?.push(waiting)
        work()
      })
    },
    giveBack(moment: number): void {
      const place = passed.lastIndexOf(moment)
      if (place < 0) return
      passed.splice(place, 1)
      work()
    },
    /** How long the last of this line and those before it would wait. */
    waitFor(line: number): number {
      const { count, ms } = window()
      const place = queue.slice(0, line + 1).reduce((sum, one) => sum + one.length, 1)
      const now = clock.mono()
      const first = Math.max(0, since + ms - now)
      // The n-th call from now may start one window after the n-th oldest of those that fill the present window.
      const within = passed[passed.length - count + ((place - 1) % count)]
      const windows = Math.ceil(place / count)
      const byWindow =
        passed.length < count || within === undefined
          ? Math.max(0, windows - 1) * ms
          : within + windows * ms - now
      return Math.max(first, byWindow, 0)
    },
    ahead: (line: number): number => queue.slice(0, line + 1).reduce((sum, one) => sum + one.length, 1),
  }
}

function createPace(clock: Clock, since: number): Pace & { join(callsPerSecond: number): PaceShare } {
  const shares = new Map<object, number>()
  let ceiling = usualCeiling
  let share = 1
  let lastSlowdown = Number.NEGATIVE_INFINITY
  let heldUntil = Number.NEGATIVE_INFINITY
  const usual = new Map<string, number>()

  const rate = (): number => Math.max(Math.min(slowest, ceiling), ceiling * share)
  const window = () => {
    const count = Math.max(1, Math.floor(ceiling))
    return { count, ms: Math.max(1, count / ceiling) * 1000 + marginMs }
  }
  const starts = createWindow({
    clock,
    since,
    window,
    lines: urgencies.length,
    notBefore: (last) =>
      Math.max(heldUntil, share < 1 && last !== undefined ? last + 1000 / rate() : Number.NEGATIVE_INFINITY),
  })
  const writes = createWindow({ clock, since, window, lines: 1, notBefore: () => Number.NEGATIVE_INFINITY })

  const slowDown = (): void => {
    const now = clock.mono()
    // One incident hits several calls at once; it counts once.
    if (now - lastSlowdown < 1000) return
    lastSlowdown = now
    share = Math.max(share / 2, Math.min(1, slowest / ceiling))
  }

  const hold = (ms: number): void => {
    heldUntil = Math.max(heldUntil, clock.mono() + ms)
  }

  const reconsider = (): void => {
    if (shares.size > 0) ceiling = Math.min(...shares.values())
    starts.work()
    writes.work()
  }

  const pace: Pace = {
    async turn(urgency, signal) {
      const moment = await starts.pass(urgencies.indexOf(urgency), signal)
      let given = false
      return {
        write: async (late) => void (await writes.pass(0, late)),
        giveBack() {
          if (!given) starts.giveBack(moment)
          given = true
        },
      }
    },
    waitFor(urgency) {
      const line = urgencies.indexOf(urgency)
      const spacing = share < 1 ? (1000 / rate()) * starts.ahead(line) : 0
      return Math.max(starts.waitFor(line), spacing, heldUntil - clock.mono())
    },
    rate,
    note({ kind, ms, error }) {
      if (error !== undefined) {
        if (isTrouble(error)) slowDown()
        if (error.kind === 'busy') hold(error.retryAfterMs ?? 0)
        return
      }
      const before = kind === undefined ? undefined : usual.get(kind)
      const slow = before !== undefined && ms > before * slowFactor && ms > before + slowFloorMs
      if (kind !== undefined) {
        usual.set(kind, before === undefined ? ms : before + (ms - before) * (slow ? 0.02 : 0.1))
      }
      if (slow) slowDown()
      else share = Math.min(1, share * 1.1 + 0.01)
    },
    hold,
    release() {
      heldUntil = Number.NEGATIVE_INFINITY
      starts.work()
    },
  }

  return {
    ...pace,
    join(callsPerSecond) {
      const me = {}
      const set = (next: number): void => {
        shares.set(me, clamp(next))
        reconsider()
      }
      set(callsPerSecond)
      return {
        ...pace,
        setCallsPerSecond: (next) => {
          if (shares.has(me)) set(next)
        },
        leave() {
          // Not at once: what is left for a moment between two connections must not set the pace of what waits.
          clock.after(afterLeavingMs, () => {
            shares.delete(me)
            reconsider()
          })
        },
      }
    },
  }
}
