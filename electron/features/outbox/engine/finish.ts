import { rebase } from '../../../../shared/change/coalesce'
import { type Judgement, judge } from '../../../../shared/change/judge'
import { advance, isEnded, sentEdits, serverErrorLimit } from '../../../../shared/change/machine'
import type { Attempt, OutboxEntry } from '../../../../shared/change/types'
import type { Ending } from '../../../../shared/change/verdict'
import { words } from '../../../../shared/change/words'
import { withKnownTexts } from '../../../../shared/user/merge'
import type { UserRecord } from '../../../../shared/user/types'
import type { Core } from './core'

/** What is known of an attempt once its call has ended. */
export interface Facts {
  readonly attempt: Partial<Attempt>
  readonly answer?: string
}

/** What a read afterwards told, ready to be written with the ending. */
interface Seen {
  readonly record?: UserRecord
  readonly after?: Judgement['after']
}

/** A person has discarded the entry while something of it was under way: nothing is left to do for it. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned'
}

/** An entry that has an open attempt, as it is now. Throws {@link Abandoned} when it has none any more. */
export const mustGet = (core: Core, id: string): OutboxEntry => {
  const entry = core.book.get(id)
  if (core.abandoned.has(id)) throw new Abandoned()
  if (entry === undefined) throw new Error('An entry with an open attempt has vanished.')
  return entry
}

/** Nothing more can be found out about this attempt. */
export const unknowable = (why: string): Ending => ({
  outcome: 'unknown',
  settled: [],
  conflicts: [],
  next: 'parked',
  why,
})

/** The last attempt of an entry with its answer, for the history. */
export const settledOf = (entry: OutboxEntry, facts: Facts): { attempt: Attempt; answer?: string } => {
  const attempt = entry.attempts.at(-1)
  if (attempt === undefined) throw new Error('An answered entry has no attempt.')
  return { attempt, ...(facts.answer === undefined ? {} : { answer: facts.answer }) }
}

/** Ends an attempt of which a read could tell nothing. */
export function finishUnread(
  core: Core,
  id: string,
  facts: Facts,
  read: { readonly kind: 'gone' } | { readonly kind: 'refused'; readonly text: string },
): Promise<void> {
  return finish(core, id, facts, unknowable(read.kind === 'gone' ? words.gone : read.text), {})
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
        : {
            user: { connectionId: entry.connectionId, record: withKnownTexts(more.record, sentTexts(entry)) },
          }),
    })
  })
  if (more.wait !== undefined) core.delay(id, more.wait)
  else if (ending.outcome !== 'not-applied') core.succeeded(id)
}

/** What was sent, for a server that answers with numbers where it was given digits. */
const sentTexts = (entry: OutboxEntry): Judgement['after'] =>
  Object.fromEntries(sentEdits(entry).map(({ path, mine }) => [path, mine]))

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
  const absorbed = advance(finished, { type: 'absorb', behind: based }, core.rules.mergeEdits)
  return [absorbed, advance(behind, { type: 'join' })]
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
