import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../../electron/platform/clock'
import { countingSleep } from '../../../../electron/platform/elapsed'

const clocks = () => {
  const at = { mono: 5000, wall: 1_700_000_000_000, uptime: 90_000 }
  const elapsed = countingSleep({ mono: () => at.mono, wall: () => at.wall, uptime: () => at.uptime })
  const pass = (ms: number, more: Partial<typeof at> = {}): void => {
    at.mono += more.mono ?? ms
    at.wall += more.wall ?? ms
    at.uptime += more.uptime ?? ms
  }
  return { elapsed, pass }
}

describe('a clock that goes on while the computer sleeps', () => {
  it('is the monotonic clock as long as nobody sleeps', () => {
    const { elapsed, pass } = clocks()
    for (let i = 0; i < 10; i++) pass(1000, { wall: 1010 })
    expect(elapsed()).toBe(10_000)
  })

  it('counts what one of the others has gained, once', () => {
    const { elapsed, pass } = clocks()
    pass(60_000, { mono: 0 })
    expect(elapsed()).toBe(60_000)
    expect(elapsed()).toBe(60_000)
    pass(60_000, { mono: 0, wall: 0 })
    expect(elapsed()).toBe(120_000)
    pass(60_000, { mono: 0, uptime: 0 })
    expect(elapsed()).toBe(180_000)
    pass(100)
    expect(elapsed()).toBe(180_100)
  })

  it('counts a sleep after which the wall clock was put back', () => {
    const { elapsed, pass } = clocks()
    pass(60_000, { mono: 0, wall: -3_600_000 })
    expect(elapsed()).toBe(60_000)
    pass(0, { wall: -3_600_000 })
    expect(elapsed()).toBe(60_000)
    pass(60_000, { mono: 0, uptime: 0 })
    expect(elapsed()).toBe(120_000)
  })

  it('never runs backwards, whatever is done to the wall clock', () => {
    const { elapsed, pass } = clocks()
    let before = elapsed()
    for (const wall of [-1e10, 3000, -400, -400, 1e10, 0]) {
      pass(10, { wall })
      expect(elapsed()).toBeGreaterThanOrEqual(before)
      before = elapsed()
    }
  })

  it('is told by the clock of the app', () => {
    const clock = systemClock()
    const before = clock.elapsed?.() ?? Number.NaN
    expect(clock.elapsed?.()).toBeGreaterThanOrEqual(before)
  })
})
