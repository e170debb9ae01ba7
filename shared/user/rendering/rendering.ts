import { type Amount, amountsOf, shownAs, sumOf } from './amounts'
import { dayShownAs, daysOf, isCountOf, isSecondsOf, timesOf } from './days'
import { lettersChanged, undressed } from './letters'
import { addressChanged, hardlyChanged, isCorrected } from './spellings'

/** How a cell can be explained as something that a program did to the value that a user has. */
export interface Explained {
  /** False where a person may have meant it just as well. */
  readonly sure: boolean
  /** What was done, in words. */
  readonly what: string
}

/** As spreadsheets in the languages of Europe write them. */
const trueWords = new Set(
  (
    'true wahr vrai prawda verdadero vero waar verdadeiro pravda sand sant sann tosi igaz adevărat adevarat doğru dogru ' +
    'истина істина правда αληθεσ αληθες αληθής cert tačno resnično istina tõene tiesa'
  ).split(' '),
)
const falseWords = new Set(
  (
    'false falsch faux falsz fałsz falso onwaar nepravda falsk usann usant falskt epätosi hamis fals yanlış yanliş yanlis ' +
    'ложь хибність неправда ψευδεσ ψευδες ψευδής netačno neresnično neistina väär netiesa'
  ).split(' '),
)
/** As people write it, and boxes, switches and databases show it. */
const yesWords = new Set(
  (
    'yes y ja oui tak si sí sì on x 1 -1 j o t sim da да так ναι evet igen kyllä joo jah ano áno hai taip jā כן نعم はい 是 真 예 ' +
    'có ein an aktiv aktiviert active activated actif activé activo activado attivo włączone włączony enabled checked selected ' +
    '✓ ✔ ☑ ✅ [x] (x) 🗹'
  ).split(' '),
)
const noWords = new Set(
  (
    'no n nein non nie nee off 0 f não nao nei nej нет ні όχι οχι hayır hayir nem ei ne nē לא لا いいえ 否 不 假 아니요 không aus ' +
    'inaktiv deaktiviert inactive deactivated inactif désactivé inactivo desactivado disattivo wyłączone wyłączony disabled ' +
    'unchecked ☐ []'
  ).split(' '),
)

/** Yes or no in the usual languages and as spreadsheets write it. */
export function booleanOf(text: string): boolean | undefined {
  const word = undressed(text.replace(/[\ufe0e\ufe0f]/g, ''))
    .toLowerCase()
    .replace(/^(["'])(.*)\1$/, '$2')
    .replace(/^\.([tf])\.$/, '$1')
    .replace(/(?<=.)[.,;!]+$/, '')
    .replace(/^\[ \]$/, '[]')
  const number = /^-?[01][.,]0+$/.test(word) ? word.replace(/[.,]0+$/, '') : word
  if (trueWords.has(number) || yesWords.has(number)) return true
  if (falseWords.has(number) || noWords.has(number)) return false
  return undefined
}

/** A word that some program takes for a logical value. */
function logical(text: string): boolean | undefined {
  const word = undressed(text).toLowerCase()
  if (trueWords.has(word) || /^(?:yes|on|y|t|1)$/.test(word)) return true
  if (falseWords.has(word) || /^(?:no|off|n|f|0)$/.test(word)) return false
  return undefined
}

function shownAsLogical(cell: string, had: string): boolean {
  const of = logical(had)
  if (of === undefined) return false
  const word = undressed(cell).toLowerCase()
  return (
    (of ? trueWords : falseWords).has(word) || (/^-?[01](?:[.,]0+)?$/.test(word) && booleanOf(word) === of)
  )
}

/** A cell with what a spreadsheet shows for a condition, in capitals as nobody writes a name or a title. */
export const isShownCondition = (cell: string): boolean =>
  /^(?:TRUE|FALSE|WAHR|FALSCH|VRAI|FAUX|PRAWDA|FAŁSZ|VERDADERO|FALSO|VERDADEIRO|ONWAAR)$/.test(cell.trim())

/** A comma or the like, which programs take out or exchange so that it does not part cells. */
const parting = /[\s,;|]+/g

/** No spreadsheet writes a number with zeros or a plus in front. */
export const written = (cell: string) => !/^[^\d]*0\d/.test(cell) && !/^\s*\+/.test(cell)

function shownAsAmount(cells: readonly Amount[], had: readonly Amount[]): 'sure' | 'unsure' | undefined {
  let best: 'unsure' | undefined
  for (const one of had) {
    for (const other of cells) {
      const shown = shownAs(one, other)
      if (shown === 'sure') return 'sure'
      best ??= shown
    }
  }
  return best
}

const worth = ({ negative, digits, exponent }: Amount) =>
  Number(`${negative ? '-' : ''}${digits || '0'}e${exponent}`)

/** The digits of a telephone number that is written with a plus, brackets or dashes. */
const dialled = (text: string): string => {
  const digits = text.replace(/\D/g, '')
  return digits.length >= 7 && digits !== text && /^\+?[\d ()./-]+$/.test(text) ? digits : ''
}

const near = (a: number, b: number) => a === b || Math.abs(a - b) <= 1e-6 * Math.max(1e-3, Math.abs(a))

const sure = (what: string): Explained => ({ sure: true, what })

/** Whether a spreadsheet took the text for a number, a sum, a day or a time, and shows that. */
function asValue(cell: string, had: string): Explained | undefined {
  if (!/\d/.test(cell) || !/\d/.test(had)) return undefined
  const cells = written(cell) ? amountsOf(cell) : []
  const before = [...amountsOf(had), ...amountsOf(dialled(had))]
  const amount = shownAsAmount(cells, before)
  if (amount === 'sure') return sure('it was taken for a number')
  const sum = sumOf(had)
  if (sum !== undefined && cells.some((one) => near(sum, worth(one)))) {
    return sure('it was taken for a formula')
  }
  const days = daysOf(had)
  const shown = daysOf(cell)
  if (days.some((one) => shown.some((other) => dayShownAs(one, other))))
    return sure('it was taken for a date')
  const counts = cells.map(worth).filter((count) => count > 59 && count < 2_958_466)
  if (days.some((one) => counts.some((count) => isCountOf(one, count))))
    return sure('it was taken for a date')
  if (days.some((one) => cells.some((cell) => isSecondsOf(one, worth(cell))))) {
    return sure('it was taken for a date')
  }
  const counted = before.map(worth).filter((count) => count > 59 && count < 2_958_466)
  if (
    shown.some(
      (one) =>
        one.year !== undefined && one.day !== undefined && counted.some((count) => isCountOf(one, count)),
    )
  ) {
    return sure('it was taken for the number of a day')
  }
  const times = timesOf(had)
  if (times.length > 0) {
    const parts = [...timesOf(cell), ...cells.map((one) => worth(one) * 86_400)]
    const partly = cells.some(
      (one) =>
        one.decimals >= 2 &&
        times.some((time) => Math.abs(time / 86_400 - worth(one)) <= 0.500001 * 10 ** -one.decimals),
    )
    if (partly || times.some((one) => parts.some((other) => near(one, other)))) {
      return sure('it was taken for a time')
    }
  }
  return amount === undefined ? undefined : { sure: false, what: 'it may have been rounded' }
}

const lettersWords = {
  lost: 'letters were lost',
  misread: 'letters were read in another code page',
  dressed: 'only quotation marks, dashes, blanks or invisible characters differ',
  escaped: 'marks of another program were put around or into it',
  plain: 'accents were lost',
  either: 'letters differ only by their code page',
} as const

const errorWords =
  /^(?:#(?:NAME|NOM|VALUE|WERT|VALEUR|ARG|REF|BEZUG|DIV\/0|N\/?A|NV|NUM|ZAHL|NULL|NOMBRE|VALOR|NOME|VALORE)[?!]?|#[\p{L}/0-9]{2,14}[!?]|#\p{L}\/\p{L}|Err:\d{3})$/iu

/** A cell that shows an error of a spreadsheet, or that its column is too narrow. */
export const isSheetError = (cell: string): boolean =>
  /^#{2,}$/.test(cell.trim()) || errorWords.test(cell.trim())

/**
 * Whether a cell can be explained as something that a program did to the text that was there: a spreadsheet that took it
 * for a number, a date, a time or a formula; letters lost or read in another code page; typographic marks.
 */
export function explained(cell: string, had: string): Explained | undefined {
  if (had === '' || cell === had) return undefined
  const shown = undressed(cell)
  const before = undressed(had)
  const letters = lettersChanged(cell, had)
  if (letters !== undefined) {
    return { sure: letters !== 'plain' && letters !== 'either', what: lettersWords[letters] }
  }
  if (/^#{2,}$/.test(shown)) return sure('its column was too narrow')
  if (isSheetError(shown)) return /^[=+\-@]/.test(before) ? sure('it was taken for a formula') : undefined
  if (shownAsLogical(shown, before)) return sure('it was taken for true or false')
  const formula = /^=\s*"?([^"]*)"?$/.exec(shown)?.[1]
  const unwrapped = formula ?? shown
  if (formula === before || shownAsLogical(unwrapped.replace(/\(\)$/, ''), before)) {
    return sure('it was taken for a formula')
  }
  const value = asValue(unwrapped, before)
  if (value !== undefined) return value
  if (before.includes('"') && before.replaceAll('"', '') === shown.replaceAll('"', '')) {
    return { sure: false, what: 'quotation marks were lost' }
  }
  if (/[,;|]/.test(before) && before.replace(parting, '') === shown.replace(parting, '')) {
    return { sure: false, what: 'commas or the like were taken out' }
  }
  if (cell.length >= 254 && had.trim().startsWith(cell.trim())) return sure('it was cut off')
  const address = addressChanged(shown, before)
  if (address === 'domain') return sure('only the letter case of the domain differs')
  if (address === 'either')
    return { sure: false, what: 'it is the same address but for letter case or commas' }
  if (isCorrected(cell, had)) return sure('its signs were corrected as one types')
  const little = hardlyChanged(shown, before)
  if (little !== undefined) return { sure: false, what: little }
  return undefined
}
