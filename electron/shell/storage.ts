import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Clock, Keychain, Log, Random, SealedFiles } from '../platform/ports'
import { sealedFiles } from '../platform/sealed-files'
import { type StoreErrorKind, storeError } from '../store/errors'
import { openOrRescue, type Rescue, setAside } from '../store/rescue'
import { openMemoryStore, type Store } from '../store/store'

const keyName = 'database-key'
const keyBytes = 32

export interface Storage {
  readonly store: Store
  /** For what can be made again from the store. Absent when nothing outlives the process. */
  readonly files?: SealedFiles
  /** What a person must know about how their data is kept, in words. Absent when all is well. */
  readonly warning?: string
}

/**
 * Opens the encrypted database with the key from the keychain, making both at the first start. Whatever is wrong,
 * the app starts and says so, and no database file is ever deleted or written over: one that cannot be opened for
 * good is renamed, one that may open later is left alone and this session works in memory.
 */
export async function openStorage(deps: {
  file: string
  keychain: Keychain
  random: Random
  clock: Clock
  log: Log
  hideSecret: (secret: string) => void
}): Promise<Storage> {
  const { file, keychain, random, clock, log, hideSecret } = deps

  const inMemory = (why: string): Storage => ({
    store: openMemoryStore(),
    warning: `${why} ${exists(file) ? untouched : ''}${onlyInMemory}`,
  })

  if (keychain.volatileBecause !== undefined) {
    return inMemory('There is no usable keychain to keep the database key in.')
  }

  let key: Uint8Array | undefined
  try {
    key = fromHex(await keychain.get(keyName))
  } catch (cause) {
    log.error('storage.key-unreadable', { cause })
    return inMemory('The keychain did not give out the database key.')
  }

  let warning: string | undefined
  if (key === undefined) {
    const fresh = random.bytes(keyBytes)
    try {
      await keychain.set(keyName, toHex(fresh))
      if ((await keychain.get(keyName)) !== toHex(fresh))
        throw new Error('the key read back is not the one written')
    } catch (cause) {
      log.error('storage.key-not-kept', { cause })
      return inMemory('The keychain did not keep the database key.')
    }
    key = fresh
    if (exists(file)) {
      const aside = setAside(file, clock.wall())
      log.error('storage.key-missing', { aside: basename(aside) })
      warning = `The key of the database is no longer in the keychain, so it cannot be read. ${kept(aside)} Gungnir started with an empty one.`
    }
  }
  hideSecret(toHex(key))

  const files = sealedFiles({ directory: join(dirname(file), 'index'), key, random, log })

  try {
    return { files, ...withWarning(await openOrRescue({ file, key, wall: clock.wall() }), warning) }
  } catch (cause) {
    const error = storeError(cause)
    log.error('storage.not-opened', { kind: error.kind, code: error.code, cause })
    if (error.kind !== 'wrong-key') return inMemory(laterWords[error.kind] ?? error.message)
    try {
      const aside = setAside(file, clock.wall())
      const opened = withWarning(
        await openOrRescue({ file, key, wall: clock.wall() }),
        `The database was written with another key than the one in the keychain. ${kept(aside)} Gungnir started with an empty one.`,
      )
      return { files, ...opened }
    } catch (again) {
      log.error('storage.not-set-aside', { cause: again })
      return inMemory('The database was written with another key than the one in the keychain.')
    }
  }
}

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

const kept = (aside: string): string => `It is kept as ${basename(aside)} with all that was in it.`

function withWarning(opened: { store: Store; rescue?: Rescue }, warning: string | undefined): Storage {
  const { store, rescue } = opened
  const words = [warning, rescue && rescueWords(rescue)].filter((text) => text !== undefined).join(' ')
  return words === '' ? { store } : { store, warning: words }
}

function rescueWords({ setAside: aside, rescued, lost }: Rescue): string {
  const missing = Object.values(lost).some((count) => count > 0)
  const changes = rescued.outbox ?? 0
  return `The database was damaged. ${kept(aside)} ${changes} ${changes === 1 ? 'change' : 'changes'} from the outbox and ${
    rescued.history ?? 0
  } history entries were brought over${missing ? '; some could not be read' : ''}. Load the users again.`
}

const exists = (file: string): boolean => existsSync(file) && statSync(file).size > 0

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function fromHex(text: string | undefined): Uint8Array | undefined {
  return text !== undefined && /^[0-9a-f]{64}$/.test(text)
    ? new Uint8Array(Buffer.from(text, 'hex'))
    : undefined
}
