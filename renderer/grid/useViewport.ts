import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { boxHeight, type Heights, type Scroll, scrolled, scrolledTo, tallest } from './scale'

/** Rows drawn beyond each edge of what can be seen, so that a fast scroll finds them there. */
const overscan = 6
/** After a pause this long the scroll bar of a very tall list is put where it belongs. */
const idleMs = 150

export interface Viewport {
  /** The rows to draw, both ends included; `last` is -1 for an empty list. */
  readonly first: number
  readonly last: number
  /** Whole rows that can be seen at once. */
  readonly page: number
  /** Height of the box that holds the rows, and what to take from a row's own place to find its place in it. */
  readonly box: number
  readonly shift: number
  /** Scrolls as little as needed to show the row. */
  readonly reveal: (row: number) => void
  readonly scrollToTop: () => void
  /** The place in the list that stands at the top now, in px, and how many px of it are seen. */
  readonly seen: () => { readonly top: number; readonly height: number }
}

interface Drawn {
  readonly first: number
  readonly last: number
  readonly page: number
  readonly shift: number
}

/**
 * Which of `rows` equal rows to draw. Equal rows make this plain arithmetic; a virtualiser that measures would
 * keep a number per row and could not draw a list taller than the browser allows.
 * @param headerHeight px at the top of the scroller that rows scroll under.
 * @param start where to begin, in px of the list: a page that comes back finds its place again.
 * @param version grows when other rows are there; `staying.movedBy` then says by how many rows what is to stay in sight has
 * moved, and `staying.any` at any time whether there is such a row.
 */
export function useViewport(
  scroller: RefObject<HTMLElement | null>,
  rows: number,
  rowHeight: number,
  headerHeight: number,
  start: number,
  onScroll: (list: number) => void,
  version: number,
  staying: RefObject<{ readonly movedBy: () => number; readonly any: () => boolean }>,
): Viewport {
  const at = useRef<Scroll>({ box: start, list: start })
  const idle = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  /** Where in the window the scroller began when it was last looked at, in px. */
  const topSeen = useRef<number | undefined>(undefined)
  const [drawn, setDrawn] = useState<Drawn>({ first: 0, last: -1, page: 1, shift: 0 })
  const listHeight = rows * rowHeight

  const heights = useCallback((): Heights => {
    const element = scroller.current
    return { list: listHeight, view: Math.max(0, (element?.clientHeight ?? 0) - headerHeight) }
  }, [scroller, listHeight, headerHeight])

  const measure = useCallback((): Drawn => {
    const { view } = heights()
    const top = Math.floor(at.current.list / rowHeight)
    const seen = Math.ceil(view / rowHeight)
    return {
      first: Math.max(0, top - overscan),
      last: Math.min(rows - 1, top + seen + overscan),
      page: Math.max(1, Math.floor(view / rowHeight) - 1),
      shift: at.current.list - at.current.box,
    }
  }, [heights, rowHeight, rows])

  const draw = useCallback(
    (now: boolean) => {
      const next = measure()
      const set = () =>
        setDrawn((old) =>
          old.first === next.first &&
          old.last === next.last &&
          old.page === next.page &&
          old.shift === next.shift
            ? old
            : next,
        )
      if (now) flushSync(set)
      else set()
    },
    [measure],
  )

  const moveTo = useCallback(
    (list: number) => {
      at.current = scrolledTo(list, heights())
      if (scroller.current) scroller.current.scrollTop = at.current.box
      onScroll(at.current.list)
    },
    [heights, scroller, onScroll],
  )

  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const settle = () => {
      if (listHeight > tallest) {
        moveTo(at.current.list)
        draw(false)
      }
    }
    const scroll = () => {
      element.toggleAttribute('data-across', element.scrollLeft > 0)
      at.current = scrolled(at.current, element.scrollTop, heights())
      onScroll(at.current.list)
      draw(true)
      clearTimeout(idle.current)
      idle.current = setTimeout(settle, idleMs)
    }
    element.addEventListener('scroll', scroll, { passive: true })
    const resized = new ResizeObserver(() => {
      // What came or went above the list moved it: what somebody is at stays where it is seen.
      const { top } = element.getBoundingClientRect()
      const by = top - (topSeen.current ?? top)
      topSeen.current = top
      if (by !== 0 && staying.current.any()) moveTo(at.current.list + by)
      draw(false)
    })
    resized.observe(element)
    return () => {
      element.removeEventListener('scroll', scroll)
      resized.disconnect()
      clearTimeout(idle.current)
    }
  }, [scroller, heights, draw, moveTo, onScroll, listHeight, staying])

  /** The height of the list when it was last put where it belongs. */
  const placedFor = useRef(-1)
  // Other rows: the browser may have moved the box of a list that grew or shrank; the list stays where it was if it can.
  useLayoutEffect(() => {
    const other = listHeight !== placedFor.current
    placedFor.current = listHeight
    if (rows === 0) return
    const list = at.current.list + staying.current.movedBy() * rowHeight
    if (!other && list === at.current.list) return
    moveTo(list)
    draw(false)
  }, [rows, listHeight, rowHeight, version, moveTo, draw, staying])

  const reveal = useCallback(
    (row: number) => {
      if (row < 0) return
      const { view } = heights()
      const top = row * rowHeight
      if (top < at.current.list) moveTo(top)
      else if (top + rowHeight > at.current.list + view) moveTo(top + rowHeight - view)
      else return
      draw(false)
    },
    [heights, rowHeight, moveTo, draw],
  )

  const scrollToTop = useCallback(() => {
    moveTo(0)
    draw(false)
  }, [moveTo, draw])

  const seen = useCallback(() => ({ top: at.current.list, height: heights().view }), [heights])

  return useMemo(
    () => ({ ...drawn, box: boxHeight({ list: listHeight, view: 0 }), reveal, scrollToTop, seen }),
    [drawn, listHeight, reveal, scrollToTop, seen],
  )
}
