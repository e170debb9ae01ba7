import { connect } from 'node:net'
import { afterEach } from 'vitest'
import type { DemoOptions } from '../../../electron/demo/options'
import { type DemoServer, startDemoServer } from '../../../electron/demo/server'

export type Thing = Record<string, unknown>

/** The first user of every server: see the population's own test. */
export const ANA = 'ana.odegard.1234@cincinnati.aurora.example'
export const BJORN = 'bjorn.nowak.1235@cincinnati.aurora.example'
export const CINCINNATI = 'serviceProviderId=ent.aurora&groupId=cincinnati'
export const PASSWORD = 'Open-Sesame-1'

const running = new Set<DemoServer>()

/** Every test ends with its servers stopped and without an unexpected error inside them. */
afterEach(async () => {
  const servers = [...running]
  running.clear()
  await Promise.all(servers.map((server) => server.close()))
  const failures = servers.flatMap((server) => server.truth.failures())
  if (failures.length > 0) throw new Error(`The demo server failed inside:\n${failures.join('\n')}`)
})

export async function start(options: DemoOptions = {}): Promise<DemoServer> {
  const server = await startDemoServer({ users: 2000, password: PASSWORD, ...options })
  running.add(server)
  return server
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers are read as the wire has them
  readonly json: any
}

export interface Api {
  readonly token: string
  get(path: string): Promise<Reply>
  put(path: string, body?: unknown): Promise<Reply>
  post(path: string, body?: unknown): Promise<Reply>
  del(path: string, body?: unknown): Promise<Reply>
}

/** A bare caller with a token; knows nothing of the API. */
export function api(baseUrl: string, token = ''): Api {
  async function call(method: string, path: string, body?: unknown): Promise<Reply> {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
        'Content-Type': 'application/json',
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch {
      json = undefined
    }
    return { status: response.status, headers: response.headers, text, json }
  }
  return {
    token,
    get: (path) => call('GET', path),
    put: (path, body) => call('PUT', path, body),
    post: (path, body) => call('POST', path, body),
    del: (path, body) => call('DELETE', path, body),
  }
}

export async function signIn(server: DemoServer, username = 'admin', password = PASSWORD): Promise<Api> {
  const reply = await api(server.baseUrl).post('/auth/token', { username, password })
  if (reply.status !== 200) throw new Error(`Sign-in of ${username} failed: ${reply.text}`)
  return api(server.baseUrl, reply.json.token)
}

/** Sends bytes as they are and gives back the status and the body of the one answer. */
export function sendBytes(server: DemoServer, bytes: string): Promise<{ status: number; body: string }> {
  const port = Number(new URL(server.baseUrl).port)
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let received = ''
    let settled = false
    const finish = () => {
      const [head = '', ...rest] = received.split('\r\n\r\n')
      const body = rest.join('\r\n\r\n')
      const length = /content-length: (\d+)/i.exec(head)?.[1]
      const whole =
        length === undefined
          ? body.endsWith('0\r\n') || body.endsWith('0\r\n\r\n')
          : Buffer.byteLength(body) >= Number(length)
      if (!settled && head !== '' && rest.length > 0 && whole) {
        settled = true
        socket.destroy()
        const plain = length === undefined ? unchunk(body) : body
        resolve({ status: Number(head.split(' ')[1]), body: plain })
      }
    }
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      received += String(chunk)
      finish()
    })
    socket.on('error', reject)
    socket.on('close', () => {
      if (!settled)
        reject(new Error(`Connection ended after ${received.length} characters: ${received.slice(0, 200)}`))
    })
  })
}

function unchunk(body: string): string {
  let rest = Buffer.from(body)
  let plain = ''
  for (;;) {
    const end = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.subarray(0, end).toString(), 16)
    if (!(size > 0)) return plain
    plain += rest.subarray(end + 2, end + 2 + size).toString()
    rest = rest.subarray(end + 2 + size + 2)
  }
}
