import type { GroupScope } from '../../../../shared/ipc/contract'
import type { Option } from '../../../ui/OptionsList'
import { count, counted } from '../../../ui/words'
import { clockTime, keptOf } from './offline'

const byLabel = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
const sorted = (options: Option[]) => options.sort((a, b) => byLabel.compare(a.label, b.label))

/** One entry per service provider, with how many users it has here. */
export function providerOptions(scopes: readonly GroupScope[]): Option[] {
  const found = new Map<string, { label: string; users: number }>()
  for (const { serviceProviderId: id, serviceProviderName, users } of scopes) {
    const before = found.get(id)
    found.set(id, {
      label: before?.label ?? named(id, serviceProviderName),
      users: (before?.users ?? 0) + users,
    })
  }
  return sorted([...found].map(([id, { label, users }]) => ({ id, label, note: counted(users, 'user') })))
}

/** The groups of one service provider, or of all; two providers may use the same group id. */
export function groupOptions(scopes: readonly GroupScope[], serviceProviderId: string | undefined): Option[] {
  return sorted(
    scopes
      .filter((scope) => serviceProviderId === undefined || scope.serviceProviderId === serviceProviderId)
      .map((scope) => ({
        id: JSON.stringify([scope.serviceProviderId, scope.groupId]),
        label: named(scope.groupId, scope.groupName),
        note:
          serviceProviderId === undefined
            ? `${scope.serviceProviderId} · ${counted(scope.users, 'user')}${kept(scope)}`
            : `${counted(scope.users, 'user')}${kept(scope)}`,
      })),
  )
}

/** What an entry of `groupOptions` stands for. */
export function readGroupId(id: string): { serviceProviderId: string; groupId: string } {
  const [serviceProviderId = '', groupId = ''] = JSON.parse(id) as string[]
  return { serviceProviderId, groupId }
}

/** Whether the group is kept offline, how complete that is, and from when. */
const kept = (group: GroupScope): string => {
  if (!group.offline) return ''
  const { complete, readAt, users, unread } = keptOf([group])
  if (!complete || readAt === undefined) return ` · offline: ${count(users - unread)} with all options`
  return ` · offline: all options, ${clockTime(readAt, Date.now())}`
}

const named = (id: string, name: string | undefined) => (name && name !== id ? `${name} (${id})` : id)
