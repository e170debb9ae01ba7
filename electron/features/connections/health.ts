import type { Status } from '../../../shared/ipc/contract'
import type { OdinConnection, OdinResult } from '../../odin/types'
import { workingOffline } from '../../odin/wire'

export type Network = Status['network']
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
