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

/** A file that could not be read or written, in words; anything else as it is. */
function fileRefusal(cause: unknown, what: 'read' | 'written'): unknown {
  const code = typeof cause === 'object' && cause !== null ? (cause as { code?: unknown }).code : undefined
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return cause
  const next =
    what === 'written'
      ? 'Check that there is room and that you may write there, or choose another place.'
      : 'Check that the file is still there and that you may read it.'
  return new Refusal('file', `The file could not be ${what} (${code}).`, { next })
}

/** The work with a file, whose failures are refused in words. */
export async function withFile<T>(what: 'read' | 'written', work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw fileRefusal(cause, what)
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
