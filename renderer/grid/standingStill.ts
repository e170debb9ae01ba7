import type { MouseEvent, RefObject } from 'react'
import type { Place } from './rowSource'
import { stayingRows } from './staying'
import { whereIs } from './whereIs'

type IdAt = (index: number) => string | undefined

/** What is seen of a list: the place at its top and the height, in px. */
interface Seen {
  readonly top: number
  readonly height: number
}

/** Keeps the row that a person is at where it is seen, whoever comes in above it: nothing slides away under a hand. */
export function createStandingStill(grid: RefObject<HTMLElement | null>, headerHeight: number) {
  let pointer: { readonly x: number; readonly y: number } | undefined
  let ids: ReadonlyMap<number, string> = new Map()
  let expected: Place | undefined
  let another = false

  /** How far below the header the pointer is, in px; nothing where there are no rows. */
  const pointed = (): number | undefined => {
    if (!grid.current || !pointer) return undefined
    const box = grid.current.getBoundingClientRect()
    const [x, y] = [pointer.x - box.left, pointer.y - box.top]
    const over = x < grid.current.clientWidth && y >= headerHeight && y < grid.current.clientHeight
    return over ? y - headerHeight : undefined
  }

  return {
    pointAt({ clientX, clientY }: MouseEvent): void {
      pointer = { x: clientX, y: clientY }
    },
    /** The pointer has left, or a key was pressed: it is not what a person works with any more. */
    pointAway(): void {
      pointer = undefined
    },
    /** These rows were drawn. */
    drawn(rows: readonly number[], idAt: IdAt): void {
      ids = new Map(
        rows.flatMap((row) => {
          const id = idAt(row)
          return id === undefined ? [] : [[row, id]]
        }),
      )
    },
    /** The rows that are to stay, the most important first: of the open editor, under the pointer, of the cursor. */
    rows({ top, height }: Seen, rowHeight: number, editor: string | undefined, cursor: string | undefined) {
      const y = pointed()
      const under = y === undefined ? undefined : ids.get(Math.floor((y + top) / rowHeight))
      return stayingRows(ids, { top: top / rowHeight, rows: height / rowHeight }, [editor, under, cursor])
    },
    /** This row will stand at this index, which may be far away. */
    expect(id: string, row: number): void {
      expected = { id, row }
    },
    /** What comes next is another list: nobody stays. */
    another(): void {
      another = true
    },
    /** Other rows are here: by how many rows the first of `staying` that is among them has moved. */
    moved(staying: readonly Place[], idAt: IdAt): number {
      const [to, none] = [expected, another]
      expected = undefined
      another = false
      for (const { id, row } of none ? [] : staying) {
        const now = whereIs(id, to?.id === id ? to.row : row, idAt)
        if (idAt(now) === id) return now - row
      }
      return 0
    },
  }
}
