import { useMemo, useRef, useState } from 'react'
import { foundOutOfSight } from '../../../../shared/query/match'
import { parseQuery } from '../../../../shared/query/parse'
import { labelOf } from '../../../../shared/user/catalogue'
import type { UserRow } from '../../../../shared/user/shapes'
import type { FieldPath } from '../../../../shared/user/types'
import { displayValue, fieldValue } from '../../../../shared/user/value'
import type { GridColumn } from '../../../grid/columns'
import { Marked } from '../../../grid/Marked'
import { usersSource } from '../store'

const noStates: ReadonlySet<never> = new Set()

/** Each field in which a row was found and that nobody sees, and what it says there. */
type Found = (row: UserRow) => readonly { readonly label: string; readonly text: string }[]

function finder(
  search: string,
  columns: readonly GridColumn<UserRow>[],
  seen: ReadonlySet<string>,
): Found | undefined {
  if (search.trim() === '') return undefined
  const query = parseQuery(search)
  const byPath = new Map(columns.map((column) => [column.id, column]))
  const known = new WeakMap<UserRow, ReturnType<Found>>()
  return (row) => {
    const before = known.get(row)
    if (before) return before
    const waiting = Object.entries(row.pending).map(([path, { new: mine }]) => [path, mine])
    const record = { ...row, fields: { ...row.fields, ...Object.fromEntries(waiting) }, extra: {} }
    const paths: readonly FieldPath[] = foundOutOfSight(query, { record, states: noStates }, (path) =>
      seen.has(path),
    )
    // Every field but one has a column: the path of a department is told with the department.
    const found = paths.map((path) => ({
      label: byPath.get(path)?.label ?? labelOf(path),
      text: byPath.get(path)?.text(row) ?? displayValue(path, fieldValue(row, path) ?? null),
    }))
    known.set(row, found)
    return found
  }
}

/**
 * A column that says where a search has found what no column in sight shows. It is there from the first such row on until
 * something else is searched, and comes last: the cursor keeps its column.
 * @returns the columns, and what to tell of those that are in sight
 */
export function useFoundColumn(columns: readonly GridColumn<UserRow>[]) {
  const [seen, setSeen] = useState<readonly string[]>()
  const answer = usersSource.latest()
  const search = answer?.search ?? ''
  const found = useMemo(
    () => (seen === undefined ? undefined : finder(search, columns, new Set(seen))),
    [search, columns, seen],
  )
  const shown = useRef({ search: '', on: false })
  if (shown.current.search !== search) shown.current = { search, on: false }
  if (!shown.current.on && found && answer?.rows.some((row) => found(row).length > 0)) shown.current.on = true
  const { on } = shown.current
  const marks = answer?.marks
  const withFound = useMemo(
    () => (on && found ? [...columns, foundColumn(found, marks ?? [])] : columns),
    [columns, on, found, marks],
  )
  return [withFound, setSeen] as const
}

function foundColumn(found: Found, marks: readonly string[]): GridColumn<UserRow> {
  return {
    id: 'found',
    label: 'Found in',
    width: 180,
    staysInSight: true,
    text: (row) =>
      found(row)
        .map(({ label, text }) => `${label}: ${text}`)
        .join(' · '),
    render: (row) =>
      found(row).map(({ label, text }, at) => (
        <span key={label}>
          {at > 0 && ' · '}
          <span className="quiet">{label}: </span>
          <Marked text={text} marks={marks} />
        </span>
      )),
  }
}
