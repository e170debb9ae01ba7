import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Accounts } from './accounts'
import { stream } from './chance'
import { Directory } from './directory'
import { Faults } from './http/faults'
import { BASE_PATH, createHandler } from './http/handler'
import { WireLog } from './http/wire-log'
import { Lessons } from './lessons'
import { type DemoOptions, type LoginType, MAX_USERS } from './options'
import { Phones } from './phones'
import { refusals } from './refusal'
import { createRenderer } from './render'
import { routes } from './routes'
import { READ_ONLY_SERVICES } from './rules/services/read-only'
import { changedSettings, serviceNamed, shownSettings } from './rules/services/table'
import { checkUserChanges } from './rules/user-changes'
import { SecondAdministrator } from './second-administrator'
import { ServicePopulation } from './service-population'
import { Tokens } from './token'
import type { DemoTruth } from './truth'
import { UserServices } from './user-services'
import type { World } from './world'

export interface DemoFacts {
  /** Ends in `/api/v2`. */
  readonly baseUrl: string
  readonly username: string
  readonly password: string
  readonly users: number
  /** Every account that can (or shows how it cannot) sign in; all have `password` unless given another. */
  readonly accounts: readonly { readonly username: string; readonly loginType: LoginType }[]
}

export interface DemoServer extends DemoFacts {
  readonly truth: DemoTruth
  /** Ends every connection and resolves when the port is free. */
  close(): Promise<void>
}

function checkOptions({ users = 25_000, faults }: DemoOptions): void {
  if (!Number.isInteger(users) || users < 0 || users > MAX_USERS) {
    throw new RangeError(`users must be a whole number from 0 to ${MAX_USERS}`)
  }
  const sum = Object.values(faults?.rates ?? {}).reduce((total, rate) => total + rate, 0)
  if (sum > 1 + 1e-9) throw new RangeError('The fault rates add up to more than 1')
}

/**
 * Starts an ODiN API server with invented users on 127.0.0.1. The users are the same for the same seed, count
 * and groups. Rejects when the port is taken.
 */
export async function startDemoServer(options: DemoOptions = {}): Promise<DemoServer> {
  checkOptions(options)
  const { users = 25_000, seed = 1, manner = 'plain' } = options
  const password = options.password ?? `Demo-${randomBytes(9).toString('base64url')}`
  const directory = new Directory(seed, users, options.groups, manner)
  const accounts = new Accounts(directory, options.accounts ?? [], password)
  const tokens = new Tokens(options.tokenLifetimeSeconds ?? 43_200)
  const random = stream(seed ^ 0xfa17)
  const services = new UserServices(new ServicePopulation(directory.population, manner))
  const world: World = {
    directory,
    services,
    accounts,
    tokens,
    render: createRenderer(directory, manner),
    manner,
    random: stream(seed ^ 0x9a55),
    lessons: options.lessons ? new Lessons(directory) : undefined,
  }
  const wire = new WireLog(options.wireLogSize ?? 10_000)
  const faults = new Faults(options.faults, random)
  const failures: string[] = []
  let latency = options.latencyMs ?? 0

  const server = createServer(
    createHandler({
      world,
      routes,
      wire,
      faults,
      errorStatus: options.errorStatus ?? 400,
      latency: () =>
        typeof latency === 'number' ? latency : latency[0] + random() * (latency[1] - latency[0]),
      onFailure: (error) =>
        failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    }),
  )
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { secondAdministrator } = options
  const other =
    secondAdministrator && secondAdministrator.editsPerMinute > 0
      ? new SecondAdministrator(directory, secondAdministrator, seed)
      : undefined
  const phones =
    options.phones && options.phones.togglesPerMinute > 0
      ? new Phones(directory, services, options.phones, seed)
      : undefined

  const plain = createRenderer(directory, 'plain')
  const indexOf = (userId: string) => {
    const index = directory.find(userId)
    if (index === undefined) throw refusals.userNotFound(userId, 'UserGetRequest23V2')
    return index
  }
  const truth: DemoTruth = {
    user: (userId) => {
      const index = directory.find(userId)
      return index === undefined ? undefined : plain.detail(directory.person(index))
    },
    userIds: (start, count) => {
      const ids: string[] = []
      for (let index = start; index < users && ids.length < count; index++) {
        if (directory.exists(index)) ids.push(directory.basics(index).userId)
      }
      return ids
    },
    edit: (userId, changes) => {
      const index = indexOf(userId)
      directory.change(index, checkUserChanges(directory, directory.person(index), changes, manner))
    },
    service: (userId, name) => {
      const place = { directory, manner: 'plain', index: indexOf(userId), command: name } as const
      const settings = services.settings(place.index, name)
      if (settings === undefined) return undefined
      const shown = READ_ONLY_SERVICES.find((service) => service.name === name)
      return shown?.show(settings, place) ?? shownSettings(serviceNamed(name), settings, place)
    },
    editService: (userId, name, changes) => {
      const rule = serviceNamed(name)
      const { command } = rule
      const index = indexOf(userId)
      const before = services.settings(index, name)
      if (before === undefined) throw refusals.serviceNotAssigned(name, command)
      services.set(index, name, changedSettings(rule, before, changes, { directory, manner, index, command }))
    },
    remove: (userId) => directory.remove(indexOf(userId)),
    planFault: (fault) => faults.plan(fault),
    planAnswer: (answer) => faults.planAnswer(answer),
    setFaults: (wanted) => faults.set(wanted),
    setLatency: (ms) => {
      latency = ms
    },
    endSessions: () => tokens.revokeAll(),
    wire: () => wire.entries(),
    clearWire: () => wire.clear(),
    foreignEdits: () => other?.edits ?? [],
    phoneToggles: () => phones?.toggles ?? [],
    failures: () => failures,
  }
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}${BASE_PATH}`,
    username: 'admin',
    password,
    users,
    accounts: accounts.all(),
    truth,
    close: () =>
      new Promise((resolve) => {
        other?.stop()
        phones?.stop()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
