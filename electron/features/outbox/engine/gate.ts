import { words } from '../../../../shared/change/words'
import type { Clock } from '../../../platform/ports'
import { sameIdentity } from '../../../server/identity'
import type { MayNotChange } from '../../../server/may-change'
import type { Hindrance, Server } from '../../../server/server'
import type { Identity } from './ports'

/** A reason of the outbox itself, which is set and lifted; all others are asked of the server. */
type Lock = 'disk' | 'paused'

/** Why nothing may be sent now. */
export interface Closed {
  readonly name: Lock | 'read-only' | 'other-account' | Hindrance['name']
  readonly why: string
  readonly nextTryWall?: number
}

/** New writes stop for more reasons than the reads that find out what became of an earlier one. */
export type Purpose = 'write' | 'check'

/**
 * Everything that holds back the whole outbox, or the entries of one account: what the server says of itself, and the
 * outbox's own reasons. Whoever waits is woken when any of it may have changed.
 */
export function createGate(
  clock: Clock,
  server: () => Server | undefined,
  mayNotChange: MayNotChange = () => undefined,
) {
  const locks = new Map<Lock, Closed>()
  let waiting: (() => void)[] = []
  let onOpen = (): void => {}

  /** The reason that a person is told first comes first. */
  const closed = (identity: Identity, purpose: Purpose): Closed | undefined => {
    const lock = (name: Lock): Closed | undefined => (purpose === 'write' ? locks.get(name) : undefined)
    const now = server()
    const hindrance = now?.hindrance()
    const { workOffline, signedOut, otherAccount, readOnly } = words.held
    const forbidden = purpose === 'write' ? mayNotChange(identity.connectionId) : undefined
    return (
      (forbidden === undefined ? undefined : ({ name: 'read-only', why: readOnly(forbidden) } as const)) ??
      lock('disk') ??
      (hindrance?.name === 'work-offline' ? { name: 'work-offline', why: workOffline } : undefined) ??
      lock('paused') ??
      (now === undefined
        ? { name: 'signed-out', why: signedOut(identity.account) }
        : !sameIdentity(now.identity, identity)
          ? { name: 'other-account', why: otherAccount(identity.account, identity.origin) }
          : hindrance && closedBy(hindrance, identity))
    )
  }

  const wake = (): void => {
    const woken = waiting
    waiting = []
    for (const one of woken) one()
    onOpen()
  }

  return {
    closed,
    holds: (name: Lock): boolean => locks.has(name),
    close(name: Lock, why: string, nextTryMs?: number): void {
      locks.set(name, {
        name,
        why,
        ...(nextTryMs === undefined ? {} : { nextTryWall: Math.round(clock.wall() + nextTryMs) }),
      })
    },
    open(name: Lock): void {
      if (locks.delete(name)) wake()
    },
    /** The server may have changed: who waits looks again. */
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
  }
}
export type Gate = ReturnType<typeof createGate>

/** The status bar says the same of the server, in the same words. */
function closedBy({ name, why, nextTryWall }: Hindrance, { account }: Identity): Closed {
  const { signingIn, signedOut } = words.held
  return {
    name,
    why: why ?? (name === 'signed-out' ? signedOut(account) : signingIn),
    ...(nextTryWall === undefined ? {} : { nextTryWall: Math.round(nextTryWall) }),
  }
}
