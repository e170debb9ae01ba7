import { asciiOnly, foldPart } from '../../shared/query/fold'

export interface Segment {
  readonly text: string
  readonly marked: boolean
}

/** The text as the search sees it, and for each of its units the place it came from. */
function folded(text: string): { plain: string; from: number[] } {
  // Most texts: they need no taking apart.
  if (asciiOnly.test(text)) return { plain: text.toLowerCase(), from: Array.from(text, (_, at) => at) }
  let plain = ''
  const from: number[] = []
  let at = 0
  for (const letter of text) {
    const simple = foldPart(letter)
    plain += simple
    for (let unit = 0; unit < simple.length; unit++) from.push(at)
    at += letter.length
  }
  return { plain, from }
}

/**
 * Cuts a text where the searched words stand in it.
 * @param marks lower-case, accent-free words; one of digits only also matches digits with spaces, dashes, dots
 *   or parentheses between them, as telephone numbers are written.
 */
export function segments(text: string, marks: readonly string[]): Segment[] {
  if (text === '' || marks.length === 0) return [{ text, marked: false }]
  const { plain, from } = folded(text)
  const covered = new Uint8Array(text.length)
  for (const mark of marks) {
    if (mark === '') continue
    for (const [start, end] of occurrences(plain, mark)) {
      covered.fill(1, from[start] ?? 0, nextLetter(from, end, text.length))
    }
  }
  const out: Segment[] = []
  let start = 0
  for (let at = 1; at <= text.length; at++) {
    if (at === text.length || covered[at] !== covered[start]) {
      out.push({ text: text.slice(start, at), marked: covered[start] === 1 })
      start = at
    }
  }
  return out
}

/** Where the letter after the last matched one begins; one letter may be several folded units (ß is ss). */
function nextLetter(from: readonly number[], end: number, length: number): number {
  const last = from[end - 1] ?? 0
  for (let unit = end; unit < from.length; unit++) {
    const at = from[unit] ?? length
    if (at > last) return at
  }
  return length
}

function* occurrences(plain: string, mark: string): Generator<[number, number]> {
  if (/^\d{2,}$/.test(mark)) {
    const spread = new RegExp([...mark].join('[ ().-]*'), 'g')
    for (const hit of plain.matchAll(spread)) yield [hit.index, hit.index + hit[0].length]
    return
  }
  for (let at = plain.indexOf(mark); at !== -1; at = plain.indexOf(mark, at + mark.length)) {
    yield [at, at + mark.length]
  }
}
