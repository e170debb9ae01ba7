import type { HistoryLine } from '../../../shared/history/shapes'
import type { Selection } from '../../grid/selection'
import { batchOf } from './store'

/** How many changes each batch has, as far as its line was seen: whoever takes it out of "all" has seen it. */
const sizes = new Map<string, number>()
/** The batch of each change that was seen below its line. */
const batchOfChange = new Map<string, string>()

/**
 * Whether a line can be chosen. A batch is put back from its own line, or its changes are chosen one by one below it; when
 * everything is chosen, it can be taken out as a whole, and its changes go with it.
 */
export function isSelectable(selection: Selection, { id, batch, batchId }: HistoryLine): boolean {
  if (batch) sizes.set(batch.id, batch.changes)
  else if (batchId !== undefined) batchOfChange.set(id, batchId)
  if (!selection.all) return batch === undefined
  return batch !== undefined || batchId === undefined || !selection.except.has(`batch:${batchId}`)
}

/** Of all changes that are found, the batches that were taken out, and the other changes that were. */
function takenOut(except: ReadonlySet<string>) {
  const batches = new Set([...except].flatMap((id) => batchOf(id) ?? []))
  const ids = [...except].filter(
    (id) => batchOf(id) === undefined && !batches.has(batchOfChange.get(id) ?? ''),
  )
  return { ids, batches: [...batches] }
}

/** How many changes are chosen. @param changes that are found */
export function chosenChanges(selection: Selection, changes: number): number {
  if (!selection.all) return selection.ids.size
  const { ids, batches } = takenOut(selection.except)
  return Math.max(0, changes - ids.length - batches.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0))
}

/** Everything that is chosen, once "all" is: what a search finds, but for some. */
export function allChosen(search: string, except: ReadonlySet<string>): { search: string; except: string[] } {
  const { ids, batches } = takenOut(except)
  return { search: [search, ...batches.map((id) => `-batch:${id}`)].join(' ').trim(), except: ids }
}
