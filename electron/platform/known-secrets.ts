import { createHmac, randomBytes, randomInt } from 'node:crypto'

/** Recognises secrets in texts without keeping any: of each, its length, a rolling sum and a digest under a key of its own. */
export interface KnownSecrets {
  add(secret: string): void
  /** Characters of the longest. */
  longest(): number
  /** The text with `instead` in place of each secret, longer ones first. */
  strikeOut(text: string, instead: string): string
}

export function createKnownSecrets(): KnownSecrets {
  const key = randomBytes(32)
  // Odd, so that no character of a long secret is multiplied away.
  const base = randomInt(1, 2 ** 30) * 2 + 1
  const byLength = new Map<number, { lead: number; digests: Map<number, Set<string>> }>()
  let lengths: number[] = []

  const digest = (text: string): string => createHmac('sha256', key).update(text, 'utf16le').digest('base64')
  const add = (sum: number, code: number): number => (Math.imul(sum, base) + code) | 0
  const sumOf = (text: string): number => {
    let sum = 0
    for (let at = 0; at < text.length; at++) sum = add(sum, text.charCodeAt(at))
    return sum
  }

  /** Karp and Rabin's search: the sum of a window moves on by one character, and only where it fits is it digested. */
  function strikeOutOf(text: string, length: number, instead: string): string {
    const of = byLength.get(length)
    if (of === undefined || text.length < length) return text
    let out = ''
    let begin = 0
    let sum = sumOf(text.slice(0, length))
    for (let at = 0; ; at++) {
      const window = of.digests.get(sum)
      if (window !== undefined && at >= begin && window.has(digest(text.slice(at, at + length)))) {
        out += text.slice(begin, at) + instead
        begin = at + length
      }
      if (at + length >= text.length) break
      sum = add((sum - Math.imul(text.charCodeAt(at), of.lead)) | 0, text.charCodeAt(at + length))
    }
    return out + text.slice(begin)
  }

  return {
    add(secret) {
      if (secret === '') return
      const { length } = secret
      const of = byLength.get(length) ?? { lead: power(base, length - 1), digests: new Map() }
      byLength.set(length, of)
      const sum = sumOf(secret)
      of.digests.set(sum, (of.digests.get(sum) ?? new Set()).add(digest(secret)))
      lengths = [...byLength.keys()].sort((a, b) => b - a)
    },
    longest: () => lengths[0] ?? 0,
    strikeOut: (text, instead) => lengths.reduce((left, length) => strikeOutOf(left, length, instead), text),
  }
}

const power = (base: number, exponent: number): number => {
  let product = 1
  for (let n = 0; n < exponent; n++) product = Math.imul(product, base)
  return product
}
