import { useEffect } from 'react'
import { gungnir } from '../../app/bridge'
import { useConnectionId } from '../../app/status'
import { refreshDetails } from './detailsStore'
import { readProgress, readScopes, refreshView, startAfresh, usersSource, useUsers } from './store'

let shownConnection: string | undefined

/** Changes that come in a burst, as they do while loading, are shown together. */
const together = 120

/** Keeps the list, the details and the progress true for as long as the page is shown. */
export function useLiveUsers(): void {
  const connection = useConnectionId()

  useEffect(() => {
    if (connection !== shownConnection) {
      shownConnection = connection
      startAfresh()
    }
    if (connection === undefined) return
    void usersSource.reload(usersSource.total() === undefined ? 'start' : 'here')
    void readScopes()
    void readProgress()
  }, [connection])

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
