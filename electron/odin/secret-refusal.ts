import type { OdinError } from './types'

/** What servers say of a secret that breaks a rule, as far as it can be told by a word, and what it means. */
const rules: readonly (readonly [words: RegExp, reason: string])[] = [
  [/sequen/i, 'It must not be a sequence.'],
  [/repeat|same digit|same character/i, 'It repeats a character too often.'],
  [/\b(old|previous|last|recent|history|reuse[ds]?)\b/i, 'It must not be one that was used before.'],
  [/own number|phone number|extension/i, 'It must not be one of the user’s numbers.'],
  [/user ?id|login|user ?name/i, 'It must not contain the user id.'],
  [/only digits|numeric only|must be digits/i, 'It must have only digits.'],
  [/upper|capital/i, 'It needs a capital letter.'],
  [/lower|small letter/i, 'It needs a small letter.'],
  [/non-?alpha|special|symbol/i, 'It needs a character that is neither letter nor digit.'],
  [/length|at least \d+ characters|(digits|characters) long|too (short|long)/i, 'Its length does not fit.'],
  [/digit/i, 'It has too few digits.'],
]

/**
 * The error of a call that carried a secret, without one word of the server: it may give the secret back in a form that nobody
 * knows to strike out. Which rule was broken is told in our own words, where it can be recognised.
 * @param what `password` or `passcode`
 */
export function withoutServerWords(error: OdinError, what: string): OdinError {
  const { raw: _raw, text, ...rest } = error
  if (rest.kind !== 'refused' || rest.cause === 'wrong-password') return rest
  const reason = rules.find(([words]) => text !== undefined && words.test(text))?.[1]
  return {
    ...rest,
    message: `The server refused the ${what}.${reason === undefined ? '' : ` ${reason}`}`,
    next:
      reason === undefined
        ? `Why it did so is not shown, because that may repeat the ${what}. Look at the rules and choose another one.`
        : 'Choose another one.',
  }
}
