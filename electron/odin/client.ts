import type { Clock, Http, Log, Random } from '../platform/ports'
import { readBaseUrl } from './base-url'
import { createLookups } from './lookups'
import { createPacer } from './pacer'
import { createSession } from './session'
import type { OdinConnection } from './types'
import { createUserCalls } from './users'
import { createWire } from './wire'
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
  /** The account's password, for a silent sign-in; undefined when it is not kept. */
  readonly credentials: () => Promise<string | undefined>
  readonly log: Log
}

/** A client for one account on one server. Its calls share one pace and one sign-in, and never throw. */
export function createOdinClient(options: OdinClientOptions): OdinConnection {
  const { http, clock, log, baseUrl, callsPerSecond, credentials, ca } = options
  const pacer = createPacer({ clock, callsPerSecond })
  const base = readBaseUrl(baseUrl)
  const wire = createWire({ http, pacer, clock, base, log, ...(ca === undefined ? {} : { ca }) })
  const session = createSession({ wire, clock, credentials, log })
  const users = createUserCalls(session.ask, session.current)
  return {
    signIn: session.signIn,
    session: session.current,
    checkSession: session.check,
    changeExpiredPassword: session.changeExpiredPassword,
    signOut: session.signOut,
    setCallsPerSecond: pacer.setCallsPerSecond,
    ...users,
    ...createLookups(session.ask, users.users),
    ...createWrites(session.ask),
  }
}
