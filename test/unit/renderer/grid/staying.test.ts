import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stayingRows } from '../../../../renderer/grid/staying'

const drawn = new Map(Array.from({ length: 30 }, (_, at) => [at + 10, `row ${at + 10}`] as const))
const places = (top: number, at: (string | undefined)[], rows = 5) =>
  stayingRows(drawn, { top, rows }, at).map(({ row }) => row)

test('the row that a person is at comes first, then those nearest to it', () => {
  expect(places(20, [undefined, 'row 22', 'row 24'])).toEqual([22, 23, 21, 24, 20])
})

test('whom nobody sees is not held', () => {
  expect(places(20, ['row 12', 'row 33', 'row 21'])).toEqual([21, 22, 20, 23, 24])
  expect(places(20.5, ['row 20'])[0], 'half of it is seen').toBe(20)
})

test('with nobody in particular it is the first whole row, but whoever comes first is seen from the top', () => {
  expect(places(20.5, [undefined])[0]).toBe(21)
  const top = new Map([0, 1, 2].map((row) => [row, `row ${row}`] as const))
  expect(stayingRows(top, { top: 0, rows: 5 }, [undefined])).toEqual([])
  expect(stayingRows(top, { top: 0, rows: 5 }, ['row 1'])[0]).toEqual({ id: 'row 1', row: 1 })
})

test('all that are seen are named once, whoever a person is at', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 34 }), fc.integer({ min: 8, max: 42 }), (top, at) => {
      const found = places(top, [`row ${at}`])
      expect([...found].sort()).toEqual([0, 1, 2, 3, 4].map((away) => top + away))
    }),
  )
})
