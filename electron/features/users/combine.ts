import { fields } from '../../../shared/user/catalogue'
import { diffFields } from '../../../shared/user/diff'
import { withKnownTexts } from '../../../shared/user/merge'
import type { FieldPath, FieldValue, UserRecord } from '../../../shared/user/types'
import { fieldValue, holdsNumeral, sameValue } from '../../../shared/user/value'
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

const withFieldsOf = (old: UserRecord, read: UserRecord, paths: readonly FieldPath[]): UserRecord => {
  if (paths.length === 0) return read
  const added = Object.fromEntries(paths.map((path) => [path, old.fields[path] as FieldValue]))
  return { ...read, fields: { ...read.fields, ...added } }
}

/**
 * A full record that was read after a change of ours keeps the country that its numbers were told with. What else only list
 * rows carry may have changed with what was sent: the path of the department, for one.
 */
export const changedOver: Combine = (old, read) =>
  withFieldsOf(
    old,
    read,
    numbers.filter((path) => saysMore(path, read.fields[path], old.fields[path])),
  )

/** A full record keeps what only list rows carry. */
const fullOver = (old: UserRecord, read: UserRecord): UserRecord => {
  const kept = onlyInRow.filter(
    (path) => Object.hasOwn(old.fields, path) && !Object.hasOwn(read.fields, path),
  )
  return withFieldsOf(old, changedOver(old, read), kept)
}

/** A list row updates the fields that it carries, and leaves alone what only the full record knows. */
const rowOverFull = (old: UserRecord, read: UserRecord): UserRecord => {
  const moved =
    old.key.groupId !== read.key.groupId || old.key.serviceProviderId !== read.key.serviceProviderId
  const cameAsNumber = (path: FieldPath): boolean => {
    const [before, now] = [old.fields[path], read.fields[path]]
    return before !== undefined && now !== undefined && holdsNumeral(path, before) && !holdsNumeral(path, now)
  }
  const differing = diffFields(old, read).filter((path) => !keyPaths.has(path))
  for (const path of onlyInRow) {
    if (!Object.hasOwn(read.fields, path) && !Object.hasOwn(old.fields, path)) continue
    if (old.fields[path] !== read.fields[path] && !differing.includes(path)) differing.push(path)
  }
  differing.push(...numbers.filter((path) => saysMore(path, old.fields[path], read.fields[path])))
  // Where a number was, the text says how it is written.
  differing.push(
    ...Object.keys(read.fields).filter((path) => !differing.includes(path) && cameAsNumber(path)),
  )
  if (!moved && differing.length === 0) return old
  const values: Record<FieldPath, FieldValue> = { ...old.fields }
  for (const path of differing) {
    const value = fieldValue(read, path)
    if (value === undefined || value === null) delete values[path]
    else values[path] = value
  }
  return { ...old, key: read.key, fields: values }
}

/** Groups and providers that came as numbers are spelled as they were before; without a before, by the digits that came. */
const withKnownScope = (old: UserRecord, read: UserRecord): UserRecord => {
  const key = { ...read.key }
  const values: Record<FieldPath, FieldValue> = { ...read.fields }
  for (const path of ['serviceProviderId', 'groupId'] as const) {
    const value = values[path]
    if (typeof value !== 'number') continue
    if (sameValue(path, old.key[path], value)) key[path] = old.key[path]
    delete values[path]
  }
  return { ...read, key, fields: values }
}

const hasScopeNumber = ({ fields: { groupId, serviceProviderId } }: UserRecord): boolean =>
  typeof groupId === 'number' || typeof serviceProviderId === 'number'

/** What the cache holds after a read: the newest of each field, never less than it knew, and texts where numbers came. */
export const combine: Combine = (old, answer) => {
  const scoped = hasScopeNumber(answer) ? withKnownScope(old, answer) : answer
  const read = withKnownTexts(scoped, old.fields)
  if (read.completeness === 'full') return fullOver(old, read)
  return old.completeness === 'full' ? rowOverFull(old, read) : read
}
