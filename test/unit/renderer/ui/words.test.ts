import { expect, test } from 'vitest'
import { whom } from '../../../../renderer/ui/words'

test('whom something is about is said by the first three', () => {
  expect(whom([])).toBe('')
  expect(whom(['Ana'])).toBe('Ana')
  expect(whom(['Ana', 'Björn'])).toBe('Ana and Björn')
  expect(whom(['Ana', 'Björn', 'Chloé'])).toBe('Ana, Björn and Chloé')
  expect(whom(['Ana', 'Björn', 'Chloé', 'Dan', 'Eve'])).toBe('Ana, Björn, Chloé and 2 others')
})
