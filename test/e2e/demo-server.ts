import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { JsonObject } from '../../shared/json'
import { top } from './top'

export interface DemoServer {
  readonly baseUrl: string
  readonly username: string
  readonly password: string
  /** How many users it has. */
  readonly users: number
  /** One user as the server has it, read past the app with a token of our own. */
  user(userId: string): Promise<JsonObject>
  /** Changes a user as another administrator would. */
  putUser(body: JsonObject): Promise<JsonObject>
  /** One call-handling service of a user, by its path below `/users/`. */
  service(path: string, userId: string): Promise<JsonObject>
  /** Changes it as another administrator or the phone would. */
  putService(path: string, body: JsonObject): Promise<JsonObject>
  /** All users of a service provider's group, or of everything. */
  find(parameters: Record<string, string>): Promise<JsonObject[]>
  /** Gone as in a crash: connections are cut and nothing answers any more. */
  kill(): Promise<void>
}

export interface DemoServerOptions {
  users?: number
  seed?: number
  port?: number
  password?: string
  /** More switches of `npm run demo-server`. */
  switches?: readonly string[]
}

/** Starts the demo server as a process of its own; ready when this resolves. */
export async function startDemoServer(options: DemoServerOptions = {}): Promise<DemoServer> {
  const { users = 300, seed = 1, port = 0, password, switches = [] } = options
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', 'electron/demo/cli.ts'],
      ...['--port', String(port), '--users', String(users), '--seed', String(seed)],
      ...(password === undefined ? [] : ['--password', password]),
      ...switches,
    ],
    { cwd: top, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const facts = JSON.parse(await firstLine(child)) as Pick<
    DemoServer,
    'baseUrl' | 'username' | 'password' | 'users'
  >
  let token: string | undefined

  async function ask(method: string, path: string, body?: JsonObject): Promise<unknown> {
    const answer = await fetch(`${facts.baseUrl}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path.split('?')[0]}: ${answer.status} ${text.slice(0, 300)}`)
    return JSON.parse(text)
  }

  async function signedIn(method: string, path: string, body?: JsonObject): Promise<unknown> {
    if (token === undefined) {
      const { username, password } = facts
      token = ((await ask('POST', '/auth/token', { username, password })) as { token: string }).token
    }
    return await ask(method, path, body)
  }

  const one = (json: unknown) => (Array.isArray(json) ? json[0] : json) as JsonObject

  return {
    ...facts,
    user: async (userId) => one(await signedIn('GET', `/users?${new URLSearchParams({ userId })}`)),
    putUser: async (body) => one(await signedIn('PUT', '/users', body)),
    service: async (path, userId) =>
      one(await signedIn('GET', `/users/${path}?${new URLSearchParams({ userId })}`)),
    putService: async (path, body) => one(await signedIn('PUT', `/users/${path}`, body)),
    find: async (parameters) => {
      const found = await signedIn('GET', `/users?${new URLSearchParams(parameters)}`)
      return (Array.isArray(found) ? found : [found]) as JsonObject[]
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no standard output')
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The demo server ended with ${code} before it was ready`)
  })
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  // Its end is expected from here on.
  ended.catch(() => {})
  return line
}
