/** The ports through which features reach time, chance, the keychain and the network. No electron import here. */

/** Ends a timer. Calling it twice, or after the timer fired, does nothing. */
export type Cancel = () => void

export interface Clock {
  /** Wall-clock milliseconds since 1970, for showing only: it may jump. */
  wall(): number
  /** Monotonic milliseconds from an arbitrary start; never runs backwards within a process. */
  mono(): number
  /** Milliseconds from an arbitrary start that go on while the computer sleeps; without it, told from the other two. */
  elapsed?(): number
  after(ms: number, run: () => void): Cancel
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** A fresh, sortable, unique id (UUID v7 form). */
  id(): string
  bytes(count: number): Uint8Array
}

/** The OS keychain. Names are accounts under the one service "Gungnir"; values are secrets. */
export interface Keychain {
  /** Absent when secrets survive a restart; otherwise why they do not, in words for the screen. */
  readonly volatileBecause?: string
  get(name: string): Promise<string | undefined>
  /** Every secret whose name begins so, in no order. */
  find(beginning: string): Promise<readonly string[]>
  set(name: string, secret: string): Promise<void>
  remove(name: string): Promise<void>
}

export interface HttpRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly connectTimeoutMs: number
  readonly answerTimeoutMs: number
  /** Longer answers become a `failed` outcome with reason `too-large`. */
  readonly maxAnswerBytes: number
  /** PEM text of further trusted authorities for this server. */
  readonly ca?: string
  /** The way to it: `none`, or the address of a proxy; left out, the system says. */
  readonly proxy?: string
  readonly signal?: AbortSignal
  /**
   * Awaited once the connection is ready and before the first byte of the request is written: the place to hold
   * a request back so that writes, not only connects, keep the pace. A rejection ends the call as `aborted`.
   */
  readonly beforeSend?: () => Promise<void>
}

export type HttpFailure =
  | 'no-such-host'
  | 'refused'
  | 'unreachable'
  | 'connect-timeout'
  | 'tls'
  | 'proxy'
  | 'answer-timeout'
  | 'reset'
  | 'too-large'
  /** Bytes came back that are not HTTP, or not in the encoding they announce. */
  | 'bad-answer'
  | 'aborted'

export type HttpOutcome =
  | {
      readonly kind: 'answer'
      readonly status: number
      /** Lower-case names. */
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
      /** The same in UTF-8, where it came in that. */
      readonly bytes?: Uint8Array
    }
  | {
      readonly kind: 'failed'
      readonly reason: HttpFailure
      /** False only when it is certain that no byte of the request reached the server. */
      readonly sent: boolean
      /** Node's or OpenSSL's code, such as `CERT_HAS_EXPIRED`. */
      readonly code?: string
      readonly message: string
      /** The address of a proxy that wants a sign-in, or another one. */
      readonly proxy?: string
    }

/** One call, one connection at most once: no retry, no redirect is followed. Never throws. */
export interface Http {
  send(request: HttpRequest): Promise<HttpOutcome>
}

export interface Log {
  info(event: string, facts?: Readonly<Record<string, unknown>>): void
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void
  error(event: string, facts?: Readonly<Record<string, unknown>>): void
}

/** Numbers by the million, with a few facts about them that fit into JSON. */
export interface Bundle {
  readonly facts: unknown
  readonly arrays: readonly (Uint8Array | Uint16Array | Uint32Array)[]
}

/** Encrypted files for what can be made again: losing one costs time only. Names are any text. */
export interface SealedFiles {
  /** Undefined when there is none that can be read, for whatever reason. */
  read(name: string): Promise<Bundle | undefined>
  /** Replaces the file whole, or leaves it as it was and rejects. */
  write(name: string, bundle: Bundle): Promise<void>
  remove(name: string): Promise<void>
  /** Removes every file but these: what a crash left behind. Never rejects. */
  sweep(names: Iterable<string>): Promise<void>
}
