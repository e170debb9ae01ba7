import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Directory } from './directory'
import type { Group } from './hierarchy'
import type { AccountOptions, LoginType, Manner, Policy } from './options'
import type { Basics } from './person'
import { refusals } from './refusal'

/** A password as this process keeps it: salted and hashed, never shown. */
export class Secret {
  readonly #salt = randomBytes(16)
  readonly #digest: Buffer

  constructor(password: string) {
    this.#digest = this.#hash(password)
  }

  matches(password: string): boolean {
    return timingSafeEqual(this.#digest, this.#hash(password))
  }

  #hash(password: string): Buffer {
    return createHash('sha256').update(this.#salt).update(password).digest()
  }
}

export interface Account {
  readonly username: string
  readonly loginType: LoginType
  readonly serviceProviderId: string | undefined
  readonly groupId: string | undefined
  readonly department: string | undefined
  /** For a User login: whose. */
  readonly userIndex: number | undefined
  readonly policy: Policy
  readonly readOnly: boolean
  disabled: boolean
  passwordExpired: boolean
  secret: Secret
}

export const FULL_POLICY: Policy = {
  userAccess: 'Full',
  userProfileAccess: 'Full',
  phoneNumberExtensionAccess: 'Full',
  callingLineIdNumberAccess: 'Full',
  accessDeviceAccess: 'Full',
  departmentAccess: 'Full',
}

const RANK: Readonly<Record<LoginType, number>> = {
  User: 1,
  'Group Department': 2,
  Group: 3,
  'Service Provider': 4,
  Reseller: 5,
  Provisioning: 6,
  System: 7,
}

export const isAtLeast = (account: Account, type: LoginType) => RANK[account.loginType] >= RANK[type]

/** One account of every login type, and the ones whose sign-in goes wrong in a documented way. */
function builtIn(directory: Directory): readonly AccountOptions[] {
  const provider = directory.providers[0]
  const group = provider?.groups[0]
  if (!provider || !group) throw new Error('A server needs a group')
  const inGroup = { serviceProviderId: provider.id, groupId: group.groupId }
  const first = directory.size > 0 ? directory.basics(0).userId : undefined
  return [
    { username: 'admin', loginType: 'System' },
    { username: 'provisioning', loginType: 'Provisioning' },
    { username: 'provider-admin', loginType: 'Service Provider', serviceProviderId: provider.id },
    { username: 'group-admin', loginType: 'Group', ...inGroup },
    { username: 'department-admin', loginType: 'Group Department', ...inGroup, department: 'Sales' },
    {
      username: 'limited-admin',
      loginType: 'Group',
      ...inGroup,
      policy: { phoneNumberExtensionAccess: 'Read-Only', callingLineIdNumberAccess: 'Read-Only' },
    },
    {
      username: 'reader',
      loginType: 'Group',
      ...inGroup,
      policy: { userAccess: 'Read-Only Profile', userProfileAccess: 'Read-Only' },
    },
    { username: 'read-only', loginType: 'System', readOnly: true },
    { username: 'expired', loginType: 'System', passwordExpired: true },
    { username: 'disabled', loginType: 'System', disabled: true },
    ...(first === undefined ? [] : [{ username: first, loginType: 'User' as const }]),
  ]
}

export class Accounts {
  readonly #accounts = new Map<string, Account>()
  readonly #directory: Directory

  constructor(directory: Directory, extra: readonly AccountOptions[], password: string) {
    this.#directory = directory
    for (const one of [...builtIn(directory), ...extra]) this.#add(one, password)
  }

  #add(options: AccountOptions, password: string): Account {
    const userIndex = options.loginType === 'User' ? this.#directory.find(options.username) : undefined
    const group =
      userIndex === undefined ? undefined : this.#directory.groupAt(this.#directory.basics(userIndex).group)
    const account: Account = {
      username: options.username,
      loginType: options.loginType,
      serviceProviderId: group?.provider.id ?? options.serviceProviderId,
      groupId: group?.groupId ?? options.groupId,
      department: options.department,
      userIndex,
      policy: { ...FULL_POLICY, ...options.policy },
      readOnly: options.readOnly ?? false,
      disabled: options.disabled ?? false,
      passwordExpired: options.passwordExpired ?? false,
      secret: new Secret(options.password ?? password),
    }
    this.#accounts.set(options.username.toLowerCase(), account)
    return account
  }

  get(username: string): Account | undefined {
    return this.#accounts.get(username.toLowerCase())
  }

  /** Gives a user a web password, which makes a User login of it. */
  setUserPassword(userIndex: number, password: string): void {
    const { userId } = this.#directory.basics(userIndex)
    const known = this.get(userId)
    if (known) {
      known.secret = new Secret(password)
      known.passwordExpired = false
    } else this.#add({ username: userId, loginType: 'User', password }, password)
  }

  /** The account, if name and password are right. Refuses otherwise, in the server's order of checks. */
  signIn(username: string, password: string): Account {
    const account = this.get(username)
    if (!account?.secret.matches(password)) throw refusals.wrongLogin()
    if (account.disabled) throw refusals.disabled()
    if (account.passwordExpired) throw refusals.passwordExpired()
    return account
  }

  all(): readonly { username: string; loginType: LoginType }[] {
    return [...this.#accounts.values()].map(({ username, loginType }) => ({ username, loginType }))
  }
}

/** Whether the account may see this group at all. */
export function seesGroup(account: Account, group: Group): boolean {
  if (isAtLeast(account, 'Reseller')) return true
  if (account.serviceProviderId !== group.provider.id) return false
  return account.loginType === 'Service Provider' || account.groupId === group.groupId
}

export function seesProvider(account: Account, providerId: string): boolean {
  return isAtLeast(account, 'Reseller') || account.serviceProviderId === providerId
}

export function seesUser(account: Account, user: Basics, group: Group): boolean {
  if (account.loginType === 'User') return account.userIndex === user.index
  return seesGroup(account, group)
}

/** A department administrator sees the whole group (the portal filters it) but changes only his department. */
export function changesUser(account: Account, user: Basics, group: Group): boolean {
  if (account.readOnly || !seesUser(account, user, group)) return false
  return account.loginType !== 'Group Department' || user.department?.name === account.department
}

/** The session object. `awkward` leaves `policy` an empty list, as PHP does for an empty map. */
export function sessionOf(account: Account, directory: Directory, manner: Manner): Record<string, unknown> {
  const provider = account.serviceProviderId ? directory.provider(account.serviceProviderId) : undefined
  const system = isAtLeast(account, 'Provisioning')
  const limited = Object.entries(account.policy).some(([name, value]) => FULL_POLICY[name] !== value)
  return {
    userId: account.username,
    groupId: account.groupId ?? null,
    serviceProviderId: account.serviceProviderId ?? null,
    isEnterprise: provider?.isEnterprise ?? false,
    loginType: account.loginType,
    userDomain: provider?.domain ?? 'demo.example',
    passwordExpiresDays:
      manner === 'awkward' ? '-2147483648' : account.loginType === 'User' ? 2_147_483_647 : -2_147_483_648,
    local: 'en_US',
    locale: 'en_US',
    encoding: manner === 'awkward' ? 'ISO-8859-1' : 'UTF-8',
    systemDomain: 'demo.example',
    softwareVersion: '23sp1',
    isSystemAdmin: system,
    readOnly: account.readOnly,
    policy: manner === 'awkward' && !limited ? [] : { ...account.policy },
    version: '2.0.0',
    ...(account.department === undefined
      ? {}
      : {
          groupDepartmentName: account.department,
          groupDepartmentPathName: `${account.department} (${account.groupId})`,
        }),
  }
}
