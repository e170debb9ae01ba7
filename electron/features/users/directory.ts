import { serviceOf } from '../../../shared/calls/catalogue'
import { glanceServices } from '../../../shared/calls/glance'
import type {
  Completeness,
  EventName,
  EventPayload,
  FoundOnServer,
  GroupScope,
  Loadable,
  LoadChoice,
  LoadProgress,
  NearestSearch,
  ReadingChoice,
  Sighting,
  UnreadFacts,
  UserDetails,
  UserSelection,
  UsersQuery,
  UsersWindow,
} from '../../../shared/ipc/contract'
import { askedOf, readApart, unreadColumnsOf } from '../../../shared/query/known'
import { parseQuery, type Query } from '../../../shared/query/parse'
import { foldedId, sameUserId } from '../../../shared/user/id'
import type { UserRow } from '../../../shared/user/shapes'
import type { FieldPath, UserKey, UserRecord } from '../../../shared/user/types'
import { plainText, sameValue } from '../../../shared/user/value'
import { Refusal } from '../../ipc/refusal'
import { createPause } from '../../platform/pause'
import type { Bundle, Cancel, Clock, Log, Random, SealedFiles } from '../../platform/ports'
import { groupsRepository } from '../../store/repositories/groups'
import { outboxRepository } from '../../store/repositories/outbox'
import { servicesRepository } from '../../store/repositories/services'
import { sightingsRepository } from '../../store/repositories/sightings'
import { type CachedUser, usersRepository } from '../../store/repositories/users'
import type { Store } from '../../store/store'
import type { CallReader } from '../call-handling/reader'
import { refusalOf } from './actions'
import { createArrivals } from './arrivals'
import { createCacheWriter } from './cache-writer'
import { createChoosing, seesSeveralGroups } from './choosing'
import { createFilling } from './filling'
import { findUsers } from './finding'
import { nearestSearches } from './index/nearest'
import { type Known, type Scope, UserIndex } from './index/user-index'
import { createLoader, type Details, isStale, type Job, type LoaderDeps, wasAnswered } from './loader'
import { rowOf } from './overlay'
import { Overlays } from './overlays'
import { keyOfGroup } from './plan'
import { portionsOf } from './portions'
import { bare, bothWishes, type CallsWish, createReading } from './reading'
import {
  type DirectoryClient,
  type DirectoryConnection,
  isOver,
  leave,
  putCached,
  putCalls,
  putShown,
  type Shown,
} from './shown'
import { createSnapshots } from './snapshots'

/** How long the process may be kept from other work at a stretch. */
const shareMs = 4
const portion = 500
/** Ids alone cost much less. */
const idPortion = 5000
/** From so many users of one group on, one call for the whole group is cheaper than one for each. */
const groupedFrom = 4
/** Bytes that may have arrived and wait to be taken in; who reads faster than that waits beyond. */
const mostOnDisk = 256_000_000
const mostInMemory = 32_000_000
/** While a load runs, the page asks again at most this often. */
const tellEveryMs = 250
const freshnessCheckMs = 15 * 60_000
/** After a load the index is copied to disk once nobody can be waiting for the process any more. */
const copyAfterMs = 3_000
/** How long the page may draw the beginning of the list before the whole is read: each keeps a processor busy. */
const drawingTakesMs = 400

/** What one call a group and service tells, and what is read user by user. */
const callColumnsOf = {
  groups: unreadColumnsOf(['calls.forwardedTo', 'calls.voiceMail']),
  users: [...readApart],
}
const callsOfGroup = glanceServices.filter((id) => serviceOf(id).hasBulkGet).length
/** Which services a user has, and their settings. */
const callsOfUser = 2

/** What of call handling has to be read before these columns are known. */
const wishOf = (columns: readonly number[]): CallsWish => {
  const apart = columns.filter((number) => readApart.has(number))
  if (apart.length === 0) return {}
  return {
    calls: apart.every((number) => callColumnsOf.groups.includes(number)) ? 'groups' : 'users',
    ...(apart.length === columns.length ? { onlyCalls: true } : {}),
  }
}

export interface DirectoryDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly random: Pick<Random, 'id'>
  /** Where the search index and what arrived are kept from one start to the next; left out when nothing is. */
  readonly files?: SealedFiles | undefined
  readonly emit: <E extends EventName>(event: E, payload: EventPayload<E>) => void
  /** For sorting; the system's when left out. */
  readonly locale?: string
  /** Reads the call handling of users into its copy. */
  readonly readCalls: CallReader
  /** Somebody is there who can say what is to be loaded. */
  readonly asksWhatToLoad?: boolean | undefined
}

/**
 * The users of the active connection: cached on disk, indexed in memory, shown with unsent changes over them. Works without a
 * server; with one, reads and keeps fresh.
 */
export interface Directory {
  /** Shows the users of this connection, or of none. Resolves when they can be searched. */
  show(connection: DirectoryConnection | undefined): Promise<void>
  /** Whose users are shown: the id of the connection. A moment after another one is chosen it is still the one before. */
  of(): string | undefined
  /** Resolves when the users of another connection are shown, or nobody's. */
  switched(): Promise<void>
  /**
   * The server can be read through this client, or (undefined) not any more. The first time on a connection everything is
   * loaded; a load that was cut off goes on.
   */
  attach(client: DirectoryClient | undefined): void
  /** @param find user ids, whose places in the same list are told. */
  window(query: UsersQuery, start: number, count: number, find?: readonly string[]): Promise<UsersWindow>
  /** Asks the server for what was typed; who is found is kept and shown like everybody else. */
  find(query: Pick<UsersQuery, 'search' | 'scope'>): Promise<FoundOnServer>
  /** What a search that finds hardly anybody may have meant, in its scope. */
  nearest(query: UsersQuery): Promise<NearestSearch[]>
  indexOf(query: UsersQuery, userId: string): Promise<number | undefined>
  /** `fresh` reads the user from the server if that can be reached, and else says why not. */
  details(key: UserKey, fresh: boolean): Promise<UserDetails>
  /**
   * The users of a selection as numbers of the cache, in the order of the query; chosen users that the query does not
   * find come last.
   */
  choose(query: UsersQuery, selection: UserSelection): Promise<number[]>
  /** Users as shown, by their numbers in the cache; those no longer there are left out. */
  rows(ids: readonly number[]): UserRow[]
  /** A user as shown; `undefined` when it is not among the loaded ones. */
  row(userId: string): UserRow | undefined
  /** Those of these users that are cached, in no order, at a fraction of the cost of one by one. */
  rowsNamed(userIds: readonly string[]): UserRow[]
  /** The ids of all loaded users as the server spells them, in portions. */
  userIds(): Iterable<readonly string[]>
  /** Who has this extension (in the user's group) or phone number, as shown; not the user itself. */
  holders(user: UserKey, path: 'extension' | 'phoneNumber', value: string): Promise<UserRow[]>
  /** The extensions of a group, as shown. */
  extensions(group: Pick<UserKey, 'serviceProviderId' | 'groupId'>): Promise<string[]>
  /** A user now goes by another id, or is in another group: it is read anew, and the old one is forgotten. */
  replaced(before: UserKey, now: UserKey): Promise<void>
  /**
   * Reads the full records of these users from the server; a group of which many are wanted with one call.
   * @returns why the rest could not be read, if so
   */
  readFull(
    users: readonly UserKey[],
    options: {
      readonly signal: AbortSignal
      readonly onRead: (users: readonly UserKey[]) => void | Promise<void>
    },
  ): Promise<string | undefined>
  /** Of how many of these users (numbers of the cache) not each of the fields was read, and what reading them takes. */
  unreadOf(ids: readonly number[], paths: readonly FieldPath[]): UnreadFacts
  /**
   * The seconds that reading these users takes, and so many calls beside them at the pace of the connection; undefined
   * without a server.
   */
  readingTakes(users: readonly UserKey[], beside?: number): number | undefined
  /** What was seen to change on the server between two reads of a user, newest first. */
  sightings(userId: string): Sighting[]
  scopes(): Promise<GroupScope[]>
  refresh(scope: Scope): void
  /** Keeps the full records of a scope's groups here and fresh, or stops doing so. */
  takeOffline(scope: Scope, on: boolean): void
  /** Reads what is not here yet of a scope, a group at a time: full records, call handling; goes on after a restart. */
  readMissing(scope: Scope, what?: CallsWish): void
  /** A person looks at one group: its full records are read soon, if such is wanted of this connection. */
  groupOpened(group: Pick<UserKey, 'serviceProviderId' | 'groupId'>): void
  /** How far the full records are here, and which are read ahead. */
  completeness(): Promise<Completeness>
  chooseReading(choice: ReadingChoice): void
  /** Forgets the users that are marked gone; returns how many. */
  dismissGone(): Promise<number>
  /** The service providers that the sign-in sees, or the groups of one, as the server lists them now. */
  loadable(serviceProviderId?: string): Promise<Loadable[]>
  /** What is loaded from now on when nobody names a group. What is here stays. */
  chooseLoad(choice: LoadChoice): void
  cancelLoading(): void
  progress(): LoadProgress
  /** What the status bar says. */
  summary(): { readonly users: number; readonly dataAsOf?: number }
  /** Another feature stored this user (a verified change, for instance). Call after its transaction. */
  userStored(connectionId: string, record: UserRecord): void
  /** What is known of the call handling of these users was stored. Call after its transaction. */
  callsStored(connectionId: string, users: readonly UserKey[]): void
  /**
   * Live outbox entries of these users were added, changed or ended. Call after the transaction: what is answered about
   * them from then on has it; searching and sorting follow.
   */
  outboxChanged(changed: Iterable<{ readonly connectionId: string; readonly user: UserKey }>): void
  /** The number of users known of a group. */
  groupSize(serviceProviderId: string, groupId: string): number | undefined
  /** Forgets everything cached of a connection. The outbox is not touched. */
  forget(connectionId: string): Promise<void>
  /** Stops loading and waits for the last write. A load goes on when the app is started again. */
  stop(): Promise<void>
}

export const createDirectory = (deps: DirectoryDeps): Directory => {
  const { store, clock, log, emit } = deps
  const users = usersRepository(store)
  const groups = groupsRepository(store)
  const services = servicesRepository(store)
  const sightings = sightingsRepository(store)
  const reading = createReading(store)
  const choosing = createChoosing(store)
  const outbox = outboxRepository(store, {
    onUnreadable: ({ seq, reason }) => log.warn('outbox.unreadable', { seq, reason }),
  })

  let shown: Shown | undefined
  let generation = 0
  let stopped = false
  let telling: Cancel | undefined
  let toldAt = Number.NEGATIVE_INFINITY
  /** The group that a person looked at last, until its full records are read. */
  let lookedAt: Pick<UserKey, 'serviceProviderId' | 'groupId'> | undefined
  let overlayWork: Promise<void> = Promise.resolve()
  let cancelFreshness: Cancel | undefined
  let cancelCopy: Cancel | undefined
  const snapshots =
    deps.files && createSnapshots({ store, files: deps.files, random: deps.random, locale: deps.locale })
  const files = deps.files ?? filesInMemory()
  /** When users were last stored by somebody else than a group read, on the monotonic clock. */
  const storedAt = new Map<string, number>()

  const freshPause = () => createPause(() => clock.mono(), shareMs)

  // --- telling the page --------------------------------------------------------------------------------------

  const tellNow = (): void => {
    telling?.()
    telling = undefined
    toldAt = clock.mono()
    emit('users.changed', { generation: ++generation })
  }

  const tellSoon = (): void => {
    if (telling !== undefined) return
    telling = clock.after(Math.max(0, toldAt + tellEveryMs - clock.mono()), tellNow)
  }

  // --- the index ---------------------------------------------------------------------------------------------

  const readGroups = (of: Pick<Shown, 'connection' | 'groups'>): void => {
    for (const group of groups.list(of.connection.id)) of.groups.set(keyOfGroup(group), group)
  }

  const isAtRest = (): boolean => !loader.progress().running && !arrivals.busy

  const copySoon = (): void => {
    cancelCopy?.()
    cancelCopy = clock.after(copyAfterMs, () => {
      if (shown !== undefined && isAtRest()) void filling.copy(shown)
    })
  }

  /** A load has ended, or the last of what arrived is in the cache. */
  const onEnd = (): void => {
    if (!isAtRest()) return
    shown?.index.trim()
    tellNow()
    copySoon()
  }

  const writer = createCacheWriter({
    store,
    clock,
    newerThan: (userId, askedMono) => {
      const at = storedAt.get(userId)
      return at !== undefined && (askedMono === undefined || at >= askedMono)
    },
    isReading: () => loader.isReading(),
    onWritten: (changed) => {
      if (shown === undefined || changed.length === 0) return
      for (const user of changed) putShown(shown, user)
      tellSoon()
    },
  })

  const onGroups = (connectionId: string): void => {
    if (shown?.connection.id !== connectionId) return
    const renamed = renamedGroups(shown)
    if (renamed.size > 0) void reindex(shown, renamed)
  }

  const arrivals = createArrivals({
    store,
    files,
    log,
    writer,
    mostBytes: deps.files === undefined ? mostInMemory : mostOnDisk,
    onTaken: onGroups,
    onIdle: onEnd,
  })

  const loader = createLoader({
    store,
    clock,
    log,
    writer,
    arrivals,
    onProgress: (progress) => {
      emit('users.progress', progress)
      if (!progress.running) onEnd()
    },
    onGroups,
    unreadGroups: (connectionId) =>
      shown?.connection.id === connectionId ? shown.index.unreadByGroup() : new Set<string>(),
    groupsByCalls: (connectionId, which) => {
      if (shown?.connection.id !== connectionId) return new Set<string>()
      return which === 'again'
        ? shown.index.knownByGroup(callColumnsOf.groups)
        : shown.index.unreadByGroup(callColumnsOf[which])
    },
    readCalls: (to, group, how, options) => readCallsOf(to, group, how, options),
    onDone: (job) => {
      const id = shown?.connection.id
      if (id === undefined || id !== target()?.connectionId) return
      if (job.details === 'missing' || isAskedBy(id, job)) reading.answered(id)
      void catchUp(job.details)
    },
    onCutOff: lookAgain,
  })

  /** Whether a load also read what taking a scope offline asked for. */
  const isAskedBy = (id: string, { scope, calls }: Pick<Job, 'scope' | 'calls'>): boolean =>
    calls === 'users' && JSON.stringify(reading.asked(id)?.scope) === JSON.stringify(scope)

  const readCallsOf: LoaderDeps['readCalls'] = async (
    { connectionId, client },
    { serviceProviderId, groupId },
    how,
    { signal, onUser },
  ) => {
    const of = shown
    if (of === undefined || of.connection.id !== connectionId) return undefined
    const rowIds = new Map<string, number>()
    const members = users.presentInGroup(connectionId, serviceProviderId, groupId).map(({ id, userId }) => {
      rowIds.set(userId, id)
      return { serviceProviderId, groupId, userId }
    })
    const isUnread = (columns: readonly number[]) => (key: UserKey) =>
      of.index.isUnread(rowIds.get(key.userId) ?? 0, columns)
    const session = client.session()
    const only = session?.loginType === 'User' ? session.userId : undefined
    return deps.readCalls({
      connectionId,
      client,
      group: { serviceProviderId, groupId },
      members: only === undefined ? members : members.filter(({ userId }) => sameUserId(userId, only)),
      // A user may read nobody's services but the own ones.
      wanted: only === undefined ? glanceServices : [],
      isWantedAlone: how === 'users' || only !== undefined ? isUnread(callColumnsOf.users) : undefined,
      isUnread: isUnread(callColumnsOf.groups),
      signal,
      onUser,
    })
  }

  /** Nothing is read and nothing is written any more: the rest goes on when the connection is shown again. */
  const halt = (): Promise<unknown> => Promise.all([arrivals.close(), loader.suspend()])

  /** Takes over what is known of the groups; returns those whose names changed since they were indexed. */
  const renamedGroups = (of: Shown): Set<string> => {
    const renamed = new Set<string>()
    for (const group of groups.list(of.connection.id)) {
      const key = keyOfGroup(group)
      const before = of.groups.get(key)
      of.groups.set(key, group)
      if (
        before !== undefined &&
        (before.groupName !== group.groupName || before.serviceProviderName !== group.serviceProviderName)
      ) {
        renamed.add(key)
      }
    }
    return renamed
  }

  const reindex = async (of: Shown, renamed: ReadonlySet<string>): Promise<void> => {
    const pause = freshPause()
    for (const key of renamed) {
      const group = of.groups.get(key)
      if (group === undefined) continue
      const present = users.presentInGroup(of.connection.id, group.serviceProviderId, group.groupId)
      // Nothing may come between a read and what is done with it.
      for (const some of portionsOf(present, 20)) {
        if (isOver(of)) return
        for (const user of users.byIds(some.map(({ id }) => id))) if (user !== undefined) putCached(of, user)
        if (pause.due()) await pause.wait()
      }
    }
    tellSoon()
  }

  const filling = createFilling({
    users,
    services,
    snapshots,
    reindex,
    freshPause,
    log,
  })

  // --- the overlay -------------------------------------------------------------------------------------------

  const takeOverlays = async (of: Shown): Promise<void> => {
    await of.ready
    if (isOver(of)) return
    const pause = freshPause()
    const connectionId = of.connection.id
    for (;;) {
      const changed = outbox.usersChangedSince(connectionId, of.outboxVersion, portion)
      if (changed === undefined) break
      of.outboxVersion = changed.version
      for (const userId of changed.users) {
        of.overlays.changed(userId)
        const user = users.byUserId(connectionId, userId)
        if (user !== undefined) {
          putCached(of, user)
          putCalls(of, services, [user])
        }
        if (pause.due()) await pause.wait()
        if (isOver(of)) return
      }
    }
    // What is newer belongs to other connections.
    of.outboxVersion = outbox.version()
    tellNow()
  }

  // --- answering ---------------------------------------------------------------------------------------------

  const found = async (of: Shown, query: UsersQuery) => {
    const parsed = parseQuery(query.search)
    const key = JSON.stringify(query)
    if (of.last?.key !== key || of.last.version !== of.index.version) {
      // As it was before: what comes while the search pauses is not in its rows.
      const { version, total } = of.index
      const rows = await of.index.search(parsed, query.scope, query.sort, freshPause())
      of.last = { key, version, rows, total }
      return { parsed, rows, total }
    }
    return { parsed, rows: of.last.rows, total: of.last.total }
  }

  const placeOf = (of: Shown, rows: Uint32Array, userId: string): number | undefined => {
    const user = users.byUserId(of.connection.id, userId)
    const row = user && of.index.rowOf(user.id)
    const place = row === undefined ? -1 : rows.indexOf(row)
    return place < 0 ? undefined : place
  }

  /** Seconds that reading so many users of so many groups takes: one call a group, and what each record takes the server. */
  const secondsFor = (
    of: Shown,
    { unread, unreadGroups }: Pick<Known, 'unread' | 'unreadGroups'>,
    { calls, onlyCalls }: CallsWish = {},
  ): { seconds?: number } => {
    if (target() === undefined) return {}
    const callsOfGroups = calls === undefined ? 0 : unreadGroups * callsOfGroup
    const callsOfUsers = calls === 'users' ? unread * callsOfUser : 0
    const forRecords = onlyCalls === true ? 0 : unreadGroups
    const atPace = (forRecords + callsOfGroups + callsOfUsers) / of.connection.callsPerSecond
    const atServer = onlyCalls === true ? 0 : (unread * (loader.msPerFullRecord() ?? 0)) / 1000 / 3
    return { seconds: Math.max(atPace, atServer) }
  }

  /** For how many users an answer can speak, if not for all. */
  const unreadIn = (
    of: Shown,
    query: UsersQuery,
    parsed: Query,
    matched: number,
  ): Pick<UsersWindow, 'unread'> => {
    const { labels, columns, words } = askedOf(parsed, query.sort)
    // Words are looked for in what is known: worth a word only to who finds nobody.
    if (labels.length === 0 && (!words || matched > 0)) return {}
    const about = of.index.knownIn(query.scope, labels.length === 0 ? undefined : columns)
    if (about.known === about.users) return {}
    const { users, known, unreadGroups } = about
    const wish = wishOf(columns)
    const seconds = secondsFor(of, about, wish)
    return { unread: { labels: [...labels], users, known, groups: unreadGroups, ...seconds, ...wish } }
  }

  /** Whether it is here without the list of its group: it was found. While lists are read, nobody can tell. */
  const wasFound = (of: Shown, key: UserKey): boolean => {
    const group = of.groups.get(keyOfGroup(key))
    return group !== undefined && group.readAt === undefined && isAtRest()
  }

  /** Whether there may be users that the sign-in sees and that are not in the list. */
  const isPartial = (of: Shown): boolean => {
    const session = of.client?.session()
    if (session?.loginType === 'User') return false
    const { running, phase, failed } = loader.progress()
    if ((running && phase === 'list') || (phase === 'list' && failed.length > 0)) return true
    const chosen = choosing.choice(of.connection.id)
    if (of.asksWhatToLoad || (chosen !== undefined && chosen.what !== 'everything')) return true
    const known = [...of.groups.values()]
    return known.length === 0 || known.some(({ readAt }) => readAt === undefined)
  }

  const asRow = (of: Shown, { id, record, goneAt }: CachedUser): UserRow => {
    const row = rowOf(record, goneAt !== undefined, of.overlays.of(record.key.userId))
    const calls = of.index.callsOf(id)
    return {
      ...row,
      ...(Object.keys(calls).length === 0 ? {} : { calls: { ...calls } }),
      ...(wasFound(of, record.key) ? { found: true } : {}),
    }
  }

  const rowsOf = (of: Shown, ids: readonly number[]): UserRow[] =>
    users.byIds(ids).flatMap((user) => (user === undefined ? [] : asRow(of, user)))

  /**
   * The beginning of the whole list while its index is still being filled, as far as the last copy of that tells. The page is
   * told to ask again once it is.
   */
  const opening = (of: Shown, query: UsersQuery, start: number, count: number): UsersWindow | undefined => {
    if (of.opening === undefined || start > 0 || !isEverything(query)) return undefined
    const { total, ids } = of.opening
    const wanted = Math.min(count, total)
    const rows = rowsOf(of, ids.slice(0, wanted))
    // Somebody of it is not there any more: then it is not known who comes behind them.
    if (rows.length < wanted) return undefined
    return { matched: total, total, start: 0, rows, problems: [], marks: [] }
  }

  /** Resolves when the page has had time to draw what the list begins with, or asks for more than that. */
  const opened = (of: Shown): Promise<void> =>
    new Promise((resolve) => {
      if (of.opening === undefined) return resolve()
      const cancel = clock.after(drawingTakesMs, resolve)
      of.hurry = () => {
        cancel()
        resolve()
      }
    })

  /** What is shown once it is complete, however long that may take. */
  const complete = async (): Promise<Shown | undefined> => {
    for (;;) {
      const of = shown
      await of?.ready
      if (of === shown) return of
    }
  }

  /** The same for what somebody waits for. */
  const current = (): Promise<Shown | undefined> => {
    shown?.hurry()
    return complete()
  }

  const cached = (of: Shown, key: UserKey): CachedUser => {
    const user = users.byUserId(of.connection.id, key.userId)
    if (user === undefined) {
      throw new Refusal('no-such-user', `${key.userId} is not among the loaded users.`, {
        next: 'Refresh the list.',
      })
    }
    return user
  }

  const detailsOf = (of: Shown, user: CachedUser, staleBecause?: string): UserDetails => ({
    ...asRow(of, user),
    extra: { ...user.record.extra },
    readAt: user.readAt,
    ...(staleBecause === undefined ? {} : { staleBecause }),
  })

  /** Reads one user from the server into the cache; returns why it could not, if so. */
  const readFresh = async (of: Shown, key: UserKey): Promise<string | undefined> => {
    if (of.client === undefined) return 'Not connected to the server.'
    const askedMono = clock.mono()
    const askedWall = clock.wall()
    const answer = await of.client.user(key.userId)
    if (!answer.ok) return answer.error.message
    // Its connection may lead to another server by now.
    if (isOver(of)) return 'Stopped.'
    const stored = writer.writeOne(of.connection.id, answer.value, askedMono, askedWall)
    if (stored === undefined) return undefined
    storedAt.set(answer.value.key.userId, askedMono)
    putShown(of, stored)
    tellNow()
    return undefined
  }

  /** Reads every full record of a group into the cache; returns why it could not, if so. */
  const readGroup = async (
    of: Shown,
    group: Pick<UserKey, 'serviceProviderId' | 'groupId'>,
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    if (of.client === undefined) return 'Not connected to the server.'
    const askedMono = clock.mono()
    const askedWall = clock.wall()
    const ends = AbortSignal.any([signal, of.life.signal])
    const answer = await of.client.usersOfGroup(group, { extended: true, signal: ends })
    if (!answer.ok) return answer.error.message
    const pause = freshPause()
    for (const record of answer.value) {
      if (isOver(of)) return 'Stopped.'
      const stored = writer.writeOne(of.connection.id, record, askedMono, askedWall)
      if (stored !== undefined) {
        storedAt.set(record.key.userId, askedMono)
        putShown(of, stored)
      }
      if (pause.due()) await pause.wait()
    }
    tellSoon()
    return undefined
  }

  const target = (): { connectionId: string; client: DirectoryClient } | undefined =>
    shown?.client && { connectionId: shown.connection.id, client: shown.client }

  /** The embedded server is nobody else's: its full records come along with the list. */
  const readsAllAtOnce = (): boolean =>
    shown?.connection.demo === true && reading.choice(shown.connection, shown.index.total) === 'all'

  const begin = (scope: Scope): void => {
    const to = target()
    if (to === undefined) {
      throw new Refusal('offline', 'The users cannot be read: not connected to the server.', {
        next: 'Connect first.',
      })
    }
    const unnamed = scope.serviceProviderId === undefined && scope.groupId === undefined
    const among = unnamed ? choosing.among(to.connectionId) : undefined
    if (among?.length === 0) {
      throw new Refusal('nothing-to-load', 'Nothing is loaded from this server.', {
        next: 'Find users on the server, choose a group, or choose what to load in Connections.',
      })
    }
    loader.start(to, scope, readsAllAtOnce() ? 'all' : 'offline', { calls: 'groups', among })
  }

  function lookAgain(afterMs: number): void {
    cancelFreshness?.()
    cancelFreshness = clock.after(afterMs, () => void catchUp())
  }

  /** Loads what should be here and is not: everything the first time, the rest of a load, stale offline groups. */
  const catchUp = async (after?: Details): Promise<void> => {
    cancelFreshness?.()
    cancelFreshness = undefined
    const of = await complete()
    const to = target()
    if (of === undefined || to === undefined || to.connectionId !== of.connection.id) return
    lookAgain(freshnessCheckMs)
    if (loader.isGoingOn() || loader.resume(to)) return
    const known = [...of.groups.values()]
    const chosen = choosing.choice(of.connection.id)
    if (chosen?.what !== 'nothing' && !known.some(({ readAt }) => readAt !== undefined)) {
      // One that could not be read is not read again at once.
      if (after !== undefined) return
      if (chosen === undefined && (await mustAsk(of, to))) return
      if (target()?.client === to.client && !isOver(of) && !loader.progress().running) begin({})
    } else if (after !== 'stale' && known.some((group) => isStale(group, clock.wall()))) {
      loader.start(to, {}, 'stale')
    } else readOn(of, to, after)
  }

  /** Whether a person is to say what is loaded; the page is told. */
  const mustAsk = async (of: Shown, { client }: NonNullable<ReturnType<typeof target>>): Promise<boolean> => {
    if (deps.asksWhatToLoad !== true || of.connection.demo) return false
    const several = await seesSeveralGroups(client, client.session())
    if (!several || isOver(of) || choosing.choice(of.connection.id) !== undefined) return false
    of.asksWhatToLoad = true
    tellNow()
    return true
  }

  /** Reads the full records that somebody asked for, opened, or wants here in any case; who failed waits for the next time. */
  const readOn = (of: Shown, to: NonNullable<ReturnType<typeof target>>, after?: Details): void => {
    const { id } = of.connection
    const asked = reading.asked(id)
    if (asked !== undefined) {
      loader.start(to, asked.scope, 'missing', asked.what)
      return
    }
    readGroups(of)
    const choice = reading.choice(of.connection, of.index.total)
    const open = lookedAt
    lookedAt = undefined
    if (choice === 'nothing') return
    const unread = [...of.index.unreadByGroup().keys()].filter((key) => {
      const group = of.groups.get(key)
      // Who was found is read in full when it is opened: nobody asked for the rest of its group.
      return group?.readAt !== undefined && !wasAnswered(group)
    })
    if (open !== undefined && unread.includes(keyOfGroup(open))) {
      loader.start(to, open, 'ahead')
      return
    }
    const anew = after === 'ahead' || after === 'missing'
    if (choice === 'all' && !anew && !reading.isStopped(id) && unread.length > 0) {
      loader.start(to, {}, 'ahead')
    }
  }

  let waiting: (() => void)[] = []
  const nowShown = (of: Shown | undefined): void => {
    shown = of
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }

  return {
    of: () => shown?.connection.id,
    switched: () => new Promise((resolve) => waiting.push(resolve)),

    async show(connection) {
      if (shown !== undefined && connection?.id === shown.connection.id) {
        shown.connection = connection
        return shown.ready
      }
      if (connection === undefined && shown === undefined) return
      await halt()
      storedAt.clear()
      lookedAt = undefined
      const left = shown
      if (left !== undefined) await filling.copy(left)
      if (left !== undefined) leave(left)
      if (connection === undefined) {
        nowShown(undefined)
        tellNow()
        return
      }
      const started = clock.mono()
      let ready = (): void => {}
      const of: Shown = {
        connection,
        client: undefined,
        life: new AbortController(),
        index: new UserIndex(deps.locale),
        overlays: new Overlays(outbox, connection.id),
        groups: new Map(),
        ready: new Promise((resolve) => {
          ready = resolve
        }),
        opening: snapshots?.opening(connection.id),
        hurry: () => {},
        copied: undefined,
        outboxVersion: 0,
        last: undefined,
        asksWhatToLoad: false,
      }
      nowShown(of)
      try {
        readGroups(of)
        of.outboxVersion = outbox.version()
        await opened(of)
        if (isOver(of) || stopped) return
        await Promise.all([
          filling.fill(of),
          files.sweep([...(snapshots?.names() ?? []), ...arrivals.names()]),
        ])
        copySoon()
        log.info('users.shown', { users: of.index.total, ms: Math.round(clock.mono() - started) })
      } finally {
        of.opening = undefined
        ready()
      }
      tellNow()
      arrivals.open(connection.id)
      void filling.rehearse(of)
      void catchUp()
    },

    attach(to) {
      if (shown === undefined || to === shown.client) return
      shown.client = to
      if (to === undefined) void loader.suspend()
      else void catchUp()
    },

    async window(query, start, count, find) {
      const early = shown && find === undefined ? opening(shown, query, start, count) : undefined
      if (early !== undefined) return early
      const of = await current()
      if (of === undefined) return { matched: 0, total: 0, start: 0, rows: [], problems: [], marks: [] }
      const { parsed, rows, total } = await found(of, query)
      const from = Math.min(start, rows.length)
      const ids = [...rows.subarray(from, from + count)].map((row) => of.index.idOf(row))
      return {
        matched: rows.length,
        total,
        start: from,
        rows: rowsOf(of, ids),
        problems: [...parsed.problems],
        marks: [...parsed.marks],
        usualCountry: of.index.usualCountry() ?? '',
        ...(find && { places: find.map((userId) => placeOf(of, rows, userId)) }),
        ...unreadIn(of, query, parsed, rows.length),
      }
    },

    async find({ search, scope }) {
      const of = await current()
      if (of?.client === undefined) {
        throw new Refusal('offline', 'The server cannot be searched: not connected to it.', {
          next: 'Connect first.',
        })
      }
      const askedMono = clock.mono()
      const askedWall = clock.wall()
      const userIds = new Set<string>()
      const { fields, more, others } = await findUsers(
        of.client,
        search,
        scope,
        of.life.signal,
        (records) => {
          if (isOver(of)) return
          for (const stored of writer.writeFound(of.connection.id, records, askedMono, askedWall)) {
            storedAt.set(stored.record.key.userId, askedMono)
            putShown(of, stored)
          }
          for (const { key } of records) userIds.add(foldedId(key.userId))
          readGroups(of)
          tellNow()
        },
      )
      return { users: userIds.size, fields: [...fields], more, others }
    },

    async nearest({ search, scope }) {
      const of = await current()
      if (of === undefined) return []
      const pause = freshPause()
      return nearestSearches(search, {
        words: () => of.index.nameWords(scope),
        count: async (text) => (await of.index.search(parseQuery(text), scope, [], pause)).length,
        pause,
      })
    },

    async indexOf(query, userId) {
      const of = await current()
      return of && placeOf(of, (await found(of, query)).rows, userId)
    },

    async details(key, fresh) {
      const of = await current()
      if (of === undefined) throw new Refusal('no-connection', 'No connection is chosen.')
      const staleBecause = fresh ? await readFresh(of, key) : undefined
      return detailsOf(of, cached(of, key), staleBecause)
    },

    async choose(query, selection) {
      const of = await current()
      if (of === undefined) return []
      const { rows } = await found(of, query)
      const ids = Array.from(rows, (row) => of.index.idOf(row))
      const named = (names: readonly string[]) =>
        names.flatMap((userId) => users.byUserId(of.connection.id, userId)?.id ?? [])
      if (selection.all) {
        const except = new Set(named(selection.except))
        return except.size === 0 ? ids : ids.filter((id) => !except.has(id))
      }
      const chosen = new Set(named(selection.ids))
      const ordered = ids.filter((id) => chosen.delete(id))
      return [...ordered, ...chosen]
    },

    rows: (ids) => (shown === undefined ? [] : rowsOf(shown, ids)),

    row(userId) {
      const of = shown
      const user = of && users.byUserId(of.connection.id, userId)
      return user && asRow(of, user)
    },

    rowsNamed(userIds) {
      const of = shown
      return of === undefined ? [] : users.byUserIds(of.connection.id, userIds).map((user) => asRow(of, user))
    },

    *userIds() {
      const of = shown
      if (of === undefined) return
      for (let ids = users.idsAfter(of.connection.id, '', idPortion); ids.length > 0; ) {
        yield ids
        ids = users.idsAfter(of.connection.id, ids.at(-1) ?? '', idPortion)
      }
    },

    async holders(user, path, value) {
      const of = await current()
      if (of === undefined) return []
      const digits = value.replace(/[^0-9]/g, '')
      if (digits === '') return []
      const { serviceProviderId, groupId } = user
      const query: UsersQuery = {
        search: `${path === 'extension' ? 'ext' : 'dn'}:${digits}`,
        scope: path === 'extension' ? { serviceProviderId, groupId } : {},
        sort: [],
      }
      const rows = await of.index.search(parseQuery(query.search), query.scope, [], freshPause())
      // Exact hits come first.
      const ids = Array.from(rows.subarray(0, 20), (row) => of.index.idOf(row))
      return this.rows(ids).filter((row) => {
        const has = Object.hasOwn(row.pending, path) ? row.pending[path]?.new : row.fields[path]
        return (
          row.key.userId !== user.userId &&
          row.state !== 'gone' &&
          has !== undefined &&
          sameValue(path, has, value)
        )
      })
    },

    sightings(userId) {
      return shown === undefined
        ? []
        : sightings.ofUser(shown.connection.id, userId).map(({ changes, ...when }) => ({
            ...when,
            changes: changes.map((change) => ({ ...change })),
          }))
    },

    async extensions({ serviceProviderId, groupId }) {
      const of = await current()
      if (of === undefined) return []
      const rows = await of.index.search(parseQuery(''), { serviceProviderId, groupId }, [], freshPause())
      const pause = freshPause()
      const found: string[] = []
      for (const some of portionsOf(
        Array.from(rows, (row) => of.index.idOf(row)),
        50,
      )) {
        for (const { pending, fields, state } of this.rows(some)) {
          const has = plainText(pending.extension?.new ?? fields.extension)
          if (has !== '' && state !== 'gone') found.push(has)
        }
        if (pause.due()) await pause.wait()
      }
      return found
    },

    async replaced(before, now) {
      const of = await current()
      if (of === undefined) return
      if (before.userId !== now.userId) {
        // A list that was asked for before still has it.
        storedAt.set(before.userId, clock.mono())
        const old = users.byUserId(of.connection.id, before.userId)
        if (old !== undefined) {
          users.remove(old.id)
          of.index.remove(old.id)
        }
      }
      await readFresh(of, now)
      tellNow()
    },

    async readFull(wanted, { signal, onRead }) {
      const of = await current()
      if (of?.client === undefined) return 'Not connected to the server.'
      const byGroup = new Map<string, UserKey[]>()
      for (const key of wanted) {
        const group = keyOfGroup(key)
        const together = byGroup.get(group)
        if (together === undefined) byGroup.set(group, [key])
        else together.push(key)
      }
      let problem: string | undefined
      for (const keys of byGroup.values()) {
        if (signal.aborted || isOver(of)) return 'Stopped.'
        const [first] = keys
        if (first === undefined) continue
        if (keys.length < groupedFrom) {
          for (const key of keys) problem = (await readFresh(of, key)) ?? problem
        } else problem = (await readGroup(of, first, signal)) ?? problem
        await onRead(keys)
      }
      return problem
    },

    unreadOf(ids, paths) {
      const of = shown
      if (of === undefined) return { users: 0, unread: 0, groups: 0 }
      const rows = Uint32Array.from(ids.flatMap((id) => of.index.rowOf(id) ?? []))
      const about = of.index.knownOf(rows, unreadColumnsOf(paths))
      const { unread, unreadGroups } = about
      return { users: rows.length, unread, groups: unreadGroups, ...secondsFor(of, about) }
    },

    readingTakes(users, beside = 0) {
      const of = shown
      if (of === undefined) return undefined
      const inGroup = new Map<string, number>()
      for (const key of users) inGroup.set(keyOfGroup(key), (inGroup.get(keyOfGroup(key)) ?? 0) + 1)
      let calls = 0
      for (const some of inGroup.values()) calls += some < groupedFrom ? some : 1
      const { seconds } = secondsFor(of, { unread: users.length, unreadGroups: calls })
      return seconds === undefined ? undefined : seconds + beside / of.connection.callsPerSecond
    },

    async scopes() {
      const of = await complete()
      if (of === undefined) return []
      const counts = new Map(of.index.countByGroup())
      for (const group of of.groups.values())
        if (!counts.has(keyOfGroup(group))) counts.set(keyOfGroup(group), 0)
      const unread = of.index.unreadByGroup()
      return [...counts].map(([key, count]): GroupScope => {
        const [serviceProviderId = '', groupId = ''] = key.split('\n')
        const known = of.groups.get(key)
        return {
          serviceProviderId,
          groupId,
          users: count,
          unread: unread.get(key) ?? 0,
          ...(known?.serviceProviderName === undefined
            ? {}
            : { serviceProviderName: known.serviceProviderName }),
          ...(known?.groupName === undefined ? {} : { groupName: known.groupName }),
          ...(known?.readAt === undefined ? {} : { readAt: known.readAt }),
          ...(known?.detailedAt === undefined ? {} : { detailedAt: known.detailedAt }),
          ...(known?.offline === true ? { offline: true } : {}),
        }
      })
    },

    refresh: begin,

    readMissing(scope, what = {}) {
      const to = target()
      if (to === undefined) {
        throw new Refusal('offline', 'The users cannot be read: not connected to the server.', {
          next: 'Connect first.',
        })
      }
      const before = reading.asked(to.connectionId)
      const isSame = before !== undefined && JSON.stringify(before.scope) === JSON.stringify(bare(scope))
      const wish = isSame ? bothWishes(before.what, what) : what
      reading.ask(to.connectionId, scope, wish)
      loader.start(to, scope, 'missing', wish)
    },

    groupOpened(group) {
      lookedAt = group
      void catchUp()
    },

    async completeness() {
      const of = await complete()
      if (of === undefined) {
        return {
          users: 0,
          known: 0,
          groups: 0,
          choice: 'opened',
          stopped: false,
          reading: false,
          partial: false,
        }
      }
      const about = of.index.knownIn({}, undefined)
      const load = choosing.choice(of.connection.id)
      return {
        users: about.users,
        known: about.known,
        groups: about.unreadGroups,
        ...secondsFor(of, about),
        choice: reading.choice(of.connection, of.index.total),
        stopped: reading.isStopped(of.connection.id),
        reading: loader.progress().running && loader.progress().phase === 'details',
        partial: isPartial(of),
        ...(load === undefined ? {} : { load }),
        ...(of.asksWhatToLoad ? { asksWhatToLoad: true } : {}),
      }
    },

    chooseReading(choice) {
      const of = shown
      if (of === undefined) return
      reading.choose(of.connection.id, choice)
      if (choice !== 'all' && loader.job()?.details === 'ahead') loader.cancel()
      void catchUp()
    },

    takeOffline(scope, on) {
      const of = shown
      if (of === undefined) throw new Refusal('no-connection', 'No connection is chosen.')
      store.transaction(() => {
        for (const group of of.groups.values()) {
          if (scope.serviceProviderId !== undefined && scope.serviceProviderId !== group.serviceProviderId)
            continue
          if (scope.groupId !== undefined && scope.groupId !== group.groupId) continue
          groups.setOffline(of.connection.id, group, on)
        }
      })
      readGroups(of)
      if (!on) return
      // Whoever has no network wants to know this too. It may take long, and what cuts it off may be anything.
      const what: CallsWish = { calls: 'users', onlyCalls: true }
      if (reading.asked(of.connection.id) === undefined) reading.ask(of.connection.id, scope, what)
      const to = target()
      if (to !== undefined) loader.start(to, scope, 'offline', { calls: 'users' })
    },

    async dismissGone() {
      const of = await current()
      if (of === undefined) return 0
      const count = users.dismissGone(of.connection.id)
      of.index.removeGone()
      tellNow()
      return count
    },

    async loadable(serviceProviderId) {
      const of = await complete()
      if (of?.client === undefined) {
        throw new Refusal('offline', 'The groups cannot be listed: not connected to the server.', {
          next: 'Connect first.',
        })
      }
      const named = (id: string, name: string | undefined) => ({
        id,
        ...(name === undefined ? {} : { name }),
      })
      if (serviceProviderId === undefined) {
        const providers = await of.client.serviceProviders()
        if (!providers.ok) throw refusalOf(providers.error)
        return providers.value.map(({ id, name }) => named(id, name))
      }
      const listed = await of.client.groups(serviceProviderId)
      if (!listed.ok) throw refusalOf(listed.error)
      return listed.value.map(({ groupId, name }) => named(groupId, name))
    },

    chooseLoad(choice) {
      const of = shown
      if (of === undefined) throw new Refusal('no-connection', 'No connection is chosen.')
      choosing.choose(of.connection.id, choice)
      of.asksWhatToLoad = false
      const { job } = loader
      if (choice.what === 'nothing' && job() !== undefined && loader.progress().phase === 'list')
        loader.cancel()
      tellNow()
      if (choice.what !== 'nothing' && target() !== undefined) begin({})
    },

    cancelLoading() {
      const job = loader.job()
      const id = shown?.connection.id
      if (id !== undefined && (job?.details === 'ahead' || job?.details === 'missing')) reading.stop(id)
      else if (id !== undefined && job !== undefined && isAskedBy(id, job)) reading.answered(id)
      loader.cancel()
    },
    progress: () => loader.progress(),

    summary() {
      if (shown === undefined) return { users: 0 }
      let oldest = Number.POSITIVE_INFINITY
      for (const { readAt } of shown.groups.values())
        if (readAt !== undefined) oldest = Math.min(oldest, readAt)
      return {
        users: shown.opening?.total ?? shown.index.total,
        ...(Number.isFinite(oldest) ? { dataAsOf: oldest } : {}),
      }
    },

    userStored(connectionId, record) {
      if (shown?.connection.id !== connectionId) return
      storedAt.set(record.key.userId, clock.mono())
      const user = users.byUserId(connectionId, record.key.userId)
      if (user === undefined) return
      const of = shown
      void of.ready.then(() => {
        if (!isOver(of)) putCached(of, user)
        tellNow()
      })
    },

    callsStored(connectionId, keys) {
      const of = shown
      if (of?.connection.id !== connectionId) return
      const put = (): void => {
        if (isOver(of)) return
        const userIds = keys.map(({ userId }) => userId)
        putCalls(of, services, users.byUserIds(connectionId, userIds))
        tellSoon()
      }
      // At once, where it can be: what is read next depends on what is known.
      if (of.copied !== undefined) put()
      else void of.ready.then(put)
    },

    outboxChanged(changed) {
      const of = shown
      if (of === undefined) return
      const here = [...changed].filter(({ connectionId }) => connectionId === of.connection.id)
      of.overlays.outdated(here.map(({ user }) => user.userId))
      overlayWork = overlayWork
        .then(() => takeOverlays(of))
        .catch((cause) => log.error('users.overlay', { error: cause }))
    },

    groupSize(serviceProviderId, groupId) {
      return shown?.index.countByGroup().get(keyOfGroup({ serviceProviderId, groupId }))
    },

    async forget(connectionId) {
      if (shown?.connection.id === connectionId) {
        leave(shown)
        await halt()
        nowShown(undefined)
        tellNow()
      }
      while (users.removeSome(connectionId, portion) > 0) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      await arrivals.forget(connectionId)
      groups.removeConnection(connectionId)
      sightings.removeConnection(connectionId)
      reading.forget(connectionId)
      choosing.forget(connectionId)
      loader.forget(connectionId)
      await snapshots?.forget(connectionId)
    },

    async stop() {
      cancelFreshness?.()
      cancelCopy?.()
      telling?.()
      await halt()
      await overlayWork
      if (shown !== undefined) await filling.copy(shown)
      stopped = true
      shown?.hurry()
    },
  }
}

/** Stands for the disk where nothing outlives the process. */
const filesInMemory = (): SealedFiles => {
  const kept = new Map<string, Bundle>()
  return {
    read: async (name) => kept.get(name),
    write: async (name, bundle) => void kept.set(name, bundle),
    remove: async (name) => void kept.delete(name),
    sweep: async () => {},
  }
}

/** Whether a query asks for all users, sorted as usual. */
const isEverything = ({ search, scope, sort }: UsersQuery): boolean =>
  search === '' && sort.length === 0 && scope.serviceProviderId === undefined && scope.groupId === undefined
