import { foldedLines, searchColumns } from '../../../shared/query/columns'
import { alike } from '../../../shared/query/fold'
import type { Random, SealedFiles } from '../../platform/ports'
import { indexSnapshotsRepository, type Opening } from '../../store/repositories/index-snapshots'
import type { Store } from '../../store/store'
import type { Numbers } from './index/parts'
import { type KeptIndex, UserIndex } from './index/user-index'

/** What an index was made from: what differs from it now has to be indexed anew. */
export interface Source {
  /** The version of the newest cached user in it. */
  readonly usersVersion: number
  /** The outbox over it: user id and stamp. */
  readonly stamps: readonly (readonly [userId: string, stamp: string])[]
  /** The names that its groups had, by their key. */
  readonly groupNames: readonly (readonly [group: string, names: string])[]
}

export interface Restored {
  readonly index: UserIndex
  /** Of the index as it was on disk. */
  readonly version: number
  readonly source: Source
}

interface Facts extends Source {
  readonly token: string
  readonly madeBy: string
  readonly index: KeptIndex
}

/** Raise when the parts of an index mean something else than before. */
const format = 5

/** Copies of search indexes on disk: reading one takes a twentieth of the time that making it from the users takes. */
export function createSnapshots(deps: {
  readonly store: Store
  readonly files: SealedFiles
  readonly random: Pick<Random, 'id'>
  /** For sorting; the system's when left out. */
  readonly locale?: string | undefined
}) {
  const { store, files, random, locale } = deps
  const tokens = indexSnapshotsRepository(store)
  // Once, and not before a copy is looked at: the system's data about languages takes its time.
  let known: string | undefined
  /** Everything that decides what an index holds and how it is ordered. */
  const madeBy = (): string => {
    known ??= JSON.stringify([
      format,
      searchColumns.map(({ path, kind }) => [path, kind]),
      foldedLines(['Ødegård Müller ẞ ﬁ İ Ж 日本 ｱ +1 (513) 555-0100 O’Brian´s Anne‑Marie „x“ ٣ a\u00adb']),
      alike('O’Brian Anne‑Marie a\u00adb'),
      new Intl.Collator(locale).resolvedOptions().locale,
      process.versions.icu,
    ])
    return known
  }

  return {
    /** The files that are in use. */
    names: (): string[] => tokens.connections(),

    /** What the list began with when the copy was made: some users may have changed since. */
    opening: (connectionId: string): Opening | undefined => tokens.opening(connectionId),

    /** The copy that belongs to the cached users of a connection, if there is one that can be used. */
    async restore(connectionId: string): Promise<Restored | undefined> {
      const token = tokens.token(connectionId)
      const bundle = token === undefined ? undefined : await files.read(connectionId)
      if (bundle === undefined) return undefined
      const facts = bundle.facts as Facts
      if (facts.token !== token || facts.madeBy !== madeBy()) return undefined
      let place = 0
      const next = <N extends Numbers>(): N => bundle.arrays[place++] as N
      const index = new UserIndex(locale, { facts: facts.index, next })
      return { index, version: index.version, source: facts }
    },

    /**
     * Writes a copy of the index as it is now. `source` must tell what is in it at this moment, `opening` what its list begins
     * with. A copy that was overtaken while it was written does not count; false then.
     */
    async save(connectionId: string, index: UserIndex, source: Source, opening: Opening): Promise<boolean> {
      const { version } = index
      const token = random.id()
      const arrays: Numbers[] = []
      const facts: Facts = {
        token,
        madeBy: madeBy(),
        ...source,
        index: index.keep((numbers) => arrays.push(numbers)),
      }
      await files.write(connectionId, { facts, arrays })
      if (index.version !== version) return false
      tokens.set(connectionId, token, opening)
      return true
    },

    async forget(connectionId: string): Promise<void> {
      tokens.remove(connectionId)
      await files.remove(connectionId)
    },
  }
}
export type Snapshots = ReturnType<typeof createSnapshots>
