import { startTransition, useEffect, useState } from 'react'

/** False while a component is first drawn, then true: for what takes long to draw, so that its frame is there at once. */
export function useSoon(): boolean {
  const [soon, setSoon] = useState(false)
  useEffect(() => {
    const frame = requestAnimationFrame(() => startTransition(() => setSoon(true)))
    return () => cancelAnimationFrame(frame)
  }, [])
  return soon
}
