import type { JsonObject } from '../json'
import type { FieldValue } from '../user/types'
import { displayValue, plainText } from '../user/value'
import type { ServiceId } from './catalogue'
import type { Known } from './sentence'

/** `none`: the user does not have the service. */
export type Switch = 'on' | 'off' | 'none'

/** One place to which calls are forwarded. */
export interface Forward {
  /** As it is written; undefined when the server sent something that is no number. */
  readonly to: string | undefined
  readonly when:
    | 'always'
    | 'busy'
    | 'no answer'
    | 'not reachable'
    | 'by rule'
    | 'remote office'
    | 'rings as well'
}

/** What lists of users tell of call handling; each is left out until it is known. */
export interface Glance {
  /**
   * The forwardings that are on; none is known to be none. What leads calls elsewhere beside the four forwardings is among
   * them as far as it was read: no call tells it of a whole group.
   */
  readonly forwards?: readonly Forward[]
  readonly doNotDisturb?: Switch
  readonly voiceMail?: Switch
  readonly remoteOffice?: Switch
}

const forwardings: readonly (readonly [ServiceId, Forward['when']])[] = [
  ['callForwardingAlways', 'always'],
  ['callForwardingBusy', 'busy'],
  ['callForwardingNoAnswer', 'no answer'],
  ['callForwardingNotReachable', 'not reachable'],
]

/** The services that tell where calls are forwarded. */
export const forwardServices: readonly ServiceId[] = forwardings.map(([id]) => id)

/** The services of which a glance is made. */
export const glanceServices: readonly ServiceId[] = [
  ...forwardServices,
  'doNotDisturb',
  'voiceMessaging',
  'remoteOffice',
  'callForwardingSelective',
  'simultaneousRingPersonal',
]

const textOf = (path: string, value: FieldValue | undefined): string | undefined =>
  value === undefined || value === null ? undefined : displayValue(path, value)

const partsOf = (list: FieldValue | undefined): JsonObject[] =>
  Array.isArray(list)
    ? list.filter((one): one is JsonObject => typeof one === 'object' && one !== null && !Array.isArray(one))
    : []

/** Where calls go, or ring, beside the four forwardings, as far as it is known to be on. */
function otherWays({ valueAt, has }: Known): Forward[] {
  const isOn = (service: ServiceId) => has(service) === true && valueAt(`${service}.isActive`) === true
  const ways: Forward[] = []
  if (isOn('callForwardingSelective')) {
    const path = 'callForwardingSelective.defaultForwardToPhoneNumber'
    const rules = partsOf(valueAt('callForwardingSelective.criteria'))
      .filter(({ isActive }) => isActive !== false && isActive !== 'false')
      .flatMap(({ forwardTo }) => plainText(forwardTo) || [])
    const numbers = new Set([textOf(path, valueAt(path)) ?? [], rules].flat())
    if (numbers.size === 0) ways.push({ to: undefined, when: 'by rule' })
    for (const to of numbers) ways.push({ to, when: 'by rule' })
  }
  if (isOn('remoteOffice')) {
    const path = 'remoteOffice.remoteOfficePhoneNumber'
    ways.push({ to: textOf(path, valueAt(path)), when: 'remote office' })
  }
  if (isOn('simultaneousRingPersonal')) {
    for (const { phoneNumber } of partsOf(valueAt('simultaneousRingPersonal.locations'))) {
      ways.push({ to: plainText(phoneNumber) || undefined, when: 'rings as well' })
    }
  }
  return ways
}

/** What is known of one user. Where calls are forwarded is known when all four services are: one alone proves no "no". */
export function glanceOf(known: Known): Glance {
  const { valueAt, has } = known
  const switchOf = (service: ServiceId): Switch | undefined => {
    const assigned = has(service)
    if (assigned === undefined) return undefined
    if (!assigned) return 'none'
    const on = valueAt(`${service}.isActive`)
    return on === undefined ? undefined : on === true ? 'on' : 'off'
  }
  const forwards: Forward[] = []
  let isKnown = true
  for (const [service, when] of forwardings) {
    const on = switchOf(service)
    if (on === undefined) isKnown = false
    if (on !== 'on') continue
    const path = `${service}.forwardToPhoneNumber`
    forwards.push({ to: textOf(path, valueAt(path)), when })
  }
  const told = {
    forwards: isKnown ? [...forwards, ...otherWays(known)] : undefined,
    doNotDisturb: switchOf('doNotDisturb'),
    voiceMail: switchOf('voiceMessaging'),
    remoteOffice: switchOf('remoteOffice'),
  }
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}

/** The forwardings in words: a number once, and when, unless that is always. */
export function forwardsInWords(forwards: readonly Forward[]): string {
  const byNumber = new Map<string, Forward['when'][]>()
  for (const { to = 'unknown number', when } of forwards) {
    const before = byNumber.get(to)
    if (before === undefined) byNumber.set(to, [when])
    else before.push(when)
  }
  return [...byNumber]
    .map(([to, when]) => (when.includes('always') ? to : `${to} (${when.join(', ')})`))
    .join('; ')
}
