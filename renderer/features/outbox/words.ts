import type { OutboxRow } from '../../../shared/ipc/contract'
import { labelOf } from '../../../shared/user/catalogue'
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

/** Each field of the change with its old and its new value in words. */
export const editWords = ({ edits }: OutboxRow) =>
  edits.map(({ path, base, mine }) => ({
    path,
    label: labelOf(path),
    old: base === undefined ? 'not known' : displayValue(path, base),
    now: displayValue(path, mine),
  }))

/** "Extension 1234 → 1235", field by field. */
export const editsText = (row: OutboxRow): string =>
  editWords(row)
    .map(({ label, old, now }) => `${label} ${oldToNew(old, now)}`)
    .join('; ')

/** What is lost by discarding changes whose answer has not come; `of` says how many are discarded in all. */
export const sentAlready = (sent: number, of: number): string => {
  const one = sent === 1
  const which = sent === of ? (one ? 'It' : 'They') : `${sent} of them`
  return `${which} ${one ? 'has' : 'have'} been sent, and it is not known whether the server has carried ${one ? 'it' : 'them'} out. Discarding forgets ${one ? 'it' : 'them'} here and takes nothing back on the server; History keeps ${one ? 'it' : 'them'}.`
}

/** Whether trying again makes sense: it is stopped, but not by a conflict, which needs a decision. */
export const canRetry = (row: OutboxRow): boolean =>
  row.state === 'rejected' || row.state === 'parked' || row.state === 'waiting' || row.state === 'partial'
