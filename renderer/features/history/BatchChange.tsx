import { Undo2 } from 'lucide-react'
import type { HistoryBatch, HistoryLine } from '../../../shared/history/shapes'
import { labelOf } from '../../../shared/user/catalogue'
import { displayValue } from '../../../shared/user/value'
import { Button } from '../../ui/Button'
import { Said } from '../../ui/Said'
import { StateBadge } from '../../ui/StateBadge'
import { exactTime } from '../../ui/time'
import { count, counted } from '../../ui/words'
import { type Fact, FactList } from './FactList'
import { planRevert } from './reverting'
import { historyId, setHistorySearch, toggleBatch } from './store'
import { outcomeLook, outcomeWord } from './words'

/** What became of the changes of a batch, and the way to each. */
export function BatchFacts({ line, batch }: { line: HistoryLine; batch: HistoryBatch }) {
  const facts: readonly Fact[] = [
    ['Latest', exactTime(line.startedWall)],
    ['Who', line.account],
    ['Server', line.origin],
    ['Reason', line.reason],
    ['Batch', batch.id],
  ]
  return (
    <>
      <p className="selectable">{`${counted(batch.changes, 'change')} of ${counted(batch.users, 'user')}.`}</p>
      <BatchValues batch={batch} />
      <ul className="batch-outcomes">
        {batch.outcomes.map(({ outcome, changes }) => (
          <li key={outcome}>
            <StateBadge
              look={outcomeLook(outcome)}
            >{`${outcomeWord(outcome)} · ${count(changes)}`}</StateBadge>
          </li>
        ))}
      </ul>
      <p className="change-links">
        <Button look="quiet" aria-expanded={batch.open} onPress={() => toggleBatch(batch.id)}>
          {batch.open ? 'Hide the changes' : 'Show the changes'}
        </Button>
        <Button look="quiet" onPress={() => setHistorySearch(`batch:${batch.id}`)}>
          Show only this batch
        </Button>
      </p>
      <FactList facts={facts} />
    </>
  )
}

/** What the changes asked of each field, where that was the same of every user. */
function BatchValues({ batch: { fields, values = [] } }: { batch: HistoryBatch }) {
  if (values.length === 0) return null
  const asked = new Map(values.map(({ path, now }) => [path, now]))
  return (
    <table className="change-fields selectable">
      <caption className="hidden-text">Values of the batch</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">New</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((path) => (
          <tr key={path}>
            <th scope="row">{labelOf(path)}</th>
            <td>
              {asked.has(path) ? (
                <Said text={displayValue(path, asked.get(path) ?? null)} />
              ) : (
                <span className="quiet">not the same for all</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function BatchActions({ line }: { line: HistoryLine }) {
  return (
    <footer className="details-foot">
      <div className="details-actions">
        <span className="grow" />
        <Button icon={Undo2} onPress={() => void planRevert(historyId(line))}>
          Revert this batch…
        </Button>
      </div>
    </footer>
  )
}
