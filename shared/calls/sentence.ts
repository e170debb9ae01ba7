import type { FieldPath, FieldValue } from '../user/types'
import { displayValue } from '../user/value'
import { type ServiceId, services } from './catalogue'

/** What is known of the call handling of one user. */
export interface Known {
  /** The value of a field; `null` when it is empty, `undefined` when it was not read. */
  valueAt(path: FieldPath): FieldValue | undefined
  /** Whether the user has the service; `undefined` when that is not known. */
  has(service: ServiceId): boolean | undefined
}

type Answer = boolean | undefined

/**
 * What happens to a call to this user now, in one plain sentence and what goes before it. The order is that of the server as
 * far as operators describe it: intercept, selective forwarding (for the calls that its rules name), forwarding always, voice mail for all, do not disturb (which counts as busy), then the phone, and on no
 * answer forwarding before voice mail. What was not read is said, never guessed.
 */
export function whatHappens(known: Known): string {
  const unread = services.filter(({ id, fields, readOnly }) => {
    const has = known.has(id)
    // Of what is only shown, a server need not tell more than whether it is on.
    const telling = readOnly ? fields.slice(0, 1) : fields
    return has === undefined || (has && telling.some(({ path }) => known.valueAt(path) === undefined))
  })
  if (unread.length === services.length) return 'What happens to a call was not read yet.'
  const sentence = sentenceOf(known)
  const labels = unread.filter(({ id }) => deciding.has(id)).map(({ label }) => label.toLowerCase())
  return labels.length === 0 ? sentence : `${sentence} Not read yet: ${labels.join(', ')}.`
}

const deciding: ReadonlySet<ServiceId> = new Set([
  'doNotDisturb',
  'callForwardingAlways',
  'callForwardingBusy',
  'callForwardingNoAnswer',
  'voiceMessaging',
  'remoteOffice',
  'simultaneousRingPersonal',
  'callForwardingSelective',
  'intercept',
])

function sentenceOf(known: Known): string {
  const { valueAt, has } = known
  const isOn = (service: ServiceId): boolean =>
    has(service) !== false && valueAt(`${service}.isActive`) === true
  const before: string[] = []
  if (isOn('intercept')) {
    const mode = valueAt('intercept.inboundCallMode')
    if (mode === 'Intercept All') {
      return valueAt('intercept.routeToVoiceMail') === true
        ? 'Intercepted: all calls go to voice mail.'
        : 'Intercepted: callers hear an announcement.'
    }
    if (mode === 'Allow System Dns') before.push('Intercepted, but for calls from numbers of the system.')
    else if (mode !== 'Allow All') before.push('Intercept is on, and which calls it stops is not known.')
  }
  if (isOn('callForwardingSelective')) {
    const path = 'callForwardingSelective.defaultForwardToPhoneNumber'
    const to = valueAt(path)
    const where = to === undefined || to === null ? 'where the rule says' : `to ${displayValue(path, to)}`
    before.push(`Calls that a rule of selective forwarding names go ${where}.`)
  }
  return [...before, withoutExceptions(known)].join(' ')
}

const mostNumbers = 2

function otherNumbers(list: FieldValue | undefined): string {
  if (!Array.isArray(list)) return 'other numbers'
  const numbers = list.map((one) => displayValue('simultaneousRingPersonal.locations', [one]))
  if (numbers.length <= mostNumbers) return numbers.join(' and ')
  return `${numbers.slice(0, mostNumbers).join(', ')} and ${numbers.length - mostNumbers} more`
}

function withoutExceptions({ valueAt, has }: Known): string {
  const isOn = (service: ServiceId, name: string): Answer =>
    has(service) === false ? false : (valueAt(`${service}.${name}`) as Answer)
  const to = (service: ServiceId, name = 'forwardToPhoneNumber'): string | undefined => {
    const value = valueAt(`${service}.${name}`)
    if (isOn(service, 'isActive') !== true || value === undefined || value === null) return undefined
    return displayValue(`${service}.${name}`, value)
  }
  const mail = (when: string): boolean =>
    isOn('voiceMessaging', 'isActive') === true && isOn('voiceMessaging', when) === true

  const always = to('callForwardingAlways')
  if (always !== undefined) return `All calls go to ${always}.`
  if (mail('alwaysRedirectToVoiceMail')) return 'All calls go to voice mail.'

  const whenBusy = to('callForwardingBusy')
  const busy = whenBusy !== undefined ? whenBusy : mail('busyRedirectToVoiceMail') ? 'voice mail' : undefined
  if (isOn('doNotDisturb', 'isActive') === true) {
    return busy === undefined ? 'Do not disturb: callers hear busy.' : `Do not disturb: calls go to ${busy}.`
  }

  const where = to('remoteOffice', 'remoteOfficePhoneNumber')
  const rings =
    where !== undefined
      ? `Rings at ${where}`
      : isOn('simultaneousRingPersonal', 'isActive') === true
        ? `Rings here and at ${otherNumbers(valueAt('simultaneousRingPersonal.locations'))}`
        : 'Rings'
  const noAnswer = to('callForwardingNoAnswer')
  const times = valueAt('callForwardingNoAnswer.numberOfRings')
  const then =
    noAnswer !== undefined
      ? times === 0
        ? `, but goes at once to ${noAnswer}`
        : `${typeof times === 'number' ? ` ${times} times` : ''}, then goes to ${noAnswer}`
      : mail('noAnswerRedirectToVoiceMail')
        ? ', then goes to voice mail'
        : ' until the caller gives up'
  return `${rings}${then}.${busy === undefined ? '' : ` When busy: ${busy}.`}`
}
