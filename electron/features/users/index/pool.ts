import { foldedLines } from '../../../../shared/query/columns'
import { grownBytes, grownNumbers } from './growing'

/** No text: what an empty or unknown field has. */
export const nothing = 0

const newline = 10
const encoder = new TextEncoder()

/**
 * Every different text of a directory once, outside the JavaScript heap: a million users have few different names and
 * cities. A value is a number. Its folded lines lie behind one another, each behind a line feed, so that "starts
 * with" and "equals" are searches for bytes too. The text as it came is kept beside them only where folding changed it:
 * sorting needs it.
 *
 * Values are only ever added. One that no user has any more costs its bytes until the next start.
 */
export class TextPool {
  private bytes: Uint8Array = new Uint8Array(1024)
  /** Value v lies in `bytes` from `starts[v]` to `starts[v + 1]`; one line feed follows the last. */
  private starts: Uint32Array = new Uint32Array(1024)
  private originals: Uint8Array = new Uint8Array(1024)
  private originalStarts: Uint32Array = new Uint32Array(1024)
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
      this.table.byteLength
    )
  }

  /** The folded bytes of all values; see {@link start} for where each lies. Valid until the next `intern`. */
  get folded(): Uint8Array {
    return this.bytes
  }

  start(value: number): number {
    return this.starts[value] as number
  }

  get valueStarts(): Uint32Array {
    return this.starts
  }

  /** The value for these lines; the same lines always give the same value. */
  intern(lines: readonly string[]): number {
    if (lines.length === 0) return nothing
    const original = lines.length === 1 ? oneLine(lines[0] as string) : lines.map(oneLine).join('\n')
    const length = this.encode(original)
    const mask = this.table.length - 1
    let slot = this.hash(length) & mask
    for (;;) {
      const value = this.table[slot] as number
      if (value === nothing) break
      if (this.holds(value, length)) return value
      slot = (slot + 1) & mask
    }
    return this.add(lines, length, slot)
  }

  /** The lines of a value as they came. */
  original(value: number): string {
    if (value === nothing) return ''
    const from = this.originalStarts[value] as number
    const to = this.originalStarts[value + 1] as number
    if (to > from) return decode(this.originals, from, to)
    return decode(this.bytes, this.start(value) + 1, this.start(value + 1))
  }

  /** The folded lines of a value. */
  lines(value: number): string[] {
    if (value === nothing) return []
    return decode(this.bytes, this.start(value) + 1, this.start(value + 1)).split('\n')
  }

  /** Gives back the room that was taken ahead. */
  trim(): void {
    this.bytes = this.bytes.slice(0, this.start(this.used) + 1)
    this.starts = this.starts.slice(0, this.used + 1)
    this.originals = this.originals.slice(0, this.originalStarts[this.used])
    this.originalStarts = this.originalStarts.slice(0, this.used + 1)
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

  private hash(length: number): number {
    let hash = 0x811c9dc5
    for (let at = 0; at < length; at++) hash = Math.imul(hash ^ (this.scratch[at] as number), 0x01000193)
    // The low bits choose the slot; FNV leaves them the weakest.
    return (hash ^ (hash >>> 15)) >>> 0
  }

  private holds(value: number, length: number): boolean {
    let from = this.originalStarts[value] as number
    let source = this.originals
    let held = (this.originalStarts[value + 1] as number) - from
    if (held === 0) {
      from = this.start(value) + 1
      source = this.bytes
      held = this.start(value + 1) - from
    }
    if (held !== length) return false
    for (let at = 0; at < length; at++) if (source[from + at] !== this.scratch[at]) return false
    return true
  }

  private add(lines: readonly string[], length: number, slot: number): number {
    const folded = foldedLines(lines)
    if (folded.length === 0) return nothing
    const value = this.used
    const encoded = encoder.encode(folded.join('\n'))
    const start = this.start(value)
    const end = start + 1 + encoded.length
    this.bytes = grownBytes(this.bytes, end + 1)
    this.bytes[start] = newline
    this.bytes.set(encoded, start + 1)
    this.bytes[end] = newline
    this.starts = grownNumbers(this.starts, value + 2)
    this.starts[value + 1] = end

    const originalStart = this.originalStarts[value] as number
    const changed = encoded.length !== length || encoded.some((byte, at) => byte !== this.scratch[at])
    const originalEnd = changed ? originalStart + length : originalStart
    if (changed) {
      this.originals = grownBytes(this.originals, originalEnd)
      this.originals.set(this.scratch.subarray(0, length), originalStart)
    }
    this.originalStarts = grownNumbers(this.originalStarts, value + 2)
    this.originalStarts[value + 1] = originalEnd

    this.table[slot] = value
    this.used++
    if (this.used * 2 > this.table.length) this.rehash()
    return value
  }

  private rehash(): void {
    const table = new Uint32Array(this.table.length * 2)
    const mask = table.length - 1
    for (let value = 1; value < this.used; value++) {
      let from = this.originalStarts[value] as number
      let to = this.originalStarts[value + 1] as number
      let source = this.originals
      if (to === from) {
        from = this.start(value) + 1
        to = this.start(value + 1)
        source = this.bytes
      }
      let hash = 0x811c9dc5
      for (let at = from; at < to; at++) hash = Math.imul(hash ^ (source[at] as number), 0x01000193)
      let slot = (hash ^ (hash >>> 15)) & mask
      while (table[slot] !== 0) slot = (slot + 1) & mask
      table[slot] = value
    }
    this.table = table
  }
}

// A line feed inside a line would make it look like two.
const oneLine = (line: string): string => (line.includes('\n') ? line.replaceAll('\n', ' ') : line)

const decode = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
