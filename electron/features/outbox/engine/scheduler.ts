import { isOpen, isSendable } from '../../../../shared/change/machine'
import type { OutboxEntry } from '../../../../shared/change/types'
import { DiskRefused, madeUnder, userOf } from './book'
import type { Core } from './core'
import { Abandoned } from './finish'
import { createPreReads } from './preflight'
import { sendEntry } from './send'
import { concludeSent } from './verify'

/** Why a sendable entry is not being sent although nothing holds the outbox back. */
export type Waiting =
  | { readonly rule: 'behind' }
  | { readonly rule: 'delay' | 'spacing' | 'quarantine'; readonly untilMono: number }
  | { readonly rule: 'order'; readonly why: string }

/** After a mistake of ours an entry is left alone this long, so that it cannot spin. */
const afterMistakeMs = 60_000

/**
 * Decides which entry is worked on next: oldest first, one per user at a time, a few users side by side, and users
 * of a group whose list has just been read before others.
 */
export function createScheduler(
  core: Core,
  /** Why this entry has to come after another one, if so. */
  heldByOrder: (entry: OutboxEntry) => string | undefined,
) {
  const { book, gate, lanes, recent } = core
  const { clock, server } = core.ports
  /** By group, in the order in which they became ready. */
  const ready = new Map<string, Set<string>>()
  /** Entries being worked on, from the pre-read to the end of their attempt. */
  const working = new Set<string>()
  const alarms = new Map<string, number>()
  const waitingByOrder = new Set<string>()
  /** Entries whose PUT waits for its answer, with their users. */
  const out = new Map<string, string>()
  let stopped: (() => void) | undefined

  const groupOf = ({ user }: OutboxEntry): string => JSON.stringify([user.serviceProviderId, user.groupId])

  const preReads = createPreReads(core, (entry) => ready.get(groupOf(entry))?.size ?? 0)

  const unready = (entry: OutboxEntry): void => {
    const group = groupOf(entry)
    const set = ready.get(group)
    if (set?.delete(entry.id) && set.size === 0) ready.delete(group)
    waitingByOrder.delete(entry.id)
  }

  const isWorkedOn = ({ id }: Pick<OutboxEntry, 'id'>): boolean => working.has(id)

  /**
   * Whether `other` keeps `entry` of the same user from being sent. An attempt that another account has left open
   * does so only while its request is out: its own check may have to wait until that account is signed in again,
   * and by then `recent` has waited out what could still arrive.
   */
  const blocks = (other: OutboxEntry, entry: OutboxEntry): boolean => {
    if (other.id === entry.id) return isWorkedOn(other)
    if (madeUnder(other, entry)) return isOpen(other) || isWorkedOn(other)
    return other.state === 'inflight' || (isWorkedOn(other) && isSendable(other))
  }

  /** Why the entry cannot be sent right now, apart from the gate. */
  const waitingFor = (entry: OutboxEntry): Waiting | undefined => {
    const user = userOf(entry)
    if (book.ofUser(user).some((other) => blocks(other, entry))) return { rule: 'behind' }
    // A person may have discarded the entry of a request that is still out.
    for (const of of out.values()) if (of === user) return { rule: 'behind' }
    const now = clock.mono()
    const delay = core.notBefore(entry.id)
    if (delay > now) return { rule: 'delay', untilMono: delay }
    const { at, rule } = recent.earliest(user, entry.edits)
    if (at > now) return { rule, untilMono: at }
    const why = heldByOrder(entry)
    return why === undefined ? undefined : { rule: 'order', why }
  }

  const alarm = (id: string, at: number): void => {
    const before = alarms.get(id)
    if (before !== undefined && before <= at) return
    alarms.set(id, at)
    clock.after(Math.max(0, Math.ceil(at - clock.mono())), () => {
      if (alarms.get(id) !== at) return
      alarms.delete(id)
      const entry = book.get(id)
      if (entry !== undefined) consider(entry)
      pump()
    })
  }

  /** Puts the entry in the line, or sets the timer after which it may be. */
  const consider = (entry: OutboxEntry): void => {
    unready(entry)
    const identity = server()?.identity
    if (!isSendable(entry) || identity === undefined || !madeUnder(entry, identity)) return
    const waiting = waitingFor(entry)
    if (waiting === undefined) {
      const group = groupOf(entry)
      const set = ready.get(group)
      if (set === undefined) ready.set(group, new Set([entry.id]))
      else set.add(entry.id)
    } else if ('untilMono' in waiting) alarm(entry.id, waiting.untilMono)
    else if (waiting.rule === 'order') waitingByOrder.add(entry.id)
  }

  const considerIds = (ids: Iterable<string>): void => {
    for (const id of ids) {
      const entry = book.get(id)
      if (entry !== undefined) consider(entry)
    }
  }

  const pick = (): OutboxEntry | undefined => {
    let best: OutboxEntry | undefined
    for (const set of ready.values()) {
      const id = set.values().next().value
      const entry = id === undefined ? undefined : book.get(id)
      if (entry === undefined) continue
      if (preReads.warm(entry)) return entry
      if (best === undefined || entry.seq < best.seq) best = entry
    }
    return best
  }

  const pump = (): void => {
    while (stopped === undefined && lanes.free() > 0 && ready.size > 0) {
      const identity = server()?.identity
      if (identity === undefined || gate.closed(identity, 'write') !== undefined) return
      const entry = pick()
      if (entry === undefined) return
      unready(entry)
      void occupy(entry, () => workOn(entry))
    }
  }

  /** Keeps the user for this entry until the work has ended, whatever its end. */
  const occupy = async (entry: OutboxEntry, work: () => Promise<void>): Promise<void> => {
    const user = userOf(entry)
    working.add(entry.id)
    for (const other of book.ofUser(user)) unready(other)
    try {
      await work()
    } catch (error) {
      if (error instanceof DiskRefused) core.diskFailed(error)
      else if (!(error instanceof Abandoned)) {
        core.ports.onTrouble?.('outbox.internal-error', error)
        core.delay(entry.id, afterMistakeMs)
      }
    } finally {
      working.delete(entry.id)
      core.abandoned.delete(entry.id)
      core.show(entry.id, undefined)
      considerIds(book.ofUser(user).map(({ id }) => id))
      considerIds([...waitingByOrder])
      pump()
    }
  }

  const workOn = async (entry: OutboxEntry): Promise<void> => {
    const lane = lanes.tryEnter()
    if (lane === undefined) return
    try {
      const sent = await sendEntry(core, preReads, entry.id, lane, (user) => out.set(entry.id, user))
      if (sent === undefined) return
      out.delete(entry.id)
      // Its first durable step is taken before anything is awaited.
      const conclusion = concludeSent(core, sent)
      if (out.size === 0) stopped?.()
      await conclusion
    } finally {
      lane.release()
    }
  }

  let pumping = false
  const pumpSoon = (): void => {
    if (pumping) return
    pumping = true
    queueMicrotask(() => {
      pumping = false
      pump()
    })
  }

  // A step of one entry may free or hold back the others of its user.
  core.whenTouched((entries) => {
    for (const entry of entries) {
      unready(entry)
      considerIds(book.ofUser(userOf(entry)).map(({ id }) => id))
    }
    pumpSoon()
  })
  gate.whenOpened(pumpSoon)
  lanes.whenFree(pumpSoon)

  return {
    /** These entries are new or have changed. */
    considerMany(entries: Iterable<OutboxEntry>): void {
      for (const entry of entries) consider(entry)
      considerIds([...waitingByOrder])
      pump()
    },
    /** After a change of account, or at the start: everything anew. */
    considerAll(): void {
      ready.clear()
      waitingByOrder.clear()
      preReads.forget()
      for (const entry of book.all()) consider(entry)
      pump()
    },
    /** The entry has ended or joined another. */
    forget(entry: OutboxEntry): void {
      unready(entry)
      considerIds([...waitingByOrder])
      pump()
    },
    waitingFor,
    isWorkedOn,
    /** Settles an attempt that an earlier run left open. */
    recover(entry: OutboxEntry, work: () => Promise<void>): void {
      void occupy(entry, work)
    },
    /** Starts nothing more; resolves when no PUT of ours waits for its answer. */
    stop(): Promise<void> {
      return new Promise((resolve) => {
        stopped = resolve
        if (out.size === 0) resolve()
      })
    },
  }
}
export type Scheduler = ReturnType<typeof createScheduler>
