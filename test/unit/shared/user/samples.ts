import type { Json, JsonObject } from '../../../../shared/json'
import { fieldAt } from '../../../../shared/user/catalogue'
import { normaliseUser } from '../../../../shared/user/normalise'
import type { UserRecord } from '../../../../shared/user/types'

export const key = { serviceProviderId: 'ent.odin', groupId: 'grp.odin', userId: 'mark@odin.example' }

/** A detail object with the spellings that the public samples of the API show. */
export const detail: JsonObject = {
  ...key,
  lastName: 'Reverman',
  firstName: 'Mark',
  callingLineIdLastName: 'Reverman',
  callingLineIdFirstName: 'Mark',
  hiraganaLastName: 'Reverman',
  hiraganaFirstName: 'Mark',
  phoneNumber: '5136549858',
  extension: 9858,
  callingLineIdPhoneNumber: '+15136549858',
  department: { serviceProviderId: 'ent.odin', groupId: 'grp.odin', name: 'Sales' },
  departmentFullPath: 'Sales (grp.odin)',
  language: 'English',
  timeZone: 'America/New_York',
  timeZoneDisplayName: '(GMT-05:00) (US) Eastern Time',
  defaultAlias: 'mark@odin.example',
  accessDeviceEndpoint: {
    accessDevice: {
      deviceType: 'Generic SIP Phone',
      protocol: 'SIP 2.0',
      numberOfPorts: { unlimited: 'true' },
      numberOfAssignedPorts: 1,
      status: 'Online',
      transportProtocol: 'Unspecified',
      useCustomUserNamePassword: false,
      deviceName: 'generic_sip',
      macAddress: 22222222222,
      deviceLevel: 'Group',
      accessDeviceCredentials: { userName: null },
      serviceProviderId: 'ent.odin',
      groupId: 'grp.odin',
      tags: [],
      relatedServices: [],
    },
    linePort: 'mark@odin.example',
    staticRegistrationCapable: 'true',
    useDomain: 'True',
    supportVisualDeviceManagement: 'false',
    contacts: { sipContact: 'mark@192.0.2.7:5060' },
  },
  title: 'Engineer',
  pagerPhoneNumber: 9871515000,
  mobilePhoneNumber: '+1 987 151-5000',
  emailAddress: 'mark@mail.example',
  yahooId: '',
  addressLocation: 'Main Street',
  address: { addressLine1: 'Bldg 1', city: 'Cincinnati', stateOrProvince: 'Ohio', zipOrPostalCode: 45204 },
  countryCode: '1',
  nationalPrefix: '',
  networkClassOfService: 'standard',
  allowVideo: true,
  domain: 'odin.example',
  endpointType: 'accessDeviceEndpoint',
  aliases: [],
  trunkAddressing: { trunkGroupDeviceEndpoint: { contacts: [] } },
  isEnterprise: true,
  passwordExpiresDays: '-2147483648',
  alternateUserId: { alternateUserId: 'mr@odin.example', description: 'short' },
}

export const row: JsonObject = {
  ...key,
  userIdShort: 'mark',
  lastName: 1,
  firstName: 'Mark',
  department: 'Sales (grp.odin)',
  phoneNumber: '+1-5136549858',
  phoneNumberActivated: true,
  emailAddress: null,
  hiraganaLastName: 'Reverman',
  hiraganaFirstName: 'Mark',
  inTrunkGroup: false,
  extension: '9858',
  countryCode: 1,
  nationalPrefix: null,
  domain: 'odin.example',
}

export function recordOf(json: Json): UserRecord {
  const read = normaliseUser(json)
  if (!read.ok) throw new Error(read.reason)
  return read.record
}

/** A record back in the server's form: fields nested by their paths, and what was set aside where it came from. */
export function render(given: UserRecord): JsonObject {
  const record = structuredClone(given)
  const json: Record<string, Json> = { ...record.key }
  for (const [path, value] of Object.entries(record.fields)) {
    put(json, path.split('.'), path === 'passwordExpiresDays' && value === 'never' ? 2147483647 : value)
  }
  for (const [path, value] of Object.entries(record.extra)) {
    // A key may be a line break of any kind.
    const item = /^(.*)\[(\d+)\]\.(.*)$/s.exec(path)
    const list =
      item?.[1] === undefined || fieldAt(item[1]) === undefined ? undefined : record.fields[item[1]]
    if (item && list)
      put((list as Record<string, Json>[])[Number(item[2])] ?? {}, names(item[3] ?? ''), value)
    else put(json, names(path), value)
  }
  return json
}

/** The keys of a path in `extra`, where a backslash escapes a dot that belongs to a key. */
function names(path: string): string[] {
  const found = ['']
  for (let at = 0; at < path.length; at++) {
    if (path[at] === '.') found.push('')
    else found[found.length - 1] += path[path[at] === '\\' ? ++at : at] ?? ''
  }
  return found
}

function put(folder: Record<string, Json>, path: string[], value: Json): void {
  const [name = '', ...rest] = path
  if (rest.length === 0) {
    const before = Object.hasOwn(folder, name) ? folder[name] : undefined
    const merged = isFolder(before) && isFolder(value) ? { ...before, ...value } : value
    Object.defineProperty(folder, name, {
      value: merged,
      enumerable: true,
      writable: true,
      configurable: true,
    })
    return
  }
  if (!Object.hasOwn(folder, name)) {
    Object.defineProperty(folder, name, { value: {}, enumerable: true, writable: true, configurable: true })
  }
  put(folder[name] as Record<string, Json>, rest, value)
}

function isFolder(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
