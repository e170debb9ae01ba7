import { compareThreeWay } from '../user/merge'
import type { FieldEdit, FieldPath, FieldValue, UserRecord } from '../user/types'
import { fieldValue, holdsNumeral } from '../user/value'
import { conflictOver } from './conflict'
import type { FieldConflict } from './types'

/** What a pre-read says about each field of a change. */
export interface SendPlan {
  readonly send: readonly FieldEdit[]
  /** Already so on the server: dropped without a write. */
  readonly converged: readonly FieldPath[]
  readonly conflicts: readonly FieldConflict[]
  /** The fields to send as the pre-read showed them. */
  readonly preImage: Readonly<Record<FieldPath, FieldValue>>
  /** Fields that this record does not carry: a full record must be read before anything may be sent. */
  readonly unread: readonly FieldPath[]
}

/** Compares base, theirs (the record just read) and mine, field by field. */
export function planSend(edits: readonly FieldEdit[], record: UserRecord): SendPlan {
  const send: FieldEdit[] = []
  const converged: FieldPath[] = []
  const conflicts: FieldConflict[] = []
  const preImage: Record<FieldPath, FieldValue> = {}
  const unread: FieldPath[] = []
  for (const edit of edits) {
    const { path, base, mine } = edit
    const theirs = fieldValue(record, path)
    if (theirs === undefined) {
      unread.push(path)
      continue
    }
    const verdict = compareThreeWay(path, base, theirs, mine)
    if (verdict === 'converged') converged.push(path)
    else if (verdict === 'conflict') conflicts.push(conflictOver(edit, theirs))
    else {
      send.push(edit)
      // The base is what the number was before it lost its zeros.
      preImage[path] = holdsNumeral(path, theirs) && base !== undefined ? base : theirs
    }
  }
  return { send, converged, conflicts, preImage, unread }
}
