import { isEnded } from '../../../shared/change/machine'
import type { EntryState, OutboxEntry } from '../../../shared/change/types'
import type { EventPayload, Status } from '../../../shared/ipc/contract'
import { nameAndId } from '../../../shared/user/value'
import type { Clock } from '../../platform/ports'

/** How long news are gathered, so that a batch does not say a thousand things. */
const gatherMs = 400
/** Of so many entries at most it is told why they need a person; of the others only that they do. */
const mostTold = 20
/** More than this is no plan that a person can look through. */
const mostUndone = 10_000

export type Message = EventPayload<'message'>

/** What became of each entry of a run so far. */
type Fate = 'going' | 'done' | 'troubled'

/** Everything that has been under way since nothing was: a batch, or what was saved while it was being sent. */
class Run {
  readonly #fates = new Map<string, Fate>()
  readonly #counts: Record<Fate, number> = { going: 0, done: 0, troubled: 0 }
  readonly #batches = new Set<string | undefined>()
  readonly #reasons = new Set<string | undefined>()

  get size(): number {
    return this.#fates.size
  }

  count(fate: Fate): number {
    return this.#counts[fate]
  }

  has(id: string): boolean {
    return this.#fates.has(id)
  }

  /** The ids of the entries that arrived. */
  arrived(): string[] {
    return [...this.#fates].filter(([, fate]) => fate === 'done').map(([id]) => id)
  }

  set({ id, batchId, reason }: OutboxEntry, fate: Fate): void {
    this.drop(id)
    this.#fates.set(id, fate)
    this.#counts[fate]++
    this.#batches.add(batchId)
    this.#reasons.add(reason)
  }

  drop(id: string): void {
    const fate = this.#fates.get(id)
    if (fate === undefined) return
    this.#fates.delete(id)
    this.#counts[fate]--
  }

  /** The batch that all of it is of, and the reason that all of it has, if so. */
  batch = (): string | undefined => (this.#batches.size === 1 ? [...this.#batches][0] : undefined)
  reason = (): string | undefined => (this.#reasons.size === 1 ? [...this.#reasons][0] : undefined)
}

/** An entry that went into another one, or was taken back: it will not arrive as itself. */
const leftRun = (entry: OutboxEntry): boolean =>
  entry.state === 'cancelled' || (entry.state === 'superseded' && entry.edits.length > 0)

/**
 * Tells how changes get on: how many of those under way have arrived, how that ended, and which need a person. Knows
 * only entries of the connection that is chosen: what another server said is no news under this one.
 * @param deps.notify for the desktop: only when something needs a person, or all is sent
 * @param deps.sending whether entries may be sent just now
 */
export function createNotices(deps: {
  readonly clock: Clock
  readonly say: (message: Message) => void
  readonly notify: (text: string) => void
  readonly connectionId: () => string | undefined
  readonly sending: () => boolean
  readonly waitsForPerson: (entry: OutboxEntry) => boolean
  /** All entries that have not ended. */
  readonly live: () => Iterable<OutboxEntry>
  readonly nameOf: (entry: OutboxEntry) => string
}) {
  const { clock, say, notify, connectionId, sending, waitsForPerson, live, nameOf } = deps
  let shown: string | undefined
  let run = new Run()
  /** Entries that came to need a person while the app ran, and still do. */
  const standing = new Map<string, OutboxEntry>()
  let troubled = new Map<string, OutboxEntry>()
  let last: OutboxEntry | undefined
  let gathering = false

  const named = (entry: OutboxEntry): string => nameAndId(nameOf(entry), entry.user.userId)

  /** What waits under the chosen connection is under way anew; how the one before gets on is not followed. */
  const restart = (): void => {
    shown = connectionId()
    run = new Run()
    standing.clear()
    troubled = new Map()
    last = undefined
    for (const entry of live()) {
      if (entry.connectionId === shown && !waitsForPerson(entry)) run.set(entry, 'going')
    }
  }

  const follow = (): void => {
    if (connectionId() !== shown) restart()
  }

  const toHere = () => (shown === undefined ? {} : { connectionId: shown })

  const ending = (): Message => {
    const ids = run.arrived()
    const batch = run.batch()
    const done = ids.length
    const mixed = [...standing.values()].filter(({ id }) => run.has(id))
    const text =
      mixed.length === 0
        ? `All ${count(done)} changes are on the server.`
        : `${[...(done > 0 ? [`${count(done)} on the server`] : []), ...troubles(mixed)].join(', ')}.`
    return {
      tone: 'info',
      text,
      ...toHere(),
      actions: [
        { do: 'history', search: batch === undefined ? '' : `batch:${batch}` },
        ...(done > 0 && done <= mostUndone ? [{ do: 'undo' as const, entries: ids }] : []),
      ],
    }
  }

  const tell = (): void => {
    gathering = false
    follow()
    const [first] = troubled.values()
    if (first !== undefined) {
      notify(
        troubled.size === 1
          ? `A change of ${named(first)} needs you: ${first.why}`
          : `${count(troubled.size)} changes need you.`,
      )
      troubled = new Map()
    }
    if (run.size === 0 || run.count('going') > 0) return
    const done = run.count('done')
    if (run.size > 1) {
      const end = ending()
      say(end)
      if (done > 0) notify(end.text)
    } else if (done === 1 && last !== undefined) {
      notify('Your change is on the server.')
      say({ tone: 'info', text: `${named(last)}: ${last.why}`, ...toHere() })
    }
    run = new Run()
    last = undefined
  }

  const noteOne = (entry: OutboxEntry): void => {
    const { id } = entry
    const isNews = !standing.has(id) || troubled.has(id)
    troubled.delete(id)
    standing.delete(id)
    if (leftRun(entry)) {
      run.drop(id)
      return
    }
    if (waitsForPerson(entry)) {
      if (isNews) troubled.set(id, entry)
      standing.set(id, entry)
    }
    run.set(entry, waitsForPerson(entry) ? 'troubled' : isEnded(entry) ? 'done' : 'going')
    if (isEnded(entry)) last = entry
  }

  return {
    /** To be called once the entries are known. */
    restart,

    /** Entries as they have just become. */
    note(entries: readonly OutboxEntry[]): void {
      follow()
      for (const entry of entries) if (entry.connectionId === shown) noteOne(entry)
      if (gathering || entries.length === 0) return
      gathering = true
      clock.after(gatherMs, tell)
    },

    /** How the run stands, and what of it needs a person now. Nothing of it outlives its truth. */
    now(): Pick<Status['outbox'], 'sending' | 'trouble'> {
      follow()
      const of = run.size
      const going = run.count('going')
      const reason = run.reason()
      const trouble = [...standing.values()]
      return {
        ...(of > 1 && going > 0 && sending()
          ? { sending: { done: of - going, of, ...(reason === undefined ? {} : { what: reason }) } }
          : {}),
        ...(trouble.length === 0
          ? {}
          : {
              trouble: {
                total: trouble.length,
                first: trouble.slice(0, mostTold).map((entry) => ({
                  id: entry.id,
                  userId: entry.user.userId,
                  conflict: entry.state === 'conflict',
                  text: `${named(entry)}: ${entry.why}`,
                })),
              },
            }),
      }
    },
  }
}

const count = (number: number): string => number.toLocaleString('en')

const troubleWords: readonly (readonly [EntryState, string])[] = [
  ['rejected', 'refused'],
  ['conflict', 'in conflict'],
  ['partial', 'done in part'],
  ['parked', 'stopped'],
  ['waiting', 'not answered'],
]

/** "5 refused", "2 in conflict". */
function troubles(entries: readonly OutboxEntry[]): string[] {
  return troubleWords.flatMap(([state, word]) => {
    const many = entries.filter((entry) => entry.state === state).length
    return many === 0 ? [] : [`${count(many)} ${word}`]
  })
}
