import * as z from 'zod'
import type { LoadChoice } from '../../../shared/ipc/contract'
import { loadChoice } from '../../../shared/ipc/contract'
import type { Json } from '../../../shared/json'
import type { OdinClient, OdinSession } from '../../odin/types'
import { settingsRepository } from '../../store/repositories/settings'
import type { Store } from '../../store/store'
import type { Scope } from './index/user-index'

/** What is loaded of each connection, as a person chose it; kept over a restart. */
export function createChoosing(store: Store) {
  const settings = settingsRepository(store)
  const key = (connectionId: string): string => `users.what-to-load.${connectionId}`
  const kept = loadChoice.or(z.undefined())

  const choice = (connectionId: string): LoadChoice | undefined =>
    kept.safeParse(settings.get(key(connectionId)) ?? undefined).data

  return {
    choice,
    choose: (connectionId: string, chosen: LoadChoice): void =>
      settings.set(key(connectionId), chosen as unknown as Json),
    /** The only scopes to be read when nobody names one; undefined when it is everything. */
    among(connectionId: string): readonly Scope[] | undefined {
      const now = choice(connectionId)
      if (now === undefined || now.what === 'everything') return undefined
      return now.what === 'nothing' ? [] : now.chosen
    },
    forget: (connectionId: string): void => settings.set(key(connectionId), null),
  }
}

export const isIn = (
  scopes: readonly Scope[],
  { serviceProviderId, groupId }: { readonly serviceProviderId: string; readonly groupId?: string },
): boolean =>
  scopes.some(
    (scope) =>
      (scope.serviceProviderId ?? serviceProviderId) === serviceProviderId &&
      (scope.groupId === undefined || groupId === undefined || scope.groupId === groupId),
  )

const oneGroup = new Set(['User', 'Group', 'Group Department'])

/** Whether a sign-in sees more than one group, so that it is for a person to say what is loaded. Unanswered means no. */
export async function seesSeveralGroups(
  client: Pick<OdinClient, 'serviceProviders' | 'groups'>,
  session: OdinSession | undefined,
): Promise<boolean> {
  if (session === undefined || oneGroup.has(session.loginType)) return false
  const providers = await client.serviceProviders()
  if (!providers.ok) return false
  const [first, second] = providers.value
  if (first === undefined || second !== undefined) return second !== undefined
  const groups = await client.groups(first.id)
  return groups.ok && groups.value.length > 1
}
