import { pick } from './chance'
import type { Directory } from './directory'

/**
 * Lets something happen to one user after the other, so many times a minute: to any of them, or only to those named.
 * Ends when the function that it gives back is called.
 */
export function meanwhile(
  directory: Directory,
  perMinute: number,
  among: readonly string[] | undefined,
  random: () => number,
  happen: (index: number) => void,
): () => void {
  const timer = setInterval(() => {
    const index =
      among && among.length > 0
        ? directory.find(pick(among, Math.floor(random() * among.length)))
        : Math.floor(random() * directory.size)
    if (index !== undefined && directory.exists(index)) happen(index)
  }, 60_000 / perMinute)
  timer.unref()
  return () => clearInterval(timer)
}
