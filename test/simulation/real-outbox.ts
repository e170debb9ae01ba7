import { createOutbox, type OutboxDeps } from '../../electron/features/outbox/outbox'
import { createOdinClient } from '../../electron/odin/client'
import { systemClock } from '../../electron/platform/clock'
import { createHttp } from '../../electron/platform/http'
import type { Log } from '../../electron/platform/ports'
import { systemRandom } from '../../electron/platform/random'
import { identityOf } from '../../electron/server/identity'
import { createPaces } from '../../electron/server/pace'
import { openServer } from '../../electron/server/server'
import { connectionsRepository } from '../../electron/store/repositories/connections'
import { settingsRepository } from '../../electron/store/repositories/settings'
import type { Store } from '../../electron/store/store'
import type { EventName } from '../../shared/ipc/contract'

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** The app's own outbox over a real store, the real client and real HTTP: everything but Electron. */
export function realOutbox(deps: {
  readonly store: Store
  readonly baseUrl: string
  readonly username: string
  readonly password: string
  readonly callsPerSecond?: number
  readonly options?: OutboxDeps['options']
  readonly log?: Log
}) {
  const { store, baseUrl, username, password, callsPerSecond = 5, log = silent } = deps
  const clock = systemClock()
  const random = systemRandom(clock)
  const connection = {
    id: 'demo',
    name: 'Demo',
    baseUrl,
    username,
    callsPerSecond,
    demo: true,
  }
  connectionsRepository(store).save(connection)
  const paces = createPaces(clock)
  const listeners = new Set<() => void>()
  let offline = false
  const events: { event: EventName; payload: unknown }[] = []
  const changed = (): void => {
    for (const listener of listeners) listener()
  }
  const server = openServer({
    identity: identityOf(connection),
    createClient: (hooks) =>
      createOdinClient({
        http: createHttp({ log }),
        clock,
        baseUrl,
        callsPerSecond,
        paces,
        account: username,
        credentials: async () => password,
        log,
        ...hooks,
      }),
    workOffline: () => offline,
    systemOffline: () => false,
    clock,
    random,
    changed,
  })
  const outbox = createOutbox({
    store,
    clock,
    random,
    log,
    settings: settingsRepository(store),
    paces,
    connections: {
      server: () => server,
      setWorkOffline(on) {
        offline = on
        changed()
      },
      onChange(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    emit: (event, payload) => events.push({ event, payload }),
    ...(deps.options === undefined ? {} : { options: deps.options }),
  })
  return {
    outbox,
    server,
    events,
    signIn: async (): Promise<boolean> => (await server.signIn(password)).ok,
    signOut: (): Promise<void> => server.signOut('Signed out.'),
  }
}
