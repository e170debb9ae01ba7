import { isTroubled } from '../../../shared/change/machine'
import type { OutboxEntry } from '../../../shared/change/types'
import type { OutboxBatch } from '../../../shared/ipc/contract'
import type { FieldEdit } from '../../../shared/user/types'
import { sameValue } from '../../../shared/user/value'

/**
 * The batches that have not ended, each as one line that counts down. How many changes one had is known as far as this run
 * of the app has seen them.
 */
export function createLines() {
  const seen = new Map<string, Set<string>>()

  return {
    /** Entries as they have just become. What went into another entry, or was discarded, is none of the batch any more. */
    note(entries: Iterable<OutboxEntry>): void {
      for (const { id, batchId, state, edits } of entries) {
        if (batchId === undefined) continue
        const ids = seen.get(batchId) ?? new Set()
        if (state === 'cancelled' || (state === 'superseded' && edits.length > 0)) ids.delete(id)
        else ids.add(id)
        seen.set(batchId, ids)
      }
    },

    /** Those of several changes, the oldest first. Forgets the others that have ended. */
    of(live: Iterable<OutboxEntry>): OutboxBatch[] {
      const going = new Map<
        string,
        { first: OutboxEntry; left: number; troubled: number; same: readonly FieldEdit[] }
      >()
      for (const entry of live) {
        if (entry.batchId === undefined) continue
        const batch = going.get(entry.batchId) ?? {
          first: entry,
          left: 0,
          troubled: 0,
          same: entry.edits,
        }
        batch.left++
        if (isTroubled(entry)) batch.troubled++
        if (batch.same.length > 0 && entry !== batch.first) {
          batch.same = batch.same.filter((one) =>
            entry.edits.some(({ path, mine }) => path === one.path && sameValue(path, mine, one.mine)),
          )
        }
        going.set(entry.batchId, batch)
      }
      for (const id of [...seen.keys()]) if (!going.has(id)) seen.delete(id)
      return [...going].flatMap(([id, { first, left, troubled, same }]) => {
        const of = Math.max(left, seen.get(id)?.size ?? 0)
        if (of < 2) return []
        const { reason, edits, connectionId } = first
        return [
          {
            id,
            connectionId,
            ...(reason === undefined ? {} : { reason }),
            fields: edits.map(({ path }) => path),
            values: same.map(({ path, mine }) => ({ path, mine })),
            of,
            left,
            troubled,
          },
        ]
      })
    },
  }
}
