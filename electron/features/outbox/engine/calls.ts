import { words } from '../../../../shared/change/words'
import type { OdinError, OdinResult } from '../../../odin/types'
import type { Cancel, Clock } from '../../../platform/ports'
import { sameIdentity } from '../../../server/identity'
import type { Pace, Turn, Urgency } from '../../../server/pace'
import { reachOf } from '../../../server/reach'
import { backoffMs } from './backoff'
import type { Gate, Purpose } from './gate'
import type { EngineOptions } from './options'
import type { EnginePorts, Identity, ServerPort } from './ports'

/** The answer to one call with the monotonic times it was asked and answered. */
export interface Called<T> {
  readonly result: OdinResult<T>
  readonly askedMono: number
  readonly answeredMono: number
}

/** How the calls about one change are told apart when they fail. */
export const readOf = (id: string): string => `${id} read`
export const writeOf = (id: string): string => `${id} write`

/**
 * A server that is away is asked at least this often: also one that refuses twice more when it is back has everything within
 * 65 s.
 */
const longestProbeMs = 15_000

/** Calls without a plain answer, one after another, before the server itself is doubted. */
const doubtFrom = 3
/** Calls about one thing that failed, with plain answers to others between them, before it is that thing's own trouble. */
const ownFrom = 3
/** The same, before a person is told. */
const stuckFrom = 5

/**
 * Every call goes through here: it waits its turn, is sent only under the right identity, and what it tells about
 * the server, the network and the session opens or closes the gate. The probe of a closed gate is a small GET.
 */
export function createCalls(deps: {
  readonly clock: Clock
  readonly random: EnginePorts['random']
  readonly session: EnginePorts['session']
  readonly gate: Gate
  readonly pace: (identity: Pick<Identity, 'origin'>) => Pace
  readonly options: EngineOptions
  /** The engine has been stopped: whatever is answered now is for the next run to find out. */
  readonly ended: () => boolean
  /** The server was away for a while and answers again: what waits for a timer of its own may be tried now. */
  readonly onBack: () => void
}) {
  const { clock, random, session, gate, pace, options } = deps
  let doubts = 0
  /** Plain answers so far. */
  let plain = 0
  /** By what they are about: calls that failed, and how many plain answers there were when the last of them did. */
  const own = new Map<string, { readonly failures: number; readonly plain: number }>()
  let probing = false
  let looking = false
  let hurry: (() => void) | undefined

  const healthy = (): void => {
    doubts = 0
    plain++
  }

  const ownFailures = (about: string | undefined): number =>
    about === undefined ? 0 : (own.get(about)?.failures ?? 0)

  /** Counts a failure of a call about this one thing, where others were answered since the one before. */
  const noteOwn = (about: string | undefined): void => {
    if (about === undefined) return
    const before = own.get(about)
    const failures = before === undefined ? 1 : before.failures + (plain > before.plain ? 1 : 0)
    own.set(about, { failures, plain })
  }

  const outageOf = (error: OdinError): 'offline' | 'captive-portal' | 'server-down' => {
    const reach = reachOf(error)
    return reach.says === 'fine' || reach.trouble === 'signed-out' ? 'server-down' : reach.trouble
  }

  const closeFor = (error: OdinError, nextTryMs: number | undefined): void => {
    const name = outageOf(error)
    for (const other of ['offline', 'captive-portal', 'server-down'] as const) {
      if (other !== name) gate.open(other)
    }
    const why =
      name === 'offline'
        ? words.held.offline
        : name === 'captive-portal'
          ? words.held.captivePortal
          : words.held.serverDown(error.message, nextTryMs)
    gate.close(name, why, nextTryMs)
  }

  const doubt = (error: OdinError): void => {
    if (probing) return
    probing = true
    const holdMs = error.retryAfterMs ?? 0
    closeFor(error, holdMs > 0 ? holdMs : undefined)
    void probe(holdMs)
  }

  /**
   * Asks until the server gives a plain answer, then lifts the outage. While nobody is signed in there is nobody to ask as:
   * it looks again when that changes, and from time to time in case nobody says so.
   */
  const probe = async (holdMs: number): Promise<void> => {
    if (holdMs > 0) await hurriedSleep(holdMs)
    let failures = 0
    for (;;) {
      if (gate.reason('work-offline') !== undefined) break
      const identity = session.current()
      if (identity === undefined) {
        await hurriedSleep(longestProbeMs)
        continue
      }
      const asked = await ask(identity, () =>
        gate.reason('work-offline') === undefined ? session.server(identity) : undefined,
      )
      if (asked === undefined) continue
      const { result } = asked
      if (result.ok || !isOutage(result.error)) {
        if (!result.ok) noteSession(identity, result.error)
        healthy()
        break
      }
      failures++
      const backoff = Math.min(backoffMs(failures, random.next(), options), longestProbeMs)
      const wait = Math.max(backoff, result.error.retryAfterMs ?? 0)
      closeFor(result.error, wait)
      await hurriedSleep(wait)
    }
    probing = false
    doubts = 0
    gate.open('offline', 'captive-portal', 'server-down')
    if (failures > 0) deps.onBack()
  }

  /** Asks once, while everything goes on, whether the server answers others. */
  const look = async (identity: Identity): Promise<void> => {
    if (probing || looking) return
    looking = true
    const asked = await ask(identity, () =>
      gate.reason('work-offline') === undefined ? session.server(identity) : undefined,
    )
    looking = false
    if (asked === undefined) return
    const { result } = asked
    if (result.ok || !isOutage(result.error)) healthy()
    else doubt(result.error)
  }

  /** Puts the smallest question there is, if that may be done when its turn has come. */
  const ask = async (
    identity: Identity,
    through: () => ServerPort | undefined,
  ): Promise<Called<unknown> | undefined> => {
    const turn = await pace(identity).turn('settle')
    const server = through()
    if (server === undefined) {
      turn.giveBack()
      return undefined
    }
    return timed(() => server.probe(turn))
  }

  const isOutage = (error: OdinError): boolean =>
    error.kind === 'not-sent' || error.kind === 'unknown' || error.kind === 'busy'

  const hurriedSleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel: Cancel = clock.after(ms, () => hurry?.())
      hurry = () => {
        hurry = undefined
        cancel()
        resolve()
      }
    })

  const noteSession = (identity: Identity, error: OdinError): void => {
    const now = session.current()
    if (!lostSession(error) || now === undefined || !sameIdentity(now, identity)) return
    if (gate.reason('signing-in') !== undefined) return
    gate.close('signing-in', words.held.signingIn)
    void session.renew(identity).then((outcome) => {
      // Closing before opening: nothing may slip through between the two.
      if (outcome === 'refused') gate.close('signed-out', words.held.signedOut(identity.account))
      if (outcome === 'unreachable') doubt({ ...error, kind: 'not-sent', cause: 'refused' })
      gate.open('signing-in')
    })
  }

  const lostSession = (error: OdinError): boolean =>
    error.kind === 'unauthorized' || error.kind === 'not-signed-in' || error.kind === 'password-expired'

  async function timed<T>(send: () => Promise<OdinResult<T>>): Promise<Called<T>> {
    const askedMono = clock.mono()
    const result = await send()
    if (deps.ended()) return new Promise(() => {})
    return { result, askedMono, answeredMono: clock.mono() }
  }

  const note = (identity: Identity, error: OdinError | undefined, about?: string): void => {
    if (error === undefined) {
      if (about !== undefined) own.delete(about)
      healthy()
      return
    }
    if (lostSession(error)) {
      noteSession(identity, error)
      return
    }
    const reach = reachOf(error)
    // Something answered. What does so each time about this one, and plainly about others, is no trouble of the server.
    if (isOutage(error) && error.status !== undefined) noteOwn(about)
    if (reach.says === 'fine' || reach.trouble === 'signed-out') {
      if (error.kind !== 'cancelled' && error.kind !== 'not-sent') healthy()
      return
    }
    if (ownFailures(about) >= ownFrom) void look(identity)
    else if (reach.says === 'so' || ++doubts >= doubtFrom) doubt(error)
  }

  return {
    /**
     * Waits until a call may start. The caller then asks {@link serverFor} and either starts it with this turn or gives it
     * back.
     */
    turn: (identity: Identity, urgency: Urgency): Promise<Turn> => pace(identity).turn(urgency),

    /** The server, if this identity may do this now. To be asked right before every call. */
    serverFor: (identity: Identity, purpose: Purpose): ServerPort | undefined =>
      gate.closed(identity, purpose) === undefined ? session.server(identity) : undefined,

    /**
     * Makes a call and draws the general conclusions from how it went.
     * @param about which one change it is for, and what it does for it
     */
    async make<T>(
      identity: Identity,
      send: () => Promise<OdinResult<T>>,
      about?: string,
    ): Promise<Called<T>> {
      const called = await timed(send)
      note(identity, called.result.ok ? undefined : called.result.error, about)
      return called
    },

    /** How often in a row a call about this failed although the server answered others meanwhile, if that is a person's matter. */
    stuck(about: string): number | undefined {
      const failures = ownFailures(about)
      return failures >= stuckFrom ? failures : undefined
    },
    isOwn: (about: string): boolean => ownFailures(about) >= ownFrom,
    /** The change has ended, or a person has looked at it. */
    acquit(...abouts: readonly string[]): void {
      for (const about of abouts) own.delete(about)
    },

    /**
     * What a bare 403 means: `signed-out` (the session is being renewed), `forbidden`, or `unclear` when the
     * question could not be put.
     */
    async meaningOf403(identity: Identity): Promise<'signed-out' | 'forbidden' | 'unclear'> {
      const asked = await ask(identity, () => this.serverFor(identity, 'check'))
      if (asked === undefined) return 'unclear'
      const { result } = asked
      note(identity, result.ok ? undefined : result.error)
      if (result.ok) return 'forbidden'
      if (lostSession(result.error)) return 'signed-out'
      return isOutage(result.error) ? 'unclear' : 'forbidden'
    },

    lostSession,

    /** A person or the system believes that it works again: look now instead of when the timer says. */
    probeNow(): void {
      hurry?.()
    },

    /** Another server or account: what was believed of the old one does not count. */
    forget(): void {
      doubts = 0
      own.clear()
      hurry?.()
    },
  }
}
export type Calls = ReturnType<typeof createCalls>
