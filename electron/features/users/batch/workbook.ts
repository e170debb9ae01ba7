import { SaxesParser } from 'saxes'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { longestCell } from '../../../../shared/user/sheet'
import { Refusal } from '../../../ipc/refusal'
import type { Pause } from '../../../platform/pause'
import type { CsvLine } from './csv'

/** What a workbook of any directory stays under, and a file that is made to fill the memory does not. */
const limits = { entries: 2_000, bytes: 600_000_000, ratio: 400, ratioFrom: 20_000_000, cells: 2_000 }

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
}

interface Work {
  readonly pause: Pause
  readonly signal: AbortSignal
}

/**
 * The first sheet of a workbook that a test accepts, or else the first; the names of all. Formulas are not evaluated:
 * a cell is what the spreadsheet last showed.
 * @throws Refusal when the workbook is damaged, or unpacks to more than any list of users
 */
export async function readWorkbook(
  bytes: Uint8Array,
  accepts: (sheet: Sheet) => boolean,
  work: Work,
): Promise<Sheet> {
  const parts = await unzipped(bytes)
  const read = async (name: string, each: Listener) => {
    const entry = parts.entries.get(name)
    if (entry !== undefined) await parse(parts.zip, entry, each, work)
  }
  const targets = new Map<string, string>()
  await read('xl/_rels/workbook.xml.rels', {
    open(name, at) {
      if (name === 'Relationship') targets.set(at('Id'), at('Target'))
    },
  })
  const sheets: { name: string; part: string }[] = []
  await read('xl/workbook.xml', {
    open(name, at) {
      if (name !== 'sheet') return
      const target = targets.get(at('id')) ?? ''
      sheets.push({ name: at('name'), part: target.startsWith('/') ? target.slice(1) : `xl/${target}` })
    },
  })
  const texts = await sharedTexts(read)
  const looks = await looksOf(read)
  let first: Sheet | undefined
  for (const { name, part } of sheets) {
    if (!parts.entries.has(part)) continue
    const sheet = { name, lines: await linesOf(part, texts, looks, read) }
    if (accepts(sheet)) return sheet
    first ??= sheet
  }
  if (first === undefined) throw damaged()
  return first
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
      entries.set(entry.fileName, entry)
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
  const decoder = new TextDecoder('utf-8')
  let done = 0
  try {
    // The reader stops by itself when there is more than the list of the parts says.
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      const some = piece as Buffer
      done += some.length
      parser.write(decoder.decode(some, { stream: true }))
      if (signal.aborted) return
      if (pause.due()) await pause.wait()
    }
    parser.write(decoder.decode()).close()
  } catch (error) {
    throw error instanceof Refusal ? error : damaged()
  }
  if (done !== entry.uncompressedSize) throw damaged()
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

async function sharedTexts(read: ReadPart): Promise<readonly string[]> {
  const texts: string[] = []
  const reader = textReader()
  await read('xl/sharedStrings.xml', {
    open(name) {
      if (name === 'si') reader.start()
      reader.open(name)
    },
    text: reader.text,
    close(name) {
      reader.close(name)
      if (name === 'si') texts.push(reader.whole)
    },
  })
  return texts
}

type Look = 'plain' | 'day' | 'percent'

/** How a number is shown, by the style of its cell. */
async function looksOf(read: ReadPart): Promise<readonly Look[]> {
  const own = new Map<string, string>()
  const looks: Look[] = []
  let within = false
  await read('xl/styles.xml', {
    open(name, at) {
      if (name === 'numFmt') own.set(at('numFmtId'), at('formatCode'))
      else if (name === 'cellXfs') within = true
      else if (name === 'xf' && within) looks.push(lookOf(at('numFmtId'), own.get(at('numFmtId'))))
    },
    close(name) {
      if (name === 'cellXfs') within = false
    },
  })
  return looks
}

function lookOf(id: string, code: string | undefined): Look {
  if (code !== undefined) {
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

const two = (value: number) => String(value).padStart(2, '0')

/** A day is a number of days in a workbook. */
function shown(value: string, look: Look): string {
  const number = Number(value)
  if (look === 'plain' || value === '' || !Number.isFinite(number)) return value
  if (look === 'percent') return `${Number((number * 100).toPrecision(15))}%`
  if (number < 0 || number > 2_958_466) return value
  const at = new Date(Math.round((number - 25_569) * 86_400) * 1000)
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

async function linesOf(
  part: string,
  texts: readonly string[],
  looks: readonly Look[],
  read: ReadPart,
): Promise<readonly CsvLine[]> {
  const lines: CsvLine[] = []
  const reader = textReader()
  let cells: string[] = []
  let number = 0
  let place = -1
  let cell = { type: '', look: 'plain' as Look }
  let value = ''
  let within = false
  await read(part, {
    open(name, at) {
      if (name === 'row') {
        number = Number(at('r')) || number + 1
        cells = []
        place = -1
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
        cell = { type: at('t'), look: looks[Number(at('s') || 0)] ?? 'plain' }
        value = ''
        reader.start()
      } else if (name === 'v') within = true
      else reader.open(name)
    },
    text(piece) {
      if (within) value += piece
      else reader.text(piece)
    },
    close(name) {
      if (name === 'v') within = false
      else if (name === 'c') {
        while (cells.length < place) cells.push('')
        cells[place] =
          cell.type === 's'
            ? (texts[Number(value)] ?? '')
            : cell.type === 'inlineStr'
              ? reader.whole
              : cell.type === 'str'
                ? unescaped(value)
                : cell.type === 'b'
                  ? value === '1'
                    ? 'TRUE'
                    : 'FALSE'
                  : cell.type === 'e'
                    ? value
                    : shown(value, cell.look)
      } else if (name === 'row') {
        if (cells.some((each) => each.trim() !== '')) lines.push({ number, cells })
      } else reader.close(name)
    },
  })
  return lines
}
