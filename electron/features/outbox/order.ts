import { claimOf } from '../../../shared/change/batch'
import { isEnded, isResting } from '../../../shared/change/machine'
import type { OutboxEntry } from '../../../shared/change/types'
import { sameUserId } from '../../../shared/user/id'
import type { FieldPath, FieldValue } from '../../../shared/user/types'

/** A change that has to be sent before another one, because it gives up what that one takes. */
export interface Before {
  readonly path: FieldPath
  readonly value: FieldValue
  readonly entry: OutboxEntry
}

/** Follows at most so many entries from one to the next: a longer chain is sent as it comes, and the server decides. */
const longestChain = 1000

const claims = (
  entry: OutboxEntry,
  which: 'base' | 'mine',
): { path: FieldPath; value: FieldValue; claim: string }[] =>
  entry.edits.flatMap((edit) => {
    const value = edit[which]
    const claim = value === undefined ? undefined : claimOf(entry.user, edit.path, value)
    return claim === undefined || value === undefined
      ? []
      : [{ path: edit.path, value, claim: `${entry.origin}\n${claim}` }]
  })

/**
 * The order in which changes of extensions and phone numbers have to be sent: what gives a number up goes before what
 * takes it, or the server would refuse. Two that want each other's number wait for each other; that is found, too.
 */
export function createOrder() {
  /** Entries by what they give up, and by what they take. */
  const givers = new Map<string, Map<string, OutboxEntry>>()
  const takers = new Map<string, Map<string, OutboxEntry>>()
  const known = new Map<string, OutboxEntry>()

  const change = (entry: OutboxEntry, put: boolean): void => {
    for (const [index, which] of [
      [givers, 'base'],
      [takers, 'mine'],
    ] as const) {
      for (const { claim } of claims(entry, which)) {
        const at = index.get(claim) ?? new Map<string, OutboxEntry>()
        if (put) at.set(entry.id, entry)
        else at.delete(entry.id)
        if (at.size === 0) index.delete(claim)
        else index.set(claim, at)
      }
    }
  }

  const note = (entries: Iterable<OutboxEntry>): void => {
    for (const entry of entries) {
      const before = known.get(entry.id)
      if (before !== undefined) change(before, false)
      if (isEnded(entry)) known.delete(entry.id)
      else {
        known.set(entry.id, entry)
        change(entry, true)
      }
    }
  }

  /** What has to be sent before this entry. */
  const before = (entry: OutboxEntry): Before[] =>
    claims(entry, 'mine').flatMap(({ path, value, claim }) =>
      [...(givers.get(claim)?.values() ?? [])]
        .filter((giver) => !sameUserId(giver.user.userId, entry.user.userId))
        .map((giver) => ({ path, value, entry: giver })),
    )

  /** An earlier step of the same user over the same field: of a number that is parked on the way. */
  const earlierStep = (entry: OutboxEntry, live: readonly OutboxEntry[]): OutboxEntry | undefined =>
    live.find(
      (other) =>
        other.seq < entry.seq &&
        isResting(other) &&
        other.edits.some(({ path, mine }) =>
          entry.edits.some(
            (edit) => edit.path === path && edit.base === mine && claims(entry, 'mine').length > 0,
          ),
        ),
    )

  /** The entries that wait for each other in a ring with this one, itself first; none when there is no ring. */
  const ring = (start: OutboxEntry): OutboxEntry[] => {
    const from = new Map<string, OutboxEntry | undefined>([[start.id, undefined]])
    const open = [start]
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      for (const { entry } of before(next)) {
        if (entry.id === start.id) {
          const found: OutboxEntry[] = []
          for (let at: OutboxEntry | undefined = next; at !== undefined; at = from.get(at.id))
            found.unshift(at)
          return found
        }
        if (from.has(entry.id) || from.size >= longestChain) continue
        from.set(entry.id, next)
        open.push(entry)
      }
    }
    return []
  }

  return {
    note,
    before,
    ring,
    earlierStep,
    /** Who else, among what waits, takes this value of a field that must be unique. */
    takers: (
      entry: Pick<OutboxEntry, 'origin' | 'user'>,
      path: FieldPath,
      value: FieldValue,
    ): OutboxEntry[] => {
      const claim = claimOf(entry.user, path, value)
      if (claim === undefined) return []
      return [...(takers.get(`${entry.origin}\n${claim}`)?.values() ?? [])].filter(
        ({ user }) => !sameUserId(user.userId, entry.user.userId),
      )
    },
  }
}
export type Order = ReturnType<typeof createOrder>
