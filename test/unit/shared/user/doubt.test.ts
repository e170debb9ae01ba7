import { describe, expect, it } from 'vitest'
import { isWhole, onceEach, showsAll } from '../../../../shared/user/doubt'
import { normaliseUser } from '../../../../shared/user/normalise'
import type { UserRecord } from '../../../../shared/user/types'

const whole = {
  serviceProviderId: 'sp',
  groupId: 'grp',
  userId: 'a@x',
  firstName: 'Ana',
  lastName: 'Smith',
  language: 'English',
  timeZone: 'UTC',
  isEnterprise: true,
}
const read = (json: object): UserRecord => {
  const user = normaliseUser(json)
  if (!user.ok) throw new Error(user.reason)
  return user.record
}

it('believes a record that has what every user has, whatever empty fields it leaves out', () => {
  expect(isWhole(read(whole))).toBe(true)
  expect(isWhole(read({ ...whole, title: '', extension: null, lastName: 1 }))).toBe(true)
})

it.each(['firstName', 'lastName', 'language', 'timeZone', 'isEnterprise'])('not one without %s', (name) => {
  for (const none of [undefined, null, '', [], { odd: 'type' }]) {
    if (name === 'isEnterprise' && typeof none === 'object' && none !== null) continue
    expect(isWhole(read(JSON.parse(JSON.stringify({ ...whole, title: 'x', [name]: none }))))).toBe(false)
  }
})

it('of an answer to a write, only one that shows all that was written', () => {
  expect(showsAll({ title: 'New' }, { title: 'Mine' })).toBe(true)
  expect(showsAll({ title: '' }, { title: 'Mine' })).toBe(true)
  expect(showsAll({}, { title: null })).toBe(true)
  expect(showsAll({}, { title: 'Mine' })).toBe(false)
  expect(showsAll({ address: { country: 'NO' } }, { address: { city: 'Oslo' } })).toBe(false)
  expect(showsAll({ address: { city: 'Oslo' } }, { address: { city: 'Bergen', country: null } })).toBe(true)
})

describe('a user who stands in a list twice', () => {
  const line = (userId: string, fields: UserRecord['fields']): UserRecord => ({
    key: { serviceProviderId: 'sp', groupId: 'grp', userId },
    completeness: 'row',
    fields,
    extra: {},
  })
  const full = (fields: UserRecord['fields']): UserRecord => ({
    ...read(whole),
    fields: { ...read(whole).fields, ...fields },
  })

  it('is there once, in whatever letters, with what both lines tell', () => {
    const other = line('b@x', { lastName: 'Ray' })
    const twice = [
      line('a@x', { lastName: 'Smith', extension: '10' }),
      other,
      line('A@X', { lastName: 'Smith' }),
    ]
    expect(onceEach(twice)).toEqual([line('A@X', { lastName: 'Smith', extension: '10' }), other])
  })

  it('has no value where they differ, and is not read in full then', () => {
    expect(onceEach([full({ title: 'One' }), full({ title: 'Two' })])).toMatchObject([
      { completeness: 'row' },
    ])
    const [one] = onceEach([full({ title: 'One' }), full({})])
    expect(one?.fields).not.toHaveProperty('title')
    expect(one?.completeness).toBe('row')
    expect(one?.fields.lastName).toBe('Smith')
  })

  it('is read in full when both are, or one is and the other knows nothing else', () => {
    for (const pair of [
      [full({ title: 'One' }), full({ title: 'One' })],
      [full({ title: 'One' }), line('a@x', { lastName: 'Smith' })],
      [line('a@x', { lastName: 'Smith' }), full({ title: 'One' })],
    ]) {
      expect(onceEach(pair)).toEqual([{ ...full({ title: 'One' }), key: pair[1]?.key }])
    }
  })

  it('leaves a list without any as it is', () => {
    const list = [line('a@x', {}), line('b@x', {})]
    expect(onceEach(list)).toEqual(list)
  })
})
