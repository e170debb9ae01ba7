import type { Attempt, OutboxEntry } from '../../../../shared/change/types'
import type { JsonObject } from '../../../../shared/json'
import type { FieldEdit, FieldPath, FieldValue, UserKey, UserRecord } from '../../../../shared/user/types'
import type { OdinResult, PutAnswer } from '../../../odin/types'
import type { Clock, Random } from '../../../platform/ports'
import type { Identity } from '../../../server/identity'
import type { Pace, Turn } from '../../../server/pace'

export type { Identity }

/** The calls of one signed-in identity. Each is one request, sent at most once, and uses up its turn; none throws. */
export interface ServerPort {
  readUser(userId: string, turn: Turn): Promise<OdinResult<UserRecord>>
  /** Full records of all users of a group, in one call. */
  readGroup(
    serviceProviderId: string,
    groupId: string,
    turn: Turn,
  ): Promise<OdinResult<readonly UserRecord[]>>
  /** @param mayStart asked right before the first byte: whether what it was decided on still holds */
  putUser(body: JsonObject & UserKey, turn: Turn, mayStart: () => boolean): Promise<OdinResult<PutAnswer>>
  /** A small GET: whether the server answers and the session lives. */
  probe(turn: Turn): Promise<OdinResult<unknown>>
}

export interface SessionPort {
  /** Who is signed in now. */
  current(): Identity | undefined
  /** The calls of this identity; undefined when somebody else or nobody is signed in. */
  server(identity: Identity): ServerPort | undefined
  /** Signs the same identity in again after the server has forgotten it. Never throws; `refused`: a person must. */
  renew(identity: Identity): Promise<'renewed' | 'refused' | 'unreachable'>
  /** Why nobody is signed in where this identity would be, in words for people. */
  whyNot?(identity: Identity): string | undefined
  /** How many users a group has, where that is known: a shared pre-read of a huge group is not worth it. */
  groupSize?(identity: Identity, serviceProviderId: string, groupId: string): number | undefined
}

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
  /** What a read has just shown: becomes the cached user. */
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
  readonly session: SessionPort
  /** The pace of the server at this origin, shared with whatever else calls it. */
  readonly pace: (origin: string) => Pace
  readonly onNews?: (news: EngineNews) => void
  /** A mistake of ours, or a failure that a log should hold. Never carries a secret. */
  readonly onTrouble?: (event: string, error: unknown) => void
}
