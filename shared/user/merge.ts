import type { FieldPath, FieldValue } from './types'
import { sameValue } from './value'

/** What is to be done with one edited field once the server's present value has been read. */
export type MergeVerdict = 'send' | 'converged' | 'conflict'

/**
 * The three-way comparison before every write. `theirs` is what the server has now; `base` is what the person
 * saw, or undefined if that was not known; an unknown `theirs` can never be overwritten unseen.
 */
export function compareThreeWay(
  path: FieldPath,
  base: FieldValue | undefined,
  theirs: FieldValue | undefined,
  mine: FieldValue,
): MergeVerdict {
  if (theirs === undefined) return 'conflict'
  if (sameValue(path, theirs, mine)) return 'converged'
  return base !== undefined && sameValue(path, theirs, base) ? 'send' : 'conflict'
}
