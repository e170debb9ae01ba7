import { expect, it } from 'vitest'
import { type ChangedValue, slippedWords } from '../../../../../electron/features/users/batch/slipped'
import { createPause } from '../../../../../electron/platform/pause'

const pause = createPause(() => performance.now(), 8)
const people = 'Ana Bo Cy Dan Eve Fay Gus Hal'.split(' ')
const change = (at: number, path: string, base: string, mine: string): ChangedValue => ({
  userId: `u${at}`,
  path,
  base,
  mine,
})
const words = (changes: readonly ChangedValue[]) => slippedWords(changes, pause)

it('a column whose values have slipped to other users is said', async () => {
  const slipped = people.map((name, at) => change(at, 'firstName', name, people[(at + 1) % 8] ?? ''))
  expect(await words(slipped)).toEqual([expect.stringContaining('First name: 8 of 8 new values')])
  expect(await words(slipped.slice(0, 3))).toEqual([])
})

it('columns that were exchanged are said', async () => {
  const exchanged = people.flatMap((name, at) => [
    change(at, 'firstName', name, `${name}son`),
    change(at, 'lastName', `${name}son`, name),
  ])
  expect(await words(exchanged)).toEqual([
    expect.stringContaining('First name and Last name are exchanged in 8 lines'),
  ])
})

it('nothing is said of new values, or of a few that many have', async () => {
  expect(await words(people.map((name, at) => change(at, 'title', name, `Chief ${at}`)))).toEqual([])
  const teams = people.map((_, at) => change(at, 'title', at % 2 ? 'Red' : 'Blue', at % 2 ? 'Blue' : 'Red'))
  expect(await words(teams)).toEqual([])
})
