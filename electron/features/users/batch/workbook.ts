import { SaxesParser } from 'saxes'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { longestCell } from '../../../../shared/user/sheet'
import { Refusal } from '../../../ipc/refusal'
import type { Pause } from '../../../platform/pause'
import { type CsvLine, cellCounter, mostLines } from './csv'

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
  /** How many lines it does not show. */
  readonly hidden: number
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
  try {
    // The reader stops by itself when there is more than the list of the parts says.
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      const some = piece as Buffer
      done += some.length
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

/** How a number is shown, by the style of its cell. */
async function looksOf(part: string, from1904: boolean, read: ReadPart): Promise<readonly Look[]> {
  const own = new Map<string, string>()
  const looks: Look[] = []
  let within = false
  await read(part, {
    open(name, at) {
      if (name === 'numFmt') own.set(at('numFmtId'), at('formatCode'))
      else if (name === 'cellXfs') within = true
      else if (name === 'xf' && within) {
        const look = lookOf(at('numFmtId'), own.get(at('numFmtId')))
        looks.push(look === 'day' && from1904 ? 'day from 1904' : look)
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

async function linesOf(
  part: string,
  texts: readonly string[],
  looks: readonly Look[],
  read: ReadPart,
  most = Number.POSITIVE_INFINITY,
): Promise<Pick<Sheet, 'lines' | 'hidden' | 'withoutResult'>> {
  const lines: CsvLine[] = []
  let hidden = 0
  let withoutResult = 0
  let unseen = false
  const count = cellCounter()
  let formula = false
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
        unseen = /^(?:1|true)$/i.test(at('hidden'))
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
        formula = false
        reader.start()
      } else if (name === 'v') within = true
      else if (name === 'f') formula = true
      else reader.open(name)
    },
    text(piece) {
      if (within) value += value.length <= longestCell ? piece : ''
      else reader.text(piece)
    },
    close(name) {
      if (name === 'v') within = false
      else if (name === 'c') {
        while (cells.length < place) cells.push('')
        if (formula && value === '' && cell.type !== 'str') withoutResult++
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
                    : cell.type === 'd'
                      ? value.replace(/T00:00:00(?:\.0+)?Z?$/, '')
                      : shown(value, cell.look)
      } else if (name === 'row') {
        if (cells.every((each) => each.trim() === '')) return
        if (lines.length >= mostLines) {
          throw new Refusal('file', `The sheet has more than ${mostLines.toLocaleString('en')} lines.`, {
            next: 'Cut it into several files, each with the first line.',
          })
        }
        count(cells.length)
        lines.push({ number, cells })
        if (unseen) hidden++
      } else reader.close(name)
    },
    done: () => lines.length >= most,
  })
  return { lines, hidden, withoutResult }
}
