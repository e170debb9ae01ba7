import { describe, expect, test } from 'vitest'
import { heatWeeks, monthColumns } from '../../../../renderer/features/history/heat'
import { withCondition } from '../../../../renderer/features/history/words'

describe('heatWeeks', () => {
  const days = [
    { day: '2026-11-02', entries: 1, failed: 0 },
    { day: '2026-11-23', entries: 8, failed: 2 },
    { day: '2026-11-24', entries: 4, failed: 0 },
  ]

  test('is a rectangle of weeks from Monday to Sunday that ends with the newest day', () => {
    const weeks = heatWeeks(days, 4)
    expect(weeks.map((week) => week[0]?.day)).toEqual([
      '2026-11-02',
      '2026-11-09',
      '2026-11-16',
      '2026-11-23',
    ])
    expect(weeks.every((week) => week.length === 7)).toBe(true)
    expect(weeks[0]?.[0]).toEqual({ day: '2026-11-02', entries: 1, failed: 0, level: 1 })
    expect(weeks[3]?.slice(0, 2).map(({ level, failed }) => [level, failed])).toEqual([
      [4, 2],
      [2, 0],
    ])
  })

  test('a Sunday stands at the end of its week', () => {
    expect(heatWeeks([{ day: '2026-11-29', entries: 1, failed: 0 }], 1)[0]?.at(-1)?.entries).toBe(1)
  })

  test('nothing for nothing, and days before the first week do not count', () => {
    expect(heatWeeks([], 5)).toEqual([])
    const [week] = heatWeeks([{ day: '2020-01-01', entries: 1000, failed: 0 }, ...days], 1)
    expect(week?.[0]?.level).toBe(4)
  })
})

describe('monthColumns', () => {
  const months = (last: string, weeks: number) =>
    monthColumns(heatWeeks([{ day: last, entries: 1, failed: 0 }], weeks)).map(
      ({ at, month }) => `${at} ${month}`,
    )

  test('are those whose week begins in another month', () => {
    expect(months('2026-11-29', 9)).toEqual(['1 2026-10', '5 2026-11'])
    expect(months('2026-11-29', 8)).toEqual(['0 2026-10', '4 2026-11'])
  })

  test('nothing for nothing', () => {
    expect(monthColumns([])).toEqual([])
  })
})

test('a condition comes into the search, takes the place of another of its name, and goes again', () => {
  expect(withCondition('nowak', 'when', '2026-11-24')).toBe('nowak when:2026-11-24')
  expect(withCondition('nowak when:today', 'when', '2026-11-24')).toBe('nowak when:2026-11-24')
  expect(withCondition('when:2026-11-24 nowak', 'when', '2026-11-24')).toBe('nowak')
})
