import type { Directory } from './directory'
import type { Person } from './person'
import { ServerRefusal } from './refusal'

/** What may meet a change, to be tried in the demo: each with one user whose name says it. */
const kinds = ['conflict', 'refused', 'busy'] as const
type Kind = (typeof kinds)[number]

/** Changes of the busy user that are put off before one is taken. */
const putOff = 2

/**
 * Three users among many with whom something goes wrong in the same way every time, so that a person can see what the
 * app does then before it happens to them. Search "try me" finds them.
 */
export class Lessons {
  readonly #directory: Directory
  readonly #kindOf = new Map<number, Kind>()
  #reads = 0
  #busy = 0

  constructor(directory: Directory) {
    this.#directory = directory
    for (const [at, kind] of kinds.entries()) {
      // Far from the first rows and from each other.
      const index = Math.floor((directory.size * (at + 2)) / (kinds.length + 3))
      if (!directory.exists(index) || this.#kindOf.has(index)) continue
      this.#kindOf.set(index, kind)
      const { lastName } = directory.basics(index)
      directory.change(index, { lastName: `${lastName.slice(0, 12)} (try me: ${kind})` })
    }
  }

  /** Somebody else changes the title after each time that it was read: whoever changes it as well has a conflict. */
  wasRead(index: number): void {
    if (this.#kindOf.get(index) !== 'conflict') return
    this.#directory.change(index, { title: `Changed by a colleague ${++this.#reads}×` })
  }

  /** @throws ServerRefusal for a change that is refused or put off */
  beforeWrite({ index }: Person): void {
    const kind = this.#kindOf.get(index)
    if (kind === 'refused') {
      throw new ServerRefusal(
        'refused',
        '[Error 4999] This user of the demo shows a refusal: no change of theirs is taken. (demo text)',
        'UserModifyRequest22',
      )
    }
    if (kind === 'busy' && this.#busy++ % (putOff + 1) < putOff) {
      throw new ServerRefusal(503, 'Service Unavailable: this user of the demo is busy at first. (demo text)')
    }
  }
}
