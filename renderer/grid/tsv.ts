/**
 * Tab-separated cells as spreadsheets put them on the clipboard: a cell that holds a tab, a line break or a
 * quotation mark stands in quotation marks, doubled inside.
 */
export function formatTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(quoted).join('\t')).join('\n')
}

const quoted = (cell: string) => (/["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/**
 * Reads such text back. One line break at the very end ends the last row and makes no empty one. A quotation
 * mark that never closes is taken as text.
 */
export function parseTsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at <= text.length) {
    const cell = cellAt(text, at)
    row.push(cell.value)
    const separator = text[cell.end]
    at = cell.end + (separator === '\r' && text[cell.end + 1] === '\n' ? 2 : 1)
    if (separator === '\t') continue
    rows.push(row)
    row = []
    if (at >= text.length) break
  }
  return rows
}

function cellAt(text: string, start: number): { value: string; end: number } {
  if (text[start] === '"') {
    const closed = quotedCell(text, start)
    if (closed) return closed
  }
  let end = start
  while (end < text.length && text[end] !== '\t' && text[end] !== '\n' && text[end] !== '\r') end++
  return { value: text.slice(start, end), end }
}

function quotedCell(text: string, start: number): { value: string; end: number } | undefined {
  let value = ''
  let at = start + 1
  for (;;) {
    const mark = text.indexOf('"', at)
    if (mark === -1) return undefined
    value += text.slice(at, mark)
    if (text[mark + 1] !== '"') {
      const after = text[mark + 1]
      const ends = after === undefined || after === '\t' || after === '\n' || after === '\r'
      return ends ? { value, end: mark + 1 } : undefined
    }
    value += '"'
    at = mark + 2
  }
}
