import { serviceAt, serviceOf } from '../../../shared/calls/catalogue'
import { missingNeed } from '../../../shared/calls/normalise'
import { grounded } from '../../../shared/change/basis'
import { claimOf } from '../../../shared/change/batch'
import type { Choice } from '../../../shared/change/conflict'
import { endedStates, isSendable, isTroubled, troubledStates } from '../../../shared/change/machine'
import type { EntryState, OutboxEntry } from '../../../shared/change/types'
import { words } from '../../../shared/change/words'
import type { EventName, EventPayload, OutboxRow, OutboxWindow, Status } from '../../../shared/ipc/contract'
import { labelOf } from '../../../shared/user/catalogue'
import { sameUserId } from '../../../shared/user/id'
import type { FieldEdit, FieldPath, FieldValue, UserKey } from '../../../shared/user/types'
import { validateField } from '../../../shared/user/validate'
import { displayName, displayValue, fieldValue, nameAndId, sameValue } from '../../../shared/user/value'
import { Refusal } from '../../ipc/refusal'
import { createPause } from '../../platform/pause'
import type { Cancel, Clock, Log, Random } from '../../platform/ports'
import { type MayNotChange, refuseReadOnly } from '../../server/may-change'
import { mustBeMeant } from '../../server/meant'
import type { Paces } from '../../server/pace'
import type { Server } from '../../server/server'
import { connectionsRepository } from '../../store/repositories/connections'
import { outboxRepository } from '../../store/repositories/outbox'
import { knownFields, servicesRepository } from '../../store/repositories/services'
import type { SettingsRepository } from '../../store/repositories/settings'
import { usersRepository } from '../../store/repositories/users'
import type { Store } from '../../store/store'
import { createOutboxDisk } from './disk'
import { madeUnder } from './engine/book'
import { createEngine, DiskRefused, type EngineDeps, type NewChange } from './engine/engine'
import { defaultOptions } from './engine/options'
import type { EngineNews, EnginePorts, Identity } from './engine/ports'
import { changesOf, type ToSave } from './incoming'
import { createLines } from './lines'
import { createNotices } from './notices'
import { createOrder } from './order'

export interface OutboxDeps {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly settings: Pick<SettingsRepository, 'get' | 'set'>
  readonly connections: {
    server(): Server | undefined
    setWorkOffline(on: boolean): void
    onChange(listener: () => void): Cancel
  }
  readonly emit: <E extends EventName>(event: E, payload: EventPayload<E>) => void
  readonly groupSize?: EnginePorts['groupSize']
  readonly mayNotChange?: MayNotChange
  readonly paces: Paces
  readonly options?: EngineDeps['options']
  /** Says something on the desktop when nobody looks at the window. */
  readonly notify?: (text: string) => void
}

/** The unsent edits of one user, newest value of each field, for the overlay over the server's copy. */
export interface Pending {
  readonly edits: readonly FieldEdit[]
  readonly state: 'changed' | 'conflict' | 'unknown' | 'refused'
}

const pausedKey = 'outbox.paused'
/** Changes come in bursts; the screen needs only the last. */
const gatherMs = 50
/** Calls per entry: a PUT that verifies itself and a pre-read that is often shared. */
const callsPerEntry = 1.5
const lookAgainMs = 20_000
/** How long a start may keep the process from other work at a stretch. */
const shareMs = 8

/**
 * The outbox of the app: takes saves in, keeps them on disk, lets the engine send them, and tells what it is doing.
 */
export function createOutbox(deps: OutboxDeps) {
  const { store, random, log, settings, connections, emit } = deps
  let stopped = false
  let started = false
  let held: Refusal | undefined
  let starting: Promise<void> = Promise.resolve()
  const clock: Clock = {
    ...deps.clock,
    after: (ms, run) =>
      deps.clock.after(ms, () => {
        if (!stopped) run()
      }),
  }
  const users = usersRepository(store)
  const services = servicesRepository(store)
  const onDisk = outboxRepository(store)
  const saved = connectionsRepository(store)
  const options = { ...defaultOptions, ...deps.options }
  const fastest = Math.max(5, ...saved.list().map(({ callsPerSecond }) => callsPerSecond))
  const listeners = new Set<(news: EngineNews) => void>()
  let generation = 0
  let telling = false
  let historyToo = false
  let leaveConnections: Cancel = () => {}

  const nameOf = (connectionId: string, userId: string): string => {
    const cached = users.byUserId(connectionId, userId)
    return cached === undefined ? userId : displayName(cached.record)
  }

  const waitsForPerson = (entry: OutboxEntry): boolean => isTroubled(entry) || engine.isStuck(entry)

  const notices = createNotices({
    waitsForPerson,
    clock,
    say: (message) => emit('message', message),
    notify: deps.notify ?? (() => {}),
    connectionId: () => identity()?.connectionId,
    sending: () => {
      const now = identity()
      return now !== undefined && engine.heldBack(now) === undefined
    },
    live: () => engine.live(),
    nameOf: (entry) => nameOf(entry.connectionId, entry.user.userId),
  })

  const tell = (): void => {
    telling = false
    generation++
    emit('outbox.changed', { generation })
    if (historyToo) emit('history.changed', { generation })
    historyToo = false
  }

  const nameOfEntry = (entry: OutboxEntry): string => nameOf(entry.connectionId, entry.user.userId)

  const onNews = (news: EngineNews): void => {
    order.note(news.entries)
    notices.note(news.entries)
    lines.note(news.entries)
    for (const listener of [...listeners]) listener(news)
    historyToo ||= news.history
    if (telling) return
    telling = true
    clock.after(gatherMs, tell)
  }

  const order = createOrder()
  const lines = createLines()
  let ordered = false

  /** Why an entry has to wait for another one, if so. */
  const heldByOrder = (entry: OutboxEntry, live: Iterable<OutboxEntry>): string | undefined => {
    // The first question comes while the engine starts, before it has told of any entry.
    if (!ordered) order.note(live)
    ordered = true
    const [first] = order.before(entry)
    if (first === undefined) {
      const ofUser = engine.ofUser(entry.origin, entry.user.userId)
      return order.earlierStep(entry, ofUser) === undefined ? undefined : words.afterStep
    }
    const ring = order.ring(entry)
    if (ring.length > 0) return words.ring(ring.map(nameOfEntry))
    return words.afterGiver(displayValue(first.path, first.value), nameOfEntry(first.entry))
  }

  const disk = createOutboxDisk({
    store,
    clock,
    log,
    recentWrites: Math.ceil((options.settleMs / 1000) * fastest),
  })
  const engine = createEngine({
    heldByOrder,
    clock,
    random,
    disk,
    server: connections.server,
    partialBodies: (connectionId) => saved.byId(connectionId)?.partialBodies === true,
    ...(deps.groupSize === undefined ? {} : { groupSize: deps.groupSize }),
    ...(deps.mayNotChange === undefined ? {} : { mayNotChange: deps.mayNotChange }),
    onNews,
    onTrouble: (event, error) =>
      log.error(event, { error: error instanceof Error ? error.message : 'not an error' }),
    pace: deps.paces.at,
    options,
  })

  const identity = (): Identity | undefined => connections.server()?.identity

  const mustBeConnected = (): Identity => {
    const now = identity()
    if (now === undefined) {
      throw new Refusal('no-connection', 'No server is chosen, so there is nothing to save to.', {
        next: 'Choose a connection on the Connections page.',
      })
    }
    return now
  }

  /** Two users cannot be given the same extension or number; the server would refuse the second, later. */
  const refuseDoubles = (to: Identity, changes: readonly NewChange[]): void => {
    const mine = new Map<string, UserKey>()
    for (const { user, edits } of changes) {
      for (const { path, mine: value } of edits) {
        const claim = claimOf(user, path, value)
        if (claim === undefined) continue
        const inSave = mine.get(claim)
        const other = inSave ?? order.takers({ origin: to.origin, user }, path, value)[0]?.user
        if (other !== undefined && !sameUserId(other.userId, user.userId)) {
          const names = [other, user].map(({ userId }) => nameOf(to.connectionId, userId))
          const what = `${labelOf(path)} ${displayValue(path, value)}`
          throw new Refusal('taken', `${what} would be given to both ${names.join(' and ')}.`, {
            next: 'Nothing was saved. Give one of them another.',
          })
        }
        mine.set(claim, user)
      }
    }
  }

  /** A switch without its number would forward calls to nobody; where it is not known what is there, the pre-read decides. */
  const refuseNeeds = (to: Identity, changes: readonly NewChange[]): void => {
    for (const { user, edits } of changes) {
      const mine = new Map(edits.map((edit) => [edit.path, edit.mine]))
      for (const service of new Set(edits.flatMap(({ path }) => serviceAt(path) ?? []))) {
        const need = missingNeed(serviceOf(service), (path) => {
          if (mine.has(path)) return mine.get(path)
          const { waiting, server } = fieldNow(to, user, path)
          return waiting ?? server
        })
        if (need === undefined) continue
        const who = nameAndId(nameOf(to.connectionId, user.userId), user.userId)
        throw new Refusal('invalid', `${who}: ${labelOf(need)} is empty.`, {
          next: 'Nothing was saved. Type it, or leave this switched off.',
        })
      }
    }
  }

  const durably = <T>(work: () => T): T => {
    if (held !== undefined) throw held
    try {
      return work()
    } catch (error) {
      if (!(error instanceof DiskRefused)) throw error
      throw new Refusal('disk', `Not saved: ${error.message}`, {
        next: 'Make room on the disk or check that it can be written to, then save again. Your edits are still here.',
      })
    }
  }

  /** So that a wake-up that nobody gave costs seconds. */
  const lookAgain = (): void => {
    engine.lookAgain()
    clock.after(lookAgainMs, lookAgain)
  }

  const serverValue = (
    { connectionId }: Identity,
    user: UserKey,
    path: FieldPath,
  ): FieldValue | undefined => {
    const service = serviceAt(path)
    if (service !== undefined) {
      return knownFields(services.ofUsers(connectionId, [user], [service]).get(user) ?? [])[path]
    }
    const cached = users.byUserId(connectionId, user.userId)
    return cached && fieldValue(cached.record, path)
  }

  /** What waits for a field of a user, in the order in which it was made. */
  const waitingEdits = (to: Identity, user: UserKey, path: FieldPath): FieldEdit[] =>
    engine
      .ofUser(to.origin, user.userId)
      .filter((entry) => madeUnder(entry, to))
      .flatMap(({ edits }) => edits)
      .filter((edit) => edit.path === path)

  /** The newest value that waits for a field of a user, and the server's copy of it, as far as there is either. */
  const fieldNow = (
    to: Identity,
    user: UserKey,
    path: FieldPath,
  ): { waiting?: FieldValue; server?: FieldValue } => {
    const waiting = waitingEdits(to, user, path).at(-1)
    const server = serverValue(to, user, path)
    return {
      ...(waiting === undefined ? {} : { waiting: waiting.mine }),
      ...(server === undefined ? {} : { server }),
    }
  }

  /**
   * The edit, marked when it goes back to what the one that waits was made over although the server has had another value
   * since: it takes nothing back, and would drop out with what it joins.
   */
  const notBack = (to: Identity, user: UserKey, edit: FieldEdit): FieldEdit => {
    const [waiting, ...behind] = waitingEdits(to, user, edit.path)
    // What waits behind another is made over a value of ours.
    if (waiting?.base === undefined || behind.length > 0) return edit
    if (!sameValue(edit.path, waiting.base, edit.mine)) return edit
    const server = serverValue(to, user, edit.path)
    return server === undefined || sameValue(edit.path, server, edit.mine) ? edit : { ...edit, moved: true }
  }

  const rowOf = (entry: OutboxEntry): OutboxRow => {
    const { state, why, nextTryWall } = engine.view(entry)
    return {
      id: entry.id,
      seq: entry.seq,
      user: entry.user,
      userName: nameOf(entry.connectionId, entry.user.userId),
      connectionId: entry.connectionId,
      connectionName: saved.byId(entry.connectionId)?.name ?? entry.origin,
      edits: entry.edits.map((edit) => ({ ...edit })),
      ...(entry.reason === undefined ? {} : { reason: entry.reason }),
      state,
      why,
      ...(nextTryWall === undefined ? {} : { nextTryWall }),
      conflicts: entry.conflicts.map((conflict) => ({ ...conflict })),
      createdWall: entry.createdWall,
      ...(isSendable(entry) && order.ring(entry).length > 0
        ? { swaps: order.before(entry).map(({ path }) => path) }
        : {}),
    }
  }

  const secondsLeft = (): number | undefined => {
    const now = identity()
    if (now === undefined || engine.heldBack(now) !== undefined) return undefined
    let left = 0
    for (const entry of engine.live()) if (!waitsForPerson(entry)) left++
    return left === 0 ? undefined : Math.ceil((left * callsPerEntry) / engine.rate(now))
  }

  const message = (count: number): string => {
    if (count === 0) return 'Nothing to send: everything is back to how it was.'
    const now = identity()
    const held = now && engine.heldBack(now)
    if (held === undefined) return 'Saved. Sending…'
    return held.name === 'paused' ? 'Saved. Will be sent when resumed.' : 'Saved. Will be sent when online.'
  }

  const begin = async (): Promise<void> => {
    const began = clock.mono()
    await disk.readAhead(createPause(clock.mono, shareMs))
    engine.setPaused(settings.get(pausedKey) === true)
    leaveConnections = connections.onChange(engine.serverChanged)
    engine.serverChanged()
    engine.start()
    started = true
    clock.after(lookAgainMs, lookAgain)
    notices.restart()
    lines.note(engine.live())
    const lost = disk.unreadable()
    if (lost > 0) {
      emit('message', {
        tone: 'error',
        text: `${lost} unsent ${lost === 1 ? 'change is' : 'changes are'} damaged and cannot be sent. All others can.`,
      })
    }
    log.info('outbox.started', { entries: engine.size(), ms: Math.round(clock.mono() - began) })
  }

  /** How many entries there are, as long as they have not been read. */
  const countsOnDisk = (): Status['outbox'] => {
    let waiting = 0
    let needsPerson = 0
    for (const [state, count] of Object.entries(onDisk.countByState()) as [EntryState, number][]) {
      if (!endedStates.includes(state)) waiting += count
      if (troubledStates.includes(state)) needsPerson += count
    }
    return { waiting, needsPerson }
  }

  return {
    /**
     * Settles what an earlier run left open and starts to send. Nothing else of the outbox but its counts may be asked
     * before this resolves.
     */
    start: (): Promise<void> => {
      starting = begin()
      return starting
    },

    /** From now on nothing is taken in, for the reason given, and nothing more is sent. There is no way back. */
    hold(why: Refusal): void {
      held = why
      engine.setPaused(true)
    },

    /** Starts nothing more; resolves when no request waits for its answer. */
    async stop(): Promise<void> {
      await starting
      leaveConnections()
      await engine.stop()
      stopped = true
    },

    /**
     * Saves changes durably, all or none; refuses in words, also when they were made under another server or account
     * than is chosen by now. Those of a larger batch come with its id.
     */
    save(
      input: ToSave,
      batchId: string | undefined = input.changes.length > 1 ? random.id() : undefined,
    ): { saved: number; message: string; entries: string[] } {
      const to = mustBeConnected()
      if (input.as !== undefined) mustBeMeant(input.as, to)
      refuseReadOnly(deps.mayNotChange, to.connectionId)
      // A file may spell the id as it likes: the screen finds what waits for a user by the known spelling.
      const spelt = input.changes.map((one) => ({ ...one, user: users.spelt(to.connectionId, one.user) }))
      const changes = changesOf({ ...input, changes: spelt }, batchId, (user, edit) =>
        notBack(to, user, edit.own === undefined ? edit : grounded(edit, fieldNow(to, user, edit.path))),
      )
      refuseDoubles(to, changes)
      refuseNeeds(to, changes)
      const { entries } = durably(() => engine.add(to, changes))
      return { saved: entries.length, message: message(entries.length), entries: entries.map(({ id }) => id) }
    },

    /** The same for other features, such as putting a change back. The values are valid and canonical. */
    add(changes: readonly NewChange[]): number {
      const to = mustBeConnected()
      refuseReadOnly(deps.mayNotChange, to.connectionId)
      const some = changes.map((one) => ({
        ...one,
        edits: one.edits.map((edit) => notBack(to, one.user, edit)),
      }))
      return durably(() => engine.add(to, some)).entries.length
    },

    /** The server and account that changes are saved for now. */
    identity,

    window({ start, count }: { start: number; count: number }): OutboxWindow {
      const all = [...engine.live()]
      const left = secondsLeft()
      return {
        total: all.length,
        start,
        rows: all.slice(start, start + count).map(rowOf),
        paused: engine.paused(),
        batches: lines.of(all),
        ...(left === undefined ? {} : { secondsLeft: left }),
      }
    },

    syncNow(): void {
      const now = identity()
      if (now !== undefined) deps.paces.at(now.origin).release()
      engine.syncNow()
    },

    pause(on: boolean): void {
      settings.set(pausedKey, on)
      engine.setPaused(on)
      onNews({ entries: [], history: false })
    },

    workOffline(on: boolean): void {
      connections.setWorkOffline(on)
    },

    retry(ids: readonly string[]): void {
      durably(() => engine.retry(ids))
    },

    /** How many were discarded; those that have been sent, with an outcome that is not known yet, stay. */
    discard: (ids: readonly string[]): number => durably(() => engine.discard(ids)),

    /** How many were discarded, all of them or none, whether or not they have been sent. */
    abandon: (ids: readonly string[]): number => durably(() => engine.discard(ids, { sentToo: true })),

    /** Parks a field of a change on another value, so that those who wait for each other can go on. */
    detour(id: string, path: string, by: FieldValue): void {
      const valid = validateField(path, by)
      if ('problem' in valid) {
        throw new Refusal('invalid', valid.problem, { next: 'Choose another number to park on.' })
      }
      if (!durably(() => engine.detour(id, path, valid.value))) {
        throw new Refusal('not-waiting', 'This change does not wait any more.', {
          next: 'Look at it again in the outbox.',
        })
      }
    },

    resolve(id: string, choices: readonly Choice[]): void {
      const valid = choices.map((choice) => {
        const result = validateField(choice.path, choice.value)
        if ('problem' in result) {
          throw new Refusal('invalid', result.problem, { next: 'Choose or write another value.' })
        }
        return { ...choice, value: result.value }
      })
      if (!durably(() => engine.resolve(id, valid))) {
        throw new Refusal('not-in-conflict', 'This change is no longer in conflict.', {
          next: 'Look at it again in the outbox.',
        })
      }
    },

    /** For the status bar: all that is not on the server yet, and how much of it waits for a person. */
    counts(): Status['outbox'] {
      if (!started) return countsOnDisk()
      let needsPerson = 0
      for (const entry of engine.live()) if (waitsForPerson(entry)) needsPerson++
      return { waiting: engine.size(), needsPerson, ...notices.now() }
    },

    /** The unsent edits of a user, if there are any. */
    pendingOf(connectionId: string, userId: string): Pending | undefined {
      const now = identity()
      const live =
        now?.connectionId === connectionId
          ? engine.ofUser(now.origin, userId).filter((entry) => madeUnder(entry, now))
          : engine.live()
      return pendingOf(live, connectionId, userId)
    },

    /** What waits for one user under an identity, oldest first. */
    waitingFor: (identity: Identity, userId: string): OutboxEntry[] =>
      engine.ofUser(identity.origin, userId).filter((entry) => madeUnder(entry, identity)),

    nameOf,

    /** What waits under the account that is chosen now, oldest first; refused when none is. */
    own(): { readonly identity: Identity; readonly entries: OutboxEntry[] } {
      const identity = mustBeConnected()
      const entries = [...engine.live()].filter((entry) => madeUnder(entry, identity))
      return { identity, entries }
    },

    /** All live entries, of every connection. */
    all: (): OutboxEntry[] => [...engine.live()],

    /** Live entries of one connection, oldest first. */
    unsent: (connectionId: string): OutboxEntry[] =>
      [...engine.live()].filter((entry) => entry.connectionId === connectionId),

    /** Runs after each change of an entry, of history, or of a user that was read. */
    onChange(listener: (news: EngineNews) => void): Cancel {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
export type Outbox = ReturnType<typeof createOutbox>

function pendingOf(live: Iterable<OutboxEntry>, connectionId: string, userId: string): Pending | undefined {
  const edits = new Map<string, FieldEdit>()
  let state: Pending['state'] = 'changed'
  for (const entry of live) {
    if (entry.connectionId !== connectionId || !sameUserId(entry.user.userId, userId)) continue
    for (const edit of entry.edits) {
      const before = edits.get(edit.path)
      if (before === undefined) edits.set(edit.path, edit)
      else {
        // A base that was never seen stays so: what the later edit calls its base is the value of the earlier one.
        const { base: _ours, ...later } = edit
        edits.set(edit.path, before.base === undefined ? later : { ...later, base: before.base })
      }
    }
    if (entry.state === 'conflict') state = 'conflict'
    else if (isTroubled(entry)) state = state === 'conflict' ? state : 'refused'
    else if (entry.state === 'unknown' && state === 'changed') state = 'unknown'
  }
  return edits.size === 0 ? undefined : { edits: [...edits.values()], state }
}
