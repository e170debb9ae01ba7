import { expect, test } from 'vitest'
import { alike, bySides, resolution } from '../../../renderer/features/outbox/resolving'
import type { OutboxRow } from '../../../shared/ipc/contract'

const row = {
  conflicts: [
    { path: 'extension', base: '1024', theirs: '1300', mine: '1234' },
    { path: 'title', base: null, theirs: 'Deputy', mine: 'Head' },
  ],
} as unknown as OutboxRow

test('nothing is decided for a person, and each choice carries what was shown', () => {
  expect(resolution(row, {})).toEqual({ choices: [], problems: {}, open: 2 })
  const decided = resolution(row, {
    extension: { side: 'other', other: ' 1240 ' },
    title: { side: 'theirs', other: '' },
  })
  expect(decided).toEqual({
    choices: [
      { path: 'extension', theirs: '1300', value: '1240' },
      { path: 'title', theirs: 'Deputy', value: 'Deputy' },
    ],
    problems: {},
    open: 0,
  })
  expect(resolution(row, { extension: { side: 'mine', other: '' } }).choices).toEqual([
    { path: 'extension', theirs: '1300', value: '1234' },
  ])
})

test('another value is checked like any edit', () => {
  const { problems, choices } = resolution(row, { extension: { side: 'other', other: '12a' } })
  expect(problems.extension).toMatch(/digits/)
  expect(choices).toEqual([])
})

test('alike are the other conflicts about the same fields', () => {
  const one = (id: string, state: string, ...paths: string[]) =>
    ({ id, state, conflicts: paths.map((path) => ({ path })) }) as unknown as OutboxRow
  const row = one('a', 'conflict', 'title', 'extension')
  const rows = [
    row,
    one('b', 'conflict', 'extension', 'title'),
    one('c', 'conflict', 'title'),
    one('d', 'parked', 'title', 'extension'),
  ]
  expect(alike(row, rows).map(({ id }) => id)).toEqual(['b'])
  expect(bySides({ title: { side: 'mine', other: '' } })).toBe(true)
  expect(bySides({ title: { side: 'other', other: 'Head' } })).toBe(false)
})
