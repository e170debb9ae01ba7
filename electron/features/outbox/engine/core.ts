import { isEnded } from '../../../../shared/change/machine'
import type { EntryState, OutboxEntry } from '../../../../shared/change/types'
import { words } from '../../../../shared/change/words'
import { countingSleep } from '../../../platform/elapsed'
import type { Clock } from '../../../platform/ports'
import type { Pace } from '../../../server/pace'
import { backoffMs } from './backoff'
import { type Book, createBook, DiskRefused } from './book'
import { type Calls, createCalls, readOf, writeOf } from './calls'
import { createGate, type Gate } from './gate'
import { createLanes, type Lanes } from './lanes'
import { defaultOptions, type EngineOptions, type ProtocolRules, protocolRules } from './options'
import type { EnginePorts, Identity } from './ports'
import { createRecent, type Recent } from './recent'

/** How an entry is shown while something goes on that is not written to disk. */
export interface Overlay {
  readonly state?: EntryState
  readonly why: string
  readonly untilMono?: number
}

/** What the parts of the engine share. */
export interface Core {
  readonly ports: EnginePorts
  readonly options: EngineOptions
  readonly rules: ProtocolRules
  readonly book: Book
  readonly gate: Gate
  /** The pace at which these changes can be sent. */
  pace(identity: Pick<Identity, 'origin'>): Pace
  readonly lanes: Lanes
  /** Milliseconds from an arbitrary start that go on while the computer sleeps. */
  elapsed(): number
  readonly recent: Recent
  readonly calls: Calls
  /** Runs after each durable step, with the entries as they have become. */
  whenTouched(run: (entries: readonly OutboxEntry[]) => void): void
  sleep(ms: number): Promise<void>
  /** Repeats until the disk takes it: for what has already happened and must not be forgotten. */
  durable<T>(work: () => T): Promise<T>
  /** The disk refused a step that had no effect yet: nothing is sent until it may work again. */
  diskFailed(error: DiskRefused): number
  show(id: string, overlay: Overlay | undefined): void
  shown(id: string): Overlay | undefined
  /** Counts a failure of this entry in a row and says how long to wait before the next try. */
  retryDelay(id: string, atLeastMs?: number): number
  /** Whether it has failed since it last succeeded. */
  hasFailed(id: string): boolean
  succeeded(id: string): void
  /** The entry is not looked at before then. */
  delay(id: string, ms: number): void
  notBefore(id: string): number
  undelay(id: string): void
  /** A person has just decided on this entry, having seen what the screen showed. */
  decided(id: string): void
  /** When a person last decided on it, in monotonic ms; no read that was asked for earlier may speak against them. */
  decidedMono(id: string): number
  /** Entries that a person has discarded while something of them was under way; see `Abandoned`. */
  readonly abandoned: Set<string>
  /** From now on no timer fires and no answer is taken: the disk may be closed. */
  end(): void
}

export const identityOf = (entry: OutboxEntry): Identity => ({
  connectionId: entry.connectionId,
  origin: entry.origin,
  account: entry.account,
})

const longestDiskWaitMs = 60_000

export function createCore(
  given: EnginePorts,
  options: Partial<EngineOptions> = {},
  rules: Partial<ProtocolRules> = {},
): Core {
  let ended = false
  const clock = {
    wall: () => given.clock.wall(),
    mono: () => given.clock.mono(),
    elapsed: given.clock.elapsed ?? countingSleep(given.clock),
    after: (ms: number, run: () => void) =>
      given.clock.after(ms, () => {
        if (!ended) run()
      }),
  } satisfies Clock
  const ports: EnginePorts = { ...given, clock }
  const { random } = ports
  const all: EngineOptions = { ...defaultOptions, ...options }
  const gate = createGate(clock, ports.server, ports.mayNotChange)
  const pace = ({ origin }: Pick<Identity, 'origin'>): Pace => ports.pace(origin)
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve))
  const overlays = new Map<string, Overlay>()
  const failures = new Map<string, number>()
  const delays = new Map<string, number>()
  const decisions = new Map<string, number>()
  let diskFailures = 0

  let acquit = (_id: string): void => {}
  let touched = (_entries: readonly OutboxEntry[]): void => {}
  const book = createBook(ports.disk, (write) => {
    diskFailures = 0
    for (const entry of write.entries) {
      overlays.delete(entry.id)
      if (!isEnded(entry)) continue
      decisions.delete(entry.id)
      acquit(entry.id)
    }
    touched(write.entries)
    gate.open('disk')
    ports.onNews?.({
      entries: write.entries,
      history: write.opened !== undefined || write.settled !== undefined,
      ...(write.user === undefined ? {} : { user: write.user }),
    })
  })

  const diskFailed = (error: DiskRefused): number => {
    diskFailures++
    const wait = Math.min(longestDiskWaitMs, 1000 * 2 ** Math.min(diskFailures - 1, 10))
    ports.onTrouble?.('outbox.disk-refused', error)
    gate.close('disk', words.held.disk(error.message), wait)
    clock.after(wait, () => gate.open('disk'))
    return wait
  }

  const calls = createCalls({ clock, server: ports.server, gate, pace, ended: () => ended })
  acquit = (id) => calls.acquit(readOf(id), writeOf(id))

  return {
    ports,
    options: all,
    rules: { ...protocolRules, ...rules },
    book,
    whenTouched(run) {
      touched = run
    },
    gate,
    pace,
    lanes: createLanes(all.lanes, { overdueMs: all.overdueMs, after: clock.after }),
    elapsed: clock.elapsed,
    recent: createRecent(clock, all),
    calls,
    sleep,
    async durable(work) {
      for (;;) {
        try {
          return work()
        } catch (error) {
          if (!(error instanceof DiskRefused)) throw error
          await sleep(diskFailed(error))
        }
      }
    },
    diskFailed,
    show(id, overlay) {
      if (overlay === undefined) overlays.delete(id)
      else overlays.set(id, overlay)
      ports.onNews?.({ entries: [], history: false })
    },
    shown: (id) => overlays.get(id),
    retryDelay(id, atLeastMs = 0) {
      const count = (failures.get(id) ?? 0) + 1
      failures.set(id, count)
      return Math.max(backoffMs(count, random.next(), all), atLeastMs)
    },
    hasFailed: (id) => failures.has(id),
    succeeded(id) {
      failures.delete(id)
    },
    delay(id, ms) {
      delays.set(id, clock.mono() + ms)
    },
    notBefore: (id) => delays.get(id) ?? Number.NEGATIVE_INFINITY,
    undelay(id) {
      delays.delete(id)
    },
    abandoned: new Set(),
    decided(id) {
      decisions.set(id, clock.mono())
      acquit(id)
    },
    decidedMono: (id) => decisions.get(id) ?? Number.NEGATIVE_INFINITY,
    end() {
      ended = true
    },
  }
}
