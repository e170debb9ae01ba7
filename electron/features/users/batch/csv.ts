import { trimmed } from '../../../../shared/user/rendering/letters'
import { longestCell } from '../../../../shared/user/sheet'
import { Refusal } from '../../../ipc/refusal'
import type { Pause } from '../../../platform/pause'

/** More lines than any directory has users are no file of users. */
export const mostLines = 2_000_000
/** And more cells in a line are no user. */
const mostCells = 2_000
/** In all: what the memory holds. A million users with forty fields have fewer. */
const mostInAll = 60_000_000

/** Counts the cells of a file, and refuses one that has more than any list of users. */
export function cellCounter(): (cells: number) => void {
  let all = 0
  return (cells) => {
    all += cells
    if (all <= mostInAll) return
    throw new Refusal('file', `The file has more than ${mostInAll.toLocaleString('en')} cells.`, {
      next: 'Leave out columns, or cut it into several files, each with the first line.',
    })
  }
}

/** One line of a file with its number as the file has it: a line break in a cell counts as well. */
export interface CsvLine {
  readonly number: number
  readonly cells: readonly string[]
  /** Why it is not sure which of its cells is which, in words. */
  readonly problem?: string
  /**
   * The file ends with it and without a line end, so its last cell may have been longer. Programs that mark how the letters
   * of a file are written end every line; others often leave out the last end.
   */
  readonly cut?: 'surely' | 'perhaps'
}

const quote = 0x22
const cr = 0x0d
const lf = 0x0a
const blank = 0x20
const backslash = 0x5c

const unmatched = (why: string) =>
  `The quotation marks of this line do not match: ${why}. Mend it in the file.`

/** Takes the lines of a file apart, piece by piece, each character once. Lines may end in different ways. */
class LineReader {
  /** Lines that were finished since they were taken. */
  lines: CsvLine[] = []
  readonly #delimiter: number
  #state: 'start' | 'plain' | 'quoted' | 'closing' = 'start'
  #cells: string[] = []
  #cell = ''
  #number = 1
  /** The line of the file that is being read, and the one where the last quotation mark opened. */
  #at = 1
  #opened = 0
  #problem: string | undefined
  readonly #count = cellCounter()
  /** The character before was a CR, which may be half of a line end. */
  #afterCr = false
  /** Blanks stand behind a quotation mark that closed. */
  #gap = false
  /** A backslash takes its meaning from what stands behind it. */
  readonly #escapes: boolean
  /** A piece ended with one. */
  #afterBackslash = false

  constructor(delimiter: string, escapes = false) {
    this.#delimiter = delimiter.charCodeAt(0)
    this.#escapes = escapes
  }

  read(text: string): void {
    const piece = this.#afterBackslash ? `\\${text}` : text
    this.#afterBackslash = false
    let at = 0
    // The second half of a line end that the piece before has begun.
    if (this.#afterCr && piece.charCodeAt(0) === lf) {
      if (this.#state === 'quoted') this.#take(piece, 0, 1)
      at = 1
    }
    if (piece !== '') this.#afterCr = false
    while (at < piece.length) {
      if (this.#state === 'quoted') at = this.#readQuoted(piece, at)
      else if (this.#state === 'closing') at = this.#readBehindQuote(piece, at)
      else at = this.#readPlain(piece, at)
    }
  }

  /** Reads to the end of a cell, or to the quotation mark that begins it; returns where to go on. */
  #readPlain(piece: string, from: number): number {
    const delimiter = this.#delimiter
    let at = from
    if (this.#state === 'start') {
      while (piece.charCodeAt(at) === blank && delimiter !== blank) at++
      if (piece.charCodeAt(at) === quote) {
        // Some programs put blanks in front of a quotation mark.
        this.#cell = ''
        this.#opened = this.#at
        this.#state = 'quoted'
        return at + 1
      }
      if (at < piece.length) this.#state = 'plain'
    }
    for (; at < piece.length; at++) {
      const code = piece.charCodeAt(at)
      if (code === delimiter || code === lf || code === cr) break
      if (code === backslash && this.#escapes) return this.#readEscaped(piece, from, at)
    }
    this.#take(piece, from, at)
    return at < piece.length ? this.#endAt(piece, at) : at
  }

  /** Takes what stands up to a backslash, and the sign behind it, which then means nothing but itself. */
  #readEscaped(piece: string, from: number, at: number): number {
    this.#take(piece, from, at)
    const code = piece.charCodeAt(at + 1)
    if (at + 1 === piece.length) {
      this.#afterBackslash = true
      return at + 1
    }
    const means =
      code === this.#delimiter || code === quote || code === backslash || code === lf || code === cr
    if (code === cr || code === lf) this.#at++
    this.#take(piece, means ? at + 1 : at, at + 2)
    return at + 2
  }

  /** Reads to the next quotation mark. */
  #readQuoted(piece: string, from: number): number {
    let at = from
    let code = 0
    let before = 0
    for (; at < piece.length; at++) {
      code = piece.charCodeAt(at)
      if (code === quote) break
      if (code === backslash && this.#escapes) return this.#readEscaped(piece, from, at)
      if (code === cr || (code === lf && before !== cr)) this.#at++
      before = code
    }
    this.#take(piece, from, at)
    if (at === piece.length) {
      this.#afterCr = code === cr
      return at
    }
    this.#state = 'closing'
    this.#gap = false
    return at + 1
  }

  #readBehindQuote(piece: string, at: number): number {
    const code = piece.charCodeAt(at)
    if (code === this.#delimiter || code === lf || code === cr) return this.#endAt(piece, at)
    if (code === quote && !this.#gap) {
      this.#cell += '"'
      this.#state = 'quoted'
      return at + 1
    }
    if (code === blank) {
      this.#gap = true
      return at + 1
    }
    this.#problem ??= unmatched('text stands behind the quotation mark that ends a cell')
    this.#state = 'plain'
    return at
  }

  /** Ends a cell, and a line, at what stands there; returns where to go on. */
  #endAt(piece: string, at: number): number {
    this.#endCell()
    const code = piece.charCodeAt(at)
    if (code === this.#delimiter) return at + 1
    this.#at++
    this.#endLine()
    if (code !== cr) return at + 1
    if (at + 1 === piece.length) this.#afterCr = true
    return piece.charCodeAt(at + 1) === lf ? at + 2 : at + 1
  }

  #take(piece: string, from: number, to: number): void {
    if (this.#cell.length + to - from > longestCell) this.#tooLong()
    if (to > from) this.#cell += piece.slice(from, to)
  }

  #isFresh(): boolean {
    return this.#cells.length === 0 && this.#cell === ''
  }

  #tooLong(): never {
    const limit = longestCell.toLocaleString('en')
    const opened = this.#state === 'quoted'
    throw new Refusal(
      'file',
      opened
        ? `A quotation mark opens in line ${this.#opened} and does not close within ${limit} characters.`
        : `A cell in line ${this.#at} has more than ${limit} characters, more than any field takes.`,
      { next: 'Mend that line in the file and import it again.' },
    )
  }

  #endCell(): void {
    this.#cells.push(this.#cell)
    this.#cell = ''
    this.#state = 'start'
    if (this.#cells.length > mostCells) {
      throw new Refusal(
        'file',
        `Line ${this.#number} has more than ${mostCells.toLocaleString('en')} cells.`,
        {
          next: 'That is no list of users. Check which file it is.',
        },
      )
    }
  }

  #endLine(): void {
    if (this.#number > mostLines) {
      throw new Refusal('file', `The file has more than ${mostLines.toLocaleString('en')} lines.`, {
        next: 'Cut it into several files, each with the first line.',
      })
    }
    const problem = this.#problem
    if (problem !== undefined || this.#cells.some((cell) => trimmed(cell) !== '')) {
      this.#count(this.#cells.length)
      const line = { number: this.#number, cells: this.#cells }
      this.lines.push(problem === undefined ? line : { ...line, problem })
    }
    this.#cells = []
    this.#problem = undefined
    this.#number = this.#at
  }

  /** The last line, which need not end. False when it does not. */
  finish(): boolean {
    if (this.#afterBackslash) this.#cell += '\\'
    this.#afterBackslash = false
    if (this.#state === 'quoted') {
      this.#problem ??= unmatched(`the quotation mark that opens in line ${this.#opened} does not close`)
    }
    if (this.#state === 'start' && this.#isFresh()) return true
    this.#endCell()
    this.#endLine()
    return false
  }
}

/**
 * Parses the pieces of a file and lets everything else run between them. Lines without any text are left out.
 * @param onLines gets the lines of a piece and how many characters were read so far.
 */
export async function parseCsv(
  texts: Iterable<string>,
  options: {
    readonly delimiter: string
    /** Whether a backslash stands before separators and quotation marks that part no cells. */
    readonly escapes?: boolean
    readonly pause: Pause
    readonly signal: AbortSignal
    readonly onLines: (lines: readonly CsvLine[], done: number) => void
  },
): Promise<{ /** The last line has a line end. */ readonly ended: boolean }> {
  const { delimiter, escapes, pause, signal, onLines } = options
  const reader = new LineReader(delimiter, escapes)
  let done = 0
  const deliver = () => {
    onLines(reader.lines, done)
    reader.lines = []
  }
  for (const piece of texts) {
    reader.read(piece)
    done += piece.length
    deliver()
    if (signal.aborted) return { ended: true }
    if (pause.due()) await pause.wait()
  }
  const ended = reader.finish()
  deliver()
  return { ended }
}

/** The first lines of a text that has text in them, as far as it goes, and why it does not go further. */
export function firstLines(
  start: string,
  delimiter: string,
  most: number,
  whole: boolean,
): { readonly lines: readonly CsvLine[]; readonly refusal?: Refusal } {
  const reader = new LineReader(delimiter)
  try {
    reader.read(start)
    if (whole) reader.finish()
  } catch (error) {
    if (error instanceof Refusal) return { lines: reader.lines.slice(0, most), refusal: error }
    throw error
  }
  return { lines: reader.lines.slice(0, most) }
}
