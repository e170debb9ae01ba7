import type { FieldEdit, FieldPath } from '../user/types'
import { conflictOver } from './conflict'
import { type Judgement, tally } from './judge'
import type { AttemptOutcome, FieldConflict } from './types'
import { words } from './words'

/** How an attempt ended and where its entry goes. */
export interface Ending {
  readonly outcome: AttemptOutcome
  /** Fields that a read has shown to be ours, or somebody else's over ours: they leave the entry. */
  readonly settled: readonly FieldPath[]
  /** Fields that stay because a third value was found where ours may never have been. */
  readonly conflicts: readonly FieldConflict[]
  /** `ended`: nothing of what was sent is left to do. */
  readonly next: 'ended' | 'queued' | 'waiting' | 'conflict' | 'partial' | 'rejected' | 'parked'
  readonly why: string
}

const conflictsOn = (
  paths: readonly FieldPath[],
  sent: readonly FieldEdit[],
  after: Judgement['after'],
): readonly FieldConflict[] =>
  sent.filter(({ path }) => paths.includes(path)).map((edit) => conflictOver(edit, after[edit.path] ?? null))

const partial = (applied: readonly FieldPath[], left: readonly FieldPath[]): Ending => ({
  outcome: 'partial',
  settled: applied,
  conflicts: [],
  next: 'partial',
  why: words.partial(applied, left),
})

/**
 * After a 2xx with the expected JSON. `again`: a read still shows the pre-image, read once more; with `lastRead`
 * the last of the re-reads was that one.
 * @param wasOld fields that an earlier read after the answer still showed as they were before: what they are now, if not ours,
 * was not written over ours
 */
export function afterAnswer(
  judgement: Judgement,
  lastRead: boolean,
  sent: readonly FieldEdit[] = [],
  wasOld: ReadonlySet<FieldPath> = new Set(),
): Ending | 'again' {
  const { mine, normalised, third, 'pre-image': old } = tally(judgement)
  if (old.length > 0 && !lastRead) return 'again'
  // Of a request that was kept in part nobody can say that it wrote these.
  const never = third.filter((path) => old.length > 0 || wasOld.has(path))
  const settled = [...mine, ...normalised, ...third.filter((path) => !never.includes(path))]
  if (never.length > 0) {
    const conflicts = conflictsOn(never, sent, judgement.after)
    const outcome = settled.length > 0 ? 'partial' : 'unknown'
    return { outcome, settled, conflicts, next: 'conflict', why: words.conflict(conflicts) }
  }
  if (old.length > 0) {
    if (settled.length > 0) return partial(settled, old)
    return { outcome: 'not-kept', settled: [], conflicts: [], next: 'parked', why: words.notKept }
  }
  const ended = { settled, conflicts: [], next: 'ended' } as const
  if (third.length > 0) {
    return { ...ended, outcome: 'superseded', why: words.superseded(judgement.after, third) }
  }
  if (normalised.length > 0) {
    return { ...ended, outcome: 'normalised', why: words.normalised(judgement.after, normalised) }
  }
  return { ...ended, outcome: 'done', why: words.done }
}

/** The server said no, and a read shows that it was done. */
function afterAll(judgement: Judgement, text: string): Ending {
  const { mine, normalised } = tally(judgement)
  return {
    outcome: normalised.length > 0 ? 'normalised' : 'done',
    settled: [...mine, ...normalised],
    conflicts: [],
    next: 'ended',
    why: normalised.length > 0 ? words.normalised(judgement.after, normalised) : words.refusedDone(text),
  }
}

/** After a refusal by BroadWorks: it may have been applied in part. `text` is the server's own. */
export function afterRefusal(judgement: Judgement, text: string): Ending {
  const { mine, normalised, third, 'pre-image': old } = tally(judgement)
  const applied = [...mine, ...normalised]
  const left = [...old, ...third]
  if (applied.length === 0) {
    return { outcome: 'rejected', settled: [], conflicts: [], next: 'rejected', why: words.rejected(text) }
  }
  if (left.length > 0) return partial(applied, left)
  return afterAll(judgement, text)
}

/** After 429 or 503, which is taken as "not done" once a read has not shown otherwise. */
export function afterBusy(judgement: Judgement, text: string): Ending {
  const { mine, normalised, third, 'pre-image': old } = tally(judgement)
  const applied = [...mine, ...normalised]
  if (old.length + third.length === 0) {
    return afterAll(judgement, text)
  }
  if (applied.length > 0) return partial(applied, [...old, ...third])
  return { outcome: 'not-applied', settled: [], conflicts: [], next: 'waiting', why: text }
}

/**
 * After an answer that was lost. `wait`: not all of it is there, and the request may still be on its way; with
 * `settled` the settle time has passed and this read decides.
 */
export function afterSilence(
  judgement: Judgement,
  sent: readonly FieldEdit[],
  settled: boolean,
): Ending | 'wait' {
  const { mine, normalised, third, 'pre-image': old } = tally(judgement)
  const applied = [...mine, ...normalised]
  if (old.length + third.length === 0) {
    return {
      outcome: normalised.length > 0 ? 'normalised' : 'done',
      settled: applied,
      conflicts: [],
      next: 'ended',
      why: normalised.length > 0 ? words.normalised(judgement.after, normalised) : words.answerLostDone,
    }
  }
  if (!settled) return 'wait'
  if (third.length > 0) {
    const conflicts = conflictsOn(third, sent, judgement.after)
    return {
      outcome: applied.length > 0 ? 'partial' : 'unknown',
      settled: applied,
      conflicts,
      next: 'conflict',
      why: words.conflict(conflicts),
    }
  }
  if (applied.length > 0) return partial(applied, old)
  return { outcome: 'not-applied', settled: [], conflicts: [], next: 'queued', why: words.notApplied }
}
