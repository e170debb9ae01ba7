import type { OdinConnection, OdinError, OdinResult, OdinSession } from '../../odin/types'
import type { Cancel, Clock, Random } from '../../platform/ports'
import { type Reach, reachOf, type Trouble } from '../../server/reach'
import { type Network, observed } from './health'

/** How the line to one server stands. */
export interface LineState {
  readonly network: Exclude<Network, 'none'>
  /** Why it is not online, in words. */
  readonly why?: string
  /** Wall ms when the server is asked again by itself. */
  readonly nextTryWall?: number
  readonly session?: OdinSession
}

/**
 * The line to one server under one account: signs in, notices by every call how the server is, and while it cannot
 * be reached asks again by itself, slower and slower. Ends with `close`; a new connect makes a new line.
 */
export interface Line {
  state(): LineState
  /** For features: refuses calls while working offline, and its results keep `state` true. */
  readonly client: OdinConnection
  signIn(password: string): Promise<OdinResult<OdinSession>>
  /** After `signIn` ended in `password-expired`. */
  changePassword(old: string, fresh: string): Promise<OdinResult<OdinSession>>
  /** Forgets the session here; the server is told if it can be. */
  signOut(why: string): Promise<void>
  /** Asks the server soon how it is: the network came back, the machine woke, or working offline ended. */
  wake(): void
  /** A sign-in has begun or ended without a call of ours: the state says so. */
  sessionChanged(): void
  /** There is no network, or it must not be used. */
  lost(why: string): void
  close(): void
}

const firstRetryMs = 1_000
/** Also one that refuses twice more when it is back is signed in to within a minute. */
const longestRetryMs = 15_000

export const noNetwork = 'This computer has no network.'
export const noPassword = 'No password is kept for this connection.'

/** @param deps.changed runs after each change of `state` */
export function createLine(deps: {
  raw: OdinConnection
  account: string
  mayCall: () => boolean
  /** Whether the system itself has no network to reach this server by. */
  systemOffline: () => boolean
  clock: Clock
  random: Random
  changed: () => void
  /** The server has taken in (true) or refused the name and password that were last offered. */
  taken?: (ok: boolean) => void
}): Line {
  const { raw, account, mayCall, systemOffline, clock, random, changed, taken = () => {} } = deps
  let state: LineState = { network: 'connecting' }
  let closed = false
  let asking = false
  let retries = 0
  let cancelRetry: Cancel = () => {}

  function become(network: LineState['network'], why?: string, nextTryWall?: number): void {
    if (closed) return
    const session = network === 'signed-out' ? undefined : raw.session()
    const same =
      state.network === network &&
      state.why === why &&
      state.session === session &&
      state.nextTryWall === nextTryWall
    state = {
      network,
      ...(why === undefined ? {} : { why }),
      ...(nextTryWall === undefined ? {} : { nextTryWall }),
      ...(session === undefined ? {} : { session }),
    }
    if (!same) changed()
  }

  function online(): void {
    retries = 0
    cancelRetry()
    become('online')
  }

  function signedOut(why: string): void {
    cancelRetry()
    become('signed-out', why)
  }

  function down(network: LineState['network'], why: string): void {
    // Jitter, so that many computers do not come back to a server all at once.
    const span = Math.min(longestRetryMs, firstRetryMs * 2 ** retries++)
    const ms = firstRetryMs / 2 + random.next() * span
    const nextTryWall = clock.wall() + ms
    if (systemOffline()) become('offline', noNetwork, nextTryWall)
    else become(network, why, nextTryWall)
    askAfter(ms)
  }

  function askAfter(ms: number): void {
    cancelRetry()
    if (!closed) cancelRetry = clock.after(ms, () => void ask())
  }

  /** How a call of a feature went. */
  function heard(result: OdinResult<unknown>): void {
    if (closed || state.network === 'connecting' || state.network === 'signed-out') return
    if (result.ok) {
      if (state.network !== 'online') online()
      return
    }
    const { error } = result
    const reach: Reach = reachOf(error)
    if (reach.says === 'fine') return
    // The client may have signed in again by itself since, or the refusal was of an older sign-in. Whatever answered
    // otherwise may do so to this one question alone.
    const isOut = reach.trouble === 'signed-out'
    const unsure =
      reach.says === 'doubt' || (isOut ? raw.session() !== undefined : error.status !== undefined)
    if (!unsure) settle(reach.trouble, error)
    else if (state.network === 'online') askAfter(firstRetryMs / 2)
  }

  function settle(trouble: Trouble, { message }: OdinError): void {
    if (trouble === 'signed-out') signedOut(message)
    else down(trouble, message)
  }

  /** Takes what came of a question that was asked to learn how the server is, or of signing in. */
  function take(result: OdinResult<OdinSession>): void {
    if (closed) return
    if (result.ok) {
      taken(true)
      online()
      return
    }
    const { cause, message } = result.error
    // Neither says anything of the server or the account.
    const reach = reachOf(result.error)
    const isBusy = result.error.kind === 'busy'
    const isRefused =
      !isBusy && (reach.says === 'fine' || (reach.says === 'so' && reach.trouble === 'signed-out'))
    // Told by the server, not by a password that is missing here.
    if (result.error.status !== undefined && isRefused) taken(false)
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
    state: () => state,
    client: observed(raw, {
      mayCall,
      tell: heard,
      session: () => (closed || state.network === 'signed-out' ? undefined : raw.session()),
    }),
    signIn: (given) => enter(() => raw.signIn(account, given)),
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

    sessionChanged() {
      if (state.network !== 'connecting') become(state.network, state.why)
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
