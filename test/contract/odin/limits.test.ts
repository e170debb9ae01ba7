import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { createOdinClient } from '../../../electron/odin/client'
import { systemClock } from '../../../electron/platform/clock'
import { createHttp } from '../../../electron/platform/http'
import { listen, memoryLog } from '../../unit/electron/platform/http-servers'

/** What may be done to one connection once its request has come. */
type Misdeed = (socket: net.Socket) => void

const again = (socket: net.Socket, text: string): void => {
  const timer = setInterval(() => socket.write(text), 5)
  socket.on('close', () => clearInterval(timer))
}
const says =
  (text: string): Misdeed =>
  (socket) =>
    socket.write(text)
const ok = 'HTTP/1.1 200 OK\r\n'
const json = 'Content-Type: application/json\r\n'

const misdeeds: Readonly<Record<string, Misdeed>> = {
  'says nothing': () => {},
  '101 Switching Protocols': says(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n',
  ),
  '101 without saying to what': says('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  '200 and an upgrade': says(`${ok}Connection: upgrade\r\nUpgrade: h2c\r\n\r\n`),
  '100 Continue and nothing more': says('HTTP/1.1 100 Continue\r\n\r\n'),
  '102 and nothing more': says('HTTP/1.1 102 Processing\r\n\r\n'),
  '199 and nothing more': says('HTTP/1.1 199 Odd\r\n\r\n'),
  '103 for ever': (socket) => again(socket, 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'),
  'a status line alone': says(ok),
  'headers for ever': (socket) => {
    socket.write(ok)
    again(socket, 'X-More: and more\r\n')
  },
  'one header for ever': (socket) => {
    socket.write(`${ok}X-Long: `)
    again(socket, 'x')
  },
  'a body that drips': (socket) => {
    socket.write(`${ok}${json}Content-Length: 100000\r\n\r\n`)
    again(socket, ' ')
  },
  'chunks that drip': (socket) => {
    socket.write(`${ok}${json}Transfer-Encoding: chunked\r\n\r\n`)
    again(socket, '1\r\n \r\n')
  },
  'chunks that drip and are packed': (socket) => {
    socket.write(`${ok}${json}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n`)
    again(socket, '1\r\n\x1f\r\n')
  },
  'a trailer for ever': (socket) => {
    socket.write(`${ok}${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n`)
    again(socket, 'X-More: and more\r\n')
  },
  'hangs up half, with nothing': (socket) => socket.end(),
  'hangs up half, in the headers': (socket) => socket.end(`${ok}${json}`),
  'hangs up half, in the body': (socket) => socket.end(`${ok}${json}Content-Length: 1000\r\n\r\n{`),
  'hangs up whole': (socket) => socket.destroy(),
  'a reset': (socket) => socket.resetAndDestroy(),
  'a status beyond all': says('HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n'),
  'no HTTP at all': says('220 mail.example ESMTP\r\n'),
}

const session = { userId: 'admin', loginType: 'System', isSystemAdmin: true, readOnly: false, policy: [] }

/** A server that signs in as it should, and then does one thing to every call. */
async function badServer(misdeed: Misdeed) {
  const seen: string[] = []
  let isGood = true
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.setNoDelay()
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      const before = text.includes('\r\n\r\n')
      text += chunk.toString('latin1')
      if (before || !text.includes('\r\n\r\n')) return
      seen.push(text.split(' ', 1)[0] ?? '')
      if (!isGood) return misdeed(socket)
      const body = JSON.stringify({ token: 'head.e30.sign', ...session })
      socket.end(`${ok}${json}Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    })
  })
  const port = await listen(server)
  return {
    baseUrl: `http://127.0.0.1:${port}/api/v2`,
    seen,
    turnBad(): void {
      isGood = false
      seen.length = 0
    },
  }
}

const patient = 60_000
const ms = 200
const group = { serviceProviderId: 'sp', groupId: 'grp' }

describe.each(Object.entries(misdeeds))('a server that does this to every call: %s', (_, misdeed) => {
  it('leaves no call without an end, and of none it is said that it was refused or done', async () => {
    const server = await badServer(misdeed)
    const limits = { connect: patient, small: patient, write: patient, list: patient, extended: patient }
    const client = createOdinClient({
      http: createHttp({ log: memoryLog() }),
      clock: systemClock(),
      baseUrl: server.baseUrl,
      callsPerSecond: 100,
      credentials: async () => 'secret',
      log: memoryLog(),
      limits,
    })
    expect(await client.signIn('admin', 'secret')).toMatchObject({ ok: true })
    server.turnBad()
    Object.assign(limits, { small: ms, write: ms, list: ms, extended: ms })
    const results = await Promise.all([
      client.user('a@b'),
      client.usersOfGroup(group, { extended: false }),
      client.usersOfGroup(group, { extended: true }),
      client.checkSession(),
      client.putUser({ ...group, userId: 'a@b', title: 'X' }),
      client.putWebPassword('a@b', 'New-Secret-1'),
    ])
    for (const result of results) expect(result).toMatchObject({ ok: false, error: { kind: 'unknown' } })
    // A slow machine may give one up before the server has seen it.
    expect(server.seen.filter((method) => method === 'PUT').length).toBeLessThanOrEqual(2)
    expect(await client.signIn('admin', 'secret')).toMatchObject({ ok: false, error: { kind: 'unknown' } })
    client.close()
  })
})
