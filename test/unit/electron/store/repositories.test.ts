import { describe, expect, it } from 'vitest'
import { connectionsRepository } from '../../../../electron/store/repositories/connections'
import { groupsRepository } from '../../../../electron/store/repositories/groups'
import { historyRepository, type NewHistoryEntry } from '../../../../electron/store/repositories/history'
import { outboxRepository } from '../../../../electron/store/repositories/outbox'
import { settingsRepository } from '../../../../electron/store/repositories/settings'
import { usersRepository } from '../../../../electron/store/repositories/users'
import { openMemoryStore } from '../../../../electron/store/store'
import { entry, user } from './support'

describe('the users repository', () => {
  it('tells new, changed and same apart, and keeps the row of a user', () => {
    const users = usersRepository(openMemoryStore())
    const [first] = users.putMany('c1', [user('a', { lastName: 'One' })], 1)
    expect(first?.change).toBe('new')
    const [again] = users.putMany('c1', [user('a', { lastName: 'One' })], 2)
    expect(again).toMatchObject({ change: 'same', id: first?.id })
    const [changed] = users.putMany('c1', [user('a', { lastName: 'Two' })], 3)
    expect(changed).toMatchObject({ change: 'changed', id: first?.id })
    expect(users.byUserId('c1', 'a')).toMatchObject({ readAt: 3, record: { fields: { lastName: 'Two' } } })
    expect(users.byUserId('c2', 'a')).toBeUndefined()
  })

  it('keeps any text that JSON can carry', () => {
    const users = usersRepository(openMemoryStore())
    const fields = {
      lastName: 'a\0b \u{1f600} <img src=x> Ødegård \ud800',
      ...JSON.parse('{"__proto__": "own"}'),
    }
    users.put('c1', user('a', fields), 1)
    const read = users.byUserId('c1', 'a')?.record.fields
    expect(read?.lastName).toBe('a\0b \u{1f600} <img src=x> Ødegård \ud800')
    expect(Object.hasOwn(read ?? {}, '__proto__')).toBe(true)
  })

  it.each([
    ['Anna@X.example', 'anna@x.example'],
    ['Östling@x', 'östling@x'],
    ['ΆΡΗΣ@x', 'άρης@x'],
  ])('knows %s by any letters', (known, other) => {
    const users = usersRepository(openMemoryStore())
    users.put('c1', user(known), 1)
    users.put('c1', user('ostling@x'), 1)
    expect(users.put('c1', user(other), 2)).toMatchObject({ record: { key: { userId: known } } })
    expect(users.spelt('c1', user(other).key).userId).toBe(known)
    expect(users.count('c1')).toBe(2)
  })

  it('does not make two users one by a NUL in the id', () => {
    const users = usersRepository(openMemoryStore())
    users.put('c1', user('a'), 1)
    expect(users.put('c1', user('a\0b'), 1)).toBeUndefined()
    expect(users.count('c1')).toBe(1)
  })

  it('stores a portion as it stores its users one by one', () => {
    const portion = [
      user('a', { lastName: 'Ødegård \u{1f600} \0 "<b>' }),
      user('half \ud800'),
      user('b', { lastName: 'First' }),
      user('nul\0'),
      user('b', { lastName: 'Second' }),
      user('known', { lastName: 'New' }),
      { ...user('c'), completeness: 'row' as const, extra: { odd: ['\ud800'] } },
    ]
    const [many, single] = [usersRepository(openMemoryStore()), usersRepository(openMemoryStore())]
    for (const users of [many, single]) {
      users.put('c1', user('gone'), 1)
      users.put('c1', user('known', { lastName: 'Old' }), 1)
      users.remove(users.byUserId('c1', 'gone')?.id ?? 0)
    }
    const results = many.putMany('c1', portion, 2)
    const expected = portion.map((record) => single.put('c1', record, 2))
    expect(results.map((result) => result?.change)).toEqual(expected.map((result) => result?.change))
    const all = many.after('c1', 0, 100)
    const byId = (one: { record: { key: { userId: string } } }) => one.record.key.userId
    expect(all.map(({ id: _, ...rest }) => rest).sort((a, b) => (byId(a) < byId(b) ? -1 : 1))).toEqual(
      single
        .after('c1', 0, 100)
        .map(({ id: _, ...rest }) => rest)
        .sort((a, b) => (byId(a) < byId(b) ? -1 : 1)),
    )
    for (const [place, result] of results.entries()) {
      const { userId } = portion[place]?.key ?? { userId: '' }
      if (userId !== 'nul\0') expect(result?.id).toBe(many.byUserId('c1', userId)?.id)
    }
    expect(many.version('c1')).toBe(single.version('c1'))
    expect(many.changedSince('c1', 2)).toHaveLength(all.length)
  })

  it('follows a user into another group', () => {
    const users = usersRepository(openMemoryStore())
    users.put('c1', user('a'), 1)
    users.put('c1', { ...user('a'), key: { serviceProviderId: 'sp', groupId: 'other', userId: 'a' } }, 2)
    expect(users.presentInGroup('c1', 'sp', 'grp')).toEqual([])
    expect(users.presentInGroup('c1', 'sp', 'other')).toHaveLength(1)
  })

  it('marks users gone, brings them back when they are read, and forgets them when told', () => {
    const users = usersRepository(openMemoryStore())
    users.putMany('c1', [user('a'), user('b')], 1)
    users.markGone(
      'c1',
      users.presentInGroup('c1', 'sp', 'grp').map(({ id }) => id),
      5,
    )
    expect(users.byUserId('c1', 'a')?.goneAt).toBe(5)
    expect(users.put('c1', user('a'), 6)?.change).toBe('changed')
    expect(users.byUserId('c1', 'a')?.goneAt).toBeUndefined()
    expect(users.dismissGone('c1')).toBe(1)
    expect(users.byUserId('c1', 'b')).toBeUndefined()
  })

  it('reads in portions without gaps or repeats, one connection at a time', () => {
    const users = usersRepository(openMemoryStore())
    users.putMany(
      'c1',
      Array.from({ length: 25 }, (_, n) => user(`a${n}`)),
      1,
    )
    users.putMany('c2', [user('z')], 1)
    users.putMany('c1', [user('last')], 1)
    const seen: string[] = []
    for (let last = 0; ; ) {
      const portion = users.after('c1', last, 10)
      if (portion.length === 0) break
      seen.push(...portion.map(({ record }) => record.key.userId))
      last = portion.at(-1)?.id ?? 0
    }
    expect(seen).toEqual([...Array.from({ length: 25 }, (_, n) => `a${n}`), 'last'])
  })
})

describe('the outbox repository', () => {
  it('gives an entry back as it was, and lists live ones in order', () => {
    const outbox = outboxRepository(openMemoryStore())
    const full = entry(1, {
      edits: [{ path: 'title', mine: null }],
      reason: 'INC-1',
      nextTryWall: 5,
      conflicts: [{ path: 'title', theirs: 'x', mine: null }],
      attempts: [
        {
          id: 'at',
          body: { userId: 'user1@odin.example', title: null },
          preImage: { title: 'y' },
          preReadMono: 1,
          startedMono: 2,
          startedWall: 3,
          outcome: 'pending',
          words: 'Sent.',
        },
      ],
    })
    outbox.put(full)
    outbox.put(entry(2))
    outbox.put(entry(3, { connectionId: 'c2' }))
    expect(outbox.byId('entry-1')).toEqual(full)
    expect(outbox.live('c1').map(({ seq }) => seq)).toEqual([1, 2])
    expect(outbox.live().map(({ seq }) => seq)).toEqual([1, 2, 3])
    outbox.put(entry(2, { state: 'done' }))
    expect(outbox.live('c1').map(({ seq }) => seq)).toEqual([1])
    expect(outbox.window(0, 2)).toMatchObject({ total: 3, entries: [{ seq: 3 }, { seq: 2 }] })
    expect(outbox.window(0, 9, { liveOnly: true }).total).toBe(2)
    expect(outbox.countByState('c1')).toEqual({ queued: 1, done: 1 })
    expect(outbox.liveOfUser('c1', 'user1@odin.example')).toHaveLength(1)
  })

  it('never gives a sequence number out twice', () => {
    const store = openMemoryStore()
    const outbox = outboxRepository(store)
    expect(outbox.nextSeq()).toBe(1)
    outbox.put(entry(outbox.nextSeq()))
    outbox.put(entry(outbox.nextSeq()))
    store.run('DELETE FROM outbox WHERE seq = 2')
    expect(outbox.nextSeq()).toBe(3)
  })

  it('passes over a row that does not fit, keeps it, and says so', () => {
    const store = openMemoryStore()
    const unreadable: number[] = []
    const outbox = outboxRepository(store, { onUnreadable: ({ seq }) => unreadable.push(seq) })
    outbox.put(entry(1))
    outbox.put(entry(2))
    outbox.put(entry(3))
    store.run(`UPDATE outbox SET entry = '{"id": 5}' WHERE seq = 1`)
    store.run(`UPDATE outbox SET entry = 'not json' WHERE seq = 3`)
    expect(outbox.live('c1').map(({ seq }) => seq)).toEqual([2])
    expect(unreadable).toEqual([1, 3])
    expect(outbox.window(0, 10).total).toBe(3)
  })

  it('keeps what a later version wrote into an entry', () => {
    const outbox = outboxRepository(openMemoryStore())
    outbox.put({ ...entry(1), later: { kept: true } } as never)
    const read = outbox.byId('entry-1')
    if (read === undefined) throw new Error('not found')
    outbox.put({ ...read, state: 'held' })
    expect(outbox.byId('entry-1')).toMatchObject({ state: 'held', later: { kept: true } })
  })
})

describe('the history repository', () => {
  const row = (id: string, changes: Partial<NewHistoryEntry> = {}): NewHistoryEntry => ({
    id,
    connectionId: 'c1',
    entryId: 'entry-1',
    user: { serviceProviderId: 'sp', groupId: 'grp', userId: 'a' },
    userName: 'Ada',
    action: 'change',
    fields: ['lastName'],
    outcome: 'pending',
    words: 'Sent.',
    account: 'admin',
    origin: 'https://odin.example',
    startedWall: 1,
    before: { lastName: 'Old' },
    asked: { lastName: 'New' },
    request: 'PUT /users',
    ...changes,
  })

  it('numbers entries, settles them, and shows the newest first', () => {
    const history = historyRepository(openMemoryStore())
    expect(history.append(row('h1'))).toBe(1)
    expect(
      history.append(row('h2', { user: { serviceProviderId: 'sp', groupId: 'grp', userId: 'b' } })),
    ).toBe(2)
    expect(history.settle('h1', { outcome: 'done', words: 'Verified.', after: { lastName: 'New' } })).toBe(
      true,
    )
    expect(history.settle('none', { outcome: 'done' })).toBe(false)
    expect(history.byId('h1')).toMatchObject({ seq: 1, outcome: 'done', after: { lastName: 'New' } })
    expect(history.window({ start: 0, count: 10 }).entries.map(({ id }) => id)).toEqual(['h2', 'h1'])
    expect(history.window({ start: 0, count: 10, userId: 'a' })).toMatchObject({
      total: 1,
      entries: [{ id: 'h1' }],
    })
    expect(history.window({ start: 1, count: 1 }).entries.map(({ id }) => id)).toEqual(['h1'])
    expect(history.ofEntry('entry-1')).toHaveLength(2)
  })
})

describe('connections, settings and groups', () => {
  it('save, replace and remove a connection', () => {
    const connections = connectionsRepository(openMemoryStore())
    const lab = {
      id: 'c1',
      name: 'Lab',
      baseUrl: 'https://odin.example',
      username: 'admin',
      callsPerSecond: 2.5,
      demo: false,
    }
    connections.save(lab)
    expect(connections.byId('c1')).toEqual(lab)
    for (const more of [
      {
        ca: { file: '/ca.pem', pem: 'text' },
        unencrypted: true as const,
        readOnly: true as const,
        proxy: 'socks5://p.example:1080',
        partialBodies: true as const,
      },
      { ca: { file: '/old.pem' } },
    ]) {
      connections.save({ ...lab, ...more, demo: true })
      expect(connections.list()).toEqual([{ ...lab, ...more, demo: true }])
    }
    expect(connections.remove('c1')).toBe(true)
    expect(connections.byId('c1')).toBeUndefined()
  })

  it('keep settings of any JSON under any name', () => {
    const settings = settingsRepository(openMemoryStore())
    settings.set('__proto__', { a: [1, null] })
    settings.set('theme', 'dark')
    settings.set('theme', 'light')
    expect(settings.get('theme')).toBe('light')
    expect(settings.get('none')).toBeUndefined()
    expect(Object.keys(settings.all()).sort()).toEqual(['__proto__', 'theme'])
  })

  it('remember when a group was read, and its name', () => {
    const groups = groupsRepository(openMemoryStore())
    const group = { serviceProviderId: 'sp', groupId: 'grp' }
    groups.saveName('c1', { ...group, groupName: 'Group one' })
    groups.noteRead('c1', group, { at: 5, detailed: false, load: 1 })
    groups.saveName('c1', group)
    groups.setOffline('c1', group, true)
    expect(groups.list('c1')).toEqual([
      { ...group, groupName: 'Group one', readAt: 5, readBy: 1, offline: true },
    ])
    groups.noteRead('c1', group, { at: 9, detailed: true, load: 2 })
    expect(groups.byId('c1', 'sp', 'grp')).toMatchObject({
      readAt: 9,
      detailedAt: 9,
      readBy: 2,
      detailedBy: 2,
    })
    groups.removeConnection('c1')
    expect(groups.list('c1')).toEqual([])
  })
})
