import type { Clock, Keychain, Log, Random } from './ports'

const service = 'Gungnir'

/** What is used of keytar. Secrets pass through; nothing here writes them anywhere else. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>
  setPassword(service: string, account: string, password: string): Promise<void>
  deletePassword(service: string, account: string): Promise<boolean>
  findCredentials(service: string): Promise<readonly { account: string; password: string }[]>
}

/** Loaded late, because its native part is absent or lacks its libraries on some machines. */
export async function loadKeytar(): Promise<Keytar> {
  const module = (await import('keytar')) as unknown as Keytar & { default?: Keytar }
  return module.default ?? module
}

/**
 * The same, with a count of the calls that were not answered yet. Such a call keeps a thread, which the end of a process
 * waits for: while the system asks for the password of a locked keychain, that is for ever.
 */
export function counting(keytar: Keytar): Keytar & { readonly waiting: () => number } {
  let waiting = 0
  const counted = async <T>(call: Promise<T>): Promise<T> => {
    waiting++
    try {
      return await call
    } finally {
      waiting--
    }
  }
  return {
    waiting: () => waiting,
    getPassword: (...of) => counted(keytar.getPassword(...of)),
    setPassword: (...of) => counted(keytar.setPassword(...of)),
    deletePassword: (...of) => counted(keytar.deletePassword(...of)),
    findCredentials: (...of) => counted(keytar.findCredentials(...of)),
  }
}

/**
 * The OS keychain, if a probe value can really be written, read back and deleted within `timeoutMs`; otherwise a
 * keychain of this session's memory that says why. A person may be asked to unlock the keychain meanwhile.
 */
export async function openKeychain(deps: {
  load: () => Promise<Keytar>
  clock: Clock
  random: Random
  log: Log
  timeoutMs?: number
}): Promise<Keychain> {
  const { load, clock, random, log, timeoutMs = 15_000 } = deps
  const name = `probe:${random.id()}`
  const value = Buffer.from(random.bytes(16)).toString('hex')

  async function probe(): Promise<Keytar> {
    const keytar = await load()
    await keytar.setPassword(service, name, value)
    const read = await keytar.getPassword(service, name)
    await keytar.deletePassword(service, name)
    if (read !== value) throw new Error('the value read back is not the one written')
    return keytar
  }

  const late = new Error('no answer in time')
  try {
    return systemKeychain(await withLimit(probe(), clock, timeoutMs, late))
  } catch (cause) {
    log.warn('keychain.unusable', { cause })
    return memoryKeychain(
      cause === late
        ? `The system keychain did not answer within ${Math.round(timeoutMs / 1000)} seconds; it may be locked. Unlock it and start Gungnir again. Until then passwords are kept in memory only.`
        : 'This system has no usable keychain, so passwords are kept in memory only and asked for again after a restart.',
    )
  }
}

function systemKeychain(keytar: Keytar): Keychain {
  return {
    get: async (name) => (await keytar.getPassword(service, name)) ?? undefined,
    find: async (beginning) =>
      (await keytar.findCredentials(service))
        .filter(({ account }) => account.startsWith(beginning))
        .map(({ password }) => password),
    set: (name, secret) => keytar.setPassword(service, name, secret),
    remove: async (name) => {
      await keytar.deletePassword(service, name)
    },
  }
}

/** Secrets of this session only. `why` is shown to the person. */
export function memoryKeychain(why: string): Keychain {
  const secrets = new Map<string, string>()
  return {
    volatileBecause: why,
    get: async (name) => secrets.get(name),
    find: async (beginning) =>
      [...secrets].filter(([name]) => name.startsWith(beginning)).map(([, secret]) => secret),
    set: async (name, secret) => {
      secrets.set(name, secret)
    },
    remove: async (name) => {
      secrets.delete(name)
    },
  }
}

/** What `work` comes to, or `late` when that takes longer than `ms`. */
export function withLimit<T>(work: Promise<T>, clock: Clock, ms: number, late: Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(late))
    work.then(resolve, reject).finally(cancel)
  })
}
