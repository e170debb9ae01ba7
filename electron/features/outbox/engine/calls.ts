import type { OdinClient, OdinError, OdinResult } from '../../../odin/types'
import type { Clock } from '../../../platform/ports'
import type { Pace, Turn, Urgency } from '../../../server/pace'
import { reachOf } from '../../../server/reach'
import type { Server } from '../../../server/server'
import type { Gate, Purpose } from './gate'
import type { Identity } from './ports'

/** The answer to one call with the monotonic times it was asked and answered. */
export interface Called<T> {
  readonly result: OdinResult<T>
  readonly askedMono: number
  readonly answeredMono: number
}

/** How the calls about one change are told apart when they fail. */
export const readOf = (id: string): string => `${id} read`
export const writeOf = (id: string): string => `${id} write`

/** Calls about one thing that failed, with plain answers to others between them, before it is that thing's own trouble. */
const ownFrom = 3
/** The same, before a person is told. */
const stuckFrom = 5

/** Whether a call failed because the sign-in has ended, or there was none. */
export function lostSession(error: OdinError): boolean {
  const reach = reachOf(error)
  return reach.says === 'so' && reach.trouble === 'signed-out'
}

/** Whether something answered that says nothing of what was asked: a page, nothing, a server that has too much to do. */
const isStrange = ({ kind, status }: OdinError): boolean =>
  (kind === 'unknown' || kind === 'busy') && status !== undefined

/**
 * Every call goes through here: it waits its turn, is sent only under the right identity, and is counted against the one
 * change that it is for when it fails while the server answers others.
 */
export function createCalls(deps: {
  readonly clock: Clock
  readonly server: () => Server | undefined
  readonly gate: Gate
  readonly pace: (identity: Pick<Identity, 'origin'>) => Pace
  /** The engine has been stopped: whatever is answered now is for the next run to find out. */
  readonly ended: () => boolean
}) {
  const { clock, server, gate, pace, ended } = deps
  /** By what they are about: calls that failed, and how many plain answers the server had given when the last of them did. */
  const own = new Map<string, { readonly failures: number; readonly answers: number }>()
  const ownFailures = (about: string): number => own.get(about)?.failures ?? 0

  const note = (about: string, result: OdinResult<unknown>): void => {
    if (result.ok) own.delete(about)
    else if (isStrange(result.error)) {
      const answers = server()?.answers() ?? 0
      const before = own.get(about)
      const failures = before === undefined ? 1 : before.failures + (answers > before.answers ? 1 : 0)
      own.set(about, { failures, answers })
    }
  }

  return {
    /**
     * Waits until a call may start. The caller then asks {@link clientFor} and either starts it with this turn or gives it
     * back.
     */
    turn: (identity: Identity, urgency: Urgency): Promise<Turn> => pace(identity).turn(urgency),

    /** The client, if this identity may do this now. To be asked right before every call. */
    clientFor: (identity: Identity, purpose: Purpose): OdinClient | undefined =>
      gate.closed(identity, purpose) === undefined ? server()?.client : undefined,

    /** @param about which one change it is for, and what it does for it */
    async make<T>(send: () => Promise<OdinResult<T>>, about?: string): Promise<Called<T>> {
      const askedMono = clock.mono()
      const result = await send()
      if (ended()) return new Promise(() => {})
      if (about !== undefined) note(about, result)
      return { result, askedMono, answeredMono: clock.mono() }
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
    /** Another server or account: what was counted under the old one does not count. */
    forget: (): void => own.clear(),
  }
}
export type Calls = ReturnType<typeof createCalls>
