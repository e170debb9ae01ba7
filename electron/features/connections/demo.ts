import type { Connection } from '../../../shared/ipc/contract'
import { Refusal } from '../../ipc/refusal'
import type { Log } from '../../platform/ports'
import type { ConnectionsRepository, SavedConnection } from '../../store/repositories/connections'
import type { SettingsRepository } from '../../store/repositories/settings'
import type { Connections } from './connections'

/** The embedded server, running. */
export interface RunningDemo {
  readonly baseUrl: string
  readonly username: string
  readonly password: string
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

export interface Demo {
  /** Starts the embedded server if it is not running, keeps one connection to it, and signs in. */
  tryIt(): Promise<Connection>
  /** Starts it for a kept connection to it; others need nothing. Never throws. */
  wake(connectionId: string): Promise<void>
  stop(): Promise<void>
}

const portKey = 'app.demoPort'

/** The same people at every start, or what is cached and waiting would belong to nobody. */
const seed = 1

/**
 * The demo server lives as long as the app. Its port is kept from start to start where it is still free: unsent
 * changes belong to an address, port included, and are never sent to another.
 */
export function createDemo(deps: {
  start: (options: { port: number; seed: number }) => Promise<RunningDemo>
  connections: Connections
  repository: Pick<ConnectionsRepository, 'list'>
  settings: Pick<SettingsRepository, 'get' | 'set'>
  log: Log
  /** Why there is none, in words. */
  forbidden?: string | undefined
}): Demo {
  const { start, connections, repository, settings, log, forbidden } = deps
  let running: Promise<RunningDemo> | undefined

  async function startAnew(): Promise<RunningDemo> {
    const kept = settings.get(portKey)
    const port = typeof kept === 'number' && Number.isInteger(kept) && kept > 0 && kept < 65_536 ? kept : 0
    const server = await start({ port, seed }).catch((cause) => {
      if (port === 0) throw cause
      log.warn('demo.port-taken', { port, cause })
      return start({ port: 0, seed })
    })
    settings.set(portKey, Number(new URL(server.baseUrl).port))
    void server.ended.then(() => {
      running = undefined
    })
    return server
  }

  function run(): Promise<RunningDemo> {
    running ??= startAnew().catch((cause) => {
      running = undefined
      log.error('demo.not-started', { cause })
      throw new Refusal('demo', 'The demo server could not be started.', {
        next: 'Try again; the log folder (menu Help) says more.',
      })
    })
    return running
  }

  const saved = (): SavedConnection | undefined => repository.list().find(({ demo }) => demo)

  async function keep(server: RunningDemo): Promise<Connection> {
    const old = saved()
    return connections.save(
      {
        ...(old === undefined ? {} : { id: old.id }),
        name: old?.name ?? 'Demo server',
        baseUrl: server.baseUrl,
        username: server.username,
        password: server.password,
        callsPerSecond: old?.callsPerSecond ?? 100,
        ...(old?.partialBodies ? { partialBodies: true } : {}),
      },
      { demo: true },
    )
  }

  return {
    async tryIt() {
      if (forbidden !== undefined)
        throw new Refusal('policy', `The demo server is switched off. ${forbidden}.`)
      const connection = await keep(await run())
      const active = connections.active()
      if (active?.connection.id === connection.id && active.server.state().network === 'online')
        return connection
      const result = await connections.connect(connection.id)
      if (!result.ok) {
        throw new Refusal(result.cause, result.message, {
          ...(result.next === undefined ? {} : { next: result.next }),
          ...(result.raw === undefined ? {} : { raw: result.raw }),
        })
      }
      return connection
    },

    async wake(connectionId) {
      if (forbidden !== undefined || saved()?.id !== connectionId) return
      try {
        await keep(await run())
      } catch (cause) {
        log.warn('demo.not-woken', { cause })
      }
    },

    async stop() {
      const server = await running?.catch(() => undefined)
      running = undefined
      await server?.close()
    },
  }
}
