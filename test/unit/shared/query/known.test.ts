import { describe, expect, it } from 'vitest'
import { bitsOf, UserIndex } from '../../../../electron/features/users/index/user-index'
import { createPause } from '../../../../electron/platform/pause'
import { askedOf, decidedBy } from '../../../../shared/query/known'
import { parseQuery } from '../../../../shared/query/parse'

const pause = createPause(() => 0, 1000)

/** Four users: two whose full record was read, one with and one without a title, and two known by a list row. */
const people = () => {
  const index = new UserIndex('en')
  const add = (id: number, groupId: string, title: string | undefined, state: 'row' | 'full') =>
    index.set(
      id,
      {
        key: { serviceProviderId: 'acme', groupId, userId: `u${id}` },
        fields: { lastName: `L${id}`, ...(title === undefined ? {} : { title }) },
      },
      bitsOf([state]),
    )
  add(1, 'north', 'Nurse', 'full')
  add(2, 'north', undefined, 'full')
  add(3, 'south', undefined, 'row')
  add(4, 'west', undefined, 'row')
  return index
}

const found = async (
  index: UserIndex,
  search: string,
  sort: 'ascending' | 'descending' | undefined = undefined,
) =>
  [
    ...(await index.search(
      parseQuery(search),
      {},
      sort === undefined ? [] : [{ path: 'title', direction: sort }],
      pause,
    )),
  ].map((row) => index.idOf(row))

describe('what is not known is not empty', () => {
  it.each([
    ['title:nurse', [1]],
    ['-title:nurse', [2]],
    ['has:title', [1]],
    ['-has:title', [2]],
    ['title:doctor', []],
    ['-title:doctor', [1, 2]],
    ['lastname:L3', [3]],
    ['-lastname:L3', [1, 2, 4]],
    ['-l3', [1, 2, 4]],
  ])('%s finds only whom it can be said of', async (search, ids) => {
    expect(await found(people(), search)).toEqual(ids)
  })

  it('sorts those with a value, then those without one, then those of whom that was not read', async () => {
    const index = people()
    index.set(
      5,
      {
        key: { serviceProviderId: 'acme', groupId: 'west', userId: 'u5' },
        fields: { lastName: 'A', title: 'Chef' },
      },
      bitsOf(['full']),
    )
    expect(await found(index, '', 'ascending')).toEqual([5, 1, 2, 3, 4])
    expect(await found(index, '', 'descending')).toEqual([1, 5, 2, 3, 4])
  })

  it('sorts anew when a record was read that has nothing in the field', async () => {
    const index = people()
    expect(await found(index, '', 'ascending')).toEqual([1, 2, 3, 4])
    index.set(
      4,
      { key: { serviceProviderId: 'acme', groupId: 'west', userId: 'u4' }, fields: { lastName: 'L4' } },
      bitsOf(['full']),
    )
    expect(await found(index, '', 'ascending')).toEqual([1, 2, 4, 3])
  })

  it('says of how many users, and how many groups are to be read for the rest', () => {
    const { columns } = askedOf(parseQuery('title:nurse'), [])
    expect(people().knownIn({}, columns)).toEqual({ users: 4, known: 2, unread: 2, unreadGroups: 2 })
    expect(people().knownIn({ serviceProviderId: 'acme', groupId: 'west' }, columns)).toEqual({
      users: 1,
      known: 0,
      unread: 1,
      unreadGroups: 1,
    })
  })

  it('takes a value that waits to be sent for known', () => {
    const index = people()
    index.set(
      3,
      { key: { serviceProviderId: 'acme', groupId: 'south', userId: 'u3' }, fields: { title: 'Clerk' } },
      bitsOf(['row', 'changed']),
    )
    expect(index.knownIn({}, askedOf(parseQuery('title:x'), []).columns)).toMatchObject({ known: 3 })
  })

  it('finds the department of a list row, which tells only its path', async () => {
    const index = new UserIndex('en')
    index.set(
      1,
      {
        key: { serviceProviderId: 'acme', groupId: 'north', userId: 'u1' },
        fields: { departmentFullPath: 'Sales (north)' },
      },
      bitsOf(['row']),
    )
    expect(await found(index, 'has:department')).toEqual([1])
    expect(await found(index, 'department:sales')).toEqual([1])
  })
})

describe('what a search and a sort ask', () => {
  it.each([
    ['title:nurse', [], ['Title']],
    ['city:oslo -has:title', [], ['City', 'Title']],
    ['', ['title'], ['Title']],
    ['nowak', [], []],
    ['last:nowak dept:sales', ['extension', 'department'], []],
  ])('%s sorted by %j needs %j', (search, sort, labels) => {
    expect(
      askedOf(
        parseQuery(search),
        sort.map((path) => ({ path })),
      ).labels,
    ).toEqual(labels)
  })

  it('knows words without a field', () => {
    expect(askedOf(parseQuery('nowak'), []).words).toBe(true)
    expect(askedOf(parseQuery('089 1234 5678'), []).words).toBe(true)
    expect(askedOf(parseQuery('last:nowak'), []).words).toBe(false)
    expect(decidedBy(parseQuery('-nowak').clauses[0] as never)).toEqual([])
  })
})
