import { isOpen, isResting } from '../shared/change/machine'
import type { Handlers } from '../shared/ipc/bridge'
import type { Channel } from '../shared/ipc/contract'
import { sameUserId } from '../shared/user/id'
import { createCallHandling } from './features/call-handling/call-handling'
import { createCallCopies } from './features/call-handling/copies'
import { createCallReader } from './features/call-handling/reader'
import { createAuthorities } from './features/connections/authorities'
import { createCarrying } from './features/connections/carrying'
import { type Connections, createConnections } from './features/connections/connections'
import { createDemo, type RunningDemo } from './features/connections/demo'
import { connectionsHandlers } from './features/connections/handlers'
import { connectionRules } from './features/connections/set-by'
import { createStatus } from './features/connections/status'
import { localCalendar } from './features/history/calendar'
import { historyHandlers } from './features/history/handlers'
import { watchHistory } from './features/history/watch'
import { createLock, type IdleLock } from './features/lock/lock'
import { createArrivals } from './features/outbox/arrivals'
import { outboxHandlers } from './features/outbox/handlers'
import { createOutbox } from './features/outbox/outbox'
import { reportHandlers } from './features/report/handlers'
import { asideHandlers } from './features/settings/aside'
import { backupHandlers } from './features/settings/backup'
import { settingsHandlers } from './features/settings/settings'
import { draftsKey, unsavedIn } from './features/settings/unsaved'
import { createUpdates, type Installer } from './features/updates/updates'
import { createActions } from './features/users/actions'
import { createBatches } from './features/users/batch/batches'
import { createColumnNames } from './features/users/batch/columns'
import { batchHandlers } from './features/users/batch/handlers'
import { createDirectory, type Directory } from './features/users/directory'
import { usersHandlers } from './features/users/handlers'
import { createLookups } from './features/users/lookups'
import { createSheets } from './features/users/sheet/save'
import type { Emit } from './ipc/door'
import { Refusal } from './ipc/refusal'
import { createOdinClient } from './odin/client'
import { probe } from './odin/probe'
import type { OpenFile, OpenReader, SaveFile } from './platform/file-sink'
import type { AppLog } from './platform/log'
import type { NetworkWatch } from './platform/network'
import { createPause } from './platform/pause'
import { noPolicy, type Policy, setByWords } from './platform/policy/policy'
import { policyView } from './platform/policy/words'
import type { Clock, Http, Keychain, Log, Random } from './platform/ports'
import { createProxySignIns, type ProxySignIns } from './platform/proxy-sign-in'
import type { MayNotChange } from './server/may-change'
import { createPaces } from './server/pace'
import type { Storage } from './shell/storage'
import { connectionsRepository } from './store/repositories/connections'
import { historyRepository } from './store/repositories/history'
import { lookupsRepository } from './store/repositories/lookups'
import { knownFields, servicesRepository } from './store/repositories/services'
import { rescuedNow, restoredWithout, settingsRepository } from './store/repositories/settings'
import { usersRepository } from './store/repositories/users'

/** What the features stand on: everything that touches the machine, and nothing of Electron. */
export interface Foundation {
  readonly clock: Clock
  /** When this process began, by the clock; no earlier run has called any server since. Left out: now. */
  readonly startedMono?: number
  readonly random: Random
  readonly log: AppLog
  readonly keychain: Keychain
  /** Those that `http` asks; left out: its proxies want none. */
  readonly proxySignIns?: ProxySignIns
  readonly storage: Storage
  /** What the organisation has set; left out: nothing. */
  readonly policy?: Policy
  readonly http: Http
  readonly network: Pick<NetworkWatch, 'online' | 'onChange'>
  readonly emit: Emit
  readonly startDemo: (options: { port: number; seed: number }) => Promise<RunningDemo>
  readonly chooseCaFile: () => Promise<string | undefined>
  readonly readCaFile: (path: string) => Promise<string>
  /** Puts a secret on the clipboard, for a while. */
  readonly copySecret: (secret: string) => Promise<void>
  /** Says something on the desktop when nobody looks at the window. */
  readonly notify: (text: string) => void
  readonly openFile: OpenFile
  readonly openReader: OpenReader
  /** Ends the app and starts it again. */
  readonly relaunch: () => void
  readonly saveFile: SaveFile
  /** Opens the folder of a file that was written. */
  readonly showInFolder: (path: string) => void
  readonly applyTheme: (theme: unknown) => void
  /** Somebody is there who can say what is to be loaded of a server; left out: everything is. */
  readonly asksWhatToLoad?: boolean
  /** Who works at which computer, for people. */
  readonly person: string
  /** Puts a newer version in the place of this one; undefined where something else does. */
  readonly installer?: Installer
  readonly quit?: () => void
  readonly info: {
    readonly arch?: string
    readonly version: string
    readonly platform: string
    readonly electron: string
  }
  /** The third-party notices that the build made. */
  readonly readNotices: () => Promise<string>
}

export interface Composed {
  readonly handlers: Handlers
  readonly lock: IdleLock
  /** Goes on where the app was when it last ran: settles and sends what waits, and signs in. */
  start(): Promise<void>
  /** Ends all work and closes the store; what was durable stays so. */
  close(): Promise<void>
}

/** Builds the features and wires them to each other. */
export function composeFeatures(foundation: Foundation): Composed {
  const { clock, random, log, keychain, storage, http, network } = foundation
  const { store } = storage
  const keptEnd = storage.kept === undefined ? {} : { kept: storage.kept }
  const repositories = {
    connections: connectionsRepository(store),
    settings: settingsRepository(store),
    users: usersRepository(store),
    history: historyRepository(store),
    lookups: lookupsRepository(store),
    services: servicesRepository(store),
  }

  const emit: Emit = (name, payload) => {
    foundation.emit(name, payload)
    if (name !== 'status') status.changed()
  }

  const { policy = noPolicy } = foundation
  const setWords = (key: keyof Policy['setBy']): string => setByWords(policy.setBy[key] ?? 'a policy')
  const rules = connectionRules(policy, random)
  rules.apply(repositories.connections)
  log.writeOnly(policy.rules.logLevel)
  for (const problem of policy.problems) log.warn('policy.problem', { problem })
  /** The one place that knows every reason. */
  const mayNotChange: MayNotChange = (connectionId) => {
    if (policy.rules.readOnly) return setWords('readOnly')
    // Nothing is sent under another than the chosen one.
    const chosen = connections.active()?.connection
    return chosen?.id === connectionId && chosen.readOnly
      ? `“${chosen.name}” is switched to read-only on the Connections page`
      : undefined
  }

  const authorities = createAuthorities({
    chooseFile: foundation.chooseCaFile,
    readFile: foundation.readCaFile,
  })
  const paces = createPaces(clock, foundation.startedMono ?? clock.mono())

  const connections = createConnections({
    mayNotChange,
    repository: repositories.connections,
    settings: repositories.settings,
    keychain,
    clock,
    random,
    log,
    hideSecret: log.hide,
    systemOnline: network.online,
    createClient: ({ username, ...target }, { password, ...hooks }) =>
      createOdinClient({
        http,
        clock,
        random,
        log,
        account: username,
        credentials: password,
        paces,
        ...hooks,
        ...target,
      }),
    probe: (target, password) => probe(http, { ...target, password }, { clock, log, paces }),
    onMoved: (id) => {
      void following.forget(id)
      repositories.lookups.removeConnection(id)
      copies.forget(id)
    },
    authorities,
    rules,
  })

  const demo = createDemo({
    start: foundation.startDemo,
    connections,
    repository: repositories.connections,
    settings: repositories.settings,
    log,
    forbidden: rules.noDemo,
  })

  const copies = createCallCopies({
    store,
    clock,
    onStored: (connectionId, users) => directory.callsStored(connectionId, users),
  })
  const readCalls = createCallReader({ copies, clock })
  const directory = createDirectory({
    store,
    files: storage.files,
    clock,
    random,
    log,
    emit,
    readCalls,
    asksWhatToLoad: foundation.asksWhatToLoad,
  })
  const following = follow(connections, directory, log)

  const outbox = createOutbox({
    store,
    clock,
    random,
    log,
    settings: repositories.settings,
    connections,
    emit,
    // What it says may name a user.
    notify: (text) => {
      if (!lock.locked()) foundation.notify(text)
    },
    mayNotChange,
    paces,
    groupSize: ({ connectionId }, serviceProviderId, groupId) =>
      connections.server()?.identity.connectionId === connectionId
        ? directory.groupSize(serviceProviderId, groupId)
        : undefined,
  })
  outbox.onChange(({ entries, user }) => {
    if (user?.record.service !== undefined) copies.stored(user.connectionId, user.record)
    else if (user) directory.userStored(user.connectionId, user.record)
    if (entries.length > 0) directory.outboxChanged(entries)
  })

  /** The chosen server, while it can be asked. */
  const reachable = () => {
    const server = connections.server()
    return server?.hindrance() === undefined ? server : undefined
  }

  const callHandling = createCallHandling({
    copies,
    clock,
    present: () => {
      const server = connections.server()
      return server && { identity: server.identity, client: reachable()?.client }
    },
    waitingFor: outbox.waitingFor,
  })

  const lookups = createLookups({
    repository: repositories.lookups,
    clock,
    directory,
    present: () => {
      const server = connections.server()
      return server && { connectionId: server.identity.connectionId, client: reachable()?.client }
    },
  })

  const actions = createActions({
    history: repositories.history,
    directory,
    clock,
    random,
    present: () => {
      const server = reachable()
      return server && { ...server.identity, client: server.client }
    },
    mayNotChange,
    unsent: (userId) => {
      const active = connections.active()
      if (active === undefined) return 0
      return outbox.unsent(active.connection.id).filter((entry) => sameUserId(entry.user.userId, userId))
        .length
    },
    hideSecret: log.hide,
    changed: () => emit('history.changed', { generation: Math.round(clock.mono()) }),
  })

  const batches = createBatches({
    directory,
    callHandling,
    noDepartment: lookups.noDepartment,
    clock,
    random,
    openFile: foundation.openFile,
    saveFile: foundation.saveFile,
    save: outbox.save,
    identity: outbox.identity,
    locked: () => status.read().locked,
    columnNames: createColumnNames({
      read: () => repositories.settings.get('app.importColumns'),
      write: (names) => repositories.settings.set('app.importColumns', names),
    }),
    onProgress: (progress) => emit('batch.progress', progress),
  })

  const pause = () => createPause(clock.mono, shareMs)
  const arrivals = createArrivals({ outbox, newId: random.id, pause })

  const status = createStatus({
    connections,
    keychainWarning: keychain.volatileBecause,
    storeWarning: storage.warning,
    storeChoices: storage.unopened && (storage.unopened.beginAnew ? ['again', 'restore', 'anew'] : ['again']),
    directory: directory.summary,
    outbox: outbox.counts,
    emit: (now) => foundation.emit('status', now),
    mayNotChange,
    clock,
  })

  connections.onChange(status.changed)
  network.onChange(connections.systemChanged)
  foundation.applyTheme(repositories.settings.get('theme'))

  const lock = createLock({
    minutes: policy.rules.idleLockMinutes,
    ...(policy.setBy.idleLockMinutes === undefined ? {} : { why: setWords('idleLockMinutes') }),
    settings: repositories.settings,
    openers: () => {
      const chosen = connections.active()?.connection.id ?? connections.lastId()
      const real = repositories.connections.list().filter(({ demo, username }) => !demo && username !== '')
      const inOrder = [...real.filter(({ id }) => id === chosen), ...real.filter(({ id }) => id !== chosen)]
      return inOrder.map(({ id, name, username }) => ({ id, name, account: username }))
    },
    kept: connections.keptPassword,
    doubted: (id) => {
      const active = connections.active()
      return active?.connection.id === id && active.server.state().network === 'signed-out'
    },
    askServer: async (id, password) =>
      connections.workOffline() ? undefined : await connections.tryPassword(id, password),
    changed: (state) => emit('lock.changed', state),
    clock,
  })

  const updates = createUpdates({
    ...(policy.rules.updates === undefined ? {} : { rule: policy.rules.updates, by: setWords('updates') }),
    version: foundation.info.version,
    wanted: { platform: foundation.info.platform, arch: foundation.info.arch ?? '' },
    installer: foundation.installer,
    http,
    settings: repositories.settings,
    waiting: () => outbox.counts().waiting,
    changed: (state) => emit('updates.changed', state),
    quit: foundation.quit ?? foundation.relaunch,
    clock,
    random,
    log,
  })

  const settings = settingsHandlers({
    repository: repositories.settings,
    clock,
    changed: (key, value) => {
      if (key === 'theme') foundation.applyTheme(value)
    },
    onLate: ({ kind, message }) => {
      log.warn('settings.late', { kind })
      emit('message', {
        tone: 'error',
        text: `${message} Edits that are not saved stay in this window and are written as soon as that is possible.`,
      })
    },
  })

  let watching: ReturnType<typeof watchHistory> | undefined
  let started: Promise<void> = Promise.resolve()

  return {
    handlers: withOutbox(() => started, {
      'app.status': () => status.read(),
      'app.info': () => foundation.info,
      'app.policy': () => policyView(policy),
      ...lock.handlers,
      ...updates.handlers,
      'app.notices': () => foundation.readNotices(),
      'app.copySecret': (secret) => foundation.copySecret(secret),
      'app.showInFolder': (path) => foundation.showInFolder(path),
      async 'app.storage'(choice) {
        if (choice === 'anew') {
          const beginAnew = storage.unopened?.beginAnew
          if (beginAnew === undefined) throw new Refusal('storage', 'There is nothing to put aside.')
          const fresh = await beginAnew()
          fresh.close()
        }
        foundation.relaunch()
      },
      ...reportHandlers({
        clock,
        logDirectory: log.directory,
        facts: () => ({
          info: foundation.info,
          status: status.read(),
          settings: repositories.settings.all(),
          connections: repositories.connections.list(),
        }),
        saveFile: foundation.saveFile,
      }),
      ...connectionsHandlers({
        connections,
        proxySignIns: foundation.proxySignIns ?? createProxySignIns({ keychain, hideSecret: log.hide }),
        demo,
        belongings: {
          unsent: (id) => {
            const entries = outbox.unsent(id)
            return { all: entries.length, sent: entries.filter(isOpen).length }
          },
          discard: (id) => void outbox.abandon(outbox.unsent(id).map((entry) => entry.id)),
          forget: async (id) => {
            await following.forget(id)
            repositories.lookups.removeConnection(id)
            copies.forget(id)
          },
        },
        authorities,
        carrying: createCarrying({
          repository: repositories.connections,
          authorities,
          random,
          openFile: foundation.openFile,
          saveFile: foundation.saveFile,
          mayAdd: rules.mayAdd,
        }),
        mayRemove: rules.mayRemove,
      }),
      ...usersHandlers({
        directory,
        callHandling,
        lookups,
        actions,
        sheets: createSheets({
          directory,
          callHandling,
          history: repositories.history,
          clock,
          saveFile: foundation.saveFile,
        }),
        identity: outbox.identity,
      }),
      ...batchHandlers(batches),
      ...outboxHandlers({
        outbox,
        arrivals,
        directory,
        noDepartment: lookups.noDepartment,
        online: () => reachable() !== undefined,
        clock,
        pause,
        madeBy: foundation.person,
        openFile: foundation.openFile,
        saveFile: foundation.saveFile,
      }),
      ...historyHandlers({
        store,
        ...keptEnd,
        history: repositories.history,
        clock,
        calendar: localCalendar(clock),
        emit,
        saveFile: foundation.saveFile,
        ...(policy.setBy.historyMinimumDays === undefined
          ? {}
          : { minimum: { days: policy.rules.historyMinimumDays, why: setWords('historyMinimumDays') } }),
        present: () => {
          const active = connections.active()
          const identity = outbox.identity()
          return {
            identity,
            recordOf: (userId) => {
              const id = active?.connection.id
              const record = id === undefined ? undefined : repositories.users.byUserId(id, userId)?.record
              if (id === undefined || record === undefined) return undefined
              const known = knownFields(repositories.services.ofUser(id, record.key))
              return { ...record, fields: { ...record.fields, ...known } }
            },
            waitingOf: (userId) => (active && outbox.pendingOf(active.connection.id, userId)?.edits) ?? [],
            unsentOf: (userId) =>
              identity
                ? outbox
                    .waitingFor(identity, userId)
                    .filter((entry) => isResting(entry) && entry.state !== 'partial')
                : [],
          }
        },
      }),
      ...backupHandlers({
        storage,
        openReader: foundation.openReader,
        saveFile: foundation.saveFile,
        hideSecret: log.hide,
        // Where it is told which connections there may be, those of a back-up are sorted out by that.
        forbidden: policy.setBy.connections === undefined ? rules.locked : undefined,
        here: () => ({
          changes: outbox.all().map(({ id, edits }) => JSON.stringify([id, edits])),
          edits: unsavedIn(settings.now()[draftsKey]),
        }),
        hold: () =>
          outbox.hold(
            new Refusal('restoring', 'A back-up takes the place of everything: Gungnir is starting anew.', {
              next: 'Nothing was saved. What was not saved stays in the database that is put aside.',
            }),
          ),
        beginAnew: foundation.relaunch,
      }),
      ...asideHandlers({
        store,
        aside: storage.aside,
        arrivals,
        identity: outbox.identity,
        random,
        pause,
        historyChanged: () => emit('history.changed', { generation: Math.round(clock.mono()) }),
      }),
      'settings.get': settings['settings.get'],
      'settings.set': settings['settings.set'],
    }),

    async start() {
      started = outbox.start()
      updates.start()
      watching = watchHistory({ store, history: repositories.history, clock, log, emit, ...keptEnd })
      const id = connections.lastId()
      if (id !== undefined) {
        await demo.wake(id)
        await connections.resume(id).catch((cause) => log.warn('connection.not-resumed', { cause }))
      }
      await started
      // The page has the words of it from here on.
      if (repositories.settings.get(rescuedNow)) repositories.settings.set(rescuedNow, null)
      const leftOut = repositories.settings.get(restoredWithout)
      if (typeof leftOut === 'number') {
        repositories.settings.set(restoredWithout, null)
        emit('message', {
          tone: 'error',
          text: `${leftOut} ${leftOut === 1 ? 'entry' : 'entries'} of the back-up ${leftOut === 1 ? 'is' : 'are'} of an id that cannot be used and ${leftOut === 1 ? 'was' : 'were'} left out. All others are here.`,
        })
      }
    },

    lock,

    async close() {
      lock.stop()
      updates.stop()
      watching?.stop()
      await outbox.stop()
      await watching?.keepEnd()
      await directory.stop()
      connections.stop()
      await demo.stop()
      await settings.settled()
      store.close()
      // What was written is on the disk: another version may take this one's place.
      updates.finish()
    },
  }
}

/** How long a large piece of work may keep the process from other work at a stretch. */
const shareMs = 8

/** What the first screen asks for: it is answered while the outbox is still being read. */
const first: ReadonlySet<string> = new Set<Channel>([
  'app.status',
  'app.info',
  'app.policy',
  'lock.state',
  'lock.open',
  'settings.get',
  'settings.set',
  'connections.list',
  'users.window',
  'users.indexOf',
  'users.details',
  'users.scopes',
  'users.progress',
])

/** Lets everything else wait until the outbox knows what is in it. */
function withOutbox(started: () => Promise<void>, handlers: Handlers): Handlers {
  const waiting = Object.entries(handlers).map(([channel, handle]) => [
    channel,
    first.has(channel)
      ? handle
      : async (input: never) => {
          await started()
          return await (handle as (input: never) => unknown)(input)
        },
  ])
  return Object.fromEntries(waiting) as Handlers
}

/**
 * Keeps the directory on the active connection, and gives it the client while there is one to read through. One step
 * at a time: what one server says must never be stored as another's.
 */
function follow(
  connections: Connections,
  directory: Directory,
  log: Log,
): { forget(connectionId: string): Promise<void> } {
  let shown: string | undefined
  let last = Promise.resolve()

  const next = (step: () => Promise<void>): Promise<void> => {
    last = last.then(step).catch((cause) => log.error('directory.step', { cause }))
    return last
  }

  const forget = (connectionId: string): Promise<void> =>
    next(async () => {
      directory.attach(undefined)
      await directory.forget(connectionId)
      if (shown === connectionId) shown = undefined
      await catchUp()
    })

  async function catchUp(): Promise<void> {
    const active = connections.active()
    if (active?.connection.id !== shown) {
      directory.attach(undefined)
      shown = active?.connection.id
      await directory.show(active?.connection)
    }
    const now = connections.active()
    // It may have been saved with another pace.
    if (now !== undefined && now.connection.id === shown) await directory.show(now.connection)
    const mayAsk = now?.connection.id === shown && now?.server.hindrance() === undefined
    directory.attach(mayAsk ? now?.server.client : undefined)
  }

  connections.onChange(() => void next(catchUp))
  return { forget }
}
