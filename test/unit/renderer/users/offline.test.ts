import { describe, expect, test } from 'vitest'
import { clockTime, groupsIn, keptOf, keptWords } from '../../../../renderer/features/users/list/offline'
import type { GroupScope } from '../../../../shared/ipc/contract'

const noon = new Date(2026, 4, 7, 12, 3).getTime()
const group = (groupId: string, more: Partial<GroupScope> = {}): GroupScope => ({
  serviceProviderId: 'acme',
  groupId,
  users: 250,
  unread: 0,
  ...more,
})

describe('what is kept offline', () => {
  test('is complete when each user was read in full, and as old as its oldest group', () => {
    const groups = [group('g1', { detailedAt: noon + 60_000 }), group('g2', { detailedAt: noon })]
    expect(keptWords(keptOf(groups), noon + 120_000)).toBe('500 users with all options here, 12:03')
  })

  test('says how far it is when somebody was not read, or a group never was', () => {
    expect(keptWords(keptOf([group('g1', { unread: 130, detailedAt: noon })]), noon)).toBe(
      '120 of 250 users with all options here',
    )
    expect(keptOf([group('g1', { detailedAt: noon }), group('g2')]).complete).toBe(false)
  })

  test('of another day says which', () => {
    expect(clockTime(noon, noon + 86_400_000)).toMatch(/7.*12:03/)
  })

  test('a group of one service provider is not that of another', () => {
    const other = { ...group('g1'), serviceProviderId: 'beta' }
    expect(groupsIn([group('g1'), other], { serviceProviderId: 'beta', groupId: 'g1' })).toEqual([other])
  })
})
