import type { Position } from './navigation'
import { whereIs } from './whereIs'

/**
 * A button of the pointer went down on a cell. What the press does is done when it comes up again, or at the second click,
 * and is meant for the row that was pressed: the list may have changed meanwhile, and another row stand in its place.
 */
export interface Press extends Position {
  /** Whose row it was; nothing while that was being fetched. */
  readonly id: string | undefined
  /** Where the cursor was, and on whose row, before the press took it along: an extension goes on from there. */
  readonly from: { readonly row: number; readonly id: string | undefined }
  /** Whether a block of cells is drawn with it. */
  readonly draws: boolean
}

/** Where the pressed cell is now; nothing when its row is not in sight, or when nobody could see whose it was. */
export function placeNow(press: Press, idAt: (index: number) => string | undefined): Position | undefined {
  const row = whereIs(press.id, press.row, idAt)
  return idAt(row) === press.id ? { row, column: press.column } : undefined
}

/** The second press of a double click is for whom the first was. */
export const again = (first: Press | undefined, second: Press | undefined, clicks: number) =>
  clicks > 1 && first?.row === second?.row && first?.column === second?.column ? first : second
