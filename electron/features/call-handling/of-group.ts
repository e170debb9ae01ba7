import type { ServiceId } from '../../../shared/calls/catalogue'
import { foldedId } from '../../../shared/user/id'
import type { UserKey } from '../../../shared/user/types'
import type { CallOptions, OdinConnection, OdinError } from '../../odin/types'
import type { Clock } from '../../platform/ports'
import type { CallCopies, ReadService } from './copies'

export interface ServiceOfGroup {
  readonly connectionId: string
  readonly client: Pick<OdinConnection, 'serviceOfGroup'>
  readonly group: Pick<UserKey, 'serviceProviderId' | 'groupId'>
  /** Whom the answer is stored of: nobody else of the group. */
  readonly members: readonly UserKey[]
  readonly service: ServiceId
  readonly options: CallOptions & { readonly signal: AbortSignal }
  /** Whether what was read is that of another server by now. */
  readonly isOver?: () => boolean
}

/** Reads one service of all users of a group with one call, and stores it; returns the error, if there was one. */
export async function readServiceOfGroup(
  {
    copies,
    clock,
  }: { readonly copies: Pick<CallCopies, 'storeMany'>; readonly clock: Pick<Clock, 'mono' | 'wall'> },
  { connectionId, client, group, members, service, options, isOver }: ServiceOfGroup,
): Promise<OdinError | undefined> {
  const asked = { mono: clock.mono(), wall: clock.wall() }
  const { serviceProviderId, groupId } = group
  const answer = await client.serviceOfGroup(service, { serviceProviderId, groupId }, options)
  if (!answer.ok) return answer.error
  if (isOver?.() === true) return undefined
  const byId = new Map(members.map((key) => [foldedId(key.userId), key]))
  const read = answer.value.flatMap(({ userId, record }): ReadService[] => {
    const key = byId.get(foldedId(userId))
    return key === undefined ? [] : [{ key, service, record }]
  })
  await copies.storeMany(connectionId, read, asked, options.signal)
  return undefined
}

/** About one user only: the others can still be read. */
export const isOfOneUser = ({ kind }: OdinError): boolean => kind === 'not-found' || kind === 'refused'
