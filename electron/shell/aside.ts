import { dirname, join } from 'node:path'
import { openOrRescue } from '../store/open-or-rescue'
import { type PutAside, putAsideBeside, withCopyOf } from '../store/put-aside'
import { keyOf } from '../store/rescue'
import type { Store } from '../store/store'

/** The databases that were put aside, to be looked into. Nothing is ever changed in one, nor is one removed. */
export interface AsideDatabases {
  list(): PutAside[]
  /**
   * Lets `work` read a copy of one; `lost` counts what was damaged in it and could not be read. Undefined when none of the keys
   * in the keychain opens it, nor the one given.
   */
  look<T>(
    name: string,
    work: (store: Store, lost: number) => Promise<T>,
    key?: Uint8Array,
  ): Promise<{ readonly found: T } | undefined>
}

/** @param keys what the keychain has now: another one may have been unlocked since the start */
export function asideDatabases(deps: {
  readonly file: string
  readonly keys: () => Promise<readonly Uint8Array[]>
  /** Keeps a key that a person gave and that fits. */
  readonly keep: (key: Uint8Array) => Promise<void>
  readonly wall: () => number
}): AsideDatabases {
  const { file, keys, keep, wall } = deps
  const list = (): PutAside[] => putAsideBeside(file)
  return {
    list,
    async look(name, work, given) {
      // Only what the list has: a name from elsewhere is no path.
      if (!list().some((one) => one.name === name)) return undefined
      const path = join(dirname(file), name)
      const key = keyOf(path, given === undefined ? await keys() : [given])
      if (key === undefined) return undefined
      if (given !== undefined) await keep(given)
      return withCopyOf(path, async (copy) => {
        const { store, rescue } = openOrRescue({ file: copy, key, wall: wall() })
        try {
          const lost = Object.values(rescue?.lost ?? {}).reduce((sum, count) => sum + count, 0)
          return { found: await work(store, lost) }
        } finally {
          store.close()
        }
      })
    },
  }
}
