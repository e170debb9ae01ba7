import { isAtLeast, seesProvider } from '../accounts'
import { DEVICE_TYPES } from '../data/lookups'
import type { Group } from '../hierarchy'
import type { Call, Routes } from '../http/call'
import { asked, askedGroup, required } from '../http/parameters'
import { deviceNameFor } from '../population'
import { refusals } from '../refusal'

const SPARES = Array.from({ length: 9 }, (_, at) => `spare-${at + 1}`)

function device(call: Call, group: Group, deviceName: string, userIndex: number | undefined) {
  const mac = userIndex === undefined ? '' : call.world.directory.population.macAddress(userIndex)
  return {
    serviceProviderId: group.provider.id,
    groupId: group.groupId,
    deviceName,
    deviceLevel: 'Group',
    deviceType: DEVICE_TYPES[(userIndex ?? 0) % DEVICE_TYPES.length],
    protocol: 'SIP 2.0',
    macAddress: call.world.manner === 'awkward' && /^[0-9]+$/.test(mac) ? Number(mac) : mac,
    status: 'Online',
    numberOfPorts: { quantity: '12' },
    numberOfAssignedPorts: userIndex === undefined ? 0 : 1,
    transportProtocol: 'Unspecified',
    configurationMode: 'Default',
  }
}

function* devicesOf(call: Call, group: Group): Generator<unknown> {
  for (const name of SPARES) yield device(call, group, name, undefined)
  const { directory } = call.world
  for (let index = group.firstUser; index < group.firstUser + group.size; index++) {
    const { endpoint } = directory.population.person(index)
    yield endpoint.type === 'accessDeviceEndpoint'
      ? device(call, group, endpoint.device.deviceName, index)
      : undefined
  }
}

/** Taken, and done by the server when it likes. What a real one answers is not known: this is invented. */
const command = (call: Call) => {
  const name = 'GroupAccessDeviceResetRequest'
  const account = call.account()
  if (account.loginType === 'User') throw refusals.unauthorized(name)
  const { serviceProviderId, groupId } = call.body
  const group = call.world.directory.group(String(serviceProviderId), String(groupId))
  const deviceName = required(call.body, 'deviceName')
  if (group === undefined || !call.world.directory.deviceExists(group, deviceName, 'Group')) {
    throw refusals.deviceNotFound(deviceName, name)
  }
  return { json: {} }
}

export const deviceRoutes: Routes = {
  'POST /groups/devices/rebuild': command,
  'POST /groups/devices/reset': command,

  'GET /groups/devices': (call) => {
    const command = 'GroupAccessDeviceGetListRequest'
    const group = askedGroup(call, command)
    const name = call.query.get('deviceName')
    // With `q=available` those with a free port; none of these is full.
    if (name === null) return { rows: devicesOf(call, group) }
    if (!call.world.directory.deviceExists(group, name, 'Group')) throw refusals.deviceNotFound(name, command)
    return { json: device(call, group, name, call.world.directory.deviceUser(group, name)) }
  },

  'GET /groups/trunk-groups': (call) => {
    const group = askedGroup(call, 'GroupTrunkGroupGetInstanceListRequest')
    const rows = group.trunkGroups.map((name) => ({
      name,
      deviceName: deviceNameFor('0'),
      deviceLevel: 'Group',
      serviceProviderId: group.provider.id,
      groupId: group.groupId,
    }))
    const name = call.query.get('name')
    if (name === null) return { json: rows }
    const found = rows.find((row) => row.name === name)
    if (!found) {
      throw refusals.unworded(`Trunk group not found: ${name}`, 'GroupTrunkGroupGetInstanceRequest23')
    }
    return { json: found }
  },

  'GET /groups/enterprise-trunks': (call) => {
    askedGroup(call, 'GroupEnterpriseTrunkGetListRequest')
    return { json: [{ enterpriseTrunkName: 'Enterprise trunk' }] }
  },

  'GET /service-providers/enterprise-trunks': (call) => {
    const id = asked(call, 'serviceProviderId')
    const account = call.account()
    if (!seesProvider(account, id) || !isAtLeast(account, 'Service Provider')) {
      throw refusals.unauthorized('EnterpriseEnterpriseTrunkGetListRequest')
    }
    return { json: [{ enterpriseTrunkName: 'Enterprise trunk' }] }
  },
}
