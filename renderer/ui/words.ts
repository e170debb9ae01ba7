import { apart } from '../../shared/user/value'

const numbers = new Intl.NumberFormat()

/** A count as the person's locale writes it. */
export const count = (value: number): string => numbers.format(value)

/** "1 edit", "1,204 edits". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** A value in a sentence or a cell: empty ones are said, not left out. */
export const said = (text: string): string => (text === '' ? 'empty' : text)

/** What a field was and what it becomes, where only a text can stand; elsewhere `OldToNew` does. */
export const oldToNew = (old: string, now: string): string => `${apart(said(old))} → ${apart(said(now))}`

/** "Ana (a@x), Björn (b@x) and 125 others": whom something is about, by the first three. */
export function whom(names: readonly string[]): string {
  const [first, rest] = [names.slice(0, 3), names.length - 3]
  if (rest > 0) return `${first.join(', ')} and ${counted(rest, 'other')}`
  return first.length < 2 ? (first[0] ?? '') : `${first.slice(0, -1).join(', ')} and ${first.at(-1)}`
}
