import { rebase } from '../../../../shared/change/coalesce'
import { type Judgement, judge } from '../../../../shared/change/judge'
import { advance, isEnded, sentEdits, serverErrorLimit } from '../../../../shared/change/machine'
import type { Attempt, OutboxEntry } from '../../../../shared/change/types'
import type { Ending } from '../../../../shared/change/verdict'
import { words } from '../../../../shared/change/words'
import type { UserRecord } from '../../../../shared/user/types'
import type { OdinError } from '../../../odin/types'
import { userOf } from './book'
import { type Core, identityOf } from './core'
import { readUntilAnswered, textOf } from './reads'
import type { Sent } from './send'
import { settleEntry } from './settle'

/** Longest answer that an outbox entry or a history row keeps. */
const longestAnswer = 64_000

/** What is known of an attempt once its call has ended. */
interface Facts {
  readonly attempt: Partial<Attempt>
  readonly answer?: string
}

/** What a read afterwards told, ready to be written with the ending. */
interface Seen {
  readonly record?: UserRecord
  readonly after?: Judgement['after']
}

const mustGet = (core: Core, id: string): OutboxEntry => {
  const entry = core.book.get(id)
  if (entry === undefined) throw new Error('An entry with an open attempt has vanished.')
  return entry
}

const factsOf = (core: Core, entry: OutboxEntry, { called }: Sent): Facts => {
  const { result, answeredMono } = called
  const attempt = entry.attempts.at(-1)
  const status = result.ok ? result.status : result.error.status
  const code = result.ok ? undefined : result.error.code
  const raw = result.ok ? result.raw : (result.error.raw ?? result.error.message)
  return {
    attempt: {
      endedMono: answeredMono,
      endedWall: core.ports.clock.wall(),
      ...(attempt === undefined ? {} : { unguardedMs: answeredMono - attempt.preReadMono }),
      ...(status === undefined ? {} : { status }),
      ...(code === undefined ? {} : { errorCode: code }),
    },
    answer: raw.slice(0, longestAnswer),
  }
}

/** Follows a PUT to its end: verified, refused, not done, or unknown and then settled. */
export async function concludeSent(core: Core, sent: Sent): Promise<void> {
  const { recent, calls } = core
  const { result } = sent.called
  const entry = mustGet(core, sent.id)
  const facts = factsOf(core, entry, sent)
  const attempt = entry.attempts.at(-1)
  const asked = Object.fromEntries(sentEdits(entry).map(({ path, mine }) => [path, mine]))

  if (attempt === undefined) throw new Error('A PUT was sent without an attempt.')
  if (result.ok) {
    recent.answered(userOf(entry), asked)
    const { record } = result.value
    return verifyAccepted(core, sent.id, facts, record?.completeness === 'full' ? record : undefined)
  }
  const { error } = result
  if (error.kind === 'unknown' || error.kind === 'cancelled') {
    recent.lost(userOf(entry))
    return settleEntry(core, sent.id, { facts, serverError: (error.status ?? 0) >= 500 })
  }
  if (error.kind !== 'not-sent' && error.kind !== 'not-signed-in') recent.answered(userOf(entry), asked)

  switch (error.kind) {
    case 'refused':
      return verifyRefused(core, sent.id, facts, error)
    case 'busy':
      return verifyBusy(core, sent.id, facts, error)
    case 'forbidden':
      return finish(core, sent.id, facts, refusedFor(words.forbidden(textOf(error))), {})
    case 'not-found':
      return finish(core, sent.id, facts, refusedFor(words.gone), {})
    case 'forbidden-or-signed-out':
      return verifyForbidden(core, sent.id, facts, error)
    case 'not-sent': {
      const wait = core.retryDelay(sent.id)
      return finish(core, sent.id, facts, notDone('waiting', words.waiting(error.message, wait)), { wait })
    }
    default: {
      // A server that keeps saying 401 after each sign-in must not be asked in a tight loop.
      if (calls.lostSession(error)) core.delay(sent.id, core.retryDelay(sent.id))
      return finish(core, sent.id, facts, notDone('queued', words.signedOutAnswer), {})
    }
  }
}

const refusedFor = (why: string): Ending => ({
  outcome: 'rejected',
  settled: [],
  conflicts: [],
  next: 'parked',
  why,
})

const notDone = (next: 'queued' | 'waiting', why: string): Ending => ({
  outcome: 'not-applied',
  settled: [],
  conflicts: [],
  next,
  why,
})

/** Nothing more can be found out about this attempt. */
export const unknowable = (why: string): Ending => ({
  outcome: 'unknown',
  settled: [],
  conflicts: [],
  next: 'parked',
  why,
})

async function verifyAccepted(
  core: Core,
  id: string,
  facts: Facts,
  answered: UserRecord | undefined,
): Promise<void> {
  const { rules, options } = core
  const { clock } = core.ports
  const start = clock.mono()
  const pauses = [...options.rereadMs]
  let record = answered
  for (;;) {
    if (record === undefined) {
      await toVerifying(core, id, facts, words.verifying)
      const read = await readUntilAnswered(core, mustGet(core, id), 0)
      if (read.kind !== 'record') return finishUnread(core, id, facts, read)
      record = read.record
    }
    const judgement = judgeLast(core, id, record)
    if (judgement.unread.length > 0 && record === answered) {
      record = undefined
      continue
    }
    const ending = rules.afterAnswer(judgement, pauses.length === 0)
    if (ending !== 'again') return finish(core, id, facts, ending, { record, after: judgement.after })
    await toVerifying(core, id, facts, words.rereading)
    await core.sleep(Math.max(0, start + (pauses.shift() ?? 0) - clock.mono()))
    record = undefined
  }
}

async function verifyRefused(core: Core, id: string, facts: Facts, error: OdinError): Promise<void> {
  await toVerifying(core, id, facts, words.verifying)
  const read = await readUntilAnswered(core, mustGet(core, id), 0)
  if (read.kind !== 'record') return finishUnread(core, id, facts, read)
  const judgement = judgeLast(core, id, read.record)
  const ending = core.rules.afterRefusal(judgement, textOf(error))
  return finish(core, id, facts, ending, { record: read.record, after: judgement.after })
}

async function verifyBusy(core: Core, id: string, facts: Facts, error: OdinError): Promise<void> {
  await toVerifying(core, id, facts, words.verifying)
  const read = await readUntilAnswered(core, mustGet(core, id), 0)
  if (read.kind !== 'record') return finishUnread(core, id, facts, read)
  const judgement = judgeLast(core, id, read.record)
  const wait = core.retryDelay(id, error.retryAfterMs)
  const ending = core.rules.afterBusy(judgement, words.waiting(error.message, wait))
  return finish(core, id, facts, ending, {
    record: read.record,
    after: judgement.after,
    ...(ending.next === 'waiting' ? { wait } : {}),
    serverError: (error.status ?? 0) >= 500,
  })
}

async function verifyForbidden(core: Core, id: string, facts: Facts, error: OdinError): Promise<void> {
  const { calls, gate } = core
  await toVerifying(core, id, facts, words.verifying)
  for (;;) {
    const identity = identityOf(mustGet(core, id))
    await gate.pass(identity, 'check')
    const meaning = await calls.meaningOf403(identity)
    if (meaning === 'forbidden') {
      return finish(core, id, facts, refusedFor(words.forbidden(textOf(error))), {})
    }
    if (meaning === 'signed-out') {
      core.delay(id, core.retryDelay(id))
      return finish(core, id, facts, notDone('queued', words.signedOutAnswer), {})
    }
    if (gate.closed(identity, 'check') === undefined) await core.sleep(core.retryDelay(id))
  }
}

function finishUnread(
  core: Core,
  id: string,
  facts: Facts,
  read: { readonly kind: 'gone' } | { readonly kind: 'refused'; readonly text: string },
): Promise<void> {
  return finish(core, id, facts, unknowable(read.kind === 'gone' ? words.gone : read.text), {})
}

function judgeLast(core: Core, id: string, record: UserRecord): Judgement {
  const entry = mustGet(core, id)
  return judge(sentEdits(entry), entry.attempts.at(-1)?.preImage ?? {}, record)
}

/** Says durably that the call was answered. Once is enough; later only the words on the screen change. */
async function toVerifying(core: Core, id: string, facts: Facts, why: string): Promise<void> {
  await core.durable(() => {
    const entry = mustGet(core, id)
    if (entry.state !== 'inflight') {
      core.show(id, { why })
      return
    }
    const next = advance(entry, { type: 'answer', attempt: facts.attempt, why })
    core.book.commit({
      what: 'step',
      entries: [next],
      settled: settledOf(next, facts),
    })
  })
}

const settledOf = (entry: OutboxEntry, facts: Facts): { attempt: Attempt; answer?: string } => {
  const attempt = entry.attempts.at(-1)
  if (attempt === undefined) throw new Error('An answered entry has no attempt.')
  return { attempt, ...(facts.answer === undefined ? {} : { answer: facts.answer }) }
}

/**
 * Ends an attempt in one transaction: the entry, its history row, the cached user, and whatever was edited behind
 * it meanwhile, which joins an entry that has to go on and otherwise follows it.
 */
export async function finish(
  core: Core,
  id: string,
  facts: Facts,
  ending: Ending,
  more: Seen & { readonly wait?: number; readonly serverError?: boolean },
): Promise<void> {
  const { book, ports } = core
  await core.durable(() => {
    const entry = mustGet(core, id)
    const errors = (entry.serverErrors ?? 0) + (more.serverError === true ? 1 : 0)
    const exhausted = errors >= serverErrorLimit && (ending.next === 'queued' || ending.next === 'waiting')
    const finished = advance(entry, {
      type: 'finish',
      attempt: { ...facts.attempt, ...(more.after === undefined ? {} : { after: more.after }) },
      ending: exhausted ? { ...ending, next: 'parked', why: words.serverErrors(ending.why) } : ending,
      ...(more.serverError === undefined ? {} : { serverError: more.serverError }),
      ...(more.wait === undefined ? {} : { nextTryWall: ports.clock.wall() + more.wait }),
    })
    const entries = withBehind(core, entry, finished, more.after ?? {})
    book.commit({
      what: 'settle',
      entries,
      settled: settledOf(finished, facts),
      ...(more.record === undefined
        ? {}
        : { user: { connectionId: entry.connectionId, record: more.record } }),
    })
  })
  if (more.wait !== undefined) core.delay(id, more.wait)
  else if (ending.outcome !== 'not-applied') core.succeeded(id)
}

function withBehind(
  core: Core,
  before: OutboxEntry,
  finished: OutboxEntry,
  after: Judgement['after'],
): OutboxEntry[] {
  const behind = core.book.behind(before)
  if (behind === undefined) return [finished]
  const based: OutboxEntry = {
    ...behind,
    edits: rebase(behind.edits, sentEdits(before), normalisedOnly(before, after)),
  }
  if (isEnded(finished)) return [finished, based]
  return [advance(finished, { type: 'absorb', behind: based }), advance(behind, { type: 'join' })]
}

/** The values of fields that the server wrote in its own spelling. */
function normalisedOnly(entry: OutboxEntry, after: Judgement['after']): Judgement['after'] {
  const { fates } = judge(sentEdits(entry), entry.attempts.at(-1)?.preImage ?? {}, {
    key: entry.user,
    completeness: 'row',
    fields: after,
    extra: {},
  })
  return Object.fromEntries(Object.entries(after).filter(([path]) => fates[path] === 'normalised'))
}
