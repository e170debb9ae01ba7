import type { Handlers } from '../shared/ipc/bridge'
import { createConnections } from './features/connections/connections'
import { createDemo, type RunningDemo } from './features/connections/demo'
import { connectionsHandlers } from './features/connections/handlers'
import { createStatus } from './features/connections/status'
import { localCalendar } from './features/history/calendar'
import { historyHandlers } from './features/history/handlers'
import { outboxHandlers } from './features/outbox/handlers'
import { createOutbox } from './features/outbox/outbox'
import { settingsHandlers } from './features/settings/settings'
import type { Emit } from './ipc/door'
import { createOdinClient } from './odin/client'
import { probe } from './odin/probe'
import type { AppLog } from './platform/log'
import type { NetworkWatch } from './platform/network'
import type { Clock, Http, Keychain, Random } from './platform/ports'
import type { Storage } from './shell/storage'
import { connectionsRepository } from './store/repositories/connections'
import { historyRepository } from './store/repositories/history'
import { settingsRepository } from './store/repositories/settings'
import { usersRepository } from './store/repositories/users'

/** What the features stand on: everything that touches the machine, and nothing of Electron. */
export interface Foundation {
  readonly clock: Clock
  readonly random: Random
  readonly log: AppLog
  readonly keychain: Keychain
  readonly storage: Storage
  readonly http: Http
  readonly network: Pick<NetworkWatch, 'online' | 'onChange'>
  readonly emit: Emit
  readonly startDemo: (options: { port: number; seed: number }) => Promise<RunningDemo>
  readonly chooseCaFile: () => Promise<string | undefined>
  readonly readCaFile: (path: string) => Promise<string>
  readonly applyTheme: (theme: unknown) => void
  readonly info: { readonly version: string; readonly platform: string; readonly electron: string }
}

export interface Parts {
  readonly handlers: Handlers
  /** Goes on where the app was when it last ran: settles and sends what waits, and signs in. */
  start(): Promise<void>
  /** Ends all work and closes the store; what was durable stays so. */
  close(): Promise<void>
}

/** Builds the features and wires them to each other. */
export function buildParts(foundation: Foundation): Parts {
  const { clock, random, log, keychain, storage, http, network, emit } = foundation
  const { store } = storage
  const repositories = {
    connections: connectionsRepository(store),
    settings: settingsRepository(store),
    users: usersRepository(store),
    history: historyRepository(store),
  }

  const connections = createConnections({
    repository: repositories.connections,
    settings: repositories.settings,
    keychain,
    clock,
    random,
    log,
    hideSecret: log.hide,
    systemOnline: network.online,
    createClient: (target, credentials) =>
      createOdinClient({ http, clock, random, log, credentials, ...target }),
    probe: (target, password) => probe(http, { ...target, password }, { clock, log }),
    readCaFile: foundation.readCaFile,
  })

  const demo = createDemo({
    start: foundation.startDemo,
    connections,
    repository: repositories.connections,
    settings: repositories.settings,
    log,
  })

  const outbox = createOutbox({
    store,
    clock,
    random,
    log,
    settings: repositories.settings,
    connections,
    emit,
  })

  const status = createStatus({
    connections,
    keychainWarning: keychain.volatileBecause,
    storeWarning: storage.warning,
    directory: () => ({ users: 0 }),
    outbox: outbox.counts,
    emit: (now) => emit('status', now),
    clock,
  })

  connections.onChange(status.changed)
  outbox.onChange(status.changed)
  network.onChange(connections.systemChanged)
  foundation.applyTheme(repositories.settings.get('theme'))

  return {
    handlers: {
      'app.status': () => status.read(),
      'app.info': () => foundation.info,
      ...connectionsHandlers({
        connections,
        demo,
        belongings: {
          unsent: (id) => outbox.unsent(id).length,
          discard: (id) => {
            outbox.discard(outbox.unsent(id).map((entry) => entry.id))
            return outbox.unsent(id).length
          },
          forget: async () => {},
        },
        chooseFile: foundation.chooseCaFile,
      }),
      ...outboxHandlers({ outbox }),
      ...historyHandlers({ history: repositories.history, calendar: localCalendar(clock) }),
      ...settingsHandlers({
        repository: repositories.settings,
        changed: (key, value) => {
          if (key === 'theme') foundation.applyTheme(value)
        },
      }),
    } as Partial<Handlers> as Handlers,

    async start() {
      outbox.start()
      const id = connections.lastId()
      if (id === undefined) return
      await demo.wake(id)
      await connections.connect(id).catch((cause) => log.warn('connection.not-resumed', { cause }))
    },

    async close() {
      await outbox.stop()
      connections.stop()
      await demo.stop()
      store.close()
    },
  }
}
