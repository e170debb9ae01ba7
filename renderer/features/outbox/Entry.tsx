import { GitCompare, RotateCcw, Trash2, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { OutboxRow } from '../../../shared/ipc/contract'
import { labelOf } from '../../../shared/user/catalogue'
import { displayValue } from '../../../shared/user/value'
import { useSource } from '../../grid/useSource'
import { ask, gungnir } from '../../kernel/bridge'
import { identityNow, useConnectionId } from '../../kernel/status'
import { Button, IconButton } from '../../ui/Button'
import { Notice } from '../../ui/Notice'
import { Said } from '../../ui/Said'
import { StateBadge } from '../../ui/StateBadge'
import { exactTime } from '../../ui/time'
import { OpenUser } from '../users/details/OpenUser'
import { discard, outboxGrid, outboxSource, park, retry, useOutbox } from './store'
import { canRetry, stateLook, stateWord } from './words'

/** One waiting change in full, beside the list. */
export function Entry() {
  useSource(outboxSource)
  const current = useOutbox((state) => state.current)
  const connectionId = useConnectionId()
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
          <h2 className="details-name selectable" dir="auto">
            {row.userName || row.user.userId}
          </h2>
          <p className="small quiet selectable details-facts">
            {row.user.userId} · {row.user.groupId}
          </p>
        </div>
        <OpenUser
          user={row.user}
          fields={row.edits.map(({ path }) => path)}
          here={row.connectionId === connectionId}
        />
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
        {row.swaps?.map((path) => (
          <Park key={path} row={row} path={path} />
        ))}
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

/** A ring of changes that want each other's numbers, with a number to park this one on for a moment. */
function Park({ row, path }: { row: OutboxRow; path: string }) {
  const [free, setFree] = useState<string>()
  const { serviceProviderId, groupId, userId } = row.user
  useEffect(() => {
    const as = identityNow()
    if (path !== 'extension' || as === undefined || as.connectionId !== row.connectionId) return
    ask(gungnir.users.extension({ as, key: { serviceProviderId, groupId, userId } })).then(
      ({ nextFree }) => setFree(nextFree),
      () => undefined,
    )
  }, [path, row.connectionId, serviceProviderId, groupId, userId])
  const edit = row.edits.find((each) => each.path === path)
  if (!edit) return null
  const label = labelOf(path)
  return (
    <Notice
      tone="warning"
      actions={
        <Button onPress={() => void park(row.id, path, free ?? null)}>
          {free === undefined ? `Take ${label.toLowerCase()} away for a moment` : `Park on ${free}`}
        </Button>
      }
    >
      {label} {displayValue(path, edit.mine)} is still held by a user whose change waits for this one. With{' '}
      {free === undefined ? 'no number' : `the free ${free}`} in between, both can go on; the wanted value
      follows by itself.
    </Notice>
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
