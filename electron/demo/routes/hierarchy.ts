import { isAtLeast, seesGroup, seesProvider } from '../accounts'
import { TIME_ZONES } from '../data/lookups'
import type { Department, Group, Provider } from '../hierarchy'
import type { Call, Routes } from '../http/call'
import { asked, askedGroup, isOn, matcher } from '../http/parameters'
import { refusals } from '../refusal'
import { national } from '../render'

const providerRow = ({ id, name, isEnterprise }: Provider) => ({
  serviceProviderId: id,
  serviceProviderName: name,
  isEnterprise,
})

const groupRow = (group: Group) => ({
  groupId: group.groupId,
  groupName: group.name,
  userLimit: 999_999,
  serviceProviderId: group.provider.id,
})

function groupDetail(call: Call, group: Group) {
  const { place } = group
  const main = group.instances.find((instance) => instance.phoneNumber !== undefined)?.phoneNumber
  const dialing = String(200 + group.index)
  return {
    ...groupRow(group),
    defaultDomain: group.domain,
    userCount: call.world.directory.countOf(group),
    callingLineIdName: group.name,
    ...(main === undefined
      ? {}
      : { callingLineIdPhoneNumber: main, callingLineIdDisplayPhoneNumber: national(main) }),
    timeZone: place.timeZone,
    timeZoneDisplayName: TIME_ZONES.find(({ key }) => key === place.timeZone)?.displayName ?? place.timeZone,
    locationDialingCode: call.world.manner === 'awkward' ? Number(dialing) : dialing,
    contact: { contactName: 'Reception', contactNumber: main ?? '', contactEmail: `help@${group.domain}` },
    address: { city: place.city, country: place.country },
  }
}

const departmentRow = (department: Department) => ({
  serviceProviderId: department.serviceProviderId,
  ...(department.groupId === undefined ? {} : { groupId: department.groupId }),
  name: department.name,
  fullPathName: department.fullPathName,
  isEnterpriseDepartment: department.groupId === undefined,
  callingLineIdName: '',
  callingLineIdPhoneNumber: '',
})

export const hierarchyRoutes: Routes = {
  'GET /service-providers': (call) => {
    const account = call.account()
    const { directory } = call.world
    const id = call.query.get('serviceProviderId')
    if (id === null) {
      if (!isAtLeast(account, 'Reseller')) throw refusals.unauthorized('ServiceProviderGetListRequest')
      return { json: directory.providers.map(providerRow) }
    }
    const provider = directory.provider(id)
    if (!provider) throw refusals.groupNotFound(id, '', 'ServiceProviderGetRequest')
    if (!seesProvider(account, id)) throw refusals.unauthorized('ServiceProviderGetRequest')
    return {
      json: {
        ...providerRow(provider),
        defaultDomain: provider.domain,
        supportEmail: `support@${provider.domain}`,
        contact: { contactName: 'Support', contactNumber: '', contactEmail: `support@${provider.domain}` },
        address: { country: provider.groups[0]?.place.country ?? '' },
        useServiceProviderLanguages: false,
      },
    }
  },

  'GET /resellers': (call) => {
    if (!isAtLeast(call.account(), 'Reseller')) throw refusals.unauthorized('ResellerGetListRequest')
    return { json: [] }
  },

  'GET /groups': (call) => {
    const account = call.account()
    const { directory } = call.world
    const provider = call.query.get('serviceProviderId')
    const id = call.query.get('groupId')
    const name = call.query.get('groupName')
    if (provider !== null && id !== null && !id.includes('*')) {
      return { json: groupDetail(call, askedGroup(call, 'GroupGetRequest')) }
    }
    if (provider === null && id === null && name === null) throw refusals.missing('serviceProviderId')
    if (provider !== null) {
      if (!directory.provider(provider)) {
        throw refusals.groupNotFound(provider, '', 'GroupGetListInServiceProviderRequest')
      }
      if (!seesProvider(account, provider) || !isAtLeast(account, 'Service Provider')) {
        throw refusals.unauthorized('GroupGetListInServiceProviderRequest')
      }
    } else if (!isAtLeast(account, 'Reseller')) throw refusals.unauthorized('GroupGetListInSystemRequest')
    const byId = id === null ? undefined : matcher(id)
    const byName = name === null ? undefined : matcher(name)
    return {
      json: directory.groups
        .filter((group) => seesGroup(account, group))
        .filter((group) => provider === null || group.provider.id === provider)
        .filter((group) => (byId?.(group.groupId) ?? true) && (byName?.(group.name) ?? true))
        .map(groupRow),
    }
  },

  'GET /groups/departments': (call) => {
    const group = askedGroup(call, 'GroupDepartmentGetListRequest18')
    const all = [...group.departments, ...(isOn(call, 'includeEnterprise') ? group.provider.departments : [])]
    const name = call.query.get('name')
    if (name === null) return { json: all.map(departmentRow) }
    const found = all.find((department) => department.name === name)
    if (!found) throw refusals.unworded(`Department not found: ${name}`, 'GroupDepartmentGetRequest18')
    return {
      json: {
        ...departmentRow(found),
        parentDepartment: found.parent ?? null,
        availableParents: all.filter((other) => other !== found).map(departmentRow),
      },
    }
  },

  'GET /groups/extensions': (call) => {
    const group = askedGroup(call, 'GroupExtensionLengthGetRequest17')
    const { min, max, usual } = group.extensionLength
    return {
      json: {
        minExtensionLength: min,
        maxExtensionLength: max,
        defaultExtensionLength: usual,
        serviceProviderId: group.provider.id,
        groupId: group.groupId,
      },
    }
  },

  'GET /groups/domains': (call) => {
    const group = askedGroup(call, 'GroupDomainGetAssignedListRequest')
    return { json: { default: group.domain, domains: [group.domain, group.provider.domain] } }
  },

  'GET /service-providers/domains': (call) => {
    const id = asked(call, 'serviceProviderId')
    const provider = call.world.directory.provider(id)
    if (!provider || !seesProvider(call.account(), id)) {
      throw refusals.unauthorized('ServiceProviderDomainGetAssignedListRequest')
    }
    return {
      json: { default: provider.domain, domains: [provider.domain, ...provider.groups.map((g) => g.domain)] },
    }
  },
}
