import type { OdinClient, OdinError, OdinResult, OdinSession } from '../../odin/types'
import type { Cancel, Clock, Random } from '../../platform/ports'
import { judge, type Network, observed, verdict } from './health'

/** How the line to one server stands. */
export interface LineState {
  readonly network: Exclude<Network, 'none'>
  /** Why it is not online, in words. */
  readonly why?: string
  readonly session?: OdinSession
}

/**
 * The line to one server under one account: signs in, notices by every call how the server is, and while it cannot
 * be reached asks again by itself, slower and slower. Ends with `close`; a new connect makes a new line.
 */
export interface Line {
  state(): LineState
  /** For features: refuses calls while working offline, and its results keep `state` true. */
  readonly client: OdinClient
  signIn(password: string): Promise<OdinResult<OdinSession>>
  /** Forgets the session here; the server is told if it can be. */
  signOut(why: string): Promise<void>
  /** Asks the server soon how it is: the network came back, the machine woke, or working offline ended. */
  wake(): void
  /** The system says that there is no network. */
  lost(why: string): void
  close(): void
}

const firstRetryMs = 1_000
const longestRetryMs = 60_000

/** @param changed runs after each change of `state` */
export function createLine(deps: {
  raw: OdinClient
  account: string
  password: () => Promise<string | undefined>
  mayCall: () => boolean
  /** Whether the system itself has no network, for this server. */
  systemOffline: () => boolean
  clock: Clock
  random: Random
  changed: () => void
}): Line {
  const { raw, account, password, mayCall, systemOffline, clock, random, changed } = deps
  let state: LineState = { network: 'connecting' }
  let closed = false
  let asking = false
  let retries = 0
  let cancelRetry: Cancel = () => {}

  function become(network: LineState['network'], why?: string): void {
    if (closed) return
    const session = network === 'signed-out' ? undefined : raw.session()
    const same = state.network === network && state.why === why && state.session === session
    state = { network, ...(why === undefined ? {} : { why }), ...(session === undefined ? {} : { session }) }
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
    if (systemOffline()) become('offline', noNetwork)
    else become(network, why)
    // Full jitter, so that many computers do not come back to a server all at once.
    const span = Math.min(longestRetryMs, firstRetryMs * 2 ** retries++)
    askAfter(firstRetryMs / 2 + random.next() * span)
  }

  function askAfter(ms: number): void {
    cancelRetry()
    if (!closed) cancelRetry = clock.after(ms, () => void ask())
  }

  function heard(result: OdinResult<unknown>): void {
    if (closed || state.network === 'connecting') return
    if (result.ok) {
      if (state.network !== 'online' && raw.session()) online()
      return
    }
    const { network, ask: unsure } = judge(result.error)
    if (network === 'signed-out') signedOut(result.error.message)
    else if (network) down(network, result.error.message)
    else if (unsure && state.network === 'online') askAfter(firstRetryMs / 2)
  }

  /** Takes the answer to a question that was only asked to learn how the server is. */
  function take(result: OdinResult<unknown>): void {
    const network = result.ok ? 'online' : verdict(result.error)
    if (result.ok || (network === 'online' && raw.session())) online()
    else if (network === 'online' || network === 'signed-out') signedOut(result.error.message)
    else down(network, result.error.message)
  }

  async function ask(): Promise<void> {
    if (closed || asking || !mayCall() || state.network === 'signed-out') return
    asking = true
    try {
      const kept = raw.session() ? undefined : await password()
      if (!raw.session() && kept === undefined) return signedOut(noPassword)
      const result = kept === undefined ? await raw.checkSession() : await raw.signIn(account, kept)
      if (!closed) take(result)
    } finally {
      asking = false
    }
  }

  return {
    state: () => state,
    client: observed(raw, { mayCall, tell: heard }),

    async signIn(given) {
      become('connecting')
      const result = await raw.signIn(account, given)
      // A sign-in that was refused, for whatever reason, is over until a person does something about it.
      if (result.ok) online()
      else if (isTransport(result.error)) take(result)
      else signedOut(result.error.message)
      return result
    },

    async signOut(why) {
      const had = raw.session() !== undefined
      signedOut(why)
      if (had && mayCall()) await raw.signOut()
    },

    wake() {
      if (state.network === 'signed-out') return
      retries = 0
      askAfter(firstRetryMs / 2)
    },

    lost(why) {
      if (state.network !== 'signed-out') down('offline', why)
    },

    close() {
      closed = true
      cancelRetry()
    },
  }
}

export const noNetwork = 'This computer has no network.'
export const noPassword = 'No password is kept for this connection.'

const isTransport = (error: OdinError): boolean =>
  error.kind === 'not-sent' || error.kind === 'unknown' || error.kind === 'busy'
