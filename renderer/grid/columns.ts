import type { ReactNode } from 'react'

export type CellLook = 'changed' | 'waiting' | 'invalid' | 'quiet'

export interface GridColumn<Row> {
  readonly id: string
  readonly label: string
  readonly width: number
  /** Share of the room that is left beside all columns, for texts that are often longer than the width. */
  readonly grows?: number
  /** Not shown until a person chooses it. */
  readonly hidden?: boolean
  /** Stays in sight at the right edge, however far the others reach. */
  readonly staysInSight?: boolean
  /** Makes way where not all columns have room, the highest first, unless a person has chosen it. */
  readonly spare?: number
  readonly sortable?: boolean
  /** Figures of equal width, for numbers and times. */
  readonly tabular?: boolean
  /** What the cell says; also what is copied and where searched words are marked. */
  readonly text: (row: Row) => string
  /** Whether the value is not known: drawn as a faint dot, as no value could look. */
  readonly unread?: (row: Row) => boolean
  /** What is copied, where that is not the text. */
  readonly copied?: (row: Row) => string | undefined
  /** Drawn instead of the text; has to say the same. */
  readonly render?: (row: Row) => ReactNode
  /** Said after the text by a screen reader, e.g. old → new. */
  readonly description?: (row: Row) => string | undefined
  /** Shown when the pointer rests on the cell. */
  readonly hint?: (row: Row) => string | undefined
  readonly look?: (row: Row) => CellLook | undefined
  readonly editable?: (row: Row) => boolean
}

export interface SortKey {
  readonly path: string
  readonly direction: 'ascending' | 'descending'
}

/** How a person has arranged the columns. What it does not name is as the column says. */
export interface ColumnLayout {
  readonly order: readonly string[]
  /** Shown or not, by column id. */
  readonly shown: Readonly<Record<string, boolean>>
  readonly widths: Readonly<Record<string, number>>
}

export const plainLayout: ColumnLayout = { order: [], shown: {}, widths: {} }

export const narrowest = 48
export const widest = 800

/** The class of a cell that stays where the others scroll away. */
export const edgeOf = (at: number, { staysInSight }: Pick<GridColumn<never>, 'staysInSight'>): string =>
  at === 0 ? ' grid-pinned' : staysInSight ? ' grid-in-sight' : ''

/** The ids of the columns that are seen whole in `room` px before anything is scrolled; all while that is not known. */
export function inSight(
  room: number,
  columns: readonly {
    readonly column: Pick<GridColumn<never>, 'id' | 'staysInSight'>
    readonly width: number
  }[],
): string[] {
  const staying = columns.filter(({ column }) => column.staysInSight)
  let left = room - staying.reduce((sum, { width }) => sum + width, 0)
  return columns.flatMap(({ column, width }) => {
    if (column.staysInSight) return []
    left -= width
    return room <= 0 || left >= 0 ? [column.id] : []
  })
}

/** Whether the column is there: as a person chose, else as the column says. */
export const isShown = (column: Pick<GridColumn<never>, 'id' | 'hidden'>, layout: ColumnLayout): boolean =>
  layout.shown[column.id] ?? !column.hidden

/** The ids of the columns that are drawn when `room` px are there for all of them; 0: not known yet. */
export function drawnIn(
  room: number,
  columns: readonly Pick<GridColumn<never>, 'id' | 'hidden' | 'width' | 'spare'>[],
  layout: ColumnLayout,
): ReadonlySet<string> {
  const shown = columns.filter((column) => isShown(column, layout))
  const drawn = new Set(shown.map(({ id }) => id))
  let wanted = shown.reduce((sum, { id, width }) => sum + (layout.widths[id] ?? width), 0)
  const giving = shown
    .filter(({ id, spare }) => spare !== undefined && layout.shown[id] === undefined)
    .sort((a, b) => (b.spare ?? 0) - (a.spare ?? 0))
  for (const { id, width } of giving) {
    if (room <= 0 || wanted <= room) break
    drawn.delete(id)
    wanted -= layout.widths[id] ?? width
  }
  return drawn
}

/**
 * Widths in px when `room` px are there for all columns: what the columns leave goes to those that grow, but to none that a
 * person has given a width.
 */
export function widthsIn(
  room: number,
  columns: readonly Pick<GridColumn<never>, 'id' | 'hidden' | 'width' | 'grows' | 'spare'>[],
  layout: ColumnLayout,
): Record<string, number> {
  const drawn = drawnIn(room, columns, layout)
  const shown = columns.filter(({ id }) => drawn.has(id))
  const widthOf = (column: { id: string; width: number }) => layout.widths[column.id] ?? column.width
  const sharers = shown.filter(({ id, grows }) => grows !== undefined && layout.widths[id] === undefined)
  const shares = sharers.reduce((sum, { grows = 0 }) => sum + grows, 0)
  const spare = room - shown.reduce((sum, column) => sum + widthOf(column), 0)
  const widths: Record<string, number> = { ...layout.widths }
  if (spare <= 0) return widths
  for (const { id, width, grows = 0 } of sharers) {
    widths[id] = Math.min(widest, width + Math.floor((spare * grows) / shares))
  }
  return widths
}

/**
 * The order by a column after its header was used: ascending, descending, then the list's own order.
 * @param add keeps the other keys (Shift), up to four in all.
 */
export function nextSort(sort: readonly SortKey[], path: string, add: boolean): SortKey[] {
  const now = sort.find((key) => key.path === path)?.direction
  const next: SortKey[] =
    now === undefined
      ? [{ path, direction: 'ascending' }]
      : now === 'ascending'
        ? [{ path, direction: 'descending' }]
        : []
  if (!add) return next
  if (now === undefined) return [...sort.slice(0, 3), ...next]
  return sort.flatMap((key) => (key.path === path ? next : [key]))
}

/** Every column id in the person's order; columns the layout has never seen come where they stand by themselves. */
export function orderedIds(ids: readonly string[], layout: ColumnLayout): string[] {
  const known = layout.order.filter((id) => ids.includes(id))
  const out = [...known]
  for (const [at, id] of ids.entries()) {
    if (known.includes(id)) continue
    const before = ids.slice(0, at).findLast((other) => out.includes(other))
    out.splice(before === undefined ? 0 : out.indexOf(before) + 1, 0, id)
  }
  return out
}

/** The order with one column moved to where another one stands. */
export function movedColumn(order: readonly string[], id: string, to: string): string[] {
  const target = order.indexOf(to)
  if (target === -1 || id === to) return [...order]
  const rest = order.filter((other) => other !== id)
  rest.splice(target, 0, id)
  return rest
}

/** Makes sense of a layout that was stored, perhaps by an older version. */
export function readLayout(stored: unknown): ColumnLayout {
  if (typeof stored !== 'object' || stored === null) return plainLayout
  const { order, shown, widths } = stored as Record<string, unknown>
  return {
    order: Array.isArray(order) ? order.filter((id) => typeof id === 'string') : [],
    shown: picked(shown, (value) => typeof value === 'boolean'),
    widths: picked(widths, (value) => typeof value === 'number' && value >= narrowest && value <= widest),
  }
}

function picked<T>(from: unknown, fits: (value: unknown) => boolean): Record<string, T> {
  if (typeof from !== 'object' || from === null) return {}
  return Object.fromEntries(Object.entries(from).filter(([, value]) => fits(value))) as Record<string, T>
}
