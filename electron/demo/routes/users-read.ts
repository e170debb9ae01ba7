import { type Account, isAtLeast, seesProvider, seesUser } from '../accounts'
import type { Directory } from '../directory'
import type { Group } from '../hierarchy'
import type { Call, Routes } from '../http/call'
import { asked, askedGroup, isOn, matcher } from '../http/parameters'
import type { Basics } from '../person'
import { refusals } from '../refusal'

type Match = (user: Basics, directory: Directory) => boolean

const digitsOf = (text: string) => text.replace(/[^0-9]/g, '')

function fieldFilter(name: string, pattern: string): Match {
  const matches = matcher(pattern)
  const on = (read: (user: Basics) => string | undefined): Match => {
    return (user) => {
      const value = read(user)
      return value !== undefined && matches(value)
    }
  }
  switch (name) {
    case 'lastName':
      return on((user) => user.lastName)
    case 'firstName':
      return on((user) => user.firstName)
    case 'emailAddress':
      return on((user) => user.emailAddress)
    case 'userId':
      return on((user) => user.userId)
    case 'extension':
      return on((user) => user.extension)
    case 'dn': {
      // Digits count, formatting does not: 513333* finds +1-513333…; so does 1513333*.
      const digits = matcher(pattern.replace(/[^0-9*]/g, ''))
      return ({ phoneNumber }) =>
        phoneNumber !== undefined &&
        (digits(digitsOf(phoneNumber.slice(phoneNumber.indexOf('-')))) || digits(digitsOf(phoneNumber)))
    }
    default: {
      const mac = matcher(pattern.replace(/[^0-9a-fA-F*]/g, ''))
      return (user, directory) =>
        user.endpointType === 'accessDeviceEndpoint' && mac(directory.population.macAddress(user.index))
    }
  }
}

const FILTERS = ['macAddress', 'lastName', 'firstName', 'dn', 'emailAddress', 'userId', 'extension']

/** The groups that a list call covers, after checking that the account may list them. */
function groupsToList(call: Call, account: Account): readonly Group[] {
  const { directory } = call.world
  const id = call.query.get('serviceProviderId')
  if (id === null) {
    if (!isAtLeast(account, 'Reseller')) throw refusals.unauthorized('UserGetListInSystemRequest')
    return directory.groups
  }
  if (call.query.has('groupId')) {
    const command = 'UserGetListInGroupRequest'
    if (account.loginType === 'User') throw refusals.unauthorized(command)
    return [askedGroup(call, command)]
  }
  const command = 'UserGetListInServiceProviderRequest'
  const provider = directory.provider(id)
  if (!provider) throw refusals.groupNotFound(id, '', command)
  if (!seesProvider(account, id) || !isAtLeast(account, 'Service Provider'))
    throw refusals.unauthorized(command)
  return provider.groups
}

/** Yields undefined for users that do not match, so that a long search still gives way to other calls. */
function* rows(call: Call, groups: readonly Group[], matches: readonly Match[]): Generator<unknown> {
  const { directory, render, manner } = call.world
  const extended = isOn(call, 'extended')
  const limit = Number.parseInt(call.query.get('limit') ?? '', 10)
  let left = limit >= 1 ? limit : Number.POSITIVE_INFINITY
  // The order of a list is not promised: the awkward server starts somewhere in the middle.
  const first = manner === 'awkward' ? groups.length >> 1 : 0
  for (const group of [...groups.slice(first), ...groups.slice(0, first)]) {
    for (const index of directory.membersOf(group)) {
      if (left === 0) return
      const basics = directory.basics(index)
      if (!matches.every((match) => match(basics, directory))) {
        yield undefined
        continue
      }
      left -= 1
      yield extended ? render.detail(directory.person(index)) : render.row(basics)
    }
  }
}

/** The user that the query names, if the account may see it. */
export function askedUser(call: Call, command: string): number {
  const account = call.account()
  const { directory } = call.world
  const userId = asked(call, 'userId')
  const index = directory.find(userId)
  if (index === undefined) throw refusals.userNotFound(userId, command)
  const basics = directory.basics(index)
  if (!seesUser(account, basics, directory.groupAt(basics.group))) throw refusals.unauthorized(command)
  return index
}

export const userReadRoutes: Routes = {
  'GET /users': (call) => {
    const account = call.account()
    const { directory, render } = call.world
    const userId = call.query.get('userId')
    const scoped = call.query.has('serviceProviderId')
    // One object for an exact user id alone; with a wildcard or a scope it is a filter (question h-3).
    if (userId !== null && !scoped && !userId.includes('*')) {
      const index = askedUser(call, 'UserGetRequest23V2')
      const json = render.detail(directory.person(index), { forUser: account.loginType === 'User' })
      call.world.lessons?.wasRead(index)
      return { json }
    }
    const groups = groupsToList(call, account)
    const matches = FILTERS.flatMap((name) => {
      const pattern = call.query.get(name)
      return pattern === null || pattern === '' ? [] : [fieldFilter(name, pattern)]
    })
    return { rows: rows(call, groups, matches) }
  },

  'GET /users/alternate-user-id': (call) => {
    const person = call.world.directory.person(askedUser(call, 'UserAlternateUserIdGetListRequest21'))
    const users = person.alternateUserId.map(({ alternateUserId, description }) => ({
      userId: alternateUserId,
      ...(description === undefined ? {} : { description }),
    }))
    const [only] = users
    const bare = call.world.manner === 'awkward' && users.length === 1
    return { json: { userId: person.userId, users: bare ? only : users } }
  },

  'GET /users/password': (call) => {
    const person = call.world.directory.person(askedUser(call, 'UserGetLoginInfoRequest'))
    return {
      json: {
        isLoginDisabled: call.world.accounts.get(person.userId)?.disabled ?? false,
        expirationDays: String(person.passwordExpiresDays ?? -2_147_483_648),
        userId: person.userId,
      },
    }
  },

  'GET /users/portal-passcode': (call) => {
    const { userId } = call.world.directory.basics(askedUser(call, 'UserPortalPasscodeGetInfoRequest'))
    return { json: { isLoginDisabled: false, expirationDays: 30, passcode: '*****', userId } }
  },

  'GET /users/login-info': loginInfo,
  'GET /users/login': loginInfo,

  'GET /users/dns': (call) => {
    const { directory } = call.world
    const { phoneNumber } = directory.basics(askedUser(call, 'UserDnGetActivationListRequest'))
    return {
      json:
        phoneNumber === undefined
          ? []
          : [{ min: phoneNumber, max: null, activated: directory.isActivated(phoneNumber), assigned: true }],
    }
  },
}

function loginInfo(call: Call) {
  const { directory } = call.world
  const userId = asked(call, 'userId')
  const person = directory.person(askedUser(call, 'UserGetLoginInfoRequest'))
  const group = directory.groupAt(person.group)
  return {
    json: {
      loginType: 'User',
      locale: 'en_US',
      encoding: 'UTF-8',
      groupId: group.groupId,
      serviceProviderId: group.provider.id,
      isEnterprise: group.provider.isEnterprise,
      passwordExpiresDays: person.passwordExpiresDays ?? 2_147_483_647,
      lastName: person.lastName,
      firstName: person.firstName,
      userId,
      isAlternateUserId: userId.toLowerCase() !== person.userId.toLowerCase(),
      broadworksUserId: person.userId,
      departmentName: person.department?.name ?? '',
    },
  }
}
