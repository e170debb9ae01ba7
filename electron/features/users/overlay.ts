import { troubledStates } from '../../../shared/change/machine'
import type { EntryState, OutboxEntry } from '../../../shared/change/types'
import type { UserStateName } from '../../../shared/query/names'
import type { UserRow } from '../../../shared/user/shapes'
import type { FieldPath, FieldValue, UserRecord } from '../../../shared/user/types'
import { fieldValue, sameValue } from '../../../shared/user/value'

/** What the live outbox entries of one user change about it. Server copy and overlay together are what is shown. */
export interface Overlay {
  /** The newest wish for each field. */
  readonly wishes: ReadonlyMap<FieldPath, FieldValue>
  /** Why the wish for a field does not go on without a person. */
  readonly troubles: ReadonlyMap<FieldPath, Trouble>
  /** How the entries stand, as the search language says it. */
  readonly states: ReadonlySet<UserStateName>
}

type Trouble = NonNullable<UserRow['pending'][string]['trouble']>

/** The trouble of one field: of an entry in conflict only the fields that are; of any other all of them. */
const troubleOf = ({ id, state, why, conflicts }: OutboxEntry, path: FieldPath): Trouble | undefined => {
  if (!troubledStates.includes(state)) return undefined
  const conflict = conflicts.some((each) => each.path === path)
  return state === 'conflict' && !conflict ? undefined : { entry: id, conflict, why }
}

const stateOf = (state: EntryState): UserStateName | undefined => {
  switch (state) {
    case 'conflict':
      return 'conflict'
    case 'unknown':
      return 'unknown'
    case 'partial':
    case 'rejected':
    case 'parked':
      return 'refused'
    default:
      return undefined
  }
}

/** The overlay with one more entry over it; entries come in the order in which they were made. */
export const extended = (before: Overlay | undefined, entry: OutboxEntry): Overlay => {
  const wishes = new Map(before?.wishes)
  const troubles = new Map(before?.troubles)
  for (const { path, mine } of entry.edits) {
    wishes.set(path, mine)
    const trouble = troubleOf(entry, path)
    if (trouble === undefined) troubles.delete(path)
    else troubles.set(path, trouble)
  }
  const states = new Set<UserStateName>(before?.states)
  states.add('changed')
  const state = stateOf(entry.state)
  if (state !== undefined) states.add(state)
  return { wishes, troubles, states }
}

/** The overlay of a user's live entries in the order they were made; undefined when there is none. */
export const overlayOf = (entries: readonly OutboxEntry[]): Overlay | undefined =>
  entries.reduce<Overlay | undefined>(extended, undefined)

/** The record as the screen shows it. */
export const shownRecord = (record: UserRecord, overlay: Overlay | undefined): UserRecord => {
  if (overlay === undefined || overlay.wishes.size === 0) return record
  const fields: Record<FieldPath, FieldValue> = { ...record.fields }
  for (const [path, mine] of overlay.wishes) {
    if (mine === null) delete fields[path]
    else fields[path] = mine
  }
  return { ...record, fields }
}

/** Everything that `is:` may ask about a user. */
export const statesOf = (
  record: UserRecord,
  gone: boolean,
  overlay: Overlay | undefined,
): Set<UserStateName> => {
  const states = new Set<UserStateName>(overlay?.states ?? [])
  states.add(record.completeness)
  if (gone) states.add('gone')
  return states
}

const worstFirst = ['gone', 'conflict', 'refused', 'unknown', 'changed'] as const

/** A user as it crosses to the page: the server's copy, and beside it what is waiting to become of it. */
export const rowOf = (record: UserRecord, gone: boolean, overlay: Overlay | undefined): UserRow => {
  const { key, fields, completeness } = record
  // Most users have no changes, and a file or a list asks for many of them.
  if (overlay === undefined) return { key, fields, completeness, pending: {}, state: gone ? 'gone' : 'clean' }
  const pending: UserRow['pending'] = {}
  for (const [path, mine] of overlay.wishes) {
    const old = fieldValue(record, path)
    const trouble = overlay.troubles.get(path)
    if (old !== undefined && sameValue(path, old, mine)) continue
    pending[path] = {
      ...(old === undefined ? {} : { old }),
      new: mine,
      ...(trouble === undefined ? {} : { trouble }),
    }
  }
  const states = statesOf(record, gone, overlay)
  return {
    key,
    fields,
    completeness,
    pending,
    state: worstFirst.find((state) => states.has(state)) ?? 'clean',
  }
}
