import { stream } from './chance'
import type { Directory } from './directory'
import { meanwhile } from './meanwhile'
import type { DemoOptions } from './options'
import type { UserServices } from './user-services'

export interface PhoneToggle {
  readonly userId: string
  /** Do not disturb afterwards. */
  readonly isActive: boolean
  /** Monotonic milliseconds. */
  readonly at: number
}

const SERVICE = 'Do Not Disturb'

/** The users' own phones: somebody presses the do not disturb key, at a given rate, by the seed. */
export class Phones {
  readonly toggles: PhoneToggle[] = []
  readonly stop: () => void

  constructor(
    directory: Directory,
    services: UserServices,
    { togglesPerMinute, userIds }: NonNullable<DemoOptions['phones']>,
    seed: number,
  ) {
    this.stop = meanwhile(directory, togglesPerMinute, userIds, stream(seed ^ 0xd7d), (index) => {
      const settings = services.settings(index, SERVICE)
      if (!settings) return
      const isActive = settings.isActive !== true
      services.set(index, SERVICE, { ...settings, isActive })
      this.toggles.push({ userId: directory.basics(index).userId, isActive, at: performance.now() })
    })
  }
}
