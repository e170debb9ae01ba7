import { closeSync, existsSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs'
import { StoreError } from './errors'
import { removeAll, rename, setAside, suffixes } from './rescue'
import { openStore, type Store } from './store'

/** A database that is being filled beside the one in use, to take its place whole or not at all. */
export interface Replacement {
  readonly store: Store
  /** It is whole: from the next start on it is the database, and the one before lies aside. Throws, and then nothing has changed. */
  putInPlace(): void
  /** Leaves nothing behind. */
  discard(): void
}

const filling = (file: string): string => `${file}.restoring`
type Why = 'replaced' | 'kept' | 'damaged'

/** Only a whole one ever has this name. What was rescued is told apart from a back-up: the next start says which it was. */
const whole = (file: string, why: Why): string => `${file}.${why === 'damaged' ? 'rescued' : 'restored'}`

/** Begins an empty database beside `file`, in place of one that was begun before and never became whole. */
export function beginReplacement(file: string, key: Uint8Array, why: Why = 'replaced'): Replacement {
  const beside = filling(file)
  removeAll(beside)
  const store = openStore({ file: beside, key })
  return {
    store,
    putInPlace() {
      store.close()
      // Closed, all is in the one file. Two that are renamed one after the other could be parted by a crash.
      if ((statSync(`${beside}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
        throw new StoreError('io', 'The new database could not be written to its end.')
      }
      for (const suffix of suffixes.slice(1)) rmSync(beside + suffix, { force: true })
      const handle = openSync(beside, 'r+')
      try {
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      removeAll(whole(file, why))
      rename(beside, whole(file, why))
    },
    discard() {
      store.close()
      removeAll(beside)
    },
  }
}

/**
 * Puts a whole replacement in place, while nobody has the database open. What was there before is put aside, and its new path
 * returned. Ended in the middle and called again, it goes on.
 * @param wall wall-clock milliseconds, for the name of what is put aside
 */
export function takeReplacement(file: string, wall: number, why: Why = 'replaced'): string | undefined {
  removeAll(filling(file))
  if (!existsSync(whole(file, why))) return undefined
  const aside = suffixes.some((suffix) => existsSync(file + suffix)) ? setAside(file, wall, why) : undefined
  rename(whole(file, why), file)
  return aside
}
