import { useEffect, useState } from 'react'
import { duration } from './time'

/** When something is tried again by itself. Not read out at every step of the countdown. */
export function NextTry({ at }: { at: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <span aria-live="off" className="tabular">
      {at > now ? `Next try in ${duration((at - now) / 1000)}.` : 'Trying now…'}
    </span>
  )
}
