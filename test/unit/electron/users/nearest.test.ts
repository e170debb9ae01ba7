import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestSearches } from '../../../../electron/features/users/index/nearest'
import { bitsOf, UserIndex } from '../../../../electron/features/users/index/user-index'
import { createPause, type Pause } from '../../../../electron/platform/pause'
import { distance } from '../../../../shared/query/distance'
import { parseQuery } from '../../../../shared/query/parse'

const quiet = createPause(() => performance.now(), 1000)

function indexOf(...people: readonly (readonly [first: string, last: string, group?: string])[]) {
  const index = new UserIndex('en')
  for (const [at, [firstName, lastName, groupId = 'sales']] of people.entries()) {
    const key = { serviceProviderId: 'ent', groupId, userId: `u${at}@x` }
    index.set(at + 1, { key, fields: { firstName, lastName } }, bitsOf([]))
  }
  return index
}

const near = (index: UserIndex, search: string, scope: { groupId?: string } = {}, pause: Pause = quiet) =>
  nearestSearches(search, {
    words: () => index.nameWords(scope),
    count: async (text) => (await index.search(parseQuery(text), scope, [], pause)).length,
    pause,
  })

const company = indexOf(
  ...Array.from({ length: 9 }, () => ['Jan', 'Nowak'] as const),
  ['Ingrid', 'Åkerblom'],
  ['Åsa', 'Åkerblom'],
  ['Mária', "O'Neil"],
  ['José Luis', 'García-Márquez', 'support'],
)

test.each([
  ['nowka', [['Nowak', 9]]],
  ['ingird akerblom', [['Ingrid akerblom', 1]]],
  ['akreblom', [['Åkerblom', 2]]],
  ['ingird akreblom', [['Ingrid Åkerblom', 1]]],
  // The second name of two, and the second half of one.
  ['jose marquz', [['jose Márquez', 1]]],
  ['lusi', [['Luis', 1]]],
  ["mária o'niel", [["mária O'Neil", 1]]],
])('“%s” may have meant what is near to it, spelled as somebody spells it', async (search, expected) => {
  expect((await near(company, search)).map((one) => [one.search, one.users])).toEqual(expected)
})

test.each([
  ['nowak', 'somebody has it'],
  ['nobody', 'nothing is near'],
  ['no', 'it is too short to be near to one thing alone'],
  ['title:nowka', 'a field says what it is'],
  ['"nowka"', 'a phrase is meant as it is'],
  ['12345', 'a number is meant as it is'],
  ['', 'nothing is asked'],
])('“%s” is left alone: %s', async (search) => {
  expect(await near(company, search)).toEqual([])
})

test('who is renamed is near under the new name alone', async () => {
  const index = indexOf(['Eva', 'Zimmermann'])
  expect(await near(index, 'zimmremann')).toHaveLength(1)
  const key = { serviceProviderId: 'ent', groupId: 'sales', userId: 'u0@x' }
  index.set(1, { key, fields: { firstName: 'Eva', lastName: 'Kowalski' } }, bitsOf([]))
  expect(await near(index, 'zimmremann')).toEqual([])
  expect(await near(index, 'kowlaski')).toEqual([{ search: 'Kowalski', users: 1 }])
})

test('only names of the group that is looked at are near', async () => {
  expect(await near(company, 'marquz', { groupId: 'sales' })).toEqual([])
  expect(await near(company, 'marquz', { groupId: 'support' })).toHaveLength(1)
})

test('what is offered finds somebody, and more than what was typed', async () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'n'), minLength: 3, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(letters, letters), { maxLength: 8 }),
      letters,
      async (people, search) => {
        const index = indexOf(...people)
        const count = async (text: string) => (await index.search(parseQuery(text), {}, [], quiet)).length
        const now = await count(search)
        for (const offer of await near(index, search)) {
          expect(offer.users).toBe(await count(offer.search))
          expect(offer.users).toBeGreaterThan(now)
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('many different names are looked through in shares', async () => {
  const people = Array.from(
    { length: 3000 },
    (_, at) => [`N${at.toString(36)}`, `Name${at.toString(26)}`] as const,
  )
  const index = indexOf(...people, ['Eva', 'Zimmermann'])
  let waits = 0
  const shares: Pause = {
    due: () => true,
    wait: async () => {
      waits++
    },
  }
  expect(await near(index, 'zimmremann', {}, shares)).toEqual([{ search: 'Zimmermann', users: 1 }])
  expect(waits).toBeGreaterThan(10)
})

test('two words are as far apart as the fewest steps between them, and no farther than was asked', () => {
  expect(distance('nowka', 'nowak')).toBe(1)
  expect(distance('', 'abc')).toBe(3)
  expect(distance('kitten', 'sitting')).toBe(3)
  expect(distance('kitten', 'sitting', 1)).toBeGreaterThan(1)
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })
  fc.assert(
    fc.property(word, word, fc.nat(4), (a, b, most) => {
      const far = distance(a, b)
      expect(distance(b, a)).toBe(far)
      expect(far === 0).toBe(a === b)
      const asked = distance(a, b, most)
      if (far <= most) expect(asked).toBe(far)
      else expect(asked).toBeGreaterThan(most)
    }),
  )
})
