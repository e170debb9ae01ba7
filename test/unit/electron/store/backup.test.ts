import { afterEach, describe, expect, it } from 'vitest'
import { BackupRefused, createRestore, dump } from '../../../../electron/store/backup'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { restoredWithout, settingsRepository } from '../../../../electron/store/repositories/settings'
import { sightingsRepository } from '../../../../electron/store/repositories/sightings'
import { usersRepository } from '../../../../electron/store/repositories/users'
import { openMemoryStore, type Store } from '../../../../electron/store/store'
import type { Attempt, EntryState } from '../../../../shared/change/types'
import { entry, user } from './support'

const stores: Store[] = []
const opened = (): Store => {
  const store = openMemoryStore()
  stores.push(store)
  return store
}
afterEach(() => {
  for (const store of stores.splice(0)) store.close()
})

const restore = (db: Store, lines: Iterable<string>): number => {
  const restoring = createRestore(db)
  for (const line of lines) restoring.take(line)
  return restoring.finish().rows
}
/** Ids that come back from a database or an address as others, or are longer than any. */
const oddIds = { 'too long': 'u'.repeat(401), 'with U+0000': 'a\0b@x', 'half a letter': 'a\ud800@x' }

describe.each(Object.entries(oddIds))('an id %s', (_, odd) => {
  it.each(['users', 'outbox', 'sightings'])(
    'in %s is left out and counted, and everybody else is there',
    (table) => {
      const from = opened()
      outboxRepository(from).put(entry(1))
      usersRepository(from).put('c1', user('a@x', { title: 'Old' }), 1)
      const sightings = sightingsRepository(from)
      const seen = (title: string, readAt: number) => ({ record: user('a@x', { title }), readAt })
      sightings.note('c1', seen('Old', 1), seen('New', 2), () => false)
      // Another row of the table, as whoever made the file may have written it.
      let columns: string[] = []
      let at = ''
      const lines = linesOf(from).flatMap((line) => {
        const value = line === '' ? {} : JSON.parse(line)
        if (value.table !== undefined) [at, columns] = [value.table, value.columns]
        if (at !== table || !Array.isArray(value)) return [line]
        const other = value.map((one, n) => {
          if (columns[n] === 'user_id') return odd
          if (columns[n] === 'seq' || columns[n] === 'id')
            return typeof one === 'number' ? one + 1 : `${one}-2`
          return columns[n] === 'entry'
            ? JSON.stringify({ ...entry(2), user: { ...entry(2).user, userId: odd } })
            : one
        })
        return [line, JSON.stringify(other)]
      })
      const to = opened()
      const restoring = createRestore(to)
      for (const line of lines) restoring.take(line)
      expect(restoring.finish().leftOut).toBe(1)
      expect(settingsRepository(to).get(restoredWithout)).toBe(1)
      expect(usersRepository(to).count('c1')).toBe(1)
      expect(
        outboxRepository(to)
          .live()
          .map(({ seq }) => seq),
      ).toEqual([1])
      expect(sightingsRepository(to).ofUser('c1', 'a@x')).toHaveLength(1)
    },
  )
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

describe('a line that is not as it should be is told by its number and what is wrong', () => {
  const full = (): string[] => {
    const from = opened()
    outboxRepository(from).put(entry(1))
    const record = JSON.stringify({ fields: { title: 'Nurse' } })
    from.run(
      `INSERT INTO users (connection_id, sp, grp, user_id, completeness, record, read_at, version)
       VALUES ('c', 'acme', 'sales', 'ana', 'full', ?, 1, 1)`,
      record,
    )
    return linesOf(from)
  }
  const at = (lines: readonly string[], table: string) =>
    lines.findIndex((line) => line.startsWith(`{"table":"${table}"`))
  /** Changes the table's head or its first row. */
  const changed = (table: string, what: 'head' | 'row', change: (value: never) => unknown): string[] => {
    const lines = full()
    const place = at(lines, table) + (what === 'head' ? 0 : 1)
    lines[place] = JSON.stringify(change(JSON.parse(lines[place] ?? '') as never))
    return lines
  }
  const record = 6
  const put = (place: number, value: unknown) => (row: unknown[]) => row.with(place, value)

  it.each([
    ['null as a line', () => full().toSpliced(2, 0, 'null'), 'line 3: it is not what'],
    ['a number as a line', () => full().toSpliced(2, 0, '7'), 'line 3: it is not what'],
    ['what is no JSON', () => full().toSpliced(2, 0, '{"a'), 'line 3: it is not what'],
    ['a row before any table', () => full().toSpliced(1, 0, '[1]'), 'line 2: a row stands before'],
    [
      'a missing column',
      () =>
        changed('users', 'head', (head: { columns: string[] }) => ({
          ...head,
          columns: head.columns.filter((name) => name !== 'record'),
        })),
      'the column record of users is missing',
    ],
    [
      'a column that no table has',
      () =>
        changed('users', 'head', (head: { columns: string[] }) => ({
          ...head,
          columns: [...head.columns, 'x"'],
        })),
      'a column too many',
    ],
    [
      'another table',
      () => full().toSpliced(1, 0, '{"table":"sqlite_master","columns":["name"]}'),
      'a table that Gungnir does not have',
    ],
    ['a row too short', () => changed('users', 'row', (row: unknown[]) => row.slice(1)), 'values instead of'],
    ['an object as value', () => changed('users', 'row', put(record, {})), 'the column record holds what'],
    ['true as value', () => changed('users', 'row', put(record, true)), 'the column record holds what'],
    [
      'a text with U+0000',
      () => changed('users', 'row', put(record, 'a\0b')),
      'the column record holds what',
    ],
    ['a text as a number', () => changed('users', 'row', put(7, 'soon')), 'a value is of the wrong kind'],
    [
      'a user record that is no JSON',
      () => changed('users', 'row', put(record, '{"fields"')),
      'the record of a user',
    ],
    [
      'a user record without fields',
      () => changed('users', 'row', put(record, '{}')),
      'the record of a user',
    ],
    [
      'an unsent change that is no JSON',
      () => changed('outbox', 'row', (row: unknown[]) => row.with(9, 'not JSON')),
      'an unsent change',
    ],
    [
      'an unsent change that is a list',
      () => changed('outbox', 'row', (row: unknown[]) => row.with(9, '[]')),
      'an unsent change',
    ],
    ...[
      ['an unsent change with a value larger than any', JSON.stringify('x'.repeat(3_000_000))],
      ['an unsent change that is nested without end', '['.repeat(100_000) + ']'.repeat(100_000)],
    ].map(([what, json]): [string, () => string[], string] => [
      what ?? '',
      () =>
        changed('outbox', 'row', (row: unknown[]) =>
          row.with(
            9,
            String(row[9]).replace('"New"', () => json ?? ''),
          ),
        ),
      'an unsent change',
    ]),
    [
      'a user who stands there twice',
      () => {
        const lines = full()
        const place = at(lines, 'users') + 1
        return lines.toSpliced(place, 0, lines[place] ?? '')
      },
      'it stands there twice',
    ],
    [
      'a table that stands there twice',
      () => full().toSpliced(1, 0, full()[at(full(), 'users')] ?? ''),
      'a table stands',
    ],
    ['an end that is missing', () => full().filter((line) => line !== '{"end":true}'), 'it ends behind line'],
    ['more behind the end', () => [...full(), '[1]'], 'more behind the end'],
    [
      'a table that is missing',
      () => full().filter((line) => !line.startsWith('{"table":"sightings"')),
      'sightings is missing',
    ],
  ])('%s', (_what, lines, why) => {
    expect(() => restore(opened(), lines())).toThrow(BackupRefused)
    expect(() => restore(opened(), lines())).toThrow(why)
  })

  it.each([
    ['', 'not-ours'],
    ['{}', 'not-ours'],
    ['{"format":"gungnir-store","schema":9999}', 'newer'],
  ])('%s', (line, why) => {
    expect(() => restore(opened(), [line])).toThrow(why)
  })
})

it('a damaged user or change of the store goes into no back-up, and everything else does', () => {
  const from = opened()
  outboxRepository(from).put(entry(1))
  outboxRepository(from).put(entry(2))
  from.run(`UPDATE outbox SET entry = 'not JSON' WHERE id = 'entry-1'`)
  const to = opened()
  restore(to, linesOf(from))
  expect(outboxRepository(to).live()).toMatchObject([{ id: 'entry-2' }])
})

it('more rows than one portion come back, each once', () => {
  const from = opened()
  for (let at = 1; at <= 450; at++) outboxRepository(from).put(entry(at))
  const to = opened()
  restore(to, linesOf(from))
  expect(outboxRepository(to).live()).toHaveLength(450)
})
