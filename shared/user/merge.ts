import type { FieldPath, FieldValue } from './types'
import { isEmptyValue, sameValue } from './value'

/** What is to be done with one edited field once the server's present value has been read. */
export type MergeVerdict = 'send' | 'converged' | 'conflict'

/**
 * The three-way comparison before every write. `theirs` is what the server has now; `base` is what the person
 * saw, or undefined if nobody saw one: then what is empty on the server may be filled, and nothing else replaced. An unknown
 * `theirs` can never be overwritten.
 */
export function compareThreeWay(
  path: FieldPath,
  base: FieldValue | undefined,
  theirs: FieldValue | undefined,
  mine: FieldValue,
): MergeVerdict {
  if (theirs === undefined) return 'conflict'
  if (sameValue(path, theirs, mine)) return 'converged'
  const isAsSeen = base === undefined ? isEmptyValue(theirs) : sameValue(path, theirs, base)
  return isAsSeen ? 'send' : 'conflict'
}
