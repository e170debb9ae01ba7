import { useEffect } from 'react'
import { gungnir } from '../../kernel/bridge'
import { identityNow, useStatus } from '../../kernel/status'
import { refreshDetails, showDetails } from './details/detailsStore'
import {
  readCompleteness,
  readProgress,
  readScopes,
  refreshView,
  sayTaken,
  startAfresh,
  usersSource,
  useUsers,
} from './store'

/** The server and account whose users are shown. */
let shownIdentity: string | undefined

/** Changes that come in a burst, as they do while loading, are shown together. */
const together = 120

const readAll = (): void => {
  void usersSource.reload(usersSource.total() === undefined ? 'start' : 'here')
  void readScopes()
  void readProgress()
  void readCompleteness()
}

/**
 * From now on asks for the users of whichever connection the app comes to, at once. A connection that leads to another
 * server or account than before is another one.
 */
export function followConnection(): void {
  useStatus.subscribe(() => {
    const identity = identityNow()
    const now = identity && JSON.stringify(identity)
    if (now === shownIdentity) return
    shownIdentity = now
    startAfresh()
    showDetails(undefined)
    if (now !== undefined) readAll()
  })
}

/** Resolves when there is a list to show, or a reason why there is none; after `limitMs` at the latest. */
export function usersHere(limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const look = () => {
      if (usersSource.total() !== undefined || usersSource.error() !== undefined) end()
    }
    const timer = setTimeout(end, limitMs)
    const stop = usersSource.subscribe(look)
    look()
  })
}

/** Keeps the list, the details and the progress true for as long as the page is shown. */
export function useLiveUsers(): void {
  useEffect(() => {
    if (shownIdentity !== undefined) readAll()
  }, [])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let running = false
    let again = false
    const show = async () => {
      timer = undefined
      if (running) {
        again = true
        return
      }
      running = true
      await Promise.all([refreshView(), readScopes(), readCompleteness(), refreshDetails()])
      running = false
      if (again) {
        again = false
        later()
      }
    }
    const later = () => {
      timer ??= setTimeout(() => void show(), together)
    }
    const stopChanged = gungnir.events.usersChanged(later)
    const stopProgress = gungnir.events.usersProgress((progress) => {
      const before = useUsers.getState().progress
      useUsers.setState({ progress })
      if (before?.running !== progress.running || before.phase !== progress.phase) void readCompleteness()
      const read = !progress.running || progress.phase === 'calls'
      if (before?.running === true && before.phase !== 'calls' && read) void sayTaken(progress)
    })
    return () => {
      clearTimeout(timer)
      stopChanged()
      stopProgress()
    }
  }, [])
}
