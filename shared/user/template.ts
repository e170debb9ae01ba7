import { fold } from '../query/fold'
import { searchNameOf } from '../query/names'
import { fieldAt, labelOf } from './catalogue'
import type { FieldPath } from './types'

/**
 * A text with parts that are filled in for each user: `{{firstName}}`, `{{ext}}`, `{{seq:1000}}`, each with steps that
 * change it: `{{firstName|first1|lower}}`. A colon and a bar mean the same.
 */
export interface Template {
  readonly pieces: readonly Piece[]
}

type Piece = { readonly text: string } | { readonly source: Source; readonly steps: readonly Step[] }
type Source = { readonly path: FieldPath } | { readonly start: number; readonly width: number }
/** `undefined` when it cannot be done with this text. */
type Step = (text: string) => string | undefined

/** Longer ones are no template that a person wrote. */
const longest = 2000

const upperFirst = (word: string): string => {
  const [first = '', ...rest] = word
  const tail = rest.join('')
  // McDonald is written so on purpose; MCDONALD and mCDONALD are not.
  const meant = /^\p{Lu}/u.test(word) && /\p{Ll}/u.test(tail)
  return first.toUpperCase() + (meant ? tail : tail.toLowerCase())
}

const apostrophes = "'’‘ʼʻ´`"
const words = new RegExp(`[\\p{L}\\p{M}\\p{N}${apostrophes}]+`, 'gu')
const afterApostrophe = new RegExp(`([${apostrophes}])([\\p{L}\\p{M}]{2,})`, 'gu')

/** O'Neil has two capitals; Women's and We'll have one. */
const titled = (word: string): string =>
  upperFirst(word).replace(afterApostrophe, (all, mark: string, name: string) =>
    /^(?:ll|re|ve)$/i.test(name) ? all : mark + upperFirst(name),
  )

/** What an address takes; of letters that it does not take, none may be left out silently. */
function plain(text: string): string | undefined {
  const folded = fold(text).replace(/\s+/g, '')
  return /(?![\x20-\x7e])[\p{L}\p{M}\p{N}]/u.test(folded)
    ? undefined
    : folded.replace(/[^a-z0-9\-_.!~*'()@+]/g, '')
}

let segmenter: Intl.Segmenter | undefined

/** A text in what people take for its characters: a flag and a letter with its accents are one each. */
export function graphemesOf(text: string): string[] {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

const steps: Readonly<Record<string, Step>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  /** A word begins after anything that is neither letter, mark, digit nor apostrophe. */
  title: (text) => text.replace(words, titled),
  trim: (text) => text.trim().replace(/\s+/g, ' '),
  digits: (text) => text.replace(/\D/g, ''),
  /** As in an address: no accents, no blanks, nothing that an alias cannot have. */
  plain,
}

/** What can follow the bar, for people. */
export const stepNames: readonly string[] = [...Object.keys(steps), 'first1', 'last4']

function stepNamed(name: string): Step | undefined {
  const known = Object.hasOwn(steps, name) ? steps[name] : undefined
  if (known !== undefined) return known
  const [, end, count] = /^(first|last)([1-9][0-9]?)$/.exec(name) ?? []
  if (end === undefined) return undefined
  const length = Number(count)
  return (text) => {
    // The last four of a number are its digits, whatever stands between them.
    const characters = /^[+0-9 ().-]+$/.test(text) ? [...text.replace(/[^0-9]/g, '')] : graphemesOf(text)
    return (end === 'first' ? characters.slice(0, length) : characters.slice(-length)).join('')
  }
}

/** Reads a template, or says what is wrong with it and what to do. */
export function parseTemplate(text: string): Template | { readonly problem: string } {
  if (text.length > longest) return { problem: `The template is longer than ${longest} characters.` }
  const pieces: Piece[] = []
  let at = 0
  while (at < text.length) {
    let open = text.indexOf('{{', at)
    if (open < 0) break
    // Of three brackets the first is text: it is not part of any name.
    while (text[open + 2] === '{') open++
    const close = text.indexOf('}}', open)
    if (close < 0) return { problem: 'A {{ has no }} after it. Close it.' }
    if (open > at) pieces.push({ text: text.slice(at, open) })
    const piece = partOf(text.slice(open + 2, close))
    if ('problem' in piece) return piece
    pieces.push(piece)
    at = close + 2
  }
  if (at < text.length) pieces.push({ text: text.slice(at) })
  return { pieces }
}

function partOf(inside: string): Piece | { readonly problem: string } {
  const [name = '', ...rest] = inside.split(/[:|]/).map((part) => part.trim())
  const source = name.toLowerCase() === 'seq' ? sequence(rest.shift() ?? '1') : fieldSource(name)
  if ('problem' in source) return source
  const done: Step[] = []
  for (const word of rest) {
    const step = stepNamed(word.toLowerCase())
    if (step === undefined) {
      return {
        problem: `“${word.slice(0, 40)}” is no step. There are ${stepNames.join(', ')}, with any count.`,
      }
    }
    done.push(step)
  }
  return { source, steps: done }
}

function sequence(start: string): Source | { readonly problem: string } {
  if (!/^[0-9]{1,12}$/.test(start)) {
    return {
      problem: `{{seq}} counts from a whole number, such as {{seq:1000}}, not from “${start.slice(0, 40)}”.`,
    }
  }
  return { start: Number(start), width: start.length }
}

function fieldSource(name: string): Source | { readonly problem: string } {
  const search = searchNameOf(name)
  const first = search?.paths[0]
  // A name that looks in several fields, such as `clid`, does not say which of them is meant.
  const path = fieldAt(name)?.path ?? (search?.label === labelOf(first ?? '') ? first : undefined)
  if (path === undefined || fieldAt(path)?.secret) {
    return {
      problem: `“${name.slice(0, 40)}” is not a field. Write a label or a path, such as {{lastName}}.`,
    }
  }
  return { path }
}

/** The fields that a template looks at. */
export function templateFields({ pieces }: Template): FieldPath[] {
  return pieces.flatMap((piece) => ('source' in piece && 'path' in piece.source ? [piece.source.path] : []))
}

/**
 * The text for one user.
 * @param valueAt the words of a field, or `undefined` when it is not known
 * @param place which user this is in the order of the list, from 0
 * @returns the text, or why there is none: a part that is empty, or `unfit` for a step, would silently make a wrong value
 */
export function fillTemplate(
  { pieces }: Template,
  valueAt: (path: FieldPath) => string | undefined,
  place: number,
):
  | { readonly text: string }
  | { readonly missing: FieldPath; readonly known: boolean }
  | { readonly unfit: string } {
  let text = ''
  for (const piece of pieces) {
    if ('text' in piece) {
      text += piece.text
      continue
    }
    const { source } = piece
    const value =
      'path' in source ? valueAt(source.path) : String(source.start + place).padStart(source.width, '0')
    let filled = value ?? ''
    for (const step of piece.steps) {
      const next = step(filled)
      if (next === undefined) return { unfit: filled }
      filled = next
    }
    if ('path' in source && filled === '') return { missing: source.path, known: value !== undefined }
    text += filled
  }
  return { text }
}
