import { type ServiceId, serviceAt } from '../../../../shared/calls/catalogue'
import { withoutAhead } from '../../../../shared/change/coalesce'
import type { Choice } from '../../../../shared/change/conflict'
import {
  advance,
  isEnded,
  isOpen,
  isResting,
  isSendable,
  isTroubled,
} from '../../../../shared/change/machine'
import type { Attempt, EntryState, OutboxEntry } from '../../../../shared/change/types'
import { words } from '../../../../shared/change/words'
import { foldedId } from '../../../../shared/user/id'
import type { FieldEdit, FieldValue, UserKey } from '../../../../shared/user/types'
import { DiskRefused, madeUnder, userAt, userOf } from './book'
import { readOf, writeOf } from './calls'
import { createCore, identityOf } from './core'
import type { EngineOptions, ProtocolRules } from './options'
import type { EnginePorts, Identity } from './ports'
import { createScheduler } from './scheduler'
import { settleEntry } from './settle'

/** A change as a person made it, of the options, of services or of both; the values are valid and canonical. */
export interface NewChange {
  readonly user: UserKey
  readonly edits: readonly FieldEdit[]
  readonly reason?: string
  readonly batchId?: string
  readonly reverts?: string
}

/** What of a change goes into one entry: what is about the options, or about one service. */
interface Part extends NewChange {
  readonly service: ServiceId | undefined
}

function partsOf(change: NewChange): Part[] {
  const parts = new Map<ServiceId | undefined, FieldEdit[]>()
  for (const edit of change.edits) {
    const service = serviceAt(edit.path)
    const edits = parts.get(service)
    if (edits === undefined) parts.set(service, [edit])
    else edits.push(edit)
  }
  return [...parts].map(([service, edits]) => ({ ...change, service, edits }))
}

/** How an entry is shown: its state with the reason in words, as things stand at this moment. */
export interface EntryView {
  readonly state: EntryState
  readonly why: string
  /** Wall ms. */
  readonly nextTryWall?: number
}

export interface EngineDeps extends EnginePorts {
  readonly options?: Partial<EngineOptions>
  /** Left out in the app: the simulator plants wrong decisions here. */
  readonly rules?: Partial<ProtocolRules>
  /** Why an entry has to come after another one, if so; see `order.ts`. */
  readonly heldByOrder?: (entry: OutboxEntry, live: Iterable<OutboxEntry>) => string | undefined
}

/**
 * The outbox: takes changes in durably, sends them by the protocol, and never loses or forces one. Nothing here
 * touches time, chance, disk or network but through the ports.
 */
export function createEngine(deps: EngineDeps) {
  const { options, rules, heldByOrder, ...ports } = deps
  const { clock, random, server } = ports
  const core = createCore(ports, options, rules)
  const { book, calls, gate } = core
  const scheduler = createScheduler(core, (entry) => heldByOrder?.(entry, book.all()))

  /** A step by a person: durable before it returns, or {@link DiskRefused} is thrown and nothing has changed. */
  const step = (
    what: 'save' | 'edit' | 'person',
    entries: readonly OutboxEntry[],
    abandoned: readonly Attempt[] = [],
  ): void => {
    book.commit({ what, entries, ...(abandoned.length === 0 ? {} : { abandoned }) })
    for (const { id } of entries) {
      core.undelay(id)
      core.succeeded(id)
    }
    for (const entry of entries) {
      if (isEnded(entry)) scheduler.forget(entry)
      else core.decided(entry.id)
    }
    scheduler.considerMany(entries.filter((entry) => !isEnded(entry)))
  }

  const fresh = (identity: Identity, change: Part, seq: number): OutboxEntry => ({
    id: random.id(),
    seq,
    ...identity,
    user: change.user,
    ...(change.service === undefined ? {} : { service: change.service }),
    edits: change.edits,
    ...(change.reason === undefined ? {} : { reason: change.reason }),
    ...(change.batchId === undefined ? {} : { batchId: change.batchId }),
    ...(change.reverts === undefined ? {} : { reverts: change.reverts }),
    state: 'queued',
    why: words.queued,
    conflicts: [],
    attempts: [],
    createdWall: clock.wall(),
  })

  /**
   * Where a change goes: into the entry about the same that nothing is under way of, or behind the one that is being
   * sent, or into a new one. Nothing when it changes nothing. `earlier` is what this very save has made of the
   * same before.
   */
  const placed = (
    identity: Identity,
    { service, ...change }: Part,
    seq: number,
    earlier: OutboxEntry | undefined,
  ): OutboxEntry | undefined => {
    const user = userAt(identity.origin, change.user.userId)
    const mine = book
      .ofUser(user)
      .filter((entry) => madeUnder(entry, identity) && core.rules.isAbout(entry, service))
    // Of the two steps of a detour the later one has what the person sees.
    const target = earlier ?? mine.findLast((entry) => core.rules.takesEdits(entry))
    const open = mine.find(isOpen)
    const edits = open === undefined ? change.edits : core.rules.editsBehind(open.edits, change.edits)
    if (target !== undefined && !isEnded(target)) {
      return advance(target, { type: 'edit', ...change, edits }, core.rules.mergeEdits)
    }
    const left = core.rules.mergeEdits([], edits)
    return left.length === 0 ? undefined : fresh(identity, { ...change, service, edits: left }, seq)
  }

  const restart = (): void => {
    const state = book.load()
    core.recent.recall(state.recent, ({ origin, userId }) => userAt(origin, userId))
    for (const entry of [...book.all()]) {
      if (!isOpen(entry)) continue
      core.recent.lost(userOf(entry))
      scheduler.recover(entry, () =>
        settleEntry(core, entry.id, { facts: { attempt: {} }, serverError: false, why: words.recovered }),
      )
    }
    scheduler.considerAll()
  }

  /** What waits for a timer because the server was away need not wait for that now; the server's own errors do. */
  const serverBack = (): void => {
    const waiting = [...book.all()].filter(
      (entry) =>
        isSendable(entry) && (entry.serverErrors ?? 0) === 0 && core.notBefore(entry.id) > clock.mono(),
    )
    for (const { id } of waiting) core.undelay(id)
    scheduler.considerMany(waiting)
  }

  let followed: string | undefined
  /** Whether the server had been asked in vain, or had signed us out, when it was last looked at. */
  let wasAway = false

  /** A person believes that it works again: it is asked now instead of when its timer says. */
  const lookForServer = (): void => {
    const now = server()
    if (now?.hindrance() !== undefined) now.wake()
  }

  const view = (entry: OutboxEntry): EntryView => {
    const wallOf = (mono: number): { nextTryWall: number } => ({
      nextTryWall: Math.round(clock.wall() + mono - clock.mono()),
    })
    const identity = identityOf(entry)
    if (isOpen(entry)) {
      const closed = entry.state === 'inflight' ? undefined : gate.closed(identity, 'check')
      const overlay = core.shown(entry.id)
      if (closed !== undefined) return { state: entry.state, why: `${entry.why} ${closed.why}` }
      if (overlay === undefined) return { state: entry.state, why: entry.why }
      return {
        state: entry.state,
        why: overlay.why,
        ...(overlay.untilMono === undefined ? {} : wallOf(overlay.untilMono)),
      }
    }
    if (!isSendable(entry)) return { state: entry.state, why: entry.why }
    const overlay = core.shown(entry.id)
    if (overlay !== undefined) return { state: overlay.state ?? entry.state, why: overlay.why }
    const closed = gate.closed(identity, 'write')
    if (closed !== undefined) {
      return {
        state: 'held',
        why: closed.why,
        ...(closed.nextTryWall === undefined ? {} : { nextTryWall: closed.nextTryWall }),
      }
    }
    const waiting = scheduler.waitingFor(entry)
    switch (waiting?.rule) {
      case 'behind':
        return { state: entry.state, why: words.behind }
      case 'order':
        return { state: entry.state, why: waiting.why }
      case 'delay':
        return { state: 'waiting', why: entry.why, ...wallOf(waiting.untilMono) }
      case 'spacing':
      case 'quarantine':
        return {
          state: 'waiting',
          why: words[waiting.rule](waiting.untilMono - clock.mono()),
          ...wallOf(waiting.untilMono),
        }
      default:
        return entry.state === 'waiting'
          ? { state: 'queued', why: words.queued }
          : { state: entry.state, why: entry.why }
    }
  }

  return {
    /** Reads the outbox from disk, settles what an earlier run left open, and starts to send. */
    start: restart,

    /**
     * Takes changes in, all or none, and durably before it returns. Says how many entries they are now. Throws
     * {@link DiskRefused} when the disk does not take them: nothing has been saved then.
     */
    add(identity: Identity, changes: readonly NewChange[]): { readonly entries: readonly OutboxEntry[] } {
      const made = new Map<string, OutboxEntry>()
      /** By what they are about. */
      const latest = new Map<string, OutboxEntry>()
      let seq = book.nextSeq()
      for (const part of changes.flatMap(partsOf)) {
        const about = `${part.service ?? ''}\n${foldedId(part.user.userId)}`
        const entry = placed(identity, part, seq, latest.get(about))
        if (entry === undefined) continue
        if (entry.seq === seq) seq++
        made.set(entry.id, entry)
        latest.set(about, entry)
      }
      const entries = [...made.values()]
      if (entries.length > 0) step('save', entries)
      return { entries }
    },

    /** A person decides on fields in conflict. False when the entry is not in conflict (any more). */
    resolve(id: string, choices: readonly Choice[]): boolean {
      const entry = book.get(id)
      if (entry?.state !== 'conflict') return false
      step('person', [advance(entry, { type: 'resolve', choices })])
      return true
    },

    /** Sends these again, now; entries that are being sent or checked are left alone. Says how many it were. */
    retry(ids: readonly string[]): number {
      const chosen = ids.flatMap((id) => book.get(id) ?? [])
      const asked = chosen.filter((entry) => isTroubled(entry) || entry.state === 'waiting')
      if (asked.length > 0) {
        step(
          'person',
          asked.map((entry) => advance(entry, { type: 'retry' })),
        )
      }
      for (const entry of chosen) core.undelay(entry.id)
      scheduler.considerMany(chosen.flatMap(({ id }) => book.get(id) ?? []))
      lookForServer()
      return asked.length
    },

    /**
     * Discards, all in one step, what has not been sent; with `sentToo` also those of which it is not known what became
     * of their request. Others stay; says how many went.
     */
    discard(ids: readonly string[], { sentToo = false } = {}): number {
      const chosen = [...new Set(ids)].flatMap((id) => book.get(id) ?? [])
      const resting = chosen.filter(isResting)
      const open = sentToo ? chosen.filter(isOpen) : []
      const going = new Set([...resting, ...open].map(({ id }) => id))
      const gone = open.map((entry) => advance(entry, { type: 'abandon' }))
      const left = new Map<string, OutboxEntry>()
      // Newest first, so that of two steps that go the base of the earlier one is what is left.
      for (const entry of [...resting, ...open].sort((a, b) => b.seq - a.seq)) {
        for (const behind of book.after(entry)) {
          if (going.has(behind.id)) continue
          const now = left.get(behind.id) ?? behind
          left.set(behind.id, { ...now, edits: withoutAhead(now.edits, entry.edits) })
        }
      }
      const cancelled = resting.map((entry) => advance(entry, { type: 'cancel' }))
      const steps = [...cancelled, ...gone, ...left.values()]
      if (steps.length > 0) {
        for (const { id } of open) if (scheduler.isWorkedOn({ id })) core.abandoned.add(id)
        try {
          step(
            'person',
            steps,
            gone.flatMap(({ attempts }) => attempts.at(-1) ?? []),
          )
        } catch (error) {
          for (const { id } of open) core.abandoned.delete(id)
          throw error
        }
      }
      return going.size
    },

    /**
     * Makes two steps of one: first the field takes another value, for as long as the wanted one is not free, then the
     * wanted one. False when the entry has no such edit at rest (any more).
     */
    detour(id: string, path: string, by: FieldValue): boolean {
      const entry = book.get(id)
      const edit = entry?.edits.find((each) => each.path === path)
      if (entry === undefined || edit === undefined || !isResting(entry)) return false
      const first = advance(entry, { type: 'edit', edits: [{ path, mine: by }] })
      const { user, service, reason, batchId } = entry
      const then = fresh(
        identityOf(entry),
        {
          user,
          service,
          edits: [{ path, base: by, mine: edit.mine }],
          ...(reason === undefined ? {} : { reason }),
          ...(batchId === undefined ? {} : { batchId }),
        },
        book.nextSeq(),
      )
      step('edit', [first, then])
      return true
    },

    /** Looks at once whether the server is back, and tries what waits for a timer. */
    syncNow(): void {
      lookForServer()
      for (const entry of book.all()) if (isSendable(entry)) core.undelay(entry.id)
      scheduler.considerMany([...book.all()])
    },

    setPaused(on: boolean): void {
      if (on) gate.close('paused', words.held.paused)
      else gate.open('paused')
    },
    paused: (): boolean => gate.holds('paused'),

    /** The server is another one, or says something else of itself. */
    serverChanged(): void {
      const now = server()
      const name = now && JSON.stringify(now.identity)
      if (name !== followed) {
        followed = name
        wasAway = false
        calls.forget()
        scheduler.considerAll()
      }
      const state = now?.state()
      const isAway = state?.tries !== undefined || state?.network === 'signed-out'
      if (wasAway && !isAway) serverBack()
      wasAway = isAway
      gate.wake()
      ports.onNews?.({ entries: [], history: false })
    },

    /**
     * Looks whether anything waits for a word that never came: for the last line of defence, so that a wake-up that was missed
     * delays a change and does not hold it for ever.
     */
    lookAgain(): void {
      scheduler.considerMany([...book.all()].filter(isSendable))
      gate.wake()
    },

    get: book.get,
    live: (): Iterable<OutboxEntry> => book.all(),
    ofUser: (origin: string, userId: string): readonly OutboxEntry[] => book.ofUser(userAt(origin, userId)),
    size: book.size,
    view,
    /** Whether a change meets the same trouble each time, while the server answers for others: a person may want to look. */
    isStuck: ({ id }: Pick<OutboxEntry, 'id'>): boolean =>
      calls.stuck(readOf(id)) !== undefined || calls.stuck(writeOf(id)) !== undefined,
    /** Why nothing of this identity is sent at present. */
    heldBack: (identity: Identity) => gate.closed(identity, 'write'),
    /** Calls that may start in a second at the server of this identity, as things stand. */
    rate: (identity: Identity): number => core.pace(identity).rate(),

    /** Starts nothing more; resolves when no PUT of ours waits for its answer. The disk is not used after that. */
    async stop(): Promise<void> {
      await scheduler.stop()
      core.end()
    },
  }
}
export type Engine = ReturnType<typeof createEngine>
export { DiskRefused }
