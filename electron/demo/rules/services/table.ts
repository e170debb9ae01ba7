import { refusals } from '../../refusal'
import {
  choice,
  type Draft,
  destination,
  email,
  type FieldRule,
  flag,
  hostUser,
  INVENTED,
  locations,
  outgoingNumber,
  type Place,
  rings,
  type Settings,
  whole,
} from './fields'

/** A service of a user that can be read and changed by a path of its own. */
export interface ServiceRule {
  /** As the server spells it. */
  readonly name: string
  /** Below `/users`. */
  readonly path: string
  /** The OCI command of a change; the one of a read is named alike. */
  readonly command: string
  /** Whether a whole group can be read, and changed, by one call. */
  readonly bulk: 'none' | 'read' | 'write'
  readonly fields: Readonly<Record<string, FieldRule>>
  /** Looks at the settings as they would be after a change: refuses them, or brings in order what follows from it. */
  readonly settle?: (
    draft: Draft,
    before: Settings,
    body: Readonly<Record<string, unknown>>,
    place: Place,
  ) => void
  /** What is shown beside the fields and cannot be written. */
  readonly readOnly?: (settings: Settings, place: Place) => Record<string, unknown>
  /** Keys that the single read of some servers has without meaning: sent in the awkward manner. */
  readonly stray?: Readonly<Record<string, unknown>>
}

const needs =
  (field: string, service: string): NonNullable<ServiceRule['settle']> =>
  (draft, _before, _body, { command }) => {
    if (draft.isActive === true && draft[field] === undefined) {
      throw refusals.unworded(INVENTED.withoutNumber(service), command)
    }
  }

function forwarding(
  kind: string,
  path: string,
  command: string,
  more: Pick<ServiceRule, 'stray'> & { fields?: ServiceRule['fields'] } = {},
): ServiceRule {
  const name = `Call Forwarding ${kind}`
  return {
    name,
    path: `call-forwarding-${path}`,
    command: `UserCallForwarding${command}ModifyRequest`,
    bulk: 'write',
    fields: { isActive: flag, forwardToPhoneNumber: destination, ...more.fields },
    settle: needs('forwardToPhoneNumber', name),
    ...(more.stray === undefined ? {} : { stray: more.stray }),
  }
}

export const VOICE_MESSAGING = 'Voice Messaging User'
const DELIVER_ONLY = 'Deliver To Email Address Only'

const place = ({ directory, index }: Place) => {
  const group = directory.groupAt(directory.basics(index).group)
  return { serviceProviderId: group.provider.id, groupId: group.groupId }
}

const hasText = (body: Readonly<Record<string, unknown>>, field: string) =>
  Object.hasOwn(body, field) && body[field] !== null && body[field] !== ''

/** The twelve services that the demo server can change. Limits and enumerations are those of the OCI-P schema. */
export const SERVICES: readonly ServiceRule[] = [
  {
    name: 'Do Not Disturb',
    path: 'do-not-disturb',
    command: 'UserDoNotDisturbModifyRequest',
    bulk: 'none',
    fields: { isActive: flag, ringSplash: flag },
  },
  forwarding('Always', 'always', 'Always', { fields: { isRingSplashActive: flag } }),
  forwarding('Busy', 'busy', 'Busy', { stray: { isRingSplashActive: false } }),
  forwarding('No Answer', 'no-answer', 'NoAnswer', { fields: { numberOfRings: rings } }),
  forwarding('Not Reachable', 'not-reachable', 'NotReachable', { stray: { numberOfRings: 3 } }),
  {
    name: VOICE_MESSAGING,
    path: 'voice-messaging',
    command: 'UserVoiceMessagingUserModifyVoiceManagementRequest',
    bulk: 'write',
    fields: {
      isActive: flag,
      processing: choice(['Unified Voice and Email Messaging', DELIVER_ONLY]),
      voiceMessageDeliveryEmailAddress: email,
      usePhoneMessageWaitingIndicator: flag,
      sendVoiceMessageNotifyEmail: flag,
      voiceMessageNotifyEmailAddress: email,
      sendCarbonCopyVoiceMessage: flag,
      voiceMessageCarbonCopyEmailAddress: email,
      transferOnZeroToPhoneNumber: flag,
      transferPhoneNumber: outgoingNumber,
      alwaysRedirectToVoiceMail: flag,
      busyRedirectToVoiceMail: flag,
      noAnswerRedirectToVoiceMail: flag,
      outOfPrimaryZoneRedirectToVoiceMail: flag,
    },
    settle: (draft, _before, _body, { command }) => {
      if (draft.processing === DELIVER_ONLY && draft.voiceMessageDeliveryEmailAddress === undefined) {
        throw refusals.unworded(INVENTED.withoutDeliveryAddress, command)
      }
    },
    readOnly: (_settings, where) => place(where),
  },
  {
    name: 'Call Waiting',
    path: 'call-waiting',
    command: 'UserCallWaitingModifyRequest',
    bulk: 'none',
    fields: { isActive: flag, disableCallingLineIdDelivery: flag },
  },
  {
    name: 'Calling Line ID Delivery Blocking',
    path: 'calling-line-id-delivery-blocking',
    command: 'UserCallingLineIDDeliveryBlockingModifyRequest',
    bulk: 'write',
    fields: { isActive: flag },
  },
  {
    name: 'Remote Office',
    path: 'remote-office',
    command: 'UserRemoteOfficeModifyRequest',
    bulk: 'none',
    fields: { isActive: flag, remoteOfficePhoneNumber: destination },
    settle: needs('remoteOfficePhoneNumber', 'Remote Office'),
  },
  {
    name: 'Hoteling Guest',
    path: 'hoteling-guest',
    command: 'UserHotelingGuestModifyRequest21',
    bulk: 'write',
    fields: {
      isActive: flag,
      enableAssociationLimit: flag,
      associationLimitHours: whole('HotelingAssociationLimitHours', 1, 999),
      hostUserId: hostUser,
    },
    settle: (draft, before, body, { command }) => {
      if (draft.isActive === false) {
        if (hasText(body, 'hostUserId')) throw refusals.unworded(INVENTED.hostWhileOff, command)
        // A guest who is none any more has no host. Believable, and seen nowhere.
        draft.hostUserId = undefined
      }
      if (draft.hostUserId !== before.hostUserId) draft.hostSince = new Date().toISOString()
    },
    readOnly: ({ hostUserId: host, hostSince }, { directory }) => {
      if (typeof host !== 'number' || !directory.exists(host)) return {}
      const { firstName, lastName } = directory.basics(host)
      return {
        hostFirstName: firstName,
        hostLastName: lastName,
        hostAssociationDateTime: hostSince,
        hostEnforcesAssociationLimit: true,
        hostAssociationLimitHours: 24,
      }
    },
  },
  {
    name: 'Anonymous Call Rejection',
    path: 'anonymous-call-rejection',
    command: 'UserAnonymousCallRejectionModifyRequest',
    bulk: 'read',
    fields: { isActive: flag },
  },
  {
    name: 'Simultaneous Ring Personal',
    path: 'simultaneous-ring-personal',
    command: 'UserSimultaneousRingPersonalModifyRequest17',
    bulk: 'none',
    fields: { isActive: flag, doNotRingIfOnCall: flag, locations },
    settle: (draft, _before, _body, { command }) => {
      if (draft.isActive === true && (draft.locations as readonly unknown[]).length === 0) {
        throw refusals.unworded(INVENTED.withoutLocation, command)
      }
    },
    readOnly: () => ({ criteria: [] }),
  },
]

/** What a body changes, checked in full before anything is kept. Absent, unknown and read-only keys change nothing. */
export function changedSettings(
  service: ServiceRule,
  before: Settings,
  body: Readonly<Record<string, unknown>>,
  where: Place,
): Settings {
  const draft: Draft = { ...before }
  for (const [field, rule] of Object.entries(service.fields)) {
    if (Object.hasOwn(body, field)) draft[field] = rule.check(body[field], field, where)
  }
  service.settle?.(draft, before, body, where)
  return draft
}

/** The object as it is answered, without the user id: what is empty is a key less. */
export function shownSettings(
  service: ServiceRule,
  settings: Settings,
  where: Place,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [field, rule] of Object.entries(service.fields)) {
    const value = settings[field]
    const out = value === undefined ? undefined : rule.show(value, where)
    if (out !== undefined) shown[field] = out
  }
  return { ...shown, ...service.readOnly?.(settings, where) }
}

/** The rule of the service that the server spells so. */
export function serviceNamed(name: string): ServiceRule {
  const found = SERVICES.find((service) => service.name === name)
  if (!found) throw new Error(`No service is called ${name}`)
  return found
}
