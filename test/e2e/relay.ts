import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * What to do with one call: let it through, let it through and lose the answer, or cut the line before the server
 * sees any of it.
 */
export type Fate = 'pass' | 'lose-answer' | 'cut'

export interface Relay {
  /** The base URL to give to the app instead of the server's own. */
  readonly baseUrl: string
  /** Decides over each call by its method and path; all pass until told otherwise. */
  decide(fate: (method: string, path: string) => Fate): void
  /** Cuts all connections and refuses new ones, as a server that is gone does. */
  stop(): Promise<void>
  /** Listens again, on the same port. */
  start(): Promise<void>
}

/** A wire between the app and a server that can fail at a chosen call. */
export async function openRelay(baseUrl: string): Promise<Relay> {
  const target = new URL(baseUrl)
  const sockets = new Set<Socket>()
  let decide: (method: string, path: string) => Fate = () => 'pass'
  let server: Server | undefined
  let port = 0

  function relay(client: Socket): void {
    const upstream = connect(Number(target.port), target.hostname)
    let fate: Fate = 'pass'
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
    client.on('data', (data) => {
      const [, method, path] = /^([A-Z]+) (\S+) HTTP/.exec(data.toString('latin1')) ?? []
      if (method !== undefined && path !== undefined) fate = decide(method, path)
      if (fate === 'cut') client.resetAndDestroy()
      else upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (fate === 'lose-answer') client.resetAndDestroy()
      else client.write(data)
    })
  }

  async function start(): Promise<void> {
    server = createServer(relay)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }

  await start()
  return {
    baseUrl: `http://127.0.0.1:${port}${target.pathname}`,
    decide: (fate) => {
      decide = fate
    },
    stop: async () => {
      const closed = server?.listening ? once(server.close(), 'close') : undefined
      for (const socket of sockets) socket.resetAndDestroy()
      await closed
    },
    start,
  }
}
