import type { HistoryEntry } from '../../../shared/history/shapes'
import type { OutboxRow, Sighting } from '../../../shared/ipc/contract'
import { sameValue } from '../../../shared/user/value'
import { ask, gungnir } from '../../kernel/bridge'
import { exactTime } from '../../ui/time'

/** Of so many of the user's newest changes, one may have put the server's value there. */
const looked = 20

/** By field in conflict: who put the server's value there and when, as far as this computer knows. */
export async function whoChanged(row: OutboxRow): Promise<Readonly<Record<string, string | undefined>>> {
  const { userId } = row.user
  const [seen, { rows }] = await Promise.all([
    ask(gungnir.users.sightings({ userId })),
    ask(gungnir.history.window({ search: '', userId, start: 0, count: looked })),
  ])
  const entries = await Promise.all(rows.map(({ id }) => ask(gungnir.history.entry(id))))
  return Object.fromEntries(row.conflicts.map((conflict) => [conflict.path, words(conflict, seen, entries)]))
}

function words(
  { path, base, theirs }: OutboxRow['conflicts'][number],
  seen: readonly Sighting[],
  entries: readonly HistoryEntry[],
): string | undefined {
  const own = entries.find(
    ({ after }) =>
      after !== undefined && Object.hasOwn(after, path) && sameValue(path, after[path] ?? null, theirs),
  )
  if (own) return `Changed from this computer by ${own.account}, ${exactTime(own.startedWall)}.`
  const sighting = seen.find(({ changes }) =>
    changes.some((change) => change.path === path && sameValue(path, change.after, theirs)),
  )
  // What was never seen may have stood there for years: nobody is said to have changed it.
  if (!sighting) return base === undefined ? undefined : 'The server does not tell who changed it, or when.'
  const { since, seenAt } = sighting
  return `Changed elsewhere between ${exactTime(since)} and ${exactTime(seenAt)}. The server does not tell by whom.`
}
