import { fieldAt } from '../user/catalogue'
import type { FieldPath, FieldValue } from '../user/types'
import { displayValue } from '../user/value'
import type { FieldConflict } from './types'

/** Sentences that say where a change stands and what comes next. All of them are for people; none is parsed. */

export const labelsOf = (paths: readonly FieldPath[]): string =>
  paths.map((path) => fieldAt(path)?.label ?? path).join(', ')

const seconds = (ms: number): string => {
  const whole = Math.max(1, Math.ceil(ms / 1000))
  if (whole < 100) return whole === 1 ? '1 second' : `${whole} seconds`
  return `${Math.ceil(whole / 60)} minutes`
}

const became = (values: Readonly<Record<FieldPath, FieldValue>>, paths: readonly FieldPath[]): string =>
  paths.map((path) => `${labelsOf([path])} “${displayValue(path, values[path] ?? null)}”`).join(', ')

/** Nobody has changed it: the person edited it without knowing what the server had. */
const neverSeen = (path: FieldPath, theirs: FieldValue): string =>
  `You had not seen the value of ${labelsOf([path])} on the server: it is “${displayValue(path, theirs)}”.`

export const words = {
  queued: 'Waiting for its turn.',
  afterGiver: (value: string, name: string) => `Waits until ${name} has given up ${value}.`,
  ring: (names: readonly string[]) =>
    `${names.join(' and ')} want each other’s numbers, and the server takes them only one after the other. Park one of them on another number for a moment.`,
  afterStep: 'Waits for the step before it.',
  edited: 'Changed again; waiting for its turn.',
  resolved: 'Decided; waiting for its turn.',
  retried: 'Asked for again; waiting for its turn.',
  preflight: 'Reading the user before sending.',
  inflight: 'Sending.',
  verifying: 'Sent. Reading the user to see whether it was kept.',
  rereading: 'Sent and accepted, but a read still shows the old value. Reading again.',
  unknown: 'Sent, answer lost. Checking…',
  recovered: 'The app closed before the answer came. Checking…',
  settling: (ms: number) =>
    `Sent, answer lost. It may still arrive, so it is checked again in ${seconds(ms)}; nothing else is sent for this user until then.`,
  settleRead: 'Sent, answer lost. The check could not be made yet; it will be tried again.',
  alreadySo: 'Already so on the server. Nothing was sent.',
  noneLeft: 'Edited back to how it was. Nothing to send.',
  tookTheirs: 'The server’s values were kept.',
  cancelled: 'Discarded.',
  abandoned:
    'Discarded before its outcome was known. It had been sent: the server may or may not have carried it out.',
  merged: 'Joined with the other change of this user.',
  done: 'Saved on the server.',
  answerLostDone: 'Saved on the server. The answer had been lost; a read shows the change.',
  refusedDone: (text: string) => `The server refused it (${text}), yet a read shows the change.`,
  normalised: (values: Readonly<Record<FieldPath, FieldValue>>, paths: readonly FieldPath[]) =>
    `Saved on the server, which wrote it as ${became(values, paths)}.`,
  superseded: (values: Readonly<Record<FieldPath, FieldValue>>, paths: readonly FieldPath[]) =>
    `Sent, and somebody else has changed it since: now ${became(values, paths)}.`,
  notKept:
    'The server accepted it but did not keep it: reads still show the old value. Look at it, then retry or discard.',
  notApplied: 'The earlier request did not arrive. It will be sent again.',
  partial: (applied: readonly FieldPath[], left: readonly FieldPath[]) =>
    `Only a part was saved. Saved: ${labelsOf(applied)}. Not saved: ${labelsOf(left)}. Retry sends the rest.`,
  rejected: (text: string) => `The server refused it: ${text}`,
  conflict: (conflicts: readonly FieldConflict[]) => {
    const changed = conflicts.filter(({ base }) => base !== undefined).map(({ path }) => path)
    const unseen = conflicts.filter(({ base }) => base === undefined)
    return [
      ...(changed.length === 0 ? [] : [`Somebody else has changed ${labelsOf(changed)} since.`]),
      ...unseen.map(({ path, theirs }) => neverSeen(path, theirs)),
      'Choose which value is to stay.',
    ].join(' ')
  },
  forbidden: (text: string) => `This account may not change it: ${text}`,
  gone: 'The server does not know this user any more. It was removed or renamed: search for its number or extension.',
  moved: (group: string) => `The user is now in group ${group}. Look at it; Retry sends the change there.`,
  readRefused: (text: string) => `The user could not be read: ${text}`,
  notUnderstood: (paths: readonly FieldPath[]) =>
    `What the server now has in ${labelsOf(paths)} cannot be understood, so it is not overwritten.`,
  needs: (path: FieldPath) =>
    `${labelsOf([path])} is empty, and without it this would be switched on for nothing. Type it there, then retry or discard.`,
  serverErrors: (text: string) =>
    `The server failed five times on this change (${text}). Retry when it works again.`,
  waiting: (what: string, ms: number) => `${what} Next try in ${seconds(ms)}.`,
  stuck: (what: string, times: number, ms: number) =>
    `${what} So it was ${times} times when this user was read, while the server answers otherwise. Look at the user there, or discard the change. Next try in ${seconds(ms)}.`,
  stuckSettling: (what: string, times: number) =>
    `${what} So it was ${times} times when this user was read, while the server answers otherwise: whether the change was made is not known yet. It goes on being looked for until you give it up.`,
  stuckWrite: (times: number) =>
    `Sent, and ${times} times no answer of the server came, while it answers otherwise; reads show that nothing was done. It will be sent again, less and less often. Look at the user there, or discard the change.`,
  spacing: (ms: number) =>
    `Waiting ${seconds(ms)}, so that two writes of the same field cannot overtake each other.`,
  quarantine: (ms: number) =>
    `Waiting ${seconds(ms)}: an earlier request of this user, whose answer was lost, may still arrive.`,
  behind: 'Waiting for the change of this user that is being sent.',
  orphan: 'Recorded, and the disk then failed before it was sent.',
  interrupted:
    'Gungnir ended before an answer came: the server may or may not have carried it out. It is not sent again by itself.',
  signedOutAnswer:
    'The session had ended, so the server did nothing. It will be sent again after signing in.',
  held: {
    paused: 'Paused.',
    workOffline: 'Working offline.',
    signedOut: (account: string) => `Signed out. Will be sent once ${account} is signed in.`,
    otherAccount: (account: string, origin: string) =>
      `Made as ${account} on ${origin}. Will be sent once that account is signed in there.`,
    disk: (why: string) => `${why} Nothing is sent while it cannot be recorded.`,
    signingIn: 'Signing in again.',
    readOnly: (why: string) => `Read-only, nothing is sent. ${why}.`,
  },
} as const
