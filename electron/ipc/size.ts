/** Far deeper than any input of the contract, far shallower than what overflows a stack. */
const deepest = 100

/**
 * True when `value` holds at most `budget` characters of text and array or object members together. Stops as soon
 * as it is over, so that a huge or deep value costs no more than the budget.
 */
export function fits(value: unknown, budget: number): boolean {
  let left = budget
  const pending: { value: unknown; depth: number }[] = []
  const add = (item: unknown, depth: number): boolean => {
    left -= weight(item)
    if (left < 0 || depth > deepest) return false
    if (typeof item === 'object' && item !== null && !ArrayBuffer.isView(item)) {
      pending.push({ value: item, depth })
    }
    return true
  }
  if (!add(value, 0)) return false
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const depth = next.depth + 1
    if (Array.isArray(next.value)) {
      for (const item of next.value) if (!add(item, depth)) return false
    } else {
      for (const [key, item] of Object.entries(next.value as object)) {
        left -= key.length
        if (!add(item, depth)) return false
      }
    }
  }
  return true
}

function weight(value: unknown): number {
  if (typeof value === 'string') return value.length + 1
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength
  // No input of the contract holds one, and their members would go uncounted.
  if (value instanceof Map || value instanceof Set) return Number.POSITIVE_INFINITY
  return 1
}
