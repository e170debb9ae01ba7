import Papa from 'papaparse'
import type { Pause } from '../../../platform/pause'

/** Characters parsed at a stretch. */
const portion = 64 * 1024
/** More lines than any directory has users are no file of users. */
const mostLines = 2_000_000

export interface CsvText {
  readonly text: string
  /** What was noticed about the file, in words. */
  readonly remarks: readonly string[]
}

/**
 * The text of a file as spreadsheets write them: UTF-8 with or without a mark, UTF-16 with one, and else the Western
 * code page that Windows uses.
 */
export function decodeCsv(bytes: Uint8Array): CsvText {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), remarks: [] }
  if (a === 0xfe && b === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes), remarks: [] }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), remarks: [] }
  } catch {
    return {
      text: new TextDecoder('windows-1252').decode(bytes),
      remarks: ['The file is not UTF-8; it was read as Windows text. Look at accents before you save.'],
    }
  }
}

/** One line of a file with its number as a spreadsheet counts it: quoted line breaks do not count. */
export interface CsvLine {
  readonly number: number
  readonly cells: readonly string[]
}

/** What stands most often, outside of quotation marks, in the line that names the columns. */
function separatorOf(text: string): string {
  const counts = new Map<string, number>([',', ';', '\t', '|'].map((separator) => [separator, 0]))
  let quoted = false
  for (const character of text.slice(0, 100_000)) {
    if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '\n' || character === '\r') break
    else if (counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  const [[most, count] = [',', 0]] = [...counts].sort((a, b) => b[1] - a[1])
  return count === 0 ? ',' : most
}

/**
 * Parses a file in portions and lets everything else run between them. Commas, semicolons and tabs, quoted line
 * breaks. Lines without any text are left out.
 */
export async function parseCsv(
  text: string,
  options: {
    readonly pause: Pause
    readonly signal: AbortSignal
    readonly onLines: (lines: readonly CsvLine[], done: number) => void
  },
): Promise<{ readonly remarks: readonly string[] }> {
  const { pause, signal, onLines } = options
  const remarks: string[] = []
  let number = 0
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(text, {
      delimiter: separatorOf(text),
      chunkSize: portion,
      skipEmptyLines: false,
      // Not a worker: papaparse parses a text in portions only when it has a function for them.
      chunk(results: Papa.ParseResult<string[]>, parser: Papa.Parser) {
        for (const { row, message } of results.errors) {
          if (remarks.length >= 20) continue
          remarks.push(`Line ${number + (row ?? 0) + 1}: ${message}.`)
        }
        const lines: CsvLine[] = []
        for (const cells of results.data) {
          number++
          if (cells.some((cell) => cell.trim() !== '')) lines.push({ number, cells })
        }
        if (number > mostLines) {
          parser.abort()
          reject(new Error(`The file has more than ${mostLines} lines.`))
          return
        }
        onLines(lines, results.meta.cursor)
        if (signal.aborted) {
          parser.abort()
          return
        }
        if (!pause.due()) return
        parser.pause()
        void pause.wait().then(() => parser.resume())
      },
      complete: () => resolve(),
      error: (error: Error) => reject(error),
    })
  })
  return { remarks }
}

/** Lines of a file, with CRLF at their ends as RFC 4180 has it. */
export const csvLines = (rows: readonly (readonly string[])[]): string =>
  `${Papa.unparse(rows as string[][], { newline: '\r\n' })}\r\n`

/** Without it, spreadsheets take UTF-8 for something else. */
export const byteOrderMark = '\ufeff'
