import type { Directory } from '../../directory'
import type { Manner } from '../../options'
import { refusals } from '../../refusal'
import { list, wobble } from '../../render'
import { checkText } from '../fields'

/** A further number that rings at the same time. */
export interface Location {
  readonly phoneNumber: string
  readonly answerConfirmationRequired: boolean
}

/** Empty is undefined, never `""` or null. Another user is kept by index, so that a rename does not lose them. */
export type Value = boolean | number | string | readonly Location[] | undefined

/** The settings of one service of one user, as the server keeps them. */
export type Settings = Readonly<Record<string, Value>>
export type Draft = Record<string, Value>

/** Whose settings, on which server. */
export interface Place {
  readonly directory: Directory
  readonly manner: Manner
  readonly index: number
  /** The command that a refusal names. */
  readonly command: string
}

/** One writable field of a service. */
export interface FieldRule {
  /** The value as it is kept; throws the refusal of what the schema or a rule does not allow. */
  check(value: unknown, field: string, place: Place): Value
  /** The value as it is answered; undefined leaves the key out. */
  show(value: Value, place: Place): unknown
}

/** Nobody outside has seen what the server says in these cases: they are invented, go out as 4999 and say "(demo text)". */
export const INVENTED = {
  withoutNumber: (service: string) => `${service} cannot be active without a phone number`,
  withoutLocation: 'Simultaneous Ring Personal cannot be active without a location',
  withoutDeliveryAddress: 'Delivering to an e-mail address only needs that address',
  hostWhileOff: 'A host cannot be named while Hoteling Guest is not active',
  hostIsGuest: 'A hoteling guest cannot be their own host',
  destination: (given: string) => `Phone number or SIP URI is not valid: ${given}`,
  twice: (number: string) => `A location is named twice: ${number}`,
} as const

const asKept = (value: Value): unknown => value

function scalar(value: unknown, field: string): string {
  if (value === null) {
    throw refusals.invalid(
      `cvc-elt.3.1: Attribute 'xsi:nil' must not appear on element '${field}', because it is not nillable.`,
    )
  }
  if (typeof value === 'object') {
    throw refusals.invalid(`cvc-type.3.1.2: Element '${field}' is a simple type and has no children.`)
  }
  return String(value).trim()
}

function checkFlag(value: unknown, field: string): boolean {
  const given = scalar(value, field)
  // Text of a boolean is one in the server's command.
  if (given !== 'true' && given !== 'false') {
    throw refusals.invalid(
      `cvc-datatype-valid.1.2.1: '${given.slice(0, 200)}' is not a valid value for 'boolean'.`,
    )
  }
  return given === 'true'
}

export const flag: FieldRule = { check: checkFlag, show: asKept }

function checkWhole(value: unknown, field: string): number {
  const given = scalar(value, field)
  if (!/^[+-]?[0-9]{1,9}$/.test(given)) {
    throw refusals.invalid(
      `cvc-datatype-valid.1.2.1: '${given.slice(0, 200)}' is not a valid value for 'integer'.`,
    )
  }
  return Number(given)
}

/** Both bounds are allowed. */
export const whole = (type: string, min: number, max: number): FieldRule => ({
  check: (value, field) => {
    const given = checkWhole(value, field)
    if (given >= min && given <= max) return given
    const [facet, bound] = given < min ? ['minInclusive', min] : ['maxInclusive', max]
    throw refusals.invalid(
      `cvc-${facet}-valid: Value '${given}' is not facet-valid with respect to ${facet} '${bound}' for type '${type}'.`,
    )
  },
  show: asKept,
})

function refuseUnlisted(value: string | number, values: readonly (string | number)[]): never {
  throw refusals.invalid(
    `cvc-enumeration-valid: Value '${String(value).slice(0, 200)}' is not facet-valid with respect to enumeration '[${values.join(', ')}]'. It must be a value from the enumeration.`,
  )
}

const RINGS = [0, ...Array.from({ length: 19 }, (_, at) => at + 2)]

/** How often it rings before a call goes on: 0 is at once, and 1 is not in the schema's list. */
export const rings: FieldRule = {
  check: (value, field) => {
    const given = checkWhole(value, field)
    return RINGS.includes(given) ? given : refuseUnlisted(given, RINGS)
  },
  show: asKept,
}

export const choice = (values: readonly string[]): FieldRule => ({
  check: (value, field) => {
    const given = scalar(value, field)
    return values.includes(given) ? given : refuseUnlisted(given, values)
  },
  show: asKept,
})

/** Only its length is in the schema: what is not an address is kept all the same. */
export const email: FieldRule = {
  check: (value, field) => checkText(value, field, { max: 80, type: 'EmailAddress', clearable: true }),
  show: asKept,
}

const NUMBER = /^\+?[0-9*#().\- ]+$/
const URI = /^[A-Za-z0-9\-_.!~*'()+]+@[A-Za-z0-9.-]+$/
const OUTGOING = { max: 161, type: 'OutgoingDNorSIPURI', clearable: true }

function checkDestination(
  value: unknown,
  field: string,
  { command }: Place,
  rule = OUTGOING,
): string | undefined {
  const given = checkText(value, field, rule)
  if (given === undefined || NUMBER.test(given) || (rule === OUTGOING && URI.test(given))) return given
  throw refusals.unworded(INVENTED.destination(given), command)
}

const showText = (value: Value, { manner }: Place): unknown =>
  typeof value === 'string' ? wobble(manner, value) : value

/** Where calls go: a number in any form, a star code before one, or a SIP URI without `sip:`. Kept as it was written. */
export const destination: FieldRule = { check: checkDestination, show: showText }

/** A number to call, no SIP URI. */
export const outgoingNumber: FieldRule = {
  check: (value, field, place) =>
    checkDestination(value, field, place, { max: 30, type: 'OutgoingDN', clearable: true }),
  show: showText,
}

/** The phone at which a guest works: another user of the service provider. */
export const hostUser: FieldRule = {
  check: (value, field, { directory, index, command }) => {
    const userId = checkText(value, field, { max: 161, type: 'UserId', clearable: true })
    if (userId === undefined) return undefined
    const host = directory.find(userId)
    const providerOf = (user: number) => directory.groupAt(directory.basics(user).group).provider
    if (host === undefined || providerOf(host) !== providerOf(index))
      throw refusals.userNotFound(userId, command)
    if (host === index) throw refusals.unworded(INVENTED.hostIsGuest, command)
    return host
  },
  show: (value, { directory }) =>
    typeof value === 'number' && directory.exists(value) ? directory.basics(value).userId : undefined,
}

const MAX_LOCATIONS = 10

/** The whole list is replaced; a list of one may come as the bare thing. */
export const locations: FieldRule = {
  check: (value, field, place) => {
    const items = value === null || value === '' ? [] : Array.isArray(value) ? (value as unknown[]) : [value]
    if (items.length > MAX_LOCATIONS) {
      throw refusals.invalid(`cvc-complex-type: '${field}' holds at most ${MAX_LOCATIONS} entries.`)
    }
    const seen = new Set<string>()
    return items.map((item): Location => {
      if (typeof item !== 'object' || item === null || Array.isArray(item)) {
        throw refusals.invalid(`cvc-complex-type.2.3: Element '${field}' must have children.`)
      }
      const { phoneNumber: given, answerConfirmationRequired = false } = item as Record<string, unknown>
      const phoneNumber = checkDestination(given ?? '', 'phoneNumber', place)
      if (phoneNumber === undefined)
        throw refusals.invalid("cvc-complex-type.2.4: 'phoneNumber' is expected.")
      if (seen.has(phoneNumber)) throw refusals.unworded(INVENTED.twice(phoneNumber), place.command)
      seen.add(phoneNumber)
      return {
        phoneNumber,
        answerConfirmationRequired: checkFlag(answerConfirmationRequired, 'answerConfirmationRequired'),
      }
    })
  },
  show: (value, { manner }) =>
    Array.isArray(value)
      ? list(
          manner,
          (value as readonly Location[]).map((one) => ({
            ...one,
            phoneNumber: wobble(manner, one.phoneNumber),
          })),
        )
      : [],
}
