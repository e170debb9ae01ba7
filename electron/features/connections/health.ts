import type { Status } from '../../../shared/ipc/contract'
import type { OdinClient, OdinError, OdinResult } from '../../odin/types'

export type Network = Status['network']
type Trouble = 'offline' | 'server-down' | 'captive-portal' | 'signed-out'

/**
 * What one failed call says about the connection. `network`: it is so. `ask`: it may be this one call's trouble, so
 * ask the server once more before saying anything. Neither: the server answered, and answered this.
 */
export function judge(error: OdinError): { network?: Trouble; ask?: boolean } {
  if (error.cause === 'captive-portal') return { network: 'captive-portal' }
  switch (error.kind) {
    case 'not-sent':
      return { network: unreachable.has(error.cause) ? 'offline' : 'server-down' }
    case 'unauthorized':
    case 'password-expired':
      return { network: 'signed-out' }
    case 'unknown':
    case 'busy':
    case 'forbidden-or-signed-out':
      return { ask: true }
    default:
      return {}
  }
}

/** The same, when the failed call was itself the question. */
export function verdict(error: OdinError): Trouble | 'online' {
  const { network, ask } = judge(error)
  if (network) return network
  if (error.kind === 'forbidden-or-signed-out' || error.kind === 'not-signed-in') return 'signed-out'
  return ask ? 'server-down' : 'online'
}

const unreachable: ReadonlySet<string> = new Set(['no-such-host', 'unreachable', 'offline'])

const workingOffline: OdinError = {
  kind: 'not-sent',
  cause: 'work-offline',
  message: 'Gungnir is working offline.',
  next: 'Switch off Work offline to reach the server.',
}

/**
 * The client as features get it: while `mayCall` is false nothing reaches the server, and each failure and success
 * of a call is told to `tell`.
 */
export function observed(
  client: OdinClient,
  hooks: { mayCall: () => boolean; tell: (result: OdinResult<unknown>) => void },
): OdinClient {
  const watch =
    <A extends unknown[], T>(call: (...args: A) => Promise<OdinResult<T>>) =>
    async (...args: A): Promise<OdinResult<T>> => {
      if (!hooks.mayCall()) return { ok: false, error: workingOffline }
      const result = await call(...args)
      hooks.tell(result)
      return result
    }
  return {
    signIn: watch((username: string, password: string) => client.signIn(username, password)),
    session: () => client.session(),
    checkSession: watch(() => client.checkSession()),
    signOut: () => client.signOut(),
    serviceProviders: watch(() => client.serviceProviders()),
    groups: watch((serviceProviderId) => client.groups(serviceProviderId)),
    usersOfGroup: watch((group, options) => client.usersOfGroup(group, options)),
    user: watch((userId) => client.user(userId)),
    putUser: watch((body) => client.putUser(body)),
  }
}
