import { codePages, decoded, encoded, utf8 } from '../../../../../shared/user/rendering/codepages'

/** How a country writes, as far as its spreadsheets go by it. */
export interface Locale {
  readonly id: 'en' | 'de' | 'fr' | 'pl'
  readonly point: string
  readonly group: string
  /** What parts the numbers of a short date, and their order. */
  readonly between: string
  readonly order: 'mdy' | 'dmy' | 'ymd'
  readonly yes: string
  readonly no: string
  readonly money: (amount: string) => string
}

export const locales: readonly Locale[] = [
  {
    id: 'en',
    point: '.',
    group: ',',
    between: '/',
    order: 'mdy',
    yes: 'TRUE',
    no: 'FALSE',
    money: (n) => `$${n}`,
  },
  {
    id: 'de',
    point: ',',
    group: '.',
    between: '.',
    order: 'dmy',
    yes: 'WAHR',
    no: 'FALSCH',
    money: (n) => `${n} €`,
  },
  {
    id: 'fr',
    point: ',',
    group: '\u202f',
    between: '/',
    order: 'dmy',
    yes: 'VRAI',
    no: 'FAUX',
    money: (n) => `${n}\u00a0€`,
  },
  {
    id: 'pl',
    point: ',',
    group: '\u00a0',
    between: '.',
    order: 'dmy',
    yes: 'PRAWDA',
    no: 'FAŁSZ',
    money: (n) => `${n} zł`,
  },
]

/** What a program makes of the text of a cell; nothing where it leaves such a text alone. */
export type Damage = (cell: string, locale: Locale) => string | undefined

/** What a spreadsheet takes a text for. */
type Taken =
  | { readonly is: 'number'; readonly value: number }
  | { readonly is: 'day'; readonly day: Date }
  | { readonly is: 'time'; readonly seconds: number }
  | { readonly is: 'logical'; readonly value: boolean }

const thisYear = 2026
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function numberIn(cell: string, { point, group }: Locale): number | undefined {
  let text = cell.trim().replace(/[\u00a0\u202f]/g, ' ')
  let sign = 1
  let scale = 1
  const brackets = /^\((.+)\)$/.exec(text)
  if (brackets) {
    text = brackets[1] ?? ''
    sign = -1
  }
  if (/^[$€]|[$€]$| zł$/.test(text)) text = text.replace(/^[$€] ?| ?[$€]$| zł$/g, '')
  if (text.endsWith('%')) {
    text = text.slice(0, -1).trim()
    scale = 0.01
  }
  const fraction = /^(\d{1,4}) (\d{1,3})\/(\d{1,3})$/.exec(text)
  if (fraction) {
    const [, whole, upper, lower] = fraction.map(Number)
    return lower ? sign * scale * ((whole ?? 0) + (upper ?? 0) / lower) : undefined
  }
  const parts = escaped(group.trim() === '' ? ' ' : group)
  const plain = new RegExp(
    `^([-+]?)(\\d+|\\d{1,3}(?:${parts}\\d{3})+)?(?:${escaped(point)}(\\d*))?(?:[eE]([-+]?\\d{1,3}))?$`,
  ).exec(text)
  if (!plain || (plain[2] === undefined && !plain[3])) return undefined
  const whole = (plain[2] ?? '0').replace(/\D/g, '')
  const value = Number(`${whole}.${plain[3] || '0'}e${plain[4] ?? '0'}`)
  if (!Number.isFinite(value)) return undefined
  return (plain[1] === '-' ? -1 : 1) * sign * Number((value * scale).toPrecision(15))
}

const namesOf = (id: string, month: 'short' | 'long') =>
  Array.from({ length: 12 }, (_, at) =>
    new Intl.DateTimeFormat(id, { month, timeZone: 'UTC' }).format(new Date(Date.UTC(2026, at, 1))),
  )
const months = new Map(
  ['en', 'de', 'fr', 'pl'].map((id) => [id, { short: namesOf(id, 'short'), long: namesOf(id, 'long') }]),
)
const bare = (word: string) => word.toLowerCase().replace(/\.$/, '')

function monthNamed(word: string, { id }: Locale): number {
  const { short, long } = months.get(id) ?? { short: [], long: [] }
  const said = bare(word)
  const at = short.findIndex((name) => bare(name) === said)
  return at >= 0 ? at : long.findIndex((name) => bare(name) === said)
}

function date(year: number, month: number, day: number): Taken | undefined {
  const full = year < 30 ? 2000 + year : year < 100 ? 1900 + year : year
  const made = new Date(Date.UTC(full, month, day))
  if (full < 1905 || full > 2199 || made.getUTCMonth() !== month || made.getUTCDate() !== day)
    return undefined
  return { is: 'day', day: made }
}

function dayIn(cell: string, locale: Locale): Taken | undefined {
  const text = cell.trim()
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  if (iso) return date(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]))
  const named =
    /^(\d{1,2})\.?[ -]?(\p{L}{3,}\.?)(?:[ -](\d{4}|\d{2}))?$/u.exec(text) ??
    (/^(\p{L}{3,}\.?)[ -]?(\d{1,4})$/u.exec(text) as RegExpExecArray | null)
  if (named) {
    const [, one = '', two = '', year] = named
    if (/\d/.test(one)) {
      const month = monthNamed(two, locale)
      return month < 0 ? undefined : date(year === undefined ? thisYear : Number(year), month, Number(one))
    }
    const month = monthNamed(one, locale)
    if (month < 0) return undefined
    return Number(two) >= 1 && Number(two) <= 31
      ? date(thisYear, month, Number(two))
      : date(Number(two), month, 1)
  }
  const parts = locale.between === '.' ? '[./-]' : '[/-]'
  const three = new RegExp(`^(\\d{1,2})(${parts})(\\d{1,2})\\2(\\d{4}|\\d{2})$`).exec(text)
  if (three) {
    const [a, b, year] = [Number(three[1]), Number(three[3]), Number(three[4])]
    return locale.order === 'mdy' ? date(year, a - 1, b) : date(year, b - 1, a)
  }
  const two = new RegExp(`^(\\d{1,2})${parts}(\\d{1,2}|\\d{4})\\.?$`).exec(text)
  if (!two) return undefined
  const [a, b] = [Number(two[1]), Number(two[2])]
  const whole = (two[2] ?? '').length <= 2 ? ([a, b] as const) : undefined
  const day = whole && (locale.order === 'mdy' ? date(thisYear, a - 1, b) : date(thisYear, b - 1, a))
  return day ?? (a >= 1 && a <= 12 && (b > 31 || (two[2] ?? '').length === 4) ? date(b, a - 1, 1) : undefined)
}

function timeIn(cell: string): Taken | undefined {
  const [, hours, minutes, seconds, half] =
    /^(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AP])M)?$/i.exec(cell.trim()) ?? []
  if (hours === undefined || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return undefined
  if (half !== undefined && (Number(hours) > 12 || Number(hours) === 0)) return undefined
  if (Number(hours) > 23) return undefined
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0)
  return { is: 'time', seconds: hour * 3600 + Number(minutes) * 60 + Number(seconds ?? 0) }
}

function taken(cell: string, locale: Locale): Taken | undefined {
  // What has an apostrophe in front was text before, and blanks at the ends do not keep a number from being one.
  const word = cell.trim().toUpperCase()
  if (word === locale.yes || word === 'TRUE') return { is: 'logical', value: true }
  if (word === locale.no || word === 'FALSE') return { is: 'logical', value: false }
  const time = timeIn(cell)
  if (time) return time
  const day = dayIn(cell, locale)
  if (day) return day
  const value = numberIn(cell, locale)
  return value === undefined ? undefined : { is: 'number', value }
}

const grouped = (value: number, decimals: number, { point, group }: Locale) => {
  const [whole = '', rest = ''] = Math.abs(value).toFixed(decimals).split('.')
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, group)
  return `${value < 0 ? '-' : ''}${groups}${rest === '' ? '' : point + rest}`
}
const fixed = (value: number, decimals: number, { point }: Locale) =>
  value.toFixed(decimals).replace('.', point)
const exponent = (value: number, decimals: number, { point }: Locale, least = 2) =>
  value
    .toExponential(decimals)
    .replace('.', point)
    .replace(/e([+-])(\d+)$/, (_, sign: string, power: string) => `E${sign}${power.padStart(least, '0')}`)

/** As a cell of the usual format and width shows a number. */
function general(value: number, locale: Locale): string {
  const size = Math.abs(value)
  if (size >= 1e11 || (size > 0 && size < 1e-4)) return exponent(value, 5, locale).replace(/[.,]?0+E/, 'E')
  return String(Number(value.toPrecision(11))).replace('.', locale.point)
}
const whole = (value: number, locale: Locale) =>
  Math.abs(value) < 1e21 ? String(value).replace('.', locale.point) : exponent(value, 14, locale)

const small = (value: number) => Math.abs(value) < 1e15

const ofNumber =
  (show: (value: number, locale: Locale) => string | undefined): Damage =>
  (cell, locale) => {
    const found = taken(cell, locale)
    return found?.is === 'number' ? show(found.value, locale) : undefined
  }
const two = (n: number) => String(n).padStart(2, '0')
const ofDay =
  (show: (day: Date, locale: Locale) => string): Damage =>
  (cell, locale) => {
    const found = taken(cell, locale)
    return found?.is === 'day' ? show(found.day, locale) : undefined
  }
const ofTime =
  (show: (seconds: number, locale: Locale) => string): Damage =>
  (cell, locale) => {
    const found = taken(cell, locale)
    return found?.is === 'time' ? show(found.seconds, locale) : undefined
  }
const shortDate = (day: Date, { between, order }: Locale, year: string, pad = two) => {
  const [d, m] = [pad(day.getUTCDate()), pad(day.getUTCMonth() + 1)]
  return (order === 'mdy' ? [m, d, year] : order === 'dmy' ? [d, m, year] : [year, m, d]).join(between)
}
const inWords = (day: Date, { id }: Locale, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(id, { timeZone: 'UTC', ...options }).format(day)
const monthShort = (day: Date, { id }: Locale) => months.get(id)?.short[day.getUTCMonth()] ?? ''
const serial = (day: Date, zero: number) => Math.round((day.getTime() - zero) / 86_400_000)
const clock = (seconds: number) => [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]

const ofLogical =
  (show: (value: boolean, locale: Locale) => string): Damage =>
  (cell, locale) => {
    const found = taken(cell, locale)
    return found?.is === 'logical' ? show(found.value, locale) : undefined
  }

const foreign = /[^\0-\x7f]/u
const page = (id: string) =>
  codePages.find((each) => each.id === id) ?? (codePages[0] as (typeof codePages)[0])
const ofLetters =
  (change: (cell: string, locale: Locale) => string): Damage =>
  (cell, locale) =>
    foreign.test(cell) ? change(cell, locale) : undefined
const through = (writer: string, reader: string) =>
  ofLetters((cell) => decoded(encoded(cell.normalize('NFC'), page(writer)), page(reader)))
const asUtf8In = (reader: string) => ofLetters((cell) => decoded(utf8(cell), page(reader)))
const ownPage = ({ id }: Locale) => (id === 'pl' ? 'windows-1250' : 'windows-1252')
/** Bytes that are no UTF-8, read as such. */
const brokenUtf8 = (cell: string, writer: string) =>
  Buffer.from(encoded(cell.normalize('NFC'), page(writer)), 'latin1').toString('utf8')

const named: Readonly<Record<string, string>> = {
  Ä: 'Auml',
  Ö: 'Ouml',
  Ü: 'Uuml',
  ä: 'auml',
  ö: 'ouml',
  ü: 'uuml',
  ß: 'szlig',
  é: 'eacute',
  è: 'egrave',
  É: 'Eacute',
  ø: 'oslash',
  Ø: 'Oslash',
  æ: 'aelig',
  Æ: 'AElig',
  ñ: 'ntilde',
  '’': 'rsquo',
  '–': 'ndash',
}
const entity: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const always =
  (change: (cell: string) => string): Damage =>
  (cell) =>
    change(cell)

/**
 * What programs do to the cells of a file that nobody changed, each with its name. Written from what spreadsheets, editors,
 * mail programs and data tools are seen to do, and of nothing that reads them back.
 */
export const damages: Readonly<Record<string, Damage>> = {
  // A number, shown in one of the usual formats.
  'a number, zeros and plus lost': ofNumber(general),
  'a number, all of its digits': ofNumber(whole),
  'a number, fifteen digits': ofNumber((n, l) => whole(Number(n.toPrecision(15)), l)),
  'a number, the exponent of LibreOffice': ofNumber((n, l) => (small(n) ? undefined : exponent(n, 14, l, 3))),
  'a number, with exponent': ofNumber((n, l) => (n === 0 ? undefined : exponent(n, 5, l))),
  'a number, two decimals': ofNumber((n, l) => (small(n) ? fixed(n, 2, l) : undefined)),
  'a number, groups and two decimals': ofNumber((n, l) => (small(n) ? grouped(n, 2, l) : undefined)),
  'a whole number, groups': ofNumber((n, l) =>
    small(n) && Number.isInteger(n) ? grouped(n, 0, l) : undefined,
  ),
  'a whole number, one decimal': ofNumber((n) => (small(n) && Number.isInteger(n) ? `${n}.0` : undefined)),
  money: ofNumber((n, l) => (small(n) && n >= 0 ? l.money(grouped(n, 2, l)) : undefined)),
  'money owed': ofNumber((n, l) => (small(n) && n < 0 ? `(${l.money(grouped(-n, 2, l))})` : undefined)),
  percent: ofNumber((n, l) => (small(n) ? `${fixed(n * 100, 2, l)}%` : undefined)),
  'whole percent': ofNumber((n, l) =>
    Number.isInteger(Number((n * 100).toFixed(6))) && small(n)
      ? `${fixed(n * 100, 0, l)}${l.id === 'en' ? '' : ' '}%`
      : undefined,
  ),
  'minus behind': ofNumber((n, l) => (n < 0 && small(n) ? `${grouped(-n, 2, l)}-` : undefined)),
  fraction: ofNumber((n) => {
    const [units, rest] = [Math.floor(n), n - Math.floor(n)]
    const quarters = rest * 4
    if (n < 0 || quarters === 0 || !Number.isInteger(quarters)) return undefined
    const part = quarters === 2 ? '1/2' : `${quarters}/4`
    return units === 0 ? part : `${units} ${part}`
  }),
  // A day.
  'a day, two digits of the year': ofDay((d, l) => shortDate(d, l, two(d.getUTCFullYear() % 100))),
  'a day, four digits of the year': ofDay((d, l) => shortDate(d, l, String(d.getUTCFullYear()))),
  'a day, no zeros': ofDay((d, l) => shortDate(d, l, String(d.getUTCFullYear()), String)),
  'a day, ISO': ofDay((d) => d.toISOString().slice(0, 10)),
  'a day, ISO with time': ofDay((d) => `${d.toISOString().slice(0, 10)} 00:00:00`),
  'a day and its month': ofDay((d, l) =>
    l.id === 'de'
      ? `${two(d.getUTCDate())}. ${monthShort(d, l)}`
      : `${two(d.getUTCDate())}-${monthShort(d, l)}`,
  ),
  'a day, long': ofDay((d, l) => inWords(d, l, { dateStyle: 'long' })),
  'a day, with its weekday': ofDay((d, l) => inWords(d, l, { dateStyle: 'full' })),
  'a day as in Japan': ofDay((d) => `${d.getUTCFullYear()}年${d.getUTCMonth() + 1}月${d.getUTCDate()}日`),
  'a day, counted': ofDay((d) => String(serial(d, Date.UTC(1899, 11, 30)))),
  'a day, counted from 1904': ofDay((d) => String(serial(d, Date.UTC(1904, 0, 1)))),
  // A time.
  'a time with seconds': ofTime((s) => clock(s).map(two).join(':')),
  'a time of two halves': ofTime((s) => {
    const [h = 0, m = 0, sec = 0] = clock(s)
    return `${h % 12 === 0 ? 12 : h % 12}:${two(m)}:${two(sec)} ${h < 12 ? 'AM' : 'PM'}`
  }),
  'a time without zeros': ofTime((s) => {
    const [h = 0, m = 0, sec = 0] = clock(s)
    return sec === 0 ? `${h}:${two(m)}` : `${h}:${two(m)}:${two(sec)}`
  }),
  'a time as a number with two decimals': ofTime((s, l) => fixed(s / 86_400, 2, l)),
  'a time as a part of the day': ofTime((s, l) =>
    String(Number((s / 86_400).toPrecision(15))).replace('.', l.point),
  ),
  // A logical value.
  'yes or no in its own language': ofLogical((v, l) => (v ? l.yes : l.no)),
  'yes or no in another language': ofLogical((v, l) =>
    v
      ? { en: 'ИСТИНА', de: 'IGAZ', fr: 'SANN', pl: 'DOĞRU' }[l.id]
      : { en: 'ЛОЖЬ', de: 'HAMIS', fr: 'FALSKT', pl: 'YANLIŞ' }[l.id],
  ),
  'yes or no in small letters': ofLogical((v) => (v ? 'True' : 'False')),
  'yes or no as a number': ofLogical((v) => (v ? '1' : '0')),
  // Letters.
  'letters that the code page lacks': ofLetters((cell, l) =>
    decoded(encoded(cell.normalize('NFC'), page(ownPage(l))), page(ownPage(l))),
  ),
  'only ASCII kept': ofLetters((cell) => cell.normalize('NFC').replace(/[^\0-\x7f]/gu, '?')),
  'UTF-8 read as the own code page': ofLetters((cell, l) => decoded(utf8(cell), page(ownPage(l)))),
  'UTF-8 read as Latin 1': asUtf8In('iso-8859-1'),
  'UTF-8 read as Mac Roman': asUtf8In('macintosh'),
  'UTF-8 twice': ofLetters((cell) =>
    decoded(utf8(decoded(utf8(cell), page('windows-1252'))), page('windows-1252')),
  ),
  '1250 read as 1252': through('windows-1250', 'windows-1252'),
  '1252 read as 1250': through('windows-1252', 'windows-1250'),
  '8859-2 read as 1252': through('iso-8859-2', 'windows-1252'),
  'DOS letters read as 1252': through('cp850', 'windows-1252'),
  'Mac letters read as 1252': through('macintosh', 'windows-1252'),
  '1251 read as 1252': through('windows-1251', 'windows-1252'),
  'old letters read as UTF-8': ofLetters((cell, l) => brokenUtf8(cell, ownPage(l))),
  // Typography, and what nobody sees.
  'smart quotes': always((cell) =>
    cell
      .replace(/(^|[\s(])"/g, '$1“')
      .replace(/"/g, '”')
      .replace(/'/g, '’'),
  ),
  'German quotes': always((cell) =>
    cell
      .replace(/(^|[\s(])"/g, '$1„')
      .replace(/"/g, '“')
      .replace(/'/g, '‚'),
  ),
  'long dashes': always((cell) => cell.replace(/ - /g, ' – ').replace(/--/g, '—')),
  'hyphens that do not break': always((cell) => cell.replace(/-/g, '‑')),
  'one letter for three points and for fractions': always((cell) =>
    cell
      .replace(/\.\.\./g, '…')
      .replace(/\b1\/2\b/g, '½')
      .replace(/\b1\/4\b/g, '¼')
      .replace(/\b3\/4\b/g, '¾'),
  ),
  'blanks that do not break': always((cell) => cell.replace(/ /g, '\u00a0')),
  'a blank that nobody sees at the end': always((cell) => `${cell}\u200b`),
  'a mark of the byte order in front': always((cell) => `\ufeff${cell}`),
  'marks of direction around it': always((cell) => `\u202a${cell}\u202c`),
  'soft hyphens': always((cell) => cell.replace(/(\p{L}{4})(?=\p{L}{2})/gu, '$1\u00ad')),
  decomposed: always((cell) => cell.normalize('NFD')),
  composed: always((cell) => cell.normalize('NFC')),
  'composed for compatibility': always((cell) => cell.normalize('NFKC')),
  // Blanks and line ends.
  'blanks around it': always((cell) => ` ${cell} `),
  trimmed: always((cell) => cell.trim()),
  'one blank for several': always((cell) => cell.replace(/ {2,}/g, ' ')),
  'line ends of Windows': always((cell) => cell.replace(/\r?\n/g, '\r\n')),
  'line ends of old Macs': always((cell) => cell.replace(/\r?\n/g, '\r')),
  'blanks for tabs': always((cell) => cell.replace(/\t/g, '    ')),
  // What other programs put around a text.
  'a formula of one text': always((cell) => `="${cell.replace(/"/g, '""')}"`),
  'quotation marks around it': always((cell) => `"${cell.replace(/"/g, '""')}"`),
  'an apostrophe in front': always((cell) => `'${cell}`),
  'an apostrophe taken off': (cell) => (cell.startsWith("'") ? cell.slice(1) : undefined),
  'a number behind a lost apostrophe': (cell, locale) =>
    cell.startsWith("'") ? damages['a number, zeros and plus lost']?.(cell.slice(1), locale) : undefined,
  'as a web page has it, each letter': ofLetters((cell) =>
    cell.replace(/[ÄÖÜäöüßéèÉøØæÆñ’–]/g, (letter) => `&${named[letter]};`),
  ),
  'as a page within a page has it': always((cell) =>
    cell.replace(/[&<>"]/g, (sign) => (entity[sign] ?? sign).replace('&', '&amp;')),
  ),
  'as a mail has it': ofLetters((cell) =>
    cell.replace(/[^\0-\x7f]|=/g, (letter) =>
      /[\ud800-\udfff]/.test(letter)
        ? letter
        : [...utf8(letter)].map((byte) => `=${byte.charCodeAt(0).toString(16).toUpperCase()}`).join(''),
    ),
  ),
  'as an old address has it': ofLetters((cell) =>
    cell.replace(/[\u00a0-\u00ff]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`),
  ),
  'one sign for each letter': ofLetters((cell) => cell.normalize('NFC').replace(/[^\0-\x7f]/gu, '_')),
  'one sign for each byte': ofLetters((cell) =>
    cell.normalize('NFC').replace(/[^\0-\x7f]/gu, (letter) => '*'.repeat(utf8(letter).length)),
  ),
  'as a web page has it': always((cell) => cell.replace(/[&<>"]/g, (sign) => entity[sign] ?? sign)),
  'as an address has it': (cell) => (/[\ud800-\udfff]/.test(cell) ? undefined : encodeURIComponent(cell)),
  'as JSON has it': always((cell) =>
    cell.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ),
  'quotes behind a backslash': always((cell) => cell.replace(/["'\\]/g, '\\$&')),
  'an address to write to': (cell) => (/^[^\s@]+@[^\s@]+$/.test(cell) ? `mailto:${cell}` : undefined),
  'a number to dial': (cell) => (/^'?\+\d{7,}$/.test(cell) ? `tel:${cell.replace("'", '')}` : undefined),
  'digits of another script': (cell) =>
    /^\d+$/.test(cell)
      ? cell.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))
      : undefined,
  'a tag around it': always((cell) => `<p>${cell}</p>`),
  'as Python prints bytes': (cell) => (/['\\]/.test(cell) ? undefined : `b'${cell}'`),
  'a letter for yes or no': (cell) =>
    new Map([
      ['T', 'TRUE'],
      ['F', 'FALSE'],
      ['y', 'true'],
      ['n', 'false'],
    ]).get(cell),
  'a day, as a script prints it': ofDay(
    (d) =>
      `${inWords(d, { id: 'en' } as Locale, { weekday: 'short' })} ${inWords(d, { id: 'en' } as Locale, { month: 'short' })} ${two(d.getUTCDate())} ${d.getUTCFullYear()} 00:00:00 GMT+0100 (CET)`,
  ),
  'commas taken out': (cell) => (cell.includes(',') ? cell.replaceAll(',', '') : undefined),
  'a column too narrow': (cell, locale) =>
    taken(cell, locale) === undefined ? undefined : '#'.repeat(Math.max(3, cell.length)),
  'a formula with a name that is none': (cell) => (/^'?=\p{L}/u.test(cell) ? '#NAME?' : undefined),
  'what parts cells left at its end': always((cell) => `${cell.trimEnd()};`),
  'a line break in letters at its end': always((cell) => `${cell.trimEnd()}\\r\\n`),
  'stressed as in a note': (cell) => (/[*`]|^\s*$/.test(cell) ? undefined : `**${cell.trim()}**`),
  'the domain in capitals': (cell) =>
    /^[^\s@]+@[\w.-]+$/.test(cell) ? cell.replace(/@.*/, (end) => end.toUpperCase()) : undefined,
  'signs corrected as one types': (cell) =>
    /\(c\)|\(r\)|->|\.\.\./.test(cell)
      ? cell.replaceAll('(c)', '©').replaceAll('(r)', '®').replaceAll('->', '→').replaceAll('...', '…')
      : undefined,
  'a number with a full stop': (cell) => (/^\d+$/.test(cell) ? `${cell}.` : undefined),
  'a time with an h': (cell) => (/^\d\d?:\d\d$/.test(cell) ? cell.replace(':', ' h ') : undefined),
  'a time with a point': (cell) =>
    /^(?:[01]?\d|2[0-3]):[0-5]\d$/.test(cell) ? `${cell.replace(':', '.')} Uhr` : undefined,
  'cut off': (cell) => (cell.length > 255 ? cell.slice(0, 255) : undefined),
}
