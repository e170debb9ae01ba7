import { columnAt, searchColumns } from './columns'
import { digitsOf, fold, isWord } from './fold'
import { forwarded, type Leading, leadings } from './forwarding'
import {
  callWordsOf,
  nearestNames,
  ownNames,
  type SearchName,
  searchNameOf,
  type UserStateName,
  userStates,
} from './names'
import { contains, equals, type LineTest, looksLikeNumber, numberTests, starts, textTest } from './tests'

/** Passes when any line of any of the columns passes any of the tests for its kind. */
export interface ColumnTests {
  /** Numbers of columns in `searchColumns`. */
  readonly columns: readonly number[]
  readonly texts: readonly LineTest[]
  readonly numbers: readonly LineTest[]
}

export type Clause =
  | ({
      readonly kind: 'columns'
      readonly negate: boolean
      /** A quoted phrase, folded: also found across first and last name, in either order. */
      readonly phrase?: string
    } & ColumnTests)
  | {
      /** Words that are together one number, as in `089 1234 5678`: each of them is found, or the whole is. */
      readonly kind: 'run'
      readonly negate: false
      readonly words: readonly ColumnTests[]
      readonly joined: ColumnTests
    }
  | { readonly kind: 'has'; readonly negate: boolean; readonly columns: readonly number[] }
  | { readonly kind: 'leads'; readonly negate: boolean; readonly to: Leading }
  | { readonly kind: 'is'; readonly negate: boolean; readonly state: UserStateName }

/** A search text, understood. A user is found when every clause holds. */
export interface Query {
  readonly clauses: readonly Clause[]
  /** Users that pass any of these come first: exact user id, extension or number. */
  readonly exact: readonly ColumnTests[]
  /** Mistakes in words, for people. What they are about was left out of the search. */
  readonly problems: readonly string[]
  /** Folded words to mark in the cells. */
  readonly marks: readonly string[]
}

/** The columns in which words without a field's name are looked for. */
export const freeColumns = searchColumns.flatMap(({ free }, number) => (free ? [number] : []))

const columnsOf = (paths: readonly string[]): number[] => paths.flatMap((path) => columnAt(path) ?? [])

const idColumns = columnsOf(['userId'])
const extensionColumns = columnsOf(['extension'])
const ownNumbers = columnsOf(['phoneNumber', 'mobilePhoneNumber'])

/** Nobody's whole number is shorter. */
const shortestNumber = 5

export interface Token {
  readonly negate: boolean
  readonly name?: string
  readonly value: string
  readonly quoted: boolean
}

/** What programs put in front of a number or an address that can be clicked. */
const link = /^["“<]?(?:tel|callto|sips?|mailto):/iu
const nameBefore = /^(\p{L}[\p{L}\p{N}_.-]*):/u
// A MAC address and a URL have colons too.
const notAName = /^(?:[0-9a-f]{2}:){2}|^\p{L}+:\/\//iu
const openingQuotes = '"“„«'
const closingQuote = /["”“»]/

/** The words of a search text, with names and quotation marks taken off. */
export const tokensOf = (text: string, problems: string[]): Token[] => {
  const tokens: Token[] = []
  let rest = text.trimStart()
  while (rest !== '') {
    const negate = /^-\S/.test(rest)
    if (negate) rest = rest.slice(1)
    const clicked = link.exec(rest)?.[0]
    if (clicked !== undefined) {
      // What stands behind a semicolon is for the program: `tel:+1513;phone-context=…`.
      rest = rest
        .slice(clicked.length)
        .replace(/^(\S*?);[^\s"”>]*/, '$1')
        .replace(/^(\S*)["”>]/, '$1')
    }
    const name = notAName.test(rest) ? undefined : nameBefore.exec(rest)?.[1]
    if (name !== undefined) rest = rest.slice(name.length + 1)
    let value: string
    const quoted = rest !== '' && openingQuotes.includes(rest.charAt(0))
    if (quoted) {
      const end = rest.slice(1).search(closingQuote)
      if (end < 0) problems.push('A quotation mark has no partner: everything behind it is one phrase.')
      value = end < 0 ? rest.slice(1) : rest.slice(1, end + 1)
      rest = end < 0 ? '' : rest.slice(end + 2)
    } else {
      value = /^\S*/.exec(rest)?.[0] ?? ''
      rest = rest.slice(value.length)
    }
    tokens.push(name === undefined ? { negate, value, quoted } : { negate, name, value, quoted })
    rest = rest.trimStart()
  }
  return tokens
}

/** Whether what stands before a colon was probably meant as a name, and not as a drive or a part of a time. */
export const looksLikeName = (written: string): boolean => /^[\p{L}\p{N}_]{3,}$/u.test(written)

const unknownName = (name: string): string => {
  const [meant] = nearestNames(name, ownNames)
  return `There is no field called “${name}”.${meant === undefined ? '' : ` Did you mean ${meant.name}:?`}`
}

interface Found {
  readonly clauses: Clause[]
  readonly exact: ColumnTests[]
  readonly problems: string[]
  readonly marks: Set<string>
}

const mark = (found: Found, tests: readonly LineTest[]): void => {
  for (const { parts } of tests) for (const part of parts) found.marks.add(part.replace(/^\+(?=\d+$)/, ''))
}

/** What makes a user the one that was meant: the whole user id or the part before the @, the extension, the number. */
const exactTests = (written: string): ColumnTests[] => {
  const text = fold(written)
  if (text === '' || text.includes('*')) return []
  const exact: ColumnTests[] = [
    { columns: idColumns, texts: [equals(text), starts(`${text}@`)], numbers: [] },
  ]
  const numbers = numberTests(written, true)
  if (numbers.length > 0) {
    const long = digitsOf(written).length >= shortestNumber
    exact.push({
      columns: long ? [...extensionColumns, ...ownNumbers] : extensionColumns,
      texts: [],
      numbers,
    })
  }
  return exact
}

const wordTests = (value: string): ColumnTests | undefined => {
  const text = fold(value)
  // Punctuation alone is a word that is still being typed.
  if (!isWord(text)) return undefined
  const wild = text.includes('*')
  const test = wild ? textTest(value, false) : contains(text)
  if (test === undefined) return undefined
  const texts = [test]
  const digits = digitsOf(value)
  if (!wild && looksLikeNumber(value) && digits !== text && digits.length >= 3) texts.push(contains(digits))
  return { columns: freeColumns, texts, numbers: numberTests(value, false) }
}

const freeWord = ({ negate, value, quoted }: Token, found: Found): void => {
  const tests = wordTests(value)
  if (tests === undefined) return
  const text = fold(value)
  const phrase = quoted && !text.includes('*') && text.includes(' ')
  found.clauses.push({ kind: 'columns', negate, ...tests, ...(phrase ? { phrase: text } : {}) })
  if (negate) return
  mark(found, tests.texts)
  found.exact.push(...exactTests(value))
}

const numberRun = (words: readonly string[], found: Found): void => {
  const tests = words.flatMap((word) => wordTests(word) ?? [])
  const whole = words.join(' ')
  found.clauses.push({
    kind: 'run',
    negate: false,
    words: tests,
    joined: {
      columns: freeColumns,
      texts: [contains(digitsOf(whole))],
      numbers: numberTests(whole, false),
    },
  })
  for (const { texts } of tests) mark(found, texts)
  found.exact.push({ columns: ownNumbers, texts: [], numbers: numberTests(whole, true) })
  for (const word of words) found.exact.push(...exactTests(word))
}

const isOfCalls = ({ paths }: SearchName): boolean =>
  columnsOf(paths).some((column) => searchColumns[column]?.calls !== undefined)

const stateClause = ({ negate, value }: Token, found: Found): void => {
  const state = userStates.find((known) => known === fold(value))
  if (state === undefined) found.problems.push(`is: can be ${userStates.join(', ')}.`)
  else found.clauses.push({ kind: 'is', negate, state })
}

/** What is asked of call handling: one of a few words, or where to. */
const callClause = (
  { negate, value, quoted }: Token,
  called: SearchName,
  has: boolean,
  found: Found,
): void => {
  const columns = columnsOf(called.paths)
  const isNumber = searchColumns[columns[0] ?? -1]?.kind === 'number'
  const any = (words: readonly string[]): void => {
    const tests = words.map(equals)
    found.clauses.push({
      kind: 'columns',
      negate,
      columns,
      texts: isNumber ? [] : tests,
      numbers: isNumber ? tests : [],
    })
  }
  const text = fold(value)
  if (has || /^\*+$/.test(text)) {
    any(isNumber ? [forwarded] : ['on', 'off'])
    return
  }
  const lead = leadings.find((word) => word === text)
  if (isNumber && lead !== undefined) {
    found.clauses.push({ kind: 'leads', negate, to: lead })
    return
  }
  const words = callWordsOf(called).map(({ word }) => word)
  if (words.includes(text)) {
    any([text])
    return
  }
  const numbers = !isNumber
    ? []
    : text.includes('@')
      ? [textTest(value, quoted) ?? []].flat()
      : numberTests(value, true)
  if (numbers.length === 0) {
    const or = isNumber ? `, or a number, such as ${called.name}:+1513*` : ''
    found.problems.push(`${called.name}: can be ${words.join(', ')}${or}.`)
    return
  }
  found.clauses.push({ kind: 'columns', negate, columns, texts: [], numbers })
  if (!negate) mark(found, numbers)
}

const fieldClause = (token: Token, name: string, found: Found): void => {
  const { negate, value, quoted } = token
  const has = fold(name) === 'has'
  const written = has ? value : name
  if (has && value === '') {
    found.problems.push('has: needs the name of a field, such as has:alias.')
    return
  }
  const known = searchNameOf(written)
  if (known === undefined) {
    const help = unknownName(written)
    if (has) found.problems.push(help)
    else {
      // A path, a time, an address: what stands before the colon is part of the text.
      if (value === '' || nearestNames(written, ownNames).length > 0 || looksLikeName(written)) {
        found.problems.push(`${help} “${name}:${value}” is looked for as text.`)
      }
      freeWord({ negate, value: `${name}:${value}`, quoted }, found)
    }
    return
  }
  if (isOfCalls(known)) {
    callClause(token, known, has, found)
    return
  }
  const columns = columnsOf(known.paths)
  if (has) {
    found.clauses.push({ kind: 'has', negate, columns })
    return
  }
  if (fold(value) === '') {
    found.problems.push(`${name}: needs something to look for.`)
    return
  }
  const test = textTest(value, quoted)
  const hasText = columns.some((column) => searchColumns[column]?.kind === 'text')
  const numbers = numberTests(value, true)
  if (!hasText && numbers.length === 0) {
    found.problems.push(`${name}: looks in numbers: write digits, such as ${name}:1234.`)
    return
  }
  // A star alone asks for anything at all.
  if (test === undefined) {
    found.clauses.push({ kind: 'has', negate, columns })
    return
  }
  found.clauses.push({ kind: 'columns', negate, columns, texts: hasText ? [test] : [], numbers })
  if (negate) return
  mark(found, hasText ? [test] : numbers)
  found.exact.push(
    ...exactTests(value).filter((exact) => exact.columns.some((column) => columns.includes(column))),
  )
}

/** Whether a word may be a part of a number that is written in several. */
export const inNumberRun = ({ negate, name, value, quoted }: Token): boolean =>
  !negate && name === undefined && !quoted && !value.includes('*') && looksLikeNumber(value)

/**
 * Understands a search text. Never fails: what is not understood is said in `problems` and left out.
 *
 * Words are looked for in every text of a user, in any order. `name:value` looks in one field (see `names.ts`): numbers
 * must be equal, texts contain the value; quoted, the whole text must be equal; with a star, the rest may be anything.
 * `has:name` and `is:state` ask what they say, and a minus in front of anything turns it round.
 */
export const parseQuery = (text: string): Query => {
  const found: Found = { clauses: [], exact: [], problems: [], marks: new Set() }
  const tokens = tokensOf(text, found.problems)
  for (let place = 0; place < tokens.length; place++) {
    const run: string[] = []
    for (let next = tokens[place]; next !== undefined && inNumberRun(next); next = tokens[++place]) {
      run.push(next.value)
    }
    if (run.length > 1) numberRun(run, found)
    else if (run.length === 1) freeWord({ negate: false, value: run[0] ?? '', quoted: false }, found)
    const token = tokens[place]
    if (token === undefined) break
    if (token.name === undefined) freeWord(token, found)
    else if (fold(token.name) === 'is') stateClause(token, found)
    else fieldClause(token, token.name, found)
  }
  return { ...found, marks: [...found.marks] }
}
