import type { OdinError } from '../odin/types'

/** What can be wrong with the line to a server. */
export type Trouble = 'offline' | 'server-down' | 'captive-portal' | 'signed-out'

/**
 * What one failed call says about the line. `fine`: the server answered, and answered this, or nobody was asked. `so`: it is so.
 * `doubt`: it may be this one call's trouble, so the server is asked, or it happens several times in a row, before anybody
 * says it.
 */
export type Reach = { readonly says: 'fine' } | { readonly says: 'so' | 'doubt'; readonly trouble: Trouble }

const fine: Reach = { says: 'fine' }
const so = (trouble: Trouble): Reach => ({ says: 'so', trouble })
const doubt = (trouble: Trouble): Reach => ({ says: 'doubt', trouble })

/** Held back here: it says nothing of the server. */
const nobodyAsked: ReadonlySet<string> = new Set(['work-offline', 'signing-in', 'too-late'])
/** This computer has no way to the server; anything else that was not sent met something on the way. */
const noWay: ReadonlySet<string> = new Set(['no-such-host', 'unreachable', 'offline', 'no-network'])
/** Pages, and pointers to pages: what a network's log-in does. */
const pages: ReadonlySet<string> = new Set(['captive-portal', 'html', 'redirect'])
/** Nothing, something that is no JSON, or JSON of somebody else: whoever it is, it is not the API. */
const strangers: ReadonlySet<string> = new Set(['empty', 'not-json', 'not-api'])

/** One table for everybody who asks: the status bar, the outbox and what reads say the same of the same error. */
export function reachOf({ kind, cause, status }: OdinError): Reach {
  switch (kind) {
    case 'not-sent':
      if (nobodyAsked.has(cause)) return fine
      return so(noWay.has(cause) ? 'offline' : 'server-down')
    case 'unauthorized':
    case 'not-signed-in':
    case 'password-expired':
      return so('signed-out')
    case 'forbidden-or-signed-out':
      return doubt('signed-out')
    case 'busy':
      // Too many calls is an answer; no time for any is the whole server's.
      return status === 503 ? so('server-down') : fine
    case 'unknown':
      // A gateway's page of 5xx is about what is behind it.
      if (status === 511 || (pages.has(cause) && (status ?? 0) < 500)) return so('captive-portal')
      if (strangers.has(cause) && (status ?? 0) < 500) return so('server-down')
      return doubt('server-down')
    default:
      return fine
  }
}
