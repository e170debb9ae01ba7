import { describe, expect, test } from 'vitest'
import { localCalendar } from '../../../../electron/features/history/calendar'
import { historyHandlers } from '../../../../electron/features/history/handlers'
import { contract } from '../../../../shared/ipc/contract'
import { calendar, change, ledger, noon } from './support'

const made = () => {
  const { history, store } = ledger()
  history.append(change('h1'))
  history.append(
    change('h2', { userName: 'Bob', user: { serviceProviderId: 's', groupId: 'g', userId: 'bob@x' } }),
  )
  return { handlers: historyHandlers({ history, calendar }), history, store }
}

describe('what the page asks of the history', () => {
  test('a window, newest first, as the contract says it', async () => {
    const window = await made().handlers['history.window']({ search: 'zoe odd:x', start: 0, count: 10 })
    expect(contract['history.window'].output.parse(window)).toEqual(window)
    expect(window).toMatchObject({
      total: 1,
      start: 0,
      rows: [{ id: 'h1', seq: 1, reason: 'CHG-4711 marriage' }],
    })
    expect(window.problems).toEqual([expect.stringContaining('“odd”')])
    expect(Object.keys(window.rows[0] ?? {})).not.toContain('request')
  })

  test('the changes of one user', async () => {
    const { handlers } = made()
    const window = await handlers['history.window']({ search: '', userId: 'bob@x', start: 0, count: 10 })
    expect(window.rows.map(({ id }) => id)).toEqual(['h2'])
  })

  test('an entry with all that is known of it, linked to what it put back and what put it back', async () => {
    const { handlers, history } = made()
    history.settle('h1', {
      outcome: 'done',
      words: 'Saved.',
      after: { lastName: 'Müller' },
      answer: '{"lastName":"Müller","password":"hunter2"}',
      status: 200,
      durationMs: 12,
      unguardedMs: 34,
    })
    history.append(change('h3', { reverts: 'h1 h2', action: 'revert' }))
    const entry = contract['history.entry'].output.parse(await handlers['history.entry']('h1'))
    expect(entry).toMatchObject({
      before: { lastName: 'Łukasz' },
      asked: { lastName: 'Müller' },
      after: { lastName: 'Müller' },
      outcome: 'done',
      unguardedMs: 34,
      answer: '{"lastName":"Müller","password":"(hidden)"}',
      revertedBy: 'h3',
    })
    expect(await handlers['history.entry']('h2')).toMatchObject({ revertedBy: 'h3' })
    expect(await handlers['history.entry']('h3')).toMatchObject({ reverts: 'h1 h2' })
    expect(JSON.stringify(history.byId('h1'))).not.toContain('hunter2')
  })

  test('an entry that is gone is refused in words', () => {
    expect(() => made().handlers['history.entry']('h9')).toThrow('no longer in the history')
  })
})

test('days are those of this machine', () => {
  const { today, startOf } = localCalendar({ wall: () => noon })
  const start = new Date(startOf(today()))
  expect([start.getHours(), start.getMinutes(), start.getDate()]).toEqual([0, 0, new Date(noon).getDate()])
  expect(startOf({ year: 2026, month: 12, day: 32 })).toBe(startOf({ year: 2027, month: 1, day: 1 }))
  expect(new Date(startOf({ year: 99, month: 1, day: 1 })).getFullYear()).toBe(99)
})
