import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SortKey } from '../../../../electron/features/users/index/orders'
import type { Numbers } from '../../../../electron/features/users/index/parts'
import { bitsOf, type KeptIndex, UserIndex } from '../../../../electron/features/users/index/user-index'
import { createPause, type Pause } from '../../../../electron/platform/pause'
import {
  foldedLines,
  linesOf,
  type SearchColumn,
  type Surroundings,
  searchColumns,
} from '../../../../shared/query/columns'
import { alike } from '../../../../shared/query/fold'
import type { Enterprise } from '../../../../shared/query/forwarding'
import { unreadInRow } from '../../../../shared/query/known'
import { isExact, matches, type Searched } from '../../../../shared/query/match'
import type { UserStateName } from '../../../../shared/query/names'
import { parseQuery } from '../../../../shared/query/parse'
import type { UserRecord } from '../../../../shared/user/types'
import { glance, person, searchText, sorting } from './people'

const runs = Number(process.env.GUNGNIR_SEARCH_RUNS ?? 10_000)
const pause = createPause(() => performance.now(), 1000)

const surroundings: fc.Arbitrary<Surroundings> = fc.record({
  groupName: fc.constantFrom('Berg office', undefined),
  calls: fc.option(glance, { nil: undefined }),
})
const states = fc.subarray<UserStateName>(['changed', 'conflict', 'gone', 'row'])

interface Listed extends Searched {
  readonly id: number
}

// --- the naive oracle: every user, one at a time, sorted with a plain comparison ---------------------------

const { compare } = new Intl.Collator('en', { numeric: true, sensitivity: 'accent' })
const collator = { compare: (a: string, b: string) => compare(alike(a), alike(b)) }

const sortText = (path: string, { record, around }: Searched): string | undefined => {
  const column = searchColumns.find((candidate) => candidate.path === path)
  if (column === undefined) return undefined
  if (column.calls === 'forwards' && around?.calls?.forwards?.length === 0) return undefined
  const lines = linesOf(column, record, around).map((line) => line.replaceAll('\n', ' '))
  return foldedLines(lines).length === 0 ? undefined : lines.join('\n')
}

/** Behind those with a text come those without one, and behind them those of whom that is not known. */
const lastness = (
  path: string,
  text: string | undefined,
  { states: of, around: { calls } = {} }: Searched,
): number =>
  text !== undefined
    ? 0
    : (path === 'calls.forwardedTo' ? calls?.forwards === undefined : path.startsWith('calls.'))
      ? 2
      : of.has('row') && unreadInRow(path) && !path.startsWith('calls.')
        ? 2
        : 1

const compareBy =
  ({ path, direction }: SortKey) =>
  (a: Searched, b: Searched): number => {
    const [left, right] = [sortText(path, a), sortText(path, b)]
    if (left === undefined || right === undefined) {
      return lastness(path, left, a) - lastness(path, right, b)
    }
    const phone = path === 'phoneNumber'
    const order = phone ? (left < right ? -1 : left > right ? 1 : 0) : collator.compare(left, right)
    return direction === 'ascending' ? order : -order
  }

const linesAt = (path: string, { record }: Searched): string[] =>
  foldedLines(linesOf(searchColumns.find((column) => column.path === path) as SearchColumn, record))

const enterpriseOf = (users: readonly Searched[], { record: { key } }: Searched): Enterprise => {
  const own = users.filter(({ record }) => record.key.serviceProviderId === key.serviceProviderId)
  const inGroup = own.filter(({ record }) => record.key.groupId === key.groupId)
  return {
    knows: (line) =>
      own.some((user) => ['phoneNumber', 'extension'].some((path) => linesAt(path, user).includes(line))),
    hasDomain: (domain) => own.some((user) => linesAt('userId', user)[0]?.split('@')[1] === domain),
    extensionLengths: new Set(
      inGroup.flatMap((user) => linesAt('extension', user).map(({ length }) => length)),
    ),
  }
}

const oracle = (
  users: readonly Listed[],
  search: string,
  scope: { groupId?: string },
  sort: readonly SortKey[],
): number[] => {
  const query = parseQuery(search)
  const leads = query.clauses.some(({ kind }) => kind === 'leads')
  const keys: SortKey[] = [
    ...sort,
    { path: 'lastName', direction: 'ascending' },
    { path: 'firstName', direction: 'ascending' },
    { path: 'userId', direction: 'ascending' },
  ]
  const found = users
    .filter((user) => scope.groupId === undefined || user.record.key.groupId === scope.groupId)
    .filter((user) => matches(query, leads ? { ...user, enterprise: enterpriseOf(users, user) } : user))
  found.sort((a, b) => {
    for (const key of keys) {
      const order = compareBy(key)(a, b)
      if (order !== 0) return order
    }
    return a.id - b.id
  })
  return [
    ...found.filter((user) => isExact(query, user)),
    ...found.filter((user) => !isExact(query, user)),
  ].map(({ id }) => id)
}

const searched = (
  one: Omit<UserRecord, 'completeness' | 'extra'>,
  place: number,
  marks: readonly UserStateName[],
  { groupName, calls }: Surroundings = {},
): Listed => ({
  id: place * 3 + 1,
  record: { ...one, completeness: 'row', extra: {} },
  states: new Set(marks),
  around: { groupName, calls },
})

const put = (index: UserIndex, user: Listed): void => {
  index.set(user.id, user.record, bitsOf(user.states), user.around)
  index.setCalls(user.id, user.around?.calls ?? {}, user.record)
}

const ask = async (index: UserIndex, search: string, scope: { groupId?: string }, sort: readonly SortKey[]) =>
  [...(await index.search(parseQuery(search), scope, sort, pause))].map((row) => index.idOf(row))

/** The same index made from what is written down of it. */
const copyOf = (index: UserIndex): UserIndex => {
  const arrays: Numbers[] = []
  const facts = JSON.parse(JSON.stringify(index.keep((numbers) => arrays.push(numbers)))) as KeptIndex
  const next = <N extends Numbers>() => arrays.shift()?.slice() as N
  return new UserIndex('en', { facts, next })
}

describe('the search index', () => {
  it(`finds and sorts what the naive search does (${runs} random directories)`, {
    timeout: 280_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(person, states, surroundings), { maxLength: 14 }),
        fc.array(
          fc.record({
            search: searchText,
            scope: fc.constantFrom<{ groupId?: string }>({}, {}, { groupId: 'grp 1' }),
            sort: sorting as fc.Arbitrary<SortKey[]>,
            // What happens to the directory before the search.
            change: fc.option(fc.tuple(fc.nat(20), person, states, surroundings), { nil: undefined }),
            remove: fc.option(fc.nat(40), { nil: undefined }),
            // Whether the index was written down and made again before the search.
            copied: fc.boolean(),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.boolean(),
        async (people, steps, prepared) => {
          let index = new UserIndex('en')
          const users = people.map(([one, marks, around], place) => searched(one, place, marks, around))
          for (const user of users) put(index, user)
          if (prepared) await index.prepareSearch(pause)
          for (const { search, scope, sort, change, remove, copied } of steps) {
            if (change !== undefined) {
              const place = Math.min(change[0], users.length)
              const id = users[place]?.id ?? (users.at(-1)?.id ?? 0) + 2
              users[place] = { ...searched(change[1], 0, change[2], change[3]), id }
              put(index, users[place] as Listed)
            }
            const gone = remove === undefined ? undefined : users[remove]
            if (gone !== undefined && gone !== users.at(-1)) {
              users.splice(users.indexOf(gone), 1)
              index.remove(gone.id)
            }
            if (copied) index = copyOf(index)
            expect(index.total).toBe(users.length)
            // Typed letter by letter, as the narrowing of results sees it.
            for (let end = Math.max(0, search.length - 3); end <= search.length; end++) {
              const typed = search.slice(0, end)
              expect(await ask(index, typed, scope, sort), `search ${JSON.stringify(typed)}`).toEqual(
                oracle(users, typed, scope, sort),
              )
            }
          }
        },
      ),
      { numRuns: runs },
    )
  })

  it('answers while users keep coming, and sorts those of the meantime the next time', async () => {
    const people = fc.sample(person, { numRuns: 600, seed: 7 })
    const users = people.map((one, place) => searched(one, place, []))
    const index = new UserIndex('en')
    const add = (count: number) => {
      for (const user of users.slice(index.total, index.total + count)) put(index, user)
    }
    add(50)
    // As the writing of a load does it: some in every turn.
    const loading: Pause = { due: () => true, wait: async () => add(1) }
    const rows = await index.search(parseQuery(''), {}, [], loading)
    // It would have come to an end with the last of them.
    expect(index.total).toBeLessThan(users.length)
    const found = [...rows].map((row) => index.idOf(row))
    expect(found.toSorted((a, b) => a - b)).toEqual(users.slice(0, 50).map(({ id }) => id))
    expect(await ask(index, '', {}, [])).toEqual(oracle(users.slice(0, index.total), '', {}, []))
  })
})
