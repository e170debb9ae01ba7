import type { FaultKind } from '../options'

/** One request as it came in. Secrets in the body are masked and no header is kept. */
export interface WireEntry {
  readonly id: number
  readonly method: string
  /** Path with query, as sent. */
  readonly path: string
  readonly body: string
  /** Monotonic milliseconds at which the request's headers had arrived. */
  readonly at: number
  /** Wall-clock milliseconds. */
  readonly wall: number
  /** Two requests with the same number came over the same connection. */
  readonly connection: number
  readonly username?: string
  /** Undefined while the answer is outstanding or when none was given. */
  readonly status?: number
  readonly fault?: FaultKind
}

const SECRET = /("(?:[A-Za-z]*(?:[Pp]assword|[Pp]asscode)|token)"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^,}\]\s]+)/g
const FORM_SECRET = /((?:^|&)[A-Za-z]*(?:password|passcode|token)=)[^&]*/gi
const MAX_BODY = 64_000

export function masked(body: string): string {
  return body.slice(0, MAX_BODY).replace(SECRET, '$1"•••"').replace(FORM_SECRET, '$1•••')
}

/** The last calls, oldest first. */
export class WireLog {
  readonly #size: number
  #entries: WireEntry[] = []
  #count = 0

  constructor(size: number) {
    this.#size = size
  }

  open(entry: Omit<WireEntry, 'id'>): number {
    const id = ++this.#count
    this.#entries.push({ ...entry, id })
    if (this.#entries.length > this.#size * 1.5) this.#entries = this.#entries.slice(-this.#size)
    return id
  }

  note(id: number, more: Partial<Pick<WireEntry, 'body' | 'username' | 'status' | 'fault'>>): void {
    const first = this.#entries[0]?.id ?? 0
    const at = id - first
    const entry = this.#entries[at]
    if (entry) this.#entries[at] = { ...entry, ...more }
  }

  entries(): readonly WireEntry[] {
    return this.#entries.slice(-this.#size)
  }

  clear(): void {
    this.#entries = []
  }
}
