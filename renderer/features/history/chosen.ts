import type { HistoryLine } from '../../../shared/ipc/contract'
import type { Selection } from '../../grid/selection'
import { batchOf } from './store'

/** How many changes each batch has, as far as its line was seen: whoever takes it out of "all" has seen it. */
const sizes = new Map<string, number>()

/**
 * Whether a line can be chosen. A batch is put back from its own line, or its changes are chosen one by one below it; when
 * everything is chosen, it can be taken out as a whole, and its changes go with it.
 */
export function isSelectable(selection: Selection, { batch, batchId }: HistoryLine): boolean {
  if (batch) sizes.set(batch.id, batch.changes)
  if (!selection.all) return batch === undefined
  return batch !== undefined || batchId === undefined || !selection.except.has(`batch:${batchId}`)
}

/** Of all changes that are found, those that were taken out one by one, and the batches. */
function takenOut(except: ReadonlySet<string>) {
  const ids = [...except]
  return {
    ids: ids.filter((id) => batchOf(id) === undefined),
    batches: ids.flatMap((id) => batchOf(id) ?? []),
  }
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
