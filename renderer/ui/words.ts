const numbers = new Intl.NumberFormat()

/** A count as the person's locale writes it. */
export const count = (value: number): string => numbers.format(value)

/** "1 edit", "1,204 edits". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** A value in a sentence or a cell: empty ones are said, not left out. */
export const said = (text: string): string => (text === '' ? 'empty' : text)

/** Letters of scripts that are written from right to left. */
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200f\u202b\u202e\u2067]/u

/** Whether a text would turn around what stands beside it. */
export const turnsAround = (text: string): boolean => rightToLeft.test(text)

/** A text that stands for itself in a line: first-strong isolate and its end around what is written from right to left. */
const apart = (text: string): string => (turnsAround(text) ? `\u2068${text}\u2069` : text)

/** What a field was and what it becomes, where only a text can stand; elsewhere `OldToNew` does. */
export const oldToNew = (old: string, now: string): string => `${apart(said(old))} → ${apart(said(now))}`
