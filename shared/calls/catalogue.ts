import type { Field } from '../user/catalogue'
import type { FieldPath } from '../user/types'

/** A call-handling service of a user, by the name under which the catalogue keeps its fields. */
export type ServiceId =
  | 'doNotDisturb'
  | 'callForwardingAlways'
  | 'callForwardingBusy'
  | 'callForwardingNoAnswer'
  | 'callForwardingNotReachable'
  | 'voiceMessaging'
  | 'callWaiting'
  | 'callingLineIdDeliveryBlocking'
  | 'remoteOffice'
  | 'hotelingGuest'
  | 'anonymousCallRejection'
  | 'simultaneousRingPersonal'
  | 'callForwardingSelective'
  | 'intercept'

/** What a PUT of a service carries. `changed`: the changed fields alone. `whole`: the object just read with our fields laid over it. */
export type BodyForm = 'changed' | 'whole'

const likely = {
  form: 'whole',
  because:
    'it is only likely that a field left out stays as it is, and the vendor’s own portal sends the whole object',
} as const
const oneField = { form: 'changed', because: 'it has one field' } as const

/**
 * Which service is written in which form, and why. Where a connection is set to partial bodies, the `whole` ones are sent as
 * `changed`, too: {@link formOf}.
 */
export const bodyForms: Readonly<
  Partial<Record<ServiceId, { readonly form: BodyForm; readonly because: string }>>
> = {
  doNotDisturb: { form: 'changed', because: 'that a part of it is enough is proven' },
  callForwardingAlways: likely,
  callForwardingBusy: likely,
  callForwardingNoAnswer: likely,
  callForwardingNotReachable: likely,
  voiceMessaging: likely,
  callWaiting: likely,
  callingLineIdDeliveryBlocking: oneField,
  remoteOffice: likely,
  hotelingGuest: likely,
  anonymousCallRejection: oneField,
  simultaneousRingPersonal: {
    form: 'changed',
    because: 'its lists are replaced as a whole, so they are never sent along',
  },
}

/** The form in which a service is written on a connection. */
export const formOf = (id: ServiceId, partialBodies: boolean): BodyForm =>
  partialBodies ? 'changed' : (bodyForms[id]?.form ?? 'changed')

export interface Service {
  readonly id: ServiceId
  /** The server's name of it: in `/users/services` and as key of `/users/services/settings`. */
  readonly name: string
  /** What people call it here. */
  readonly label: string
  /** Below `/users`: GET with `userId`, PUT with `userId` in the body. */
  readonly path: string
  readonly hasBulkGet: boolean
  /** It is shown here and never sent. */
  readonly readOnly?: true
  /** A switch, and the fields of which at least one must be set when it is on. */
  readonly needs?: { readonly on: FieldPath; readonly one: readonly FieldPath[] }
  /** Keys of its object that only the server writes. */
  readonly readOnlyKeys: readonly string[]
  readonly fields: readonly Field[]
}

type Given = Pick<Field, 'label'> & Partial<Field> & { readonly name: string }

const ofKind: Partial<Record<Field['kind'], Partial<Field>>> = {
  boolean: { compare: 'exact', clear: 'no' },
  integer: { compare: 'exact', clear: 'no' },
  choice: { compare: 'exact', clear: 'no' },
  email: { compare: 'text', clear: 'null' },
}

function service(
  given: Omit<Service, 'fields' | 'needs'> & { readonly needs?: readonly [on: string, one: string] },
  fields: readonly Given[],
): Service {
  const { id, needs, readOnly, ...rest } = given
  return {
    id,
    ...rest,
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(needs === undefined ? {} : { needs: { on: `${id}.${needs[0]}`, one: [`${id}.${needs[1]}`] } }),
    fields: fields.map(({ name, ...field }) => {
      const kind = field.kind ?? 'boolean'
      return {
        section: 'Calls',
        service: id,
        kind,
        unit: 'characters',
        compare: 'text',
        clear: 'null',
        write: readOnly ? 'none' : 'service',
        inRow: false,
        inDetail: true,
        ...ofKind[kind],
        ...field,
        path: `${id}.${name}`,
      }
    }),
  }
}

/** A number, an extension, a star code with a number, or a SIP address without `sip:`: wider than any server's own rule. */
const destinationPattern = /^(?:\+?[0-9*#().\- ]{1,161}|[A-Za-z0-9\-_.!~*'()+]+@[A-Za-z0-9.-]+)$/
const destination = {
  kind: 'text',
  min: 1,
  max: 161,
  compare: 'destination',
  pattern: destinationPattern,
} as const
const address = { kind: 'email', min: 1, max: 80 } as const
const user = ['userId'] as const

/**
 * The call-handling services that can be changed, in the order in which a call meets them, and behind them those that are
 * only shown. Names, limits and forms: docs/call-handling.md, from BroadWorks' schema and from what the vendor's own portal
 * sends.
 */
export const services: readonly Service[] = [
  service(
    {
      id: 'doNotDisturb',
      name: 'Do Not Disturb',
      label: 'Do not disturb',
      path: '/do-not-disturb',
      hasBulkGet: false,
      readOnlyKeys: user,
    },
    [
      { name: 'isActive', label: 'Do not disturb' },
      { name: 'ringSplash', label: 'Do not disturb: short ring' },
    ],
  ),
  service(
    {
      id: 'callForwardingAlways',
      name: 'Call Forwarding Always',
      label: 'Call forwarding always',
      path: '/call-forwarding-always',
      hasBulkGet: true,
      needs: ['isActive', 'forwardToPhoneNumber'],
      readOnlyKeys: user,
    },
    [
      { name: 'isActive', label: 'Forward always' },
      { name: 'forwardToPhoneNumber', label: 'Forward always to', ...destination },
      { name: 'isRingSplashActive', label: 'Forward always: short ring' },
    ],
  ),
  service(
    {
      id: 'callForwardingBusy',
      name: 'Call Forwarding Busy',
      label: 'Call forwarding when busy',
      path: '/call-forwarding-busy',
      hasBulkGet: true,
      needs: ['isActive', 'forwardToPhoneNumber'],
      readOnlyKeys: user,
    },
    [
      { name: 'isActive', label: 'Forward when busy' },
      { name: 'forwardToPhoneNumber', label: 'Forward when busy to', ...destination },
    ],
  ),
  service(
    {
      id: 'callForwardingNoAnswer',
      name: 'Call Forwarding No Answer',
      label: 'Call forwarding on no answer',
      path: '/call-forwarding-no-answer',
      hasBulkGet: true,
      needs: ['isActive', 'forwardToPhoneNumber'],
      readOnlyKeys: user,
    },
    [
      { name: 'isActive', label: 'Forward on no answer' },
      { name: 'forwardToPhoneNumber', label: 'Forward on no answer to', ...destination },
      // BroadWorks knows 0 (at once) and 2 to 20.
      {
        name: 'numberOfRings',
        label: 'Rings before no answer',
        kind: 'integer',
        min: 0,
        max: 20,
        except: [1],
      },
    ],
  ),
  service(
    {
      id: 'callForwardingNotReachable',
      name: 'Call Forwarding Not Reachable',
      label: 'Call forwarding when not reachable',
      path: '/call-forwarding-not-reachable',
      hasBulkGet: true,
      needs: ['isActive', 'forwardToPhoneNumber'],
      readOnlyKeys: user,
    },
    [
      { name: 'isActive', label: 'Forward when not reachable' },
      { name: 'forwardToPhoneNumber', label: 'Forward when not reachable to', ...destination },
    ],
  ),
  service(
    {
      id: 'voiceMessaging',
      name: 'Voice Messaging User',
      label: 'Voice mail',
      path: '/voice-messaging',
      hasBulkGet: true,
      readOnlyKeys: ['userId', 'serviceProviderId', 'groupId'],
    },
    [
      { name: 'isActive', label: 'Voice mail' },
      { name: 'alwaysRedirectToVoiceMail', label: 'All calls to voice mail' },
      { name: 'busyRedirectToVoiceMail', label: 'Voice mail when busy' },
      { name: 'noAnswerRedirectToVoiceMail', label: 'Voice mail on no answer' },
      { name: 'outOfPrimaryZoneRedirectToVoiceMail', label: 'Voice mail outside the primary zone' },
      {
        name: 'processing',
        label: 'Voice messages are kept',
        kind: 'choice',
        choices: [
          { value: 'Unified Voice and Email Messaging', label: 'In the mailbox' },
          { value: 'Deliver To Email Address Only', label: 'By e-mail only' },
        ],
      },
      { name: 'voiceMessageDeliveryEmailAddress', label: 'Deliver voice messages to', ...address },
      { name: 'usePhoneMessageWaitingIndicator', label: 'Message lamp on the phone' },
      { name: 'sendVoiceMessageNotifyEmail', label: 'Notify of voice messages by e-mail' },
      { name: 'voiceMessageNotifyEmailAddress', label: 'Notify of voice messages at', ...address },
      { name: 'sendCarbonCopyVoiceMessage', label: 'Copy of voice messages by e-mail' },
      { name: 'voiceMessageCarbonCopyEmailAddress', label: 'Copy of voice messages to', ...address },
      { name: 'transferOnZeroToPhoneNumber', label: 'Callers may press 0 in voice mail' },
      {
        name: 'transferPhoneNumber',
        label: 'Pressing 0 in voice mail calls',
        ...destination,
        max: 30,
        pattern: /^\+?[0-9*#().\- ]{1,30}$/,
      },
    ],
  ),
  service(
    {
      id: 'callWaiting',
      name: 'Call Waiting',
      label: 'Call waiting',
      path: '/call-waiting',
      hasBulkGet: false,
      readOnlyKeys: user,
    },
    [
      { name: 'isActive', label: 'Call waiting' },
      { name: 'disableCallingLineIdDelivery', label: 'Call waiting: hide who calls' },
    ],
  ),
  service(
    {
      id: 'callingLineIdDeliveryBlocking',
      name: 'Calling Line ID Delivery Blocking',
      label: 'Calling line ID delivery blocking',
      path: '/calling-line-id-delivery-blocking',
      hasBulkGet: true,
      readOnlyKeys: user,
    },
    [{ name: 'isActive', label: 'Own number is hidden' }],
  ),
  service(
    {
      id: 'remoteOffice',
      name: 'Remote Office',
      label: 'Remote office',
      path: '/remote-office',
      hasBulkGet: false,
      needs: ['isActive', 'remoteOfficePhoneNumber'],
      readOnlyKeys: user,
    },
    [
      { name: 'isActive', label: 'Remote office' },
      { name: 'remoteOfficePhoneNumber', label: 'Remote office number', ...destination },
    ],
  ),
  service(
    {
      id: 'hotelingGuest',
      name: 'Hoteling Guest',
      label: 'Hoteling guest',
      path: '/hoteling-guest',
      hasBulkGet: true,
      readOnlyKeys: [
        'userId',
        'hostFirstName',
        'hostLastName',
        'hostAssociationDateTime',
        'hostEnforcesAssociationLimit',
        'hostAssociationLimitHours',
      ],
    },
    [
      { name: 'isActive', label: 'Hoteling guest' },
      { name: 'enableAssociationLimit', label: 'Hoteling guest: limit the time' },
      {
        name: 'associationLimitHours',
        label: 'Hoteling guest: hours',
        kind: 'integer',
        min: 1,
        max: 999,
      },
      { name: 'hostUserId', label: 'Hoteling host', kind: 'text', min: 1, max: 161, compare: 'caseless' },
    ],
  ),
  service(
    {
      id: 'anonymousCallRejection',
      name: 'Anonymous Call Rejection',
      label: 'Anonymous call rejection',
      path: '/anonymous-call-rejection',
      hasBulkGet: true,
      readOnlyKeys: user,
    },
    [{ name: 'isActive', label: 'Reject anonymous calls' }],
  ),
  service(
    {
      id: 'simultaneousRingPersonal',
      name: 'Simultaneous Ring Personal',
      label: 'Simultaneous ring',
      path: '/simultaneous-ring-personal',
      hasBulkGet: false,
      needs: ['isActive', 'locations'],
      readOnlyKeys: ['userId', 'criteria'],
    },
    [
      { name: 'isActive', label: 'Simultaneous ring' },
      { name: 'doNotRingIfOnCall', label: 'Simultaneous ring: not while on a call' },
      {
        name: 'locations',
        label: 'Also rings at',
        kind: 'list',
        items: 10,
        compare: 'ringing',
        parts: [
          { name: 'phoneNumber', label: 'Number', max: 161, required: true, pattern: destinationPattern },
          {
            name: 'answerConfirmationRequired',
            label: 'Must be confirmed',
            flag: 'to be confirmed',
          },
        ],
      },
    ],
  ),
  service(
    {
      id: 'callForwardingSelective',
      name: 'Call Forwarding Selective',
      label: 'Call forwarding selective',
      path: '/call-forwarding-selective',
      hasBulkGet: false,
      readOnly: true,
      readOnlyKeys: user,
    },
    [
      { name: 'isActive', label: 'Forward selectively' },
      { name: 'defaultForwardToPhoneNumber', label: 'Forward selectively to', ...destination },
      { name: 'playRingReminder', label: 'Forward selectively: short ring' },
      { name: 'criteria', label: 'Rules of selective forwarding', kind: 'list', compare: 'exact' },
    ],
  ),
  service(
    {
      id: 'intercept',
      name: 'Intercept User',
      label: 'Intercept',
      path: '/intercept',
      hasBulkGet: false,
      readOnly: true,
      readOnlyKeys: [
        'userId',
        'announcementSelection',
        'alternateBlockingAnnouncement',
        'exemptInboundMobilityCalls',
        'disableParallelRingingToNetworkLocations',
        'exemptOutboundMobilityCalls',
      ],
    },
    [
      { name: 'isActive', label: 'Intercept' },
      {
        name: 'inboundCallMode',
        label: 'Intercept: calls to the user',
        kind: 'choice',
        choices: [
          { value: 'Intercept All', label: 'All are intercepted' },
          { value: 'Allow All', label: 'All are let through' },
          { value: 'Allow System Dns', label: 'Only calls from numbers of the system are let through' },
        ],
      },
      {
        name: 'outboundCallMode',
        label: 'Intercept: calls of the user',
        kind: 'choice',
        choices: [
          { value: 'Block All', label: 'None is let out' },
          { value: 'Allow Outbound Local Calls', label: 'Only local calls' },
          {
            value: 'Allow Outbound Enterprise And Group Calls',
            label: 'Only calls within the enterprise and the group',
          },
        ],
      },
      { name: 'routeToVoiceMail', label: 'Intercept: voice mail takes the call' },
      { name: 'playNewPhoneNumber', label: 'Intercept: a new number is told' },
      { name: 'newPhoneNumber', label: 'Intercept: new number', ...destination, max: 23 },
      { name: 'transferOnZeroToPhoneNumber', label: 'Intercept: callers may press 0' },
      { name: 'transferPhoneNumber', label: 'Intercept: pressing 0 calls', ...destination, max: 30 },
      { name: 'rerouteOutboundCalls', label: 'Intercept: calls of the user go elsewhere' },
      {
        name: 'outboundReroutePhoneNumber',
        label: 'Intercept: calls of the user go to',
        ...destination,
      },
    ],
  ),
]

export const serviceIds = services.map(({ id }) => id) as [ServiceId, ...ServiceId[]]

const byId: ReadonlyMap<string, Service> = new Map(services.map((each) => [each.id, each]))

export const serviceOf = (id: ServiceId): Service => byId.get(id) as Service

/** The services of which a change can be sent. */
export const writableServices: readonly Service[] = services.filter(({ readOnly }) => readOnly === undefined)

/** Every field of the services, in their order. */
export const callFields: readonly Field[] = services.flatMap(({ fields }) => fields)

/** The service that a field is of; undefined for an option of the user. */
export function serviceAt(path: FieldPath): ServiceId | undefined {
  const end = path.indexOf('.')
  return end < 0 ? undefined : byId.get(path.slice(0, end))?.id
}

/** Whether a text names a service. */
export const isServiceId = (text: string): text is ServiceId => byId.has(text)

/** The key of a field in its service's own object. */
export const keyOf = (path: FieldPath): string => path.slice(path.indexOf('.') + 1)
