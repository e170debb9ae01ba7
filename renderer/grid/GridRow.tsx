// biome-ignore-all lint/a11y/useSemanticElements: a grid of absolutely placed rows cannot be made of table elements.
// biome-ignore-all lint/a11y/useFocusableInteractive: the cells of a grid take the focus, not its rows.
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: the role is given by what is spread.
import { Check } from 'lucide-react'
import { type CSSProperties, memo, type ReactNode } from 'react'
import { edgeOf, type GridColumn } from './columns'
import { Marked } from './Marked'
import type { ShownColumn } from './useColumns'

export interface GridRowProps<Row> {
  readonly index: number
  /** Nothing while it is being fetched. */
  readonly row: Row | undefined
  readonly columns: readonly ShownColumn<Row>[]
  readonly top: number
  readonly marks: readonly string[]
  /** Whether it is chosen; nothing in a grid whose rows cannot be. */
  readonly selected: boolean | undefined
  /** Whether it can be chosen at all. */
  readonly selectable: boolean
  /** The row whose details are shown. */
  readonly current: boolean
  readonly look: string | undefined
  /** The column of the cursor, if the cursor is in this row. */
  readonly cursor: number | undefined
  /** The columns of this row that are in the selected block of cells, both ends included. */
  readonly from: number | undefined
  readonly to: number | undefined
  /** The open editor and its column, if it is in this row. */
  readonly editing: { readonly column: number; readonly editor: ReactNode } | undefined
}

function Row<T>({ index, row, columns, top, selected, current, cursor, editing, ...rest }: GridRowProps<T>) {
  const style: CSSProperties = { transform: `translateY(${top}px)` }
  const shift = selected === undefined ? 0 : 1
  return (
    <div
      role="row"
      className="grid-row"
      style={style}
      aria-rowindex={index + 2}
      aria-selected={selected}
      aria-busy={row === undefined || undefined}
      data-current={current || undefined}
      data-odd={index % 2 === 1 || undefined}
      data-look={rest.look}
      data-editing={editing ? true : undefined}
    >
      {selected !== undefined && (
        <div
          role="gridcell"
          className="grid-cell grid-check grid-pinned"
          tabIndex={cursor === 0 ? 0 : -1}
          aria-colindex={1}
          aria-label={!rest.selectable ? 'Cannot be selected' : selected ? 'Selected' : 'Not selected'}
          aria-disabled={!rest.selectable || undefined}
          data-at={`${index}:0`}
        >
          <span className="grid-box">{selected && <Check size={12} strokeWidth={3} aria-hidden />}</span>
        </div>
      )}
      {columns.map(({ column }, at) => (
        <Cell
          key={column.id}
          column={column}
          row={row}
          at={`${index}:${at + shift}`}
          colindex={at + shift + 1}
          marks={rest.marks}
          hasCursor={cursor === at + shift}
          inBlock={
            rest.from !== undefined &&
            rest.to !== undefined &&
            at + shift >= rest.from &&
            at + shift <= rest.to
          }
          edge={edgeOf(at, column)}
          editor={editing?.column === at + shift ? editing.editor : undefined}
        />
      ))}
    </div>
  )
}

export const GridRow = memo(Row) as typeof Row

interface CellProps<Row> {
  readonly column: GridColumn<Row>
  readonly row: Row | undefined
  readonly at: string
  readonly colindex: number
  readonly marks: readonly string[]
  readonly hasCursor: boolean
  readonly inBlock: boolean
  /** Its class, if it stays where the others scroll away. */
  readonly edge: string
  readonly editor: ReactNode
}

function Cell<Row>({ column, row, at, colindex, marks, hasCursor, inBlock, edge, editor }: CellProps<Row>) {
  const place = {
    role: 'gridcell',
    'data-at': at,
    'aria-colindex': colindex,
    tabIndex: hasCursor ? 0 : -1,
    'aria-selected': inBlock || undefined,
  } as const
  const className = `grid-cell${edge}${column.tabular ? ' tabular' : ''}`
  if (row === undefined) {
    return (
      <div {...place} className={className}>
        <span className="skeleton" />
      </div>
    )
  }
  if (editor !== undefined) {
    return (
      <div {...place} className={`${className} grid-editing`} tabIndex={-1}>
        {editor}
      </div>
    )
  }
  const description = column.description?.(row)
  return (
    <div
      {...place}
      className={className}
      data-look={column.look?.(row)}
      aria-description={description}
      aria-readonly={column.editable ? !column.editable(row) : undefined}
      title={column.hint?.(row)}
    >
      {column.unread?.(row) ? (
        <span className="grid-unread" aria-hidden>
          ·
        </span>
      ) : column.render ? (
        column.render(row)
      ) : (
        <Marked text={column.text(row)} marks={marks} />
      )}
    </div>
  )
}
