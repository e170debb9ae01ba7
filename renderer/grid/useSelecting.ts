import { useRef } from 'react'
import type { RowSource } from './rowSource'
import {
  everythingSelected,
  isSelected,
  nothingSelected,
  type Selection,
  selectedCount,
  toggled,
  withRows,
} from './selection'
import { whereIs } from './whereIs'

export interface GridSelecting<Row> {
  readonly selection: Selection
  readonly onSelection: (selection: Selection) => void
  /** Whether a row can be chosen; each can when left out. One that cannot stands unticked. */
  readonly selectable?: (row: Row) => boolean
}

export interface Selecting {
  readonly toggle: (index: number) => void
  /** Selects from where the extension began up to this row, and nothing else that the extension had added. */
  readonly extend: (from: number, to: number) => void
  readonly all: () => void
  readonly toggleAll: () => void
  readonly clear: () => void
}

/** Choosing rows. A range whose rows are not here yet is fetched first. */
export function useSelecting<Row>(
  source: RowSource<Row>,
  rowId: (row: Row) => string,
  selecting: GridSelecting<Row> | undefined,
): Selecting {
  /** Where an extension began, and whose row that is: the list may change before it goes on. */
  const anchor = useRef<{ index: number; id: string | undefined; before: Selection } | undefined>(undefined)
  const idAt = (index: number) => {
    const row = source.row(index)
    return row === undefined ? undefined : rowId(row)
  }
  /** Where the row of the anchor is now; nothing when it is not in sight. */
  const anchored = (): number | undefined => {
    if (anchor.current === undefined) return undefined
    const { index, id } = anchor.current
    const now = whereIs(id, index, idAt)
    return id === undefined || [id, undefined].includes(idAt(now)) ? now : undefined
  }
  const question = useRef(0)
  const selection = selecting?.selection ?? nothingSelected
  const set = (next: Selection) => selecting?.onSelection(next)

  return {
    toggle: (index) => {
      const row = source.row(index)
      if (row === undefined || selecting?.selectable?.(row) === false) return
      const next = toggled(selection, rowId(row))
      anchor.current = { index, id: rowId(row), before: next }
      question.current++
      set(next)
    },
    extend: (from, to) => {
      if (!selecting || from < 0 || to < 0) return
      const index = anchored() ?? from
      if (anchored() === undefined) anchor.current = { index, id: idAt(from), before: selection }
      const before = anchor.current?.before ?? selection
      const mine = ++question.current
      const first = Math.min(index, to)
      const last = Math.max(index, to)
      const take = (rows: readonly Row[]) => {
        const wanted = rows.filter((row) => selecting.selectable?.(row) !== false)
        set(withRows(before, wanted.map(rowId), true))
      }
      const here = present(source, first, last)
      if (here) take(here)
      else {
        void source.read(first, last).then(
          (rows) => mine === question.current && take(rows),
          () => undefined,
        )
      }
    },
    all: () => set(everythingSelected),
    toggleAll: () => {
      const total = source.total() ?? 0
      anchor.current = undefined
      set(total > 0 && selectedCount(selection, total) >= total ? nothingSelected : everythingSelected)
    },
    clear: () => {
      anchor.current = undefined
      question.current++
      if (selection.all || selection.ids.size > 0) set(nothingSelected)
    },
  }
}

/** The rows of a range if all of them are here. */
export function present<Row>(source: RowSource<Row>, first: number, last: number): Row[] | undefined {
  const out: Row[] = []
  for (let index = first; index <= last; index++) {
    const row = source.row(index)
    if (row === undefined) return undefined
    out.push(row)
  }
  return out
}

/** The chosen rows that are here, in the order of the list. */
export function selectedHere<Row>(
  source: RowSource<Row>,
  rowId: (row: Row) => string,
  selection: Selection,
): Row[] {
  const out: Row[] = []
  const total = source.total() ?? 0
  const wanted = selectedCount(selection, total)
  for (let index = 0; index < total && out.length < wanted; index++) {
    const row = source.row(index)
    if (row !== undefined && isSelected(selection, rowId(row))) out.push(row)
  }
  return out
}
