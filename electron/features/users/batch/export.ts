import { callFields, type ServiceId, serviceAt } from '../../../../shared/calls/catalogue'
import { forwardServices } from '../../../../shared/calls/glance'
import { byteOrderMark, csvLine } from '../../../../shared/csv'
import { callColumns } from '../../../../shared/query/columns'
import { notForwarded, notForwardedWords } from '../../../../shared/query/forwarding'
import { fields, labelOf } from '../../../../shared/user/catalogue'
import { cellText, clearWord, lackedWord, marked, unmarked, unreadWord } from '../../../../shared/user/cell'
import type { UserRow } from '../../../../shared/user/shapes'
import { keyPaths } from '../../../../shared/user/sheet'
import type { FieldPath } from '../../../../shared/user/types'
import { fieldValue, notRead } from '../../../../shared/user/value'
import { savedOf } from '../saved'
import type { BatchResult } from './batch'
import type { RuledRow } from './source'

/** Every option that has a column: all but secrets. */
const optionPaths: readonly FieldPath[] = fields.filter(({ secret }) => !secret).map(({ path }) => path)

/** What a list tells of one service is that service's switch, under the same name: as such it can be read back. */
const switchOf: Readonly<Record<FieldPath, FieldPath>> = {
  'calls.doNotDisturb': 'doNotDisturb.isActive',
  'calls.voiceMail': 'voiceMessaging.isActive',
  'calls.remoteOffice': 'remoteOffice.isActive',
}

/** What is made of several services, and these. */
const madeOf: Readonly<Record<FieldPath, readonly ServiceId[]>> = { 'calls.forwardedTo': forwardServices }

/** Every field that has a column, in the order in which it has. */
const exportedPaths: readonly FieldPath[] = [
  ...optionPaths,
  ...Object.keys(madeOf),
  ...callFields.map(({ path }) => path),
]

/** The user id first, then what was asked for, or every option: a file without it could not be read back. */
export function columnsOf(paths: readonly FieldPath[] = optionPaths): FieldPath[] {
  const asked = new Set(paths.map((path) => switchOf[path] ?? path))
  return [...new Set<FieldPath>([...keyPaths, ...exportedPaths.filter((path) => asked.has(path))])]
}

/** The services that are to be known for a file with these columns. */
export const servicesIn = (columns: readonly FieldPath[]): ServiceId[] => [
  ...new Set(columns.flatMap((path) => madeOf[path] ?? serviceAt(path) ?? [])),
]

/** What stands above a column. */
export const headingOf = (path: FieldPath): string =>
  callColumns.find((column) => column.path === path)?.label ?? labelOf(path)

/**
 * A field of a user as a cell. One that was not read, and one of a service that the user does not have, says so, so that
 * nobody takes it for empty; read back, it changes nothing.
 * @param dressed a text as it is written so that it is read back as that text
 */
export const exportedCell = (
  saved: RuledRow,
  path: FieldPath,
  dressed: (text: string) => string = marked,
): string => {
  if (Object.hasOwn(madeOf, path)) return toldCell(saved, path, dressed)
  const value = fieldValue(saved, path)
  if (value !== undefined) return dressed(cellText(path, value))
  const service = serviceAt(path)
  // Of a service, also what was not understood is not known.
  if (service !== undefined) return saved.lacks?.includes(service) ? lackedWord : unreadWord
  return path === 'department' || notRead(saved, path) ? unreadWord : ''
}

function toldCell({ calls }: UserRow, path: FieldPath, dressed: (text: string) => string): string {
  const told = calls !== undefined && Object.hasOwn(calls, path) ? calls[path] : undefined
  if (told === undefined) return unreadWord
  return told === notForwarded ? notForwardedWords : dressed(told)
}

/** Users as CSV, portion by portion; see {@link exportedCell}. */
export function* usersCsv(
  paths: readonly FieldPath[],
  portions: Iterable<readonly RuledRow[]>,
): Generator<{ readonly text: string; readonly users: number }> {
  yield { text: byteOrderMark + csvLine(paths.map((path) => marked(headingOf(path)))), users: 0 }
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
