import { serviceAt } from '../../shared/calls/catalogue'
import { editable, everyField } from '../../shared/user/catalogue'
import type { FieldPath } from '../../shared/user/types'
import { sameId } from './subject'
import type { OdinSession } from './types'

export type Permission = true | { readonly because: string }

export interface Permissions {
  /**
   * Whether the account may change a field of a user, as far as the sign-in tells. The server has the last word.
   *
   * @param userId Whose field: a user's own login may change nobody else's.
   */
  canEdit(path: FieldPath, userId?: string): Permission
}

/** Ranks of the login types, as the portal orders them. */
const ranks: Readonly<Record<string, number>> = {
  User: 1,
  'Group Department': 2,
  Group: 3,
  'Service Provider': 4,
  Reseller: 5,
  Provisioning: 6,
  System: 7,
}

/** The least login type that may change a field; those that are not listed are open to every login. */
const least: readonly (readonly [paths: readonly FieldPath[], loginType: string, what: string])[] = [
  [
    ['callingLineIdLastName', 'callingLineIdFirstName'],
    'Group Department',
    'Calling line ID names are changed by administrators only',
  ],
  [
    ['networkClassOfService'],
    'Group Department',
    'The network class of service is changed by administrators only',
  ],
  [
    ['phoneNumber', 'extension', 'callingLineIdPhoneNumber'],
    'Group Department',
    'Numbers and extensions are changed by administrators only',
  ],
  [
    ['endpointType', 'accessDeviceEndpoint', 'trunkAddressing', 'contacts'],
    'Group Department',
    'Devices are changed by administrators only',
  ],
  [['department'], 'Group', 'Departments are assigned by administrators of the group and above'],
  [['aliases'], 'Group', 'Aliases are changed by administrators of the group and above'],
  [['groupId', 'userId'], 'Group', 'Users are renamed and moved by administrators of the group and above'],
  [
    ['alternateUserId'],
    'Reseller',
    'Alternate user IDs are changed by administrators of the reseller and above',
  ],
]

/** What an administrator's web policy may take away: the value that allows a change, by policy and fields. */
const policies: readonly {
  readonly name: string
  readonly allows: (value: string) => boolean
  readonly covers: (path: FieldPath) => boolean
  readonly what: string
}[] = [
  {
    name: 'userAccess',
    allows: (value) => value === 'Full' || value === 'Full Profile',
    covers: (path) => serviceAt(path) === undefined,
    what: 'changing users',
  },
  {
    name: 'userProfileAccess',
    allows: (value) => value === 'Full',
    covers: (path) => serviceAt(path) === undefined && !isNumber(path) && !isDevice(path),
    what: 'changing the profile of users',
  },
  {
    name: 'phoneNumberExtensionAccess',
    allows: (value) => value === 'Full',
    covers: (path) => path === 'phoneNumber' || path === 'extension',
    what: 'changing phone numbers and extensions',
  },
  {
    name: 'callingLineIdNumberAccess',
    allows: (value) => value === 'Full',
    covers: (path) => path === 'callingLineIdPhoneNumber',
    what: 'changing calling line ID numbers',
  },
  {
    name: 'accessDeviceAccess',
    allows: (value) => value === 'Full' || value === 'Associate User With Device',
    covers: (path) => isDevice(path),
    what: 'changing devices',
  },
]

const isNumber = (path: FieldPath) =>
  path === 'phoneNumber' || path === 'extension' || path === 'callingLineIdPhoneNumber'

const isDevice = (path: FieldPath) =>
  /^(endpointType|accessDeviceEndpoint|trunkAddressing|contacts)\b/.test(path)

/** The values that a policy is known to have; another one proves nothing. */
const knownValues = new Set([
  'Full',
  'Full Profile',
  'Read-Only Profile',
  'No Profile',
  'Read-Only',
  'Associate User With Device',
  'None',
])

const covers = (paths: readonly FieldPath[], path: FieldPath) =>
  paths.some((parent) => path === parent || path.startsWith(`${parent}.`))

/**
 * What an account may change, from its login type and web policies (section c of the API notes). What they do not
 * decide is allowed here and left to the server, which refuses with [Error 4003].
 */
export function permissions(session: OdinSession): Permissions {
  const rank = Object.hasOwn(ranks, session.loginType) ? ranks[session.loginType] : undefined
  // Policies are made for administrators below the service provider's owner; the system's own stand above them.
  const isBound = rank !== undefined && rank <= (ranks['Service Provider'] ?? 0)

  return {
    canEdit(path, userId) {
      if (session.readOnly) return { because: 'This account may only read.' }
      if (rank !== undefined) {
        for (const [paths, loginType, what] of least) {
          if (rank < (ranks[loginType] ?? 0) && covers(paths, path)) {
            return { because: `${what}; this is a ${session.loginType} login.` }
          }
        }
      }
      if (session.loginType === 'User' && userId !== undefined) {
        if (!sameId(userId, session.userId)) {
          return { because: 'A user’s own login can change only that user.' }
        }
      }
      if (!isBound) return true
      for (const policy of policies) {
        const value = Object.hasOwn(session.policy, policy.name) ? session.policy[policy.name] : undefined
        if (value === undefined || !knownValues.has(value)) continue
        if (policy.covers(path) && !policy.allows(value)) {
          return { because: `The policy of this account does not allow ${policy.what} (${value}).` }
        }
      }
      return true
    },
  }
}

/** Every field that can be changed through the outbox, each with this reason. */
export const everyFieldLocked = (because: string): Readonly<Record<FieldPath, string>> =>
  Object.fromEntries(everyField.filter(editable).map(({ path }) => [path, because]))

/** The fields that can be changed through the outbox and this account may not change, each with the reason in words. */
export function lockedFields(session: OdinSession): Readonly<Record<FieldPath, string>> {
  const { canEdit } = permissions(session)
  return Object.fromEntries(
    everyField.filter(editable).flatMap(({ path }) => {
      const may = canEdit(path)
      return may === true ? [] : [[path, may.because]]
    }),
  )
}
