import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intentFor, type Key, type Move, moved, within } from '../../../../renderer/grid/navigation'

const extent = { rows: 100, columns: 8, page: 20 }
const key = (name: string, more: Partial<Key> = {}): Key => ({
  key: name,
  shortcut: name.toLowerCase(),
  shiftKey: false,
  commandKey: false,
  altKey: false,
  ...more,
})
const cell = { header: false, editable: true }

describe('moved', () => {
  test.each<[Move, number, number]>([
    ['up', 4, 3],
    ['down', 6, 3],
    ['left', 5, 2],
    ['right', 5, 4],
    ['row-start', 5, 0],
    ['row-end', 5, 7],
    ['first', 0, 0],
    ['last', 99, 7],
    ['page-up', 0, 3],
    ['page-down', 25, 3],
  ])('%s from the middle', (move, row, column) => {
    expect(moved({ row: 5, column: 3 }, move, extent)).toEqual({ row, column })
  })

  test('up from the first row reaches the header, and stays there', () => {
    const header = moved({ row: 0, column: 2 }, 'up', extent)
    expect(header).toEqual({ row: -1, column: 2 })
    expect(moved(header, 'up', extent)).toEqual(header)
    expect(moved(header, 'down', extent)).toEqual({ row: 0, column: 2 })
  })

  test('a page up from far down stops at the first row, not in the header', () => {
    expect(moved({ row: 3, column: 0 }, 'page-up', extent)).toEqual({ row: 0, column: 0 })
  })

  test('an empty grid has only its header', () => {
    const empty = { rows: 0, columns: 3, page: 10 }
    for (const move of ['down', 'last', 'page-down', 'first'] as const) {
      expect(moved({ row: -1, column: 1 }, move, empty).row).toBe(-1)
    }
  })

  test('never leaves the grid', () => {
    const moves: Move[] = [
      'up',
      'down',
      'left',
      'right',
      'row-start',
      'row-end',
      'first',
      'last',
      'page-up',
      'page-down',
    ]
    fc.assert(
      fc.property(
        fc.record({ rows: fc.nat(50), columns: fc.integer({ min: 1, max: 9 }), page: fc.nat(30) }),
        fc.array(fc.constantFrom(...moves), { maxLength: 40 }),
        (grid, steps) => {
          let at = within({ row: 0, column: 0 }, grid)
          for (const step of steps) {
            at = moved(at, step, grid)
            expect(at.row).toBeGreaterThanOrEqual(-1)
            expect(at.row).toBeLessThan(Math.max(grid.rows, 0))
            expect(at.column).toBeGreaterThanOrEqual(0)
            expect(at.column).toBeLessThan(grid.columns)
          }
        },
      ),
    )
  })
})

describe('intentFor', () => {
  test('a letter starts an edit with itself, also one outside the first plane of Unicode', () => {
    expect(intentFor(key('z'), cell)).toEqual({ kind: 'edit', text: 'z' })
    expect(intentFor(key('𠮷'), cell)).toEqual({ kind: 'edit', text: '𠮷' })
  })

  test('a letter does nothing on a cell that cannot be edited, nor do / and ? anywhere', () => {
    expect(intentFor(key('z'), { header: false, editable: false })).toBeUndefined()
    expect(intentFor(key('/'), cell)).toBeUndefined()
    expect(intentFor(key('?', { shiftKey: true }), cell)).toBeUndefined()
  })

  test('command keys are left to the page, but for selecting all', () => {
    expect(intentFor(key('s', { commandKey: true }), cell)).toBeUndefined()
    expect(intentFor(key('c', { commandKey: true }), cell)).toBeUndefined()
    expect(intentFor(key('A', { commandKey: true }), cell)).toEqual({ kind: 'select-all' })
    expect(intentFor(key('ф', { shortcut: 'a', commandKey: true }), cell)).toEqual({ kind: 'select-all' })
  })

  test('Enter and F2 edit, or open what cannot be edited', () => {
    expect(intentFor(key('Enter'), cell)).toEqual({ kind: 'edit' })
    expect(intentFor(key('F2'), { header: false, editable: false })).toEqual({ kind: 'open' })
  })

  test('a header sorts, and is resized and moved with Alt', () => {
    const header = { header: true, editable: false }
    expect(intentFor(key('Enter'), header)).toEqual({ kind: 'sort', add: false })
    expect(intentFor(key(' ', { shiftKey: true }), header)).toEqual({ kind: 'sort', add: true })
    expect(intentFor(key('ArrowLeft', { altKey: true }), header)).toEqual({ kind: 'resize', by: -16 })
    expect(intentFor(key('ArrowRight', { altKey: true, shiftKey: true }), header)).toEqual({
      kind: 'reorder',
      by: 1,
    })
    expect(intentFor(key('x'), header)).toBeUndefined()
  })

  test('Shift extends, Ctrl goes to the ends', () => {
    expect(intentFor(key('ArrowDown', { shiftKey: true }), cell)).toEqual({
      kind: 'move',
      move: 'down',
      extend: true,
    })
    expect(intentFor(key('End', { commandKey: true }), cell)).toEqual({
      kind: 'move',
      move: 'last',
      extend: false,
    })
  })

  test('an input method or a dead key opens the editor for what it is about to write', () => {
    for (const name of ['Process', 'Dead']) {
      expect(intentFor(key(name), cell)).toEqual({ kind: 'edit' })
      expect(intentFor(key(name), { ...cell, editable: false })).toBeUndefined()
    }
  })

  test('Tab and other keys are left alone', () => {
    for (const name of ['Tab', 'F5', 'Shift']) {
      expect(intentFor(key(name), cell)).toBeUndefined()
    }
  })
})
