import { expect, test, vi } from 'vitest'
import { allChosen, chosenChanges, isSelectable } from '../../../../renderer/features/history/chosen'
import type { HistoryLine } from '../../../../shared/history/shapes'

vi.hoisted(() => {
  Object.assign(globalThis, { window: { gungnir: {} } })
})
vi.mock('../../../../renderer/features/history/store', () => ({
  batchOf: (id: string) => (id.startsWith('batch:') ? id.slice('batch:'.length) : undefined),
}))

const all = (...except: string[]) => ({ all: true as const, except: new Set(except) })
const only = (...ids: string[]) => ({ all: false as const, ids: new Set(ids) })
const line = (id: string, more: object = {}) => ({ id, ...more }) as unknown as HistoryLine
const batch = line('newest', { batchId: 'b1', batch: { id: 'b1', changes: 5 } })
const member = line('m1', { batchId: 'b1' })
const single = line('s1')

test('a batch can be taken out of all, and its changes go with it', () => {
  expect([batch, member, single].map((each) => isSelectable(all(), each))).toEqual([true, true, true])
  expect(chosenChanges(all(), 7)).toBe(7)
  const without = all('batch:b1')
  expect([batch, member, single].map((each) => isSelectable(without, each))).toEqual([true, false, true])
  expect(chosenChanges(without, 7)).toBe(2)
  expect(allChosen('', without.except)).toEqual({ search: '-batch:b1', except: [] })
  expect(allChosen('title', without.except)).toEqual({ search: 'title -batch:b1', except: [] })
})

test('a change that was taken out before its batch was is not taken out twice', () => {
  for (const each of [batch, member, single]) isSelectable(all(), each)
  const without = all('m1', 'batch:b1', 's1')
  expect(chosenChanges(without, 7)).toBe(1)
  expect(allChosen('', without.except)).toEqual({ search: '-batch:b1', except: ['s1'] })
})

test('one by one, changes are chosen and no lines of batches', () => {
  expect([batch, member, single].map((each) => isSelectable(only(), each))).toEqual([false, true, true])
  expect(chosenChanges(only('m1', 's1'), 7)).toBe(2)
})
