import type { Handlers } from '../../../shared/ipc/bridge'
import type { Outbox } from './outbox'

type Own =
  | 'outbox.save'
  | 'outbox.window'
  | 'outbox.syncNow'
  | 'outbox.pause'
  | 'outbox.workOffline'
  | 'outbox.retry'
  | 'outbox.discard'
  | 'outbox.resolve'

/** The outbox's part of the door. */
export const outboxHandlers = ({ outbox }: { readonly outbox: Outbox }): Pick<Handlers, Own> => ({
  'outbox.save': (input) => outbox.save(input),
  'outbox.window': (range) => outbox.window(range),
  'outbox.syncNow': () => outbox.syncNow(),
  'outbox.pause': (on) => outbox.pause(on),
  'outbox.workOffline': (on) => outbox.workOffline(on),
  'outbox.retry': (ids) => outbox.retry(ids),
  'outbox.discard': (ids) => outbox.discard(ids),
  'outbox.resolve': ({ id, choices }) => outbox.resolve(id, choices),
})
