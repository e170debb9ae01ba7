import type { IpcError } from '../../shared/ipc/contract'

/** What a handler throws to say no in words: it crosses to the page as a typed error. Carries no secret. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly kind: string
  /** What to do next, in a sentence. */
  readonly next: string | undefined
  /** The server's own text, for those who want it. */
  readonly raw: string | undefined

  constructor(kind: string, message: string, more: { next?: string; raw?: string } = {}) {
    super(message)
    this.kind = kind
    this.next = more.next
    this.raw = more.raw
  }
}

const longestMessage = 2_000
const longestRaw = 64_000

const cut = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit)}…` : text)

/** The error as the page sees it. */
export function asIpcError(refusal: Refusal): IpcError {
  return {
    kind: refusal.kind,
    message: cut(refusal.message, longestMessage),
    ...(refusal.next === undefined ? {} : { next: cut(refusal.next, longestMessage) }),
    ...(refusal.raw === undefined ? {} : { raw: cut(refusal.raw, longestRaw) }),
  }
}
