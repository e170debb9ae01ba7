import type { Pause } from '../../../platform/pause'
import type { Keep, Next } from './parts'
import type { TextPool } from './pool'

const everyPair = 0x10000
/** Values looked at between two questions whether to pause. */
const portion = 2048

/** Reading a list costs so much less for each value than looking at the value. */
const worthAnother = 10

/** A value that has a needle has these pairs. */
export interface Rarest {
  readonly first: number
  /** Where it is worth reading too. */
  readonly second?: number
  /** How many values have the first. */
  readonly values: number
}

const lengthOf = (gap: number): number => (gap < 0x80 ? 1 : gap < 0x4000 ? 2 : gap < 0x200000 ? 3 : 4)

/**
 * For each pair of neighbouring bytes the values of a pool that have it, as gaps of mostly one byte each. Two letters are
 * then found without looking, and longer words among the values of their rarest pair.
 */
export class Pairs {
  private room = new Uint32Array(1024)

  private constructor(
    private readonly gaps: Uint8Array,
    /** The list of pair p lies from `starts[p]` to `starts[p + 1]`. */
    private readonly starts: Uint32Array,
    private readonly sizes: Uint32Array,
    /** Values up to here (exclusive) are in the lists. */
    readonly upTo: number,
  ) {}

  /** Bytes held, for the memory figures. */
  get size(): number {
    return this.gaps.byteLength + this.starts.byteLength + this.sizes.byteLength + this.room.byteLength
  }

  /** What {@link Pairs.from} needs to make the same again. */
  keep(keep: Keep): number {
    for (const numbers of [this.gaps, this.starts, this.sizes]) keep(numbers)
    return this.upTo
  }

  static from(upTo: number, next: Next): Pairs {
    return new Pairs(next(), next(), next(), upTo)
  }

  /** Reads the whole pool twice, with pauses. Values that are added meanwhile are not in it. */
  static async of(pool: TextPool, pause: Pause): Promise<Pairs> {
    const upTo = pool.count
    const sizes = new Uint32Array(everyPair)
    const last = new Uint32Array(everyPair)
    const ends = new Uint32Array(everyPair + 1)
    for (let from = 1; from < upTo; from += portion) {
      countPairs(pool, from, Math.min(upTo, from + portion), last, ends, sizes)
      if (pause.due()) await pause.wait()
    }
    // Bytes needed become where each list begins; that grows to where it ends while the lists are written.
    const starts = new Uint32Array(everyPair + 1)
    for (let pair = 0; pair < everyPair; pair++) {
      starts[pair + 1] = (starts[pair] as number) + (ends[pair] as number)
      ends[pair] = starts[pair] as number
    }
    const gaps = new Uint8Array(starts[everyPair] as number)
    last.fill(0)
    for (let from = 1; from < upTo; from += portion) {
      writePairs(pool, from, Math.min(upTo, from + portion), last, ends, gaps)
      if (pause.due()) await pause.wait()
    }
    return new Pairs(gaps, starts, sizes, upTo)
  }

  /** The two rarest pairs of a needle of at least two bytes, and how many values have the rarest. */
  rarest(needle: Uint8Array): Rarest {
    let first = 0
    let second: number | undefined
    let values = Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (let at = 0; at + 1 < needle.length; at++) {
      const one = ((needle[at] as number) << 8) | (needle[at + 1] as number)
      const size = this.sizes[one] as number
      if (size < values) {
        if (values !== Number.POSITIVE_INFINITY) [second, next] = [first, values]
        ;[first, values] = [one, size]
      } else if (size < next && one !== first) {
        ;[second, next] = [one, size]
      }
    }
    return { first, values, ...(second === undefined || next > values * worthAnother ? {} : { second }) }
  }

  /**
   * Flags the values that have a pair, or (of one byte) a pair that begins with it: every byte has one behind it. Returns how
   * many pairs were found in values.
   */
  flag(needle: Uint8Array, flags: Uint8Array): number {
    const from = ((needle[0] as number) << 8) | (needle[1] ?? 0)
    const to = needle.length === 1 ? from + 0x100 : from + 1
    let found = 0
    for (let pair = from; pair < to; pair++) {
      const values = this.read(pair)
      for (let place = 0; place < values.length; place++) flags[values[place] as number] = 1
      found += values.length
    }
    return found
  }

  /** The values that have the rarest pairs of a needle, ascending. */
  having({ first, second }: Rarest): Uint32Array {
    const values = this.read(first).slice()
    return second === undefined ? values : inBoth(values, this.read(second))
  }

  /** The values that have a pair, ascending. Valid until the next list is read. */
  private read(pair: number): Uint32Array {
    const size = this.sizes[pair] as number
    if (this.room.length < size) this.room = new Uint32Array(size)
    const { gaps, room } = this
    const end = this.starts[pair + 1] as number
    let value = 0
    let written = 0
    for (let at = this.starts[pair] as number; at < end; ) {
      let byte = gaps[at++] as number
      let gap = byte & 0x7f
      for (let shift = 7; byte >= 0x80; shift += 7) {
        byte = gaps[at++] as number
        gap |= (byte & 0x7f) << shift
      }
      value += gap
      room[written++] = value
    }
    return room.subarray(0, written)
  }
}

/** Keeps in place those of `values` that are among `others` too; both ascend. */
const inBoth = (values: Uint32Array, others: Uint32Array): Uint32Array => {
  let place = 0
  let written = 0
  for (let other = 0; other < others.length && place < values.length; other++) {
    const value = others[other] as number
    while (place < values.length && (values[place] as number) < value) place++
    if (values[place] === value) values[written++] = value
  }
  return values.subarray(0, written)
}

const countPairs = (
  pool: TextPool,
  from: number,
  to: number,
  last: Uint32Array,
  bytes: Uint32Array,
  sizes: Uint32Array,
): void => {
  const { folded: text, valueStarts } = pool
  for (let value = from; value < to; value++) {
    // The line feed behind a value is the beginning of the next, and the end of this one's last line.
    const end = valueStarts[value + 1] as number
    for (let at = valueStarts[value] as number; at < end; at++) {
      const pair = ((text[at] as number) << 8) | (text[at + 1] as number)
      const before = last[pair] as number
      if (before === value) continue
      last[pair] = value
      bytes[pair] = (bytes[pair] as number) + lengthOf(value - before)
      sizes[pair] = (sizes[pair] as number) + 1
    }
  }
}

const writePairs = (
  pool: TextPool,
  from: number,
  to: number,
  last: Uint32Array,
  ends: Uint32Array,
  gaps: Uint8Array,
): void => {
  const { folded: text, valueStarts } = pool
  for (let value = from; value < to; value++) {
    const end = valueStarts[value + 1] as number
    for (let at = valueStarts[value] as number; at < end; at++) {
      const pair = ((text[at] as number) << 8) | (text[at + 1] as number)
      const before = last[pair] as number
      if (before === value) continue
      last[pair] = value
      let gap = value - before
      let place = ends[pair] as number
      while (gap >= 0x80) {
        gaps[place++] = (gap & 0x7f) | 0x80
        gap >>>= 7
      }
      gaps[place++] = gap
      ends[pair] = place
    }
  }
}
