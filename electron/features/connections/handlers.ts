import type { Handlers } from '../../../shared/ipc/bridge'
import { Refusal } from '../../ipc/refusal'
import type { Authorities } from './authorities'
import type { Connections } from './connections'
import type { Demo } from './demo'

/** What else holds data of a connection, and must let go of it when the connection is removed. */
export interface Belongings {
  /** How many changes of the connection have not reached the server. */
  unsent(connectionId: string): number
  /** Discards them; returns how many could not be, because a request is out. */
  discard(connectionId: string): number
  /** Forgets what was read of its server. */
  forget(connectionId: string): Promise<void>
}

type ConnectionChannels =
  | 'connections.list'
  | 'connections.save'
  | 'connections.test'
  | 'connections.connect'
  | 'connections.signOut'
  | 'connections.changePassword'
  | 'connections.remove'
  | 'connections.tryDemo'
  | 'connections.chooseCaFile'

export function connectionsHandlers(deps: {
  connections: Connections
  demo: Demo
  belongings: Belongings
  authorities: Pick<Authorities, 'choose'>
}): Pick<Handlers, ConnectionChannels> {
  const { connections, demo, belongings, authorities } = deps
  return {
    'connections.list': () => connections.list(),
    'connections.save': (draft) => connections.save(draft),
    'connections.test': (draft) => connections.test(draft),
    'connections.signOut': (id) => connections.signOut(id),
    'connections.changePassword': ({ id, newPassword, oldPassword }) =>
      connections.changePassword(id, newPassword, oldPassword),
    'connections.tryDemo': () => demo.tryIt(),
    'connections.chooseCaFile': () => authorities.choose(),

    async 'connections.connect'(id) {
      await demo.wake(id)
      return connections.connect(id)
    },

    async 'connections.remove'({ id, discardUnsent }) {
      const unsent = belongings.unsent(id)
      // The exact number, so that nobody agrees to lose a change that was made after the question was asked.
      if (unsent > 0 && discardUnsent !== unsent) return { removed: false, unsent }
      if (unsent > 0 && belongings.discard(id) > 0) {
        throw new Refusal('sending', 'A change of this connection is being sent right now.', {
          next: 'Wait until its outcome is known, then remove the connection.',
        })
      }
      await connections.remove(id)
      await belongings.forget(id)
      return { removed: true, unsent }
    },
  }
}
