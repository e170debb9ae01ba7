import type { DepartmentKey } from './hierarchy'

export interface Contact {
  readonly sipContact: string
}

export interface DeviceKey {
  readonly deviceName: string
  readonly deviceLevel: 'System' | 'Service Provider' | 'Group'
}

export type Endpoint =
  | { readonly type: 'none' }
  | {
      readonly type: 'accessDeviceEndpoint'
      readonly device: DeviceKey
      readonly linePort: string
      readonly contacts: readonly Contact[]
      readonly portNumber?: number
      readonly useHotline?: boolean
      readonly hotlineContact?: string
    }
  | {
      readonly type: 'trunkAddressing'
      /** Absent after the trunk group was taken away while other trunk fields stayed. */
      readonly trunkGroup?: {
        readonly name: string
        readonly linePort: string
        readonly contacts: readonly Contact[]
      }
      readonly enterpriseTrunkName?: string
      readonly alternateTrunkIdentity?: string
      readonly alternateTrunkIdentityDomain?: string
      readonly physicalLocation?: string
    }

export interface AlternateId {
  readonly alternateUserId: string
  readonly description?: string
}

export type AddressPart =
  | 'addressLine1'
  | 'addressLine2'
  | 'city'
  | 'stateOrProvince'
  | 'zipOrPostalCode'
  | 'country'

/** What a list row shows: cheap to make for every user of the system. */
export interface Basics {
  readonly index: number
  /** Index of the group the user is in now. */
  readonly group: number
  readonly userId: string
  readonly lastName: string
  readonly firstName: string
  readonly hiraganaLastName: string
  readonly hiraganaFirstName: string
  /** Canonical: `+cc-national`. */
  readonly phoneNumber: string | undefined
  readonly extension: string | undefined
  readonly emailAddress: string | undefined
  readonly department: DepartmentKey | undefined
  readonly endpointType: Endpoint['type']
}

/** The server's own record of one user. Empty is undefined (or an empty list), never `""` or null. */
export interface Person extends Basics {
  readonly callingLineIdLastName: string
  readonly callingLineIdFirstName: string
  readonly nameDialingName: { readonly last: string; readonly first: string } | undefined
  /** Kept exactly as it was written. */
  readonly callingLineIdPhoneNumber: string | undefined
  readonly language: string
  readonly timeZone: string
  readonly defaultAlias: string
  readonly aliases: readonly string[]
  readonly alternateUserId: readonly AlternateId[]
  readonly title: string | undefined
  readonly pagerPhoneNumber: string | undefined
  readonly mobilePhoneNumber: string | undefined
  readonly yahooId: string | undefined
  readonly addressLocation: string | undefined
  readonly address: Readonly<Partial<Record<AddressPart, string>>>
  readonly networkClassOfService: string
  readonly impId: string | undefined
  readonly endpoint: Endpoint
  /** Undefined: never. */
  readonly passwordExpiresDays: number | undefined
}

export type PersonChanges = { readonly [K in keyof Omit<Person, 'index'>]?: Person[K] }
