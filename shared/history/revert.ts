import { editable, fieldAt, labelOf } from '../user/catalogue'
import { foldedId } from '../user/id'
import type { FieldEdit, FieldPath, FieldValue, UserKey } from '../user/types'
import {
  displayName,
  displayValue,
  fieldValue,
  holdsNumeral,
  isEmptyValue,
  sameValue,
  type Valued,
} from '../user/value'
import { isApplied, isOutcome, outcomeNames } from './outcomes'
import type { HistoryEntry } from './shapes'

/** A history entry with what a revert has to know of it. */
export type Revertible = Pick<
  HistoryEntry,
  'id' | 'seq' | 'user' | 'userName' | 'fields' | 'before' | 'asked' | 'after' | 'outcome' | 'origin'
>

/** One field that would be put back: `base` is on the server as far as is known, `mine` is what it would become. */
export interface RevertEdit {
  readonly path: FieldPath
  readonly base: FieldValue
  readonly mine: FieldValue
}

export interface RevertChange {
  readonly user: UserKey
  readonly userName: string
  readonly edits: readonly RevertEdit[]
  /** The history entries that this change puts back. */
  readonly reverts: readonly string[]
}

/** What stays as it is, and why. Without a path: the whole entry. */
export interface LeftOut {
  readonly id: string
  readonly user: UserKey
  readonly userName: string
  readonly path?: FieldPath
  readonly why: string
}

/**
 * A value that waits and is taken out again, with the whole of its outbox entry: nobody has seen what the server has, so there
 * is nothing to put in its place.
 */
export interface TakenOut {
  readonly entry: string
  readonly user: UserKey
  readonly userName: string
  readonly path: FieldPath
  readonly mine: FieldValue
}

export interface RevertPlan {
  readonly changes: readonly RevertChange[]
  readonly leftOut: readonly LeftOut[]
  readonly takenOut?: readonly TakenOut[]
}

/** What the plan needs of the present. */
export interface RevertPresent {
  /** Whether that is the server that is chosen; entries of another cannot be put back through it. */
  readonly isHere: (origin: string) => boolean
  readonly recordOf: (userId: string) => Valued | undefined
}

export interface UndoPresent extends RevertPresent {
  /** What a person has saved of this user that is not on the server yet, the newest value of each field. */
  readonly waitingOf: (userId: string) => readonly FieldEdit[]
  /** The outbox entries of this user of which nothing was sent. */
  readonly unsentOf: (
    userId: string,
  ) => readonly { readonly id: string; readonly edits: readonly FieldEdit[] }[]
}

/** What a person saved of one user; `base` is what they saw before, left out when it was not known. */
export interface SavedChange {
  readonly user: UserKey
  readonly userName: string
  readonly edits: readonly {
    readonly path: FieldPath
    readonly base?: FieldValue | undefined
    readonly mine: FieldValue
  }[]
}

/**
 * Plans to put back what history entries changed. A field goes back to what it was before the oldest of the entries
 * that changed it, but only if it still is what the newest of them left, and each left what the next found: a value
 * that came from elsewhere is never overwritten. Sending it goes through the outbox, which checks all of it again.
 */
export function planRevert(entries: readonly Revertible[], present: RevertPresent): RevertPlan {
  const byUser = new Map<string, Revertible[]>()
  for (const entry of [...entries].sort((a, b) => b.seq - a.seq)) {
    const id = foldedId(entry.user.userId)
    byUser.set(id, [...(byUser.get(id) ?? []), entry])
  }
  const changes: RevertChange[] = []
  const leftOut: LeftOut[] = []
  for (const ofUser of byUser.values()) {
    const change = planUser(ofUser, present, leftOut)
    if (change !== undefined) changes.push(change)
  }
  return { changes, leftOut }
}

/**
 * Plans to take back what was saved just now: from history where it has arrived, else by saving what was there before it,
 * which takes the place of what waits.
 * @param entries what history has of it so far
 */
export function planUndo(
  saved: readonly SavedChange[],
  entries: readonly Revertible[],
  present: UndoPresent,
): RevertPlan {
  const idOf = ({ user }: { user: UserKey }) => foldedId(user.userId)
  const told = new Set(entries.map(idOf))
  const waits = ({ user, edits }: SavedChange) => {
    const paths = new Set(present.waitingOf(user.userId).map(({ path }) => path))
    return edits.some(({ path }) => paths.has(path))
  }
  const here = saved.filter((change) => waits(change) || !told.has(idOf(change)))
  const ids = new Set(here.map(idOf))
  const arrived = planRevert(
    entries.filter((entry) => !ids.has(idOf(entry))),
    present,
  )
  const leftOut: LeftOut[] = []
  const takenOut = here.flatMap((change) => takeOut(change, present))
  const changes = here.flatMap((change) => {
    const out = new Set(takenOut.filter(({ user }) => user === change.user).map(({ path }) => path))
    const edits = change.edits.filter(({ path }) => !out.has(path))
    return takeBack({ ...change, edits }, present, leftOut) ?? []
  })
  return {
    changes: [...changes, ...arrived.changes],
    leftOut: [...leftOut, ...arrived.leftOut],
    ...(takenOut.length === 0 ? {} : { takenOut }),
  }
}

/** What a save made over values that nobody had seen goes with its entry, if that holds nothing else and was not sent. */
function takeOut({ user, userName, edits }: SavedChange, { unsentOf }: UndoPresent): TakenOut[] {
  if (edits.every(({ base }) => base !== undefined)) return []
  const made = new Map(edits.map((edit) => [edit.path, edit]))
  const isMade = ({ path, mine }: FieldEdit) => {
    const edit = made.get(path)
    return edit !== undefined && sameValue(path, edit.mine, mine)
  }
  return unsentOf(user.userId)
    .filter((entry) => entry.edits.every(isMade))
    .filter((entry) => entry.edits.some(({ path }) => made.get(path)?.base === undefined))
    .flatMap(({ id, edits: of }) => of.map(({ path, mine }) => ({ entry: id, user, userName, path, mine })))
}

function takeBack(
  { user, userName, edits }: SavedChange,
  { recordOf, waitingOf }: UndoPresent,
  leftOut: LeftOut[],
): RevertChange | undefined {
  const record = recordOf(user.userId)
  const waiting = new Map(waitingOf(user.userId).map(({ path, mine }) => [path, mine]))
  const back = edits.flatMap(({ path, base, mine }) => {
    const now = waiting.has(path) ? waiting.get(path) : record && fieldValue(record, path)
    const why =
      base === undefined
        ? waiting.has(path)
          ? 'What it was before is not known. Discard it in the Outbox.'
          : 'What it was before is not known.'
        : now === undefined
          ? 'What the server has now is not known.'
          : sameValue(path, now, base)
            ? `It is ${shown(path, base)} already.`
            : sameValue(path, now, mine)
              ? undefined
              : `It was changed since, and is now ${shown(path, now)}.`
    if (why === undefined && base !== undefined) return [{ path, base: mine, mine: base }]
    leftOut.push({ id: user.userId, user, userName, path, why: why ?? '' })
    return []
  })
  return back.length === 0 ? undefined : { user, userName, edits: back, reverts: [] }
}

function planUser(
  entries: readonly Revertible[],
  { isHere, recordOf }: RevertPresent,
  leftOut: LeftOut[],
): RevertChange | undefined {
  const leave = ({ id, user, userName }: Revertible, why: string, path?: FieldPath): void => {
    leftOut.push({ id, user, userName, why, ...(path === undefined ? {} : { path }) })
  }
  const usable = entries.filter((entry) => {
    const why = isHere(entry.origin) ? notApplied(entry.outcome) : 'It was made on another server.'
    if (why !== undefined) leave(entry, why)
    return why === undefined
  })
  const record = usable[0] && recordOf(usable[0].user.userId)
  if (record === undefined) {
    for (const entry of usable)
      leave(entry, 'The user is not in the local copy: removed, renamed or never read.')
    return undefined
  }

  const edits: RevertEdit[] = []
  const reverts = new Set<string>()
  for (const path of new Set(usable.flatMap((entry) => entry.fields))) {
    const chain = usable.filter((entry) => entry.fields.includes(path))
    const { edit, from } = planField(path, chain, fieldValue(record, path), leave)
    if (edit === undefined) continue
    edits.push(edit)
    for (const id of from) reverts.add(id)
  }
  if (edits.length === 0) return undefined
  return { user: record.key, userName: displayName(record), edits, reverts: [...reverts] }
}

/** Walks the entries that changed a field, newest first, from what it is now to what it was before them. */
function planField(
  path: FieldPath,
  entries: readonly Revertible[],
  now: FieldValue | undefined,
  leave: (entry: Revertible, why: string, path: FieldPath) => void,
): { edit?: RevertEdit; from: readonly string[] } {
  const from: Revertible[] = []
  let value = now
  for (const entry of entries) {
    const why = value === undefined ? 'What the server has now is not known.' : obstacle(entry, path, value)
    if (why !== undefined) {
      leave(entry, why, path)
      continue
    }
    value = entry.before[path] ?? null
    from.push(entry)
  }
  if (now === undefined || value === undefined || from.length === 0) return { from: [] }
  const why = sameValue(path, now, value)
    ? `It is ${shown(path, now)} already.`
    : isEmptyValue(value) && fieldAt(path)?.clear === 'no'
      ? 'It was empty before, and the server does not let it be emptied.'
      : holdsNumeral(path, value)
        ? `The server wrote ${shown(path, value)} as a number, so zeros in front of it are not known. Type the value yourself.`
        : undefined
  if (why === undefined) return { edit: { path, base: now, mine: value }, from: from.map(({ id }) => id) }
  for (const entry of from) leave(entry, why, path)
  return { from: [] }
}

/** Why this entry's change of the field cannot be taken back from the value that the field has or would have. */
function obstacle(entry: Revertible, path: FieldPath, value: FieldValue): string | undefined {
  const field = fieldAt(path)
  if (field === undefined || !editable(field)) return `${labelOf(path)} cannot be put back by a saved change.`
  const asked = Object.hasOwn(entry.asked, path) ? entry.asked[path] : undefined
  const before = Object.hasOwn(entry.before, path) ? entry.before[path] : undefined
  if (asked === undefined || before === undefined) return 'What it was before is not known.'
  const after = entry.after !== undefined && Object.hasOwn(entry.after, path) ? entry.after[path] : undefined
  const left = after === undefined ? asked : after
  if (entry.outcome !== 'normalised' && !sameValue(path, left, asked)) {
    return entry.outcome === 'partial' && sameValue(path, left, before)
      ? 'This part was never applied.'
      : `Somebody else changed it right afterwards, to ${shown(path, left)}.`
  }
  if (sameValue(path, value, left)) return undefined
  return sameValue(path, value, before)
    ? `It is ${shown(path, before)} already.`
    : `It was changed since, and is now ${shown(path, value)}.`
}

/** Why an entry with this outcome has nothing to put back. */
function notApplied(outcome: string): string | undefined {
  if (!isOutcome(outcome)) return 'Its outcome is not known.'
  if (isApplied(outcome)) return undefined
  return outcomeNames[outcome].includes('open') ? 'Its outcome is not known yet.' : 'It was never applied.'
}

function shown(path: FieldPath, value: FieldValue): string {
  const text = displayValue(path, value)
  return text === '' ? 'empty' : `“${text}”`
}
