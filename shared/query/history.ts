import { type AttemptOutcome, attemptOutcomes, outcomeNames, outcomeWords } from '../history/outcomes'
import type { FieldPath } from '../user/types'
import { digitsOf, fold, isWord } from './fold'
import {
  type Completion,
  type Correction,
  correctionsOf,
  nearestNames,
  searchNameOf,
  searchNames,
} from './names'
import { inNumberRun, looksLikeName, type Token, tokensOf } from './parse'
import { looksLikeNumber, numberTests } from './tests'

/** The texts of a history entry that words are looked for in. */
export type HistoryText = 'user' | 'fields' | 'vals' | 'outcome' | 'account' | 'reason' | 'batch'

export type HistoryClause = { readonly negate: boolean } & (
  | { readonly kind: 'text'; readonly of?: HistoryText; readonly text: string }
  /** A number in any of the ways in which it may be written; each is some texts, all of which are found. */
  | { readonly kind: 'number'; readonly of?: HistoryText; readonly ways: readonly (readonly string[])[] }
  | { readonly kind: 'fields'; readonly paths: readonly FieldPath[] }
  | { readonly kind: 'outcome'; readonly outcomes: readonly AttemptOutcome[] }
  /** Started at or after `from` and before `to`, in wall ms. */
  | { readonly kind: 'when'; readonly from?: number; readonly to?: number }
)

/** A search text, understood: an entry is found when every clause holds. */
export interface HistoryQuery {
  readonly clauses: readonly HistoryClause[]
  /** Mistakes in words, for people. What they are about was left out of the search. */
  readonly problems: readonly string[]
}

export interface Day {
  readonly year: number
  /** 1 to 12. A month or day beyond its range stands for the one so many later or earlier. */
  readonly month: number
  readonly day: number
}

/** Days as the person at the screen counts them. */
export interface Calendar {
  today(): Day
  /** Wall ms at which a day begins. */
  startOf(day: Day): number
}

const texts: Readonly<Record<string, HistoryText>> = {
  user: 'user',
  id: 'user',
  name: 'user',
  by: 'account',
  who: 'account',
  account: 'account',
  ticket: 'reason',
  reason: 'reason',
  batch: 'batch',
  value: 'vals',
}

const whenHelp =
  'when: takes a day (today, yesterday, 2026-11-01), this-week, last-week, this-month, last-month, a month, a year, 7d, or from..to.'

/** A stretch of time, from the start of its first day to the end of its last. */
interface Stretch {
  readonly from: number
  readonly to: number
}

const daysFrom = (calendar: Calendar, first: Day, last: Day): Stretch => ({
  from: calendar.startOf(first),
  to: calendar.startOf({ ...last, day: last.day + 1 }),
})

/** How many days a day lies after Monday. */
const sinceMonday = ({ year, month, day }: Day): number =>
  (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7

/** Weeks begin on Monday; what has begun ends today. */
const namedStretch = (word: string, today: Day, calendar: Calendar): Stretch | undefined => {
  const monday = { ...today, day: today.day - sinceMonday(today) }
  switch (word) {
    case 'week':
    case 'this-week':
      return daysFrom(calendar, monday, today)
    case 'last-week':
      return daysFrom(calendar, { ...monday, day: monday.day - 7 }, { ...monday, day: monday.day - 1 })
    case 'month':
    case 'this-month':
      return daysFrom(calendar, { ...today, day: 1 }, today)
    case 'last-month':
      return daysFrom(calendar, { ...today, month: today.month - 1, day: 1 }, { ...today, day: 0 })
    default:
      return undefined
  }
}

/** A day, a month, a year or a word for days; undefined when it is none of these. */
const stretchOf = (word: string, calendar: Calendar): Stretch | undefined => {
  const today = calendar.today()
  if (word === 'today') return daysFrom(calendar, today, today)
  if (word === 'yesterday') {
    const day = { ...today, day: today.day - 1 }
    return daysFrom(calendar, day, day)
  }
  const stretch = namedStretch(word, today, calendar)
  if (stretch !== undefined) return stretch
  const back = /^(\d{1,4})d$/.exec(word)
  if (back !== null) return daysFrom(calendar, { ...today, day: today.day - Number(back[1]) + 1 }, today)
  const date = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(word)
  if (date === null) return undefined
  const [year, month, day] = [Number(date[1]), Number(date[2] ?? 1), Number(date[3] ?? 1)]
  const longest = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (month < 1 || month > 12 || day < 1 || day > longest) return undefined
  const first = { year, month, day }
  if (date[2] === undefined) return daysFrom(calendar, first, { year, month: 12, day: 31 })
  if (date[3] === undefined) return daysFrom(calendar, first, { year, month, day: longest })
  return daysFrom(calendar, first, first)
}

const whenClause = (value: string, calendar: Calendar): { from?: number; to?: number } | undefined => {
  const ends = fold(value).replaceAll(' ', '-').split('..')
  if (ends.length > 2) return undefined
  const [first = '', last = first] = ends
  if (first === '' && last === '') return undefined
  const start = first === '' ? undefined : stretchOf(first, calendar)
  const end = last === '' ? undefined : stretchOf(last, calendar)
  if ((first !== '' && start === undefined) || (last !== '' && end === undefined)) return undefined
  return {
    ...(start === undefined ? {} : { from: start.from }),
    ...(end === undefined ? {} : { to: end.to }),
  }
}

/** What can stand before a colon beside the names of fields. */
export const historyNames = [
  { name: 'user', label: 'User, by name or ID' },
  { name: 'field', label: 'Which field changed' },
  { name: 'value', label: 'A value before or after' },
  { name: 'when', label: 'On which days' },
  { name: 'outcome', label: 'How it ended' },
  { name: 'by', label: 'Account it was made as' },
  { name: 'ticket', label: 'Reason or ticket' },
  { name: 'batch', label: 'Changes made together' },
] as const

const days = [
  ['today', 'Today'],
  ['yesterday', 'Yesterday'],
  ['this-week', 'This week, from Monday'],
  ['last-week', 'Last week'],
  ['this-month', 'This month'],
  ['last-month', 'Last month'],
  ['7d', 'The last seven days'],
  ['30d', 'The last thirty days'],
] as const

const isHistoryName = (written: string): boolean =>
  Object.hasOwn(texts, fold(written)) ||
  ['field', 'when', 'on', 'outcome', 'is'].includes(fold(written)) ||
  searchNameOf(written) !== undefined

/** What a search of the history may have meant where a name in it is none. */
export const historyCorrectionsOf = (text: string): readonly Correction[] =>
  correctionsOf(text, isHistoryName, historyNames)

/** Completions for the last word of a search of the history. */
export function historyCompletionsFor(text: string): readonly Completion[] {
  const [, minus = '', word = ''] = /(?:^|\s)(-?)([^\s"]*)$/.exec(text) ?? []
  const colon = word.indexOf(':')
  const start = fold(colon < 0 ? word : word.slice(colon + 1))
  const begun = (choices: readonly (readonly [string, string])[], before = '') =>
    choices
      .filter(([name]) => name.startsWith(start))
      .map(([name, label]) => ({ text: `${minus}${before}${name}`, label }))
  if (colon < 0) {
    if (start === '') return []
    const fields = searchNames.map(({ name, label }) => [`${name}:`, `${label}, changed from or to`] as const)
    const own = historyNames.map(({ name, label }) => [`${name}:`, label] as const)
    const names = new Set(own.map(([name]) => name as string))
    return begun([...own, ...fields.filter(([name]) => !names.has(name))])
  }
  const name = word.slice(0, colon)
  switch (fold(name)) {
    case 'when':
    case 'on':
      return begun(days, `${name}:`)
    case 'outcome':
    case 'is':
      return begun(
        attemptOutcomes.map(
          (outcome) => [outcomeNames[outcome][0] ?? outcome, outcomeWords[outcome]] as const,
        ),
        `${name}:`,
      )
    case 'field':
      return begun(
        searchNames.map((field) => [field.name, `${field.label} changed`] as const),
        `${name}:`,
      )
  }
  if (isHistoryName(name)) return []
  return nearestNames(name, historyNames).map((near) => ({
    text: `${minus}${near.name}:${word.slice(colon + 1)}`,
    label: near.label,
  }))
}

/** The parts of a word between its stars. Each must be found. */
const partsOf = (value: string): string[] =>
  fold(value)
    .split('*')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const textClauses = (
  value: string,
  negate: boolean,
  of?: HistoryText,
  words: readonly string[] = [value],
): HistoryClause[] => {
  const within = of === undefined ? {} : { of }
  const ways = numberWays(words)
  if (ways.length > 1) return [{ kind: 'number', negate, ways, ...within }]
  return partsOf(value).map((text) => ({ kind: 'text', negate, text, ...within }))
}

/** Shorter texts are not found by the index, and say little of a number. */
const shortestPart = 3

/**
 * The ways in which the words of a number may stand in an entry: as they were typed, each by itself, or the whole as
 * numbers are kept for the search. One way only for what is no number, or the same in every dress.
 */
function numberWays(words: readonly string[]): string[][] {
  const whole = fold(words.join(' '))
  if (whole.includes('*') || !looksLikeNumber(whole) || digitsOf(whole).length < shortestPart) return []
  const single = words.map(fold)
  const ways = [
    [whole],
    ...(single.length > 1 && single.every((word) => word.length >= shortestPart) ? [single] : []),
    ...numberTests(whole, false).map(({ parts }) => [...parts]),
  ]
  const told = new Map(ways.map((texts) => [texts.join('\n'), texts]))
  return [...told.values()].filter((texts) => texts.every((text) => text.length >= shortestPart))
}

const outcomeClause = ({ negate, value }: Token, problems: string[]): HistoryClause[] => {
  const word = fold(value).replace(/ /g, '-')
  const outcomes =
    word === '' ? [] : attemptOutcomes.filter((outcome) => outcomeNames[outcome].includes(word))
  if (outcomes.length > 0) return [{ kind: 'outcome', negate, outcomes }]
  const known = [...new Set(attemptOutcomes.flatMap((outcome) => outcomeNames[outcome]))]
  problems.push(`outcome: can be ${known.join(', ')}.`)
  return []
}

const fieldClauses = ({ negate, name, value }: Token, problems: string[]): HistoryClause[] => {
  const isField = fold(name ?? '') === 'field'
  const written = isField ? value : (name ?? '')
  const known = searchNameOf(written)
  if (known === undefined) {
    if (isField && fold(value) !== '') return textClauses(value, negate, 'fields')
    if (isField) {
      problems.push('field: needs the name of a field.')
      return []
    }
    // A path, a time, an address: what stands before the colon is part of the text.
    if (value === '' || looksLikeName(written)) {
      problems.push(
        `There is nothing called “${written}” to search by. “${written}:${value}” is looked for as text.`,
      )
    }
    return textClauses(`${written}:${value}`, negate)
  }
  const changed: HistoryClause = { kind: 'fields', negate, paths: known.paths }
  if (isField) return [changed]
  if (negate) {
    problems.push(`-${written}: cannot be turned round here. Use -field:${written} or -value:.`)
    return []
  }
  return [changed, ...textClauses(value, false, 'vals')]
}

/** Words that may be one number are taken as one. */
function inRuns(tokens: readonly Token[]): Token[] {
  const taken: Token[] = []
  let run: string[] = []
  const end = () => {
    if (numberWays(run).length > 1) taken.push({ negate: false, quoted: false, value: run.join(' ') })
    else for (const value of run) taken.push({ negate: false, quoted: false, value })
    run = []
  }
  for (const token of tokens) {
    if (inNumberRun(token)) run.push(token.value)
    else {
      end()
      taken.push(token)
    }
  }
  end()
  return taken
}

/**
 * Understands a search text of the history. Never fails: what is not understood is said in `problems` and left out.
 *
 * Words are looked for in the user, the fields and their values, the outcome, the account, the reason and the batch.
 * `user:`, `by:`, `ticket:`, `batch:`, `value:` look in one of these, `field:` asks which field changed, `outcome:` how
 * it ended, `when:` on which days. The name of a field with a value (`ext:4711`) finds changes of that field from or to
 * such a value. A minus in front turns a condition round.
 */
export const parseHistoryQuery = (text: string, calendar: Calendar): HistoryQuery => {
  const problems: string[] = []
  const clauses = inRuns(tokensOf(text, problems)).flatMap((token): HistoryClause[] => {
    const { negate, value } = token
    if (token.name === undefined) {
      const words = token.quoted ? [value] : value.split(' ')
      return isWord(value) ? textClauses(value, negate, undefined, words) : []
    }
    const name = fold(token.name)
    if (name === 'when' || name === 'on') {
      const when = whenClause(value, calendar)
      if (when === undefined) problems.push(whenHelp)
      return when === undefined ? [] : [{ kind: 'when', negate, ...when }]
    }
    if (name === 'outcome' || name === 'is') return outcomeClause(token, problems)
    if (!Object.hasOwn(texts, name)) return fieldClauses(token, problems)
    const found = textClauses(value, negate, texts[name])
    if (found.length === 0) problems.push(`${token.name}: needs something to look for.`)
    return found
  })
  return { clauses, problems }
}
