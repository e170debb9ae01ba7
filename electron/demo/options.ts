/**
 * `plain`: one spelling of everything, the tidiest that the documents allow.
 * `awkward`: every wobble that the documents record, spread over the users so that all of them occur, and hostile names
 * among theirs.
 */
export type Manner = 'plain' | 'awkward'

/** What can go wrong with one call. The first group happens instead of the work, the second after it. */
export type FaultKind =
  /** The connection is reset and nothing is done. */
  | 'reset'
  /** No answer ever comes and nothing is done. */
  | 'timeout'
  | '401'
  | '403'
  | '429'
  | '500'
  | '502'
  | '503'
  /** A log-in page: 200 with HTML, nothing done. */
  | 'html200'
  /** 302 to a log-in page, nothing done. */
  | 'redirect'
  /** 511 Network Authentication Required, nothing done. */
  | '511'
  /** The work is done and the connection is reset: the answer is lost. */
  | 'lost-answer'
  /** The work is done and no answer ever comes. */
  | 'silent'
  /** The work is done and half of the answer comes. */
  | 'truncated'
  /** The work is done and answered with 500 and HTML. */
  | 'done-500'
  /** The work is done and answered with 200 and an empty object. */
  | 'done-empty'
  /** The connection is reset at once; the work is done `lateMs` afterwards. */
  | 'late'
  /** The work is done, answered, and done a second time `lateMs` afterwards. */
  | 'duplicate'
  /** PUT /users keeps only the first half of the changed fields and answers with a refusal. */
  | 'partial'

export interface FaultOptions {
  /** Chance of each kind per call, 0…1; their sum must not exceed 1. */
  readonly rates: Readonly<Partial<Record<FaultKind, number>>>
  /** Only these methods; all when left out. Sign-in and refresh are spared unless `signIn` is set. */
  readonly methods?: readonly string[]
  readonly signIn?: boolean
  /** Retry-After of 429 and 503 in seconds. */
  readonly retryAfterSeconds?: number
  readonly lateMs?: number
}

export type LoginType =
  | 'System'
  | 'Provisioning'
  | 'Reseller'
  | 'Service Provider'
  | 'Group'
  | 'Group Department'
  | 'User'

/** The access policies of a session, by their names in the web policy (section c of the API notes). */
export type Policy = Readonly<Record<string, string>>

export interface AccountOptions {
  readonly username: string
  /** The server's password when left out. */
  readonly password?: string
  readonly loginType: LoginType
  readonly serviceProviderId?: string
  readonly groupId?: string
  readonly department?: string
  readonly policy?: Policy
  readonly readOnly?: boolean
  readonly disabled?: boolean
  /** Signing in answers 402 until PUT /auth/token/password. */
  readonly passwordExpired?: boolean
}

export interface DemoOptions {
  /** 0 or left out: any free port. Always on 127.0.0.1. */
  readonly port?: number
  /** 25,000 when left out; at most 1,000,000. */
  readonly users?: number
  /** Left out: 40 for 25,000 users, fewer for less, 2,500 users each for more than 100,000. At least 3. */
  readonly groups?: number
  readonly seed?: number
  readonly manner?: Manner
  /** Delay of every answer, or the bounds between which the seed chooses one. */
  readonly latencyMs?: number | readonly [from: number, to: number]
  readonly faults?: FaultOptions
  readonly secondAdministrator?: {
    readonly editsPerMinute: number
    /** Edits only these users; anyone when left out. */
    readonly userIds?: readonly string[]
  }
  /** Phones on which people press the do not disturb key; nobody does when left out. */
  readonly phones?: {
    readonly togglesPerMinute: number
    /** Only these users' phones; anyone's when left out. */
    readonly userIds?: readonly string[]
  }
  /** Three users with whom a conflict, a refusal and a busy server can be tried; see `lessons.ts`. */
  readonly lessons?: boolean
  /** 43,200 (12 h) when left out. */
  readonly tokenLifetimeSeconds?: number
  /** HTTP status of a BroadWorks refusal; undocumented, 400 when left out. Not-found and permission keep 404 and 403. */
  readonly errorStatus?: number
  /** Password of `admin` and of every account that names none; random when left out. */
  readonly password?: string
  /** Added to the built-in accounts; one with the same username replaces it. */
  readonly accounts?: readonly AccountOptions[]
  /** How many calls the wire log keeps; 10,000 when left out. */
  readonly wireLogSize?: number
}

export const MAX_USERS = 1_000_000
