import { randomBytes, randomInt } from 'node:crypto'
import type { Clock, Random } from './ports'

const largest = 2 ** 48 - 1

/** Chance from the operating system's generator. Ids sort by the time they were made, also when the wall clock is set back. */
export function systemRandom(clock: Clock): Random {
  let lastMs = 0
  let counter = 0

  function id(): string {
    const now = Math.floor(clock.wall())
    if (now > lastMs) {
      lastMs = now
      // Leaves room to count upwards within the same millisecond.
      counter = randomInt(0x400)
    } else if (++counter > 0xfff) {
      lastMs++
      counter = 0
    }
    const time = lastMs.toString(16).padStart(12, '0')
    const tail = randomBytes(8)
    tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80
    const hex = tail.toString('hex')
    const middle = counter.toString(16).padStart(3, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${middle}-${hex.slice(0, 4)}-${hex.slice(4)}`
  }

  return {
    next: () => randomInt(largest) / largest,
    id,
    bytes: (count) => new Uint8Array(randomBytes(count)),
  }
}
