import { ChevronDown, ChevronRight } from 'lucide-react'
import type { HistoryBatch, HistoryLine } from '../../../shared/history/shapes'
import { batchText } from './words'

/** A batch as one line, with the switch that shows its changes below it. Its cell has the focus; Enter does the same. */
export function BatchLine({ line, batch }: { line: HistoryLine; batch: HistoryBatch }) {
  const Icon = batch.open ? ChevronDown : ChevronRight
  return (
    <>
      <button
        type="button"
        className="batch-switch"
        tabIndex={-1}
        aria-expanded={batch.open}
        aria-label={`${batch.open ? 'Hide' : 'Show'} the changes`}
        data-opens
      >
        <Icon size={14} aria-hidden />
      </button>
      {batchText(line, batch)}
    </>
  )
}
