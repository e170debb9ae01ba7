// biome-ignore-all lint/a11y/useSemanticElements: a grid of absolutely placed rows cannot be made of table elements.
// biome-ignore-all lint/a11y/useFocusableInteractive: the cells of a grid take the focus, not its rows.
import { ArrowDown, ArrowUp, Check, Minus } from 'lucide-react'
import { type CSSProperties, useState } from 'react'
import { edgeOf, type SortKey } from './columns'
import type { ShownColumn } from './useColumns'

interface Props<Row> {
  readonly columns: readonly ShownColumn<Row>[]
  readonly sort: readonly SortKey[]
  readonly cursor: number | undefined
  /** Whether all, some or none of the rows are chosen; nothing when rows cannot be chosen. */
  readonly chosen: 'all' | 'some' | 'none' | undefined
  readonly onSort: (id: string, add: boolean) => void
  readonly onMove: (id: string, to: string) => void
  readonly onToggleAll: () => void
}

/** The header row. It scrolls sideways with the rows and stays on top of them. */
export function GridHeader<Row>(props: Props<Row>) {
  const { columns, sort, cursor, chosen } = props
  const [over, setOver] = useState<string>()
  const shift = chosen === undefined ? 0 : 1
  return (
    <div role="row" className="grid-row grid-head" aria-rowindex={1}>
      {chosen !== undefined && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of all of its cells.
        <div
          role="columnheader"
          className="grid-cell grid-header grid-check grid-pinned"
          aria-colindex={1}
          aria-description={`${chosen === 'none' ? 'No' : chosen === 'all' ? 'All' : 'Some'} rows selected`}
          tabIndex={cursor === 0 ? 0 : -1}
          data-at="-1:0"
          onClick={props.onToggleAll}
        >
          <span className="hidden-text">Selection</span>
          <span className="grid-box" data-chosen={chosen}>
            {chosen === 'all' && <Check size={12} strokeWidth={3} aria-hidden />}
            {chosen === 'some' && <Minus size={12} strokeWidth={3} aria-hidden />}
          </span>
        </div>
      )}
      {columns.map(({ column, startResize }, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of all of its cells.
        <div
          key={column.id}
          role="columnheader"
          className={`grid-cell grid-header${edgeOf(at, column)}`}
          aria-colindex={at + shift + 1}
          aria-sort={column.sortable ? directionOf(sort, column.id) : undefined}
          tabIndex={cursor === at + shift ? 0 : -1}
          data-at={`-1:${at + shift}`}
          data-sortable={column.sortable || undefined}
          data-over={over === column.id || undefined}
          draggable
          onClick={(event) => column.sortable && props.onSort(column.id, event.shiftKey)}
          onDragStart={(event) => event.dataTransfer.setData(dragType, column.id)}
          onDragOver={(event) => {
            if (!event.dataTransfer.types.includes(dragType)) return
            event.preventDefault()
            setOver(column.id)
          }}
          onDragLeave={() => setOver(undefined)}
          onDrop={(event) => {
            event.preventDefault()
            setOver(undefined)
            props.onMove(event.dataTransfer.getData(dragType), column.id)
          }}
        >
          <span className="grid-label">{column.label}</span>
          <SortArrow sort={sort} id={column.id} />
          <ResizeHandle start={startResize} />
        </div>
      ))}
    </div>
  )
}

const dragType = 'application/x-gungnir-column'

const directionOf = (sort: readonly SortKey[], id: string) =>
  sort.find((key) => key.path === id)?.direction ?? 'none'

function SortArrow({ sort, id }: { sort: readonly SortKey[]; id: string }) {
  const rank = sort.findIndex((key) => key.path === id)
  if (rank === -1) return null
  const Arrow = sort[rank]?.direction === 'ascending' ? ArrowUp : ArrowDown
  return (
    <span className="grid-sort" aria-hidden>
      <Arrow size={12} />
      {sort.length > 1 && rank + 1}
    </span>
  )
}

/** For the pointer only: Alt with the arrow keys does the same from the keyboard. */
function ResizeHandle({ start }: { start: (event: unknown) => void }) {
  const style: CSSProperties = { cursor: 'col-resize' }
  return (
    <span
      className="grid-resize"
      style={style}
      aria-hidden
      draggable
      onClick={(event) => event.stopPropagation()}
      onMouseDown={start}
      onTouchStart={start}
      onDragStart={(event) => {
        event.preventDefault()
        event.stopPropagation()
      }}
    />
  )
}
