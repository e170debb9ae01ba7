import { type Judgement, judge, tally } from '../../../../shared/change/judge'
import { advance, sentEdits } from '../../../../shared/change/machine'
import type { Ending } from '../../../../shared/change/verdict'
import { words } from '../../../../shared/change/words'
import type { UserRecord } from '../../../../shared/user/types'
import type { OdinError } from '../../../odin/types'
import { userOf } from './book'
import { lostSession } from './calls'
import type { Core } from './core'
import { type Facts, finish, finishUnread, mustGet, settledOf, unknowable } from './finish'
import { readUntilAnswered, textOf } from './reads'
import type { Sent } from './send'
import { isServerError, settleEntry } from './settle'

/** Longest answer that an outbox entry or a history row keeps. */
const longestAnswer = 64_000

const factsOf = (core: Core, { called, unguardedMs }: Sent): Facts => {
  const { result, answeredMono } = called
  const status = result.ok ? result.status : result.error.status
  const code = result.ok ? undefined : result.error.code
  const raw = result.ok ? result.raw : (result.error.raw ?? result.error.message)
  return {
    attempt: {
      endedMono: answeredMono,
      endedWall: core.ports.clock.wall(),
      unguardedMs,
      ...(status === undefined ? {} : { status }),
      ...(code === undefined ? {} : { errorCode: code }),
    },
    answer: raw.slice(0, longestAnswer),
  }
}

/** Follows a PUT to its end: verified, refused, not done, or unknown and then settled. */
export async function concludeSent(core: Core, sent: Sent): Promise<void> {
  const { recent } = core
  const { result } = sent.called
  if (core.abandoned.has(sent.id)) {
    // Nobody asks what became of it, but nothing may be sent into its way.
    recent.lost(sent.user)
    return
  }
  const entry = mustGet(core, sent.id)
  const facts = factsOf(core, sent)
  const attempt = entry.attempts.at(-1)
  // A copy that arrives later brings along what was carried, too.
  const asked = {
    ...attempt?.carried,
    ...Object.fromEntries(sentEdits(entry).map(({ path, mine }) => [path, mine])),
  }

  if (attempt === undefined) throw new Error('A PUT was sent without an attempt.')
  if (result.ok) {
    recent.answered(userOf(entry), asked)
    const { record } = result.value
    return verifyAccepted(core, sent.id, facts, record?.completeness === 'full' ? record : undefined)
  }
  const { error } = result
  if (error.kind === 'unknown' || error.kind === 'cancelled' || error.foreign === true) {
    recent.lost(userOf(entry))
    return settleEntry(core, sent.id, { facts, serverError: isServerError(error) })
  }
  if (error.kind !== 'not-sent' && error.kind !== 'not-signed-in') recent.answered(userOf(entry), asked)

  switch (error.kind) {
    case 'refused':
      return verifyRefused(core, sent.id, facts, error)
    case 'busy':
      return verifyBusy(core, sent.id, facts, error, sent.called.answeredMono)
    case 'forbidden':
      return finish(core, sent.id, facts, refusedFor(words.forbidden(textOf(error))), {})
    case 'not-found':
      return finish(core, sent.id, facts, refusedFor(words.gone), {})
    // A refusal in any case; which one it was could not be asked.
    case 'forbidden-or-signed-out':
    case 'not-sent': {
      const wait = core.retryDelay(sent.id)
      return finish(core, sent.id, facts, notDone('waiting', words.waiting(error.message, wait)), { wait })
    }
    default: {
      // A server that keeps saying 401 after each sign-in must not be asked in a tight loop.
      if (lostSession(error)) core.delay(sent.id, core.retryDelay(sent.id))
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
  const wasOld = new Set<string>()
  let record = answered
  for (;;) {
    if (record === undefined) {
      await toVerifying(core, id, facts, words.verifying)
      const read = await readUntilAnswered(core, mustGet(core, id))
      if (read.kind !== 'record') return finishUnread(core, id, facts, read)
      record = read.record
    }
    const judgement = judgeLast(core, id, record)
    const { unread } = judgement
    if (unread.length > 0 && record === answered) {
      record = undefined
      continue
    }
    if (unread.length > 0 && pauses.length === 0) {
      return finish(core, id, facts, unknowable(words.notUnderstood(unread)), { record })
    }
    const ending =
      unread.length > 0
        ? 'again'
        : rules.afterAnswer(judgement, pauses.length === 0, sentEdits(mustGet(core, id)), wasOld)
    if (ending !== 'again') return finish(core, id, facts, ending, { record, after: judgement.after })
    for (const path of tally(judgement)['pre-image']) wasOld.add(path)
    await toVerifying(core, id, facts, words.rereading)
    await core.sleep(Math.max(0, start + (pauses.shift() ?? 0) - clock.mono()))
    record = undefined
  }
}

async function verifyRefused(core: Core, id: string, facts: Facts, error: OdinError): Promise<void> {
  await toVerifying(core, id, facts, words.verifying)
  const read = await readUntilAnswered(core, mustGet(core, id))
  if (read.kind !== 'record') return finishUnread(core, id, facts, read)
  const judgement = judgeLast(core, id, read.record)
  const ending = unreadEnding(judgement) ?? core.rules.afterRefusal(judgement, textOf(error))
  return finish(core, id, facts, ending, { record: read.record, after: judgement.after })
}

async function verifyBusy(
  core: Core,
  id: string,
  facts: Facts,
  error: OdinError,
  answeredMono: number,
): Promise<void> {
  await toVerifying(core, id, facts, words.verifying)
  const read = await readUntilAnswered(core, mustGet(core, id))
  if (read.kind !== 'record') return finishUnread(core, id, facts, read)
  const judgement = judgeLast(core, id, read.record)
  // What the server asked for counts from its answer, not from when it could be read again.
  const asked = Math.max(0, answeredMono + (error.retryAfterMs ?? 0) - core.ports.clock.mono())
  const wait = core.retryDelay(id, asked)
  const ending =
    unreadEnding(judgement) ?? core.rules.afterBusy(judgement, words.waiting(error.message, wait))
  return finish(core, id, facts, ending, {
    record: read.record,
    after: judgement.after,
    ...(ending.next === 'waiting' ? { wait } : {}),
  })
}

/** Fields that a read did not show are neither as they were nor as they should be. */
const unreadEnding = ({ unread }: Judgement): Ending | undefined =>
  unread.length === 0 ? undefined : unknowable(words.notUnderstood(unread))

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
