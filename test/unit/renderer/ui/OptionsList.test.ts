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

it('options with a number are found by it in any dress, with and without its country', () => {
  const options = ['+1-5135550188', '+49-8912345678 Ana Müller', '4711'].map((label) => ({
    id: label,
    label,
  }))
  const found = (typed: string) => matchingOptions(options, typed).items.map(({ label }) => label)
  for (const typed of [
    '+1 (513) 555-0188',
    '513–555–0188',
    'tel:+15135550188',
    '\u202a5135550188\u202c',
    '٥١٣٥٥٥٠١٨٨',
  ])
    expect([typed, ...found(typed)]).toEqual([typed, '+1-5135550188'])
  expect(found('089 / 1234')).toEqual(['+49-8912345678 Ana Müller'])
  expect(found('+49 5135550188')).toEqual([])
  expect(found('4711')).toEqual(['4711'])
})
