import {
  createEngine,
  type EngineDeps,
  type NewChange,
} from '../../../../electron/features/outbox/engine/engine'
import type {
  DiskState,
  DiskWrite,
  Identity,
  OutboxDisk,
} from '../../../../electron/features/outbox/engine/ports'
import type {
  OdinConnection,
  OdinError,
  OdinErrorKind,
  OdinResult,
  OdinSession,
  PutAnswer,
} from '../../../../electron/odin/types'
import type { Clock } from '../../../../electron/platform/ports'
import { createPaces } from '../../../../electron/server/pace'
import { openServer, type Server } from '../../../../electron/server/server'
import { isEnded } from '../../../../shared/change/machine'
import type { Attempt, OutboxEntry } from '../../../../shared/change/types'
import type { JsonObject } from '../../../../shared/json'
import type { FieldValue, UserKey, UserRecord } from '../../../../shared/user/types'
import { createTimeline, processClock } from '../../../simulation/time'

/** A workbench for the engine: virtual time, a disk in memory, and a server whose answers a test can script. */

export const identity: Identity = {
  connectionId: 'c1',
  origin: 'https://odin.example/api/v2',
  account: 'admin',
}

export const keyOf = (userId: string): UserKey => ({
  serviceProviderId: 'sp',
  groupId: 'grp',
  userId,
})

export const failure = (
  kind: OdinErrorKind,
  more: Partial<OdinError> = {},
): { ok: false; error: OdinError } => ({
  ok: false,
  error: { kind, cause: kind, message: `${kind}.`, next: '', ...more },
})

type Handler = (body: JsonObject & UserKey) => Promise<OdinResult<PutAnswer>> | OdinResult<PutAnswer>

export function memoryDisk() {
  const entries = new Map<string, string>()
  const history = new Map<string, Attempt & { answer?: string }>()
  const users = new Map<string, UserRecord>()
  const writes: DiskWrite['what'][] = []
  let refuse: ((write: DiskWrite) => boolean) | undefined
  const disk: OutboxDisk = {
    load(): DiskState {
      const all = [...entries.values()].map((text) => JSON.parse(text) as OutboxEntry)
      return {
        entries: all.filter((entry) => !isEnded(entry)).sort((a, b) => a.seq - b.seq),
        recent: [],
        nextSeq: Math.max(0, ...all.map(({ seq }) => seq)) + 1,
      }
    },
    commit(write) {
      if (refuse?.(write)) throw new Error('The disk is full.')
      writes.push(write.what)
      for (const entry of write.entries) entries.set(entry.id, JSON.stringify(entry))
      if (write.opened) history.set(write.opened.attempt.id, write.opened.attempt)
      if (write.settled) {
        const { attempt, answer } = write.settled
        history.set(attempt.id, {
          ...history.get(attempt.id),
          ...attempt,
          ...(answer === undefined ? {} : { answer }),
        })
      }
      for (const attempt of write.abandoned ?? [])
        history.set(attempt.id, { ...history.get(attempt.id), ...attempt })
      if (write.user) users.set(write.user.record.key.userId, write.user.record)
    },
  }
  return {
    disk,
    writes,
    history: () => [...history.values()],
    users,
    refuseWhen(when: ((write: DiskWrite) => boolean) | undefined): void {
      refuse = when
    },
    entry: (userId: string): OutboxEntry | undefined =>
      [...entries.values()]
        .map((text) => JSON.parse(text) as OutboxEntry)
        .find(({ user }) => user.userId === userId),
    all: (): OutboxEntry[] => [...entries.values()].map((text) => JSON.parse(text) as OutboxEntry),
  }
}

export function bench(
  { callsPerSecond = 5, ...options }: EngineDeps['options'] & { callsPerSecond?: number } = {},
  { countsSleep = false } = {},
) {
  const timeline = createTimeline()
  let asleepMs = 0
  const { elapsed: _, ...wallAndMono } = processClock(timeline, {
    alive: () => true,
    wallOffset: () => 1_700_000_000_000 + (countsSleep ? 0 : asleepMs),
  })
  const clock: Clock = {
    ...wallAndMono,
    ...(countsSleep ? { elapsed: () => timeline.now() + asleepMs } : {}),
  }
  const truth = new Map<string, Record<string, FieldValue>>()
  const log: { at: number; what: string; userId?: string; body?: JsonObject }[] = []
  const puts: Handler[] = []
  const reads: (() => OdinResult<UserRecord>)[] = []
  const memory = memoryDisk()
  let ids = 0
  /** Calls that are never answered. */
  let hangs: (call: { what: string; userId?: string }) => boolean = () => false
  const latency = 20
  const start = 2000

  const recordOf = (userId: string): UserRecord => ({
    key: keyOf(userId),
    completeness: 'full',
    fields: { ...truth.get(userId) },
    extra: {},
  })
  const later = <T>(answer: () => T): Promise<T> => {
    const call = log.at(-1)
    return call !== undefined && hangs(call)
      ? new Promise(() => {})
      : new Promise((resolve) => timeline.in(latency, () => resolve(answer())))
  }
  const read = (userId: string): OdinResult<UserRecord> =>
    truth.has(userId)
      ? { ok: true, value: recordOf(userId), status: 200, raw: '{}' }
      : failure('not-found', { status: 404, text: `[Error 4008] User not found: ${userId}` })

  const apply = (body: JsonObject & UserKey): void => {
    const user = truth.get(body.userId)
    if (user === undefined) return
    for (const [path, value] of Object.entries(body)) {
      if (!['serviceProviderId', 'groupId', 'userId'].includes(path)) user[path] = value
    }
  }
  const accepted = (body: JsonObject & UserKey): OdinResult<PutAnswer> => ({
    ok: true,
    value: { record: recordOf(body.userId), json: {} },
    status: 200,
    raw: '{"userId":"…"}',
  })

  const pace = createPaces(clock).join('https://one.example', callsPerSecond)

  const session: OdinSession = {
    userId: 'admin',
    loginType: 'Group',
    isSystemAdmin: false,
    readOnly: false,
    policy: {},
  }
  const signedIn: OdinResult<OdinSession> = { ok: true, value: session, status: 200, raw: '' }
  const client = {
    session: () => session,
    signIn: async () => signedIn,
    close: () => {},
    revive() {
      log.push({ at: timeline.now() - start, what: 'SESSION' })
      return later(() => signedIn)
    },
    user(userId: string) {
      log.push({ at: timeline.now() - start, what: 'GET', userId })
      const scripted = reads.shift()
      return later(() => scripted?.() ?? read(userId))
    },
    usersOfGroup() {
      log.push({ at: timeline.now() - start, what: 'LIST' })
      return later(() => ({ ok: true, value: [...truth.keys()].map(recordOf), status: 200, raw: '[]' }))
    },
    putUser(body: JsonObject & UserKey) {
      log.push({ at: timeline.now() - start, what: 'PUT', userId: body.userId, body })
      const scripted = puts.shift()
      return later(() => undefined).then(() => {
        if (scripted !== undefined) return scripted(body)
        apply(body)
        return accepted(body)
      })
    },
  } as unknown as OdinConnection
  let current: Server | undefined
  const signIn = (as: Identity | undefined): void => {
    current?.close()
    current =
      as &&
      openServer({
        identity: as,
        createClient: () => client,
        workOffline: () => false,
        systemOffline: () => false,
        clock,
        random: { next: () => 0.5 },
        changed: () => engine.serverChanged(),
      })
    void current?.signIn('pw')
    engine.serverChanged()
  }

  const deps: EngineDeps = {
    clock,
    random: { next: () => 0.5, id: () => `id-${++ids}` },
    disk: memory.disk,
    options,
    pace: () => pace,
    server: () => current,
    onTrouble: (event, error) => {
      if (event !== 'outbox.disk-refused') throw error
    },
  }
  let engine = createEngine(deps)
  signIn(identity)
  engine.start()
  // The first second after a start belongs to the calls that an earlier run may have made.
  timeline.skip(start)

  return {
    timeline,
    truth,
    log,
    memory,
    puts,
    reads,
    apply,
    accepted,
    recordOf,
    engine: () => engine,
    signIn,
    /** Calls like these get no answer from now on. */
    hang(which: typeof hangs): void {
      hangs = which
    },
    /** The computer sleeps: the monotonic clock stands still, one of the others does not. */
    sleep(ms: number): void {
      asleepMs += ms
    },
    /** As after a crash: what the old engine still wanted to do is not done. */
    restart(): void {
      engine = createEngine(deps)
      engine.serverChanged()
      engine.start()
    },
    save(userId: string, edits: NewChange['edits'], more: Partial<NewChange> = {}) {
      return engine.add(identity, [{ user: keyOf(userId), edits, ...more }])
    },
    run: (ms: number): Promise<void> => timeline.runTo(timeline.now() + ms),
    sent: () => log.filter(({ what }) => what === 'PUT').map(({ body }) => body),
  }
}
