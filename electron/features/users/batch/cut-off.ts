import { trimmed } from '../../../../shared/user/rendering/letters'

const domainOf = (text: string) => /@([^\s@]+)$/.exec(text)?.[1]
const isNumber = (text: string) => /^\+?\d+$/.test(text)
const isBeginningOf = (part: string, whole: string) => part.length < whole.length && whole.startsWith(part)

/**
 * Whether a cell looks as if more had stood in it, beside the other cells of its column: it is the beginning of one, its
 * domain is that of one, or all of them are longer numbers.
 */
export function looksCutOff(raw: string, others: Iterable<string>): boolean {
  const cell = trimmed(raw)
  if (cell === '') return false
  const domain = domainOf(cell)
  let numbers = 0
  let texts = 0
  for (const other of others) {
    const text = trimmed(other)
    if (text === '') continue
    texts++
    if (isBeginningOf(cell, text)) return true
    if (domain !== undefined && isBeginningOf(domain, domainOf(text) ?? '')) return true
    if (isNumber(text) && text.length > cell.length) numbers++
  }
  return isNumber(cell) && texts > 1 && numbers === texts
}
