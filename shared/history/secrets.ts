import { hiddenText } from '../user/normalise'

const member = /("([^"\\]{0,100})"\s*:\s*)("(?:[^"\\]|\\.)*(?:"|$)|-?[0-9][0-9.eE+-]*)/g
const secret = /passw|passc|secret|token/i

/**
 * Text that may hold JSON, with the values of members whose names speak of a password, passcode, secret or token
 * replaced. It works on broken and cut JSON too, so it reads the text and not its structure.
 */
export function hideSecrets(text: string): string {
  return text.replace(member, (whole, start: string, name: string) =>
    secret.test(name) && name !== 'passwordExpiresDays' ? `${start}"${hiddenText}"` : whole,
  )
}
