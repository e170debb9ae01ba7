import type { UserRow } from '../../../shared/user/shapes'

/** The user with what waits to be sent over what the server had: what a person sees, and bases an edit on. */
export function savedOf<R extends UserRow>(row: R): R {
  const pending = Object.entries(row.pending)
  if (pending.length === 0) return row
  const wished = Object.fromEntries(pending.map(([path, { new: to }]) => [path, to]))
  return { ...row, fields: { ...row.fields, ...wished } }
}
