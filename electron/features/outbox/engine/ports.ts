import type { Attempt, OutboxEntry } from '../../../../shared/change/types'
import type { FieldEdit, FieldPath, FieldValue, UserRecord } from '../../../../shared/user/types'
import type { Clock, Random } from '../../../platform/ports'
import type { Identity } from '../../../server/identity'
import type { MayNotChange } from '../../../server/may-change'
import type { Pace } from '../../../server/pace'
import type { Server } from '../../../server/server'

export type { Identity }

/** A PUT of ours that is so recent that a copy of it could still arrive. */
export interface RecentWrite {
  readonly origin: string
  readonly userId: string
  readonly asked: Readonly<Record<FieldPath, FieldValue>>
  /** Its answer was lost, and it was not waited out: the original may still be on its way. */
  readonly lingering: boolean
}

export interface DiskState {
  /** Live entries, in the order they were made. */
  readonly entries: readonly OutboxEntry[]
  /** The newest writes of earlier runs, at least as many as fit into the settle time at the fastest pace. */
  readonly recent: readonly RecentWrite[]
  /** Larger than any sequence number that was ever given out. */
  readonly nextSeq: number
}

/** One durable transaction: all of it or nothing. */
export interface DiskWrite {
  /** Which step of the protocol this is, for logs and for the simulator's crash points. */
  readonly what: 'save' | 'edit' | 'person' | 'attempt' | 'step' | 'settle'
  /** Entries as they are from now on; unknown ids are added. */
  readonly entries: readonly OutboxEntry[]
  /** A history row to open, before the first byte of its PUT. */
  readonly opened?: {
    readonly entry: OutboxEntry
    readonly attempt: Attempt
    readonly asked: readonly FieldEdit[]
  }
  /** A history row to complete. */
  readonly settled?: { readonly attempt: Attempt; readonly answer?: string }
  /** Attempts whose outcome nobody waits for any more: their history rows say so. */
  readonly abandoned?: readonly Attempt[]
  /** What a read has just shown of a user, or of a service: becomes the cached copy. */
  readonly user?: { readonly connectionId: string; readonly record: UserRecord }
}

export interface OutboxDisk {
  load(): DiskState
  /** Throws when it cannot be made durable; then nothing of it may be relied upon. */
  commit(write: DiskWrite): void
}

/** What listeners are told after a durable step. */
export interface EngineNews {
  /** Entries as they have become; empty when only what is shown of them has changed. */
  readonly entries: readonly OutboxEntry[]
  readonly history: boolean
  readonly user?: { readonly connectionId: string; readonly record: UserRecord }
}

export interface EnginePorts {
  readonly clock: Clock
  readonly random: Pick<Random, 'next' | 'id'>
  readonly disk: OutboxDisk
  /** The server that is chosen now. */
  readonly server: () => Server | undefined
  /** Why nothing may be sent to a server that would change it. */
  readonly mayNotChange?: MayNotChange
  /** Whether a connection is set to send the changed fields alone, also of services that are otherwise written whole. */
  readonly partialBodies?: (connectionId: string) => boolean
  /** How many users a group has, where that is known: a shared pre-read of a huge group is not worth it. */
  readonly groupSize?: (identity: Identity, serviceProviderId: string, groupId: string) => number | undefined
  /** The pace of the server at this origin, shared with whatever else calls it. */
  readonly pace: (origin: string) => Pace
  readonly onNews?: (news: EngineNews) => void
  /** A mistake of ours, or a failure that a log should hold. Never carries a secret. */
  readonly onTrouble?: (event: string, error: unknown) => void
}
