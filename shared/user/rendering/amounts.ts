/** A number as its digits, without the zeros at both ends, times a power of ten. */
export interface Amount {
  readonly negative: boolean
  readonly digits: string
  readonly exponent: number
  /** How many digits of its worth are written behind the point; those of a percentage are two more. */
  readonly decimals: number
  /** Written with an exponent. */
  readonly scientific: boolean
}

const currency =
  /^(?:[$€£¥₹₽₴₺₩฿]|zł|kč|kr\.?|chf|usd|eur|gbp|pln|fr\.)\s*|\s*(?:[$€£¥₹₽₴₺₩฿]|zł|kč|kr\.?|chf|usd|eur|gbp|pln|fr\.)$/i
const plain = /^(\d+)(?:([.,])(\d*))?(?:e([+-]?\d{1,4}))?$/i
const bareDecimals = /^[.,]\d+$/
const grouped = /^\d{1,3}(?:([., '])\d{2,3})(?:\1\d{2,3})*([.,]\d*)?$/

function amount(
  negative: boolean,
  whole: string,
  fraction: string,
  exponent: number,
  scientific: boolean,
): Amount {
  const all = (whole + fraction).replace(/^0+/, '')
  const digits = all.replace(/0+$/, '')
  return {
    negative: negative && digits !== '',
    digits,
    exponent: digits === '' ? 0 : exponent - fraction.length + (all.length - digits.length),
    decimals: scientific ? fraction.length : Math.max(0, fraction.length - exponent),
    scientific,
  }
}

/**
 * Every number that a text may be in some country: with a sign, in brackets, as percent, money or fraction, with groups
 * of digits and an exponent. None for other texts.
 */
export function amountsOf(text: string): readonly Amount[] {
  if (text.length > 60 || !/\d/.test(text)) return []
  let body = text.trim()
  let negative = false
  let exponent = 0
  const brackets = /^\((.*)\)$/.exec(body)
  if (brackets) {
    body = brackets[1]?.trim() ?? ''
    negative = true
  }
  for (let again = 0; again < 3; again++) {
    body = body.replace(currency, '').trim()
    const sign = /^[+-](?=\D*\d)/.exec(body)
    if (sign) {
      negative = negative !== (sign[0] === '-')
      body = body.slice(1).trim()
    }
  }
  if (/^[\d.,' ]+-$/.test(body)) {
    negative = !negative
    body = body.slice(0, -1).trim()
  }
  if (/^%|%$/.test(body)) {
    body = body.replace(/%/, '').trim()
    exponent = -2
  }
  const found: Amount[] = []
  if (bareDecimals.test(body)) body = `0${body}`
  const [matched, whole = '', , fraction = '', power] = plain.exec(body) ?? []
  if (matched !== undefined) {
    found.push(amount(negative, whole, fraction, exponent + Number(power ?? 0), power !== undefined))
  }
  const groups = grouped.exec(body)
  if (groups && groups[2]?.charAt(0) !== groups[1]) {
    const decimals = groups[2]?.slice(1) ?? ''
    const integer = body.slice(0, body.length - (groups[2]?.length ?? 0)).replace(/\D/g, '')
    found.push(amount(negative, integer, decimals, exponent, false))
  }
  const [part, units = '0', upper = '', lower = ''] =
    /^(?:(\d{1,15}) )?(\d{1,6})\/(\d{1,6})$/.exec(body) ?? []
  if (part !== undefined && Number(lower) !== 0) {
    const value = Number(units) + Number(upper) / Number(lower)
    const [, one = '', , rest = '', tens = '0'] =
      /^(\d)(\.(\d+))?e([+-]\d+)$/.exec(value.toExponential(16)) ?? []
    found.push(amount(negative, one, rest, Number(tens) + exponent, false))
  }
  return found
}

/** The digits rounded to so many, with what is carried over. */
function rounded(digits: string, figures: number): { digits: string; carried: number } {
  const kept = digits.slice(0, figures)
  if (Number(digits.charAt(figures)) < 5) return { digits: kept.replace(/0+$/, ''), carried: 0 }
  const up = String(BigInt(kept === '' ? '0' : kept) + 1n).padStart(kept.length, '0')
  return { digits: up.replace(/0+$/, ''), carried: up.length - kept.length }
}

/** A number rounded, and cut, to so many digits; itself when it has no more. */
export function roundedTo(had: Amount, figures: number): readonly Amount[] {
  if (had.digits.length <= figures) return [had]
  const top = magnitude(had)
  const { digits, carried } = rounded(had.digits, figures)
  const cut = had.digits.slice(0, figures).replace(/0+$/, '')
  return [
    { ...had, digits, exponent: top + carried - digits.length },
    { ...had, digits: cut, exponent: top - cut.length },
  ]
}

const magnitude = ({ digits, exponent }: Amount) => digits.length + exponent
const shownOf = (amount: Amount) => doubleOf(amount).toPrecision(15)
const doubleOf = ({ negative, digits, exponent }: Amount) =>
  Number(`${negative ? '-' : ''}${digits || '0'}e${exponent}`)

/**
 * Whether a spreadsheet shows one number as the other: equal, or rounded to the digits that it keeps (fifteen) or shows
 * (six with an exponent). `unsure` where a person may have rounded.
 */
export function shownAs(had: Amount, cell: Amount): 'sure' | 'unsure' | undefined {
  // What is rounded to nothing has no sign.
  if (had.negative !== cell.negative && cell.digits !== '') return undefined
  if (had.digits === cell.digits && had.exponent === cell.exponent) return 'sure'
  if (had.digits === '') return undefined
  // A spreadsheet rounds to the digits that it keeps first, and then to those that it shows.
  if (had.digits.length > 15 && roundedTo(had, 15).some((kept) => shownAs(kept, cell) === 'sure'))
    return 'sure'
  if (cell.digits === '') {
    const rest = Math.abs(doubleOf(had)) * 10 ** cell.decimals
    return cell.decimals === 0 || rest > 0.5 ? undefined : cell.decimals >= 2 ? 'sure' : 'unsure'
  }
  const figures = cell.digits.length
  // A spreadsheet keeps a double and shows fifteen digits of it.
  if ((figures > 15 || had.digits.length > 15) && shownOf(had) === shownOf(cell)) return 'sure'
  // A zero at the end of the rounded digits was taken off, so more figures may have been shown.
  const least = cell.scientific ? Math.min(figures, 5) : figures
  // One digit may be all that was carried over.
  for (
    let many = figures === 1 && !cell.scientific ? 0 : Math.max(least, figures);
    many < Math.min(had.digits.length, 21);
    many++
  ) {
    const { digits, carried } = rounded(had.digits, many)
    const cut = had.digits.slice(0, many).replace(/0+$/, '')
    const same =
      (digits === cell.digits && magnitude(cell) === magnitude(had) + carried) ||
      (cut === cell.digits && magnitude(cell) === magnitude(had))
    if (!same) continue
    if (cell.scientific || many >= 15) return 'sure'
    const behind = cell.decimals
    if (had.exponent < 0 && many === magnitude(had) + behind) return behind >= 2 ? 'sure' : 'unsure'
  }
  return undefined
}

/** What a spreadsheet makes of a text that it takes for a sum, such as a phone number with a plus and dashes. */
export function sumOf(text: string): number | undefined {
  if (!/^[=+-]/.test(text) || text.length > 60) return undefined
  const body = text.replace(/^=/, '').replace(/\s/g, '')
  if (!/^[+-]?[\d.]+(?:[+\-*/][\d.]+)+$/.test(body)) return undefined
  let sum = 0
  for (const [, sign = '+', product = ''] of body.matchAll(/([+-])?([\d.]+(?:[*/][\d.]+)*)/g)) {
    let value = Number(/^[\d.]+/.exec(product)?.[0])
    for (const [, by, factor] of product.matchAll(/([*/])([\d.]+)/g)) {
      value = by === '*' ? value * Number(factor) : value / Number(factor)
    }
    sum += sign === '-' ? -value : value
  }
  return Number.isFinite(sum) ? sum : undefined
}
