import { performance } from 'node:perf_hooks'
import Fuse from 'fuse.js'
import MiniSearch from 'minisearch'
import { nearestSearches } from '../../electron/features/users/index/nearest'
import type { SortKey } from '../../electron/features/users/index/orders'
import { bitsOf, UserIndex } from '../../electron/features/users/index/user-index'
import { createPause, type Pause } from '../../electron/platform/pause'
import { type CachedUser, usersRepository } from '../../electron/store/repositories/users'
import { openMemoryStore, type Store } from '../../electron/store/store'
import type { Glance } from '../../shared/calls/glance'
import { fold } from '../../shared/query/fold'
import { parseQuery } from '../../shared/query/parse'
import type { UserRecord } from '../../shared/user/types'
import { createChance, people, typedQueries } from './people'

/**
 * How long a search takes in the main process: understand, find, sort and read the first window of 60 rows from the
 * database, typed key by key. Beside it MiniSearch, Fuse and SQLite FTS5 (trigram) on the same users and queries, finding
 * only. `npm run bench -- search [sizes…] [--alone]`.
 */
const windowRows = 60
const peersAtMost = 100_000
/** The slow peers get a part of the queries: their figures do not change, the run gets shorter. */
const fuseQueries = 12

interface Timing {
  readonly p50: number
  readonly p95: number
  readonly worst: number
}

const timing = (times: number[]): Timing => {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] as number
  return { p50: at(0.5), p95: at(0.95), worst: sorted.at(-1) as number }
}

const print = (name: string, { p50, p95, worst }: Timing, ours?: Timing): void => {
  const ratio = ours === undefined ? '' : `   ${(p95 / ours.p95).toFixed(1)} × ours at p95`
  console.log(
    `  ${name.padEnd(34)} p50 ${p50.toFixed(2).padStart(8)} ms   p95 ${p95.toFixed(2).padStart(8)} ms   worst ${worst.toFixed(2).padStart(8)} ms${ratio}`,
  )
}

const measured = async (queries: readonly string[], run: (query: string) => unknown): Promise<Timing> => {
  const times: number[] = []
  for (const query of queries) {
    const from = performance.now()
    await run(query)
    times.push(performance.now() - from)
  }
  return timing(times)
}

const sortings: readonly (readonly SortKey[])[] = [
  [],
  [{ path: 'phoneNumber', direction: 'ascending' }],
  [{ path: 'emailAddress', direction: 'descending' }],
]

const flat = ({ key, fields }: UserRecord): Record<string, string> => ({
  id: key.userId,
  first: fold(String(fields.firstName ?? '')),
  last: fold(String(fields.lastName ?? '')),
  phone: String(fields.phoneNumber ?? '').replace(/\D/g, ''),
  extension: String(fields.extension ?? ''),
  email: fold(String(fields.emailAddress ?? '')),
  department: fold(String(fields.departmentFullPath ?? '')),
  group: fold(key.groupId),
})

const benchPeers = async (
  users: readonly UserRecord[],
  queries: readonly string[],
  ours: Timing,
): Promise<void> => {
  const documents = users.map(flat)
  const names = Object.keys(documents[0] ?? {})

  let from = performance.now()
  const mini = new MiniSearch({ fields: names, storeFields: [] })
  mini.addAll(documents)
  console.log(`  MiniSearch built in ${(performance.now() - from).toFixed(0)} ms`)
  print(
    'MiniSearch (prefix, and)',
    await measured(queries, (query) => mini.search(fold(query), { prefix: true, combineWith: 'AND' })),
    ours,
  )

  from = performance.now()
  const store = openMemoryStore()
  store.exec(`CREATE VIRTUAL TABLE found USING fts5 (text, tokenize = 'trigram')`)
  store.transaction(() => {
    for (const document of documents) {
      store.run('INSERT INTO found (text) VALUES (?)', names.map((name) => document[name]).join('\n'))
    }
  })
  console.log(`  FTS5 built in ${(performance.now() - from).toFixed(0)} ms`)
  print(
    'SQLite FTS5 trigram',
    await measured(queries, (query) => {
      const words = fold(query).split(' ')
      // The trigram index knows nothing shorter than three characters: then it is a scan, as it is for everybody who uses it.
      if (words.some((word) => [...word].length < 3)) {
        return store.rows(
          `SELECT rowid FROM found WHERE ${words.map(() => 'text LIKE ?').join(' AND ')}`,
          ...words.map((word) => `%${word}%`),
        )
      }
      return store.rows(
        'SELECT rowid FROM found WHERE found MATCH ?',
        words.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '),
      )
    }),
    ours,
  )
  store.close()

  from = performance.now()
  const fuse = new Fuse(documents, { keys: names, threshold: 0.2, ignoreLocation: true })
  console.log(`  Fuse built in ${(performance.now() - from).toFixed(0)} ms`)
  const some = queries.filter((_, place) => place % Math.ceil(queries.length / fuseQueries) === 0)
  print(
    `Fuse (${some.length} of the queries)`,
    await measured(some, (query) => fuse.search(fold(query))),
    ours,
  )
}

/** A name with two of its letters swapped: nobody is found, and the names near to it are looked for. */
const benchNearest = async (
  index: UserIndex,
  users: readonly UserRecord[],
  queries: readonly string[],
  pause: Pause,
): Promise<void> => {
  const mistyped = users
    .map(({ fields }) => String(fields.lastName ?? ''))
    .filter((name) => /^\p{L}{5,}$/u.test(name))
    .slice(0, 100)
    .map((name) => `${name.slice(0, 2)}${name.charAt(3)}${name.charAt(2)}${name.slice(4)}`)
  const count = async (text: string) => (await index.search(parseQuery(text), {}, [], pause)).length
  const plain = await measured(queries.slice(0, 100), count)
  let offered = 0
  const near = await measured(mistyped, async (text) => {
    const found = await nearestSearches(text, { words: () => index.nameWords({}), count, pause })
    if (found.length > 0) offered++
  })
  print('the names nearest to a mistyped one', near)
  console.log(
    `  beside a plain search ${plain.p95.toFixed(2)} ms at p95: ratio ${(near.p95 / plain.p95).toFixed(1)}; something offered for ${offered} of ${mistyped.length}`,
  )
}

/**
 * Who is forwarded out of the enterprise, beside a plain search: what call handling adds to the memory, what it takes to find out
 * where all forwardings lead (the first time, and after a user's number has changed), and to search when that is known.
 */
const benchForwarded = async (
  index: UserIndex,
  store: Store,
  queries: readonly string[],
  pause: Pause,
): Promise<void> => {
  const repository = usersRepository(store)
  const chance = createChance(11)
  index.forgetSearches()
  index.trim()
  const before = index.size
  let numbers: string[] = []
  let users = 0
  let last: CachedUser | undefined
  for (let after = 0; ; ) {
    const some = repository.after('c', after, 1000)
    for (const user of some) {
      const { fields } = user.record
      // One in five is forwarded: half of them to an extension, a quarter each to a colleague's number and to anybody's.
      const kind = chance.below(20)
      const to =
        kind < 2
          ? String(1000 + chance.below(600))
          : kind < 3
            ? (numbers[chance.below(numbers.length)] ?? '1234')
            : kind < 4
              ? `+44207${String(1_000_000 + chance.below(9_000_000))}`
              : undefined
      const calls: Glance = {
        forwards: to === undefined ? [] : [{ to, when: kind % 2 === 0 ? 'always' : 'busy' }],
        doNotDisturb: chance.below(20) === 0 ? 'on' : 'off',
        voiceMail: chance.below(10) === 0 ? 'none' : 'on',
        remoteOffice: chance.below(50) === 0 ? 'on' : 'off',
      }
      index.setCalls(user.id, calls, user.record)
      if (typeof fields.phoneNumber === 'string') numbers.push(fields.phoneNumber)
      after = user.id
      last = user
      users++
    }
    numbers = numbers.slice(-5000)
    if (some.length < 1000) break
  }
  index.trim()
  console.log(`  call handling of all: ${((index.size - before) / users).toFixed(1)} bytes a user more`)
  const run = async (text: string) => {
    const rows = await index.search(parseQuery(text), {}, [], pause)
    repository.byIds([...rows.subarray(0, windowRows)].map((row) => index.idOf(row)))
    return rows.length
  }
  const search = 'forwarded:outside'
  const found = await run(search)
  const anew: number[] = []
  for (let time = 0; time < 20 && last !== undefined; time++) {
    const { id, record } = last
    const phoneNumber = `+1-555${String(1_000_000 + time)}`
    index.set(id, { ...record, fields: { ...record.fields, phoneNumber } }, bitsOf(['row']))
    // The usual order is made again as well, which is measured elsewhere.
    await index.prepare([], pause)
    const from = performance.now()
    await run(search)
    anew.push(performance.now() - from)
  }
  print('forwarded:outside, found out anew', timing(anew))
  const some = queries.filter(({ length }) => length >= 4).slice(0, 200)
  const fresh = (text: string) => {
    index.forgetSearches()
    return run(text)
  }
  const plain = await measured(some, fresh)
  const alone = await measured(
    some.map(() => search),
    fresh,
  )
  const both = await measured(
    some.map((query) => `${search} ${query}`),
    fresh,
  )
  print('plain searches, pasted', plain)
  print(`forwarded:outside (${found} users)`, alone)
  print('forwarded:outside and these', both)
  console.log(
    `  p95 beside the plain search: ${(alone.p95 / plain.p95).toFixed(2)} alone, ${(both.p95 / plain.p95).toFixed(2)} combined`,
  )
}

const bench = async (size: number, alone: boolean): Promise<void> => {
  console.log(`\n${size.toLocaleString('en')} users`)
  const store = openMemoryStore()
  const repository = usersRepository(store)
  const users: UserRecord[] = []
  let portion: UserRecord[] = []
  for (const user of people(size)) {
    if (size <= peersAtMost || users.length < peersAtMost) users.push(user)
    portion.push(user)
    if (portion.length === 1000) {
      repository.putMany('c', portion, 1)
      portion = []
    }
  }
  repository.putMany('c', portion, 1)

  const index = new UserIndex('en')
  const pause = createPause(() => performance.now(), 1e9)
  let from = performance.now()
  for (let last = 0; ; ) {
    const some = repository.after('c', last, 1000)
    for (const { id, record } of some) {
      index.set(id, record, bitsOf(['row']))
      last = id
    }
    if (some.length < 1000) break
  }
  index.trim()
  console.log(
    `  index built in ${(performance.now() - from).toFixed(0)} ms, ${(index.size / size).toFixed(0)} bytes a user`,
  )
  for (const sort of sortings) {
    from = performance.now()
    await index.prepare(sort, pause)
    console.log(`  first sort by ${sort[0]?.path ?? 'name'}: ${(performance.now() - from).toFixed(0)} ms`)
  }
  from = performance.now()
  await index.prepareSearch(pause)
  console.log(`  prepared for searches in ${(performance.now() - from).toFixed(0)} ms`)
  console.log(`  with orders ${(index.size / size).toFixed(0)} bytes a user`)

  const queries = typedQueries(users, 400)
  const run = async (query: string, sort: readonly SortKey[]): Promise<number> => {
    const rows = await index.search(parseQuery(query), {}, sort, pause)
    repository.byIds([...rows.subarray(0, windowRows)].map((row) => index.idOf(row)))
    return rows.length
  }
  for (const query of queries.slice(0, 50)) await run(query, [])
  const all: number[] = []
  let ours: Timing | undefined
  for (const sort of sortings) {
    let place = 0
    const times: number[] = []
    for (const query of queries) {
      const begun = performance.now()
      await run(query, sort)
      times.push(performance.now() - begun)
      all.push(times[place++] as number)
    }
    const one = timing(times)
    ours ??= one
    print(`Gungnir, by ${sort[0]?.path ?? 'name'}`, one)
  }
  const every = timing(all)
  print(`Gungnir, ${all.length} searches`, every)
  const limit = limitOf(size)
  console.log(
    `  p95 beside limit: ${limit.toFixed(1)} ms, ratio ${(every.p95 / limit).toFixed(2)}  (aim: ≤ 1)`,
  )
  if (process.argv.includes('--slow')) {
    const slow: [number, string][] = []
    for (const query of queries) {
      const begun = performance.now()
      const n = await run(query, [])
      slow.push([performance.now() - begun, `${query} (${n})`])
    }
    console.log(slow.sort((a, b) => b[0] - a[0]).slice(0, 25))
  }
  // Pasted, not typed: nothing was found before that could be narrowed down.
  const pasted = queries.filter(({ length }) => length >= 4)
  print(
    'Gungnir, pasted',
    await measured(pasted, async (query) => {
      index.forgetSearches()
      await run(query, [])
    }),
  )
  await benchNearest(index, users, queries, pause)
  await benchForwarded(index, store, queries, pause)
  if (!alone && size <= peersAtMost && ours !== undefined) await benchPeers(users, queries, ours)
  store.close()
}

/** A search may take this long at the 95th percentile: 8 ms at 100,000 users, 80 ms at 1,000,000. */
const limitOf = (size: number): number => Math.max(8, (size / 1_000_000) * 80)

export default async function search(sizes: readonly number[]): Promise<void> {
  for (const size of sizes.length === 0 ? [1_000, 10_000, 100_000] : sizes) {
    await bench(size, process.argv.includes('--alone'))
  }
}
