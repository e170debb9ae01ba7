import { type RefObject, useEffect, useRef } from 'react'
import { copyText } from '../ui/clipboard'
import type { RowSource } from './rowSource'
import { isSelected, type Selection, selectedCount } from './selection'
import { formatTsv, parseTsv } from './tsv'
import type { ShownColumn } from './useColumns'
import { selectedHere } from './useSelecting'

interface Clipboard<Row> {
  readonly source: RowSource<Row>
  readonly rowId: (row: Row) => string
  readonly columns: readonly ShownColumn<Row>[]
  readonly selection: Selection | undefined
  /** The text of the cell under the cursor. */
  readonly cell: () => string | undefined
  readonly onPaste: (cells: string[][]) => void
}

/**
 * Copy takes the chosen rows with the shown columns, or the one cell when no row is chosen; paste hands on the
 * cells. Heard at the document while a cell has the focus: older Chromium sends these events to the body when no
 * text is selected.
 */
export function useClipboard<Row>(grid: RefObject<HTMLElement | null>, clipboard: Clipboard<Row>): void {
  const latest = useRef(clipboard)
  latest.current = clipboard

  useEffect(() => {
    const meant = () =>
      document.activeElement?.matches('[data-at]') && grid.current?.contains(document.activeElement)
    const copy = (event: ClipboardEvent) => {
      if (!event.defaultPrevented && meant()) copied(event, latest.current)
    }
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (event.defaultPrevented || text === '' || !meant()) return
      event.preventDefault()
      latest.current.onPaste(parseTsv(text))
    }
    document.addEventListener('copy', copy)
    document.addEventListener('paste', paste)
    return () => {
      document.removeEventListener('copy', copy)
      document.removeEventListener('paste', paste)
    }
  }, [grid])
}

function copied<Row>(
  event: ClipboardEvent,
  { source, rowId, columns, selection, cell }: Clipboard<Row>,
): void {
  const put = (text: string) => event.clipboardData?.setData('text/plain', text)
  const cellsOf = (rows: readonly Row[]) =>
    formatTsv(rows.map((row) => columns.map(({ column }) => column.text(row))))
  const total = source.total() ?? 0
  const count = selection ? selectedCount(selection, total) : 0
  if (count === 0 || !selection) {
    const text = cell()
    if (text === undefined) return
    event.preventDefault()
    put(formatTsv([[text]]))
    return
  }
  event.preventDefault()
  const here = selectedHere(source, rowId, selection)
  if (here.length === count) {
    put(cellsOf(here))
    return
  }
  void source.read(0, total - 1).then(
    (rows) => copyText(cellsOf(rows.filter((row) => isSelected(selection, rowId(row))))),
    () => undefined,
  )
}
