import type { OutboxRow } from '../../../shared/ipc/contract'
import { labelOf } from '../../../shared/user/catalogue'
import type { FieldValue } from '../../../shared/user/types'
import { displayValue } from '../../../shared/user/value'
import type { StateLook } from '../../ui/StateBadge'
import { oldToNew } from '../../ui/words'

type State = OutboxRow['state']

const states: Readonly<Record<State, { word: string; look: StateLook }>> = {
  queued: { word: 'Queued', look: 'waiting' },
  held: { word: 'Held', look: 'waiting' },
  preflight: { word: 'Checking first', look: 'sending' },
  inflight: { word: 'Sending', look: 'sending' },
  verifying: { word: 'Verifying', look: 'sending' },
  unknown: { word: 'Answer lost', look: 'unknown' },
  waiting: { word: 'Waiting', look: 'waiting' },
  conflict: { word: 'Conflict', look: 'conflict' },
  partial: { word: 'In part', look: 'conflict' },
  rejected: { word: 'Refused', look: 'refused' },
  parked: { word: 'Parked', look: 'refused' },
  done: { word: 'Done', look: 'done' },
  cancelled: { word: 'Discarded', look: 'ended' },
  superseded: { word: 'Superseded', look: 'ended' },
}

export const stateWord = (state: State): string => states[state].word
export const stateLook = (state: State): StateLook => states[state].look

/** The state in words, with its reason: what a cell and a screen reader say. */
export const stateText = (row: OutboxRow): string =>
  row.why === '' ? stateWord(row.state) : `${stateWord(row.state)}: ${row.why}`

export const editLabels = (row: OutboxRow): string => row.edits.map(({ path }) => labelOf(path)).join(', ')

/** "1234 → 1235"; with several fields each under its name. */
export function editsText(row: OutboxRow): string {
  const one = row.edits.length === 1
  return row.edits
    .map(({ path, base, mine }) => {
      const change = oldToNew(base === undefined ? 'not known' : words(path, base), words(path, mine))
      return one ? change : `${labelOf(path)}: ${change}`
    })
    .join('; ')
}

const words = (path: string, value: FieldValue) => displayValue(path, value)

/** Whether trying again makes sense: it is stopped, but not by a conflict, which needs a decision. */
export const canRetry = (row: OutboxRow): boolean =>
  row.state === 'rejected' || row.state === 'parked' || row.state === 'waiting' || row.state === 'partial'
