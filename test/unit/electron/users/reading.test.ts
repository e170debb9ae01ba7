import { describe, expect, it } from 'vitest'
import type { Directory } from '../../../../electron/features/users/directory'
import { createReading } from '../../../../electron/features/users/reading'
import { openMemoryStore } from '../../../../electron/store/store'
import { oops, person } from './fake'
import { connect, connection, everyone, loaded, query, setUp, until } from './set-up'

const unreadOf = async (directory: Directory, search: string, more = {}) =>
  (await directory.window(query(search, more), 0, 5)).unread

const complete = (directory: Directory) =>
  until(async () => {
    const { known, users } = await directory.completeness()
    return known === users && !directory.progress().running
  })

const detailReads = (calls: readonly string[]) => calls.filter((call) => call.startsWith('details '))

describe('what a search and a sort can speak for', () => {
  it('says of how many users a field is known, and what reading the rest takes: one call a group', async () => {
    const { directory, client } = setUp()
    await connect(directory, client)
    const { unread, matched } = await directory.window(query('title:nurse'), 0, 5)
    expect(matched).toBe(0)
    // 2 calls a second, 3 groups.
    expect(unread).toEqual({ labels: ['Title'], users: 32, known: 0, groups: 3, seconds: 1.5 })
    expect(await unreadOf(directory, 'lastName:muller')).toBeUndefined()
    const sort = [{ path: 'title', direction: 'ascending' as const }]
    expect(await unreadOf(directory, '', { sort })).toMatchObject({ labels: ['Title'], known: 0 })
  })

  it('speaks of the chosen group alone, and of no time without a server', async () => {
    const { directory, client } = setUp()
    await connect(directory, client)
    directory.attach(undefined)
    const scope = { serviceProviderId: 'acme', groupId: 'support' }
    expect(await unreadOf(directory, 'has:title', { scope })).toEqual({
      labels: ['Title'],
      users: 1,
      known: 0,
      groups: 1,
    })
  })

  it('mentions words without a field only when nobody was found', async () => {
    const { directory, client } = setUp()
    await connect(directory, client)
    expect(await unreadOf(directory, 'seller')).toBeUndefined()
    expect(await unreadOf(directory, 'nurse')).toMatchObject({ labels: [], users: 32, known: 0 })
  })

  it('reads what was asked for with one call a group, and then speaks for all', async () => {
    const { directory, client, server } = setUp()
    await connect(directory, client)
    directory.readMissing({})
    await complete(directory)
    expect(detailReads(server.calls).sort()).toEqual([
      'details acme/sales',
      'details acme/support',
      'details beta/main',
    ])
    expect(server.calls.some((call) => call.startsWith('user '))).toBe(false)
    expect(await unreadOf(directory, 'title:nurse')).toBeUndefined()
    // What is known is not read again.
    directory.readMissing({})
    await loaded(directory)
    expect(detailReads(server.calls)).toHaveLength(3)
  })

  it('counts nobody who is gone: nothing more can be read of them', async () => {
    const { directory, client, server } = setUp()
    await connect(directory, client)
    server.people = server.people.filter(({ key }) => key.groupId !== 'main')
    server.groups = server.groups.filter((group) => group !== 'beta/main')
    directory.refresh({})
    await loaded(directory)
    expect(await unreadOf(directory, 'title:x')).toMatchObject({ users: 31, groups: 2 })
  })
})

describe('full records by themselves', () => {
  it('come after the list, a group at a time', async () => {
    const { directory, client, server } = setUp(everyone(), undefined, { ahead: true })
    await connect(directory, client)
    await complete(directory)
    expect(detailReads(server.calls)).toHaveLength(3)
    expect(await directory.completeness()).toEqual({
      users: 32,
      known: 32,
      groups: 0,
      seconds: 0,
      choice: 'all',
      stopped: false,
      reading: false,
      partial: false,
    })
  })

  it('do not come from a large server, but are offered', async () => {
    const many = Array.from({ length: 5001 }, (_, n) => person('acme', `g${n % 3}`, `u${n}@acme.example`))
    const { directory, client, server } = setUp(many, undefined, { ahead: true })
    await connect(directory, client)
    await until(async () => (await directory.completeness()).users === 5001)
    expect(await directory.completeness()).toMatchObject({
      known: 0,
      groups: 3,
      seconds: 1.5,
      choice: 'opened',
    })
    expect(detailReads(server.calls)).toEqual([])
    // A group that somebody looks at is what is opened.
    directory.groupOpened({ serviceProviderId: 'acme', groupId: 'g1' })
    await until(async () => (await directory.completeness()).known === 1667)
    expect(detailReads(server.calls)).toEqual(['details acme/g1'])
  })

  it('do not come when that was chosen', async () => {
    const { directory, client, server, store } = setUp(everyone(), undefined, { ahead: true })
    createReading(store).choose(connection.id, 'nothing')
    await connect(directory, client)
    directory.groupOpened({ serviceProviderId: 'acme', groupId: 'support' })
    await until(async () => (await directory.completeness()).choice === 'nothing')
    expect(detailReads(server.calls)).toEqual([])
    directory.chooseReading('all')
    await complete(directory)
    expect(detailReads(server.calls)).toHaveLength(3)
  })

  it('stop when a person stops them, also over a restart, until they are asked for', async () => {
    const store = openMemoryStore()
    const { directory, client, server, make } = setUp(everyone(), store, { ahead: true })
    let open = (): void => {}
    server.gated = 'details'
    server.gate = new Promise<void>((resolve) => {
      open = resolve
    })
    await connect(directory, client).catch(() => {})
    await until(() => detailReads(server.calls).length === 1)
    expect(directory.progress()).toMatchObject({ running: true, phase: 'details', ahead: true })
    directory.cancelLoading()
    open()
    await loaded(directory)
    expect(await directory.completeness()).toMatchObject({ stopped: true, known: 0 })
    await directory.stop()

    const again = make()
    await again.show(connection)
    again.attach(client)
    await again.window(query(), 0, 1)
    expect(await again.completeness()).toMatchObject({ stopped: true, reading: false })
    expect(detailReads(server.calls)).toHaveLength(1)
    again.readMissing({})
    await complete(again)
    expect(await again.completeness()).toMatchObject({ stopped: false, known: 32 })
  })

  it('go on after a restart with what is missing', async () => {
    const { directory, client, server, make } = setUp(everyone(), undefined, { ahead: true })
    let open = (): void => {}
    await connectUntilDetails()
    await directory.stop()
    open()
    const again = make()
    await again.show(connection)
    server.gate = Promise.resolve()
    again.attach(client)
    await complete(again)
    // The first group was here already, or under way; no group came twice as a whole.
    expect(new Set(detailReads(server.calls)).size).toBe(3)

    async function connectUntilDetails() {
      server.gated = 'details acme/support'
      server.gate = new Promise<void>((resolve) => {
        open = resolve
      })
      void connect(directory, client)
      await until(() => server.calls.includes('details acme/support'))
      setTimeout(open, 0)
    }
  })

  it('say which group failed, and try it another time', async () => {
    const { directory, client, server } = setUp(everyone(), undefined, { ahead: true })
    server.failures.set('details acme/support', oops('refused', 'Not now.'))
    await connect(directory, client)
    await until(async () => (await directory.completeness()).known === 31 && !directory.progress().running)
    expect(directory.progress().failed).toMatchObject([{ groupId: 'support', message: 'Not now.' }])
    expect(detailReads(server.calls)).toHaveLength(3)
    server.failures.clear()
    // As when the network comes back, or a while later.
    directory.attach(undefined)
    directory.attach(client)
    await complete(directory)
    expect(detailReads(server.calls)).toHaveLength(4)
  })
})
