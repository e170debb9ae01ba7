import { describe, expect, test } from 'vitest'
import {
  type Calendar,
  type HistoryClause,
  historyCompletionsFor,
  historyCorrectionsOf,
  parseHistoryQuery,
} from '../../../../shared/query/history'

/** A calendar in UTC on which it is 15 November 2026. */
const calendar: Calendar = {
  today: () => ({ year: 2026, month: 11, day: 15 }),
  startOf: ({ year, month, day }) => Date.UTC(year, month - 1, day),
}
const at = (text: string): number => Date.parse(`${text}T00:00:00Z`)
const parse = (text: string) => parseHistoryQuery(text, calendar)
const clauses = (text: string): readonly HistoryClause[] => {
  const { clauses: found, problems } = parse(text)
  expect(problems).toEqual([])
  return found
}

describe('the search language of the history', () => {
  test.each<[string, HistoryClause[]]>([
    ['', []],
    ['  ', []],
    ['-', []],
    ['Müller', [{ kind: 'text', negate: false, text: 'muller' }]],
    ['-"Two  words"', [{ kind: 'text', negate: true, text: 'two words' }]],
    [
      'a*b',
      [
        { kind: 'text', negate: false, text: 'a' },
        { kind: 'text', negate: false, text: 'b' },
      ],
    ],
    ['by:Admin', [{ kind: 'text', negate: false, of: 'account', text: 'admin' }]],
    ['ticket:CHG-4711', [{ kind: 'text', negate: false, of: 'reason', text: 'chg-4711' }]],
    ['batch:b1', [{ kind: 'text', negate: false, of: 'batch', text: 'b1' }]],
    ['user:ann@x', [{ kind: 'text', negate: false, of: 'user', text: 'ann@x' }]],
    ['field:ext', [{ kind: 'fields', negate: false, paths: ['extension'] }]],
    ['-field:"Last name"', [{ kind: 'fields', negate: true, paths: ['lastName'] }]],
    ['field:odd', [{ kind: 'text', negate: false, of: 'fields', text: 'odd' }]],
    [
      'ext:4711',
      [
        { kind: 'fields', negate: false, paths: ['extension'] },
        { kind: 'text', negate: false, of: 'vals', text: '4711' },
      ],
    ],
    ['outcome:rejected', [{ kind: 'outcome', negate: false, outcomes: ['rejected'] }]],
    ['outcome:"not applied"', [{ kind: 'outcome', negate: false, outcomes: ['not-applied'] }]],
    [
      '-outcome:failed',
      [{ kind: 'outcome', negate: true, outcomes: ['partial', 'not-applied', 'not-kept', 'rejected'] }],
    ],
    ['when:today', [{ kind: 'when', negate: false, from: at('2026-11-15'), to: at('2026-11-16') }]],
    ['when:yesterday', [{ kind: 'when', negate: false, from: at('2026-11-14'), to: at('2026-11-15') }]],
    ['when:7d', [{ kind: 'when', negate: false, from: at('2026-11-09'), to: at('2026-11-16') }]],
    [
      'when:2026-11-01..2026-11-15',
      [{ kind: 'when', negate: false, from: at('2026-11-01'), to: at('2026-11-16') }],
    ],
    ['when:2026-2', [{ kind: 'when', negate: false, from: at('2026-02-01'), to: at('2026-03-01') }]],
    ['when:2025', [{ kind: 'when', negate: false, from: at('2025-01-01'), to: at('2026-01-01') }]],
    ['when:2026-11-01..', [{ kind: 'when', negate: false, from: at('2026-11-01') }]],
    ['-when:..yesterday', [{ kind: 'when', negate: true, to: at('2026-11-15') }]],
  ])('%s', (text, expected) => {
    expect(clauses(text)).toEqual(expected)
  })

  test.each([
    ['when:', 'when:'],
    ['when:tomorrowish', 'when:'],
    ['when:2026-02-30', 'when:'],
    ['when:2026-13', 'when:'],
    ['when:..', 'when:'],
    ['when:a..b..c', 'when:'],
    ['outcome:perfect', 'outcome: can be pending, open, done'],
    ['outcome:', 'outcome: can be'],
    ['by:', 'by: needs something'],
    ['field:', 'field: needs'],
    ['nosuch:x', 'nothing called “nosuch”'],
    ['-ext:4711', 'turned round'],
    ['"open', 'quotation mark'],
  ])('%s is left out, in words', (text, problem) => {
    const query = parse(`smith ${text}`)
    expect(query.problems).toHaveLength(1)
    expect(query.problems[0]).toContain(problem)
    expect(query.clauses[0]).toEqual({ kind: 'text', negate: false, text: 'smith' })
  })
})

describe('completions of the history', () => {
  const texts = (search: string) => historyCompletionsFor(search).map(({ text }) => text)

  test('offer names, days, outcomes and fields for the last word', () => {
    expect(texts('nowak wh')).toEqual(['when:'])
    expect(texts('ti')).toEqual(['ticket:', 'title:'])
    expect(texts('when:last')).toEqual(['when:last-week', 'when:last-month'])
    expect(texts('-outcome:re')).toEqual(['-outcome:rejected'])
    expect(texts('field:ext')).toEqual(['field:ext'])
    expect(texts('')).toEqual([])
    expect(texts('ext:4711')).toEqual([])
  })

  test('every one of them is understood', () => {
    for (const search of ['when:', 'outcome:', 'field:']) {
      expect(texts(search).length).toBeGreaterThan(5)
      for (const each of texts(search)) expect(parse(each).problems).toEqual([])
    }
  })

  test('for a name that is none are the nearest ones', () => {
    expect(texts('tiket:CHG')).toContain('ticket:CHG')
    expect(historyCorrectionsOf('nowak outcom:refused')[0]?.search).toBe('nowak outcome:refused')
    expect(historyCorrectionsOf('when:today by:x title:y')).toEqual([])
  })
})
