import type { Json } from '../../shared/json'
import { createTurns } from '../platform/pause'
import type { Clock, Http, Log } from '../platform/ports'
import type { Pace, Turn, Urgency } from '../server/pace'
import { readJson } from './answer'
import type { BaseUrl } from './base-url'
import {
  type Answer,
  type ErrorContext,
  errorInSuccess,
  errorOfAnswer,
  errorOfFailure,
  errorOfShape,
  localError,
  shown,
} from './errors'
import { isKept } from './kept'
import type { OdinError, OdinResult } from './types'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** One call of the API, before anything about connections, tokens or pace. */
export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST'
  /** Below the base URL, such as `/users`. Ids never go here: version 2 has none in its paths. */
  readonly path: string
  readonly query?: Query
  readonly body?: Json
  /** What is called: decides how long and how much to wait for. */
  readonly size?: 'small' | 'list' | 'extended'
  /** The result has the whole answer as it came. */
  readonly keepBytes?: boolean
  /** An answer without a body is fine, as for calls whose answer is not documented. */
  readonly emptyIsFine?: boolean
  /** Passwords, passcodes and tokens that this call sends: struck out of everything that comes back. */
  readonly secrets?: readonly string[]
  /** The answer itself is secret, so none of it is kept. */
  readonly secretAnswer?: boolean
  readonly isSignIn?: boolean
  readonly signal?: AbortSignal
  /** What goes first; a person's questions before lists, when it is left out. */
  readonly urgency?: Urgency
  /** Asked up to the first byte: what it was decided on may be too old by then, after a sign-in or slow connecting. */
  readonly mayStart?: () => boolean
  /** Leave to start at once, had by whoever had to decide something first. Used up or given back by this call. */
  readonly turn?: Turn
}

/** Asked when the call's turn has come, so that it leaves with the token of that moment. */
export type Authorise = () => Promise<
  | { readonly ok: true; readonly token: string | undefined }
  | { readonly ok: false; readonly error: OdinError }
>

export interface Reply {
  readonly result: OdinResult<Json>
  /** The token it was sent with, apart from the result so that it cannot leave with it. */
  readonly token?: string
}

export interface Wire {
  /** @param options.first Before all waiting calls: for what they themselves wait for. */
  exchange(call: Call, authorise: Authorise, options?: { first?: boolean }): Promise<Reply>
}

export interface WireOptions {
  readonly http: Http
  readonly pace: Pace
  readonly clock: Clock
  readonly base: BaseUrl
  readonly ca?: string
  readonly proxy?: string
  readonly log: Log
  /** Why nothing may be sent at present, whoever asks: working offline, or the connection is closed. */
  readonly mayNot?: () => OdinError | undefined
  readonly limits?: TimeLimits
}

/** How long connecting and a whole answer may take, each in ms. */
export type TimeLimits = Readonly<Record<'connect' | 'small' | 'write' | 'list' | 'extended', number>>

/** A write's time stays well below the 90 s after which the sync protocol takes it that a lost write cannot land any more. */
const usualLimits: TimeLimits = {
  connect: 10_000,
  small: 30_000,
  write: 60_000,
  list: 120_000,
  extended: 300_000,
}

/** How long an answer may be. */
const mostBytes = { small: 8_000_000, write: 8_000_000, list: 64_000_000, extended: 256_000_000 } as const

/** What an answer may become, whatever it weighs. */
const mostMembers = { small: 500_000, list: 8_000_000, extended: 12_000_000 } as const

/** Puts calls on the wire, each once, and reads their answers. Knows nothing about sessions. Never throws. */
export function createWire({
  http,
  pace,
  clock,
  base,
  ca,
  proxy,
  log,
  mayNot = () => undefined,
  limits = usualLimits,
}: WireOptions): Wire {
  const ownTurn = createTurns()
  let asked = 0
  const exchange: Wire['exchange'] = async (call, authorise, { first = false } = {}) => {
    if (!base.ok) {
      call.turn?.giveBack()
      return unsent(localError('not-sent', 'bad-base-url', base.problem, 'Correct the connection.'))
    }
    const isRead = call.method === 'GET'
    const { signal } = call
    let turn = call.turn
    const without = (error: OdinError): Reply => {
      turn?.giveBack()
      return unsent(error)
    }
    const forbidden = (): OdinError | undefined =>
      mayNot() ?? (call.mayStart?.() === false ? tooLate : undefined)
    const refused = forbidden()
    if (refused !== undefined) return without(refused)
    try {
      turn ??= await pace.turn(first ? 'sign-in' : urgencyOf(call), signal)
    } catch {
      return unsent(cancelled)
    }
    const mine = turn
    const authority = await authorise()
    if (!authority.ok) return without(authority.error)
    if (signal?.aborted) return without(cancelled)
    // It may have waited for its turn, or for a sign-in, until after the person decided otherwise.
    const refusedNow = forbidden()
    if (refusedNow !== undefined) return without(refusedNow)
    const { token } = authority
    let heldBack: OdinError | undefined
    const context: ErrorContext = {
      isRead,
      isSecure: base.isSecure,
      isSignIn: call.isSignIn ?? false,
      secrets: [...(call.secrets ?? []), ...(token === undefined ? [] : [token])],
    }
    const size = isRead ? (call.size ?? 'small') : 'write'
    const started = clock.mono()
    const outcome = await http.send({
      method: call.method,
      url: urlOf(base.url, call.path, call.query),
      headers: {
        accept: 'application/json',
        'user-agent': 'Gungnir',
        // What is decided by a read has to be what the server has now, whatever stands on the way.
        ...(isRead ? { 'cache-control': 'no-cache' } : {}),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      connectTimeoutMs: limits.connect,
      answerTimeoutMs: limits[size],
      maxAnswerBytes: mostBytes[size],
      ...(ca === undefined ? {} : { ca }),
      ...(proxy === undefined ? {} : { proxy }),
      ...(signal === undefined ? {} : { signal }),
      beforeSend: async () => {
        await mine.write(signal)
        heldBack = forbidden()
        if (heldBack !== undefined) throw heldBack
      },
    })
    if (heldBack !== undefined) return unsent(heldBack)
    if (isRead && outcome.kind === 'answer' && isKept(outcome.headers)) {
      const { turn: _used, ...again } = call
      // No copy is kept of what nobody has asked before.
      if (call.query?.[freshKey] === undefined) {
        const fresh = `${Math.round(clock.wall())}-${++asked}`
        return exchange({ ...again, query: { ...call.query, [freshKey]: fresh } }, authorise, { first })
      }
      const error = errorOfShape(call.secretAnswer ? { ...outcome, body: '' } : outcome, 'kept', context)
      pace.note({ ms: clock.mono() - started, error })
      record(log, call, fail(error), clock.mono() - started)
      return token === undefined ? { result: fail(error) } : { result: fail(error), token }
    }
    // Lists that came together are read one after another, with everything else between them.
    if (outcome.kind === 'answer' && outcome.body.length > longAnswer) await ownTurn()
    const result: OdinResult<Json> =
      outcome.kind === 'failed' ? fail(errorOfFailure(outcome, context)) : interpret(outcome, call, context)
    const ms = clock.mono() - started
    // A list takes as long as it is long; only its failing says something of the server.
    const isList = call.size !== undefined && call.size !== 'small'
    pace.note({
      ...(isList ? {} : { kind: `${call.method} ${call.path}` }),
      ms,
      ...(result.ok ? {} : { error: result.error }),
    })
    record(log, call, result, ms)
    return token === undefined ? { result } : { result, token }
  }
  return { exchange }
}

const freshKey = '_'

const urgencyOf = ({ urgency, size = 'small' }: Call): Urgency =>
  urgency ?? (size === 'small' ? 'person' : 'load')

/** Letters of an answer that take a millisecond to read. */
const longAnswer = 100_000

/** What a call is told while a person works offline. */
export const workingOffline = localError(
  'not-sent',
  'work-offline',
  'Gungnir is working offline.',
  'Switch off Work offline to reach the server.',
)

/** What a change is told that was decided on a read which is too old by now. */
const tooLate = localError(
  'not-sent',
  'too-late',
  'It had to wait so long that the user is read again first.',
  'Nothing needs to be done.',
)

/** What a call is told whose connection has been closed or replaced. */
export const connectionClosed = localError(
  'cancelled',
  'closed',
  'The connection to the server was closed.',
  'Nothing needs to be done.',
)

const cancelled = localError('cancelled', 'aborted', 'The call was cancelled.', 'Nothing needs to be done.')

function fail(error: OdinError): { readonly ok: false; readonly error: OdinError } {
  return { ok: false, error }
}

const unsent = (error: OdinError): Reply => ({ result: fail(error) })

/** Reads one answer. Only a 2xx with JSON in it can be a success. */
export function interpret(
  answer: Answer & { readonly bytes?: Uint8Array },
  call: Call,
  context: ErrorContext,
): OdinResult<Json> {
  if (answer.status < 200 || answer.status > 299) return fail(errorOfAnswer(answer, context))
  const read = readJson(answer.body, mostMembers[call.method === 'GET' ? (call.size ?? 'small') : 'small'])
  if (!read.ok && !(read.cause === 'empty' && call.emptyIsFine)) {
    const isSecret = call.secretAnswer && read.cause !== 'html'
    return fail(errorOfShape(isSecret ? { ...answer, body: '' } : answer, read.cause, context))
  }
  const json = read.ok ? read.json : null
  const error = errorInSuccess(answer, json, context)
  if (error !== undefined) return fail(error)
  const raw = call.secretAnswer ? '' : shown(answer.body, context.secrets ?? [])
  const bytes = call.keepBytes ? { bytes: answer.bytes ?? Buffer.from(answer.body) } : {}
  return { ok: true, value: json, status: answer.status, raw, ...bytes }
}

/** Everything a person or a server put into an id is encoded, so that it stays one value of the query. */
export function urlOf(base: string, path: string, query: Query = {}): string {
  const parts: string[] = []
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parts.push(`${encodeURIComponent(name)}=${encode(String(value))}`)
  }
  return `${base}${path}${parts.length === 0 ? '' : `?${parts.join('&')}`}`
}

function encode(value: string): string {
  // encodeURIComponent throws on half a surrogate pair, which JSON can carry.
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\ufffd'))
}

// Paths hold no ids; queries, bodies and answers do, and stay out of the log.
function record(log: Log, { method, path }: Call, result: OdinResult<Json>, ms: number): void {
  const facts = { method, path, ms: Math.round(ms) }
  if (result.ok) {
    if (method !== 'GET') log.info('odin.call', { ...facts, status: result.status })
    return
  }
  const { kind, cause, status, code } = result.error
  if (kind !== 'cancelled') log.warn('odin.call', { ...facts, kind, cause, status, code })
}
