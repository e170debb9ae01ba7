import type { Http, HttpOutcome, HttpRequest } from '../../electron/platform/ports'
import type { Chance } from './chance'
import type { Timeline } from './time'

/**
 * A server for the soak of the whole app: its own truth, its own log of the wire, and a network that does to calls
 * what networks do. It shares no rule with the client: values are compared as they stand.
 */

type Json = Record<string, unknown>
export type Value = string

export interface Troubles {
  /** How many calls in a hundred something befalls. */
  percent: number
}

/** What may befall a call. */
export const faults = [
  'not-sent',
  'lost-request',
  'lost-answer',
  'hangs',
  'late',
  'doubled',
  'halved',
  'wrong-subject',
  'web-page',
  'informational',
  'dead-token',
  'busy',
] as const
export type Fault = (typeof faults)[number]

export interface WireCall {
  readonly life: number
  readonly name: string
  readonly at: number
  readonly account: string | undefined
  readonly userId?: string
  readonly body?: Json
  fault?: Fault
  endedAt?: number
  /** What an answer that came told of users, by id and path. */
  told?: ReadonlyMap<string, Readonly<Record<string, Value>>>
  /** When the server carried it out. */
  readonly landings: number[]
}

/** One value that a field has had since `at`. */
export interface Held {
  readonly at: number
  readonly value: Value
  readonly by: 'start' | 'other' | WireCall
}

export const password = 'correct horse battery'
export const accounts = ['anna', 'bert'] as const
const keys = ['serviceProviderId', 'groupId', 'userId']
/** What a list leaves out unless everything is asked for. */
const inRecordOnly = ['address.addressLine2', 'addressLocation']
/** Nothing lands later than this after nobody waits for it any more. */
const longestFlightMs = 85_000
const longestCopyMs = 9_000

/** The fields of a body by path; an empty value is the empty text. */
export function flat(body: Json): Record<string, Value> {
  const fields: Record<string, Value> = {}
  for (const [name, value] of Object.entries(body)) {
    if (keys.includes(name)) continue
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [part, inner] of Object.entries(value as Json)) fields[`${name}.${part}`] = text(inner)
    } else fields[name] = text(value)
  }
  return fields
}
const text = (value: unknown): Value => (value === null || value === undefined ? '' : String(value))

export function createWholeServer(timeline: Timeline, chance: Chance, userCount: number) {
  const histories = new Map<string, Map<string, Held[]>>()
  const tokens = new Map<string, string>()
  const wire: WireCall[] = []
  const deaths = new Map<number, number>()
  const counts: Record<string, number> = {}
  const troubles: Troubles = { percent: 0 }
  let issued = 0
  let ill: { readonly userId: string; readonly fault: Fault } | undefined

  const userIds = Array.from({ length: userCount }, (_, n) => `user${n}@odin.example`)
  for (const [n, userId] of userIds.entries()) {
    const start = { firstName: 'First', lastName: `Last${n}`, title: '', addressLocation: `Room ${n}` }
    histories.set(
      userId,
      new Map(Object.entries(start).map(([path, value]) => [path, [{ at: 0, value, by: 'start' as const }]])),
    )
  }

  const historyOf = (userId: string, path: string): Held[] => {
    const person = histories.get(userId) ?? new Map<string, Held[]>()
    histories.set(userId, person)
    const held = person.get(path) ?? [{ at: 0, value: '', by: 'start' as const }]
    person.set(path, held)
    return held
  }
  const nowAt = (userId: string, path: string): Value => historyOf(userId, path).at(-1)?.value ?? ''
  const write = (userId: string, path: string, value: Value, by: Held['by']): void => {
    historyOf(userId, path).push({ at: timeline.now(), value, by })
  }

  const record = (userId: string, whole: boolean): Json => {
    const one: Record<string, unknown> = { serviceProviderId: 'sp', groupId: 'grp', userId }
    for (const path of histories.get(userId)?.keys() ?? []) {
      if (!whole && inRecordOnly.includes(path)) continue
      const [name = '', part] = path.split('.')
      const value = nowAt(userId, path)
      if (part === undefined) one[name] = value
      else one[name] = { ...(one[name] as Json | undefined), [part]: value }
    }
    if (whole) {
      one.addressLocation ??= ''
      one.address ??= { addressLine2: '' }
      one.isEnterprise = false
      one.language = 'English'
      one.timeZone = 'UTC'
    }
    return one
  }

  const answer = (status: number, body: unknown): HttpOutcome => ({
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/json' },
    // The API's errors tell their status.
    body: JSON.stringify(status >= 400 ? { status, ...(body as Json) } : body),
  })
  const lost = (reason: 'reset' | 'answer-timeout'): HttpOutcome => ({
    kind: 'failed',
    reason,
    sent: true,
    message: reason,
  })
  const session = (account: string) => ({
    userId: account,
    loginType: 'System',
    isSystemAdmin: true,
    readOnly: false,
    policy: [],
  })
  const fresh = (account: string): string => {
    const iat = Math.floor(timeline.now() / 1000) + 1_700_000_000
    const claims = Buffer.from(JSON.stringify({ iat, exp: iat + 3_600, n: ++issued })).toString('base64url')
    const token = `head.${claims}.sign`
    tokens.set(token, account)
    return token
  }

  const carryOut = (call: WireCall, part: 'whole' | 'half' = 'whole'): void => {
    const died = deaths.get(call.life)
    if (died !== undefined && timeline.now() > died + longestFlightMs) return
    call.landings.push(timeline.now())
    const fields = Object.entries(flat(call.body ?? {}))
    const some = part === 'half' ? fields.slice(0, Math.floor(fields.length / 2)) : fields
    for (const [path, value] of some) write(String(call.body?.userId), path, value, call)
  }

  const handle = (call: WireCall, request: HttpRequest, part?: 'half'): HttpOutcome => {
    const query = new URL(request.url).searchParams
    if (call.name === 'POST /auth/token') {
      const account = String(call.body?.username ?? call.body?.userId)
      return call.body?.password === password
        ? answer(200, { token: fresh(account), ...session(account) })
        : answer(401, { error: '[Error 4962] Invalid password' })
    }
    if (call.account === undefined) return answer(401, { error: 'Unauthenticated.' })
    switch (call.name) {
      case 'GET /auth/session':
        return answer(200, session(call.account))
      case 'PUT /auth/token':
        return answer(200, { token: fresh(call.account), ...session(call.account) })
      case 'DELETE /auth/token':
        return answer(200, {})
      case 'GET /service-providers':
        return answer(200, [{ serviceProviderId: 'sp' }])
      case 'GET /groups':
        return answer(200, [{ serviceProviderId: 'sp', groupId: 'grp' }])
      case 'GET /users': {
        const userId = query.get('userId')
        if (userId !== null) return answer(200, histories.has(userId) ? record(userId, true) : [])
        return answer(
          200,
          userIds.map((one) => record(one, query.get('extended') === 'true')),
        )
      }
      case 'PUT /users':
        carryOut(call, part)
        return answer(
          200,
          chance.happens(0.3) ? (call.body as Json) : record(String(call.body?.userId), true),
        )
      default:
        return answer(404, { error: 'Not Found' })
    }
  }

  const sleep = (ms: number): Promise<void> => new Promise((resolve) => timeline.in(ms, resolve))
  const isPut = ({ name }: WireCall): boolean => name === 'PUT /users'

  /** What the answer of another would be: a cache on the way, or the server, has mixed two up. */
  const mixedUp = (call: WireCall, request: HttpRequest): HttpOutcome => {
    const own = handle(call, request)
    if (call.name !== 'GET /users' && !isPut(call)) return own
    const other = userIds[chance.below(userIds.length)] ?? ''
    if (new URL(request.url).searchParams.has('groupId')) {
      return answer(200, [
        { serviceProviderId: 'sp', groupId: 'north', userId: 'x@odin.example', lastName: 'X' },
      ])
    }
    return answer(
      200,
      record(other === call.userId ? (userIds.find((id) => id !== other) ?? '') : other, true),
    )
  }

  const strike = async (call: WireCall, request: HttpRequest, fault: Fault): Promise<HttpOutcome> => {
    const there = chance.between(5, 60)
    switch (fault) {
      case 'lost-request':
        await sleep(chance.pick([20, 30_000]))
        return lost('reset')
      case 'lost-answer':
        await sleep(there)
        handle(call, request)
        await sleep(chance.pick([20, 30_000]))
        return lost('reset')
      case 'hangs':
        await sleep(there)
        if (chance.happens(0.5)) handle(call, request)
        await sleep(request.answerTimeoutMs)
        return lost('answer-timeout')
      case 'late':
        await sleep(chance.pick([20, request.answerTimeoutMs]))
        if (isPut(call)) timeline.in(chance.between(100, longestFlightMs), () => carryOut(call))
        return lost('reset')
      case 'doubled': {
        await sleep(there)
        const outcome = handle(call, request)
        if (isPut(call)) timeline.in(chance.between(10, longestCopyMs), () => carryOut(call))
        return outcome
      }
      case 'halved': {
        await sleep(there)
        const outcome = handle(call, request, 'half')
        return chance.happens(0.5) || !isPut(call) ? outcome : answer(500, { error: '[Error 5000] Broken' })
      }
      case 'wrong-subject':
        await sleep(there)
        return mixedUp(call, request)
      case 'web-page':
        await sleep(there)
        return {
          kind: 'answer',
          status: 200 + chance.below(400),
          headers: chance.happens(0.8) ? { 'content-type': 'text/html' } : {},
          body: chance.pick(['<!doctype html><title>Log in</title>', '<html>Not found</html>', '', 'Hello']),
        }
      case 'informational':
        await sleep(there)
        return { kind: 'answer', status: 100 + chance.below(4), headers: {}, body: '' }
      case 'dead-token':
        tokens.clear()
        await sleep(there)
        return answer(401, { error: 'Unauthenticated.' })
      case 'busy':
        await sleep(there)
        return answer(chance.pick([429, 503]), { error: 'Too many requests' })
      default:
        return lost('reset')
    }
  }

  /** The network of one run of the app; what is answered after its end nobody hears. */
  const network = (life: number, alive: () => boolean): Http => ({
    send: (request) =>
      new Promise((resolve) => {
        const run = async (): Promise<HttpOutcome> => {
          const url = new URL(request.url)
          const name = `${request.method} ${url.pathname.replace('/api/v2', '')}`
          const befallen = chance.below(100) < troubles.percent
          const drawn = befallen ? chance.pick(faults) : undefined
          const about =
            request.body?.includes(`"${ill?.userId}"`) || url.searchParams.get('userId') === ill?.userId
          const fault = ill !== undefined && about ? ill.fault : drawn
          await sleep(chance.between(1, 30))
          if (fault === 'not-sent') {
            counts[fault] = (counts[fault] ?? 0) + 1
            return {
              kind: 'failed',
              reason: chance.pick(['refused', 'unreachable', 'no-such-host']),
              sent: false,
              message: 'away',
            }
          }
          try {
            await request.beforeSend?.()
          } catch (error) {
            return { kind: 'failed', reason: 'aborted', sent: false, message: String(error) }
          }
          if (!alive()) return lost('reset')
          const body = request.body === undefined ? undefined : (JSON.parse(request.body) as Json)
          const userId = body?.userId ?? url.searchParams.get('userId')
          const call: WireCall = {
            life,
            name,
            at: timeline.now(),
            account: tokens.get(request.headers.authorization?.replace('Bearer ', '') ?? ''),
            ...(typeof userId === 'string' ? { userId } : {}),
            ...(body === undefined ? {} : { body }),
            landings: [],
          }
          wire.push(call)
          if (fault !== undefined) {
            call.fault = fault
            counts[fault] = (counts[fault] ?? 0) + 1
            return ended(call, await strike(call, request, fault))
          }
          await sleep(chance.between(5, 60))
          const outcome = handle(call, request)
          await sleep(chance.between(5, 200))
          return ended(call, outcome)
        }
        const ended = (call: WireCall, outcome: HttpOutcome): HttpOutcome => {
          call.endedAt = timeline.now()
          if (alive() && outcome.kind === 'answer' && outcome.status === 200) call.told = toldBy(outcome.body)
          return outcome
        }
        void run().then((outcome) => {
          if (alive()) resolve(outcome)
        })
      }),
  })

  const toldBy = (body: string): ReadonlyMap<string, Readonly<Record<string, Value>>> => {
    const told = new Map<string, Readonly<Record<string, Value>>>()
    let json: unknown
    try {
      json = JSON.parse(body)
    } catch {
      return told
    }
    for (const one of Array.isArray(json) ? json : [json]) {
      if (typeof one === 'object' && one !== null && typeof (one as Json).userId === 'string') {
        told.set(String((one as Json).userId), flat(one as Json))
      }
    }
    return told
  }

  return {
    userIds,
    wire: wire as readonly WireCall[],
    counts: counts as Readonly<Record<string, number>>,
    troubles,
    network,
    historyOf: (userId: string, path: string): readonly Held[] => historyOf(userId, path),
    nowAt,
    /** Every call about this one user meets this; nobody: no more. */
    plague(userId: string | undefined, fault: Fault): void {
      ill = userId === undefined ? undefined : { userId, fault }
    },
    /** Another administrator writes. */
    other: (userId: string, path: string, value: Value): void => write(userId, path, value, 'other'),
    /** The run of the app has ended: nothing of it lands long after. */
    died: (life: number): void => void deaths.set(life, timeline.now()),
    voidTokens: (): void => tokens.clear(),
  }
}
export type WholeServer = ReturnType<typeof createWholeServer>
