import { type Field, fieldAt, labelOf } from '../user/catalogue'
import type { FieldPath } from '../user/types'
import { callColumns, columnAt, searchColumns } from './columns'
import { searchNames } from './names'
import { type Clause, freeColumns, type Query } from './parse'

/**
 * Whether only a full record tells the field. List rows tell a department by its path; what no read of a user tells
 * can never become known, so nothing is said about it.
 */
const onlyInFull = ({ path, inRow, inDetail }: Field): boolean => inDetail && !inRow && path !== 'department'

/** Numbers of the columns of which a list row says nothing, neither a value nor that there is none. */
const unreadInRows: ReadonlySet<number> = new Set(
  searchColumns.flatMap(({ field }, number) => (field === undefined || onlyInFull(field) ? [number] : [])),
)

/** Numbers of the columns of call handling: of each user they are read by themselves, whatever record there is of it. */
export const readApart: ReadonlySet<number> = new Set(
  searchColumns.flatMap(({ calls }, number) => (calls === undefined ? [] : [number])),
)

const forwardedTo = columnAt('calls.forwardedTo') as number

const isFree = (columns: readonly number[]): boolean =>
  columns.length === freeColumns.length && columns.every((number, place) => number === freeColumns[place])

/**
 * The columns that have to be known before it can be said of a user that a clause does not hold. None for words without a
 * field's name: nobody can be sure of every option, so those are looked for in what is known.
 */
export const decidedBy = (clause: Clause): number[] =>
  clause.kind === 'leads'
    ? [forwardedTo]
    : clause.kind === 'is' || clause.kind === 'run' || isFree(clause.columns)
      ? []
      : clause.columns.filter((number) => unreadInRows.has(number))

/** The columns of these fields that list rows do not tell. */
export const unreadColumnsOf = (paths: readonly FieldPath[]): number[] =>
  paths.flatMap((path) => columnAt(path) ?? []).filter((number) => unreadInRows.has(number))

/** Whether the column of a sort key is unread in list rows. */
export const unreadInRow = (path: FieldPath): boolean => unreadInRows.has(columnAt(path) ?? -1)

/** What a search and sort ask of users that list rows do not tell. */
export interface Asked {
  /** The fields, as a person calls them. */
  readonly labels: readonly string[]
  readonly columns: readonly number[]
  /** Words without a field's name were looked for: in list rows only in what those tell. */
  readonly words: boolean
}

const clauseLabel = (columns: readonly number[]): string => {
  const named = searchNames.find(({ paths }) => {
    const numbers = paths.flatMap((path) => columnAt(path) ?? [])
    return numbers.length === columns.length && numbers.every((number, place) => number === columns[place])
  })
  const first = searchColumns[columns[0] ?? -1]
  return named?.label ?? first?.label ?? ''
}

/** What of a query and a sort only full records can answer. */
export const askedOf = (
  { clauses }: Pick<Query, 'clauses'>,
  sort: readonly { readonly path: FieldPath }[],
): Asked => {
  const labels = new Set<string>()
  const columns = new Set<number>()
  let words = false
  for (const clause of clauses) {
    if (clause.kind === 'run' || (clause.kind === 'columns' && isFree(clause.columns))) words = true
    const open = decidedBy(clause)
    if (open.length === 0 || clause.kind === 'is' || clause.kind === 'run') continue
    labels.add(clauseLabel(clause.kind === 'leads' ? open : clause.columns))
    for (const number of open) columns.add(number)
  }
  for (const { path } of sort) {
    if (!unreadInRow(path)) continue
    labels.add(
      callColumns.find((column) => column.path === path)?.label ?? labelOf(fieldAt(path)?.path ?? path),
    )
    columns.add(columnAt(path) as number)
  }
  return { labels: [...labels], columns: [...columns], words }
}
