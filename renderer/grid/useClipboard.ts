import { type RefObject, useEffect, useRef } from 'react'
import { copyText } from '../ui/clipboard'
import type { RowSource } from './rowSource'
import { isSelected, type Selection, selectedCount } from './selection'
import { formatTsv, parseTsv } from './tsv'
import type { ShownColumn } from './useColumns'
import { present, selectedHere } from './useSelecting'

interface Clipboard<Row> {
  readonly source: RowSource<Row>
  readonly rowId: (row: Row) => string
  readonly columns: readonly ShownColumn<Row>[]
  readonly selection: Selection | undefined
  /** The rows and columns of the cells that are selected, or the one under the cursor. */
  readonly cells: () =>
    | { readonly first: number; readonly last: number; readonly ids: readonly string[] }
    | undefined
  /** Whether more cells than the one under the cursor are selected: they then go before chosen rows. */
  readonly block: boolean
  readonly onPaste: (cells: string[][]) => void
  /** Cells were cut: they are on the clipboard and are to be cleared. */
  readonly onCut?: (() => void) | undefined
}

/**
 * Copy takes the selected cells, else the chosen rows with the shown columns, else the one cell; paste hands on the
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
    const cut = (event: ClipboardEvent) => {
      const { onCut } = latest.current
      if (event.defaultPrevented || !onCut || !meant()) return
      copied(event, latest.current)
      onCut()
    }
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (event.defaultPrevented || text === '' || !meant()) return
      event.preventDefault()
      latest.current.onPaste(parseTsv(text))
    }
    document.addEventListener('copy', copy)
    document.addEventListener('cut', cut)
    document.addEventListener('paste', paste)
    return () => {
      document.removeEventListener('copy', copy)
      document.removeEventListener('cut', cut)
      document.removeEventListener('paste', paste)
    }
  }, [grid])
}

function copied<Row>(event: ClipboardEvent, clipboard: Clipboard<Row>): void {
  const { source, rowId, columns, selection, cells, block } = clipboard
  const total = source.total() ?? 0
  const count = selection && !block ? selectedCount(selection, total) : 0
  const textOf = (rows: readonly Row[], ids?: readonly string[]) => {
    const shown = ids === undefined ? columns : columns.filter(({ column }) => ids.includes(column.id))
    return formatTsv(rows.map((row) => shown.map(({ column }) => column.copied?.(row) ?? column.text(row))))
  }
  const put = (text: string) => event.clipboardData?.setData('text/plain', text)
  const putLater = (rows: Promise<readonly Row[]>, text: (rows: readonly Row[]) => string) =>
    void rows.then(
      (all) => copyText(text(all)),
      () => undefined,
    )
  if (count === 0 || !selection) {
    const place = cells()
    if (place === undefined) return
    event.preventDefault()
    const here = present(source, place.first, place.last)
    if (here) put(textOf(here, place.ids))
    else putLater(source.read(place.first, place.last), (rows) => textOf(rows, place.ids))
    return
  }
  event.preventDefault()
  const here = selectedHere(source, rowId, selection)
  if (here.length === count) put(textOf(here))
  else {
    putLater(source.read(0, total - 1), (rows) =>
      textOf(rows.filter((row) => isSelected(selection, rowId(row)))),
    )
  }
}
