import { digitsOf, fold } from './fold'

/**
 * A question about one line of folded text. `parts`: the parts in this order, with anything between them, the first at
 * the start (`fromStart`) and the last at the end (`toEnd`) where so said.
 */
export interface LineTest {
  readonly parts: readonly string[]
  readonly fromStart: boolean
  readonly toEnd: boolean
}

export const contains = (text: string): LineTest => ({ parts: [text], fromStart: false, toEnd: false })
export const equals = (text: string): LineTest => ({ parts: [text], fromStart: true, toEnd: true })
export const starts = (text: string): LineTest => ({ parts: [text], fromStart: true, toEnd: false })

/** Whether a folded line passes. */
export const passes = ({ parts, fromStart, toEnd }: LineTest, line: string): boolean => {
  let from = 0
  const last = parts.length - 1
  for (const [place, part] of parts.entries()) {
    if (place === last && toEnd) {
      const at = line.length - part.length
      return at >= from && (place > 0 || !fromStart || at === 0) && line.endsWith(part)
    }
    const at = line.indexOf(part, from)
    if (at < 0 || (place === 0 && fromStart && at !== 0)) return false
    from = at + part.length
  }
  return true
}

/** A text with stars as a test: `abc*` starts with, `*abc` ends with, `*abc*` contains, `a*c` both ends. */
const wildcard = (text: string): LineTest | undefined => {
  const pieces = text.split('*')
  const parts = pieces.filter((piece) => piece !== '')
  if (parts.length === 0) return undefined
  return { parts, fromStart: pieces[0] !== '', toEnd: pieces.at(-1) !== '' }
}

/** What to look for in fields of text; undefined when the word says nothing. */
export const textTest = (written: string, quoted: boolean): LineTest | undefined => {
  const text = fold(written)
  if (text.includes('*')) return wildcard(text)
  if (text === '') return undefined
  return quoted ? equals(text) : contains(text)
}

const numberCharacters = /^[\d\s+\-()./,;<>[\]*]*\d[\d\s+\-()./,;<>[\]*]*$/

/** Whether a word can be a phone number or a part of one, in whatever digits and dress. */
export const looksLikeNumber = (written: string): boolean => numberCharacters.test(fold(written))

/** Shorter ones are extensions and the like, whose leading zero is their own. */
const shortestWithTrunkZero = 5
const shortestInternational = 8

interface NumberForm {
  readonly digits: string
  /** Begins with the country code. */
  readonly international: boolean
}

/**
 * The ways in which the server may hold a number that was written so: international (`+`, or the prefixes `00` and
 * `011`), or national, with or without the trunk zero. Stars stay where they are.
 */
const numberForms = (typed: string): NumberForm[] => {
  const written = fold(typed)
  const digits = written.replace(/\(0\)/g, '').replace(/[^\d*]+/g, '')
  if (/^[\s(<[]*\+/.test(written)) return [{ digits, international: true }]
  const forms: NumberForm[] = [{ digits, international: false }]
  if (digits.startsWith('00') && digits.length >= shortestWithTrunkZero) {
    forms.push({ digits: digits.slice(2), international: true })
  } else if (digits.startsWith('011') && digits.length >= shortestInternational) {
    forms.push({ digits: digits.slice(3), international: true })
  }
  if (/^0[^0]/.test(digits) && digits.length >= shortestWithTrunkZero) {
    forms.push({ digits: digits.slice(1), international: false })
  }
  return forms.filter((form) => digitsOf(form.digits) !== '')
}

/**
 * What to look for in fields of numbers, any of the tests: the whole number for a field's value, any part of it for a
 * free word. Empty when the word is no number.
 */
export const numberTests = (written: string, whole: boolean): LineTest[] => {
  if (!looksLikeNumber(written)) return []
  return numberForms(written).flatMap(({ digits, international }) => {
    const known = `+${digits}`
    if (digits.includes('*'))
      return [wildcard(known) ?? [], international ? [] : (wildcard(digits) ?? [])].flat()
    if (whole) return international ? equals(known) : [equals(digits), equals(known)]
    return international ? starts(known) : contains(digits)
  })
}
