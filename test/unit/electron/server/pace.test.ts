import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPaces, type Urgency } from '../../../../electron/server/pace'
import { type VirtualClock, virtualClock } from '../odin/virtual-clock'

/** The most starts in any `ms`. */
function busiest(starts: readonly number[], ms: number): number {
  let most = 0
  for (const from of starts) most = Math.max(most, starts.filter((at) => at >= from && at < from + ms).length)
  return most
}

async function run(callsPerSecond: number, arrivals: readonly number[]) {
  const clock = virtualClock()
  const pace = fresh(clock, callsPerSecond)
  const starts: number[] = []
  for (const wait of arrivals) {
    await clock.advance(wait)
    void pace.turn('person').then(() => starts.push(clock.mono()))
  }
  await clock.advance(10_000_000)
  return starts
}

const url = 'https://odin.example/api/v2'
const fresh = (clock: VirtualClock, callsPerSecond: number) =>
  createPaces(clock, Number.NEGATIVE_INFINITY).join(url, callsPerSecond)

describe('pace', () => {
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
    const pace = fresh(clock, 5)
    const writes: number[] = []
    for (let n = 0; n < 20; n++) {
      void pace.turn('person').then((turn) => {
        // The first heap of calls takes 990 ms to connect, all later ones none.
        const delay = clock.mono() < 500 ? 990 : 0
        clock.after(delay, () => void turn.write().then(() => writes.push(clock.mono())))
      })
    }
    await clock.advance(20_000)
    expect(writes).toHaveLength(20)
    expect(busiest(writes, 1000)).toBe(5)
  })

  it('goes first come first served, but for what the others depend on', async () => {
    const clock = virtualClock()
    const pace = fresh(clock, 1)
    const order: string[] = []
    for (const name of ['a', 'b', 'c']) void pace.turn('person').then(() => order.push(name))
    void pace.turn('sign-in').then(() => order.push('sign-in'))
    await clock.advance(10_000)
    expect(order).toEqual(['a', 'sign-in', 'b', 'c'])
  })

  it('forgets those that give up, and gives their place to the next', async () => {
    const clock = virtualClock()
    const pace = fresh(clock, 1)
    const order: string[] = []
    const control = new AbortController()
    void pace.turn('person').then(() => order.push('a'))
    const given = pace.turn('person', control.signal).catch((reason) => order.push(String(reason)))
    void pace.turn('person').then(() => order.push('c'))
    control.abort('gave up')
    await given
    await clock.advance(1100)
    expect(order).toEqual(['a', 'gave up', 'c'])
    await expect(pace.turn('person', AbortSignal.abort('before'))).rejects.toBe('before')
  })

  it('follows a change of pace at once, in both directions', async () => {
    const clock = virtualClock()
    const pace = fresh(clock, 10)
    const starts: number[] = []
    for (let n = 0; n < 30; n++) void pace.turn('person').then(() => starts.push(clock.mono()))
    await clock.advance(500)
    expect(starts).toHaveLength(10)
    pace.setCallsPerSecond(0.5)
    await clock.advance(5000)
    expect(starts.length).toBeLessThanOrEqual(13)
    pace.setCallsPerSecond(10)
    await clock.advance(3000)
    expect(starts).toHaveLength(30)
    expect(busiest(starts, 1000)).toBeLessThanOrEqual(10)
    expect(pace.rate()).toBe(10)
  })

  it('is one for everything that calls a server, and another for another server', async () => {
    const clock = virtualClock()
    const paces = createPaces(clock, Number.NEGATIVE_INFINITY)
    const starts: number[] = []
    for (const address of [url, 'https://ODIN.example:443/other/', url]) {
      const pace = paces.join(address, 5)
      for (let n = 0; n < 4; n++) void pace.turn('person').then(() => starts.push(clock.mono()))
    }
    let elsewhere = 0
    void paces
      .join('https://two.example/api/v2', 5)
      .turn('load')
      .then(() => elsewhere++)
    await clock.advance(0)
    expect([starts.length, elsewhere]).toEqual([5, 1])
    await clock.advance(10_000)
    expect([starts.length, busiest(starts, 1000)]).toEqual([12, 5])
  })

  it('is the slowest of those that call, at once, also for what has started and not been sent', async () => {
    const clock = virtualClock()
    const paces = createPaces(clock, Number.NEGATIVE_INFINITY)
    const fast = paces.join(url, 20)
    const writes: number[] = []
    for (let n = 0; n < 20; n++) {
      void fast.turn('load').then(async (turn) => {
        clock.after(500, () => void turn.write().then(() => writes.push(clock.mono())))
      })
    }
    await clock.advance(100)
    const slow = paces.join(url, 2)
    await clock.advance(6_000)
    expect([busiest(writes, 1000), fast.rate()]).toEqual([2, 2])
    slow.leave()
    expect(fast.rate()).toBe(2)
    await clock.advance(2_000)
    expect(fast.rate()).toBe(20)
  })

  it('counts the first second of a run as used up by the run before', async () => {
    const clock = virtualClock()
    await clock.advance(10_000)
    const pace = createPaces(clock).join(url, 5)
    const starts: number[] = []
    void pace.turn('sign-in').then(() => starts.push(clock.mono()))
    expect(pace.waitFor('sign-in')).toBeGreaterThan(1000)
    await clock.advance(2_000)
    expect(starts).toEqual([11_075])
  })

  it('lets go first what the others wait for, and loading last', async () => {
    const clock = virtualClock()
    const pace = fresh(clock, 1)
    await pace.turn('load')
    const order: Urgency[] = []
    for (const urgency of ['load', 'write', 'person', 'settle', 'sign-in', 'person'] as const) {
      void pace.turn(urgency).then(() => order.push(urgency))
    }
    await clock.advance(20_000)
    expect(order).toEqual(['sign-in', 'settle', 'person', 'person', 'write', 'load'])
  })

  it('gives a turn that is not used to the next', async () => {
    const clock = virtualClock()
    const pace = fresh(clock, 1)
    const starts: number[] = []
    for (let n = 0; n < 50; n++) void pace.turn('load').then((turn) => turn.giveBack())
    void pace.turn('load').then(() => starts.push(clock.mono()))
    for (let n = 0; n < 50; n++) await clock.advance(0)
    expect(starts).toEqual([0])
  })

  it('is silent for as long as the server asked, unless a person asks', async () => {
    const clock = virtualClock()
    const pace = fresh(clock, 5)
    const busy = { kind: 'busy', cause: 'unavailable', status: 503, message: '', next: '' } as const
    pace.note({ ms: 10, error: { ...busy, retryAfterMs: 30_000 } })
    const starts: number[] = []
    for (let n = 0; n < 3; n++) void pace.turn('settle').then(() => starts.push(clock.mono()))
    await clock.advance(29_000)
    expect(starts).toEqual([])
    pace.release()
    await clock.advance(0)
    expect(starts).toHaveLength(1)
  })

  it('slows down on signs of trouble, whoever met them, and recovers', async () => {
    const clock = virtualClock()
    const pace = fresh(clock, 8)
    const error = { kind: 'unknown', cause: 'answer-timeout', message: '', next: '' } as const
    for (let n = 0; n < 10; n++) {
      await clock.advance(1_001)
      pace.note({ ms: 60_000, error })
    }
    expect(pace.rate()).toBe(0.5)
    // A page of the network says nothing of how busy the server is.
    for (let n = 0; n < 60; n++) pace.note({ kind: 'GET /users', ms: 20 })
    pace.note({ ms: 5, error: { ...error, cause: 'html', status: 404 } })
    expect(pace.rate()).toBe(8)
  })
})
