import { useSyncExternalStore } from 'react'
import { exactTime, relativeTime } from './time'

let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void) {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, 20_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** The time, a little behind at most: good for "3 min ago", not for measuring. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** A time in relative words, with the exact one when the pointer rests on it. */
export function Time({ at }: { at: number }) {
  const current = Math.max(useNow(), Date.now())
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {relativeTime(at, current)}
    </time>
  )
}
