import { seesGroup } from '../accounts'
import type { Group, ServiceInstance } from '../hierarchy'
import type { Call, Routes } from '../http/call'
import { askedGroup } from '../http/parameters'
import { refusals } from '../refusal'
import { national } from '../render'

function row(call: Call, group: Group, instance: ServiceInstance) {
  const { extension, phoneNumber } = instance
  return {
    serviceUserId: instance.serviceUserId,
    name: instance.name,
    type: instance.kind,
    extension: call.world.manner === 'awkward' ? Number(extension) : extension,
    phoneNumber: phoneNumber ?? (call.world.manner === 'awkward' ? '' : null),
    department: null,
    isActive: call.world.manner === 'awkward' ? 'true' : true,
    policy: instance.policy,
    serviceProviderId: group.provider.id,
    groupId: group.groupId,
  }
}

/** The list of one kind in a group, or with `serviceUserId` one of them. */
const listOf = (kind: ServiceInstance['kind'], command: string) => (call: Call) => {
  const account = call.account()
  const { directory } = call.world
  const id = call.query.get('serviceUserId')
  if (id === null) {
    const group = askedGroup(call, command)
    const rows = group.instances
      .filter((instance) => instance.kind === kind)
      .map((instance) => row(call, group, instance))
    const [only] = rows
    return { json: call.world.manner === 'awkward' && rows.length === 1 ? only : rows }
  }
  const owner = directory.idOwner(id)
  if (owner?.kind !== 'instance' || owner.instance.kind !== kind) throw refusals.userNotFound(id, command)
  const { group, instance } = owner
  if (!seesGroup(account, group)) throw refusals.unauthorized(command)
  const { extension, phoneNumber } = instance
  return {
    json: {
      ...row(call, group, instance),
      serviceInstanceProfile: {
        name: instance.name,
        callingLineIdLastName: instance.name,
        callingLineIdFirstName: instance.kind,
        extension,
        phoneNumber: phoneNumber === undefined ? '' : national(phoneNumber),
        timeZone: group.place.timeZone,
        language: group.place.language,
        aliases: [],
      },
      agents: [...directory.membersOf(group)]
        .slice(0, 2)
        .map((index) => directory.basics(index))
        .map(({ userId, lastName, firstName }) => ({ userId, lastName, firstName })),
    },
  }
}

export const instanceRoutes: Routes = {
  'GET /groups/hunt-groups': listOf('Hunt Group', 'GroupHuntGroupGetInstanceListRequest'),
  'GET /groups/auto-attendants': listOf('Auto Attendant', 'GroupAutoAttendantGetInstanceListRequest'),
  'GET /groups/call-centers': listOf('Call Center', 'GroupCallCenterGetInstanceListRequest'),
}
