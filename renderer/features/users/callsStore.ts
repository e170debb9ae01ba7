import { create } from 'zustand'
import type { CallHandling } from '../../../shared/ipc/contract'
import type { UserKey } from '../../../shared/user/types'
import { ask, gungnir, type Refused, refusal } from '../../app/bridge'
import { identityNow, useStatus } from '../../app/status'

interface Calls {
  /** The newest that came, perhaps still of the user looked at before. */
  readonly calls: CallHandling | undefined
  readonly error: Refused | undefined
  readonly loading: boolean
}

export const useCalls = create<Calls>(() => ({ calls: undefined, error: undefined, loading: false }))

/** A person who walks through the list does not ask the server for every user passed. */
const dwell = 350
/** What is younger is not read again just because it is looked at. */
const fresh = 60_000

let shown: UserKey | undefined
let question = 0
/** The newest question that was answered: answers to older ones say less. */
let answered = 0

/**
 * Shows the call handling of a user from now on: what is stored at once, and what the server says after a moment where
 * that is partial or old.
 * @returns to be called when it is looked at no more
 */
export function followCalls(key: UserKey): () => void {
  shown = key
  useCalls.setState({ error: undefined })
  let waiting: ReturnType<typeof setTimeout> | undefined
  void read(key, false).then((calls) => {
    if (!calls || shown !== key || useStatus.getState().status?.mayAsk !== true) return
    if (Date.now() - calls.readAt < fresh) return
    waiting = setTimeout(() => void read(key, true), dwell)
  })
  const stop = gungnir.events.outboxChanged(() => void refreshCalls())
  return () => {
    clearTimeout(waiting)
    stop()
    if (shown === key) shown = undefined
  }
}

/** The stored copy again, after something changed. */
export async function refreshCalls(): Promise<void> {
  if (shown) await read(shown, false)
}

/** Asks the server now. */
export async function readCallsAgain(): Promise<void> {
  if (shown) await read(shown, true)
}

/** Puts what is known without asking in the place of what is shown; answers that are on their way do not know it. */
export function amendCalls(change: (calls: CallHandling) => CallHandling): void {
  const { calls } = useCalls.getState()
  answered = question
  if (calls) useCalls.setState({ calls: change(calls) })
}

async function read(key: UserKey, fromServer: boolean): Promise<CallHandling | undefined> {
  const mine = ++question
  useCalls.setState({ loading: true })
  try {
    const as = identityNow()
    const calls = await ask(
      gungnir.users.callHandling({ key, fresh: fromServer, ...(as === undefined ? {} : { as }) }),
    )
    if (mine > answered && shown?.userId === key.userId) {
      answered = mine
      useCalls.setState({ calls, error: undefined, loading: mine !== question })
    }
    return calls
  } catch (error) {
    if (mine === question) useCalls.setState({ error: refusal(error), loading: false })
    return undefined
  }
}
