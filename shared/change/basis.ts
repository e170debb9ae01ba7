import type { UserRow } from '../user/shapes'
import type { FieldEdit, FieldPath, FieldValue } from '../user/types'
import { fieldValue, sameValue } from '../user/value'
import { looksNormalised } from './judge'

/** What an edit is made over. */
export interface Basis {
  /** What the person saw; left out when it was not known. */
  readonly base?: FieldValue
  /**
   * Set when that was a value of our own which the server did not have yet, with what it had as far as was seen. Such a
   * value becomes a base only by arriving there.
   */
  readonly own?: { readonly old?: FieldValue }
}

/** What an edit of this field is made over: what waits to be sent, else the server's copy. */
export function basisOf(
  row: Pick<UserRow, 'key' | 'fields' | 'completeness' | 'pending'>,
  path: FieldPath,
): Basis {
  const waiting = Object.hasOwn(row.pending, path) ? row.pending[path] : undefined
  if (waiting !== undefined) {
    return { base: waiting.new, own: waiting.old === undefined ? {} : { old: waiting.old } }
  }
  const base = fieldValue(row, path)
  return base === undefined ? {} : { base }
}

/**
 * The edit as it is saved. A base that was our own waiting value stays one while that value waits (it then joins it) or
 * has arrived; once it was discarded the edit is over what the server had, also when that was never seen.
 * @param now what waits for the field at this moment, and the server's copy of it, as far as there is either
 */
export function grounded(
  { own, ...edit }: FieldEdit & Pick<Basis, 'own'>,
  now: { readonly waiting?: FieldValue; readonly server?: FieldValue },
): FieldEdit {
  const { path, base } = edit
  if (own === undefined || base === undefined) return edit
  if (now.waiting !== undefined && sameValue(path, now.waiting, base)) return edit
  const { server } = now
  if (server !== undefined && (sameValue(path, server, base) || looksNormalised(base, server))) {
    return { ...edit, base: server }
  }
  return {
    path,
    ...(own.old === undefined ? {} : { base: own.old }),
    mine: edit.mine,
    // The discarded value may have been on its way: only a read can tell whether the edit is one.
    moved: true,
  }
}
