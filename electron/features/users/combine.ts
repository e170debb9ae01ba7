import { fields } from '../../../shared/user/catalogue'
import { diffFields } from '../../../shared/user/diff'
import type { FieldPath, FieldValue, UserRecord } from '../../../shared/user/types'
import { fieldValue } from '../../../shared/user/value'
import type { Combine } from '../../store/repositories/users'

const onlyInRow = fields.filter((field) => field.inRow && !field.inDetail).map(({ path }) => path)
const keyPaths = new Set(['userId', 'groupId', 'serviceProviderId'])

/** A full record keeps what only list rows carry. */
const fullOver = (old: UserRecord, read: UserRecord): UserRecord => {
  const kept = onlyInRow.filter(
    (path) => Object.hasOwn(old.fields, path) && !Object.hasOwn(read.fields, path),
  )
  if (kept.length === 0) return read
  const added = Object.fromEntries(kept.map((path) => [path, old.fields[path] as FieldValue]))
  return { ...read, fields: { ...read.fields, ...added } }
}

/** A list row updates the fields that it carries, and leaves alone what only the full record knows. */
const rowOverFull = (old: UserRecord, read: UserRecord): UserRecord => {
  const moved =
    old.key.groupId !== read.key.groupId || old.key.serviceProviderId !== read.key.serviceProviderId
  const differing = diffFields(old, read).filter((path) => !keyPaths.has(path))
  for (const path of onlyInRow) {
    if (!Object.hasOwn(read.fields, path) && !Object.hasOwn(old.fields, path)) continue
    if (old.fields[path] !== read.fields[path] && !differing.includes(path)) differing.push(path)
  }
  if (!moved && differing.length === 0) return old
  const values: Record<FieldPath, FieldValue> = { ...old.fields }
  for (const path of differing) {
    const value = fieldValue(read, path)
    if (value === undefined || value === null) delete values[path]
    else values[path] = value
  }
  return { ...old, key: read.key, fields: values }
}

/** What the cache holds after a read: the newest of each field, and never less than it knew. */
export const combine: Combine = (old, read) => {
  if (read.completeness === 'full') return fullOver(old, read)
  return old.completeness === 'full' ? rowOverFull(old, read) : read
}
