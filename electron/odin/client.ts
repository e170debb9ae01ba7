import type { Clock, Http, Log, Random } from '../platform/ports'
import { readBaseUrl } from './base-url'
import { createLookups } from './lookups'
import { createPacer } from './pacer'
import { createSession } from './session'
import type { OdinConnection } from './types'
import { createUserCalls } from './users'
import { connectionClosed, createWire, workingOffline } from './wire'
import { createWrites } from './writes'

export interface OdinClientOptions {
  readonly http: Http
  readonly clock: Clock
  readonly random?: Random
  /** Such as `https://odin.example.com/api/v2`. A useless one makes every call fail as not sent. */
  readonly baseUrl: string
  readonly callsPerSecond: number
  /** PEM text of further trusted authorities. */
  readonly ca?: string
  /** The user id that signs in, for a silent sign-in before any by a person. */
  readonly account?: string
  /** The account's password, for a silent sign-in; undefined when it is not kept. Rejects when it cannot be read now. */
  readonly credentials: () => Promise<string | undefined>
  /** Runs when a sign-in has begun or ended. */
  readonly onSession?: () => void
  /** False while a person works offline: then nothing at all is sent. */
  readonly mayCall?: () => boolean
  readonly log: Log
}

/** A client for one account on one server. Its calls share one pace and one sign-in, and never throw. */
export function createOdinClient(options: OdinClientOptions): OdinConnection {
  const { http, clock, log, baseUrl, callsPerSecond, credentials, ca, account, mayCall } = options
  let closed = false
  const mayNot = () => {
    if (closed) return connectionClosed
    return mayCall?.() === false ? workingOffline : undefined
  }
  const pacer = createPacer({ clock, callsPerSecond })
  const base = readBaseUrl(baseUrl)
  const wire = createWire({ http, pacer, clock, base, log, mayNot, ...(ca === undefined ? {} : { ca }) })
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
    signIn: session.signIn,
    session: session.current,
    checkSession: session.check,
    changeExpiredPassword: session.changeExpiredPassword,
    revive: session.revive,
    signOut: session.signOut,
    close() {
      closed = true
      session.close()
    },
    setCallsPerSecond: pacer.setCallsPerSecond,
    ...users,
    ...createLookups(session.ask, users.users),
    ...createWrites(session.ask),
  }
}
