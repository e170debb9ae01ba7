import { describe, expect, it } from 'vitest'
import { rememberHead } from '../../../../electron/features/history/remembered'
import { verifyHistory } from '../../../../electron/features/history/verify'
import { historyRepository } from '../../../../electron/store/repositories/history'
import { openMemoryStore, type Store } from '../../../../electron/store/store'
import { manualClock } from '../platform/manual-clock'
import { change } from './support'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }

/** A keychain with one entry. */
function keychain() {
  const kept: { text?: string; fails?: boolean } = {}
  return {
    kept,
    read: async () => {
      if (kept.fails) throw new Error('locked')
      return kept.text
    },
    write: async (text: string) => {
      if (kept.fails) throw new Error('locked')
      kept.text = text
    },
  }
}

/** Two entries made and remembered by a run that has ended. */
async function written(outside = keychain()) {
  const store = openMemoryStore()
  const clock = manualClock()
  const head = rememberHead({ store, outside, clock, log: quiet })
  for (const id of ['a', 'b']) historyRepository(store).append(change(id))
  head.changed()
  await head.close()
  return { store, outside, clock }
}
const cutOffNow = (store: Store, outside: ReturnType<typeof keychain>) =>
  rememberHead({ store, outside, clock: manualClock(), log: quiet }).isCutOff

const wipes: readonly [string, readonly string[]][] = [
  [
    'wiped as a whole',
    [
      'DELETE FROM history',
      'DELETE FROM history_links',
      'DELETE FROM history_head',
      `DELETE FROM sqlite_sequence WHERE name = 'history'`,
    ],
  ],
  [
    'cut short, with the records of it',
    [
      'DELETE FROM history WHERE seq = 2',
      'DELETE FROM history_links WHERE link = 2',
      'UPDATE history_head SET links = 1, hash = (SELECT hash FROM history_links WHERE link = 1)',
      `UPDATE sqlite_sequence SET seq = 1 WHERE name = 'history'`,
    ],
  ],
]

describe('the end of the history is remembered outside of the database', () => {
  it('and found there after a restart, however far it went on since', async () => {
    const { store, outside } = await written()
    expect(outside.kept.text).toMatch(/^2 [0-9a-f]{64}$/)
    expect(await cutOffNow(store, outside)).toBe(false)
    historyRepository(store).append(change('c'))
    historyRepository(store).trim(Number.MAX_SAFE_INTEGER, 1)
    expect(await cutOffNow(store, outside)).toBe(false)
  })

  it.each(wipes)(
    'so that one that was %s is told, though it is sound in itself',
    async (_how, statements) => {
      const { store, outside } = await written()
      for (const statement of statements) store.run(statement)
      const clock = {
        after: (_ms: number, run: () => void) => {
          setImmediate(run)
          return () => {}
        },
      }
      expect(await verifyHistory({ store, clock, pauseMs: 0 })).toMatchObject({ faults: [] })
      const isCutOff = cutOffNow(store, outside)
      expect(await verifyHistory({ store, clock, pauseMs: 0, isCutOff })).toMatchObject({
        faults: [{ what: 'cut-off' }],
        message: expect.stringMatching(/The newest entries, or the records of them, were removed/),
      })
    },
  )

  it('and another history of the same length is not taken for it', async () => {
    const { outside } = await written()
    const other = openMemoryStore()
    for (const id of ['x', 'y']) historyRepository(other).append(change(id))
    expect(await cutOffNow(other, outside)).toBe(true)
  })

  it('a while after the first of several changes, once', async () => {
    const { store, outside, clock } = await written()
    const head = rememberHead({ store, outside, clock, log: quiet })
    await head.isCutOff
    for (const id of ['c', 'd']) {
      historyRepository(store).append(change(id))
      head.changed()
    }
    expect(outside.kept.text).toMatch(/^2 /)
    await clock.pass(10_000)
    expect(outside.kept.text).toMatch(/^4 /)
    expect(clock.waiting).toBe(0)
  })

  it('a keychain that does not give it out has it neither missed nor written over, and keeps nobody from quitting', async () => {
    const { store, outside, clock } = await written()
    const before = outside.kept.text
    outside.kept.fails = true
    const head = rememberHead({ store, outside, clock, log: quiet })
    expect(await head.isCutOff).toBe(false)
    outside.kept.fails = false
    historyRepository(store).append(change('c'))
    await head.close()
    expect(outside.kept.text).toBe(before)
    const hanging = rememberHead({
      store,
      outside: { read: () => new Promise(() => {}), write: async () => {} },
      clock,
      log: quiet,
    })
    const closed = hanging.close()
    await clock.pass(2_000)
    await closed
  })
})
