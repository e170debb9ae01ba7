/**
 * The names alone, so that the preload script can build its functions without carrying the schemas and zod into
 * every page. `contract.ts` is checked by the compiler to have exactly these.
 */

export const channels = [
  'app.status',
  'app.info',
  'connections.list',
  'connections.save',
  'connections.test',
  'connections.connect',
  'connections.signOut',
  'connections.changePassword',
  'connections.remove',
  'connections.tryDemo',
  'connections.chooseCaFile',
  'users.window',
  'users.indexOf',
  'users.details',
  'users.scopes',
  'users.refresh',
  'users.takeOffline',
  'users.dismissGone',
  'users.cancelLoading',
  'users.progress',
  'outbox.save',
  'outbox.window',
  'outbox.syncNow',
  'outbox.pause',
  'outbox.workOffline',
  'outbox.retry',
  'outbox.discard',
  'outbox.resolve',
  'history.window',
  'history.entry',
  'settings.get',
  'settings.set',
] as const

export const eventNames = [
  'status',
  'users.changed',
  'users.progress',
  'outbox.changed',
  'history.changed',
  'message',
  'command',
] as const
