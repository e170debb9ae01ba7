/** A day, or what a text says of one. */
export interface Day {
  readonly year?: number
  readonly month: number
  readonly day?: number
  /** The month is written in letters. */
  readonly named: boolean
  /** The numbers as they stand. */
  readonly order: string
}

const languages =
  'en de fr pl es it nl pt cs sk sv da nb fi hu ro tr ru uk hr sl bg ca el et lt lv sr th'.split(' ')

const bareWord = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replaceAll('ł', 'l')
    .toLowerCase()

let words:
  | { readonly months: ReadonlyMap<string, ReadonlySet<number>>; readonly days: ReadonlySet<string> }
  | undefined

/** The names of months and days in the languages of spreadsheets, long and short. */
function calendar() {
  if (words !== undefined) return words
  const months = new Map<string, Set<number>>()
  const days = new Set<string>()
  const add = (text: string, month: number) => {
    for (const word of text.match(/\p{L}[\p{L}\p{M}]+/gu) ?? []) {
      const name = bareWord(word)
      months.set(name, (months.get(name) ?? new Set()).add(month))
    }
  }
  for (const language of languages) {
    for (let month = 1; month <= 12; month++) {
      const date = new Date(Date.UTC(2023, month - 1, 15))
      for (const style of ['long', 'short'] as const) {
        add(new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC' }).format(date), month)
        const parts = new Intl.DateTimeFormat(language, { month: style, day: 'numeric', timeZone: 'UTC' })
        for (const { type, value } of parts.formatToParts(date)) if (type === 'month') add(value, month)
      }
    }
    for (let day = 1; day <= 7; day++) {
      const date = new Date(Date.UTC(2023, 0, day))
      for (const weekday of ['long', 'short'] as const) {
        const text = new Intl.DateTimeFormat(language, { weekday, timeZone: 'UTC' }).format(date)
        for (const word of text.match(/[\p{L}\p{M}]+/gu) ?? []) days.add(bareWord(word))
      }
    }
  }
  for (const [word, month] of [
    ['mrz', 3],
    ['sept', 9],
    ['sep', 9],
    ['okt', 10],
    ['fevr', 2],
    ['avr', 4],
    ['juil', 7],
  ] as const) {
    months.set(word, (months.get(word) ?? new Set()).add(month))
  }
  words = { months, days }
  return words
}

const fillers = new Set('of de del di da the st nd rd th t z r g г m d roku den le er utc gmt a o'.split(' '))
const maybeYear = (number: number, text: string) =>
  text.length <= 2 || (text.length === 4 && ((number >= 1900 && number < 2200) || isBuddhist(number)))

/** Years as they are counted in Thailand. */
const isBuddhist = (year: number) => year >= 2443 && year < 2743

function day(named: boolean, order: string, month: number, at?: number, year?: number): Day[] {
  if (month < 1 || month > 12 || (at !== undefined && (at < 1 || at > 31))) return []
  return [
    {
      month,
      named,
      order,
      ...(at === undefined ? {} : { day: at }),
      ...(year === undefined ? {} : { year: isBuddhist(year) ? year - 543 : year }),
    },
  ]
}

/** The time behind or in front of a date. */
const clockTime = /(?:^|[\sT])\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[ap]\.?\s?m\.?)?(?:Z|$|\s)/i

/** How far from Greenwich it was, as scripts write it behind a date: `GMT+0100 (CET)`. */
const fromGreenwich = /\s*(?:GMT|UTC)[+-]\d{2}:?\d{2}(?:\s*\([^()]*\))?$/

/** The year before the first one of each emperor of Japan. */
const eras: Readonly<Record<string, number>> = { 昭和: 1925, 平成: 1988, 令和: 2018 }

/** A date as it is written in China, Japan and Korea. */
function eastern(written: string): readonly Day[] | undefined {
  const raw = written.replace(
    /^(昭和|平成|令和)(\d{1,2}|元)年/,
    (_, era: string, of: string) => `${(eras[era] ?? 0) + (of === '元' ? 1 : Number(of))}年`,
  )
  const [, year, month, at] =
    /^(?:(\d{2,4})\s?[年년]\s?)?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일]?)?(?:\s.*)?$/.exec(raw.trim()) ??
    []
  if (month === undefined) return undefined
  const order = [year, month, at].filter((part) => part !== undefined).map(Number)
  return day(
    true,
    order.join(' '),
    Number(month),
    at === undefined ? undefined : Number(at),
    year === undefined ? undefined : Number(year),
  )
}

/** Every day that a text may mean in some country; none for texts that are no date. */
export function daysOf(written: string): readonly Day[] {
  const raw = written.replace(fromGreenwich, '')
  if (raw.length > 50 || raw.length < 3 || !/\d/.test(raw)) return []
  const east = eastern(raw)
  if (east !== undefined) return east
  const text = raw
    .replace(clockTime, ' ')
    .trim()
    // What stands for “year” behind one of digits alone.
    .replace(/(?<=\d)\s(?:г|р|r)\.$/u, '')
  const letters = text.match(/\p{L}[\p{L}\p{M}]*/gu) ?? []
  const numbers = text.match(/\d+/g) ?? []
  if (numbers.length < 1 || numbers.length > 3 || numbers.some((number) => number.length > 4)) return []
  if (letters.length === 0) {
    if (!/^\d+\s?[./-]\s?\d+(?:\s?[./-]\s?\d+)?\.?$/.test(text)) return []
  } else if (!/^[\d\p{L}\p{M}\s.,/\-:'’]+$/u.test(text)) return []
  const order = numbers.map(Number).join(' ')
  const [a = 0, b = 0, c = 0] = numbers.map(Number)
  const [ta = '', tb = '', tc = ''] = numbers
  if (letters.length === 0) {
    const two = (month: number, at: number) => day(false, order, month, at)
    const three = (month: number, at: number, year: number, written: string) =>
      maybeYear(year, written) ? day(false, order, month, at, year) : []
    if (numbers.length === 2) {
      return [
        ...two(a, b),
        ...two(b, a),
        ...(maybeYear(b, tb) ? day(false, order, a, undefined, b) : []),
        ...(maybeYear(a, ta) ? day(false, order, b, undefined, a) : []),
      ]
    }
    return [...three(a, b, c, tc), ...three(b, a, c, tc), ...three(b, c, a, ta), ...three(c, b, a, ta)]
  }
  const { months, days } = calendar()
  let possible: ReadonlySet<number> | undefined
  for (const letter of letters) {
    const word = bareWord(letter)
    const found = months.get(word)
    if (found !== undefined && possible === undefined) possible = found
    else if (found === undefined && !days.has(word) && !fillers.has(word)) return []
  }
  return [...(possible ?? [])].flatMap((month) => {
    if (numbers.length === 1) {
      return [
        ...day(true, order, month, a),
        ...(maybeYear(a, ta) ? day(true, order, month, undefined, a) : []),
      ]
    }
    if (numbers.length > 2) return []
    return [
      ...(maybeYear(b, tb) ? day(true, order, month, a, b) : []),
      ...(maybeYear(a, ta) ? day(true, order, month, b, a) : []),
    ]
  })
}

const sameYear = (a: number, b: number) => (a < 100 || b < 100 ? a % 100 === b % 100 : a === b)

/** Whether a spreadsheet shows a text that it took for one day as the other. */
export function dayShownAs(had: Day, cell: Day): boolean {
  if (had.month !== cell.month) return false
  if (had.year !== undefined && cell.year !== undefined && !sameYear(had.year, cell.year)) return false
  const sameDay = (had.day ?? 1) === (cell.day ?? had.day ?? 1)
  if (!sameDay) return false
  if (cell.named) return cell.day !== undefined || had.day === undefined || cell.year !== undefined
  // Two bare numbers are what a person writes, unless they are the same two.
  if (cell.year === undefined || cell.day === undefined) return !had.named && had.order === cell.order
  return true
}

const dayMs = 86_400_000

/** Whether a number is what a spreadsheet counts for the day, from 1900 or, on older Macs, from 1904. */
export function isCountOf(had: Day, count: number): boolean {
  for (const zero of [Date.UTC(1899, 11, 30), Date.UTC(1904, 0, 1)]) {
    const date = new Date(zero + Math.floor(count) * dayMs)
    const year = date.getUTCFullYear()
    if (date.getUTCMonth() + 1 !== had.month || date.getUTCDate() !== (had.day ?? 1)) continue
    if (had.year !== undefined ? sameYear(had.year, year) : year >= 1990 && year <= 2070) return true
  }
  return false
}

/** A time as it is written in some language, in the one form of hours and minutes. */
const plainTime = (text: string): string =>
  text
    .trim()
    .replace(/^(?:klo?\.?|um|godz\.?|ore|ora|à|a las)\s+(?=\d)/iu, '')
    .replace(/\s*(?:Uhr|hrs?\.?|godz\.?|h|ч\.?)$/iu, '')
    .replace(/^(?:上午|午前|오전)\s?(.*)$/u, '$1 am')
    .replace(/^(?:下午|午後|오후)\s?(.*)$/u, '$1 pm')
    .replace(/\s?(?:π\.?μ\.?|ص|ก่อนเที่ยง)$/u, ' am')
    .replace(/\s?(?:μ\.?μ\.?|م|หลังเที่ยง)$/u, ' pm')
    .replace(/^(\d{1,2})\s?(?:h|ч|時|时|시|点|點)\s?(\d{2})\s?(?:min\.?|分|분)?(?=$|\s)/iu, '$1:$2')
    .replace(/^([01]?\d|2[0-3])\.([0-5]\d)(?:\.([0-5]\d))?(?=$|\s)/, (_, hour, minute, second) =>
      [hour, minute, second].filter((part) => part !== undefined).join(':'),
    )

/** Whether a number counts seconds, or thousandths of one, from 1970 to the day, wherever on earth that was. */
export function isSecondsOf({ year, month, day: at }: Day, count: number): boolean {
  if (year === undefined || at === undefined || count < 1e8) return false
  const begin = Date.UTC(year < 100 ? 2000 + year : year, month - 1, at)
  const ms = count < 1e11 ? count * 1000 : count
  return ms > begin - 0.6 * dayMs && ms < begin + 1.6 * dayMs
}

/** Every time, in seconds of a day, that a text may mean. */
export function timesOf(raw: string): readonly number[] {
  const text = plainTime(raw)
    .replace(fromGreenwich, '')
    // An hour alone counts from the day zero of the spreadsheet.
    .replace(
      /^(?:\d{1,2}[./-]\d{1,2}[./-](?:1899|1900|1904|00|04)|(?:1899|1900|1904)-\d\d-\d\d|\p{L}{3} (?:Dec 3[01]|Jan 0?[01]) (?:1899|1900|1904))[T\s]+/u,
      '',
    )
    .replace(/^PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S$/i, '$1:$2:$3')
    .replace(/^PT(\d+)H(\d+)M$/i, '$1:$2')
  const hour = /^(\d{1,2})\s?([ap])\.?m?\.?$/i.exec(text)
  if (hour) return clock(Number(hour[1]), 0, 0, hour[2])
  const [whole, a = '', b = '', c, half] =
    /^(\d{1,5}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(?:([ap])\.?\s?m?\.?)?$/i.exec(text) ?? []
  if (whole === undefined) return []
  const full = clock(Number(a), Number(b), Number(c ?? 0), half)
  return c === undefined && half === undefined ? [...full, Number(a) * 60 + Number(b)] : full
}

function clock(hours: number, minutes: number, seconds: number, half: string | undefined): number[] {
  const late = half?.toLowerCase() === 'p'
  const of = half === undefined ? hours : (hours % 12) + (late ? 12 : 0)
  return [of * 3600 + minutes * 60 + seconds]
}
