import type { AttemptOutcome } from '../change/types'

export type { AttemptOutcome }

/** How an outcome is called in the search, its own name first. */
export const outcomeNames: Readonly<Record<AttemptOutcome, readonly string[]>> = {
  pending: ['pending', 'open'],
  done: ['done', 'ok', 'applied'],
  normalised: ['normalised', 'ok', 'applied'],
  superseded: ['superseded', 'ok', 'applied'],
  partial: ['partial', 'applied', 'failed'],
  'not-applied': ['not-applied', 'failed'],
  'not-kept': ['not-kept', 'failed'],
  rejected: ['rejected', 'refused', 'failed'],
  unknown: ['unknown', 'open'],
}

export const attemptOutcomes = Object.keys(outcomeNames) as readonly AttemptOutcome[]

/** An outcome in a few words, for cells and reports. */
export const outcomeWords: Readonly<Record<AttemptOutcome, string>> = {
  pending: 'Not settled yet',
  done: 'Done',
  normalised: 'Done, spelled differently by the server',
  superseded: 'Done, then changed by someone else',
  partial: 'Done in part',
  'not-applied': 'Not applied',
  'not-kept': 'Accepted but not kept',
  rejected: 'Refused',
  unknown: 'Outcome unknown',
}

export const isOutcome = (text: string): text is AttemptOutcome => Object.hasOwn(outcomeNames, text)

/** Whether something of a change with this outcome is on the server, or was: only that can be put back. */
export const isApplied = (outcome: string): boolean =>
  isOutcome(outcome) && outcomeNames[outcome].includes('applied')
/** Whether a change with this outcome was not carried out, or not all of it. */
export const isFailed = (outcome: string): boolean =>
  isOutcome(outcome) && outcomeNames[outcome].includes('failed')
