import { CLASSES_OF_SERVICE } from './data/lookups'
import {
  ENTERPRISE_DEPARTMENTS,
  GROUP_DEPARTMENTS,
  PLACES,
  type Place,
  PROVIDERS,
  type ProviderSeed,
  SPECIAL_GROUP_IDS,
} from './data/places'

/** The first extension ends in 1234, and so does the first number: each number ends as its extension does. */
const FIRST = 1234
/** After each run of seven extensions one stays free, so that there is always a next free one near by. */
const RUN = 7
const SPARE_NUMBERS = 60

export interface ServiceInstance {
  readonly kind: 'Hunt Group' | 'Auto Attendant' | 'Call Center' | 'Call Park'
  readonly serviceUserId: string
  readonly name: string
  readonly extension: string
  /** Canonical, as in `Person`. */
  readonly phoneNumber: string | undefined
  readonly policy: string
}

export interface DepartmentKey {
  readonly serviceProviderId: string
  /** Left out for a department of the whole enterprise. */
  readonly groupId?: string
  readonly name: string
}

export interface Department extends DepartmentKey {
  readonly fullPathName: string
  readonly parent: string | undefined
}

export interface Group {
  readonly index: number
  readonly provider: Provider
  readonly groupId: string
  readonly name: string
  readonly place: Place
  readonly domain: string
  /** The users that are born here are [firstUser, firstUser + size). */
  readonly firstUser: number
  readonly size: number
  readonly extensionLength: { readonly min: number; readonly max: number; readonly usual: number }
  readonly firstExtension: number
  /** The number pool: `poolSize` numbers from `firstNumber`, a national number as an integer. */
  readonly firstNumber: number
  readonly poolSize: number
  readonly instances: readonly ServiceInstance[]
  readonly departments: readonly Department[]
  readonly classesOfService: readonly string[]
  readonly trunkGroups: readonly string[]
}

export interface Provider extends ProviderSeed {
  readonly groups: readonly Group[]
  readonly departments: readonly Department[]
}

/** How many extensions `users` users take, free ones between them included. */
export function extensionSpan(users: number): number {
  return Math.ceil((users * (RUN + 1)) / RUN)
}

/** The place of the user's extension and number among those of the group. */
export function offsetOf(local: number): number {
  return local + Math.floor(local / RUN)
}

/** The inverse of `offsetOf`; undefined for a free place. */
export function localAt(offset: number, size: number): number | undefined {
  if (!Number.isInteger(offset) || offset < 0 || offset % (RUN + 1) === RUN) return undefined
  const local = Math.floor(offset / (RUN + 1)) * RUN + (offset % (RUN + 1))
  return local < size ? local : undefined
}

/** `+cc-national`: the one form in which numbers are kept and compared here. */
export function poolNumber(group: Group, offset: number): string {
  const { countryCode, nationalLength } = group.place
  return `+${countryCode}-${String(group.firstNumber + offset).padStart(nationalLength, '0')}`
}

/** The place of a canonical number in the group's pool; undefined when it is not one of the pool. */
export function poolOffset(group: Group, canonical: string): number | undefined {
  const { countryCode, nationalLength } = group.place
  const prefix = `+${countryCode}-`
  if (!canonical.startsWith(prefix)) return undefined
  const national = canonical.slice(prefix.length)
  if (national.length !== nationalLength || !/^[0-9]+$/.test(national)) return undefined
  const offset = Number(national) - group.firstNumber
  return offset >= 0 && offset < group.poolSize ? offset : undefined
}

export function groupCountFor(users: number, wanted: number | undefined): number {
  const usual = users >= 25_000 ? Math.max(40, Math.ceil(users / 2500)) : Math.ceil(users / 625)
  return Math.max(PROVIDERS.length, Math.floor(wanted ?? usual))
}

function providerOfGroups(groups: number): number[] {
  const shares = PROVIDERS.map((provider) => provider.share)
  const owners: number[] = []
  let left = groups
  for (const [index, share] of shares.entries()) {
    const later = PROVIDERS.length - index - 1
    const mine = later === 0 ? left : Math.min(left - later, Math.max(1, Math.round((groups * share) / 10)))
    for (let i = 0; i < mine; i++) owners.push(index)
    left -= mine
  }
  return owners
}

/** Two providers have groups of the same id, for whoever takes that for a key; one provider never has. */
const specialId = (index: number, { groups }: Provider): string | undefined => {
  const special = SPECIAL_GROUP_IDS[index]
  return groups.some(({ groupId }) => groupId === special) ? undefined : special
}

function makeGroup(index: number, provider: Provider, firstUser: number, size: number): Group {
  const tier = Math.floor(index / PLACES.length)
  const found = PLACES[index % PLACES.length]
  if (!found) throw new Error('No places')
  const suffix = tier === 0 ? '' : String(tier + 1)
  const groupId = specialId(index, provider) ?? `${found.id}${suffix}`
  const domain = `${found.id}${suffix}.${provider.domain}`

  const span = extensionSpan(size)
  let digits = index % 5 === 3 ? 5 : 4
  while (FIRST + span > 7 * 10 ** (digits - 1)) digits += 1
  const firstExtension = digits === 4 ? FIRST : 10 ** (digits - 1) + FIRST
  const extensionLength =
    index % 5 === 3
      ? { min: digits, max: digits, usual: digits }
      : index % 5 === 2
        ? { min: 3, max: digits + 1, usual: digits }
        : { min: digits, max: digits, usual: digits }

  const subscriberLength = found.nationalLength - found.area.length
  const poolSize = span + SPARE_NUMBERS
  const stride = Math.ceil((FIRST + poolSize) / 10_000) * 10_000
  const exchange = Math.floor(Math.round(0.555 * 10 ** subscriberLength) / 10_000) * 10_000
  const firstNumber = Number(found.area) * 10 ** subscriberLength + exchange + tier * stride + FIRST

  const bare = { place: found, firstNumber, poolSize } as Group
  const instance = (
    kind: ServiceInstance['kind'],
    name: string,
    extension: number,
    spare: number | undefined,
    prefix: string,
    policy: string,
  ): ServiceInstance => ({
    kind,
    name,
    serviceUserId: `${prefix}${extension}@${domain}`,
    extension: String(extension),
    phoneNumber: spare === undefined ? undefined : poolNumber(bare, poolSize - 1 - spare),
    policy,
  })
  const eights = 8 * 10 ** (digits - 1)
  const groupDepartments = GROUP_DEPARTMENTS.map(
    ({ name, parent }): Department => ({
      serviceProviderId: provider.id,
      groupId,
      name,
      parent,
      fullPathName: `${parent ? `${parent} \\ ` : ''}${name} (${groupId})`,
    }),
  )
  const classes = CLASSES_OF_SERVICE.filter((_, at) => at === 0 || (at + index) % 3 !== 0)
  return {
    index,
    provider,
    groupId,
    name: index === 0 ? 'Cincinnati clinic' : `${found.city}${suffix && ` ${suffix}`}`,
    place: found,
    domain,
    firstUser,
    size,
    extensionLength,
    firstExtension,
    firstNumber,
    poolSize,
    instances: [
      instance('Hunt Group', 'Front desk', eights + 1, 0, 'hunt', 'Circular'),
      instance('Hunt Group', 'Sales team <b>A&B</b>', eights + 2, undefined, 'hunt', 'Simultaneous'),
      instance('Auto Attendant', 'Main menu', eights + 101, 1, 'attendant', 'Extension'),
      instance('Call Center', 'Support queue', eights + 201, 2, 'queue', 'Uniform'),
      instance('Call Park', 'Park 1', eights + 301, undefined, 'park', ''),
    ],
    departments: groupDepartments,
    classesOfService: classes.map(({ name }) => name),
    trunkGroups: ['Trunk A', 'Trunk B'],
  }
}

/** The providers and groups of a server with `users` users. Pure; a few hundred bytes per group. */
export function makeHierarchy(users: number, wantedGroups: number | undefined): readonly Provider[] {
  const count = groupCountFor(users, wantedGroups)
  const providers = PROVIDERS.map((seed) => ({
    ...seed,
    groups: [] as Group[],
    departments: seed.isEnterprise
      ? ENTERPRISE_DEPARTMENTS.map((name) => ({
          serviceProviderId: seed.id,
          name,
          parent: undefined,
          fullPathName: `${name} (${seed.id})`,
        }))
      : [],
  }))
  for (const [index, owner] of providerOfGroups(count).entries()) {
    const provider = providers[owner]
    if (!provider) throw new Error('Group without a provider')
    const from = Math.floor((index * users) / count)
    const to = Math.floor(((index + 1) * users) / count)
    provider.groups.push(makeGroup(index, provider, from, to - from))
  }
  return providers
}
