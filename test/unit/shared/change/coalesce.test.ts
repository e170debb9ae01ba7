import { expect, test } from 'vitest'
import { mergeEdits } from '../../../../shared/change/coalesce'

test('the earliest base stays, also when it was an empty field', () => {
  const first = [{ path: 'title', base: null, mine: 'Head' }]
  const second = [{ path: 'title', base: 'Head', mine: 'Chief' }]
  expect(mergeEdits(first, second)).toEqual([{ path: 'title', base: null, mine: 'Chief' }])
})

test('a base that was not known at first is taken from the later round', () => {
  const first = [{ path: 'title', mine: 'Head' }]
  const second = [{ path: 'title', base: null, mine: 'Chief' }]
  expect(mergeEdits(first, second)).toEqual([{ path: 'title', base: null, mine: 'Chief' }])
})

test('a field that is back at its base drops out, unless a request has carried it', () => {
  const first = [{ path: 'title', base: null, mine: 'Head' }]
  const back = [{ path: 'title', base: 'Head', mine: null }]
  expect(mergeEdits(first, back)).toEqual([])
  expect(mergeEdits(first, back, new Set(['title']))).toEqual([{ path: 'title', base: null, mine: null }])
})
