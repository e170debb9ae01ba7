import type { Handlers } from '../../../shared/ipc/bridge'
import type { HistoryEntry, HistoryRow } from '../../../shared/ipc/contract'
import { type Calendar, parseHistoryQuery } from '../../../shared/query/history'
import { Refusal } from '../../ipc/refusal'
import type { HistoryRepository } from '../../store/repositories/history'

export interface HistoryDeps {
  readonly history: Pick<HistoryRepository, 'window' | 'byId'>
  readonly calendar: Calendar
}

/** What the page asks of the history. */
export function historyHandlers({
  history,
  calendar,
}: HistoryDeps): Pick<Handlers, 'history.window' | 'history.entry'> {
  return {
    'history.window'({ search, userId, start, count }) {
      const query = parseHistoryQuery(search, calendar)
      const { total, entries } = history.window({
        start,
        count,
        query,
        ...(userId === undefined ? {} : { userId }),
      })
      return { total, start, rows: entries.map(rowOf), problems: [...query.problems] }
    },

    'history.entry'(id) {
      const entry = history.byId(id)
      if (entry === undefined) throw new Refusal('not-found', 'This change is no longer in the history.')
      return entry
    },
  }
}

function rowOf(entry: HistoryEntry): HistoryRow {
  const { id, seq, user, userName, action, fields, outcome, words, account, origin, startedWall } = entry
  const { reason, batchId } = entry
  return {
    ...{ id, seq, user, userName, action, fields, outcome, words, account, origin, startedWall },
    ...(reason === undefined ? {} : { reason }),
    ...(batchId === undefined ? {} : { batchId }),
  }
}
