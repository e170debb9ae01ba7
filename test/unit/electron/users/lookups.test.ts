import { describe, expect, it } from 'vitest'
import { createLookups } from '../../../../electron/features/users/lookups'
import type { OdinLookups } from '../../../../electron/odin/types'
import { lookupsRepository } from '../../../../electron/store/repositories/lookups'
import { openMemoryStore } from '../../../../electron/store/store'
import { testClock } from './fake'

const user = { serviceProviderId: 'acme', groupId: 'sales', userId: 's1@acme.example' }
const own = { serviceProviderId: 'acme', groupId: 'sales' }

const setUp = () => {
  const names = ['Support', 'Support (Tier 2)']
  let reads = 0
  let online = true
  const client = {
    departments: async () => {
      reads++
      return {
        ok: true as const,
        value: [
          ...names.map((name) => ({ ...own, name, isEnterprise: false })),
          { serviceProviderId: 'acme', name: 'Board', isEnterprise: true },
        ],
        status: 200,
        raw: '',
      }
    },
    domains: async () => ({
      ok: true as const,
      value: { default: 'acme.example', domains: ['acme.example', 'acme.net'] },
      status: 200,
      raw: '',
    }),
  } as unknown as OdinLookups
  const { clock, state } = testClock()
  const lookups = createLookups({
    repository: lookupsRepository(openMemoryStore()),
    clock,
    directory: { holders: async () => [], extensions: async () => [] },
    present: () => ({ connectionId: 'c1', client: online ? client : undefined }),
  })
  return {
    lookups,
    names,
    state,
    reads: () => reads,
    cut: () => {
      online = false
    },
  }
}

describe('a department', () => {
  it('exists by its own name, in the group or the enterprise', async () => {
    const { lookups, reads } = setUp()
    expect(await lookups.noDepartment(user, { ...own, name: 'Support (Tier 2)' })).toBeUndefined()
    expect(await lookups.noDepartment(user, { serviceProviderId: 'acme', name: 'Board' })).toBeUndefined()
    expect(await lookups.noDepartment(user, null)).toBeUndefined()
    expect(reads()).toBe(1)
    expect(await lookups.noDepartment(user, { ...own, name: 'Board' })).toBe(
      'There is no department “Board” in group sales.',
    )
    expect(await lookups.noDepartment(user, { serviceProviderId: 'acme', name: 'Support' })).toBe(
      'There is no department “Support” in the enterprise acme.',
    )
  })

  it('that was made since the list was read is found by reading it again', async () => {
    const { lookups, names, state } = setUp()
    await lookups.options('departments', user)
    names.push('New')
    state.wall += 10_000
    expect(await lookups.noDepartment(user, { ...own, name: 'New' })).toBeUndefined()
  })

  it('is not called missing by a list that is old while there is no server to ask', async () => {
    const { lookups, state, cut } = setUp()
    await lookups.options('departments', user)
    state.wall += 3_600_000
    cut()
    expect(await lookups.noDepartment(user, { ...own, name: 'New' })).toBeUndefined()
  })
})

it('the domains of a group are offered with the usual one marked', async () => {
  const { lookups } = setUp()
  expect(await lookups.options('domains', user)).toMatchObject({
    options: [
      { value: 'acme.example', label: 'acme.example', note: 'Default' },
      { value: 'acme.net', label: 'acme.net' },
    ],
  })
})
