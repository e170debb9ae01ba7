import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../../../electron/platform/random'
import { manualClock } from './manual-clock'

describe('ids', () => {
  it('are UUIDs of version 7 that carry the time', () => {
    const clock = manualClock(Date.UTC(2026, 10, 24, 12))
    const id = systemRandom(clock).id()
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(clock.wall())
  })

  it('sort by the order in which they were made, also within a millisecond and when the clock goes back', () => {
    let wall = 1_800_000_000_000
    const random = systemRandom({ wall: () => wall, mono: () => 0, after: () => () => {} })
    const ids: string[] = []
    for (let i = 0; i < 20_000; i++) {
      if (i === 5_000) wall -= 3_600_000
      if (i === 15_000) wall += 7_200_000
      ids.push(random.id())
    }
    expect(ids).toEqual([...ids].sort())
    expect(new Set(ids).size).toBe(ids.length)
  })
})

it('numbers are spread over [0, 1) and bytes are fresh', () => {
  const random = systemRandom(manualClock())
  const numbers = Array.from({ length: 2_000 }, () => random.next())
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...numbers)).toBeLessThan(1)
  for (let tenth = 0; tenth < 10; tenth++) {
    expect(numbers.filter((n) => Math.floor(n * 10) === tenth).length).toBeGreaterThan(100)
  }
  expect(random.bytes(32)).toHaveLength(32)
  expect(random.bytes(32)).not.toEqual(random.bytes(32))
})
