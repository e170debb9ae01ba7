import type { Calendar } from '../../../shared/query/history'
import type { Clock } from '../../platform/ports'

/** Days in the time zone of this machine. */
export function localCalendar(clock: Pick<Clock, 'wall'>): Calendar {
  return {
    today() {
      const now = new Date(clock.wall())
      return { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() }
    },
    startOf({ year, month, day }) {
      const start = new Date(2000, 0, 1)
      // Not by the constructor, which takes the years 0 to 99 for 1900 to 1999.
      start.setFullYear(year, month - 1, day)
      return start.getTime()
    },
  }
}
