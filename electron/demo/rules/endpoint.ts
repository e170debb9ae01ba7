import type { Directory } from '../directory'
import type { Group } from '../hierarchy'
import type { Body } from '../http/call'
import type { Contact, DeviceKey, Endpoint, Person } from '../person'
import { refusals } from '../refusal'
import { checkLinePort, checkRequired, checkText, LENGTHS, type TextRule } from './fields'

const COMMAND = 'UserModifyRequest22'
const MAX_CONTACTS = 5

const has = (body: Body, name: string) => Object.hasOwn(body, name)
const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An own object of a body; refuses anything else that is there. Undefined when it is not there. */
export function objectIn(body: Body, name: string): Body | undefined {
  if (!has(body, name)) return undefined
  const value = body[name]
  if (!isObject(value)) throw refusals.invalid(`Element '${name}' must have children.`)
  return value
}

/** A list of contacts, or the bare one that old releases send and clients send back. */
export function checkContacts(value: unknown): readonly Contact[] {
  const items = value === null ? [] : Array.isArray(value) ? (value as readonly unknown[]) : [value]
  if (items.length > MAX_CONTACTS) {
    throw refusals.invalid(`cvc-complex-type: a contact list holds at most ${MAX_CONTACTS} contacts.`)
  }
  return items.map((item) => {
    if (!isObject(item)) throw refusals.invalid("Element 'contact' must have children.")
    return { sipContact: checkRequired(item.sipContact, 'sipContact', LENGTHS.sipContact, 'SIPContact') }
  })
}

/** Whether a block says more than the stub that every user object carries. */
function isSubstantial(block: Body | undefined): boolean {
  if (!block) return false
  return Object.entries(block).some(([name, value]) => {
    if (name === 'contacts') return Array.isArray(value) && value.length > 0
    if (name === 'trunkGroupDeviceEndpoint') return isObject(value) && isSubstantial(value)
    return value !== null && value !== ''
  })
}

function freeLinePort(directory: Directory, person: Person, value: unknown): string {
  const linePort = checkLinePort(value, 'linePort')
  const owner = directory.linePortOwner(linePort)
  if (owner !== undefined && owner !== person.index) {
    throw refusals.unworded(`Line/Port is already in use: ${linePort}`, COMMAND)
  }
  return linePort
}

function checkDevice(directory: Directory, group: Group, block: Body): DeviceKey {
  const deviceName = checkRequired(block.deviceName, 'deviceName', LENGTHS.deviceName, 'AccessDeviceName')
  const deviceLevel = has(block, 'deviceLevel') ? block.deviceLevel : 'Group'
  if (deviceLevel !== 'System' && deviceLevel !== 'Service Provider' && deviceLevel !== 'Group') {
    throw refusals.invalid("cvc-enumeration-valid: 'deviceLevel' is not of type 'AccessDeviceLevel'.")
  }
  if (!directory.deviceExists(group, deviceName, deviceLevel))
    throw refusals.deviceNotFound(deviceName, COMMAND)
  return { deviceName, deviceLevel }
}

function accessEndpoint(directory: Directory, group: Group, person: Person, block: Body): Endpoint {
  const held = person.endpoint.type === 'accessDeviceEndpoint' ? person.endpoint : undefined
  const named = objectIn(block, 'accessDevice')
  const device = named ? checkDevice(directory, group, named) : held?.device
  const linePort = has(block, 'linePort') ? freeLinePort(directory, person, block.linePort) : held?.linePort
  if (!device || linePort === undefined) {
    throw refusals.invalid("cvc-complex-type.2.4.b: 'accessDeviceEndpoint' needs accessDevice and linePort.")
  }
  const contacts = has(block, 'contacts') ? checkContacts(block.contacts) : (held?.contacts ?? [])
  const port = block.portNumber
  if (
    has(block, 'portNumber') &&
    !(Number.isInteger(Number(port)) && Number(port) >= 1 && Number(port) <= 1024)
  ) {
    throw refusals.invalid("cvc-minInclusive-valid: 'portNumber' is not of type 'AccessDevicePortNumber'.")
  }
  const portNumber = has(block, 'portNumber') ? Number(port) : held?.portNumber
  const useHotline = has(block, 'useHotline') ? String(block.useHotline) === 'true' : held?.useHotline
  const hotlineContact = has(block, 'hotlineContact')
    ? checkText(block.hotlineContact, 'hotlineContact', { max: LENGTHS.id, type: 'SIPURI', clearable: true })
    : held?.hotlineContact
  return {
    type: 'accessDeviceEndpoint',
    device,
    linePort,
    contacts,
    ...(portNumber === undefined ? {} : { portNumber }),
    ...(useHotline === undefined ? {} : { useHotline }),
    ...(hotlineContact === undefined ? {} : { hotlineContact }),
  }
}

const TRUNK_TEXTS = {
  enterpriseTrunkName: { max: LENGTHS.enterpriseTrunk, type: 'EnterpriseTrunkName', clearable: true },
  alternateTrunkIdentity: { max: LENGTHS.trunkIdentity, type: 'AlternateTrunkIdentity', clearable: true },
  alternateTrunkIdentityDomain: { max: LENGTHS.trunkIdentity, type: 'DomainName', clearable: true },
  physicalLocation: { max: LENGTHS.physicalLocation, type: 'AccessDevicePhysicalLocation', clearable: true },
} as const satisfies Record<string, TextRule>

function trunkEndpoint(directory: Directory, group: Group, person: Person, block: Body): Endpoint {
  const held = person.endpoint.type === 'trunkAddressing' ? person.endpoint : undefined
  let trunkGroup = held?.trunkGroup
  if (has(block, 'trunkGroupDeviceEndpoint')) {
    const inner = block.trunkGroupDeviceEndpoint
    if (inner === null) trunkGroup = undefined
    else if (!isObject(inner))
      throw refusals.invalid("Element 'trunkGroupDeviceEndpoint' must have children.")
    else if (isSubstantial(inner) || (held?.trunkGroup && has(inner, 'contacts'))) {
      const name = has(inner, 'name')
        ? checkRequired(inner.name, 'name', LENGTHS.trunkGroup, 'TrunkGroupName')
        : held?.trunkGroup?.name
      if (name !== undefined && !group.trunkGroups.includes(name)) {
        throw refusals.unworded(`Trunk group not found: ${name}`, COMMAND)
      }
      const linePort = has(inner, 'linePort')
        ? freeLinePort(directory, person, inner.linePort)
        : held?.trunkGroup?.linePort
      if (name === undefined || linePort === undefined) {
        throw refusals.invalid("cvc-complex-type.2.4.b: 'trunkGroupDeviceEndpoint' needs name and linePort.")
      }
      const contacts = has(inner, 'contacts')
        ? checkContacts(inner.contacts)
        : (held?.trunkGroup?.contacts ?? [])
      trunkGroup = { name, linePort, contacts }
    }
  }
  const texts: Partial<Record<keyof typeof TRUNK_TEXTS, string>> = {}
  for (const [name, rule] of Object.entries(TRUNK_TEXTS) as [keyof typeof TRUNK_TEXTS, TextRule][]) {
    const value = has(block, name) ? checkText(block[name], name, rule) : held?.[name]
    if (value !== undefined) texts[name] = value
  }
  if (texts.enterpriseTrunkName !== undefined && texts.enterpriseTrunkName !== 'Enterprise trunk') {
    throw refusals.unworded(`Enterprise trunk not found: ${texts.enterpriseTrunkName}`, COMMAND)
  }
  return { type: 'trunkAddressing', ...(trunkGroup ? { trunkGroup } : {}), ...texts }
}

/**
 * The endpoint after a PUT, or undefined when the body leaves it alone. `endpointType` chooses; the two blocks
 * exclude each other, but the empty stubs that every GET shows do no harm.
 */
export function checkEndpoint(
  directory: Directory,
  group: Group,
  person: Person,
  body: Body,
): Endpoint | undefined {
  const type = has(body, 'endpointType') ? body.endpointType : undefined
  const access =
    has(body, 'accessDeviceEndpoint') && body.accessDeviceEndpoint !== null
      ? objectIn(body, 'accessDeviceEndpoint')
      : undefined
  const trunk =
    has(body, 'trunkAddressing') && body.trunkAddressing !== null
      ? objectIn(body, 'trunkAddressing')
      : undefined
  if (
    type !== undefined &&
    type !== 'none' &&
    type !== 'accessDeviceEndpoint' &&
    type !== 'trunkAddressing'
  ) {
    throw refusals.invalid(
      "cvc-enumeration-valid: 'endpointType' is none, accessDeviceEndpoint or trunkAddressing.",
    )
  }
  if (isSubstantial(access) && isSubstantial(trunk)) {
    throw refusals.invalid(
      "cvc-complex-type.2.4.d: 'accessDeviceEndpoint' and 'trunkAddressing' exclude each other.",
    )
  }
  if (type === 'none') return { type: 'none' }
  const chosen =
    type ??
    (isSubstantial(access)
      ? 'accessDeviceEndpoint'
      : isSubstantial(trunk)
        ? 'trunkAddressing'
        : person.endpoint.type)
  if (chosen === 'accessDeviceEndpoint') {
    if (!access && person.endpoint.type === chosen) return undefined
    return accessEndpoint(directory, group, person, access ?? {})
  }
  if (chosen === 'trunkAddressing') {
    if (!trunk && person.endpoint.type === chosen) return undefined
    return trunkEndpoint(directory, group, person, trunk ?? {})
  }
  return undefined
}
