import type { Json, JsonObject } from '../../shared/json'
import type { UserKey, UserRecord } from '../../shared/user/types'

/** What went wrong with a call, in the terms that the sync protocol decides by. */
export type OdinErrorKind =
  /** Certain that no byte reached the server: DNS, refused, TLS, no network. */
  | 'not-sent'
  /** Sent, and no answer that tells whether it was done: reset, timeout, 2xx that is not ODiN JSON, 3xx, 511, 408, 500, 502, 504. */
  | 'unknown'
  /** BroadWorks or validation refused it: 400, 409, 422 with a text. */
  | 'refused'
  | 'unauthorized'
  | 'password-expired'
  /** 403 with [Error 4003]: the role or policy forbids it. A bare 403 is `forbidden-or-signed-out`. */
  | 'forbidden'
  | 'forbidden-or-signed-out'
  | 'not-found'
  /** 429, 503. */
  | 'busy'
  /** The account, policy or token state on our side forbids the call; nothing was sent. */
  | 'not-signed-in'
  | 'cancelled'

/** The one error of the client. Carries no secret: body and headers of the request are not in it. */
export interface OdinError {
  readonly kind: OdinErrorKind
  /** A finer cause for words and tests, such as `no-such-host`, `html`, `redirect`, `captive-portal`, `truncated`. */
  readonly cause: string
  readonly status?: number
  /** The digits of `[Error NNNN]`. */
  readonly code?: string
  /** BroadWorks' own text, unchanged. */
  readonly text?: string
  /** One sentence for people: what happened. */
  readonly message: string
  /** One sentence for people: what to do next. */
  readonly next: string
  readonly retryAfterMs?: number
  /** The answer as it came, at most 64 kB, for "Show answer". */
  readonly raw?: string
}

export type OdinResult<T> =
  | { readonly ok: true; readonly value: T; readonly status: number; readonly raw: string }
  | { readonly ok: false; readonly error: OdinError }

export interface OdinSession {
  readonly userId: string
  readonly loginType: string
  readonly serviceProviderId?: string
  readonly groupId?: string
  readonly isSystemAdmin: boolean
  readonly readOnly: boolean
  readonly policy: Readonly<Record<string, string>>
  readonly softwareVersion?: string
  readonly encoding?: string
  readonly systemDomain?: string
  /** Wall seconds since 1970 from the token's `exp`, if it could be read. */
  readonly expiresAt?: number
  readonly passwordExpiresInDays?: number
}

export interface GroupRef {
  readonly serviceProviderId: string
  readonly groupId: string
  readonly name?: string
}

/** The answer to PUT /users: a full record when the server re-read the user, else what it sent. */
export interface PutAnswer {
  readonly record?: UserRecord
  readonly json: Json
}

/** A signed-in (or signing-in) client for one connection. All calls share one pacer. Never throws. */
export interface OdinClient {
  signIn(username: string, password: string): Promise<OdinResult<OdinSession>>
  /** The current session, if signed in. */
  session(): OdinSession | undefined
  /** GET /auth/session, to tell a 403 from a dead session. */
  checkSession(): Promise<OdinResult<OdinSession>>
  signOut(): Promise<void>
  serviceProviders(): Promise<OdinResult<readonly { id: string; name?: string; isEnterprise?: boolean }[]>>
  groups(serviceProviderId: string): Promise<OdinResult<readonly GroupRef[]>>
  /** All users of a group. `extended` gives full records at one more backend read per user. */
  usersOfGroup(
    group: GroupRef,
    options: { extended: boolean; signal?: AbortSignal },
  ): Promise<OdinResult<readonly UserRecord[]>>
  user(userId: string): Promise<OdinResult<UserRecord>>
  /** One PUT /users on a fresh connection, sent at most once. */
  putUser(body: JsonObject & UserKey): Promise<OdinResult<PutAnswer>>
}
