import { createOdinClient } from '../../../../electron/odin/client'
import { createHttp } from '../../../../electron/platform/http'
import type { Clock, Random } from '../../../../electron/platform/ports'
import type { Identity } from '../../../../electron/server/identity'
import { openServer, type Server } from '../../../../electron/server/server'
import { silent } from '../../../simulation/real-outbox'

/** A chosen server that nobody reaches, as somebody works offline: what is saved for it waits. */
export const unreachable = (identity: Identity, clock: Clock, random: Random): Server =>
  openServer({
    identity,
    createClient: (hooks) =>
      createOdinClient({
        http: createHttp({ log: silent }),
        clock,
        baseUrl: identity.origin,
        callsPerSecond: 5,
        credentials: async () => undefined,
        log: silent,
        ...hooks,
      }),
    workOffline: () => true,
    systemOffline: () => false,
    clock,
    random,
    changed: () => {},
  })
