import type { UserRow } from '../../../shared/ipc/contract'
import type { FieldPath, FieldValue } from '../../../shared/user/types'
import { validateField } from '../../../shared/user/validate'
import { displayValue, fieldValue } from '../../../shared/user/value'
import { ask, gungnir } from '../../app/bridge'
import type { GridEditing } from '../../grid/useEditing'
import { currentDrafts, draftEdit } from './draftStore'
import { savedValue, shownName, shownValue } from './shownValue'

/** Values that a list row did not carry, read when a person began to edit them. */
const learnt = new Map<string, FieldValue>()
const learntKey = (row: UserRow, path: FieldPath) => `${row.key.userId}\u0000${path}`

/** What an edit of this field is based on: what the person sees without their own draft. */
export const baseOf = (row: UserRow, path: FieldPath): FieldValue | undefined =>
  savedValue(row, path) ?? (savedValue(row, path) === null ? null : learnt.get(learntKey(row, path)))

/** Reads the whole user when the row does not say what the edit would replace. */
async function learn(row: UserRow, path: FieldPath): Promise<void> {
  const details = await ask(gungnir.users.details({ key: row.key, fresh: true })).catch(() => undefined)
  const value = details && fieldValue(details, path)
  if (value !== undefined) learnt.set(learntKey(row, path), value)
}

/**
 * Takes one typed value into the draft of its user.
 * @returns what is wrong with it, if it cannot be saved.
 */
export function takeValue(row: UserRow, path: FieldPath, typed: FieldValue): string | undefined {
  const checked = validateField(path, typed)
  if ('problem' in checked) return checked.problem
  const base = baseOf(row, path)
  const user = { key: row.key, name: shownName(row, undefined) }
  draftEdit(user, path, base === undefined ? { mine: checked.value } : { base, mine: checked.value })
  return undefined
}

/** How cells of the Users grid are edited in place. */
export const usersEditing: GridEditing<UserRow> = {
  text: (row, path) => {
    const draft = currentDrafts().get(row.key.userId)
    const edit = draft?.edits[path]
    if (edit?.typed !== undefined) return edit.typed
    return displayValue(path, shownValue(row, draft, path) ?? null)
  },
  begin: (row, path) => {
    learnt.delete(learntKey(row, path))
    if (savedValue(row, path) === undefined) void learn(row, path)
  },
  commit: takeValue,
}
