import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useMemo } from 'react'
import {
  type ColumnLayout,
  drawnIn,
  type GridColumn,
  narrowest,
  orderedIds,
  widest,
  widthsIn,
} from './columns'

/**
 * TanStack Table keeps the columns (order, choice, widths and the drag that changes them). The rows stay out
 * of it: it would want them all, and the page never has more than a window of them.
 */
const features = tableFeatures({
  columnOrderingFeature,
  columnVisibilityFeature,
  columnSizingFeature,
  columnResizingFeature,
})

const noRows: never[] = []

export interface ShownColumn<Row> {
  readonly column: GridColumn<Row>
  readonly width: number
  /** For mousedown and touchstart on the handle at the header's edge. */
  readonly startResize: (event: unknown) => void
}

/** The columns to show, in order, with their widths in `room` px. */
export function useColumns<Row>(
  columns: readonly GridColumn<Row>[],
  room: number,
  layout: ColumnLayout,
  onLayout: (layout: ColumnLayout) => void,
): readonly ShownColumn<Row>[] {
  const definitions = useMemo(
    () =>
      columns.map(({ id, label, width }) => ({
        id,
        header: label,
        size: width,
        minSize: narrowest,
        maxSize: widest,
      })),
    [columns],
  )
  const state = useMemo(() => {
    const ids = columns.map((column) => column.id)
    const drawn = drawnIn(room, columns, layout)
    return {
      columnOrder: orderedIds(ids, layout),
      columnVisibility: Object.fromEntries(ids.map((id) => [id, drawn.has(id)])),
      columnSizing: widthsIn(room, columns, layout),
    }
  }, [columns, room, layout])
  const table = useTable<typeof features, never>({
    features,
    columns: definitions,
    data: noRows,
    state,
    columnResizeMode: 'onChange',
    onColumnSizingChange: (update) => {
      const widths = typeof update === 'function' ? update({ ...layout.widths }) : update
      onLayout({
        ...layout,
        widths: Object.fromEntries(
          Object.entries(widths).map(([id, width]) => [id, Math.min(Math.max(width, narrowest), widest)]),
        ),
      })
    },
  })
  // `table` is new at each drawing; what it says is not.
  return useMemo(() => {
    const byId = new Map(columns.map((column) => [column.id, column]))
    const shown = (table.getHeaderGroups()[0]?.headers ?? []).flatMap((header) => {
      const column = byId.get(header.column.id)
      return column ? [{ column, width: header.getSize(), startResize: header.getResizeHandler() }] : []
    })
    const stays = ({ column }: ShownColumn<Row>) => column.staysInSight === true
    return [...shown.filter((each) => !stays(each)), ...shown.filter(stays)]
  }, [columns, room, layout])
}
