import { expect, test } from 'vitest'
import { again, type Press, placeNow } from '../../../../renderer/grid/press'

const press = (id: string | undefined, row: number, column = 2): Press => ({
  row,
  column,
  id,
  from: { row: 0, id: 'ana' },
  draws: true,
})
const list =
  (...ids: (string | undefined)[]) =>
  (index: number) =>
    ids[index]

test('a press is for the row that was pressed, wherever it stands when the button comes up', () => {
  const bo = press('bo', 1)
  expect(placeNow(bo, list('ana', 'bo', 'cy'))).toEqual({ row: 1, column: 2 })
  expect(placeNow(bo, list('ana', 'new', 'newer', 'bo', 'cy'))).toEqual({ row: 3, column: 2 })
  expect(placeNow(bo, list('bo', 'cy'))).toEqual({ row: 0, column: 2 })
})

test('it is for nobody when that row is gone, or its place is being fetched', () => {
  const bo = press('bo', 1)
  expect(placeNow(bo, list('ana', 'cy'))).toBeUndefined()
  expect(placeNow(bo, list('ana', undefined, 'cy'))).toBeUndefined()
})

test('a press on a row that is being fetched is for that place, until somebody stands there whom nobody saw', () => {
  expect(placeNow(press(undefined, 1), list('ana', undefined))).toEqual({ row: 1, column: 2 })
  expect(placeNow(press(undefined, 1), list('ana', 'bo'))).toBeUndefined()
})

test('the second press of a double click is for whom the first was', () => {
  const [first, second] = [press('bo', 1), press('cy', 1)]
  expect(again(first, second, 2)).toBe(first)
  expect(again(first, second, 1)).toBe(second)
  expect(again(first, press('cy', 1, 3), 2)?.id).toBe('cy')
  expect(again(undefined, second, 2)).toBe(second)
})
