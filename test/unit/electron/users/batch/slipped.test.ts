import { expect, it } from 'vitest'
import { type ChangedValue, slipped } from '../../../../../electron/features/users/batch/slipped'
import { createPause } from '../../../../../electron/platform/pause'

const pause = createPause(() => performance.now(), 8)
const people = 'Ana Bo Cy Dan Eve Fay Gus Hal'.split(' ')
const change = (path: string, base: string, mine: string): ChangedValue => ({ path, base, mine })
const words = async (changes: readonly ChangedValue[]) => [...(await slipped(changes, pause)).values()]

it('a column whose values have slipped to other users is told', async () => {
  const moved = people.map((name, at) => change('firstName', name, people[(at + 1) % 8] ?? ''))
  expect(await words(moved)).toEqual([expect.stringContaining('First name: 8 of 8 new values')])
  expect(await words(moved.slice(0, 3))).toEqual([])
})

it('a column of few values that was sorted by itself is told', async () => {
  const titles = Array.from({ length: 40 }, (_, n) => ['Clerk', 'Agent', 'Lead', 'Boss'][n % 4] ?? '')
  const sorted = [...titles].sort()
  const changes = titles.flatMap((had, at) => {
    const now = sorted[at] ?? ''
    return now === had ? [] : [change('title', had, now)]
  })
  expect(await words(changes)).toEqual([expect.stringContaining(`Title: ${changes.length} of`)])
})

it('nothing is told of new values, or of some that go from one to another', async () => {
  expect(await words(people.map((name, at) => change('title', name, `Chief ${at}`)))).toEqual([])
  const teams = people.map((_, at) => change('title', at < 6 ? 'Red' : 'Blue', at < 6 ? 'Blue' : 'Red'))
  expect(await words(teams)).toEqual([])
  const merged = people.map((_, at) => change('title', at % 2 ? 'Agent' : 'Clerk', 'Lead'))
  expect(await words(merged)).toEqual([])
})
