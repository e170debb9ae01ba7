import { isApplied, isOutcome, outcomeWords } from '../../../shared/history/outcomes'
import type { HistoryBatch, HistoryRow } from '../../../shared/history/shapes'
import { labelOf } from '../../../shared/user/catalogue'
import type { FieldPath } from '../../../shared/user/types'
import { displayValue } from '../../../shared/user/value'
import type { StateLook } from '../../ui/StateBadge'
import { count, counted, oldToNew } from '../../ui/words'

/** Each field with what it was and what it became, in words; what did not come about is followed by ", refused". */
export const changesOf = ({ values, outcome }: Pick<HistoryRow, 'values' | 'outcome'>) =>
  values.map(({ path, before, now, unapplied }) => ({
    path,
    label: labelOf(path),
    old: before === undefined ? 'not known' : displayValue(path, before),
    now: displayValue(path, now),
    end: unapplied ? `, ${outcomeWord(isApplied(outcome) ? 'not-applied' : outcome).toLowerCase()}` : '',
  }))

/** "Extension 1334 → 1241", field by field. */
export const changesText = (row: Pick<HistoryRow, 'values' | 'outcome'>): string =>
  changesOf(row)
    .map(({ label, old, now, end }) => `${label} ${oldToNew(old, now)}${end}`)
    .join('; ')

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

/** The outcome of a change in a few words; one that is not known here is shown as it came. */
export const outcomeWord = (outcome: string): string => (isOutcome(outcome) ? outcomeWords[outcome] : outcome)
export const outcomeLook = (outcome: string): StateLook => looks[outcome] ?? 'ended'

/** "Title of 127 users"; "Put back: Title of 127 users" for what a revert did. */
export const batchText = (
  { action }: Pick<HistoryRow, 'action'>,
  { fields, users }: Pick<HistoryBatch, 'fields' | 'users'>,
): string => {
  const what = `${fields.length === 0 ? 'Changes' : fieldLabels(fields)} of ${counted(users, 'user')}`
  return action === 'revert' ? `Put back: ${what}` : what
}

/** "120 done, 7 refused"; "Done" when all ended alike. */
export const outcomesText = ({ outcomes, changes }: HistoryBatch): string =>
  outcomes.length === 1 && outcomes[0]
    ? `${outcomeWord(outcomes[0].outcome)} · ${count(changes)}`
    : outcomes
        .map(({ outcome, changes: of }) => `${count(of)} ${outcomeWord(outcome).toLowerCase()}`)
        .join(', ')

const byTrouble: readonly StateLook[] = ['refused', 'conflict', 'unknown', 'sending', 'ended']

/** How the changes look of which a person has to know most. */
export const worstLook = ({ outcomes }: HistoryBatch): StateLook => {
  const looksSeen = outcomes.map(({ outcome }) => outcomeLook(outcome))
  return byTrouble.find((look) => looksSeen.includes(look)) ?? 'done'
}

/**
 * The search with one more condition, or without it if it has it already. Another condition of the same name
 * makes way: two days at once would find nothing.
 */
export function withCondition(search: string, name: string, value: string): string {
  const words = search.split(/\s+/).filter(Boolean)
  const condition = `${name}:${value}`
  const others = words.filter((word) => !word.startsWith(`${name}:`))
  return (words.includes(condition) ? others : [...others, condition]).join(' ')
}
