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
}

const quote = 0x22
const cr = 0x0d
const lf = 0x0a
const blank = 0x20

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

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0)
  }

  read(piece: string): void {
    let from = 0
    const take = (to: number) => {
      if (to > from) this.#cell += piece.slice(from, to)
    }
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at)
      const afterCr = this.#afterCr
      this.#afterCr = code === cr
      if (this.#state === 'quoted') {
        if (code === quote) {
          take(at)
          this.#state = 'closing'
          this.#gap = false
        } else if (code === cr || (code === lf && !afterCr)) this.#at++
        else if (at - from > longestCell) this.#tooLong()
        continue
      }
      // The second half of a line end.
      if (code === lf && afterCr) from = at + 1
      else if (code === this.#delimiter || code === lf || code === cr) {
        if (this.#state !== 'closing') take(at)
        from = at + 1
        this.#endCell()
        if (code === this.#delimiter) continue
        this.#at++
        this.#endLine()
      } else if (this.#state === 'start') {
        if (code === quote) {
          // Some programs put blanks in front of a quotation mark.
          this.#cell = ''
          this.#opened = this.#at
          from = at + 1
          this.#state = 'quoted'
        } else if (code !== blank) this.#state = 'plain'
      } else if (this.#state === 'closing') {
        if (code === quote && !this.#gap) {
          this.#cell += '"'
          from = at + 1
          this.#state = 'quoted'
        } else if (code === blank) this.#gap = true
        else {
          this.#problem ??= unmatched('text stands behind the quotation mark that ends a cell')
          from = at
          this.#state = 'plain'
        }
      } else if (at - from > longestCell) this.#tooLong()
    }
    if (this.#state !== 'closing') take(piece.length)
    if (this.#cell.length > longestCell) this.#tooLong()
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
    if (this.#cell.length > longestCell) this.#tooLong()
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
      this.lines.push({
        number: this.#number,
        cells: this.#cells,
        ...(problem === undefined ? {} : { problem }),
      })
    }
    this.#cells = []
    this.#problem = undefined
    this.#number = this.#at
  }

  /** The last line, which need not end. False when it does not. */
  finish(): boolean {
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
  texts: readonly string[],
  options: {
    readonly delimiter: string
    readonly pause: Pause
    readonly signal: AbortSignal
    readonly onLines: (lines: readonly CsvLine[], done: number) => void
  },
): Promise<{ /** The last line has a line end. */ readonly ended: boolean }> {
  const { delimiter, pause, signal, onLines } = options
  const reader = new LineReader(delimiter)
  let done = 0
  let ended = true
  for (const [at, piece] of texts.entries()) {
    reader.read(piece)
    if (at === texts.length - 1) ended = reader.finish()
    done += piece.length
    onLines(reader.lines, done)
    reader.lines = []
    if (signal.aborted) break
    if (pause.due()) await pause.wait()
  }
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
