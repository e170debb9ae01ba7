import { expect, test } from 'vitest'
import { basisOf, grounded } from '../../../../shared/change/basis'

const row = (pending: Record<string, { old?: string; new: string }>) => ({
  key: { serviceProviderId: 'sp', groupId: 'g', userId: 'u' },
  fields: { title: 'Theirs' },
  completeness: 'row' as const,
  pending,
})

test('an edit is made over what waits, with what the server had beside it, or over the server’s copy', () => {
  expect(basisOf(row({}), 'title')).toEqual({ base: 'Theirs' })
  expect(basisOf(row({}), 'address.addressLine2')).toEqual({})
  expect(basisOf(row({ title: { old: 'Theirs', new: 'Ours' } }), 'title')).toEqual({
    base: 'Ours',
    own: { old: 'Theirs' },
  })
  expect(basisOf(row({ 'address.addressLine2': { new: 'Ours' } }), 'address.addressLine2')).toEqual({
    base: 'Ours',
    own: {},
  })
})

const edit = { path: 'title', base: 'Ours', own: { old: 'Theirs' }, mine: 'Newer' }

test('a value of ours is a base while it waits and once it has arrived', () => {
  const kept = { path: 'title', base: 'Ours', mine: 'Newer' }
  expect(grounded(edit, { waiting: 'Ours', server: 'Theirs' })).toEqual(kept)
  expect(grounded(edit, { server: 'Ours' })).toEqual(kept)
  expect(grounded(edit, { server: 'OURS' })).toEqual({ ...kept, base: 'OURS' })
})

test('a value of ours that was discarded is none: the edit is over what the server had, if that was seen', () => {
  const over = { path: 'title', base: 'Theirs', mine: 'Newer', moved: true }
  expect(grounded(edit, { server: 'Theirs' })).toEqual(over)
  expect(grounded(edit, { server: 'Somebody’s' })).toEqual(over)
  expect(grounded(edit, { waiting: 'Another of ours', server: 'Theirs' })).toEqual(over)
  expect(grounded({ ...edit, own: {} }, { server: 'Theirs' })).toEqual({
    path: 'title',
    mine: 'Newer',
    moved: true,
  })
})

test('an edit over what the server had is left as it is', () => {
  const plain = { path: 'title', base: 'Theirs', mine: 'Newer' }
  expect(grounded(plain, { server: 'Somebody’s' })).toEqual(plain)
})
