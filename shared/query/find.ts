import { digitsOf, hasWords } from './fold'
import { numberLines } from './numbers'
import { tokensOf } from './parse'
import { looksLikeNumber, numberTests, passes } from './tests'

/** Fewer digits are typed for what is no telephone number. */
const shortest = 3
/** What may be a number within a text. */
const numbers = /[+(]?\d[\d\s()./-]*\d/g

/** A number as it was pasted, without what programs put in front of one that can be clicked. */
export const pasted = (typed: string): string =>
  tokensOf(typed, [])
    .map(({ value }) => value)
    .join(' ')

/** Whether a text has the number that was typed, in whatever dress either of them is. */
function hasNumber(text: string, typed: string): boolean {
  const number = pasted(typed)
  if (!looksLikeNumber(number) || digitsOf(number).length < shortest) return false
  const lines = (text.match(numbers) ?? []).flatMap(numberLines)
  return numberTests(number, false).some((test) => lines.some((line) => passes(test, line)))
}

/** Whether a text is found by what was typed, as the search finds users: by its words in any dress, or by a number in it. */
export const finds = (text: string, typed: string): boolean => hasWords(text, typed) || hasNumber(text, typed)
