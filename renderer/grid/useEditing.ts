import { useCallback, useRef, useState } from 'react'
import type { Leave } from './CellEditor'

/** How the grid's owner lets cells be edited in place. */
export interface GridEditing<Row> {
  /** The text an editor starts with. */
  readonly text: (row: Row, column: string) => string
  /** An editor was opened: the value shown now is what the edit will be based on. */
  readonly begin?: (row: Row, column: string) => void
  /** A person began to type in a cell that cannot be edited: they are told why. */
  readonly refused?: (row: Row, column: string) => void
  /** Texts to choose from while typing. */
  readonly suggest?: (row: Row, column: string) => Promise<readonly string[]>
  /** Takes the text, or says why it cannot. */
  readonly commit: (row: Row, column: string, text: string) => string | undefined
  /** Keeps a text that cannot be taken, with the reason: its editor is being closed. */
  readonly keep?: (row: Row, column: string, text: string) => void
}

export interface OpenEdit<Row> {
  readonly index: number
  readonly row: Row
  readonly column: string
  readonly text: string
  readonly problem: string | undefined
  readonly selectAll: boolean
}

export interface Editing<Row> {
  readonly open: OpenEdit<Row> | undefined
  readonly begin: (index: number, row: Row, column: string, text: string | undefined) => void
  readonly type: (text: string) => void
  /** False when the text could not be taken; the editor then stays open with the reason. */
  readonly commit: (leave: Leave) => boolean
  readonly cancel: () => void
  /** Closes the editor, whatever it holds: a text that cannot be taken is kept with its row. */
  readonly close: () => void
  /** The row now stands elsewhere in the list. */
  readonly follow: (index: number) => void
}

/** One editor at a time. `onLeave` runs when it closes, with where the cursor is to go. */
export function useEditing<Row>(
  rules: GridEditing<Row> | undefined,
  onLeave: (leave: Leave) => void,
): Editing<Row> {
  const [open, setOpen] = useState<OpenEdit<Row>>()
  // Read by handlers that run before the next drawing, such as the blur that follows Enter.
  const latest = useRef(open)
  const set = useCallback((next: OpenEdit<Row> | undefined) => {
    latest.current = next
    setOpen(next)
  }, [])

  return {
    open,
    begin: (index, row, column, text) => {
      if (!rules) return
      rules.begin?.(row, column)
      const selectAll = text === undefined
      set({ index, row, column, text: text ?? rules.text(row, column), problem: undefined, selectAll })
    },
    type: (text) => {
      if (latest.current) set({ ...latest.current, text, problem: undefined, selectAll: false })
    },
    commit: (leave) => {
      const edit = latest.current
      if (!edit || !rules) return true
      const problem = rules.commit(edit.row, edit.column, edit.text)
      if (problem !== undefined) {
        set({ ...edit, problem })
        return false
      }
      set(undefined)
      onLeave(leave)
      return true
    },
    cancel: () => {
      set(undefined)
      onLeave('stay')
    },
    close: () => {
      const edit = latest.current
      if (!edit || !rules) return
      if (rules.commit(edit.row, edit.column, edit.text) !== undefined) {
        rules.keep?.(edit.row, edit.column, edit.text)
      }
      set(undefined)
    },
    follow: (index) => {
      if (latest.current) set({ ...latest.current, index })
    },
  }
}
