import type { BodyForm } from '../../../../shared/calls/catalogue'
import { withoutAhead } from '../../../../shared/change/coalesce'
import { advance, type EntryEvent, isSendable, serverErrorLimit } from '../../../../shared/change/machine'
import type { SendPlan } from '../../../../shared/change/plan'
import type { Attempt, OutboxEntry } from '../../../../shared/change/types'
import { words } from '../../../../shared/change/words'
import type { JsonObject } from '../../../../shared/json'
import type { FieldEdit, UserKey, UserRecord } from '../../../../shared/user/types'
import { sameValue } from '../../../../shared/user/value'
import type { OdinError, PutAnswer } from '../../../odin/types'
import { needAbout, putAbout } from './about'
import { userOf } from './book'
import { type Called, lostSession, readOf, writeOf } from './calls'
import { type Core, identityOf } from './core'
import type { Lane } from './lanes'
import type { PreRead, PreReads } from './preflight'
import { textOf, waitAfter } from './reads'
import { isServerError } from './settle'

/** The PUT of an entry was sent; this is how it went. */
export interface Sent {
  readonly id: string
  /** As `userOf` names it. */
  readonly user: string
  readonly called: Called<PutAnswer>
  /** From asking for the pre-read to the answer, in ms, sleep included. */
  readonly unguardedMs: number
}

/** Whether the record says that the user is elsewhere. An id told as a JSON number has lost its leading zeros. */
const isElsewhere = ({ key, fields }: UserRecord, was: UserKey): boolean =>
  (['serviceProviderId', 'groupId'] as const).some((name) => {
    const told = typeof fields[name] === 'number' ? fields[name] : key[name]
    return told !== '' && !sameValue('userId', was[name], told)
  })

const inBody = (body: JsonObject, path: string): boolean => {
  let at: unknown = body
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false
    at = (at as Record<string, unknown>)[name]
  }
  return true
}

/**
 * Pre-reads what the entry is about, compares, records the attempt and sends the PUT. Returns nothing when there was nothing to
 * send or it could not be sent now: the entry then says why. Throws `DiskRefused` before anything is sent.
 */
export async function sendEntry(
  core: Core,
  preReads: PreReads,
  id: string,
  lane: Lane,
  onPut: (user: string) => void,
): Promise<Sent | undefined> {
  const { book, calls, rules, recent } = core
  const { clock, random } = core.ports
  const entryNow = (): OutboxEntry | undefined => {
    const entry = book.get(id)
    return entry !== undefined && isSendable(entry) ? entry : undefined
  }
  const first = entryNow()
  if (first === undefined) return undefined
  const identity = identityOf(first)
  core.show(id, { state: 'preflight', why: words.preflight })

  for (let alone = false; ; ) {
    const asked = entryNow()
    if (asked === undefined) return undefined
    const read = await preReads.read(asked, alone, () => entryNow() !== undefined, lane)
    await lane.take()
    let entry = entryNow()
    if (entry === undefined) return undefined
    // Edited while it was read: what the read shows may be older than what the person has just seen.
    if (entry.edits !== asked.edits) continue
    if (!read.ok) {
      readFailed(core, entry, read.error)
      return undefined
    }
    const { record } = read
    const plan = rules.planSend(entry.edits, record)
    if (plan.unread.length > 0 && read.shared) {
      alone = true
      continue
    }
    if (settleWithoutSending(core, entry, record, plan)) return undefined
    const compared = withSeen(core, entry, record, plan).edits

    const turn = await calls.turn(identity, 'settle')
    entry = entryNow()
    const client = calls.clientFor(identity, 'write')
    const form = rules.formAbout(first, core.ports.partialBodies?.(first.connectionId) ?? false)
    // A copy of an earlier PUT may still arrive, and would put back what this one carries along, too.
    const carried = rules.carriedAbout(plan.send, record, form) ?? {}
    const written = Object.entries(carried).map(([path, mine]) => ({ path, mine }))
    const soonest =
      entry === undefined
        ? Number.NEGATIVE_INFINITY
        : recent.earliest(userOf(entry), [...entry.edits, ...written]).at
    const tooSoon = soonest > clock.mono()
    const stale = entry !== undefined && (!read.good() || entry.edits !== compared)
    if (entry === undefined || client === undefined || stale || tooSoon) turn.giveBack()
    if (entry === undefined || client === undefined) return undefined
    if (stale) {
      alone = true
      continue
    }
    if (tooSoon) {
      core.delay(id, soonest - clock.mono())
      return undefined
    }

    const { attempt, edits, converged } = newAttempt(core, entry, plan, read, form, {
      id: random.id(),
      mono: clock.mono(),
      wall: clock.wall(),
    })
    const sending = advance(entry, { type: 'send', attempt, conflicts: plan.conflicts, converged })
    book.commit({
      what: 'attempt',
      entries: [sending, ...unledBy(core, entry, plan.converged)],
      opened: { entry: sending, attempt, asked: edits },
    })
    const user = userOf(sending)
    onPut(user)
    try {
      const called = await calls.make(
        () => lane.lend(putAbout(client, sending, attempt.body, { turn, mayStart: read.recent })),
        writeOf(id),
      )
      return { id, user, called, unguardedMs: core.elapsed() - read.askedElapsed }
    } finally {
      lane.release()
    }
  }
}

/**
 * The entry after what the pre-read shows of others' values was made durable: the PUT of the rest waits for its turn, and an
 * edit back to the base meanwhile is still one.
 */
function withSeen(core: Core, entry: OutboxEntry, record: UserRecord, { conflicts }: SendPlan): OutboxEntry {
  const isNews = conflicts.some(({ path }) => entry.edits.some((edit) => edit.path === path && !edit.moved))
  if (!isNews) return entry
  const seen = advance(entry, { type: 'sight', conflicts })
  core.book.commit({
    what: 'step',
    entries: [seen],
    user: { connectionId: entry.connectionId, record },
  })
  core.show(entry.id, { state: 'preflight', why: words.preflight })
  return seen
}

function newAttempt(
  { rules }: Core,
  entry: OutboxEntry,
  plan: SendPlan,
  read: Extract<PreRead, { ok: true }>,
  form: BodyForm,
  now: { id: string; mono: number; wall: number },
): { attempt: Attempt; edits: readonly FieldEdit[]; converged: readonly string[] } {
  const body = rules.bodyAbout(entry, plan.send, read.record, form)
  const carried = rules.carriedAbout(plan.send, read.record, form)
  // A switch of the endpoint type takes the fields of the other endpoint along without naming them.
  const edits = plan.send.filter(({ path }) => entry.service !== undefined || inBody(body, path))
  const implied = plan.send.filter((edit) => !edits.includes(edit)).map(({ path }) => path)
  const preImage: Record<string, Attempt['preImage'][string]> = {}
  for (const { path } of edits) preImage[path] = plan.preImage[path] ?? null
  return {
    attempt: {
      id: now.id,
      body,
      preImage,
      ...(carried === undefined ? {} : { carried }),
      preReadMono: read.askedMono,
      startedMono: now.mono,
      startedWall: now.wall,
      outcome: 'pending',
      words: words.inflight,
    },
    edits,
    converged: [...plan.converged, ...implied],
  }
}

/**
 * The steps behind an entry some fields of which already are as it would have made them: somebody else did that, and nobody of
 * ours has seen it, so those steps are compared with what the entry was made over.
 */
function unledBy({ book }: Core, entry: OutboxEntry, converged: readonly string[]): OutboxEntry[] {
  const edits = entry.edits.filter(({ path }) => converged.includes(path))
  if (edits.length === 0) return []
  return book.after(entry).map((behind) => ({ ...behind, edits: withoutAhead(behind.edits, edits) }))
}

/** Ends or parks the entry when the pre-read leaves nothing to send. True when it did. */
function settleWithoutSending(core: Core, entry: OutboxEntry, record: UserRecord, plan: SendPlan): boolean {
  const event = eventWithoutSending(entry, record, plan)
  if (event === undefined) return false
  core.book.commit({
    what: 'step',
    entries: [advance(entry, event), ...unledBy(core, entry, plan.converged)],
    user: { connectionId: entry.connectionId, record },
  })
  core.succeeded(entry.id)
  return true
}

function eventWithoutSending(entry: OutboxEntry, record: UserRecord, plan: SendPlan): EntryEvent | undefined {
  const { serviceProviderId, groupId } = record.key
  if (isElsewhere(record, entry.user)) {
    return { type: 'park', why: words.moved(groupId), user: { ...entry.user, serviceProviderId, groupId } }
  }
  if (plan.unread.length > 0) return { type: 'park', why: words.notUnderstood(plan.unread) }
  const clash: EntryEvent = { type: 'clash', conflicts: plan.conflicts, converged: plan.converged }
  // The fields of a service depend on each other: a switch without its number sends calls to somebody else's.
  if (entry.service !== undefined && plan.conflicts.length > 0) return clash
  const need = plan.send.length === 0 ? undefined : needAbout(entry, plan.send, record)
  if (need !== undefined) return { type: 'park', why: words.needs(need) }
  if (plan.send.length > 0) return undefined
  return plan.conflicts.length > 0 ? clash : { type: 'converge' }
}

/** The pre-read gave no record: wait, hold back or park. */
function readFailed(core: Core, entry: OutboxEntry, error: OdinError | undefined): void {
  const { book, gate } = core
  const identity = identityOf(entry)
  if (error === undefined) return
  const park = (why: string): void =>
    book.commit({ what: 'step', entries: [advance(entry, { type: 'park', why })] })
  switch (error.kind) {
    case 'not-found':
      park(words.gone)
      return
    case 'forbidden':
      park(words.forbidden(textOf(error)))
      return
    case 'refused':
      park(
        error.cause === 'service-missing'
          ? `${error.message} ${error.next}`
          : words.readRefused(textOf(error)),
      )
      return
    default: {
      const isOwn = gate.closed(identity, 'write') === undefined && !lostSession(error)
      // While the whole server is away, the gate holds everything back, and no entry is to blame; but one that meets the same
      // each time the server has answered must not be asked for in a tight loop.
      if (isOwn || core.hasFailed(entry.id)) postpone(core, entry, error, isOwn)
      else core.delay(entry.id, core.retryDelay(entry.id))
    }
  }
}

/**
 * Not now; sets the retry timer of the entry, or parks it at its fifth server error.
 * @param isOwn whether it is the trouble of this entry, as far as can be told, and not of the whole server
 */
export function postpone(core: Core, entry: OutboxEntry, error: OdinError, isOwn = true): void {
  const { book } = core
  const { clock } = core.ports
  const serverError = isOwn && isServerError(error)
  if (serverError && (entry.serverErrors ?? 0) + 1 >= serverErrorLimit) {
    book.commit({
      what: 'step',
      entries: [advance(entry, { type: 'park', why: words.serverErrors(textOf(error)) })],
    })
    return
  }
  const about = readOf(entry.id)
  const wait = waitAfter(core, about, error, core.retryDelay(entry.id), !isOwn)
  const times = core.calls.stuck(about)
  core.delay(entry.id, wait)
  book.commit({
    what: 'step',
    entries: [
      advance(entry, {
        type: 'wait',
        why:
          times === undefined ? words.waiting(error.message, wait) : words.stuck(error.message, times, wait),
        nextTryWall: clock.wall() + wait,
        serverError,
      }),
    ],
  })
}
