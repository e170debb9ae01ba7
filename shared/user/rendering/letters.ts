import { plainDigits } from '../../query/fold'
import { codePages, decoded, decodedElsewhere, decodedWide, encoded, utf8 } from './codepages'

/** What has become of letters on their way through a program. */
export type LettersChanged =
  /** Nobody writes so on purpose. */
  | 'lost'
  | 'misread'
  | 'dressed'
  | 'escaped'
  /** A person may have meant it just as well. */
  | 'plain'
  | 'either'
  | undefined

const invisible =
  /(?:\p{Cf}|\p{Variation_Selector}|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0|\ufffc)+/gu
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]+/g
const apostrophes = /[‘’‚‛′‵ʹʼʻʽˈ´`＇]/g
const doubles = /[“”„‟″‶«»‹›〝〞〟＂]|''/g
/** One letter for a half or a quarter, behind a whole number. */
const beforeFraction = /(\d)(?=[¼½¾⅐-⅞])/g
const dashes = /[‐‑‒–—―−⁃﹘﹣－-]+/g
const asciiOnly = /^[ -~]*$/
/** Words of ASCII with single blanks between them, as most texts are: nothing of them is dress. */
const bareWords = /^[\w@.,:;()/+&!?#%=]+(?: [\w@.,:;()/+&!?#%=]+)*$/

/** Without characters that nobody sees. */
export const visible = (text: string): string =>
  asciiOnly.test(text) ? text : text.replace(invisible, '').replace(controls, '')

const atEnd = /\s|\p{Cf}|\p{Cc}|\u3164|\ufffc/u

/** Without characters that nobody sees, and blanks, at the ends. */
export const trimmed = (text: string): string => {
  if (asciiOnly.test(text)) return text.trim()
  let from = 0
  let to = text.length
  while (from < to && atEnd.test(text.charAt(from))) from++
  while (to > from && atEnd.test(text.charAt(to - 1))) to--
  return text.slice(from, to)
}

/**
 * A text without its dress: composed, one kind of quotation mark, apostrophe, dash, blank and digit, nothing invisible.
 * Word processors, the web and spreadsheets change these by themselves.
 */
export function undressed(text: string): string {
  if (bareWords.test(text)) return text
  const even = asciiOnly.test(text)
    ? text
    : plainDigits(visible(text.replace(doubles, '"').replace(beforeFraction, '$1 ').normalize('NFKC')))
  return even
    .replace(apostrophes, "'")
    .replace(doubles, '"')
    .replace(dashes, '-')
    .replace(/⁄/g, '/')
    .replace(/[\s\u0085]+/g, ' ')
    .trim()
}

/** The names that web pages have for the letters from U+00A0 on, and for some beyond. */
const namedLetters = (
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro ' +
  'para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil ' +
  'Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave ' +
  'Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml ' +
  'igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute ' +
  'thorn yuml'
).split(' ')
const entities: ReadonlyMap<string, string> = new Map([
  ...namedLetters.map((name, at) => [name, String.fromCharCode(0xa0 + at)] as const),
  ...Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    lsquo: '‘',
    rsquo: '’',
    sbquo: '‚',
    ldquo: '“',
    rdquo: '”',
    bdquo: '„',
    ndash: '–',
    mdash: '—',
    hellip: '…',
    euro: '€',
    OElig: 'Œ',
    oelig: 'œ',
    Scaron: 'Š',
    scaron: 'š',
  }),
])

function codePoint(digits: string, base: number): string {
  const code = Number.parseInt(digits, base)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

const withoutEntities = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]{1,6});/gi, (_, hex: string) => codePoint(hex, 16))
    .replace(/&#(\d{1,7});/g, (_, decimal: string) => codePoint(decimal, 10))
    .replace(
      /&([a-z]{2,6}[1-4]{0,2});/gi,
      (all, name: string) => entities.get(name) ?? entities.get(name.toLowerCase()) ?? all,
    )

const fromHex = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))

/** Bytes that were written as digits behind a sign, put back: as UTF-8 where they are, else one letter each. */
const withBytes = (text: string, sign: '%' | '=' | '\\\\x'): string =>
  text.replace(new RegExp(`(?:${sign}[0-9a-f]{2})+`, 'gi'), (run) => {
    try {
      return decodeURIComponent(run.replace(new RegExp(sign, 'gi'), '%'))
    } catch {
      return run.replace(new RegExp(`${sign}(..)`, 'gi'), fromHex)
    }
  })

/** A tag of a web page. */
const tag = /<\/?[a-z][^<>]*>/gi

/** What a cell may have been before a program escaped it for a formula, a web page, an address or a database. */
function* unescaped(cell: string): Generator<string> {
  const text = cell.trim()
  const formula = /^=\s*"(.*)"$/s.exec(text)
  if (formula) yield (formula[1] ?? '').replaceAll('""', '"')
  const quoted = /^b?(["'“”„«‘])(.*)(["'“”»’])$/s.exec(text)
  if (quoted) yield (quoted[2] ?? '').replaceAll('""', '"')
  if (/^['‘’`´]/.test(text)) yield text.slice(1)
  if (/""|''/.test(text)) yield text.replaceAll('""', '"').replaceAll("''", "'")
  // Pages that are made of pages escape what was escaped.
  for (let once = text, again = 0; once.includes('&') && again < 3; again++) {
    const plain = withoutEntities(once)
    if (plain === once) break
    yield plain
    once = plain
  }
  if (text.includes('\\')) {
    const letters = text.replace(/\\u([0-9a-f]{4})/gi, fromHex)
    yield letters
    yield letters.replace(/\\(["'\\])/g, '$1')
    yield text.replace(/\\(["'\\])/g, '$1')
    yield withBytes(text, '\\\\x')
  }
  if (/%[0-9a-f]{2}/i.test(text)) yield withBytes(text, '%')
  if (/=[0-9a-f]{2}/i.test(text)) yield withBytes(text, '=')
  // Workbooks write so what their XML cannot carry; pages put their tags around a text.
  if (text.includes('_x')) yield text.replace(/_x([0-9a-f]{4})_/gi, fromHex)
  if (text.includes('<')) yield text.replace(tag, '')
  // What they are put around may look like one.
  const tagged = /^<([a-z]\w*)>(.*)<\/\1>$/is.exec(text)?.[2]
  if (tagged !== undefined) yield tagged
  const link = /^(?:mailto|tel|sips?|callto|smtp):/i.exec(text)
  if (link) yield text.slice(link[0].length)
  const page = /^https?:\/\/(.+?)\/?$/i.exec(text)?.[1]
  if (page !== undefined) yield page
  // What mails and notes write around words, and in front of the lines of a list.
  const stressed = /^([*_~`]{1,3})(.+)\1$/s.exec(text)?.[2]
  if (stressed !== undefined) yield stressed
  const listed = /^(?:[•◦▪‣·*]|[-–](?=\s*\p{L}))\s+(.+)$/su.exec(text)?.[1]
  if (listed !== undefined) yield listed
  const linked = /^\[([^[\]]+)\]\([^()]+\)$/.exec(text)?.[1]
  if (linked !== undefined) yield linked
  // What parts cells or lines elsewhere, left at the end; behind a number also what ends a sentence.
  for (const parted of [/\s*[;,|\\]$/, /(?:\\[nrt])+$/, /(?:\s*(?:[;,|\\]|\\[nrt]))+$/]) {
    if (parted.test(text)) yield text.replace(parted, '')
  }
  const ended = /^(\+?[\d(][\d ().-]*\d)[.:/-]$/.exec(text)?.[1]
  if (ended !== undefined) yield ended
  const address = /^(?:[^<>@]*<)?([^<>@\s]+@[^<>@\s;,]+?)(?:>|#mailto:.*)?[;,.]*$/i.exec(text)?.[1]
  if (address !== undefined) yield address
  const inAngles = /^<([^<>]+)>[;,.]?$/.exec(text)?.[1]
  if (inAngles !== undefined) yield inAngles
}

/** Whether a cell has nothing but what programs put around a text, here around none. */
export const isDressOfNothing = (cell: string): boolean =>
  /^(?:=|b(?=['"]))?\s*["']*(?:[;,|]|\\[nrt])*$/.test(undressed(cell.replace(tag, '')))

/** What stands for letters that were lost. */
const lostMarks = /[?\ufffd□]/g
const notAscii = /[^\0-\x7f]/gu

function isWithin(few: readonly string[], many: readonly string[]): boolean {
  let at = 0
  for (const letter of many) if (letter === few[at]) at++
  return at === few.length
}

const others = (text: string): string[] => text.replace(lostMarks, '').match(notAscii) ?? []
const skeleton = (text: string): string => text.replace(/[^\0-\x7f]|\?/gu, '')

/** Whether marks stand where letters were that no old code page has. */
function lettersLost(cell: string, had: string): boolean {
  const before = others(had)
  const kept = others(cell)
  const lost = before.length - kept.length
  if (lost < 1 || !isWithin(kept, before)) return false
  const marks = (cell.match(lostMarks)?.length ?? 0) - (had.match(lostMarks)?.length ?? 0)
  return marks >= 1 && marks <= lost * 4
}

/** Whether one sign stands for every letter that is not in ASCII, or for each of its bytes. */
function lettersMasked(cell: string, had: string): boolean {
  const sign = cell.charAt(had.search(notAscii))
  if (sign === '' || /[\p{L}\p{N}]/u.test(sign)) return false
  return (
    had.replace(notAscii, sign) === cell ||
    had.replace(notAscii, (letter) => sign.repeat(utf8(letter).length)) === cell
  )
}

const strokes: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  ħ: 'h',
  Ħ: 'H',
  ı: 'i',
  ŧ: 't',
  Ŧ: 'T',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  þ: 'th',
  Þ: 'Th',
}
const umlauts: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  å: 'aa',
  Å: 'Aa',
}

const bare = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}+/gu, '')
    .replace(notAscii, (letter) => strokes[letter] ?? letter)

/** Whether accents, or the letters that have some, were left out. */
function accentsLost(cell: string, had: string): boolean {
  const before = others(had)
  const kept = others(cell)
  if (kept.length >= before.length || !isWithin(kept, before)) return false
  // Programs differ in how they write the second letter of one for which they take two.
  const same = (a: string, b: string) => bare(a).toLowerCase() === bare(b).toLowerCase()
  return (
    same(cell, had) ||
    cell === had.replace(notAscii, '') ||
    same(
      cell,
      had.replace(notAscii, (letter) => umlauts[letter] ?? letter),
    )
  )
}

/** What some programs write beside a letter in place of its accent. */
const accentMarks = /["'`^~,]/g

/** How unlike a name a text looks: signs where letters are expected, foreign capitals within a word. */
export function oddity(text: string): number {
  let odd = 0
  let previous = ''
  odd += 2 * (text.match(/\p{L}[\u0080-\uffff](?<=\p{Lu})(?=\p{Ll})/gu)?.length ?? 0)
  for (const letter of text) {
    if (letter > '\x7f') {
      if (!/[\p{L}\p{M}]/u.test(letter)) odd += 2
      else if (/\p{Ll}/u.test(previous) && /\p{Lu}/u.test(letter)) odd += 2
      else if (previous > '\x7f' && /\p{Script=Latin}/u.test(letter)) odd += 1
    } else if (letter === '?') odd += 1
    previous = letter
  }
  return odd
}

const squashed = (text: string): string => text.replace(/[\s\p{Cf}\p{Cc}?\ufffd]+/gu, '')

/** Every way in which a program may have read letters that another one wrote. */
function* misreadings(had: string): Generator<string> {
  const asUtf8 = utf8(had)
  for (const reader of codePages) {
    const once = decoded(asUtf8, reader)
    yield once
    // Most often it is the same program twice.
    const again = utf8(once)
    yield decoded(again, reader)
    for (const second of codePages.slice(0, 2)) if (second !== reader) yield decoded(again, second)
  }
  yield* decodedElsewhere(asUtf8)
  for (const writer of codePages) {
    const bytes = encoded(had, writer)
    for (const reader of codePages) if (reader !== writer) yield decoded(bytes, reader)
  }
}

/** Whether a cell is the text that was there, with letters as another code page has them. */
function lettersMisread(
  cell: string,
  had: string,
  readings: Iterable<string> = misreadings(had),
): 'misread' | 'either' | undefined {
  const wanted = squashed(cell)
  const before = squashed(had)
  if (wanted === before) return undefined
  for (const misread of readings) {
    if (squashed(misread) !== wanted) continue
    // It may as well be that what is on the server was misread once, and is put right here.
    return oddity(cell) > oddity(had) ? 'misread' : 'either'
  }
  return undefined
}

/** What a program may have done to the letters of a text, if a cell can be explained so. */
export function lettersChanged(cell: string, had: string): LettersChanged {
  if (had === '') return undefined
  const wanted = undressed(had)
  if (undressed(cell) === wanted) return 'dressed'
  for (const text of unescaped(cell)) {
    if (undressed(text) === wanted) return 'escaped'
    // One program may do so to what another one has left.
    for (const again of unescaped(text)) if (undressed(again) === wanted) return 'escaped'
  }
  const composed = cell.normalize('NFC').trim()
  const before = had.normalize('NFC').trim()
  if (!/[^\0-\x7f]/.test(before)) return undefined
  // The bytes that were misread are those of the letters as they were written, composed or not.
  for (const [written, read] of [
    [before, composed],
    [had.trim(), cell.trim()],
    [had.normalize('NFD').trim(), cell.trim()],
  ] as const) {
    if (written === before && read !== composed) continue
    if (lettersMasked(read, written)) return 'lost'
    const wide = lettersMisread(read, written, decodedWide(utf8(written)))
    if (wide !== undefined) return wide
    // All others keep everything that is ASCII.
    if (skeleton(read) !== skeleton(written)) continue
    if (lettersLost(read, written)) return 'lost'
    const misread = lettersMisread(read, written)
    if (misread !== undefined)
      return misread === 'either' && accentsLost(composed, before) ? 'plain' : misread
  }
  return accentsLost(composed, before) || accentsLost(composed.replace(accentMarks, ''), before)
    ? 'plain'
    : undefined
}

/** Whether a text that is new looks as if its letters had been lost or misread. */
export const looksBroken = (text: string): boolean =>
  /\ufffd|\p{L}\?\p{L}|^\?\p{L}|^[?\s]*\?\?[?\s]*$/u.test(text) ||
  /[ÃÂÅÄÐÑ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ï»¿/.test(text)
