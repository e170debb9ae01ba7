import { refusals } from '../refusal'

/**
 * One text field of the user object: its largest length in characters and the name of its OCI type, which
 * validation errors cite. Every value has at least one character; a field that is not clearable refuses
 * `""` and null. Source: the OCI-P schema, through user-fields.json.
 */
export interface TextRule {
  readonly max: number
  readonly type: string
  readonly clearable: boolean
}

const name = (type: string): TextRule => ({ max: 30, type, clearable: false })
const text = (max: number, type: string): TextRule => ({ max, type, clearable: true })

export const TEXT_FIELDS = {
  lastName: name('LastName'),
  firstName: name('FirstName'),
  callingLineIdLastName: name('CallingLineIdLastName'),
  callingLineIdFirstName: name('CallingLineIdFirstName'),
  hiraganaLastName: name('HiraganaLastName'),
  hiraganaFirstName: name('HiraganaFirstName'),
  title: text(50, 'Title'),
  pagerPhoneNumber: text(30, 'InformationalDN'),
  mobilePhoneNumber: text(30, 'OutgoingDN'),
  emailAddress: text(80, 'EmailAddress'),
  yahooId: text(50, 'YahooId'),
  addressLocation: text(80, 'AddressLocation'),
  callingLineIdPhoneNumber: text(23, 'DN'),
} as const satisfies Record<string, TextRule>

export const CHOSEN_FIELDS = {
  language: { max: 40, type: 'Language', clearable: false },
  timeZone: { max: 127, type: 'TimeZone', clearable: false },
  networkClassOfService: { max: 40, type: 'NetworkClassOfServiceName', clearable: false },
  phoneNumber: text(23, 'DN'),
  extension: text(20, 'Extension17'),
} as const satisfies Record<string, TextRule>

export const ADDRESS_FIELDS = {
  addressLine1: text(80, 'AddressLine'),
  addressLine2: text(80, 'AddressLine'),
  city: text(50, 'City'),
  stateOrProvince: text(50, 'StateOrProvince'),
  zipOrPostalCode: text(50, 'ZipOrPostalCode'),
  country: text(50, 'Country'),
} as const satisfies Record<string, TextRule>

export const LENGTHS = {
  department: 50,
  id: 161,
  description: 80,
  nameDialing: 30,
  deviceName: 40,
  sipContact: 1020,
  trunkGroup: 30,
  enterpriseTrunk: 30,
  trunkIdentity: 80,
  physicalLocation: 1024,
} as const

const SIP_URI = /^[A-Za-z0-9\-_.!~*'()]+@[A-Za-z0-9\-_.!~*'()]+$/
const LINE_PORT = /^\+?[A-Za-z0-9\-_.!~*'()@]+$/

/** XML 1.0 cannot carry control characters or halves of surrogate pairs, so the server's command cannot either. */
const NOT_XML = /[^\P{C}\t\n\r\p{Cf}\p{Co}\p{Cn}]|[\ufffe\uffff]/u

/** An XML token: outer white space goes, inner runs of it become one space. */
const token = (value: string) => value.replace(/[\t\n\r ]+/g, ' ').replace(/^ | $/g, '')

/**
 * The value of a text field as the server keeps it; undefined when it is cleared by null or `""`.
 * Numbers are taken as their digits. Refuses with [Error 6004] what the schema does not allow.
 */
export function checkText(value: unknown, field: string, rule: TextRule): string | undefined {
  if (value !== null && typeof value !== 'string' && typeof value !== 'number') {
    throw refusals.invalid(`cvc-type.3.1.2: Element '${field}' is a simple type and has no children.`)
  }
  const kept = value === null ? '' : token(String(value))
  if (kept === '') {
    if (rule.clearable) return undefined
    throw refusals.invalid(
      value === null
        ? `cvc-elt.3.1: Attribute 'xsi:nil' must not appear on element '${field}', because it is not nillable.`
        : `cvc-minLength-valid: Value '' with length = '0' is not facet-valid with respect to minLength '1' for type '${rule.type}'.`,
    )
  }
  const length = [...kept].length
  if (length > rule.max) {
    throw refusals.invalid(
      `cvc-maxLength-valid: Value '${kept.slice(0, 200)}' with length = '${length}' is not facet-valid with respect to maxLength '${rule.max}' for type '${rule.type}'.`,
    )
  }
  if (NOT_XML.test(kept)) {
    throw refusals.invalid(`An invalid XML character was found in the element content of '${field}'.`)
  }
  return kept
}

/** A text that must be there. */
export function checkRequired(value: unknown, field: string, max: number, type: string): string {
  return checkText(value, field, { max, type, clearable: false }) ?? ''
}

/** `user@host`, as aliases and alternate ids are written. */
export function checkSipUri(value: unknown, field: string): string {
  const kept = checkRequired(value, field, LENGTHS.id, 'SIPURI')
  if (!SIP_URI.test(kept)) {
    throw refusals.invalid(
      `cvc-pattern-valid: Value '${kept}' is not facet-valid with respect to the pattern of type 'SIPURI'.`,
    )
  }
  return kept
}

export function checkLinePort(value: unknown, field: string): string {
  const kept = checkRequired(value, field, LENGTHS.id, 'AccessDeviceEndpointLinePort')
  if (!LINE_PORT.test(kept) || !kept.includes('@')) {
    throw refusals.invalid(
      `cvc-pattern-valid: Value '${kept}' is not facet-valid with respect to the pattern of type 'AccessDeviceEndpointLinePort'.`,
    )
  }
  return kept
}
