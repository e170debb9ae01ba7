import { ProgressBar } from 'react-aria-components'
import { historyCorrectionsOf } from '../../../shared/query/history'
import { useSource } from '../../grid/useSource'
import { Button } from '../../ui/Button'
import { Notice } from '../../ui/Notice'
import { Refusal } from '../../ui/Refusal'
import { SearchMistakes } from '../../ui/SearchMistakes'
import { count } from '../../ui/words'
import { forgetReport, useHistoryWork } from './exporting'
import { historySource, setHistorySearch, useHistory } from './store'

/** What is wrong with the search or the list, and how a check or an export goes. */
export function HistoryNotices() {
  useSource(historySource)
  const error = historySource.error()
  const problems = historySource.latest()?.problems ?? []
  const search = useHistory((state) => state.search)
  return (
    <>
      {problems.length > 0 && (
        <SearchMistakes
          problems={problems}
          corrections={historyCorrectionsOf(search)}
          onTake={setHistorySearch}
        />
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
      <WorkNotice />
    </>
  )
}

const words = { verify: 'Checking the history', export: 'Exporting' }

function WorkNotice() {
  const { running, progress, report, error } = useHistoryWork()
  const close = (
    <Button look="quiet" onPress={forgetReport}>
      Close
    </Button>
  )
  if (running) {
    const { done, of } = progress ?? { done: 0, of: 0 }
    return (
      <div className="loading-bar">
        <ProgressBar
          aria-label={words[running]}
          value={done}
          maxValue={Math.max(1, of)}
          isIndeterminate={of === 0}
          className="progress"
        >
          {({ percentage = 0 }) => (
            <span className="progress-track">
              <span className="progress-fill" style={{ width: `${percentage}%` }} />
            </span>
          )}
        </ProgressBar>
        <span className="small quiet tabular">
          {words[running]}
          {of > 0 && `: ${count(done)} of ${count(of)}`}
        </span>
      </div>
    )
  }
  if (error) return <Refusal error={error} actions={close} />
  if (!report) return null
  return (
    <Notice announce tone={report.faults.length === 0 ? 'good' : 'error'} actions={close}>
      {report.message}
      {report.faults.length > 0 && (
        <details>
          <summary>What was found</summary>
          <ul>
            {report.faults.map((fault) => (
              <li key={`${fault.what} ${fault.seq} ${fault.id}`}>{fault.words}</li>
            ))}
            {report.moreFaults > 0 && <li>and {count(report.moreFaults)} more</li>}
          </ul>
        </details>
      )}
    </Notice>
  )
}
