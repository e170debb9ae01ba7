import { describe, expect, test, vi } from 'vitest'
import { historyColumns } from '../../../../renderer/features/history/columns'
import { outboxColumns } from '../../../../renderer/features/outbox/columns'
import { userColumns } from '../../../../renderer/features/users/list/columns'
import {
  drawnIn,
  type GridColumn,
  movedColumn,
  nextSort,
  orderedIds,
  plainLayout,
  readLayout,
  type SortKey,
  widthsIn,
} from '../../../../renderer/grid/columns'

vi.hoisted(() => vi.stubGlobal('window', { addEventListener: () => {}, gungnir: {} }))

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

describe('drawnIn', () => {
  const columns = [
    { id: 'a', width: 100 },
    { id: 'b', width: 100, spare: 1 },
    { id: 'c', width: 100, spare: 2 },
    { id: 'd', width: 100, hidden: true },
  ]
  const ids = (room: number, layout = plainLayout) => [...drawnIn(room, columns, layout)].join('')

  test('what can be spared makes way, the highest first, until the rest has room', () => {
    expect(ids(300)).toBe('abc')
    expect(ids(299)).toBe('ab')
    expect(ids(199)).toBe('a')
    expect(ids(50)).toBe('a')
  })

  test('everything is drawn as long as the room is not known, and what a person has chosen always is', () => {
    expect(ids(0)).toBe('abc')
    expect(ids(250, { ...plainLayout, shown: { c: true } })).toBe('ac')
    expect(ids(500, { ...plainLayout, shown: { d: true, b: false } })).toBe('acd')
  })

  test('a wider column takes the room of another', () => {
    expect(ids(300, { ...plainLayout, widths: { a: 150 } })).toBe('ab')
  })
})

/** What is left in a window of 1280 px: less the navigation, the panel, the check boxes and a scroll bar. */
const besidePanel = 1280 - 200 - 380 - 32 - 15

describe('at 1280 px with the panel open', () => {
  test.each([
    ['Outbox', outboxColumns],
    ['History', historyColumns],
  ] as const)('%s has all of its columns in sight, whom they are about among them', (_, columns) => {
    const all = columns as readonly GridColumn<never>[]
    const drawn = drawnIn(besidePanel, all, plainLayout)
    const width = all.filter(({ id }) => drawn.has(id)).reduce((sum, column) => sum + column.width, 0)
    expect(width).toBeLessThanOrEqual(besidePanel)
    expect([...drawn]).toEqual(expect.arrayContaining(['user', 'userId', 'change']))
  })

  test('Users has names, the whole user ID, number, extension and state in sight', () => {
    const [first] = userColumns(new Map()).flatMap(({ id }, at, all) =>
      id === 'state' ? [all.slice(0, at + 1)] : [],
    )
    expect(first?.map(({ id }) => id)).toEqual([
      'lastName',
      'firstName',
      'userId',
      'phoneNumber',
      'extension',
      'state',
    ])
    expect(first?.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(besidePanel)
  })

  test('Users at 1920 has all of its first columns in sight beside the details', () => {
    const shown = userColumns(new Map()).filter(({ hidden }) => !hidden)
    expect(shown.map(({ id }) => id)).toEqual(expect.arrayContaining(['emailAddress', 'title', 'department']))
    const width = shown.reduce((sum, column) => sum + column.width, 0)
    expect(width).toBeLessThanOrEqual(besidePanel + 1920 - 1280)
  })
})
