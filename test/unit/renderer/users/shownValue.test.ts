import { expect, test } from 'vitest'
import type { Draft } from '../../../../renderer/features/users/drafts/drafts'
import { savableValue, shownValue } from '../../../../renderer/features/users/shownValue'

test('a draft that cannot be saved is shown, but is nothing that would happen', () => {
  const key = { serviceProviderId: 'acme', groupId: 'sales', userId: 'ana@acme.example' }
  const path = 'callForwardingAlways.forwardToPhoneNumber'
  const row = { key, fields: { [path]: '5135550100' }, completeness: 'full' as const, pending: {} }
  const draft = (edit: object): Draft => ({
    key,
    name: 'Ana',
    edits: { [path]: { base: '5135550100', mine: 'bob', ...edit } },
  })
  const wrong = draft({ typed: 'bob', problem: 'It must be a number.' })
  expect(shownValue(row, wrong, path)).toBe('bob')
  expect(savableValue(row, wrong, path)).toBe('5135550100')
  expect(savableValue(row, draft({ mine: '204' }), path)).toBe('204')
  expect(savableValue(row, undefined, path)).toBe('5135550100')
})
