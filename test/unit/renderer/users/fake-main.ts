import type { GungnirBridge } from '../../../../shared/ipc/bridge'
import type {
  Completeness,
  Identity,
  IpcAnswer,
  Status,
  UserDetails,
  UsersQuery,
} from '../../../../shared/ipc/contract'
import type { UserRow } from '../../../../shared/user/shapes'
import type { FieldPath, FieldValue } from '../../../../shared/user/types'

interface Person {
  readonly userId: string
  readonly groupId: string
  readonly fields: Record<FieldPath, FieldValue>
  readonly pending: Map<FieldPath, { old: FieldValue; new: FieldValue }>
  /** Only the list's fields are here. */
  partial: boolean
}

interface Server {
  readonly identity: Identity
  readonly people: Map<string, Person>
}

interface Question {
  /** What the answer is when it is made now. */
  readonly make: () => unknown
  readonly resolve: (answer: IpcAnswer<unknown>) => void
  made: IpcAnswer<unknown> | undefined
  /** Reads the list or a user: that may fail at any time. */
  readonly reads: boolean
}

/** Few names for many people: what tells them apart is the user id alone. */
const firstNames = ['Ana', 'Björn', 'Chloé']
const lastNames = ['Nowak', 'Smith', 'Ødegård']

/**
 * A main process that holds people of two servers with the same user ids, and answers when it is told to, in any
 * order: each answer is made of how things stand at one moment, which may be long before it arrives.
 */
export function createFakeMain(identities: readonly Identity[]) {
  let servers: Server[] = []
  let chosen: Server | undefined
  let questions: Question[] = []
  let failed = false
  const listeners = new Map<string, Set<(payload: never) => void>>()
  /** What was saved, the latest last. */
  let saved: { as: Identity; userId: string; path: FieldPath; mine: FieldValue }[] = []

  const person = (at: number): Person => ({
    userId: `u${String(at).padStart(3, '0')}`,
    groupId: at % 2 === 0 ? 'even' : 'odd',
    partial: at % 3 === 0,
    pending: new Map(),
    fields: {
      firstName: firstNames[at % 3] as string,
      lastName: lastNames[(at * 7) % 3] as string,
      extension: String(1000 + at),
      title: at % 4 === 0 ? 'Clerk' : 'Nurse',
    },
  })

  const tell = (name: string, payload: unknown): void => {
    for (const listener of [...(listeners.get(name) ?? [])]) listener(payload as never)
  }
  const changed = () => tell('usersChanged', { generation: 0 })

  const status = (): Status =>
    ({
      ...(chosen ? { ...chosen.identity, connectionName: chosen.identity.connectionId } : {}),
      locked: {},
      network: chosen ? 'online' : 'none',
      workOffline: false,
      users: chosen?.people.size ?? 0,
      outbox: { waiting: 0, needsPerson: 0 },
    }) as Status

  const rowOf = (each: Person): UserRow => {
    const { title: _, ...listed } = each.fields
    return {
      key: { serviceProviderId: 'ent', groupId: each.groupId, userId: each.userId },
      fields: each.partial ? listed : { ...each.fields },
      completeness: each.partial ? 'row' : 'full',
      pending: Object.fromEntries(each.pending) as UserRow['pending'],
      state: each.pending.size > 0 ? 'changed' : 'clean',
    }
  }

  const find = ({ search, scope, sort }: UsersQuery): Person[] => {
    const text = (each: Person, path: FieldPath) =>
      String((path === 'userId' ? each.userId : each.fields[path]) ?? '')
    const words = search.toLowerCase()
    const keys = [
      ...sort,
      { path: 'lastName', direction: 'ascending' },
      { path: 'firstName', direction: 'ascending' },
    ]
    return [...(chosen?.people.values() ?? [])]
      .filter((each) => scope.groupId === undefined || each.groupId === scope.groupId)
      .filter((each) =>
        `${each.userId} ${Object.values(each.fields).join(' ')}`.toLowerCase().includes(words),
      )
      .sort((a, b) => {
        for (const { path, direction } of keys) {
          const order = text(a, path) < text(b, path) ? -1 : text(a, path) > text(b, path) ? 1 : 0
          if (order !== 0) return direction === 'ascending' ? order : -order
        }
        return a.userId < b.userId ? -1 : 1
      })
  }

  const meant = (as: Identity | undefined): void => {
    if (as && as.origin !== chosen?.identity.origin) throw new Error('Another server is chosen.')
  }

  const question =
    <I, O>(make: (input: I) => O, reads = false) =>
    (input: I): Promise<IpcAnswer<O>> =>
      new Promise((resolve) => {
        questions.push({ make: () => make(input), resolve: resolve as never, made: undefined, reads })
      })

  const made = (each: Question): IpcAnswer<unknown> => {
    if (each.made) return each.made
    try {
      each.made = { ok: true, value: structuredClone(each.make()) }
    } catch (error) {
      each.made = { ok: false, error: { kind: 'fake', message: String(error) } }
    }
    return each.made
  }

  const subscribe = (name: string) => (listener: (payload: never) => void) => {
    const set = listeners.get(name) ?? new Set()
    listeners.set(name, set.add(listener))
    return () => void set.delete(listener)
  }

  const bridge = {
    users: {
      window: question(
        ({ query, start, count, find: asked, as }: Parameters<GungnirBridge['users']['window']>[0]) => {
          meant(as)
          const all = find(query)
          const placeOf = (userId: string) => {
            const at = all.findIndex((each) => each.userId === userId)
            return at < 0 ? undefined : at
          }
          return {
            matched: all.length,
            total: chosen?.people.size ?? 0,
            start,
            rows: all.slice(start, start + count).map(rowOf),
            problems: [],
            marks: [],
            ...(asked && { places: asked.map(placeOf) }),
          }
        },
        true,
      ),
      indexOf: question(({ query, userId, as }: Parameters<GungnirBridge['users']['indexOf']>[0]) => {
        meant(as)
        const at = find(query).findIndex((each) => each.userId === userId)
        return at < 0 ? undefined : at
      }, true),
      details: question(
        ({ key, as, fresh }: Parameters<GungnirBridge['users']['details']>[0]): UserDetails => {
          meant(as)
          const each = chosen?.people.get(key.userId)
          if (!each) throw new Error('No such user.')
          if (fresh) each.partial = false
          return { ...rowOf(each), extra: {}, readAt: Date.now() }
        },
        true,
      ),
      scopes: question(() => []),
      progress: question(() => ({
        running: false,
        groupsHere: 0,
        groupsDone: 0,
        groupsTotal: 0,
        users: 0,
        failed: [],
        phase: 'list',
      })),
      completeness: question(
        (): Completeness => ({
          users: chosen?.people.size ?? 0,
          known: chosen?.people.size ?? 0,
          groups: 0,
          choice: 'opened',
          stopped: false,
          reading: false,
          partial: false,
        }),
      ),
      nearest: question(() => []),
      sightings: question(() => []),
      groupOpened: question(() => undefined),
      extension: question(() => ({ usersOnly: false })),
      lookup: question(() => ({ options: [] })),
    },
    outbox: {
      save: question(({ as, changes }: Parameters<GungnirBridge['outbox']['save']>[0]) => {
        meant(as)
        for (const { user, edits } of changes) {
          const each = chosen?.people.get(user.userId)
          for (const { path, mine: given } of edits) {
            const mine = given as FieldValue
            saved.push({ as, userId: user.userId, path, mine })
            each?.pending.set(path, { old: each.fields[path] ?? null, new: mine })
          }
        }
        changed()
        return { saved: changes.length, message: 'Saved. Sending…' }
      }),
    },
    settings: { set: () => Promise.resolve({ ok: true, value: undefined }) },
    history: { window: question(() => ({ total: 0, start: 0, rows: [], problems: [] })) },
    events: {
      status: subscribe('status'),
      usersChanged: subscribe('usersChanged'),
      usersProgress: subscribe('usersProgress'),
      batchProgress: subscribe('batchProgress'),
      outboxChanged: subscribe('outboxChanged'),
      historyChanged: subscribe('historyChanged'),
      message: subscribe('message'),
      command: subscribe('command'),
      updatesChanged: subscribe('updatesChanged'),
    },
  } as unknown as GungnirBridge

  return {
    bridge,
    /** As it was at first, with so many people on each server, and no server chosen. */
    reset(count: number): void {
      questions = []
      failed = false
      saved = []
      chosen = undefined
      servers = identities.map((identity) => ({
        identity,
        people: new Map(
          Array.from({ length: count }, (_, at) => person(at * 2 + 1)).map((each) => [each.userId, each]),
        ),
      }))
    },
    choose(at: number | undefined): void {
      chosen = at === undefined ? undefined : servers[at % servers.length]
      tell('status', status())
    },
    status,
    saved: () => saved,
    /** The user ids that answer a question about the list now, in order. */
    listed: (query: UsersQuery): string[] => find(query).map(({ userId }) => userId),
    /** What waits to be sent of a person on the chosen server: what it was, and what it is to be. */
    pending: (userId: string, path: FieldPath) => chosen?.people.get(userId)?.pending.get(path),
    /** Somebody comes to stand among the others, or leaves. */
    arrive(at: number): void {
      const each = person(at)
      if (!chosen?.people.has(each.userId)) chosen?.people.set(each.userId, each)
      changed()
    },
    leave(at: number): void {
      const ids = [...(chosen?.people.keys() ?? [])]
      const id = ids[at % ids.length]
      if (ids.length > 2 && id !== undefined) chosen?.people.delete(id)
      changed()
    },
    /** Somebody else changes a user on the server. */
    alter(at: number, path: FieldPath, value: string): void {
      const all = [...(chosen?.people.values() ?? [])]
      const each = all[at % all.length]
      if (each) each.fields[path] = value
      changed()
    },
    /** What was saved reaches the server. */
    send(): void {
      for (const { people } of servers) {
        for (const each of people.values()) {
          for (const [path, value] of each.pending) each.fields[path] = value.new
          each.pending.clear()
        }
      }
      changed()
    },
    changed,
    /** The answer to one question is made of how things stand now; it arrives later. */
    prepare(at: number): void {
      const each = questions[at % questions.length]
      if (each) made(each)
    },
    deliver(at: number): void {
      if (questions.length === 0) return
      const [each] = questions.splice(at % questions.length, 1)
      if (each) each.resolve(made(each))
    },
    /** What was asked of the list or of a user cannot be read: the disk does not answer. */
    fail(at: number): void {
      const reading = questions.filter(({ reads }) => reads)
      const each = reading[at % Math.max(1, reading.length)]
      if (!each) return
      questions = questions.filter((other) => other !== each)
      each.resolve({ ok: false, error: { kind: 'fake', message: 'The disk does not answer.' } })
      failed = true
    },
    /** Whether anything could not be read since this was last asked: it is then to be read again. */
    hasFailed(): boolean {
      const was = failed
      failed = false
      return was
    },
    waiting: () => questions.length,
  }
}
