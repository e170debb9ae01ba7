import type { FieldEdit, FieldPath, FieldValue } from '../user/types'
import { sameValue } from '../user/value'
import type { OutboxEntry } from './types'

const none: ReadonlySet<FieldPath> = new Set()

/**
 * The fields of an entry of which the base is not what the server has, as far as is known: those that have been in a
 * request of its, and those that somebody else has changed.
 */
export const movedFields = ({ attempts, conflicts }: OutboxEntry): ReadonlySet<FieldPath> =>
  attempts.length + conflicts.length === 0
    ? none
    : new Set([
        ...attempts.flatMap(({ preImage }) => Object.keys(preImage)),
        ...conflicts.map(({ path }) => path),
      ])

const edit = (path: FieldPath, base: FieldValue | undefined, mine: FieldValue): FieldEdit =>
  base === undefined ? { path, mine } : { path, base, mine }

/**
 * Two rounds of edits of the same user as one: earliest base, newest mine, and a field that is back at its base
 * drops out. A base that was never seen stays so: what the later round calls its base may be no more than the value that
 * the earlier one is about to write, and a field that goes back to it would drop out with the earlier edit.
 * Fields in `moved` never drop out: the server may have something else than the base by now, so only a read can tell
 * whether it is back at the base, too.
 */
export function mergeEdits(
  earlier: readonly FieldEdit[],
  later: readonly FieldEdit[],
  moved: ReadonlySet<FieldPath> = none,
): readonly FieldEdit[] {
  const merged = new Map<FieldPath, FieldEdit>()
  for (const one of earlier) merged.set(one.path, one)
  for (const one of later) {
    const before = merged.get(one.path)
    const next = edit(one.path, before === undefined ? one.base : before.base, one.mine)
    merged.set(one.path, before?.moved || one.moved ? { ...next, moved: true } : next)
  }
  return [...merged.values()].flatMap((one) => {
    const { path, base, mine } = one
    if (base === undefined || !sameValue(path, base, mine) || one.moved) return [one]
    // Kept for good: what is known of the server now may be forgotten before the entry is looked at again.
    return moved.has(path) ? [{ ...one, moved: true as const }] : []
  })
}

/**
 * New edits behind an entry that is in flight: what the person saw as the old value is what that entry is writing,
 * so that becomes their base, whatever copy of the server was on the screen. An edit back to that value stays in the
 * list: it takes back what may be waiting behind already.
 */
export function editsBehind(ahead: readonly FieldEdit[], edits: readonly FieldEdit[]): readonly FieldEdit[] {
  const writing = new Map(ahead.map(({ path, mine }) => [path, mine]))
  return edits.map((one) => {
    const mine = writing.get(one.path)
    return mine === undefined ? one : edit(one.path, mine, one.mine)
  })
}

/**
 * Gives the edits waiting behind an ended write the value that the server made of it, where it was only written
 * differently (`normalised`): the person's newer edit was made over that value in all but spelling.
 */
export function rebase(
  edits: readonly FieldEdit[],
  written: readonly FieldEdit[],
  became: Readonly<Record<FieldPath, FieldValue>>,
): readonly FieldEdit[] {
  const old = new Map(written.map(({ path, mine }) => [path, mine]))
  return edits.map((one) => {
    const mine = old.get(one.path)
    const now = Object.hasOwn(became, one.path) ? became[one.path] : undefined
    if (mine === undefined || now === undefined || one.base === undefined) return one
    return sameValue(one.path, one.base, mine) ? edit(one.path, now, one.mine) : one
  })
}

/**
 * The edits waiting behind a write that a person has discarded before its outcome was known: nobody can say any more
 * that the server has what they were made over, so they are compared with what the discarded ones were made over.
 */
export function withoutAhead(
  edits: readonly FieldEdit[],
  discarded: readonly FieldEdit[],
): readonly FieldEdit[] {
  const ahead = new Map(discarded.map((one) => [one.path, one]))
  return edits.map((one) => {
    const before = ahead.get(one.path)
    return before === undefined ? one : { ...edit(one.path, before.base, one.mine), moved: true as const }
  })
}

/** What a later save adds to the story of an entry: the newest reason and batch that were given. */
export function mergeStory(
  entry: OutboxEntry,
  later: { readonly reason?: string; readonly batchId?: string; readonly reverts?: string },
): OutboxEntry {
  return {
    ...entry,
    ...(later.reason === undefined ? {} : { reason: later.reason }),
    ...(later.batchId === undefined ? {} : { batchId: later.batchId }),
    ...(later.reverts === undefined ? {} : { reverts: later.reverts }),
  }
}
