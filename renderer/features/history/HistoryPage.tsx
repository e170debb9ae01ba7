import { History, Search, SearchX, X } from 'lucide-react'
import { useEffect } from 'react'
import { Button as AriaButton, Input, SearchField } from 'react-aria-components'
import type { HistoryRow } from '../../../shared/ipc/contract'
import { gungnir } from '../../app/bridge'
import { useOffer } from '../../app/commands'
import { useLayoutSetting } from '../../app/layouts'
import { useRowHeight } from '../../app/theme'
import { DataGrid } from '../../grid/DataGrid'
import { useSource } from '../../grid/useSource'
import { Button } from '../../ui/Button'
import { Empty } from '../../ui/Empty'
import { Refusal } from '../../ui/Refusal'
import { SourceFailed } from '../../ui/SourceFailed'
import { counted } from '../../ui/words'
import { Change } from './Change'
import { historyColumns } from './columns'
import {
  historyGrid,
  historyGridMemory,
  historyId,
  historySource,
  openEntry,
  setHistorySearch,
  useHistory,
} from './store'

const searchId = 'history-search'

/** What was changed on servers from this computer, newest first. */
export function HistoryPage() {
  useSource(historySource)
  const open = useHistory((state) => state.open)
  const [layout, setLayout] = useLayoutSetting('history-columns')
  const rowHeight = useRowHeight()

  useEffect(() => {
    void historySource.reload(historySource.total() === undefined ? 'start' : 'here')
    return gungnir.events.historyChanged(() => {
      void historySource.reload('here')
      const shown = useHistory.getState().open
      if (shown !== undefined) void openEntry(shown)
    })
  }, [])
  useOffer('history', [
    {
      id: 'search',
      name: 'Search history',
      keys: '/',
      run: () => document.getElementById(searchId)?.focus(),
    },
  ])

  return (
    <div className="page history-page">
      <section className="page-list" aria-label="History list">
        <div className="page-head">
          <h1>History</h1>
          <SearchHistory />
        </div>
        <HistoryNotices />
        <DataGrid<HistoryRow>
          ref={(handle) => {
            historyGrid.current = handle
          }}
          label="History"
          columns={historyColumns}
          source={historySource}
          rowId={historyId}
          layout={layout}
          onLayout={setLayout}
          currentId={open}
          onCurrent={(row) => void openEntry(row.id)}
          onOpen={(row) => void openEntry(row.id)}
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

function SearchHistory() {
  useSource(historySource)
  const search = useHistory((state) => state.search)
  const total = historySource.total()
  return (
    <>
      <SearchField
        aria-label="Search history"
        className="search"
        value={search}
        onChange={setHistorySearch}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault()
            historyGrid.current?.goTo(0)
          } else event.continuePropagation()
        }}
      >
        <Search size={16} aria-hidden className="search-icon" />
        <Input id={searchId} className="input" placeholder="Search history" spellCheck={false} />
        {search !== '' && (
          <AriaButton className="button button-quiet button-icon search-clear" aria-label="Clear search">
            <X size={14} aria-hidden />
          </AriaButton>
        )}
      </SearchField>
      <div role="status" aria-label="Matches" className="matches tabular">
        {total !== undefined && counted(total, 'change')}
      </div>
    </>
  )
}

function HistoryNotices() {
  useSource(historySource)
  const error = historySource.error()
  const problems = historySource.latest()?.problems ?? []
  return (
    <>
      {problems.length > 0 && (
        <p className="search-problems" role="status">
          {problems.join(' ')}
        </p>
      )}
      {error !== undefined && historySource.total() !== undefined && (
        <Refusal
          error={error}
          actions={
            <Button look="quiet" onPress={() => void historySource.reload('here')}>
              Try again
            </Button>
          }
        />
      )}
    </>
  )
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
