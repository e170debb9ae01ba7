import { type Forward, forwardsInWords } from '../calls/glance'
import type { UserRecord } from '../user/types'
import { digitsOf, fold } from './fold'
import { nationalLines, numberLines } from './numbers'

/** Where a forwarding leads: a number of the enterprise's, another, or one of which that cannot be said. */
export const leadings = ['inside', 'outside', 'unclear'] as const
export type Leading = (typeof leadings)[number]

/** A line by itself: whether calls are forwarded at all. The lines of each number stand behind another such line. */
export const forwarded = 'yes'
export const notForwarded = 'no'
/** What people read for it. */
export const notForwardedWords = 'Call forwarding off'
const next = 'to'

/** From this length on, digits can be a number of a country and not only an extension. */
const shortestNational = 7

const linesOfNumber = (to: string, fields: UserRecord['fields']): string[] => {
  if (to.includes('@')) return [fold(to)]
  const compact = to.replace(/[\s\-.()]/g, '')
  if (/[*#]/.test(compact)) return [compact]
  return digitsOf(to).length < shortestNational ? numberLines(to) : nationalLines(to, fields)
}

/** The lines under which forwardings are found: first as people read them, then each number in every form. */
export const forwardLines = (forwards: readonly Forward[], fields: UserRecord['fields']): string[] =>
  forwards.length === 0
    ? [notForwarded]
    : [
        forwardsInWords(forwards),
        forwarded,
        ...[...new Set(forwards.map(({ to }) => to ?? ''))].flatMap((to) => [
          next,
          ...linesOfNumber(to, fields),
        ]),
      ]

/** The lines of each number in lines of {@link forwardLines}; none when calls are not forwarded. */
export const numbersIn = (lines: readonly string[]): string[][] => {
  const numbers: string[][] = []
  // Behind what people read, which may be any text.
  for (const line of lines.slice(1)) {
    if (line === next) numbers.push([])
    else numbers.at(-1)?.push(line)
  }
  return numbers
}

/** What is known of the enterprise of a user, and of the group. */
export interface Enterprise {
  /** Whether a line is an extension or number of one of its users. */
  readonly knows: (line: string) => boolean
  /** Whether user ids of it end so. */
  readonly hasDomain: (domain: string) => boolean
  /** How many digits the extensions of the user's group have. */
  readonly extensionLengths: ReadonlySet<number>
}

/** Sent straight to a mailbox. */
const toMailbox = '*55'

/**
 * Where one number leads. Inside: what is as long as an extension of the group, or is an extension or number of a user of the
 * enterprise, an address in one of its domains, or one of its mailboxes. A short number says nothing where no extension of the
 * group is known.
 * @param lines of one number, see {@link numbersIn}
 */
export const leadOf = (lines: readonly string[], about: Enterprise): Leading => {
  const [first] = lines
  if (first === undefined) return 'unclear'
  if (first.includes('@')) return about.hasDomain(first.slice(first.indexOf('@') + 1)) ? 'inside' : 'outside'
  if (/[*#]/.test(first)) return first.startsWith(toMailbox) ? 'inside' : 'outside'
  if (lines.some(about.knows)) return 'inside'
  const digits = lines.find((line) => /^\d+$/.test(line))
  if (digits === undefined) return 'outside'
  if (about.extensionLengths.has(digits.length)) return 'inside'
  return about.extensionLengths.size === 0 && digits.length < shortestNational ? 'unclear' : 'outside'
}

/** Where the forwardings of a user lead: outside when one does; undefined when calls are not forwarded, or that is not known. */
export const leadOfAll = (lines: readonly string[], about: Enterprise): Leading | undefined => {
  const leads = numbersIn(lines).map((number) => leadOf(number, about))
  if (leads.length === 0) return undefined
  return leads.includes('outside') ? 'outside' : leads.includes('unclear') ? 'unclear' : 'inside'
}
