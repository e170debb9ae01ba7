import Papa from 'papaparse'
import type { Pause } from '../../../platform/pause'

/** Bytes decoded, and then parsed, at a stretch. */
const portion = 64 * 1024
/** More lines than any directory has users are no file of users. */
const mostLines = 2_000_000

export interface CsvText {
  /** The text in pieces that may end anywhere: putting 50 MB together would hold everything up. */
  readonly texts: readonly string[]
  /** What must be known about the file before anything is saved, in words. */
  readonly notices: readonly string[]
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
  if (a === 0xff && b === 0xfe) return { texts: await decoded(new TextDecoder('utf-16le')), notices: [] }
  if (a === 0xfe && b === 0xff) return { texts: await decoded(new TextDecoder('utf-16be')), notices: [] }
  try {
    return { texts: await decoded(new TextDecoder('utf-8', { fatal: true })), notices: [] }
  } catch {
    return {
      texts: await decoded(new TextDecoder('windows-1252')),
      notices: ['The file is not UTF-8; it was read as Windows text. Look at accents before you save.'],
    }
  }
}

/** One line of a file with its number as a spreadsheet counts it: quoted line breaks do not count. */
export interface CsvLine {
  readonly number: number
  readonly cells: readonly string[]
  /** Why its cells cannot be told apart for sure, in words. */
  readonly problem?: string
}

/**
 * How the line that names the columns is written: what stands most often in it, outside of quotation marks.
 * Papaparse would find that out by itself, from a megabyte of the file at a stretch.
 */
function delimiterOf(text: string): string {
  const counts = new Map<string, number>([',', ';', '\t', '|'].map((separator) => [separator, 0]))
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === '\n' || character === '\r') break
    else if (counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  const [[most, count] = [',', 0]] = [...counts].sort((a, b) => b[1] - a[1])
  return count === 0 ? ',' : most
}

/**
 * Gives every line the same end, piece by piece: programs that append to a file end their lines in their own way, and a
 * line that ends differently would run on into the next user's. Line breaks inside of quotation marks stay as they are.
 */
function lineEnds(delimiter: string): (piece: string, last: boolean) => string {
  let state: 'start' | 'plain' | 'quoted' | 'closing' = 'start'
  let held = ''
  return (piece, last) => {
    let input = held + piece
    // A CR at the end may be half of a line end.
    held = !last && input.endsWith('\r') ? '\r' : ''
    if (held !== '') input = input.slice(0, -1)
    const out: string[] = []
    let from = 0
    for (let at = 0; at < input.length; at++) {
      const character = input[at]
      if (state === 'quoted') {
        if (character === '"') state = 'closing'
      } else if (state === 'closing' && character === '"') state = 'quoted'
      else if (character === '\r') {
        out.push(input.slice(from, at), '\n')
        if (input[at + 1] === '\n') at++
        from = at + 1
        state = 'start'
      } else if (character === '\n' || character === delimiter) state = 'start'
      else state = state === 'start' && character === '"' ? 'quoted' : 'plain'
    }
    out.push(input.slice(from))
    return out.join('')
  }
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
  const delimiter = delimiterOf(texts[0] ?? '')
  const parser = new Papa.Parser({ delimiter, newline: '\n' })
  const even = lineEnds(delimiter)
  let number = 0
  let done = 0
  let rest = ''
  for (const [at, piece] of texts.entries()) {
    // What the piece breaks off is parsed with the next one.
    const broken = at < texts.length - 1
    const input = rest + even(piece, !broken)
    const { data, errors, meta }: Papa.ParseResult<string[]> = parser.parse(input, 0, broken)
    rest = input.slice(meta.cursor)
    const problems = new Map<number, string>()
    for (const { row, message } of errors) {
      problems.set(row ?? 0, message)
      if (remarks.length < 20) remarks.push(`Line ${number + (row ?? 0) + 1}: ${message}.`)
    }
    const lines: CsvLine[] = []
    for (const [index, cells] of data.entries()) {
      number++
      const problem = problems.get(index)
      if (cells.some((cell) => cell.trim() !== '')) {
        lines.push({ number, cells, ...(problem === undefined ? {} : { problem }) })
      }
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
