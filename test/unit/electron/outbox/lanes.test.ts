import { describe, expect, it } from 'vitest'
import { createLanes } from '../../../../electron/features/outbox/engine/lanes'
import { createTimeline } from '../../../simulation/time'
import { bench, failure } from './bench'

const overdueMs = 2000
const never = <T>(): Promise<T> => new Promise(() => {})

describe('lanes', () => {
  it('gives the lane of an overdue call to the next one, once, and back to who goes on', async () => {
    const timeline = createTimeline()
    const lanes = createLanes(1, { overdueMs, after: timeline.in })
    const first = lanes.tryEnter()
    let answer = (): void => {}
    const called = first?.lend(new Promise<void>((resolve) => (answer = resolve)))
    await timeline.runTo(overdueMs - 1)
    expect(lanes.free()).toBe(0)
    await timeline.runTo(overdueMs)
    const second = lanes.tryEnter()
    expect(second).toBeDefined()
    answer()
    await called
    let back = false
    void first?.take().then(() => {
      back = true
    })
    await timeline.runTo(overdueMs + 1)
    expect(back).toBe(false)
    second?.release()
    await timeline.runTo(overdueMs + 2)
    expect(back).toBe(true)
    expect(lanes.free()).toBe(0)
    first?.release()
    first?.release()
    expect(lanes.free()).toBe(1)
  })

  it('lets only so many be overdue at once', async () => {
    const timeline = createTimeline()
    const lanes = createLanes(1, { overdueMs, after: timeline.in })
    const answers: (() => void)[] = []
    let entered = 0
    for (let time = 0; time < 60_000; time += overdueMs) {
      const lane = lanes.tryEnter()
      if (lane !== undefined) {
        entered++
        void lane.lend(new Promise<void>((resolve) => answers.push(resolve)))
      }
      await timeline.runTo(time + overdueMs)
    }
    expect(entered).toBe(11)
    answers[0]?.()
    await timeline.runTo(61_000)
    expect(lanes.free()).toBe(1)
  })
})

describe('users whose calls hang', () => {
  const many = Array.from({ length: 30 }, (_, i) => `user${i}`)

  const crowd = (options: Parameters<typeof bench>[0] = {}) => {
    const b = bench({ callsPerSecond: 100, ...options })
    for (const user of [...many, 'h0', 'h1', 'h2', 'h3', 'h4']) b.truth.set(user, { lastName: 'Old' })
    return b
  }
  const rename = (b: ReturnType<typeof bench>, user: string) =>
    b.save(user, [{ path: 'lastName', base: 'Old', mine: 'New' }])
  const through = (b: ReturnType<typeof bench>): number =>
    many.filter((user) => b.truth.get(user)?.lastName === 'New').length

  it('hold up nobody else when their PUTs get no answer', async () => {
    const b = crowd()
    for (let i = 0; i < 3; i++) b.puts.push(() => never())
    for (const user of ['h0', 'h1', 'h2', ...many]) rename(b, user)
    await b.run(6000)
    expect(through(b)).toBe(30)
    expect(b.engine().size()).toBe(3)
    for (const user of ['h0', 'h1', 'h2']) expect(b.memory.entry(user)?.state).toBe('inflight')
  })

  it('hold up nobody else when their reads get no answer, before a PUT and after one', async () => {
    const b = crowd({ shareFrom: 100 })
    b.puts.push(() => failure('refused', { status: 400, text: '[Error 5001] No.' }))
    rename(b, 'h0')
    await b.run(50)
    expect(b.sent()).toHaveLength(1)
    b.hang(({ what, userId }) => what === 'GET' && userId?.startsWith('h') === true)
    for (const user of ['h1', 'h2', 'h3', 'h4', ...many]) rename(b, user)
    await b.run(9000)
    expect(through(b)).toBe(30)
    expect(b.engine().size()).toBe(5)
  })

  it('and a list of the group that does not come is done without', async () => {
    const b = crowd({ shareFrom: 2 })
    b.hang(({ what }) => what === 'LIST')
    for (const user of many) rename(b, user)
    await b.run(6000)
    expect(through(b)).toBe(30)
  })

  it('and are sent once each: an answer that comes late is taken as any other', async () => {
    const b = crowd()
    let answer = (): void => {}
    b.puts.push(
      (body) =>
        new Promise((resolve) => {
          answer = () => {
            b.apply(body)
            resolve(b.accepted(body))
          }
        }),
    )
    rename(b, 'h0')
    await b.run(20_000)
    answer()
    await b.run(1000)
    expect(b.memory.entry('h0')).toMatchObject({ state: 'done' })
    expect(b.sent()).toHaveLength(1)
    expect(b.memory.history()[0]?.unguardedMs).toBeGreaterThan(19_000)
  })
})
