import { diffArrays, diffWordsWithSpace } from 'diff'
import type { Json } from '../json'
import type { FieldPath, FieldValue } from '../user/types'
import { displayValue, isEmptyValue } from '../user/value'

/** A piece of a difference: read without the added pieces it is the text before, without the removed ones the text after. */
export interface Piece {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Up to here parts of a text are marked; beyond, or when nothing much is left the same, the whole text is replaced. */
const longestMarked = 4_000
const mostEdits = 200
/** Of shorter texts the whole is easier to read than its parts. */
const shortestMarked = 20

/** The difference of two values in words: of long texts word by word, of lists element by element. */
export function difference(path: FieldPath, before: FieldValue, after: FieldValue): readonly Piece[] {
  if (Array.isArray(before) || Array.isArray(after)) {
    return listDifference(elements(path, before), elements(path, after))
  }
  const one = displayValue(path, before)
  const two = displayValue(path, after)
  if (one === two) return one === '' ? [] : [{ kind: 'same', text: one }]
  return textDifference(one, two) ?? whole(one, two)
}

function whole(before: string, after: string): Piece[] {
  return [
    { kind: 'removed' as const, text: before },
    { kind: 'added' as const, text: after },
  ].filter(({ text }) => text !== '')
}

function textDifference(before: string, after: string): Piece[] | undefined {
  const longest = Math.max(before.length, after.length)
  if (Math.min(before.length, after.length) < shortestMarked || longest > longestMarked) return undefined
  const parts = diffWordsWithSpace(before, after, { maxEditLength: mostEdits })
  if (parts === undefined) return undefined
  const same = parts.reduce(
    (length, { added, removed, value }) => length + (added || removed ? 0 : value.length),
    0,
  )
  return same * 2 < longest ? undefined : parts.map((part) => ({ kind: kindOf(part), text: part.value }))
}

function listDifference(before: readonly string[], after: readonly string[]): Piece[] {
  return diffArrays([...before], [...after]).flatMap((part) =>
    part.value.map((text) => ({ kind: kindOf(part), text })),
  )
}

function elements(path: FieldPath, value: FieldValue): string[] {
  if (isEmptyValue(value)) return []
  return (Array.isArray(value) ? value : [value]).map((item: Json) => displayValue(path, [item]))
}

function kindOf({ added, removed }: { added?: boolean; removed?: boolean }): Piece['kind'] {
  return added ? 'added' : removed ? 'removed' : 'same'
}
