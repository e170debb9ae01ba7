import { setImmediate as turn } from 'node:timers/promises'
import { type Composed, composeFeatures } from '../../../../electron/composition'
import type { Http, HttpOutcome, HttpRequest, Keychain } from '../../../../electron/platform/ports'
import { openMemoryStore, type Store } from '../../../../electron/store/store'
import type { EventName, OutboxWindow, Status } from '../../../../shared/ipc/contract'
import type { Chance } from '../../../simulation/chance'
import { createTimeline, processClock, type Sleep, type Timeline } from '../../../simulation/time'

export const host = 'https://odin.example'
export const baseUrl = `${host}/api/v2`
export const password = 'correct horse battery'

type Json = Record<string, unknown>

/** What the wire does to one call; nothing: the server answers. */
export type Weather = (call: {
  readonly name: string
  readonly url: string
  readonly at: number
  readonly body?: Json
}) => HttpOutcome | undefined

export const page = (status: number): HttpOutcome => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Log in to the network</title>',
})
export const answer = (status: number, body: unknown, headers = {}): HttpOutcome => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(inApiForm(status, body)),
})
/** The API's errors tell their status. */
const inApiForm = (status: number, body: unknown): unknown =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, 'error') ? { status, ...body } : body
export const notSent = (reason: 'refused' | 'unreachable' | 'no-such-host'): HttpOutcome => ({
  kind: 'failed',
  reason,
  sent: false,
  message: reason,
})

/** What a list leaves out of a user. */
const whole = (one: Json): Json => ({ ...one, isEnterprise: false, language: 'English', timeZone: 'UTC' })

/** A server in virtual time: its own users, tokens and a log of the first byte of every call. */
export function createVirtualServer(timeline: Timeline, chance: Chance, users: number, groups = 1) {
  const people = new Map<string, Json>()
  const groupIds = Array.from({ length: groups }, (_, n) => (groups === 1 ? 'grp' : `grp${n}`))
  for (let n = 0; n < users; n++) {
    const userId = `user${n}@odin.example`
    people.set(userId, {
      serviceProviderId: 'sp',
      groupId: groupIds[n % groups] as string,
      userId,
      firstName: 'First',
      lastName: `Last${n}`,
      title: '',
    })
  }
  const tokens = new Set<string>()
  const wire: { readonly name: string; readonly at: number; readonly body?: Json }[] = []
  let weather: Weather = () => undefined
  let signInMs = () => 50
  let count = 0
  let lifeSeconds = 43_200

  const session = { userId: 'admin', loginType: 'System', isSystemAdmin: true, readOnly: false, policy: [] }
  const fresh = (): string => {
    const iat = Math.floor(timeline.now() / 1000) + 1_700_000_000
    const claims = { iat, exp: iat + lifeSeconds, n: ++count }
    const token = `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sign`
    tokens.add(token)
    return token
  }
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => timeline.in(ms, resolve))

  const handle = (name: string, request: HttpRequest): HttpOutcome => {
    const body = request.body === undefined ? {} : (JSON.parse(request.body) as Json)
    if (name === 'POST /auth/token') {
      return body.password === password
        ? answer(200, { token: fresh(), ...session })
        : answer(401, { error: '[Error 4962] Invalid password' })
    }
    const bearer = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (!tokens.has(bearer)) return answer(401, { error: 'Unauthenticated.' })
    const query = new URL(request.url).searchParams
    switch (name) {
      case 'GET /auth/session':
        return answer(200, session)
      case 'PUT /auth/token':
        return answer(200, { token: fresh(), ...session })
      case 'GET /service-providers':
        return answer(200, [{ serviceProviderId: 'sp' }])
      case 'GET /groups':
        return answer(
          200,
          groupIds.map((groupId) => ({ serviceProviderId: 'sp', groupId })),
        )
      case 'GET /users': {
        const one = people.get(query.get('userId') ?? '')
        const ofGroup = [...people.values()].filter(({ groupId }) => groupId === query.get('groupId'))
        return answer(200, query.has('userId') ? (one === undefined ? [] : whole(one)) : ofGroup)
      }
      case 'PUT /users': {
        const one = { ...people.get(String(body.userId)), ...body }
        people.set(String(body.userId), one)
        return answer(200, whole(one))
      }
      default:
        return answer(404, { error: 'Not Found' })
    }
  }

  const http: Http = {
    async send(request) {
      const name = `${request.method} ${new URL(request.url).pathname.replace('/api/v2', '')}`
      await sleep(chance.between(1, 30))
      const body = request.body === undefined ? {} : { body: JSON.parse(request.body) as Json }
      const before = weather({ name, url: request.url, at: timeline.now(), ...body })
      if (before?.kind === 'failed' && !before.sent) return before
      try {
        await request.beforeSend?.()
      } catch (error) {
        return { kind: 'failed', reason: 'aborted', sent: false, message: String(error) }
      }
      const at = timeline.now()
      wire.push({ name, at, ...body })
      const struck = weather({ name, url: request.url, at, ...body })
      await sleep(name === 'POST /auth/token' ? signInMs() : chance.between(5, 300))
      return struck ?? handle(name, request)
    },
  }
  return {
    http,
    wire,
    people,
    weather(next: Weather): void {
      weather = next
    },
    voidTokens: (): void => tokens.clear(),
    signInTakes(ms: () => number): void {
      signInMs = ms
    },
    tokensLive(seconds: number): void {
      lifeSeconds = seconds
    },
  }
}
export type VirtualServer = ReturnType<typeof createVirtualServer>

/** The whole app but its shell, in virtual time: real session, line, gate, scheduler, loader, lookups and store. */
export async function openVirtualApp(
  timeline: Timeline,
  chance: Chance,
  http: Http,
  options: {
    readonly store?: Store
    readonly callsPerSecond?: number
    readonly id?: string
    /** The keychain of an earlier run. */
    readonly kept?: Map<string, string>
    readonly keychain?: (sound: Keychain) => Keychain
    /** Of its computer; left out: it never sleeps. */
    readonly sleep?: Sleep
  } = {},
) {
  const store = options.store ?? openMemoryStore()
  const kept = options.kept ?? new Map<string, string>()
  let living = true
  let online = true
  let systemChanged: (online: boolean) => void = () => {}
  const clock = processClock(timeline, {
    alive: () => living,
    monoStart: 1_000,
    ...(options.sleep === undefined ? {} : { sleep: options.sleep }),
  })
  let ids = 0
  const events: { readonly name: EventName; readonly payload: unknown }[] = []
  const nothing = () => {}
  const keychain: Keychain = {
    get: async (name) => kept.get(name),
    find: async (beginning) => [...kept].filter(([name]) => name.startsWith(beginning)).map(([, one]) => one),
    set: async (name, secret) => void kept.set(name, secret),
    remove: async (name) => void kept.delete(name),
  }
  /** A computer that sleeps is told of no answer before it wakes. */
  const awake = async <T>(answer: T): Promise<T> => {
    const until = options.sleep?.until() ?? 0
    if (until > timeline.now()) await new Promise<void>((resolve) => timeline.at(until, resolve))
    return answer
  }
  const parts: Composed = composeFeatures({
    clock,
    random: {
      next: () => chance.next(),
      id: () => `${options.id ?? 'id'}-${++ids}`,
      bytes: (length) => new Uint8Array(length),
    },
    log: { info: nothing, warn: nothing, error: nothing, hide: nothing, writeOnly: nothing, directory: '' },
    keychain: options.keychain?.(keychain) ?? keychain,
    storage: { store },
    http: { send: async (request) => awake(await http.send(request)) },
    network: {
      online: () => online,
      onChange(listener) {
        systemChanged = listener
        return nothing
      },
    },
    emit: (name, payload) => events.push({ name, payload }),
    startDemo: async () => Promise.reject(new Error('There is none.')),
    chooseCaFile: async () => undefined,
    readCaFile: async () => '',
    copySecret: async () => undefined,
    notify: nothing,
    relaunch: nothing,
    openFile: async () => undefined,
    openReader: async () => undefined,
    saveFile: async () => undefined,
    showInFolder: () => {},
    applyTheme: nothing,
    person: 'ana at desk-1',
    info: { version: '1', platform: 'test', electron: '' },
    readNotices: async () => '',
  })
  const patiently = async <T>(work: Promise<T>): Promise<T> => {
    let ended = false
    const end = work.finally(() => {
      ended = true
    })
    end.catch(nothing)
    for (;;) {
      // What needs no time takes none.
      for (let i = 0; i < 3 && !ended; i++) await turn()
      if (ended) break
      await timeline.step()
    }
    return end
  }
  await patiently(parts.start())
  const call = async <T>(work: () => Promise<T> | T): Promise<T> => patiently(Promise.resolve(work()))
  return {
    parts,
    store,
    kept,
    events,
    call,
    handlers: parts.handlers,
    status: () => parts.handlers['app.status'](undefined) as Status,
    outbox: () =>
      call(() => parts.handlers['outbox.window']({ start: 0, count: 100 })) as Promise<OutboxWindow>,
    async connect(to = baseUrl, username = 'admin'): Promise<string> {
      const { id } = await call(() =>
        parts.handlers['connections.save']({
          name: `${username} there`,
          baseUrl: to,
          username,
          password,
          callsPerSecond: options.callsPerSecond ?? 5,
        }),
      )
      await call(() => parts.handlers['connections.connect'](id))
      return id
    },
    system(next: boolean): void {
      online = next
      systemChanged(next)
    },
    /** As a kill does: nothing of it runs any more. */
    kill(): void {
      living = false
    },
  }
}
export { createTimeline }
