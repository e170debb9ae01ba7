import { expect, it } from 'vitest'
import { isWhole, showsAll } from '../../../../shared/user/doubt'
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
