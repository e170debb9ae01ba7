import type { Json, JsonObject } from '../json'
import { type Field, fieldAt } from './catalogue'
import type { FieldPath, FieldValue, UserKey } from './types'
import { displayValue, isEmptyValue } from './value'

/** Written into a cell, it clears the field; a blank cell leaves it as it is. */
export const clearWord = '<clear>'

/**
 * What a spreadsheet would take for a formula, what would be taken for our own words, and the mark itself. Such a
 * text gets an apostrophe in front, which is taken off when it is read.
 */
const needsMark = /^(?:[=+\-@\t\r'＝＋－＠]|<clear>\s*$|\s|$)/i

export const marked = (text: string): string => (text !== '' && needsMark.test(text) ? `'${text}` : text)

export const unmarked = (text: string): string =>
  text.startsWith("'") && needsMark.test(text.slice(1)) ? text.slice(1) : text

/**
 * A value as the text of a cell. Lists have one item in a line. Departments and devices are written as they are shown;
 * other objects as JSON. Empty is the empty text.
 */
export function cellText(path: FieldPath, value: FieldValue): string {
  if (isEmptyValue(value)) return ''
  if (typeof value === 'string') return value
  const field = fieldAt(path)
  if (Array.isArray(value)) return value.map((item: Json) => itemText(field, item)).join('\n')
  if (typeof value === 'object' && !shownInWords(field)) return JSON.stringify(value)
  return displayValue(path, value)
}

const shownInWords = (field: Field | undefined) =>
  field?.compare === 'department' || field?.compare === 'device'

function itemText(field: Field | undefined, item: Json): string {
  if (typeof item === 'string') return item
  const first = field?.parts?.[0]?.name
  const object = item as JsonObject
  const text = first !== undefined && typeof item === 'object' && item !== null ? object[first] : undefined
  return typeof text === 'string' ? text : JSON.stringify(item)
}

/**
 * The value that a cell means, to be checked by `validateField`: texts as they are, objects put together again.
 * A department is meant in the user's own group, unless the enterprise or another group stands in brackets behind it.
 */
export function cellValue(path: FieldPath, text: string, user: UserKey): FieldValue {
  const field = fieldAt(path)
  const choice = field?.choices?.find(({ label }) => label.toLowerCase() === text.trim().toLowerCase())
  if (choice !== undefined) return choice.value
  if (field?.kind !== 'object' && field?.kind !== 'list') return text
  const json = objectIn(text)
  if (json !== undefined) return json
  if (field.compare === 'department') return department(text, user)
  if (field.compare === 'device') {
    const [, name = text, level = 'Group'] = /^(.*\S)\s*\(([^()]*)\)\s*$/s.exec(text) ?? []
    return { deviceName: name, deviceLevel: level }
  }
  if (field.kind === 'object' && field.parts !== undefined) {
    const [first = '', ...rest] = text.trim().split(/\s+/)
    const [one, two] = field.parts
    return {
      ...(one === undefined ? {} : { [one.name]: first }),
      ...(two === undefined ? {} : { [two.name]: rest.join(' ') }),
    }
  }
  return text
}

function department(text: string, { serviceProviderId, groupId }: UserKey): JsonObject {
  const [, name = text, where = groupId] = /^(.*\S)\s*\(([^()]*)\)\s*$/s.exec(text) ?? []
  return where === serviceProviderId && where !== groupId
    ? { name, serviceProviderId }
    : { name, serviceProviderId, groupId: where }
}

function objectIn(text: string): JsonObject | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined
  } catch {
    return undefined
  }
}

/** What has become of a value on its way through a spreadsheet. */
export type Damage =
  | { readonly repaired: FieldValue; readonly note: string }
  | { readonly lost: string }
  | undefined

const scientific = /^[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+$/
const withDecimals = /^(\d+)[.,]0+$/

/**
 * Recognises what spreadsheets do to numbers written as digits: leading zeros dropped, `1.5E+10`, a plus gone,
 * `1234.0`. Repaired where the value that the user has tells how it was; refused where digits are lost.
 * @param now what the user has, if known
 */
export function spreadsheetDamage(path: FieldPath, text: string, now: FieldValue | undefined): Damage {
  const field = fieldAt(path)
  const before = typeof now === 'string' ? now : ''
  const cell = text.trim()
  const numeric = field?.kind === 'digits' || field?.kind === 'phone'
  if (numeric && scientific.test(cell)) {
    if (sameInScience(before, cell)) return { repaired: before, note: `${cell} was taken as ${before}.` }
    return {
      lost: `A spreadsheet has turned it into ${cell}, so its digits are lost. Type the whole number.`,
    }
  }
  const [, whole] = numeric ? (withDecimals.exec(cell) ?? []) : []
  const digits = whole ?? cell
  if (/^\d+$/.test(digits)) {
    if (/^0\d*$/.test(before) && before !== digits && before.replace(/^0+/, '') === digits.replace(/^0+/, ''))
      return { repaired: before, note: `Leading zeros were put back: ${before}.` }
    if (
      field?.kind === 'phone' &&
      before.startsWith('+') &&
      before.replace(/[^0-9]/g, '').replace(/^0+/, '') === digits.replace(/^0+/, '')
    )
      return { repaired: before, note: `The + was put back: ${before}.` }
    if (whole !== undefined) return { repaired: whole, note: `${cell} was taken as ${whole}.` }
  }
  return undefined
}

/** Whether the digits of a number begin as the rounded form says and are as many. */
function sameInScience(digits: string, cell: string): boolean {
  const plain = digits.replace(/[^0-9]/g, '').replace(/^0+/, '')
  const [, mantissa = '', exponent = ''] = /^[+-]?([\d.,]+)[eE]\+?(\d+)$/.exec(cell) ?? []
  const figures = mantissa.replace(/[.,]/g, '')
  if (plain === '' || plain.length !== Number(exponent) + (mantissa.split(/[.,]/)[0] ?? '').length)
    return false
  const rounded = Number(plain).toExponential(Math.max(0, figures.length - 1))
  return Number(rounded) === Number(cell.replace(',', '.'))
}
