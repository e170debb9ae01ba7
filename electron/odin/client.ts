import type { Clock, Http, Log, Random } from '../platform/ports'
import { createPaces, type Paces } from '../server/pace'
import { readBaseUrl } from './base-url'
import { createLookups } from './lookups'
import { createServiceCalls } from './services'
import { createSession } from './session'
import type { OdinConnection } from './types'
import { createUserCalls } from './users'
import { connectionClosed, createWire, type TimeLimits, workingOffline } from './wire'
import { createWrites } from './writes'

export interface OdinClientOptions {
  readonly http: Http
  readonly clock: Clock
  readonly random?: Random
  /** Such as `https://odin.example.com/api/v2`. A useless one makes every call fail as not sent. */
  readonly baseUrl: string
  readonly callsPerSecond: number
  /** Shared with everything else that calls this server. Left out, the client is alone. */
  readonly paces?: Paces
  /** PEM text of further trusted authorities. */
  readonly ca?: string
  /** The way to the server: `none`, or the address of a proxy; left out, the system's. */
  readonly proxy?: string
  /** The user id that signs in, for a silent sign-in before any by a person. */
  readonly account?: string
  /** The account's password, for a silent sign-in; undefined when it is not kept. Rejects when it cannot be read now. */
  readonly credentials: () => Promise<string | undefined>
  /** Runs when a sign-in has begun or ended. */
  readonly onSession?: () => void
  /** False while a person works offline: then nothing at all is sent. */
  readonly mayCall?: () => boolean
  readonly log: Log
  /** Left out: those of the real server. */
  readonly limits?: TimeLimits
}

/** A client for one account on one server. Its calls share one pace and one sign-in, and never throw. */
export function createOdinClient(options: OdinClientOptions): OdinConnection {
  const { http, clock, log, baseUrl, callsPerSecond, credentials, ca, account, mayCall, limits, proxy } =
    options
  let closed = false
  const mayNot = () => {
    if (closed) return connectionClosed
    return mayCall?.() === false ? workingOffline : undefined
  }
  const paces = options.paces ?? createPaces(clock, Number.NEGATIVE_INFINITY)
  const pace = paces.join(baseUrl, callsPerSecond)
  const base = readBaseUrl(baseUrl)
  const wire = createWire({
    http,
    pace,
    clock,
    base,
    log,
    mayNot,
    ...(ca === undefined ? {} : { ca }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(limits === undefined ? {} : { limits }),
  })
  const session = createSession({
    wire,
    clock,
    credentials,
    log,
    mayNot,
    ...(account === undefined ? {} : { account }),
    ...(options.onSession === undefined ? {} : { onChange: options.onSession }),
  })
  const users = createUserCalls(session.ask, session.current)
  return {
    signIn(username, password) {
      // A person waits for it, whatever pause the server has asked for.
      pace.release()
      return session.signIn(username, password)
    },
    session: session.current,
    checkSession: session.check,
    changeExpiredPassword: session.changeExpiredPassword,
    revive: session.revive,
    signOut: session.signOut,
    close() {
      closed = true
      session.close()
      pace.leave()
    },
    setCallsPerSecond: pace.setCallsPerSecond,
    ...users,
    ...createLookups(session.ask, users.users),
    ...createWrites(session.ask),
    ...createServiceCalls(session.ask),
  }
}
