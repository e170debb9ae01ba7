import { describe, expect, test } from 'vitest'
import { combine } from '../../../../electron/features/users/combine'
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

  test('another number replaces it as it came', () => {
    const row = record('row', { phoneNumber: '+1-5136549859' })
    const other = record('full', { phoneNumber: '5136549860' })
    expect(combine(row, other).fields.phoneNumber).toBe('5136549860')
    const abroad = record('full', { phoneNumber: '+44-5136549859' })
    expect(combine(abroad, row).fields.phoneNumber).toBe('+1-5136549859')
  })
})
