import { judge } from '../../../../shared/change/judge'
import { advance, sentEdits } from '../../../../shared/change/machine'
import { words } from '../../../../shared/change/words'
import type { OdinError } from '../../../odin/types'
import { writeOf } from './calls'
import type { Core } from './core'
import { type Facts, finish, finishUnread, mustGet, unknowable } from './finish'
import { readUntilAnswered } from './reads'

/**
 * Whether the server itself failed over this call, which parks an entry in the end. One that has no time (503) says
 * nothing of the entry, and a page of whatever stands before the server nothing of the server.
 */
export const isServerError = ({ kind, status, foreign }: OdinError): boolean =>
  kind !== 'busy' && foreign !== true && (status ?? 0) >= 500

/**
 * Finds out what became of a PUT whose answer was lost. A read that shows all of it ends the matter. Otherwise the
 * request may still be on its way, so nothing else is written to that user until the settle time has passed and a
 * read after it decides. The caller has told `recent` that the request was lost.
 */
export async function settleEntry(
  core: Core,
  id: string,
  lost: {
    readonly facts: Facts
    readonly serverError: boolean
    readonly why?: string
  },
): Promise<void> {
  const { book, calls, options, rules } = core
  const { clock } = core.ports
  const deadline = clock.mono() + options.settleMs

  await core.durable(() => {
    const entry = mustGet(core, id)
    if (entry.state === 'unknown') return
    const next = advance(entry, {
      type: 'lose',
      attempt: lost.facts.attempt,
      why: lost.why ?? words.unknown,
      serverError: lost.serverError,
    })
    const attempt = next.attempts.at(-1)
    book.commit({
      what: 'step',
      entries: [next],
      ...(attempt === undefined
        ? {}
        : {
            settled: {
              attempt,
              ...(lost.facts.answer === undefined ? {} : { answer: lost.facts.answer }),
            },
          }),
    })
  })

  for (;;) {
    const entry = mustGet(core, id)
    const read = await readUntilAnswered(core, entry)
    const lingering = clock.mono() < deadline
    const facts = { attempt: lingering ? { lingering } : {} }
    if (read.kind !== 'record') return finishUnread(core, id, facts, read)
    const sent = sentEdits(entry)
    const judgement = judge(sent, entry.attempts.at(-1)?.preImage ?? {}, read.record)
    const ending =
      judgement.unread.length > 0
        ? unknowable(words.notUnderstood(judgement.unread))
        : rules.afterSilence(judgement, sent, read.askedMono >= deadline)
    if (ending !== 'wait') {
      const seen = { record: read.record, after: judgement.after }
      const isOwn = ending.outcome === 'not-applied' && calls.isOwn(writeOf(id))
      if (!isOwn) return finish(core, id, facts, ending, seen)
      const times = calls.stuck(writeOf(id))
      const why = times === undefined ? ending.why : words.stuckWrite(times)
      return finish(core, id, facts, { ...ending, why }, { ...seen, wait: core.retryDelay(id) })
    }
    const wait = Math.max(0, deadline - clock.mono())
    core.show(id, { why: words.settling(wait), untilMono: deadline })
    await core.sleep(wait)
  }
}
