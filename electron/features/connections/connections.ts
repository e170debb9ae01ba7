import type { Connection, ConnectionDraft, TestResult } from '../../../shared/ipc/contract'
import { isLoopback } from '../../../shared/loopback'
import { Refusal } from '../../ipc/refusal'
import { isReadable } from '../../odin/base-url'
import type { OdinConnection, OdinError } from '../../odin/types'
import type { Cancel, Clock, Keychain, Log, Random } from '../../platform/ports'
import { identityOf, sameAddress } from '../../server/identity'
import { type MayNotChange, refuseReadOnly } from '../../server/may-change'
import { type ClientHooks, noNetwork, noPassword, openServer, type Server } from '../../server/server'
import type { ConnectionsRepository, SavedConnection } from '../../store/repositories/connections'
import type { SettingsRepository } from '../../store/repositories/settings'
import type { Authorities, ReadAuthority } from './authorities'
import { createBook } from './book'
import { checkDraft } from './draft'
import type { ConnectionRules } from './set-by'

/** The connection that is chosen, whether or not it is signed in, and its server. At most one is. */
export interface Active {
  readonly connection: SavedConnection
  readonly server: Server
}

/** What a server and an account are, as far as reaching them goes. */
export interface Target {
  readonly baseUrl: string
  readonly username: string
  readonly callsPerSecond: number
  /** PEM text. */
  readonly ca?: string
  /** `none`, or the address of a proxy; left out, the system's. */
  readonly proxy?: string
}

export interface ConnectionsDeps {
  readonly repository: ConnectionsRepository
  readonly settings: Pick<SettingsRepository, 'get' | 'set'>
  readonly keychain: Keychain
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Blanks a secret out of the log. */
  readonly hideSecret: (secret: string) => void
  /** The operating system's opinion; a hint only. */
  readonly systemOnline: () => boolean
  /** `password` is for a silent sign-in when the session has ended; nothing is sent while `mayCall` says no. */
  readonly createClient: (
    target: Target,
    hooks: ClientHooks & { readonly password: () => Promise<string | undefined> },
  ) => OdinConnection
  readonly probe: (target: Target, password: string) => Promise<TestResult>
  /** A kept connection now leads to another server or account: what was read under the old one is not its own. */
  readonly onMoved: (connectionId: string) => void
  readonly authorities: Authorities
  /** What an organisation has set. */
  readonly rules?: ConnectionRules
  readonly mayNotChange?: MayNotChange
}

export interface Connections {
  list(): Promise<Connection[]>
  byId(id: string): SavedConnection | undefined
  /** Keeps a connection; its password goes to the keychain and nowhere else. */
  save(draft: ConnectionDraft, options?: { demo: boolean }): Promise<Connection>
  /** From now on nothing is changed on its server from here, or again may be. */
  setReadOnly(id: string, on: boolean): Promise<Connection>
  /** Tries a draft without keeping anything. */
  test(draft: ConnectionDraft): Promise<TestResult>
  /**
   * Makes it the active one and signs in: with the kept password, or with the given one, which is kept once the server has
   * taken it. A refusal of the server is a result, not a throw.
   */
  connect(id: string, password?: string): Promise<TestResult>
  /** The same at a start, without anybody asking for it: a password that the server has refused is not offered again. */
  resume(id: string): Promise<TestResult>
  signOut(id: string): Promise<void>
  /**
   * After `connect` ended in `password-expired`; `oldPassword` left out is the kept one. Keeps the new one. Throws a
   * {@link Refusal} where the server is read-only: the account itself would be changed there.
   */
  changePassword(id: string, newPassword: string, oldPassword?: string): Promise<TestResult>
  /** Forgets the connection and its password. Cached users and unsent changes are for the caller. */
  remove(id: string): Promise<void>
  /** The password that is kept for it, if there is one. */
  keptPassword(id: string): Promise<string | undefined>
  /** Whether its server takes this password. Nothing is kept or chosen. */
  tryPassword(id: string, password: string): Promise<TestResult>
  /** The connection that was active when the app last ran, unless it was signed out. */
  lastId(): string | undefined
  active(): Active | undefined
  /** The server of the active one. */
  server(): Server | undefined
  workOffline(): boolean
  setWorkOffline(on: boolean): void
  /** The system says that the network came or went, or that the machine woke. */
  systemChanged(online: boolean): void
  /** Runs after each change of `active` or `workOffline`. */
  onChange(listener: () => void): Cancel
  stop(): void
}

const lastKey = 'app.lastConnection'
const offlineKey = 'app.workOffline'
/** The address whose kept password the server refused: accounts lock after a few attempts. */
const refusedKey = 'app.refusedPassword'

/** A refusal to sign in, as the Connections page shows it. */
const resultOf = ({ kind, cause, message, next, raw, proxy }: OdinError): TestResult => ({
  ok: false,
  cause: kind === 'password-expired' ? kind : cause,
  message,
  next,
  ...(raw === undefined ? {} : { raw }),
  ...(proxy === undefined ? {} : { proxy }),
})

export function createConnections(deps: ConnectionsDeps): Connections {
  const { settings, clock, random, log } = deps
  const book = createBook(deps)
  const listeners = new Set<() => void>()
  let current: Active | undefined
  let offline = settings.get(offlineKey) === true
  let connects = 0
  /** What was typed for a server and account that have not taken it yet: it is nowhere but here until they have. */
  let typed: { readonly saved: SavedConnection; readonly password: string } | undefined
  let keeping: Promise<void> = Promise.resolve()

  const changed = (): void => {
    for (const listener of [...listeners]) listener()
  }

  const targetOf = (
    { baseUrl, username, callsPerSecond, proxy }: Omit<Target, 'ca'>,
    authority?: ReadAuthority,
  ): Target => ({
    baseUrl,
    username,
    callsPerSecond,
    ...(authority === undefined ? {} : { ca: authority.pem }),
    ...(proxy === undefined ? {} : { proxy }),
  })

  const addressOf = (saved: SavedConnection): string => {
    const { origin, account } = identityOf(saved)
    return `${origin} ${account}`
  }

  const noteTaken = (saved: SavedConnection, ok: boolean): void => {
    if (!ok) settings.set(refusedKey, addressOf(saved))
    else if (settings.get(refusedKey) === addressOf(saved)) settings.set(refusedKey, null)
  }

  const passwordOf = async (saved: SavedConnection): Promise<string | undefined> =>
    typed !== undefined && sameAddress(typed.saved, saved) ? typed.password : await book.password(saved)

  const keepTyped = async (saved: SavedConnection): Promise<void> => {
    if (typed === undefined || !sameAddress(typed.saved, saved)) return
    await book.setPassword(saved, typed.password)
    typed = undefined
  }

  function leave(): void {
    current?.server.close()
    current = undefined
  }

  function choose(saved: SavedConnection, target: Target): Server {
    leave()
    settings.set(lastKey, saved.id)
    const server = openServer({
      identity: identityOf(saved),
      createClient: (hooks) => deps.createClient(target, { password: () => passwordOf(saved), ...hooks }),
      workOffline: () => offline,
      systemOffline: () => !deps.systemOnline() && !isLocal(saved),
      clock,
      random,
      changed,
      taken: (ok) => {
        noteTaken(saved, ok)
        if (!ok) return
        keeping = keepTyped(saved)
        keeping.catch(() => log.warn('connection.password-not-kept', {}))
      },
    })
    current = { connection: saved, server }
    changed()
    return server
  }

  /** What signing in needs from the disk and the keychain, or why it cannot be had. */
  async function prepare(saved: SavedConnection): Promise<{ target: Target; password: string } | Refusal> {
    try {
      const closed = deps.rules?.closed(saved)
      if (closed !== undefined) return closed
      if (saved.username === '') return noUsername
      refuseUnencrypted(saved)
      const target = targetOf(saved, await book.authority(saved))
      const password = await passwordOf(saved)
      return password === undefined ? new Refusal('no-password', noPassword, typeIt) : { target, password }
    } catch (cause) {
      if (cause instanceof Refusal) return cause
      throw cause
    }
  }

  async function connect(id: string, given?: string): Promise<TestResult> {
    const saved = book.must(id)
    if (given !== undefined) deps.hideSecret(given)
    typed = given === undefined ? undefined : { saved, password: given }
    const mine = ++connects
    // What is cached of it can be seen while the keychain is asked.
    if (current === undefined) choose(saved, targetOf(saved))
    const prepared = await prepare(saved)
    if (mine !== connects) return overtaken
    // Chosen whatever comes of it: what is cached of it can be worked with without the server.
    const server = choose(saved, prepared instanceof Refusal ? targetOf(saved) : prepared.target)
    if (offline) {
      server.lost(workingOffline.message)
      return refused(workingOffline)
    }
    if (prepared instanceof Refusal) {
      await server.signOut(prepared.message)
      return refused(prepared)
    }
    const result = await server.signIn(prepared.password)
    log.info('connection.sign-in', { ok: result.ok, ...(result.ok ? {} : { cause: result.error.cause }) })
    if (current?.server !== server) return overtaken
    if (!result.ok) return resultOf(result.error)
    const kept = await keeping.then(
      () => true,
      () => false,
    )
    return { ok: true, cause: 'ok', message: signedIn(saved), ...(kept ? {} : { next: notKept }) }
  }

  return {
    list: book.list,
    byId: book.byId,
    connect,

    async resume(id) {
      const saved = book.must(id)
      if (settings.get(refusedKey) !== addressOf(saved)) return connect(id)
      connects++
      await choose(saved, targetOf(saved)).signOut(refusedBefore.message)
      return refused(refusedBefore)
    },

    async save(draft, options = { demo: false }) {
      if (!options.demo) deps.rules?.mayKeep(draft, draft.id === undefined ? undefined : book.byId(draft.id))
      const { saved, old } = await book.save(draft, options.demo)
      // Another password than the one that was refused.
      if (draft.password) noteTaken(saved, true)
      const moved = old !== undefined && !sameAddress(old, saved)
      if (current?.connection.id === saved.id) {
        if (moved) leave()
        else {
          current = { ...current, connection: saved }
          current.server.client.setCallsPerSecond(saved.callsPerSecond)
        }
        changed()
      }
      if (moved) deps.onMoved(saved.id)
      return book.describe(saved)
    },

    setReadOnly(id, on) {
      const saved = book.setReadOnly(id, on)
      if (current?.connection.id === id) {
        current = { ...current, connection: saved }
        changed()
      }
      return book.describe(saved)
    },

    async test(draft) {
      try {
        const checked = checkDraft(draft)
        const old = draft.id === undefined ? undefined : book.byId(draft.id)
        deps.rules?.mayKeep(draft, old)
        const closed = old && deps.rules?.closed(old)
        if (closed !== undefined) throw closed
        // The kept password belongs to the kept address and account, and is tried on no other.
        const kept = old && sameAddress(old, checked) ? await book.password(old) : undefined
        const password = draft.password || kept
        if (password === undefined) throw new Refusal('no-password', 'Password is empty.', typeIt)
        deps.hideSecret(password)
        refuseUnencrypted(checked)
        return await deps.probe(targetOf(checked, await book.authorityOf(checked, old)), password)
      } catch (cause) {
        if (cause instanceof Refusal) return refused(cause)
        throw cause
      }
    },

    async changePassword(id, newPassword, oldPassword) {
      if (current?.connection.id !== id) throw new Refusal('not-active', 'Connect to this server first.')
      refuseReadOnly(deps.mayNotChange, id)
      const { server, connection } = current
      const old = oldPassword ?? (await passwordOf(connection))
      if (old === undefined) return refused(new Refusal('no-password', 'The old password is empty.', typeIt))
      deps.hideSecret(old)
      deps.hideSecret(newPassword)
      const result = await server.changePassword(old, newPassword)
      if (!result.ok) return resultOf(result.error)
      typed = undefined
      await book.setPassword(connection, newPassword)
      return { ok: true, cause: 'ok', message: `Password changed. ${signedIn(connection)}` }
    },

    keptPassword: (id) => book.password(book.must(id)),

    async tryPassword(id, password) {
      const saved = book.must(id)
      const closed = deps.rules?.closed(saved)
      if (closed !== undefined) return refused(closed)
      deps.hideSecret(password)
      return await deps.probe(targetOf(saved, await book.authority(saved)), password)
    },

    async signOut(id) {
      if (current?.connection.id !== id) return
      typed = undefined
      settings.set(lastKey, null)
      await current.server.signOut('Signed out.')
    },

    async remove(id) {
      book.must(id)
      deps.rules?.mayRemove()
      typed = undefined
      if (current?.connection.id === id) {
        const { server } = current
        await server.signOut('Removed.')
        leave()
      }
      if (settings.get(lastKey) === id) settings.set(lastKey, null)
      await book.remove(id)
      changed()
    },

    lastId() {
      const id = settings.get(lastKey)
      return typeof id === 'string' && book.byId(id) ? id : undefined
    },

    active: () => current,
    server: () => current?.server,

    workOffline: () => offline,

    setWorkOffline(on) {
      if (on === offline) return
      offline = on
      settings.set(offlineKey, on)
      if (!on) current?.server.wake()
      changed()
    },

    systemChanged(online) {
      if (online) current?.server.wake()
      else if (current && !isLocal(current.connection)) current.server.lost(noNetwork)
    },

    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    stop() {
      connects++
      leave()
      listeners.clear()
    },
  }
}

const workingOffline = new Refusal('work-offline', 'Gungnir is working offline.', {
  next: 'Switch off Work offline to sign in.',
})
const refusedBefore = new Refusal('refused-before', 'The server has refused the password that is kept.', {
  next: 'Connect to try it once more, or enter another on the Connections page.',
})
/** A password crosses a network in the clear only after a person has agreed to it for this connection. */
const refuseUnencrypted = ({ baseUrl, unencrypted }: { baseUrl: string; unencrypted?: true }): void => {
  if (unencrypted || !isReadable(baseUrl)) return
  throw new Refusal(
    'unencrypted',
    'This address is not encrypted: others on the way could read the password.',
    {
      next: 'Use https://, or agree to it on the Connections page.',
    },
  )
}
/** Such a server is reached without any network. */
const isLocal = ({ baseUrl }: SavedConnection): boolean => isLoopback(new URL(baseUrl).hostname)
const notKept = 'The system keychain did not keep the password: it is asked for again after a restart.'
const noUsername = new Refusal('no-username', 'Username is empty.', {
  next: 'Type the user id you sign in with.',
})
const typeIt = { next: 'Type the password.' }
const signedIn = ({ name, username }: SavedConnection): string => `Signed in to ${name} as ${username}.`
const refused = ({ kind, message, next }: Refusal): TestResult => ({
  ok: false,
  cause: kind,
  message,
  ...(next === undefined ? {} : { next }),
})
const overtaken: TestResult = {
  ok: false,
  cause: 'overtaken',
  message: 'Another connection was chosen meanwhile.',
}
