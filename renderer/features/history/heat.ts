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

/**
 * Where months begin in the calendar: the columns whose first day is of another month than that of the column before.
 * The first column has none when the next month begins so soon that its name would not fit before it.
 * @returns the columns from 0 with their months as `2026-11`
 */
export function monthColumns(weeks: readonly (readonly HeatDay[])[]): { at: number; month: string }[] {
  const months = weeks.map((week) => (week[0]?.day ?? '').slice(0, 7))
  const starts = months.flatMap((month, at) => (month === months[at - 1] ? [] : [{ at, month }]))
  const [first, second] = starts
  return first && second && second.at - first.at < roomForName ? starts.slice(1) : starts
}

/** Columns that the short name of a month takes. */
const roomForName = 2
