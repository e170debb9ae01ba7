import { basisOf } from '../../../../shared/change/basis'
import { callColumns, type SearchColumn } from '../../../../shared/query/columns'
import { notForwarded, notForwardedWords } from '../../../../shared/query/forwarding'
import { editable, type Field, fields, labelOf } from '../../../../shared/user/catalogue'
import { unreadWord } from '../../../../shared/user/cell'
import type { UserRow } from '../../../../shared/user/shapes'
import type { FieldPath } from '../../../../shared/user/types'
import {
  departmentText,
  displayValue,
  type fieldValue,
  notRead,
  recordedValue,
} from '../../../../shared/user/value'
import type { CellLook, GridColumn } from '../../../grid/columns'
import { lockedBecause } from '../../../kernel/status'
import { oldToNew } from '../../../ui/words'
import { type Drafts, wasBefore } from '../drafts/drafts'
import { shownValue } from '../shownValue'
import { stateColumn } from './stateColumn'

/**
 * Shown at first, in this order; every other field of the catalogue can be chosen. Wide enough for their headings and for a
 * number with its country; together they fit beside the details in 1920 px.
 */
const first: Readonly<Record<FieldPath, number>> = {
  lastName: 96,
  firstName: 94,
  userId: 189,
  phoneNumber: 132,
  extension: 84,
  groupId: 104,
  emailAddress: 176,
  title: 116,
  mobilePhoneNumber: 120,
  department: 124,
}

/** Texts that are often longer than their column. */
const growing: ReadonlySet<FieldPath> = new Set([
  'lastName',
  'firstName',
  'userId',
  'emailAddress',
  'title',
  'department',
])

/** Not in a cell: its change has to be explained first. What has several parts is written in the details. */
const notInPlace: ReadonlySet<FieldPath> = new Set(['endpointType'])

/** Whether a cell takes typed text for the field; the others are changed in the details, or not by this sign-in. */
export const editableInPlace = (field: Field): boolean =>
  editable(field) &&
  !notInPlace.has(field.path) &&
  (field.parts === undefined || field.compare === 'department' || field.compare === 'device') &&
  lockedBecause(field.path) === undefined

/** Changed with the server at once, by an entry of the menu Actions. */
const byAction: Readonly<Record<FieldPath, string>> = {
  userId: 'Rename user ID…',
  groupId: 'Move to group…',
  alternateUserId: 'Change alternate user IDs…',
}

/** Why a cell takes no text, and what to do instead; undefined when it does. */
export function notInPlaceBecause(field: Field): string | undefined {
  const locked = lockedBecause(field.path)
  if (editableInPlace(field)) return undefined
  if (Object.hasOwn(byAction, field.path)) {
    return `${labelOf(field.path)} is changed in the details: Actions → ${byAction[field.path]}`
  }
  if (!editable(field))
    return `${labelOf(field.path)} is only shown here: it is not among what can be changed.`
  if (locked !== undefined) return `${labelOf(field.path)} cannot be changed: ${locked}`
  return `${labelOf(field.path)} has several parts: change it in the details.`
}

const tabular: ReadonlySet<Field['kind']> = new Set(['digits', 'phone', 'integer'])

/**
 * The columns of the grid, with what is not saved and not sent yet drawn over the server's copy.
 * @param usual the country code that goes without saying
 */
export function userColumns(drafts: Drafts, usual?: string): GridColumn<UserRow>[] {
  const known = new Map(fields.map((field) => [field.path, field]))
  const order = [
    ...Object.keys(first).flatMap((path) => known.get(path) ?? []),
    ...fields.filter(
      (field) => !Object.hasOwn(first, field.path) && !field.secret && field.path !== 'departmentFullPath',
    ),
  ]
  const columns = [...order.map((field) => fieldColumn(field, drafts, usual)), ...callColumns.map(callColumn)]
  return [...columns.slice(0, 5), stateColumn(drafts), ...columns.slice(5)]
}

function fieldColumn(field: Field, drafts: Drafts, usual: string | undefined): GridColumn<UserRow> {
  const { path } = field
  const draftOf = (row: UserRow) => drafts.get(row.key.userId)
  const words = (value: ReturnType<typeof fieldValue>) => displayValue(path, value ?? null, usual)
  const oldWords = (value: ReturnType<typeof fieldValue>) =>
    value === undefined ? notReadYet.toLowerCase() : words(value)
  const unread = (row: UserRow) =>
    draftOf(row)?.edits[path] === undefined && !Object.hasOwn(row.pending, path) && notRead(row, path)
  const change = (row: UserRow): { look: CellLook; old: string; now: string } | undefined => {
    const edit = draftOf(row)?.edits[path]
    if (edit) {
      const now = basisOf(row, path)
      const old = oldWords(wasBefore(edit, now) ?? (edit.base === undefined ? now.base : undefined))
      if (edit.problem !== undefined) return { look: 'invalid', old, now: edit.typed ?? '' }
      return { look: 'changed', old, now: words(edit.mine) }
    }
    const pending = row.pending[path]
    return (
      pending && {
        look: pending.trouble === undefined ? 'waiting' : 'invalid',
        old: oldWords(pending.old),
        now: words(pending.new),
      }
    )
  }
  return {
    id: path,
    label: path === 'groupId' ? 'Group' : field.label,
    width: first[path] ?? 140,
    ...(growing.has(path) ? { grows: 1 } : {}),
    hidden: !Object.hasOwn(first, path),
    sortable: true,
    tabular: tabular.has(field.kind),
    text: (row) => {
      const draft = draftOf(row)
      const edit = draft?.edits[path]
      if (edit?.problem !== undefined) return edit.typed ?? ''
      if (path === 'department' && !edit && !Object.hasOwn(row.pending, path)) return departmentText(row)
      return words(shownValue(row, draft, path))
    },
    description: (row) => {
      const changed = change(row)
      if (changed) return oldToNew(changed.old, changed.now)
      return unread(row) ? notReadYet : undefined
    },
    unread,
    copied: (row) => (unread(row) ? unreadWord : undefined),
    hint: (row) => {
      const changed = change(row)
      if (!changed) return unread(row) ? notReadYet : withCountry(field, shownValue(row, undefined, path))
      const edit = draftOf(row)?.edits[path]
      const problem = edit ? edit.problem : row.pending[path]?.trouble?.why
      return `${problem ?? hints[changed.look]}: ${oldToNew(changed.old, changed.now)}`
    },
    look: (row) => change(row)?.look,
    editable: () => editableInPlace(field),
  }
}

/** What lists tell of call handling: made of several fields, and changed in the details. */
function callColumn({ path, label }: SearchColumn): GridColumn<UserRow> {
  const told = ({ calls }: UserRow): string | undefined =>
    calls !== undefined && Object.hasOwn(calls, path) ? calls[path] : undefined
  const unread = (row: UserRow) => told(row) === undefined
  return {
    id: path,
    label,
    width: 160,
    hidden: true,
    sortable: true,
    text: (row) => {
      const known = told(row) ?? ''
      return Object.hasOwn(toldWords, known) ? (toldWords[known] ?? '') : known
    },
    unread,
    copied: (row) => (unread(row) ? unreadWord : undefined),
    description: (row) => (unread(row) ? notReadYet : undefined),
    hint: (row) => (unread(row) ? notReadYet : undefined),
    editable: () => false,
  }
}

const toldWords: Readonly<Record<string, string>> = {
  on: 'On',
  off: 'Off',
  none: 'Not assigned',
  [notForwarded]: notForwardedWords,
}

/** A number as the server writes it, where that says more than what is shown. */
function withCountry({ path, compare }: Field, value: ReturnType<typeof fieldValue>): string | undefined {
  if (compare !== 'number' || value === undefined) return undefined
  const whole = recordedValue(path, value)
  return whole === displayValue(path, value) ? undefined : whole
}

/** Said of a field that nobody has asked the server for. */
export const notReadYet = 'Not read yet'

const hints: Readonly<Record<CellLook, string>> = {
  changed: 'Not saved yet',
  waiting: 'Saved, not on the server yet',
  invalid: 'Cannot be saved',
  quiet: '',
}
