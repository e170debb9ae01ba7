import { isFailed, isOutcome, outcomeWords } from '../../../shared/history/outcomes'
import type { HistorySummary } from '../../../shared/history/shapes'
import type { HistoryCount } from '../../store/repositories/history'

/** The day of a moment in this machine's time zone, as `2026-11-15`. */
function dayOf(wall: number): string {
  const time = new Date(wall)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${String(time.getFullYear()).padStart(4, '0')}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
}

/** Counts of a quarter of an hour each, as days and as outcomes. */
export function summaryOf(counts: readonly HistoryCount[]): Omit<HistorySummary, 'problems'> {
  const days = new Map<string, { entries: number; failed: number }>()
  const outcomes = new Map<string, number>()
  let total = 0
  for (const { from, outcome, entries } of counts) {
    total += entries
    const day = dayOf(from)
    const known = days.get(day) ?? { entries: 0, failed: 0 }
    days.set(day, {
      entries: known.entries + entries,
      failed: known.failed + (isFailed(outcome) ? entries : 0),
    })
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + entries)
  }
  return {
    total,
    days: [...days].map(([day, counted]) => ({ day, ...counted })).sort((a, b) => (a.day < b.day ? -1 : 1)),
    outcomes: [...outcomes]
      .map(([outcome, entries]) => ({
        outcome,
        label: isOutcome(outcome) ? outcomeWords[outcome] : outcome,
        entries,
      }))
      .sort((a, b) => b.entries - a.entries),
  }
}
