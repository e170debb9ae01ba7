import { History, SearchX } from 'lucide-react'
import { useEffect } from 'react'
import type { HistoryLine } from '../../../shared/history/shapes'
import { DataGrid } from '../../grid/DataGrid'
import { useLayoutSetting } from '../../grid/layouts'
import { useSource } from '../../grid/useSource'
import { gungnir } from '../../kernel/bridge'
import { useOffer } from '../../kernel/commands'
import { useRowHeight } from '../../kernel/theme'
import { Button } from '../../ui/Button'
import { Empty } from '../../ui/Empty'
import { SourceFailed } from '../../ui/SourceFailed'
import { Change } from './Change'
import { isSelectable } from './chosen'
import { historyColumns } from './columns'
import { useHistoryWork, verify } from './exporting'
import { HistoryNotices } from './HistoryNotices'
import { focusHistorySearch, HistoryToolbar, useOverviewOpen } from './HistoryToolbar'
import { Overview } from './Overview'
import {
  followOpen,
  historyGrid,
  historyGridMemory,
  historyId,
  historySource,
  openEntry,
  readSummary,
  setHistorySearch,
  toggleBatch,
  useHistory,
} from './store'

/** What was changed on servers from this computer, newest first. */
export function HistoryPage() {
  useSource(historySource)
  useLiveHistory()
  const open = useHistory((state) => state.open)
  const selection = useHistory((state) => state.selection)
  const [layout, setLayout] = useLayoutSetting('history-columns')
  const rowHeight = useRowHeight()
  const overview = useOverviewOpen()
  useOffer('history', [
    { id: 'search', name: 'Search history', keys: '/', run: focusHistorySearch },
    { id: 'verify', name: 'Verify history', run: () => void verify() },
  ])

  return (
    <div className="page history-page">
      <section className="page-list" aria-label="History list">
        <HistoryToolbar />
        <HistoryNotices />
        {overview && <Overview />}
        <DataGrid<HistoryLine>
          ref={(handle) => {
            historyGrid.current = handle
          }}
          label="History"
          columns={historyColumns}
          source={historySource}
          rowId={historyId}
          layout={layout}
          onLayout={setLayout}
          selecting={{
            selection,
            onSelection: (next) => useHistory.setState({ selection: next }),
            selectable: (line) => isSelectable(selection, line),
          }}
          currentId={open}
          onCurrent={(line) => void openEntry(historyId(line))}
          onOpen={(line) => (line.batch ? toggleBatch(line.batch.id) : void openEntry(line.id))}
          rowHeight={rowHeight}
          failed={<SourceFailed source={historySource} />}
          memory={historyGridMemory}
          empty={<NoHistory />}
        />
      </section>
      {open !== undefined && <Change />}
    </div>
  )
}

/** Keeps list, counts and the open entry true for as long as the page is shown. */
function useLiveHistory(): void {
  useEffect(() => {
    void historySource.reload(historySource.total() === undefined ? 'start' : 'here')
    void readSummary()
    const stopChanged = gungnir.events.historyChanged(() => {
      void historySource.reload('here')
      void readSummary()
      void followOpen()
    })
    const stopProgress = gungnir.events.historyProgress(({ done, of }) =>
      useHistoryWork.setState({ progress: { done, of } }),
    )
    return () => {
      stopChanged()
      stopProgress()
    }
  }, [])
}

function NoHistory() {
  const search = useHistory((state) => state.search)
  if (search === '') {
    return (
      <Empty icon={History} title="No changes yet">
        Every change that is sent to a server from this computer is kept here, with what was before and after.
      </Empty>
    )
  }
  return (
    <Empty
      icon={SearchX}
      title={`No change matches “${search}”`}
      actions={<Button onPress={() => setHistorySearch('')}>Clear the search</Button>}
    />
  )
}
