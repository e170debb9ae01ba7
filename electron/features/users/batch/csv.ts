import Papa from 'papaparse'
import type { Pause } from '../../../platform/pause'

/** Characters parsed at a stretch. */
const portion = 64 * 1024
/** Bytes decoded at a stretch. */
const decodedPortion = 2 ** 20
/** More lines than any directory has users are no file of users. */
const mostLines = 2_000_000

export interface CsvText {
  readonly text: string
  /** What was noticed about the file, in words. */
  readonly remarks: readonly string[]
}

/**
 * The text of a file as spreadsheets write them: UTF-8 with or without a mark, UTF-16 with one, and else the Western
 * code page that Windows uses. Decoded in portions.
 */
export async function decodeCsv(bytes: Uint8Array, pause: Pause): Promise<CsvText> {
  const decoded = async (decoder: InstanceType<typeof TextDecoder>): Promise<string> => {
    const texts: string[] = []
    for (let from = 0; from < bytes.length; from += decodedPortion) {
      texts.push(decoder.decode(bytes.subarray(from, from + decodedPortion), { stream: true }))
      if (pause.due()) await pause.wait()
    }
    texts.push(decoder.decode())
    return texts.join('')
  }
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return { text: await decoded(new TextDecoder('utf-16le')), remarks: [] }
  if (a === 0xfe && b === 0xff) return { text: await decoded(new TextDecoder('utf-16be')), remarks: [] }
  try {
    return { text: await decoded(new TextDecoder('utf-8', { fatal: true })), remarks: [] }
  } catch {
    return {
      text: await decoded(new TextDecoder('windows-1252')),
      remarks: ['The file is not UTF-8; it was read as Windows text. Look at accents before you save.'],
    }
  }
}

/** One line of a file with its number as a spreadsheet counts it: quoted line breaks do not count. */
export interface CsvLine {
  readonly number: number
  readonly cells: readonly string[]
}

/**
 * How the line that names the columns is written: what stands most often in it, outside of quotation marks, and how it
 * ends. Papaparse would find that out by itself, from a megabyte of the file at a stretch.
 */
function mannersOf(text: string): { readonly delimiter: string; readonly newline: '\r' | '\n' | '\r\n' } {
  const counts = new Map<string, number>([',', ';', '\t', '|'].map((separator) => [separator, 0]))
  let newline: '\r' | '\n' | '\r\n' = '\n'
  let quoted = false
  for (let at = 0; at < Math.min(text.length, 100_000); at++) {
    const character = text[at] as string
    if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '\n' || character === '\r') {
      if (character === '\r') newline = text[at + 1] === '\n' ? '\r\n' : '\r'
      break
    } else if (counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  const [[most, count] = [',', 0]] = [...counts].sort((a, b) => b[1] - a[1])
  return { delimiter: count === 0 ? ',' : most, newline }
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
      ...mannersOf(text),
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
