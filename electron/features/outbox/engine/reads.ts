import type { OutboxEntry } from '../../../../shared/change/types'
import { words } from '../../../../shared/change/words'
import type { UserRecord } from '../../../../shared/user/types'
import type { OdinError } from '../../../odin/types'
import { backoffMs } from './backoff'
import { readOf } from './calls'
import { type Core, identityOf } from './core'
import { mustGet } from './finish'

/** What a read that was tried for as long as it takes has told. */
export type CertainRead =
  | { readonly kind: 'record'; readonly record: UserRecord; readonly askedMono: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly text: string }

/** A server that was away is asked again for an entry at least this often. */
const longestAfterOutageMs = 15_000
/** The same for a change that alone meets something other than the API each time: nobody can tell when that ends. */
const longestOwnMs = 60_000

/** How long to wait after a failure of a call for a change, of the time that its failures in a row would ask for. */
export function waitAfter(
  core: Core,
  about: string,
  error: OdinError,
  backoff: number,
  isAway: boolean,
): number {
  const longest = isAway ? longestAfterOutageMs : core.calls.isOwn(about) ? longestOwnMs : backoff
  return Math.max(Math.min(backoff, longest), error.retryAfterMs ?? 0)
}

export const textOf = (error: OdinError): string => error.text ?? error.message

/**
 * Reads what an entry is about whose PUT has been sent, until there is an answer: through outages, sign-ins and
 * restarts of the network. Throws `Abandoned` once a person has discarded the entry. Holds a lane only while a call is under way and not overdue.
 */
export async function readUntilAnswered(core: Core, entry: OutboxEntry): Promise<CertainRead> {
  const { calls, gate, lanes, sleep } = core
  const identity = identityOf(entry)
  const about = readOf(entry.id)
  // Counted apart from those of the entry: that it can be read says nothing of whether it can be written.
  let failures = 0
  for (;;) {
    await gate.pass(identity, 'check')
    const lane = await lanes.enter()
    try {
      const turn = await calls.turn(identity, 'settle')
      const wanted = core.book.get(entry.id) !== undefined
      const client = wanted ? calls.clientFor(identity, 'check') : undefined
      if (client === undefined) {
        turn.giveBack()
        mustGet(core, entry.id)
        continue
      }
      const { result, askedMono } = await calls.make(
        () => lane.lend(core.rules.readAbout(client, entry, { turn })),
        about,
      )
      if (result.ok) {
        return { kind: 'record', record: result.value, askedMono }
      }
      const { error } = result
      if (error.kind === 'not-found') return { kind: 'gone' }
      if (error.kind === 'forbidden') return { kind: 'refused', text: words.forbidden(textOf(error)) }
      if (error.kind === 'refused') return { kind: 'refused', text: words.readRefused(textOf(error)) }
      failures++
      const isAway = gate.closed(identity, 'check') !== undefined
      // Once it is back; but who meets the same each time the server has answered must not ask in a tight loop.
      if (isAway && failures === 1) continue
      lane.release()
      const backoff = backoffMs(failures, core.ports.random.next(), core.options)
      const wait = waitAfter(core, about, error, backoff, isAway)
      const times = calls.stuck(about)
      const why = times === undefined ? words.settleRead : words.stuckSettling(textOf(error), times)
      core.show(entry.id, { why, untilMono: core.ports.clock.mono() + wait })
      if (times !== undefined) core.ports.onNews?.({ entries: [mustGet(core, entry.id)], history: false })
      await sleep(wait)
    } finally {
      lane.release()
    }
  }
}
