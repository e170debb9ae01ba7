import type { Pause } from '../../../platform/pause'
import { grownNumbers } from './growing'
import type { Keep, Next } from './parts'
import { nothing, type TextPool } from './pool'

/** How two texts of a column are ordered. */
export type CompareText = (a: string, b: string) => number

const run = 1024

/** Sorts in place-sized steps with pauses between them. Stable. */
const sorted = async (
  texts: string[],
  ids: number[],
  compare: CompareText,
  pause: Pause,
): Promise<number[]> => {
  const order = ids.map((_, place) => place)
  const byText = (a: number, b: number): number => compare(texts[a] as string, texts[b] as string)
  let runs: number[][] = []
  for (let from = 0; from < order.length; from += run) {
    runs.push(order.slice(from, from + run).sort(byText))
    if (pause.due()) await pause.wait()
  }
  while (runs.length > 1) {
    const next: number[][] = []
    for (let place = 0; place < runs.length; place += 2) {
      const left = runs[place] as number[]
      const right = runs[place + 1]
      next.push(right === undefined ? left : await merged(left, right, byText, pause))
    }
    runs = next
  }
  return (runs[0] ?? []).map((place) => ids[place] as number)
}

const merged = async (
  left: number[],
  right: number[],
  compare: (a: number, b: number) => number,
  pause: Pause,
): Promise<number[]> => {
  const out: number[] = []
  let l = 0
  let r = 0
  while (l < left.length && r < right.length) {
    if (compare(left[l] as number, right[r] as number) <= 0) out.push(left[l++] as number)
    else out.push(right[r++] as number)
    if ((out.length & 1023) === 0 && pause.due()) await pause.wait()
  }
  while (l < left.length) out.push(left[l++] as number)
  while (r < right.length) out.push(right[r++] as number)
  return out
}

/**
 * The order of a pool's values for one column: collating is slow, so each different text is placed once, and users
 * are then sorted by small numbers. New texts are placed among the known ones.
 */
export class Ranking {
  /** Pool value → its rank, from 1; 0 for values that are not placed. */
  private ranks: Uint32Array = new Uint32Array(0)
  /** Placed values in order. */
  private order: Uint32Array = new Uint32Array(0)
  private highest = 0
  private readonly waiting = new Set<number>()
  private placing: ReadonlySet<number> = new Set()

  constructor(
    private readonly pool: TextPool,
    private readonly compare: CompareText,
  ) {}

  /** What {@link Ranking.from} needs to make the same again. Only of a ranking that is complete. */
  keep(keep: Keep): number {
    keep(this.ranks.slice())
    keep(this.order)
    return this.highest
  }

  static from(pool: TextPool, compare: CompareText, highest: number, next: Next): Ranking {
    const ranking = new Ranking(pool, compare)
    ranking.ranks = next()
    ranking.order = next()
    ranking.highest = highest
    return ranking
  }

  /** The highest rank. Texts that only differ in case share one. */
  get count(): number {
    return this.highest
  }

  get size(): number {
    return this.ranks.byteLength + this.order.byteLength
  }

  /** Notes that a value must have a rank. */
  want(value: number): void {
    if (value === nothing || (this.ranks[value] ?? 0) !== 0 || this.placing.has(value)) return
    this.waiting.add(value)
  }

  get complete(): boolean {
    return this.waiting.size === 0 && this.placing.size === 0
  }

  /** Ranks by pool value, as of the last {@link place}. */
  get rankOf(): Uint32Array {
    return this.ranks
  }

  /**
   * Places every value that was wanted until now. What is wanted meanwhile waits for the next time: while users are loaded
   * there would be no end.
   */
  async place(pause: Pause): Promise<void> {
    const ids = [...this.waiting]
    this.placing = new Set(ids)
    this.waiting.clear()
    const texts: string[] = []
    for (const id of ids) {
      texts.push(this.pool.original(id))
      if (pause.due()) await pause.wait()
    }
    const fresh = await sorted(texts, ids, this.compare, pause)
    this.order = await this.merge(fresh, pause)
    this.ranks = grownNumbers(this.ranks, this.pool.count)
    await this.number(pause)
    this.placing = new Set()
  }

  /** Only fresh values are compared: of two that had ranks those tell whether they are the same, and none came between. */
  private async number(pause: Pause): Promise<void> {
    const { order, ranks, pool, compare } = this
    let rank = 0
    let rankedBefore = 0
    for (let place = 0; place < order.length; place++) {
      const value = order[place] as number
      const ranked = ranks[value] as number
      const isSame =
        ranked === 0
          ? place > 0 && compare(pool.original(order[place - 1] as number), pool.original(value)) === 0
          : ranked === rankedBefore
      if (!isSame) rank++
      if (ranked !== 0) rankedBefore = ranked
      ranks[value] = rank
      if ((place & 1023) === 0 && pause.due()) await pause.wait()
    }
    this.highest = rank
  }

  private async merge(fresh: readonly number[], pause: Pause): Promise<Uint32Array> {
    if (this.order.length === 0) return Uint32Array.from(fresh)
    const { pool, order, compare } = this
    const out = new Uint32Array(order.length + fresh.length)
    let written = 0
    let from = 0
    for (const id of fresh) {
      const text = pool.original(id)
      // Galloping: few fresh values among many cost little, many cost no more than a plain merge.
      let step = 1
      let low = from
      while (
        low + step <= order.length &&
        compare(pool.original(order[low + step - 1] as number), text) <= 0
      ) {
        low += step
        step *= 2
      }
      let high = Math.min(low + step, order.length)
      while (low < high) {
        const middle = (low + high) >>> 1
        if (compare(pool.original(order[middle] as number), text) <= 0) low = middle + 1
        else high = middle
      }
      while (from < low) out[written++] = order[from++] as number
      out[written++] = id
      if (pause.due()) await pause.wait()
    }
    while (from < order.length) out[written++] = order[from++] as number
    return out
  }
}
