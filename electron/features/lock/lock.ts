import { createHash, timingSafeEqual } from 'node:crypto'
import type { Handlers } from '../../../shared/ipc/bridge'
import type { Channel, LockState, TestResult } from '../../../shared/ipc/contract'
import { Refusal } from '../../ipc/refusal'
import type { Clock } from '../../platform/ports'

/** The sign-in whose password opens the window. */
export interface Opener {
  readonly id: string
  readonly name: string
  readonly account: string
}

export interface LockDeps {
  /** After so many minutes without a key or a pointer; `Infinity`: never. */
  readonly minutes: number
  /** Who has set that, in words. */
  readonly why?: string
  /** Kept over a restart: ending the app does not open it. */
  readonly settings: { get(key: string): unknown; set(key: string, value: boolean): void }
  /** Whose password opens it, the chosen connection first. None: there is nothing that would have to be hidden. */
  readonly openers: () => readonly Opener[]
  /** The password that is kept for one, if there is. */
  readonly kept: (id: string) => Promise<string | undefined>
  /** Whether the kept one may be an old one by now: the server has refused it. */
  readonly doubted: (id: string) => boolean
  /** Asks the server; undefined where it cannot be asked. */
  readonly askServer: (id: string, password: string) => Promise<TestResult | undefined>
  readonly changed: (state: LockState) => void
  readonly clock: Pick<Clock, 'mono' | 'elapsed' | 'after'>
}

export interface IdleLock {
  readonly locked: () => boolean
  /** Somebody does something in the window. */
  readonly noticed: () => void
  /** Time may have gone by unseen: the computer slept. */
  readonly woke: () => void
  /** Locks now, where locking is set at all. */
  readonly lock: () => void
  readonly handlers: Pick<Handlers, 'lock.state' | 'lock.open'>
  readonly stop: () => void
}

/** What the page may ask while it is locked. What a person typed before is still written. */
export const askedWhileLocked: ReadonlySet<Channel> = new Set<Channel>([
  'lock.state',
  'lock.open',
  'settings.set',
  'app.info',
])

const lockedKey = 'app.locked'
/** Mistakes that cost nothing, and the longest wait after more of them. */
const freeMistakes = 3
const longestWaitMs = 60_000

/**
 * Locks the window when nobody has used it for a while. It hides what is on the screen and refuses what is asked for; what waits
 * to be sent goes on being sent. It keeps out who comes by, not who can read the memory or the files of the person.
 */
export function createLock(deps: LockDeps): IdleLock {
  const { minutes, why, settings, openers, kept, doubted, askServer, changed, clock } = deps
  const limitMs = minutes * 60_000
  const isSet = Number.isFinite(limitMs)
  const now = (): number => clock.elapsed?.() ?? clock.mono()
  let locked = isSet && settings.get(lockedKey) === true && openers().length > 0
  let last = now()
  let cancel = (): void => {}
  let mistakes = 0
  let notBefore = 0
  let trying = false

  const state = (): LockState => {
    const [who] = openers()
    return {
      locked,
      ...(locked && who !== undefined ? { who: `${who.account} on ${who.name}` } : {}),
      ...(why === undefined ? {} : { why }),
    }
  }

  function set(to: boolean): void {
    locked = to
    settings.set(lockedKey, to)
    changed(state())
  }

  function look(): void {
    cancel()
    if (!isSet || locked) return
    const left = limitMs - (now() - last)
    if (left > 0) cancel = clock.after(left, look)
    else lock()
  }

  function lock(): void {
    cancel()
    if (!isSet || locked) return
    if (openers().length > 0) set(true)
    // A server may be added later.
    else {
      last = now()
      look()
    }
  }

  async function isRight(password: string): Promise<boolean> {
    const [who] = openers()
    if (who === undefined) return true
    const known = await kept(who.id)
    if (known !== undefined && same(known, password)) return true
    // A mistyped password is not tried on the server: accounts lock after a few.
    if (known !== undefined && !doubted(who.id)) return false
    const told = await askServer(who.id, password)
    if (told === undefined)
      throw new Refusal(
        'offline',
        'No password is kept here to compare it with, and the server cannot be asked.',
        {
          next: 'Connect to the network and try again.',
        },
      )
    if (told.ok) return true
    if (told.cause === 'wrong-password') return false
    throw new Refusal(told.cause, told.message, told.next === undefined ? {} : { next: told.next })
  }

  look()
  return {
    locked: () => locked,
    noticed() {
      if (!isSet || locked) return
      // The first key after a night is not what kept it awake.
      if (now() - last >= limitMs) lock()
      else last = now()
    },
    woke: look,
    lock,
    stop: () => cancel(),
    handlers: {
      'lock.state': state,
      async 'lock.open'({ password }) {
        if (!locked) return state()
        const waitMs = notBefore - clock.mono()
        if (trying || waitMs > 0) {
          const seconds = Math.max(1, Math.ceil(waitMs / 1000))
          throw new Refusal('wait', `Too many mistakes. Try again in ${seconds} seconds.`)
        }
        trying = true
        try {
          if (await isRight(password)) {
            mistakes = 0
            last = now()
            set(false)
            look()
            return state()
          }
        } finally {
          trying = false
        }
        mistakes++
        if (mistakes > freeMistakes)
          notBefore = clock.mono() + Math.min(longestWaitMs, 1000 * 2 ** (mistakes - freeMistakes))
        throw new Refusal('wrong-password', 'That is not the password.')
      },
    },
  }
}

/** Takes as long whatever the two have in common. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
