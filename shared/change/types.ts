import type { ServiceId } from '../calls/catalogue'
import type { JsonObject } from '../json'
import type { FieldEdit, FieldPath, FieldValue, UserKey } from '../user/types'

/**
 * Where an entry stands. The transitions: `machine.ts`. `held` and `preflight` are never written to disk: they
 * are how a `queued` or `waiting` entry is shown while nothing may be sent, or while its pre-read is under way.
 */
export type EntryState =
  | 'queued'
  | 'held'
  | 'preflight'
  | 'inflight'
  | 'verifying'
  | 'unknown'
  | 'waiting'
  | 'conflict'
  | 'partial'
  | 'rejected'
  | 'parked'
  | 'done'
  | 'cancelled'
  | 'superseded'

/** How one PUT ended, as far as is known. */
export type AttemptOutcome =
  | 'pending'
  | 'done'
  | 'normalised'
  | 'superseded'
  | 'not-applied'
  | 'not-kept'
  | 'partial'
  | 'rejected'
  | 'unknown'

/** One PUT, recorded durably before its first byte is sent. */
export interface Attempt {
  readonly id: string
  /** Exactly what was put on the wire, keys included. */
  readonly body: JsonObject
  /** The fields of the body as the pre-read showed them. */
  readonly preImage: Readonly<Record<FieldPath, FieldValue>>
  /** Fields that the body carries along unchanged, as the pre-read showed them: of a service that is written whole. */
  readonly carried?: Readonly<Record<FieldPath, FieldValue>>
  /** Monotonic ms when the pre-read was asked for: the server may have looked at any moment after it. */
  readonly preReadMono: number
  readonly startedMono: number
  readonly startedWall: number
  readonly endedMono?: number
  readonly endedWall?: number
  /** From asking for the pre-read to the PUT's answer, sleep included: other people's writes inside it cannot be seen. */
  readonly unguardedMs?: number
  readonly outcome: AttemptOutcome
  /** A read told the outcome before the settle time was over: the request, or a copy, may still arrive. */
  readonly lingering?: boolean
  readonly status?: number
  readonly errorCode?: string
  readonly answer?: string
  /** What a read afterwards showed, for the fields of the body. */
  readonly after?: Readonly<Record<FieldPath, FieldValue>>
  readonly words: string
}

/** What a conflict on one field is about; the person's choice sets base := theirs. */
export interface FieldConflict {
  readonly path: FieldPath
  readonly base?: FieldValue
  readonly theirs: FieldValue
  readonly mine: FieldValue
}

/** One saved change of one user, of the options or of one service, waiting to be sent or ended. */
export interface OutboxEntry {
  readonly id: string
  readonly seq: number
  /** Scheme, host, port and base path of the server it was made for, and the account that made it. */
  readonly origin: string
  readonly account: string
  readonly connectionId: string
  readonly user: UserKey
  /** The call-handling service that it is about; left out for the user's options. */
  readonly service?: ServiceId
  readonly edits: readonly FieldEdit[]
  readonly reason?: string
  readonly batchId?: string
  /** The history entry that this one puts back. */
  readonly reverts?: string
  readonly state: EntryState
  /** Why it stands there and what comes next, for people. */
  readonly why: string
  /** Wall ms, for showing only. */
  readonly nextTryWall?: number
  readonly conflicts: readonly FieldConflict[]
  readonly attempts: readonly Attempt[]
  /** Server errors (5xx) since a person last asked for this entry to be sent; the fifth parks it. */
  readonly serverErrors?: number
  readonly createdWall: number
}
