/** Far deeper than any input of the contract, far shallower than what overflows a stack. */
const deepest = 100

/**
 * True when `value` holds at most `budget` characters of text and array or object members together. Stops as soon
 * as it is over, so that a huge or deep value costs no more than the budget.
 */
export function fits(value: unknown, budget: number): boolean {
  const pending: { value: unknown; depth: number }[] = [{ value, depth: 0 }]
  let left = budget
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.depth > deepest) return false
    left -= weight(next.value)
    if (left < 0) return false
    if (typeof next.value !== 'object' || next.value === null) continue
    if (ArrayBuffer.isView(next.value)) continue
    for (const [key, item] of Object.entries(next.value)) {
      left -= key.length
      if (left < 0) return false
      pending.push({ value: item, depth: next.depth + 1 })
    }
  }
  return true
}

function weight(value: unknown): number {
  if (typeof value === 'string') return value.length + 1
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (value instanceof ArrayBuffer) return value.byteLength
  if (value instanceof Map || value instanceof Set) return Number.POSITIVE_INFINITY
  return 1
}
