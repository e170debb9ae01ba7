import { expect, it } from 'vitest'
import { watchNetwork } from '../../../../electron/platform/network'
import { manualClock } from './manual-clock'

function watching(start: boolean) {
  let online = start
  let slept = 0
  let wake = () => {}
  const clock = manualClock()
  const watch = watchNetwork({
    net: { isOnline: () => online },
    powerMonitor: {
      on: (_event, listener) => {
        wake = listener
      },
    },
    clock: { ...clock, elapsed: () => clock.mono() + slept },
    everyMs: 1_000,
  })
  const seen: boolean[] = []
  watch.onChange((now) => seen.push(now))
  return {
    watch,
    clock,
    seen,
    set: (now: boolean) => (online = now),
    wake: () => wake(),
    sleep: (ms: number) => (slept += ms),
  }
}

it('tells each change once, within the time between two looks', async () => {
  const { watch, clock, seen, set } = watching(true)
  await clock.pass(5_000)
  expect(seen).toEqual([])
  set(false)
  await clock.pass(1_000)
  expect([watch.online(), seen]).toEqual([false, [false]])
  set(true)
  await clock.pass(3_000)
  expect([watch.online(), seen]).toEqual([true, [false, true]])
})

it('says online again after sleep, because the answer to a call may have been lost in it', () => {
  const { seen, set, wake } = watching(true)
  wake()
  expect(seen).toEqual([true])
  set(false)
  wake()
  expect(seen).toEqual([true])
})

it('says so after a sleep of which nobody told, and once', async () => {
  const { clock, seen, sleep, set } = watching(true)
  await clock.pass(5_000)
  sleep(1_200_000)
  await clock.pass(3_000)
  expect(seen).toEqual([true])
  set(false)
  await clock.pass(1_000)
  sleep(1_200_000)
  await clock.pass(3_000)
  expect(seen).toEqual([true, false])
})

it('stops looking when stopped', async () => {
  const { watch, clock, seen, set } = watching(true)
  watch.stop()
  set(false)
  await clock.pass(10_000)
  expect(seen).toEqual([])
  expect(clock.waiting).toBe(0)
})
