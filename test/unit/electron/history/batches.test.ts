import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mostAlone, stretches } from '../../../../electron/store/repositories/history-batches'
import { parseHistoryQuery } from '../../../../shared/query/history'
import { calendar, change, ledger, noon } from './support'

/** Entries in the order in which they are made: of a batch, or alone; half of them refused. */
const made = (batches: readonly (string | undefined)[]) => {
  const { history } = ledger()
  for (const [at, batchId] of batches.entries()) {
    history.append(
      change(`h${at}`, {
        startedWall: noon + at,
        user: { serviceProviderId: 's', groupId: 'g', userId: `user${at % 4}@x` },
        outcome: at % 2 === 0 ? 'done' : 'rejected',
        fields: at % 3 === 0 ? ['title'] : ['title', 'extension'],
        ...(batchId === undefined ? {} : { batchId }),
      }),
    )
  }
  return history
}

test('a batch is one line where its newest change stands, and says what became of its changes', () => {
  const history = made(['b', 'b', undefined, 'b', 'b', 'b', 'b', undefined, 'few', 'few'])
  const { total, changes, lines } = history.lines({ start: 0, count: 10, open: [] })
  expect({ total, changes }).toEqual({ total: 5, changes: 10 })
  expect(lines.map(({ entry }) => entry.id)).toEqual(['h9', 'h8', 'h7', 'h6', 'h2'])
  expect(lines[3]?.batch).toEqual({
    id: 'b',
    changes: 6,
    users: 4,
    open: false,
    fields: expect.toSatisfy((fields: string[]) => fields.sort().join() === 'extension,title'),
    outcomes: [
      { outcome: 'done', changes: 3 },
      { outcome: 'rejected', changes: 3 },
    ],
  })
  expect(lines.filter(({ batch }) => batch)).toHaveLength(1)
  expect(history.batch({}, 'b')?.batch.changes).toBe(6)
  expect(history.batch({}, 'few'), 'so few stand alone').toBeUndefined()
})

test('one batch tells the values that all its changes asked alike', () => {
  const { history } = ledger()
  for (let at = 0; at < 8; at++) {
    history.append(
      change(`h${at}`, {
        startedWall: noon + at,
        user: { serviceProviderId: 's', groupId: 'g', userId: `user${at}@x` },
        fields: ['doNotDisturb.isActive', 'extension', 'title'],
        asked: { 'doNotDisturb.isActive': false, extension: `${1000 + at}`, title: null },
        batchId: 'b',
      }),
    )
  }
  expect(history.batch({}, 'b')?.batch.values).toEqual([
    { path: 'doNotDisturb.isActive', now: false },
    { path: 'title', now: null },
  ])
})

test('the line counts what the search finds of the batch, and no more', () => {
  const history = made(Array.from({ length: 14 }, () => 'b'))
  const query = parseHistoryQuery('outcome:rejected', calendar)
  const { total, changes, lines } = history.lines({ start: 0, count: 10, open: [], query })
  expect({ total, changes }).toEqual({ total: 1, changes: 7 })
  expect(lines[0]).toMatchObject({ entry: { id: 'h13' }, batch: { changes: 7, users: 2 } })
  const words = parseHistoryQuery('user1', calendar)
  // Four changes of this user: fewer than make a batch.
  expect(history.lines({ start: 0, count: 10, open: [], query: words }).total).toBe(4)
})

test('whichever stretch is asked for, it is that of the whole list; below an open batch stand its changes', () => {
  const word = fc.constantFrom('a', 'b', 'c', undefined)
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 40 }),
      fc.subarray(['a', 'b', 'c']),
      fc.constantFrom('', 'outcome:done', 'user2', '-user2', 'when:today'),
      fc.nat(30),
      fc.integer({ min: 1, max: 20 }),
      (batches, open, search, start, count) => {
        const history = made(batches)
        const query = parseHistoryQuery(search, calendar)
        const found = history.window({ start: 0, count: 100, query }).entries
        // The list as a person would write it down.
        const size = (id: string | undefined) => found.filter(({ batchId }) => batchId === id).length
        const shown = new Set<string>()
        const list = found.flatMap((entry): string[] => {
          const { id, batchId } = entry
          if (batchId === undefined || size(batchId) <= mostAlone) return [id]
          if (shown.has(batchId)) return []
          shown.add(batchId)
          const members = found.filter((other) => other.batchId === batchId).map((other) => `  ${other.id}`)
          return [`${id} and all of ${batchId}`, ...(open.includes(batchId) ? members : [])]
        })
        const answer = history.lines({ start, count, query, open })
        expect(answer.total).toBe(list.length)
        expect(answer.changes).toBe(found.length)
        expect(
          answer.lines.map(({ entry, batch, inBatch }) =>
            batch ? `${entry.id} and all of ${batch.id}` : `${inBatch ? '  ' : ''}${entry.id}`,
          ),
        ).toEqual(list.slice(start, start + count))
        for (const at of batches.keys()) {
          const id = `h${at}`
          expect(history.finds(query, id)).toBe(found.some((entry) => entry.id === id))
          const { row, batch } = history.place(id, open) ?? { row: -1 }
          const shown = batch === undefined ? open : [...open, batch]
          const [line] = history.lines({ start: row, count: 1, open: shown }).lines
          expect({ id: line?.entry.id, batch: line?.batch, inBatch: line?.inBatch }).toEqual({
            id,
            batch: undefined,
            inBatch: batch === undefined ? undefined : true,
          })
        }
        expect(history.place('unknown', open)).toBeUndefined()
      },
    ),
    { numRuns: 60 },
  )
})

test('a stretch of a long list asks for as many changes as it has lines', () => {
  const open = [{ id: 'large', at: 10, changes: 100_000 }]
  expect(stretches({ start: 50_000, count: 50 }, 200, open)).toEqual([
    { batch: 'large', start: 49_989, count: 50 },
  ])
  expect(stretches({ start: 100_005, count: 20 }, 200, open)).toEqual([
    { batch: 'large', start: 99_994, count: 6 },
    { start: 11, count: 14 },
  ])
})
