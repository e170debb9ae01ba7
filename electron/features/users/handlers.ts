import type { Handlers } from '../../../shared/ipc/bridge'
import type { Actions } from './actions'
import type { Directory } from './directory'
import type { Lookups } from './lookups'

type UsersHandlers = Pick<Handlers, Extract<keyof Handlers, `users.${string}`>>

/** What the page may ask about users. */
export const usersHandlers = ({
  directory,
  lookups,
  actions,
}: {
  readonly directory: Directory
  readonly lookups: Lookups
  readonly actions: Actions
}): UsersHandlers => ({
  'users.window': ({ query, start, count }) => directory.window(query, start, count),
  'users.indexOf': ({ query, userId }) => directory.indexOf(query, userId),
  'users.details': ({ key, fresh }) => directory.details(key, fresh),
  'users.scopes': () => directory.scopes(),
  'users.refresh': (scope) => directory.refresh(scope),
  'users.takeOffline': ({ on, ...scope }) => {
    directory.takeOffline(scope, on)
    if (on) void keepLookups(directory, lookups)
  },
  'users.dismissGone': () => directory.dismissGone(),
  'users.lookup': ({ lookup, key }) => lookups.options(lookup, key),
  'users.extension': ({ key, value }) => lookups.extension(key, value),
  'users.sightings': ({ userId }) => directory.sightings(userId),
  'users.secretRules': ({ key, kind }) => actions.rules(kind, key),
  'users.generateSecret': ({ key, kind }) => actions.generate(kind, key),
  'users.setPassword': ({ key, newPassword }) => actions.setPassword(key, newPassword),
  'users.setPasscode': ({ key, newPasscode }) => actions.setPasscode(key, newPasscode),
  'users.rename': ({ key, newUserId }) => actions.rename(key, newUserId),
  'users.checkMove': ({ key, newGroupId }) => actions.checkMove(key, newGroupId),
  'users.move': ({ key, newGroupId }) => actions.move(key, newGroupId),
  'users.setAlternateIds': ({ key, ids }) => actions.setAlternateIds(key, ids),
  'users.cancelLoading': () => directory.cancelLoading(),
  'users.progress': () => directory.progress(),
})

/** Editing without a network needs the lists to choose from as well as the users. */
async function keepLookups(directory: Directory, lookups: Lookups): Promise<void> {
  for (const group of await directory.scopes()) if (group.offline) await lookups.keep(group)
}
