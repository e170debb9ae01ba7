import * as z from 'zod'
import type { LoadProgress } from '../../../shared/ipc/contract'
import type { Json } from '../../../shared/json'
import type { OdinError, OdinErrorKind } from '../../odin/types'
import type { Clock, Log } from '../../platform/ports'
import { type CachedGroup, groupsRepository } from '../../store/repositories/groups'
import { settingsRepository } from '../../store/repositories/settings'
import type { Store } from '../../store/store'
import type { Arrivals } from './arrivals'
import type { CacheWriter } from './cache-writer'
import { isIn } from './choosing'
import type { Scope } from './index/user-index'
import { type FailedRead, keyOfGroup, type Plan, type PlannedGroup, planReads } from './plan'
import { bare, type CallsWish } from './reading'
import type { DirectoryClient } from './shown'

/** Groups read side by side. The pacer of the client decides how many calls that is a second. */
const sideBySide = 3
/** Nobody waits for what is read ahead: one call at a time leaves every other turn to people. */
const oneByOne = 1
/** How often a group is read again, after the others, when the server could not answer. */
const secondChances = 2
const chanceAfterMs = 2000

/** A load that was cut off is looked at again: the server may have come back without having been missed. */
const againAfterMs = 2_000
const longestAgainMs = 30_000
/** How often, while only some groups are left whose reads may yet succeed. One that never does must not hold up the rest. */
const ownChances = 7

/** Nothing more can be read for now: the rest of the load waits for a better time. */
const stopping: ReadonlySet<OdinErrorKind> = new Set([
  'not-sent',
  'not-signed-in',
  'unauthorized',
  'password-expired',
  'cancelled',
])
/** The next try may well succeed. */
const passing: ReadonlySet<OdinErrorKind> = new Set(['unknown', 'busy'])

/** A load that was begun and not finished; kept on disk, so that it survives a crash. */
const jobSchema = z.object({
  load: z.number(),
  startedAt: z.number(),
  scope: z.object({ serviceProviderId: z.string().optional(), groupId: z.string().optional() }),
  details: z.enum(['all', 'offline', 'stale', 'missing', 'ahead']),
  calls: z.enum(['groups', 'users']).optional(),
  onlyCalls: z.boolean().optional(),
  /** Nothing but these is read, within the scope. */
  among: z
    .array(z.object({ serviceProviderId: z.string().optional(), groupId: z.string().optional() }))
    .readonly()
    .optional(),
})
export type Job = z.infer<typeof jobSchema>

/**
 * Which groups get their full records after the list. Without a list: `stale` old groups that are taken offline, `missing`
 * groups with users of whom only a list row is known, because somebody asks for them; `ahead` those before anybody does.
 */
export type Details = Job['details']

const withoutList: ReadonlySet<Details> = new Set(['stale', 'missing', 'ahead'])

const staleAfterMs = 12 * 3_600_000

export interface LoadTarget {
  readonly connectionId: string
  readonly client: DirectoryClient
}

/**
 * Reads users from the server, group by group, and sees them into the cache by way of the arrivals. One load at a time: it ends
 * when everything that it read is in the cache.
 */
export interface Loader {
  progress(): LoadProgress
  /** Whether a load is under way that nobody has stopped. */
  isGoingOn(): boolean
  /** Whether the users of a group are being received. */
  isReading(): boolean
  /** Begins a load; one of the same scope that is running goes on instead. */
  start(
    target: LoadTarget,
    scope: Scope,
    details: Details,
    wish?: CallsWish & { readonly among?: readonly Scope[] | undefined },
  ): void
  /** Goes on with a load that a crash or a lost network cut off; false when there is none. */
  resume(target: LoadTarget): boolean
  /** Stops for good: what was read stays. */
  cancel(): void
  /** Nothing of a connection is left to go on with: what is known of it is forgotten. Call while nothing of it is running. */
  forget(connectionId: string): void
  /** What is being read; undefined when nothing is. */
  job(): Pick<Job, 'scope' | 'details' | 'calls'> | undefined
  /** How long full records took so far, milliseconds a user; undefined before any came. */
  msPerFullRecord(): number | undefined
  /** Stops for now: `resume` goes on. Resolves when nothing is read any more; what arrived is still taken in. */
  suspend(): Promise<void>
  /** Resolves when nothing is running. */
  idle(): Promise<void>
}

export const isStale = ({ offline, detailedAt }: CachedGroup, wall: number): boolean =>
  offline && (detailedAt === undefined || wall - detailedAt > staleAfterMs)

/** Whether a load reads the full records of a group. */
const isWanted = (
  group: CachedGroup,
  { details, startedAt }: Job,
  unread: { has(group: string): boolean },
): boolean => {
  switch (details) {
    case 'all':
      return true
    case 'offline':
      return group.offline
    case 'stale':
      return isStale(group, startedAt)
    case 'missing':
      return unread.has(keyOfGroup(group))
    case 'ahead':
      return unread.has(keyOfGroup(group)) && !wasAnswered(group)
  }
}

/** Whether its full records were asked for since its list was read: what is still not known of it, the server does not tell. */
export const wasAnswered = ({ detailedAt, readAt }: CachedGroup): boolean =>
  detailedAt !== undefined && detailedAt >= (readAt ?? 0)

const serialKey = 'users.lastLoad'

interface Running {
  readonly target: LoadTarget
  readonly job: Job
  readonly stop: AbortController
  /** Why what was read could not be stored. */
  failure: unknown
  /** Reads that failed and may yet succeed. */
  owed: number
  /** It has done what it could. */
  finished: boolean
  done: Promise<void>
}

const nothingRunning: LoadProgress = {
  running: false,
  groupsHere: 0,
  groupsDone: 0,
  groupsTotal: 0,
  users: 0,
  failed: [],
  phase: 'list',
}

export interface LoaderDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly writer: CacheWriter
  readonly arrivals: Arrivals
  readonly onProgress: (progress: LoadProgress) => void
  /** The groups of a connection or their names changed. */
  readonly onGroups: (connectionId: string) => void
  /** The groups of a connection with users of whom only a list row is known, by `keyOfGroup`. */
  readonly unreadGroups: (connectionId: string) => { has(group: string): boolean }
  /**
   * The groups of a connection with users of whose call handling that is not known, by `keyOfGroup`; or, for `again`, with users
   * of whom it is.
   */
  readonly groupsByCalls: (
    connectionId: string,
    which: 'groups' | 'users' | 'again',
  ) => { has(group: string): boolean }
  /** Reads the call handling of a group's users into the copy; returns the error that ended it, if one did. */
  readonly readCalls: (
    target: LoadTarget,
    group: PlannedGroup,
    how: 'groups' | 'users',
    to: { readonly signal: AbortSignal; readonly onUser: () => void },
  ) => Promise<OdinError | undefined>
  /** A load has done what it could: nothing of it is left for later. */
  readonly onDone: (job: Job) => void
  /** A load has ended with something left that nobody stopped: it is to be gone on with after so long, if it can be. */
  readonly onCutOff: (afterMs: number) => void
}

export const createLoader = (deps: LoaderDeps): Loader => {
  const { store, clock, log, writer, arrivals, onProgress, onGroups, unreadGroups, onDone, onCutOff } = deps
  const { groupsByCalls, readCalls } = deps
  const settings = settingsRepository(store)
  const groups = groupsRepository(store)
  let progress = nothingRunning
  let running: Running | undefined
  let reading = 0
  const fullReads = { users: 0, ms: 0 }
  /** How often in a row a load was left unfinished, and how often of these because only such reads were left. */
  let cutOff = 0
  let owing = 0

  const isGoingOn = (): boolean => running !== undefined && !running.stop.signal.aborted

  const jobKey = (connectionId: string): string => `users.load.${connectionId}`

  const unfinished = (connectionId: string): Job | undefined => {
    const parsed = jobSchema.safeParse(settings.get(jobKey(connectionId)))
    return parsed.success ? parsed.data : undefined
  }

  const tell = (changes: Partial<LoadProgress>): void => {
    progress = { ...progress, ...changes }
    onProgress(progress)
  }

  const failedRow = ({ serviceProviderId, groupId, error }: FailedRead): LoadProgress['failed'][number] => ({
    serviceProviderId,
    groupId,
    message: error.message,
  })

  /** Nothing more comes of this group. */
  const tellFailed = (
    { serviceProviderId, groupId }: Pick<PlannedGroup, 'serviceProviderId' | 'groupId'>,
    error: OdinError,
  ): void =>
    tell({
      groupsHere: progress.groupsHere + 1,
      groupsDone: progress.groupsDone + 1,
      failed: [...progress.failed, failedRow({ serviceProviderId, groupId, error })],
    })

  const wait = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        cancel()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const cancel = clock.after(ms, end)
      signal.addEventListener('abort', end)
    })

  /** Works through the groups; returns the error that stopped it, if one did. */
  const eachGroup = async (
    run: Running,
    plan: readonly PlannedGroup[],
    read: (group: PlannedGroup) => Promise<OdinError | undefined>,
    lanes = sideBySide,
  ): Promise<OdinError | undefined> => {
    const { signal } = run.stop
    const queue = plan.map((group) => ({ group, chances: secondChances }))
    let stoppedBy: OdinError | undefined
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (signal.aborted || stoppedBy !== undefined) return
        const error = await read(next.group)
        if (signal.aborted) return
        if (error !== undefined && stopping.has(error.kind)) {
          stoppedBy = error
          tell({ failed: [...progress.failed, failedRow({ ...next.group, error })] })
          return
        }
        if (error !== undefined && passing.has(error.kind) && next.chances > 0) {
          await wait(Math.max(error.retryAfterMs ?? 0, chanceAfterMs), signal)
          queue.push({ group: next.group, chances: next.chances - 1 })
          continue
        }
        if (error === undefined) continue
        if (passing.has(error.kind)) run.owed++
        tellFailed(next.group, error)
      }
    }
    await Promise.all(Array.from({ length: lanes }, worker))
    return stoppedBy
  }

  const readGroup = async (
    run: Running,
    group: PlannedGroup,
    detailed: boolean,
  ): Promise<OdinError | undefined> => {
    const { target, job, stop } = run
    const { connectionId, client } = target
    const askedMono = clock.mono()
    const askedAt = clock.wall()
    reading++
    const answer = await client
      .usersAsSent(group, { extended: detailed, signal: stop.signal })
      .finally(() => reading--)
    if (!answer.ok) return answer.error
    if (stop.signal.aborted) return undefined
    const tookMs = clock.mono() - askedMono
    const { serviceProviderId, groupId } = group
    const { load } = job
    const { phase } = progress
    await arrivals.keep(
      connectionId,
      { serviceProviderId, groupId, sent: answer.value, detailed, load, askedMono, askedAt },
      {
        onKept: () => {
          if (running === run && progress.phase === phase) tell({ groupsHere: progress.groupsHere + 1 })
        },
        onTaken: (users) => {
          // Users of the list may still be on their way when their details are read.
          if (running !== run || progress.phase !== phase) return
          if (users === undefined) return tellFailed(group, lost)
          if (detailed) {
            fullReads.users += users
            fullReads.ms += tookMs
          }
          tell({ groupsDone: progress.groupsDone + 1, users: progress.users + users })
        },
        onFailed: (cause) => {
          run.failure ??= cause
          stop.abort()
        },
      },
    )
    return undefined
  }

  const readOnlyUser = async (
    { target, job, stop }: Running,
    userId: string,
  ): Promise<OdinError | undefined> => {
    const askedMono = clock.mono()
    const askedWall = clock.wall()
    const answer = await target.client.user(userId, { signal: stop.signal })
    if (!answer.ok) return answer.error
    const { connectionId } = target
    await writer.writeGroup(
      {
        connectionId,
        group: answer.value.key,
        records: [answer.value],
        detailed: true,
        complete: false,
        load: job.load,
        askedMono,
        askedWall,
      },
      new AbortController().signal,
    )
    tell({ groupsHere: 1, groupsDone: 1, users: 1 })
    return undefined
  }

  const saveNames = async (connectionId: string, plan: Plan): Promise<void> => {
    for (let from = 0; from < plan.groups.length; from += 200) {
      store.transaction(() => {
        for (const group of plan.groups.slice(from, from + 200)) groups.saveName(connectionId, group)
      })
      await new Promise((resolve) => setImmediate(resolve))
    }
    onGroups(connectionId)
  }

  const inJobScope = (
    { scope, among }: Job,
    group: Pick<CachedGroup, 'serviceProviderId' | 'groupId'>,
  ): boolean =>
    (among === undefined || isIn(among, group)) &&
    (scope.serviceProviderId === undefined || scope.serviceProviderId === group.serviceProviderId) &&
    (scope.groupId === undefined || scope.groupId === group.groupId)

  /** The list phase; returns the plan, or the error that stopped it. */
  const list = async (run: Running): Promise<Plan | OdinError> => {
    const { target, job, stop } = run
    const { connectionId, client } = target
    const session = client.session()
    if (session === undefined) return notSignedIn
    const plan = await planReads(client, session, job.scope, stop.signal, job.among)
    const stopper = plan.failed.find(({ error }) => stopping.has(error.kind))
    if (stopper !== undefined) {
      tell({ failed: plan.failed.map(failedRow) })
      return stopper.error
    }
    run.owed += plan.failed.filter(({ error }) => passing.has(error.kind)).length
    await saveNames(connectionId, plan)
    const cached = groups.list(connectionId)
    const alreadyRead = new Set(cached.filter(({ readBy }) => readBy === job.load).map(keyOfGroup))
    const unread = plan.groups.filter((group) => !alreadyRead.has(keyOfGroup(group)))
    const left = unread.filter(
      (group) => !arrivals.has(connectionId, { ...group, load: job.load, detailed: false }),
    )
    tell({
      groupsTotal: plan.groups.length,
      groupsHere: plan.groups.length - left.length,
      groupsDone: plan.groups.length - left.length,
      failed: plan.failed.map(failedRow),
    })
    const { onlyUser } = plan
    const error = await eachGroup(run, left, (group) =>
      onlyUser === undefined ? readGroup(run, group, false) : readOnlyUser(run, onlyUser),
    )
    if (error !== undefined) return error
    // Details of a group come after its list.
    await orAborted(arrivals.written(), stop.signal)
    for (const group of cached) {
      if (stop.signal.aborted) break
      if (inJobScope(job, group) && plan.isGone(group.serviceProviderId, group.groupId)) {
        await writer.groupIsGone(connectionId, group, clock.wall(), stop.signal)
      }
    }
    return plan
  }

  const details = async (run: Running, plan: Plan | undefined): Promise<OdinError | undefined> => {
    const { target, job } = run
    if (plan?.onlyUser !== undefined) return undefined
    const failed = new Set(progress.failed.map(keyOfGroup))
    const planned = plan && new Set(plan.groups.map(keyOfGroup))
    const unread = unreadGroups(target.connectionId)
    const wanted = groups
      .list(target.connectionId)
      .filter((group) => inJobScope(job, group) && (planned?.has(keyOfGroup(group)) ?? true))
      .filter((group) => isWanted(group, job, unread))
      .filter((group) => !failed.has(keyOfGroup(group)))
    if (wanted.length === 0) return undefined
    const left = wanted.filter(
      (group) =>
        group.detailedBy !== job.load &&
        !arrivals.has(target.connectionId, { ...group, load: job.load, detailed: true }),
    )
    tell({
      phase: 'details',
      groupsTotal: wanted.length,
      groupsHere: wanted.length - left.length,
      groupsDone: wanted.length - left.length,
      users: 0,
    })
    const session = target.client.session()
    return eachGroup(
      run,
      left,
      (group) =>
        session?.loginType === 'User' ? readOnlyUser(run, session.userId) : readGroup(run, group, true),
      job.details === 'ahead' ? oneByOne : sideBySide,
    )
  }

  const calls = async (run: Running): Promise<OdinError | undefined> => {
    const { target, job, stop } = run
    const how = job.calls
    if (how === undefined) return undefined
    // Who reads the list again wants to know what has changed in what is known, not more than that.
    const again = how === 'groups' && !withoutList.has(job.details)
    const meant = groupsByCalls(target.connectionId, again ? 'again' : how)
    const wanted = groups
      .list(target.connectionId)
      .filter((group) => inJobScope(job, group))
      .filter(
        (group) =>
          (how === 'users' && job.details === 'offline' && group.offline) || meant.has(keyOfGroup(group)),
      )
    if (wanted.length === 0) return undefined
    tell({ phase: 'calls', groupsTotal: wanted.length, groupsHere: 0, groupsDone: 0, users: 0 })
    return eachGroup(
      run,
      wanted,
      async (group) => {
        const error = await readCalls(target, group, how, {
          signal: stop.signal,
          onUser: () => tell({ users: progress.users + 1 }),
        })
        if (error === undefined && !stop.signal.aborted) {
          tell({ groupsHere: progress.groupsHere + 1, groupsDone: progress.groupsDone + 1 })
        }
        return error
      },
      // One group after another, and in it a few users at a time.
      oneByOne,
    )
  }

  const work = async (run: Running): Promise<void> => {
    const { target, job, stop } = run
    // What the load before this one read may still be on its way to the disk: it is not read again.
    await orAborted(arrivals.written(), stop.signal)
    if (stop.signal.aborted) return
    const plan = withoutList.has(job.details) ? undefined : await list(run)
    let error = plan !== undefined && 'kind' in plan ? plan : undefined
    if (error === undefined && !stop.signal.aborted && job.onlyCalls !== true) {
      error = await details(run, plan as Plan | undefined)
    }
    await orAborted(arrivals.settled(), stop.signal)
    if (error === undefined && !stop.signal.aborted) error = await calls(run)
    if (stop.signal.aborted) return
    if (error === undefined && (run.owed === 0 || owing++ >= ownChances)) {
      settings.set(jobKey(target.connectionId), null)
      run.finished = true
    }
    log.info('users.loaded', {
      users: progress.users,
      groups: progress.groupsDone,
      failed: progress.failed.length,
      ...(error === undefined ? {} : { stopped: error.cause }),
    })
  }

  const nextLoad = (): number => {
    const last = settings.get(serialKey)
    const load = (typeof last === 'number' ? last : 0) + 1
    settings.set(serialKey, load)
    return load
  }

  const begin = (target: LoadTarget, job: Job): void => {
    const before = running
    before?.stop.abort()
    settings.set(jobKey(target.connectionId), job as unknown as Json)
    const run: Running = {
      target,
      job,
      stop: new AbortController(),
      failure: undefined,
      owed: 0,
      finished: false,
      done: Promise.resolve(),
    }
    running = run
    progress = {
      ...nothingRunning,
      running: true,
      phase: withoutList.has(job.details) ? 'details' : 'list',
      ...(job.details === 'ahead' ? { ahead: true } : {}),
    }
    onProgress(progress)
    run.done = (async () => {
      await before?.done
      try {
        await work(run)
        if (run.failure !== undefined) throw run.failure
      } catch (cause) {
        run.stop.abort()
        log.error('users.load', { error: cause })
        tell({
          failed: [
            ...progress.failed,
            {
              serviceProviderId: '',
              groupId: '',
              message: 'Loading stopped: the database could not be written.',
            },
          ],
        })
      }
      if (running === run) {
        running = undefined
        tell({ running: false })
        if (run.finished && run.failure === undefined) {
          cutOff = 0
          owing = 0
          onDone(job)
        } else if (run.failure !== undefined || !run.stop.signal.aborted) {
          onCutOff(Math.min(longestAgainMs, againAfterMs * 2 ** cutOff++))
        }
      }
    })()
  }

  return {
    progress: () => progress,
    isGoingOn,
    isReading: () => reading > 0,
    job: () => running?.job,
    msPerFullRecord: () => (fullReads.users === 0 ? undefined : fullReads.ms / fullReads.users),

    start(target, scope, wanted, wish = {}) {
      const same =
        isGoingOn() &&
        running !== undefined &&
        running.target.connectionId === target.connectionId &&
        running.target.client === target.client &&
        running.job.details === wanted &&
        JSON.stringify([running.job.scope, running.job.calls, running.job.onlyCalls, running.job.among]) ===
          JSON.stringify([scope, wish.calls, wish.onlyCalls, wish.among])
      if (same) return
      cutOff = 0
      owing = 0
      const job = { load: nextLoad(), startedAt: clock.wall(), scope: bare(scope), details: wanted }
      const { among, ...calls } = wish
      begin(target, { ...job, ...calls, ...(among === undefined ? {} : { among: among.map(bare) }) })
    },

    resume(target) {
      if (
        isGoingOn() &&
        running?.target.connectionId === target.connectionId &&
        running.target.client === target.client
      ) {
        return true
      }
      const job = unfinished(target.connectionId)
      if (job === undefined) return false
      begin(target, job)
      return true
    },

    cancel() {
      if (running === undefined) return
      settings.set(jobKey(running.target.connectionId), null)
      running.stop.abort()
    },

    forget: (connectionId) => settings.set(jobKey(connectionId), null),

    async suspend() {
      running?.stop.abort()
      await running?.done
    },

    async idle() {
      while (running !== undefined) await running.done
    },
  }
}

/** Waits for the work, but no longer than until the signal. */
const orAborted = async (work: Promise<void>, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return
  let stop = (): void => {}
  const aborted = new Promise<void>((resolve) => {
    stop = resolve
    signal.addEventListener('abort', stop)
  })
  await Promise.race([work, aborted])
  signal.removeEventListener('abort', stop)
}

const lost: OdinError = {
  kind: 'unknown',
  cause: 'arrival-lost',
  message: 'What the server sent could not be read back from the disk.',
  next: 'Refresh the list.',
}

const notSignedIn: OdinError = {
  kind: 'not-signed-in',
  cause: 'not-signed-in',
  message: 'Not signed in.',
  next: 'Sign in first.',
}
