import type { ExtensionFacts, LookupAnswer, LookupOption } from '../../../shared/ipc/contract'
import type { Json } from '../../../shared/json'
import { foldedId } from '../../../shared/user/id'
import type { FieldValue, UserKey } from '../../../shared/user/types'
import { displayName, isEmptyValue, nameAndId, sameValue } from '../../../shared/user/value'
import type { OdinLookups, OdinResult } from '../../odin/types'
import type { Clock } from '../../platform/ports'
import type { LookupsRepository } from '../../store/repositories/lookups'
import type { Directory } from './directory'

/** What is kept for work without a network. */
const kept = [
  'departments',
  'languages',
  'timeZones',
  'states',
  'networkClasses',
  'numbers',
  'devices',
  'trunkGroups',
  'enterpriseTrunks',
] as const
/** What the server can be asked for. An id changes at once or not at all, so its domains are of use only online. */
export type Listed = (typeof kept)[number] | 'domains' | 'services'

export interface LookupsDeps {
  readonly repository: LookupsRepository
  readonly clock: Clock
  readonly directory: Pick<Directory, 'holders' | 'extensions'>
  /** The server that is chosen; its client while it can be read. */
  readonly present: () =>
    | { readonly connectionId: string; readonly client: OdinLookups | undefined }
    | undefined
}

/** A list that hardly ever changes is asked for again after this, one that others take from much sooner. */
const freshMs: Readonly<Record<string, number>> = {
  numbers: 30_000,
  extensions: 30_000,
  services: 30_000,
  devices: 30_000,
}
const usuallyFreshMs = 15 * 60_000
/** A list that did not have what was asked for is not read again so soon. */
const justRead = 5_000
/** A number list of more is cut: it is narrowed by typing. */
const mostOptions = 20_000
/** How far a free extension is looked for. */
const mostTries = 100_000

/** Under which name a list is kept: of the whole server, of one user or of a group. */
function placeOf(name: string, { serviceProviderId, groupId, userId }: UserKey): string {
  if (['languages', 'timeZones', 'states'].includes(name)) return name
  return name === 'services' ? `${name} ${foldedId(userId)}` : `${name} ${serviceProviderId}\n${groupId}`
}

type Known = { readonly value: Json; readonly readAt: number; readonly why?: string }

/** Lists to choose from, read when needed and kept for work without a network; and what is known of extensions. */
export function createLookups(deps: LookupsDeps) {
  const { repository, clock, directory, present } = deps
  const asking = new Map<string, Promise<Known | string>>()

  /** The value as kept if it is fresh, else as read; kept is better than none. A text says why there is none. */
  const known = (
    name: string,
    key: UserKey,
    read: (client: OdinLookups) => Promise<OdinResult<Json>>,
    freshFor = freshMs[name] ?? usuallyFreshMs,
  ): Promise<Known | string> => {
    const now = present()
    if (now === undefined) return Promise.resolve('No server is chosen.')
    const place = placeOf(name, key)
    const kept = repository.get(now.connectionId, place)
    const age = kept === undefined ? Number.POSITIVE_INFINITY : clock.wall() - kept.readAt
    if (kept !== undefined && age >= 0 && age < freshFor) return Promise.resolve(kept)
    const { client, connectionId } = now
    if (client === undefined) {
      const why = 'Not connected to the server.'
      return Promise.resolve(kept === undefined ? why : { ...kept, why })
    }
    const question = `${connectionId} ${place}`
    const running = asking.get(question)
    if (running) return running
    const answer = read(client)
      .then((result): Known | string => {
        if (!result.ok) {
          const why = result.error.message
          return kept === undefined ? why : { ...kept, why }
        }
        const readAt = clock.wall()
        repository.put(connectionId, place, result.value, readAt)
        return { value: result.value, readAt }
      })
      .finally(() => asking.delete(question))
    asking.set(question, answer)
    return answer
  }

  const lengths = (key: UserKey) =>
    known('extensionLengths', key, async (client) => {
      const result = await client.extensionLengths(key)
      return result.ok ? { ...result, value: { ...result.value } } : result
    })

  const used = (key: UserKey) =>
    known('extensions', key, async (client) => {
      const result = await client.extensionsInUse(key)
      if (!result.ok) return result
      return {
        ...result,
        value: result.value
          .filter(({ by }) => by !== 'user')
          .map(({ extension, by, id, name }) => ({ extension, who: `${kinds[by]} ${name ?? id}` })),
      }
    })

  return {
    async options(lookup: Listed, key: UserKey): Promise<LookupAnswer> {
      const answer = await known(lookup, key, (client) => readers[lookup](client, key))
      if (typeof answer === 'string') return { options: [], why: answer }
      const { value, readAt, why } = answer
      return {
        options: value as unknown as LookupOption[],
        readAt,
        ...(why === undefined ? {} : { why }),
      }
    },

    /** Why a user cannot be put into this department; nothing when it can, or when the list is not known. */
    async noDepartment(user: UserKey, department: FieldValue): Promise<string | undefined> {
      if (isEmptyValue(department)) return undefined
      const among = (answer: Known | string) =>
        typeof answer === 'string' ||
        answer.why !== undefined ||
        (answer.value as unknown as LookupOption[]).some(({ value }) =>
          sameValue('department', value, department),
        )
      if (among(await known('departments', user, (client) => readers.departments(client, user))))
        return undefined
      // It may have been made since the list was read.
      const anew = await known('departments', user, (client) => readers.departments(client, user), justRead)
      if (among(anew)) return undefined
      const { name = '', groupId } = department as { name?: string; groupId?: string }
      const where = groupId === undefined ? `the enterprise ${user.serviceProviderId}` : `group ${groupId}`
      return `There is no department “${name}” in ${where}.`
    },

    /** The group's length rule, who has an extension, and the next that nobody has. */
    async extension(key: UserKey, value: string | undefined): Promise<ExtensionFacts> {
      const [rule, services] = await Promise.all([lengths(key), used(key)])
      const length =
        typeof rule === 'string' ? undefined : (rule.value as { min: number; max: number; default?: number })
      const others =
        typeof services === 'string' ? [] : (services.value as { extension: string; who: string }[])
      const taken = new Map(others.map(({ extension, who }) => [extension, who]))
      let takenBy = value === undefined ? undefined : taken.get(value)
      if (value !== undefined && takenBy === undefined) {
        const [holder] = await directory.holders(key, 'extension', value)
        takenBy = holder && nameAndId(displayName(holder), holder.key.userId)
      }
      const next = nextFree([...(await directory.extensions(key)), ...taken.keys()], length)
      return {
        ...(length === undefined ? {} : { min: length.min, max: length.max }),
        ...(takenBy === undefined ? {} : { takenBy }),
        ...(next === undefined ? {} : { nextFree: next }),
        // Without the services' extensions a free one is only free among users.
        usersOnly: typeof services === 'string',
      }
    },

    /** Reads every list of a group, so that it can be edited without a network. */
    async keep(group: Pick<UserKey, 'serviceProviderId' | 'groupId'>): Promise<void> {
      const key = { ...group, userId: '' }
      for (const lookup of kept) await known(lookup, key, (client) => readers[lookup](client, key))
      await lengths(key)
      await used(key)
    },
  }
}
export type Lookups = ReturnType<typeof createLookups>

const kinds = {
  user: 'user',
  'hunt-group': 'hunt group',
  'auto-attendant': 'auto attendant',
  'call-center': 'call center',
} as const

function listOf<T>(result: OdinResult<readonly T[]>, option: (item: T) => LookupOption): OdinResult<Json> {
  if (!result.ok) return result
  return { ...result, value: result.value.slice(0, mostOptions).map((item) => ({ ...option(item) }) as Json) }
}

const named = (name: string): LookupOption => ({ value: name, label: name })

const readers: Readonly<Record<Listed, (client: OdinLookups, key: UserKey) => Promise<OdinResult<Json>>>> = {
  departments: async (client, key) =>
    listOf(await client.departments(key, { includeEnterprise: true }), (department) => {
      const { name, serviceProviderId, groupId, fullPathName } = department
      return {
        value: { name, serviceProviderId, ...(groupId === undefined ? {} : { groupId }) },
        label: fullPathName ?? name,
        note: groupId ?? 'Enterprise',
      }
    }),
  languages: async (client) => {
    const result = await client.languages()
    return listOf(
      result.ok ? { ...result, value: result.value.languages } : result,
      ({ language, locale }) => ({
        value: language,
        label: language,
        ...(locale === undefined ? {} : { note: locale }),
      }),
    )
  },
  timeZones: async (client) =>
    listOf(await client.timeZones(), ({ key, displayName: label }) => ({
      value: key,
      label: key,
      note: label,
    })),
  states: async (client) =>
    listOf(await client.statesAndProvinces(), ({ key, displayName: label }) => ({
      value: key,
      label: key,
      ...(label === key ? {} : { note: label }),
    })),
  networkClasses: async (client, key) =>
    listOf(await client.networkClassesOfService(key), ({ name, description, isDefault }) => ({
      value: name,
      label: name,
      ...(isDefault ? { note: 'Default' } : description === undefined ? {} : { note: description }),
    })),
  domains: async (client, key) => {
    const result = await client.domains(key)
    if (!result.ok) return result
    const { default: usual, domains } = result.value
    return listOf({ ...result, value: domains }, (domain) => ({
      value: domain,
      label: domain,
      ...(domain === usual ? { note: 'Default' } : {}),
    }))
  },
  devices: async (client, key) =>
    listOf(await client.freeDevices(key), ({ deviceName, deviceLevel, deviceType, macAddress }) => {
      const note = [deviceType, macAddress].filter((part) => part !== undefined && part !== '').join(', ')
      return {
        value: { deviceName, deviceLevel },
        label: `${deviceName} (${deviceLevel})`,
        ...(note === '' ? {} : { note }),
      }
    }),
  trunkGroups: async (client, key) => listOf(await client.trunkGroups(key), named),
  enterpriseTrunks: async (client, key) => listOf(await client.enterpriseTrunks(key), named),
  services: async (client, key) =>
    listOf(await client.assignedServices(key.userId), ({ name, isPack, note }) => ({
      // What it is, so that a pack is told from a service of the same name.
      value: isPack ? 'pack' : 'service',
      label: name,
      ...(note === undefined ? {} : { note }),
    })),
  numbers: async (client, key) => {
    const result = await client.numbers(key, { only: 'available' })
    if (!result.ok) return result
    const free = result.value.filter(({ assigned }) => assigned !== true)
    return listOf({ ...result, value: free }, ({ number, activated }) => ({
      value: number,
      label: number,
      ...(activated === false ? { note: 'Not activated' } : {}),
    }))
  },
}

/** The first free extension after the lowest one of the usual length; of the shortest length in an empty group. */
export function nextFree(
  taken: readonly string[],
  length: { readonly min: number; readonly max: number; readonly default?: number } | undefined,
): string | undefined {
  const all = new Set(taken)
  const counts = new Map<number, number>()
  for (const { length: digits } of taken) counts.set(digits, (counts.get(digits) ?? 0) + 1)
  const [usual] = [...counts].sort((a, b) => b[1] - a[1]).map(([digits]) => digits)
  const allowed = (digits: number) => length === undefined || (digits >= length.min && digits <= length.max)
  const width = [length?.default, usual, length?.min].find(
    (digits) => digits !== undefined && allowed(digits),
  )
  if (width === undefined || width > 15) return undefined
  const lowest = taken
    .filter((extension) => extension.length === width)
    .reduce((least, extension) => Math.min(least, Number(extension)), 10 ** width)
  const first = lowest === 10 ** width ? 10 ** (width - 1) : lowest
  for (let tries = 0, next = first; tries < mostTries && next < 10 ** width; tries++, next++) {
    const text = String(next).padStart(width, '0')
    // Emergency numbers are refused as extensions.
    if (!all.has(text) && !['911', '112', '999'].includes(text)) return text
  }
  return undefined
}
