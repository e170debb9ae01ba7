import { existsSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { withLimit } from '../platform/keychain'
import type { Clock, Keychain, Log, Random, SealedFiles } from '../platform/ports'
import { sealedFiles } from '../platform/sealed-files'
import type { Db } from '../store/connection'
import { type StoreErrorKind, storeError } from '../store/errors'
import { keyId, keyIdFile } from '../store/key-id'
import { openOrRescue } from '../store/open-or-rescue'
import { sweepCopies } from '../store/put-aside'
import { beginReplacement, type Replacement, takeReplacement } from '../store/replacement'
import type { KeptEnd } from '../store/repositories/history-chain'
import { settingsRepository } from '../store/repositories/settings'
import { keyOf, type Rescue, setAside, suffixes } from '../store/rescue'
import { openMemoryStore, openStore, type Store, snapshotOf } from '../store/store'
import { type AsideDatabases, asideDatabases } from './aside'
import { type BroughtOver, bringOver } from './bring-over'

/** The one key of versions before. It is read as long as it is there, and never written again. */
const oldKeyName = 'database-key'
/** A key is kept under the id that also stands beside the database it opens, so that none takes another's place. */
const keyName = (key: Uint8Array): string => `${oldKeyName}:${keyId(key).slice(0, 32)}`
const keyBytes = 32
/** A keychain that gives nothing the first time may be waking up. */
const mostReads = 3
const keychainTakesMs = 20_000
/** What is only remembered keeps nobody from quitting. */
const quittingTakesMs = 2_000
/** A start waits so long for another program that holds the database, such as one that makes back-ups. */
const othersTakeMs = 120_000
const askAgainMs = 250

export interface Storage {
  readonly store: Store
  /** For what can be made again from the store. Absent when nothing outlives the process. */
  readonly files?: SealedFiles
  /** What a person must know about how their data is kept, in words. Absent when all is well. */
  readonly warning?: string
  /** A second look at the database, which sees it as it is now whatever is written meanwhile. To be closed. */
  readonly snapshot?: () => Db
  /**
   * An empty database that can take the place of this one as a whole; the app must start anew after that. Absent where nothing
   * would outlive the process.
   */
  readonly replacement?: () => Promise<Replacement>
  /** What was put aside beside the database. Absent where what is brought over from it would not outlive the process. */
  readonly aside?: AsideDatabases
  /** Where the history ended when it was last found sound. Absent when nothing outlives the process. */
  readonly kept?: KeptEnd
  /** There is a database that could not be opened, and the session works in memory until a person has decided. */
  readonly unopened?: Unopened
}

export interface Unopened {
  /**
   * Puts the database aside under a name that begins with its own and opens an empty one with a new key; its key, wherever it
   * is, stays. Only after a person's yes. Absent where no key could be kept, or where the database will open again by itself.
   */
  readonly beginAnew?: () => Promise<Store>
}

/**
 * Opens the encrypted database with its key from the keychain, making both at the first start. Whatever is wrong, the app
 * starts and says so; it waits for another program that holds the database, for a while. No key ever takes another's place, and no database is deleted, written over or, unless it is damaged,
 * put aside: one that cannot be opened is left alone and this session works in memory, until a person has decided.
 */
export async function openStorage(deps: {
  file: string
  keychain: Keychain
  random: Random
  clock: Clock
  log: Log
  hideSecret: (secret: string) => void
  /** Says that a start waits for another program, until the function that it returns is called. */
  onWaiting?: (why: string) => () => void
}): Promise<Storage> {
  const { file, keychain, random, clock, log, hideSecret, onWaiting = () => () => {} } = deps

  const inMemory = (why: string, mayBeginAnew = false): Storage => ({
    store: openMemoryStore(),
    warning: `${why} ${exists(file) ? untouched : ''}${onlyInMemory}`,
    ...(wasMade(file) && { unopened: mayBeginAnew ? { beginAnew } : {} }),
    ...(wasMade(file) && mayBeginAnew && { replacement: replaceUnopened }),
  })

  const quickly = <T>(work: Promise<T>): Promise<T> =>
    withLimit(work, clock, quittingTakesMs, new Error('the keychain did not answer'))
  const inTime = <T>(work: Promise<T>): Promise<T> =>
    withLimit(work, clock, keychainTakesMs, new Error('the keychain did not answer'))

  /** A new key, kept and read back; throws when the keychain does not keep it. */
  async function freshKey(): Promise<Uint8Array> {
    const key = random.bytes(keyBytes)
    hideSecret(toHex(key))
    await inTime(keep(key))
    return key
  }

  async function keep(key: Uint8Array): Promise<void> {
    const [name, text] = [keyName(key), toHex(key)]
    if ((await keychain.get(name)) === text) return
    await keychain.set(name, text)
    if ((await keychain.get(name)) !== text) throw new Error('the key read back is not the one written')
  }

  async function beginAnew(): Promise<Store> {
    const key = await freshKey()
    // One that has been emptied holds nothing that could be opened later.
    const aside = exists(file) ? basename(setAside(file, clock.wall(), 'kept')) : ''
    for (const suffix of suffixes) rmSync(file + suffix, { force: true })
    log.warn('storage.begun-anew', { aside })
    return openStore({ file, key })
  }

  /** With a key of its own. What could not be opened waits for its key. */
  async function replaceUnopened(): Promise<Replacement> {
    const made = beginReplacement(file, await freshKey())
    return {
      ...made,
      putInPlace() {
        made.putInPlace()
        takeReplacement(file, clock.wall(), 'kept')
      },
    }
  }

  const keptEnd = (key: Uint8Array): KeptEnd & { forget(): void } => {
    const name = `history-end:${keyId(key).slice(0, 32)}`
    let forgetting: Promise<void> = Promise.resolve()
    return {
      async get() {
        await forgetting
        const [links, hash] = ((await inTime(keychain.get(name))) ?? '').split(' ')
        return hash === undefined || !/^\d+$/.test(links ?? '') ? undefined : { links: Number(links), hash }
      },
      keep: ({ links, hash }) => quickly(keychain.set(name, `${links} ${hash}`)),
      forget() {
        forgetting = inTime(keychain.remove(name)).catch((cause) =>
          log.warn('storage.end-not-forgotten', { cause }),
        )
      },
    }
  }

  /** Whatever the keychain has that may be the key of a database of ours. */
  async function keptKeys(): Promise<Uint8Array[]> {
    const texts = new Set([await keychain.get(oldKeyName), ...(await keychain.find(oldKeyName))])
    return [...texts].map(fromHex).filter((key) => key !== undefined)
  }

  const asideHere = (key: Uint8Array): AsideDatabases =>
    asideDatabases({
      file,
      keys: async () => {
        const all = [key, ...(await inTime(keptKeys()))]
        for (const one of all) hideSecret(toHex(one))
        return all
      },
      keep: async (one) => {
        hideSecret(toHex(one))
        await inTime(keep(one))
      },
      wall: clock.wall,
    })

  async function existingKey(): Promise<
    { key: Uint8Array; keys: readonly Uint8Array[] } | { missing: 'none' | 'other' }
  > {
    // Each key takes the cipher a while, and one that did not fit will not fit when it is read again.
    const tried = new Set<string>()
    for (let reads = 0; reads < mostReads; reads++) {
      const keys = await inTime(keptKeys())
      const unknown = keys.filter((key) => !tried.has(toHex(key)))
      for (const key of unknown) {
        hideSecret(toHex(key))
        tried.add(toHex(key))
      }
      const key = keyOf(file, unknown)
      if (key === undefined) continue
      // Kept by its id from now on, so that what happens to the old name is no matter. It opens without that, too.
      void keep(key).catch((cause) => log.warn('storage.key-not-kept', { cause }))
      return { key, keys }
    }
    return { missing: tried.size > 0 ? 'other' : 'none' }
  }

  if (keychain.volatileBecause !== undefined) {
    return inMemory('There is no usable keychain to keep the database key in.')
  }

  try {
    sweepCopies(file)
  } catch (cause) {
    log.warn('storage.copies-not-swept', { cause })
  }
  let isAnother = false
  try {
    // Of a rescue that was ended when all was brought over.
    takeReplacement(file, clock.wall(), 'damaged')
    const aside = takeReplacement(file, clock.wall())
    isAnother = aside !== undefined
    if (aside !== undefined) log.info('storage.restored', { aside: basename(aside) })
  } catch (cause) {
    // The one that was restored keeps its name, and is put in place at the next start.
    log.error('storage.not-restored', { cause })
  }

  let key: Uint8Array
  let keys: readonly Uint8Array[] = []
  if (hasPages(file)) {
    try {
      const found = await existingKey()
      if ('missing' in found) {
        log.error('storage.key-missing', { keys: found.missing })
        return inMemory(missingWords[found.missing], true)
      }
      key = found.key
      keys = found.keys
    } catch (cause) {
      const { kind } = storeError(cause)
      log.error('storage.key-unreadable', { kind, cause })
      return inMemory(laterWords[kind] ?? 'The keychain did not give out the database key.')
    }
  } else if (wasMade(file)) {
    const how = existsSync(file) ? 'emptied' : 'gone'
    log.error('storage.database-lost', { how })
    return inMemory(lostWords[how], true)
  } else {
    try {
      // What a crash while a database was put aside left of it.
      if (existsSync(`${file}-wal`)) setAside(file, clock.wall(), 'kept')
      key = await freshKey()
    } catch (cause) {
      log.error('storage.key-not-kept', { cause })
      return inMemory('The keychain did not keep the database key.')
    }
  }

  const files = sealedFiles({ directory: join(dirname(file), 'index'), key, random, log })

  const kept = keptEnd(key)

  function openNow(): Storage {
    const { store, rescue } = openOrRescue({ file, key, wall: clock.wall() })
    // What was restored has a history of its own, and what was rescued has what is left: both are said.
    if (isAnother || rescue !== undefined) kept.forget()
    try {
      // Whatever is done at a start writes: another program may let everybody read and nobody write.
      store.transaction(() => {})
      const brought = bringOver({ store, file, keys, wall: clock.wall(), random, log })
      const warning = [
        ...(rescue ? [rescueWords(rescue)] : []),
        ...brought.map(broughtWords),
        ...settingsWords(store),
      ].join(' ')
      return {
        store,
        files,
        kept,
        snapshot: () => snapshotOf(file, key),
        replacement: async () => beginReplacement(file, key),
        aside: asideHere(key),
        ...(warning !== '' && { warning }),
      }
    } catch (cause) {
      store.close()
      throw cause
    }
  }

  const giveUpAt = clock.mono() + othersTakeMs
  let stopTelling: (() => void) | undefined
  try {
    for (;;) {
      try {
        return openNow()
      } catch (cause) {
        if (storeError(cause).kind !== 'busy' || clock.mono() >= giveUpAt) throw cause
        if (stopTelling === undefined) log.warn('storage.busy', { cause })
        stopTelling ??= onWaiting(busyWords)
        await new Promise<void>((resolve) => clock.after(askAgainMs, resolve))
      }
    }
  } catch (cause) {
    const error = storeError(cause)
    log.error('storage.not-opened', { kind: error.kind, code: error.code, cause })
    return inMemory(laterWords[error.kind] ?? error.message, error.kind === 'corrupt')
  } finally {
    stopTelling?.()
  }
}

const busyWords = 'Another program is using the database. Gungnir goes on by itself when it is free.'
const missingWords = {
  none: 'The key of the database is not in the keychain. It may be locked, or another keychain may be in use.',
  other: 'No key in the keychain opens the database. Another keychain may be in use.',
} as const
const lostWords = {
  emptied: 'The database file has been emptied by something other than Gungnir.',
  gone: 'The database file is no longer where it was.',
} as const
const untouched = 'The database file is left as it is. '
const onlyInMemory =
  'Until this is mended, users and changes are kept in memory and are gone when Gungnir quits.'

/** Failures that may be gone at the next start, or that a person has to mend. */
const laterWords: Partial<Record<StoreErrorKind, string>> = {
  newer: 'The database was written by a newer version of Gungnir. Install that version to use it.',
  'other-history': 'The database was written by a different build of Gungnir. Use that build to open it.',
  'disk-full': 'The disk is full, so the database cannot be opened. Free some space and start Gungnir again.',
  io: 'The disk or its permissions refused to open the database.',
  busy: 'Another program is using the database. Close it and start Gungnir again.',
}

const kept = (aside: string): string =>
  `It is kept as ${basename(aside)} with all that was in it (History → More → Databases put aside).`

const broughtWords = ({ from, changes, history, lost }: BroughtOver): string =>
  `The database that had been put aside can be opened again. ${counted(changes, 'unsent change')} of it ${
    changes === 1 ? 'waits' : 'wait'
  } for you in the outbox, and ${counted(history, 'history entry', 'history entries')} were added${
    lost === 0 ? '' : `; ${lost} could not be read`
  }. It is kept as ${from}.`

function settingsWords(store: Store): string[] {
  const keys = settingsRepository(store).setDamagedAside()
  return keys.length === 0
    ? []
    : [
        `${counted(keys.length, 'setting was', 'settings were')} damaged and set aside (${keys.slice(0, 5).join(', ')}).`,
      ]
}

const counted = (count: number, one: string, more = `${one}s`): string =>
  `${count} ${count === 1 ? one : more}`

function rescueWords({ setAside: aside, rescued, lost }: Rescue): string {
  const missing = Object.values(lost).some((count) => count > 0)
  const changes = rescued.outbox ?? 0
  return `The database was damaged. ${kept(aside)} ${changes} ${changes === 1 ? 'change' : 'changes'} from the outbox and ${
    rescued.history ?? 0
  } history entries were brought over${missing ? '; some could not be read' : ''}. Load the users again.`
}

/** Whether a database has been in use here, if only the small file beside it still says so. */
const wasMade = (file: string): boolean => exists(file) || existsSync(keyIdFile(file))

/** Something of a database is there, if only its write-ahead log. */
const exists = (file: string): boolean =>
  hasPages(file) || (existsSync(file) && (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)

/** Of a file without a page the log would be thrown away by whoever opens it, with the changes in it. */
const hasPages = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function fromHex(text: string | undefined): Uint8Array | undefined {
  return text !== undefined && /^[0-9a-f]{64}$/.test(text)
    ? new Uint8Array(Buffer.from(text, 'hex'))
    : undefined
}
