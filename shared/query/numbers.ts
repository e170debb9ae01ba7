import type { UserRecord } from '../user/types'
import { digitsOf } from './fold'

const withCountry = /^\s*\+(\d{1,3})-(.+)$/
/** From this length on, digits that do not begin with a zero have their country code in front. */
const shortestWithCountry = 11

/**
 * A number with its country code behind a plus, where it is known, and as it is dialled within the country. `(0)` is
 * what people write for a digit that only callers from within dial.
 */
export const numberLines = (text: string): string[] => {
  const digits = digitsOf(text.replace(/\(0\)/g, ''))
  if (digits === '') return []
  if (text.trimStart().startsWith('+')) {
    const national = digitsOf(withCountry.exec(text)?.[2] ?? '')
    return national === '' ? [`+${digits}`] : [`+${digits}`, national]
  }
  if (digits.length < shortestWithCountry) return [digits]
  if (digits.startsWith('00')) return [`+${digits.slice(2)}`, digits]
  if (digits.startsWith('011')) return [`+${digits.slice(3)}`, digits]
  return digits.startsWith('0') ? [digits] : [digits, `+${digits}`]
}

const countryCode = /^[1-9]\d{0,2}$/

/**
 * Details tell a DN without its country code, and that beside it, and people write mobiles so: the same number is found
 * and sorted in one form.
 */
export const nationalLines = (text: string, values: UserRecord['fields']): string[] => {
  const lines = numberLines(text)
  const code = String(Object.hasOwn(values, 'countryCode') ? values.countryCode : '')
  const [digits = ''] = lines
  const known = digits === '' || digits.startsWith('+') || lines.length > 1 || !countryCode.test(code)
  if (known) return lines
  // The zero that is dialled within a country stands behind no country code, except where it is a part of the number.
  const bare = digits.replace(/^0(?=[1-9])/, '')
  return [...new Set([`+${code}${bare}`, `+${code}${digits}`, digits])]
}
