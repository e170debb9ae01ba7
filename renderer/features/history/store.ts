import { create } from 'zustand'
import type { HistoryEntry, HistoryRow, HistorySummary, HistoryWindow } from '../../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from '../../app/bridge'
import { goTo } from '../../app/pages'
import { type GridHandle, newGridMemory } from '../../grid/DataGrid'
import { createRowSource } from '../../grid/rowSource'
import { nothingSelected, type Selection } from '../../grid/selection'

interface HistoryStore {
  readonly search: string
  readonly selection: Selection
  readonly summary: HistorySummary | undefined
  /** The entry whose details are open. */
  readonly open: string | undefined
  readonly entry: HistoryEntry | undefined
  readonly error: Refused | undefined
}

export const useHistory = create<HistoryStore>(() => ({
  search: '',
  selection: nothingSelected,
  summary: undefined,
  open: undefined,
  entry: undefined,
  error: undefined,
}))

export const historySource = createRowSource<HistoryRow, HistoryWindow>((start, count) =>
  ask(gungnir.history.window({ search: useHistory.getState().search, start, count })),
)

export const historyId = (row: HistoryRow): string => row.id
export const historyGridMemory = newGridMemory()
export const historyGrid: { current: GridHandle | null } = { current: null }

export function setHistorySearch(search: string): void {
  useHistory.setState({ search, selection: nothingSelected })
  void historySource.reload('start', () => historyGrid.current?.toTop())
  void readSummary()
}

/** Counts by day and outcome of what the search finds. */
export async function readSummary(): Promise<void> {
  const { search } = useHistory.getState()
  const summary = await ask(gungnir.history.summary({ search })).catch(() => undefined)
  if (useHistory.getState().search === search) useHistory.setState({ summary })
}

/** Opens one entry; the one shown before stays until it is here. */
export async function openEntry(id: string | undefined): Promise<void> {
  useHistory.setState(
    id === undefined ? { open: id, entry: undefined, error: undefined } : { open: id, error: undefined },
  )
  if (id === undefined) return
  try {
    const entry = await ask(gungnir.history.entry(id))
    if (useHistory.getState().open === id) useHistory.setState({ entry, error: undefined })
  } catch (error) {
    if (useHistory.getState().open === id) useHistory.setState({ entry: undefined, error: refusal(error) })
  }
}

/** Goes to History with what this search finds. */
export function showHistory(search: string): void {
  setHistorySearch(search)
  goTo('history')
}

/** Goes to History with this entry open. */
export function showEntry(id: string): void {
  void openEntry(id)
  goTo('history')
}
