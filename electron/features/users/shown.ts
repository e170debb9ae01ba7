import type { ServiceId } from '../../../shared/calls/catalogue'
import { type Glance, glanceOf, glanceServices } from '../../../shared/calls/glance'
import type { UserKey } from '../../../shared/user/types'
import type { OdinClient, OdinLookups, OdinServices } from '../../odin/types'
import type { CachedGroup } from '../../store/repositories/groups'
import type { Opening } from '../../store/repositories/index-snapshots'
import { type CachedService, knownFields, type ServicesRepository } from '../../store/repositories/services'
import type { CachedUser } from '../../store/repositories/users'
import type { Written } from './cache-writer'
import type { Rows } from './index/parts'
import { bitsOf, type UserIndex } from './index/user-index'
import { type Overlay, shownRecord, statesOf } from './overlay'
import type { Overlays } from './overlays'
import { keyOfGroup } from './plan'

/** What users and their call handling are read through. */
export type DirectoryClient = OdinClient & OdinServices & Pick<OdinLookups, 'users'>

export interface DirectoryConnection {
  readonly id: string
  readonly demo: boolean
  readonly callsPerSecond: number
}

/** What is in memory of the connection on screen. */
export interface Shown {
  /** As it is saved now. */
  connection: DirectoryConnection
  /** What its users are read through, while its server may be asked. No other server's answer can become one of its users. */
  client: DirectoryClient | undefined
  /** Ended when another is shown, or none: nothing is read for it or put into it any more. */
  readonly life: AbortController
  index: UserIndex
  readonly overlays: Overlays
  readonly groups: Map<string, CachedGroup>
  readonly ready: Promise<void>
  /** What the list begins with, until the index is filled. */
  opening: Opening | undefined
  /** Fills the index now: somebody waits for it. */
  hurry: () => void
  /** The version of the index that is on disk too; undefined while the index is being filled. */
  copied: number | undefined
  /** The newest outbox change that is in `overlays`. */
  outboxVersion: number
  /** Nothing is loaded before a person says what. */
  asksWhatToLoad: boolean
  last:
    | { readonly key: string; readonly version: number; readonly rows: Rows; readonly total: number }
    | undefined
}

/** Whether another is shown meanwhile, or none. */
export const isOver = (of: Shown): boolean => of.life.signal.aborted

export function leave(of: Shown): void {
  of.client = undefined
  of.life.abort()
}

const around = (of: Shown, key: UserKey) => {
  const group = of.groups.get(keyOfGroup(key))
  return { groupName: group?.groupName, serviceProviderName: group?.serviceProviderName }
}

/** Indexes a user as the screen shows it. */
export const putShown = (of: Shown, { id, record, gone }: Written): void => {
  const overlay = of.overlays.of(record.key.userId)
  of.index.set(
    id,
    shownRecord(record, overlay),
    bitsOf(statesOf(record, gone, overlay)),
    around(of, record.key),
  )
}

export const putCached = (of: Shown, { id, record, goneAt }: CachedUser): void =>
  putShown(of, { id, record, gone: goneAt !== undefined })

/** What lists tell of call handling, with what waits laid over it. */
function glanceAt(cached: readonly CachedService[], overlay: Overlay | undefined): Glance {
  const fields = knownFields(cached)
  const assigned = new Map<ServiceId, boolean>(
    cached.map(({ service, record }) => [service, record !== undefined]),
  )
  return glanceOf({
    valueAt: (path) => (overlay?.wishes.has(path) ? overlay.wishes.get(path) : fields[path]),
    has: (service) => assigned.get(service),
  })
}

/** Indexes what is known of the call handling of users that are in the index. */
export const putCalls = (
  of: Shown,
  services: Pick<ServicesRepository, 'ofUsers'>,
  users: readonly CachedUser[],
): void => {
  const keys = users.map(({ record }) => record.key)
  const known = services.ofUsers(of.connection.id, keys, glanceServices)
  for (const { id, record } of users) {
    const overlay = of.overlays.of(record.key.userId)
    of.index.setCalls(id, glanceAt(known.get(record.key) ?? [], overlay), shownRecord(record, overlay))
  }
}
