import type { FieldPath, UserRecord } from '../user/types'
import { foldedLines, linesOf, type SearchColumn, type Surroundings, searchColumns } from './columns'
import { type Enterprise, leadOfAll } from './forwarding'
import { decidedBy, readApart } from './known'
import type { UserStateName } from './names'
import type { Clause, ColumnTests, Query } from './parse'
import { passes } from './tests'

/** A user with what the search may ask about it. */
export interface Searched {
  readonly record: UserRecord
  readonly states: ReadonlySet<UserStateName>
  readonly around?: Surroundings
  /** What is known of its enterprise and group; left out: nothing. */
  readonly enterprise?: Enterprise
}

const nothingKnown: Enterprise = {
  knows: () => false,
  hasDomain: () => false,
  extensionLengths: new Set(),
}

const folded = (column: SearchColumn, { record, around }: Searched): string[] =>
  foldedLines(linesOf(column, record, around))

const passesColumns = ({ columns, texts, numbers }: ColumnTests, user: Searched): boolean =>
  columns.some((number) => {
    const column = searchColumns[number]
    if (column === undefined) return false
    const tests = column.kind === 'number' ? numbers : texts
    return tests.length > 0 && folded(column, user).some((line) => tests.some((test) => passes(test, line)))
  })

const passesPhrase = (phrase: string, user: Searched): boolean => {
  const of = (path: string): string => {
    const column = searchColumns.find((candidate) => candidate.path === path)
    return column === undefined ? '' : (folded(column, user)[0] ?? '')
  }
  const [first, last] = [of('firstName'), of('lastName')]
  if (first === '' || last === '') return false
  return `${first} ${last}`.includes(phrase) || `${last} ${first}`.includes(phrase)
}

const forwardedTo = searchColumns.find(({ calls }) => calls === 'forwards') as SearchColumn

const holds = (clause: Clause, user: Searched): boolean => {
  switch (clause.kind) {
    case 'is':
      return user.states.has(clause.state)
    case 'has':
      return clause.columns.some((number) => {
        const column = searchColumns[number]
        return column !== undefined && folded(column, user).length > 0
      })
    case 'leads':
      return leadOfAll(folded(forwardedTo, user), user.enterprise ?? nothingKnown) === clause.to
    case 'run':
      return clause.words.every((word) => passesColumns(word, user)) || passesColumns(clause.joined, user)
    case 'columns':
      return passesColumns(clause, user) || (clause.phrase !== undefined && passesPhrase(clause.phrase, user))
  }
}

/** Whether what is known of the user is enough to say that a clause does not hold. */
const isDecided = (clause: Clause, user: Searched): boolean =>
  decidedBy(clause).every(
    (number) =>
      (!user.states.has('row') && !readApart.has(number)) ||
      folded(searchColumns[number] as SearchColumn, user).length > 0,
  )

/**
 * Whether a user is found by a query: the meaning of the search language, one user at a time. A field that is not known is
 * neither full nor empty: `-title:x` and `-has:title` find nobody whose title was not read.
 */
export const matches = (query: Query, user: Searched): boolean =>
  query.clauses.every((clause) =>
    clause.negate ? !holds(clause, user) && isDecided(clause, user) : holds(clause, user),
  )

/**
 * Where a user was found by what is not seen: for each part of the query that holds in none of the fields in sight, one
 * field in which it does.
 * @param inSight whether a person sees the field of this path
 */
export function foundOutOfSight(
  query: Query,
  user: Searched,
  inSight: (path: FieldPath) => boolean,
): FieldPath[] {
  const found = new Set<FieldPath>()
  // Where only its path is known, that is what is shown of a department.
  const byPath = !Object.hasOwn(user.record.fields, 'department')
  const path = (number: number): FieldPath => {
    const path = searchColumns[number]?.path ?? ''
    return path === 'departmentFullPath' && byPath ? 'department' : path
  }
  /** The tests of the columns that are in sight, or of those that are not. */
  const part = (tests: ColumnTests, seen: boolean): ColumnTests => ({
    ...tests,
    columns: tests.columns.filter((number) => inSight(path(number)) === seen),
  })
  const note = (tests: ColumnTests): boolean => {
    const hidden = part(tests, false)
    const at = hidden.columns.find((number) => passesColumns({ ...hidden, columns: [number] }, user))
    if (at !== undefined) found.add(path(at))
    return at !== undefined
  }
  const seen = (tests: ColumnTests) => passesColumns(part(tests, true), user)
  for (const clause of query.clauses) {
    if (clause.negate || clause.kind === 'is' || clause.kind === 'leads') continue
    if (clause.kind === 'has') {
      const full = clause.columns.filter(
        (number) => folded(searchColumns[number] as SearchColumn, user).length > 0,
      )
      if (full[0] !== undefined && !full.some((number) => inSight(path(number)))) found.add(path(full[0]))
    } else if (clause.kind === 'run') {
      if (seen(clause.joined) || clause.words.every(seen)) continue
      if (!note(clause.joined)) for (const word of clause.words) if (!seen(word)) note(word)
    } else if (!seen(clause) && !(clause.phrase !== undefined && passesPhrase(clause.phrase, user))) {
      note(clause)
    }
  }
  return [...found]
}

/** Whether a user belongs in front of the others that are found. */
export const isExact = (query: Query, user: Searched): boolean =>
  query.exact.some((tests) => passesColumns(tests, user))
