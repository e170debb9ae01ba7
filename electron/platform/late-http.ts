import type { Clock, Http, Log } from './ports'

/** As long as the first screen takes to be drawn, and a little more. */
const firstScreenMs = 300

/**
 * An HTTP client that is read for the first call, and not while the app starts: what it stands on keeps the process busy for
 * 30 ms, and whoever waits for the first screen waits for that too. When it cannot be read, nothing is sent, and the next call
 * tries again.
 */
export function lateHttp(deps: { load: () => Promise<Http>; clock: Clock; log: Log }): Http {
  const { load, clock, log } = deps
  const began = clock.mono()
  let made: Promise<Http> | undefined

  const make = async (): Promise<Http> => {
    const early = firstScreenMs - (clock.mono() - began)
    if (early > 0) await new Promise<void>((resolve) => clock.after(early, resolve))
    return await load()
  }

  return {
    async send(request) {
      made ??= make()
      let http: Http
      try {
        http = await made
      } catch (cause) {
        made = undefined
        log.error('http.not-loaded', { cause })
        const message = 'A part of the app could not be read.'
        return { kind: 'failed', reason: 'unreachable', sent: false, code: 'NOT_LOADED', message }
      }
      return await http.send(request)
    },
  }
}
