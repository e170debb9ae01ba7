import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NewHistoryEntry, StoredHistoryEntry } from '../../../../electron/store/repositories/history'
import { attemptOutcomes } from '../../../../shared/history/outcomes'
import { fold } from '../../../../shared/query/fold'
import { parseHistoryQuery } from '../../../../shared/query/history'
import { calendar, change, ledger, noon } from './support'

const day = 86_400_000

function filled() {
  const { history, store } = ledger()
  history.append(change('h1', { startedWall: noon - 2 * day }))
  history.append(
    change('h2', {
      user: { serviceProviderId: 'ent', groupId: 'support', userId: 'bob_1@odin.example' },
      userName: 'Bob O’Hara "100%"',
      fields: ['extension'],
      before: { extension: '4711' },
      asked: { extension: '4712' },
      account: 'root',
      reason: 'ticket_5',
      batchId: 'batch-9',
    }),
  )
  history.append(change('h3', { outcome: 'rejected', words: 'The server refused it: [Error 4202] taken' }))
  history.settle('h1', { outcome: 'done', words: 'Saved on the server.', after: { lastName: 'MUELLER' } })
  return { history, store }
}

const search = (text: string) => {
  const { history } = filled()
  const { total, entries } = history.window({ start: 0, count: 10, query: parseHistoryQuery(text, calendar) })
  expect(total).toBe(entries.length)
  return entries.map(({ id }) => id)
}

describe('searching the history', () => {
  test.each<[string, string[]]>([
    ['', ['h3', 'h2', 'h1']],
    ['zoe', ['h3', 'h1']],
    ['LUKASZ köln', ['h3', 'h1']],
    ['bob', ['h2']],
    ['b', ['h2']],
    ['bo', ['h2']],
    ['4711 -zoe', ['h2']],
    ['-bob', ['h3', 'h1']],
    ['"100%"', ['h2']],
    ['0%', ['h2']],
    ['_1', ['h2']],
    ['_5', ['h2']],
    ['user:sales', ['h3', 'h1']],
    ['by:root', ['h2']],
    ['by:zoe', []],
    ['ticket:CHG-4711', ['h3', 'h1']],
    ['ticket:5', ['h2']],
    ['batch:batch-9', ['h2']],
    ['field:ext', ['h2']],
    ['field:city', ['h3', 'h1']],
    ['-field:ext', ['h3', 'h1']],
    ['ext:4711', ['h2']],
    ['ext:4713', []],
    ['value:mueller', ['h1']],
    ['outcome:done', ['h1']],
    ['outcome:refused', ['h3']],
    ['outcome:open', ['h2']],
    ['-outcome:ok', ['h3', 'h2']],
    ['error 4202', ['h3']],
    ['when:today', ['h3', 'h2']],
    ['-when:today', ['h1']],
    ['when:..yesterday zoe', ['h1']],
    ['when:2026-11-13', ['h1']],
    ['when:2026-11-13..2026-11-14 outcome:done last:muller', ['h1']],
    ['"zoe" OR "bob"', []],
    ['zoe" AND', []],
  ])('%s', (text, found) => {
    expect(search(text)).toEqual(found)
  })

  test.each([
    // Today is Sunday, 2026-11-15.
    ['this-week', '2026-11-09', '2026-11-16'],
    ['week', '2026-11-09', '2026-11-16'],
    ['last-week', '2026-11-02', '2026-11-09'],
    ['"last week"', '2026-11-02', '2026-11-09'],
    ['this-month', '2026-11-01', '2026-11-16'],
    ['last-month', '2026-10-01', '2026-11-01'],
    ['last-month..last-week', '2026-10-01', '2026-11-09'],
  ])('when:%s is from %s to before %s', (word, from, to) => {
    const { clauses, problems } = parseHistoryQuery(`when:${word}`, calendar)
    expect(problems).toEqual([])
    expect(clauses).toEqual([{ kind: 'when', negate: false, from: Date.parse(from), to: Date.parse(to) }])
  })

  test('finds people and numbers in any dress, as the search of users does', () => {
    const { history } = ledger()
    const phone = (id: string, path: string, before: string, more: Partial<NewHistoryEntry> = {}) =>
      history.append(
        change(id, {
          fields: [path],
          before: { [path]: before },
          asked: { [path]: '1' },
          ...bareNames,
          ...more,
        }),
      )
    phone('dn', 'phoneNumber', '+1-5135550188')
    phone('mobile', 'mobilePhoneNumber', '0171 / 555 66-77')
    phone('name', 'title', 'x', { userName: 'Anne‑Marie O’Brian', reason: 'C:\\Sales' })
    const find = (text: string) => {
      const { clauses, problems } = parseHistoryQuery(text, calendar)
      expect(problems).toEqual([])
      return history.window({ start: 0, count: 9, query: { clauses, problems } }).entries.map(({ id }) => id)
    }
    for (const [id, ...searches] of [
      [
        'dn',
        ...[
          '+1 (513) 555-0188',
          '513–555–0188',
          'tel:+1-513-555-0188',
          '\u202a+15135550188\u202c',
          '0015135550188',
        ],
        ...[
          '٥١٣٥٥٥٠١٨٨',
          '(513) 555',
          'phone:513-555-0188',
          'value:5135550188',
          '513,555,0188',
          '<+15135550188>',
        ],
      ],
      ['mobile', '01715556677', '0171 5556677', '0171-555-6677', 'mobile:0171/5556677'],
      [
        'name',
        "o'brian",
        'anne-marie',
        '"anne–marie oʼbrian"',
        'user:O´Brian',
        'c:\\sales',
        "o'bri\u00adan -5135550188",
      ],
    ] as const)
      for (const text of searches) expect([text, ...find(text)]).toEqual([text, id])
    expect(find('+49 513 5550188')).toEqual([])
    expect(find('-5135550188')).toEqual(['name', 'mobile'])
  })

  test('finds an entry by what became of it, and no longer by what it was', () => {
    const { history } = filled()
    const find = (text: string) =>
      history
        .window({ start: 0, count: 10, query: parseHistoryQuery(text, calendar) })
        .entries.map(({ id }) => id)
    expect(find('outcome:pending')).toEqual(['h2'])
    history.settle('h2', { outcome: 'not-kept', words: 'Accepted but not kept.' })
    expect(find('outcome:pending')).toEqual([])
    expect(find('"not kept"')).toEqual(['h2'])
  })

  test('windows of a search, and of one user, are stretches of the whole', () => {
    const { history } = ledger()
    for (let i = 1; i <= 20; i++) {
      history.append(
        change(`h${i}`, {
          user: { serviceProviderId: 's', groupId: 'g', userId: i % 2 ? 'odd@x' : 'even@x' },
        }),
      )
    }
    const query = parseHistoryQuery('even', calendar)
    const page = history.window({ start: 3, count: 4, query })
    expect(page.total).toBe(10)
    expect(page.entries.map(({ seq }) => seq)).toEqual([14, 12, 10, 8])
    expect(history.window({ start: 9, count: 4, query }).entries.map(({ seq }) => seq)).toEqual([2])
    expect(history.window({ start: 10, count: 4, query }).entries).toEqual([])
    expect(history.window({ start: 0, count: 2, userId: 'odd@x' }).entries.map(({ seq }) => seq)).toEqual([
      19, 17,
    ])
    expect(history.window({ start: 0, count: 2, userId: 'odd@x', query }).total).toBe(0)
  })

  test('everything that is found is read in portions', () => {
    const { history } = ledger()
    for (let i = 1; i <= 450; i++) history.append(change(`h${i}`))
    const portions = [...history.each({ query: parseHistoryQuery('zoe', calendar) })]
    expect(portions.map((portion) => portion.length)).toEqual([200, 200, 50])
    expect(portions.flat().map(({ seq }) => seq)).toEqual(Array.from({ length: 450 }, (_, i) => 450 - i))
  })

  test('entries without their words are made findable again', () => {
    const { history, store } = filled()
    store.run('DELETE FROM history_words WHERE rowid < 3')
    expect(history.indexSome(1)).toBe(1)
    expect(history.indexSome(10)).toBe(1)
    expect(history.indexSome(10)).toBe(0)
    const query = parseHistoryQuery('bob', calendar)
    expect(history.window({ start: 0, count: 10, query }).total).toBe(1)
  })

  test('a word is found exactly when one of the texts contains it', () => {
    const piece = fc.constantFrom(
      'ab',
      'ba',
      'Ä',
      'a"b',
      '%',
      '_',
      '\\',
      ' ',
      '*',
      '-',
      ':',
      '4',
      '日本',
      '🙂',
      "'",
    )
    const text = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(
        fc.array(fc.record({ userName: text, reason: text, account: text }), { minLength: 1, maxLength: 6 }),
        text,
        (entries, word) => {
          const { history } = ledger()
          entries.forEach((one, at) => {
            history.append(change(`h${at}`, { ...one, ...bare }))
          })
          const clause = { kind: 'text', negate: false, text: fold(word) } as const
          if (clause.text === '') return
          const expected = entries.flatMap((one, at) =>
            Object.values({ ...one, id: 'u', s: 's', g: 'g' }).some((of) => fold(of).includes(clause.text))
              ? [`h${at}`]
              : [],
          )
          for (const negate of [false, true]) {
            const { total, entries: found } = history.window({
              start: 0,
              count: 10,
              query: { clauses: [{ ...clause, negate }], problems: [] },
            })
            expect(total).toBe(negate ? entries.length - expected.length : expected.length)
            expect(
              found
                .map(({ id }) => id)
                .reverse()
                .filter((id) => expected.includes(id)),
            ).toEqual(negate ? [] : expected)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

const bareNames: Partial<NewHistoryEntry> = { userName: 'U', reason: 'r', account: 'a', words: '' }

/** An entry with nothing to find but what the test puts in. */
const bare: Partial<NewHistoryEntry> = {
  user: { serviceProviderId: 's', groupId: 'g', userId: 'u' },
  fields: [],
  before: {},
  asked: {},
  outcome: 'x',
  words: '',
}

test('every outcome can be searched for', () => {
  const { history } = ledger()
  for (const outcome of attemptOutcomes) history.append(change(outcome, { outcome }))
  for (const outcome of attemptOutcomes) {
    const found: StoredHistoryEntry[] = history.window({
      start: 0,
      count: 50,
      query: parseHistoryQuery(`outcome:${outcome}`, calendar),
    }).entries
    expect(found.map(({ id }) => id)).toContain(outcome)
  }
})
