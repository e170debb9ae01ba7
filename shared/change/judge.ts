import type { FieldEdit, FieldPath, FieldValue, UserRecord } from '../user/types'
import { fieldValue, holdsNumeral, sameValue } from '../user/value'

/** What a read after a PUT shows of one field that was sent. */
export type FieldFate = 'mine' | 'normalised' | 'pre-image' | 'third'

export interface Judgement {
  readonly fates: Readonly<Record<FieldPath, FieldFate>>
  readonly after: Readonly<Record<FieldPath, FieldValue>>
  /** Fields that the record did not carry. Nothing can be said before they are read. */
  readonly unread: readonly FieldPath[]
}

const letters = (value: string): string =>
  value
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=.)/, '')

const plainText = (value: FieldValue): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? letters(String(value)) : undefined

/**
 * Whether a server could have made `after` of `mine` by its own spelling rules: the same letters and digits in the
 * same order, but for case, spacing and punctuation, a number with zeros put in front or left out, or a phone number with
 * its country code put in front or left out.
 */
export function looksNormalised(mine: FieldValue, after: FieldValue): boolean {
  const a = plainText(mine)
  const b = plainText(after)
  if (a === undefined || b === undefined || a === '' || b === '') return false
  if (a === b) return true
  // An extension that was filled up to the length that the group has.
  if (/^\d+$/.test(a) && /^\d+$/.test(b) && withoutZeros(a) === withoutZeros(b)) return true
  if (!/^\d{6,}$/.test(a) || !/^\d{6,}$/.test(b)) return false
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return long.length - short.length <= 4 && long.endsWith(short.replace(/^0+/, ''))
}

/** Tells, for each field that was sent, whose value a later read shows. */
export function judge(
  sent: readonly FieldEdit[],
  preImage: Readonly<Record<FieldPath, FieldValue>>,
  record: UserRecord,
): Judgement {
  const fates: Record<FieldPath, FieldFate> = {}
  const after: Record<FieldPath, FieldValue> = {}
  const unread: FieldPath[] = []
  for (const { path, mine } of sent) {
    const now = fieldValue(record, path)
    if (now === undefined) {
      unread.push(path)
      continue
    }
    after[path] = now
    const before = Object.hasOwn(preImage, path) ? preImage[path] : undefined
    if (sameValue(path, mine, now)) {
      fates[path] = 'mine'
      if (holdsNumeral(path, now)) after[path] = mine
    } else if (before !== undefined && sameValue(path, before, now)) fates[path] = 'pre-image'
    else fates[path] = looksNormalised(mine, now) ? 'normalised' : 'third'
  }
  return { fates, after, unread }
}

/** The fates as sets of fields, for the rules that decide by them. */
export function tally(judgement: Judgement): Readonly<Record<FieldFate, readonly FieldPath[]>> {
  const sets: Record<FieldFate, FieldPath[]> = { mine: [], normalised: [], 'pre-image': [], third: [] }
  for (const [path, fate] of Object.entries(judgement.fates)) sets[fate].push(path)
  return sets
}
