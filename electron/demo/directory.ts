import {
  type Group,
  localAt,
  makeHierarchy,
  offsetOf,
  type Provider,
  poolNumber,
  poolOffset,
  type ServiceInstance,
} from './hierarchy'
import type { Manner } from './options'
import type { Basics, Person, PersonChanges } from './person'
import { deviceNameFor, Population } from './population'

export type Owner =
  | { readonly kind: 'user'; readonly index: number }
  | { readonly kind: 'instance'; readonly instance: ServiceInstance; readonly group: Group }

interface Override {
  readonly changes: PersonChanges
  readonly keys: readonly string[]
}

const key = {
  id: (id: string) => `i ${id.toLowerCase()}`,
  linePort: (linePort: string) => `l ${linePort.toLowerCase()}`,
  number: (canonical: string) => `n ${canonical}`,
  extension: (group: number, extension: string) => `e ${group} ${extension}`,
}

/**
 * All users of the server: made from the seed when asked for, with what was changed since on top. Who owns an
 * id, a number or an extension is answered by arithmetic for untouched users and by one index for the others,
 * so that a million users cost nothing until someone edits them.
 */
export class Directory {
  readonly providers: readonly Provider[]
  readonly groups: readonly Group[]
  readonly population: Population
  readonly size: number
  readonly #overrides = new Map<number, Override>()
  readonly #gone = new Set<number>()
  readonly #keys = new Map<string, number>()
  /** Users who were moved into a group, by group. */
  readonly #arrivals = new Map<number, Set<number>>()
  readonly #departures = new Map<number, number>()
  readonly #deactivated = new Map<string, boolean>()
  readonly #groupsByDomain = new Map<string, Group>()
  readonly #groupsById = new Map<string, Group>()

  constructor(seed: number, users: number, groups: number | undefined, manner: Manner = 'plain') {
    this.size = users
    this.providers = makeHierarchy(users, groups)
    this.groups = this.providers.flatMap((provider) => provider.groups)
    this.population = new Population(seed, this.groups, manner)
    for (const group of this.groups) {
      this.#groupsByDomain.set(group.domain, group)
      this.#groupsById.set(`${group.provider.id}\n${group.groupId}`, group)
    }
  }

  provider(id: string): Provider | undefined {
    return this.providers.find((provider) => provider.id === id)
  }

  group(serviceProviderId: string, groupId: string): Group | undefined {
    return this.#groupsById.get(`${serviceProviderId}\n${groupId}`)
  }

  groupAt(index: number): Group {
    const group = this.groups[index]
    if (!group) throw new Error(`No group ${index}`)
    return group
  }

  exists(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.size && !this.#gone.has(index)
  }

  basics(index: number): Basics {
    const made = this.population.basics(index)
    const override = this.#overrides.get(index)
    if (!override) return made
    const { endpoint } = override.changes
    return { ...made, ...override.changes, ...(endpoint ? { endpointType: endpoint.type } : {}) }
  }

  person(index: number): Person {
    const made = this.population.person(index)
    const override = this.#overrides.get(index)
    if (!override) return made
    const { endpoint } = override.changes
    return { ...made, ...override.changes, ...(endpoint ? { endpointType: endpoint.type } : {}) }
  }

  /** The users that are in a group now, cheapest first look. */
  *membersOf(group: Group): Generator<number> {
    const end = group.firstUser + group.size
    for (let index = group.firstUser; index < end; index++) {
      if (this.#gone.has(index)) continue
      const moved = this.#overrides.get(index)?.changes.group
      if (moved === undefined || moved === group.index) yield index
    }
    for (const index of this.#arrivals.get(group.index) ?? []) if (!this.#gone.has(index)) yield index
  }

  countOf(group: Group): number {
    let gone = 0
    for (const index of this.#gone) if (this.basics(index).group === group.index) gone += 1
    return (
      group.size -
      (this.#departures.get(group.index) ?? 0) +
      (this.#arrivals.get(group.index)?.size ?? 0) -
      gone
    )
  }

  /** The index of the user with this user id or alternate user id, in any letter case. */
  find(id: string): number | undefined {
    const owner = this.idOwner(id)
    if (owner?.kind !== 'user') return undefined
    const { userId, alternateUserId } = this.person(owner.index)
    const wanted = id.toLowerCase()
    return userId.toLowerCase() === wanted ||
      alternateUserId.some((alternate) => alternate.alternateUserId.toLowerCase() === wanted)
      ? owner.index
      : undefined
  }

  /** Who holds an id in the space that user ids, aliases, alternate ids and service instances share. */
  idOwner(id: string): Owner | undefined {
    const wanted = id.toLowerCase()
    const holds = (index: number) => {
      if (!this.exists(index)) return false
      const { userId, defaultAlias, aliases, alternateUserId } = this.person(index)
      return (
        userId.toLowerCase() === wanted ||
        defaultAlias.toLowerCase() === wanted ||
        aliases.some((alias) => alias.toLowerCase() === wanted) ||
        alternateUserId.some((alternate) => alternate.alternateUserId.toLowerCase() === wanted)
      )
    }
    const kept = this.#keys.get(key.id(id))
    if (kept !== undefined && holds(kept)) return { kind: 'user', index: kept }
    const born = this.#bornWith(wanted)
    if (born !== undefined && holds(born)) return { kind: 'user', index: born }
    const group = this.#groupsByDomain.get(wanted.slice(wanted.indexOf('@') + 1))
    const instance = group?.instances.find((one) => one.serviceUserId.toLowerCase() === wanted)
    return group && instance ? { kind: 'instance', instance, group } : undefined
  }

  linePortOwner(linePort: string): number | undefined {
    const wanted = linePort.toLowerCase()
    const holds = (index: number) => {
      if (!this.exists(index)) return false
      const { endpoint } = this.person(index)
      const held =
        endpoint.type === 'accessDeviceEndpoint'
          ? endpoint.linePort
          : endpoint.type === 'trunkAddressing'
            ? endpoint.trunkGroup?.linePort
            : undefined
      return held?.toLowerCase() === wanted
    }
    const kept = this.#keys.get(key.linePort(linePort))
    if (kept !== undefined && holds(kept)) return kept
    const born = this.#bornWith(wanted)
    return born !== undefined && holds(born) ? born : undefined
  }

  extensionOwner(group: Group, extension: string): Owner | undefined {
    const holds = (index: number) => {
      if (!this.exists(index)) return false
      const basics = this.basics(index)
      return basics.group === group.index && basics.extension === extension
    }
    const kept = this.#keys.get(key.extension(group.index, extension))
    if (kept !== undefined && holds(kept)) return { kind: 'user', index: kept }
    const born = this.#bornAt(group, extension)
    if (born !== undefined && holds(born)) return { kind: 'user', index: born }
    const instance = group.instances.find((one) => one.extension === extension)
    return instance ? { kind: 'instance', instance, group } : undefined
  }

  numberOwner(canonical: string): Owner | undefined {
    const holds = (index: number) => this.exists(index) && this.basics(index).phoneNumber === canonical
    const kept = this.#keys.get(key.number(canonical))
    if (kept !== undefined && holds(kept)) return { kind: 'user', index: kept }
    const group = this.poolOf(canonical)
    if (!group) return undefined
    const local = localAt(poolOffset(group, canonical) ?? -1, group.size)
    if (local !== undefined && holds(group.firstUser + local)) {
      return { kind: 'user', index: group.firstUser + local }
    }
    const instance = group.instances.find((one) => one.phoneNumber === canonical)
    return instance ? { kind: 'instance', instance, group } : undefined
  }

  /** The group that a number is assigned to. */
  poolOf(canonical: string): Group | undefined {
    return this.groups.find((group) => poolOffset(group, canonical) !== undefined)
  }

  isActivated(canonical: string): boolean {
    const set = this.#deactivated.get(canonical)
    if (set !== undefined) return set
    return Number(canonical.slice(-4)) % 37 !== 5
  }

  setActivated(canonical: string, activated: boolean): void {
    this.#deactivated.set(canonical, activated)
  }

  /** Whether a device of this name exists for the group: the phone of one of its extensions, or a spare one. */
  deviceExists(group: Group, deviceName: string, level: string): boolean {
    if (level === 'Service Provider') return deviceName === 'gateway-1'
    if (level !== 'Group') return false
    if (/^spare-[1-9]$/.test(deviceName)) return true
    const extension = /^phone-([0-9]+)$/.exec(deviceName)?.[1]
    return extension !== undefined && this.deviceUser(group, deviceName) !== undefined
  }

  /** The user that a phone of the group was made for. */
  deviceUser(group: Group, deviceName: string): number | undefined {
    const extension = /^phone-([0-9]+)$/.exec(deviceName)?.[1]
    if (extension === undefined || deviceNameFor(extension) !== deviceName) return undefined
    const index = this.#bornAt(group, extension)
    return index !== undefined && this.population.basics(index).endpointType === 'accessDeviceEndpoint'
      ? index
      : undefined
  }

  /** Puts changes on a user. The caller has checked them. */
  change(index: number, changes: PersonChanges): void {
    const before = this.#overrides.get(index)
    const was = this.basics(index).group
    const merged = { ...before?.changes, ...changes }
    const now = merged.group ?? was
    for (const one of before?.keys ?? []) if (this.#keys.get(one) === index) this.#keys.delete(one)
    const keys = this.#keysOf(index, merged)
    for (const one of keys) this.#keys.set(one, index)
    this.#overrides.set(index, { changes: merged, keys })
    if (now !== was) this.#move(index, was, now)
  }

  remove(index: number): void {
    this.#gone.add(index)
  }

  #move(index: number, from: number, to: number): void {
    const home = this.population.groupOf(index).index
    if (from === home) this.#departures.set(home, (this.#departures.get(home) ?? 0) + 1)
    else this.#arrivals.get(from)?.delete(index)
    if (to === home) this.#departures.set(home, (this.#departures.get(home) ?? 0) - 1)
    else {
      const arrivals = this.#arrivals.get(to) ?? new Set()
      this.#arrivals.set(to, arrivals.add(index))
    }
  }

  #keysOf(index: number, changes: PersonChanges): string[] {
    const keys: string[] = []
    const made = this.population.basics(index)
    if ('extension' in changes || 'group' in changes) {
      const extension = 'extension' in changes ? changes.extension : made.extension
      if (extension !== undefined) keys.push(key.extension(changes.group ?? made.group, extension))
    }
    if (changes.phoneNumber !== undefined) keys.push(key.number(changes.phoneNumber))
    if (changes.userId !== undefined) keys.push(key.id(changes.userId))
    for (const alias of changes.aliases ?? []) keys.push(key.id(alias))
    for (const alternate of changes.alternateUserId ?? []) keys.push(key.id(alternate.alternateUserId))
    const { endpoint } = changes
    const linePort =
      endpoint?.type === 'accessDeviceEndpoint'
        ? endpoint.linePort
        : endpoint?.type === 'trunkAddressing'
          ? endpoint.trunkGroup?.linePort
          : undefined
    if (linePort !== undefined) keys.push(key.linePort(linePort))
    return keys
  }

  #bornAt(group: Group, extension: string): number | undefined {
    if (!/^[0-9]{1,15}$/.test(extension)) return undefined
    const local = localAt(Number(extension) - group.firstExtension, group.size)
    return local === undefined ? undefined : group.firstUser + local
  }

  /** Every id that is made here ends in its user's extension before the domain. */
  #bornWith(id: string): number | undefined {
    const parts = /([0-9]+)@([^@]+)$/.exec(id)
    const group = parts?.[2] === undefined ? undefined : this.#groupsByDomain.get(parts[2])
    return group && parts?.[1] !== undefined ? this.#bornAt(group, parts[1]) : undefined
  }

  /** The numbers of a group with what the DN list tells about each, in order. */
  *numbersOf(group: Group): Generator<{ canonical: string; owner: Owner | undefined; activated: boolean }> {
    for (let offset = 0; offset < group.poolSize; offset++) {
      const canonical = poolNumber(group, offset)
      yield { canonical, owner: this.numberOwner(canonical), activated: this.isActivated(canonical) }
    }
  }

  /** The number that the user at this place of the group was born with. */
  bornNumber(group: Group, local: number): string {
    return poolNumber(group, offsetOf(local))
  }
}
