import { create } from 'zustand'
import type { UserDetails } from '../../../shared/ipc/contract'
import type { UserKey } from '../../../shared/user/types'
import { ask, gungnir, type Refused, refusal } from '../../app/bridge'
import { identityNow, useStatus } from '../../app/status'

interface DetailsStore {
  /** The newest details that came, perhaps still those of the user looked at before. */
  readonly details: UserDetails | undefined
  readonly error: Refused | undefined
  readonly loading: boolean
}

export const useDetails = create<DetailsStore>(() => ({
  details: undefined,
  error: undefined,
  loading: false,
}))

/** A person who walks through the list does not ask the server for every user passed. */
const dwell = 350
/** Details younger than this are not read again just because they are looked at. */
const fresh = 60_000

let shown: UserKey | undefined
let question = 0
/** The newest question that was answered: answers to older ones say less. */
let answered = 0
let waiting: ReturnType<typeof setTimeout> | undefined

/** Shows a user: what is stored at once, and what the server says after a moment if the copy is partial or old. */
export function showDetails(key: UserKey | undefined): void {
  clearTimeout(waiting)
  const same = shown?.userId === key?.userId
  shown = key
  if (!key) {
    answered = ++question
    useDetails.setState({ details: undefined, error: undefined, loading: false })
    return
  }
  if (!same) useDetails.setState({ error: undefined })
  void read(key, false).then((details) => {
    if (!details || shown !== key || !canAsk()) return
    if (details.completeness === 'full' && Date.now() - details.readAt < fresh) return
    waiting = setTimeout(() => void read(key, true), dwell)
  })
}

/** The stored copy again, after something changed. */
export async function refreshDetails(): Promise<void> {
  if (shown) await read(shown, false)
}

/** Puts what is known without asking in the place of what is shown; answers that are on their way do not know it. */
export function amendDetails(change: (details: UserDetails) => UserDetails): void {
  const { details } = useDetails.getState()
  answered = question
  if (details) useDetails.setState({ details: change(details) })
}

/** Asks the server now. */
export async function readAgain(): Promise<void> {
  if (shown) await read(shown, true)
}

const canAsk = () => {
  const status = useStatus.getState().status
  return status?.mayAsk === true
}

async function read(key: UserKey, fromServer: boolean): Promise<UserDetails | undefined> {
  const mine = ++question
  useDetails.setState({ loading: true })
  try {
    const as = identityNow()
    const details = await ask(
      gungnir.users.details({ key, fresh: fromServer, ...(as === undefined ? {} : { as }) }),
    )
    // Also while a newer question waits for the server: what is known by now is shown by now.
    if (mine > answered && shown?.userId === key.userId) {
      answered = mine
      useDetails.setState({ details, error: undefined, loading: mine !== question })
    }
    return details
  } catch (error) {
    if (mine === question) useDetails.setState({ error: refusal(error), loading: false })
    return undefined
  }
}
