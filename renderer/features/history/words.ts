import { labelOf } from '../../../shared/user/catalogue'
import type { FieldPath } from '../../../shared/user/types'
import type { StateLook } from '../../ui/StateBadge'

/** "Extension, Title". */
export const fieldLabels = (paths: readonly FieldPath[]): string => paths.map(labelOf).join(', ')

const looks: Readonly<Record<string, StateLook>> = {
  pending: 'sending',
  done: 'done',
  normalised: 'done',
  superseded: 'conflict',
  'not-applied': 'ended',
  'not-kept': 'refused',
  partial: 'conflict',
  rejected: 'refused',
  unknown: 'unknown',
}

const words: Readonly<Record<string, string>> = {
  pending: 'Sending',
  done: 'Done',
  normalised: 'Done, adjusted',
  superseded: 'Superseded',
  'not-applied': 'Not applied',
  'not-kept': 'Not kept',
  partial: 'In part',
  rejected: 'Refused',
  unknown: 'Unknown',
}

/** The outcome of a change in one or two words; one that is not known here is shown as it came. */
export const outcomeWord = (outcome: string): string => words[outcome] ?? outcome
export const outcomeLook = (outcome: string): StateLook => looks[outcome] ?? 'ended'
