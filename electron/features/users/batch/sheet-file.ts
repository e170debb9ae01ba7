import { cellText } from '../../../../shared/user/cell'
import { isUsableId } from '../../../../shared/user/id'
import { oddity, trimmed } from '../../../../shared/user/rendering/letters'
import type { UserRow } from '../../../../shared/user/shapes'
import { fieldNamed, type Meaning, readHead, type SheetHead } from '../../../../shared/user/sheet'
import type { FieldPath } from '../../../../shared/user/types'
import { fieldValue } from '../../../../shared/user/value'
import { Refusal } from '../../../ipc/refusal'
import type { OpenedFile } from '../../../platform/file-sink'
import type { Pause } from '../../../platform/pause'
import { savedOf } from '../saved'
import { type CsvLine, firstLines, parseCsv } from './csv'
import { idText, usersNamed } from './keys'
import { isWorkbook, otherKind, unicodeOf } from './kind'
import {
  asIs,
  type FileText,
  type FoundReading,
  fileText,
  likeliest,
  piecesOf,
  type Reading,
  readingsOf,
  type Sample,
} from './text'
import { readWorkbook, type Sheet } from './workbook'

/** The lines of a file, before it is known what they mean. */
interface Table {
  readonly name: string
  /** Everything that has text in it, from the first line on; {@link readLines} gives what it says. */
  readonly all: readonly CsvLine[]
  /** The ways in which its letters may be read. */
  readonly readings: readonly Reading[]
  /** No mark of the file tells which. */
  readonly guessed: boolean
  /** The last line has no end, and this is what that says. */
  readonly open?: CsvLine['cut']
  readonly notices: readonly string[]
}

/** What the columns are: chosen by a person, or taken from their names. */
export interface Columns {
  /** The line that names them. */
  readonly line: number
  readonly paths: readonly Meaning[]
}

/** The lines of a file of users, with what the columns mean. */
export interface SheetFile extends Table {
  readonly columns: Columns
  /** Nothing while it is not known which column is the user id. */
  readonly head?: SheetHead
  /** Why there is no head, in words. */
  readonly why?: string
  /** The lines below the names of the columns. */
  readonly lines: readonly CsvLine[]
  readonly remarks: readonly string[]
}

interface Reader {
  readonly pause: Pause
  readonly signal: AbortSignal
  readonly onProgress: (done: number, of: number) => void
  /** What a name of a column stands for; left out, what it stands for everywhere. */
  readonly meaningOf?: (name: string) => Meaning
}

const separators = [',', ';', '\t', '|']
/** The names of the columns stand in one of so many lines. */
export const headWithin = 20
const short = (text: string, most = 60) => (text.length > most ? `${text.slice(0, most)}…` : text)

interface FoundHead {
  readonly delimiter: string
  readonly line: CsvLine
}

/**
 * Finds the line that names the columns, and what parts its cells: the first line with a user id, under the separator
 * that makes most columns known; without one, the line that looks most like names. Spreadsheets may say the separator in a
 * line of its own, `sep=;`.
 */
function findHead(
  start: string,
  whole: boolean,
  meaningOf: (name: string) => Meaning,
): FoundHead | undefined {
  const [, said] = /^\ufeff?"?sep=([^"\r\n])"?[\t ,;|]*(?:\r\n|\r|\n)/i.exec(start) ?? []
  let best: (FoundHead & { readonly known: number }) | undefined
  let likely: (FoundHead & { readonly score: number }) | undefined
  for (const delimiter of said === undefined ? separators : [said, ...separators]) {
    const { lines } = firstLines(start, delimiter, headWithin, whole)
    const line = lines.find(({ cells }) => cells.some((cell) => meaningOf(cell) === 'userId'))
    if (line !== undefined) {
      const known = line.cells.filter((cell) => typeof meaningOf(cell) === 'string').length
      if (best === undefined || known > best.known) best = { delimiter, line, known }
    }
    const guess = likelyHead(lines, meaningOf)
    if (guess !== undefined && guess.score > (likely?.score ?? 0)) likely = { delimiter, ...guess }
  }
  return best ?? likely
}

/** The line that looks most like the names of columns: short texts, each another, over lines that are as wide. */
function likelyHead(
  lines: readonly CsvLine[],
  meaningOf: (name: string) => Meaning,
): { readonly line: CsvLine; readonly score: number } | undefined {
  let best: { readonly line: CsvLine; readonly score: number } | undefined
  for (const [at, line] of lines.entries()) {
    const names = line.cells.map((cell) => trimmed(cell)).filter((cell) => cell !== '')
    if (names.length < 2 || new Set(names).size < names.length) continue
    const values = names.filter(
      (name) => name.includes('@') || name.length > 60 || /^[\d\s().,+/:-]+$/.test(name),
    )
    const known = names.filter((name) => typeof meaningOf(name) === 'string').length
    const below = lines[at + 1]
    const narrow = below === undefined || below.cells.length < names.length
    const score = names.length + 2 * known - 3 * values.length - (narrow ? names.length / 2 : 0)
    if (score > (best?.score ?? 0)) best = { line, score }
  }
  return best
}

/** Takes a file apart; refuses, in words, what is no file of users. */
export async function readSheetFile({ name, bytes }: OpenedFile, reader: Reader): Promise<SheetFile> {
  const { pause, signal, onProgress, meaningOf = fieldNamed } = reader
  if (isWorkbook(bytes)) return workbookFile(name, bytes, reader)
  const refuse = (what: string, next: string) => new Refusal('file', `${name} ${what}.`, { next })
  const other = otherKind(bytes)
  if (other !== undefined) throw refuse(`is ${other.what}`, other.next)
  const marked = unicodeOf(bytes)
  if (typeof marked === 'object') throw refuse(`is ${marked.what}`, marked.next)
  const text = await fileText(bytes, marked, pause)
  const { start, whole } = firstOf(piecesOf(text))
  const found = findHead(start, whole, meaningOf)
  if (found === undefined) {
    const { lines, refusal } = firstLines(start, ',', 1, whole)
    throw lines.length === 0 && refusal ? refusal : noHead(name, lines[0], 'first line')
  }
  // In characters, of which there are as many as bytes in most files.
  const of = text.as.startsWith('utf-16') ? bytes.length / 2 : bytes.length
  const parsed = async (escapes: boolean): Promise<Parsed> => {
    const all: CsvLine[] = []
    const onLines = (some: readonly CsvLine[], done: number) => {
      for (const line of some) all.push(line)
      onProgress(done, of)
    }
    try {
      const { ended } = await parseCsv(piecesOf(text), {
        delimiter: found.delimiter,
        escapes,
        pause,
        signal,
        onLines,
      })
      return { all, ended }
    } catch (error) {
      if (error instanceof Refusal) return { all, ended: false, refusal: error }
      throw error
    }
  }
  const plain = await parsed(false)
  const width = found.line.cells.length
  const wrong = plain.all.filter((line) => isEscaped(line, width)).length
  const { all, ended, refusal } = wrong === 0 ? plain : likelier(plain, await parsed(true), width)
  if (refusal !== undefined) throw refusal
  const table = {
    name,
    all,
    readings: readingsOf(text),
    guessed: text.as === 'bytes',
    ...(ended ? {} : { open: marked === undefined ? ('perhaps' as const) : ('surely' as const) }),
    notices: brokenWords(text),
  }
  return withColumns(table, namedColumns(found.line, meaningOf), pause)
}

interface Parsed {
  readonly all: readonly CsvLine[]
  /** The last line has an end. */
  readonly ended: boolean
  readonly refusal?: Refusal
}

/** Whether a line looks as if a backslash stood before a separator or quotation mark that parts no cells. */
const isEscaped = ({ cells, problem }: CsvLine, width: number): boolean =>
  (problem !== undefined || cells.length !== width) && cells.some((cell) => cell.includes('\\'))

const escapedWords =
  'A backslash stands before a separator or a quotation mark, so it is not clear which of the cells is which. Put texts with either into quotation marks, and write a quotation mark within them twice.'

/**
 * A file with backslashes, taken apart in both ways: the way in which more of the lines in question are as wide as their
 * names. Where that is neither for most of them, each is a problem.
 */
function likelier(plain: Parsed, escaped: Parsed, width: number): Parsed {
  const fits = ({ all }: Parsed) =>
    all.filter(({ cells, problem }) => problem === undefined && cells.length === width).length
  const questionable = plain.all.filter((line) => isEscaped(line, width)).length
  const mended = fits(escaped) - fits(plain)
  // Backslashes that part nothing say that here they stand for themselves.
  const others =
    plain.all.filter(({ cells }) => cells.some((cell) => cell.includes('\\'))).length - questionable
  const isMeant = 2 * mended > questionable && mended > others
  if (escaped.refusal === undefined && (plain.refusal !== undefined || isMeant)) return escaped
  const all = plain.all.map((line) =>
    isEscaped(line, width) ? { ...line, problem: line.problem ?? escapedWords } : line,
  )
  return { ...plain, all }
}

/** The first piece of a text, and whether it is the whole. */
function firstOf(pieces: Iterator<string>): { readonly start: string; readonly whole: boolean } {
  const first = pieces.next()
  return { start: first.done ? '' : first.value, whole: first.done || pieces.next().done === true }
}

const isHead = ({ cells }: CsvLine, meaningOf: (name: string) => Meaning) =>
  cells.some((cell) => meaningOf(cell) === 'userId')

async function workbookFile(name: string, bytes: Uint8Array, reader: Reader): Promise<SheetFile> {
  const { meaningOf = fieldNamed } = reader
  const book = await readWorkbook(bytes, (top) => top.some((line) => isHead(line, meaningOf)), reader)
  const { lines, name: sheet } = book
  if (lines.length === 0) {
    throw new Refusal('file', `${name}: The sheet “${short(sheet)}” is empty.`, {
      next: 'Check which file it is, or put the sheet with the users first.',
    })
  }
  const top = lines.slice(0, headWithin)
  const named = top.find((line) => isHead(line, meaningOf)) ?? likelyHead(top, meaningOf)?.line
  if (named === undefined) throw noHead(name, lines[0], `first line of the sheet “${short(sheet)}”`)
  const table = {
    name,
    all: lines,
    readings: [],
    guessed: false,
    notices: bookWords(book, named),
  }
  return withColumns(table, namedColumns(named, meaningOf), reader.pause)
}

/** What of a workbook does not meet the eye, or is left out. */
function bookWords(
  { name, hidden, hiddenColumns, unseen, withoutResult, others }: Sheet,
  { cells }: CsvLine,
): string[] {
  const columns = hiddenColumns.flatMap((at) => trimmed(cells[at] ?? '') || [])
  const quoted = (some: readonly string[]) => some.map((each) => `“${short(each)}”`).join(', ')
  const lines = (count: number) => (count === 1 ? 'One line' : `${count.toLocaleString('en')} lines`)
  return [
    ...(others.length === 0
      ? []
      : [
          `Only the sheet “${short(name)}” is read. ${quoted(others)} ${others.length === 1 ? 'names' : 'name'} users as well: import ${others.length === 1 ? 'it' : 'each'} as a file of its own.`,
        ]),
    ...(hidden === 0
      ? []
      : [
          `${lines(hidden)} that the spreadsheet hides or has filtered out ${hidden === 1 ? 'is' : 'are'} read as well.`,
        ]),
    ...(columns.length === 0
      ? []
      : [
          `${columns.length === 1 ? 'The column' : 'The columns'} ${quoted(columns)}, which the spreadsheet hides, ${columns.length === 1 ? 'is' : 'are'} read as well.`,
        ]),
    ...(unseen === 0
      ? []
      : [
          `${unseen === 1 ? 'One cell that has a format which shows nothing of it is' : `${unseen.toLocaleString('en')} cells that have a format which shows nothing of them are`} read as well.`,
        ]),
    ...(withoutResult === 0
      ? []
      : [
          `${withoutResult === 1 ? 'One cell is a formula' : `${withoutResult.toLocaleString('en')} cells are formulas`} without a result in the file, and changes nothing. Open and save the workbook in the spreadsheet to have the results.`,
        ]),
  ]
}

const noHead = (name: string, first: CsvLine | undefined, where: string) =>
  new Refusal(
    'file',
    `${name}: No column is called “User ID”. The ${where} is “${short(first?.cells.join(', ') ?? '', 200)}”.`,
    { next: 'One of the first lines must name the columns, as an export from here does.' },
  )

const namedColumns = ({ number, cells }: CsvLine, meaningOf: (name: string) => Meaning): Columns => ({
  line: number,
  paths: cells.map((cell) => meaningOf(cell.replace(/^\ufeff/, '').trim())),
})

/** What columns make of the lines below and above their names. */
export async function withColumns(table: Table, columns: Columns, pause: Pause): Promise<SheetFile> {
  const { name, all, readings, guessed, open, notices } = table
  const at = all.findIndex(({ number }) => number === columns.line)
  const named = all[at] ?? { number: columns.line, cells: [] }
  const ofTable = { name, all, readings, guessed, notices, ...(open === undefined ? {} : { open }) }
  const sheet = { ...ofTable, columns, lines: [], remarks: [] }
  const head = readHead(named.cells, (_, column) => columns.paths[column])
  if ('problem' in head) return { ...sheet, why: whyNoHead(head.problem, all[0], named) }
  const remarks = [...head.remarks]
  const titles = all
    .slice(0, at)
    .filter(({ cells }) => !/^"?sep=/i.test(cells[0]?.replace(/^\ufeff/, '') ?? ''))
  if (titles.length > 0) {
    const what = short(titles[0]?.cells.filter((cell) => cell.trim() !== '').join(', ') ?? '')
    remarks.push(
      `What stands above the names of the columns, in line ${named.number}, is passed over: “${what}”.`,
    )
  }
  const lines = await linesBelow(all, at, head, remarks, pause)
  const last = lines.at(-1)
  if (open !== undefined && last !== undefined && last === all.at(-1) && last.problem === undefined) {
    const problem = 'The file ends within this line, as if it had been cut off. Export it again.'
    lines[lines.length - 1] = last.cells.length < head.width ? { ...last, problem } : { ...last, cut: open }
  }
  return { ...sheet, head, lines, remarks }
}

/**
 * The lines below the names of the columns. The same names again are passed over. Where other ones follow, everything below
 * is about something else.
 */
async function linesBelow(
  all: readonly CsvLine[],
  at: number,
  { userId }: SheetHead,
  remarks: string[],
  pause: Pause,
): Promise<CsvLine[]> {
  const names = all[at]?.cells ?? []
  const again = names.join('\n')
  const own = trimmed(names[userId] ?? '').toLowerCase()
  const lines: CsvLine[] = []
  let repeated = false
  let problem: string | undefined
  for (let below = at + 1; below < all.length; below++) {
    const line = all[below] as CsvLine
    const { number, cells } = line
    const id = cells[userId] ?? ''
    if (pause.due()) await pause.wait()
    if (cells.length === names.length && cells[0] === names[0] && cells.join('\n') === again) {
      if (!repeated) remarks.push(`Line ${number} names the columns again and is passed over.`)
      repeated = true
    } else if (problem !== undefined) lines.push({ ...line, problem })
    else if (!id.includes('@') && isNameOfId(trimmed(id), own)) {
      remarks.push(`Line ${number} names other columns, as if two files stood one behind the other.`)
      problem = `It stands below line ${number}, which names other columns. Import that part as a file of its own.`
    } else lines.push(line)
  }
  return lines
}

const isNameOfId = (cell: string, own: string) =>
  cell !== '' && (cell.toLowerCase() === own || fieldNamed(cell) === 'userId')

/** Quotes the file: a person knows it by its first line. */
function whyNoHead(problem: string, first: CsvLine | undefined, named: CsvLine): string {
  const line = (of: CsvLine | undefined) => short(of?.cells.join(', ').replace(/^\ufeff/, '') ?? '', 200)
  const begins = `The first line is “${line(first)}”`
  return first?.number === named.number
    ? `${problem} ${begins}.`
    : `${problem} ${begins}; line ${named.number} looks like the names of the columns: “${line(named)}”.`
}

const brokenWords = ({ broken }: FileText): string[] =>
  broken === 0
    ? []
    : [
        `${broken === 1 ? 'One place' : `${broken.toLocaleString('en')} places`} in the file cannot be read as UTF-8; only the cells there are in doubt.`,
      ]

/** Enough lines to tell one code page from another. */
const mostSamples = 3_000
/** And to tell whether what is UTF-8 was made so twice. */
const mostOfUnicode = 300
const beyondAscii = /[^\0-\x7f]/

/** Users that are read with one statement. */
const portion = 64

/** The lines with letters beyond ASCII, each with its user as far as its id says so. */
async function* linesWithLetters(
  lines: readonly CsvLine[],
  head: SheetHead | undefined,
  rowsNamed: (userIds: readonly string[]) => readonly UserRow[],
  pause: Pause,
): AsyncGenerator<readonly [CsvLine, UserRow | undefined]> {
  let some: CsvLine[] = []
  for (const [at, line] of lines.entries()) {
    if (pause.due()) await pause.wait()
    if (line.problem === undefined && line.cells.some((cell) => beyondAscii.test(cell))) some.push(line)
    if (some.length < portion && at < lines.length - 1) continue
    const ids = some.map(({ cells }) => (head === undefined ? '' : idText(cells[head.userId] ?? '')))
    const rows = new Map(rowsNamed(ids).map((row) => [row.key.userId, row]))
    for (const [at, each] of some.entries()) yield [each, rows.get(ids[at] ?? '')]
    some = []
  }
}

/** The reading of the file under which most cells are what the users have. */
export async function likeliestReading(
  { head, all, lines, readings, guessed }: SheetFile,
  rowsNamed: (userIds: readonly string[]) => readonly UserRow[],
  pause: Pause,
): Promise<FoundReading> {
  if (readings.length === 0) return { reading: asIs, rivals: [], confirmed: true }
  const most = guessed ? mostSamples : mostOfUnicode
  const samples: Sample[] = []
  for await (const [line, row] of linesWithLetters(head ? lines : all, head, rowsNamed, pause)) {
    if (samples.length >= most) break
    const columns: readonly { at: number; path?: FieldPath }[] =
      head?.columns ?? line.cells.map((_, at) => ({ at }))
    for (const { at, path } of columns) {
      const cell = line.cells[at] ?? ''
      if (!beyondAscii.test(cell)) continue
      const had = row && path && fieldValue(savedOf(row), path)
      samples.push({ cell, had: path === undefined || had === undefined ? undefined : cellText(path, had) })
    }
  }
  return likeliest(readings, samples)
}

/**
 * Bytes that stand, wherever the rest of a cell is what its user has, for another letter than the reading takes them for.
 * Where most of a cell is another letter a person may have written another name: that takes a second cell that says the same.
 */
async function deniedLetters(
  { head, lines }: SheetFile,
  { reading }: FoundReading,
  rowsNamed: (userIds: readonly string[]) => readonly UserRow[],
  pause: Pause,
): Promise<ReadonlyMap<string, string>> {
  const denied = new Map<string, string>()
  const said = new Set<string>()
  const affirmed = new Set<string>()
  for await (const [line, row] of linesWithLetters(head ? lines : [], head, rowsNamed, pause)) {
    for (const { at, path } of row === undefined ? [] : (head?.columns ?? [])) {
      const raw = line.cells[at] ?? ''
      const value = row && beyondAscii.test(raw) ? fieldValue(savedOf(row), path) : undefined
      const had = value === undefined ? '' : cellText(path, value).normalize('NFC')
      if (had.length !== raw.length) continue
      const text = reading.read(raw)
      const others = [...raw].flatMap((byte, place) =>
        text.charAt(place) === had.charAt(place) ? [] : [[byte, had.charAt(place)] as const],
      )
      if (others.some(([byte]) => !beyondAscii.test(byte))) continue
      const another = 2 * others.length > raw.length
      for (const [byte, letter] of others) {
        if (!another || said.has(byte + letter)) denied.set(byte, letter)
      }
      for (const [byte, letter] of others) said.add(byte + letter)
      for (let place = 0; place < raw.length; place++) {
        if (text.charAt(place) === had.charAt(place)) affirmed.add(raw.charAt(place))
      }
    }
  }
  for (const byte of affirmed) denied.delete(byte)
  return denied
}

/**
 * What a cell may say just as well: another text under a reading that explains the users as well as the found one, and
 * that looks no odder. What no user confirms is in doubt wherever two readings differ, and a letter that the users deny
 * is so wherever it stands: there are more code pages than are known here.
 */
export async function doubtIn(
  sheet: SheetFile,
  found: FoundReading,
  rowsNamed: (userIds: readonly string[]) => readonly UserRow[],
  pause: Pause,
): Promise<(item: number, at: number, text: string) => readonly string[]> {
  const { lines, guessed } = sheet
  const { rivals, confirmed, chosen } = found
  if (!guessed || chosen) return () => []
  const denied = await deniedLetters(sheet, found, rowsNamed, pause)
  return (item, at, text) => {
    const raw = lines[item]?.cells[at] ?? ''
    if (!beyondAscii.test(raw)) return []
    const others = rivals
      .map((rival) => rival.read(raw))
      .filter((other) => other !== text && (!confirmed || oddity(other) <= oddity(text)))
    const meant = [...raw].map((byte) => denied.get(byte) ?? found.reading.read(byte)).join('')
    return [...new Set(meant === text ? others : [meant, ...others])]
  }
}

/** Lines that tell whether a column names users. */
const mostTried = 200

/** The column that names users who are loaded here, if one does. */
export async function likelyUserId(
  { all, columns }: SheetFile,
  userIds: Iterable<readonly string[]>,
  pause: Pause,
): Promise<number | undefined> {
  const named = new Map<number, number>()
  const from = all.findIndex(({ number }) => number === columns.line) + 1
  const tried = all.slice(from, from + mostTried).map(({ cells }) => cells.map(idText))
  const texts = new Set(tried.flat().filter((id) => id !== '' && isUsableId('userId', id)))
  const whoIs = await usersNamed(texts, userIds, pause)
  for (const cells of tried) {
    for (const [at, id] of cells.entries()) {
      if (!texts.has(id)) continue
      const who = whoIs(id)
      if (who !== undefined && 'userId' in who) named.set(at, (named.get(at) ?? 0) + 1)
    }
  }
  return [...named].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** What the lines of a file say under a reading. */
export async function readLines(
  { lines }: Pick<SheetFile, 'lines'>,
  reading: Reading,
  pause: Pause,
): Promise<readonly CsvLine[]> {
  if (reading === asIs) return lines
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
