import type { HistoryReport } from '../../../shared/history/shapes'
import type { Clock } from '../../platform/ports'
import {
  type ChainFault,
  type ChainReport,
  chainEnd,
  type KeptEnd,
  verifyChain,
} from '../../store/repositories/history-chain'
import type { Store } from '../../store/store'

/** Between two portions others have their turn: a person who waits gets a quick answer, a check at start no hurry. */
export const urgently = 0
export const atLeisure = 50

/** Remembers where the chain ends now. To be called only where it was found sound. */
export const keepEnd = (store: Store, kept: KeptEnd): Promise<void> => kept.keep(chainEnd(store))

/**
 * Checks the whole history portion by portion, so that nothing else has to wait for it.
 * @param pauseMs between two portions
 * @param onProgress runs after each portion
 * @param stopped true ends the check, with undefined
 */
export async function verifyHistory(deps: {
  readonly store: Store
  readonly kept?: KeptEnd
  readonly clock: Pick<Clock, 'after'>
  readonly pauseMs: number
  readonly onProgress?: (done: number, of: number) => void
  readonly stopped?: () => boolean
}): Promise<HistoryReport | undefined> {
  const { store, kept, clock, pauseMs, onProgress, stopped } = deps
  // A keychain that is silent now knows it at the next check.
  const end = await kept?.get().catch(() => undefined)
  const steps = verifyChain(store, undefined, end)
  for (;;) {
    if (stopped?.()) return undefined
    const step = steps.next()
    if (step.done) {
      // The old end stays for as long as something is wrong, so that this is said again at the next start.
      if (step.value.faults.length === 0) await kept?.keep(step.value.end).catch(() => undefined)
      return reportOf(step.value)
    }
    onProgress?.(step.value.done, step.value.of)
    await pause(clock, pauseMs)
  }
}

export function pause(clock: Pick<Clock, 'after'>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}

function reportOf({ links, entries, faults, moreFaults }: ChainReport): HistoryReport {
  const worded = faults.map((fault) => ({ ...fault, words: wordsOf(fault) }))
  const all = faults.length + moreFaults
  return {
    links,
    entries,
    faults: worded,
    moreFaults,
    message:
      worded[0] === undefined
        ? `The history is sound: ${entries} ${entries === 1 ? 'entry is' : 'entries are'} as written.`
        : `The history is not as it was written. ${worded[0].words}${all > 1 ? ` ${all - 1} more ${all === 2 ? 'fault was' : 'faults were'} found.` : ''}`,
  }
}

function wordsOf({ what, seq }: ChainFault): string {
  const entry = seq === undefined ? 'An entry' : `Entry ${seq}`
  switch (what) {
    case 'changed':
      return `${entry} was changed after it was written.`
    case 'missing':
      return `${entry} is missing.`
    case 'added':
      return `${entry} was not written by Gungnir.`
    case 'chain-broken':
      return `The chain is broken at ${entry === 'An entry' ? 'an entry' : `entry ${seq}`}: something before it was removed, added or moved.`
    case 'cut-off':
      return 'The newest entries, or the records of them, were removed.'
  }
}
