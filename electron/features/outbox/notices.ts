import { isTroubled } from '../../../shared/change/machine'
import type { OutboxEntry } from '../../../shared/change/types'
import type { Clock } from '../../platform/ports'

/** How long news are gathered, so that a batch does not say a thousand things. */
const gatherMs = 400

/** Says in one line what has come of changes: who needs a person and why, and how many are on the server. */
export function createNotices(deps: {
  readonly clock: Clock
  readonly say: (tone: 'info' | 'error', text: string) => void
  /** For the desktop: only when something needs a person, or all is sent. */
  readonly notify: (text: string) => void
  /** Whether nothing is left that sends by itself. */
  readonly idle: () => boolean
  readonly nameOf: (entry: OutboxEntry) => string
}) {
  const { clock, say, notify, idle, nameOf } = deps
  /** Changes that reached the server since the outbox was last empty. */
  let arrived = 0
  let troubled = new Map<string, OutboxEntry>()
  let done = new Map<string, OutboxEntry>()
  let gathering = false

  const tell = (): void => {
    gathering = false
    const [first] = troubled.values()
    const [sent] = done.values()
    if (troubled.size === 1 && first !== undefined) say('error', `${nameOf(first)}: ${first.why}`)
    else if (troubled.size > 1) say('error', `${troubled.size} changes need you. See Outbox.`)
    if (troubled.size > 0) {
      notify(
        troubled.size === 1 && first !== undefined
          ? `A change of ${nameOf(first)} needs you: ${first.why}`
          : `${troubled.size} changes need you.`,
      )
    }
    arrived += done.size
    if (arrived > 0 && idle()) {
      notify(arrived === 1 ? 'Your change is on the server.' : `All ${arrived} changes are on the server.`)
      arrived = 0
    }
    if (done.size === 1 && sent !== undefined) say('info', `${nameOf(sent)}: ${sent.why}`)
    else if (done.size > 1) say('info', `${done.size} changes are on the server.`)
    troubled = new Map()
    done = new Map()
  }

  return {
    /** Entries as they have just become. */
    note(entries: readonly OutboxEntry[]): void {
      for (const entry of entries) {
        troubled.delete(entry.id)
        if (isTroubled(entry)) troubled.set(entry.id, entry)
        else if (entry.state === 'done' || (entry.state === 'superseded' && entry.edits.length === 0)) {
          done.set(entry.id, entry)
        }
      }
      if (gathering || troubled.size + done.size === 0) return
      gathering = true
      clock.after(gatherMs, tell)
    },
  }
}
