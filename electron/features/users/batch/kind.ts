/** What a file is that is no CSV, and what to do with it. */
export interface OtherKind {
  readonly what: string
  readonly next: string
}

const looked = 65_536
const asCsv = 'save it as “CSV UTF-8” and import that.'
const fromSheet = (program: string) => `Open it in ${program} and ${asCsv}`

const begins = (bytes: Uint8Array, ...start: readonly number[]) =>
  start.every((byte, at) => bytes[at] === byte)

function ascii(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** The beginning and the end: a zip file names what it holds at both. */
const ends = (bytes: Uint8Array) =>
  ascii(bytes.subarray(0, looked)) + ascii(bytes.subarray(Math.max(looked, bytes.length - looked)))

const zipStart = [0x50, 0x4b, 0x03, 0x04] as const

/** Whether a file is an Excel workbook (.xlsx), which can be read. */
export function isWorkbook(bytes: Uint8Array): boolean {
  if (!begins(bytes, ...zipStart)) return false
  const names = ends(bytes)
  return /xl[/\\](?!workbook\.bin)/i.test(names) && !names.includes('xl/workbook.bin')
}

function zipped(bytes: Uint8Array): OtherKind {
  const names = ends(bytes)
  if (names.includes('xl/workbook.bin')) {
    return { what: 'a binary Excel workbook (.xlsb)', next: fromSheet('Excel') }
  }
  if (names.includes('opendocument.spreadsheet')) {
    return { what: 'an OpenDocument spreadsheet (.ods)', next: fromSheet('LibreOffice') }
  }
  if (names.includes('.iwa') || names.includes('Index.zip')) {
    return {
      what: 'an Apple Numbers or Pages document',
      next: 'Open it in Numbers, export it as CSV in Unicode (UTF-8), and import that.',
    }
  }
  if (names.includes('word/'))
    return { what: 'a Word document', next: `Copy the table into a spreadsheet, ${asCsv}` }
  return { what: 'a zip file', next: 'Unpack it and import the CSV file in it.' }
}

const packed = { what: 'a compressed file', next: 'Unpack it and import the CSV file in it.' }
const picture = { what: 'a picture', next: 'Import the CSV file that the picture shows.' }

const starts: readonly (readonly [readonly number[], OtherKind])[] = [
  [
    [0x25, 0x50, 0x44, 0x46],
    { what: 'a PDF', next: `Export the table from the program that made it: ${asCsv}` },
  ],
  [[0x89, 0x50, 0x4e, 0x47], picture],
  [[0xff, 0xd8, 0xff], picture],
  [[0x47, 0x49, 0x46, 0x38], picture],
  [[0x49, 0x49, 0x2a, 0x00], picture],
  [[0x4d, 0x4d, 0x00, 0x2a], picture],
  [[0x1f, 0x8b], packed],
  [[0x37, 0x7a, 0xbc, 0xaf], packed],
  [[0x52, 0x61, 0x72, 0x21], packed],
  [[0x42, 0x5a, 0x68, 0x39], packed],
  [[0xfd, 0x37, 0x7a, 0x58], packed],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20], { what: 'a database', next: `Export the table: ${asCsv}` }],
  [
    [0x7b, 0x5c, 0x72, 0x74, 0x66],
    { what: 'a Rich Text document', next: `Copy the table into a spreadsheet, ${asCsv}` },
  ],
  [[0xff, 0xfe, 0x00, 0x00], { what: 'text in UTF-32', next: `Open it in an editor and ${asCsv}` }],
  [[0x00, 0x00, 0xfe, 0xff], { what: 'text in UTF-32', next: `Open it in an editor and ${asCsv}` }],
]

/** What a file is by its first bytes, if it cannot be a file of lines and cells. */
export function otherKind(bytes: Uint8Array): OtherKind | undefined {
  if (bytes.length === 0) return { what: 'empty', next: 'Export it again.' }
  if (begins(bytes, ...zipStart) || begins(bytes, 0x50, 0x4b, 0x05, 0x06)) return zipped(bytes)
  if (begins(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    return ends(bytes).includes('E\0n\0c\0r\0y\0p\0t')
      ? { what: 'a workbook with a password', next: fromSheet('Excel') }
      : { what: 'an old Excel workbook (.xls)', next: fromSheet('Excel') }
  }
  for (const [start, kind] of starts) if (begins(bytes, ...start)) return kind
  const start = ascii(bytes.subarray(0, 1024))
  if (/^RIFF....WEBP/s.test(start) || /^....ftyp(?:heic|heix|mif1|avif)/s.test(start)) return picture
  const text = start
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .trimStart()
  if (/^(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body|table|meta|style|div)\b/is.test(text)) {
    return { what: 'a web page (HTML)', next: `If the table is in it, open it in a spreadsheet and ${asCsv}` }
  }
  if (/^<\?xml/i.test(text)) {
    return /mso-application|urn:schemas-microsoft-com:office:spreadsheet/i.test(text)
      ? { what: 'an Excel workbook as XML', next: fromSheet('Excel') }
      : { what: 'XML', next: `Export the table again: ${asCsv}` }
  }
  if (/^(?:\{\s*"|\[\s*[{["])/.test(text)) return { what: 'JSON', next: `Export the table again: ${asCsv}` }
  return undefined
}

export type Unicode = 'utf-8' | 'utf-16le' | 'utf-16be'

/**
 * How the letters of a file are written, by its mark or, without one, by its zeros: in UTF-16 half of the bytes of a header
 * are. Undefined when only trying tells.
 */
export function unicodeOf(bytes: Uint8Array): Unicode | OtherKind | undefined {
  if (begins(bytes, 0xff, 0xfe)) return 'utf-16le'
  if (begins(bytes, 0xfe, 0xff)) return 'utf-16be'
  if (begins(bytes, 0xef, 0xbb, 0xbf)) return 'utf-8'
  // A Buffer looks for it many times faster.
  const first = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(0)
  if (first === -1) return undefined
  const start = bytes.subarray(0, 2048)
  const zeros = [0, 0, 0, 0]
  for (const [at, byte] of start.entries()) if (byte === 0) zeros[at % 4] = (zeros[at % 4] as number) + 1
  const [a = 0, b = 0, c = 0, d = 0] = zeros.map((count) => count / (start.length / 4))
  if ((a > 0.9 && b > 0.9 && c > 0.9 && d < 0.5) || (b > 0.9 && c > 0.9 && d > 0.9 && a < 0.5)) {
    return { what: 'text in UTF-32', next: `Open it in an editor and ${asCsv}` }
  }
  if (b + d > 0.8 && a + c < 0.1) return 'utf-16le'
  if (a + c > 0.8 && b + d < 0.1) return 'utf-16be'
  return {
    what: `no text: it has zero bytes (U+0000), the first at byte ${(first + 1).toLocaleString('en')}`,
    next: 'It may be damaged or only partly copied. Export it again.',
  }
}
