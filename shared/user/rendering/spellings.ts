import { undressed } from './letters'

/** Signs that programs put in place of others as one types, in one form. */
const signs: readonly (readonly [RegExp, string])[] = [
  [/©|\(c\)/gi, '(c)'],
  [/®|\(r\)/gi, '(r)'],
  [/™|\(tm\)/gi, '(tm)'],
  [/↔|⇔|<[-=]{1,2}>/g, '<->'],
  [/[→⇒➔]|[-=]{1,2}>/g, '->'],
  [/[←⇐]|<-{1,2}/g, '<-'],
  [/[☺🙂😊😀😃\uf04a]|:-?\)/gu, ':)'],
  [/[☹🙁😞\uf04c]|:-?\(/gu, ':('],
  [/(\d)\s?[×✕]\s?(?=\d)/g, '$1x'],
  [/±/g, '+-'],
  [/≤/g, '<='],
  [/≥/g, '>='],
]

const plainSigns = (text: string): string =>
  undressed(signs.reduce((all, [sign, plain]) => all.replace(sign, plain), text))

/** Whether a text is the other one after a program has corrected its signs. */
export const isCorrected = (cell: string, had: string): boolean => plainSigns(cell) === plainSigns(had)

const address = /^([^\s@]+)@([^\s@]+)$/

/** How two e-mail addresses, or ids like them, differ: in nothing that a server of mail sees, or in what a person may mean. */
export function addressChanged(cell: string, had: string): 'domain' | 'either' | undefined {
  const [, name, domain = ''] = address.exec(cell) ?? []
  const [, hadName, hadDomain = ''] = address.exec(had) ?? []
  if (name === undefined || hadName === undefined) return undefined
  if (domain.toLowerCase() === hadDomain.toLowerCase()) {
    if (name === hadName) return 'domain'
    return name.toLowerCase() === hadName.toLowerCase() ? 'either' : undefined
  }
  const dotted = `${name}@${domain}`.replaceAll(',', '.').toLowerCase()
  return dotted === had.replaceAll(',', '.').toLowerCase() ? 'either' : undefined
}

const withoutEnd = (text: string) => text.replace(/[\s.,:;|…]+$/u, '')
const withoutBlanksAtSigns = (text: string) => text.replace(/ *([-&/,.:;()+]) */g, '$1')

/** What little two texts in their plain dress differ by, that a program or a person may have changed; nothing when it is more. */
export function hardlyChanged(cell: string, had: string): string | undefined {
  const end = withoutEnd(cell)
  if (end !== '' && end === withoutEnd(had)) return 'only the punctuation at its end differs'
  const close = withoutBlanksAtSigns(cell)
  return close.length > 1 && close === withoutBlanksAtSigns(had) ? 'only blanks differ' : undefined
}

/** Whether digits without a country may be those of a number that has one: with the zero of its country, or nothing, in front. */
export function isWithoutCountry(cell: string, had: string): boolean {
  if (!had.startsWith('+') || cell.startsWith('+')) return false
  const whole = had.replace(/\D/g, '')
  const rest = cell.replace(/\D/g, '').replace(/^0/, '')
  const country = whole.length - rest.length
  return rest.length >= 6 && country >= 1 && country <= 3 && whole.endsWith(rest)
}
