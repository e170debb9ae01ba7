import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../../shared/json'
import type { DemoServer } from './demo-server'

/** What a server was sent, as it came over the wire. */
export interface Wire extends Pick<DemoServer, 'baseUrl' | 'username' | 'password'> {
  /** The bodies of every PUT to a path, in order. */
  puts(path?: string): JsonObject[]
  /** Keeps every PUT from the server until what this returns is called. */
  holdPuts(): () => void
}

const open: (() => void)[] = []

/** Ends every wire of a test. */
export const closeWires = (): void => {
  for (const close of open.splice(0)) close()
}

/** A wire between the app and a server that writes down what is put. */
export async function openWire({ baseUrl, username, password }: DemoServer): Promise<Wire> {
  const target = new URL(baseUrl)
  const seen: { path: string; body: JsonObject }[] = []
  let held: Promise<void> = Promise.resolve()
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const { method = 'GET', url = '/', headers } = incoming
      if (method === 'PUT') {
        const path = new URL(url, baseUrl).pathname.slice(target.pathname.length)
        seen.push({ path, body: JSON.parse(body.toString('utf8')) as JsonObject })
      }
      const on = request(
        {
          host: target.hostname,
          port: target.port,
          method,
          path: url,
          headers: { ...headers, host: target.host },
        },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(outgoing)
        },
      )
      on.on('error', () => outgoing.destroy())
      if (method === 'PUT') void held.then(() => on.end(body))
      else on.end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}${target.pathname}`,
    username,
    password,
    holdPuts: () => {
      let release = () => {}
      held = new Promise((resolve) => {
        release = resolve
      })
      return () => release()
    },
    puts: (path = '/users') => seen.filter((put) => put.path === path).map(({ body }) => body),
  }
}
