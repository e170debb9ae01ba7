import { describe, expect, it } from 'vitest'
import { type ServiceId, services } from '../../../../shared/calls/catalogue'
import { whatHappens } from '../../../../shared/calls/sentence'
import type { FieldValue } from '../../../../shared/user/types'

const quiet: Record<string, FieldValue> = Object.fromEntries(
  services.flatMap(({ fields }) =>
    fields.map(({ path, kind }) => [path, kind === 'boolean' ? false : kind === 'integer' ? 4 : null]),
  ),
)

const said = (
  values: Record<string, FieldValue | undefined> = {},
  lacking: readonly ServiceId[] = [],
): string => {
  const all: Record<string, FieldValue | undefined> = { ...quiet, ...values }
  return whatHappens({ valueAt: (path) => all[path], has: (service) => !lacking.includes(service) })
}

const mail = { 'voiceMessaging.isActive': true }
const to = (service: string, number: string, more: Record<string, FieldValue> = {}) => ({
  [`${service}.isActive`]: true,
  [`${service}.forwardToPhoneNumber`]: number,
  ...more,
})

describe('what happens to a call', () => {
  it.each<[string, Record<string, FieldValue | undefined>]>([
    ['Rings until the caller gives up.', {}],
    ['All calls go to +15135550100.', to('callForwardingAlways', '+15135550100')],
    ['All calls go to voice mail.', { ...mail, 'voiceMessaging.alwaysRedirectToVoiceMail': true }],
    ['Do not disturb: callers hear busy.', { 'doNotDisturb.isActive': true }],
    [
      'Do not disturb: calls go to voice mail.',
      { ...mail, 'doNotDisturb.isActive': true, 'voiceMessaging.busyRedirectToVoiceMail': true },
    ],
    [
      'Do not disturb: calls go to 4711.',
      { 'doNotDisturb.isActive': true, ...to('callForwardingBusy', '4711') },
    ],
    ['Rings 4 times, then goes to 4500.', to('callForwardingNoAnswer', '4500')],
    [
      'Rings, but goes at once to 4500.',
      to('callForwardingNoAnswer', '4500', { 'callForwardingNoAnswer.numberOfRings': 0 }),
    ],
    [
      'Rings, then goes to voice mail. When busy: voice mail.',
      {
        ...mail,
        'voiceMessaging.busyRedirectToVoiceMail': true,
        'voiceMessaging.noAnswerRedirectToVoiceMail': true,
      },
    ],
    [
      'Rings at ana@home.example until the caller gives up.',
      { 'remoteOffice.isActive': true, 'remoteOffice.remoteOfficePhoneNumber': 'ana@home.example' },
    ],
    [
      'Rings here and at 4711 (to be confirmed), 4712 and 1 more until the caller gives up.',
      {
        'simultaneousRingPersonal.isActive': true,
        'simultaneousRingPersonal.locations': [
          { phoneNumber: '4711', answerConfirmationRequired: true },
          { phoneNumber: 4712 },
          { phoneNumber: '4713' },
        ],
      },
    ],
    [
      'Intercepted: callers hear an announcement.',
      {
        'intercept.isActive': true,
        'intercept.inboundCallMode': 'Intercept All',
        ...to('callForwardingAlways', '4711'),
      },
    ],
    [
      'Intercepted: all calls go to voice mail.',
      {
        'intercept.isActive': true,
        'intercept.inboundCallMode': 'Intercept All',
        'intercept.routeToVoiceMail': true,
      },
    ],
    [
      'Rings until the caller gives up.',
      { 'intercept.isActive': true, 'intercept.inboundCallMode': 'Allow All' },
    ],
    [
      'Intercept is on, and which calls it stops is not known. Rings until the caller gives up.',
      { 'intercept.isActive': true, 'intercept.inboundCallMode': undefined },
    ],
    [
      'Calls that a rule of selective forwarding names go to 4711. All calls go to 4500.',
      {
        'callForwardingSelective.isActive': true,
        'callForwardingSelective.defaultForwardToPhoneNumber': '4711',
        ...to('callForwardingAlways', '4500'),
      },
    ],
    // A number that is only prepared does nothing.
    ['Rings until the caller gives up.', { 'callForwardingAlways.forwardToPhoneNumber': '4711' }],
    // Voice mail that is off takes no call.
    ['Rings until the caller gives up.', { 'voiceMessaging.noAnswerRedirectToVoiceMail': true }],
  ])('%s', (sentence, values) => {
    expect(said(values)).toBe(sentence)
  })

  it('a service that the user does not have does nothing, whatever is left of it', () => {
    expect(said(to('callForwardingAlways', '4711'), ['callForwardingAlways'])).toBe(
      'Rings until the caller gives up.',
    )
  })

  it('what was not read is said, not guessed', () => {
    expect(said({ 'intercept.isActive': undefined, 'callForwardingSelective.isActive': undefined })).toBe(
      'Rings until the caller gives up. Not read yet: call forwarding selective, intercept.',
    )
    expect(said({ 'doNotDisturb.isActive': undefined })).toBe(
      'Rings until the caller gives up. Not read yet: do not disturb.',
    )
    expect(whatHappens({ valueAt: () => undefined, has: () => undefined })).toBe(
      'What happens to a call was not read yet.',
    )
  })
})
