import type { DiskWrite, Identity } from '../../electron/features/outbox/engine/ports'
import { type BodyForm, formOf, type ServiceId, serviceAt, serviceOf } from '../../shared/calls/catalogue'
import { missingNeed } from '../../shared/calls/normalise'
import { looksNormalised } from '../../shared/change/judge'
import { endedStates, isOpen, transitions, troubledStates } from '../../shared/change/machine'
import type { EntryState, OutboxEntry } from '../../shared/change/types'
import { words } from '../../shared/change/words'
import type { FieldPath, FieldValue, UserRecord } from '../../shared/user/types'
import { isEmptyValue, sameValue } from '../../shared/user/value'
import type { SimDisk } from './disk'
import { fieldsOf, serverSpelling, type WireCall } from './server'
import type { Timeline } from './time'

/** A broken invariant, by its number in the protocol. */
export class Violation extends Error {
  override readonly name = 'Violation'
  constructor(
    readonly invariant: number,
    message: string,
  ) {
    super(`Invariant ${invariant}: ${message}`)
  }
}

/** One value that a person has saved for one field of one user, until something ends it. */
export interface Wish {
  readonly identity: string
  readonly userId: string
  readonly path: FieldPath
  readonly want: FieldValue
  readonly savedAt: number
  /** Bodies of PUTs that were under way when it was saved: an edit back to what one of them writes waits for it. */
  readonly underWay: ReadonlySet<string>
  /** The live entry that held it last. */
  heldBy?: string
  ended?: string | undefined
}

interface Sighting {
  readonly at: number
  /** When the server said it; the answer may have waited for a sleeping computer. */
  readonly saidAt: number
  readonly value: FieldValue
  readonly kind: WireCall['kind']
  readonly askedAt: number
  readonly life: number
}

const toldKey = (identity: Identity, userId: string, service: ServiceId | undefined): string =>
  `${nameOf(identity)}|${userId}|${service ?? ''}`

export const nameOf = ({ connectionId, origin, account }: Identity): string =>
  `${connectionId} ${origin} ${account}`

export interface CheckerLimits {
  readonly settleMs: number
  readonly spacingMs: number
  readonly callsPerSecond: number
  /** No pre-read may be older than this when its PUT starts. */
  readonly preReadMs: number
}

/** How long an answer is on its way. */
const transitMs = 100

/** Where an entry stands once the app believes to know what became of it. */
const concluded: ReadonlySet<EntryState> = new Set([...troubledStates, 'done', 'superseded'])

/**
 * Judges a run from the servers' own log and the text on disk, never from what the engine says of itself. What a
 * person has seen and decided is told by the model of that person.
 */
export function createChecker(deps: {
  readonly timeline: Timeline
  readonly disk: SimDisk
  readonly limits: CheckerLimits
  readonly log: () => readonly WireCall[]
  /** Whether a connection is set to partial bodies now. */
  readonly partialBodies: (connectionId: string) => boolean
}) {
  const { timeline, disk, limits } = deps
  const wishes: Wish[] = []
  /** What a person has seen of a field and based a wish on; undefined: they had not seen it. */
  const bases = new Map<string, (FieldValue | undefined)[]>()
  const sightings = new Map<string, Sighting[]>()
  /** When each server was called. */
  const startsAt = new Map<string, number[]>()
  /** The PUT of each history row. */
  const calls = new Map<string, WireCall>()
  /** The form in which the body of each history row was to be made, by how its connection was set at that moment. */
  const forms = new Map<string, BodyForm>()
  const lastLanded = new Map<string, { call: number; value: FieldValue }>()
  const states = new Map<string, EntryState>()
  /** The last call about a user under an identity that has ended. */
  const lastTold = new Map<string, WireCall>()
  /** When a list of their group, about it, was last answered. */
  const lastListed = new Map<string, number>()
  /** The same, read by itself. */
  const lastAlone = new Map<string, number>()
  /** Identities that have nothing to show the server: new in this process, or signed out by the API. */
  const signedOut = new Set<string>()
  /** Identities whose password the API has refused, until a person signs in again. */
  const passwordRefused = new Set<string>()
  const seenTransitions = new Map<string, number>()
  let personActs: ((wish: Wish) => string | undefined) | undefined
  let workingOffline = false

  let first: Violation | undefined
  const fail = (invariant: number, message: string): never => {
    const violation = new Violation(invariant, `${message} (at ${Math.round(timeline.now())} ms)`)
    first ??= violation
    throw violation
  }

  const fieldKey = (origin: string, userId: string, path: FieldPath): string => `${origin}|${userId}|${path}`
  const wishKey = (identity: string, userId: string, path: FieldPath): string =>
    `${identity}|${userId}|${path}`

  const same = (path: FieldPath, a: FieldValue, b: FieldValue): boolean =>
    sameValue(path, a, b) || sameValue(path, serverSpelling(a), serverSpelling(b))

  const openWishes = (identity: string, userId: string): Wish[] =>
    wishes.filter((wish) => wish.ended === undefined && wish.identity === identity && wish.userId === userId)

  /** The bodies of our PUTs of a user of which no read has told yet what became of them. */
  const underWay = (identity: Identity, userId: string): ReadonlySet<string> =>
    new Set(
      [...disk.history.values()]
        .filter((row) => {
          const entry = disk.entries.get(row.entryId)
          if (entry === undefined || row.userId !== userId || nameOf(entry) !== nameOf(identity)) return false
          return isOpen(entry) && (row.outcome === 'pending' || row.outcome === 'unknown')
        })
        .map(({ body }) => JSON.stringify(body)),
    )

  // --- 2: every wish is in exactly one live entry -----------------------------------------------------------

  const liveEdits = (identity: string, userId: string) =>
    disk
      .live()
      .filter((entry) => entry.user.userId === userId && nameOf(entry) === identity)
      .flatMap((entry) => entry.edits.map((edit) => ({ entry, edit })))

  /** Whether an answer that reached a client since shows what the wish asked for, or what has come of it. */
  const evidence = (wish: Wish, origin: string): string | undefined => {
    const seen = (sightings.get(fieldKey(origin, wish.userId, wish.path)) ?? []).filter(
      ({ at }) => at >= wish.savedAt,
    )
    if (seen.some(({ value }) => same(wish.path, value, wish.want))) return 'shown'
    const accepted = deps
      .log()
      .findLast(
        (call) =>
          call.kind === 'PUT' &&
          call.accepted === true &&
          call.userId === wish.userId &&
          call.identity.origin === origin &&
          (call.startedAt >= wish.savedAt || wish.underWay.has(JSON.stringify(call.body))) &&
          fieldsOf(call).some(([path, value]) => path === wish.path && same(path, value, wish.want)),
      )
    if (accepted === undefined) return undefined
    const after = seen.filter(({ at }) => at >= (accepted.endedAt ?? 0))
    return after.length > 0 ? 'superseded' : undefined
  }

  /** Whether the person has come back to what was there first, and nothing of it was ever sent. */
  const editedBack = (wish: Wish, origin: string): string | undefined => {
    const key = wishKey(wish.identity, wish.userId, wish.path)
    const [base] = bases.get(key) ?? []
    if (base === undefined || !sameValue(wish.path, base, wish.want)) return undefined
    const chain = wishes.filter(
      (one) => wishKey(one.identity, one.userId, one.path) === key && one.ended !== 'shown',
    )
    const since = Math.min(...chain.map(({ savedAt }) => savedAt))
    const sent = deps
      .log()
      .some(
        (call) =>
          call.kind === 'PUT' &&
          call.userId === wish.userId &&
          call.identity.origin === origin &&
          call.startedAt >= since &&
          fieldsOf(call).some(([path]) => path === wish.path),
      )
    return sent ? undefined : 'edited back'
  }

  /**
   * What was shown of the same value in the same entry before: changed and changed back while the disk did not take what that
   * entry had come to, nothing was left to save.
   */
  const heldBefore = (wish: Wish, origin: string): string | undefined => {
    const first = wishes.find(
      (one) =>
        one.heldBy !== undefined &&
        one.heldBy === wish.heldBy &&
        one.path === wish.path &&
        same(wish.path, one.want, wish.want),
    )
    return first === undefined || first === wish
      ? undefined
      : evidence({ ...wish, savedAt: first.savedAt, underWay: first.underWay }, origin)
  }

  const account = (identity: Identity, userId: string): void => {
    const name = nameOf(identity)
    const edits = liveEdits(name, userId)
    const open = openWishes(name, userId)
    for (const wish of open) {
      const holding = edits.filter(
        ({ edit }) => edit.path === wish.path && sameValue(wish.path, edit.mine, wish.want),
      )
      if (holding.length > 1) fail(2, `${userId} ${wish.path} is in ${holding.length} live entries`)
      if (holding[0] !== undefined) {
        wish.heldBy = holding[0].entry.id
        continue
      }
      const newer = open.find(
        (other) => other !== wish && other.path === wish.path && other.savedAt > wish.savedAt,
      )
      if (newer !== undefined) wish.ended = 'replaced'
      else {
        wish.ended =
          personActs?.(wish) ??
          evidence(wish, identity.origin) ??
          heldBefore(wish, identity.origin) ??
          editedBack(wish, identity.origin)
      }
      if (wish.ended === undefined) {
        fail(2, `the saved ${wish.path} = ${JSON.stringify(wish.want)} of ${userId} is in no live entry`)
      }
    }
    for (const { entry, edit } of edits) {
      const wished = wishes.some(
        (wish) =>
          wish.identity === name &&
          wish.userId === userId &&
          wish.path === edit.path &&
          sameValue(edit.path, wish.want, edit.mine) &&
          wish.ended === undefined,
      )
      if (!wished) fail(2, `entry ${entry.id} holds ${edit.path} of ${userId}, which nobody has saved`)
    }
    for (const path of new Set(wishes.map((wish) => wish.path))) {
      if (!openWishes(name, userId).some((wish) => wish.path === path))
        bases.delete(wishKey(name, userId, path))
    }
  }

  /** The newest request that a history row may tell of: on its server, with exactly its body. */
  /** The PUT of a history row: two accounts may send the same body to one server. */
  const callOf = (row: { readonly id: string }): WireCall | undefined => calls.get(row.id)

  const mayLand = (call: WireCall): boolean =>
    call.flying > 0 && (call.lastLanding === undefined || timeline.now() <= call.lastLanding)

  // --- 1, 3, 4, 7, 8: what may be sent ----------------------------------------------------------------------

  const checkPut = (call: WireCall): void => {
    const body = call.body
    if (body === undefined) {
      fail(7, 'a PUT without a body')
      return
    }
    const userId = call.userId ?? ''
    const name = nameOf(call.identity)
    const fields = fieldsOf(call)
    if (fields.length === 0) fail(7, `an empty change was sent for ${userId}`)

    const row = [...disk.history.values()].find(
      (one) =>
        !calls.has(one.id) &&
        one.outcome === 'pending' &&
        one.userId === userId &&
        one.origin === call.identity.origin &&
        one.account === call.identity.account &&
        disk.entries.get(one.entryId)?.service === call.service &&
        JSON.stringify(one.body) === JSON.stringify(body),
    )
    if (row === undefined) {
      fail(3, `a PUT for ${userId} has no durable record`)
      return
    }
    calls.set(row.id, call)

    const isWhole = call.service !== undefined && forms.get(row.id) === 'whole'
    const lastRead = (path: FieldPath): Sighting | undefined =>
      (sightings.get(fieldKey(call.identity.origin, userId, path)) ?? []).findLast(
        (one) => one.kind !== 'PUT' && one.life === call.life,
      )
    const asked = new Set(Object.keys(row.preImage))
    const names = new Set(fields.map(([path]) => path))
    if (isWhole) {
      for (const { path } of serviceOf(call.service as ServiceId).fields) {
        if (!names.has(path) && !isEmptyValue(lastRead(path)?.value ?? null)) {
          fail(7, `a part of a service of ${userId} was sent, without ${path}`)
        }
      }
    }
    if (isWhole !== (row.carried !== undefined))
      fail(3, `the record of ${userId} tells another form of the body`)
    if (call.service !== undefined) {
      // A switch and its number are one: where one is not agreed on, none goes.
      const left = disk.entries.get(row.entryId)?.edits.find(({ path }) => !asked.has(path))
      if (left !== undefined) fail(1, `a part of a service of ${userId} was sent without ${left.path}`)
      const values = new Map(fields)
      const need = missingNeed(serviceOf(call.service), (path) =>
        values.has(path) ? values.get(path) : (lastRead(path)?.value ?? null),
      )
      if (need !== undefined) fail(7, `a service of ${userId} is switched on without ${need}`)
    }
    for (const [path, value] of fields) {
      if (asked.has(path)) continue
      // What is carried along goes back as it has just been read.
      if (!isWhole || !sameValue(path, lastRead(path)?.value ?? null, value)) {
        fail(7, `${path} = ${JSON.stringify(value)} of ${userId} was sent, which nobody has saved or read`)
      }
    }
    for (const [path, value] of fields) {
      if (!asked.has(path)) continue
      const wish = wishes.findLast(
        (one) =>
          one.identity === name &&
          one.userId === userId &&
          one.path === path &&
          (value === null ? one.want === null : sameValue(path, one.want, value)),
      )
      if (wish === undefined) {
        const elsewhere = wishes.some(
          (one) => one.userId === userId && one.path === path && sameValue(path, one.want, value),
        )
        fail(elsewhere ? 8 : 7, `${path} = ${JSON.stringify(value)} of ${userId} was sent as ${name}`)
      }
      const seen = lastRead(path)
      if (seen === undefined || seen.saidAt < call.startedAt - limits.preReadMs - transitMs) {
        fail(1, `${path} of ${userId} was sent without a pre-read`)
        return
      }
      const known = bases.get(wishKey(name, userId, path)) ?? []
      const isKnown = (base: FieldValue | undefined): boolean =>
        base === undefined ? isEmptyValue(seen.value) : same(path, base, seen.value)
      if (!known.some(isKnown)) {
        fail(
          1,
          `${path} of ${userId} was sent over ${JSON.stringify(seen.value)}, which nobody had seen (seen: ${JSON.stringify(known)})`,
        )
      }
    }

    for (const other of deps.log()) {
      if (other === call || other.kind !== 'PUT' || other.userId !== userId) continue
      if (other.identity.origin !== call.identity.origin || other.fate.notSent !== undefined) continue
      if (other.endedAt === undefined) fail(4, `two PUTs of ${userId} wait for their answers`)
      const endedAt = other.endedAt ?? 0
      const settled = other.landings.length > 0 || other.answered === true
      if (!settled && timeline.now() < endedAt + limits.settleMs) {
        fail(4, `a PUT of ${userId} whose answer was lost ${timeline.now() - endedAt} ms ago can still land`)
      }
      const clash = fieldsOf(other).some(([path, value]) =>
        fields.some(([mine, next]) => mine === path && !sameValue(path, value, next)),
      )
      if (clash && timeline.now() < endedAt + limits.spacingMs) {
        fail(5, `${userId} is written ${timeline.now() - endedAt} ms after another value of the same field`)
      }
      if (!settled && mayLand(other)) fail(4, `an earlier PUT of ${userId} is still on its way`)
    }
  }

  /**
   * A sign-in: only the API's own word, or a person, makes anybody offer a password, one at a time, and never again after
   * it was refused: accounts lock.
   */
  const checkSignIn = (call: WireCall): void => {
    const name = nameOf(call.identity)
    if (!signedOut.has(name)) fail(13, `${name} signs in again on nobody’s word`)
    if (passwordRefused.has(name)) fail(13, `${name} offers a password that was refused`)
    for (const other of deps.log()) {
      if (other === call || other.kind !== 'TOKEN' || other.endedAt !== undefined) continue
      if (other.life === call.life && other.room === call.room) fail(13, `${name} signs in twice at once`)
    }
  }

  // --- 6: done means shown ----------------------------------------------------------------------------------

  const checkSettled = (write: DiskWrite): void => {
    const attempt = write.settled?.attempt
    const row = attempt && disk.history.get(attempt.id)
    if (row === undefined || attempt === undefined) return
    if (row.outcome === 'not-applied') {
      const sent = callOf(row)
      if (sent !== undefined && sent.answered !== true && sent.landings.length === 0 && mayLand(sent)) {
        fail(4, `the PUT of ${row.userId} is said not to have been applied, and can still land`)
      }
    }
    if (!['done', 'normalised', 'superseded'].includes(row.outcome)) return
    for (const { path, mine } of row.asked) {
      const value = row.outcome === 'done' ? mine : (row.after?.[path] ?? null)
      const seen = (sightings.get(fieldKey(row.origin, row.userId, path)) ?? []).filter(({ at }) => at >= 0)
      const call = callOf(row)
      const since = call?.startedAt ?? 0
      if (!seen.some((one) => one.at >= since && sameValue(path, one.value, value))) {
        fail(6, `${row.userId} is "${row.outcome}", but no read has shown ${path} = ${JSON.stringify(value)}`)
      }
      if (row.outcome === 'normalised' && !sameValue(path, mine, value) && !looksNormalised(mine, value)) {
        fail(6, `${path} is said to be respelt, but ${JSON.stringify(value)} is another value`)
      }
    }
    const call = callOf(row)
    if (call?.answered === true && row.unguardedMs !== undefined) {
      const [path] = Object.keys(row.preImage)
      const asked = (sightings.get(fieldKey(row.origin, row.userId, path ?? '')) ?? [])
        .filter((one) => one.kind !== 'PUT' && one.at <= call.startedAt)
        .map(({ askedAt }) => askedAt)
      const real = (call.endedAt ?? 0) - Math.max(0, ...asked)
      if (row.unguardedMs + 1 < real) fail(6, `the unguarded window is ${real} ms, not ${row.unguardedMs}`)
    }
  }

  /** 13: whatever the app concludes, it does so from an answer of the API about this user. */
  const checkTold = (write: DiskWrite, before: ReadonlyMap<string, EntryState>): void => {
    const record = write.user?.record
    const [entry] = write.entries
    if (record !== undefined && entry !== undefined && record.key.userId !== entry.user.userId) {
      fail(13, `a change of ${entry.user.userId} ends on a record of ${record.key.userId}`)
    }
    if (write.what !== 'step' && write.what !== 'settle') return
    for (const one of write.entries) {
      if (before.get(one.id) === one.state || !concluded.has(one.state) || one.why === words.merged) continue
      const last = lastTold.get(toldKey(one, one.user.userId, one.service))
      if (last === undefined || last.told === 'this') continue
      // A list that was read for the whole group serves for a while beside the reads of one, and the other way round.
      const serving = (last.kind === 'LIST' ? lastAlone : lastListed).get(`${nameOf(one)}|${one.user.userId}`)
      if (serving !== undefined && timeline.now() - serving <= limits.preReadMs) continue
      fail(13, `${one.id} of ${one.user.userId} is ${one.state} because of an answer about something else`)
    }
  }

  const noteTransitions = (write: DiskWrite): void => {
    for (const entry of write.entries) {
      const before = states.get(entry.id)
      states.set(entry.id, entry.state)
      const step = `${before ?? 'new'} → ${entry.state}`
      seenTransitions.set(step, (seenTransitions.get(step) ?? 0) + 1)
      if (before !== undefined && before !== entry.state && endedStates.includes(before)) {
        fail(2, `entry ${entry.id} was ${before} and is ${entry.state} again`)
      }
    }
  }

  return {
    wishes,
    seenTransitions,

    // --- told by the model of the person ---

    /** A save is about to be asked for, over what the screen showed. */
    saving(
      identity: Identity,
      userId: string,
      edits: readonly { path: FieldPath; seen?: FieldValue; mine: FieldValue }[],
    ): void {
      for (const { path, seen, mine } of edits) {
        const key = wishKey(nameOf(identity), userId, path)
        bases.set(key, [...(bases.get(key) ?? []), seen])
        wishes.push({
          identity: nameOf(identity),
          userId,
          path,
          want: mine,
          savedAt: timeline.now(),
          underWay: underWay(identity, userId),
        })
      }
    },
    /** Whether a change of a field may vanish as taken back: what was there before has been seen, not only wished. */
    mayBeTakenBack(wish: Wish, { origin }: Identity): boolean {
      const [first] = bases.get(wishKey(wish.identity, wish.userId, wish.path)) ?? []
      const seen = sightings.get(fieldKey(origin, wish.userId, wish.path)) ?? []
      return first !== undefined || seen.some(({ value }) => same(wish.path, value, wish.want))
    },
    /** It was refused, or the process died before it was on disk: then nothing was saved. */
    unsaved(count: number): void {
      wishes.splice(wishes.length - count, count)
    },
    /** A person has seen these values of the server and chosen. Returns how to take it back if it did not happen. */
    chose(
      entry: OutboxEntry,
      choices: readonly { path: FieldPath; theirs: FieldValue; value: FieldValue }[],
    ): () => void {
      const name = nameOf(entry)
      const before = wishes.map((wish) => ({ wish, ended: wish.ended }))
      const seenBefore = new Map(bases)
      for (const { path, theirs, value } of choices) {
        for (const wish of openWishes(name, entry.user.userId)) {
          if (wish.path === path) wish.ended = 'decided'
        }
        bases.set(wishKey(name, entry.user.userId, path), [theirs])
        if (!sameValue(path, theirs, value)) {
          wishes.push({
            identity: name,
            userId: entry.user.userId,
            path,
            want: value,
            savedAt: timeline.now(),
            underWay: new Set(),
          })
        }
      }
      return () => {
        wishes.splice(before.length)
        for (const { wish, ended } of before) wish.ended = ended
        for (const [key, values] of seenBefore) bases.set(key, values)
      }
    },
    /** While `act` runs, the wishes that `ends` names may vanish by a person's will. */
    duringPerson<T>(ends: (wish: Wish) => string | undefined, act: () => T): T {
      personActs = ends
      try {
        return act()
      } finally {
        personActs = undefined
      }
    },

    /** A person signs in, or the app starts and does it for them. */
    signingIn(identity: Identity, byPerson: boolean): void {
      signedOut.add(nameOf(identity))
      if (byPerson) passwordRefused.delete(nameOf(identity))
    },
    /** A person works offline from now on, or does not any more. */
    workOffline(on: boolean): void {
      workingOffline = on
    },

    // --- told by the wire ---

    started(call: WireCall): void {
      const now = timeline.now()
      const count = Math.max(1, Math.floor(limits.callsPerSecond))
      const { origin } = call.identity
      const starts = startsAt.get(origin) ?? []
      startsAt.set(origin, starts)
      const earlier = starts[starts.length - count]
      if (earlier !== undefined && now - earlier < 1000) {
        fail(10, `${count + 1} calls in ${now - earlier} ms`)
      }
      starts.push(now)
      // A change may go while its read is under way, and a copy that comes back then is still asked about once.
      if (call.kind === 'GET' && call.again === undefined) {
        const mine = disk
          .live()
          .some((entry) => entry.user.userId === call.userId && nameOf(entry) === nameOf(call.identity))
        if (!mine)
          fail(8, `${call.userId} was read as ${nameOf(call.identity)}, which has no change of theirs`)
      }
      if (call.kind === 'PUT') checkPut(call)
      if (call.kind === 'TOKEN') checkSignIn(call)
      if (workingOffline) fail(8, `${call.kind} left while working offline`)
    },
    landed(call: WireCall, wrote: readonly FieldPath[]): void {
      const values = new Map(fieldsOf(call))
      for (const path of wrote) {
        const key = fieldKey(call.identity.origin, call.userId ?? '', path)
        const value = values.get(path) ?? null
        const last = lastLanded.get(key)
        if (last !== undefined && last.call > call.id && !sameValue(path, last.value, value)) {
          fail(5, `an older ${path} of ${call.userId} has landed over a newer one of ours`)
        }
        if (last === undefined || last.call < call.id) lastLanded.set(key, { call: call.id, value })
      }
    },
    delivered(call: WireCall, seen: readonly UserRecord[]): void {
      const name = nameOf(call.identity)
      if (call.kind === 'TOKEN' && call.told === 'this') {
        if (call.accepted) signedOut.delete(name)
        if (call.status === 401) passwordRefused.add(name)
        return
      }
      if (call.userId !== undefined && call.told !== 'nothing') {
        lastTold.set(toldKey(call.identity, call.userId, call.service), call)
        if (call.told === 'this' && call.service === undefined) {
          lastAlone.set(`${name}|${call.userId}`, timeline.now())
        }
      }
      for (const { key } of call.kind === 'LIST' ? seen : []) {
        lastTold.set(toldKey(call.identity, key.userId, undefined), call)
        if (call.told === 'this') lastListed.set(`${name}|${key.userId}`, timeline.now())
      }
      if (call.told === 'this' && call.status === 401) signedOut.add(name)
      for (const record of seen) {
        for (const path of new Set([...watchedPaths, ...Object.keys(record.fields)])) {
          if (serviceAt(path) !== record.service) continue
          const key = fieldKey(call.identity.origin, record.key.userId, path)
          const list = sightings.get(key) ?? []
          list.push({
            at: timeline.now(),
            saidAt: call.landings.at(-1) ?? timeline.now(),
            value: record.fields[path] ?? null,
            kind: call.kind,
            askedAt: call.startedAt,
            life: call.life,
          })
          sightings.set(key, list)
        }
      }
    },

    // --- told by the disk ---

    written(write: DiskWrite): void {
      const before = new Map(states)
      noteTransitions(write)
      checkSettled(write)
      checkTold(write, before)
      const { opened } = write
      if (opened?.entry.service !== undefined) {
        const { service, connectionId } = opened.entry
        forms.set(opened.attempt.id, formOf(service, deps.partialBodies(connectionId)))
      }
      const touched = new Map(write.entries.map((entry) => [`${nameOf(entry)}|${entry.user.userId}`, entry]))
      for (const entry of touched.values()) account(entry, entry.user.userId)
    },
    /** After a process died: the disk as it is now is what there is. */
    recovered(write: DiskWrite | undefined, identityOfEntry: (entry: OutboxEntry) => Identity): void {
      if (write === undefined) return
      for (const entry of write.entries) {
        states.set(entry.id, entry.state)
        for (const { path, base, mine } of entry.edits) {
          const name = nameOf(identityOfEntry(entry))
          const known = openWishes(name, entry.user.userId).some(
            (wish) => wish.path === path && sameValue(path, wish.want, mine),
          )
          // A choice that is on the disk after all was made by a person who had seen this value.
          const key = wishKey(name, entry.user.userId, path)
          bases.set(key, [...(bases.get(key) ?? []), base])
          if (known) continue
          wishes.push({
            identity: name,
            userId: entry.user.userId,
            path,
            want: mine,
            savedAt: timeline.now(),
            underWay: new Set(),
          })
        }
      }
      if (write.what === 'person' || write.what === 'save') {
        // It was asked for by a person, who was then told that it had failed.
        for (const entry of write.entries) {
          this.duringPerson(
            (wish) => (wish.userId === entry.user.userId ? 'asked for' : undefined),
            () => account(entry, entry.user.userId),
          )
        }
      }
    },

    /** All that later judgements depend on, with times as distances from `now`. */
    memory: (now: number) => [
      wishes.map(({ path, want, ended, savedAt, underWay: bodies }) => [
        path,
        want,
        ended,
        savedAt - now,
        [...bodies],
      ]),
      [...bases],
      [...sightings].map(([key, list]) => [key, [...new Set(list.map(({ value }) => value))]]),
      [...lastLanded].map(([key, { value }]) => [key, value]),
      calls.size,
    ],
    /** 3, at the end: whatever was sent has a record that says how it ended. */
    checkHistory(): void {
      for (const row of disk.history.values()) {
        if (calls.has(row.id) && row.outcome === 'pending') {
          fail(3, `history does not say how the PUT ${row.id} of ${row.userId} ended`)
        }
      }
    },
    /** 2, for everything at once. */
    checkAll(identities: readonly Identity[], userIds: readonly string[]): void {
      for (const identity of identities) for (const userId of userIds) account(identity, userId)
    },
    account,
    fail,
    /** The first violation, whoever has swallowed the exception that it was. */
    violation: (): Violation | undefined => first,
  }
}
export type Checker = ReturnType<typeof createChecker>

/** The options that simulated persons edit. */
export const optionPaths: readonly FieldPath[] = ['lastName', 'title', 'extension', 'mobilePhoneNumber']
/** The same of two services whose body has the changed fields alone, and of two that are written whole unless set otherwise. */
export const servicePaths: readonly FieldPath[] = [
  'doNotDisturb.isActive',
  'doNotDisturb.ringSplash',
  'callForwardingAlways.isActive',
  'callForwardingAlways.forwardToPhoneNumber',
  'voiceMessaging.alwaysRedirectToVoiceMail',
  'voiceMessaging.voiceMessageNotifyEmailAddress',
  'simultaneousRingPersonal.isActive',
  'simultaneousRingPersonal.locations',
]
export const watchedPaths: readonly FieldPath[] = [...optionPaths, ...servicePaths]

/** Every step that the machine allows between two states on disk. */
export function possibleTransitions(): string[] {
  const steps = new Set<string>(['new → queued'])
  for (const [event, ways] of Object.entries(transitions)) {
    // What an absorbed entry becomes is written together with the end of its attempt: one step on disk.
    if (event === 'absorb') continue
    for (const [a, to] of Object.entries(ways)) for (const b of to) steps.add(`${a} → ${b}`)
  }
  return [...steps].sort()
}
