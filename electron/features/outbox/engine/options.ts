import { editsBehind, mergeEdits } from '../../../../shared/change/coalesce'
import { isResting } from '../../../../shared/change/machine'
import { planSend } from '../../../../shared/change/plan'
import { afterAnswer, afterBusy, afterRefusal, afterSilence } from '../../../../shared/change/verdict'
import { bodyAbout, carriedAbout, formAbout, isAbout, readAbout } from './about'

/** The times of the protocol, in monotonic milliseconds. */
export interface EngineOptions {
  /** No request of ours can arrive later than this after we stopped waiting for its answer. */
  readonly settleMs: number
  /** Between two different writes of ours to the same field: a copy of the first may arrive meanwhile. */
  readonly spacingMs: number
  /** A pre-read may be this old when its PUT starts, if it was shared by a group. */
  readonly sharedReadMs: number
  /** The same for the read of one user. */
  readonly ownReadMs: number
  /** When a value that was accepted but is not there yet is looked at again, after the answer. */
  readonly rereadMs: readonly number[]
  readonly backoffBaseMs: number
  readonly backoffCapMs: number
  /** Users worked on side by side. */
  readonly lanes: number
  /** A call without an answer gives its lane to the next user after this. */
  readonly overdueMs: number
  /** Entries of one group that must be ready before its users are read in one call. */
  readonly shareFrom: number
}

export const defaultOptions: EngineOptions = {
  settleMs: 90_000,
  spacingMs: 10_000,
  sharedReadMs: 2_000,
  ownReadMs: 10_000,
  rereadMs: [500, 2_000, 8_000],
  backoffBaseMs: 1_000,
  backoffCapMs: 300_000,
  lanes: 3,
  overdueMs: 2_000,
  shareFrom: 3,
}

/** The decisions of the protocol. They are handed in so that the simulator can plant wrong ones and see them caught. */
export const protocolRules = {
  planSend,
  afterAnswer,
  afterRefusal,
  afterBusy,
  afterSilence,
  editsBehind,
  mergeEdits,
  /** Whether an entry may take further edits in. */
  takesEdits: isResting,
  isAbout,
  readAbout,
  formAbout,
  bodyAbout,
  carriedAbout,
}
export type ProtocolRules = typeof protocolRules
