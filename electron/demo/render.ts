import { DEVICE_TYPES, TIME_ZONES } from './data/lookups'
import type { Directory } from './directory'
import type { DepartmentKey, Group } from './hierarchy'
import type { Manner } from './options'
import type { Basics, Contact, Endpoint, Person } from './person'

type Out = Record<string, unknown>

const zoneNames = new Map<string, string>(TIME_ZONES.map(({ key, displayName }) => [key, displayName]))
const NEVER = { admin: -2_147_483_648, user: 2_147_483_647 } as const

/** A stable coin of `sides` sides for one user and one trait, so that every spelling occurs somewhere. */
const coin = (index: number, trait: number, sides: number) => (index * 7 + trait * 13) % sides

/** Digits-only text that survives the trip through a JSON number; the real server sends such as numbers. */
function numberIfPlain(text: string): string | number {
  return /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : text
}

export function wobble(manner: Manner, text: string): string | number {
  return manner === 'awkward' ? numberIfPlain(text) : text
}

/** Old releases send a list of one as the bare thing. */
export function list<T>(manner: Manner, items: readonly T[]): readonly T[] | T {
  const [only] = items
  return manner === 'awkward' && items.length === 1 && only !== undefined ? only : items
}

export const flag = (manner: Manner, value: boolean): boolean | string =>
  manner === 'awkward' ? String(value) : value

/** `+1-5135551234` without the country code: the form of detail objects. */
export function national(canonical: string): string {
  return canonical.slice(canonical.indexOf('-') + 1)
}

function departmentPath(directory: Directory, department: DepartmentKey): string {
  const provider = directory.provider(department.serviceProviderId)
  const known =
    department.groupId === undefined
      ? provider?.departments
      : directory.group(department.serviceProviderId, department.groupId)?.departments
  return (
    known?.find(({ name }) => name === department.name)?.fullPathName ??
    `${department.name} (${department.groupId ?? department.serviceProviderId})`
  )
}

export interface Renderer {
  row(basics: Basics): Out
  /** `written`: the answer of a PUT, where releases from 6.1 on put `""` for what is empty. */
  detail(person: Person, how?: { written?: boolean; forUser?: boolean }): Out
}

/** Turns the server's records into the two shapes that the API shows, in the chosen manner. */
export function createRenderer(directory: Directory, manner: Manner): Renderer {
  const awkward = manner === 'awkward'

  const contacts = (items: readonly Contact[]) =>
    list(
      manner,
      items.map(({ sipContact }) => ({ sipContact })),
    )

  function row(basics: Basics): Out {
    const group = directory.groupAt(basics.group)
    const { index } = basics
    const out: Out = {
      userId: basics.userId,
      userIdShort: awkward && index % 2 ? basics.userId : basics.userId.split('@')[0],
      lastName: wobble(manner, basics.lastName),
      firstName: wobble(manner, basics.firstName),
    }
    const optional = (name: string, value: unknown, trait: number) => {
      if (value !== undefined) out[name] = value
      else if (!awkward) out[name] = null
      else {
        const spelling = coin(index, trait, 3)
        if (spelling === 0) out[name] = null
        else if (spelling === 1) out[name] = ''
      }
    }
    optional('department', basics.department && departmentPath(directory, basics.department), 1)
    optional('phoneNumber', basics.phoneNumber, 2)
    optional(
      'phoneNumberActivated',
      basics.phoneNumber === undefined ? undefined : flag(manner, directory.isActivated(basics.phoneNumber)),
      0,
    )
    optional('emailAddress', basics.emailAddress, 3)
    out.hiraganaLastName = wobble(manner, basics.hiraganaLastName)
    out.hiraganaFirstName = wobble(manner, basics.hiraganaFirstName)
    out.inTrunkGroup = flag(manner, basics.endpointType === 'trunkAddressing')
    optional('extension', basics.extension === undefined ? undefined : wobble(manner, basics.extension), 4)
    out.countryCode = Number(group.place.countryCode)
    optional('nationalPrefix', undefined, 5)
    out.domain = basics.userId.split('@')[1] ?? group.domain
    out.serviceProviderId = group.provider.id
    out.groupId = group.groupId
    return out
  }

  function endpoint(out: Out, person: Person, group: Group): void {
    const { endpoint: held } = person
    out.endpointType = held.type
    out.accessDeviceEndpoint =
      held.type === 'accessDeviceEndpoint' ? accessDevice(person, held, group) : { contacts: [] }
    out.trunkAddressing =
      held.type === 'trunkAddressing' ? trunk(held) : { trunkGroupDeviceEndpoint: { contacts: [] } }
  }

  function accessDevice(
    person: Person,
    held: Extract<Endpoint, { type: 'accessDeviceEndpoint' }>,
    group: Group,
  ): Out {
    const mac = directory.population.macAddress(
      directory.deviceUser(group, held.device.deviceName) ?? person.index,
    )
    const spare = held.device.deviceName.startsWith('spare-')
    return {
      accessDevice: {
        serviceProviderId: group.provider.id,
        ...(held.device.deviceLevel === 'Group' ? { groupId: group.groupId } : {}),
        deviceName: held.device.deviceName,
        deviceLevel: held.device.deviceLevel,
        deviceType: DEVICE_TYPES[person.index % DEVICE_TYPES.length],
        protocol: 'SIP 2.0',
        numberOfPorts: person.index % 3 ? { quantity: '12' } : { unlimited: 'true' },
        numberOfAssignedPorts: 1,
        status: 'Online',
        macAddress: spare ? '' : awkward && /^[0-9]+$/.test(mac) ? Number(mac) : mac,
        configurationMode: 'Default',
        transportProtocol: 'Unspecified',
        useCustomUserNamePassword: flag(manner, true),
        accessDeviceCredentials: { userName: wobble(manner, national(person.phoneNumber ?? '+0-0')) },
        tags: [],
        relatedServices: [],
      },
      linePort: held.linePort,
      contacts: contacts(held.contacts),
      ...(held.portNumber === undefined ? {} : { portNumber: held.portNumber }),
      ...(held.useHotline === undefined ? {} : { useHotline: held.useHotline }),
      ...(held.hotlineContact === undefined ? {} : { hotlineContact: held.hotlineContact }),
      staticRegistrationCapable: 'false',
      useDomain: 'true',
      supportVisualDeviceManagement: 'false',
    }
  }

  function trunk(held: Extract<Endpoint, { type: 'trunkAddressing' }>): Out {
    const { trunkGroup } = held
    return {
      trunkGroupDeviceEndpoint: trunkGroup
        ? {
            name: trunkGroup.name,
            linePort: trunkGroup.linePort,
            contacts: contacts(trunkGroup.contacts),
            staticRegistrationCapable: 'false',
            useDomain: 'true',
            isPilotUser: 'false',
          }
        : { contacts: [] },
      ...(held.enterpriseTrunkName === undefined ? {} : { enterpriseTrunkName: held.enterpriseTrunkName }),
      ...(held.alternateTrunkIdentity === undefined
        ? {}
        : { alternateTrunkIdentity: wobble(manner, held.alternateTrunkIdentity) }),
      ...(held.alternateTrunkIdentityDomain === undefined
        ? {}
        : { alternateTrunkIdentityDomain: held.alternateTrunkIdentityDomain }),
      ...(held.physicalLocation === undefined ? {} : { physicalLocation: held.physicalLocation }),
    }
  }

  function expiry(person: Person, forUser: boolean): number | string {
    const days = person.passwordExpiresDays ?? (forUser ? NEVER.user : NEVER.admin)
    return awkward && coin(person.index, 6, 2) ? String(days) : days
  }

  function detail(person: Person, { written = false, forUser = false } = {}): Out {
    const group = directory.groupAt(person.group)
    const { place, provider } = group
    const blanks = written && awkward
    const out: Out = {
      serviceProviderId: provider.id,
      groupId: group.groupId,
      userId: person.userId,
      isEnterprise: flag(manner, provider.isEnterprise),
      domain: person.userId.split('@')[1] ?? group.domain,
      lastName: wobble(manner, person.lastName),
      firstName: wobble(manner, person.firstName),
      callingLineIdLastName: wobble(manner, person.callingLineIdLastName),
      callingLineIdFirstName: wobble(manner, person.callingLineIdFirstName),
      hiraganaLastName: wobble(manner, person.hiraganaLastName),
      hiraganaFirstName: wobble(manner, person.hiraganaFirstName),
      countryCode: place.countryCode,
      language: person.language,
      timeZone: person.timeZone,
      timeZoneDisplayName: zoneNames.get(person.timeZone) ?? person.timeZone,
      defaultAlias: person.defaultAlias,
      aliases: person.aliases,
      passwordExpiresDays: expiry(person, forUser),
      networkClassOfService: person.networkClassOfService,
      allowVideo: flag(manner, true),
      locationDialingCode: wobble(manner, String(200 + group.index)),
    }
    const optional = (name: string, value: string | number | undefined, blank = false) => {
      if (value !== undefined) out[name] = value
      else if (blank && blanks) out[name] = ''
    }
    optional('phoneNumber', person.phoneNumber && national(person.phoneNumber), true)
    if (person.phoneNumber !== undefined) {
      out.phoneNumberActivated = flag(manner, directory.isActivated(person.phoneNumber))
    }
    optional('extension', person.extension, true)
    optional('callingLineIdPhoneNumber', person.callingLineIdPhoneNumber, true)
    optional('nationalPrefix', undefined, true)
    optional('emailAddress', person.emailAddress, true)
    optional('title', person.title && wobble(manner, person.title))
    optional('pagerPhoneNumber', person.pagerPhoneNumber && wobble(manner, person.pagerPhoneNumber))
    optional('mobilePhoneNumber', person.mobilePhoneNumber && wobble(manner, person.mobilePhoneNumber))
    optional('yahooId', person.yahooId)
    optional('addressLocation', person.addressLocation && wobble(manner, person.addressLocation))
    optional('impId', person.impId)
    if (person.nameDialingName) {
      out.nameDialingName = {
        nameDialingLastName: wobble(manner, person.nameDialingName.last),
        nameDialingFirstName: wobble(manner, person.nameDialingName.first),
      }
    }
    if (person.department) {
      out.department = { ...person.department }
      out.departmentFullPath = departmentPath(directory, person.department)
    } else if (blanks) {
      out.department = { serviceProviderId: '', groupId: '', name: '' }
    }
    if (Object.keys(person.address).length > 0) {
      const { stateOrProvince, zipOrPostalCode } = person.address
      out.address = {
        ...person.address,
        ...(zipOrPostalCode === undefined ? {} : { zipOrPostalCode: wobble(manner, zipOrPostalCode) }),
        ...(stateOrProvince === undefined ? {} : { stateOrProvinceDisplayName: stateOrProvince }),
      }
    }
    if (person.alternateUserId.length > 0) {
      out.alternateUserId = list(
        manner,
        person.alternateUserId.map((alternate) => ({ ...alternate })),
      )
    }
    endpoint(out, person, group)
    return out
  }

  return { row, detail }
}
