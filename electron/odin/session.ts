import type { Json } from '../../shared/json'
import type { Cancel, Clock, Log } from '../platform/ports'
import type { Turn } from '../server/pace'
import { localError } from './errors'
import { lifeOf, sessionFields, tokenOf } from './token'
import type { OdinError, OdinResult, OdinSession } from './types'
import { type Authorise, type Call, connectionClosed, type Wire } from './wire'

export interface SessionOptions {
  readonly wire: Wire
  readonly clock: Clock
  /** The password of the account, for a silent sign-in; undefined when it is not kept. */
  readonly credentials: () => Promise<string | undefined>
  readonly log: Log
  /** Why nothing may be sent at present; then the password is not asked for either. */
  readonly mayNot?: () => OdinError | undefined
  /** The user id of the account, for a silent sign-in before any by a person. */
  readonly account?: string
  /** Runs when a sign-in has begun or ended, by whatever way: who waits for one looks again. */
  readonly onChange?: () => void
}

export interface Session {
  signIn(username: string, password: string): Promise<OdinResult<OdinSession>>
  changeExpiredPassword(oldPassword: string, newPassword: string): Promise<OdinResult<OdinSession>>
  current(): OdinSession | undefined
  check(turn?: Turn): Promise<OdinResult<OdinSession>>
  /** See `OdinConnection.revive`. */
  revive(): Promise<OdinResult<OdinSession>>
  signOut(): Promise<void>
  /** Forgets the token and ends all timers: nothing is sent for this session any more. */
  close(): void
  /** Sends a call under the current sign-in and mends the sign-in when the server says that it has ended. */
  ask(call: Call): Promise<OdinResult<Json>>
}

interface SignedIn {
  readonly token: string
  readonly session: OdinSession
  readonly sinceMono: number
  /** How long the token lives, in ms from `sinceMono`; unknown when it does not say. */
  readonly lifeMs?: number
  /** The server has refused this token. */
  readonly dead: boolean
  /** Not given to a person's sign-in but to a silent one, after the server had refused the token before. */
  readonly isReplacement: boolean
  /** No refresh before this moment: the last one failed. */
  readonly calmUntilMono: number
}

type State =
  | { readonly is: 'signed-in'; readonly at: SignedIn }
  /**
   * `because` is what calls are told. Unless `mayRetry`, nothing is sent before a person signs in again; with it the
   * sign-in failed for want of a network, and the next call tries it once more.
   */
  | { readonly is: 'signed-out'; readonly because: OdinError; readonly mayRetry: boolean }

const neverSignedIn = localError(
  'not-signed-in',
  'signed-out',
  'Nobody is signed in to this server.',
  'Sign in, then try again.',
)

/** A replacement that is refused within this time is not replaced in turn: that would go on for ever. */
const freshMs = 10_000
/** Silent sign-ins in a row that no call was any better for, before a person is asked. */
const mostFruitless = 2
const mostStrange = 1
const calmMs = 30_000
const longestTimer = 6 * 3_600_000

const path = { token: '/auth/token', session: '/auth/session' }

/**
 * One account's sign-in to one server. The token and the username stay in this closure.
 *
 * Once the server has refused the password, it is not offered again until a person signs in: repeated failures lock
 * BroadWorks accounts.
 */
export function createSession(options: SessionOptions): Session {
  const { wire, clock, credentials, log, mayNot = () => undefined, onChange = () => {} } = options

  let state: State = { is: 'signed-out', because: neverSignedIn, mayRetry: false }
  // TypeScript would otherwise believe that the state is still what it was before a wait.
  const now = (): State => state
  let username: string | undefined = options.account
  /** Counts sign-ins and sign-outs by a person: work begun under an earlier one must not end in a later one. */
  let generation = 0
  let renewing: Promise<OdinError | undefined> | undefined
  let checking: Promise<OdinResult<OdinSession>> | undefined
  let cancelTimer: Cancel | undefined
  /** Silent sign-ins since a call was last answered under one. */
  let fruitless = 0
  /** Something that is not the API has answered a silent sign-in; it is not given the password a second time unseen. */
  let doubted = false
  /** How often it was given the password since a person signed in. */
  let strange = 0

  // --- sending -----------------------------------------------------------------------------------------------

  const withToken =
    (token: string | undefined): Authorise =>
    async () => ({ ok: true, token })

  const direct = async (call: Call, token: string | undefined): Promise<OdinResult<Json>> =>
    (await wire.exchange(call, withToken(token), { first: true })).result

  const ask = async (call: Call): Promise<OdinResult<Json>> => {
    const mine = generation
    const authorise: Authorise = async () => {
      const error = call.turn === undefined ? await ready(mine) : readyNow(mine)
      if (error !== undefined) return { ok: false, error }
      return state.is === 'signed-in' && generation === mine
        ? { ok: true, token: state.at.token }
        : { ok: false, error: neverSignedIn }
    }
    // Whoever is signed out should hear it now, not when a long queue has gone by.
    if (state.is === 'signed-out' && !state.mayRetry) {
      call.turn?.giveBack()
      return { ok: false, error: state.because }
    }
    const { result, token } = await wire.exchange(call, authorise)
    if (token !== undefined) noteFruit(result)
    const ended = token === undefined ? undefined : await sayIfEnded(result, token)
    if (ended === undefined) return result
    if (!ended.signedOut) return { ok: false, error: ended.error }
    if (generation !== mine) return { ok: false, error: { ...ended.error, cause: 'signed-out' } }
    const failure = await renewAfter(token)
    if (failure === refusedAgain && generation === mine) return ownRefusal(ended.error, token)
    if (failure !== undefined) {
      // A read fails with what really stands in the way; of a write it must be said that it was not done.
      if (call.method === 'GET') return { ok: false, error: failure }
      return { ok: false, error: { ...ended.error, cause: failure.cause, next: failure.next } }
    }
    // A write, and whatever was decided upon just before, may not be wanted any more.
    if (call.method !== 'GET' || call.turn !== undefined) {
      const next = 'The sign-in has been renewed: send it again.'
      return { ok: false, error: { ...ended.error, cause: 'signed-in-again', next } }
    }
    const { result: again, token: then } = await wire.exchange(call, authorise)
    noteFruit(again)
    const isRefused = !again.ok && again.error.kind === 'unauthorized' && generation === mine
    return isRefused ? ownRefusal(again.error, then) : again
  }

  /** What a 401 under a sign-in that was just given means: if that is good for other calls, it is this one alone. */
  const ownRefusal = async (error: OdinError, token: string | undefined): Promise<OdinResult<Json>> => {
    const checked = await checkAnew()
    if (!checked.ok) {
      if (checked.error.kind !== 'unauthorized') return { ok: false, error }
      // Refused too: it is the sign-in, and that a new one was given just now must be said.
      const { cause, next } = refusedAgain
      return { ok: false, error: { ...error, cause, next } }
    }
    fruitless = 0
    if (!isCurrent(token)) return { ok: false, error }
    return { ok: false, error: refusedAlone(error) }
  }

  /** A check says something of a refusal only while the token that was refused is the one that was checked. */
  const isCurrent = (token: string | undefined): boolean => {
    const at = now()
    return at.is === 'signed-in' && at.at.token === token
  }

  /** Any plain answer but a 401 shows that a sign-in is good for something. */
  const noteFruit = (result: OdinResult<Json>): void => {
    const plain = result.ok || ['refused', 'forbidden', 'not-found'].includes(result.error.kind)
    if (plain) fruitless = 0
  }

  /** Whether a result means that the sign-in has ended; a 403 without a reason is cleared up first. */
  const sayIfEnded = async (result: OdinResult<Json>, token: string) => {
    if (result.ok) return undefined
    const { error } = result
    if (error.kind === 'unauthorized') return { signedOut: true, error }
    if (error.kind === 'password-expired') return { signedOut: false, error: await expired(error) }
    if (error.kind !== 'forbidden-or-signed-out') return undefined
    const checked = await checkAnew()
    if (checked.ok && isCurrent(token)) {
      const message = 'Your account is not allowed to do this.'
      const next = 'Ask an administrator for the right, or sign in with another account.'
      const forbidden = { ...error, kind: 'forbidden', cause: 'forbidden', message, next } as const
      return { signedOut: false, error: forbidden }
    }
    if (!checked.ok && checked.error.kind !== 'unauthorized') return undefined
    return { signedOut: true, error: { ...error, kind: 'unauthorized', cause: 'signed-out' } as const }
  }

  /**
   * What a 402 means under a sign-in: when the session gets it too, that has ended, and a person has to choose a new password;
   * when it is good for other calls, it is this one alone.
   */
  const expired = async (error: OdinError): Promise<OdinError> => {
    const mine = generation
    const checked = await checkAnew()
    if (checked.ok) return refusedAlone(error)
    if (checked.error.kind !== 'password-expired') return { ...error, kind: 'forbidden-or-signed-out' }
    if (generation === mine) signedOut(error)
    return error
  }

  // --- keeping the token alive -------------------------------------------------------------------------------

  /** Waits for or starts whatever the token needs before a call; an error when the call cannot be sent. */
  const ready = async (mine: number): Promise<OdinError | undefined> => {
    if (renewing !== undefined) await renewing
    if (generation !== mine) return neverSignedIn
    if (state.is === 'signed-out') {
      if (!state.mayRetry) return state.because
      const failure = await renew(signInAgain)
      return failure === undefined ? undefined : notSent(failure)
    }
    const { at } = state
    const left = at.lifeMs === undefined ? undefined : at.sinceMono + at.lifeMs - clock.mono()
    if (at.dead || (left !== undefined && left <= 0)) {
      const failure = await renew(signInAgain)
      return failure === undefined ? undefined : notSent(failure)
    }
    const isLow = left !== undefined && at.lifeMs !== undefined && left < at.lifeMs / 10
    if (isLow && clock.mono() >= at.calmUntilMono) {
      await renew(refresh)
      // The old token still has some life, so a refresh that failed for want of a network is no reason to stop.
      const after = now()
      if (after.is === 'signed-out') return after.because
    }
    return undefined
  }

  /**
   * The same for a call that was decided upon just now, such as a write after its pre-read: waiting for a sign-in would
   * make it another decision. It is not sent, and the sign-in begins.
   */
  const readyNow = (mine: number): OdinError | undefined => {
    const { is } = state
    const left =
      is === 'signed-in' && state.at.lifeMs !== undefined
        ? state.at.sinceMono + state.at.lifeMs - clock.mono()
        : undefined
    if (renewing === undefined && is === 'signed-in' && !state.at.dead && (left === undefined || left > 0)) {
      return undefined
    }
    if (is === 'signed-out' && !state.mayRetry) return state.because
    void ready(mine)
    return signingIn
  }

  const renewAfter = async (refused: string | undefined): Promise<OdinError | undefined> => {
    if (renewing !== undefined) return renewing
    if (state.is === 'signed-out') return state.because
    const { at } = state
    // Another call has renewed it in the meantime.
    if (refused !== at.token && !at.dead) return undefined
    if (at.isReplacement && clock.mono() - at.sinceMono < freshMs && !at.dead) {
      return refusedAgain
    }
    return renew(signInAgain)
  }

  /** One renewal at a time; all who need one share it. Resolves to what went wrong, if anything. */
  const renew = (how: () => Promise<OdinError | undefined>): Promise<OdinError | undefined> => {
    if (renewing !== undefined) return renewing
    const running = how().finally(() => {
      if (renewing === running) renewing = undefined
    })
    renewing = running
    return running
  }

  const refresh = async (): Promise<OdinError | undefined> => {
    if (state.is === 'signed-out') return state.because
    const mine = generation
    const { at } = state
    const reply = await direct({ method: 'PUT', path: path.token, secretAnswer: true }, at.token)
    if (generation !== mine) return neverSignedIn
    let error = reply.ok ? shapeless : reply.error
    if (reply.ok) {
      const token = tokenOf(reply.value)
      const fields = sessionFields(reply.value)
      if (isAnother(at.session.userId, fields.userId)) error = otherAccount(at.session.userId, fields.userId)
      else if (token !== undefined) {
        signedIn(token, { ...at.session, ...fields }, false)
        return undefined
      }
    } else if (reply.error.kind === 'unauthorized') {
      return signInAgain()
    }
    state = { is: 'signed-in', at: { ...at, calmUntilMono: clock.mono() + calmMs } }
    schedule()
    return error
  }

  const signInAgain = async (): Promise<OdinError | undefined> => {
    const mine = generation
    if (state.is === 'signed-in') state = { is: 'signed-in', at: { ...state.at, dead: true } }
    const refused = mayNot()
    if (refused !== undefined) return refused
    if (fruitless >= mostFruitless) {
      fruitless = 0
      signedOut({ ...refusedAgain, kind: 'not-signed-in' })
      return refusedAgain
    }
    if (doubted) {
      const error = await stranger()
      if (generation !== mine) return neverSignedIn
      if (error !== undefined) return error
    }
    let password: string | undefined
    try {
      password = await credentials()
    } catch {
      // Locked, or not there yet after the computer woke: asked again with the next try.
      return generation === mine ? keychainSilent : neverSignedIn
    }
    if (generation !== mine) return neverSignedIn
    if (username === undefined || password === undefined) {
      const because = localError(
        'not-signed-in',
        'password-not-kept',
        'The sign-in has ended, and the password is not kept on this computer.',
        'Sign in again.',
      )
      signedOut(because)
      return because
    }
    const result = await login(username, password, true)
    if (generation !== mine) return neverSignedIn
    if (result.ok) {
      log.info('odin.signed-in-again')
      fruitless++
      doubted = false
      strange = 0
      return undefined
    }
    const error = spokenFor(result.error)
    doubted = doubted || error.kind === 'unknown'
    if (isFinal(error)) signedOut({ ...error, kind: 'not-signed-in' })
    return error
  }

  /**
   * What a failed sign-in says. A page or nothing with the status of a refusal is of whoever stands in the way, until the
   * password has been offered to it often enough.
   */
  const spokenFor = (error: OdinError): OdinError => {
    if (!isFinal(error) || inApiForm(error)) return error
    doubted = true
    return ++strange > mostStrange ? error : somethingElse(error)
  }

  /** Asks without a token and a password who is there; an error unless it is the API. */
  const stranger = async (): Promise<OdinError | undefined> => {
    const reply = await direct({ method: 'GET', path: path.session, secretAnswer: true }, undefined)
    if (reply.ok) return sessionFields(reply.value).userId === undefined ? nobody : undefined
    if (inApiForm(reply.error) && isFinal(reply.error)) return undefined
    return isFinal(reply.error) ? somethingElse(reply.error) : reply.error
  }

  const revive = async (): Promise<OdinResult<OdinSession>> => {
    const mine = generation
    if (renewing === undefined && state.is === 'signed-in' && !state.at.dead) {
      const checked = await check()
      // Signed out meanwhile: it is the reason of that which counts, and it may be a refused password.
      const isOut = !checked.ok && ['unauthorized', 'not-signed-in'].includes(checked.error.kind)
      if (!isOut) return checked
      if (generation !== mine) return { ok: false, error: neverSignedIn }
    }
    const { is } = now()
    const out = now()
    if (out.is === 'signed-out' && !out.mayRetry && out.because !== neverSignedIn) {
      return { ok: false, error: out.because }
    }
    const alive = is === 'signed-in' && out.is === 'signed-in' && !out.at.dead && renewing === undefined
    const failure = alive ? undefined : await renew(signInAgain)
    const after = now()
    if (failure === undefined && after.is === 'signed-in') {
      return { ok: true, value: after.at.session, status: 200, raw: '' }
    }
    return { ok: false, error: failure ?? neverSignedIn }
  }

  // --- signing in --------------------------------------------------------------------------------------------

  const login = async (
    user: string,
    password: string,
    isReplacement: boolean,
  ): Promise<OdinResult<OdinSession>> => {
    const call: Call = {
      method: 'POST',
      path: path.token,
      body: { username: user, password },
      secrets: [password],
      secretAnswer: true,
      isSignIn: true,
    }
    const mine = generation
    // No bearer: an old one makes the server refuse the login.
    return accept(mine, await direct(call, undefined), user, isReplacement)
  }

  /** Makes a session of an answer that should hold a token, reading the rest of it where the answer is short. */
  const accept = async (
    mine: number,
    reply: OdinResult<Json>,
    user: string,
    isReplacement: boolean,
  ): Promise<OdinResult<OdinSession>> => {
    if (!reply.ok) return { ok: false, error: signInError(reply.error) }
    const token = tokenOf(reply.value)
    if (token === undefined) return { ok: false, error: shapeless }
    let fields = sessionFields(reply.value)
    if (fields.userId === undefined || fields.loginType === undefined) {
      const read = await direct({ method: 'GET', path: path.session, secretAnswer: true }, token)
      if (read.ok) fields = { ...sessionFields(read.value), ...fields }
      // An old server may not have this call; anything else means that the sign-in does not work yet.
      else if (read.error.kind !== 'not-found') return { ok: false, error: signInError(read.error) }
    }
    if (generation !== mine) return { ok: false, error: neverSignedIn }
    if (isAnother(user, fields.userId)) return { ok: false, error: otherAccount(user, fields.userId) }
    const session: OdinSession = {
      userId: user,
      loginType: '',
      isSystemAdmin: false,
      readOnly: false,
      policy: {},
      ...fields,
    }
    return { ok: true, value: signedIn(token, session, isReplacement), status: reply.status, raw: '' }
  }

  const signedIn = (token: string, base: OdinSession, isReplacement: boolean): OdinSession => {
    const { issuedAt, expiresAt } = lifeOf(token)
    const { expiresAt: _, ...rest } = base
    const session: OdinSession = expiresAt === undefined ? rest : { ...rest, expiresAt }
    // Both ends by the server's clock: this computer's may be wrong by years.
    const seconds = expiresAt === undefined ? undefined : expiresAt - (issuedAt ?? clock.wall() / 1000)
    const isPlausible = seconds !== undefined && seconds > 0 && seconds < 1e9
    // `iat` is a whole second, so the token may be up to one older than it looks.
    const lifeMs = isPlausible ? Math.max(seconds - 1, seconds / 2) * 1000 : undefined
    const at: SignedIn = {
      token,
      session,
      sinceMono: clock.mono(),
      ...(lifeMs === undefined ? {} : { lifeMs }),
      dead: false,
      isReplacement,
      calmUntilMono: 0,
    }
    state = { is: 'signed-in', at }
    schedule()
    onChange()
    return session
  }

  const signedOut = (because: OdinError, mayRetry = false) => {
    state = { is: 'signed-out', because, mayRetry }
    cancelTimer?.()
    cancelTimer = undefined
    onChange()
  }

  /** Refreshes an idle sign-in too: the password may not be kept, and a night is longer than a token's life. */
  const schedule = () => {
    cancelTimer?.()
    cancelTimer = undefined
    if (state.is !== 'signed-in' || state.at.lifeMs === undefined) return
    const { sinceMono, lifeMs, calmUntilMono } = state.at
    const due = Math.max(sinceMono + lifeMs * 0.9 + 1, calmUntilMono) - clock.mono()
    if (sinceMono + lifeMs <= clock.mono() + Math.max(0, due)) return
    const mine = generation
    cancelTimer = clock.after(Math.min(Math.max(due, 0), longestTimer), () => {
      if (due > longestTimer) schedule()
      else void ready(mine)
    })
  }

  /** `GET /auth/session`, once for all who ask at the same time. */
  const check = (turn?: Turn): Promise<OdinResult<OdinSession>> => {
    if (state.is === 'signed-out' || checking !== undefined) turn?.giveBack()
    if (state.is === 'signed-out') return Promise.resolve({ ok: false, error: state.because })
    if (checking !== undefined) return checking
    const running = checkNow(state.at, turn).finally(() => {
      if (checking === running) checking = undefined
    })
    checking = running
    return running
  }

  /** The same for who asks because of an answer: a check that began before it may have been answered before it, too. */
  const checkAnew = async (turn?: Turn): Promise<OdinResult<OdinSession>> => {
    await checking
    return check(turn)
  }

  const checkNow = async (at: SignedIn, turn: Turn | undefined): Promise<OdinResult<OdinSession>> => {
    const mine = generation
    const call: Call = { method: 'GET', path: path.session, secretAnswer: true }
    const reply = await direct({ ...call, ...(turn === undefined ? {} : { turn }) }, at.token)
    const after = now()
    if (generation !== mine || after.is === 'signed-out') return { ok: false, error: neverSignedIn }
    const isStill = after.at.token === at.token
    if (!reply.ok) {
      const isDead = reply.error.kind === 'unauthorized' && isStill
      if (isDead) state = { is: 'signed-in', at: { ...after.at, dead: true } }
      return reply
    }
    const fields = sessionFields(reply.value)
    if (fields.userId === undefined) return { ok: false, error: { ...nobody, status: reply.status } }
    const own = after.at.session.userId
    if (isAnother(own, fields.userId)) {
      // Whoever it is that the token is for, nothing is sent with it any more.
      if (isStill) state = { is: 'signed-in', at: { ...after.at, dead: true } }
      return {
        ok: false,
        error: { ...otherAccount(own, fields.userId), kind: 'unknown', status: reply.status },
      }
    }
    const session = { ...after.at.session, ...fields }
    if (isStill) state = { is: 'signed-in', at: { ...after.at, session } }
    return { ok: true, value: session, status: reply.status, raw: '' }
  }

  /** A person signs in: whatever was before, and still under way, is over. */
  const begin = (): number => {
    generation++
    renewing = undefined
    checking = undefined
    signedOut(neverSignedIn)
    return generation
  }

  return {
    async signIn(user, password) {
      const mine = begin()
      username = user
      strange = 0
      const result = await login(user, password, false)
      if (result.ok || generation !== mine) return result
      const said = spokenFor(result.error)
      signedOut({ ...said, kind: 'not-signed-in' }, !isFinal(said))
      return { ok: false, error: said }
    },

    async changeExpiredPassword(oldPassword, newPassword) {
      if (username === undefined) return { ok: false, error: neverSignedIn }
      const user = username
      const mine = begin()
      const call: Call = {
        method: 'PUT',
        path: '/auth/token/password',
        body: { userId: user, oldPassword, newPassword },
        secrets: [oldPassword, newPassword],
        secretAnswer: true,
        isSignIn: true,
        emptyIsFine: true,
      }
      const reply = await direct(call, undefined)
      if (generation !== mine) return { ok: false, error: neverSignedIn }
      if (reply.ok) {
        return tokenOf(reply.value) === undefined
          ? login(user, newPassword, false)
          : accept(mine, reply, user, false)
      }
      signedOut({ ...reply.error, kind: 'not-signed-in' })
      if (reply.error.kind !== 'unknown') return reply
      const next = 'Try to sign in with the new password, and if that fails with the old one.'
      return { ok: false, error: { ...reply.error, next } }
    },

    revive,

    close() {
      begin()
      username = undefined
      state = { is: 'signed-out', because: connectionClosed, mayRetry: false }
    },

    current: () => (state.is === 'signed-in' ? state.at.session : undefined),
    check: checkAnew,

    async signOut() {
      const token = state.is === 'signed-in' && !state.at.dead ? state.at.token : undefined
      begin()
      username = undefined
      if (token === undefined) return
      const call: Call = {
        method: 'POST',
        path: '/auth/token/logout',
        body: { token },
        secrets: [token],
        emptyIsFine: true,
      }
      await direct(call, token)
    },

    ask,
  }
}

const shapeless: OdinError = localError(
  'unknown',
  'no-token',
  'The server answered the sign-in without a token: this is not the ODiN API, or a version that Gungnir does not know.',
  'Check the base URL of the connection; it usually ends with /api/v2.',
)

/**
 * Whether a server names another account than the one that signs in. A name without a domain is completed by BroadWorks, and
 * letter case makes no difference.
 */
function isAnother(own: string, told: string | undefined): told is string {
  if (told === undefined) return false
  const [one, two] = [own.toLowerCase(), told.toLowerCase()]
  return one !== two && !two.startsWith(`${one}@`) && !one.startsWith(`${two}@`)
}

const otherAccount = (own: string, told: string): OdinError =>
  localError(
    'not-signed-in',
    'other-account',
    `The server takes us for ${told.slice(0, 161)}, not for ${own}. Nothing is sent.`,
    'Sign in again; if that is an account of your own, sign in with its user ID. Else ask the server’s administrator.',
  )

/** Something has answered the question who is signed in with JSON of another kind: its word is nobody's. */
const nobody: OdinError = {
  ...localError(
    'unknown',
    'not-api',
    'What came back is not an answer of the ODiN API.',
    'If this is a guest network, log in to it in a browser. Otherwise check the base URL.',
  ),
  foreign: true,
}

const signingIn: OdinError = localError(
  'not-sent',
  'signing-in',
  'The sign-in is being renewed.',
  'It goes on by itself.',
)

const refusedAgain: OdinError = localError(
  'unauthorized',
  'refused-again',
  'The server refuses every call under a sign-in that it has just given.',
  'Sign out and in again; if it stays, ask the server’s administrator.',
)

const refusedAlone = (error: OdinError): OdinError => ({
  ...error,
  kind: 'forbidden',
  cause: 'refused-again',
  message: 'The server refuses this to your account, although the sign-in is valid.',
  next: 'Ask the server’s administrator, or sign in with another account.',
})

const keychainSilent: OdinError = localError(
  'not-sent',
  'keychain',
  'The system keychain does not give out the password.',
  'Unlock the keychain.',
)

/** Whether the API itself has refused, whatever the status. */
function inApiForm({ foreign }: OdinError): boolean {
  return foreign !== true
}

/** A page, or nothing at all, with the status of a refusal: whoever sent it, it says nothing about the account. */
function somethingElse(error: OdinError): OdinError {
  const base = { ...error, kind: 'unknown', cause: 'html' } as const
  // The words for a wrong address stay: the person may be there to read them.
  if (aboutAddress.has(error.cause)) return base
  return {
    ...base,
    message: 'Something other than the ODiN API answered the sign-in.',
    next: 'Log in to the network, or check the base URL of the connection; it is tried again.',
  }
}
const aboutAddress: ReadonlySet<string> = new Set(['wrong-path', 'not-found', 'method-not-allowed', 'html'])

/** Whether signing in again with the same password would only fail again. */
function isFinal({ kind }: OdinError): boolean {
  return kind !== 'not-sent' && kind !== 'unknown' && kind !== 'busy' && kind !== 'cancelled'
}

/** A call waited for a renewal that failed: whatever became of the renewal, the call itself never left. */
function notSent(error: OdinError): OdinError {
  return error.kind === 'unknown' || error.kind === 'cancelled' ? { ...error, kind: 'not-sent' } : error
}

/** At a sign-in, a bare 401 is about the password and a 403 about the account. */
function signInError(error: OdinError): OdinError {
  if (error.kind === 'unauthorized' && error.cause === 'signed-out') {
    const isDisabled = /\b(disabled|locked)\b/i.test(error.text ?? '')
    return isDisabled
      ? {
          ...error,
          cause: 'account-disabled',
          message: 'This account is disabled.',
          next: 'Ask an administrator to enable the account or reset its password.',
        }
      : {
          ...error,
          cause: 'wrong-password',
          message: 'The user name or the password is wrong.',
          next: 'Enter them again. Several wrong attempts may lock the account.',
        }
  }
  if (error.kind === 'forbidden' || error.kind === 'forbidden-or-signed-out') {
    return {
      ...error,
      kind: 'forbidden',
      cause: 'not-permitted',
      message: 'This account is not permitted to use the API.',
      next: 'Ask an administrator to allow it, or sign in with another account.',
    }
  }
  return error
}
