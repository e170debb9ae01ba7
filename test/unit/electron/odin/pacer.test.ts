import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPacer } from '../../../../electron/odin/pacer'
import { virtualClock } from './virtual-clock'

/** The most starts in any `ms`. */
function busiest(starts: readonly number[], ms: number): number {
  let most = 0
  for (const from of starts) most = Math.max(most, starts.filter((at) => at >= from && at < from + ms).length)
  return most
}

async function run(callsPerSecond: number, arrivals: readonly number[]) {
  const clock = virtualClock()
  const pacer = createPacer({ clock, callsPerSecond })
  const starts: number[] = []
  for (const wait of arrivals) {
    await clock.advance(wait)
    void pacer.start().then(() => starts.push(clock.mono()))
  }
  await clock.advance(10_000_000)
  return starts
}

describe('pacer', () => {
  it('lets the first ones through at once and no more than its limit within a second', async () => {
    const starts = await run(5, Array(23).fill(0))
    expect(starts).toHaveLength(23)
    expect(starts.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
    expect(busiest(starts, 1000)).toBe(5)
    expect(starts.at(-1)).toBeLessThan(4400)
  })

  it('takes a fraction as seconds between two calls', async () => {
    const starts = await run(0.5, [0, 0, 0])
    expect(starts.map((at) => Math.floor(at / 1000))).toEqual([0, 2, 4])
  })

  it('keeps every limit for every pattern of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(0.5, 0.7, 1, 2.5, 5, 100), fc.double({ min: 0.5, max: 100, noNaN: true })),
        fc.array(fc.nat(1500), { minLength: 1, maxLength: 60 }),
        async (rate, arrivals) => {
          const starts = await run(rate, arrivals)
          expect(starts).toHaveLength(arrivals.length)
          expect(busiest(starts, 1000)).toBeLessThanOrEqual(Math.max(1, Math.floor(rate)))
          if (rate < 1) expect(busiest(starts, 1000 / rate)).toBe(1)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('keeps the limit on the wire when calls that started in time are held up on the way there', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ clock, callsPerSecond: 5 })
    const writes: number[] = []
    for (let n = 0; n < 20; n++) {
      void pacer.start().then(() => {
        // The first heap of calls takes 990 ms to connect, all later ones none.
        const delay = clock.mono() < 500 ? 990 : 0
        clock.after(delay, () => void pacer.write().then(() => writes.push(clock.mono())))
      })
    }
    await clock.advance(20_000)
    expect(writes).toHaveLength(20)
    expect(busiest(writes, 1000)).toBe(5)
  })

  it('goes first come first served, but for what the others depend on', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ clock, callsPerSecond: 1 })
    const order: string[] = []
    for (const name of ['a', 'b', 'c']) void pacer.start().then(() => order.push(name))
    void pacer.start({ first: true }).then(() => order.push('sign-in'))
    await clock.advance(10_000)
    expect(order).toEqual(['a', 'sign-in', 'b', 'c'])
  })

  it('forgets those that give up, and gives their place to the next', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ clock, callsPerSecond: 1 })
    const order: string[] = []
    const control = new AbortController()
    void pacer.start().then(() => order.push('a'))
    const given = pacer.start({ signal: control.signal }).catch((reason) => order.push(String(reason)))
    void pacer.start().then(() => order.push('c'))
    control.abort('gave up')
    await given
    await clock.advance(1100)
    expect(order).toEqual(['a', 'gave up', 'c'])
    await expect(pacer.start({ signal: AbortSignal.abort('before') })).rejects.toBe('before')
  })

  it('follows a change of pace at once, in both directions', async () => {
    const clock = virtualClock()
    const pacer = createPacer({ clock, callsPerSecond: 10 })
    const starts: number[] = []
    for (let n = 0; n < 30; n++) void pacer.start().then(() => starts.push(clock.mono()))
    await clock.advance(500)
    expect(starts).toHaveLength(10)
    pacer.setCallsPerSecond(0.5)
    await clock.advance(5000)
    expect(starts.length).toBeLessThanOrEqual(13)
    pacer.setCallsPerSecond(10)
    await clock.advance(3000)
    expect(starts).toHaveLength(30)
    expect(busiest(starts, 1000)).toBeLessThanOrEqual(10)
    expect(pacer.callsPerSecond).toBe(10)
  })
})
