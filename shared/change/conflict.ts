import type { FieldEdit, FieldPath, FieldValue } from '../user/types'
import { sameValue } from '../user/value'
import type { FieldConflict } from './types'

/** A person's decision on one field, with the server's value that was on the screen when it was made. */
export interface Choice {
  readonly path: FieldPath
  readonly theirs: FieldValue
  /** Mine, theirs, or another value. */
  readonly value: FieldValue
}

/** What a person has to decide about an edit: its values alone, and nothing of how it came about. */
export const conflictOver = ({ path, base, mine }: FieldEdit, theirs: FieldValue): FieldConflict => ({
  path,
  ...(base === undefined ? {} : { base }),
  theirs,
  mine,
})

/**
 * The edits after a person decided: the base becomes theirs as shown, so a value that changes once more conflicts
 * once more, and a field for which theirs was chosen drops out. Fields without a choice stay as they are.
 */
export function resolveEdits(edits: readonly FieldEdit[], choices: readonly Choice[]): readonly FieldEdit[] {
  const chosen = new Map(choices.map((choice) => [choice.path, choice]))
  return edits.flatMap((one) => {
    const choice = chosen.get(one.path)
    if (choice === undefined) return [one]
    if (sameValue(one.path, choice.theirs, choice.value)) return []
    return [{ path: one.path, base: choice.theirs, mine: choice.value }]
  })
}
