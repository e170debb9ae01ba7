import type { Handlers } from '../../../shared/ipc/bridge'
import type { Directory } from './directory'

type UsersHandlers = Pick<Handlers, Extract<keyof Handlers, `users.${string}`>>

/** What the page may ask about users. */
export const usersHandlers = ({ directory }: { readonly directory: Directory }): UsersHandlers => ({
  'users.window': ({ query, start, count }) => directory.window(query, start, count),
  'users.indexOf': ({ query, userId }) => directory.indexOf(query, userId),
  'users.details': ({ key, fresh }) => directory.details(key, fresh),
  'users.scopes': () => directory.scopes(),
  'users.refresh': (scope) => directory.refresh(scope),
  'users.takeOffline': ({ on, ...scope }) => directory.takeOffline(scope, on),
  'users.dismissGone': () => directory.dismissGone(),
  'users.cancelLoading': () => directory.cancelLoading(),
  'users.progress': () => directory.progress(),
})
