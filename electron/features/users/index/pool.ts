import { foldedLines } from '../../../../shared/query/columns'
import { grownBytes, grownNumbers } from './growing'
import type { Keep, Next } from './parts'

/** No text: what an empty or unknown field has. */
export const nothing = 0

const newline = 10
const encoder = new TextEncoder()
/** Domains are told apart up to this many; addresses in further ones are kept whole. */
const mostTails = 0xffff

/**
 * Every different text of a directory once, outside the JavaScript heap: a million users have few different names and
 * cities. A value is a number. Its folded lines lie behind one another in `folded`, each behind a line feed, so that
 * "starts with" and "equals" are searches for bytes too.
 *
 * Half the bytes of a directory would be the domains of its addresses. Of a text with one `@`, what is behind that (its
 * tail) is kept apart: `folded` has the rest, `@` included.
 *
 * The text as it came is kept only where folding changed it: sorting needs it. Values are only ever added; one that no
 * user has any more costs its bytes until the next start.
 */
export class TextPool {
  private bytes: Uint8Array = new Uint8Array(1024)
  /** Value v lies in `bytes` from `starts[v]` to `starts[v + 1]`; one line feed follows the last. */
  private starts: Uint32Array = new Uint32Array(1024)
  private originals: Uint8Array = new Uint8Array(1024)
  private originalStarts: Uint32Array = new Uint32Array(1024)
  private tailOf: Uint16Array = new Uint16Array(1024)
  private readonly tailNumbers = new Map<string, number>()
  private readonly tails: { readonly text: string; readonly bytes: Uint8Array }[] = [
    { text: '', bytes: new Uint8Array(0) },
  ]
  private used = 1
  private table: Uint32Array = new Uint32Array(2048)
  private scratch: Uint8Array = new Uint8Array(4096)

  /** One more than the largest value. */
  get count(): number {
    return this.used
  }

  /** Bytes held, for the memory figures. */
  get size(): number {
    return (
      this.bytes.byteLength +
      this.starts.byteLength +
      this.originals.byteLength +
      this.originalStarts.byteLength +
      this.table.byteLength +
      this.tailOf.byteLength
    )
  }

  /** The folded bytes of all values without their tails. Valid until the next `intern`. */
  get folded(): Uint8Array {
    return this.bytes
  }

  /** Where each value begins in `folded`, with its line feed. */
  get valueStarts(): Uint32Array {
    return this.starts
  }

  /** For each value the number of its tail; 0 where there is none. */
  get valueTails(): Uint16Array {
    return this.tailOf
  }

  /** For each tail whether a test holds; never for 0. */
  tailsThat(holds: (tail: string) => boolean): Uint8Array {
    return Uint8Array.from(this.tails, ({ text }, tail) => (tail > 0 && holds(text) ? 1 : 0))
  }

  /** The value for these lines; the same lines always give the same value. */
  intern(lines: readonly string[]): number {
    if (lines.length === 0) return nothing
    const original = lines.length === 1 ? oneLine(lines[0] as string) : lines.map(oneLine).join('\n')
    const length = this.encode(original)
    const mask = this.table.length - 1
    let slot = hashOf(this.scratch, 0, length) & mask
    for (;;) {
      const value = this.table[slot] as number
      if (value === nothing) break
      if (this.holds(value, length)) return value
      slot = (slot + 1) & mask
    }
    return this.add(lines, length, slot)
  }

  /** The lines of a value as they came, a line feed between them. */
  original(value: number): string {
    if (value === nothing) return ''
    const from = this.originalStarts[value] as number
    const to = this.originalStarts[value + 1] as number
    return to > from ? decode(this.originals, from, to) : this.foldedText(value)
  }

  /** The folded lines of a value. */
  lines(value: number): string[] {
    return value === nothing ? [] : this.foldedText(value).split('\n')
  }

  /** What {@link TextPool.from} needs to make the same pool again. */
  keep(keep: Keep): readonly string[] {
    const { used } = this
    keep(this.bytes.subarray(0, (this.starts[used] as number) + 1))
    keep(this.starts.subarray(0, used + 1))
    keep(this.originals.subarray(0, this.originalStarts[used]))
    keep(this.originalStarts.subarray(0, used + 1))
    keep(this.tailOf.subarray(0, used))
    // Copied where it changes in place: it is written down later.
    keep(this.table.slice())
    return this.tails.slice(1).map(({ text }) => text)
  }

  static from(tails: readonly string[], next: Next): TextPool {
    const pool = new TextPool()
    pool.bytes = next()
    pool.starts = next()
    pool.originals = next()
    pool.originalStarts = next()
    pool.tailOf = next()
    pool.table = next()
    pool.used = pool.tailOf.length
    for (const tail of tails) pool.addTail(tail)
    return pool
  }

  /** Gives back the room that was taken ahead. */
  trim(): void {
    this.bytes = this.bytes.slice(0, (this.starts[this.used] as number) + 1)
    this.starts = this.starts.slice(0, this.used + 1)
    this.originals = this.originals.slice(0, this.originalStarts[this.used])
    this.originalStarts = this.originalStarts.slice(0, this.used + 1)
    this.tailOf = this.tailOf.slice(0, this.used)
  }

  private foldedText(value: number): string {
    const text = decode(this.bytes, (this.starts[value] as number) + 1, this.starts[value + 1] as number)
    const tail = this.tailOf[value] as number
    return tail === 0 ? text : text + (this.tails[tail]?.text ?? '')
  }

  private encode(text: string): number {
    if (text.length * 3 > this.scratch.length) this.scratch = new Uint8Array(text.length * 3)
    const { scratch } = this
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code > 127) return encoder.encodeInto(text, scratch).written
      scratch[at] = code
    }
    return text.length
  }

  /** Whether a value came as what is in `scratch`. */
  private holds(value: number, length: number): boolean {
    const { scratch } = this
    let from = this.originalStarts[value] as number
    const to = this.originalStarts[value + 1] as number
    if (to > from) return to - from === length && sameBytes(this.originals, from, scratch, 0, length)
    from = (this.starts[value] as number) + 1
    const own = (this.starts[value + 1] as number) - from
    const tail = (this.tails[this.tailOf[value] as number] as { bytes: Uint8Array }).bytes
    return (
      own + tail.length === length &&
      sameBytes(this.bytes, from, scratch, 0, own) &&
      sameBytes(tail, 0, scratch, own, tail.length)
    )
  }

  private add(lines: readonly string[], length: number, slot: number): number {
    const folded = foldedLines(lines)
    if (folded.length === 0) return nothing
    const value = this.used
    const text = folded.join('\n')
    const tail = this.tailFor(text)
    const tailBytes = (this.tails[tail] as { bytes: Uint8Array }).bytes
    const encoded = encoder.encode(text)
    const start = this.starts[value] as number
    const own = encoded.length - tailBytes.length
    const end = start + 1 + own
    this.bytes = grownBytes(this.bytes, end + 1)
    this.bytes[start] = newline
    this.bytes.set(encoded.subarray(0, own), start + 1)
    this.bytes[end] = newline
    this.starts = grownNumbers(this.starts, value + 2)
    this.starts[value + 1] = end
    if (value >= this.tailOf.length) {
      const grown = new Uint16Array(Math.ceil(value * 1.25) + 1)
      grown.set(this.tailOf)
      this.tailOf = grown
    }
    this.tailOf[value] = tail

    const originalStart = this.originalStarts[value] as number
    const changed = encoded.length !== length || !sameBytes(encoded, 0, this.scratch, 0, length)
    const originalEnd = changed ? originalStart + length : originalStart
    if (changed) {
      this.originals = grownBytes(this.originals, originalEnd)
      this.originals.set(this.scratch.subarray(0, length), originalStart)
    }
    this.originalStarts = grownNumbers(this.originalStarts, value + 2)
    this.originalStarts[value + 1] = originalEnd

    this.table[slot] = value
    this.used++
    if (this.used * 4 > this.table.length * 3) this.rehash()
    return value
  }

  private tailFor(text: string): number {
    const sign = text.indexOf('@')
    if (sign < 0 || sign === text.length - 1 || text.includes('\n') || text.includes('@', sign + 1)) return 0
    const tail = text.slice(sign + 1)
    const known = this.tailNumbers.get(tail)
    if (known !== undefined) return known
    if (this.tails.length > mostTails) return 0
    return this.addTail(tail)
  }

  private addTail(tail: string): number {
    const number = this.tails.length
    this.tails.push({ text: tail, bytes: encoder.encode(tail) })
    this.tailNumbers.set(tail, number)
    return number
  }

  private rehash(): void {
    const table = new Uint32Array(this.table.length * 2)
    const mask = table.length - 1
    for (let value = 1; value < this.used; value++) {
      let slot = this.hashOfValue(value) & mask
      while (table[slot] !== 0) slot = (slot + 1) & mask
      table[slot] = value
    }
    this.table = table
  }

  private hashOfValue(value: number): number {
    const from = this.originalStarts[value] as number
    const to = this.originalStarts[value + 1] as number
    if (to > from) return hashOf(this.originals, from, to)
    const tail = (this.tails[this.tailOf[value] as number] as { bytes: Uint8Array }).bytes
    const own = rolled(seed, this.bytes, (this.starts[value] as number) + 1, this.starts[value + 1] as number)
    return finished(rolled(own, tail, 0, tail.length))
  }
}

// --- bytes -------------------------------------------------------------------------------------------------

const seed = 0x811c9dc5

const rolled = (hash: number, bytes: Uint8Array, from: number, to: number): number => {
  let mixed = hash
  for (let at = from; at < to; at++) mixed = Math.imul(mixed ^ (bytes[at] as number), 0x01000193)
  return mixed
}

// The low bits choose the slot, and FNV leaves them the weakest.
const finished = (hash: number): number => (hash ^ (hash >>> 15)) >>> 0

const hashOf = (bytes: Uint8Array, from: number, to: number): number =>
  finished(rolled(seed, bytes, from, to))

const sameBytes = (a: Uint8Array, fromA: number, b: Uint8Array, fromB: number, length: number): boolean => {
  for (let at = 0; at < length; at++) if (a[fromA + at] !== b[fromB + at]) return false
  return true
}

// A line feed inside a line would make it look like two.
const oneLine = (line: string): string => (line.includes('\n') ? line.replaceAll('\n', ' ') : line)

const decode = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
