import { describe, expect, it } from 'vitest'
import type { ServiceId } from '../../../../shared/calls/catalogue'
import { forwardsInWords, glanceOf } from '../../../../shared/calls/glance'
import { type Enterprise, forwardLines, leadOfAll } from '../../../../shared/query/forwarding'
import type { FieldValue } from '../../../../shared/user/types'

const forwardings: readonly ServiceId[] = [
  'callForwardingAlways',
  'callForwardingBusy',
  'callForwardingNoAnswer',
  'callForwardingNotReachable',
]
const glance = (
  fields: Record<string, FieldValue>,
  has: Partial<Record<ServiceId, boolean>> = Object.fromEntries(forwardings.map((id) => [id, true])),
) => glanceOf({ valueAt: (path) => fields[path], has: (service) => has[service] })
const allOff = Object.fromEntries(forwardings.map((id) => [`${id}.isActive`, false]))

describe('call handling at a glance', () => {
  it('knows where calls go only when all four forwardings are known', () => {
    expect(glance({})).toEqual({})
    expect(glance({ 'callForwardingAlways.isActive': true })).toEqual({})
    expect(glance(allOff)).toEqual({ forwards: [] })
    expect(glance({}, Object.fromEntries(forwardings.map((id) => [id, false])))).toEqual({ forwards: [] })
  })

  it('tells a service that is off from one that is not there, and both from one that was not read', () => {
    const has = { doNotDisturb: true, voiceMessaging: false, remoteOffice: true }
    expect(glance({ 'doNotDisturb.isActive': false }, has)).toEqual({
      doNotDisturb: 'off',
      voiceMail: 'none',
    })
  })

  it('takes what leads calls elsewhere beside the forwardings along, as far as it was read', () => {
    const has = Object.fromEntries(
      [...forwardings, 'remoteOffice', 'simultaneousRingPersonal', 'callForwardingSelective'].map((id) => [
        id,
        true,
      ]),
    )
    const ways = {
      'remoteOffice.isActive': true,
      'remoteOffice.remoteOfficePhoneNumber': '+442079460123',
      'simultaneousRingPersonal.isActive': true,
      'simultaneousRingPersonal.locations': [{ phoneNumber: 4711 }, { phoneNumber: '+15135550100' }],
      'callForwardingSelective.isActive': true,
      'callForwardingSelective.defaultForwardToPhoneNumber': '4500',
      'callForwardingSelective.criteria': [
        { criteriaName: 'Nights', isActive: true, forwardTo: '+390612345' },
        { criteriaName: 'Days', isActive: false, forwardTo: '+390699999' },
        { criteriaName: 'Weekends', isActive: true, forwardTo: '4500' },
      ],
    }
    expect(forwardsInWords(glance({ ...allOff, ...ways }, has).forwards ?? [])).toBe(
      '4500 (by rule); +390612345 (by rule); +442079460123 (remote office); ' +
        '4711 (rings as well); +15135550100 (rings as well)',
    )
    // Switched off they lead nowhere, and of who lacks them nothing that is left counts.
    const off = Object.fromEntries(
      Object.entries(ways).map(([path, value]) => [path, value === true ? false : value]),
    )
    expect(glance({ ...allOff, ...off }, has).forwards).toEqual([])
    const lacks = {
      ...has,
      remoteOffice: false,
      simultaneousRingPersonal: false,
      callForwardingSelective: false,
    }
    expect(glance({ ...allOff, ...ways }, lacks).forwards).toEqual([])
    // They alone do not tell that the forwardings are off.
    expect(glance(ways, has)).not.toHaveProperty('forwards')
  })

  it('names a number once, with the cases in which it is called', () => {
    const { forwards = [] } = glance({
      ...allOff,
      'callForwardingBusy.isActive': true,
      'callForwardingBusy.forwardToPhoneNumber': 4500,
      'callForwardingNoAnswer.isActive': true,
      'callForwardingNoAnswer.forwardToPhoneNumber': '4500',
      'callForwardingNotReachable.isActive': true,
      'callForwardingAlways.forwardToPhoneNumber': '+15135550100',
    })
    expect(forwardsInWords(forwards)).toBe('4500 (busy, no answer); unknown number (not reachable)')
  })
})

describe('where forwardings lead', () => {
  const enterprise: Enterprise = {
    knows: (line) => ['5135550123', '+15135550123', '77123'].includes(line),
    hasDomain: (domain) => domain === 'acme.example',
    extensionLengths: new Set([4]),
  }
  it.each([
    ['4500', 'inside'],
    ['77123', 'inside'],
    ['450', 'outside'],
    ['5135550123', 'inside'],
    ['+1 (513) 555-0123', 'inside'],
    ['513-555-0124', 'outside'],
    ['+442079460000', 'outside'],
    ['*551240', 'inside'],
    ['*72', 'outside'],
    ['anna@ACME.example', 'inside'],
    ['anna@elsewhere.example', 'outside'],
    [undefined, 'unclear'],
  ])('%s: %s', (to, lead) => {
    const lines = forwardLines([{ to, when: 'always' }], { countryCode: '1' })
    expect(leadOfAll(lines, enterprise)).toBe(lead)
  })

  it('is not guessed of a short number where no extension of the group is known', () => {
    const lines = forwardLines([{ to: '4500', when: 'always' }], {})
    expect(leadOfAll(lines, { ...enterprise, extensionLengths: new Set() })).toBe('unclear')
  })

  it('is outside when one of them is, and nothing where calls are not forwarded', () => {
    const lines = forwardLines(
      [
        { to: '4500', when: 'busy' },
        { to: '+442079460000', when: 'no answer' },
      ],
      {},
    )
    expect(leadOfAll(lines, enterprise)).toBe('outside')
    expect(leadOfAll(forwardLines([], {}), enterprise)).toBeUndefined()
    expect(leadOfAll([], enterprise)).toBeUndefined()
  })
})
