const numbers = new Intl.NumberFormat()

/** A count as the person's locale writes it. */
export const count = (value: number): string => numbers.format(value)

/** "1 edit", "1,204 edits". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** A value in a sentence or a cell: empty ones are said, not left out. */
export const said = (text: string): string => (text === '' ? 'empty' : text)

/** What a field was and what it becomes. */
export const oldToNew = (old: string, now: string): string => `${said(old)} → ${said(now)}`
