import { pick, stream } from './chance'
import { TITLES } from './data/places'
import type { Directory } from './directory'
import { meanwhile } from './meanwhile'
import type { DemoOptions } from './options'
import type { PersonChanges } from './person'

export interface ForeignEdit {
  readonly userId: string
  readonly field: string
  readonly value: string
  /** Monotonic milliseconds. */
  readonly at: number
}

/** Someone else who edits the same users: one field of one user at a time, at a given rate, by the seed. */
export class SecondAdministrator {
  readonly edits: ForeignEdit[] = []
  readonly stop: () => void

  constructor(
    directory: Directory,
    { editsPerMinute, userIds }: NonNullable<DemoOptions['secondAdministrator']>,
    seed: number,
  ) {
    const random = stream(seed ^ 0x2ad)
    this.stop = meanwhile(directory, editsPerMinute, userIds, random, (index) => {
      const number = Math.floor(random() * 1e8)
      const [field, value] = pick(
        [
          ['title', `${pick(TITLES, number).slice(0, 40)} ${number % 1000}`],
          ['mobilePhoneNumber', `+4790${String(number).padStart(8, '0')}`],
          ['addressLocation', `Desk ${number % 10_000}`],
          ['lastName', `Renamed-${number % 10_000}`],
          ['emailAddress', `moved.${number}@elsewhere.example`],
        ] as const,
        Math.floor(random() * 5),
      )
      const changes: PersonChanges = { [field]: value }
      directory.change(index, changes)
      this.edits.push({ userId: directory.basics(index).userId, field, value, at: performance.now() })
    })
  }
}
