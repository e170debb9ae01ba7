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

/** An answer that a test dictates, instead of the work: for every text and shape that the rules cannot produce. */
export interface PlannedAnswer {
  readonly method?: string
  readonly path?: string
  readonly status: number
  readonly body: string
  /** `application/json` when left out. */
  readonly contentType?: string
}

const SIGN_IN = new Set(['/auth/token', '/auth/token/logout', '/auth/token/password'])

const isFor = (planned: { method?: string; path?: string }, { method, path }: FaultTarget): boolean =>
  (planned.method ?? method) === method && (planned.path ?? path) === path

/** Decides which calls go wrong: planned ones first, then by the seeded rates. */
export class Faults {
  readonly #random: () => number
  #options: FaultOptions | undefined
  #planned: { fault: PlannedFault; left: number }[] = []
  #answers: PlannedAnswer[] = []

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

  planAnswer(answer: PlannedAnswer): void {
    this.#answers.push(answer)
  }

  /** The dictated answer for this call, which is then used up. */
  answerFor(target: FaultTarget): PlannedAnswer | undefined {
    const at = this.#answers.findIndex((answer) => isFor(answer, target))
    return at < 0 ? undefined : this.#answers.splice(at, 1)[0]
  }

  /** Replaces the rates; undefined ends all faults, planned ones too. */
  set(options: FaultOptions | undefined): void {
    this.#options = options
    if (options) return
    this.#planned = []
    this.#answers = []
  }

  choose(target: FaultTarget): FaultKind | undefined {
    for (const planned of this.#planned) {
      if (planned.left < 1 || !isFor(planned.fault, target)) continue
      planned.left -= 1
      return planned.fault.kind
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
