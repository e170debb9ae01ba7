import type { Emit } from '../../ipc/door'
import type { Clock, Log } from '../../platform/ports'
import type { HistoryRepository } from '../../store/repositories/history'
import type { KeptEnd } from '../../store/repositories/history-chain'
import type { Store } from '../../store/store'
import { atLeisure, keepEnd, pause, verifyHistory } from './verify'

/** Entries made findable in one go. */
const portion = 50

/**
 * At start, without hurry: makes findable what is not, and checks the whole history. A fault is told once in each run, as
 * an alert. `stop` ends that; `keepEnd` then remembers where the history ends, if it was found sound. Never throws.
 */
export function watchHistory(deps: {
  readonly store: Store
  readonly history: Pick<HistoryRepository, 'indexSome'>
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
  readonly emit: Emit
  readonly kept?: KeptEnd
}): { stop(): void; keepEnd(): Promise<void> } {
  const { store, history, clock, log, emit, kept } = deps
  let stopped = false
  let isSound = false

  async function run(): Promise<void> {
    while (!stopped && history.indexSome(portion) > 0) await pause(clock, atLeisure)
    const report = await verifyHistory({
      store,
      ...(kept === undefined ? {} : { kept }),
      clock,
      pauseMs: atLeisure,
      stopped: () => stopped,
    })
    if (report === undefined) return
    log.info('history.verified', {
      links: report.links,
      entries: report.entries,
      faults: report.faults.length,
    })
    isSound = report.faults.length === 0
    if (!isSound) emit('message', { tone: 'error', text: report.message })
  }

  run().catch((cause) => {
    if (!stopped) log.error('history.not-verified', { cause })
  })
  return {
    stop() {
      stopped = true
    },
    async keepEnd() {
      if (!isSound || kept === undefined) return
      await keepEnd(store, kept).catch((cause) => log.warn('history.end-not-kept', { cause }))
    },
  }
}
