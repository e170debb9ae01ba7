// biome-ignore-all lint/a11y/useSemanticElements: a grid of absolutely placed rows cannot be made of table elements.
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { shortcutKey, writesThirdLevel } from '../ui/keyboard'
import { CellEditor, type Leave } from './CellEditor'
import {
  type ColumnLayout,
  type GridColumn,
  inSight,
  movedColumn,
  nextSort,
  orderedIds,
  type SortKey,
} from './columns'
import { GridHeader } from './GridHeader'
import { GridRow } from './GridRow'
import {
  beginsEdit,
  blockOf,
  composes,
  type Extent,
  type Intent,
  intentFor,
  moved,
  type Position,
  within,
} from './navigation'
import { again, type Press, placeNow } from './press'
import type { Place, RowSource } from './rowSource'
import { isSelected, selectedCount } from './selection'
import { createStandingStill } from './standingStill'
import { useClipboard } from './useClipboard'
import { useColumns } from './useColumns'
import { type GridEditing, useEditing } from './useEditing'
import { useRoom } from './useRoom'
import { type GridSelecting, useSelecting } from './useSelecting'
import { useSource } from './useSource'
import { useViewport } from './useViewport'
import { whereIs } from './whereIs'

/** Where a grid was left, so that a page that comes back looks as it did. */
export interface GridMemory {
  at: Position
  scroll: number
  /** Which row the cursor is on, by its id: the list may change under it. */
  id?: string | undefined
  /** Grows each time that a person points at a row of the list that they see, by a click or a key. */
  pointings: number
}

export const newGridMemory = (): GridMemory => ({
  at: { row: 0, column: 0 },
  scroll: 0,
  pointings: 0,
})

/** What the owner may ask of a grid. */
export interface GridHandle {
  focus(): void
  /** Puts the cursor on a row, or on the first one. */
  goTo(row: number): void
  /** This row will stand at this index: the cursor and an open editor go along, if they are on it. */
  follow(id: string, row: number): void
  /** The rows that are to stay where they are seen when the list changes, the most important first. */
  staying(): Place[]
  /** This row will stand at this index: it stays where it is seen. */
  stay(id: string, row: number): void
  /** This row is not in the list any more: the cursor, if it is on it, is on no row from now on. */
  letGo(id: string): void
  /**
   * Takes what an open editor holds. False when it cannot be taken: the editor stays open with the reason.
   * @param id of the row it is taken from; an editor in another row stays as it is
   */
  commitEdit(id?: string): boolean
  /** Closes an open editor, whatever it holds: what cannot be taken is kept with its row. */
  closeEdit(): void
  toTop(): void
}

/** A block of cells: its rows, both ends included, and its columns from left to right. */
export interface CellBlock {
  readonly first: number
  readonly last: number
  readonly columns: readonly string[]
  /** All columns from the leftmost of the block on: pasted cells may be more than it has. */
  readonly onwards: readonly string[]
}

/** How the grid's owner changes several cells at once. */
export interface GridCells {
  readonly paste: (block: CellBlock, cells: string[][]) => void
  readonly clear: (block: CellBlock) => void
  /** Gives every row of the block what its first row has. */
  readonly fillDown: (block: CellBlock) => void
}

/** Where a block of cells begins, and whose row that is. */
interface Corner extends Position {
  readonly id: string | undefined
}

interface Props<Row> {
  readonly label: string
  readonly columns: readonly GridColumn<Row>[]
  readonly source: RowSource<Row>
  readonly rowId: (row: Row) => string
  readonly layout: ColumnLayout
  readonly onLayout: (layout: ColumnLayout) => void
  readonly sort?: readonly SortKey[]
  readonly onSort?: (sort: SortKey[]) => void
  readonly marks?: readonly string[]
  readonly selecting?: GridSelecting<Row>
  readonly editing?: GridEditing<Row>
  /** What can be done with several cells at once. */
  readonly cells?: GridCells
  readonly currentId?: string | undefined
  /** These columns are seen whole before anything is scrolled sideways. */
  readonly onInSight?: (ids: readonly string[]) => void
  /** The cursor came to this row. */
  readonly onCurrent?: (row: Row) => void
  /** Another row than the cursor's has come to stand under it, and its own is not in sight: where is it now? */
  readonly onStrayed?: (id: string) => void
  /** Enter, or a double click, on a cell that cannot be edited. */
  readonly onOpen?: (row: Row) => void
  readonly rowLook?: (row: Row) => string | undefined
  readonly rowHeight?: number
  readonly memory: GridMemory
  /** Shown in place of the rows when there are none. */
  readonly empty?: ReactNode
  /** Shown when not even the first rows could be fetched. */
  readonly failed?: ReactNode
  readonly ref?: Ref<GridHandle>
}

const headerHeight = 28
/** Width in px of the column of check boxes. */
const checkWidth = 32
const noMarks: readonly string[] = []
const noSort: readonly SortKey[] = []

/**
 * A data grid with one tab stop: its cursor is the focused cell. Only the rows in view are in the page, and
 * the cursor's row wherever it is.
 */
export function DataGrid<Row>(props: Props<Row>) {
  const { source, rowId, memory, selecting, sort = noSort, rowHeight = 28 } = props
  const version = useSource(source)
  const total = source.total() ?? 0
  const scroller = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(memory.at)
  /** The corner that a block of cells is drawn from; the cursor is the other one. */
  const [from, setFrom] = useState<Corner>()
  /**
   * Set when the focus has to go where the cursor is: always when its person moved it; when the list moved it or an
   * editor closed, only if the focus has not gone elsewhere meanwhile.
   */
  const refocus = useRef<'always' | 'unless-elsewhere' | undefined>(undefined)
  /** A row the cursor came to before it was here. */
  const awaited = useRef<number | undefined>(undefined)

  const remember = useCallback(
    (scroll: number) => {
      memory.scroll = scroll
    },
    [memory],
  )
  const [still] = useState(() => createStandingStill(scroller, headerHeight))
  const stays = useRef({ movedBy: (): number => 0, any: (): boolean => false })
  const view = useViewport(scroller, total, rowHeight, headerHeight, memory.scroll, remember, version, stays)
  const shift = selecting ? 1 : 0
  const room = useRoom(scroller)
  const columns = useColumns(props.columns, room - shift * checkWidth, props.layout, props.onLayout)
  const seen = inSight(room - shift * checkWidth, columns).join()
  const { onInSight } = props
  useEffect(() => onInSight?.(seen === '' ? [] : seen.split(',')), [seen, onInSight])
  const extent: Extent = { rows: total, columns: columns.length + shift, page: view.page }
  /** A cursor under which values are changed belongs to a row, not to a place in the list. */
  const owned = props.editing !== undefined || props.cells !== undefined
  const idAt = (index: number) => {
    const row = source.row(index)
    return row === undefined ? undefined : rowId(row)
  }
  const placed = whereIs(memory.id, at.row, idAt)
  const cursor = within(placed === at.row ? at : { ...at, row: placed }, extent)
  const underCursor = idAt(cursor.row)
  /** Somebody else's row stands where the cursor's was: nothing may be done to it on the strength of an old look. */
  const strayed = owned && memory.id !== undefined && underCursor !== undefined && underCursor !== memory.id
  const select = useSelecting(source, rowId, selecting)
  // A block whose first corner is somebody else's by now is another one than the person drew.
  const anchor =
    from && (from.id === undefined || [from.id, undefined].includes(idAt(from.row))) ? from : undefined
  const setAnchor = (place: Position | undefined) => setFrom(place && { ...place, id: idAt(place.row) })
  const corner = anchor && within(anchor, extent)
  const block =
    props.cells && corner && cursor.row >= 0 && corner.row >= 0 && cursor.column >= shift
      ? blockOf(corner, cursor)
      : undefined

  useEffect(() => source.want(view.first, Math.max(view.first, view.last), cursor.row))

  const tellCurrent = (row: number) => {
    const value = source.row(row)
    awaited.current = value === undefined && row >= 0 ? row : undefined
    memory.id = value === undefined ? undefined : rowId(value)
    if (value !== undefined) props.onCurrent?.(value)
  }
  useEffect(() => {
    if (awaited.current !== undefined && source.row(awaited.current) !== undefined)
      tellCurrent(awaited.current)
  })

  const goTo = (to: Position) => {
    memory.at = to
    setAt(to)
    refocus.current = 'always'
    view.reveal(to.row)
    // By the row's id: the same place in another list is another row.
    const id = idAt(to.row)
    const told = id === undefined ? to.row === cursor.row && memory.id !== undefined : id === memory.id
    if (!told || props.currentId === undefined || (id !== undefined && id !== props.currentId)) {
      tellCurrent(to.row)
    }
  }

  const leave = (where: Leave) => {
    if (where === 'stay') {
      refocus.current = 'unless-elsewhere'
      setAt({ ...cursor })
    } else if (where !== 'elsewhere') goTo(moved(cursor, where, extent))
  }
  const edit = useEditing(props.editing, leave)
  /** The editor belongs to a row too, which need not be the cursor's: one that was refused stays open. */
  const editId = edit.open && rowId(edit.open.row)
  const editAt = edit.open && whereIs(editId, edit.open.index, idAt)
  const editStrayed = owned && editAt !== undefined && idAt(editAt) !== undefined && idAt(editAt) !== editId

  const drawn: number[] = []
  for (let index = view.first; index <= Math.min(view.last, total - 1); index++) drawn.push(index)
  for (const index of [cursor.row, editAt ?? -1]) {
    if (index >= 0 && index < total && !drawn.includes(index)) drawn.push(index)
  }
  drawn.sort((a, b) => a - b)

  const staying = () => still.rows(view.seen(), rowHeight, editId, memory.id)
  stays.current = { movedBy: () => still.moved(staying(), idAt), any: () => staying().length > 0 }
  useLayoutEffect(() => still.drawn(drawn, idAt))

  const columnAt = (column: number) => columns[column - shift]?.column
  const canEdit = (where: Position) => {
    const row = source.row(where.row)
    return (
      !strayed &&
      props.editing !== undefined &&
      row !== undefined &&
      columnAt(where.column)?.editable?.(row) === true
    )
  }
  const beginEdit = (where: Position, text?: string) => {
    const row = source.row(where.row)
    const column = columnAt(where.column)
    if (row === undefined || !column) return
    // The editor takes the focus itself; whoever leaves it is not to be brought back to its cell.
    refocus.current = undefined
    edit.begin(where.row, row, column.id, text)
  }

  const ids = columns.map(({ column }) => column.id)
  const move = (id: string, to: string) => {
    const order = orderedIds(
      props.columns.map((column) => column.id),
      props.layout,
    )
    props.onLayout({ ...props.layout, order: movedColumn(order, id, to) })
  }
  const sortBy = (id: string, add: boolean) => props.onSort?.(nextSort(sort, id, add))

  /** The selected cells, or the one under the cursor. */
  const cellBlock = (): CellBlock | undefined => {
    const { top, bottom, left, right } = block ?? blockOf(cursor, cursor)
    if (strayed || top < 0 || left < shift) return undefined
    return {
      first: top,
      last: bottom,
      columns: ids.slice(left - shift, right - shift + 1),
      onwards: ids.slice(left - shift),
    }
  }
  const withCells = (run: (block: CellBlock) => void) => {
    const cells = cellBlock()
    if (cells) run(cells)
  }

  const moveCursor = (intent: Extract<Intent, { kind: 'move' }>) => {
    const to = moved(cursor, intent.move, extent)
    const sideways = to.row === cursor.row && to.column !== cursor.column
    const inCells = props.cells && cursor.row >= 0 && cursor.column >= shift
    if (intent.extend && inCells && (anchor || sideways)) {
      if (to.column < shift || to.row < 0) return
      setAnchor(anchor ?? cursor)
      goTo(to)
      return
    }
    setAnchor(undefined)
    goTo(to)
    if (intent.extend && to.row !== cursor.row) select.extend(cursor.row, to.row)
  }

  const act = (intent: Intent) => {
    const column = columns[cursor.column - shift]
    switch (intent.kind) {
      case 'move':
        moveCursor(intent)
        return
      case 'clear-cells':
        if (props.cells) withCells(props.cells.clear)
        return
      case 'fill-down':
        if (props.cells) {
          // One cell alone takes what stands above it.
          withCells((cells) =>
            props.cells?.fillDown(block || cells.first === 0 ? cells : { ...cells, first: cells.first - 1 }),
          )
        }
        return
      case 'edit':
        beginEdit(cursor, intent.text)
        return
      case 'select':
        if (intent.extend) select.extend(cursor.row, cursor.row)
        else select.toggle(cursor.row)
        return
      case 'select-all':
        select.all()
        return
      case 'clear-selection':
        setAnchor(undefined)
        select.clear()
        return
      case 'open': {
        const row = source.row(cursor.row)
        if (row !== undefined) props.onOpen?.(row)
        return
      }
      case 'sort':
        if (!column) select.toggleAll()
        else if (column.column.sortable) sortBy(column.column.id, intent.add)
        return
      case 'resize':
        if (column) {
          const widths = { ...props.layout.widths, [column.column.id]: column.width + intent.by }
          props.onLayout({ ...props.layout, widths })
        }
        return
      case 'reorder': {
        const to = columns[cursor.column - shift + intent.by]
        if (column && to) {
          move(column.column.id, to.column.id)
          goTo({ ...cursor, column: cursor.column + intent.by })
        }
      }
    }
  }

  const onKeyDown = (event: KeyboardEvent) => {
    memory.pointings++
    still.pointAway()
    if (edit.open || event.defaultPrevented) return
    const { key, shiftKey } = event
    const text = writesThirdLevel(event)
    const pressed = {
      key,
      shiftKey,
      shortcut: shortcutKey(event),
      altKey: event.altKey && !text,
      commandKey: (event.ctrlKey || event.metaKey) && !text,
    }
    const where = { header: cursor.row === -1, editable: canEdit(cursor) }
    const intent = intentFor(pressed, where)
    if (!where.header && !where.editable && !strayed && beginsEdit(pressed)) {
      const row = source.row(cursor.row)
      const column = columnAt(cursor.column)
      if (row !== undefined && column?.editable) props.editing?.refused?.(row, column.id)
    }
    if (!intent) return
    // What an input method has begun goes on in the editor.
    if (!composes(key)) event.preventDefault()
    if (strayed && cursor.row >= 0 && actsOnRow.has(intent.kind)) return
    act(intent)
  }

  /** Where the pointer last went down, and where it did before. */
  const press = useRef<Press | undefined>(undefined)
  const pressBefore = useRef<Press | undefined>(undefined)
  const onPointerDown = (event: PointerEvent) => {
    const place = placeOf(event.target)
    pressBefore.current = press.current
    press.current =
      place && place.row >= 0
        ? {
            ...place,
            id: idAt(place.row),
            from: { row: cursor.row, id: underCursor },
            draws: event.button === 0 && !event.shiftKey && place.column >= shift,
          }
        : undefined
  }
  /** The cell a click is meant for; nothing when its row is not in sight any more. */
  const clicked = (event: MouseEvent): Position | undefined => {
    const place = placeOf(event.target)
    // A click without a press comes from a program, such as a screen reader.
    if (!place || place.row < 0 || event.detail === 0 || !press.current) return place
    return press.current.row === place.row ? placeNow(press.current, idAt) : undefined
  }

  const onClick = (event: MouseEvent) => {
    const to = clicked(event)
    if (!to || to.row < 0 || editAt === to.row) return
    // The editor waits with what is wrong: until that is mended the cursor stays with it.
    if (edit.open && !edit.commit('elsewhere')) return
    const toggles = selecting && (to.column === 0 || event.ctrlKey || event.metaKey)
    const from = event.detail === 0 ? undefined : press.current?.from
    memory.pointings++
    setAnchor(undefined)
    goTo(to)
    tellCurrent(to.row)
    const row = source.row(to.row)
    if (row !== undefined && isSwitch(event.target)) props.onOpen?.(row)
    else if (selecting && event.shiftKey)
      select.extend(from ? whereIs(from.id, from.row, idAt) : cursor.row, to.row)
    else if (toggles) select.toggle(to.row)
  }

  const onDrag = (event: MouseEvent) => {
    const from = press.current?.draws ? placeNow(press.current, idAt) : undefined
    const to = placeOf(event.target)
    if (!props.cells || event.buttons !== 1 || !from || !to || edit.open) return
    if (to.row < 0 || to.column < shift || (to.row === from.row && to.column === from.column && !anchor))
      return
    setAnchor(from)
    memory.at = to
    memory.id = idAt(to.row)
    setAt(to)
  }

  const onDoubleClick = (event: MouseEvent) => {
    const to = clicked(event)
    if (!to || to.row < 0 || edit.open || isSwitch(event.target)) return
    const row = source.row(to.row)
    const column = columnAt(to.column)
    if (canEdit(to)) beginEdit(to)
    else if (row !== undefined && column) {
      if (column.editable && !strayed) props.editing?.refused?.(row, column.id)
      props.onOpen?.(row)
    }
  }

  useClipboard(scroller, {
    source,
    rowId,
    columns,
    selection: selecting?.selection,
    cells: () => {
      const cells = cellBlock()
      return cells && { first: cells.first, last: cells.last, ids: cells.columns }
    },
    block: block !== undefined,
    onPaste: (texts) => withCells((cells) => props.cells?.paste(cells, texts)),
    onCut: props.cells && (() => withCells((cells) => props.cells?.clear(cells))),
  })

  const cellAt = (place: Position) =>
    scroller.current?.querySelector<HTMLElement>(`[data-at="${place.row}:${place.column}"]`)

  useLayoutEffect(() => {
    if (!refocus.current || edit.open) return
    const why = refocus.current
    const active = document.activeElement
    if (why === 'unless-elsewhere' && active !== document.body && !scroller.current?.contains(active)) {
      refocus.current = undefined
      return
    }
    const cell = cellAt(cursor)
    if (!cell) return
    refocus.current = undefined
    cell.focus({ preventScroll: true })
    if (why === 'always') cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })

  /** Whether the focus was in the grid when it last went anywhere: a row that is taken away with it tells nobody. */
  const hadFocus = useRef(false)
  const holdsFocus = () =>
    (scroller.current?.contains(document.activeElement) ?? false) ||
    (hadFocus.current && document.activeElement === document.body)
  const letGo = () => {
    edit.close()
    if (holdsFocus()) refocus.current = 'unless-elsewhere'
    memory.id = undefined
    memory.at = { row: -1, column: cursor.column }
    setAnchor(undefined)
    setAt(memory.at)
  }

  // The cursor's row was found elsewhere in the list: its place, an open editor and the focus go along.
  useLayoutEffect(() => {
    if (placed !== at.row) {
      memory.at = { ...at, row: placed }
      setAnchor(undefined)
      setAt(memory.at)
      if (holdsFocus() && !edit.open) refocus.current = 'unless-elsewhere'
    } else if (owned && cursor.row !== at.row) {
      // The list has become shorter than the cursor stood.
      memory.at = cursor
      setAt(cursor)
      if (holdsFocus() && !edit.open) refocus.current = 'unless-elsewhere'
    } else if (strayed && memory.id !== undefined) {
      if (props.onStrayed) props.onStrayed(memory.id)
      else letGo()
    }
  }, [placed, at.row, cursor.row, strayed])
  useLayoutEffect(() => {
    // Whose row is nowhere near keeps what was typed in a draft; nobody else's cell shows it.
    if (editStrayed) edit.close()
    else if (edit.open && editAt !== undefined && editAt !== edit.open.index) edit.follow(editAt)
  })

  useImperativeHandle(props.ref, () => ({
    // A place of its own, also where the cursor stays: drawn anew, the cell gets the focus.
    focus: () => goTo({ ...cursor, row: cursor.row === -1 && total > 0 ? 0 : cursor.row }),
    goTo: (row) => goTo(within({ row, column: Math.max(cursor.column, shift) }, extent)),
    follow: (id, row) => {
      if (edit.open && editId === id) edit.follow(row)
      if (memory.id !== id || memory.at.row === row) return
      memory.at = { ...cursor, row }
      setAnchor(undefined)
      setAt(memory.at)
      if (holdsFocus() && !edit.open) refocus.current = 'unless-elsewhere'
    },
    staying,
    stay: still.expect,
    letGo: (id) => {
      if (memory.id === id) letGo()
    },
    commitEdit: (id) => (id !== undefined && id !== editId) || edit.commit('stay'),
    closeEdit: edit.close,
    toTop: () => {
      edit.close()
      memory.at = { row: Math.min(cursor.row, 0), column: cursor.column }
      setAt(memory.at)
      const here = holdsFocus()
      refocus.current = here ? 'always' : undefined
      // Another list: whoever comes first in it is told of when the cursor is there to be seen, and is nobody until then.
      memory.id = undefined
      still.another()
      awaited.current = here && memory.at.row >= 0 ? memory.at.row : undefined
      view.scrollToTop()
    },
  }))

  const width = columns.reduce((sum, column) => sum + column.width, shift * checkWidth)
  const template = `${selecting ? `${checkWidth}px ` : ''}${columns.map((column) => `${column.width}px`).join(' ')} 1fr`
  const style = {
    '--grid-columns': template,
    '--grid-width': `${width}px`,
    '--row': `${rowHeight}px`,
    '--grid-check': `${shift * checkWidth}px`,
    '--grid-pinned': `${shift * checkWidth + (columns[0]?.width ?? 0)}px`,
  } as CSSProperties
  const chosen = selecting ? selectedCount(selecting.selection, total) : undefined

  return (
    <div className="grid-frame">
      <div
        ref={scroller}
        role="grid"
        className="grid"
        style={style}
        aria-label={props.label}
        aria-rowcount={source.total() === undefined ? -1 : total + 1}
        aria-colcount={columns.length + shift}
        aria-multiselectable={selecting ? true : undefined}
        aria-readonly={props.editing ? undefined : true}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
        onPointerDown={onPointerDown}
        onPointerMove={still.pointAt}
        onWheel={still.pointAt}
        onPointerLeave={still.pointAway}
        onMouseDown={(event) => {
          press.current = again(pressBefore.current, press.current, event.detail)
        }}
        onMouseOver={(event) => {
          showWhole(event)
          onDrag(event)
        }}
        onBlur={(event) => {
          hadFocus.current = event.currentTarget.contains(event.relatedTarget)
        }}
        onFocus={(event) => {
          hadFocus.current = true
          const place = placeOf(event.target)
          if (!place) return
          if (place.row !== cursor.row || place.column !== cursor.column) {
            memory.at = place
            memory.id = idAt(place.row)
            setAt(place)
          }
          // Also when Tab came to where the cursor was left: it may have been left on nobody, or the list be another.
          const id = idAt(place.row)
          if (
            place.row >= 0 &&
            !strayed &&
            (id === undefined || id !== props.currentId || id !== memory.id)
          ) {
            tellCurrent(place.row)
          }
        }}
      >
        <div role="rowgroup" className="grid-top">
          <GridHeader
            columns={columns}
            sort={sort}
            cursor={cursor.row === -1 ? cursor.column : undefined}
            chosen={
              chosen === undefined ? undefined : chosen === 0 ? 'none' : chosen >= total ? 'all' : 'some'
            }
            onSort={sortBy}
            onMove={move}
            onToggleAll={select.toggleAll}
          />
        </div>
        {total > 0 && (
          <div role="rowgroup" className="grid-body" style={{ height: view.box }}>
            {drawn.map((index) => {
              const row = source.row(index)
              const open = editAt === index && !editStrayed ? edit.open : undefined
              const editColumn = open ? ids.indexOf(open.column) : -1
              return (
                <GridRow
                  key={index}
                  index={index}
                  row={row}
                  columns={columns}
                  top={index * rowHeight - view.shift}
                  marks={props.marks ?? noMarks}
                  selected={
                    selecting
                      ? row !== undefined &&
                        selecting.selectable?.(row) !== false &&
                        isSelected(selecting.selection, rowId(row))
                      : undefined
                  }
                  selectable={row === undefined || selecting?.selectable?.(row) !== false}
                  current={row !== undefined && rowId(row) === props.currentId}
                  look={row === undefined ? undefined : props.rowLook?.(row)}
                  cursor={cursor.row === index ? cursor.column : undefined}
                  from={block && index >= block.top && index <= block.bottom ? block.left : undefined}
                  to={block && index >= block.top && index <= block.bottom ? block.right : undefined}
                  editing={
                    open && {
                      column: editColumn + shift,
                      editor: (
                        <CellEditor
                          label={columns[editColumn]?.column.label ?? ''}
                          text={open.text}
                          problem={open.problem}
                          selectAll={open.selectAll}
                          suggest={
                            props.editing?.suggest &&
                            (() => props.editing?.suggest?.(open.row, open.column) ?? Promise.resolve([]))
                          }
                          onText={edit.type}
                          onCommit={edit.commit}
                          onCancel={edit.cancel}
                        />
                      ),
                    }
                  }
                />
              )
            })}
          </div>
        )}
      </div>
      {source.total() === undefined && (
        <div className={source.error() === undefined ? 'grid-waiting' : 'grid-empty'}>
          {source.error() !== undefined && props.failed}
        </div>
      )}
      {source.total() === 0 && <div className="grid-empty">{props.empty}</div>}
    </div>
  )
}

/** What is done to the row under the cursor. */
const actsOnRow: ReadonlySet<Intent['kind']> = new Set(['edit', 'clear-cells', 'fill-down', 'select', 'open'])

/** The cell an event came from. */
function placeOf(target: EventTarget): Position | undefined {
  if (!(target instanceof Element)) return undefined
  const [row, column] = target.closest('[data-at]')?.getAttribute('data-at')?.split(':').map(Number) ?? []
  return row === undefined || column === undefined ? undefined : { row, column }
}

/** Whether this is what a cell draws for the pointer to open its row with, as Enter does. */
const isSwitch = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('[data-opens]') !== null

/** A text that does not fit its cell is shown whole while the pointer rests on it. */
function showWhole(event: MouseEvent) {
  if (!(event.target instanceof Element)) return
  const cell = event.target.closest<HTMLElement>('.grid-cell')
  if (!cell || (cell.title !== '' && cell.dataset.whole === undefined)) return
  if (cell.scrollWidth > cell.clientWidth) {
    cell.title = cell.innerText
    cell.dataset.whole = ''
  } else if (cell.dataset.whole !== undefined) {
    cell.removeAttribute('title')
    delete cell.dataset.whole
  }
}
