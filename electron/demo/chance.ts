/**
 * 32 well-mixed bits from a seed, an index and a salt. The whole population is made of these, so that any
 * user can be made again at any time without being kept.
 */
export function hash(seed: number, index: number, salt: number): number {
  let h = Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca77)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(index | 0, 0xc2b2ae3d)
  h = Math.imul(h ^ (h >>> 13), 0x27d4eb2f)
  h = Math.imul(h ^ (h >>> 16), 0x165667b1)
  return (h ^ (h >>> 15)) >>> 0
}

/** A seeded stream of numbers in [0, 1), for what happens in time: faults, jitter, the second administrator. */
export function stream(seed: number): () => number {
  let count = 0
  return () => hash(seed, count++, 0x5eed) / 0x1_0000_0000
}

/** The element at `n` modulo the length. Throws on an empty list. */
export function pick<T>(list: readonly T[], n: number): T {
  const found = list[n % list.length]
  if (found === undefined) throw new Error('Nothing to pick from')
  return found
}
