export interface HeatDay {
  /** As `2026-11-15`. */
  readonly day: string
  readonly entries: number
  readonly failed: number
  /** 0 for none, then 1 to 4. */
  readonly level: number
}

const dayMs = 86_400_000
const utc = (day: string) => Date.parse(`${day}T00:00:00Z`)
const named = (time: number) => new Date(time).toISOString().slice(0, 10)

/**
 * The calendar of the newest weeks, as columns of seven days from Monday to Sunday; days before the first and
 * after the last stand in it too, so that it is a full rectangle.
 * @param weeks how many columns
 * @param days oldest first
 */
export function heatWeeks(
  days: readonly { readonly day: string; readonly entries: number; readonly failed: number }[],
  weeks: number,
): HeatDay[][] {
  const last = days.at(-1)
  if (!last) return []
  const byDay = new Map(days.map((day) => [day.day, day]))
  const newest = utc(last.day)
  const monday = newest - ((new Date(newest).getUTCDay() + 6) % 7) * dayMs
  const columns = Array.from({ length: weeks }, (_, at) => monday - (weeks - 1 - at) * 7 * dayMs)
  const from = columns[0] ?? monday
  const most = Math.max(1, ...days.filter(({ day }) => utc(day) >= from).map(({ entries }) => entries))
  return columns.map((start) =>
    Array.from({ length: 7 }, (_, weekday) => {
      const day = named(start + weekday * dayMs)
      const { entries = 0, failed = 0 } = byDay.get(day) ?? {}
      return { day, entries, failed, level: entries === 0 ? 0 : Math.ceil((entries / most) * 4) }
    }),
  )
}
