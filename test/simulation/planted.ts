import { protocolRules } from '../../electron/features/outbox/engine/options'
import type { DiskWrite, EnginePorts, OutboxDisk } from '../../electron/features/outbox/engine/ports'
import type { OdinConnection, OdinResult, PutAnswer } from '../../electron/odin/types'
import type { HttpRequest } from '../../electron/platform/ports'
import { createPaces } from '../../electron/server/pace'
import { isOpen, isTroubled } from '../../shared/change/machine'
import type { OutboxEntry } from '../../shared/change/types'
import type { JsonObject } from '../../shared/json'
import type { UserRecord } from '../../shared/user/types'
import { Violation } from './checker'
import { runSchedule } from './schedule'
import { gatewayJson } from './server'
import { here, type Tampering } from './world'

/** A mistake that somebody could make in the protocol, put in from outside the engine's own code. */
export interface Planted {
  readonly name: string
  readonly tampering: Tampering
  /** The invariants that it breaks; left out: any. */
  readonly breaks?: readonly number[]
}

const withDisk = (change: (disk: OutboxDisk) => OutboxDisk): Tampering => ({
  ports: (ports) => ({ ...ports, disk: change(ports.disk) }),
})

const withClient = (change: (client: OdinConnection) => Partial<OdinConnection>): Tampering => ({
  client: (client) => ({ ...client, ...change(client) }),
})

const writes =
  (change: (write: DiskWrite, disk: OutboxDisk) => void) =>
  (disk: OutboxDisk): OutboxDisk => ({ load: () => disk.load(), commit: (write) => change(write, disk) })

const without = <K extends keyof DiskWrite>(write: DiskWrite, key: K): DiskWrite => {
  const { [key]: _dropped, ...rest } = write
  return rest as DiskWrite
}

/** An answer that is made to be about what was asked for, whatever it was about. */
const believing = (wanted: (request: HttpRequest) => boolean): Tampering => ({
  answer: (answer, request) => {
    if (answer.status !== 200 || answer.body.startsWith('<') || !wanted(request)) return answer
    const said = JSON.parse(answer.body) as JsonObject | JsonObject[]
    const query = Object.fromEntries(new URL(request.url).searchParams)
    const { userId, serviceProviderId, groupId } = {
      ...query,
      ...JSON.parse(request.body ?? '{}'),
    } as Record<string, string>
    const about = (one: JsonObject): JsonObject => ({
      ...one,
      ...(userId === undefined || Array.isArray(said) ? {} : { userId }),
      ...(groupId === undefined ? {} : { serviceProviderId: serviceProviderId ?? '', groupId }),
    })
    return { ...answer, body: JSON.stringify(Array.isArray(said) ? said.map(about) : about(said)) }
  },
})
const isUsers = ({ url }: HttpRequest): boolean => new URL(url).pathname.endsWith('/users')
const isRead =
  (ofOne: boolean) =>
  (request: HttpRequest): boolean =>
    request.method === 'GET' && isUsers(request) && new URL(request.url).searchParams.has('userId') === ofOne

/** What is made of an answer that is not the API's own, by its status. */
const taking = (pages: (status: number) => boolean, as: string, begins = '<'): Tampering => ({
  answer: (answer) =>
    answer.body.startsWith(begins) && pages(answer.status)
      ? { ...answer, body: JSON.stringify({ status: answer.status, error: as }) }
      : answer,
})

const doneAnyway = (text: string) =>
  ({ outcome: 'done', settled: [], conflicts: [], next: 'ended', why: text }) as const

export const planted: readonly Planted[] = [
  {
    name: 'the PUT goes out without a record of the attempt',
    tampering: withDisk(
      writes((write, disk) => {
        if (write.what !== 'attempt') disk.commit(write)
      }),
    ),
  },
  {
    name: 'the attempt is recorded in the outbox but not in history',
    tampering: withDisk(writes((write, disk) => disk.commit(without(write, 'opened')))),
  },
  {
    name: 'history is not settled with the entry',
    tampering: withDisk(writes((write, disk) => disk.commit(without(write, 'settled')))),
  },
  {
    name: 'a disk that refuses is taken for one that has written',
    tampering: withDisk(
      writes((write, disk) => {
        try {
          disk.commit(write)
        } catch (error) {
          if ((error as Error).name === 'Crash') throw error
        }
      }),
    ),
  },
  {
    name: 'nothing is compared: mine is sent over whatever is there',
    tampering: {
      rules: {
        planSend: (edits, record) => {
          const plan = protocolRules.planSend(edits, record)
          const forced = plan.conflicts.map(({ theirs: _theirs, ...edit }) => edit)
          return {
            ...plan,
            send: [...plan.send, ...forced],
            conflicts: [],
            preImage: {
              ...plan.preImage,
              ...Object.fromEntries(plan.conflicts.map(({ path, theirs }) => [path, theirs])),
            },
          }
        },
      },
    },
  },
  {
    name: 'the pre-read is answered from memory',
    tampering: withClient((client) => {
      const known = new Map<string, OdinResult<UserRecord>>()
      return {
        async user(userId, call) {
          const before = known.get(userId)
          if (before !== undefined) {
            call?.turn?.giveBack()
            return before
          }
          const now = await client.user(userId, call)
          if (now.ok) known.set(userId, now)
          return now
        },
      }
    }),
  },
  {
    name: 'a PUT without an answer is sent again at once',
    tampering: withClient((client) => ({
      async putUser(body, call) {
        const first = await client.putUser(body, call)
        return !first.ok && first.error.kind === 'unknown' ? client.putUser(body) : first
      },
    })),
  },
  {
    name: 'the connection is reused, and the stack repeats a PUT when it breaks',
    tampering: withClient((client) => ({
      async putUser(body, call) {
        const first = await client.putUser(body, call)
        return !first.ok && first.error.kind === 'not-sent' ? client.putUser(body) : first
      },
    })),
  },
  {
    name: 'a lost answer is not waited out',
    tampering: { options: () => ({ settleMs: 0 }) },
  },
  {
    name: 'after a restart the settle time is not waited out again',
    tampering: { options: (life) => (life === 1 ? {} : { settleMs: 1_000 }) },
  },
  {
    name: 'a read that shows the old value is taken for "not applied" at once',
    tampering: {
      rules: { afterSilence: (judgement, sent) => protocolRules.afterSilence(judgement, sent, true) },
    },
  },
  {
    name: 'a lost answer is taken for a success',
    tampering: {
      rules: {
        afterSilence: (_judgement, sent) => ({
          ...doneAnyway('Done.'),
          settled: sent.map(({ path }) => path),
        }),
      },
    },
  },
  {
    name: 'a 2xx is believed without looking',
    tampering: {
      rules: {
        afterAnswer: (judgement) => ({ ...doneAnyway('Done.'), settled: Object.keys(judgement.fates) }),
      },
    },
  },
  {
    name: 'an answer that only echoes the request counts as a re-read',
    tampering: withClient((client) => ({
      async putUser(body, call): Promise<OdinResult<PutAnswer>> {
        const result = await client.putUser(body, call)
        if (!result.ok || result.value.record !== undefined) return result
        const { serviceProviderId, groupId, userId, ...fields } = body
        const key = { serviceProviderId, groupId, userId }
        return {
          ...result,
          value: { ...result.value, record: { key, completeness: 'full', fields, extra: {} } },
        }
      },
    })),
  },
  {
    name: 'a refused change is thrown away',
    tampering: {
      rules: {
        afterRefusal: (judgement) => ({ ...doneAnyway('Refused.'), settled: Object.keys(judgement.fates) }),
      },
    },
  },
  {
    name: 'different values of a field follow each other without a pause',
    tampering: { options: () => ({ spacingMs: 0 }) },
  },
  {
    name: 'the pause between writes is forgotten in a restart',
    tampering: withDisk((disk) => ({
      load: () => ({ ...disk.load(), recent: [] }),
      commit: (write) => disk.commit(write),
    })),
  },
  {
    name: 'a value that is only pending becomes the base of an edit of a field that was never read',
    tampering: {
      rules: {
        mergeEdits: (earlier, later, moved) =>
          protocolRules.mergeEdits(
            earlier.map((edit) => {
              const newer = later.find(({ path }) => path === edit.path)
              return edit.base === undefined && newer?.base !== undefined
                ? { ...edit, base: newer.base }
                : edit
            }),
            later,
            moved,
          ),
      },
    },
  },
  {
    name: 'what nobody has seen is written over',
    tampering: {
      rules: {
        planSend: (edits, record) =>
          protocolRules.planSend(
            edits.map((edit) =>
              edit.base === undefined ? { ...edit, base: record.fields[edit.path] ?? null } : edit,
            ),
            record,
          ),
      },
    },
  },
  {
    name: 'an edit is merged into the entry that is in flight',
    tampering: withDisk((disk) => ({
      load: () => disk.load(),
      commit(write) {
        const known = new Map(disk.load().entries.map((entry) => [entry.user.userId + entry.account, entry]))
        const entries = write.entries.map((entry): OutboxEntry => {
          const open = known.get(entry.user.userId + entry.account)
          if (write.what !== 'save' || open === undefined || !isOpen(open) || open.id === entry.id)
            return entry
          return { ...open, edits: entry.edits }
        })
        disk.commit({ ...write, entries })
      },
    })),
  },
  {
    name: 'what is edited while in flight is dropped',
    tampering: { rules: { editsBehind: () => [] } },
  },
  {
    name: 'an edit back to the value in flight does not take back what waits behind it',
    tampering: {
      rules: {
        editsBehind: (ahead, edits) =>
          protocolRules
            .editsBehind(ahead, edits)
            .filter(({ base, mine }) => base === undefined || JSON.stringify(base) !== JSON.stringify(mine)),
      },
    },
  },
  {
    name: 'a change goes out under whoever is signed in',
    tampering: {
      ports: (ports) => ({
        ...ports,
        server: () => {
          const now = ports.server()
          return now && { ...now, identity: here }
        },
      }),
    },
  },
  {
    name: 'the pace is not kept',
    tampering: {
      ports: (ports) => {
        const fast = createPaces(ports.clock, Number.NEGATIVE_INFINITY)
        const at = (origin: string) => fast.join(origin, 100)
        return { ...ports, pace: at }
      },
    },
  },
  {
    name: 'each caller has a pace of its own',
    tampering: {
      ports: (ports) => ({
        ...ports,
        pace: () => createPaces(ports.clock, Number.NEGATIVE_INFINITY).join('https://one.example', 5),
      }),
    },
  },
  {
    name: 'a sign-in has a pace of its own',
    tampering: {
      ports: (ports) => {
        const own = createPaces(ports.clock)
        return { ...ports, pace: own.at }
      },
    },
    breaks: [10],
  },
  {
    name: 'a restart forgets the pace',
    tampering: { paces: (clock) => createPaces(clock, Number.NEGATIVE_INFINITY) },
  },
  {
    name: 'one user’s trouble stops everybody',
    tampering: {
      heldByOrder: (entry, live) =>
        [...live].some((other) => other.id !== entry.id && isTroubled(other))
          ? 'Waits for another user.'
          : undefined,
    },
  },
  {
    name: 'time is told by the wall clock',
    tampering: {
      ports: (ports): EnginePorts => ({
        ...ports,
        clock: { ...ports.clock, mono: () => ports.clock.wall() },
      }),
    },
  },
  {
    name: 'a field that nobody changed goes along',
    tampering: {
      rules: {
        planSend: (edits, record) => {
          const plan = protocolRules.planSend(edits, record)
          const title = record.fields.title ?? null
          if (
            record.service !== undefined ||
            plan.send.length === 0 ||
            edits.some(({ path }) => path === 'title')
          )
            return plan
          return {
            ...plan,
            send: [...plan.send, { path: 'title', base: title, mine: title }],
            preImage: { ...plan.preImage, title },
          }
        },
      },
    },
  },
  {
    name: 'long timers are forgotten',
    tampering: {
      ports: (ports) => ({
        ...ports,
        clock: {
          ...ports.clock,
          after: (ms, run) => (ms > 60_000 ? () => {} : ports.clock.after(ms, run)),
        },
      }),
    },
  },
  {
    name: 'signing out empties the outbox',
    tampering: {
      engine: (engine) => ({
        ...engine,
        serverChanged() {
          engine.discard([...engine.live()].map(({ id }) => id))
          engine.serverChanged()
        },
      }),
    },
  },
  {
    name: 'choosing mine in a conflict keeps the old base and sends anyway',
    tampering: {
      rules: {
        planSend: (edits, record) => {
          const plan = protocolRules.planSend(edits, record)
          const again = plan.conflicts.filter(({ base }) => String(base).startsWith('foreign'))
          return {
            ...plan,
            send: [...plan.send, ...again.map(({ theirs: _theirs, ...edit }) => edit)],
            conflicts: plan.conflicts.filter((one) => !again.includes(one)),
            preImage: {
              ...plan.preImage,
              ...Object.fromEntries(again.map(({ path, theirs }) => [path, theirs])),
            },
          }
        },
      },
    },
  },
  {
    name: 'a record of somebody else is taken for the one that was asked for',
    tampering: believing(isRead(true)),
    breaks: [1, 2, 6, 13],
  },
  {
    name: 'a list of another group is taken for the one that was asked for',
    tampering: believing(isRead(false)),
    breaks: [13],
  },
  {
    name: 'the answer to a PUT is believed whomever it is about',
    tampering: believing((request) => request.method === 'PUT' && isUsers(request)),
    breaks: [2, 6, 13],
  },
  {
    name: 'what half a record lacks is taken for empty',
    tampering: {
      answer: (answer, request) => {
        if (answer.status !== 200 || !isRead(true)(request) || !answer.body.startsWith('{')) return answer
        const always = { firstName: 'First', lastName: '?', language: 'English' }
        return { ...answer, body: JSON.stringify({ ...always, ...JSON.parse(answer.body) }) }
      },
    },
    breaks: [1, 2, 6, 13],
  },
  {
    name: 'the age of an answer is not looked at',
    tampering: { answer: (answer) => ({ ...answer, headers: {} }) },
    breaks: [1, 2, 6, 13],
  },
  {
    name: 'a web page speaks for the API',
    tampering: taking((status) => status >= 400, 'Page'),
    breaks: [4, 13],
  },
  {
    name: 'the JSON of a gateway is taken for the API’s own refusal',
    tampering: taking((status) => status >= 400 && status < 500, 'Forbidden', gatewayJson),
    breaks: [4, 13],
  },
  {
    name: 'a web page with 401 signs the account out',
    tampering: taking((status) => status === 401, 'Log in'),
    breaks: [13],
  },
  {
    name: 'a web page with 404 means that the user is gone',
    tampering: taking((status) => status === 404, 'Not found'),
    breaks: [13],
  },
  {
    name: 'a web page with 503 means that a PUT was not carried out',
    tampering: taking((status) => status === 503, 'Maintenance'),
    breaks: [4, 13],
  },
  {
    name: 'an answer with status 101 is waited for without end',
    tampering: withClient((client) => ({
      async putUser(body, call) {
        const result = await client.putUser(body, call)
        return !result.ok && result.error.status === 101 ? new Promise<never>(() => {}) : result
      },
    })),
    breaks: [9, 12],
  },
  {
    name: 'everybody whose call is refused signs in for themselves',
    tampering: withClient((client) => {
      const signingIn = async (result: OdinResult<unknown>): Promise<void> => {
        if (!result.ok && result.error.kind === 'unauthorized') await client.signIn('anna', 'right')
      }
      return {
        async putUser(body, call) {
          const result = await client.putUser(body, call)
          void signingIn(result)
          void signingIn(result)
          return result
        },
      }
    }),
    breaks: [13],
  },
  {
    name: 'a password that was refused is offered again',
    tampering: withClient((client) => ({
      async revive() {
        const result = await client.revive()
        return result.ok || result.error.status !== 401 ? result : client.signIn('anna', 'wrong')
      },
    })),
    breaks: [13],
  },
  {
    name: 'a server that may be away is asked by a PUT',
    tampering: withClient((client) => {
      let last: Parameters<OdinConnection['putUser']>[0] | undefined
      return {
        putUser(body, call) {
          last = body
          return client.putUser(body, call)
        },
        async revive() {
          if (last === undefined) return client.revive()
          const result = await client.putUser(last)
          return result.ok ? client.revive() : result
        },
      }
    }),
    breaks: [1, 3, 4, 5, 8],
  },
  {
    name: 'a server that is away is not asked again',
    tampering: withClient(() => ({ revive: () => new Promise(() => {}) })),
    breaks: [12],
  },
  {
    name: 'a change is saved under whoever is chosen when it is written',
    tampering: {
      engine: (engine, ports) => ({
        ...engine,
        add: (identity, changes) => engine.add(ports.server()?.identity ?? identity, changes),
      }),
    },
    breaks: [2, 7, 8],
  },
  {
    name: 'working offline holds back only what waits in the outbox',
    tampering: {
      server: (server) => ({
        ...server,
        hindrance: () => {
          const now = server.hindrance()
          return now?.name === 'work-offline' && server.state().network === 'online' ? undefined : now
        },
      }),
      hooks: (hooks) => ({ ...hooks, mayCall: () => true }),
    },
    breaks: [8],
  },
  {
    name: 'the pre-read of a service is answered from memory',
    tampering: withClient((client) => {
      const known = new Map<string, OdinResult<UserRecord>>()
      return {
        async service(id, key, call) {
          const before = known.get(`${id} ${key.userId}`)
          if (before !== undefined) {
            call?.turn?.giveBack()
            return before
          }
          const now = await client.service(id, key, call)
          if (now.ok) known.set(`${id} ${key.userId}`, now)
          return now
        },
      }
    }),
    breaks: [1, 2, 6, 7],
  },
  {
    name: 'the body of a service is built from an older copy than the pre-read',
    tampering: {
      rules: {
        bodyAbout: (() => {
          const first = new Map<string, UserRecord>()
          return (about, edits, read, form) => {
            const name = `${about.service} ${about.user.userId}`
            const old = first.get(name) ?? read
            first.set(name, old)
            return protocolRules.bodyAbout(about, edits, old, form)
          }
        })(),
      },
    },
    breaks: [7],
  },
  {
    name: 'what a body carries along is forgotten when it was sent',
    tampering: { rules: { carriedAbout: () => undefined } },
    breaks: [3, 5],
  },
  {
    name: 'what a body carries along does not count as written',
    tampering: {
      rules: { carriedAbout: (...of) => protocolRules.carriedAbout(...of) && {} },
    },
    breaks: [5],
  },
  {
    name: 'a part of a service is sent although its connection is set to the whole',
    tampering: { rules: { formAbout: () => 'changed' } },
    breaks: [7],
  },
  {
    name: 'the whole of a service is sent although its connection is set to a part',
    tampering: { rules: { formAbout: (about) => protocolRules.formAbout(about, false) } },
    breaks: [3, 7],
  },
  {
    name: 'how a connection was set when the app started decides what is sent',
    tampering: {
      ports: (ports) => {
        let first: boolean | undefined
        return {
          ...ports,
          partialBodies: (connectionId) => {
            first ??= ports.partialBodies?.(connectionId) ?? false
            return first
          },
        }
      },
    },
    breaks: [3, 7],
  },
  {
    name: 'two lists of numbers that ring are put together',
    tampering: {
      rules: {
        bodyAbout: (about, edits, read, form) => {
          const { locations, ...body } = protocolRules.bodyAbout(about, edits, read, form)
          if (locations === undefined) return body
          return { ...body, locations: [read.sent?.locations ?? [], locations ?? []].flat() }
        },
      },
    },
    breaks: [7],
  },
  {
    name: 'changes of services and of options share an entry',
    tampering: { rules: { isAbout: () => true } },
  },
  {
    name: 'a conflict on one field of a service lets the others go',
    tampering: {
      rules: {
        planSend: (edits, record) => {
          const plan = protocolRules.planSend(edits, record)
          return record.service === undefined || plan.send.length === 0 ? plan : { ...plan, conflicts: [] }
        },
      },
    },
    breaks: [1],
  },
  {
    name: 'a service is written where another one is',
    tampering: withClient((client) => ({
      putService: (id, key, body, call) =>
        client.putService(id === 'doNotDisturb' ? 'voiceMessaging' : id, key, body, call),
    })),
    breaks: [3],
  },
  {
    name: 'sleep does not count in the age of a read',
    tampering: {
      ports: (ports) => ({ ...ports, clock: { ...ports.clock, elapsed: ports.clock.mono } }),
    },
    breaks: [1, 6],
  },
]

export interface Caught {
  readonly name: string
  /** Left out when it was not caught. */
  readonly by?: string
  readonly schedules: number
  readonly ms: number
}

/** Runs schedules with one planted mistake until an invariant breaks. */
export async function catchPlanted(bug: Planted, seed: number, most: number): Promise<Caught> {
  const start = performance.now()
  const result = (schedules: number, by?: string): Caught => ({
    name: bug.name,
    schedules,
    ms: Math.round(performance.now() - start),
    ...(by === undefined ? {} : { by }),
  })
  for (let i = 0; i < most; i++) {
    try {
      const { wire } = await runSchedule(seed + i, { tampering: bug.tampering })
      if (i % 20 === 0) {
        const calm = await runSchedule(seed + i, { tampering: bug.tampering, calmClock: true })
        if (calm.wire !== wire) throw new Violation(11, 'what is sent depends on the wall clock')
      }
    } catch (error) {
      const { message } = error as Error
      const missed = error instanceof Violation && bug.breaks?.includes(error.invariant) === false
      if (missed) return result(i + 1, `Another one than it should: ${message}`)
      return result(i + 1, error instanceof Violation ? message : `The engine itself: ${message}`)
    }
  }
  return result(most)
}
