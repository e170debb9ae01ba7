import { useEffect } from 'react'
import { gungnir } from '../../app/bridge'
import { connectionId, useConnectionId } from '../../app/status'
import { refreshDetails } from './detailsStore'
import { readProgress, readScopes, refreshView, startAfresh, usersSource, useUsers } from './store'

let shownConnection: string | undefined
/** The list was asked for before there was a page to show it, and has not changed since. */
let early = false

/** Changes that come in a burst, as they do while loading, are shown together. */
const together = 120

const readAll = (connection: string | undefined): void => {
  if (connection !== shownConnection) {
    shownConnection = connection
    startAfresh()
  }
  if (connection === undefined) return
  void usersSource.reload(usersSource.total() === undefined ? 'start' : 'here')
  void readScopes()
  void readProgress()
}

/** Asks for the users at the start of the app, so that they are there when the page is drawn for the first time. */
export function beginUsers(): void {
  early = true
  const stop = gungnir.events.usersChanged(() => {
    early = false
    stop()
  })
  readAll(connectionId())
}

/** Asks for the users of a connection that the page is to show now, unless that was done early and still holds. */
export function showUsers(connection: string | undefined): void {
  const holds = early && connection === shownConnection
  early = false
  if (!holds) readAll(connection)
}

/** Keeps the list, the details and the progress true for as long as the page is shown. */
export function useLiveUsers(): void {
  const connection = useConnectionId()

  useEffect(() => showUsers(connection), [connection])

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
      await Promise.all([refreshView(), readScopes(), refreshDetails()])
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
    const stopProgress = gungnir.events.usersProgress((progress) => useUsers.setState({ progress }))
    return () => {
      clearTimeout(timer)
      stopChanged()
      stopProgress()
    }
  }, [])
}
