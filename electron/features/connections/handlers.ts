import type { Handlers } from '../../../shared/ipc/bridge'
import { Refusal } from '../../ipc/refusal'
import type { ProxySignIns } from '../../platform/proxy-sign-in'
import type { Authorities } from './authorities'
import type { Carrying } from './carrying'
import type { Connections } from './connections'
import type { Demo } from './demo'

/** What else holds data of a connection, and must let go of it when the connection is removed. */
export interface Belongings {
  /**
   * How many changes of the connection have not reached the server as far as is known, and how many of them have been
   * sent.
   */
  unsent(connectionId: string): { readonly all: number; readonly sent: number }
  /** Discards them, all or none. */
  discard(connectionId: string): void
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
  | 'connections.signInAtProxy'
  | 'connections.chooseCaFile'
  | 'connections.setReadOnly'
  | 'connections.export'
  | 'connections.import'
  | 'connections.importSave'

export function connectionsHandlers(deps: {
  connections: Connections
  demo: Demo
  belongings: Belongings
  authorities: Pick<Authorities, 'choose'>
  carrying: Carrying
  proxySignIns: Pick<ProxySignIns, 'keep'>
  /** Throws where none may be: nothing of it goes then. */
  mayRemove?: (() => void) | undefined
}): Pick<Handlers, ConnectionChannels> {
  const { connections, demo, belongings, authorities, carrying, proxySignIns } = deps
  return {
    'connections.list': () => connections.list(),
    'connections.save': (draft) => connections.save(draft),
    'connections.test': (draft) => connections.test(draft),
    'connections.signOut': (id) => connections.signOut(id),
    'connections.changePassword': ({ id, newPassword, oldPassword }) =>
      connections.changePassword(id, newPassword, oldPassword),
    'connections.tryDemo': () => demo.tryIt(),
    'connections.chooseCaFile': () => authorities.choose(),
    'connections.export': () => carrying.exportAll(),
    'connections.import': () => carrying.open(),
    'connections.importSave': ({ id, take }) => carrying.take(id, take),
    'connections.setReadOnly': ({ id, on }) => connections.setReadOnly(id, on),

    async 'connections.signInAtProxy'({ proxy, ...signIn }) {
      try {
        await proxySignIns.keep(proxy, signIn)
      } catch {
        throw new Refusal('keychain', 'The system keychain did not accept the password.', {
          next: 'Unlock the keychain and try again. Nothing was kept.',
        })
      }
    },

    async 'connections.connect'(asked) {
      const { id, password } = typeof asked === 'string' ? { id: asked, password: undefined } : asked
      await demo.wake(id)
      return connections.connect(id, password)
    },

    async 'connections.remove'({ id, discardUnsent, discardSent }) {
      deps.mayRemove?.()
      const { all: unsent, sent } = belongings.unsent(id)
      // The exact numbers, so that nobody agrees to lose a change that was made after the question was asked.
      if (unsent > 0 && discardUnsent !== unsent) return { removed: false, unsent, sent }
      if (sent > 0 && discardSent === undefined) {
        throw new Refusal(
          'sending',
          'A change of this connection has been sent, and its outcome is not known.',
          {
            next: 'Wait until it is known, or agree to discard it as well. Nothing was discarded.',
          },
        )
      }
      if (sent > 0 && discardSent !== sent) return { removed: false, unsent, sent }
      if (unsent > 0) belongings.discard(id)
      await connections.remove(id)
      await belongings.forget(id)
      return { removed: true, unsent, sent }
    },
  }
}
