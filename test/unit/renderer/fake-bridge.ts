import type { GungnirBridge } from '../../../shared/ipc/bridge'
import type {
  HistoryEntry,
  IpcAnswer,
  LoadProgress,
  OutboxRow,
  Status,
  UserDetails,
  UserRow,
} from '../../../shared/ipc/contract'
import type { Json } from '../../../shared/json'

/**
 * A main process made of arrays, to look at the renderer alone in a browser, also in states that are hard to
 * bring about in the real app. Never part of the product.
 */
export interface FakeOptions {
  readonly users?: number
  readonly connected?: boolean
  readonly network?: Status['network']
  readonly why?: string
  readonly outbox?: boolean
  readonly history?: boolean
  readonly loading?: boolean
  readonly failing?: boolean
  readonly settings?: Record<string, Json>
  readonly hang?: boolean
}

const first = [
  'Ana',
  'Björn',
  'Chloé',
  'Dmitri',
  'Eleni',
  'Fatima',
  'Giulia',
  'Hiroshi',
  'Ingrid',
  'José',
  '李娜',
]
const last = [
  'Ødegård',
  'Nowak',
  'Müller',
  'García',
  'Παπαδόπουλος',
  'Smith',
  'O’Brien',
  'Иванова',
  'Nakamura',
]
const titles = ['Receptionist', 'Technician', 'Head of Support', 'Clerk', null, 'Trainee']
const longName = 'Wolfeschlegelsteinhausenbergerdorff'

export function createFakeBridge(options: FakeOptions = {}): GungnirBridge {
  const count = options.users ?? 25_000
  const connected = options.connected ?? true
  const settings: Record<string, Json> = { ...options.settings }
  const now = Date.now()

  const progress: LoadProgress = {
    running: options.loading ?? false,
    groupsHere: 0,
    groupsDone: 17,
    groupsTotal: 40,
    users: 10_432,
    phase: 'list',
    failed: options.failing
      ? [{ serviceProviderId: 'ent1', groupId: 'grp 7', message: 'The server took longer than 30 s.' }]
      : [],
  }

  const statusNow = (): Status => ({
    ...(connected
      ? {
          connectionId: 'c1',
          connectionName: 'Demo server',
          origin: 'http://127.0.0.1:4711/api/v2',
          account: 'admin',
          loginType: 'System',
        }
      : {}),
    locked: {},
    network: connected ? (options.network ?? 'online') : 'none',
    ...(options.why ? { why: options.why } : {}),
    workOffline: settings.offline === true,
    mayAsk: connected && (options.network ?? 'online') === 'online' && settings.offline !== true,
    users: connected ? count : 0,
    dataAsOf: now - 3 * 60_000,
    outbox: { waiting: options.outbox ? outbox.length : 0, needsPerson: options.outbox ? 2 : 0 },
  })

  const user = (at: number): UserRow => {
    const firstName = first[at % first.length] ?? ''
    const lastName = at === 3 ? longName : (last[(at * 7) % last.length] ?? '')
    const userId = at === 4 ? '<img src=x onerror=alert(1)>@x.example' : `user${at}@voip.example.com`
    return {
      key: { serviceProviderId: 'ent1', groupId: `grp ${at % 40}`, userId },
      completeness: at % 50 === 9 ? 'row' : 'full',
      state:
        at === 5 ? 'changed' : at === 7 ? 'conflict' : at === 8 ? 'refused' : at === 10 ? 'gone' : 'clean',
      pending: at === 5 ? { extension: { old: '1005', new: '1999' } } : {},
      fields: {
        firstName,
        lastName,
        phoneNumber: `+1-513555${String(at).padStart(4, '0').slice(-4)}`,
        extension: String(1000 + (at % 9000)),
        emailAddress: `user${at}@example.com`,
        ...(titles[at % titles.length] ? { title: titles[at % titles.length] as string } : {}),
        mobilePhoneNumber: `+1-513777${String(at).padStart(4, '0').slice(-4)}`,
        department: { name: 'Sales', groupId: `grp ${at % 40}`, serviceProviderId: 'ent1' },
        language: 'English',
        timeZone: 'America/New_York',
        timeZoneDisplayName: '(GMT-05:00) (US) Eastern Time',
        callingLineIdFirstName: firstName,
        callingLineIdLastName: lastName,
        'address.addressLine1': '1 Main Street',
        'address.city': 'Cincinnati',
        'address.stateOrProvince': 'Ohio',
        endpointType: 'accessDeviceEndpoint',
        'accessDeviceEndpoint.linePort': `user${at}@voip.example.com`,
        'accessDeviceEndpoint.accessDevice': { deviceName: `phone-${at}`, deviceLevel: 'Group' },
        'accessDeviceEndpoint.useHotline': false,
        aliases: [`alias${at}@voip.example.com`],
      },
    }
  }

  const outbox: OutboxRow[] = (
    [
      ['queued', 'Queued behind 3 others.'],
      ['held', 'Working offline.'],
      ['inflight', 'Sent 2 s ago, waiting for the answer.'],
      ['unknown', 'Sent, answer lost. Checking again in 90 s, before anything else is sent to this user.'],
      ['conflict', 'Someone else changed Extension and Title on the server.'],
      ['rejected', 'Extension 1234 is taken by Björn Nowak. Next free: 1241.'],
      ['waiting', 'The server answered 503.'],
    ] as const
  ).map(([state, why], at) => {
    const { key, fields } = user(at + 20)
    return {
      id: `e${at}`,
      seq: at + 1,
      user: key,
      userName: `${fields.firstName} ${fields.lastName}`,
      connectionId: 'c1',
      connectionName: 'Demo server',
      edits:
        at === 4
          ? [
              { path: 'extension', base: '1024', mine: '1234' },
              { path: 'title', base: null, mine: 'Head of Support' },
            ]
          : [{ path: 'extension', base: '1024', mine: '1234' }],
      ...(at === 1 ? { reason: 'TICKET-4711' } : {}),
      state,
      why,
      ...(state === 'waiting' ? { nextTryWall: now + 4 * 60_000 } : {}),
      conflicts:
        state === 'conflict'
          ? [
              { path: 'extension', base: '1024', theirs: '1300', mine: '1234' },
              { path: 'title', base: null, theirs: 'Deputy Head of Support', mine: 'Head of Support' },
            ]
          : [],
      createdWall: now - at * 3_600_000,
    }
  })

  const outcomes = ['done', 'normalised', 'rejected', 'unknown', 'superseded', 'not-kept']
  const history: HistoryEntry[] = Array.from({ length: options.history === false ? 0 : 240 }, (_, at) => {
    const { key, fields } = user(at * 3)
    const outcome = outcomes[at % outcomes.length] ?? 'done'
    return {
      id: `h${at}`,
      seq: 240 - at,
      user: key,
      userName: `${fields.firstName} ${fields.lastName}`,
      action: 'change',
      fields: at % 3 === 0 ? ['extension', 'address.city'] : ['title'],
      outcome,
      words:
        outcome === 'done' ? 'On the server, read back and equal.' : 'The server made something else of it.',
      account: 'admin',
      origin: 'http://127.0.0.1:4711/api/v2',
      ...(at % 4 === 0 ? { reason: 'TICKET-4711' } : {}),
      startedWall: now - at * 47 * 60_000,
      before: { extension: '1024', 'address.city': 'Oslo', title: null },
      asked: { extension: '1234', 'address.city': 'Bergen', title: 'Clerk' },
      after: {
        extension: '1234',
        'address.city': outcome === 'normalised' ? 'BERGEN' : 'Bergen',
        title: 'Clerk',
      },
      request: 'PUT /users\n{"userId":"user1@voip.example.com","extension":"1234"}',
      answer: '200 OK\n{"userId":"user1@voip.example.com","extension":"1234","lastName":"Nowak"}',
      status: 200,
      durationMs: 182.4,
      unguardedMs: 63.2,
    }
  })

  const matching = (search: string): number[] => {
    const all = Array.from({ length: count }, (_, at) => at)
    if (search === '') return all
    const words = search.toLowerCase().split(/\s+/)
    return all.filter((at) => {
      const { fields, key } = user(at)
      const text = `${fields.firstName} ${fields.lastName} ${key.userId} ${fields.extension}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
  }
  let lastQuery = ''
  let hits: number[] = matching('')

  const ok = <T>(value: T): Promise<IpcAnswer<T>> =>
    options.hang ? new Promise(() => {}) : Promise.resolve({ ok: true, value })
  const no = (message: string, next?: string): Promise<IpcAnswer<never>> =>
    Promise.resolve({ ok: false, error: { kind: 'fake', message, ...(next ? { next } : {}) } })

  const listeners = new Map<string, Set<(payload: never) => void>>()
  const subscribe = (name: string) => (listener: (payload: never) => void) => {
    const set = listeners.get(name) ?? new Set()
    listeners.set(name, set.add(listener))
    return () => void set.delete(listener)
  }
  const tell = (name: string, payload: unknown) => {
    for (const listener of listeners.get(name) ?? []) listener(payload as never)
  }

  const demo = {
    id: 'c1',
    name: 'Demo server',
    baseUrl: 'http://127.0.0.1:4711/api/v2',
    username: 'admin',
    callsPerSecond: 5,
    demo: true,
    hasPassword: true,
  }
  const real = {
    id: 'c2',
    name: 'Production',
    baseUrl: 'https://odin.telco.example.com/api/v2',
    username: 'n.operator@telco.example.com',
    callsPerSecond: 5,
    demo: false,
    hasPassword: false,
  }

  const details = (userId: string): UserDetails => {
    const at = Math.max(0, hits.find((each) => user(each).key.userId === userId) ?? 0)
    return { ...user(at), completeness: 'full', extra: { newOption: 'something' }, readAt: now - 70_000 }
  }

  const bridge: { [F in keyof GungnirBridge]: Partial<GungnirBridge[F]> } = {
    aside: { list: () => ok([]) },
    app: {
      status: () => Promise.resolve({ ok: true, value: statusNow() }),
      info: () => ok({ version: '0.1.0', platform: 'linux', electron: '0' }),
      copySecret: () => ok(undefined),
    },
    connections: {
      list: () => Promise.resolve({ ok: true, value: connected ? [demo, real] : [] }),
      save: (draft) => ok({ ...real, ...draft, id: draft.id ?? 'c3', hasPassword: true } as never),
      test: () =>
        ok({
          ok: false,
          cause: 'tls',
          message:
            'The certificate of odin.telco.example.com was issued by an authority this computer does not know.',
          next: 'Choose the CA file of your company.',
          raw: 'unable to get local issuer certificate',
        }),
      connect: () => ok({ ok: true, cause: 'ok', message: 'Signed in.' }),
      signOut: () => ok(undefined),
      changePassword: () => ok({ ok: true, cause: 'ok', message: 'Password changed.' }),
      remove: ({ discardUnsent }) =>
        ok({ removed: discardUnsent !== undefined, unsent: discardUnsent === undefined ? 7 : 0, sent: 0 }),
      tryDemo: () => ok(demo),
      chooseCaFile: () =>
        ok({
          id: 'ca',
          file: 'company-ca.pem',
          certificates: [{ name: 'CN=Company CA', fingerprint: 'AA:BB' }],
        }),
    },
    batch: {},
    users: {
      window: ({ query, start, count: wanted }) => {
        if (options.failing && options.users === 0) return no('The list could not be read.', 'Try again.')
        if (query.search !== lastQuery) {
          lastQuery = query.search
          hits = matching(query.search)
        }
        return ok({
          matched: hits.length,
          total: count,
          start,
          rows: hits.slice(start, start + wanted).map(user),
          problems: query.search.includes(':') ? ['“foo:” is no field. Try ext:, dn: or group:.'] : [],
          marks: query.search.toLowerCase().split(/\s+/).filter(Boolean),
        })
      },
      indexOf: ({ userId }) => {
        const index = hits.findIndex((at) => user(at).key.userId === userId)
        return ok(index === -1 ? undefined : index)
      },
      details: ({ key }) => ok(details(key.userId)),
      scopes: () =>
        ok(
          Array.from({ length: 40 }, (_, at) => ({
            serviceProviderId: at < 20 ? 'ent1' : 'ent2',
            groupId: `grp ${at}`,
            ...(at % 2 ? { groupName: `Branch ${at}` } : {}),
            users: 625,
            unread: 0,
            readAt: now,
          })),
        ),
      refresh: () => ok(undefined),
      completeness: () =>
        ok({
          users: count,
          known: count,
          groups: 0,
          seconds: 0,
          choice: 'all',
          stopped: false,
          reading: false,
        }),
      readFull: () => ok(undefined),
      groupOpened: () => ok(undefined),
      chooseReading: () => ok(undefined),
      takeOffline: () => ok(undefined),
      dismissGone: () => ok(1),
      cancelLoading: () => ok(undefined),
      progress: () => ok(progress),
    },
    outbox: {
      save: ({ changes }) => {
        tell('status', statusNow())
        return ok({ saved: changes.length, message: 'Saved. Sending…', entries: ['o1'] })
      },
      window: ({ start, count: wanted }) => {
        const rows = options.outbox ? outbox : []
        return ok({
          total: rows.length,
          start,
          rows: rows.slice(start, start + wanted),
          paused: false,
          batches: [],
          secondsLeft: 190,
        })
      },
      syncNow: () => ok(undefined),
      pause: () => ok(undefined),
      workOffline: (on) => {
        settings.offline = on
        tell('status', statusNow())
        return ok(undefined)
      },
      retry: () => ok(undefined),
      discard: (ids) => ok(ids.length),
      abandon: (ids) => ok(ids.length),
      resolve: () => ok(undefined),
    },
    history: {
      window: ({ search, start, count: wanted }) => {
        const rows = history.filter((row) => row.userName.toLowerCase().includes(search.toLowerCase()))
        const shown = rows.slice(start, start + wanted).map((row) => ({
          ...row,
          values: row.fields.map((path) => ({
            path,
            before: row.before[path] ?? null,
            now: row.after?.[path] ?? null,
          })),
        }))
        return ok({ total: rows.length, start, rows: shown, problems: [] })
      },
      summary: () =>
        ok({
          total: history.length,
          days: Array.from({ length: 40 }, (_, at) => ({
            day: new Date(now - (39 - at) * 86_400_000).toISOString().slice(0, 10),
            entries: (at * 7) % 13,
            failed: at % 9 === 0 ? 1 : 0,
          })),
          outcomes: [
            { outcome: 'done', label: 'Done', entries: 180 },
            { outcome: 'rejected', label: 'Refused', entries: 40 },
            { outcome: 'unknown', label: 'Outcome unknown', entries: 20 },
          ],
          problems: [],
        }),
      revertPlan: () =>
        ok({
          changes: history.slice(0, 3).map((entry) => ({
            user: entry.user,
            userName: entry.userName,
            edits: [
              { path: 'extension', base: '1234', mine: '1024' },
              { path: 'title', base: 'Clerk', mine: null },
            ],
            reverts: [entry.id],
          })),
          leftOut: history.slice(4, 6).map((entry) => ({
            id: entry.id,
            user: entry.user,
            userName: entry.userName,
            path: 'address.city',
            why: 'It has been changed to “Ås” since.',
          })),
        }),
      copyAs: () => ok('curl -X PUT …'),
      verify: () =>
        ok({
          links: 240,
          entries: 240,
          message: 'All 240 entries are as they were written.',
          faults: [],
          moreFaults: 0,
        }),
      export: () => ok({ path: '/home/me/history.csv', entries: 240 }),
      entry: (id) => {
        const entry = history.find((each) => each.id === id)
        return entry ? ok(entry) : no('This entry is not in the history.')
      },
      trim: () => ok(0),
    },
    settings: {
      get: () => Promise.resolve({ ok: true, value: settings }),
      set: ({ key, value }) => {
        settings[key] = value as Json
        return ok(undefined)
      },
    },
    events: {
      status: subscribe('status'),
      usersChanged: subscribe('usersChanged'),
      usersProgress: subscribe('usersProgress'),
      outboxChanged: subscribe('outboxChanged'),
      historyChanged: subscribe('historyChanged'),
      historyProgress: subscribe('historyProgress'),
      message: subscribe('message'),
      command: subscribe('command'),
    } as unknown as GungnirBridge['events'],
  }
  return bridge as GungnirBridge
}
