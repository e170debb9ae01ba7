import { create } from 'zustand'
import type { Identity } from '../../../../shared/ipc/contract'
import type { UserKey } from '../../../../shared/user/types'
import { type Refused, refusal } from '../../../kernel/bridge'
import { identityNow, useStatus } from '../../../kernel/status'

/** What is shown of one user, and how it was got. */
export interface CopyState<Copy> {
  /** The newest copy that came, perhaps still of the user looked at before. */
  readonly copy: Copy | undefined
  readonly error: Refused | undefined
  readonly loading: boolean
}

export interface CopyQuestion {
  readonly key: UserKey
  /** From the server. */
  readonly fresh: boolean
  readonly as?: Identity
}

/** A person who walks through the list does not ask the server for every user passed. */
const dwell = 350
/** A copy younger than this is not read again just because it is looked at. */
const fresh = 60_000

/** What is known of one user at a time: the copy that is stored at once, and what the server says after a moment. */
export function createCopyStore<Copy extends { readonly key: UserKey; readonly readAt: number }>(
  ask: (question: CopyQuestion) => Promise<Copy>,
  /** Whether all of it was read; else it is asked for, however young it is. */
  isWhole: (copy: Copy) => boolean = () => true,
) {
  const useCopy = create<CopyState<Copy>>(() => ({ copy: undefined, error: undefined, loading: false }))
  let shown: UserKey | undefined
  let question = 0
  /** The newest question that was answered: answers to older ones say less. */
  let answered = 0
  let waiting: ReturnType<typeof setTimeout> | undefined

  const read = async (key: UserKey, fromServer: boolean): Promise<Copy | undefined> => {
    const mine = ++question
    useCopy.setState({ loading: true })
    try {
      const as = identityNow()
      const copy = await ask({ key, fresh: fromServer, ...(as === undefined ? {} : { as }) })
      // Also while a newer question waits for the server: what is known by now is shown by now.
      if (mine > answered && shown?.userId === key.userId) {
        answered = mine
        useCopy.setState({ copy, error: undefined, loading: mine !== question })
      }
      return copy
    } catch (error) {
      if (mine === question) useCopy.setState({ error: refusal(error), loading: false })
      return undefined
    }
  }

  return {
    useCopy,

    /** Shows a user: what is stored at once, and what the server says after a moment if the copy is partial or old. */
    show(key: UserKey | undefined): void {
      clearTimeout(waiting)
      const same = shown?.userId === key?.userId
      shown = key
      if (!key) {
        answered = ++question
        useCopy.setState({ copy: undefined, error: undefined, loading: false })
        return
      }
      if (!same) useCopy.setState({ error: undefined })
      void read(key, false).then((copy) => {
        if (!copy || shown !== key || useStatus.getState().status?.mayAsk !== true) return
        if (isWhole(copy) && Date.now() - copy.readAt < fresh) return
        waiting = setTimeout(() => void read(key, true), dwell)
      })
    },

    /** The stored copy again, after something changed. */
    async refresh(): Promise<void> {
      if (shown) await read(shown, false)
    },

    /** Puts what is known without asking in the place of what is shown; answers that are on their way do not know it. */
    amend(change: (copy: Copy) => Copy): void {
      const { copy } = useCopy.getState()
      answered = question
      if (copy) useCopy.setState({ copy: change(copy) })
    },

    /** Asks the server now. */
    async readAgain(): Promise<void> {
      if (shown) await read(shown, true)
    },
  }
}
