import { afterEach, describe, expect, it } from 'vitest'
import { BackupRefused, dump, restore } from '../../../../electron/store/backup'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { openMemoryStore, type Store } from '../../../../electron/store/store'
import type { Attempt, EntryState } from '../../../../shared/change/types'
import { entry } from './support'

const stores: Store[] = []
const opened = (): Store => {
  const store = openMemoryStore()
  stores.push(store)
  return store
}
afterEach(() => {
  for (const store of stores.splice(0)) store.close()
})

const linesOf = (store: Store): string[] => [...dump(store)].join('').split('\n')

const pending: Attempt = {
  id: 'attempt-1',
  body: { title: 'New' },
  preImage: { title: 'Old' },
  preReadMono: 1,
  startedMono: 2,
  startedWall: 3,
  outcome: 'pending',
  words: 'Being sent.',
}

describe('entries of a back-up', () => {
  const waitsForNobody: EntryState[] = [
    'queued',
    'waiting',
    'held',
    'preflight',
    'inflight',
    'verifying',
    'unknown',
  ]
  it.each(waitsForNobody)('that were %s wait for a person', (state) => {
    const from = opened()
    outboxRepository(from).put(entry(1, { state, attempts: [pending], nextTryWall: 5 }))
    const to = opened()
    restore(to, linesOf(from))
    const [restored] = outboxRepository(to).live()
    expect(restored).toMatchObject({ state: 'parked', attempts: [{ outcome: 'unknown' }] })
    expect(restored?.why).toMatch(/back-up/)
    expect(restored).not.toHaveProperty('nextTryWall')
    expect(outboxRepository(to).countByState()).toEqual({ parked: 1 })
  })

  it.each<EntryState>(['conflict', 'rejected', 'partial', 'parked', 'done', 'cancelled'])(
    'that were %s stay so',
    (state) => {
      const from = opened()
      outboxRepository(from).put(entry(1, { state }))
      const to = opened()
      restore(to, linesOf(from))
      expect(outboxRepository(to).byId('entry-1')?.state).toBe(state)
    },
  )

  it('are taken at their own word, not at that of the column beside it', () => {
    const from = opened()
    outboxRepository(from).put(entry(1, { state: 'queued' }))
    from.run(`UPDATE outbox SET state = 'done'`)
    const to = opened()
    restore(to, linesOf(from))
    expect(outboxRepository(to).live()).toMatchObject([{ state: 'parked' }])
  })
})

it.each(['null', '7', '"text"'])('a line that is %s: refused, and the store is as it was', (line) => {
  const store = opened()
  outboxRepository(store).put(entry(1))
  const before = linesOf(store)
  const lines = [...before]
  lines.splice(2, 0, line)
  expect(() => restore(store, lines)).toThrow(BackupRefused)
  expect(linesOf(store)).toEqual(before)
})

it.each(['[]', 'not JSON', '{}', 'null'])('an entry that is %s: refused, and nothing is changed', (bad) => {
  const from = opened()
  outboxRepository(from).put(entry(1))
  from.run('UPDATE outbox SET entry = ?', bad)
  const store = opened()
  outboxRepository(store).put(entry(2))
  expect(() => restore(store, linesOf(from))).toThrow(BackupRefused)
  expect(outboxRepository(store).live()).toMatchObject([{ id: 'entry-2' }])
})
