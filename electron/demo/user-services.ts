import type { Settings } from './rules/services/fields'
import type { ServicePopulation } from './service-population'

/**
 * How the services of every user are set: as the user was born, with what was changed since on top. Kept by the user's
 * place, so a new user id changes nothing of it; nobody ever gets the place of a user who is gone.
 */
export class UserServices {
  readonly #born: ServicePopulation
  readonly #changed = new Map<number, Map<string, Settings>>()

  constructor(born: ServicePopulation) {
    this.#born = born
  }

  assigned(index: number): readonly string[] {
    return this.#born.assigned(index)
  }

  /** Undefined when the service is not assigned to the user. */
  settings(index: number, service: string): Settings | undefined {
    if (!this.#born.isAssigned(index, service)) return undefined
    return this.#changed.get(index)?.get(service) ?? this.#born.settings(index, service)
  }

  /** Keeps settings that the caller has checked. */
  set(index: number, service: string, settings: Settings): void {
    const of = this.#changed.get(index) ?? new Map<string, Settings>()
    this.#changed.set(index, of.set(service, settings))
  }
}
