import { ChartColumn, Download, Undo2 } from 'lucide-react'
import { historyCompletionsFor } from '../../../shared/query/history'
import { ColumnsButton } from '../../grid/ColumnsButton'
import { useLayoutSetting } from '../../grid/layouts'
import { useSource } from '../../grid/useSource'
import { openOverlay } from '../../kernel/overlays'
import { setSetting, useStored } from '../../kernel/settings'
import { Button } from '../../ui/Button'
import { MenuButton } from '../../ui/MenuButton'
import { SearchWithWays } from '../../ui/SearchWithWays'
import { historyExamples } from '../../ui/searchWords'
import { count, counted } from '../../ui/words'
import { openAsides } from './aside'
import { openBackup } from './backup'
import { chosenChanges } from './chosen'
import { historyColumns } from './columns'
import { exportAs, trim, useHistoryWork, verify } from './exporting'
import { planRevert } from './reverting'
import { historyGrid, historySource, isOpenApplied, setHistorySearch, useHistory } from './store'

const searchId = 'history-search'

export const focusHistorySearch = (): void => document.getElementById(searchId)?.focus()

/** Whether the counts by day and outcome are shown; remembered. */
export const useOverviewOpen = (): boolean => useStored('history-overview') === true

export function HistoryToolbar() {
  useSource(historySource)
  const { selection } = useHistory()
  const canRevert = useHistory(isOpenApplied)
  const running = useHistoryWork((state) => state.running)
  const overview = useOverviewOpen()
  const [layout, setLayout] = useLayoutSetting('history-columns')
  const total = historySource.latest()?.changes ?? 0
  const chosen = chosenChanges(selection, total)
  const only = chosen === 0 ? '' : `: ${counted(chosen, 'chosen change')}`
  return (
    <div className="toolbar history-toolbar">
      <h1>History</h1>
      <SearchHistory />
      <div role="status" aria-label="Matches" className="matches tabular">
        {historySource.total() !== undefined && counted(total, 'change')}
      </div>
      <div className="toolbar-line">
        <Button
          look="quiet"
          icon={ChartColumn}
          aria-expanded={overview}
          onPress={() => setSetting('history-overview', !overview)}
        >
          Overview
        </Button>
        <span className="grow" />
        <ColumnsButton columns={historyColumns} layout={layout} onLayout={setLayout} />
        <Button
          look="quiet"
          icon={Undo2}
          isDisabled={total === 0 || (chosen === 0 && !canRevert)}
          onPress={() => void planRevert()}
        >
          Revert{chosen > 0 && ` ${count(chosen)}`}…
        </Button>
        <MenuButton
          icon={Download}
          isDisabled={total === 0 || running !== undefined}
          choices={[
            { id: 'csv', label: `CSV, for spreadsheets${only}`, run: () => void exportAs('csv') },
            { id: 'jsonl', label: `JSON Lines, for programs${only}`, run: () => void exportAs('jsonl') },
            { id: 'html', label: `HTML report, to read${only}`, run: () => void exportAs('html') },
          ]}
        >
          Export…
        </MenuButton>
        <MenuButton
          isDisabled={running !== undefined}
          choices={[
            { id: 'verify', label: 'Verify history', run: () => void verify() },
            { id: 'trim-365', label: 'Remove changes older than a year…', run: () => void trim(365) },
            { id: 'backup', label: 'Back up everything…', run: () => openBackup('backup') },
            { id: 'restore', label: 'Restore a back-up…', run: () => openBackup('restore') },
            { id: 'aside', label: 'Databases put aside…', run: () => void openAsides() },
            { id: 'trim-90', label: 'Remove changes older than 90 days…', run: () => void trim(90) },
          ]}
        >
          More
        </MenuButton>
      </div>
    </div>
  )
}

function SearchHistory() {
  const search = useHistory((state) => state.search)
  return (
    <SearchWithWays
      id={searchId}
      label="Search history"
      value={search}
      onChange={setHistorySearch}
      onLeave={() => historyGrid.current?.goTo(0)}
      completions={historyCompletionsFor}
      examples={historyExamples}
      onHelp={() => openOverlay('search-help')}
    />
  )
}
