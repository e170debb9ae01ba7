/**
 * Browsers stop at some height of an element (Chromium at about 33 million px) and place things imprecisely
 * long before. A list taller than `tallest` is therefore drawn in a box of that height: small scrolls move the
 * list by as much as the box, large ones (the scroll bar dragged) by as much more as the list is taller.
 */
export const tallest = 12_000_000

export interface Scroll {
  /** Where the box is scrolled to, as the browser says. */
  readonly box: number
  /** The place in the list that stands at the top. */
  readonly list: number
}

export interface Heights {
  readonly list: number
  readonly view: number
}

export const boxHeight = (heights: Heights) => Math.min(heights.list, tallest)

const listEnd = (heights: Heights) => Math.max(0, heights.list - heights.view)
const boxEnd = (heights: Heights) => Math.max(0, boxHeight(heights) - heights.view)
const scaled = (heights: Heights) => heights.list > tallest
const clamp = (value: number, high: number) => Math.min(Math.max(value, 0), high)

/** The browser scrolled the box to `box`. */
export function scrolled(before: Scroll, box: number, heights: Heights): Scroll {
  if (!scaled(heights)) return { box, list: box }
  const by = box - before.box
  if (by === 0) return before
  if (box <= 0) return { box, list: 0 }
  if (box >= boxEnd(heights)) return { box, list: listEnd(heights) }
  if (Math.abs(by) > heights.view * 4) return { box, list: (box / boxEnd(heights)) * listEnd(heights) }
  return { box, list: clamp(before.list + by, listEnd(heights)) }
}

/** Where box and list have to be for the list to stand at `list`. */
export function scrolledTo(list: number, heights: Heights): Scroll {
  const to = clamp(list, listEnd(heights))
  if (!scaled(heights)) return { box: to, list: to }
  return { box: Math.round((to / listEnd(heights)) * boxEnd(heights)), list: to }
}
