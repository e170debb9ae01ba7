import type { UserRow } from '../../../shared/user/shapes'
import type { FieldPath, FieldValue } from '../../../shared/user/types'
import { displayName, fieldValue } from '../../../shared/user/value'
import type { Draft } from './drafts/drafts'

type Shown = Pick<UserRow, 'key' | 'fields' | 'completeness' | 'pending'>

/**
 * What a person would see without their draft: what is on its way to the server, else the server's copy. Edits
 * are based on it. `undefined` when it is not known.
 */
export function savedValue(row: Shown, path: FieldPath): FieldValue | undefined {
  return Object.hasOwn(row.pending, path) ? row.pending[path]?.new : fieldValue(row, path)
}

/** The row as it is once its user's draft was saved: what was typed is on its way to the server. */
export function withSaved<Row extends Pick<UserRow, 'key' | 'fields' | 'completeness' | 'pending' | 'state'>>(
  row: Row,
  draft: Draft | undefined,
): Row {
  if (!draft) return row
  const pending = { ...row.pending }
  for (const [path, { base, mine }] of Object.entries(draft.edits)) {
    const before = Object.hasOwn(pending, path) ? pending[path] : undefined
    const here = fieldValue(row, path)
    const old = before ? before.old : here === undefined ? base : here
    pending[path] = old === undefined ? { new: mine } : { old, new: mine }
  }
  return { ...row, pending, state: row.state === 'clean' ? 'changed' : row.state }
}

/** What a person sees, their draft included. `undefined` when it is not known. */
export function shownValue(row: Shown, draft: Draft | undefined, path: FieldPath): FieldValue | undefined {
  const edit = draft?.edits[path]
  return edit ? edit.mine : savedValue(row, path)
}

/** What would be once the draft is saved: an edit that cannot be saved changes nothing. */
export function savableValue(row: Shown, draft: Draft | undefined, path: FieldPath): FieldValue | undefined {
  return draft?.edits[path]?.problem === undefined ? shownValue(row, draft, path) : savedValue(row, path)
}

/** The user's name as shown, or the user id. */
export function shownName(row: Shown, draft: Draft | undefined): string {
  const first = shownValue(row, draft, 'firstName')
  const last = shownValue(row, draft, 'lastName')
  const name = displayName({ firstName: first ?? null, lastName: last ?? null })
  return name === '' ? row.key.userId : name
}
