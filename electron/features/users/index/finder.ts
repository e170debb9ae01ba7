import { type LineTest, passes } from '../../../../shared/query/tests'
import type { Pause } from '../../../platform/pause'
import { Pairs } from './pairs'
import type { Keep, Next } from './parts'
import type { TextPool } from './pool'

/** Needles of which the hits are remembered: a word that grows letter by letter searches only its own hits. */
const remembered = 16
/** Shorter needles have hits in most values, soon after their beginning: a call into the runtime for each costs more. */
const longEnoughForCalls = 3

interface Found {
  readonly values: Uint32Array
  /** Values up to here (exclusive) were searched. */
  readonly upTo: number
}

/** One way in which a value can pass: these bytes in it, and a tail that is flagged (any tail when undefined). */
interface Look {
  readonly needle: Uint8Array
  readonly tails?: Uint8Array
}

/** Values to look among, in any order. */
export interface Few {
  readonly values: Uint32Array
  /** Whether none of them has more than one line. */
  readonly oneLine: boolean
}

/** Finds the values of a pool that pass a test. */
export class Finder {
  private readonly recent = new Map<string, Found>()
  private buffer = new Uint32Array(1024)
  private pairs: Pairs | undefined

  constructor(private readonly pool: TextPool) {}

  /** Bytes held, for the memory figures. */
  get size(): number {
    let size = (this.pairs?.size ?? 0) + this.buffer.byteLength
    for (const { values } of this.recent.values()) size += values.byteLength
    return size
  }

  /** What {@link Finder.from} needs to be as well prepared; 0 when it is not. */
  keep(keep: Keep): number {
    return this.pairs?.keep(keep) ?? 0
  }

  static from(pool: TextPool, upTo: number, next: Next): Finder {
    const finder = new Finder(pool)
    if (upTo > 0) finder.pairs = Pairs.from(upTo, next)
    return finder
  }

  /** Prepares for faster searches among what is in the pool now. */
  async prepare(pause: Pause): Promise<void> {
    if (this.pairs?.upTo === this.pool.count) return
    this.pairs = await Pairs.of(this.pool, pause)
  }

  /** How many values came since the last preparation. */
  get unprepared(): number {
    return this.pool.count - (this.pairs?.upTo ?? 1)
  }

  /**
   * The values, ascending; those of `few` only, in their order, where that is given. Valid until the next question.
   */
  find(test: LineTest, few?: Few): Uint32Array {
    const { parts, fromStart, toEnd } = test
    if (parts.length === 1) return this.findPart(parts[0] as string, fromStart, toEnd, few)
    const longest = parts.reduce((best, part) => (part.length > best.length ? part : best))
    const { pool } = this
    return this.findPart(longest, false, false, few).filter((value) =>
      pool.lines(value).some((line) => passes(test, line)),
    )
  }

  /**
   * Sets the flag of each value that passes; of `few` only, where that is given. Returns about how many those are; 0 only
   * when there are none. The hits of one or two bytes stand in the lists of pairs: no text need be looked at, and no list of
   * them made.
   */
  flag(test: LineTest, flags: Uint8Array, few?: Few): number {
    const [part = ''] = test.parts
    const short = test.parts.length === 1 && !test.fromStart && !test.toEnd && !part.includes('@')
    const needle = Buffer.from(part)
    if (few !== undefined || this.pairs === undefined || !short || needle.length === 0 || needle.length > 2) {
      const values = this.find(test, few)
      for (let place = 0; place < values.length; place++) flags[values[place] as number] = 1
      return values.length
    }
    const { upTo } = this.pairs
    let count = this.pairs.flag(needle, flags)
    const byTail = this.pool.tailsThat((tail) => tail.includes(part))
    if (byTail.includes(1)) {
      const tails = this.pool.valueTails
      count = 0
      for (let value = 1; value < upTo; value++) {
        const flag = (flags[value] as number) | (byTail[tails[value] as number] as number)
        flags[value] = flag
        count += flag
      }
    }
    const behind = this.behind(upTo, [{ needle }], byTail, 0)
    for (let place = 0; place < behind; place++) flags[this.buffer[place] as number] = 1
    return count + behind
  }

  /** Forgets what was found before. */
  forget(): void {
    this.recent.clear()
  }

  private findPart(part: string, fromStart: boolean, toEnd: boolean, few?: Few): Uint32Array {
    const { count } = this.pool
    const name = `${fromStart ? '\n' : ''}${part}${toEnd ? '\n' : ''}`
    const known = this.recent.get(name)
    if (few === undefined && known?.upTo === count) {
      this.recent.delete(name)
      this.recent.set(name, known)
      return known.values
    }
    const looks = this.looksFor(part, fromStart, toEnd)
    // What is in the tail of a value needs no look at its bytes.
    const byTail = this.pool.tailsThat((tail) =>
      fromStart ? false : toEnd ? tail.endsWith(part) : tail.includes(part),
    )
    if (few !== undefined) {
      const found = this.among(few.values, looks, byTail, { atStart: fromStart && few.oneLine })
      return this.buffer.subarray(0, found)
    }
    const wider = known ?? this.widest(name)
    const among = this.paired(looks, byTail, wider) ?? wider
    let found = among === undefined ? 0 : this.among(among.values, looks, byTail)
    const from = among?.upTo ?? 1
    if (from < count) found = this.behind(from, looks, byTail, found)
    const values = this.buffer.slice(0, found)
    this.remember(name, { values, upTo: count })
    return values
  }

  /** Searches the values that nothing is known of. */
  private behind(from: number, looks: readonly Look[], byTail: Uint8Array, already: number): number {
    const [only] = looks
    if (looks.length !== 1 || only === undefined || only.tails !== undefined) {
      return this.among(undefined, looks, byTail, { from, already })
    }
    return only.needle.length >= longEnoughForCalls && !byTail.includes(1)
      ? this.byCall(only.needle, from, already)
      : this.byByte(only.needle, byTail, from, already)
  }

  /**
   * The values among which the pairs of the needles and the tails leave the hits, when those are fewer than are known
   * otherwise.
   */
  private paired(looks: readonly Look[], byTail: Uint8Array, wider: Found | undefined): Found | undefined {
    const { pairs } = this
    if (pairs === undefined || looks.some(({ needle }) => needle.length < 2)) return undefined
    const { upTo } = pairs
    const rarest = looks.map(({ needle }) => pairs.rarest(needle))
    const most = rarest.reduce((sum, { values }) => sum + values, 0)
    if (wider !== undefined && wider.upTo >= upTo && wider.values.length <= most) return undefined
    const lists = rarest.map((them) => pairs.having(them))
    const [first = new Uint32Array(0), second] = lists
    const values = second === undefined ? first : united(first, second)
    if (!byTail.includes(1)) return { values, upTo }
    const flags = new Uint8Array(upTo)
    for (let place = 0; place < values.length; place++) flags[values[place] as number] = 1
    const tails = this.pool.valueTails
    const out = new Uint32Array(upTo)
    let found = 0
    for (let value = 1; value < upTo; value++) {
      if (flags[value] === 1 || byTail[tails[value] as number] === 1) out[found++] = value
    }
    return { values: out.subarray(0, found), upTo }
  }

  /** A part with something behind an `@` may lie across the border between a text and its tail. */
  private looksFor(part: string, fromStart: boolean, toEnd: boolean): Look[] {
    const front = fromStart ? '\n' : ''
    const whole: Look = { needle: Buffer.from(`${front}${part}${toEnd ? '\n' : ''}`) }
    const sign = part.lastIndexOf('@')
    if (sign < 0 || (sign === part.length - 1 && !toEnd)) return [whole]
    const behind = part.slice(sign + 1)
    const across: Look = {
      needle: Buffer.from(front + part.slice(0, sign + 1)),
      tails: this.pool.tailsThat((tail) => (toEnd ? tail === behind : tail.startsWith(behind))),
    }
    return [across, whole]
  }

  /** The shortest list of values among which all hits of a needle are. */
  private widest(name: string): Found | undefined {
    let best: Found | undefined
    for (const [other, found] of this.recent) {
      if (name.includes(other) && (best === undefined || found.values.length < best.values.length))
        best = found
    }
    return best
  }

  private remember(name: string, found: Found): void {
    this.recent.delete(name)
    this.recent.set(name, found)
    let held = 0
    for (const { values } of this.recent.values()) held += values.length
    for (const [oldest, { values }] of this.recent) {
      if (this.recent.size <= remembered && held <= 2 * this.pool.count) break
      held -= values.length
      this.recent.delete(oldest)
    }
  }

  private room(needed: number): Uint32Array {
    if (this.buffer.length < needed) {
      const grown = new Uint32Array(Math.max(needed, this.buffer.length * 2))
      grown.set(this.buffer)
      this.buffer = grown
    }
    return this.buffer
  }

  /** Looks at these values, or at all from `from` on; only at how each begins, where so said. */
  private among(
    values: Uint32Array | undefined,
    looks: readonly Look[],
    byTail: Uint8Array,
    { from = 0, already = 0, atStart = false } = {},
  ): number {
    const { folded: text, valueStarts: starts, valueTails, count } = this.pool
    const places = values === undefined ? count - from : values.length
    const out = this.room(already + places)
    let found = already
    for (let place = 0; place < places; place++) {
      const value = values === undefined ? from + place : (values[place] as number)
      const tail = valueTails[value] as number
      if (byTail[tail] === 1) {
        out[found++] = value
        continue
      }
      const start = starts[value] as number
      // What ends a line must not be taken for the end of a text whose tail is still to come.
      const end = (starts[value + 1] as number) + (tail === 0 ? 1 : 0)
      for (const { needle, tails } of looks) {
        if (tails !== undefined && tails[tail] !== 1) continue
        if (isIn(text, start, atStart ? Math.min(end, start + needle.length) : end, needle)) {
          out[found++] = value
          break
        }
      }
    }
    return found
  }

  private byByte(needle: Uint8Array, byTail: Uint8Array, from: number, already: number): number {
    const { count, folded: text, valueStarts: starts, valueTails } = this.pool
    const length = needle.length
    const first = needle[0] as number
    const second = needle[1] as number
    const out = this.room(already + count - from)
    let found = already
    for (let value = from; value < count; value++) {
      const tail = valueTails[value] as number
      if (byTail[tail] === 1) {
        out[found++] = value
        continue
      }
      const last = (starts[value + 1] as number) + (tail === 0 ? 1 : 0) - length
      for (let place = starts[value] as number; place <= last; place++) {
        if (text[place] !== first) continue
        if (length > 1) {
          if (text[place + 1] !== second) continue
          let more = 2
          while (more < length && text[place + more] === needle[more]) more++
          if (more < length) continue
        }
        out[found++] = value
        break
      }
    }
    return found
  }

  private byCall(needle: Uint8Array, from: number, already: number): number {
    const { count, folded, valueStarts: starts, valueTails } = this.pool
    const text = Buffer.from(folded.buffer, folded.byteOffset, (starts[count] as number) + 1)
    const closes = needle[needle.length - 1] === newline
    let found = already
    let out = this.room(found + 1024)
    let low = from
    let hit = text.indexOf(needle, starts[from] as number)
    while (hit >= 0) {
      // The last value that starts at or before the hit.
      let step = 1
      while (low + step < count && (starts[low + step] as number) <= hit) {
        low += step
        step *= 2
      }
      let high = Math.min(low + step, count)
      while (low + 1 < high) {
        const middle = (low + high) >>> 1
        if ((starts[middle] as number) <= hit) low = middle
        else high = middle
      }
      if (!closes || valueTails[low] === 0) {
        if (found === out.length) out = this.room(found + 1)
        out[found++] = low
      }
      low++
      if (low >= count) break
      hit = text.indexOf(needle, starts[low] as number)
    }
    return found
  }
}

const newline = 10

const united = (a: Uint32Array, b: Uint32Array): Uint32Array => {
  const out = new Uint32Array(a.length + b.length)
  let [i, j, written] = [0, 0, 0]
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY]
    out[written++] = Math.min(x, y)
    if (x <= y) i++
    if (y <= x) j++
  }
  return out.slice(0, written)
}

const isIn = (text: Uint8Array, from: number, to: number, needle: Uint8Array): boolean => {
  const length = needle.length
  const first = needle[0] as number
  const last = to - length
  for (let place = from; place <= last; place++) {
    if (text[place] !== first) continue
    let more = 1
    while (more < length && text[place + more] === needle[more]) more++
    if (more === length) return true
  }
  return false
}
