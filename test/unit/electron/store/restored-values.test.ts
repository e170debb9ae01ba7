import { describe, expect, it } from 'vitest'
import { historyRepository } from '../../../../electron/store/repositories/history'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { sightingsRepository } from '../../../../electron/store/repositories/sightings'
import { usersRepository } from '../../../../electron/store/repositories/users'
import { openMemoryStore } from '../../../../electron/store/store'
import { entry, user } from './support'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
/** Values, as JSON, that a file may hold which was made to be restored, and that no field has. */
const beyond = [
  ['a text of megabytes', JSON.stringify('x'.repeat(3_000_000))],
  ['a list of very many', JSON.stringify(Array.from({ length: 100_000 }, (_, n) => n))],
  ['lists of nothing', `[${'[],'.repeat(100_000)}[]]`],
  ['lists in lists', nested(70)],
  ['lists in lists without end', nested(100_000)],
] as const

describe.each(beyond)('%s', (_, json) => {
  it('of one user harms only that one, who is known by the id alone', () => {
    const store = openMemoryStore()
    const users = usersRepository(store)
    for (const id of ['a', 'b', 'c']) users.put('c1', user(`${id}@x`, { lastName: id }), 1)
    store.run(
      `UPDATE users SET record = ? WHERE user_id = 'b@x'`,
      `{"fields":{"lastName":"b","title":${json}}}`,
    )
    const read = ['a', 'b', 'c'].map((id) => users.byUserId('c1', `${id}@x`)?.record.fields)
    expect(read).toEqual([{ lastName: 'a' }, {}, { lastName: 'c' }])
    store.close()
  })

  it.each(['base', 'mine'])('as %s of one unsent change harms only that one, which is told', (of) => {
    const store = openMemoryStore()
    const told: string[] = []
    const outbox = outboxRepository(store, {
      onUnreadable: ({ seq, reason }) => told.push(`${seq} ${reason}`),
    })
    for (const seq of [1, 2, 3]) outbox.put(entry(seq))
    const text = JSON.stringify(entry(2)).replace(of === 'base' ? '"Old"' : '"New"', () => json)
    store.run(`UPDATE outbox SET entry = ? WHERE id = 'entry-2'`, text)
    expect(outbox.live().map(({ id }) => id)).toEqual(['entry-1', 'entry-3'])
    expect(told).toEqual([expect.stringMatching(/^2 /)])
    store.close()
  })

  it.each(['before', 'asked'])('in %s of one history entry harms only that one, which says so', (of) => {
    const store = openMemoryStore()
    const history = historyRepository(store)
    for (const id of ['one', 'two', 'three']) {
      history.append({
        id,
        connectionId: 'c1',
        user: user(`${id}@x`).key,
        userName: id,
        action: 'Changed',
        fields: ['title'],
        outcome: 'done',
        words: 'Done.',
        account: 'admin',
        origin: 'https://odin.example/api/v2',
        startedWall: 1,
        before: { title: 'Old' },
        asked: { title: 'New' },
        request: '',
      })
    }
    const value = of === 'before' ? '"Old"' : '"New"'
    const [row] = store.get(`SELECT row FROM history WHERE id = 'two'`)?.row?.toString().split('\0') ?? []
    store.run(
      `UPDATE history SET row = ? WHERE id = 'two'`,
      (row ?? '').replace(value, () => json),
    )
    const { entries } = history.window({ start: 0, count: 10 })
    expect(entries.map(({ action }) => action)).toEqual(['Changed', 'Damaged entry', 'Changed'])
    store.close()
  })

  it('in a change that was seen leaves that one out', () => {
    const store = openMemoryStore()
    const sightings = sightingsRepository(store)
    for (const [n, title] of ['A', 'B'].entries()) {
      sightings.note(
        'c1',
        { record: user('a@x', { title: 'Old' }), readAt: n },
        { record: user('a@x', { title }), readAt: n + 1 },
        () => false,
      )
    }
    store.run(
      `UPDATE sightings SET changes = ? WHERE seen_at = 2`,
      `[{"path":"title","before":"Old","after":${json}}]`,
    )
    expect(sightings.ofUser('c1', 'a@x').map(({ seenAt }) => seenAt)).toEqual([1])
    store.close()
  })
})
