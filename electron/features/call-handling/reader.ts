import { type ServiceId, services } from '../../../shared/calls/catalogue'
import type { UserKey } from '../../../shared/user/types'
import type { OdinConnection, OdinError } from '../../odin/types'
import type { Clock } from '../../platform/ports'
import type { CallCopies, ReadService } from './copies'
import { isOfOneUser, readServiceOfGroup } from './of-group'

/** Users read side by side. The pacer of the client decides how many calls that is a second. */
const sideBySide = 3

export interface CallsOfGroup {
  readonly connectionId: string
  readonly client: Pick<OdinConnection, 'services' | 'serviceOfGroup'>
  readonly group: Pick<UserKey, 'serviceProviderId' | 'groupId'>
  /** Its users, as they are known here: nothing is stored of others. */
  readonly members: readonly UserKey[]
  /** The services that are wanted of all of them. */
  readonly wanted: readonly ServiceId[]
  /** Whether a user is read alone when the calls for the whole group are through. Left out: none is. */
  readonly isWantedAlone?: ((key: UserKey) => boolean) | undefined
  /** Whether one is not known by what was read, where the server has no call for a group. */
  readonly isUnread: (key: UserKey) => boolean
  readonly signal: AbortSignal
  /** Told for each user that was read alone. */
  readonly onUser: () => void
}

/**
 * Reads what happens to the calls of a group's users, at the lowest urgency: with one call for each service that has such a
 * call, and user by user what has none.
 * @returns the error that ended it, if one did
 */
export function createCallReader(deps: {
  readonly copies: Pick<CallCopies, 'storeMany'>
  readonly clock: Pick<Clock, 'mono' | 'wall'>
}) {
  const { copies, clock } = deps
  const urgency = 'load' as const

  const together = async (of: CallsOfGroup): Promise<{ error?: OdinError; hasNoCall: boolean }> => {
    const { wanted, signal } = of
    let hasNoCall = false
    for (const { id: service, hasBulkGet } of services) {
      if (!hasBulkGet || !wanted.includes(service)) continue
      if (signal.aborted) break
      const error = await readServiceOfGroup(deps, { ...of, service, options: { urgency, signal } })
      // Older servers do not have every one of these calls.
      if (error !== undefined && error.kind !== 'not-found') return { error, hasNoCall }
      hasNoCall ||= error !== undefined
    }
    return { hasNoCall }
  }

  const alone = async (of: CallsOfGroup, queue: UserKey[]): Promise<OdinError | undefined> => {
    const { connectionId, client, signal, onUser } = of
    let stoppedBy: OdinError | undefined
    const worker = async (): Promise<void> => {
      for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
        if (signal.aborted || stoppedBy !== undefined) return
        const asked = { mono: clock.mono(), wall: clock.wall() }
        const answer = await client.services(key, { urgency, signal })
        if (!answer.ok) {
          if (isOfOneUser(answer.error)) continue
          stoppedBy ??= answer.error
          return
        }
        const one = key
        const read = Object.entries(answer.value.services).map(
          ([service, record]): ReadService => ({ key: one, service: service as ServiceId, record }),
        )
        await copies.storeMany(connectionId, read, asked, signal)
        onUser()
      }
    }
    await Promise.all(Array.from({ length: sideBySide }, worker))
    return stoppedBy
  }

  return async (of: CallsOfGroup): Promise<OdinError | undefined> => {
    const { error, hasNoCall } = await together(of)
    if (error !== undefined || of.signal.aborted) return error
    const { members, isWantedAlone, isUnread } = of
    return alone(
      of,
      members.filter((key) => isWantedAlone?.(key) === true || (hasNoCall && isUnread(key))),
    )
  }
}
export type CallReader = ReturnType<typeof createCallReader>
