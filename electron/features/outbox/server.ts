import type { OdinClient } from '../../odin/types'
import { sameIdentity } from '../../server/identity'
import type { Identity, ServerPort, SessionPort } from './engine/ports'

/** What the outbox has to know of the connection that is chosen. */
export interface ActiveConnection {
  readonly connection: { readonly id: string; readonly callsPerSecond: number }
  readonly origin: string
  readonly account: string
  readonly client: OdinClient
  /** Why it is not online, in words. */
  readonly why?: string
  readonly network: string
}

const identityOf = ({ connection, origin, account }: ActiveConnection): Identity => ({
  connectionId: connection.id,
  origin,
  account,
})

const portOf = (client: OdinClient): ServerPort => ({
  readUser: (userId, turn) => client.user(userId, { urgency: 'settle', turn }),
  readGroup: (serviceProviderId, groupId, turn) =>
    client.usersOfGroup({ serviceProviderId, groupId }, { extended: true, urgency: 'write', turn }),
  putUser: (body, turn, mayStart) => client.putUser(body, { turn, mayStart }),
  probe: (turn) => client.checkSession(turn),
})

/** The engine's view of the connection: whoever is signed in, and calls that only they may make. */
export function createSessionPort(deps: {
  readonly active: () => ActiveConnection | undefined
  /** Users of a group as far as the cache knows. */
  readonly groupSize?: (
    connectionId: string,
    serviceProviderId: string,
    groupId: string,
  ) => number | undefined
}): SessionPort {
  const { active, groupSize } = deps
  const signedIn = (): ActiveConnection | undefined => {
    const now = active()
    return now?.client.session() === undefined ? undefined : now
  }
  return {
    current() {
      const now = signedIn()
      return now && identityOf(now)
    },
    server(identity) {
      const now = signedIn()
      return now !== undefined && sameIdentity(identityOf(now), identity) ? portOf(now.client) : undefined
    },
    // The client has signed in again by itself when it got the 401, if it could.
    async renew(identity) {
      const now = active()
      if (now === undefined || !sameIdentity(identityOf(now), identity)) return 'refused'
      if (now.client.session() !== undefined) return 'renewed'
      return now.network === 'signed-out' ? 'refused' : 'unreachable'
    },
    whyNot(identity) {
      const now = active()
      return now !== undefined && sameIdentity(identityOf(now), identity) ? now.why : undefined
    },
    ...(groupSize === undefined
      ? {}
      : {
          groupSize: ({ connectionId }, serviceProviderId, groupId) =>
            groupSize(connectionId, serviceProviderId, groupId),
        }),
  }
}
