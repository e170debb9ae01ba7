import { byteOrderMark, csvLine } from '../../../../shared/csv'
import type { UserRow } from '../../../../shared/ipc/contract'
import { fields, labelOf } from '../../../../shared/user/catalogue'
import { cellText, clearWord, marked, unmarked, unreadWord } from '../../../../shared/user/cell'
import { keyPaths } from '../../../../shared/user/sheet'
import type { FieldPath } from '../../../../shared/user/types'
import { fieldValue, notRead } from '../../../../shared/user/value'
import { savedOf } from '../saved'
import type { BatchResult } from './batch'

/** Every field that has a column: all but secrets. */
export const exportedPaths: readonly FieldPath[] = fields
  .filter(({ secret }) => !secret)
  .map(({ path }) => path)

/** The user id first, then what was asked for: a file without it could not be read back. */
export function columnsOf(paths: readonly FieldPath[] | undefined): FieldPath[] {
  const wanted = paths === undefined ? exportedPaths : exportedPaths.filter((path) => paths.includes(path))
  return [...new Set<FieldPath>([...keyPaths, ...wanted])]
}

/**
 * A field of a user as a cell. One that was not read says so, so that nobody takes it for empty; read back, it changes
 * nothing.
 */
export const exportedCell = (saved: UserRow, path: FieldPath): string => {
  const value = fieldValue(saved, path)
  if (value !== undefined) return marked(cellText(path, value))
  return path === 'department' || notRead(saved, path) ? unreadWord : ''
}

/** Users as CSV, portion by portion; see {@link exportedCell}. */
export function* usersCsv(
  paths: readonly FieldPath[],
  portions: Iterable<readonly UserRow[]>,
): Generator<{ readonly text: string; readonly users: number }> {
  yield { text: byteOrderMark + csvLine(paths.map((path) => marked(labelOf(path)))), users: 0 }
  for (const rows of portions) {
    if (rows.length === 0) continue
    const lines = rows.map((row) => {
      const saved = savedOf(row)
      return csvLine(paths.map((path) => exportedCell(saved, path)))
    })
    yield { text: lines.join(''), users: rows.length }
  }
}

/** What stood in the file, with no formula in it. */
const safe = (typed: string) => (typed.trim().toLowerCase() === clearWord ? typed : marked(unmarked(typed)))

/** What has become of a batch, as CSV. */
export function* resultCsv(results: Iterable<BatchResult>): Generator<string> {
  yield byteOrderMark + csvLine(['Line', 'User ID', 'Field', 'Before', 'Asked', 'Result', 'Why not'])
  for (const { line, user, path, edit, result, why } of results) {
    const text = (value: (typeof edit & object)['mine']) =>
      path === undefined || value === undefined ? '' : cellText(path, value)
    yield csvLine([
      line === undefined ? '' : String(line),
      marked(user.userId),
      path === undefined ? '' : labelOf(path),
      marked(text(edit?.base)),
      edit?.typed === undefined ? marked(text(edit?.mine)) : safe(edit.typed),
      result,
      marked(why ?? ''),
    ])
  }
}
