import { History } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { HistoryRow } from '../../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from '../../app/bridge'
import { Button } from '../../ui/Button'
import { Empty } from '../../ui/Empty'
import { Notice } from '../../ui/Notice'
import { Time } from '../../ui/Time'
import { count } from '../../ui/words'
import { showEntry } from '../history/store'
import { fieldLabels } from '../history/words'

const most = 100

type Found = { rows: readonly HistoryRow[]; total: number } | { error: Refused }

/** What was changed on this user from here, newest first. */
export function UserHistory({ userId }: { userId: string }) {
  const [found, setFound] = useState<Found>()
  const [asked, setAsked] = useState(0)

  // `asked` counts the times to ask again.
  useEffect(() => {
    let here = true
    const set = (next: Found) => here && setFound(next)
    void ask(gungnir.history.window({ search: '', userId, start: 0, count: most })).then(
      set,
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
  if (found.rows.length === 0) {
    return (
      <Empty icon={History} title="No changes yet">
        Every change sent from this computer is listed here.
      </Empty>
    )
  }
  return (
    <>
      <ol className="timeline" aria-label="Changes of this user">
        {found.rows.map((row) => (
          <li key={row.id}>
            <button type="button" className="timeline-row" onClick={() => showEntry(row.id)}>
              <span className="timeline-head">
                <strong>{fieldLabels(row.fields) || row.action}</strong>
                <span className="quiet small">
                  <Time at={row.startedWall} />
                </span>
              </span>
              <span className="quiet small">
                {row.words} · {row.account}
                {row.reason && ` · ${row.reason}`}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {found.total > found.rows.length && (
        <p className="small quiet">and {count(found.total - found.rows.length)} older</p>
      )}
    </>
  )
}
