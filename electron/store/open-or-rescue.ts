import { storeError } from './errors'
import { laterPagesFit } from './key-fits'
import { beginReplacement, takeReplacement } from './replacement'
import { type Rescue, rescueInto } from './rescue'
import { openStore, type Store } from './store'

/**
 * Opens the store. From a damaged one, unsent changes, connections, settings and history are copied as far as they can be read
 * into a fresh one beside it; only when that is whole is the damaged one set aside and the fresh one put in its place. Ended at
 * any moment, it leaves the damaged one where it was or the whole one to be put in place at the next start. Every other failure
 * (`wrong-key`, `newer`, …) is thrown: a person must decide.
 * @param wall wall-clock milliseconds, for the name of the file set aside
 */
export const openOrRescue = (options: {
  readonly file: string
  readonly key: Uint8Array
  readonly wall: number
}): { readonly store: Store; readonly rescue?: Rescue } => {
  const { file, key, wall } = options
  try {
    return { store: openStore({ file, key }) }
  } catch (cause) {
    const error = storeError(cause)
    if (error.kind !== 'corrupt' && !(error.kind === 'wrong-key' && laterPagesFit(file, key))) throw error
  }
  const fresh = beginReplacement(file, key, 'damaged')
  let brought: Omit<Rescue, 'setAside'>
  try {
    brought = rescueInto(fresh.store, file, key)
    fresh.putInPlace()
  } catch (cause) {
    fresh.discard()
    throw cause
  }
  const setAside = takeReplacement(file, wall, 'damaged') ?? file
  return { store: openStore({ file, key }), rescue: { setAside, ...brought } }
}
