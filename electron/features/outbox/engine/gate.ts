import { words } from '../../../../shared/change/words'
import type { Clock } from '../../../platform/ports'
import { sameIdentity } from '../../../server/identity'
import type { Identity, SessionPort } from './ports'

export type GateName =
  | 'disk'
  | 'work-offline'
  | 'paused'
  | 'signed-out'
  | 'other-account'
  | 'signing-in'
  | 'offline'
  | 'captive-portal'
  | 'server-down'

/** A reason that is set and lifted; whose account an entry was made under is looked up instead. */
type Lock = Exclude<GateName, 'other-account'>

/** Why nothing may be sent now. */
export interface Closed {
  readonly name: GateName
  readonly why: string
  readonly nextTryMono?: number
}

/** The reason that a person is told first comes first. */
const order: readonly GateName[] = [
  'disk',
  'work-offline',
  'paused',
  'other-account',
  'signed-out',
  'signing-in',
  'offline',
  'captive-portal',
  'server-down',
]
const writeOnly: ReadonlySet<GateName> = new Set(['disk', 'paused'])

/** New writes stop for more reasons than the reads that find out what became of an earlier one. */
export type Purpose = 'write' | 'check'

/**
 * Everything that holds back the whole outbox, or the entries of one account. Each reason is set and lifted by
 * itself; whoever waits is woken when one is lifted.
 */
export function createGate(clock: Clock, session: Pick<SessionPort, 'current' | 'whyNot'>) {
  const reasons = new Map<Lock, Closed>()
  let waiting: (() => void)[] = []
  let onOpen = (): void => {}
  let onClose = (): void => {}

  const identityProblem = (identity: Identity): Closed | undefined => {
    const now = session.current()
    if (now === undefined) {
      return {
        name: 'signed-out',
        why: session.whyNot?.(identity) ?? words.held.signedOut(identity.account),
      }
    }
    if (sameIdentity(now, identity)) return undefined
    return {
      name: 'other-account',
      why: words.held.otherAccount(identity.account, identity.origin),
    }
  }

  const closed = (identity: Identity, purpose: Purpose): Closed | undefined => {
    for (const name of order) {
      if (purpose === 'check' && writeOnly.has(name)) continue
      const reason = name === 'other-account' ? identityProblem(identity) : reasons.get(name)
      if (reason !== undefined) return reason
    }
    return undefined
  }

  const wake = (): void => {
    const woken = waiting
    waiting = []
    for (const one of woken) one()
    onOpen()
  }

  return {
    closed,
    /** Why the server as a whole cannot be reached, if so. */
    outage: (): Closed | undefined =>
      reasons.get('offline') ?? reasons.get('captive-portal') ?? reasons.get('server-down'),
    reason: (name: Lock): Closed | undefined => reasons.get(name),
    close(name: Lock, why: string, nextTryMs?: number): void {
      reasons.set(name, {
        name,
        why,
        ...(nextTryMs === undefined ? {} : { nextTryMono: clock.mono() + nextTryMs }),
      })
      onClose()
    },
    open(...names: Lock[]): void {
      let lifted = false
      for (const name of names) lifted = reasons.delete(name) || lifted
      if (lifted) wake()
    },
    /** The identity may have changed: who waits looks again. */
    wake,
    /** Resolves when this identity may do this; at once if it may now. */
    async pass(identity: Identity, purpose: Purpose): Promise<void> {
      while (closed(identity, purpose) !== undefined) {
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    whenOpened(run: () => void): void {
      onOpen = run
    },
    whenClosed(run: () => void): void {
      onClose = run
    },
  }
}
export type Gate = ReturnType<typeof createGate>
