const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/**
 * How long ago, in a few words: "just now", "3 min ago", "2 h ago", "yesterday", then the date. A time that
 * is ahead reads "in 3 min".
 * @param then wall ms
 * @param now wall ms
 */
export function relativeTime(then: number, now: number, locale?: string): string {
  const apart = Math.abs(now - then)
  if (apart < 45_000) return then > now ? 'in a moment' : 'just now'
  const said = (amount: string) => (then > now ? `in ${amount}` : `${amount} ago`)
  if (apart < hour) return said(`${Math.max(1, Math.round(apart / minute))} min`)
  if (apart < day) return said(`${Math.round(apart / hour)} h`)
  if (then < now && startOfDay(now) - startOfDay(then) <= day * 1.1) return 'yesterday'
  const sameYear = new Date(then).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(then)
}

/** How old something is: "3 min", "2 h", "4 days". */
export function age(then: number, now: number): string {
  const apart = Math.max(0, now - then)
  if (apart < minute) return 'under a minute'
  if (apart < hour) return `${Math.round(apart / minute)} min`
  if (apart < 2 * day) return `${Math.round(apart / hour)} h`
  return `${Math.round(apart / day)} days`
}

/** The exact local time, with seconds. */
export function exactTime(then: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(then)
}

/** About how long something takes: "12 s", "4 min", "2 h". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}

function startOfDay(time: number): number {
  const date = new Date(time)
  date.setHours(0, 0, 0, 0)
  return date.getTime()
}
