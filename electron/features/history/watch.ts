import type { Emit } from '../../ipc/door'
import type { Clock, Log } from '../../platform/ports'
import type { HistoryRepository } from '../../store/repositories/history'
import type { Store } from '../../store/store'
import { atLeisure, pause, verifyHistory } from './verify'

/** Entries made findable in one go. */
const portion = 50

/**
 * At start, without hurry: makes findable what is not, and checks the whole history. A fault is told once, as an
 * alert. Returns how to stop.
 */
export function watchHistory(deps: {
  readonly store: Store
  readonly history: Pick<HistoryRepository, 'indexSome'>
  readonly clock: Pick<Clock, 'after'>
  readonly log: Log
  readonly emit: Emit
}): () => void {
  const { store, history, clock, log, emit } = deps
  let stopped = false

  async function run(): Promise<void> {
    while (!stopped && history.indexSome(portion) > 0) await pause(clock, atLeisure)
    const report = await verifyHistory({ store, clock, pauseMs: atLeisure, stopped: () => stopped })
    if (report === undefined) return
    log.info('history.verified', {
      links: report.links,
      entries: report.entries,
      faults: report.faults.length,
    })
    if (report.faults.length > 0) emit('message', { tone: 'error', text: report.message })
  }

  run().catch((cause) => {
    if (!stopped) log.error('history.not-verified', { cause })
  })
  return () => {
    stopped = true
  }
}
