import type { OutboxEntry } from '../../../../shared/change/types'
import { foldedId } from '../../../../shared/user/id'
import type { UserRecord } from '../../../../shared/user/types'
import type { OdinError } from '../../../odin/types'
import { type Called, readOf } from './calls'
import { type Core, identityOf } from './core'
import type { Lane } from './lanes'

export type PreRead =
  | {
      readonly ok: true
      readonly record: UserRecord
      /** Monotonic ms; other people's writes after this moment may be missing in the record. */
      readonly askedMono: number
      /** The same moment by the clock that goes on while the computer sleeps. */
      readonly askedElapsed: number
      /** Whether a PUT may still start on the strength of it: it is fresh, and nothing newer has been read. */
      readonly good: () => boolean
      /** Whether its first byte may still leave: it may have waited for a sign-in, or connected slowly. */
      readonly recent: () => boolean
      readonly shared: boolean
    }
  /** Without an error: nothing may be asked at present, and the gate says why. */
  | { readonly ok: false; readonly error?: OdinError }

interface Shared {
  readonly origin: string
  readonly askedMono: number
  readonly askedElapsed: number
  /** When it was answered at the latest, see `answeredAt`. */
  readonly answeredElapsed: number
  readonly users: Map<string, UserRecord>
}

/** When an answer came, by the clock that counts sleep; a sleep during the call may have been between it and us. */
const answeredAt = (askedElapsed: number, { askedMono, answeredMono }: Called<unknown>): number =>
  askedElapsed + answeredMono - askedMono

/** A group whose list was slow or failed is read user by user for this long. */
const shunnedMs = 300_000
/** A list that takes longer than this serves too few writes before it is stale. */
const slowListMs = 1_000
/** Failures that are more likely the list's own than the server's or the network's. */
const listTroubles: ReadonlySet<string> = new Set(['unknown', 'refused', 'forbidden', 'not-found'])
/** A list of everybody is worth it while it reads at most this many users for each one that is to be changed. */
const wasteFactor = 40

/**
 * Pre-reads: of one user, or of a whole group at once when several of its users are about to be changed. A shared
 * record serves one write only, so that it never hides what we have written ourselves since.
 */
export function createPreReads(core: Core, readyInGroup: (entry: OutboxEntry) => number) {
  const { calls, options } = core
  const { clock, groupSize } = core.ports
  const shared = new Map<string, Promise<Shared | undefined>>()
  /** The list of a group that was answered last. */
  const newest = new Map<string, Shared>()
  const shunned = new Map<string, number>()
  /** When the last list of a group was answered, also one that nobody waited for any more. */
  const listed = new Map<string, number>()

  const groupOf = (entry: OutboxEntry): string =>
    JSON.stringify([
      entry.connectionId,
      entry.origin,
      entry.account,
      entry.user.serviceProviderId,
      entry.user.groupId,
    ])

  /** Whether a PUT that asks for its turn now would start while the list is still good. */
  const fresh = (list: Shared): boolean =>
    core.elapsed() + core.pace(list).waitFor('settle') <= list.answeredElapsed + options.sharedReadMs

  const worthSharing = (entry: OutboxEntry, group: string): boolean => {
    if ((shunned.get(group) ?? 0) > clock.mono()) return false
    const ready = readyInGroup(entry) + 1
    const inTime = (core.pace(entry).rate() * options.sharedReadMs) / 1000
    if (Math.min(ready, inTime) < options.shareFrom) return false
    const { serviceProviderId, groupId } = entry.user
    const size = groupSize?.(identityOf(entry), serviceProviderId, groupId)
    return size === undefined || size <= ready * wasteFactor
  }

  /** A list that does not come keeps nobody from being read alone. */
  const inTime = <T>(list: Promise<T>): Promise<T | undefined> =>
    new Promise((resolve) => {
      const cancel = clock.after(options.overdueMs, () => resolve(undefined))
      void list.then((answer) => {
        cancel()
        resolve(answer)
      })
    })

  const load = async (entry: OutboxEntry, group: string): Promise<Shared | undefined> => {
    const identity = identityOf(entry)
    const turn = await calls.turn(identity, 'write')
    const client = calls.clientFor(identity, 'write')
    if (client === undefined) {
      turn.giveBack()
      return undefined
    }
    const { serviceProviderId, groupId } = entry.user
    const askedElapsed = core.elapsed()
    const asking = calls.make(() =>
      client.usersOfGroup({ serviceProviderId, groupId }, { extended: true, turn }),
    )
    void asking.then((called) => {
      if (called.result.ok) listed.set(group, answeredAt(askedElapsed, called))
    })
    const called = await inTime(asking)
    if (called === undefined) {
      shunned.set(group, clock.mono() + shunnedMs)
      return undefined
    }
    const answeredElapsed = answeredAt(askedElapsed, called)
    const { result, askedMono, answeredMono } = called
    if (result.ok ? answeredMono - askedMono > slowListMs : listTroubles.has(result.error.kind)) {
      shunned.set(group, clock.mono() + shunnedMs)
    }
    if (!result.ok) return undefined
    const users = new Map<string, UserRecord>()
    for (const record of result.value) {
      if (record.completeness === 'full') users.set(foldedId(record.key.userId), record)
    }
    const list = { origin: identity.origin, askedMono, askedElapsed, answeredElapsed, users }
    newest.set(group, list)
    return list
  }

  /** Starts a new list unless one is on its way, which then serves everybody who waits. */
  const reload = (entry: OutboxEntry, group: string): Promise<Shared | undefined> => {
    if (!worthSharing(entry, group)) return Promise.resolve(undefined)
    const loading = load(entry, group)
    shared.set(group, loading)
    void loading.then((list) => {
      const forget = (): void => {
        if (shared.get(group) === loading) shared.delete(group)
        if (newest.get(group) === list) newest.delete(group)
      }
      if (list === undefined) forget()
      else clock.after(options.sharedReadMs, forget)
    })
    return loading
  }

  const fromShared = async (entry: OutboxEntry): Promise<PreRead | undefined> => {
    // The list of a group tells the options alone.
    if (entry.service !== undefined) return undefined
    const group = groupOf(entry)
    const under = shared.get(group)
    let list = await under
    if (list === undefined || !fresh(list)) {
      // Whoever comes first starts the next one.
      if (shared.get(group) === under) shared.delete(group)
      list = await (shared.get(group) ?? reload(entry, group))
    }
    if (list === undefined || !fresh(list)) return undefined
    // What the person has just seen may be newer than the list.
    if (list.askedMono < core.decidedMono(entry.id)) return undefined
    const record = list.users.get(foldedId(entry.user.userId))
    if (record === undefined) return undefined
    list.users.delete(foldedId(entry.user.userId))
    return {
      ok: true,
      record,
      askedMono: list.askedMono,
      askedElapsed: list.askedElapsed,
      good: () =>
        core.elapsed() <= list.answeredElapsed + options.sharedReadMs && (newest.get(group) ?? list) === list,
      recent: () => core.elapsed() <= list.answeredElapsed + options.ownReadMs,
      shared: true,
    }
  }

  const own = async (entry: OutboxEntry, wanted: () => boolean, lane: Lane): Promise<PreRead> => {
    const identity = identityOf(entry)
    const turn = await calls.turn(identity, 'write')
    const client = wanted() ? calls.clientFor(identity, 'write') : undefined
    if (client === undefined) {
      turn.giveBack()
      return { ok: false }
    }
    const askedElapsed = core.elapsed()
    const called = await calls.make(
      () => lane.lend(core.rules.readAbout(client, entry, { turn })),
      readOf(entry.id),
    )
    const { result, askedMono } = called
    const answeredElapsed = answeredAt(askedElapsed, called)
    if (!result.ok) return { ok: false, error: result.error }
    const recent = (): boolean => core.elapsed() <= answeredElapsed + options.ownReadMs
    // A list that came since then may show something else.
    const isNewest = (): boolean =>
      entry.service !== undefined ||
      (listed.get(groupOf(entry)) ?? Number.NEGATIVE_INFINITY) <= answeredElapsed
    return {
      ok: true,
      record: result.value,
      askedMono,
      askedElapsed,
      good: () => recent() && isNewest(),
      recent,
      shared: false,
    }
  }

  return {
    /**
     * What the entry is about as the server has it now. `alone`: do not use a shared list. `wanted`: asked again before a call is
     * made, because the entry may have been discarded while it waited its turn. The lane is given away while the call
     * is overdue.
     */
    async read(entry: OutboxEntry, alone: boolean, wanted: () => boolean, lane: Lane): Promise<PreRead> {
      return (alone ? undefined : await fromShared(entry)) ?? own(entry, wanted, lane)
    },
    /** Whether a fresh shared list is at hand, so that its other users had better come next. */
    warm: (entry: OutboxEntry): boolean => shared.has(groupOf(entry)),
    forget: (): void => {
      shared.clear()
      newest.clear()
    },
  }
}
export type PreReads = ReturnType<typeof createPreReads>
