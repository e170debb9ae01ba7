import type { ClipboardEvent } from 'react'
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

/** Copy takes the chosen rows with the shown columns, or the one cell when no row is chosen. */
export function useClipboard<Row>({ source, rowId, columns, selection, cell, onPaste }: Clipboard<Row>) {
  const cellsOf = (rows: readonly Row[]) =>
    formatTsv(rows.map((row) => columns.map(({ column }) => column.text(row))))

  return {
    onCopy: (event: ClipboardEvent) => {
      const total = source.total() ?? 0
      const count = selection ? selectedCount(selection, total) : 0
      if (count === 0 || !selection) {
        const text = cell()
        if (text === undefined) return
        event.preventDefault()
        event.clipboardData.setData('text/plain', formatTsv([[text]]))
        return
      }
      event.preventDefault()
      const here = selectedHere(source, rowId, selection)
      if (here.length === count) {
        event.clipboardData.setData('text/plain', cellsOf(here))
        return
      }
      void source.read(0, total - 1).then(
        (rows) => copyText(cellsOf(rows.filter((row) => isSelected(selection, rowId(row))))),
        () => undefined,
      )
    },
    onPaste: (event: ClipboardEvent) => {
      const text = event.clipboardData.getData('text/plain')
      if (text === '') return
      event.preventDefault()
      onPaste(parseTsv(text))
    },
  }
}
