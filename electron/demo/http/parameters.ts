import { seesGroup } from '../accounts'
import type { Group } from '../hierarchy'
import { refusals } from '../refusal'
import type { Body, Call } from './call'

/**
 * An own string of a body, or a number as loosely typed clients send, or a list of just one of these, as
 * odins_spear 1.x sends its ids in some releases. Anything else is as if left out.
 */
export function text(body: Body, name: string): string | undefined {
  const given = Object.hasOwn(body, name) ? body[name] : undefined
  const value: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}

export function required(body: Body, name: string): string {
  const value = text(body, name)
  if (value === undefined || value === '') throw refusals.missing(name)
  return value
}

export function asked(call: Call, name: string): string {
  const value = call.query.get(name)
  if (value === null || value === '') throw refusals.missing(name)
  return value
}

/** Python spells it `True`, the portal `true`. */
export function isOn(call: Call, name: string): boolean {
  return /^(true|1)$/i.test(call.query.get(name) ?? '')
}

/** The group that the query names, if the account may see it. */
export function askedGroup(call: Call, command: string): Group {
  const account = call.account()
  const provider = asked(call, 'serviceProviderId')
  const id = asked(call, 'groupId')
  const group = call.world.directory.group(provider, id)
  if (!group) throw refusals.groupNotFound(provider, id, command)
  if (!seesGroup(account, group)) throw refusals.unauthorized(command)
  return group
}

/** `abc` equals, `abc*` starts with, `*abc*` contains; letter case does not matter; an inner `*` is itself. */
export function matcher(pattern: string): (text: string) => boolean {
  const wanted = pattern.toLowerCase()
  if (wanted.length > 1 && wanted.startsWith('*') && wanted.endsWith('*')) {
    const part = wanted.slice(1, -1)
    return (text) => text.toLowerCase().includes(part)
  }
  if (wanted.endsWith('*')) {
    const start = wanted.slice(0, -1)
    return (text) => text.toLowerCase().startsWith(start)
  }
  if (wanted.startsWith('*')) {
    throw refusals.invalid("cvc-enumeration-valid: a search that ends with a value is not supported: '*…'")
  }
  return (text) => text.toLowerCase() === wanted
}
