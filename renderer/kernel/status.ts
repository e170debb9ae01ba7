import { create } from 'zustand'
import type { Identity, Status } from '../../shared/ipc/contract'
import { editable, fields } from '../../shared/user/catalogue'
import { ask, gungnir, Refused } from './bridge'
import { sayError } from './messages'

const editablePaths = fields.filter(editable).map(({ path }) => path)

/** Nothing until the main process has said how things stand. */
export const useStatus = create<{ readonly status: Status | undefined }>(() => ({ status: undefined }))

export async function readStatus(): Promise<void> {
  try {
    useStatus.setState({ status: await ask(gungnir.app.status()) })
  } catch (error) {
    sayError(error)
  }
}

export async function setWorkOffline(offline: boolean): Promise<void> {
  try {
    await ask(gungnir.outbox.workOffline(offline))
  } catch (error) {
    sayError(error)
  }
}

/** Which server the screen is about; drafts and columns belong to it. */
export const connectionId = (): string | undefined => useStatus.getState().status?.connectionId
export const useConnectionId = (): string | undefined => useStatus(({ status }) => status?.connectionId)

const identityIn = (status: Status | undefined): Identity | undefined => {
  if (status?.connectionId === undefined || status.origin === undefined || status.account === undefined)
    return undefined
  return { connectionId: status.connectionId, origin: status.origin, account: status.account }
}

/** The server and account that the screen is about. What a person does is done there or not at all. */
export const identityNow = (): Identity | undefined => identityIn(useStatus.getState().status)

/** The same for what cannot be done without a server. Throws in words. */
export function identityOrRefuse(): Identity {
  const now = identityNow()
  if (now !== undefined) return now
  throw new Refused({
    kind: 'no-connection',
    message: 'No server is chosen.',
    next: 'Choose a connection on the Connections page.',
  })
}

/** One text for a server and an account, to keep things by that belong to both. */
export const placeOf = ({ origin, account }: Identity): string => JSON.stringify([origin, account])

const placeIn = (status: Status | undefined): string | undefined => {
  const identity = identityIn(status)
  return identity && placeOf(identity)
}
export const placeNow = (): string | undefined => placeIn(useStatus.getState().status)
export const usePlace = (): string | undefined => useStatus(({ status }) => placeIn(status))

/** Why this sign-in may not change a field, as far as it tells; undefined when it may. */
export const lockedBecause = (path: string): string | undefined => useStatus.getState().status?.locked[path]
export const useLocked = (path: string): string | undefined => useStatus(({ status }) => status?.locked[path])

/** The reason that holds for every option alike, as for an account that may only read. */
export const useLockedAll = (): string | undefined =>
  useStatus(({ status }) => {
    const reasons = editablePaths.map((path) => status?.locked[path])
    const [first] = reasons
    return reasons.every((one) => one === first) ? first : undefined
  })

const networkWords: Readonly<Record<Status['network'], string>> = {
  none: 'Not connected',
  connecting: 'Connecting…',
  online: 'Online',
  offline: 'Offline',
  'signed-out': 'Signed out',
  'captive-portal': 'Network log-in needed',
  'server-down': 'Server not answering',
}

/** How it stands with the chosen server: the look of its dot, and a word. Whoever works offline is so, reachable or not. */
export function networkOf({ network, workOffline, connectionId }: Status): {
  readonly dot: Status['network']
  readonly word: string
} {
  return workOffline && connectionId !== undefined
    ? { dot: 'offline', word: 'Working offline' }
    : { dot: network, word: networkWords[network] }
}

/** Who and where, e.g. "Demo server as admin". */
export function whereAs(status: Status): string | undefined {
  if (status.connectionName === undefined) return undefined
  return status.account === undefined
    ? status.connectionName
    : `${status.connectionName} as ${status.account}`
}
