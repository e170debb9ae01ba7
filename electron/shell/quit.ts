import type { Event } from 'electron'
import type { Log } from '../platform/ports'

/**
 * Holds quitting, once the windows have closed, until `drain` has finished, so that nothing is cut off in the
 * middle of a durable write. After each `limitMs` a person is asked whether to go on waiting.
 */
export function guardQuit(deps: {
  app: {
    on(event: 'will-quit', listener: (event: Pick<Event, 'preventDefault'>) => void): unknown
  }
  /** Ends the process, whatever still waits in it. */
  exit: () => void
  drain: () => Promise<void>
  /** True: wait on. */
  askToWait: () => Promise<boolean>
  after: (ms: number, run: () => void) => () => void
  log: Log
  limitMs?: number
}): void {
  const { app, exit, drain, askToWait, after, log, limitMs = 5_000 } = deps
  let leaving = false

  app.on('will-quit', (event) => {
    event.preventDefault()
    if (leaving) return
    leaving = true
    void leave()
  })

  async function leave(): Promise<void> {
    const drained = drain().then(
      () => true,
      (cause) => {
        log.error('quit.drain-failed', { cause })
        return true
      },
    )
    for (;;) {
      const done = await Promise.race([drained, lapse()])
      if (done) break
      log.warn('quit.slow')
      const wait = await Promise.race([drained.then(() => false), askToWait()])
      if (!wait) break
    }
    // Not `quit`, which would come back here.
    exit()
  }

  const lapse = (): Promise<false> => new Promise((resolve) => after(limitMs, () => resolve(false)))
}

/** What the person is asked when quitting takes long. */
export const quitQuestion = {
  type: 'question' as const,
  message: 'Gungnir is still writing your changes to disk.',
  detail:
    'Saved changes are kept either way, edits that are not saved may be lost. A change being sent right now will be checked at the next start.',
  buttons: ['Wait', 'Quit now'],
  defaultId: 0,
  cancelId: 0,
}
