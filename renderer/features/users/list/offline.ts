import type { GroupScope, UsersQuery } from '../../../../shared/ipc/contract'
import { count, counted } from '../../../ui/words'

type Scope = UsersQuery['scope']

/** The groups of a scope. */
export const groupsIn = (scopes: readonly GroupScope[], scope: Scope): GroupScope[] =>
  scopes.filter(
    ({ serviceProviderId, groupId }) =>
      (scope.serviceProviderId ?? serviceProviderId) === serviceProviderId &&
      (scope.groupId ?? groupId) === groupId,
  )

/** What a scope is called in a sentence. */
export const scopeName = ({ serviceProviderId, groupId }: Scope): string =>
  groupId ?? serviceProviderId ?? 'all groups'

/** The time of day, with the date before it unless that is today's. */
export function clockTime(wall: number, now: number): string {
  const sameDay = new Date(wall).toDateString() === new Date(now).toDateString()
  return new Intl.DateTimeFormat(undefined, {
    ...(sameDay ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(wall)
}

export interface Kept {
  readonly users: number
  readonly unread: number
  /** Wall ms of the oldest read of full records; undefined while a group has none. */
  readonly readAt: number | undefined
  /** Everything that there is to know is here. */
  readonly complete: boolean
}

/** How complete and how old the full records of some groups are here. */
export function keptOf(groups: readonly GroupScope[]): Kept {
  const users = groups.reduce((sum, group) => sum + group.users, 0)
  const unread = groups.reduce((sum, group) => sum + group.unread, 0)
  const times = groups.map(({ detailedAt }) => detailedAt)
  const known = times.filter((at) => at !== undefined)
  const readAt = known.length < times.length || known.length === 0 ? undefined : Math.min(...known)
  return { users, unread, readAt, complete: unread === 0 && readAt !== undefined }
}

/** "250 users with all options here, 12:03", "120 of 250 users with all options here". */
export function keptWords({ users, unread, readAt, complete }: Kept, now: number): string {
  if (complete && readAt !== undefined) {
    return `${counted(users, 'user')} with all options here, ${clockTime(readAt, now)}`
  }
  return `${count(users - unread)} of ${counted(users, 'user')} with all options here`
}
