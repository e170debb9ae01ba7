import { create } from 'zustand'
import type { HistoryEntry, HistoryLine, HistoryLines, HistorySummary } from '../../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from '../../app/bridge'
import { goTo } from '../../app/pages'
import { type GridHandle, newGridMemory } from '../../grid/DataGrid'
import { createRowSource } from '../../grid/rowSource'
import { nothingSelected, type Selection } from '../../grid/selection'

interface HistoryStore {
  readonly search: string
  readonly selection: Selection
  readonly summary: HistorySummary | undefined
  /** The line whose details are open, by `historyId`. */
  readonly open: string | undefined
  /** What it is about: one change, or a batch. */
  readonly entry: HistoryEntry | undefined
  readonly batch: HistoryLine | undefined
  /** The batches whose changes stand below them in the list. */
  readonly opened: readonly string[]
  readonly error: Refused | undefined
}

export const useHistory = create<HistoryStore>(() => ({
  search: '',
  selection: nothingSelected,
  summary: undefined,
  open: undefined,
  entry: undefined,
  batch: undefined,
  opened: [],
  error: undefined,
}))

export const historySource = createRowSource<HistoryLine, HistoryLines>((start, count) => {
  const { search, opened } = useHistory.getState()
  return ask(gungnir.history.lines({ search, open: [...opened], start, count }))
})

const batchMark = 'batch:'

/** Names a line: a change, or the batch that the line stands for. */
export const historyId = (line: HistoryLine): string => (line.batch ? batchMark + line.batch.id : line.id)
/** The batch that a line's name is of. */
export const batchOf = (id: string): string | undefined =>
  id.startsWith(batchMark) ? id.slice(batchMark.length) : undefined
export const historyGridMemory = newGridMemory()
export const historyGrid: { current: GridHandle | null } = { current: null }

export function setHistorySearch(search: string): void {
  useHistory.setState({ search, selection: nothingSelected, opened: [] })
  void historySource.reload('start', () => historyGrid.current?.toTop())
  void readSummary()
}

/** Counts by day and outcome of what the search finds. */
export async function readSummary(): Promise<void> {
  const { search } = useHistory.getState()
  const summary = await ask(gungnir.history.summary({ search })).catch(() => undefined)
  if (useHistory.getState().search === search) useHistory.setState({ summary })
}

/** Opens one line; the one shown before stays until it is here. */
export async function openEntry(id: string | undefined): Promise<void> {
  const nothing = { entry: undefined, batch: undefined, error: undefined }
  useHistory.setState(id === undefined ? { open: id, ...nothing } : { open: id, error: undefined })
  if (id === undefined) return
  const isOpen = () => useHistory.getState().open === id
  try {
    const batchId = batchOf(id)
    const { search } = useHistory.getState()
    const read =
      batchId === undefined
        ? { entry: await ask(gungnir.history.entry(id)) }
        : { batch: await ask(gungnir.history.batch({ search, id: batchId })) }
    if (isOpen()) useHistory.setState({ ...nothing, ...read })
  } catch (error) {
    if (isOpen()) useHistory.setState({ ...nothing, error: refusal(error) })
  }
}

/** Shows the changes of a batch below its line, or hides them. */
export function toggleBatch(id: string): void {
  useHistory.setState(({ opened }) => ({
    opened: opened.includes(id) ? opened.filter((each) => each !== id) : [...opened, id],
  }))
  void historySource.reload('here')
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
