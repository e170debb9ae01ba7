import {
  createEngine,
  DiskRefused,
  type Engine,
  type EngineDeps,
} from '../../electron/features/outbox/engine/engine'
import type {
  DiskWrite,
  EnginePorts,
  Identity,
  ServerPort,
  SessionPort,
} from '../../electron/features/outbox/engine/ports'
import type { OdinResult } from '../../electron/odin/types'
import type { Clock } from '../../electron/platform/ports'
import { createPaces, type Pace, type Turn } from '../../electron/server/pace'
import type { FieldPath, FieldValue } from '../../shared/user/types'
import type { Chance } from './chance'
import { type Checker, createChecker, nameOf, Violation } from './checker'
import { Crash, createSimDisk, type SimDisk, type WriteFate } from './disk'
import { longestFlightMs } from './plan'
import {
  type CallFate,
  createNetwork,
  createTruth,
  type Network,
  ownReading,
  type Reading,
  type Truth,
  type WireCall,
} from './server'
import { createSleep, createTimeline, processClock, type Timeline } from './time'

/** What a test changes about the engine or its ports, to see whether the checker notices. */
export interface Tampering {
  /** By the number of the process, counted from 1. */
  readonly options?: (life: number) => EngineDeps['options']
  readonly heldByOrder?: EngineDeps['heldByOrder']
  readonly rules?: EngineDeps['rules']
  readonly ports?: (ports: EnginePorts, world: { readonly timeline: Timeline }) => EnginePorts
  readonly engine?: (engine: Engine) => Engine
  readonly reading?: Partial<Reading>
}

export const here: Identity = { connectionId: 'c1', origin: 'https://one.example/api/v2', account: 'anna' }
export const otherAccount: Identity = { ...here, connectionId: 'c2', account: 'bert' }
export const otherServer: Identity = {
  connectionId: 'c3',
  origin: 'https://two.example/api/v2',
  account: 'anna',
}
export const everyone: readonly Identity[] = [here, otherAccount, otherServer]

export interface WorldDeps {
  readonly callFate: (call: Pick<WireCall, 'kind' | 'userId' | 'body' | 'life' | 'identity'>) => CallFate
  readonly writeFate: (write: DiskWrite) => WriteFate
  /** Chance inside the engine. */
  readonly chance: Chance
  readonly userIds: readonly string[]
  readonly startValues: (userId: string) => Record<FieldPath, FieldValue>
  /** How long after a crash the app is opened again, and whether a failed flush turns up then. */
  readonly afterCrash: () => { readonly ms: number; readonly keepPhantom: boolean }
  /** Left out: one that holds text in memory. */
  readonly disk?: SimDisk
  readonly tampering?: Tampering
  readonly callsPerSecond?: number
  readonly shareFrom?: number
  readonly onTrouble?: (event: string, error: unknown) => void
}

interface Life {
  readonly id: number
  readonly alive: () => boolean
  readonly kill: () => void
  readonly engine: Engine
}

/** What the client does for each of its calls: it passes the gate before the first byte and tells how the call went. */
function paced(port: ServerPort, clock: Clock, pace: Pace): ServerPort {
  const call = async <T>(
    kind: string,
    turn: Turn,
    send: () => Promise<OdinResult<T>>,
  ): Promise<OdinResult<T>> => {
    await turn.write()
    const askedMono = clock.mono()
    const result = await send()
    pace.note({ kind, ms: clock.mono() - askedMono, ...(result.ok ? {} : { error: result.error }) })
    return result
  }
  return {
    readUser: (userId, turn) => call('user', turn, () => port.readUser(userId, turn)),
    readGroup: (provider, group, turn) => call('group', turn, () => port.readGroup(provider, group, turn)),
    putUser: (body, turn, mayStart) => call('put', turn, () => port.putUser(body, turn, mayStart)),
    probe: (turn) => call('session', turn, () => port.probe(turn)),
  }
}

/** Two servers, one disk, and an app that lives on it, dies, and is opened again. */
export function createWorld(deps: WorldDeps) {
  const { chance, tampering, callsPerSecond = 5, shareFrom = 3 } = deps
  const timeline = createTimeline()
  const sleep = createSleep(timeline)
  const disk = deps.disk ?? createSimDisk()
  const truths = new Map<string, Truth>()
  let wallOffset = 1_700_000_000_000
  let signedIn: Identity | undefined = here
  const tokens = new Map<string, string>()
  let renewalsFail = false
  /** The app was told so, and a person has to sign in. */
  let refused = false
  let life: Life | undefined
  let lives = 0
  let ids = 0
  let savesWritten = 0
  let crashes = 0
  const pending = { timers: 0, renewals: 0 }

  for (const { origin } of everyone) {
    if (truths.has(origin)) continue
    const truth = createTruth(timeline)
    for (const userId of deps.userIds) truth.add(userId, deps.startValues(userId))
    truths.set(origin, truth)
  }
  const truthOf = (origin: string): Truth => {
    const truth = truths.get(origin)
    if (truth === undefined) throw new Error(`No server at ${origin}`)
    return truth
  }

  /** The engine must not notice that it has been caught, or it would behave differently from then on. */
  const unnoticed = (check: () => void): void => {
    try {
      check()
    } catch (error) {
      if (!(error instanceof Violation)) throw error
    }
  }

  let network: Network
  const checker: Checker = createChecker({
    timeline,
    disk,
    limits: { settleMs: 90_000, spacingMs: 10_000, callsPerSecond, preReadMs: 10_000 },
    log: () => network.log,
  })
  network = createNetwork({
    timeline,
    truthOf,
    fate: deps.callFate,
    ...(tampering?.reading === undefined ? {} : { reading: { ...ownReading, ...tampering.reading } }),
    hooks: {
      started: (call) => unnoticed(() => checker.started(call)),
      landing: () => {},
      landed: (call, wrote) => unnoticed(() => checker.landed(call, wrote)),
      delivered: (call, result, seen) => checker.delivered(call, result, seen),
    },
  })

  const tokenOf = (identity: Identity): string => tokens.get(nameOf(identity)) ?? ''
  const signIn = (identity: Identity): void => {
    tokens.set(nameOf(identity), truthOf(identity.origin).newToken())
    signedIn = identity
    refused = false
  }
  signIn(here)

  const boot = (): void => {
    const id = ++lives
    pending.timers = 0
    pending.renewals = 0
    refused = false
    let living = true
    const alive = (): boolean => living
    const self = {
      id,
      alive,
      asleepUntil: sleep.until,
      kill: () => {
        living = false
      },
    }
    const clock = processClock(timeline, {
      alive,
      monoStart: chance.between(0, 1e9),
      wallOffset: () => wallOffset,
      sleep,
    })
    const counted: EnginePorts['clock'] = {
      ...clock,
      after(ms, run) {
        pending.timers++
        let over = false
        const end = (): void => {
          if (!over && alive()) pending.timers--
          over = true
        }
        const cancel = clock.after(ms, () => {
          end()
          run()
        })
        return () => {
          end()
          cancel()
        }
      },
    }
    const paces = createPaces(counted)
    for (const { origin } of everyone) paces.join(origin, callsPerSecond)
    const session: SessionPort = {
      current: () => signedIn,
      server: (identity) =>
        signedIn !== undefined && nameOf(signedIn) === nameOf(identity)
          ? paced(
              network.port(self, identity, () => tokenOf(identity)),
              clock,
              paces.at(identity.origin),
            )
          : undefined,
      renew: (identity) =>
        new Promise((resolve) => {
          pending.renewals++
          unnoticed(() => checker.renewing(identity))
          clock.after(50, () => {
            if (!alive()) return
            pending.renewals--
            if (renewalsFail) {
              refused = true
              resolve('refused')
            } else {
              tokens.set(nameOf(identity), truthOf(identity.origin).newToken())
              resolve('renewed')
            }
          })
        }),
    }
    const ports: EnginePorts = {
      clock: counted,
      random: { next: () => chance.next(), id: () => `id-${++ids}` },
      disk: disk.open({
        alive,
        fate: deps.writeFate,
        die: () => die(),
        written: (write) => {
          if (write.what === 'save') savesWritten++
          unnoticed(() => checker.written(write))
        },
      }),
      session,
      pace: paces.at,
      onTrouble: (event, error) => {
        if (!alive() || error instanceof Crash || error instanceof DiskRefused) return
        deps.onTrouble?.(event, error)
      },
    }
    const made = createEngine({
      ...(tampering?.ports?.(ports, { timeline }) ?? ports),
      options: { shareFrom, ...tampering?.options?.(id) },
      ...(tampering?.heldByOrder === undefined ? {} : { heldByOrder: tampering.heldByOrder }),
      ...(tampering?.rules === undefined ? {} : { rules: tampering.rules }),
    })
    const engine = tampering?.engine?.(made) ?? made
    life = Object.assign(self, { engine })
    try {
      engine.start()
    } catch (error) {
      // It may die in its first write.
      if (!(error instanceof Crash) && !(error instanceof DiskRefused)) throw error
    }
  }

  const die = (): void => {
    const dying = life
    if (dying === undefined) return
    dying.kill()
    life = undefined
    crashes++
    network.orphan(dying.id, longestFlightMs)
    const { ms, keepPhantom } = deps.afterCrash()
    const reopen = (): void => {
      if (life !== undefined) return
      if (sleep.until() > timeline.now()) {
        timeline.at(sleep.until(), reopen)
        return
      }
      checker.recovered(disk.recover(keepPhantom), (entry) => entry)
      boot()
    }
    timeline.in(ms, reopen)
  }

  return {
    timeline,
    disk,
    checker,
    truthOf,
    network: (): Network => network,
    boot,
    die,
    crashes: (): number => crashes,
    life: (): { readonly id: number; readonly engine: Engine } | undefined => life,
    /** Runs something a person does in the app; a crash in it is just a crash. Undefined when it did not happen. */
    inApp<T>(act: (engine: Engine) => T): T | undefined {
      if (life === undefined) return undefined
      try {
        return act(life.engine)
      } catch (error) {
        if (error instanceof Crash || error instanceof DiskRefused) return undefined
        throw error
      }
    },
    signedIn: (): Identity | undefined => signedIn,
    signIn(identity: Identity): void {
      signIn(identity)
      this.inApp((engine) => engine.sessionChanged())
    },
    signOut(): void {
      signedIn = undefined
      refused = false
      this.inApp((engine) => engine.sessionChanged())
    },
    endSessions(origin: string): void {
      truthOf(origin).endSessions()
    },
    /** The computer sleeps, and nobody is told when it wakes. */
    sleep: (ms: number): void => sleep.sleep(ms),
    asleep: (): boolean => sleep.until() > timeline.now(),
    failRenewals(on: boolean): void {
      renewalsFail = on
    },
    jumpClock(ms: number): void {
      wallOffset += ms
    },
    /** How many saves have reached the disk. */
    savesWritten: (): number => savesWritten,
    /** Every live entry has something that will move it, or words for a person. */
    checkReasons(): void {
      if (life === undefined) return
      const moves =
        pending.timers + pending.renewals > 0 ||
        network.log.some((call) => call.life === life?.id && call.endedAt === undefined)
      for (const entry of disk.live()) {
        const known = life.engine.get(entry.id)
        if (known === undefined) continue
        const { state, why } = life.engine.view(known)
        if (why === '') checker.fail(12, `${entry.id} is ${state} without a reason`)
        // What is held back says so; an open attempt keeps its state and says it in its words.
        const heldBack =
          signedIn === undefined ||
          nameOf(signedIn) !== nameOf(entry) ||
          refused ||
          life.engine.workingOffline()
        const needsPerson = heldBack || ['conflict', 'partial', 'rejected', 'parked', 'held'].includes(state)
        if (!moves && !needsPerson)
          checker.fail(12, `${entry.id} is ${state} (${why}) and nothing will ever move it`)
      }
    },
  }
}
export type World = ReturnType<typeof createWorld>
