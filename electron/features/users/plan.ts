import type { GroupRef, OdinClient, OdinError, OdinSession } from '../../odin/types'
import { isIn } from './choosing'
import type { Scope } from './index/user-index'

/** A group to read, with the names that the lists gave. */
export interface PlannedGroup {
  readonly serviceProviderId: string
  readonly groupId: string
  readonly serviceProviderName?: string
  readonly groupName?: string
}

export interface FailedRead {
  readonly serviceProviderId: string
  /** Empty when the list of the service provider's groups itself could not be read. */
  readonly groupId: string
  readonly error: OdinError
}

/** Which groups hold the users that a sign-in may see. */
export interface Plan {
  readonly groups: readonly PlannedGroup[]
  readonly failed: readonly FailedRead[]
  /**
   * Whether a cached group that is not in `groups` is known not to exist any more: its list was read completely and does
   * not have it.
   */
  isGone(serviceProviderId: string, groupId: string): boolean
  /** The one user of a User login: there is no list to read. */
  readonly onlyUser?: string
}

const groupLogins = new Set(['User', 'Group', 'Group Department'])

/** What the sign-in sees without asking: the group (and user) that it belongs to. */
const ownGroup = (session: OdinSession): Plan | undefined => {
  const { loginType, serviceProviderId, groupId, userId } = session
  if (serviceProviderId === undefined || groupId === undefined || !groupLogins.has(loginType))
    return undefined
  return {
    groups: [{ serviceProviderId, groupId }],
    failed: [],
    isGone: () => false,
    ...(loginType === 'User' ? { onlyUser: userId } : {}),
  }
}

/**
 * Asks the server which groups the sign-in may see within a scope. Group-level sign-ins need no call.
 * @param among the only ones that are wanted; all when left out
 */
export const planReads = async (
  client: OdinClient,
  session: OdinSession,
  scope: Scope,
  signal: AbortSignal,
  among?: readonly Scope[],
): Promise<Plan> => {
  const own = ownGroup(session)
  if (own !== undefined) return own
  const failed: FailedRead[] = []
  const groups: PlannedGroup[] = []
  // The service providers whose lists of groups were read completely.
  const complete = new Set<string>()
  /** What those lists have, wanted or not. */
  const listed = new Set<string>()
  let everyProvider: Set<string> | undefined

  let providers: readonly { id: string; name?: string }[]
  if (scope.serviceProviderId !== undefined) providers = [{ id: scope.serviceProviderId }]
  else if (session.serviceProviderId !== undefined) providers = [{ id: session.serviceProviderId }]
  else {
    const answer = await client.serviceProviders({ signal })
    if (!answer.ok) {
      return {
        groups: [],
        failed: [{ serviceProviderId: '', groupId: '', error: answer.error }],
        isGone: () => false,
      }
    }
    providers = answer.value
    if ((answer.problems?.length ?? 0) === 0) everyProvider = new Set(answer.value.map(({ id }) => id))
  }

  for (const { id, name } of providers) {
    if (signal.aborted) break
    if (among !== undefined && !isIn(among, { serviceProviderId: id })) continue
    const answer = await client.groups(id, { signal })
    if (!answer.ok) {
      failed.push({ serviceProviderId: id, groupId: '', error: answer.error })
      continue
    }
    if ((answer.problems?.length ?? 0) === 0) complete.add(id)
    for (const group of answer.value) {
      listed.add(keyOfGroup({ serviceProviderId: id, groupId: group.groupId }))
      if (among !== undefined && !isIn(among, { serviceProviderId: id, groupId: group.groupId })) continue
      groups.push({
        serviceProviderId: id,
        groupId: group.groupId,
        ...(name === undefined ? {} : { serviceProviderName: name }),
        ...named(group),
      })
    }
  }
  return {
    groups: scope.groupId === undefined ? groups : groups.filter(({ groupId }) => groupId === scope.groupId),
    failed,
    isGone: (serviceProviderId, groupId) =>
      (complete.has(serviceProviderId) && !listed.has(keyOfGroup({ serviceProviderId, groupId }))) ||
      (everyProvider !== undefined && !everyProvider.has(serviceProviderId)),
  }
}

const named = ({ name }: GroupRef): { groupName?: string } => (name === undefined ? {} : { groupName: name })

export const keyOfGroup = ({
  serviceProviderId,
  groupId,
}: Pick<PlannedGroup, 'serviceProviderId' | 'groupId'>): string => `${serviceProviderId}\n${groupId}`
