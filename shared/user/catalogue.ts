import { callFields, type ServiceId } from '../calls/catalogue'
import type { FieldPath } from './types'

export type Section =
  | 'Profile'
  | 'Numbers'
  | 'Caller ID'
  | 'Address'
  | 'Device'
  | 'Aliases'
  | 'Other'
  | 'Calls'

export type FieldKind =
  | 'text'
  | 'digits'
  | 'phone'
  | 'email'
  | 'boolean'
  | 'integer'
  | 'choice'
  | 'lookup'
  | 'list'
  | 'object'

export type Lookup =
  | 'departments'
  | 'languages'
  | 'timeZones'
  | 'states'
  | 'networkClasses'
  | 'numbers'
  | 'devices'
  | 'trunkGroups'
  | 'enterpriseTrunks'

/** The call that changes a field. Only `put-users` and `service` fields go through the outbox. */
export type WriteVia =
  | 'put-users'
  | 'service'
  | 'alternate-user-id'
  | 'user-id'
  | 'group-id'
  | 'passwords'
  | 'portal-passcode'
  | 'none'

/** How two values of a field are told apart; see `sameValue`. */
export type Compare =
  | 'exact'
  | 'text'
  | 'caseless'
  | 'number'
  | 'stored-number'
  | 'destination'
  | 'mac'
  | 'set'
  | 'contacts'
  | 'alternate-ids'
  | 'ringing'
  | 'department'
  | 'device'

export interface Choice {
  readonly value: string
  readonly label: string
}

/** One child of an object that the server replaces whole, or of the objects in such a list. */
export interface Part {
  readonly name: string
  readonly label: string
  readonly max?: number
  readonly unit?: 'characters' | 'bytes'
  readonly required?: true
  readonly pattern?: RegExp
  /** Comes from the server and is never sent. */
  readonly readOnly?: true
  readonly choices?: readonly Choice[]
  /** It is yes or no, no where it is left out; where it is yes, these words stand in brackets behind the first part. */
  readonly flag?: string
}

export interface Field {
  readonly path: FieldPath
  readonly label: string
  readonly section: Section
  /** The call-handling service that it is of; left out for an option of the user. */
  readonly service?: ServiceId
  readonly kind: FieldKind
  /** Shortest and longest text (of each item, for a list of texts), or smallest and largest integer. */
  readonly min?: number
  readonly max?: number
  /** Integers between them that are none. */
  readonly except?: readonly number[]
  readonly unit: 'characters' | 'bytes'
  /** Longest list. */
  readonly items?: number
  readonly pattern?: RegExp
  readonly choices?: readonly Choice[]
  readonly lookup?: Lookup
  /** Children of an object, or of each object of a list. A list without parts holds texts. */
  readonly parts?: readonly Part[]
  readonly clear: 'null' | 'empty-list' | 'no'
  readonly write: WriteVia
  /** Who may change it, in the server's words. */
  readonly role?: string
  readonly compare: Compare
  /** A number that is dialled from here: star codes are among them, words and addresses are not. */
  readonly dialled?: true
  /** Present in a basic list row, so that a row without it means that it is empty. */
  readonly inRow: boolean
  /** Part of the detail object, so that a full record without it means that it is empty; else it is unknown there. */
  readonly inDetail: boolean
  /** Write-only: never kept, shown or logged, even if a server should send it. */
  readonly secret?: true
}

/** What a table entry must say; the rest follows from the kind. */
type Given = Pick<Field, 'path' | 'label'> & Partial<Omit<Field, 'section'>>

const compareByKind: Partial<Record<FieldKind, Compare>> = {
  boolean: 'exact',
  integer: 'exact',
  choice: 'exact',
  list: 'set',
}

function section(name: Section, given: readonly Given[]): Field[] {
  return given.map((field) => {
    const kind = field.kind ?? 'text'
    const text = kind !== 'boolean' && kind !== 'integer' && kind !== 'list' && kind !== 'object'
    return {
      section: name,
      kind,
      unit: 'characters',
      clear: field.write === 'none' ? 'no' : kind === 'list' ? 'empty-list' : 'null',
      write: 'put-users',
      compare: compareByKind[kind] ?? 'text',
      inRow: false,
      inDetail: field.secret === undefined,
      ...(text && field.max !== undefined ? { min: 1 } : {}),
      ...field,
    }
  })
}

const readOnly = { write: 'none', clear: 'no' } as const
const required = { clear: 'no' } as const
const inRow = { inRow: true } as const
/** Only in rows or in reports. */
const notInDetail = { inDetail: false } as const

const aliasPattern = /^[A-Za-z0-9\-_.!~*'()]+@[A-Za-z0-9\-_.!~*'()]+$/
const linePortPattern = /^\+?[A-Za-z0-9\-_.!~*'()@]+$/

/** The characters of a SIP address with its parameters, and at most one @. */
export const contactPattern = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/:%]+(?:@[A-Za-z0-9\-_.!~*'()&=+$,;?/:%]+)?$/

const contactParts: readonly Part[] = [
  { name: 'sipContact', label: 'SIP contact', max: 1020, required: true, pattern: contactPattern },
  { name: 'pathHeader', label: 'Path header', readOnly: true },
]

const device = 'accessDeviceEndpoint'
/** The user's own phone, by name and level. */
export const accessDevice = `${device}.accessDevice`
/** The MAC address of the user's own phone. */
export const accessDeviceMac = `${accessDevice}.macAddress`
const trunk = 'trunkAddressing'
const trunkEndpoint = `${trunk}.trunkGroupDeviceEndpoint`

/**
 * Every field of a BroadWorks user that the ODiN API v2 shows or accepts, in the order of the details panel.
 * Limits and patterns are those of the OCI-P schema, which the server enforces; `address`,
 * `accessDeviceEndpoint`, `trunkAddressing` and `trunkGroupDeviceEndpoint` are only folders of their children.
 */
export const fields: readonly Field[] = [
  ...section('Profile', [
    { path: 'firstName', label: 'First name', max: 30, ...required, ...inRow },
    { path: 'lastName', label: 'Last name', max: 30, ...required, ...inRow },
    { path: 'title', label: 'Title', max: 50 },
    { path: 'emailAddress', label: 'E-mail', kind: 'email', max: 80, ...inRow },
    {
      path: 'department',
      label: 'Department',
      kind: 'object',
      lookup: 'departments',
      compare: 'department',
      role: 'Group Department may read; only Group+ may change',
      parts: [
        { name: 'name', label: 'Name', max: 50, required: true },
        { name: 'serviceProviderId', label: 'Service provider', max: 30, unit: 'bytes', required: true },
        { name: 'groupId', label: 'Group', max: 30, unit: 'bytes' },
      ],
    },
    { path: 'departmentFullPath', label: 'Department path', ...readOnly, ...inRow },
    { path: 'departmentName', label: 'Department name', ...readOnly, ...notInDetail },
    { path: 'language', label: 'Language', kind: 'lookup', lookup: 'languages', max: 40, ...required },
    { path: 'timeZone', label: 'Time zone', kind: 'lookup', lookup: 'timeZones', max: 127, ...required },
    { path: 'timeZoneDisplayName', label: 'Time zone name', max: 127, ...readOnly },
    { path: 'hiraganaFirstName', label: 'Hiragana first name', max: 30, ...required, ...inRow },
    { path: 'hiraganaLastName', label: 'Hiragana last name', max: 30, ...required, ...inRow },
    {
      path: 'nameDialingName',
      label: 'Name dialing name',
      kind: 'object',
      compare: 'exact',
      parts: [
        { name: 'nameDialingFirstName', label: 'First name', max: 30, required: true },
        { name: 'nameDialingLastName', label: 'Last name', max: 30, required: true },
      ],
    },
    { path: 'yahooId', label: 'Yahoo ID', max: 50 },
  ]),

  ...section('Numbers', [
    {
      path: 'phoneNumber',
      label: 'Phone number',
      kind: 'phone',
      max: 23,
      lookup: 'numbers',
      compare: 'number',
      role: 'policy phoneNumberExtensionAccess=Full (Group/SP/Dept admins)',
      ...inRow,
    },
    {
      path: 'extension',
      label: 'Extension',
      kind: 'digits',
      min: 2,
      max: 20,
      pattern: /^[0-9]+$/,
      role: 'policy phoneNumberExtensionAccess=Full',
      ...inRow,
    },
    {
      path: 'phoneNumberActivated',
      label: 'Phone number activated',
      kind: 'boolean',
      ...readOnly,
      ...notInDetail,
      ...inRow,
    },
    { path: 'mobilePhoneNumber', label: 'Mobile number', kind: 'phone', max: 30, dialled: true },
    { path: 'pagerPhoneNumber', label: 'Pager number', kind: 'phone', max: 30 },
    {
      path: 'countryCode',
      label: 'Country code',
      kind: 'digits',
      max: 3,
      pattern: /^([0-9]|[1-9][0-9]{1,2})$/,
      ...readOnly,
      ...inRow,
    },
    {
      path: 'nationalPrefix',
      label: 'National prefix',
      kind: 'digits',
      max: 2,
      ...readOnly,
      ...inRow,
    },
    { path: 'locationDialingCode', label: 'Location dialing code', kind: 'digits', max: 15, ...readOnly },
  ]),

  ...section('Caller ID', [
    {
      path: 'callingLineIdFirstName',
      label: 'Calling line ID first name',
      max: 30,
      role: 'admin (not editable by User login since release 5.26)',
      ...required,
    },
    {
      path: 'callingLineIdLastName',
      label: 'Calling line ID last name',
      max: 30,
      role: 'admin (not editable by User login since release 5.26)',
      ...required,
    },
    {
      path: 'callingLineIdPhoneNumber',
      label: 'Calling line ID number',
      kind: 'phone',
      max: 23,
      lookup: 'numbers',
      compare: 'stored-number',
      role: 'policy callingLineIdNumberAccess=Full',
    },
  ]),

  ...section('Address', [
    { path: 'addressLocation', label: 'Location', max: 80 },
    { path: 'address.addressLine1', label: 'Address line 1', max: 80 },
    { path: 'address.addressLine2', label: 'Address line 2', max: 80 },
    { path: 'address.city', label: 'City', max: 50 },
    {
      path: 'address.stateOrProvince',
      label: 'State or province',
      kind: 'lookup',
      lookup: 'states',
      max: 50,
    },
    {
      path: 'address.stateOrProvinceDisplayName',
      label: 'State or province name',
      max: 50,
      ...readOnly,
    },
    { path: 'address.zipOrPostalCode', label: 'ZIP or postal code', max: 50 },
    { path: 'address.country', label: 'Country', max: 50 },
  ]),

  ...section('Device', [
    {
      path: 'endpointType',
      label: 'Endpoint type',
      kind: 'choice',
      choices: [
        { value: 'none', label: 'None' },
        { value: 'accessDeviceEndpoint', label: 'Device' },
        { value: 'trunkAddressing', label: 'Trunk group' },
      ],
      ...required,
    },
    {
      path: accessDevice,
      label: 'Device',
      kind: 'object',
      lookup: 'devices',
      compare: 'device',
      parts: [
        { name: 'deviceName', label: 'Device name', max: 40, required: true },
        {
          name: 'deviceLevel',
          label: 'Device level',
          required: true,
          choices: [
            { value: 'System', label: 'System' },
            { value: 'Service Provider', label: 'Service provider' },
            { value: 'Group', label: 'Group' },
          ],
        },
        { name: 'serviceProviderId', label: 'Service provider', readOnly: true },
        { name: 'groupId', label: 'Group', readOnly: true },
      ],
      ...required,
    },
    { path: `${device}.linePort`, label: 'Line/port', max: 161, pattern: linePortPattern, ...required },
    {
      path: `${device}.contacts`,
      label: 'Contacts',
      kind: 'list',
      items: 5,
      parts: contactParts,
      compare: 'contacts',
    },
    { path: `${device}.portNumber`, label: 'Port number', kind: 'integer', min: 1, max: 1024, ...required },
    { path: `${device}.useHotline`, label: 'Use hotline', kind: 'boolean', ...required },
    { path: `${device}.hotlineContact`, label: 'Hotline contact', max: 161, pattern: contactPattern },
    {
      path: `${device}.staticRegistrationCapable`,
      label: 'Static registration capable',
      kind: 'boolean',
      ...readOnly,
    },
    { path: `${device}.useDomain`, label: 'Use domain', kind: 'boolean', ...readOnly },
    {
      path: `${device}.supportVisualDeviceManagement`,
      label: 'Visual device management',
      kind: 'boolean',
      ...readOnly,
    },
    { path: `${accessDevice}.deviceType`, label: 'Device type', max: 40, ...readOnly },
    { path: accessDeviceMac, label: 'MAC address', compare: 'mac', ...readOnly },
    { path: `${accessDevice}.status`, label: 'Device status', ...readOnly },
    { path: `${accessDevice}.version`, label: 'Device version', ...readOnly },
    { path: `${accessDevice}.protocol`, label: 'Protocol', ...readOnly },
    { path: `${accessDevice}.transportProtocol`, label: 'Transport protocol', ...readOnly },
    { path: `${accessDevice}.configurationMode`, label: 'Configuration mode', ...readOnly },
    { path: `${accessDevice}.numberOfPorts`, label: 'Number of ports', kind: 'object', ...readOnly },
    {
      path: `${accessDevice}.numberOfAssignedPorts`,
      label: 'Number of assigned ports',
      kind: 'integer',
      ...readOnly,
    },
    {
      path: `${accessDevice}.useCustomUserNamePassword`,
      label: 'Custom device credentials',
      kind: 'boolean',
      ...readOnly,
    },
    {
      path: `${accessDevice}.accessDeviceCredentials.userName`,
      label: 'Device user name',
      ...readOnly,
    },
    { path: `${accessDevice}.tags`, label: 'Device tags', kind: 'list', ...readOnly },
    { path: `${accessDevice}.relatedServices`, label: 'Related services', kind: 'list', ...readOnly },
    {
      path: `${trunkEndpoint}.name`,
      label: 'Trunk group',
      kind: 'lookup',
      lookup: 'trunkGroups',
      max: 30,
      ...required,
    },
    {
      path: `${trunkEndpoint}.linePort`,
      label: 'Trunk line/port',
      max: 161,
      pattern: linePortPattern,
      ...required,
    },
    {
      path: `${trunkEndpoint}.contacts`,
      label: 'Trunk contacts',
      kind: 'list',
      items: 5,
      parts: contactParts,
      compare: 'contacts',
    },
    {
      path: `${trunkEndpoint}.staticRegistrationCapable`,
      label: 'Trunk static registration capable',
      kind: 'boolean',
      ...readOnly,
    },
    { path: `${trunkEndpoint}.useDomain`, label: 'Trunk use domain', kind: 'boolean', ...readOnly },
    { path: `${trunkEndpoint}.isPilotUser`, label: 'Pilot user', kind: 'boolean', ...readOnly },
    {
      path: `${trunk}.enterpriseTrunkName`,
      label: 'Enterprise trunk',
      kind: 'lookup',
      lookup: 'enterpriseTrunks',
      max: 30,
    },
    { path: `${trunk}.alternateTrunkIdentity`, label: 'Alternate trunk identity', max: 80 },
    { path: `${trunk}.alternateTrunkIdentityDomain`, label: 'Alternate trunk identity domain', max: 80 },
    { path: `${trunk}.physicalLocation`, label: 'Physical location', max: 1024 },
    { path: 'inTrunkGroup', label: 'In trunk group', kind: 'boolean', ...readOnly, ...notInDetail, ...inRow },
    /** Only a shortcut of one SDK; whether the server honours it is unproven, so the endpoint's list is used. */
    {
      path: 'contacts',
      label: 'SIP contacts',
      kind: 'list',
      items: 5,
      parts: contactParts,
      compare: 'contacts',
      ...readOnly,
      ...notInDetail,
    },
  ]),

  ...section('Aliases', [
    { path: 'defaultAlias', label: 'Default alias', max: 161, ...readOnly, compare: 'caseless' },
    {
      path: 'aliases',
      label: 'Aliases',
      kind: 'list',
      min: 1,
      max: 161,
      items: 3,
      pattern: aliasPattern,
      role: 'Group+ and Provisioning module update',
    },
    {
      path: 'alternateUserId',
      label: 'Alternate user IDs',
      kind: 'list',
      items: 4,
      write: 'alternate-user-id',
      compare: 'alternate-ids',
      role: 'portal: add/edit needs Reseller+; OCI: group admin+',
      parts: [
        { name: 'alternateUserId', label: 'User ID', max: 161, required: true },
        { name: 'description', label: 'Description', max: 80 },
      ],
    },
  ]),

  ...section('Other', [
    {
      path: 'userId',
      label: 'User ID',
      max: 161,
      write: 'user-id',
      compare: 'caseless',
      ...required,
      ...inRow,
    },
    {
      path: 'groupId',
      label: 'Group',
      max: 30,
      unit: 'bytes',
      write: 'group-id',
      compare: 'exact',
      ...required,
      ...inRow,
    },
    {
      path: 'serviceProviderId',
      label: 'Service provider',
      max: 30,
      unit: 'bytes',
      compare: 'exact',
      ...readOnly,
      ...inRow,
    },
    { path: 'userIdShort', label: 'Short user ID', ...readOnly, ...notInDetail, ...inRow },
    { path: 'domain', label: 'Domain', max: 80, ...readOnly, ...inRow },
    { path: 'isEnterprise', label: 'In an enterprise', kind: 'boolean', ...readOnly },
    { path: 'resellerId', label: 'Reseller', max: 36, ...readOnly },
    {
      path: 'networkClassOfService',
      label: 'Network class of service',
      kind: 'lookup',
      lookup: 'networkClasses',
      max: 40,
      role: 'Group Department+',
      ...required,
    },
    { path: 'officeZoneName', label: 'Office zone', max: 40, ...required },
    { path: 'primaryZoneName', label: 'Primary zone', max: 80, ...required },
    { path: 'impId', label: 'IM&P ID', max: 196 },
    { path: 'impPassword', label: 'IM&P password', max: 60, secret: true },
    { path: 'password', label: 'Password', max: 60, secret: true, ...readOnly },
    { path: 'newPassword', label: 'New password', max: 60, secret: true, write: 'passwords' },
    { path: 'oldPassword', label: 'Old password', max: 60, secret: true, write: 'passwords', ...required },
    { path: 'passwordExpiresDays', label: 'Password expires in days', kind: 'integer', ...readOnly },
    {
      path: 'allowVideo',
      label: 'Video allowed',
      kind: 'boolean',
      role: 'System only and XS mode only',
      ...readOnly,
    },
    { path: 'isPlace', label: 'Is a place', kind: 'boolean', ...readOnly },
    { path: 'serviceProviderExternalId', label: 'Service provider external ID', max: 36, ...readOnly },
    { path: 'groupExternalId', label: 'Group external ID', max: 36, ...readOnly },
    { path: 'userExternalId', label: 'User external ID', max: 36, ...readOnly },
    { path: 'userPersonId', label: 'Person ID', max: 82, ...readOnly },
    { path: 'userServices', label: 'User services', kind: 'list', ...readOnly, ...notInDetail },
    { path: 'servicePacks', label: 'Service packs', kind: 'list', ...readOnly, ...notInDetail },
    { path: 'premiumServices', label: 'Premium services', kind: 'list', ...readOnly, ...notInDetail },
    { path: 'userLinePorts', label: 'Line/ports', kind: 'list', ...readOnly, ...notInDetail },
    { path: 'userAgents', label: 'User agents', kind: 'list', ...readOnly, ...notInDetail },
  ]),
]

/** The user's options, and behind them what its call-handling services have. */
export const everyField: readonly Field[] = [...fields, ...callFields]

const byPath: ReadonlyMap<FieldPath, Field> = new Map(everyField.map((field) => [field.path, field]))

export function fieldAt(path: FieldPath): Field | undefined {
  return byPath.get(path)
}

/** Whether a saved change of this field goes through the outbox. Secrets never do: they are sent at once or not at all. */
export function editable(field: Field): boolean {
  return (field.write === 'put-users' || field.write === 'service') && field.secret === undefined
}

/** The label people see; a path that the catalogue does not know stands for itself. */
export function labelOf(path: FieldPath): string {
  return byPath.get(path)?.label ?? path
}
