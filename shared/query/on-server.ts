import { accessDeviceMac } from '../user/catalogue'
import { digitsOf } from './fold'
import { searchNameOf } from './names'
import { numberLines } from './numbers'
import { type Token, tokensOf } from './parse'

/** What the server's own search of users compares. */
export type ServerField =
  | 'macAddress'
  | 'lastName'
  | 'firstName'
  | 'dn'
  | 'emailAddress'
  | 'userId'
  | 'extension'

/** One comparison: `abc` equals, `abc*` starts with, `*abc*` contains. */
export interface ServerFilter {
  readonly by: ServerField
  readonly value: string
}

/** One question to the server: all of its filters hold for who is found. */
export type ServerAsk = readonly [ServerFilter, ServerFilter?]

/** What has to be asked to find on the server what was typed: who answers to any of the questions is found. */
export interface OnServer {
  readonly asks: readonly ServerAsk[]
  /** Where the server looks, as people call it. */
  readonly fields: readonly string[]
}

const labels: Readonly<Record<ServerField, string>> = {
  macAddress: 'MAC address',
  lastName: 'last name',
  firstName: 'first name',
  dn: 'phone number',
  emailAddress: 'e-mail',
  userId: 'user ID',
  extension: 'extension',
}

const byPath: Readonly<Record<string, ServerField>> = {
  lastName: 'lastName',
  firstName: 'firstName',
  phoneNumber: 'dn',
  emailAddress: 'emailAddress',
  userId: 'userId',
  extension: 'extension',
  [accessDeviceMac]: 'macAddress',
}

/** Shorter words begin too many names to ask a whole system for. */
const shortestWord = 2
const shortestNumber = 5
const longestExtension = 7

const macForm = /^(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$|^(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}$/i
const bareMac = /^[0-9a-f]{12}$/i

/** Twelve bare hex digits; undefined for what is no whole MAC address: the server takes no part of one. */
const macIn = (text: string): string | undefined =>
  macForm.test(text) || bareMac.test(text) ? text.replace(/[^0-9a-f]/gi, '').toUpperCase() : undefined

const looksLikeNumber = /^\+?[\d\s()./-]+$/
/** Of one and of two digits; every other country code has three. */
const shortCodes = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])(?=\d)|^\d{3}(?=\d)/

/**
 * The digits of a number that the server's copy has in any case: it writes the country code apart, and no zero in front of
 * what is dialled from abroad.
 */
const dialled = (text: string): string => {
  const lines = numberLines(text)
  const [first = '', second] = lines
  const abroad = lines.find((line) => line.startsWith('+'))
  // Only who writes a hyphen behind it says where the country code ends.
  if (text.trimStart().startsWith('+') && second !== undefined) return second
  if (abroad !== undefined) return abroad.slice(1).replace(shortCodes, '')
  return first.replace(/^0+/, '')
}

const starts = (by: ServerField, value: string): ServerFilter => ({ by, value: `${value}*` })
const has = (by: ServerField, value: string): ServerFilter => ({ by, value: `*${value}*` })

const isAsked = (value: string, least = shortestWord): boolean => value.length >= least

const ofNumber = (text: string): ServerFilter[] => {
  const digits = digitsOf(text)
  const isShort = digits.length <= longestExtension && !text.trimStart().startsWith('+')
  // No number begins with three zeros: it is a MAC address.
  const number = digits.startsWith('000') ? '' : dialled(text)
  return [
    ...(isShort && isAsked(digits) ? [starts('extension', digits)] : []),
    ...(isAsked(number, shortestNumber) ? [has('dn', number)] : []),
  ]
}

/** A value without the wildcards and separators that people put around it. */
const bareValue = (value: string): string => value.replace(/^[*,;]+|[*,;]+$/g, '').trim()

/** One word without a field's name. */
const ofWord = (word: string): ServerFilter[] => {
  if (!isAsked(word)) return []
  if (word.includes('@')) return [starts('userId', word), starts('emailAddress', word)]
  if (/[\d._]/.test(word)) return [starts('userId', word), starts('emailAddress', word)]
  return [starts('lastName', word), starts('firstName', word), starts('userId', word)]
}

const namedFilter = (by: ServerField, value: string, quoted: boolean): ServerFilter | undefined => {
  if (by === 'macAddress') {
    const mac = macIn(value)
    return mac === undefined ? undefined : { by, value: mac }
  }
  if (by === 'dn') return isAsked(dialled(value), shortestNumber) ? has('dn', dialled(value)) : undefined
  const text = by === 'extension' ? digitsOf(value) : value
  if (!isAsked(text)) return undefined
  return by === 'extension' && quoted ? { by, value: text } : starts(by, text)
}

/** `first:ana last:novak`: the server looks in what was named. */
const ofNames = (tokens: readonly Token[]): ServerAsk[] => {
  const each = tokens.map(({ name = '', value, quoted }) =>
    (searchNameOf(name)?.paths ?? []).flatMap((path) => {
      const by = byPath[path]
      return (by && namedFilter(by, bareValue(value), quoted)) ?? []
    }),
  )
  const [first = [], second] = each
  if (each.length > 2) return []
  if (second === undefined) return first.map((filter): ServerAsk => [filter])
  return first.flatMap((one) => second.flatMap((two): ServerAsk[] => (one.by === two.by ? [] : [[one, two]])))
}

const asksFor = (search: string): ServerAsk[] => {
  const typed = search.trim()
  const mac = macIn(typed)
  // Twelve digits may be a phone number, too.
  const number = looksLikeNumber.test(typed) && !macForm.test(typed) ? ofNumber(typed) : []
  if (mac !== undefined) return [[{ by: 'macAddress', value: mac }], ...number.map((one): ServerAsk => [one])]
  if (looksLikeNumber.test(typed)) return number.map((one): ServerAsk => [one])
  const tokens = tokensOf(typed, [])
  if (tokens.some(({ negate }) => negate)) return []
  if (tokens.every(({ name }) => name !== undefined)) return ofNames(tokens)
  if (tokens.some(({ name }) => name !== undefined)) return []
  const words = tokens.flatMap(({ value }) => bareValue(value).split(/\s+/)).filter((word) => word !== '')
  const [first = ''] = words
  const last = words.at(-1) ?? ''
  if (words.length < 2) {
    return (looksLikeNumber.test(first) ? ofNumber(first) : ofWord(first)).map((one): ServerAsk => [one])
  }
  if (!isAsked(first) && !isAsked(last)) return []
  // A last name may be of several words, and people write either name first.
  return [
    [starts('firstName', first), has('lastName', last)],
    [starts('lastName', first), has('firstName', last)],
  ]
}

/** How the server is asked for what was typed; undefined when it has no search for that. */
export function onServer(search: string): OnServer | undefined {
  const asks = asksFor(search)
  if (asks.length === 0) return undefined
  const fields = new Set(asks.flat().flatMap((filter) => (filter ? [labels[filter.by]] : [])))
  return { asks, fields: [...fields] }
}
