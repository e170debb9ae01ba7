import type { Handlers } from '../../../shared/ipc/bridge'
import type { UpdatesState } from '../../../shared/ipc/contract'
import { Refusal } from '../../ipc/refusal'
import type { UpdateRule } from '../../platform/policy/schema'
import type { Clock, Http, HttpOutcome, Log, Random } from '../../platform/ports'
import { isAmong, isNewer, NoOffer, type Offer, readOffer, type Wanted } from './offer'

/** Puts a newer version in the place of this one; how differs by system. */
export interface Installer {
  /** Fetches the file and checks it. Rejects in words, with nothing changed. */
  download(from: string, offer: Offer, onPercent: (percent: number) => void): Promise<void>
  /** Puts it in place; this run goes on with what it has read. Throws in words, with the old version in place. */
  install(restart: boolean): void
}

export interface UpdatesDeps {
  /** What is set; left out: no update server was named. */
  readonly rule?: UpdateRule
  /** Who has set it, in words. */
  readonly by?: string
  readonly version: string
  readonly wanted: Omit<Wanted, 'channel'>
  /** Undefined where something else looks after the files of the app, such as a package manager. */
  readonly installer: Installer | undefined
  readonly http: Http
  readonly settings: { get(key: string): unknown; set(key: string, value: string): void }
  /** Changes that wait to be sent. */
  readonly waiting: () => number
  readonly changed: (state: UpdatesState) => void
  /** Ends the app; what was agreed to is installed on the way. */
  readonly quit: () => void
  readonly clock: Pick<Clock, 'after' | 'wall'>
  readonly random: Pick<Random, 'id' | 'next'>
  readonly log: Log
}

export interface Updates {
  readonly handlers: Pick<
    Handlers,
    'updates.state' | 'updates.check' | 'updates.download' | 'updates.install'
  >
  /** Looks by itself, soon and then once a day. Nothing where no server is set. */
  start(): void
  stop(): void
  /** To be called when the app has ended all its work: installs what a person agreed to. */
  finish(): void
}

const dayMs = 86_400_000
/** After the first screen, and not from every computer at once. */
const soonMs = 60_000
const computerKey = 'app.updateComputer'
const mostBytes = 100_000

/**
 * Looks for newer versions where an organisation says, and nowhere else. What is found counts only when it is signed; it is
 * fetched when a person wants it, and put in place when the app ends.
 */
export function createUpdates(deps: UpdatesDeps): Updates {
  const { rule, by, version, wanted, installer, http, settings, waiting, changed, clock, random, log } = deps
  const server = rule === undefined || rule === 'off' ? undefined : rule
  const off = offBecause()
  let state: UpdatesState = { step: off === undefined ? 'idle' : 'off', version, ...(off && { why: off }) }
  let offer: Offer | undefined
  let agreed: { readonly restart: boolean } | undefined
  let cancel = (): void => {}

  function offBecause(): string | undefined {
    if (rule === 'off') return `Updates are off. ${by ?? ''}`.trim()
    if (installer === undefined)
      return 'Updates come the way Gungnir was installed, for example with those of the system.'
    if (server === undefined) return 'No update server is set.'
    return undefined
  }

  const become = (next: Omit<UpdatesState, 'version'>): UpdatesState => {
    state = { ...next, version }
    changed(state)
    return state
  }
  const offered = (): Pick<UpdatesState, 'offered' | 'notes'> =>
    offer === undefined ? {} : { offered: offer.version, notes: offer.notes }

  const base = (): string =>
    server === undefined ? '' : server.url.endsWith('/') ? server.url : `${server.url}/`

  /** The bytes at an address below the server's, as they came. */
  async function fetched(name: string): Promise<Uint8Array> {
    const outcome = await http.send({
      method: 'GET',
      url: new URL(name, base()).href,
      headers: {},
      connectTimeoutMs: 15_000,
      answerTimeoutMs: 30_000,
      maxAnswerBytes: mostBytes,
    })
    if (outcome.kind === 'answer' && outcome.status === 200) return outcome.bytes ?? Buffer.from(outcome.body)
    throw new NoOffer(wordsOf(outcome))
  }

  const computer = (): string => {
    const known = settings.get(computerKey)
    if (typeof known === 'string') return known
    const made = random.id()
    settings.set(computerKey, made)
    return made
  }

  async function look(): Promise<void> {
    if (server === undefined) return
    const name = `${server.channel}-${wanted.platform}-${wanted.arch}.json`
    const [bytes, signature] = await Promise.all([fetched(name), fetched(`${name}.sig`)])
    const found = readOffer(bytes, Buffer.from(signature).toString('latin1'), server.publicKey, {
      ...wanted,
      channel: server.channel,
    })
    offer = isNewer(found.version, version) && isAmong(found, computer()) ? found : undefined
    become({ step: offer === undefined ? 'idle' : 'offered', ...offered(), checkedWall: clock.wall() })
  }

  /** What went wrong, for a person who asked, and in the log for all. */
  const failed = (cause: unknown): UpdatesState => {
    const why =
      cause instanceof NoOffer || cause instanceof Refusal ? cause.message : 'The update could not be had.'
    log.warn('updates.failed', { why, ...(cause instanceof NoOffer ? {} : { cause }) })
    return become({ step: 'failed', why, ...offered() })
  }

  const isResting = (): boolean =>
    state.step === 'idle' || state.step === 'offered' || state.step === 'failed'

  async function check(): Promise<UpdatesState> {
    if (off !== undefined || !isResting()) return state
    become({ step: 'checking' })
    try {
      await look()
    } catch (cause) {
      offer = undefined
      failed(cause)
    }
    return state
  }

  const checkDaily = (ms: number): void => {
    cancel = clock.after(ms, () => {
      checkDaily(dayMs)
      void check()
    })
  }

  return {
    start() {
      if (off === undefined) checkDaily(soonMs * (1 + random.next()))
    },
    stop: () => cancel(),

    finish() {
      if (agreed === undefined || installer === undefined) return
      try {
        installer.install(agreed.restart)
        log.info('updates.installed', { version: offer?.version })
      } catch (cause) {
        log.error('updates.not-installed', { cause })
      }
    },

    handlers: {
      'updates.state': () => state,
      'updates.check': check,

      async 'updates.download'() {
        if (offer === undefined || installer === undefined || !isResting())
          throw new Refusal('no-update', 'There is no newer version to fetch.', {
            next: 'Look for updates first.',
          })
        const wantedOffer = offer
        become({ step: 'downloading', percent: 0, ...offered() })
        try {
          await installer.download(base(), wantedOffer, (percent) => {
            if (state.step === 'downloading') become({ step: 'downloading', percent, ...offered() })
          })
          return become({ step: 'ready', ...offered() })
        } catch (cause) {
          return failed(cause)
        }
      },

      'updates.install'({ waiting: seen, restart }) {
        if (state.step !== 'ready')
          throw new Refusal('no-update', 'There is no newer version to install.', {
            next: 'Look for updates first.',
          })
        const now = waiting()
        // The exact number, so that nobody agrees to what came after the question was asked.
        if (now > 0 && seen !== now) return { agreed: false, waiting: now }
        agreed = { restart }
        become({ step: 'ready', agreed: true, ...offered() })
        if (restart) deps.quit()
        return { agreed: true, waiting: now }
      },
    },
  }
}

function wordsOf(outcome: HttpOutcome): string {
  if (outcome.kind === 'failed')
    return outcome.reason === 'tls'
      ? 'The certificate of the update server is not trusted.'
      : 'The update server cannot be reached.'
  if (outcome.status === 404) return 'The update server offers nothing for this system.'
  return `The update server answered with ${outcome.status}.`
}
