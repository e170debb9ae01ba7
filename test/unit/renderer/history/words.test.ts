import { expect, test } from 'vitest'
import { batchText, changesText } from '../../../../renderer/features/history/words'

const extension = { path: 'extension', before: '1335', now: '99' }

test('what did not come about is followed by how it ended', () => {
  const refused = { ...extension, unapplied: true as const }
  expect(changesText({ outcome: 'done', values: [extension] })).toBe('Extension 1335 → 99')
  expect(changesText({ outcome: 'rejected', values: [refused] })).toBe('Extension 1335 → 99, refused')
  const title = { path: 'title', before: null, now: 'Clerk' }
  expect(changesText({ outcome: 'partial', values: [title, refused] })).toBe(
    'Title empty → Clerk; Extension 1335 → 99, not applied',
  )
})

test('the line of a revert says that it puts back', () => {
  const batch = { fields: ['address.city'], users: 8 }
  expect(batchText({ action: 'change' }, batch)).toBe('City of 8 users')
  expect(batchText({ action: 'revert' }, batch)).toBe('Put back: City of 8 users')
})
