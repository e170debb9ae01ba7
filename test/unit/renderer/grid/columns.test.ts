import { describe, expect, test } from 'vitest'
import {
  movedColumn,
  nextSort,
  orderedIds,
  plainLayout,
  readLayout,
  type SortKey,
  widthsIn,
} from '../../../../renderer/grid/columns'

const up = (path: string): SortKey => ({ path, direction: 'ascending' })
const down = (path: string): SortKey => ({ path, direction: 'descending' })

describe('nextSort', () => {
  test('a header goes up, down, and off', () => {
    expect(nextSort([], 'a', false)).toEqual([up('a')])
    expect(nextSort([up('a')], 'a', false)).toEqual([down('a')])
    expect(nextSort([down('a')], 'a', false)).toEqual([])
  })

  test('another header takes over, or comes after with Shift', () => {
    expect(nextSort([up('a')], 'b', false)).toEqual([up('b')])
    expect(nextSort([up('a')], 'b', true)).toEqual([up('a'), up('b')])
    expect(nextSort([up('a'), up('b')], 'a', true)).toEqual([down('a'), up('b')])
    expect(nextSort([down('a'), up('b')], 'a', true)).toEqual([up('b')])
  })

  test('at most four', () => {
    expect(nextSort([up('a'), up('b'), up('c'), up('d')], 'e', true)).toHaveLength(4)
  })
})

describe('orderedIds', () => {
  test("a person's order stands; new columns come beside their neighbours; gone ones are left out", () => {
    const layout = { ...plainLayout, order: ['c', 'gone', 'a'] }
    expect(orderedIds(['a', 'b', 'c', 'd'], layout)).toEqual(['c', 'd', 'a', 'b'])
    expect(orderedIds(['a', 'b'], plainLayout)).toEqual(['a', 'b'])
  })
})

test('movedColumn puts a column where another stands', () => {
  expect(movedColumn(['a', 'b', 'c', 'd'], 'a', 'c')).toEqual(['b', 'c', 'a', 'd'])
  expect(movedColumn(['a', 'b', 'c', 'd'], 'd', 'b')).toEqual(['a', 'd', 'b', 'c'])
  expect(movedColumn(['a', 'b'], 'a', 'x')).toEqual(['a', 'b'])
})

test('readLayout takes what it understands from what was stored', () => {
  expect(readLayout(undefined)).toEqual(plainLayout)
  expect(
    readLayout({ order: ['a', 7], shown: { a: false, b: 'no' }, widths: { a: 100, b: -5, c: 1e9 } }),
  ).toEqual({
    order: ['a'],
    shown: { a: false },
    widths: { a: 100 },
  })
})

describe('widthsIn', () => {
  const columns = [
    { id: 'a', width: 100 },
    { id: 'b', width: 100, grows: 1 },
    { id: 'c', width: 100, grows: 3 },
    { id: 'd', width: 100, hidden: true, grows: 1 },
  ]

  test('what is left goes to the columns that grow, by their shares', () => {
    expect(widthsIn(500, columns, plainLayout)).toEqual({ b: 150, c: 250 })
  })

  test('a width that a person gave stays, and a column that is not shown takes nothing', () => {
    expect(widthsIn(500, columns, { ...plainLayout, widths: { c: 60 } })).toEqual({ b: 340, c: 60 })
    expect(widthsIn(500, columns, { ...plainLayout, shown: { d: true } })).toEqual({ b: 120, c: 160, d: 120 })
  })

  test('nothing grows in too little room, or past what a person could drag', () => {
    expect(widthsIn(250, columns, plainLayout)).toEqual({})
    expect(widthsIn(5000, columns, plainLayout)).toEqual({ b: 800, c: 800 })
  })
})
