import { setImmediate as turn } from 'node:timers/promises'
import type { Cancel, Clock } from '../../electron/platform/ports'

interface Event {
  readonly at: number
  readonly seq: number
  readonly run: () => void
  cancelled: boolean
}

/** Virtual time: what happens next, in order, with nothing in between. Milliseconds from 0. */
export function createTimeline() {
  const heap: Event[] = []
  let now = 0
  let seq = 0

  const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.seq < b.seq)

  const push = (event: Event): void => {
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent] as Event
      if (!before(event, above)) break
      heap[at] = above
      at = parent
    }
    heap[at] = event
  }

  const pop = (): Event | undefined => {
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined) return undefined
    if (heap.length === 0) return top
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      const right = heap[child + 1]
      if (right !== undefined && before(right, heap[child] as Event)) child++
      if (!before(heap[child] as Event, last)) break
      heap[at] = heap[child] as Event
      at = child
    }
    heap[at] = last
    return top
  }

  const at = (time: number, run: () => void): Cancel => {
    const event: Event = { at: Math.max(now, time), seq: seq++, run, cancelled: false }
    push(event)
    return () => {
      event.cancelled = true
    }
  }

  return {
    now: (): number => now,
    at,
    in: (ms: number, run: () => void): Cancel => at(now + ms, run),
    /** When the next event is; undefined when nothing is left to happen. */
    next(): number | undefined {
      while (heap[0]?.cancelled) pop()
      return heap[0]?.at
    },
    /** Lets the next event happen, and everything that follows from it at once. False when there was none. */
    async step(): Promise<boolean> {
      let event = pop()
      while (event?.cancelled) event = pop()
      if (event === undefined) return false
      now = event.at
      event.run()
      await turn()
      return true
    },
    /** Lets everything happen up to a moment. */
    async runTo(time: number): Promise<void> {
      await turn()
      for (;;) {
        const next = this.next()
        if (next === undefined || next > time) break
        await this.step()
      }
      now = Math.max(now, time)
    },
    /** When everything that is to happen will, in ms from now. */
    upcoming: (): number[] =>
      heap
        .filter(({ cancelled }) => !cancelled)
        .map(({ at: due }) => due - now)
        .sort((a, b) => a - b),
    /** Lets time pass in which nothing is to happen. */
    skip(ms: number): void {
      const next = this.next()
      if (next !== undefined && next < now + ms) throw new Error('Something is to happen in that time.')
      now += ms
    },
    pending: (): number => heap.length,
  }
}
export type Timeline = ReturnType<typeof createTimeline>

/**
 * The clock of one process in virtual time. Its monotonic time starts anywhere; its wall time is whatever
 * `wallOffset` says at the moment. When the process has died, its timers never fire.
 */
export function processClock(
  timeline: Timeline,
  options: {
    readonly alive: () => boolean
    readonly monoStart?: number
    readonly wallOffset?: () => number
    readonly sleep?: Sleep
  },
): Clock {
  const { alive, monoStart = 0, wallOffset = () => 1_700_000_000_000, sleep } = options
  const born = timeline.now()
  const bornSlept = sleep?.slept() ?? 0
  const mono = (): number => timeline.now() - born - ((sleep?.slept() ?? 0) - bornSlept) + monoStart
  return {
    mono,
    elapsed: () => timeline.now(),
    // Whole milliseconds, as every system tells them.
    wall: () => Math.floor(timeline.now() + wallOffset()),
    after(ms, run) {
      if (sleep === undefined) {
        return timeline.in(Math.max(0, ms), () => {
          if (alive()) run()
        })
      }
      const due = mono() + Math.max(0, ms)
      let cancel: Cancel = () => {}
      const arm = (at: number): void => {
        cancel = timeline.at(at, () => {
          if (!alive()) return
          // What the sleep has taken is still to come; nothing happens before the end of it.
          const left = due - mono()
          const wake = Math.max(timeline.now(), sleep.until())
          if (left > 1e-6 || wake > timeline.now()) arm(wake + Math.max(0, left))
          else run()
        })
      }
      arm(timeline.now() + Math.max(0, ms))
      return () => cancel()
    },
  }
}

/** The sleep of a computer: what no clock of its processes counts. */
export interface Sleep {
  /** Milliseconds slept so far. */
  slept(): number
  /** When the present sleep ends; in the past when it is awake. */
  until(): number
}

export function createSleep(timeline: Timeline): Sleep & { sleep(ms: number): void } {
  let before = 0
  let from = 0
  let to = 0
  return {
    slept: () => before + Math.max(0, Math.min(timeline.now(), to) - from),
    until: () => to,
    sleep(ms) {
      if (timeline.now() < to) return
      before += to - from
      from = timeline.now()
      to = from + ms
    },
  }
}
