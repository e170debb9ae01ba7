import type { Cancel, Clock, Log } from '../../platform/ports'
import { chainHas, readHead } from '../../store/repositories/history-chain'
import type { Store } from '../../store/store'

/** One text that is kept outside of the database. */
export interface KeptOutside {
  read(): Promise<string | undefined>
  write(text: string): Promise<void>
}

/** Changes come in bursts, and the keychain is slow. */
const gatherMs = 10_000
const closingTakesMs = 2_000

/**
 * Remembers outside of the database how far the history went, so that a history whose end was cut off, or that was wiped as a
 * whole, is not taken for sound. What was remembered stays until it was compared once.
 */
export function rememberHead(deps: {
  readonly store: Store
  /** Absent where nothing outlives the process. */
  readonly outside: KeptOutside | undefined
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
}): {
  /** True when what was remembered is not in the history any more. */
  readonly isCutOff: Promise<boolean>
  /** The history goes on. */
  changed(): void
  /** Writes what is to be remembered. */
  close(): Promise<void>
} {
  const { store, outside, clock, log } = deps
  let compared = false
  let written: string | undefined
  let waiting: Cancel | undefined

  const now = (): string => {
    const { links, hash } = readHead(store)
    return `${links} ${hash}`
  }

  async function compare(): Promise<boolean> {
    if (outside === undefined) return false
    try {
      written = await outside.read()
      compared = true
      const [, links, hash] = /^(\d+) ([0-9a-f]*)$/.exec(written ?? '') ?? []
      return links !== undefined && hash !== undefined && !chainHas(store, Number(links), hash)
    } catch (cause) {
      // Not compared: it is not written over either.
      log.warn('history.head-unread', { cause })
      return false
    }
  }

  async function write(): Promise<void> {
    if (outside === undefined || !compared) return
    try {
      const text = now()
      if (text === written) return
      await outside.write(text)
      written = text
    } catch (cause) {
      log.warn('history.head-not-kept', { cause })
    }
  }

  const isCutOff = compare()
  return {
    isCutOff,
    changed() {
      waiting ??= clock.after(gatherMs, () => {
        waiting = undefined
        void write()
      })
    },
    async close() {
      waiting?.()
      // A keychain that does not answer keeps nobody from quitting: what was remembered before is enough.
      const late = new Promise<void>((resolve) => clock.after(closingTakesMs, resolve))
      await Promise.race([isCutOff.then(write), late])
    },
  }
}
