import type { OdinConnection, OdinError, OdinResult, OdinSession } from '../odin/types'
import type { Cancel, Clock, Random } from '../platform/ports'
import type { Identity } from './identity'
import { reachOf, type Trouble } from './reach'

/** How a server stands. */
export interface ServerState {
  readonly network: 'connecting' | 'online' | Trouble
  /** Why it is not online, in words. */
  readonly why?: string
  /** Wall ms when it is asked again by itself. */
  readonly nextTryWall?: number
  /** How often it has been asked in vain since it was last online; left out when not at all. */
  readonly tries?: number
  readonly session?: OdinSession
}

/** Why nothing may be asked of a server now. */
export interface Hindrance extends Pick<ServerState, 'why' | 'nextTryWall'> {
  readonly name: 'work-offline' | Exclude<ServerState['network'], 'online'>
}

/**
 * One chosen server under one account. It is opened, answers every question about itself (who are we there, may it be
 * asked now, if not why and until when), and is closed; what belongs to it is made from it and ends with it. It signs in,
 * notices by every call how the server is, and while that cannot be reached asks again by itself, slower and slower.
 */
export interface Server {
  readonly identity: Identity
  state(): ServerState
  /** Why it may not be asked now; undefined when it may. */
  hindrance(): Hindrance | undefined
  /** How many plain answers it has given so far, whatever they said. */
  answers(): number
  /** Every call to it. None is sent while working offline, and how each went keeps `state` true. */
  readonly client: OdinConnection
  signIn(password: string): Promise<OdinResult<OdinSession>>
  /** After `signIn` ended in `password-expired`. */
  changePassword(old: string, fresh: string): Promise<OdinResult<OdinSession>>
  /** Forgets the session here; the server is told if it can be. */
  signOut(why: string): Promise<void>
  /** Asks the server soon how it is: the network came back, the machine woke, or a person wants to know. */
  wake(): void
  /** There is no network, or it must not be used. */
  lost(why: string): void
  close(): void
}

/** What the client of a server asks of it. */
export interface ClientHooks {
  readonly mayCall: () => boolean
  readonly onSession: () => void
}

const firstRetryMs = 1_000
/** Also one that refuses twice more when it is back is signed in to within a minute. */
const longestRetryMs = 15_000

export const noNetwork = 'This computer has no network.'
/** It may be the wrong address as well, which the message says. */
const logIn = 'If the network asks for a log-in, log in to it in a browser; it goes on by itself.'
export const noPassword = 'No password is kept for this connection.'

export interface ServerDeps {
  readonly identity: Identity
  readonly createClient: (hooks: ClientHooks) => OdinConnection
  readonly workOffline: () => boolean
  /** Whether the system itself has no network to reach this server by. */
  readonly systemOffline: () => boolean
  readonly clock: Clock
  readonly random: Pick<Random, 'next'>
  /** Runs after each change of `state`. */
  readonly changed: () => void
  /** The server has taken in (true) or refused the name and password that were last offered. */
  readonly taken?: (ok: boolean) => void
}

export function openServer(deps: ServerDeps): Server {
  const { identity, workOffline, systemOffline, clock, random, changed, taken = () => {} } = deps
  const mayCall = (): boolean => !workOffline()
  let state: ServerState = { network: 'connecting' }
  let closed = false
  let asking = false
  let retries = 0
  let tries = 0
  let answers = 0
  let waitsToAsk = false
  let cancelRetry: Cancel = () => {}

  const raw = deps.createClient({
    mayCall,
    onSession: () => {
      // It may begin or end without a call of ours.
      if (state.network !== 'connecting') become(state.network, state.why, state.nextTryWall)
    },
  })

  function become(network: ServerState['network'], why?: string, nextTryWall?: number): void {
    if (closed) return
    const session = network === 'signed-out' ? undefined : raw.session()
    const same =
      state.network === network &&
      state.why === why &&
      state.session === session &&
      state.nextTryWall === nextTryWall
    state = {
      network,
      ...(tries === 0 || network === 'signed-out' ? {} : { tries }),
      ...(why === undefined ? {} : { why }),
      ...(nextTryWall === undefined ? {} : { nextTryWall }),
      ...(session === undefined ? {} : { session }),
    }
    if (!same) changed()
  }

  function online(): void {
    retries = 0
    tries = 0
    cancelRetry()
    become('online')
  }

  function signedOut(why: string): void {
    cancelRetry()
    become('signed-out', why)
  }

  function down(network: ServerState['network'], why: string, atLeastMs = 0): void {
    // Jitter, so that many computers do not come back to a server all at once.
    const span = Math.min(longestRetryMs, firstRetryMs * 2 ** retries++)
    const ms = Math.max(atLeastMs, firstRetryMs / 2 + random.next() * span)
    const nextTryWall = clock.wall() + ms
    if (systemOffline()) become('offline', noNetwork, nextTryWall)
    else become(network, why, nextTryWall)
    askAfter(ms)
  }

  function askAfter(ms: number): void {
    cancelRetry()
    if (closed) return
    waitsToAsk = true
    const cancel = clock.after(ms, () => {
      waitsToAsk = false
      void ask()
    })
    cancelRetry = () => {
      waitsToAsk = false
      cancel()
    }
  }

  /** How a call of a feature went. */
  function heard(result: OdinResult<unknown>): void {
    if (isPlain(result)) answers++
    if (closed || state.network === 'connecting' || state.network === 'signed-out') return
    if (result.ok) {
      if (state.network !== 'online') online()
      return
    }
    const { error } = result
    const reach = reachOf(error)
    if (reach.says === 'fine') return
    // The client may have signed in again by itself since, or the refusal was of an older sign-in. Whatever answered
    // otherwise may do so to this one question alone.
    const isOut = reach.trouble === 'signed-out'
    const unsure =
      reach.says === 'doubt' || (isOut ? raw.session() !== undefined : error.status !== undefined)
    // While it is away it is asked by itself: calls that were under way do not put that off.
    if (state.network !== 'online' && !isOut) return
    if (!unsure) settle(reach.trouble, error)
    else if (state.network === 'online' && !waitsToAsk) askAfter(firstRetryMs / 2)
  }

  function settle(trouble: Trouble, { message, retryAfterMs, status }: OdinError): void {
    if (trouble !== 'signed-out') {
      down(trouble, trouble === 'captive-portal' ? `${message} ${logIn}` : message, retryAfterMs)
      return
    }
    // Told by the server, not by a password that is missing here.
    if (status !== undefined) taken(false)
    signedOut(message)
  }

  /** Takes what came of a question that was asked to learn how the server is, or of signing in. */
  function take(result: OdinResult<OdinSession>): void {
    if (closed) return
    if (isPlain(result)) answers++
    if (result.ok) {
      taken(true)
      online()
      return
    }
    tries++
    const { cause, message } = result.error
    // Neither says anything of the server or the account.
    const reach = reachOf(result.error)
    const isBusy = result.error.kind === 'busy'
    const isRefused =
      !isBusy && (reach.says === 'fine' || (reach.says === 'so' && reach.trouble === 'signed-out'))
    if (cause === 'work-offline') down('offline', message)
    else if (cause === 'keychain') down('connecting', message)
    else if (isRefused) settle('signed-out', result.error)
    else settle(reach.says === 'so' ? reach.trouble : 'server-down', result.error)
  }

  async function ask(): Promise<void> {
    if (closed || asking || !mayCall() || state.network === 'signed-out') return
    asking = true
    try {
      take(await raw.revive())
    } finally {
      asking = false
    }
  }

  async function enter(how: () => Promise<OdinResult<OdinSession>>): Promise<OdinResult<OdinSession>> {
    become('connecting')
    const result = await how()
    take(result)
    return result
  }

  return {
    identity,
    state: () => state,
    answers: () => answers,

    hindrance() {
      const { network, why, nextTryWall } = state
      if (workOffline()) return { name: 'work-offline' }
      if (network === 'online') return undefined
      return {
        name: network,
        ...(why === undefined ? {} : { why }),
        ...(nextTryWall === undefined ? {} : { nextTryWall }),
      }
    },

    client: {
      ...observed(raw, heard),
      // Nobody is signed in once we have signed out, even where the server could not be told.
      session: () => (closed || state.network === 'signed-out' ? undefined : raw.session()),
    },
    signIn: (given) => enter(() => raw.signIn(identity.account, given)),
    changePassword: (old, fresh) => enter(() => raw.changeExpiredPassword(old, fresh)),

    async signOut(why) {
      signedOut(why)
      if (mayCall()) await raw.signOut()
    },

    wake() {
      if (state.network === 'signed-out' || state.network === 'connecting') return
      retries = 0
      askAfter(firstRetryMs / 2)
    },

    lost(why) {
      if (state.network !== 'signed-out') down('offline', why)
    },

    close() {
      closed = true
      cancelRetry()
      raw.close()
    },
  }
}

/** Whether the API itself has answered, and answered this. */
const isPlain = (result: OdinResult<unknown>): boolean =>
  result.ok || (result.error.status !== undefined && reachOf(result.error).says === 'fine')

/** What a client does without asking the server. */
const local: ReadonlySet<string> = new Set<keyof OdinConnection>([
  'session',
  'signOut',
  'setCallsPerSecond',
  'close',
])

/** The client as features get it: how each of its calls went is told to `tell`. */
function observed(client: OdinConnection, tell: (result: OdinResult<unknown>) => void): OdinConnection {
  type Call = (...args: unknown[]) => Promise<OdinResult<unknown>>
  const watch =
    (call: Call): Call =>
    async (...args) => {
      const result = await call(...args)
      tell(result)
      return result
    }
  const calls = Object.entries(client as unknown as Record<string, Call>)
  const wrapped = calls.map(([name, call]) => [name, local.has(name) ? call : watch(call)])
  return Object.fromEntries(wrapped) as unknown as OdinConnection
}
