import type { Status } from '../../../shared/ipc/contract'
import { isReadable } from '../../odin/base-url'
import { everyFieldLocked, lockedFields } from '../../odin/permissions'
import type { Clock } from '../../platform/ports'
import type { MayNotChange } from '../../server/may-change'
import type { Connections } from './connections'

/** Changes come in bursts; the screen needs only the last. */
const gatherMs = 50

/**
 * Gathers what the status bar says. Call `changed` whenever any part of it may differ: it tells the page soon, and
 * only when something does differ.
 */
export function createStatus(deps: {
  connections: Pick<Connections, 'active' | 'workOffline'>
  keychainWarning: string | undefined
  storeWarning: string | undefined
  storeChoices?: Status['storeChoices']
  directory: () => { readonly users: number; readonly dataAsOf?: number }
  outbox: () => Status['outbox']
  emit: (status: Status) => void
  /** Why nothing may be changed on the server of a connection. */
  mayNotChange?: MayNotChange
  clock: Clock
}): { read(): Status; changed(): void } {
  const { connections, keychainWarning, storeWarning, storeChoices, directory, outbox, emit, clock } = deps
  let waiting = false
  let told = ''

  function read(): Status {
    const active = connections.active()
    const { users, dataAsOf } = directory()
    const state = active?.server.state()
    const readOnly = active && deps.mayNotChange?.(active.connection.id)
    return {
      ...(active && {
        ...active.server.identity,
        connectionName: active.connection.name,
        ...(isReadable(active.connection.baseUrl) && { unencrypted: true }),
      }),
      ...(state?.session && { loginType: state.session.loginType }),
      ...(state?.why !== undefined && { why: state.why }),
      ...(state?.nextTryWall !== undefined && { nextTryWall: state.nextTryWall }),
      locked:
        readOnly !== undefined
          ? everyFieldLocked(`${readOnly}.`)
          : state?.session === undefined
            ? {}
            : lockedFields(state.session),
      ...(readOnly !== undefined && { readOnly }),
      network: state?.network ?? 'none',
      workOffline: connections.workOffline(),
      mayAsk: active?.server.hindrance() === undefined && active !== undefined,
      ...(keychainWarning !== undefined && { keychainWarning }),
      ...(storeWarning !== undefined && { storeWarning }),
      ...(storeChoices !== undefined && { storeChoices }),
      users,
      ...(dataAsOf !== undefined && { dataAsOf }),
      outbox: outbox(),
    }
  }

  return {
    read,
    changed() {
      if (waiting) return
      waiting = true
      clock.after(gatherMs, () => {
        waiting = false
        const status = read()
        const text = JSON.stringify(status)
        if (text === told) return
        told = text
        emit(status)
      })
    },
  }
}
