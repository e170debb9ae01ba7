import { protocolRules } from '../../electron/features/outbox/engine/options'
import type {
  DiskWrite,
  EnginePorts,
  OutboxDisk,
  ServerPort,
} from '../../electron/features/outbox/engine/ports'
import type { Ask } from '../../electron/odin/ask'
import type { OdinResult, PutAnswer } from '../../electron/odin/types'
import type { UserCalls } from '../../electron/odin/users'
import { interpret } from '../../electron/odin/wire'
import { createPaces } from '../../electron/server/pace'
import { isOpen, isTroubled } from '../../shared/change/machine'
import type { OutboxEntry } from '../../shared/change/types'
import type { Json } from '../../shared/json'
import { normaliseUser } from '../../shared/user/normalise'
import type { UserRecord } from '../../shared/user/types'
import { Violation } from './checker'
import { runSchedule } from './schedule'
import { here, type Tampering } from './world'

/** A mistake that somebody could make in the protocol, put in from outside the engine's own code. */
export interface Planted {
  readonly name: string
  readonly tampering: Tampering
  /** The invariants that it breaks; left out: any. */
  readonly breaks?: readonly number[]
}

const unreadable = {
  ok: false,
  error: { kind: 'unknown', cause: 'shape', status: 200, message: 'Not understood.', next: '' },
} as const

const withDisk = (change: (disk: OutboxDisk) => OutboxDisk): Tampering => ({
  ports: (ports) => ({ ...ports, disk: change(ports.disk) }),
})

const withServer = (change: (server: ServerPort) => ServerPort): Tampering => ({
  ports: (ports) => {
    // One wrapper per port, so that what a wrapper remembers lives as long as the process.
    const made = new Map<string, ServerPort>()
    return {
      ...ports,
      session: {
        ...ports.session,
        server: (identity) => {
          const server = ports.session.server(identity)
          if (server === undefined) return undefined
          const name = JSON.stringify(identity)
          const wrapped = made.get(name) ?? change(server)
          made.set(name, wrapped)
          return wrapped
        },
      },
    }
  },
})

const writes =
  (change: (write: DiskWrite, disk: OutboxDisk) => void) =>
  (disk: OutboxDisk): OutboxDisk => ({ load: () => disk.load(), commit: (write) => change(write, disk) })

const without = <K extends keyof DiskWrite>(write: DiskWrite, key: K): DiskWrite => {
  const { [key]: _dropped, ...rest } = write
  return rest as DiskWrite
}

/** Whatever records an answer has, taken for those that were asked for. */
const anyRecords = (json: Json): UserRecord[] =>
  (Array.isArray(json) ? json : [json]).flatMap((item) => {
    const read = normaliseUser(item)
    return read.ok ? [read.record] : []
  })

const believing = (calls: (own: UserCalls, ask: Ask) => Partial<UserCalls>): Tampering => ({
  reading: { calls: (own, ask) => ({ ...own, ...calls(own, ask) }) },
})

/** What is made of an answer that is not the API's own, by its status. */
const taking = (pages: (status: number) => boolean, as: string): Tampering => ({
  reading: {
    interpret: (answer, call, context) =>
      answer.body.startsWith('<') && pages(answer.status)
        ? interpret({ ...answer, body: as }, call, context)
        : interpret(answer, call, context),
  },
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
    tampering: withServer((server) => {
      const known = new Map<string, OdinResult<UserRecord>>()
      return {
        ...server,
        async readUser(userId, turn) {
          const before = known.get(userId)
          if (before !== undefined) return before
          const now = await server.readUser(userId, turn)
          if (now.ok) known.set(userId, now)
          return now
        },
      }
    }),
  },
  {
    name: 'a PUT without an answer is sent again at once',
    tampering: withServer((server) => ({
      ...server,
      async putUser(body, turn, mayStart) {
        const first = await server.putUser(body, turn, mayStart)
        return !first.ok && first.error.kind === 'unknown' ? server.putUser(body, turn, mayStart) : first
      },
    })),
  },
  {
    name: 'the connection is reused, and the stack repeats a PUT when it breaks',
    tampering: withServer((server) => ({
      ...server,
      async putUser(body, turn, mayStart) {
        const first = await server.putUser(body, turn, mayStart)
        return !first.ok && first.error.kind === 'not-sent' ? server.putUser(body, turn, mayStart) : first
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
    tampering: withServer((server) => ({
      ...server,
      async putUser(body, turn, mayStart): Promise<OdinResult<PutAnswer>> {
        const result = await server.putUser(body, turn, mayStart)
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
      ports: (ports) => {
        const { session } = ports
        return {
          ...ports,
          session: {
            ...session,
            current: () => (session.current() === undefined ? undefined : here),
            server: () => {
              const now = session.current()
              return now && session.server(now)
            },
          },
        }
      },
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
    name: 'a restart forgets the pace',
    tampering: {
      ports: (ports) => {
        const fresh = createPaces(ports.clock, Number.NEGATIVE_INFINITY)
        return { ...ports, pace: fresh.at }
      },
    },
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
          if (plan.send.length === 0 || edits.some(({ path }) => path === 'title')) return plan
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
        sessionChanged() {
          engine.discard([...engine.live()].map(({ id }) => id))
          engine.sessionChanged()
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
    tampering: believing((_, ask) => ({
      async user(userId) {
        const result = await ask({ method: 'GET', path: '/users', query: { userId } })
        if (!result.ok) return result
        const [record] = anyRecords(result.value)
        return record === undefined ? unreadable : { ...result, value: record }
      },
    })),
    breaks: [1, 2, 6, 13],
  },
  {
    name: 'a list of another group is taken for the one that was asked for',
    tampering: believing((_, ask) => ({
      async usersOfGroup({ serviceProviderId, groupId }) {
        const result = await ask({ method: 'GET', path: '/users', query: { serviceProviderId, groupId } })
        return result.ok ? { ...result, value: anyRecords(result.value) } : result
      },
    })),
    breaks: [13],
  },
  {
    name: 'the answer to a PUT is believed whomever it is about',
    tampering: believing((_, ask) => ({
      async putUser(body) {
        const result = await ask({ method: 'PUT', path: '/users', body })
        if (!result.ok) return result
        const [record] = anyRecords(result.value)
        return { ...result, value: { json: result.value, ...(record === undefined ? {} : { record }) } }
      },
    })),
    breaks: [2, 6, 13],
  },
  {
    name: 'a web page speaks for the API',
    tampering: taking((status) => status >= 400, '{"error":"Page"}'),
    breaks: [4, 13],
  },
  {
    name: 'a web page with 401 signs the account out',
    tampering: taking((status) => status === 401, '{"error":"Log in"}'),
    breaks: [13],
  },
  {
    name: 'a web page with 404 means that the user is gone',
    tampering: taking((status) => status === 404, '{"error":"Not found"}'),
    breaks: [13],
  },
  {
    name: 'a web page with 503 means that a PUT was not carried out',
    tampering: taking((status) => status === 503, '{"message":"Maintenance"}'),
    breaks: [4, 13],
  },
  {
    name: 'an answer with status 101 is waited for without end',
    tampering: withServer((server) => ({
      ...server,
      async putUser(body, turn, mayStart) {
        const result = await server.putUser(body, turn, mayStart)
        return !result.ok && result.error.status === 101 ? new Promise<never>(() => {}) : result
      },
    })),
    breaks: [9, 12],
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
