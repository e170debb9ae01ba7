import type { Identity, ServerPort } from '../../electron/features/outbox/engine/ports'
import type { OdinError, OdinResult, PutAnswer } from '../../electron/odin/types'
import type { JsonObject } from '../../shared/json'
import type { FieldPath, FieldValue, UserKey, UserRecord } from '../../shared/user/types'
import type { Timeline } from './time'

export type CallKind = 'GET' | 'LIST' | 'PUT' | 'SESSION'

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
  /** Somebody else answers: a log-in page. Nothing lands. */
  readonly portal?: boolean
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
  readonly kind: CallKind
  readonly identity: Identity
  readonly userId?: string
  readonly body?: JsonObject & UserKey
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
}

interface Person {
  fields: Record<FieldPath, FieldValue>
  exists: boolean
  readonly past: { at: number; fields: Record<FieldPath, FieldValue> }[]
}

/** The server's own spelling: values that end in `-n` are kept in capitals. */
export const serverSpelling = (value: FieldValue): FieldValue =>
  typeof value === 'string' && value.endsWith('-n') ? value.toUpperCase() : value

const keys: readonly string[] = ['serviceProviderId', 'groupId', 'userId']
export const fieldsOf = (body: JsonObject): [FieldPath, FieldValue][] =>
  Object.entries(body).filter(([path]) => !keys.includes(path))

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
    record(userId: string, staleMs: number): UserRecord {
      const person = people.get(userId)
      const then = timeline.now() - staleMs
      const seen =
        staleMs === 0 ? undefined : (person?.past.findLast(({ at }) => at <= then) ?? person?.past[0])
      return {
        key: { serviceProviderId: 'sp', groupId: 'grp', userId },
        completeness: 'full',
        fields: { ...(seen?.fields ?? person?.fields) },
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

const failed = (
  error: Omit<OdinError, 'next' | 'message'> & { message?: string },
): { ok: false; error: OdinError } => ({
  ok: false,
  error: { message: `${error.cause}.`, next: '', ...error },
})

const unknown = (cause: string, status?: number): { ok: false; error: OdinError } =>
  failed({ kind: 'unknown', cause, ...(status === undefined ? {} : { status }) })

export interface NetworkHooks {
  started(call: WireCall): void
  /** A copy of a call is carried out; `write` says which fields it may write. */
  landing(call: WireCall, copy: boolean): void
  landed(call: WireCall, wrote: readonly FieldPath[]): void
  delivered(call: WireCall, result: OdinResult<unknown>, seen: readonly UserRecord[]): void
}

/** The way to the servers and back, with everything that can go wrong on it. Keeps the wire log. */
export function createNetwork(deps: {
  readonly timeline: Timeline
  readonly truthOf: (origin: string) => Truth
  readonly fate: (call: Pick<WireCall, 'kind' | 'userId' | 'body' | 'life' | 'identity'>) => CallFate
  readonly hooks: NetworkHooks
}) {
  const { timeline, truthOf, fate: decide, hooks } = deps
  const log: WireCall[] = []

  const write = (truth: Truth, call: WireCall, applied: 'none' | 'part' | 'all'): FieldPath[] => {
    const fields = fieldsOf(call.body ?? {})
    const count = applied === 'all' ? fields.length : applied === 'part' ? Math.floor(fields.length / 2) : 0
    return fields.slice(0, count).map(([path, value]) => {
      truth.set(call.userId ?? '', path, value)
      return path
    })
  }

  /** What the server does with a call that has landed, and what it says. */
  const serve = (call: WireCall, token: string, copy: boolean): OdinResult<unknown> => {
    const truth = truthOf(call.identity.origin)
    const { fate } = call
    // A copy made on the way meets the server in its ordinary state, whatever befell the original.
    const server = copy ? undefined : fate.server
    hooks.landing(call, copy)
    const answer = (): OdinResult<unknown> => {
      if (server?.kind === '401') truth.endSessions()
      if (!truth.accepts(token)) return failed({ kind: 'unauthorized', cause: 'unauthorized', status: 401 })
      if (server?.kind === 'busy') {
        return failed({
          kind: 'busy',
          cause: 'busy',
          status: server.status,
          ...(server.retryAfterMs === undefined ? {} : { retryAfterMs: server.retryAfterMs }),
        })
      }
      if (call.kind === 'SESSION') return { ok: true, value: {}, status: 200, raw: '{}' }
      if (server?.kind === '4003') {
        return failed({
          kind: 'forbidden',
          cause: 'forbidden',
          status: 403,
          code: '4003',
          text: '[Error 4003] No.',
        })
      }
      if (server?.kind === '403') {
        return failed({ kind: 'forbidden-or-signed-out', cause: 'forbidden', status: 403 })
      }
      if (call.kind === 'LIST') {
        if (server?.kind === 'broken') return unknown('server-error', server.status)
        const value = truth
          .ids()
          .filter(truth.exists)
          .map((id) => truth.record(id, fate.staleMs ?? 0))
        return { ok: true, value, status: 200, raw: '[]' }
      }
      const userId = call.userId ?? ''
      if (!truth.exists(userId)) {
        return failed({
          kind: 'not-found',
          cause: 'user-not-found',
          status: 404,
          text: '[Error 4008] Not found',
        })
      }
      if (call.kind === 'GET') {
        if (server?.kind === 'broken') return unknown('server-error', server.status)
        return { ok: true, value: truth.record(userId, fate.staleMs ?? 0), status: 200, raw: '{}' }
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
        truth.set(userId, wrote[0], fate.overtaken)
      }
      if (server?.kind === 'broken') return unknown('server-error', server.status)
      if (server?.kind === 'refused') {
        return failed({
          kind: 'refused',
          cause: 'broadworks',
          status: 400,
          code: '4202',
          text: '[Error 4202] Extension is already assigned to another user',
        })
      }
      if (server?.kind === 'nonsense') return unknown('shape', 200)
      const value: PutAnswer =
        fate.echo === true ? { json: call.body ?? {} } : { record: truth.record(userId, 0), json: {} }
      return { ok: true, value, status: 200, raw: '{}' }
    }
    return answer()
  }

  const seenIn = (call: WireCall, result: OdinResult<unknown>): readonly UserRecord[] => {
    if (!result.ok) return []
    if (call.kind === 'GET') return [result.value as UserRecord]
    if (call.kind === 'LIST') return result.value as UserRecord[]
    const { record } = call.kind === 'PUT' ? (result.value as PutAnswer) : {}
    return record === undefined ? [] : [record]
  }

  const call = <T>(
    life: { readonly id: number; readonly alive: () => boolean },
    identity: Identity,
    token: () => string,
    what: { readonly kind: CallKind; readonly userId?: string; readonly body?: JsonObject & UserKey },
  ): Promise<OdinResult<T>> =>
    new Promise((resolve) => {
      // What a process was about to send when the power went is not sent.
      if (!life.alive()) return
      const fate = decide({ ...what, life: life.id, identity })
      const sentToken = token()
      const one: WireCall = {
        id: log.length,
        life: life.id,
        identity,
        ...what,
        startedAt: timeline.now(),
        fate,
        landings: [],
        flying: 0,
      }
      log.push(one)
      hooks.started(one)
      const deliver = (result: OdinResult<unknown>, answered: boolean): void => {
        if (one.endedAt !== undefined || !life.alive()) return
        one.endedAt = timeline.now()
        one.answered = answered
        one.accepted = answered && result.ok
        hooks.delivered(one, result, seenIn(one, result))
        resolve(result as OdinResult<T>)
      }
      if (fate.notSent !== undefined) {
        const cause = fate.notSent
        timeline.in(fate.answeredAt ?? 1, () => deliver(failed({ kind: 'not-sent', cause }), false))
        return
      }
      if (fate.portal) {
        timeline.in(fate.answeredAt ?? 10, () => deliver(unknown('html', 200), false))
        return
      }
      const land = (copy: boolean): void => {
        one.flying--
        if (one.lastLanding !== undefined && timeline.now() > one.lastLanding) return
        one.landings.push(timeline.now())
        const result = serve(one, sentToken, copy)
        if (copy || fate.answeredAt === undefined || gateway) return
        timeline.in(fate.answeredAt - (fate.landsAt ?? 0), () => deliver(result, true))
      }
      const gateway =
        fate.answeredAt !== undefined && (fate.landsAt === undefined || fate.answeredAt < fate.landsAt)
      if (gateway) timeline.in(fate.answeredAt ?? 0, () => deliver(unknown('gateway', 504), false))
      if (fate.landsAt !== undefined) {
        one.flying++
        timeline.in(fate.landsAt, () => land(false))
      }
      if (fate.copyLandsAt !== undefined && what.kind === 'PUT') {
        one.flying++
        timeline.in(fate.copyLandsAt, () => land(true))
      }
      timeline.in(fate.givesUpAt, () => deliver(unknown('timeout'), false))
    })

  return {
    log: log as readonly WireCall[],
    /** The calls of one signed-in identity from one process. */
    port: (
      life: { readonly id: number; readonly alive: () => boolean },
      identity: Identity,
      token: () => string,
    ): ServerPort => ({
      readUser: (userId) => call(life, identity, token, { kind: 'GET', userId }),
      readGroup: () => call(life, identity, token, { kind: 'LIST' }),
      putUser: (body) => call(life, identity, token, { kind: 'PUT', userId: body.userId, body }),
      probe: () => call(life, identity, token, { kind: 'SESSION' }),
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
