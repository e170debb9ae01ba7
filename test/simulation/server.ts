import type { Identity } from '../../electron/features/outbox/engine/ports'
import type { Http, HttpFailure, HttpOutcome, HttpRequest } from '../../electron/platform/ports'
import { keyOf, type ServiceId, serviceAt, services } from '../../shared/calls/catalogue'
import type { Json, JsonObject } from '../../shared/json'
import { fieldAt } from '../../shared/user/catalogue'
import type { FieldPath, FieldValue, UserKey, UserRecord } from '../../shared/user/types'
import type { Timeline } from './time'

/** Reads of one user and of a group, writes, and what a sign-in is made of. */
export type CallKind = 'GET' | 'LIST' | 'PUT' | 'SESSION' | 'TOKEN' | 'LOGOUT'

/** What becomes of one call, decided when it starts. Times are in ms from then. */
export interface CallFate {
  /** It never leaves this machine. */
  readonly notSent?: 'refused' | 'no-such-host'
  /** When the request lands; left out when it is lost on the way. */
  readonly landsAt?: number
  /** When the answer is back; left out when it is lost. Not before it lands, but for a gateway's. */
  readonly answeredAt?: number
  /** When the client gives up, if no answer has come. */
  readonly givesUpAt: number
  /** A copy of a PUT that lands by itself. */
  readonly copyLandsAt?: number
  /** How the server takes it; left out: as it should. */
  readonly server?: ServerFate
  /** Somebody else answers with a web page, or with nothing but a status: a log-in page, a proxy. Nothing lands. */
  readonly page?: number
  /** The same once the call has landed: the server's own answer never comes. */
  readonly pageAfter?: number
  /** It answers in JSON, in the form that gateways have. */
  readonly pageIsJson?: boolean
  /** The answer is about another user or group than was asked for. */
  readonly wrongSubject?: boolean
  /** Somebody on the way answers with a copy, `staleMs` old, and says that it is one. */
  readonly kept?: boolean
  /** Of a user's record in the answer only half is there. */
  readonly half?: boolean
  /** A GET shows the user as it was this long ago. */
  readonly staleMs?: number
  /** Somebody else writes the same field right after a PUT has landed, before its answer is made. */
  readonly overtaken?: FieldValue
  /** A PUT's answer only echoes what was sent. */
  readonly echo?: boolean
}

export type ServerFate =
  | { readonly kind: '401' }
  | { readonly kind: '403' }
  | { readonly kind: '4003' }
  | { readonly kind: 'busy'; readonly status: 429 | 503; readonly retryAfterMs?: number }
  /** Applied not at all, the first half of the fields, or wholly. */
  | { readonly kind: 'broken'; readonly status: 500 | 502 | 504; readonly applied: 'none' | 'part' | 'all' }
  | { readonly kind: 'refused'; readonly applied: 'none' | 'part' }
  /** 200, and nothing is kept. */
  | { readonly kind: 'forgets' }
  /** 200 with JSON that is something else. */
  | { readonly kind: 'nonsense'; readonly applied: 'none' | 'all' }

/** One call on the wire, with everything that an observer outside the process could know of it. */
export interface WireCall {
  readonly id: number
  readonly life: number
  /** Which opened server of that process makes it. */
  readonly room: number
  readonly kind: CallKind
  readonly identity: Identity
  /** Of a sign-in: what is offered. */
  readonly password?: string
  readonly userId?: string
  /** A read that is asked for once more, because a copy had come back. */
  readonly again?: true
  /** The service that it reads or writes; left out for the options. */
  readonly service?: ServiceId
  /** As it is on the wire. */
  readonly body?: JsonObject & Partial<UserKey>
  readonly startedAt: number
  readonly fate: CallFate
  /** Times at which a copy of it was carried out by the server, or refused. */
  readonly landings: number[]
  /** Copies that are still on their way. */
  flying: number
  /** The process died: nothing of it lands later than this. */
  lastLanding?: number
  /** When the client had its outcome, or died. */
  endedAt?: number
  /** The client has had an answer of the server. */
  answered?: boolean
  /** That answer was a success. */
  accepted?: boolean
  /** The status of what came. */
  status?: number
  /** Whether what came speaks for what was asked: an answer of the API about this subject, something else, or nothing. */
  told?: 'this' | 'amiss' | 'nothing'
}

/** A process that makes calls. While it sleeps it is told of no answer. */
export interface Caller {
  readonly id: number
  readonly alive: () => boolean
  readonly asleepUntil?: () => number
}

interface Person {
  fields: Record<FieldPath, FieldValue>
  exists: boolean
  readonly past: { at: number; fields: Record<FieldPath, FieldValue> }[]
}

/** The server's own spelling: values that end in `-n` are kept in capitals. */
export const serverSpelling = (value: FieldValue): FieldValue =>
  typeof value === 'string' && value.endsWith('-n') ? value.toUpperCase() : value

/** A list of numbers that ring as well, made of a number. */
export const ringing = (n: number): FieldValue =>
  Array.from({ length: 1 + (n % 3) }, (_, at) => ({
    phoneNumber: String(4000 + ((n * 7 + at * 31) % 900)),
    answerConfirmationRequired: (n + at) % 2 === 0,
  }))
export const isRinging = (path: FieldPath): boolean => fieldAt(path)?.compare === 'ringing'

const keys: readonly string[] = ['serviceProviderId', 'groupId', 'userId']

/** The fields that a request writes, by their paths. */
export const fieldsOf = ({
  body = {},
  service,
}: Pick<WireCall, 'body' | 'service'>): [FieldPath, FieldValue][] =>
  Object.entries(body as JsonObject)
    .filter(([name]) => !keys.includes(name))
    .map(([name, value]) => [service === undefined ? name : `${service}.${name}`, value])

/** One ODiN server with its users: the truth, and who may see it. */
export function createTruth(timeline: Timeline) {
  const people = new Map<string, Person>()
  const validTokens = new Set<string>()
  let tokens = 0

  const remember = (person: Person): void => {
    person.past.push({ at: timeline.now(), fields: { ...person.fields } })
    if (person.past.length > 12) person.past.shift()
  }

  return {
    add(userId: string, fields: Record<FieldPath, FieldValue>): void {
      const person: Person = { fields, exists: true, past: [] }
      people.set(userId, person)
      remember(person)
    },
    ids: (): string[] => [...people.keys()],
    value: (userId: string, path: FieldPath): FieldValue => people.get(userId)?.fields[path] ?? null,
    set(userId: string, path: FieldPath, value: FieldValue): void {
      const person = people.get(userId)
      if (person === undefined) return
      if (value === null) delete person.fields[path]
      else person.fields[path] = serverSpelling(value)
      remember(person)
    },
    exists: (userId: string): boolean => people.get(userId)?.exists ?? false,
    setExists(userId: string, exists: boolean): void {
      const person = people.get(userId)
      if (person) person.exists = exists
    },
    record(userId: string, staleMs: number, service?: ServiceId): UserRecord {
      const person = people.get(userId)
      const then = timeline.now() - staleMs
      const seen =
        staleMs === 0 ? undefined : (person?.past.findLast(({ at }) => at <= then) ?? person?.past[0])
      const all = Object.entries(seen?.fields ?? person?.fields ?? {})
      return {
        key: { serviceProviderId: 'sp', groupId: 'grp', userId },
        completeness: 'full',
        ...(service === undefined ? {} : { service }),
        fields: Object.fromEntries(all.filter(([path]) => serviceAt(path) === service)),
        extra: {},
      }
    },
    newToken(): string {
      const token = `t${++tokens}`
      validTokens.add(token)
      return token
    },
    accepts: (token: string): boolean => validTokens.has(token),
    endSessions: (): void => validTokens.clear(),
    digest: (): string => JSON.stringify([...people].map(([id, { fields, exists }]) => [id, fields, exists])),
  }
}
export type Truth = ReturnType<typeof createTruth>

/** An answer as it comes over the wire. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const answer = (status: number, json: Json, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify(json),
})

const refusal = (status: number, error: string, headers: Answer['headers'] = {}): Answer =>
  answer(status, { status, error, details: '' }, headers)

/** What a log-in page or a proxy says; statuses below 200 have no body. */
const pageOf = (status: number, isJson = false): Answer => ({
  status,
  headers: status >= 300 && status < 400 ? { location: 'https://login.example/' } : {},
  body: status < 200 ? '' : isJson ? gatewayJson : '<!doctype html><title>Log in</title>',
})
export const gatewayJson = '{"message":"Forbidden"}'

/** What a request is about. */
function aboutOf(
  request: HttpRequest,
): Pick<WireCall, 'kind' | 'userId' | 'again' | 'service' | 'body' | 'password'> {
  const { pathname, searchParams } = new URL(request.url)
  const body = request.body === undefined ? undefined : JSON.parse(request.body)
  if (pathname.endsWith('/auth/token')) return { kind: 'TOKEN', password: body.password }
  if (pathname.endsWith('/auth/token/logout')) return { kind: 'LOGOUT' }
  if (pathname.endsWith('/auth/session')) return { kind: 'SESSION' }
  const service = services.find(({ path }) => pathname.endsWith(`/users${path}`))?.id
  const about = service === undefined ? {} : { service }
  if (request.method === 'PUT') return { kind: 'PUT', userId: body.userId, body, ...about }
  const userId = searchParams.get('userId')
  const again = searchParams.has('_') ? { again: true as const } : {}
  return userId === null ? { kind: 'LIST' } : { kind: 'GET', userId, ...again, ...about }
}

/** What is left of a user when an answer is only half there. */
const halfOf = ({ serviceProviderId, groupId, userId, isEnterprise, timeZone }: JsonObject): JsonObject => ({
  serviceProviderId: serviceProviderId ?? null,
  groupId: groupId ?? null,
  userId: userId ?? null,
  isEnterprise: isEnterprise ?? null,
  timeZone: timeZone ?? null,
})

/** A user as the server writes it, with what only a full record has; or a service. */
const jsonOf = ({ key, fields, service }: UserRecord): JsonObject =>
  service === undefined
    ? { ...key, firstName: 'First', ...fields, isEnterprise: true, language: 'English', timeZone: 'UTC' }
    : {
        userId: key.userId,
        ...Object.fromEntries(Object.entries(fields).map(([path, value]) => [keyOf(path), value])),
      }

const isHalf = ({ fate, service }: WireCall): boolean => fate.half === true && service === undefined

export interface NetworkHooks {
  started(call: WireCall): void
  /** A copy of a call is carried out; `write` says which fields it may write. */
  landing(call: WireCall, copy: boolean): void
  landed(call: WireCall, wrote: readonly FieldPath[]): void
  /** The client has its outcome. `seen`: the records in the server's answer, if that was it. */
  delivered(call: WireCall, seen: readonly UserRecord[]): void
}

/** The way to the servers and back, with everything that can go wrong on it. Keeps the wire log. */
export function createNetwork(deps: {
  readonly timeline: Timeline
  readonly truthOf: (origin: string) => Truth
  readonly fate: (call: Pick<WireCall, 'kind' | 'userId' | 'body' | 'life' | 'identity'>) => CallFate
  readonly hooks: NetworkHooks
  /** The password that the server takes. */
  readonly password: () => string
  /** What becomes of an answer before the app reads it: for mistakes that are planted in the reading. */
  readonly rewrite?: (answer: Answer, request: HttpRequest) => Answer
}) {
  const { timeline, truthOf, fate: decide, hooks, password, rewrite = (answer) => answer } = deps
  const log: WireCall[] = []

  const write = (truth: Truth, call: WireCall, applied: 'none' | 'part' | 'all'): FieldPath[] => {
    const fields = fieldsOf(call)
    const count = applied === 'all' ? fields.length : applied === 'part' ? Math.floor(fields.length / 2) : 0
    return fields.slice(0, count).map(([path, value]) => {
      truth.set(call.userId ?? '', path, value)
      return path
    })
  }

  /** The records of an answer, whoever they are about. */
  const about = (call: WireCall, truth: Truth): UserRecord => {
    const userId = call.userId ?? ''
    const staleMs = call.kind === 'GET' ? (call.fate.staleMs ?? 0) : 0
    const { service } = call
    if (call.fate.wrongSubject !== true) return truth.record(userId, staleMs, service)
    const other = truth.ids().find((id) => id !== userId)
    if (other !== undefined) return truth.record(other, staleMs, service)
    const record = truth.record(userId, staleMs, service)
    return { ...record, key: { ...record.key, userId: 'stranger' } }
  }

  /** What the server does with a call that has landed, what it says, and the records in that. */
  const serve = (
    call: WireCall,
    token: string,
    copy: boolean,
  ): { readonly said: Answer; readonly records: readonly UserRecord[]; readonly amiss?: boolean } => {
    const truth = truthOf(call.identity.origin)
    const { fate } = call
    // A copy made on the way meets the server in its ordinary state, whatever befell the original.
    const server = copy ? undefined : fate.server
    hooks.landing(call, copy)
    const only = (said: Answer) => ({ said, records: [] })
    if (call.kind === 'TOKEN') {
      if (server?.kind === 'busy') return only(refusal(server.status, 'Too much to do.'))
      if (call.password !== password()) return only(refusal(401, 'Unauthenticated.'))
      return only(answer(200, { token: truth.newToken(), userId: call.identity.account, loginType: 'Group' }))
    }
    if (server?.kind === '401') truth.endSessions()
    if (!truth.accepts(token)) return only(refusal(401, 'Unauthenticated.'))
    if (call.kind === 'LOGOUT') return only(answer(200, {}))
    if (server?.kind === 'busy') {
      const { status, retryAfterMs } = server
      const headers =
        retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }
      return only(refusal(status, 'Too much to do.', headers))
    }
    if (call.kind === 'SESSION') return only(answer(200, { userId: call.identity.account }))
    if (server?.kind === '4003') return only(refusal(403, '[Error 4003] No.'))
    if (server?.kind === '403') return only(refusal(403, 'Forbidden'))
    const broken = (): Answer => refusal(server?.kind === 'broken' ? server.status : 500, 'Server Error')
    if (call.kind === 'LIST') {
      if (server?.kind === 'broken') return only(broken())
      const records = truth
        .ids()
        .filter(truth.exists)
        .map((id) => truth.record(id, fate.staleMs ?? 0))
        .map((record) =>
          fate.wrongSubject === true ? { ...record, key: { ...record.key, groupId: 'elsewhere' } } : record,
        )
      return { said: answer(200, records.map(jsonOf)), records, amiss: fate.wrongSubject === true }
    }
    const userId = call.userId ?? ''
    if (!truth.exists(userId)) return only(refusal(404, '[Error 4008] User not found'))
    if (call.kind === 'GET') {
      if (server?.kind === 'broken') return only(broken())
      const record = about(call, truth)
      if (isHalf(call)) return { ...only(answer(200, halfOf(jsonOf(record)))), amiss: true }
      return { said: answer(200, jsonOf(record)), records: [record], amiss: fate.wrongSubject === true }
    }
    const applied =
      server?.kind === 'forgets'
        ? 'none'
        : server?.kind === 'broken' || server?.kind === 'refused' || server?.kind === 'nonsense'
          ? server.applied
          : 'all'
    const wrote = write(truth, call, applied)
    hooks.landed(call, wrote)
    if (fate.overtaken !== undefined && !copy && wrote[0] !== undefined) {
      const [path] = wrote
      const isSwitch = fieldAt(path)?.kind === 'boolean'
      const theirs = isRinging(path) ? ringing(String(fate.overtaken).length * 13 + 5) : fate.overtaken
      truth.set(userId, path, isSwitch ? truth.value(userId, path) !== true : theirs)
    }
    if (server?.kind === 'broken') return only(broken())
    if (server?.kind === 'refused') {
      return only(refusal(400, '[Error 4202] Extension is already assigned to another user'))
    }
    if (server?.kind === 'nonsense') return only(answer(200, { hello: 1 }))
    const record = about(call, truth)
    const amiss = fate.wrongSubject === true
    if (fate.echo !== true && isHalf(call)) {
      return { ...only(answer(200, halfOf(jsonOf(record)))), amiss }
    }
    if (fate.echo !== true) return { said: answer(200, jsonOf(record)), records: [record], amiss }
    return { ...only(answer(200, { ...(call.body as JsonObject), userId: record.key.userId })), amiss }
  }

  /** A copy tells its age. */
  const aged = ({ fate, kind }: WireCall, served: ReturnType<typeof serve>): ReturnType<typeof serve> =>
    fate.kept !== true || (kind !== 'GET' && kind !== 'LIST')
      ? served
      : {
          said: {
            ...served.said,
            headers: { ...served.said.headers, age: String(Math.ceil((fate.staleMs ?? 0) / 1000)) },
          },
          records: [],
          amiss: true,
        }

  const call = (
    caller: Caller,
    room: number,
    identity: Identity,
    request: HttpRequest,
  ): Promise<HttpOutcome> =>
    new Promise((resolve) => {
      // What a process was about to send when the power went is not sent.
      if (!caller.alive()) return
      const about = aboutOf(request)
      const fate = decide({ ...about, life: caller.id, identity })
      const sentToken = (request.headers.authorization ?? '').replace('Bearer ', '')
      const one: WireCall = {
        id: log.length,
        life: caller.id,
        room,
        identity,
        ...about,
        startedAt: timeline.now(),
        fate,
        landings: [],
        flying: 0,
      }
      log.push(one)
      hooks.started(one)
      const deliver = (
        outcome: HttpOutcome,
        records: readonly UserRecord[],
        by: 'server' | 'page' | 'nobody',
        amiss = false,
      ): void => {
        const wake = caller.asleepUntil?.() ?? timeline.now()
        if (wake > timeline.now()) {
          timeline.at(wake, () => deliver(outcome, records, by, amiss))
          return
        }
        if (one.endedAt !== undefined || !caller.alive()) return
        one.endedAt = timeline.now()
        one.answered = by === 'server'
        if (outcome.kind === 'answer') one.status = outcome.status
        one.accepted = by === 'server' && one.status === 200
        one.told = by === 'nobody' ? 'nothing' : by === 'page' || amiss ? 'amiss' : 'this'
        hooks.delivered(one, records)
        resolve(outcome)
      }
      const read = ({ said, records, amiss }: ReturnType<typeof serve>, by: 'server' | 'page'): void =>
        deliver({ kind: 'answer', ...rewrite(said, request) }, records, by, amiss)
      const failed = (reason: HttpFailure, sent: boolean): void =>
        deliver({ kind: 'failed', reason, sent, message: reason }, [], 'nobody')
      if (fate.notSent !== undefined) {
        const reason = fate.notSent
        timeline.in(fate.answeredAt ?? 1, () => failed(reason, false))
        return
      }
      const { page } = fate
      if (page !== undefined) {
        timeline.in(fate.answeredAt ?? 10, () =>
          read({ said: pageOf(page, fate.pageIsJson), records: [] }, 'page'),
        )
        return
      }
      const land = (copy: boolean): void => {
        one.flying--
        if (one.lastLanding !== undefined && timeline.now() > one.lastLanding) return
        one.landings.push(timeline.now())
        const served = serve(one, sentToken, copy)
        if (copy || fate.answeredAt === undefined || gateway) return
        const { pageAfter } = fate
        timeline.in(fate.answeredAt - (fate.landsAt ?? 0), () => {
          if (pageAfter === undefined) read(aged(one, served), 'server')
          else read({ said: pageOf(pageAfter, fate.pageIsJson), records: [] }, 'page')
        })
      }
      const gateway =
        fate.answeredAt !== undefined && (fate.landsAt === undefined || fate.answeredAt < fate.landsAt)
      if (gateway) timeline.in(fate.answeredAt ?? 0, () => read({ said: pageOf(504), records: [] }, 'page'))
      if (fate.landsAt !== undefined) {
        one.flying++
        timeline.in(fate.landsAt, () => land(false))
      }
      if (fate.copyLandsAt !== undefined && one.kind === 'PUT') {
        one.flying++
        timeline.in(fate.copyLandsAt, () => land(true))
      }
      timeline.in(fate.givesUpAt, () => failed('answer-timeout', true))
    })

  return {
    log: log as readonly WireCall[],
    /** The stack under the client of one opened server. As the real one, it asks before the first byte. */
    http: (caller: Caller, room: number, identity: Identity): Http => ({
      async send(request) {
        try {
          await request.beforeSend?.()
        } catch {
          return { kind: 'failed', reason: 'aborted', sent: false, message: 'aborted' }
        }
        return call(caller, room, identity, request)
      },
    }),
    /** A process has died: nobody waits for the answers to its calls any more. */
    orphan(life: number, withinMs: number): void {
      for (const one of log) {
        if (one.life !== life || one.endedAt !== undefined) continue
        one.endedAt = timeline.now()
        one.lastLanding = timeline.now() + withinMs
      }
    },
  }
}
export type Network = ReturnType<typeof createNetwork>
