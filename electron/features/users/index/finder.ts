import { type LineTest, passes } from '../../../../shared/query/tests'
import type { TextPool } from './pool'

/** Needles of which the hits are remembered: a word that grows letter by letter searches only its own hits. */
const remembered = 12
/** Below this length nearly every value has a hit near its start, and a call into the runtime for each costs more. */
const shortNeedle = 3

interface Found {
  readonly values: Uint32Array
  /** Values up to here (exclusive) were searched. */
  readonly upTo: number
}

/** Finds the values of a pool that pass a test. */
export class Finder {
  private readonly recent = new Map<string, Found>()
  private buffer = new Uint32Array(1024)

  constructor(private readonly pool: TextPool) {}

  /** The values, ascending. */
  find(test: LineTest): Uint32Array {
    const { parts, fromStart, toEnd } = test
    if (parts.length === 1) {
      return this.findNeedle(`${fromStart ? '\n' : ''}${parts[0]}${toEnd ? '\n' : ''}`)
    }
    const longest = parts.reduce((best, part) => (part.length > best.length ? part : best))
    const { pool } = this
    return this.findNeedle(longest).filter((value) => pool.lines(value).some((line) => passes(test, line)))
  }

  /** Forgets what was found before. */
  forget(): void {
    this.recent.clear()
  }

  private findNeedle(needle: string): Uint32Array {
    const { count } = this.pool
    const known = this.recent.get(needle)
    if (known?.upTo === count) {
      this.recent.delete(needle)
      this.recent.set(needle, known)
      return known.values
    }
    const bytes = Buffer.from(needle)
    let wider = known
    if (wider === undefined) {
      for (const [other, found] of this.recent) {
        if (needle.includes(other) && (wider === undefined || found.values.length < wider.values.length)) {
          wider = found
        }
      }
    }
    let found = wider === undefined ? 0 : this.among(wider.values, bytes)
    const from = wider === undefined ? 1 : wider.upTo
    if (from < count)
      found = bytes.length < shortNeedle ? this.byByte(bytes, from, found) : this.byCall(bytes, from, found)
    const values = this.buffer.slice(0, found)
    this.recent.delete(needle)
    this.recent.set(needle, { values, upTo: count })
    for (const oldest of this.recent.keys()) {
      if (this.recent.size <= remembered) break
      this.recent.delete(oldest)
    }
    return values
  }

  private room(needed: number): Uint32Array {
    if (this.buffer.length < needed) {
      const grown = new Uint32Array(Math.max(needed, this.buffer.length * 2))
      grown.set(this.buffer)
      this.buffer = grown
    }
    return this.buffer
  }

  private among(values: Uint32Array, needle: Uint8Array): number {
    const out = this.room(values.length)
    const text = this.pool.folded
    const starts = this.pool.valueStarts
    const first = needle[0] as number
    const length = needle.length
    let found = 0
    for (let place = 0; place < values.length; place++) {
      const value = values[place] as number
      // A needle may end with the line feed behind the value.
      const last = (starts[value + 1] as number) + 1 - length
      for (let at = starts[value] as number; at <= last; at++) {
        if (text[at] !== first) continue
        let more = 1
        while (more < length && text[at + more] === needle[more]) more++
        if (more === length) {
          out[found++] = value
          break
        }
      }
    }
    return found
  }

  private byByte(needle: Uint8Array, from: number, already: number): number {
    const { count } = this.pool
    const text = this.pool.folded
    const starts = this.pool.valueStarts
    const first = needle[0] as number
    const second = needle[1]
    let found = already
    let out = this.room(found + 1024)
    for (let value = from; value < count; value++) {
      const end = starts[value + 1] as number
      for (let at = starts[value] as number; at < end; at++) {
        if (text[at] === first && (second === undefined || text[at + 1] === second)) {
          if (found === out.length) out = this.room(found + 1)
          out[found++] = value
          break
        }
      }
    }
    return found
  }

  private byCall(needle: Uint8Array, from: number, already: number): number {
    const { pool } = this
    const end = pool.start(pool.count) + 1
    const text = Buffer.from(pool.folded.buffer, pool.folded.byteOffset, end)
    const starts = pool.valueStarts
    let found = already
    let out = this.room(found + 1024)
    let low = from
    let at = text.indexOf(needle, starts[from] as number)
    while (at >= 0) {
      // The last value that starts at or before the hit.
      let step = 1
      while (low + step < pool.count && (starts[low + step] as number) <= at) {
        low += step
        step *= 2
      }
      let high = Math.min(low + step, pool.count)
      while (low + 1 < high) {
        const middle = (low + high) >>> 1
        if ((starts[middle] as number) <= at) low = middle
        else high = middle
      }
      if (found === out.length) out = this.room(found + 1)
      out[found++] = low
      low++
      if (low >= pool.count) break
      at = text.indexOf(needle, starts[low] as number)
    }
    return found
  }
}
