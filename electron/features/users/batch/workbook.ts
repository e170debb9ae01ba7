import { crc32 } from 'node:zlib'
import { SaxesParser } from 'saxes'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { longestCell } from '../../../../shared/user/sheet'
import { Refusal } from '../../../ipc/refusal'
import type { Pause } from '../../../platform/pause'
import { type CsvLine, cellCounter } from './csv'

/** What a workbook of any directory stays under, and a file that is made to fill the memory does not. */
const limits = { entries: 2_000, bytes: 600_000_000, ratio: 400, ratioFrom: 20_000_000, cells: 2_000 }

/** No spreadsheet has more rows than this, so a file with more of them was made by something else. */
const mostRows = 1_048_576

const bomb = (why: string) =>
  new Refusal('file', `The workbook ${why}, so it is not opened.`, {
    next: 'Save it anew in the spreadsheet, or save it as “CSV UTF-8”.',
  })
const damaged = () =>
  new Refusal('file', 'The workbook is damaged: it cannot be unpacked.', {
    next: 'Open it in the spreadsheet, save it anew and import that.',
  })

/** A sheet of a workbook, with its lines numbered as the spreadsheet numbers them. */
export interface Sheet {
  readonly name: string
  readonly lines: readonly CsvLine[]
  /** How many lines it does not show. */
  readonly hidden: number
  /** Where columns stand that it does not show. */
  readonly hiddenColumns: readonly number[]
  /** How many cells have a format that shows nothing of them. */
  readonly unseen: number
  /** How many cells are formulas of which the file has no result. */
  readonly withoutResult: number
  /** Names of other sheets that would have been accepted, too. */
  readonly others: readonly string[]
}

/** So many lines tell whether a sheet is the one that is looked for. */
const toTell = 20

interface Work {
  readonly pause: Pause
  readonly signal: AbortSignal
}

/**
 * The first sheet of a workbook that a test accepts by its first lines, or else the first. A hidden sheet is none. Formulas are not evaluated:
 * a cell is what the spreadsheet last showed.
 * @throws Refusal when the workbook is damaged, or unpacks to more than any list of users
 */
export async function readWorkbook(
  bytes: Uint8Array,
  accepts: (top: readonly CsvLine[]) => boolean,
  work: Work,
): Promise<Sheet> {
  const parts = await unzipped(bytes)
  const read = async (name: string, each: Listener) => {
    const entry = parts.entries.get(name.toLowerCase())
    if (entry !== undefined) await parse(parts.zip, entry, each, work)
  }
  const [main = 'xl/workbook.xml'] = [...(await partsNamed('', read)).values()].flatMap(({ type, part }) =>
    type === 'officeDocument' ? [part] : [],
  )
  const named = await partsNamed(main, read)
  const partOf = (type: string) => [...named.values()].find((each) => each.type === type)?.part
  const sheets: { name: string; part: string; hidden: boolean }[] = []
  let from1904 = false
  await read(main, {
    open(name, at) {
      if (name === 'workbookPr') from1904 = /^(?:1|true)$/i.test(at('date1904'))
      if (name !== 'sheet') return
      const part = named.get(at('id'))?.part ?? ''
      sheets.push({ name: at('name'), part, hidden: /hidden/i.test(at('state')) })
    },
  })
  const texts = await sharedTexts(partOf('sharedStrings') ?? 'xl/sharedStrings.xml', read)
  const looks = await looksOf(partOf('styles') ?? 'xl/styles.xml', from1904, read)
  const shown = sheets.filter(({ part, hidden }) => !hidden && parts.entries.has(part.toLowerCase()))
  const accepted: typeof shown = []
  if (shown.length > 1) {
    for (const sheet of shown) {
      const { lines } = await linesOf(sheet.part, texts, looks, read, toTell)
      if (accepts(lines)) accepted.push(sheet)
    }
  }
  const [sheet = shown[0], ...others] = accepted
  if (sheet === undefined) throw damaged()
  const { name, part } = sheet
  return { name, ...(await linesOf(part, texts, looks, read)), others: others.map((other) => other.name) }
}

/** The parts that one part names, by how it calls them; `''` is the workbook as a whole. */
async function partsNamed(
  by: string,
  read: ReadPart,
): Promise<ReadonlyMap<string, { readonly type: string; readonly part: string }>> {
  const parts = new Map<string, { type: string; part: string }>()
  const folder = by.slice(0, by.lastIndexOf('/') + 1)
  await read(`${folder}_rels/${by.slice(folder.length)}.rels`, {
    open(name, at) {
      if (name !== 'Relationship') return
      const target = at('Target').replaceAll('\\', '/')
      const type = at('Type').slice(at('Type').lastIndexOf('/') + 1)
      const part = target.startsWith('/')
        ? target.slice(1)
        : `${folder}${target}`.replace(/[^/]+\/\.\.\//g, '')
      parts.set(at('Id'), { type, part: part.replaceAll('/./', '/') })
    },
  })
  return parts
}

// --- zip -------------------------------------------------------------------------------------------------------

async function unzipped(bytes: Uint8Array): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    if (zip.entryCount > limits.entries) throw bomb(`holds ${zip.entryCount.toLocaleString('en')} parts`)
    const entries = new Map<string, Entry>()
    let packed = 0
    let unpacked = 0
    for await (const entry of zip.eachEntry()) {
      packed += entry.compressedSize
      unpacked += entry.uncompressedSize
      // Readers of such files do not tell letter case apart, so some writers do not either.
      entries.set(entry.fileName.replaceAll('\\', '/').toLowerCase(), entry)
    }
    const most = `${(limits.bytes / 1e6).toLocaleString('en')} MB`
    if (unpacked > limits.bytes) throw bomb(`unpacks to more than ${most}`)
    if (unpacked > limits.ratioFrom && unpacked > packed * limits.ratio) {
      throw bomb(`unpacks to more than ${limits.ratio} times its size`)
    }
    return { zip, entries }
  } catch (error) {
    throw error instanceof Refusal ? error : damaged()
  }
}

// --- XML -------------------------------------------------------------------------------------------------------

interface Listener {
  /** Nothing more is wanted. */
  done?(): boolean
  open?(name: string, attribute: (name: string) => string): void
  text?(text: string): void
  close?(name: string): void
}

const bare = (name: string) => name.slice(name.indexOf(':') + 1)

async function parse(zip: ZipFile, entry: Entry, each: Listener, { pause, signal }: Work): Promise<void> {
  const parser = new SaxesParser()
  // What a type declaration may define is not looked at, so nothing can be made to grow.
  parser.on('opentag', ({ name, attributes }) => {
    each.open?.(bare(name), (wanted) => {
      for (const [key, value] of Object.entries(attributes)) if (bare(key) === wanted) return String(value)
      return ''
    })
  })
  parser.on('text', (text) => each.text?.(text))
  parser.on('cdata', (text) => each.text?.(text))
  parser.on('closetag', ({ name }) => each.close?.(bare(name)))
  parser.on('error', () => {
    throw damaged()
  })
  let decoder: InstanceType<typeof TextDecoder> | undefined
  let done = 0
  let sum = 0
  try {
    // The reader stops by itself when there is more than the list of the parts says.
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      const some = piece as Buffer
      done += some.length
      sum = crc32(some, sum)
      decoder ??= new TextDecoder(
        some[0] === 0xff && some[1] === 0xfe
          ? 'utf-16le'
          : some[0] === 0xfe && some[1] === 0xff
            ? 'utf-16be'
            : 'utf-8',
      )
      parser.write(decoder.decode(some, { stream: true }))
      if (signal.aborted || each.done?.()) return
      if (pause.due()) await pause.wait()
    }
    parser.write(decoder?.decode() ?? '').close()
  } catch (error) {
    throw error instanceof Refusal ? error : damaged()
  }
  if (done !== entry.uncompressedSize || sum !== entry.crc32) throw damaged()
}

type ReadPart = (name: string, each: Listener) => Promise<void>

/** Characters that XML cannot carry are written as `_x000D_`. */
const unescaped = (text: string) =>
  text.replace(/_x([0-9a-fA-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

/** Puts the texts of `t` together, without how they are read aloud. */
function textReader() {
  let text = ''
  let within = false
  let aloud = 0
  return {
    start() {
      text = ''
    },
    open(name: string) {
      if (name === 'rPh') aloud++
      else if (name === 't' && aloud === 0) within = true
    },
    text(piece: string) {
      if (within && text.length <= longestCell) text += piece
    },
    close(name: string) {
      if (name === 'rPh') aloud--
      else if (name === 't') within = false
    },
    get whole() {
      return unescaped(text)
    },
  }
}

async function sharedTexts(part: string, read: ReadPart): Promise<readonly string[]> {
  const texts: string[] = []
  const count = cellCounter()
  const reader = textReader()
  await read(part, {
    open(name) {
      if (name === 'si') reader.start()
      reader.open(name)
    },
    text: reader.text,
    close(name) {
      reader.close(name)
      if (name !== 'si') return
      count(1)
      texts.push(reader.whole)
    },
  })
  return texts
}

/** How a number is shown: as it is, as a day, as percent, or with so many digits and what stands around them. */
type Look =
  | 'plain'
  | 'day'
  | 'day from 1904'
  | 'percent'
  | { readonly digits: number; readonly before: string; readonly after: string }

/** How the cells of a style are shown. */
interface Style {
  readonly look: Look
  /** Numbers, and texts, that are there but not seen. */
  readonly hides: { readonly numbers: boolean; readonly texts: boolean }
}

/** A format has parts for what is above zero, below it, zero, and a text; a blank one shows nothing. */
function hidesOf(code: string): Style['hides'] {
  const parts = code
    .replace(/\\./g, 'x')
    .replace(/"([^"]*)"/g, (_, text: string) => text.replace(/;/g, 'x'))
    .split(';')
    .map((part) => part.replace(/\[[^\]]*\]|_./g, '').trim())
  return { numbers: parts.length > 1 && parts[0] === '', texts: parts.length === 4 && parts[3] === '' }
}

/** How a number is shown, by the style of its cell. */
async function looksOf(part: string, from1904: boolean, read: ReadPart): Promise<readonly Style[]> {
  const own = new Map<string, string>()
  const looks: Style[] = []
  let within = false
  await read(part, {
    open(name, at) {
      if (name === 'numFmt') own.set(at('numFmtId'), at('formatCode'))
      else if (name === 'cellXfs') within = true
      else if (name === 'xf' && within) {
        const code = own.get(at('numFmtId'))
        const look = lookOf(at('numFmtId'), code)
        looks.push({
          look: look === 'day' && from1904 ? 'day from 1904' : look,
          hides: hidesOf(code?.slice(0, 1000) ?? ''),
        })
      }
    },
    close(name) {
      if (name === 'cellXfs') within = false
    },
  })
  return looks
}

function lookOf(id: string, code: string | undefined): Look {
  if (code !== undefined) {
    const padded = code.length > 100 ? undefined : paddedLook(code)
    if (padded !== undefined) return padded
    const letters = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '')
    if (/[dmyhs]/i.test(letters) && !/general/i.test(letters)) return 'day'
    return letters.includes('%') ? 'percent' : 'plain'
  }
  const number = Number(id)
  if ((number >= 14 && number <= 22) || (number >= 27 && number <= 36) || (number >= 45 && number <= 47)) {
    return 'day'
  }
  return number === 9 || number === 10 ? 'percent' : 'plain'
}

/** A format that gives whole numbers their zeros, or a plus or another sign in front: `0000`, `"+"0`, `\\+#`. */
function paddedLook(code: string): Look | undefined {
  const literal = String.raw`(?:"[^"]*"|\\.|[-+() ])`
  const [, before, hashes = '', zeros = '', after = ''] =
    new RegExp(`^(${literal}*)(#*)(0*)(${literal}*)$`).exec(code.split(';')[0] ?? '') ?? []
  if (before === undefined || hashes + zeros === '') return undefined
  const said = (text: string) => text.replace(/"([^"]*)"|\\(.)/g, '$1$2')
  return { digits: zeros.length, before: said(before), after: said(after) }
}

const two = (value: number) => String(value).padStart(2, '0')

/** A day is a number of days in a workbook. */
function shown(value: string, look: Look): string {
  const number = Number(value)
  if (look === 'plain' || value === '' || !Number.isFinite(number)) return value
  if (typeof look === 'object') {
    return Number.isInteger(number) && number >= 0 && number < 1e15
      ? `${look.before}${String(number).padStart(look.digits, '0')}${look.after}`
      : value
  }
  if (look === 'percent') return `${Number((number * 100).toPrecision(15))}%`
  if (number < 0 || number > 2_958_466) return value
  const zero = look === 'day from 1904' ? 24_107 : 25_569
  const at = new Date(Math.round((number - zero) * 86_400) * 1000)
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
  const day = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`
  return number < 1 ? time : Number.isInteger(number) ? day : `${day} ${time}`
}

/** The place of a column by its letters; none when it has none. */
function placeOf(reference: string): number | undefined {
  let place = 0
  for (const letter of /^[A-Z]{1,3}/.exec(reference)?.[0] ?? '')
    place = place * 26 + letter.charCodeAt(0) - 64
  return place === 0 ? undefined : place - 1
}

const isOn = (text: string) => /^(?:1|true)$/i.test(text)

/** Whether a row or column is there but takes no room. */
const takesNoRoom = (at: (name: string) => string, size: string) =>
  isOn(at('hidden')) || (at(size) !== '' && Number(at(size)) === 0)

async function linesOf(
  part: string,
  texts: readonly string[],
  looks: readonly Style[],
  read: ReadPart,
  most = Number.POSITIVE_INFINITY,
): Promise<Pick<Sheet, 'lines' | 'hidden' | 'hiddenColumns' | 'unseen' | 'withoutResult'>> {
  const lines: CsvLine[] = []
  const hiddenColumns: number[] = []
  let hidden = 0
  let unseen = 0
  let withoutResult = 0
  let isHidden = false
  const count = cellCounter()
  let formula = false
  const reader = textReader()
  let cells: string[] = []
  /** The row in which a cell of this place was last read. */
  const filled = new Int32Array(limits.cells)
  let rows = 0
  let problem: string | undefined
  let number = 0
  let place = -1
  let cell: { type: string; style: Style | undefined } = { type: '', style: undefined }
  let value = ''
  let within = false

  const textAt = (index: string): string => {
    if (index === '') return ''
    const text = texts[Number(index)]
    problem ??=
      text === undefined
        ? 'The workbook does not have the text of one of its cells, as when it is damaged. Open and save it in the spreadsheet.'
        : undefined
    return text ?? ''
  }
  const readValue = ({ type, style }: typeof cell): string => {
    switch (type) {
      case 's':
        return textAt(value)
      case 'inlineStr':
        return reader.whole
      case 'str':
        return unescaped(value)
      case 'b':
        return value === '' ? '' : value === '1' || value === 'true' ? 'TRUE' : 'FALSE'
      case 'e':
        return value
      case 'd':
        return value.replace(/T00:00:00(?:\.0+)?Z?$/, '')
      default:
        return shown(value, style?.look ?? 'plain')
    }
  }
  const endCell = (): void => {
    while (cells.length < place) cells.push('')
    const { type, style } = cell
    if (formula && value === '' && type !== 'str') withoutResult++
    if (filled[place] === rows) {
      problem ??=
        'Two cells of the workbook stand in one place, so it is not clear which is meant. Open and save it in the spreadsheet.'
    }
    filled[place] = rows
    const text = readValue(cell)
    cells[place] = text
    const isText = type === 's' || type === 'inlineStr' || type === 'str'
    if (text !== '' && style?.hides[isText ? 'texts' : 'numbers']) unseen++
  }

  await read(part, {
    open(name, at) {
      if (name === 'row') {
        number = Number(at('r')) || number + 1
        rows++
        if (number > mostRows || rows > mostRows) {
          throw new Refusal('file', `The sheet has more than ${mostRows.toLocaleString('en')} lines.`, {
            next: 'Cut it into several files, each with the first line.',
          })
        }
        cells = []
        place = -1
        problem = undefined
        isHidden = takesNoRoom(at, 'ht')
      } else if (name === 'c') {
        place = placeOf(at('r')) ?? place + 1
        if (place >= limits.cells) {
          throw new Refusal(
            'file',
            `Line ${number} has more than ${limits.cells.toLocaleString('en')} cells.`,
            {
              next: 'That is no list of users. Check which file it is.',
            },
          )
        }
        cell = { type: at('t'), style: looks[Number(at('s') || 0)] }
        value = ''
        formula = false
        reader.start()
      } else if (name === 'v') within = true
      else if (name === 'f') formula = true
      else if (name === 'col') {
        if (!takesNoRoom(at, 'width')) return
        const last = Math.min(Number(at('max')), limits.cells)
        for (let column = Number(at('min')); column <= last; column++) hiddenColumns.push(column - 1)
      } else reader.open(name)
    },
    text(piece) {
      if (within) value += value.length <= longestCell ? piece : ''
      else reader.text(piece)
    },
    close(name) {
      if (name === 'v') within = false
      else if (name === 'c') endCell()
      else if (name === 'row') {
        if (problem === undefined && cells.every((each) => each.trim() === '')) return
        count(cells.length)
        lines.push(problem === undefined ? { number, cells } : { number, cells, problem })
        if (isHidden) hidden++
      } else reader.close(name)
    },
    done: () => lines.length >= most,
  })
  return { lines, hidden, hiddenColumns, unseen, withoutResult }
}
