import { describe, expect, it } from 'vitest'
import { type Arrivals, createArrivals, type Received } from '../../../../electron/features/users/arrivals'
import type { GroupRead } from '../../../../electron/features/users/cache-writer'
import type { Directory } from '../../../../electron/features/users/directory'
import type { Bundle, Log, SealedFiles } from '../../../../electron/platform/ports'
import { arrivalsRepository } from '../../../../electron/store/repositories/arrivals'
import { groupsRepository } from '../../../../electron/store/repositories/groups'
import { usersRepository } from '../../../../electron/store/repositories/users'
import { openMemoryStore } from '../../../../electron/store/store'
import { oops, person } from './fake'
import { connect, connection, everyone, idsOf, loaded, query, setUp, until } from './set-up'

/** As connected, with everything read from the server and nothing yet taken into the cache. */
const arrived = async (people = everyone()) => {
  const all = setUp(people)
  const { files, directory, client } = all
  let open = (): void => {}
  files.gated = 'arrival'
  files.gate = new Promise((resolve) => {
    open = () => resolve(undefined)
  })
  await directory.show(connection)
  directory.attach(client)
  await until(() => directory.progress().groupsTotal > 0)
  await until(() => directory.progress().groupsHere === directory.progress().groupsTotal)
  return { ...all, takeIn: open }
}

/** The app anew, on what a crash has left of it. */
const afterCrash = async ({ make, files }: Pick<ReturnType<typeof setUp>, 'make' | 'files'>) => {
  files.gated = 'none'
  const next = make()
  await next.show(connection)
  return next
}
const total = async (directory: Directory): Promise<number> => (await directory.window(query(), 0, 1)).total
const anna = { serviceProviderId: 'acme', groupId: 'support', userId: 'anna@acme.example' }
const verified = {
  ...person('acme', 'support', anna.userId, { lastName: 'Verified' }),
  completeness: 'full' as const,
}

describe('what arrived', () => {
  it('lies on the disk before it is in the list, and not any more once it is', async () => {
    const { directory, files, store, takeIn } = await arrived()
    expect(directory.progress()).toMatchObject({
      running: true,
      groupsHere: 3,
      groupsDone: 0,
      groupsTotal: 3,
      users: 0,
    })
    expect(files.arrivals()).toHaveLength(3)
    expect(arrivalsRepository(store).list('c1')).toHaveLength(3)
    expect(await total(directory)).toBe(0)
    takeIn()
    expect(await loaded(directory)).toMatchObject({ groupsHere: 3, groupsDone: 3, users: 32, failed: [] })
    expect(await total(directory)).toBe(32)
    expect(files.arrivals()).toEqual([])
    expect(arrivalsRepository(store).list('c1')).toEqual([])
  })

  it('comes into the list although the network is gone', async () => {
    const { directory, takeIn } = await arrived()
    directory.attach(undefined)
    await loaded(directory)
    takeIn()
    await until(() => directory.summary().users === 32)
    expect(await idsOf(directory, 'odegard')).toEqual(['zoe@beta.example'])
  })

  it('comes into the list after a crash, without a network, and is not read again with one', async () => {
    const all = await arrived()
    const next = await afterCrash(all)
    await until(() => next.summary().users === 32)
    expect(await idsOf(next, 'odegard')).toEqual(['zoe@beta.example'])
    all.server.calls.length = 0
    next.attach(all.client)
    await until(() => all.server.calls.length > 0)
    expect(await loaded(next)).toMatchObject({ groupsHere: 3, groupsDone: 3, groupsTotal: 3, failed: [] })
    expect(all.server.calls.filter((call) => call.startsWith('users'))).toEqual([])
    expect(all.files.arrivals()).toEqual([])
  })

  it('is taken in while the load that was cut off by the crash goes on with the rest', async () => {
    const all = setUp()
    all.server.failures.set('users beta/main', oops('not-sent', 'No network.'))
    all.files.gated = 'arrival'
    all.files.gate = new Promise(() => {})
    await all.directory.show(connection)
    all.directory.attach(all.client)
    await until(() => all.files.arrivals().length === 2)
    all.server.failures.clear()
    all.server.calls.length = 0
    all.files.gated = 'none'
    const next = all.make()
    const progress = await connect(next, all.client)
    expect(progress).toMatchObject({ groupsDone: 3, groupsTotal: 3, failed: [] })
    expect(all.server.calls.filter((call) => call.startsWith('users'))).toEqual(['users beta/main'])
    expect(await total(next)).toBe(32)
  })

  it('does not overwrite what was verified since', async () => {
    const { directory, store, takeIn } = await arrived()
    usersRepository(store).put('c1', verified, 1_700_000_000_000)
    directory.userStored('c1', verified)
    takeIn()
    await loaded(directory)
    expect(await idsOf(directory, 'verified')).toEqual([anna.userId])
    expect(await idsOf(directory, 'müller')).toEqual([])
  })

  it('does not overwrite what was verified since, in the run of the app before', async () => {
    const all = await arrived()
    usersRepository(all.store).put('c1', verified, all.time.wall + 1)
    const next = await afterCrash(all)
    await until(() => all.files.arrivals().length === 0)
    expect(await total(next)).toBe(32)
    expect(await idsOf(next, 'verified')).toEqual([anna.userId])
    expect(await idsOf(next, 'müller')).toEqual([])
  })

  it('tells in the next run who is gone, but not of those who were read since', async () => {
    const all = setUp()
    const repository = usersRepository(all.store)
    for (const [userId, readAt] of [
      ['old@acme.example', 1],
      ['new@acme.example', 5000],
    ] as const)
      repository.put('c1', person('acme', 'sales', userId), all.time.wall + readAt - 2)
    all.files.gated = 'arrival'
    all.files.gate = new Promise(() => {})
    await all.directory.show(connection)
    all.directory.attach(all.client)
    await until(() => all.files.arrivals().length === 3)
    const next = await afterCrash(all)
    await until(() => all.files.arrivals().length === 0)
    expect(await idsOf(next, 'is:gone')).toEqual(['old@acme.example'])
  })

  it('does not bring back who was renamed since', async () => {
    const { directory, server, takeIn } = await arrived()
    server.people = server.people.map((one) =>
      one.key.userId === anna.userId ? { ...one, key: { ...one.key, userId: 'anne@acme.example' } } : one,
    )
    await directory.replaced(anna, { ...anna, userId: 'anne@acme.example' })
    takeIn()
    await loaded(directory)
    expect(await idsOf(directory, 'müller')).toEqual(['anne@acme.example'])
  })

  it('that cannot be read back is said, and read again by the next load', async () => {
    const { directory, files, server, takeIn } = await arrived()
    for (const name of files.arrivals()) if (name.includes('support')) files.kept.delete(name)
    takeIn()
    expect((await loaded(directory)).failed).toEqual([
      {
        serviceProviderId: 'acme',
        groupId: 'support',
        message: 'What the server sent could not be read back from the disk.',
      },
    ])
    expect(await total(directory)).toBe(31)
    server.calls.length = 0
    directory.refresh({})
    await loaded(directory)
    expect(await total(directory)).toBe(32)
  })

  it('that cannot be read back after a crash is read again', async () => {
    const all = await arrived()
    for (const name of all.files.arrivals()) if (name.includes('support')) all.files.kept.delete(name)
    const next = await afterCrash(all)
    await until(() => all.files.arrivals().length === 0)
    all.server.calls.length = 0
    next.attach(all.client)
    await until(() => all.server.calls.length > 0)
    await loaded(next)
    expect(all.server.calls.filter((call) => call.startsWith('users'))).toEqual(['users acme/support'])
    expect(await total(next)).toBe(32)
  })

  it('gives way to the full records of the same group', async () => {
    const all = setUp(everyone(), undefined, { ahead: true })
    all.files.gated = 'arrival'
    let open = (): void => {}
    all.files.gate = new Promise((resolve) => {
      open = () => resolve(undefined)
    })
    await all.directory.show({ ...connection, demo: true })
    all.directory.attach(all.client)
    await until(
      () => all.directory.progress().phase === 'details' && all.directory.progress().groupsHere === 3,
    )
    // The first list is being taken in; the others were replaced.
    expect(all.files.arrivals().filter((name) => name.endsWith('row'))).toHaveLength(1)
    open()
    expect(await loaded(all.directory)).toMatchObject({
      phase: 'details',
      groupsDone: 3,
      users: 32,
      failed: [],
    })
    expect(await idsOf(all.directory, 'title:known anna')).toEqual([anna.userId])
    expect(all.files.arrivals()).toEqual([])
    expect(
      groupsRepository(all.store)
        .list('c1')
        .map(({ readBy, detailedBy }) => [readBy, detailedBy]),
    ).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ])
  })

  it('of another connection waits until that is shown again', async () => {
    const { directory, files, takeIn } = await arrived()
    files.gated = 'none'
    const showing = directory.show({ id: 'c2', demo: false, callsPerSecond: 5 })
    takeIn()
    await showing
    directory.attach(undefined)
    expect(files.arrivals()).toHaveLength(3)
    await directory.show(connection)
    await until(() => files.arrivals().length === 0)
    expect(await total(directory)).toBe(32)
  })

  it('goes with its connection, and what a crash left behind with the next start', async () => {
    const all = await arrived()
    all.files.kept.set('arrival of nobody', { facts: {}, arrays: [] })
    all.files.gate = Promise.resolve()
    const next = all.make()
    await next.show({ id: 'c2', demo: false, callsPerSecond: 5 })
    expect(all.files.arrivals()).toHaveLength(3)
    await next.forget('c1')
    expect(all.files.arrivals()).toEqual([])
    expect(arrivalsRepository(all.store).list('c1')).toEqual([])
  })

  it('that cannot be written ends the load in words', async () => {
    const all = setUp()
    all.files.failing = 'arrival'
    const progress = await connect(all.directory, all.client)
    expect(progress.failed.map(({ message }) => message)).toContain(
      'Loading stopped: the database could not be written.',
    )
    all.files.failing = 'none'
    all.directory.refresh({})
    expect(await loaded(all.directory)).toMatchObject({ groupsDone: 3, failed: [] })
    expect(await total(all.directory)).toBe(32)
  })

  it('that the database does not take stays on the disk, and the load ends in words', async () => {
    const { directory, files, store, takeIn, time } = await arrived()
    store.exec("CREATE TRIGGER full BEFORE INSERT ON users BEGIN SELECT raise(ABORT, 'full'); END")
    takeIn()
    expect((await loaded(directory)).failed.map(({ message }) => message)).toEqual([
      'Loading stopped: the database could not be written.',
    ])
    expect(files.arrivals()).toHaveLength(3)
    store.exec('DROP TRIGGER full')
    time.wall += 1
    directory.refresh({})
    expect(await loaded(directory)).toMatchObject({ groupsDone: 3, failed: [] })
    expect(await total(directory)).toBe(32)
    expect(files.arrivals()).toEqual([])
  })
})

describe('what arrives side by side', () => {
  it('is not read again when the load goes on while it is being written', async () => {
    const all = setUp()
    let open = (): void => {}
    all.files.writeGated = 'support'
    all.files.gate = new Promise((resolve) => {
      open = () => resolve(undefined)
    })
    await all.directory.show(connection)
    all.directory.attach(all.client)
    await until(() => all.directory.progress().groupsDone === 2)
    all.directory.attach(undefined)
    await loaded(all.directory)
    all.directory.attach(all.client)
    await until(() => all.directory.progress().running)
    open()
    expect(await loaded(all.directory)).toMatchObject({ groupsHere: 3, groupsDone: 3, failed: [] })
    expect(all.server.calls.filter((call) => call === 'users acme/support')).toHaveLength(1)
    expect((await all.directory.window(query(), 0, 1)).total).toBe(32)
  })

  it('is read in full only when its list is on the disk', async () => {
    const all = setUp(everyone(), undefined, { ahead: true })
    let open = (): void => {}
    all.files.writeGated = 'support'
    all.files.gate = new Promise((resolve) => {
      open = () => resolve(undefined)
    })
    await all.directory.show({ ...connection, demo: true })
    all.directory.attach(all.client)
    await until(() => all.files.arrivals().length === 0 && all.directory.progress().groupsDone === 2)
    expect(all.directory.progress()).toMatchObject({ phase: 'list', groupsHere: 2, running: true })
    all.files.writeGated = 'none'
    open()
    expect(await loaded(all.directory)).toMatchObject({ phase: 'details', groupsHere: 3, groupsDone: 3 })
    expect((await all.directory.window(query(), 0, 50)).rows.map((row) => row.completeness)).toEqual(
      Array.from({ length: 32 }, () => 'full'),
    )
  })
})

describe('who reads faster than the cache takes in', () => {
  const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }

  const make = (mostBytes: number) => {
    const store = openMemoryStore()
    const kept = new Map<string, Bundle>()
    const files: SealedFiles = {
      read: async (name) => kept.get(name),
      write: async (name, bundle) => {
        if (writes.held) await new Promise<void>((resolve) => writes.waiting.push(resolve))
        kept.set(name, bundle)
      },
      remove: async (name) => void kept.delete(name),
      sweep: async () => {},
    }
    const writes = { held: false, waiting: [] as (() => void)[] }
    const waiting: (() => void)[] = []
    const taken: GroupRead[] = []
    const arrivals: Arrivals = createArrivals({
      store,
      files,
      log: silent,
      writer: {
        writeGroup: async (read) => {
          await new Promise<void>((resolve) => waiting.push(resolve))
          taken.push(read)
        },
      },
      onTaken: () => {},
      onIdle: () => {},
      mostBytes,
    })
    arrivals.open('c1')
    return { arrivals, waiting, taken, writes }
  }

  const read = (groupId: string): Received => {
    const group = { serviceProviderId: 'acme', groupId }
    const text = JSON.stringify([{ ...group, userId: `${groupId}@x` }])
    return {
      ...group,
      detailed: false,
      load: 1,
      askedAt: 1,
      askedMono: 1,
      sent: { bytes: Buffer.from(text), group },
    }
  }
  const told = { onKept: () => {}, onTaken: () => {}, onFailed: () => {} }

  it('waits when too much lies there, and goes on when there is room', async () => {
    const { arrivals, waiting, taken } = make(150)
    await arrivals.keep('c1', read('a'), told)
    await arrivals.keep('c1', read('b'), told)
    let kept = false
    const third = arrivals.keep('c1', read('c'), told).then(() => {
      kept = true
    })
    await until(() => waiting.length === 1)
    expect(kept).toBe(false)
    waiting.shift()?.()
    await third
    await until(() => waiting.length === 1)
    waiting.shift()?.()
    await until(() => waiting.length === 1)
    waiting.shift()?.()
    await arrivals.settled()
    expect(taken.map(({ group }) => group.groupId)).toEqual(['a', 'b', 'c'])
  })

  it('keeps what was asked for last, whichever is written first', async () => {
    const { arrivals, waiting, taken, writes } = make(1_000_000)
    writes.held = true
    const list = { ...read('a'), askedMono: 1 }
    const full = { ...read('a'), askedMono: 2, detailed: true }
    await arrivals.keep('c1', list, told)
    await arrivals.keep('c1', full, told)
    await until(() => writes.waiting.length === 2)
    writes.waiting[1]?.()
    await until(() => waiting.length === 1)
    writes.waiting[0]?.()
    await arrivals.written()
    waiting.shift()?.()
    await arrivals.settled()
    expect(taken.map(({ detailed }) => detailed)).toEqual([true])
  })

  it('does not wait for what is stopped', async () => {
    const { arrivals, waiting } = make(10)
    const keeping = arrivals.keep('c1', read('a'), told)
    await until(() => waiting.length === 1)
    const closing = arrivals.close()
    waiting.shift()?.()
    await Promise.all([keeping, closing])
    expect(arrivals.busy).toBe(false)
  })
})
