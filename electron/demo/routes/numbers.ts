import { isAtLeast, seesProvider } from '../accounts'
import type { Owner } from '../directory'
import { type Group, poolNumber, poolOffset } from '../hierarchy'
import type { Call, Routes } from '../http/call'
import { asked, askedGroup, matcher, required } from '../http/parameters'
import { refusals } from '../refusal'

interface Range {
  min: string
  max: string | null
  assigned: boolean
  activated: boolean
}

/** The numbers of a group as ranges of neighbours that share what `same` tells about them. */
function ranges(call: Call, group: Group, keep: (range: Range) => boolean, merge: boolean): Range[] {
  const found: Range[] = []
  let last: Range | undefined
  for (const { canonical, owner, activated } of call.world.directory.numbersOf(group)) {
    const one: Range = { min: canonical, max: null, assigned: owner !== undefined, activated }
    if (!keep(one)) {
      last = undefined
    } else if (last && (merge || (last.assigned === one.assigned && last.activated === one.activated))) {
      last.max = canonical
    } else {
      last = one
      found.push(one)
    }
  }
  return found
}

function holder(call: Call, owner: Owner | undefined) {
  if (!owner) {
    return {
      department: null,
      userId: null,
      lastName: null,
      firstName: null,
      extension: null,
      userType: null,
    }
  }
  if (owner.kind === 'instance') {
    const { instance } = owner
    return {
      department: null,
      userId: instance.serviceUserId,
      lastName: instance.name,
      firstName: instance.kind,
      extension: call.world.manner === 'awkward' ? Number(instance.extension) : instance.extension,
      emailAddress: null,
      userType: instance.kind,
    }
  }
  const row = call.world.render.row(call.world.directory.basics(owner.index))
  return {
    department: row.department ?? null,
    userId: row.userId,
    lastName: row.lastName,
    firstName: row.firstName,
    extension: row.extension ?? null,
    emailAddress: row.emailAddress ?? null,
    userType: 'Normal',
  }
}

function* details(call: Call, group: Group, matches: (canonical: string) => boolean): Generator<unknown> {
  for (const { canonical, owner, activated } of call.world.directory.numbersOf(group)) {
    yield matches(canonical)
      ? {
          phoneNumbers: canonical,
          activated,
          ...holder(call, owner),
          countryCode: group.place.countryCode,
          nationalPrefix: '',
          min: canonical,
          max: '',
        }
      : undefined
  }
}

function* search(call: Call, groups: readonly Group[]): Generator<unknown> {
  const matches = matcher(asked(call, 'dn').replace(/[^0-9*]/g, ''))
  const limit = Number.parseInt(call.query.get('limit') ?? '', 10)
  let left = limit >= 1 ? limit : Number.POSITIVE_INFINITY
  const isWanted = (canonical: string) =>
    matches(canonical.replace(/[^0-9]/g, '')) || matches(canonical.slice(canonical.indexOf('-') + 1))
  for (const group of groups) {
    for (const found of details(call, group, isWanted)) {
      if (found === undefined) {
        yield undefined
        continue
      }
      if (left-- <= 0) return
      const row = found as { phoneNumbers: string; activated: boolean; userId: string | null }
      const [userIdShort = null, domain = null] = row.userId?.split('@') ?? []
      yield {
        ...row,
        serviceProviderId: group.provider.id,
        groupId: group.groupId,
        userIdShort,
        domain,
        dns: { min: row.phoneNumbers, max: null, activated: row.activated },
      }
    }
  }
}

export const numberRoutes: Routes = {
  'GET /groups/dns': (call) => {
    const group = askedGroup(call, 'GroupDnGetListRequest')
    const q = call.query.get('q')
    const keep = (range: Range) =>
      q === 'available' ? !range.assigned : q !== 'activated' || range.activated
    const found = ranges(call, group, keep, q === 'summary')
    const dns = found.map(({ min, max, assigned, activated }) =>
      q === 'summary' ? { min, max } : { assigned, activated, min, max },
    )
    const [only] = dns
    return {
      json: {
        serviceProviderId: group.provider.id,
        groupId: group.groupId,
        dns: call.world.manner === 'awkward' && dns.length === 1 ? only : dns,
      },
    }
  },

  'PUT /groups/dns': (call) => {
    const command = 'GroupDnActivateListRequest'
    const account = call.account()
    const { directory } = call.world
    const provider = required(call.body, 'serviceProviderId')
    const id = required(call.body, 'groupId')
    const group = directory.group(provider, id)
    if (!group) throw refusals.groupNotFound(provider, id, command)
    if (!isAtLeast(account, 'Service Provider') || !seesProvider(account, provider) || account.readOnly) {
      throw refusals.unauthorized(command)
    }
    const given = call.body.dns
    if (!Array.isArray(given)) throw refusals.missing('dns')
    const wanted: { from: number; to: number; activated: boolean }[] = []
    for (const one of given as readonly unknown[]) {
      const { min, max, activated } = (one ?? {}) as { min?: unknown; max?: unknown; activated?: unknown }
      const from = typeof min === 'string' ? poolOffset(group, min) : undefined
      const to = typeof max === 'string' && max !== '' ? poolOffset(group, max) : from
      if (from === undefined || to === undefined) throw refusals.numberNotAvailable(String(min), command)
      wanted.push({ from, to, activated: String(activated) === 'true' })
    }
    for (const { from, to, activated } of wanted) {
      for (let offset = from; offset <= to; offset++)
        directory.setActivated(poolNumber(group, offset), activated)
    }
    const all = ranges(call, group, () => true, false)
    return { json: { serviceProviderId: provider, groupId: id, dns: all } }
  },

  'GET /groups/dns/details': (call) => {
    const group = askedGroup(call, 'GroupDnGetDetailedAssignmentListRequest18')
    const dns = [...details(call, group, () => true)]
    return { json: { serviceProviderId: group.provider.id, groupId: group.groupId, dns } }
  },

  'GET /groups/dns/search': (call) => ({
    rows: search(call, [askedGroup(call, 'GroupDnGetDetailedAssignmentListRequest18')]),
  }),

  'GET /service-providers/dns/search': (call) => {
    const id = asked(call, 'serviceProviderId')
    const provider = call.world.directory.provider(id)
    const account = call.account()
    if (!provider || !seesProvider(account, id) || !isAtLeast(account, 'Service Provider')) {
      throw refusals.unauthorized('ServiceProviderDnGetDetailedAssignmentListRequest')
    }
    return { rows: search(call, provider.groups) }
  },

  'GET /system/dns/search': (call) => {
    if (!isAtLeast(call.account(), 'Reseller')) throw refusals.unauthorized('SystemDnGetDetailedListRequest')
    return { rows: search(call, call.world.directory.groups) }
  },

  'GET /service-providers/dns': (call) => {
    const id = asked(call, 'serviceProviderId')
    const provider = call.world.directory.provider(id)
    const account = call.account()
    if (!provider || !seesProvider(account, id) || !isAtLeast(account, 'Service Provider')) {
      throw refusals.unauthorized('ServiceProviderDnGetListRequest')
    }
    const dns =
      call.query.get('q') === 'available'
        ? []
        : provider.groups.map((group) => ({
            canDelete: false,
            groupId: group.groupId,
            min: poolNumber(group, 0),
            max: poolNumber(group, group.poolSize - 1),
          }))
    return { json: { serviceProviderId: id, dns } }
  },
}
