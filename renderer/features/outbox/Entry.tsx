import { GitCompare, RotateCcw, Trash2, X } from 'lucide-react'
import type { OutboxRow } from '../../../shared/ipc/contract'
import { labelOf } from '../../../shared/user/catalogue'
import { displayValue } from '../../../shared/user/value'
import { useSource } from '../../grid/useSource'
import { Button, IconButton } from '../../ui/Button'
import { Said } from '../../ui/Said'
import { StateBadge } from '../../ui/StateBadge'
import { exactTime } from '../../ui/time'
import { discard, outboxGrid, outboxSource, retry, useOutbox } from './store'
import { canRetry, stateLook, stateWord } from './words'

/** One waiting change in full, beside the list. */
export function Entry() {
  useSource(outboxSource)
  const current = useOutbox((state) => state.current)
  const row = current === undefined ? undefined : find(current)
  if (!row) return null
  const close = () => {
    useOutbox.setState({ current: undefined })
    outboxGrid.current?.focus()
  }
  return (
    <section aria-label="Waiting change" className="details side">
      <header className="details-head">
        <div className="grow">
          <h2 className="details-name selectable">{row.userName || row.user.userId}</h2>
          <p className="small quiet selectable details-facts">
            {row.user.userId} · {row.user.groupId}
          </p>
        </div>
        <IconButton icon={X} name="Close waiting change" onPress={close} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached from the keyboard. */}
      <div className="side-body" tabIndex={0}>
        <p className="change-outcome">
          <StateBadge look={stateLook(row.state)}>{stateWord(row.state)}</StateBadge>
          <span className="selectable">{row.why}</span>
        </p>
        <table className="change-fields selectable">
          <caption className="hidden-text">Fields old and new</caption>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Old</th>
              <th scope="col">New</th>
            </tr>
          </thead>
          <tbody>
            {row.edits.map(({ path, base, mine }) => (
              <tr key={path}>
                <th scope="row">{labelOf(path)}</th>
                <td>
                  <Said text={base === undefined ? undefined : displayValue(path, base)} />
                </td>
                <td>
                  <Said text={displayValue(path, mine)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <dl className="facts selectable">
          <div>
            <dt>Saved</dt>
            <dd className="tabular">{exactTime(row.createdWall)}</dd>
          </div>
          {row.nextTryWall !== undefined && (
            <div>
              <dt>Next try</dt>
              <dd className="tabular">{exactTime(row.nextTryWall)}</dd>
            </div>
          )}
          <div>
            <dt>Server</dt>
            <dd>{row.connectionName}</dd>
          </div>
          {row.reason && (
            <div>
              <dt>Reason</dt>
              <dd>{row.reason}</dd>
            </div>
          )}
        </dl>
      </div>
      <footer className="details-foot">
        <div className="details-actions">
          <Button look="quiet" icon={Trash2} onPress={() => void discard([row.id])}>
            Discard change
          </Button>
          <span className="grow" />
          {canRetry(row) && (
            <Button icon={RotateCcw} onPress={() => void retry([row.id])}>
              Retry change
            </Button>
          )}
          {row.conflicts.length > 0 && (
            <Button look="primary" icon={GitCompare} onPress={() => useOutbox.setState({ resolving: row })}>
              Resolve…
            </Button>
          )}
        </div>
      </footer>
    </section>
  )
}

function find(id: string): OutboxRow | undefined {
  const total = outboxSource.total() ?? 0
  for (let index = 0; index < total; index++) {
    const row = outboxSource.row(index)
    if (row?.id === id) return row
  }
  return undefined
}
