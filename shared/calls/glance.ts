import { displayValue } from '../user/value'
import type { ServiceId } from './catalogue'
import type { Known } from './sentence'

/** `none`: the user does not have the service. */
export type Switch = 'on' | 'off' | 'none'

/** One place to which calls are forwarded. */
export interface Forward {
  /** As it is written; undefined when the server sent something that is no number. */
  readonly to: string | undefined
  readonly when: 'always' | 'busy' | 'no answer' | 'not reachable'
}

/** What lists of users tell of call handling; each is left out until it is known. */
export interface Glance {
  /** The forwardings that are on; none is known to be none. */
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
]

/** What is known of one user. Where calls are forwarded is known when all four services are: one alone proves no "no". */
export function glanceOf({ valueAt, has }: Known): Glance {
  const switchOf = (service: ServiceId): Switch | undefined => {
    const assigned = has(service)
    if (assigned === undefined) return undefined
    if (!assigned) return 'none'
    const on = valueAt(`${service}.isActive`)
    return on === undefined ? undefined : on === true ? 'on' : 'off'
  }
  const forwards: Forward[] = []
  let known = true
  for (const [service, when] of forwardings) {
    const on = switchOf(service)
    if (on === undefined) known = false
    if (on !== 'on') continue
    const path = `${service}.forwardToPhoneNumber`
    const to = valueAt(path)
    forwards.push({ to: to === undefined || to === null ? undefined : displayValue(path, to), when })
  }
  const told = {
    forwards: known ? forwards : undefined,
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
