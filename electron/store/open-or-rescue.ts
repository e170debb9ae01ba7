import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { StoreError, storeError } from './errors'
import { laterPagesFit } from './key-fits'
import { beginReplacement, takeReplacement } from './replacement'
import { rescuedNow, settingsRepository } from './repositories/settings'
import { lastDamaged, type Rescue, rescueInto } from './rescue'
import { openStore, type Store } from './store'

/** So often a rescue may have ended the process before one start does without it. */
const mostTries = 2
const triesOf = (file: string): string => `${file}.rescue-tries`

/**
 * Opens the store. From a damaged one, unsent changes, connections, settings and history are copied as far as they can be read
 * into a fresh one beside it; only when that is whole is the damaged one set aside and the fresh one put in its place. Ended at
 * any moment, it leaves the damaged one where it was or the whole one to be put in place at the next start. A rescue is told
 * until {@link rescuedNow} is taken out of the settings, also by later starts. Every other failure (`wrong-key`, `newer`, …) is
 * thrown: a person must decide. So is `corrupt` when reading the damaged one has ended the process every time.
 * @param wall wall-clock milliseconds, for the name of the file set aside
 */
export const openOrRescue = (options: {
  readonly file: string
  readonly key: Uint8Array
  readonly wall: number
}): { readonly store: Store; readonly rescue?: Rescue } => {
  const { file, key, wall } = options
  try {
    const store = openStore({ file, key })
    rmSync(triesOf(file), { force: true })
    return withRescue(file, store)
  } catch (cause) {
    const error = storeError(cause)
    if (error.kind !== 'corrupt' && !(error.kind === 'wrong-key' && laterPagesFit(file, key))) throw error
  }
  countTry(file)
  const fresh = beginReplacement(file, key, 'damaged')
  try {
    const brought = rescueInto(fresh.store, file, key)
    settingsRepository(fresh.store).set(rescuedNow, { ...brought })
    fresh.putInPlace()
  } catch (cause) {
    fresh.discard()
    throw cause
  } finally {
    rmSync(triesOf(file), { force: true })
  }
  takeReplacement(file, wall, 'damaged')
  return withRescue(file, openStore({ file, key }))
}

/** What the driver panics on ends the process, at every start: one of them goes without, so that a person can be told. */
function countTry(file: string): void {
  const tries = Number(readIfThere(triesOf(file)))
  if (tries >= mostTries) {
    rmSync(triesOf(file), { force: true })
    throw new StoreError(
      'corrupt',
      'The database is damaged, and reading what is left of it has ended Gungnir. That is tried again at the next start.',
    )
  }
  writeFileSync(triesOf(file), String(tries + 1))
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '0'
  }
}

function withRescue(file: string, store: Store): { readonly store: Store; readonly rescue?: Rescue } {
  const told = settingsRepository(store).get(rescuedNow) as Omit<Rescue, 'setAside'> | null | undefined
  return told ? { store, rescue: { ...told, setAside: lastDamaged(file) ?? file } } : { store }
}
