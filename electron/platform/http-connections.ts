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

/** Whether a request can be sent now: its last answer was read to the end, and the server has neither hung up nor gone on. */
const isReady = ({ socket, agent }: Connection): boolean =>
  !socket.destroyed &&
  socket.writable &&
  socket.readableLength === 0 &&
  Object.values(agent.freeSockets).some((free) => free?.includes(socket))

/** Connections over which a read was answered, for reads that follow at once. `key`: of all who may use the same one. */
export function createKeptConnections() {
  const kept = new Map<string, Connection[]>()

  const takeOut = (key: string, connection: Connection): boolean => {
    const connections = kept.get(key)
    const place = connections?.indexOf(connection) ?? -1
    if (connections === undefined || place < 0) return false
    connections.splice(place, 1)
    if (connections.length === 0) kept.delete(key)
    return true
  }

  return {
    take(key: string): Connection | undefined {
      const ready = kept.get(key)?.findLast(isReady)
      if (ready !== undefined) takeOut(key, ready)
      return ready
    },

    keep(key: string, connection: Connection): void {
      const connections = kept.get(key) ?? []
      kept.set(key, connections)
      connections.push(connection)
      const over = connections.length > mostKept ? connections[0] : undefined
      if (over !== undefined && takeOut(key, over)) over.socket.destroy()
      setTimeout(() => {
        if (takeOut(key, connection)) connection.socket.destroy()
      }, keptForMs).unref()
    },
  }
}
