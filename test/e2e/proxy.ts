import http from 'node:http'
import net, { type AddressInfo } from 'node:net'

export interface Proxy {
  readonly address: string
  /** What was said to it, each tunnel once: whether it was let through, and where to. */
  readonly asked: { readonly authority: string; readonly through: boolean }[]
  close(): void
}

/** A proxy that makes tunnels for whoever gives this name and password. */
export async function startProxy(username: string, password: string): Promise<Proxy> {
  const wanted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const asked: { authority: string; through: boolean }[] = []
  const sockets = new Set<net.Socket>()
  const server = http.createServer((_, response) => response.writeHead(400).end())
  server.on('connection', (socket) => sockets.add(socket))
  server.on('connect', (request, socket) => {
    const authority = request.url ?? ''
    const through = request.headers['proxy-authorization'] === wanted
    asked.push({ authority, through })
    socket.on('error', () => {})
    if (!through) {
      socket.end('HTTP/1.1 407 No\r\nproxy-authenticate: Basic realm="office"\r\ncontent-length: 0\r\n\r\n')
      return
    }
    const { hostname, port } = new URL(`http://${authority}`)
    const upstream = net.connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
