import type { FieldPath, FieldValue, UserRecord } from './types'
import { holdsNumeral, isEmptyValue, sameValue } from './value'

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
  const untouched = base !== undefined && sameValue(path, theirs, base)
  // A number may stand for the base and for mine alike (0417 and 417): it is no reason to think that mine is there.
  if (untouched && !sameValue(path, base, mine)) return 'send'
  if (sameValue(path, theirs, mine)) return 'converged'
  const isAsSeen = base === undefined ? isEmptyValue(theirs) : untouched
  return isAsSeen ? 'send' : 'conflict'
}

/**
 * The record with the texts that are known for what came as numbers: a JSON number has lost the zeros in front, and
 * the text that was seen or sent before says what it is. Only values that are the same are replaced.
 */
export function withKnownTexts(
  record: UserRecord,
  known: Readonly<Record<FieldPath, FieldValue>>,
): UserRecord {
  let texts: Record<FieldPath, FieldValue> | undefined
  for (const [path, value] of Object.entries(record.fields)) {
    if (!holdsNumeral(path, value) || !Object.hasOwn(known, path)) continue
    const text = known[path] as FieldValue
    if (holdsNumeral(path, text) || !sameValue(path, text, value)) continue
    texts ??= {}
    texts[path] = text
  }
  return texts === undefined ? record : { ...record, fields: { ...record.fields, ...texts } }
}
