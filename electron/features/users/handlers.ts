import type { Handlers } from '../../../shared/ipc/bridge'
import type { Identity } from '../../server/identity'
import { mustBeMeant } from '../../server/meant'
import type { CallHandlingFeature } from '../call-handling/call-handling'
import type { Actions } from './actions'
import type { Directory } from './directory'
import type { Lookups } from './lookups'
import type { Sheets } from './sheet/save'

type UsersHandlers = Pick<Handlers, Extract<keyof Handlers, `users.${string}`>>

/** What the page may ask about users. */
export const usersHandlers = ({
  directory,
  callHandling,
  lookups,
  actions,
  sheets,
  identity,
}: {
  readonly directory: Directory
  readonly callHandling: Pick<CallHandlingFeature, 'of'>
  readonly lookups: Lookups
  readonly actions: Actions
  readonly sheets: Sheets
  /** The server and account that are chosen. */
  readonly identity: () => Identity | undefined
}): UsersHandlers => {
  /** Another server may have been chosen before the answer came, or while it was made. */
  const meant = async <T>(as: Identity | undefined, answer: () => T | Promise<T>): Promise<T> => {
    if (as === undefined) return answer()
    mustBeMeant(as, identity())
    const made = await answer()
    mustBeMeant(as, identity())
    return made
  }

  /** The same of the list: when another server has just been chosen, the users of the one before are still there. */
  const ofList = <T>(as: Identity | undefined, answer: () => T | Promise<T>): Promise<T> =>
    meant(as, async () => {
      while (as !== undefined && directory.of() !== as.connectionId) {
        await directory.switched()
        mustBeMeant(as, identity())
      }
      return answer()
    })

  return {
    'users.window': ({ query, start, count, find, as }) =>
      ofList(as, () => directory.window(query, start, count, find)),
    'users.find': ({ query, as }) => ofList(as, () => directory.find(query)),
    'users.loadable': ({ serviceProviderId, as }) => ofList(as, () => directory.loadable(serviceProviderId)),
    'users.chooseLoad': ({ choice, as }) => ofList(as, () => directory.chooseLoad(choice)),
    'users.nearest': ({ query, as }) => ofList(as, () => directory.nearest(query)),
    'users.indexOf': ({ query, userId, as }) => ofList(as, () => directory.indexOf(query, userId)),
    'users.details': ({ key, fresh, as }) => ofList(as, () => directory.details(key, fresh)),
    'users.callHandling': ({ key, fresh, as }) => ofList(as, () => callHandling.of(key, fresh)),
    'users.scopes': () => directory.scopes(),
    'users.refresh': (scope) => directory.refresh(scope),
    'users.takeOffline': ({ on, ...scope }) => {
      directory.takeOffline(scope, on)
      if (on) void keepLookups(directory, lookups)
    },
    'users.readFull': ({ calls, onlyCalls, ...scope }) =>
      directory.readMissing(scope, {
        ...(calls === undefined ? {} : { calls }),
        ...(onlyCalls === undefined ? {} : { onlyCalls }),
      }),
    'users.groupOpened': (scope) => directory.groupOpened(scope),
    'users.completeness': () => directory.completeness(),
    'users.chooseReading': ({ choice }) => directory.chooseReading(choice),
    'users.dismissGone': () => directory.dismissGone(),
    'users.lookup': ({ as, lookup, key }) => meant(as, () => lookups.options(lookup, key)),
    'users.extension': ({ as, key, value }) => meant(as, () => lookups.extension(key, value)),
    'users.sightings': ({ userId }) => directory.sightings(userId),
    'users.secretRules': ({ as, key, kind }) => meant(as, () => actions.rules(kind, key)),
    'users.generateSecret': ({ as, key, kind }) => meant(as, () => actions.generate(kind, key)),
    'users.setPassword': ({ as, key, newPassword }) => actions.setPassword(as, key, newPassword),
    'users.setPasscode': ({ as, key, newPasscode }) => actions.setPasscode(as, key, newPasscode),
    'users.rename': ({ as, key, newUserId }) => actions.rename(as, key, newUserId),
    'users.checkMove': ({ as, key, newGroupId }) => meant(as, () => actions.checkMove(key, newGroupId)),
    'users.move': ({ as, key, newGroupId }) => actions.move(as, key, newGroupId),
    'users.commandDevice': ({ as, key, command, deviceName }) =>
      actions.commandDevice(as, key, command, deviceName),
    'users.setAlternateIds': ({ as, key, ids, seen }) => actions.setAlternateIds(as, key, ids, seen),
    // It is of the user as they were when it was asked for, whatever is chosen while the dialog is open.
    'users.exportSheet': async ({ as, key }) =>
      sheets.save(await ofList(as, () => sheets.page(as, key)), key),
    'users.cancelLoading': () => directory.cancelLoading(),
    'users.progress': () => directory.progress(),
  }
}

/** Editing without a network needs the lists to choose from as well as the users. */
async function keepLookups(directory: Directory, lookups: Lookups): Promise<void> {
  for (const group of await directory.scopes()) if (group.offline) await lookups.keep(group)
}
