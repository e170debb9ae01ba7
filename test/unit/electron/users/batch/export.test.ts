import { describe, expect, it } from 'vitest'
import { exportedCell, usersCsv } from '../../../../../electron/features/users/batch/export'
import type { UserRow } from '../../../../../shared/user/shapes'
import { readCell } from '../../../../../shared/user/sheet'

const key = { serviceProviderId: 'acme', groupId: 'north', userId: 'ana@acme' }
const row = (completeness: UserRow['completeness'], fields: UserRow['fields'], pending = {}): UserRow => ({
  key,
  fields,
  completeness,
  pending,
  state: 'clean',
})

describe('a cell of an exported user', () => {
  it('tells not read from empty', () => {
    expect(exportedCell(row('row', { lastName: 'Nowak' }), 'title')).toBe('<not read>')
    expect(exportedCell(row('full', { lastName: 'Nowak' }), 'title')).toBe('')
    expect(exportedCell(row('full', { title: 'Nurse' }), 'title')).toBe('Nurse')
    // A list row tells these, also when they are empty.
    expect(exportedCell(row('row', { lastName: 'Nowak' }), 'extension')).toBe('')
    expect(exportedCell(row('row', { lastName: 'Nowak' }), 'lastName')).toBe('Nowak')
  })

  it('has what waits to be sent, whatever was read', () => {
    expect(exportedCell(row('row', { title: 'Clerk' }), 'title')).toBe('Clerk')
  })

  it('changes nothing when it is read back', () => {
    const unread = row('row', { lastName: 'Nowak' })
    const cell = exportedCell(unread, 'title')
    expect(readCell('title', cell, key, unread)).toEqual({ kind: 'nothing' })
    // The record was read in the meantime.
    expect(readCell('title', cell, key, row('full', { title: 'Nurse' }))).toEqual({ kind: 'nothing' })
  })

  it('stands in the file', () => {
    const [, lines] = [...usersCsv(['userId', 'title', 'extension'], [[row('row', { extension: '12' })]])]
    expect(lines?.text.trim()).toBe('ana@acme,<not read>,12')
  })
})
