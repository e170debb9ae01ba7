import type { Clock, Http, Log } from '../platform/ports'
import type { Paces } from '../server/pace'
import { readBaseUrl } from './base-url'
import { createOdinClient } from './client'
import type { OdinError } from './types'

/** What **Test connection** found out. */
export interface ProbeResult {
  readonly ok: boolean
  /**
   * `ok`, `bad-base-url`, `no-such-host`, `refused`, `unreachable`, `timeout`, `tls`, `proxy`, `not-odin`,
   * `captive-portal`, `wrong-password`, `account-disabled`, `password-expired`, `not-permitted`, `server-error`,
   * `cancelled`.
   */
  readonly cause: string
  readonly message: string
  readonly next?: string
  readonly raw?: string
  /** The address of a proxy that wants a sign-in. */
  readonly proxy?: string
}

export interface ProbeTarget {
  readonly baseUrl: string
  readonly username: string
  readonly password: string
  /** PEM text. */
  readonly callsPerSecond?: number
  readonly ca?: string
  readonly proxy?: string
}

export interface ProbeParts {
  readonly clock: Clock
  readonly log: Log
  /** Shared with everything else that calls this server. */
  readonly paces?: Paces
}

/**
 * Signs in once and out again, and says in words what came of it. The password is offered to the server a single
 * time, since failed attempts are counted.
 */
export async function probe(
  http: Http,
  target: ProbeTarget,
  { clock, log, paces }: ProbeParts,
): Promise<ProbeResult> {
  const base = readBaseUrl(target.baseUrl)
  if (!base.ok) {
    return {
      ok: false,
      cause: 'bad-base-url',
      message: base.problem,
      ...(base.proposal === undefined ? {} : { next: `Did you mean ${base.proposal}?` }),
    }
  }
  const client = createOdinClient({
    http,
    clock,
    log,
    baseUrl: target.baseUrl,
    callsPerSecond: target.callsPerSecond ?? 5,
    ...(paces === undefined ? {} : { paces }),
    credentials: async () => undefined,
    ...(target.ca === undefined ? {} : { ca: target.ca }),
    ...(target.proxy === undefined ? {} : { proxy: target.proxy }),
  })
  const result = await client.signIn(target.username, target.password)
  if (!result.ok) {
    client.close()
    return explain(result.error, base.usually)
  }
  void client.signOut().finally(client.close)
  const { userId, loginType, softwareVersion, passwordExpiresInDays } = result.value
  const type = loginType === '' ? '' : ` (${loginType})`
  const version = softwareVersion === undefined ? '' : `, BroadWorks ${softwareVersion}`
  const warnings = base.warning === undefined ? [] : [base.warning]
  if (passwordExpiresInDays !== undefined && passwordExpiresInDays < 14) {
    warnings.push(`The password expires in ${passwordExpiresInDays} days.`)
  }
  return {
    ok: true,
    cause: 'ok',
    message: `Works: signed in and out again as ${userId}${type}${version}.`,
    ...(warnings.length === 0 ? {} : { next: warnings.join(' ') }),
  }
}

const causes: Readonly<Record<string, string>> = {
  'connect-timeout': 'timeout',
  'answer-timeout': 'timeout',
  timeout: 'timeout',
  'gateway-timeout': 'timeout',
  'proxy-sign-in': 'proxy',
  html: 'not-odin',
  redirect: 'not-odin',
  'wrong-path': 'not-odin',
  'not-found': 'not-odin',
  'not-json': 'not-odin',
  'not-api': 'not-odin',
  'no-token': 'not-odin',
  shape: 'not-odin',
  empty: 'not-odin',
  truncated: 'not-odin',
  'too-deep': 'not-odin',
  'too-large': 'not-odin',
  'bad-answer': 'not-odin',
  'method-not-allowed': 'not-odin',
  'user-not-found': 'wrong-password',
  forbidden: 'not-permitted',
  aborted: 'cancelled',
  unavailable: 'server-error',
  gateway: 'server-error',
  'too-many-calls': 'server-error',
}

function explain(error: OdinError, usually: string | undefined): ProbeResult {
  const cause = causeOf(error)
  const isElsewhere = cause === 'not-odin'
  const said =
    error.text === undefined || (isElsewhere && !error.text.startsWith('Location:'))
      ? ''
      : ` The server says: “${error.text}”`
  return {
    ok: false,
    cause,
    message: `${error.message}${said}`,
    next: isElsewhere && usually !== undefined ? `The API usually lies at ${usually}.` : nextOf(error, cause),
    ...(error.raw === undefined ? {} : { raw: error.raw }),
    ...(error.proxy === undefined ? {} : { proxy: error.proxy }),
  }
}

function causeOf({ cause, status }: OdinError): string {
  if (cause.startsWith('tls')) return 'tls'
  // Before there ever was a sign-in, a web page more likely means a wrong address than a guest network.
  if (cause === 'captive-portal' && status !== 511) return 'not-odin'
  return Object.hasOwn(causes, cause) ? (causes[cause] ?? cause) : cause
}

/** At a sign-in nothing can have changed, so "reading the user will tell" would be no help. */
function nextOf(error: OdinError, cause: string): string {
  if (error.kind !== 'unknown') return error.next
  if (cause === 'timeout') return 'Try again; if it stays, check your network or VPN.'
  if (cause === 'not-odin' || cause === 'captive-portal') {
    return error.cause === 'html' || error.cause === 'captive-portal' || error.cause === 'redirect'
      ? error.next
      : 'Check host, port and path in the base URL; it usually ends with /api/v2.'
  }
  return 'Try again a little later.'
}
