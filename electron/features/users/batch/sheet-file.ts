import type { UserRow } from '../../../../shared/ipc/contract'
import { cellText } from '../../../../shared/user/cell'
import { fieldNamed, readHead, type SheetHead } from '../../../../shared/user/sheet'
import { fieldValue } from '../../../../shared/user/value'
import { Refusal } from '../../../ipc/refusal'
import type { OpenedFile } from '../../../platform/file-sink'
import type { Pause } from '../../../platform/pause'
import { savedOf } from '../saved'
import { type CsvLine, firstLines, parseCsv } from './csv'
import { idText } from './keys'
import { isWorkbook, otherKind, unicodeOf } from './kind'
import { asIs, type FileText, fileText, likeliest, type Reading, readingsOf, type Sample } from './text'
import { readWorkbook } from './workbook'

/** The lines of a file of users, with what the columns mean. */
export interface SheetFile {
  readonly name: string
  readonly head: SheetHead
  /** As they stand in the file; {@link readLines} gives what they say. */
  readonly lines: readonly CsvLine[]
  /** The ways in which its letters may be read. */
  readonly readings: readonly Reading[]
  /** No mark of the file tells which. */
  readonly guessed: boolean
  readonly notices: readonly string[]
  readonly remarks: readonly string[]
}

interface Reader {
  readonly pause: Pause
  readonly signal: AbortSignal
  readonly onProgress: (done: number, of: number) => void
}

const separators = [',', ';', '\t', '|']
/** The names of the columns stand in one of so many lines. */
const headWithin = 20
const short = (text: string, most = 60) => (text.length > most ? `${text.slice(0, most)}…` : text)

interface FoundHead {
  readonly delimiter: string
  readonly line: CsvLine
  readonly before: readonly CsvLine[]
}

/**
 * Finds the line that names the columns, and what parts its cells: the first line with a user id, under the separator
 * that makes most columns known. Spreadsheets may say the separator in a line of its own, `sep=;`.
 */
function findHead(start: string, whole: boolean): FoundHead | undefined {
  const [, said] = /^\ufeff?"?sep=([^"\r\n])"?[\t ,;|]*(?:\r\n|\r|\n)/i.exec(start) ?? []
  let best: (FoundHead & { readonly known: number }) | undefined
  for (const delimiter of said === undefined ? separators : [said, ...separators]) {
    const lines = firstLines(start, delimiter, headWithin, whole)
    const at = lines.findIndex(({ cells }) => cells.some((cell) => fieldNamed(cell) === 'userId'))
    const line = lines[at]
    if (line === undefined) continue
    const known = line.cells.filter((cell) => fieldNamed(cell) !== undefined).length
    if (best !== undefined && known <= best.known) continue
    best = { delimiter, line, before: lines.slice(0, at), known }
  }
  return best
}

/** Takes a file apart; refuses, in words, what is no file of users. */
export async function readSheetFile({ name, bytes }: OpenedFile, reader: Reader): Promise<SheetFile> {
  const { pause, signal, onProgress } = reader
  if (isWorkbook(bytes)) return workbookFile(name, bytes, reader)
  const refuse = (what: string, next: string) => new Refusal('file', `${name} ${what}.`, { next })
  const other = otherKind(bytes)
  if (other !== undefined) throw refuse(`is ${other.what}`, other.next)
  const marked = unicodeOf(bytes)
  if (typeof marked === 'object') throw refuse(`is ${marked.what}`, marked.next)
  const text = await fileText(bytes, marked, pause)
  const found = findHead(text.texts[0] ?? '', text.texts.length === 1)
  if (found === undefined) {
    throw noHead(name, firstLines(text.texts[0] ?? '', ',', 1, true)[0], 'first line')
  }
  const { delimiter, line: named, before } = found
  const of = text.texts.reduce((sum, piece) => sum + piece.length, 0)
  const lines: CsvLine[] = []
  const { ended } = await parseCsv(text.texts, {
    delimiter,
    pause,
    signal,
    onLines(some, done) {
      for (const line of some) if (line.number > named.number) lines.push(line)
      onProgress(done, of)
    },
  })
  const sheet = {
    ...underHead(name, named, before, lines),
    readings: readingsOf(text),
    guessed: text.as === 'bytes',
    notices: brokenWords(text),
  }
  const last = sheet.lines.at(-1)
  const cut = !ended && last?.problem === undefined && (last?.cells.length ?? Infinity) < sheet.head.width
  return cut && last !== undefined && sheet.lines.length > 1
    ? {
        ...sheet,
        lines: [
          ...sheet.lines.slice(0, -1),
          { ...last, problem: 'the file ends within it, as if it had been cut off' },
        ],
      }
    : sheet
}

const isHead = ({ cells }: CsvLine) => cells.some((cell) => fieldNamed(cell) === 'userId')

async function workbookFile(name: string, bytes: Uint8Array, reader: Reader): Promise<SheetFile> {
  const { lines, name: sheet } = await readWorkbook(
    bytes,
    (each) => each.lines.slice(0, headWithin).some(isHead),
    reader,
  )
  const at = lines.slice(0, headWithin).findIndex(isHead)
  const named = lines[at]
  if (named === undefined) throw noHead(name, lines[0], `first line of the sheet “${short(sheet)}”`)
  return {
    ...underHead(name, named, lines.slice(0, at), lines.slice(at + 1)),
    readings: [],
    guessed: false,
    notices: [],
  }
}

const noHead = (name: string, first: CsvLine | undefined, where: string) =>
  new Refusal(
    'file',
    `${name}: No column is called “User ID”. The ${where} is “${short(first?.cells.join(', ') ?? '', 200)}”.`,
    { next: 'One of the first lines must name the columns, as an export from here does.' },
  )

/** What the names of the columns make of the lines below and above them. */
function underHead(
  name: string,
  named: CsvLine,
  before: readonly CsvLine[],
  below: readonly CsvLine[],
): Pick<SheetFile, 'name' | 'head' | 'lines' | 'remarks'> {
  const head = readHead(named.cells)
  if ('problem' in head) {
    throw new Refusal('file', `${name}: ${head.problem}`, {
      next: 'The first line must name the columns, as an export from here does.',
    })
  }
  const remarks = [...head.remarks]
  const titles = before.filter(({ cells }) => !/^"?sep=/i.test(cells[0]?.replace(/^\ufeff/, '') ?? ''))
  if (titles.length > 0) {
    const what = short(titles[0]?.cells.filter((cell) => cell.trim() !== '').join(', ') ?? '')
    remarks.push(
      `What stands above the names of the columns, in line ${named.number}, is passed over: “${what}”.`,
    )
  }
  const again = named.cells.join('\n')
  const repeats = ({ cells }: CsvLine) => cells.length === named.cells.length && cells.join('\n') === again
  const repeated = below.find(repeats)
  if (repeated !== undefined) {
    remarks.push(`Line ${repeated.number} names the columns again and is passed over.`)
  }
  const lines = repeated === undefined ? below : below.filter((line) => !repeats(line))
  return { name, head, lines, remarks }
}

const brokenWords = ({ broken }: FileText): string[] =>
  broken === 0
    ? []
    : [
        `${broken === 1 ? 'One place' : `${broken.toLocaleString('en')} places`} in the file cannot be read as UTF-8; only the cells there are in doubt.`,
      ]

/** Enough lines to tell one code page from another. */
const mostSamples = 3_000
const beyondAscii = /[^\0-\x7f]/

/** The reading of the file under which most cells are what the users have. */
export async function likeliestReading(
  { head, lines, readings }: SheetFile,
  rowOf: (userId: string) => UserRow | undefined,
  pause: Pause,
): Promise<Reading> {
  if (readings.length === 0) return asIs
  const samples: Sample[] = []
  for (const line of lines) {
    if (samples.length >= mostSamples) break
    if (line.problem !== undefined || !line.cells.some((cell) => beyondAscii.test(cell))) continue
    const row = rowOf(idText(line.cells[head.userId] ?? ''))
    for (const { at, path } of head.columns) {
      const cell = line.cells[at] ?? ''
      if (!beyondAscii.test(cell)) continue
      const had = row && fieldValue(savedOf(row), path)
      samples.push({ cell, had: had === undefined ? undefined : cellText(path, had) })
    }
    if (pause.due()) await pause.wait()
  }
  return likeliest(readings, samples)
}

/** What the lines of a file say under a reading. */
export async function readLines({ lines }: SheetFile, reading: Reading, pause: Pause): Promise<CsvLine[]> {
  const read: CsvLine[] = []
  for (const line of lines) {
    read.push({
      ...line,
      cells: line.cells.map((cell) => (beyondAscii.test(cell) ? reading.read(cell) : cell)),
    })
    if (pause.due()) await pause.wait()
  }
  return read
}
