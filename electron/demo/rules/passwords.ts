import type { Secret } from '../accounts'
import { refusals } from '../refusal'

export const PASSWORD_RULES = {
  minLength: 8,
  restrictMinDigits: true,
  minDigits: 1,
  restrictMinUpperCaseLetters: true,
  minUpperCaseLetters: 1,
  restrictMinLowerCaseLetters: true,
  minLowerCaseLetters: 1,
  restrictMinNonAlphanumericCharacters: false,
  minNonAlphanumericCharacters: 1,
  disallowUserId: true,
  disallowOldPassword: true,
  disallowReversedOldPassword: false,
  disallowPreviousPasswords: false,
  numberOfPreviousPasswords: 1,
  maxFailedLoginAttempts: 5,
  passwordExpiresDays: 0,
  sendLoginDisabledNotifyEmail: false,
  forcePasswordChangeAfterReset: false,
} as const

export const PASSCODE_RULES = {
  useRuleLevel: 'Group',
  minLength: 4,
  maxLength: 6,
  disallowRepeatedDigits: true,
  numberOfRepeatedDigits: 3,
  disallowUserNumber: true,
  disallowReversedUserNumber: true,
  disallowOldPasscode: false,
  disallowReversedOldPasscode: false,
  disallowContiguousSequences: true,
  expirePassword: false,
  passcodeExpiresDays: 90,
  maxFailedLoginAttempts: 5,
} as const

const count = (text: string, what: RegExp) => text.match(what)?.length ?? 0

/** Refuses a web password that breaks a rule. The wording of the real server is not public. */
export function checkPassword(password: string, userId: string, old: Secret | undefined): void {
  const command = 'UserModifyRequest22'
  const characters = [...password].length
  if (characters < 1 || characters > 60) {
    throw refusals.invalid(`cvc-maxLength-valid: a Password has 1 to 60 characters, not ${characters}.`)
  }
  if (characters < PASSWORD_RULES.minLength) {
    throw refusals.unworded(`Password must be at least ${PASSWORD_RULES.minLength} characters.`, command)
  }
  if (count(password, /[0-9]/g) < PASSWORD_RULES.minDigits) {
    throw refusals.unworded('Password must contain at least 1 digit.', command)
  }
  if (count(password, /\p{Lu}/gu) < PASSWORD_RULES.minUpperCaseLetters) {
    throw refusals.unworded('Password must contain at least 1 upper case letter.', command)
  }
  if (count(password, /\p{Ll}/gu) < PASSWORD_RULES.minLowerCaseLetters) {
    throw refusals.unworded('Password must contain at least 1 lower case letter.', command)
  }
  if (password.toLowerCase().includes(userId.toLowerCase())) {
    throw refusals.unworded('Password must not contain the user id.', command)
  }
  if (old?.matches(password)) throw refusals.unworded('Password must not be the old one.', command)
}

/** Refuses a portal passcode that breaks a rule. */
export function checkPasscode(passcode: string, numbers: readonly (string | undefined)[]): void {
  const command = 'UserPortalPasscodeModifyRequest'
  if (!/^[0-9]+$/.test(passcode)) throw refusals.unworded('Passcode must contain only digits.', command)
  if (passcode.length < PASSCODE_RULES.minLength || passcode.length > PASSCODE_RULES.maxLength) {
    throw refusals.unworded(
      `Passcode must be ${PASSCODE_RULES.minLength} to ${PASSCODE_RULES.maxLength} digits long.`,
      command,
    )
  }
  if (/(.)\1\1\1/.test(passcode)) throw refusals.unworded('Passcode repeats a digit too often.', command)
  if ('01234567890'.includes(passcode) || '09876543210'.includes(passcode)) {
    throw refusals.unworded('Passcode must not be a sequence.', command)
  }
  const reversed = [...passcode].reverse().join('')
  if (numbers.some((number) => number === passcode || number === reversed)) {
    throw refusals.unworded('Passcode must not be the user’s own number.', command)
  }
}

const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const LOWER = 'abcdefghjkmnpqrstuvwxyz'
const DIGITS = '23456789'

export function generatePassword(random: () => number): string {
  const one = (from: string) => from[Math.floor(random() * from.length)] ?? 'a'
  return [
    one(UPPER),
    one(DIGITS),
    ...Array.from({ length: 10 }, () => one(LOWER + DIGITS + UPPER)),
    one(LOWER),
  ].join('')
}

export function generatePasscode(random: () => number): string {
  for (;;) {
    const code = String(Math.floor(random() * 1_000_000)).padStart(6, '0')
    try {
      checkPasscode(code, [])
      return code
    } catch {
      // Broke a rule: roll again.
    }
  }
}
