import type { UserKey } from '../../../../shared/user/types'
import { ask, gungnir } from '../../../kernel/bridge'
import { createCopyStore } from './copyStore'

const calls = createCopyStore((question) => ask(gungnir.users.callHandling(question)))

/** The call handling of the current user. */
export const {
  useCopy: useCalls,
  refresh: refreshCalls,
  amend: amendCalls,
  readAgain: readCallsAgain,
} = calls

let followers = 0

/**
 * Shows the call handling of a user from now on, and what becomes of changes to it.
 * @returns to be called when it is looked at no more
 */
export function followCalls(key: UserKey): () => void {
  const mine = ++followers
  calls.show(key)
  const stop = gungnir.events.outboxChanged(() => void calls.refresh())
  return () => {
    stop()
    // A tab may go after the next one has come.
    if (mine === followers) calls.show(undefined)
  }
}
