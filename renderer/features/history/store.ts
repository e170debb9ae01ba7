import { create } from 'zustand'
import { isApplied } from '../../../shared/history/outcomes'
import type { HistoryEntry, HistoryLine, HistoryLines, HistorySummary } from '../../../shared/history/shapes'
import { type GridHandle, newGridMemory } from '../../grid/DataGrid'
import { createRowSource } from '../../grid/rowSource'
import { nothingSelected, type Selection } from '../../grid/selection'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { sayError } from '../../kernel/messages'
import { goTo } from '../../kernel/pages'
import { rowHeight } from '../../kernel/theme'

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
/** Whether something of what is open came about, so that it can be put back. */
export const isOpenApplied = ({ open, entry, batch }: HistoryStore): boolean =>
  open !== undefined &&
  (entry?.id === open
    ? isApplied(entry.outcome)
    : batch?.batch !== undefined &&
      historyId(batch) === open &&
      batch.batch.outcomes.some(({ outcome }) => isApplied(outcome)))
export const historyGridMemory = newGridMemory()
export const historyGrid: { current: GridHandle | null } = { current: null }

export function setHistorySearch(search: string): void {
  useHistory.setState({ search, selection: nothingSelected, opened: [] })
  void historySource.reload('start', () => historyGrid.current?.toTop())
  void readSummary()
  void followOpen()
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

/** Once the list is another, what is open is read again; what is not in the list any more is closed. */
export async function followOpen(): Promise<void> {
  const { open, search } = useHistory.getState()
  if (open === undefined) return
  const isSame = () => useHistory.getState().open === open && useHistory.getState().search === search
  const found =
    batchOf(open) !== undefined || (await ask(gungnir.history.finds({ search, id: open })).catch(() => true))
  if (!isSame()) return
  await openEntry(found ? open : undefined)
  if (isSame() && useHistory.getState().error?.kind === 'not-found') await openEntry(undefined)
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

/** Rows that are seen above the one that is shown, so that the batch it is of may be among them. */
const rowsAbove = 6
/** How often a list that moves on is asked where a change stands. */
const mostPlaced = 5

/** Reads the whole list around the line of this change, with its batch open, and says where it stands. */
async function readAround(id: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const { search, opened: before } = useHistory.getState()
    const open = search === '' ? before : []
    const { row, batch } = await ask(gungnir.history.place({ id, open: [...open] }))
    const opened = batch === undefined || open.includes(batch) ? open : [...open, batch]
    useHistory.setState(search === '' ? { opened } : { search: '', opened, selection: nothingSelected })
    historySource.want(row, row, row)
    await historySource.reload('here')
    const line = historySource.row(row)
    if ((line !== undefined && historyId(line) === id) || attempt === mostPlaced) return row
  }
}

/**
 * Goes to History with this entry open, its line under the cursor: the page gives the focus to its cursor, and what has
 * the focus is what is open. A search makes way, since it may not find it.
 */
export async function showEntry(id: string): Promise<void> {
  try {
    const row = await readAround(id)
    void readSummary()
    void openEntry(id)
    if (historyGrid.current) {
      historyGrid.current.goTo(row)
    } else {
      const scroll = Math.max(0, row - rowsAbove) * rowHeight()
      Object.assign(historyGridMemory, { id, at: { row, column: 1 }, scroll })
    }
    goTo('history')
  } catch (error) {
    sayError(error)
  }
}
