/** Less than this between two clocks is the work of whoever sets the time by and by. */
const jumpMs = 500

/**
 * A clock that goes on while the computer sleeps, made of one that may stand still then and of others that do not.
 * What any of them has gained on the first counts as slept: a clock that somebody has put forward makes it
 * count too much, never too little. All in milliseconds.
 */
export function countingSleep(clocks: {
  /** Never jumps; may stand still during sleep. */
  mono(): number
  wall(): number
  /** Time since the computer was started, where the system counts sleep in it. */
  uptime?(): number
}): () => number {
  const others = [clocks.wall, ...(clocks.uptime === undefined ? [] : [clocks.uptime])]
  const began = clocks.mono()
  let mono = began
  let seen = others.map((other) => other())
  let slept = 0
  return () => {
    const now = clocks.mono()
    const shown = others.map((other) => other())
    const gained = shown.map((at, i) => at - (seen[i] ?? at) - (now - mono))
    // Until one jumps all are measured from where they were: a look in between never swallows a part of a jump.
    if (gained.some((ms) => Math.abs(ms) > jumpMs)) {
      slept += Math.max(0, ...gained)
      mono = now
      seen = shown
    }
    return now - began + slept
  }
}
