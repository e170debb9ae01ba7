import type { Status } from '../../../shared/ipc/contract'
import type { OdinConnection, OdinError, OdinResult } from '../../odin/types'
import { workingOffline } from '../../odin/wire'

export type Network = Status['network']
type Trouble = 'offline' | 'server-down' | 'captive-portal' | 'signed-out'

/**
 * What one failed call says about the line. A trouble: it is so. `ask`: it may be this one call's trouble, so ask
 * the server before saying anything. `fine`: the server answered, and answered this.
 */
export function judge(error: OdinError): Trouble | 'ask' | 'fine' {
  if (error.cause === 'captive-portal') return 'captive-portal'
  // Nobody was asked.
  if (error.cause === 'work-offline') return 'fine'
  switch (error.kind) {
    case 'not-sent':
      return unreachable.has(error.cause) ? 'offline' : 'server-down'
    case 'unauthorized':
    case 'not-signed-in':
    case 'password-expired':
      return 'signed-out'
    case 'unknown':
    case 'busy':
    case 'forbidden-or-signed-out':
      return 'ask'
    default:
      return 'fine'
  }
}

const unreachable: ReadonlySet<string> = new Set(['no-such-host', 'unreachable'])

/** What a client does without asking the server. */
const local: ReadonlySet<string> = new Set<keyof OdinConnection>([
  'session',
  'signOut',
  'setCallsPerSecond',
  'close',
])

/**
 * The client as features get it: while `mayCall` is false nothing reaches the server, how each call went is told to
 * `tell`, and nobody is signed in once the line is signed out, even where the server could not be told.
 */
export function observed(
  client: OdinConnection,
  hooks: {
    mayCall: () => boolean
    tell: (result: OdinResult<unknown>) => void
    session: OdinConnection['session']
  },
): OdinConnection {
  type Call = (...args: unknown[]) => Promise<OdinResult<unknown>>
  const watch =
    (call: Call): Call =>
    async (...args) => {
      if (!hooks.mayCall()) return { ok: false, error: workingOffline }
      const result = await call(...args)
      hooks.tell(result)
      return result
    }
  const calls = Object.entries(client as unknown as Record<string, Call>)
  const wrapped = calls.map(([name, call]) => [name, local.has(name) ? call : watch(call)])
  return { ...(Object.fromEntries(wrapped) as unknown as OdinConnection), session: hooks.session }
}
