import { expect, it } from 'vitest'
import { exchanged } from '../../../../../electron/features/users/batch/exchanged'

const differing = (...all: readonly (readonly [path: string, had: string, cell: string])[]) => [
  ...exchanged(all.map(([path, had, cell]) => ({ path, had, cell }))),
]

it('two fields that have each other’s value are exchanged', () => {
  expect(differing(['firstName', 'Sam', 'Seller'], ['lastName', 'Seller', 'Sam'])).toEqual([
    ['firstName', 'lastName'],
    ['lastName', 'firstName'],
  ])
})

it('so are three in a round, and a value that went to a field that had none', () => {
  expect(
    differing(['firstName', 'Sam', 'Chief'], ['lastName', 'Seller', 'Sam'], ['title', 'Chief', 'Seller']),
  ).toHaveLength(3)
  expect(differing(['title', 'Chief', ''], ['addressLocation', '', 'Chief'])).toEqual([
    ['addressLocation', 'title'],
  ])
})

it('also where a program has done something to a value on its way', () => {
  expect(differing(['title', 'O’Neil', '417'], ['extension', '0417', "O'Neil"])).toHaveLength(2)
})

it('a copy of another field, or one value that both get, is a change', () => {
  expect(differing(['callingLineIdFirstName', 'S.', 'Sam'])).toEqual([])
  expect(differing(['firstName', 'Sam', 'Seller'], ['lastName', 'Seller', 'Berg'])).toEqual([])
  expect(differing(['firstName', 'Sam', 'Ana'], ['callingLineIdFirstName', 'S.', 'Ana'])).toEqual([])
})
