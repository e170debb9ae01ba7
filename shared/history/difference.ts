import type { Json } from '../json'
import type { FieldPath, FieldValue } from '../user/types'
import { displayValue, isEmptyValue } from '../user/value'

/** A piece of a difference: read without the added pieces it is the text before, without the removed ones the text after. */
export interface Piece {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Longer texts and lists are shown as replaced: finding what they have in common costs the product of both. */
const mostWords = 600
/** Of shorter texts the whole is easier to read than its parts. */
const shortestMarked = 20

/** The difference of two values in words: of long texts word by word, of lists element by element. */
export function difference(path: FieldPath, before: FieldValue, after: FieldValue): readonly Piece[] {
  if (Array.isArray(before) || Array.isArray(after)) {
    const [one, two] = [elements(path, before), elements(path, after)]
    return Math.max(one.length, two.length) > mostWords
      ? [...marked('removed', one), ...marked('added', two)]
      : sequenceDifference(one, two)
  }
  const one = displayValue(path, before)
  const two = displayValue(path, after)
  if (one === two) return one === '' ? [] : [{ kind: 'same', text: one }]
  return textDifference(one, two) ?? whole(one, two)
}

function whole(before: string, after: string): Piece[] {
  return [...marked('removed', [before]), ...marked('added', [after])].filter(({ text }) => text !== '')
}

function marked(kind: Piece['kind'], texts: readonly string[]): Piece[] {
  return texts.map((text) => ({ kind, text }))
}

/** Undefined when the texts are too short, too long or too different for their parts to be worth marking. */
function textDifference(before: string, after: string): Piece[] | undefined {
  if (Math.min(before.length, after.length) < shortestMarked) return undefined
  const [one, two] = [wordsOf(before), wordsOf(after)]
  if (Math.max(one.length, two.length) > mostWords) return undefined
  const pieces = joined(sequenceDifference(one, two))
  const same = pieces.reduce((length, { kind, text }) => (kind === 'same' ? length + text.length : length), 0)
  return same * 2 < Math.max(before.length, after.length) ? undefined : pieces
}

/** Words, and what is between them: together they are the text. */
function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{M}\p{N}_]+|\s+|[^\p{L}\p{M}\p{N}_\s]/gu) ?? []
}

/** Neighbours of one kind as one piece. */
function joined(pieces: readonly Piece[]): Piece[] {
  const runs: Piece[] = []
  for (const piece of pieces) {
    const last = runs.at(-1)
    if (last?.kind === piece.kind) runs[runs.length - 1] = { kind: last.kind, text: last.text + piece.text }
    else runs.push(piece)
  }
  return runs
}

/** By the longest common subsequence; what was removed stands before what was added in its place. */
function sequenceDifference(before: readonly string[], after: readonly string[]): Piece[] {
  const width = after.length + 1
  /** Of the rests of both sequences from a place on, the length of what they have in common. */
  const common = new Uint32Array((before.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const pieces: Piece[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    const [one, two] = [before[i], after[j]]
    if (one !== undefined && one === two) {
      pieces.push({ kind: 'same', text: one })
      i++
      j++
    } else if (one !== undefined && (two === undefined || at(i + 1, j) >= at(i, j + 1))) {
      pieces.push({ kind: 'removed', text: one })
      i++
    } else if (two !== undefined) {
      pieces.push({ kind: 'added', text: two })
      j++
    }
  }
  return pieces
}

function elements(path: FieldPath, value: FieldValue): string[] {
  if (isEmptyValue(value)) return []
  return (Array.isArray(value) ? value : [value]).map((item: Json) => displayValue(path, [item]))
}
