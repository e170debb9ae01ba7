/** The numbers of a range as a number list gives it, or why there are none. */
export type Range =
  | { readonly ok: true; readonly numbers: readonly string[] }
  | { readonly ok: false; readonly problem: string }

/** Real groups have some ten thousand numbers; a damaged range may claim 10^23. */
const longestRange = 100_000

/**
 * Expands `+1-9709580001` to `+1-9709580009`. The country prefix and leading zeros stay as they are. Like the
 * portal, takes no sense from a range whose ends have different lengths.
 *
 * @param max Empty or left out for a single number.
 */
export function expandRange(min: string, max: string | undefined): Range {
  const from = parse(min)
  if (from === undefined) return { ok: false, problem: `“${cut(min)}” is not a number.` }
  if (max === undefined || max === '' || max === min) return { ok: true, numbers: [min] }
  const to = parse(max)
  const name = `The range ${cut(min)} to ${cut(max)}`
  if (to === undefined) return { ok: false, problem: `${name} does not end with a number.` }
  // Some lists give the prefix at the lower end only.
  if (to.prefix !== '' && to.prefix !== from.prefix) {
    return { ok: false, problem: `${name} has ends in different countries.` }
  }
  if (to.digits.length !== from.digits.length) {
    return { ok: false, problem: `${name} has ends of different lengths.` }
  }
  const start = BigInt(from.digits)
  const size = BigInt(to.digits) - start
  if (size < 0n) return { ok: false, problem: `${name} ends before it begins.` }
  if (size >= longestRange) return { ok: false, problem: `${name} is too long to be true.` }
  const numbers: string[] = []
  const width = from.digits.length
  for (let at = 0n; at <= size; at++) {
    numbers.push(`${from.prefix}${(start + at).toString().padStart(width, '0')}`)
  }
  return { ok: true, numbers }
}

function parse(text: string): { readonly prefix: string; readonly digits: string } | undefined {
  const found = /^(\+\d{1,3}-|\+)?(\d{1,23})$/.exec(text)
  return found?.[2] === undefined ? undefined : { prefix: found[1] ?? '', digits: found[2] }
}

const cut = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
