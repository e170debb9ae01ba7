import { parseQuery } from '../../../shared/query/parse'
import type { Pause } from '../../platform/pause'
import type { Log } from '../../platform/ports'
import type { CachedGroup } from '../../store/repositories/groups'
import type { ServicesRepository } from '../../store/repositories/services'
import type { UsersRepository } from '../../store/repositories/users'
import { portionsOf } from './portions'
import { isOver, putCached, putCalls, type Shown } from './shown'
import type { Snapshots, Source } from './snapshots'

const portion = 500
/** What a page asks for first. */
const openingRows = 100
const everybody = parseQuery('')
/** Words, a number and what narrows them, as they are typed. */
const rehearsed = ['a', 'an', 'ann', 'ann 1', 'e', 'er', 'er m', '5', '51', '513']

const namesOf = ({ serviceProviderName, groupName }: CachedGroup): string =>
  JSON.stringify([serviceProviderName, groupName])

/** Fills the index of a connection from its copy on disk or from the cached users, and keeps that copy. */
export function createFilling(deps: {
  readonly users: UsersRepository
  readonly services: Pick<ServicesRepository, 'ofUsers' | 'hasAny'>
  readonly snapshots: Snapshots | undefined
  /** Indexes the users of groups that have other names now. */
  readonly reindex: (of: Shown, groups: ReadonlySet<string>) => Promise<void>
  readonly freshPause: () => Pause
  readonly log: Log
}) {
  const { users, services, snapshots, reindex, freshPause, log } = deps
  let copying: Promise<void> = Promise.resolve()

  const fromUsers = async (of: Shown, pause: Pause): Promise<void> => {
    const hasCalls = services.hasAny(of.connection.id)
    for (let last = 0; !isOver(of); ) {
      const some = users.after(of.connection.id, last, portion)
      for (const user of some) {
        putCached(of, user)
        last = user.id
        if (pause.due()) await pause.wait()
      }
      for (const few of portionsOf(hasCalls ? some : [], 20)) {
        if (isOver(of)) return
        putCalls(of, services, few)
        if (pause.due()) await pause.wait()
      }
      if (some.length < portion) break
    }
    of.index.trim()
  }

  const bringUpToDate = async (of: Shown, source: Source, pause: Pause): Promise<void> => {
    const { id: connectionId } = of.connection
    const ids = users.changedSince(connectionId, source.usersVersion)
    const before = new Map(source.stamps)
    const now = of.overlays.stamps
    for (const userId of new Set([...before.keys(), ...now.keys()])) {
      if (before.get(userId) === now.get(userId)) continue
      const user = users.byUserId(connectionId, userId)
      if (user !== undefined) ids.push(user.id)
    }
    // Ascending: the index takes new users only behind those that it has.
    ids.sort((a, b) => a - b)
    // Nothing may come between a read and what is done with it.
    for (const some of portionsOf(ids, 20)) {
      const present = users.byIds(some).filter((user) => user !== undefined)
      for (const user of present) putCached(of, user)
      putCalls(of, services, present)
      if (pause.due()) await pause.wait()
      if (isOver(of)) return
    }
    const renamed = new Set<string>()
    for (const [group, names] of source.groupNames) {
      const known = of.groups.get(group)
      if (known !== undefined && namesOf(known) !== names) renamed.add(group)
    }
    await reindex(of, renamed)
  }

  const copyNow = async (of: Shown): Promise<void> => {
    const { index, connection, overlays, groups: named } = of
    if (snapshots === undefined || of.copied === undefined || index.version === of.copied) return
    if (index.worn) return snapshots.forget(connection.id)
    const pause = freshPause()
    await index.prepareSearch(pause)
    const first = await index.search(everybody, {}, [], pause)
    const { version } = index
    const source: Source = {
      usersVersion: users.version(connection.id),
      stamps: [...overlays.stamps],
      groupNames: [...named].map(([key, group]) => [key, namesOf(group)]),
    }
    const opening = {
      total: index.total,
      ids: Array.from(first.subarray(0, openingRows), (row) => index.idOf(row)),
    }
    if (await snapshots.save(connection.id, index, source, opening)) of.copied = version
  }

  return {
    /** Everything that is cached, as the screen shows it; prepared for sorting by name and for searching. */
    async fill(of: Shown): Promise<void> {
      const pause = freshPause()
      const restored = await snapshots?.restore(of.connection.id)
      if (isOver(of)) return
      const empty = of.index.version
      if (restored === undefined) await fromUsers(of, pause)
      else {
        of.index = restored.index
        await bringUpToDate(of, restored.source, pause)
      }
      await of.index.prepare([], pause)
      await of.index.prepareSearch(pause)
      of.copied = restored?.version ?? empty
    },

    /**
     * Searches a little, so that the first search of a person is as quick as the others: code that has never run is slow.
     * Never rejects.
     */
    async rehearse(of: Shown): Promise<void> {
      try {
        for (const text of rehearsed) {
          if (isOver(of)) return
          await of.index.search(parseQuery(text), {}, [], freshPause())
        }
      } catch (cause) {
        log.warn('users.not-rehearsed', { cause })
      }
    },

    /** Keeps a copy of the index on disk, unless the one there is as good. One at a time; never rejects. */
    copy(of: Shown): Promise<void> {
      copying = copying.then(() => copyNow(of)).catch((cause) => log.warn('users.index-not-kept', { cause }))
      return copying
    },
  }
}
