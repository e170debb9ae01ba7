import { expect, it } from 'vitest'
import { createLines } from '../../../../electron/features/outbox/lines'
import type { OutboxEntry } from '../../../../shared/change/types'

const entry = (id: string, state: OutboxEntry['state'], more: Partial<OutboxEntry> = {}): OutboxEntry =>
  ({
    id,
    state,
    batchId: 'b1',
    reason: 'CHG-4711',
    connectionId: 'a',
    edits: [{ path: 'title', mine: 'x' }],
    ...more,
  }) as unknown as OutboxEntry

const line = (left: number, more = {}) => ({
  id: 'b1',
  connectionId: 'a',
  reason: 'CHG-4711',
  fields: ['title'],
  values: [{ path: 'title', mine: 'x' }],
  of: 3,
  left,
  troubled: 0,
  ...more,
})

it('a batch is one line that counts down, until it has ended', () => {
  const lines = createLines()
  const all = ['1', '2', '3'].map((id) => entry(id, 'queued'))
  lines.note(all)
  expect(lines.of(all)).toEqual([line(3)])
  lines.note([entry('1', 'done')])
  const two = [entry('2', 'inflight'), entry('3', 'rejected')]
  lines.note(two)
  expect(lines.of(two)).toEqual([line(2, { troubled: 1 })])
  // The last one keeps its line.
  expect(lines.of([entry('3', 'rejected')])).toEqual([line(1, { troubled: 1 })])
  expect(lines.of([])).toEqual([])
  // Forgotten: what comes under its name again is counted anew.
  expect(lines.of([entry('4', 'queued')])).toEqual([])
})

it('its line says the values that are the same for all', () => {
  const lines = createLines()
  const edits = (title: string, phone: string) => ({
    edits: [
      { path: 'title', mine: title },
      { path: 'phoneNumber', mine: phone },
    ],
  })
  const all = [entry('1', 'queued', edits('x', '1')), entry('2', 'queued', edits('x', '2'))]
  lines.note(all)
  expect(lines.of(all)).toMatchObject([
    { fields: ['title', 'phoneNumber'], values: [{ path: 'title', mine: 'x' }] },
  ])
})

it('what was discarded or went into another change is none of it, and single changes are no batch', () => {
  const lines = createLines()
  lines.note(['1', '2', '3', '4', '5'].map((id) => entry(id, 'queued')))
  lines.note([entry('4', 'cancelled'), entry('5', 'superseded')])
  const live = [entry('1', 'queued'), entry('2', 'queued'), entry('3', 'queued')]
  expect(lines.of(live)).toEqual([line(3)])
  const { batchId: _, ...single } = entry('9', 'queued')
  lines.note([single])
  expect(lines.of([single])).toEqual([])
})
