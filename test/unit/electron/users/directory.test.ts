import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Directory } from '../../../../electron/features/users/directory'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { usersRepository } from '../../../../electron/store/repositories/users'
import { openStore } from '../../../../electron/store/store'
import { entry, folder, key } from '../store/support'
import { fakeServer, oops, person } from './fake'
import { connect, connection, everyone, idsOf, loaded, query, setUp, until } from './set-up'

describe('loading', () => {
  it('reads every group that the sign-in sees the first time, three side by side', async () => {
    const { directory, client, server, emitted } = setUp()
    const progress = await connect(directory, client)
    expect(progress).toMatchObject({ running: false, groupsDone: 3, groupsTotal: 3, users: 32, failed: [] })
    expect(server.mostAtOnce).toBeLessThanOrEqual(3)
    expect(await directory.window(query(), 0, 5)).toMatchObject({ matched: 32, total: 32, start: 0 })
    expect(await idsOf(directory, 'odegard')).toEqual(['zoe@beta.example'])
    expect(emitted.some(({ event }) => event === 'users.changed')).toBe(true)
    expect(emitted.filter(({ event }) => event === 'users.progress').length).toBeGreaterThan(3)
    expect(directory.summary()).toMatchObject({ users: 32, dataAsOf: 1_700_000_000_000 })
  })

  it('finds users by the name of their group', async () => {
    const { directory, client } = setUp()
    await connect(directory, client)
    expect(await idsOf(directory, 'group:"The support"')).toEqual(['anna@acme.example'])
    expect(await directory.scopes()).toContainEqual({
      serviceProviderId: 'acme',
      serviceProviderName: 'acme Inc.',
      groupId: 'support',
      groupName: 'The support',
      users: 1,
      unread: 1,
      readAt: 1_700_000_000_000,
    })
  })

  it('does not load again when it is all here', async () => {
    const { directory, client, server, make } = setUp()
    await connect(directory, client)
    await directory.stop()
    const calls = server.calls.length
    const again = make()
    await again.show(connection)
    again.attach(client)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(server.calls.length).toBe(calls)
    expect((await again.window(query(), 0, 1)).total).toBe(32)
  })

  it('tells new, changed and gone users apart on a refresh', async () => {
    const { directory, client, server, time } = setUp()
    await connect(directory, client)
    server.people = server.people
      .filter(({ key: { userId } }) => userId !== 's3@acme.example')
      .map((one) =>
        one.key.userId === 'anna@acme.example'
          ? { ...one, fields: { ...one.fields, lastName: 'Muster' } }
          : one,
      )
    server.people.push(person('acme', 'sales', 'new@acme.example', { lastName: 'Newcomer' }))
    time.wall += 1000
    directory.refresh({})
    await loaded(directory)
    expect(await idsOf(directory, 'is:gone')).toEqual(['s3@acme.example'])
    expect(await idsOf(directory, 'newcomer')).toEqual(['new@acme.example'])
    expect(await idsOf(directory, 'muster')).toEqual(['anna@acme.example'])
    expect((await directory.window(query('is:gone'), 0, 1)).rows[0]?.state).toBe('gone')
    expect(await directory.dismissGone()).toBe(1)
    expect((await directory.window(query(), 0, 1)).total).toBe(32)
    server.people.push(person('acme', 'sales', 's3@acme.example', { lastName: 'Back' }))
    directory.refresh({})
    await loaded(directory)
    expect(await idsOf(directory, 'back')).toEqual(['s3@acme.example'])
  })

  it('knows a user in whatever letters a list or a single read spells the id', async () => {
    const { directory, client, server, time } = setUp()
    await connect(directory, client)
    server.people = server.people.map((one) =>
      one.key.userId === 'anna@acme.example'
        ? {
            ...one,
            key: { ...one.key, userId: 'Anna@ACME.example' },
            fields: { ...one.fields, title: 'Boss' },
          }
        : one,
    )
    time.wall += 1000
    directory.refresh({})
    await loaded(directory)
    expect(await idsOf(directory, 'is:gone')).toEqual([])
    expect(await idsOf(directory, 'müller')).toEqual(['anna@acme.example'])
    expect((await directory.window(query(), 0, 1)).total).toBe(32)
    const key = { serviceProviderId: 'acme', groupId: 'support', userId: 'anna@acme.example' }
    server.people = server.people.map((one) =>
      one.key.userId === 'Anna@ACME.example'
        ? { ...one, key: { ...one.key, userId: 'anna@acme.example' } }
        : one,
    )
    const spelled = client.user
    client.user = async (userId, options) => {
      const answer = await spelled(userId, options)
      return answer.ok
        ? { ...answer, value: { ...answer.value, key: { ...answer.value.key, userId: 'ANNA@acme.example' } } }
        : answer
    }
    await directory.details(key, true)
    expect(await idsOf(directory, 'müller')).toEqual(['anna@acme.example'])
    expect((await directory.window(query(), 0, 1)).total).toBe(32)
  })

  it('never takes users for gone because a read failed or was not understood', async () => {
    const { directory, client, server } = setUp([
      ...everyone(),
      person('acme', 'support', 'bert@acme.example'),
    ])
    await connect(directory, client)
    server.failures.set('users acme/sales', oops('refused', 'Not now.'))
    server.unreadable.add('acme/support')
    server.failures.set('groups beta', oops('refused', 'No list.'))
    directory.refresh({})
    const progress = await loaded(directory)
    expect(progress.failed.map(({ groupId, message }) => [groupId, message]).sort()).toEqual([
      ['', 'No list.'],
      ['sales', 'Not now.'],
    ])
    expect(await idsOf(directory, 'is:gone')).toEqual([])
  })

  it('takes the users of a deleted group for gone once the list without it was read', async () => {
    const { directory, client, server } = setUp()
    await connect(directory, client)
    server.people = server.people.filter(({ key: { groupId } }) => groupId !== 'support')
    server.groups = server.groups.filter((group) => group !== 'acme/support')
    directory.refresh({ serviceProviderId: 'acme' })
    await loaded(directory)
    expect(await idsOf(directory, 'is:gone')).toEqual(['anna@acme.example'])
  })

  it('does not lose a user who moved to another group', async () => {
    const { directory, client, server } = setUp()
    await connect(directory, client)
    server.people = server.people.map((one) =>
      one.key.userId === 'anna@acme.example' ? { ...one, key: { ...one.key, groupId: 'sales' } } : one,
    )
    directory.refresh({})
    await loaded(directory)
    expect(await idsOf(directory, 'is:gone')).toEqual([])
    expect((await directory.window(query('anna'), 0, 1)).rows[0]?.key.groupId).toBe('sales')
    expect(
      (await directory.window(query('', { scope: { serviceProviderId: 'acme', groupId: 'sales' } }), 0, 1))
        .matched,
    ).toBe(31)
  })

  it('tries a group again that the server could not answer for', async () => {
    const { directory, client, server } = setUp()
    server.failures.set('users acme/sales', oops('unknown'))
    await directory.show(connection)
    directory.attach(client)
    await until(() => server.calls.filter((call) => call === 'users acme/sales').length === 1)
    server.failures.clear()
    const progress = await loaded(directory)
    expect(progress).toMatchObject({ failed: [], users: 32 })
  })

  it('stops when the network is gone, and later reads only what is missing, even in a new run of the app', async () => {
    const { directory, client, server, make } = setUp()
    server.failures.set('users acme/support', oops('not-sent', 'No network.'))
    server.failures.set('users beta/main', oops('not-sent', 'No network.'))
    const cut = await connect(directory, client)
    expect(cut.failed.map(({ message }) => message)).toContain('No network.')
    await directory.stop()
    expect((await directory.window(query(), 0, 1)).total).toBe(30)

    server.failures.clear()
    server.calls.length = 0
    const next = make()
    const progress = await connect(next, client)
    expect(progress).toMatchObject({ groupsDone: 3, groupsTotal: 3, failed: [] })
    expect(server.calls.filter((call) => call.startsWith('users'))).toEqual([
      'users acme/support',
      'users beta/main',
    ])
    expect((await next.window(query(), 0, 1)).total).toBe(32)
  })

  it('cancelled, keeps what was read, and does not go on by itself', async () => {
    const { directory, client, server } = setUp()
    let open = (): void => {}
    await directory.show(connection)
    server.gate = new Promise((resolve) => {
      open = () => resolve(undefined)
    })
    directory.attach(client)
    await until(() => server.calls.length > 0)
    directory.cancelLoading()
    open()
    await loaded(directory)
    server.gate = Promise.resolve()
    const calls = server.calls.length
    directory.attach(undefined)
    expect((await directory.window(query(), 0, 1)).total).toBe(0)
    expect(server.calls.length).toBe(calls)
  })

  it.each([
    ['Group', { serviceProviderId: 'acme', groupId: 'sales' }, ['users acme/sales'], 30],
    ['Group Department', { serviceProviderId: 'acme', groupId: 'sales' }, ['users acme/sales'], 30],
    [
      'Service Provider',
      { serviceProviderId: 'acme' },
      ['groups acme', 'users acme/sales', 'users acme/support'],
      31,
    ],
    [
      'User',
      { serviceProviderId: 'acme', groupId: 'support', userId: 'anna@acme.example' },
      ['user anna@acme.example'],
      1,
    ],
  ])('as %s reads only what that may see', async (loginType, ids, calls, count) => {
    const { directory, client, server } = setUp()
    server.session = { ...server.session, isSystemAdmin: false, loginType, ...ids }
    const progress = await connect(directory, client)
    expect(progress.failed).toEqual([])
    expect(server.calls).toEqual(calls)
    expect((await directory.window(query(), 0, 1)).total).toBe(count)
  })

  it('reads full records of everybody for the demo server, and of groups taken offline', async () => {
    const { client, server, directory } = setUp()
    await directory.show({ id: 'demo', demo: true, callsPerSecond: 100 })
    directory.attach(client)
    await until(() => directory.progress().phase === 'details')
    await loaded(directory)
    expect((await directory.window(query('is:full'), 0, 1)).matched).toBe(32)
    expect(await idsOf(directory, 'title:known anna')).toEqual(['anna@acme.example'])

    const other = setUp()
    await connect(other.directory, other.client)
    expect((await other.directory.window(query('is:full'), 0, 1)).matched).toBe(0)
    other.directory.takeOffline({ serviceProviderId: 'acme', groupId: 'support' }, true)
    await until(() => other.server.calls.includes('details acme/support'))
    await loaded(other.directory)
    expect((await other.directory.window(query('is:full'), 0, 1)).matched).toBe(1)
    expect((await other.directory.scopes()).find(({ groupId }) => groupId === 'support')).toMatchObject({
      offline: true,
    })
    expect(server.calls).toContain('details beta/main')
  })

  it('keeps a full record when a list row comes in, with what is new in the row', async () => {
    const { directory, client, server } = setUp()
    await connect(directory, client)
    await directory.details(
      { serviceProviderId: 'acme', groupId: 'support', userId: 'anna@acme.example' },
      true,
    )
    server.people = server.people.map((one) =>
      one.key.userId === 'anna@acme.example'
        ? { ...one, fields: { lastName: 'Muster', phoneNumber: '+1-5135550123' } }
        : one,
    )
    directory.refresh({})
    await loaded(directory)
    const anna = (await directory.window(query('id:anna'), 0, 1)).rows[0]
    expect(anna).toMatchObject({ completeness: 'full', fields: { lastName: 'Muster' } })
    expect(anna?.fields.firstName).toBeUndefined()
  })
})

describe('details', () => {
  const anna = { serviceProviderId: 'acme', groupId: 'support', userId: 'anna@acme.example' }

  it('are read fresh, cached, and told', async () => {
    const { directory, client, emitted } = setUp()
    await connect(directory, client)
    expect(await directory.details(anna, false)).toMatchObject({ completeness: 'row' })
    const before = emitted.filter(({ event }) => event === 'users.changed').length
    const details = await directory.details(anna, true)
    expect(details).toMatchObject({ completeness: 'full', readAt: 1_700_000_000_000 })
    expect(details.staleBecause).toBeUndefined()
    expect(emitted.filter(({ event }) => event === 'users.changed').length).toBeGreaterThan(before)
    expect(await idsOf(directory, 'is:full')).toEqual(['anna@acme.example'])
  })

  it('are the cached ones with the reason when the server cannot be asked', async () => {
    const { directory, client, server } = setUp()
    await connect(directory, client)
    server.failures.set('user anna@acme.example', oops('not-sent', 'No network.'))
    expect(await directory.details(anna, true)).toMatchObject({
      completeness: 'row',
      staleBecause: 'No network.',
    })
    directory.attach(undefined)
    expect((await directory.details(anna, true)).staleBecause).toMatch(/not connected/i)
  })

  it('of an unknown user are refused in words', async () => {
    const { directory, client } = setUp()
    await connect(directory, client)
    await expect(directory.details({ ...anna, userId: 'nobody' }, false)).rejects.toMatchObject({
      kind: 'no-such-user',
    })
  })

  it('do not put an older read over a newer verified change', async () => {
    const { directory, client, server, store } = setUp()
    await connect(directory, client)
    let open = (): void => {}
    server.gated = 'user'
    server.gate = new Promise((resolve) => {
      open = () => resolve(undefined)
    })
    server.calls.length = 0
    const reading = directory.details(anna, true)
    directory.refresh({ serviceProviderId: 'acme', groupId: 'support' })
    await until(() => server.calls.filter((call) => call.startsWith('user')).length === 2)
    const verified = {
      ...person('acme', 'support', anna.userId, { lastName: 'Verified' }),
      completeness: 'full' as const,
    }
    usersRepository(store).put('c1', verified, 5)
    directory.userStored('c1', verified)
    open()
    expect((await reading).fields.lastName).toBe('Verified')
    await loaded(directory)
    expect(await idsOf(directory, 'verified')).toEqual([anna.userId])
  })
})

describe('unsent changes', () => {
  const anna = { serviceProviderId: 'acme', groupId: 'support', userId: 'anna@acme.example' }

  it('are shown over the server’s copy, found, sorted by, and gone when they end', async () => {
    const { directory, client, store } = setUp()
    await connect(directory, client)
    const outbox = outboxRepository(store)
    outbox.put(entry(1, { user: anna, edits: [{ path: 'lastName', base: 'Müller', mine: 'Aardvark' }] }))
    outbox.put(
      entry(2, { user: anna, edits: [{ path: 'firstName', base: 'Anna', mine: null }], state: 'conflict' }),
    )
    directory.outboxChanged([entry(1, { user: anna })])
    await until(() => store.inTransaction === false)
    await expect.poll(() => idsOf(directory, 'is:changed')).toEqual(['anna@acme.example'])
    const window = await directory.window(query('aardvark'), 0, 1)
    expect(window.rows[0]).toMatchObject({
      fields: { lastName: 'Müller', firstName: 'Anna' },
      pending: { lastName: { old: 'Müller', new: 'Aardvark' }, firstName: { old: 'Anna', new: null } },
      state: 'conflict',
    })
    expect(await idsOf(directory, 'muller')).toEqual([])
    expect(await directory.indexOf(query(), anna.userId)).toBe(0)

    outbox.put(entry(1, { user: anna, state: 'done', edits: [{ path: 'lastName', mine: 'Aardvark' }] }))
    outbox.put(entry(2, { user: anna, state: 'cancelled', edits: [] }))
    directory.outboxChanged([entry(1, { user: anna })])
    await expect.poll(() => idsOf(directory, 'is:changed')).toEqual([])
    expect((await directory.window(query('muller'), 0, 1)).rows[0]).toMatchObject({
      pending: {},
      state: 'clean',
    })
  })

  it('are in the first answer after they were saved, however many there are and however slow the machine', async () => {
    const { directory, client, store } = setUp()
    await connect(directory, client)
    await loaded(directory)
    const outbox = outboxRepository(store)
    let now = 0
    const slow = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000))
    try {
      const { rows } = await directory.window(query(), 0, 50)
      const saved = rows.map(({ key: user }, at) =>
        entry(at + 1, { user, edits: [{ path: 'title', mine: 'Saved' }] }),
      )
      for (const each of saved) outbox.put(each)
      directory.outboxChanged(saved)
      const [window, ...details] = await Promise.all([
        directory.window(query(), 0, 50),
        ...rows.map(({ key }) => directory.details(key, false)),
      ])
      expect(window.rows).toHaveLength(rows.length)
      for (const { pending } of [...window.rows, ...details]) expect(pending.title?.new).toBe('Saved')
    } finally {
      slow.mockRestore()
    }
    await directory.stop()
  })

  it('are there again after a restart', async () => {
    const file = join(folder(), 'gungnir.db')
    const store = openStore({ file, key: key() })
    const first = setUp(everyone(), store)
    await connect(first.directory, first.client)
    outboxRepository(store).put(
      entry(1, { user: anna, edits: [{ path: 'lastName', base: 'Müller', mine: 'Aardvark' }] }),
    )
    await first.directory.stop()
    store.close()

    const second = setUp([], openStore({ file, key: key() }))
    await second.directory.show(connection)
    expect(await idsOf(second.directory, 'is:changed aardvark')).toEqual(['anna@acme.example'])
    expect((await second.directory.window(query(), 0, 1)).total).toBe(32)
    second.store.close()
  })
})

describe('windows', () => {
  it('are stretches of the sorted result, with problems and marks', async () => {
    const { directory, client } = setUp()
    await connect(directory, client)
    const sort = [{ path: 'extension', direction: 'descending' as const }]
    const window = await directory.window(query('seller is:foo', { sort }), 10, 3)
    expect(window.rows.map(({ fields }) => fields.extension)).toEqual(['1019', '1018', '1017'])
    expect(window).toMatchObject({ matched: 30, start: 10, marks: ['seller'] })
    expect(window.problems).toHaveLength(1)
    expect(await directory.window(query('seller'), 1000, 3)).toMatchObject({ start: 30, rows: [] })
  })

  it('say which country is the usual one of the connection, whatever is looked for', async () => {
    const codes = ['1', '49', '49', '358', undefined]
    const { server, directory, client } = setUp(
      codes.map((countryCode, at) => person('acme', 'sales', `s${at}`, countryCode ? { countryCode } : {})),
    )
    const usual = async () => (await directory.window(query('nobody is called this'), 0, 1)).usualCountry
    expect(await usual()).toBeUndefined()
    await connect(directory, client)
    expect(await usual()).toBe('49')
    server.people = server.people.slice(0, 1)
    directory.refresh({})
    await until(async () => (await idsOf(directory, 'is:gone')).length === 4)
    await directory.dismissGone()
    expect(await usual()).toBe('1')
  })

  it('say that no country is the usual one where none is known', async () => {
    const { directory, client } = setUp()
    await connect(directory, client)
    expect((await directory.window(query(), 0, 1)).usualCountry).toBe('')
  })

  it('say where the users that were asked after stand in the same list', async () => {
    const { directory, client } = setUp()
    await connect(directory, client)
    const sort = [{ path: 'extension', direction: 'descending' as const }]
    const { rows } = await directory.window(query('seller', { sort }), 0, 30)
    const ids = [rows[17], rows[2]].map((row) => String(row?.key.userId))
    const { places } = await directory.window(query('seller', { sort }), 10, 3, [
      ...ids,
      'anna@acme.example',
      'nobody',
    ])
    expect(places).toEqual([17, 2, undefined, undefined])
  })

  it('of another connection know nothing of this one', async () => {
    const { directory, client } = setUp()
    await connect(directory, client)
    directory.attach(undefined)
    await directory.show({ id: 'c2', demo: false, callsPerSecond: 5 })
    expect((await directory.window(query(), 0, 1)).total).toBe(0)
    await directory.show(connection)
    expect((await directory.window(query(), 0, 1)).total).toBe(32)
    await directory.forget('c1')
    expect((await directory.window(query(), 0, 1)).total).toBe(0)
    await directory.show(connection)
    expect((await directory.window(query(), 0, 1)).total).toBe(0)
  })
})

describe('an answer that comes when another server is shown', () => {
  it.each(['is chosen', 'took its address'])('becomes nobody’s there: another %s', async (how) => {
    const { directory, client, server, store } = setUp()
    await connect(directory, client)
    const keys = ['s0@acme.example', 's1@acme.example'].map((userId) => {
      const one = server.people.find(({ key }) => key.userId === userId)
      if (one === undefined) throw new Error('nobody')
      return one.key
    })
    const theirs = fakeServer(
      keys.map((key) => person(key.serviceProviderId, key.groupId, key.userId, { lastName: 'Foreign' })),
    )
    // What is loaded there is no matter of this test.
    theirs.server.groups = []
    let open = (): void => {}
    server.gated = 'user '
    server.gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const reading = directory.readFull(keys, {
      signal: new AbortController().signal,
      onRead: async () => {},
    })
    await until(() => server.calls.some((call) => call.startsWith('user ')))
    directory.attach(undefined)
    if (how === 'took its address') await directory.forget('c1')
    await directory.show({ ...connection, id: how === 'is chosen' ? 'c2' : 'c1' })
    directory.attach(theirs.client)
    open()
    expect(await reading).toMatch(/Stopped|Not connected/)
    expect(theirs.server.calls.filter((call) => call.startsWith('user '))).toEqual([])
    const kept = usersRepository(store).byUserId('c1', 's0@acme.example')
    expect(kept?.record.fields.lastName).toBe(how === 'is chosen' ? 'Seller 0' : undefined)
    await directory.stop()
  })
})

describe('what others change', () => {
  it('is kept for the timeline, without what the server derives and what is ours', async () => {
    const { directory, client, server, store, time } = setUp()
    await connect(directory, client)
    const sold = server.people.findIndex(({ key: { userId } }) => userId === 's3@acme.example')
    const before = server.people[sold]
    if (before === undefined) throw new Error('nobody')
    expect(directory.sightings('s3@acme.example')).toEqual([])
    outboxRepository(store).put(
      entry(1, { user: before.key, edits: [{ path: 'extension', base: '1003', mine: '2003' }] }),
    )
    server.people[sold] = {
      ...before,
      fields: { ...before.fields, lastName: 'Married', extension: '2003', departmentFullPath: 'x' },
    }
    time.wall += 60_000
    directory.refresh({})
    await loaded(directory)
    const [seen, ...more] = directory.sightings('s3@acme.example')
    expect(more).toEqual([])
    expect(seen?.changes).toEqual([{ path: 'lastName', before: 'Seller 3', after: 'Married' }])
    expect((seen?.seenAt ?? 0) - (seen?.since ?? 0)).toBe(60_000)
    await directory.stop()
  })
})

describe('the copy of the index on disk', () => {
  const shownBy = async (directory: Directory, search = '') => {
    const { rows, matched } = await directory.window(query(search), 0, 500)
    return { rows, matched }
  }

  /** A second start, and beside it one that has no copy: both must show the same. */
  const again = async ({ make, files }: ReturnType<typeof setUp>) => {
    const restored = make()
    const reads = files.reads
    await restored.show(connection)
    expect(files.reads).toBe(reads + 1)
    const [name, bundle] = [...files.kept][0] ?? []
    files.kept.clear()
    const built = make()
    await built.show(connection)
    if (name !== undefined && bundle !== undefined) files.kept.set(name, bundle)
    for (const search of ['', 'muller', 'seller 1', 'ext:10', 'is:changed', 'dn:513', 'group:"new name"']) {
      expect(await shownBy(restored, search), search).toEqual(await shownBy(built, search))
    }
    expect(await restored.scopes()).toEqual(await built.scopes())
    return restored
  }

  it('is written when the app ends, and read at the next start', async () => {
    const all = setUp()
    await connect(all.directory, all.client)
    await all.directory.stop()
    expect(all.files.kept.size).toBe(1)
    const restored = await again(all)
    expect(await idsOf(restored, 'odegard')).toEqual(['zoe@beta.example'])
  })

  it('is brought up to date with users, unsent changes and names of groups that changed since', async () => {
    const all = setUp()
    const { directory, client, store } = all
    const outbox = outboxRepository(store)
    await connect(directory, client)
    const change = (seq: number, userId: string, mine: string) =>
      entry(seq, {
        user: { serviceProviderId: 'acme', groupId: 'sales', userId },
        edits: [{ path: 'lastName', base: 'Seller', mine }],
      })
    for (const [seq, id] of [
      [1, 's1'],
      [2, 's2'],
      [3, 's3'],
    ] as const)
      outbox.put(change(seq, `${id}@acme.example`, `Waits ${seq}`))
    directory.outboxChanged([])
    await until(() => directory.groupSize('acme', 'sales') === 30)
    await directory.stop()

    // While nobody looked: one was sent, one changed again, one is new; users came and changed; a group got a name.
    outbox.put({ ...change(1, 's1@acme.example', 'Waits 1'), state: 'done' })
    outbox.put(change(2, 's2@acme.example', 'Waits longer'))
    outbox.put(change(4, 's4@acme.example', 'Waits too'))
    usersRepository(store).put('c1', person('beta', 'main', 'new@beta.example', { lastName: 'Novák' }), 5)
    usersRepository(store).put(
      'c1',
      person('beta', 'main', 'zoe@beta.example', { lastName: 'Müller-Ødegård' }),
      5,
    )
    store.run("UPDATE groups SET group_name = 'New name' WHERE grp = 'support'")
    const restored = await again(all)
    expect(await idsOf(restored, 'is:changed')).toHaveLength(3)
    expect(await idsOf(restored, 'novak')).toEqual(['new@beta.example'])
    expect(await idsOf(restored, 'group:"new name"')).toEqual(['anna@acme.example'])
  })

  it('does not count once a user was removed, nor when it belongs to other users', async () => {
    const all = setUp()
    const { directory, client, store, files, make } = all
    await connect(directory, client)
    await directory.stop()
    const users = usersRepository(store)
    const [first] = users.after('c1', 0, 1)
    users.remove(first?.id ?? 0)
    const reads = files.reads
    const next = make()
    await next.show(connection)
    expect(files.reads).toBe(reads)
    expect((await next.window(query(), 0, 1)).total).toBe(31)
    await next.stop()
    store.run("UPDATE index_snapshots SET token = 'of another'")
    const other = make()
    await other.show(connection)
    expect((await other.window(query(), 0, 1)).total).toBe(31)
  })

  /** The directory of a new start, whose copy is still being read until `read` is called. */
  const starting = async ({ make, files }: ReturnType<typeof setUp>) => {
    let read = (): void => {}
    const gate = new Promise<void>((resolve) => {
      read = resolve
    })
    const { read: unsealed } = files
    files.read = async function (name) {
      await gate
      return unsealed.call(this, name)
    }
    const directory = make()
    const shown = directory.show(connection)
    await new Promise((resolve) => setImmediate(resolve))
    return { directory, shown, read }
  }

  it('is not needed to show what the list begins with', async () => {
    const all = setUp()
    await connect(all.directory, all.client)
    const before = await all.directory.window(query(), 0, 10)
    expect(before.rows).toHaveLength(10)
    await all.directory.stop()
    // Still the server's copy with what waits over it.
    const seller = entry(1, {
      user: { serviceProviderId: 'acme', groupId: 'support', userId: 'anna@acme.example' },
      edits: [{ path: 'lastName', base: 'Nowak', mine: 'Waits' }],
    })
    outboxRepository(all.store).put(seller)

    const { directory, shown, read } = await starting(all)
    const early = await directory.window(query(), 0, 10)
    expect(early.total).toBe(32)
    expect(early.rows.map(({ key }) => key)).toEqual(before.rows.map(({ key }) => key))
    expect(early.rows.find(({ key }) => key.userId === 'anna@acme.example')?.pending).toHaveProperty(
      'lastName',
    )
    expect(directory.summary().users).toBe(32)
    let answered = 0
    const others = [
      directory.window(query('waits'), 0, 10),
      directory.window(query(), 10, 10),
      directory.window(query('', { scope: { serviceProviderId: 'beta' } }), 0, 10),
      directory.window(query('', { sort: [{ path: 'userId', direction: 'descending' }] }), 0, 10),
    ].map(async (window) => {
      const answer = await window
      answered++
      return answer
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(answered).toBe(0)
    const told = all.emitted.length
    read()
    await shown
    expect(all.emitted.slice(told).map(({ event }) => event)).toContain('users.changed')
    const [found, next] = await Promise.all(others)
    expect(found?.matched).toBe(1)
    expect(next?.rows).toHaveLength(10)
    await directory.stop()
  })

  it('is left alone while the page draws the beginning, until somebody searches', async () => {
    const all = setUp()
    await connect(all.directory, all.client)
    await all.directory.stop()
    const { reads } = all.files
    all.time.stands = true
    const directory = all.make()
    const shown = directory.show(connection)
    await new Promise((resolve) => setImmediate(resolve))
    const scopes = directory.scopes()
    expect((await directory.window(query(), 0, 10)).rows).toHaveLength(10)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(all.files.reads).toBe(reads)
    expect((await directory.window(query('zoe'), 0, 10)).matched).toBe(1)
    expect(all.files.reads).toBe(reads + 1)
    await shown
    expect(await scopes).toHaveLength(3)
    await directory.stop()
  })

  it('is waited for when somebody of the beginning is not there any more', async () => {
    const all = setUp()
    await connect(all.directory, all.client)
    await all.directory.stop()
    // As a copy would be that was made by somebody who knew of more.
    const [row] = all.store.all('SELECT opening FROM index_snapshots')
    const opening = JSON.parse(String(row?.opening)) as { total: number; ids: number[] }
    all.store.run(
      'UPDATE index_snapshots SET opening = ?',
      JSON.stringify({ ...opening, ids: [999, ...opening.ids] }),
    )
    const { directory, shown, read } = await starting(all)
    let answered = false
    const window = directory.window(query(), 0, 10).then((answer) => {
      answered = true
      return answer
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(answered).toBe(false)
    read()
    await shown
    expect((await window).rows).toHaveLength(10)
    await directory.stop()
  })

  it.each(['null', '{"total":1}', '[]', 'no JSON'])('does not begin with %s', async (opening) => {
    const all = setUp()
    await connect(all.directory, all.client)
    await all.directory.stop()
    all.store.run('UPDATE index_snapshots SET opening = ?', opening)
    const next = all.make()
    await next.show(connection)
    expect((await next.window(query(), 0, 1)).total).toBe(32)
    await next.stop()
  })

  it('goes with the connection', async () => {
    const { directory, client, files } = setUp()
    await connect(directory, client)
    await directory.show(undefined)
    expect(files.kept.size).toBe(1)
    await directory.forget('c1')
    expect(files.kept.size).toBe(0)
  })
})
