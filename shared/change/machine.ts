import type { FieldEdit, FieldPath } from '../user/types'
import { mergeEdits, mergeStory, movedFields } from './coalesce'
import { type Choice, resolveEdits } from './conflict'
import type { Attempt, EntryState, FieldConflict, OutboxEntry } from './types'
import type { Ending } from './verdict'
import { labelsOf, words } from './words'

/** What happens to an entry. Every event becomes durable before anything is done because of it. */
export type EntryEvent =
  /** A person edits the user again while nothing of this entry is under way. */
  | {
      readonly type: 'edit'
      readonly edits: readonly FieldEdit[]
      readonly reason?: string
      readonly batchId?: string
      readonly reverts?: string
    }
  /** The pre-read shows that nothing is left to send. */
  | { readonly type: 'converge' }
  /** The pre-read shows values that nobody of ours has seen, and nothing else to send. */
  | {
      readonly type: 'clash'
      readonly conflicts: readonly FieldConflict[]
      readonly converged: readonly FieldPath[]
    }
  /** The pre-read shows such values, and something else is to be sent first. */
  | { readonly type: 'sight'; readonly conflicts: readonly FieldConflict[] }
  /** The attempt is recorded; the PUT may start. */
  | {
      readonly type: 'send'
      readonly attempt: Attempt
      readonly conflicts: readonly FieldConflict[]
      readonly converged: readonly FieldPath[]
    }
  /** The PUT was answered; a read has to show what became of it. */
  | { readonly type: 'answer'; readonly attempt: Partial<Attempt>; readonly why: string }
  /** No answer that tells whether it was done. */
  | {
      readonly type: 'lose'
      readonly attempt: Partial<Attempt>
      readonly why: string
      readonly serverError: boolean
    }
  /** A read has told what became of the attempt. */
  | {
      readonly type: 'finish'
      readonly attempt: Partial<Attempt>
      readonly ending: Ending
      readonly serverError?: boolean
      readonly nextTryWall?: number
    }
  /** Not now: the retry timer runs. */
  | {
      readonly type: 'wait'
      readonly why: string
      readonly nextTryWall: number
      readonly serverError: boolean
    }
  /** Needs a person. */
  | { readonly type: 'park'; readonly why: string; readonly user?: OutboxEntry['user'] }
  | { readonly type: 'resolve'; readonly choices: readonly Choice[] }
  | { readonly type: 'retry' }
  | { readonly type: 'cancel' }
  /** A person does not want to wait until it is known what became of the attempt. */
  | { readonly type: 'abandon' }
  /** The change behind this one joins it. */
  | { readonly type: 'absorb'; readonly behind: OutboxEntry }
  /** This change has joined another entry. */
  | { readonly type: 'join' }

export type EventType = EntryEvent['type']

/** Nothing of such an entry is under way, so it may be edited, retried, discarded or sent. */
export const restingStates: readonly EntryState[] = [
  'queued',
  'waiting',
  'conflict',
  'partial',
  'rejected',
  'parked',
]
/** Such an entry has an attempt whose outcome is not known yet. */
export const openStates: readonly EntryState[] = ['inflight', 'verifying', 'unknown']
/** Nothing more happens to such an entry. */
export const endedStates: readonly EntryState[] = ['done', 'cancelled', 'superseded']
/** A person has to look at such an entry before it goes on. */
export const troubledStates: readonly EntryState[] = ['conflict', 'partial', 'rejected', 'parked']

export const isResting = (entry: OutboxEntry): boolean => restingStates.includes(entry.state)
export const isOpen = (entry: OutboxEntry): boolean => openStates.includes(entry.state)
export const isEnded = (entry: OutboxEntry): boolean => endedStates.includes(entry.state)
export const isTroubled = (entry: OutboxEntry): boolean => troubledStates.includes(entry.state)
export const isSendable = (entry: OutboxEntry): boolean =>
  entry.state === 'queued' || entry.state === 'waiting'

const sendable: readonly EntryState[] = ['queued', 'waiting']

type Steps = Readonly<Partial<Record<EntryState, readonly EntryState[]>>>

const from = (states: readonly EntryState[], ...to: readonly EntryState[]): Steps =>
  Object.fromEntries(states.map((state) => [state, to]))

/** Where each event may lead from each state. The simulator counts that every one of these steps is taken. */
export const transitions: Readonly<Record<EventType, Steps>> = {
  edit: from(restingStates, 'queued', 'cancelled'),
  converge: from(sendable, 'done'),
  clash: from(sendable, 'conflict'),
  sight: { queued: ['queued'], waiting: ['waiting'] },
  send: from(sendable, 'inflight'),
  answer: { inflight: ['verifying'] },
  lose: from(['inflight', 'verifying'], 'unknown'),
  finish: {
    inflight: ['done', 'superseded', 'queued', 'waiting', 'conflict', 'parked'],
    verifying: ['done', 'superseded', 'queued', 'waiting', 'conflict', 'partial', 'rejected', 'parked'],
    unknown: ['done', 'queued', 'conflict', 'partial', 'parked'],
  },
  wait: from(sendable, 'waiting'),
  park: from(sendable, 'parked'),
  resolve: { conflict: ['queued', 'cancelled'] },
  retry: from(['waiting', ...troubledStates], 'queued'),
  cancel: from(restingStates, 'cancelled'),
  abandon: from(openStates, 'cancelled'),
  absorb: from(restingStates, 'queued', 'cancelled'),
  join: { queued: ['superseded'] },
}

/** A mistake in the engine: the event does not fit the state. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition'
}

const timeless = ({ nextTryWall: _dropped, ...entry }: OutboxEntry): OutboxEntry => entry

const without = (entry: OutboxEntry, paths: readonly FieldPath[]): readonly FieldEdit[] =>
  paths.length === 0 ? entry.edits : entry.edits.filter(({ path }) => !paths.includes(path))

/**
 * The edits with those marked whose base the server does not have: known from a read, and to be remembered for as long
 * as the edit lives, whatever becomes of the conflict. An edit back to such a base is still one.
 */
const clashing = (edits: readonly FieldEdit[], conflicts: readonly FieldConflict[]): readonly FieldEdit[] => {
  if (conflicts.length === 0) return edits
  const paths = new Set(conflicts.map(({ path }) => path))
  return edits.map((edit) => (paths.has(edit.path) ? { ...edit, moved: true as const } : edit))
}

const amend = (entry: OutboxEntry, changes: Partial<Attempt>): readonly Attempt[] =>
  entry.attempts.map((attempt, index) =>
    index === entry.attempts.length - 1 ? { ...attempt, ...changes } : attempt,
  )

/** Attempts that an entry carries along. History has them all. */
const attemptsKept = 20

/** Of a long row of attempts, the oldest that certainly changed nothing are left to history. */
function withAttempt(attempts: readonly Attempt[], next: Attempt): readonly Attempt[] {
  let surplus = attempts.length + 1 - attemptsKept
  const kept = attempts.filter(({ outcome }) => outcome !== 'not-applied' || surplus-- <= 0)
  return [...kept, next]
}

const errors = (entry: OutboxEntry, another: boolean): { serverErrors?: number } => {
  const count = (entry.serverErrors ?? 0) + (another ? 1 : 0)
  return count === 0 ? {} : { serverErrors: count }
}

/** Server errors on one entry before it is parked. */
export const serverErrorLimit = 5

const pardoned = ({ serverErrors: _dropped, ...entry }: OutboxEntry): OutboxEntry => entry

function reedited(entry: OutboxEntry, edits: readonly FieldEdit[], why: string): OutboxEntry {
  const fresh = { ...pardoned(timeless(entry)), edits, conflicts: [] }
  return edits.length === 0
    ? { ...fresh, state: 'cancelled', why: words.noneLeft }
    : { ...fresh, state: 'queued', why }
}

function finish(entry: OutboxEntry, event: Extract<EntryEvent, { type: 'finish' }>): OutboxEntry {
  const { ending } = event
  const edits = without(entry, ending.settled)
  const left = new Set(edits.map(({ path }) => path))
  const conflicts = [...entry.conflicts, ...ending.conflicts].filter(({ path }) => left.has(path))
  const next: OutboxEntry = {
    ...timeless(entry),
    ...errors(entry, event.serverError ?? false),
    edits: clashing(edits, conflicts),
    conflicts,
    attempts: amend(entry, { ...event.attempt, outcome: ending.outcome, words: ending.why }),
    why: ending.why,
    state: 'queued',
  }
  switch (ending.next) {
    case 'ended':
      if (edits.length === 0) {
        return { ...next, state: ending.outcome === 'superseded' ? 'superseded' : 'done' }
      }
      return conflicts.length === 0
        ? { ...next, why: words.queued }
        : { ...next, state: 'conflict', why: words.conflict(conflicts) }
    case 'waiting':
      return {
        ...next,
        state: 'waiting',
        ...(event.nextTryWall === undefined ? {} : { nextTryWall: event.nextTryWall }),
      }
    default:
      return { ...next, state: ending.next }
  }
}

/** Where the event takes the entry. Pure; throws {@link IllegalTransition} where the protocol has no such step. */
export function advance(entry: OutboxEntry, event: EntryEvent, merge = mergeEdits): OutboxEntry {
  const allowed = transitions[event.type][entry.state]
  if (allowed === undefined) {
    throw new IllegalTransition(`${event.type} does not fit an entry that is ${entry.state}`)
  }
  const next = apply(entry, event, merge)
  if (!allowed.includes(next.state)) {
    throw new IllegalTransition(`${event.type} led from ${entry.state} to ${next.state}`)
  }
  return next
}

function apply(entry: OutboxEntry, event: EntryEvent, merge: typeof mergeEdits): OutboxEntry {
  switch (event.type) {
    case 'edit':
      return reedited(
        mergeStory(entry, event),
        merge(entry.edits, event.edits, movedFields(entry)),
        words.edited,
      )
    case 'converge':
      return { ...timeless(entry), conflicts: [], state: 'done', why: words.alreadySo }
    case 'clash':
      return {
        ...timeless(entry),
        edits: clashing(without(entry, event.converged), event.conflicts),
        conflicts: event.conflicts,
        state: 'conflict',
        why: words.conflict(event.conflicts),
      }
    case 'sight':
      return { ...entry, edits: clashing(entry.edits, event.conflicts) }
    case 'send':
      return {
        ...timeless(entry),
        edits: clashing(without(entry, event.converged), event.conflicts),
        conflicts: event.conflicts,
        attempts: withAttempt(entry.attempts, event.attempt),
        state: 'inflight',
        why: words.inflight,
      }
    case 'answer':
      return { ...entry, attempts: amend(entry, event.attempt), state: 'verifying', why: event.why }
    case 'lose':
      return {
        ...entry,
        ...errors(entry, event.serverError),
        attempts: amend(entry, { ...event.attempt, outcome: 'unknown', words: event.why }),
        state: 'unknown',
        why: event.why,
      }
    case 'finish':
      return finish(entry, event)
    case 'wait':
      return {
        ...entry,
        ...errors(entry, event.serverError),
        state: 'waiting',
        why: event.why,
        nextTryWall: event.nextTryWall,
      }
    case 'park':
      return {
        ...timeless(entry),
        ...(event.user === undefined ? {} : { user: event.user }),
        state: 'parked',
        why: event.why,
      }
    case 'resolve': {
      const edits = resolveEdits(entry.edits, event.choices)
      const next = reedited(entry, edits, words.resolved)
      return edits.length === 0 ? { ...next, why: words.tookTheirs } : next
    }
    case 'retry':
      return { ...pardoned(timeless(entry)), conflicts: [], state: 'queued', why: words.retried }
    case 'cancel':
      return { ...timeless(entry), state: 'cancelled', why: words.cancelled }
    case 'abandon':
      return {
        ...timeless(entry),
        // A copy may still arrive: a later run has to wait for that, too.
        attempts: amend(entry, { outcome: 'unknown', lingering: true, words: words.abandoned }),
        state: 'cancelled',
        why: words.abandoned,
      }
    case 'absorb': {
      const { behind } = event
      return reedited(
        mergeStory(entry, behind),
        merge(entry.edits, behind.edits, movedFields(entry)),
        words.edited,
      )
    }
    case 'join':
      return { ...timeless(entry), state: 'superseded', why: words.merged }
  }
}

/** The fields of the last attempt that the entry still holds: what a read after the PUT is compared with. */
export function sentEdits(entry: OutboxEntry): readonly FieldEdit[] {
  const attempt = entry.attempts.at(-1)
  if (attempt === undefined) return []
  return entry.edits.filter(({ path }) => Object.hasOwn(attempt.preImage, path))
}

/** One line for logs and tests. */
export const describeEntry = (entry: OutboxEntry): string =>
  `${entry.user.userId} ${labelsOf(entry.edits.map(({ path }) => path))}: ${entry.state}`
