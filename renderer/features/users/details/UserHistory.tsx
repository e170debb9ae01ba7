import { History } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { HistoryRow } from '../../../../shared/history/shapes'
import type { Sighting } from '../../../../shared/ipc/contract'
import { labelOf } from '../../../../shared/user/catalogue'
import { displayValue } from '../../../../shared/user/value'
import { ask, gungnir, type Refused, refusal } from '../../../kernel/bridge'
import { Button } from '../../../ui/Button'
import { Empty } from '../../../ui/Empty'
import { Notice } from '../../../ui/Notice'
import { OldToNew } from '../../../ui/OldToNew'
import { Time } from '../../../ui/Time'
import { count } from '../../../ui/words'
import { showEntry } from '../../history/store'
import { Values } from '../../history/Values'

const most = 100

type Found = { rows: readonly HistoryRow[]; total: number; seen: readonly Sighting[] } | { error: Refused }

/** What was changed on this user from here, newest first. */
export function UserHistory({ userId }: { userId: string }) {
  const [found, setFound] = useState<Found>()
  const [asked, setAsked] = useState(0)

  // `asked` counts the times to ask again.
  useEffect(() => {
    let here = true
    const set = (next: Found) => here && setFound(next)
    void Promise.all([
      ask(gungnir.history.window({ search: '', userId, start: 0, count: most })),
      ask(gungnir.users.sightings({ userId })),
    ]).then(
      ([{ rows, total }, seen]) => set({ rows, total, seen }),
      (error: unknown) => set({ error: refusal(error) }),
    )
    return () => {
      here = false
    }
  }, [userId, asked])
  useEffect(() => gungnir.events.historyChanged(() => setAsked((times) => times + 1)), [])

  if (!found) return null
  if ('error' in found) {
    return (
      <Notice
        tone="error"
        announce
        next={found.error.next}
        actions={
          <Button look="quiet" onPress={() => setAsked(asked + 1)}>
            Try again
          </Button>
        }
      >
        {found.error.message}
      </Notice>
    )
  }
  if (found.rows.length === 0 && found.seen.length === 0) {
    return (
      <Empty icon={History} title="No changes yet">
        Every change sent from this computer is listed here, and what was seen to change elsewhere.
      </Empty>
    )
  }
  return (
    <>
      <ol className="timeline" aria-label="Changes of this user">
        {merged(found.rows, found.seen).map((item) =>
          'seenAt' in item ? (
            <Elsewhere key={`seen ${item.seenAt} ${item.since}`} seen={item} />
          ) : (
            <Change key={item.id} row={item} />
          ),
        )}
      </ol>
      {found.total > found.rows.length && (
        <p className="small quiet">and {count(found.total - found.rows.length)} older</p>
      )}
    </>
  )
}

const timeOf = (item: HistoryRow | Sighting) => ('seenAt' in item ? item.seenAt : item.startedWall)

/** By the time at which each became known, newest first; what was done here keeps its own order. */
function merged(rows: readonly HistoryRow[], seen: readonly Sighting[]): (HistoryRow | Sighting)[] {
  const out: (HistoryRow | Sighting)[] = []
  const left = [...seen]
  for (const row of rows) {
    while (left[0] !== undefined && timeOf(left[0]) > row.startedWall) out.push(left.shift() as Sighting)
    out.push(row)
  }
  return [...out, ...left]
}

/** A change that a read has shown and that was not made from here. */
function Elsewhere({ seen: { since, seenAt, changes } }: { seen: Sighting }) {
  return (
    <li className="timeline-row timeline-elsewhere selectable">
      <span className="timeline-head">
        <strong>Changed elsewhere</strong>
        <span className="quiet small">
          <Time at={seenAt} />
        </span>
      </span>
      {changes.map(({ path, before, after }) => (
        <span key={path} className="small">
          {labelOf(path)}: <OldToNew old={displayValue(path, before)} now={displayValue(path, after)} />
        </span>
      ))}
      <span className="quiet small">
        Between <Time at={since} /> and <Time at={seenAt} />, not from this computer
      </span>
    </li>
  )
}

function Change({ row }: { row: HistoryRow }) {
  return (
    <li>
      <button type="button" className="timeline-row" onClick={() => void showEntry(row.id)}>
        <span className="timeline-head">
          <strong>
            <Values row={row} />
          </strong>
          <span className="quiet small">
            <Time at={row.startedWall} />
          </span>
        </span>
        <span className="quiet small">
          {row.words.replace(/\.$/, '')} · {row.account}
          {row.reason && ` · ${row.reason}`}
        </span>
      </button>
    </li>
  )
}
