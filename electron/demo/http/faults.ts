import type { FaultKind, FaultOptions } from '../options'

export interface FaultTarget {
  readonly method: string
  /** Path below the base, without the query. */
  readonly path: string
}

/** A fault asked for by a test: hits the next `count` calls that match. */
export interface PlannedFault {
  readonly kind: FaultKind
  readonly method?: string
  readonly path?: string
  readonly count?: number
}

const SIGN_IN = new Set(['/auth/token', '/auth/token/logout', '/auth/token/password'])

/** Decides which calls go wrong: planned ones first, then by the seeded rates. */
export class Faults {
  readonly #random: () => number
  #options: FaultOptions | undefined
  #planned: { fault: PlannedFault; left: number }[] = []

  constructor(options: FaultOptions | undefined, random: () => number) {
    this.#options = options
    this.#random = random
  }

  get retryAfterSeconds(): number {
    return this.#options?.retryAfterSeconds ?? 1
  }

  get lateMs(): number {
    return this.#options?.lateMs ?? 300
  }

  plan(fault: PlannedFault): void {
    this.#planned.push({ fault, left: fault.count ?? 1 })
  }

  /** Replaces the rates; undefined ends all faults, planned ones too. */
  set(options: FaultOptions | undefined): void {
    this.#options = options
    if (!options) this.#planned = []
  }

  choose(target: FaultTarget): FaultKind | undefined {
    for (const planned of this.#planned) {
      const { method, path, kind } = planned.fault
      if (planned.left < 1 || (method && method !== target.method) || (path && path !== target.path)) continue
      planned.left -= 1
      return kind
    }
    const options = this.#options
    if (!options) return undefined
    if (options.methods && !options.methods.includes(target.method)) return undefined
    if (!options.signIn && SIGN_IN.has(target.path)) return undefined
    let roll = this.#random()
    for (const [kind, rate] of Object.entries(options.rates)) {
      roll -= rate
      if (roll < 0) return kind as FaultKind
    }
    return undefined
  }
}
