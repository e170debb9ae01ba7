import { describe, expect, test } from 'vitest'
import { age, duration, relativeTime } from '../../../../renderer/ui/time'

const now = new Date(2026, 10, 24, 12, 0, 0).getTime()
const minutes = (count: number) => now - count * 60_000

describe('relativeTime', () => {
  test.each([
    [now - 5_000, 'just now'],
    [now + 5_000, 'in a moment'],
    [minutes(1), '1 min ago'],
    [minutes(59), '59 min ago'],
    [minutes(61), '1 h ago'],
    [minutes(-4), 'in 4 min'],
    [minutes(25 * 60), 'yesterday'],
    [new Date(2026, 10, 20, 8).getTime(), 'Nov 20'],
    [new Date(2025, 0, 3, 8).getTime(), 'Jan 3, 2025'],
  ])('%d', (then, words) => {
    expect(relativeTime(then, now, 'en-US')).toBe(words)
  })
})

test('age and duration', () => {
  expect(age(now - 30_000, now)).toBe('under a minute')
  expect(age(minutes(3), now)).toBe('3 min')
  expect(age(minutes(60 * 30), now)).toBe('30 h')
  expect(age(minutes(60 * 24 * 4), now)).toBe('4 days')
  expect(age(now + 60_000, now)).toBe('under a minute')
  expect([duration(0.2), duration(12), duration(240), duration(7_200)]).toEqual([
    '1 s',
    '12 s',
    '4 min',
    '2 h',
  ])
})
