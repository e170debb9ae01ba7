/** Seeded chance: the same seed gives the same run, on every machine. */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number
  /** A whole number from 0 to `count - 1`. */
  below(count: number): number
  between(from: number, to: number): number
  happens(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** An independent stream, so that one part's questions do not shift another's answers. */
  fork(): Chance
}

export function createChance(seed: number): Chance {
  let a = seed | 0
  // splitmix32: every seed gives a full-period stream, and neighbours are unrelated.
  const bits = (): number => {
    a = (a + 0x9e3779b9) | 0
    let t = a ^ (a >>> 16)
    t = Math.imul(t, 0x21f0aaad)
    t ^= t >>> 15
    t = Math.imul(t, 0x735a2d97)
    return (t ^ (t >>> 15)) >>> 0
  }
  const next = (): number => bits() / 4_294_967_296
  const below = (count: number): number => Math.floor(next() * count)
  return {
    next,
    below,
    between: (from, to) => from + next() * (to - from),
    happens: (probability) => next() < probability,
    pick: (list) => {
      const one = list[below(list.length)]
      if (one === undefined) throw new Error('Nothing to pick from.')
      return one
    },
    fork: () => createChance(bits()),
  }
}
