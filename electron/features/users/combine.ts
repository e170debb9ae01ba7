import { fields } from '../../../shared/user/catalogue'
import { diffFields } from '../../../shared/user/diff'
import type { FieldPath, FieldValue, UserRecord } from '../../../shared/user/types'
import { fieldValue, sameValue } from '../../../shared/user/value'
import type { Combine } from '../../store/repositories/users'

const onlyInRow = fields.filter((field) => field.inRow && !field.inDetail).map(({ path }) => path)
/** Fields whose numbers a list row writes with their country (`+1-5136549859`) and a full record without (`5136549859`). */
const numbers = fields.filter((field) => field.inRow && field.compare === 'number').map(({ path }) => path)
const keyPaths = new Set(['userId', 'groupId', 'serviceProviderId'])

const saysCountry = (value: FieldValue | undefined): boolean =>
  typeof value === 'string' && /^\+\d+-/.test(value)

/** Whether it is one number, and only the second writing says its country. */
const saysMore = (path: FieldPath, one: FieldValue | undefined, two: FieldValue | undefined): boolean =>
  one !== undefined && two !== undefined && saysCountry(two) && !saysCountry(one) && sameValue(path, one, two)

/** A full record keeps what only list rows carry. */
const fullOver = (old: UserRecord, read: UserRecord): UserRecord => {
  const kept = [
    ...onlyInRow.filter((path) => Object.hasOwn(old.fields, path) && !Object.hasOwn(read.fields, path)),
    ...numbers.filter((path) => saysMore(path, read.fields[path], old.fields[path])),
  ]
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
  differing.push(...numbers.filter((path) => saysMore(path, old.fields[path], read.fields[path])))
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
