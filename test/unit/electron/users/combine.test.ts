import { describe, expect, test } from 'vitest'
import { changedOver, combine } from '../../../../electron/features/users/combine'
import type { FieldValue, UserRecord } from '../../../../shared/user/types'

const record = (
  completeness: UserRecord['completeness'],
  fields: Record<string, FieldValue>,
): UserRecord => ({
  key: { serviceProviderId: 'sp', groupId: 'grp', userId: 'anna@corp.example' },
  completeness,
  fields: { userId: 'anna@corp.example', groupId: 'grp', serviceProviderId: 'sp', ...fields },
  extra: {},
})

describe('combine', () => {
  test('a full record keeps what only list rows carry', () => {
    const row = record('row', { lastName: 'Berg', domain: 'corp.example' })
    const full = record('full', { lastName: 'Bergman', title: 'Nurse' })
    expect(combine(row, full).fields).toMatchObject({ lastName: 'Bergman', title: 'Nurse' })
  })

  test('a list row leaves alone what only the full record knows', () => {
    const full = record('full', { lastName: 'Berg', title: 'Nurse' })
    expect(combine(full, record('row', { lastName: 'Berg' }))).toBe(full)
    expect(combine(full, record('row', { lastName: 'Bergman' })).fields).toMatchObject({
      lastName: 'Bergman',
      title: 'Nurse',
    })
  })

  test('a phone number is kept with its country, whichever answer came last', () => {
    const row = record('row', { phoneNumber: '+1-5136549859' })
    const full = record('full', { phoneNumber: '5136549859' })
    expect(combine(row, full).fields.phoneNumber).toBe('+1-5136549859')
    const later = combine(full, row)
    expect(later.fields.phoneNumber).toBe('+1-5136549859')
    expect(combine(later, row)).toBe(later)
  })

  test('the record after a change of ours keeps the country, and nothing that may have changed with it', () => {
    const row = record('row', { phoneNumber: '+49-5136549859', departmentFullPath: 'Sales (grp)' })
    const same = record('full', { phoneNumber: '5136549859', title: 'Chief' })
    expect(changedOver(row, same).fields).toEqual({ ...same.fields, phoneNumber: '+49-5136549859' })
    const other = record('full', { phoneNumber: '5136549860' })
    expect(changedOver(row, other)).toBe(other)
  })

  test('the text form once seen stays when a number of its value is read, and takes the place of one', () => {
    const text = record('full', { extension: '0417', 'address.zipOrPostalCode': '00124' })
    expect(combine(text, record('row', { extension: 417 }))).toBe(text)
    expect(combine(text, record('full', { extension: 417, 'address.zipOrPostalCode': 124 })).fields).toEqual(
      text.fields,
    )
    const number = record('row', { extension: 417 })
    expect(combine(number, text).fields.extension).toBe('0417')
    const full = record('full', { extension: 417 })
    expect(combine(full, record('row', { extension: '0417' })).fields.extension).toBe('0417')
    expect(combine(text, record('row', { extension: 418 })).fields.extension).toBe(418)
    expect(combine(text, record('row', { extension: '417' })).fields.extension).toBe('417')
  })

  test('a group and a provider that come as numbers are those that are known', () => {
    const known = { ...record('full', {}), key: { serviceProviderId: '007', groupId: '0417', userId: 'a@x' } }
    const asked = record('full', { groupId: 417, serviceProviderId: 7 })
    const read = { ...asked, key: { serviceProviderId: '7', groupId: '417', userId: 'a@x' } }
    const kept = combine(known, read)
    expect(kept.key).toEqual(known.key)
    expect(kept.fields).not.toHaveProperty('groupId')
    const moved = { ...read, key: { ...read.key, groupId: '418' }, fields: { ...read.fields, groupId: 418 } }
    expect(combine(known, moved).key).toEqual({ ...known.key, groupId: '418' })
  })

  test('another number replaces it as it came', () => {
    const row = record('row', { phoneNumber: '+1-5136549859' })
    const other = record('full', { phoneNumber: '5136549860' })
    expect(combine(row, other).fields.phoneNumber).toBe('5136549860')
    const abroad = record('full', { phoneNumber: '+44-5136549859' })
    expect(combine(abroad, row).fields.phoneNumber).toBe('+1-5136549859')
  })
})
