import type { ServiceId } from '../../shared/calls/catalogue'
import type { Json, JsonObject } from '../../shared/json'
import type { ServerFilter } from '../../shared/query/on-server'
import type { UserKey, UserRecord } from '../../shared/user/types'
import type { Turn, Urgency } from '../server/pace'

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
  /** The address of a proxy that wants a sign-in. */
  readonly proxy?: string
  /** What answered is not in the API's own form: it says nothing of what was asked. */
  readonly foreign?: true
  /** The answer as it came, at most 64 kB, for "Show answer". */
  readonly raw?: string
}

/**
 * `raw` is the answer as it came, at most 64 kB; empty for answers that hold secrets (tokens, generated passwords).
 * `problems` says in words which parts of a list could not be understood and are missing from `value`.
 */
export type OdinResult<T> =
  | {
      readonly ok: true
      readonly value: T
      readonly status: number
      /** The beginning of the answer as it came, without secrets: for showing. */
      readonly raw: string
      /** The whole answer in UTF-8, when the call wanted it kept. */
      readonly bytes?: Uint8Array
      readonly problems?: readonly string[]
    }
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
  /** Left out when it never expires; negative when it has expired. */
  readonly passwordExpiresInDays?: number
  readonly resellerId?: string
  /** The one department that a Group Department login may see, as the server writes its path. */
  readonly departmentPathName?: string
}

export interface GroupRef {
  readonly serviceProviderId: string
  readonly groupId: string
  readonly name?: string
}

/** The users of a group as the server sent them: a list of users for certain, which {@link readSent} reads one by one. */
export interface SentUsers {
  /** JSON in UTF-8. */
  readonly bytes: Uint8Array
  /** What was asked for, and rows may leave out. */
  readonly group: Pick<UserKey, 'serviceProviderId' | 'groupId'>
  /** The only department whose users the sign-in may see. */
  readonly department?: string
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
  checkSession(turn?: Turn): Promise<OdinResult<OdinSession>>
  signOut(): Promise<void>
  serviceProviders(
    options?: Pick<CallOptions, 'signal'>,
  ): Promise<OdinResult<readonly { id: string; name?: string; isEnterprise?: boolean }[]>>
  groups(
    serviceProviderId: string,
    options?: Pick<CallOptions, 'signal'>,
  ): Promise<OdinResult<readonly GroupRef[]>>
  /** All users of a group. `extended` gives full records at one more backend read per user. */
  usersOfGroup(
    group: GroupRef,
    options: CallOptions & { extended: boolean },
  ): Promise<OdinResult<readonly UserRecord[]>>
  /** The same as it came, for who has no time to read it now. Not for a User login, who may not read lists. */
  usersAsSent(
    group: GroupRef,
    options: { extended: boolean; signal?: AbortSignal },
  ): Promise<OdinResult<SentUsers>>
  user(userId: string, options?: CallOptions): Promise<OdinResult<UserRecord>>
  /**
   * One PUT /users on a fresh connection, sent at most once. After a 401 the sign-in is renewed and the error is
   * `unauthorized`: not applied. Its cause says what is next: `signed-in-again` (may be sent again) or why not.
   */
  putUser(body: JsonObject & UserKey, options?: PutOptions): Promise<OdinResult<PutAnswer>>
  /**
   * One service of a user: a record of that service. Refused with the cause `service-missing` where the user does not
   * have it.
   */
  service(id: ServiceId, key: UserKey, options?: CallOptions): Promise<OdinResult<UserRecord>>
  /** One PUT of a service, sent at most once, as {@link putUser}. */
  putService(
    id: ServiceId,
    key: UserKey,
    body: JsonObject,
    options?: PutOptions,
  ): Promise<OdinResult<PutAnswer>>
}

export interface PutOptions extends Pick<CallOptions, 'turn'> {
  /** Asked up to the first byte. */
  readonly mayStart?: () => boolean
}

export interface CallOptions {
  readonly signal?: AbortSignal
  /** What goes first; see {@link Urgency}. */
  readonly urgency?: Urgency
  /** Leave to start at once; used up or given back, whatever comes of the call. */
  readonly turn?: Turn
}

/** Left-out scope means the whole system, which the server allows resellers and above. */
export interface UsersQuery extends CallOptions {
  readonly serviceProviderId?: string
  /** Only together with `serviceProviderId`. */
  readonly groupId?: string
  readonly filter?: ServerFilter
  /** Holds as well. */
  readonly and?: ServerFilter
  readonly extended?: boolean
  /** As many rows as this may mean that there are more: the server does not say. */
  readonly limit?: number
}

export interface Department {
  readonly serviceProviderId: string
  /** Left out for a department of the enterprise. */
  readonly groupId?: string
  readonly name: string
  readonly fullPathName?: string
}

export interface Language {
  readonly language: string
  readonly locale?: string
  readonly encoding?: string
}

export interface Choice {
  readonly key: string
  readonly displayName: string
}

export interface NetworkClassOfService {
  readonly name: string
  readonly description?: string
  readonly isDefault: boolean
}

export interface ExtensionLengths {
  readonly min: number
  readonly max: number
  readonly default?: number
}

export interface ExtensionInUse {
  readonly extension: string
  readonly by: 'user' | 'hunt-group' | 'auto-attendant' | 'call-center'
  readonly id: string
  readonly name?: string
}

/** One number of a group, with its country prefix as the server gave it, such as `+1-9709580001`. */
export interface GroupNumber {
  readonly number: string
  readonly activated?: boolean
  readonly assigned?: boolean
}

/** Rules for passwords or passcodes; a left-out key is a rule that the server does not name. */
export interface SecretRules {
  readonly minLength?: number
  readonly maxLength?: number
  readonly minDigits?: number
  readonly minUpperCaseLetters?: number
  readonly minLowerCaseLetters?: number
  readonly minNonAlphanumericCharacters?: number
  readonly expiresDays?: number
  /** The other rules as the server names them: `disallowUserId: true`, … */
  readonly others: Readonly<Record<string, string | number | boolean>>
}

/** A device with a free port. */
export interface FreeDevice {
  readonly deviceName: string
  readonly deviceLevel: string
  readonly deviceType?: string
  readonly macAddress?: string
}

/** A service or a pack of services that a user has. */
export interface AssignedService {
  readonly name: string
  readonly isPack: boolean
  /** What the reseller calls it, or what a pack is for. */
  readonly note?: string
}

export type GeneratedKind = 'password' | 'passcode' | 'sip-password'

/** The reads that editing needs. */
export interface OdinLookups {
  users(query: UsersQuery): Promise<OdinResult<readonly UserRecord[]>>
  departments(
    group: GroupRef,
    options?: CallOptions & { includeEnterprise?: boolean },
  ): Promise<OdinResult<readonly Department[]>>
  languages(
    options?: CallOptions,
  ): Promise<OdinResult<{ readonly default?: string; readonly languages: readonly Language[] }>>
  timeZones(options?: CallOptions): Promise<OdinResult<readonly Choice[]>>
  statesAndProvinces(options?: CallOptions): Promise<OdinResult<readonly Choice[]>>
  networkClassesOfService(
    group: GroupRef,
    options?: CallOptions,
  ): Promise<OdinResult<readonly NetworkClassOfService[]>>
  /** The devices of the group itself that have a free port. */
  freeDevices(group: GroupRef, options?: CallOptions): Promise<OdinResult<readonly FreeDevice[]>>
  /** Their names. */
  trunkGroups(group: GroupRef, options?: CallOptions): Promise<OdinResult<readonly string[]>>
  /** Their names. */
  enterpriseTrunks(group: GroupRef, options?: CallOptions): Promise<OdinResult<readonly string[]>>
  extensionLengths(group: GroupRef, options?: CallOptions): Promise<OdinResult<ExtensionLengths>>
  /** Over users, hunt groups, auto attendants and call centers: four calls. */
  extensionsInUse(group: GroupRef, options?: CallOptions): Promise<OdinResult<readonly ExtensionInUse[]>>
  /** The numbers of a group, ranges expanded. */
  numbers(
    group: GroupRef,
    options?: CallOptions & { only?: 'available' | 'activated' },
  ): Promise<OdinResult<readonly GroupNumber[]>>
  domains(
    group: GroupRef,
    options?: CallOptions,
  ): Promise<OdinResult<{ readonly default?: string; readonly domains: readonly string[] }>>
  /** What is assigned to a user: services and packs. Both lists, or neither. */
  assignedServices(userId: string, options?: CallOptions): Promise<OdinResult<readonly AssignedService[]>>
  passwordRules(group: GroupRef, options?: CallOptions): Promise<OdinResult<SecretRules>>
  passcodeRules(group: GroupRef, options?: CallOptions): Promise<OdinResult<SecretRules>>
  /** Fresh secrets that meet the group's rules, from the server. To be shown and sent, never stored. */
  generate(
    kind: GeneratedKind,
    group: GroupRef,
    options?: CallOptions & { count?: number },
  ): Promise<OdinResult<readonly string[]>>
}

export interface AlternateUserId {
  readonly userId: string
  readonly description?: string
}

/** The answer to a move between groups, or to its dry run. */
export interface MoveAnswer {
  /** Why it cannot be done, as the server words it. */
  readonly errors: readonly string[]
  /** What else would change. */
  readonly impacts: readonly string[]
  /** The user in the new group, when the server shows it. */
  readonly record?: UserRecord
  readonly json: Json
}

/** What one phone can be told: to make its files anew on the server, or to restart and fetch them. */
export type DeviceCommand = 'rebuild' | 'reset'

/** One device, never a type of devices. */
export interface DeviceRef {
  readonly deviceName: string
  readonly deviceLevel: string
  readonly serviceProviderId: string
  readonly groupId: string
}

/** Writes beside PUT /users. Each is sent at most once; secrets are in no error, no raw answer and no log. */
export interface OdinWrites {
  /** The server does it in the background: that it was taken is all that the answer says. */
  commandDevice(command: DeviceCommand, device: DeviceRef): Promise<OdinResult<Json>>
  /** One set of changes for many users. The answer only echoes it, so every user must be read again. */
  putUsersBulk(userIds: readonly string[], data: JsonObject): Promise<OdinResult<Json>>
  alternateUserIds(userId: string, options?: CallOptions): Promise<OdinResult<readonly AlternateUserId[]>>
  /** Replaces the whole list, at most 4. */
  putAlternateUserIds(userId: string, ids: readonly AlternateUserId[]): Promise<OdinResult<Json>>
  renameUser(userId: string, newUserId: string): Promise<OdinResult<Json>>
  /** With `evaluateOnly` nothing moves and the server reports what would happen. */
  moveUser(
    userId: string,
    newGroupId: string,
    options: { evaluateOnly: boolean },
  ): Promise<OdinResult<MoveAnswer>>
  /** The web password. `oldPassword` is needed when users change their own. */
  putWebPassword(userId: string, newPassword: string, oldPassword?: string): Promise<OdinResult<void>>
  putPortalPasscode(userId: string, newPasscode: string): Promise<OdinResult<void>>
}

/** The call-handling services of one user, as far as they could be read together. */
export interface UserServices {
  /** The record of each that the user has; undefined of those that the user does not have. */
  readonly services: Readonly<Partial<Record<ServiceId, UserRecord | undefined>>>
}

/** One service of one user of a group. */
export interface ServiceOfUser {
  readonly userId: string
  /** Undefined: the user does not have the service. */
  readonly record: UserRecord | undefined
}

/** Reads of call handling beside those of one service. */
export interface OdinServices {
  /**
   * One service of everybody in a group with one call, of the services that have such a call. Who the answer does not tell of
   * is left out, rows that cannot be understood too: those are counted in `problems`.
   * @throws RangeError for a service that is only read user by user
   */
  serviceOfGroup(
    id: ServiceId,
    group: Pick<UserKey, 'serviceProviderId' | 'groupId'>,
    options?: CallOptions,
  ): Promise<OdinResult<readonly ServiceOfUser[]>>
  /** All services of a user at once: two calls. */
  services(key: UserKey, options?: CallOptions): Promise<OdinResult<UserServices>>
}

/** Everything that a connection to one server can do. */
export interface OdinConnection extends OdinClient, OdinLookups, OdinWrites, OdinServices {
  /** After a sign-in ended in `password-expired`: changes the password and signs in with the new one. */
  changeExpiredPassword(oldPassword: string, newPassword: string): Promise<OdinResult<OdinSession>>
  /**
   * Whether the server answers and takes us in, mending the sign-in if need be: a small GET, or else one silent sign-in
   * that all who need it share. The kept password is offered at most once after the server has refused it.
   */
  revive(): Promise<OdinResult<OdinSession>>
  /** Ends it: nothing of it is sent from now on and no password is asked for; what is on its way may be answered. */
  close(): void
  /** Adapts the pace of all calls of this connection, in calls started per second. */
  setCallsPerSecond(callsPerSecond: number): void
}
