import { Inbox } from 'lucide-react'
import { useEffect } from 'react'
import type { OutboxRow } from '../../../shared/ipc/contract'
import { DataGrid } from '../../grid/DataGrid'
import { useLayoutSetting } from '../../grid/layouts'
import { useSource } from '../../grid/useSource'
import { gungnir } from '../../kernel/bridge'
import { goTo } from '../../kernel/pages'
import { useConnectionId } from '../../kernel/status'
import { useRowHeight } from '../../kernel/theme'
import { Button } from '../../ui/Button'
import { Empty } from '../../ui/Empty'
import { Refusal } from '../../ui/Refusal'
import { SourceFailed } from '../../ui/SourceFailed'
import { useConnections } from '../connections/store'
import { setSearch } from '../users/store'
import { Batches } from './Batches'
import { outboxColumns } from './columns'
import { Entry } from './Entry'
import { OutboxToolbar } from './OutboxToolbar'
import { choose, outboxGrid, outboxGridMemory, outboxId, outboxSource, useOutbox } from './store'
import { stateLook } from './words'

/** The users of the demo with whom something goes wrong on purpose. */
function showLessons(): void {
  goTo('users')
  setSearch('"try me"')
}

/** What is saved and not on the server yet, and what each change is waiting for. */
export function OutboxPage() {
  useSource(outboxSource)
  const { selection, current } = useOutbox()
  const [layout, setLayout] = useLayoutSetting('outbox-columns')
  const rowHeight = useRowHeight()
  const error = outboxSource.error()
  const here = useConnectionId()
  const demo = useConnections(({ list }) => list?.some(({ id, demo }) => id === here && demo) ?? false)

  useEffect(() => {
    void outboxSource.reload(outboxSource.total() === undefined ? 'start' : 'here')
    return gungnir.events.outboxChanged(() => void outboxSource.reload('here'))
  }, [])

  return (
    <div className="page outbox-page">
      <section className="page-list" aria-label="Outbox list">
        <OutboxToolbar />
        <Batches />
        {error !== undefined && outboxSource.total() !== undefined && (
          <Refusal
            error={error}
            actions={
              <Button look="quiet" onPress={() => void outboxSource.reload('here')}>
                Try again
              </Button>
            }
          />
        )}
        <DataGrid<OutboxRow>
          ref={(handle) => {
            outboxGrid.current = handle
          }}
          label="Outbox"
          columns={outboxColumns}
          source={outboxSource}
          rowId={outboxId}
          layout={layout}
          onLayout={setLayout}
          selecting={{ selection, onSelection: (next) => void choose(next) }}
          currentId={current}
          onCurrent={(row) => useOutbox.setState({ current: row.id })}
          onOpen={(row) => {
            if (row.conflicts.length > 0) useOutbox.setState({ resolving: row })
          }}
          rowLook={(row) => stateLook(row.state)}
          rowHeight={rowHeight}
          failed={<SourceFailed source={outboxSource} />}
          memory={outboxGridMemory}
          empty={
            <Empty
              icon={Inbox}
              title="Nothing is waiting"
              actions={
                <>
                  <Button onPress={() => goTo('users')}>Go to Users</Button>
                  {demo && <Button onPress={showLessons}>Show whom to try it with</Button>}
                </>
              }
            >
              Saved changes wait here until they are on the server. What was sent is in History.
              {demo &&
                ' In the demo the names of three users say “try me”: change the title of one, and see a conflict, a refusal or a busy server.'}
            </Empty>
          }
        />
      </section>
      <Entry />
    </div>
  )
}
