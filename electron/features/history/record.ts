import type { Attempt, OutboxEntry } from '../../../shared/change/types'
import type { FieldEdit } from '../../../shared/user/types'
import type { HistoryChanges, NewHistoryEntry } from '../../store/repositories/history'
import { hideSecrets } from './secrets'

/** As much of an answer as a person will read. */
const longestAnswer = 64_000

/**
 * The history entry of an attempt, to be written in the same transaction as the attempt and before its first byte.
 * Its id is the attempt's.
 * @param asked the edits that the body carries
 * @param userName how the user is called now: the entry keeps it, whatever they are called later
 */
export function openedEntry(
  entry: OutboxEntry,
  attempt: Attempt,
  asked: readonly FieldEdit[],
  userName: string,
): NewHistoryEntry {
  return {
    id: attempt.id,
    connectionId: entry.connectionId,
    entryId: entry.id,
    user: entry.user,
    userName,
    action: entry.reverts === undefined ? 'change' : 'revert',
    fields: asked.map(({ path }) => path),
    before: attempt.preImage,
    asked: Object.fromEntries(asked.map(({ path, mine }) => [path, mine])),
    outcome: attempt.outcome,
    words: attempt.words,
    account: entry.account,
    origin: entry.origin,
    startedWall: attempt.startedWall,
    request: `PUT ${entry.origin}/users\n${JSON.stringify(attempt.body, null, 2)}`,
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    ...(entry.batchId === undefined ? {} : { batchId: entry.batchId }),
    ...(entry.reverts === undefined ? {} : { reverts: entry.reverts }),
  }
}

/** What is known of an attempt by now, for `settle` of the entry with its id. May be called again as more is known. */
export function settledChanges(attempt: Attempt, answer = attempt.answer): HistoryChanges {
  return {
    outcome: attempt.outcome,
    words: attempt.words,
    ...(attempt.status === undefined ? {} : { status: attempt.status }),
    ...(attempt.errorCode === undefined ? {} : { errorCode: attempt.errorCode }),
    ...(attempt.after === undefined ? {} : { after: attempt.after }),
    ...(attempt.endedMono === undefined ? {} : { durationMs: attempt.endedMono - attempt.startedMono }),
    ...(attempt.unguardedMs === undefined ? {} : { unguardedMs: attempt.unguardedMs }),
    ...(answer === undefined ? {} : { answer: hideSecrets(answer.slice(0, longestAnswer)) }),
  }
}
