import type { Account } from '../accounts'
import type { World } from '../world'

export type Body = Readonly<Record<string, unknown>>

/** One request that a route answers. */
export interface Call {
  readonly world: World
  readonly query: URLSearchParams
  /** The parsed JSON object (or form) of a POST, PUT or DELETE; empty for a GET. */
  readonly body: Body
  /** Refuses with 401 when the call carries no valid token. */
  readonly account: () => Account
  readonly token: () => string
}

export type Answer =
  | { readonly status?: number; readonly json: unknown }
  /** Sent row by row, so that a big list never stops the server. */
  | { readonly rows: Iterable<unknown> }

export type Route = (call: Call) => Answer | Promise<Answer>
export type Routes = Readonly<Record<string, Route>>
