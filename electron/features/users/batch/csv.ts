import Papa from 'papaparse'
import type { Pause } from '../../../platform/pause'

/** Bytes decoded, and then parsed, at a stretch. */
const portion = 64 * 1024
/** More lines than any directory has users are no file of users. */
const mostLines = 2_000_000

export interface CsvText {
  /** The text in pieces that may end anywhere: putting 50 MB together would hold everything up. */
  readonly texts: readonly string[]
  /** What was noticed about the file, in words. */
  readonly remarks: readonly string[]
}

/**
 * The text of a file as spreadsheets write them: UTF-8 with or without a mark, UTF-16 with one, and else the Western
 * code page that Windows uses. Decoded in portions.
 */
export async function decodeCsv(bytes: Uint8Array, pause: Pause): Promise<CsvText> {
  const decoded = async (decoder: InstanceType<typeof TextDecoder>): Promise<string[]> => {
    const texts: string[] = []
    for (let from = 0; from < bytes.length; from += portion) {
      texts.push(decoder.decode(bytes.subarray(from, from + portion), { stream: true }))
      if (pause.due()) await pause.wait()
    }
    texts.push(decoder.decode())
    return texts
  }
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return { texts: await decoded(new TextDecoder('utf-16le')), remarks: [] }
  if (a === 0xfe && b === 0xff) return { texts: await decoded(new TextDecoder('utf-16be')), remarks: [] }
  try {
    return { texts: await decoded(new TextDecoder('utf-8', { fatal: true })), remarks: [] }
  } catch {
    return {
      texts: await decoded(new TextDecoder('windows-1252')),
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
  for (let at = 0; at < text.length; at++) {
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
 * Parses the pieces of a file and lets everything else run between them. Commas, semicolons and tabs, quoted line
 * breaks. Lines without any text are left out.
 * @param onLines gets the lines of a piece and how many characters were read so far.
 */
export async function parseCsv(
  texts: readonly string[],
  options: {
    readonly pause: Pause
    readonly signal: AbortSignal
    readonly onLines: (lines: readonly CsvLine[], done: number) => void
  },
): Promise<{ readonly remarks: readonly string[] }> {
  const { pause, signal, onLines } = options
  const remarks: string[] = []
  const parser = new Papa.Parser(mannersOf(texts[0] ?? ''))
  let number = 0
  let done = 0
  let rest = ''
  for (const [at, piece] of texts.entries()) {
    const input = rest + piece
    // What the piece breaks off is parsed with the next one.
    const broken = at < texts.length - 1
    const { data, errors, meta }: Papa.ParseResult<string[]> = parser.parse(input, 0, broken)
    rest = input.slice(meta.cursor)
    for (const { row, message } of errors) {
      if (remarks.length < 20) remarks.push(`Line ${number + (row ?? 0) + 1}: ${message}.`)
    }
    const lines: CsvLine[] = []
    for (const cells of data) {
      number++
      if (cells.some((cell) => cell.trim() !== '')) lines.push({ number, cells })
    }
    if (number > mostLines) throw new Error(`The file has more than ${mostLines} lines.`)
    done += piece.length
    onLines(lines, done)
    if (signal.aborted) break
    if (pause.due()) await pause.wait()
  }
  return { remarks }
}

/** Lines of a file, with CRLF at their ends as RFC 4180 has it. */
export const csvLines = (rows: readonly (readonly string[])[]): string =>
  `${Papa.unparse(rows as string[][], { newline: '\r\n' })}\r\n`

/** Without it, spreadsheets take UTF-8 for something else. */
export const byteOrderMark = '\ufeff'
