import { expect, it } from 'vitest'
import { matchingOptions } from '../../../../renderer/ui/OptionsList'

it('options are found as the search finds users: without accents, whatever apostrophe or hyphen stands there', () => {
  const options = ['Zürich', 'O’Connor & Söhne', 'Anne‑Marie', '‎Łódź'].map((label) => ({ id: label, label }))
  const found = (typed: string) => matchingOptions(options, typed).items.map(({ label }) => label)
  expect(found('zurich')).toEqual(['Zürich'])
  expect(found("o'connor sohne")).toEqual(['O’Connor & Söhne'])
  expect(found('anne-marie')).toEqual(['Anne‑Marie'])
  expect(found('lodz')).toEqual(['‎Łódź'])
  expect(found(' ')).toHaveLength(4)
})
