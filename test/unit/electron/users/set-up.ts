import { createCallCopies } from '../../../../electron/features/call-handling/copies'
import { createCallReader } from '../../../../electron/features/call-handling/reader'
import {
  createDirectory,
  type Directory,
  type DirectoryDeps,
} from '../../../../electron/features/users/directory'
import { createReading } from '../../../../electron/features/users/reading'
import type { DirectoryClient } from '../../../../electron/features/users/shown'
import type { Bundle, Log } from '../../../../electron/platform/ports'
import { systemRandom } from '../../../../electron/platform/random'
import { openMemoryStore, type Store } from '../../../../electron/store/store'
import type { LoadProgress, UsersQuery } from '../../../../shared/ipc/contract'
import { fakeServer, person, testClock } from './fake'

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }
export const connection = { id: 'c1', demo: false, callsPerSecond: 2 }

export const everyone = () => [
  ...Array.from({ length: 30 }, (_, n) =>
    person('acme', 'sales', `s${n}@acme.example`, { lastName: `Seller ${n}`, extension: `${1000 + n}` }),
  ),
  person('acme', 'support', 'anna@acme.example', {
    firstName: 'Anna',
    lastName: 'Müller',
    phoneNumber: '+1-5135550123',
  }),
  person('beta', 'main', 'zoe@beta.example', { firstName: 'Zoë', lastName: 'Ødegård' }),
]

/** @param options.ahead Whether full records are read without being asked for, as they are where nobody chose. */
export const setUp = (
  people = everyone(),
  store: Store = openMemoryStore(),
  { ahead = false }: { readonly ahead?: boolean } = {},
) => {
  if (!ahead) createReading(store).choose(connection.id, 'opened')
  const { server, client } = fakeServer(people)
  const { clock, state } = testClock()
  const emitted: { event: string; payload: unknown }[] = []
  const files = keptFiles()
  const copies = createCallCopies({
    store,
    clock,
    onStored: (connectionId, users) => newest.callsStored(connectionId, users),
  })
  const readCalls = createCallReader({ copies, clock })
  let newest: Directory
  const make = (more: Pick<DirectoryDeps, 'asksWhatToLoad'> = {}): Directory => {
    newest = createDirectory({
      ...more,
      readCalls,
      store,
      files,
      clock,
      random: systemRandom(clock),
      log: silent,
      emit: (event, payload) => void emitted.push({ event, payload }),
      locale: 'en',
    })
    return newest
  }
  return { server, client, store, files, copies, time: state, emitted, make, directory: make() }
}

/** Files as the disk keeps them: what was written stays as it was then. */
const keptFiles = () => {
  const kept = new Map<string, Bundle>()
  const copy = (bundle: Bundle): Bundle => structuredClone(bundle)
  return {
    kept,
    reads: 0,
    /** Reading and writing files whose name begins so waits for the gate, or fails. */
    gated: 'none',
    gate: Promise.resolve() as Promise<unknown>,
    failing: 'none',
    /** Writing files whose name has this in it waits for the gate. */
    writeGated: 'none',
    arrivals: () => [...kept.keys()].filter((name) => name.startsWith('arrival')),
    async read(name: string) {
      this.reads++
      if (name.startsWith(this.gated)) await this.gate
      const bundle = kept.get(name)
      return bundle && copy(bundle)
    },
    async write(name: string, bundle: Bundle) {
      if (name.includes(`\n${this.writeGated}\n`)) await this.gate
      if (name.startsWith(this.failing)) throw new Error('The disk is full.')
      kept.set(name, copy(bundle))
    },
    async remove(name: string) {
      kept.delete(name)
    },
    async sweep(names: Iterable<string>) {
      const used = new Set(names)
      for (const name of kept.keys()) if (!used.has(name)) kept.delete(name)
    },
  }
}

export const query = (search = '', more: Partial<UsersQuery> = {}): UsersQuery => ({
  search,
  scope: {},
  sort: [],
  ...more,
})

export const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
  for (let turn = 0; !(await done()); turn++) {
    if (turn > 2000) throw new Error('It did not happen.')
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
export const loaded = async (directory: Directory): Promise<LoadProgress> => {
  await until(() => !directory.progress().running)
  return directory.progress()
}

/** Connects, and waits for the first load to end. */
export const connect = async (directory: Directory, client: DirectoryClient): Promise<LoadProgress> => {
  await directory.show(connection)
  directory.attach(client)
  await until(
    () =>
      directory.progress().running ||
      directory.progress().groupsTotal > 0 ||
      directory.progress().failed.length > 0,
  )
  return loaded(directory)
}
export const idsOf = async (directory: Directory, search = ''): Promise<string[]> =>
  (await directory.window(query(search), 0, 500)).rows.map((row) => row.key.userId)
