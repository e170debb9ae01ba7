import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'

/**
 * How long a connection is kept for the next read: less than servers keep theirs, so that none is used at the moment at which
 * its server gives it up.
 */
const keptForMs = 500
/** More are not needed: a load reads three lists side by side. */
const mostKept = 8

/** One connection, and the agent that sends over it and over no other. */
export interface Connection {
  readonly socket: Socket
  readonly agent: http.Agent
}

/** @param keep Whether the server is asked to leave it open after the answer. */
export function connectionOver(socket: Socket, url: URL, keep: boolean): Connection {
  // Nothing that happens to it while nobody sends may bring the process down.
  socket.on('error', () => {})
  const agent = new (url.protocol === 'https:' ? https : http).Agent({ keepAlive: keep })
  agent.createConnection = () => socket
  return { socket, agent }
}

interface Kept {
  readonly connection: Connection
  readonly since: number
}

/**
 * Whether a request can be sent now: its last answer was read to the end, and the server has neither hung up nor gone on. The
 * time counts too: a process that was held up has not heard yet of a server that hung up.
 */
const isReady = ({ connection: { socket, agent }, since }: Kept): boolean =>
  performance.now() - since < keptForMs &&
  !socket.destroyed &&
  socket.writable &&
  socket.readableLength === 0 &&
  Object.values(agent.freeSockets).some((free) => free?.includes(socket))

/** Connections over which a read was answered, for reads that follow at once. `key`: of all who may use the same one. */
export function createKeptConnections() {
  const kept = new Map<string, Kept[]>()

  const takeOut = (key: string, one: Kept): boolean => {
    const all = kept.get(key)
    const place = all?.indexOf(one) ?? -1
    if (all === undefined || place < 0) return false
    all.splice(place, 1)
    if (all.length === 0) kept.delete(key)
    return true
  }

  return {
    take(key: string): Connection | undefined {
      const ready = kept.get(key)?.findLast(isReady)
      if (ready !== undefined) takeOut(key, ready)
      return ready?.connection
    },

    keep(key: string, connection: Connection): void {
      const all = kept.get(key) ?? []
      kept.set(key, all)
      const one = { connection, since: performance.now() }
      all.push(one)
      const over = all.length > mostKept ? all[0] : undefined
      if (over !== undefined && takeOut(key, over)) over.connection.socket.destroy()
      setTimeout(() => {
        if (takeOut(key, one)) connection.socket.destroy()
      }, keptForMs).unref()
    },
  }
}
