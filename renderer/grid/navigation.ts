/** A place in a grid. Row -1 is the header row; rows and columns count from 0. */
export interface Position {
  readonly row: number
  readonly column: number
}

/** How large the grid is, and how many rows one page of it shows. */
export interface Extent {
  readonly rows: number
  readonly columns: number
  readonly page: number
}

export type Move =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'row-start'
  | 'row-end'
  | 'first'
  | 'last'
  | 'page-up'
  | 'page-down'

const clamp = (value: number, low: number, high: number) =>
  Math.min(Math.max(value, low), Math.max(low, high))

/** The nearest place that exists in a grid of this extent: the header when there are no rows. */
export function within(at: Position, extent: Extent): Position {
  const row = extent.rows === 0 ? -1 : clamp(at.row, -1, extent.rows - 1)
  const column = clamp(at.column, 0, extent.columns - 1)
  return row === at.row && column === at.column ? at : { row, column }
}

/** Where a move leads. It never wraps, and never leaves the grid. */
export function moved(at: Position, move: Move, extent: Extent): Position {
  const page = Math.max(1, extent.page)
  switch (move) {
    case 'up':
      return within({ ...at, row: at.row - 1 }, extent)
    case 'down':
      return within({ ...at, row: at.row + 1 }, extent)
    case 'left':
      return within({ ...at, column: at.column - 1 }, extent)
    case 'right':
      return within({ ...at, column: at.column + 1 }, extent)
    case 'row-start':
      return within({ ...at, column: 0 }, extent)
    case 'row-end':
      return within({ ...at, column: extent.columns - 1 }, extent)
    case 'first':
      return within({ row: 0, column: 0 }, extent)
    case 'last':
      return within({ row: extent.rows - 1, column: extent.columns - 1 }, extent)
    case 'page-up':
      return within({ ...at, row: Math.max(at.row === -1 ? -1 : 0, at.row - page) }, extent)
    case 'page-down':
      return within({ ...at, row: at.row + page }, extent)
  }
}

/** What a key asks of a grid that is not being edited. */
export type Intent =
  | { readonly kind: 'move'; readonly move: Move; readonly extend: boolean }
  | { readonly kind: 'edit'; readonly text?: string }
  | { readonly kind: 'select'; readonly extend: boolean }
  | { readonly kind: 'select-all' }
  | { readonly kind: 'clear-selection' }
  | { readonly kind: 'clear-cells' }
  | { readonly kind: 'fill-down' }
  | { readonly kind: 'open' }
  | { readonly kind: 'sort'; readonly add: boolean }
  | { readonly kind: 'resize'; readonly by: number }
  | { readonly kind: 'reorder'; readonly by: -1 | 1 }

export interface Key {
  readonly key: string
  readonly shiftKey: boolean
  /** What the key means in a shortcut, whatever the layout: see `shortcutKey`. */
  readonly shortcut: string
  /** Ctrl, or Cmd on a Mac. */
  readonly commandKey: boolean
  readonly altKey: boolean
}

const moves: Readonly<Record<string, Move>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  PageUp: 'page-up',
  PageDown: 'page-down',
}

/** These belong to the page (search and the list of shortcuts), so they do not start an edit. */
const pageKeys = new Set(['/', '?'])

/**
 * Turns a key into an intent, or nothing when the grid has no use for it and it should reach the page.
 * @param where whether the cell can be edited, and whether it is a header.
 */
export function intentFor(
  key: Key,
  where: { readonly header: boolean; readonly editable: boolean },
): Intent | undefined {
  if (where.header && key.altKey && (key.key === 'ArrowLeft' || key.key === 'ArrowRight')) {
    const sign = key.key === 'ArrowLeft' ? -1 : 1
    return key.shiftKey ? { kind: 'reorder', by: sign } : { kind: 'resize', by: sign * 16 }
  }
  if (key.altKey) return undefined
  if (key.key === 'Home') {
    return { kind: 'move', move: key.commandKey ? 'first' : 'row-start', extend: key.shiftKey }
  }
  if (key.key === 'End') {
    return { kind: 'move', move: key.commandKey ? 'last' : 'row-end', extend: key.shiftKey }
  }
  const move = moves[key.key]
  if (move) return { kind: 'move', move, extend: key.shiftKey }
  if (where.header) {
    return key.key === 'Enter' || key.key === ' ' ? { kind: 'sort', add: key.shiftKey } : undefined
  }
  if (key.key === ' ') return { kind: 'select', extend: key.shiftKey }
  if (key.commandKey) {
    if (key.shiftKey) return undefined
    if (key.shortcut === 'a') return { kind: 'select-all' }
    return key.shortcut === 'd' ? { kind: 'fill-down' } : undefined
  }
  if (key.key === 'Delete' || key.key === 'Backspace') return { kind: 'clear-cells' }
  if (key.key === 'Escape') return { kind: 'clear-selection' }
  if (key.key === 'Enter' || key.key === 'F2') return where.editable ? { kind: 'edit' } : { kind: 'open' }
  // An input method or a dead key begins a character: its text replaces what stands there, as typing does.
  if (where.editable && composes(key.key)) return { kind: 'edit' }
  if (where.editable && [...key.key].length === 1 && !pageKeys.has(key.key)) {
    return { kind: 'edit', text: key.key }
  }
  return undefined
}

/** Whether a key opens the editor of a cell that can be edited. */
export const beginsEdit = (key: Key): boolean =>
  intentFor(key, { header: false, editable: true })?.kind === 'edit'

/** Whether a key is the beginning of a character that is still to come. */
export const composes = (key: string): boolean => key === 'Process' || key === 'Dead'

/** A block of cells, both ends included. */
export interface Block {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

/** The block with these two cells at its corners. */
export const blockOf = (one: Position, other: Position): Block => ({
  top: Math.min(one.row, other.row),
  bottom: Math.max(one.row, other.row),
  left: Math.min(one.column, other.column),
  right: Math.max(one.column, other.column),
})
