import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { createRest, restMessage, restWithApp } from '../../../../electron/shell/rest'
import { manualClock } from '../platform/manual-clock'

function resting(onRest: () => void = () => {}) {
  const clock = manualClock()
  const failures: unknown[] = []
  const at: number[] = []
  const log = {
    info: () => {},
    error: () => {},
    warn: (_event: string, facts?: { cause?: unknown }) => failures.push(facts?.cause),
  }
  const { stir } = createRest({
    after: clock.after,
    onRest: () => {
      at.push(clock.mono())
      onRest()
    },
    log,
  })
  return { clock, stir, at, failures }
}

it('comes once when nothing has stirred for three seconds, and not before anything has', async () => {
  const { clock, stir, at } = resting()
  await clock.pass(60_000)
  expect(at).toEqual([])
  stir()
  await clock.pass(60_000)
  expect(at).toEqual([63_000])
  expect(clock.waiting).toBe(0)
})

it('is put off by whatever stirs, and comes again after that', async () => {
  const { clock, stir, at } = resting()
  for (let key = 0; key < 20; key++) {
    stir()
    await clock.pass(2_900)
  }
  expect(at).toEqual([])
  await clock.pass(60_000)
  stir()
  await clock.pass(60_000)
  expect(at).toEqual([19 * 2_900 + 3_000, 20 * 2_900 + 60_000 + 3_000])
})

it('fails in the log alone', async () => {
  const cause = new Error('no')
  const { clock, stir, failures } = resting(() => {
    throw cause
  })
  stir()
  await clock.pass(10_000)
  stir()
  await clock.pass(10_000)
  expect(failures).toEqual([cause, cause])
})

it('makes the page give back what it does not use', () => {
  const ipc = new EventEmitter()
  let given = 0
  restWithApp(ipc, { clearCache: () => given++ })
  expect(given).toBe(0)
  ipc.emit(restMessage)
  ipc.emit(restMessage)
  expect(given).toBe(2)
})
