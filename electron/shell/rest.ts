import type { Clock, Log } from '../platform/ports'

/** Nothing is asked or told for so long when a person has stopped typing, and not merely between two words. */
const quietMs = 3000

/** What the preload script hears when there is nothing to do; the page does not. */
export const restMessage = 'rest'

/** Calls `onRest` once when nothing has stirred for a while, and again only after something has. */
export function createRest(deps: {
  readonly after: Clock['after']
  readonly onRest: () => void
  readonly log: Log
}): { readonly stir: () => void } {
  const { after, onRest, log } = deps
  let cancel: (() => void) | undefined
  const rest = () => {
    cancel = undefined
    try {
      onRest()
    } catch (cause) {
      log.warn('rest.failed', { cause })
    }
  }
  return {
    stir() {
      cancel?.()
      cancel = after(quietMs, rest)
    },
  }
}

/** In the preload script: the page gives back what it does not use any more whenever the app is at rest. */
export function restWithApp(
  ipc: { on(channel: string, listener: () => void): unknown },
  page: { clearCache(): void },
): void {
  ipc.on(restMessage, () => page.clearCache())
}
