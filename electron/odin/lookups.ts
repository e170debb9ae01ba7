import type { Json, JsonObject } from '../../shared/json'
import { displayName, plainText } from '../../shared/user/value'
import { asList, asObject, booleanAt, numberAt, textAt, valueAt } from './answer'
import { type Ask, type Read, readEach, shaped } from './ask'
import { expandRange } from './numbers'
import { type Asked, isOfAnother, sameId } from './subject'
import type {
  AssignedService,
  CallOptions,
  Choice,
  ExtensionInUse,
  GeneratedKind,
  GroupNumber,
  GroupRef,
  OdinLookups,
  OdinResult,
  SecretRules,
} from './types'
import type { Call, Query } from './wire'

type LookupCalls = Omit<OdinLookups, 'users'>

const mostNumbers = 500_000

const askedBy = ({ serviceProviderId, groupId }: Query): Asked => ({
  ...(typeof serviceProviderId === 'string' ? { serviceProviderId } : {}),
  ...(typeof groupId === 'string' ? { groupId } : {}),
})

const has = (key: string) => (object: JsonObject) => textAt(object, key) !== undefined

/** Text keys that a row may have or lack. */
function optional<K extends string>(object: JsonObject | undefined, ...keys: K[]): { [P in K]?: string } {
  const found: { [P in K]?: string } = {}
  for (const key of keys) {
    const text = textAt(object, key)
    if (text !== undefined) found[key] = text
  }
  return found
}

/** What the fields of a user may be set to, and what is taken. */
export function createLookups(ask: Ask, users: OdinLookups['users']): LookupCalls {
  const get = async <T>(
    path: string,
    query: Query,
    { signal }: CallOptions,
    read: (json: Json) => Read<T>,
    more: Partial<Call> = {},
  ): Promise<OdinResult<T>> => {
    const call: Call = {
      method: 'GET',
      path,
      query,
      size: 'list',
      ...(signal === undefined ? {} : { signal }),
      ...more,
    }
    return shaped(await ask(call), call, (json) =>
      isOfAnother(asObject(json), askedBy(query)) ? { ok: false } : read(json),
    )
  }
  const scope = ({ serviceProviderId, groupId }: GroupRef): Query => ({ serviceProviderId, groupId })

  /** The list under `key`, or the answer itself where a release leaves the wrapping out. */
  const listUnder = (json: Json, key: string, isElement: (object: JsonObject) => boolean) => {
    const inner = valueAt(asObject(json), key)
    if (inner === null) return []
    return asList(inner === undefined ? json : inner, isElement)
  }

  const choices = (json: Json): Read<Choice[]> => {
    const items = asList(json, has('key'))
    if (items === undefined) return { ok: false }
    return readEach(items, 'choices', (item) => {
      const object = asObject(item)
      const key = textAt(object, 'key') ?? (typeof item === 'string' ? item : undefined)
      return key === undefined ? undefined : { key, displayName: textAt(object, 'displayName') ?? key }
    })
  }

  /** What each thing in a group's list is called; the key of the name differs from list to list. */
  const names = (path: string, key: string, group: GroupRef, options: CallOptions) =>
    get(path, scope(group), options, (json): Read<string[]> => {
      const items = asList(json, has(key))
      if (items === undefined) return { ok: false }
      return readEach(items, 'names', (item) => {
        const object = asObject(item)
        return isOfAnother(object, group) ? undefined : textAt(object, key)
      })
    })

  const serviceInstances = (
    path: string,
    key: string,
    by: ExtensionInUse['by'],
    group: GroupRef,
    options: CallOptions,
  ) =>
    get(path, scope(group), options, (json): Read<ExtensionInUse[]> => {
      const items = listUnder(json, key, has('serviceUserId'))
      if (items === undefined) return { ok: false }
      const rows = readEach(items, 'service instances', (item) => {
        const object = asObject(item)
        const id = textAt(object, 'serviceUserId')
        return id === undefined || isOfAnother(object, group) ? undefined : { object, id }
      })
      if (!rows.ok) return rows
      const value = rows.value.flatMap(({ object, id }): ExtensionInUse[] => {
        const extension = textAt(object, 'extension')
        return extension === undefined ? [] : [{ extension, by, id, ...optional(object, 'name') }]
      })
      return { ...rows, value }
    })

  return {
    departments: (group, { includeEnterprise, ...options } = {}) =>
      get(
        '/groups/departments',
        { ...scope(group), includeEnterprise: includeEnterprise ? 'true' : undefined },
        options,
        (json) => {
          const items = asList(json, has('name'))
          if (items === undefined) return { ok: false }
          return readEach(items, 'departments', (item) => {
            const object = asObject(item)
            const name = textAt(object, 'name')
            if (name === undefined) return undefined
            const isEnterprise = booleanAt(object, 'isEnterpriseDepartment') ?? false
            const groupId = isEnterprise ? undefined : (textAt(object, 'groupId') ?? group.groupId)
            return {
              serviceProviderId: textAt(object, 'serviceProviderId') ?? group.serviceProviderId,
              ...(groupId === undefined ? {} : { groupId }),
              name,
              ...optional(object, 'fullPathName'),
            }
          })
        },
      ),

    languages: (options = {}) =>
      get('/system/languages', {}, options, (json) => {
        const items = listUnder(json, 'languages', has('language'))
        if (items === undefined) return { ok: false }
        const read = readEach(items, 'languages', (item) => {
          const object = asObject(item)
          const language = textAt(object, 'language')
          return language === undefined ? undefined : { language, ...optional(object, 'locale', 'encoding') }
        })
        return read.ok
          ? { ...read, value: { ...optional(asObject(json), 'default'), languages: read.value } }
          : read
      }),

    timeZones: (options = {}) => get('/system/time-zones', {}, options, choices),

    statesAndProvinces: (options = {}) => get('/system/states-provinces', {}, options, choices),

    /** call-handling-api.md, b.1: the lookup of the portal's own form. A device of another group says nothing here. */
    freeDevices: (group, options = {}) =>
      get('/groups/devices', { ...scope(group), q: 'available' }, options, (json) => {
        const items = asList(json, has('deviceName'))
        if (items === undefined) return { ok: false }
        return readEach(items, 'devices', (item) => {
          const object = asObject(item)
          const deviceName = textAt(object, 'deviceName')
          if (object === undefined || deviceName === undefined || isOfAnother(object, group)) return undefined
          return {
            deviceName,
            deviceLevel: textAt(object, 'deviceLevel') ?? 'Group',
            ...optional(object, 'deviceType'),
            ...optional(object, 'macAddress'),
          }
        })
      }),

    trunkGroups: (group, options = {}) => names('/groups/trunk-groups', 'name', group, options),

    enterpriseTrunks: (group, options = {}) =>
      names('/groups/enterprise-trunks', 'enterpriseTrunkName', group, options),

    networkClassesOfService: (group, options = {}) =>
      get('/groups/network-class-of-services', scope(group), options, (json) => {
        const items = listUnder(json, 'services', has('name'))
        if (items === undefined) return { ok: false }
        return readEach(items, 'network classes of service', (item) => {
          const object = asObject(item)
          const name = textAt(object, 'name')
          return name === undefined
            ? undefined
            : {
                name,
                ...optional(object, 'description'),
                isDefault: booleanAt(object, 'default') ?? false,
              }
        })
      }),

    extensionLengths: (group, options = {}) =>
      get('/groups/extensions', scope(group), options, (json) => {
        const object = asObject(json)
        const min = numberAt(object, 'minExtensionLength')
        const max = numberAt(object, 'maxExtensionLength')
        if (min === undefined || max === undefined || min < 1 || max > 100 || min > max) return { ok: false }
        const usual = numberAt(object, 'defaultExtensionLength')
        return { ok: true, value: { min, max, ...(usual === undefined ? {} : { default: usual }) } }
      }),

    async extensionsInUse(group, options = {}) {
      const { serviceProviderId, groupId } = group
      const ofUsers = users({ serviceProviderId, groupId, ...options })
      const ofServices = [
        serviceInstances('/groups/hunt-groups', 'huntGroups', 'hunt-group', group, options),
        serviceInstances('/groups/auto-attendants', 'autoAttendants', 'auto-attendant', group, options),
        serviceInstances('/groups/call-centers', 'callCenters', 'call-center', group, options),
      ]
      const [people, ...services] = await Promise.all([ofUsers, ...ofServices])
      if (!people.ok) return people
      const used: ExtensionInUse[] = []
      const problems = [...(people.problems ?? [])]
      for (const { key, fields } of people.value) {
        const extension = plainText(fields.extension)
        if (extension === '') continue
        const name = displayName(fields)
        used.push({
          extension,
          by: 'user',
          id: key.userId,
          ...(name === '' ? {} : { name }),
        })
      }
      for (const result of services) {
        if (!result.ok) return result
        used.push(...result.value)
        problems.push(...(result.problems ?? []))
      }
      const { status } = people
      return { ok: true, value: used, status, raw: '', ...(problems.length === 0 ? {} : { problems }) }
    },

    numbers: (group, { only, ...options } = {}) =>
      get('/groups/dns', { ...scope(group), q: only }, options, (json) => {
        const items = listUnder(json, 'dns', has('min'))
        return items === undefined ? { ok: false } : readNumbers(items)
      }),

    domains: (group, options = {}) =>
      get('/groups/domains', scope(group), options, (json) => {
        const object = asObject(json)
        const list = valueAt(object, 'domains')
        const items = Array.isArray(list) ? list : typeof list === 'string' ? [list] : undefined
        if (items === undefined) return { ok: false }
        const domains = items.filter((item): item is string => typeof item === 'string' && item !== '')
        return { ok: true, value: { ...optional(object, 'default'), domains } }
      }),

    /** call-handling-api.md, a.6: it lists all that the group may give, and a pack's name is in `serviceName`, too. */
    assignedServices: (userId, options = {}) =>
      get('/users/services', { userId }, options, (json) => {
        const object = asObject(json)
        const lists = ['userServices', 'servicePackServices'].map((name) => valueAt(object, name))
        // Without one of the lists it is not known what the user has.
        if (!sameId(textAt(object, 'userId'), userId) || !lists.every(Array.isArray)) return { ok: false }
        const assigned = lists.flatMap((list, at) =>
          (list as readonly Json[]).flatMap((item): AssignedService[] => {
            const one = asObject(item)
            const name = textAt(one, 'serviceName') ?? textAt(one, 'servicePackName')
            if (name === undefined || booleanAt(one, 'assigned') !== true) return []
            const note = textAt(one, 'alias') ?? textAt(one, 'description')
            return [{ name, isPack: at === 1, ...(note && note !== name ? { note } : {}) }]
          }),
        )
        return { ok: true, value: assigned }
      }),

    passwordRules: (group, options = {}) => get('/groups/password-rules', scope(group), options, readRules),

    passcodeRules: async (group, options = {}) => {
      const own = await get('/groups/passcode-rules', scope(group), options, (json) => {
        const rules = readRules(json)
        return rules.ok ? { ok: true, value: { rules: rules.value, level: ruleLevel(json) } } : rules
      })
      if (!own.ok) return own
      if (own.value.level !== 'Service Provider') return { ...own, value: own.value.rules }
      const { serviceProviderId } = group
      return get('/service-providers/passcode-rules', { serviceProviderId }, options, readRules)
    },

    generate: (kind, group, { count, ...options } = {}) =>
      get(
        `/${kind}/generate`,
        { ...scope(group), limit: count },
        options,
        (json) => {
          const object = asObject(json)
          for (const key of generatedKeys[kind]) {
            const found = valueAt(object, key)
            const items = (Array.isArray(found) ? found : [found]).map((item) =>
              typeof item === 'number' ? String(item) : item,
            )
            const secrets = items.filter((item): item is string => typeof item === 'string' && item !== '')
            if (secrets.length > 0) return { ok: true, value: secrets }
          }
          return { ok: false }
        },
        { secretAnswer: true },
      ),
  }
}

const generatedKeys: Readonly<Record<GeneratedKind, readonly string[]>> = {
  password: ['passwords', 'password'],
  passcode: ['passcodes', 'passcode'],
  'sip-password': ['passwords', 'password', 'sipPasswords', 'sipPassword'],
}

function readNumbers(items: readonly Json[]): Read<GroupNumber[]> {
  const value: GroupNumber[] = []
  const problems: string[] = []
  for (const item of items) {
    const object = asObject(item)
    const min = textAt(object, 'min') ?? (typeof item === 'string' ? item : undefined)
    if (min === undefined) {
      problems.push('A line of the number list has no number.')
      continue
    }
    const range = expandRange(min, textAt(object, 'max'))
    if (!range.ok) {
      problems.push(`${range.problem} It is left out.`)
      continue
    }
    if (value.length + range.numbers.length > mostNumbers) {
      problems.push(`The list has more than ${mostNumbers} numbers; the rest is left out.`)
      break
    }
    const activated = booleanAt(object, 'activated')
    const assigned = booleanAt(object, 'assigned')
    const flags = {
      ...(activated === undefined ? {} : { activated }),
      ...(assigned === undefined ? {} : { assigned }),
    }
    for (const number of range.numbers) value.push({ number, ...flags })
  }
  if (value.length === 0 && problems.length > 0) return { ok: false }
  return { ok: true, value, problems: problems.slice(0, 20) }
}

const counts = [
  'minDigits',
  'minUpperCaseLetters',
  'minLowerCaseLetters',
  'minNonAlphanumericCharacters',
] as const

function ruleLevel(json: Json): string | undefined {
  return textAt(asObject(json), 'useRuleLevel')
}

function readRules(json: Json): Read<SecretRules> {
  const object = asObject(json)
  if (object === undefined) return { ok: false }
  const rules: { -readonly [K in keyof SecretRules]: SecretRules[K] } = { others: {} }
  const min = numberAt(object, 'minLength') ?? numberAt(object, 'minCodeLength')
  const max = numberAt(object, 'maxLength') ?? numberAt(object, 'maxCodeLength')
  if (min !== undefined) rules.minLength = min
  if (max !== undefined) rules.maxLength = max
  const known = new Set<string>(['minLength', 'maxLength', 'minCodeLength', 'maxCodeLength'])
  for (const name of counts) {
    const flag = `restrict${name.charAt(0).toUpperCase()}${name.slice(1)}`
    known.add(name).add(flag)
    const count = numberAt(object, name)
    // The count is there even when its restriction is switched off.
    if (count !== undefined && booleanAt(object, flag) !== false) rules[name] = count
  }
  const days = numberAt(object, 'passwordExpiresDays') ?? numberAt(object, 'passcodeExpiresDays')
  known.add('passwordExpiresDays').add('passcodeExpiresDays').add('expirePassword')
  if (days !== undefined && days > 0 && booleanAt(object, 'expirePassword') !== false)
    rules.expiresDays = days
  const others: [string, string | number | boolean][] = []
  for (const key of Object.keys(object)) {
    if (known.has(key) || key === 'serviceProviderId' || key === 'groupId') continue
    const value = booleanAt(object, key) ?? valueAt(object, key)
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      others.push([key, value])
    }
  }
  rules.others = Object.fromEntries(others)
  return { ok: true, value: rules }
}
