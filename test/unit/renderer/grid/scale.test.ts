import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boxHeight, type Scroll, scrolled, scrolledTo, tallest } from '../../../../renderer/grid/scale'

const view = 700
const short = { list: 100_000 * 28, view }
const tall = { list: 1_000_000 * 28, view }
const boxEnd = tallest - view
const listEnd = tall.list - view

describe('a list that fits', () => {
  test('is scrolled as the browser says', () => {
    expect(boxHeight(short)).toBe(short.list)
    expect(scrolled({ box: 0, list: 0 }, 12_345, short)).toEqual({ box: 12_345, list: 12_345 })
    expect(scrolledTo(99_999_999, short)).toEqual({ box: short.list - view, list: short.list - view })
  })
})

describe('a list taller than any box', () => {
  test('has both its ends at the ends of the box', () => {
    const middle: Scroll = scrolledTo(listEnd / 2, tall)
    expect(scrolled(middle, 0, tall).list).toBe(0)
    expect(scrolled(middle, boxEnd, tall).list).toBe(listEnd)
    expect(scrolledTo(listEnd, tall)).toEqual({ box: boxEnd, list: listEnd })
  })

  test('moves pixel by pixel with the wheel', () => {
    const before = scrolledTo(10_000_000, tall)
    expect(scrolled(before, before.box + 100, tall).list - before.list).toBe(100)
    expect(scrolled(before, before.box - 100, tall).list - before.list).toBe(-100)
  })

  test('jumps in proportion when the scroll bar is dragged', () => {
    expect(scrolled({ box: 0, list: 0 }, boxEnd / 2, tall).list).toBeCloseTo(listEnd / 2, 0)
  })

  test('hears its own writing as nothing new', () => {
    const at = scrolledTo(20_000_001, tall)
    expect(scrolled(at, at.box, tall)).toBe(at)
  })

  test('never leaves the list, whatever the browser says', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: boxEnd + 50 }), { maxLength: 60 }), (boxes) => {
        let at: Scroll = { box: 0, list: 0 }
        for (const box of boxes) {
          at = scrolled(at, box, tall)
          expect(at.list).toBeGreaterThanOrEqual(0)
          expect(at.list).toBeLessThanOrEqual(listEnd)
        }
      }),
    )
  })
})
