import {
  createEngine,
  DiskRefused,
  type Engine,
  type EngineDeps,
} from '../../electron/features/outbox/engine/engine'
import type { DiskWrite, EnginePorts, Identity } from '../../electron/features/outbox/engine/ports'
import { createOdinClient } from '../../electron/odin/client'
import type { OdinConnection } from '../../electron/odin/types'
import type { Clock, HttpRequest, Log } from '../../electron/platform/ports'
import { createPaces, type Paces } from '../../electron/server/pace'
import { type ClientHooks, openServer, type Server } from '../../electron/server/server'
import type { FieldPath, FieldValue } from '../../shared/user/types'
import type { Chance } from './chance'
import { type Checker, createChecker, nameOf, Violation } from './checker'
import { Crash, createSimDisk, type SimDisk, type WriteFate } from './disk'
import { longestFlightMs } from './plan'
import {
  type Answer,
  type CallFate,
  createNetwork,
  createTruth,
  type Network,
  type Truth,
  type WireCall,
} from './server'
import { createSleep, createTimeline, processClock } from './time'

/** What a test changes about the engine or its ports, to see whether the checker notices. */
export interface Tampering {
  /** By the number of the process, counted from 1. */
  readonly options?: (life: number) => EngineDeps['options']
  readonly heldByOrder?: EngineDeps['heldByOrder']
  readonly rules?: EngineDeps['rules']
  readonly ports?: (ports: EnginePorts) => EnginePorts
  readonly engine?: (engine: Engine, ports: EnginePorts) => Engine
  readonly paces?: (clock: Clock) => Paces
  /** The client under the server that is opened. */
  readonly client?: (client: OdinConnection, identity: Identity) => OdinConnection
  readonly hooks?: (hooks: ClientHooks) => ClientHooks
  /** The server as everybody sees it. */
  readonly server?: (server: Server) => Server
  /** An answer as the app reads it. */
  readonly answer?: (answer: Answer, request: HttpRequest) => Answer
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
  /** Whether the connections are set to partial bodies now. Left out: they are not. */
  readonly partialBodies?: () => boolean
  readonly shareFrom?: number
  readonly onTrouble?: (event: string, error: unknown) => void
}

interface Life {
  readonly id: number
  readonly alive: () => boolean
  readonly kill: () => void
  readonly engine: Engine
  /** Chooses a server; its engine is told. */
  readonly choose: (identity: Identity, password: string | undefined) => void
  readonly server: () => Server | undefined
}

const rightPassword = 'right'
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** Two servers, one disk, and an app that lives on it, dies, and is opened again. */
export function createWorld(deps: WorldDeps) {
  const { chance, tampering, callsPerSecond = 5, shareFrom = 3 } = deps
  const timeline = createTimeline()
  const sleep = createSleep(timeline)
  const disk = deps.disk ?? createSimDisk()
  const truths = new Map<string, Truth>()
  let wallOffset = 1_700_000_000_000
  /** The server that was chosen last, for the next start. */
  let chosen: Identity | undefined = here
  /** Whether the keychain gives out a password that is right no more. */
  let keptIsWrong = false
  /** Accounts whose kept password was refused: it is not offered again at a start. */
  const refusedKept = new Set<string>()
  let offline = false
  let rooms = 0
  let life: Life | undefined
  let lives = 0
  let ids = 0
  let savesWritten = 0
  let crashes = 0
  let timers = 0

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
    partialBodies: () => deps.partialBodies?.() ?? false,
  })
  network = createNetwork({
    timeline,
    truthOf,
    fate: deps.callFate,
    password: () => rightPassword,
    ...(tampering?.answer === undefined ? {} : { rewrite: tampering.answer }),
    hooks: {
      started: (call) => unnoticed(() => checker.started(call)),
      landing: () => {},
      landed: (call, wrote) => unnoticed(() => checker.landed(call, wrote)),
      delivered: (call, seen) => checker.delivered(call, seen),
    },
  })

  const boot = (): void => {
    const id = ++lives
    timers = 0
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
        timers++
        let over = false
        const end = (): void => {
          if (!over && alive()) timers--
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
    const paces = tampering?.paces?.(counted) ?? createPaces(counted)
    let server: Server | undefined

    const kept = (): string => (keptIsWrong ? 'wrong' : rightPassword)
    const open = (identity: Identity): Server => {
      const room = ++rooms
      const opened = openServer({
        identity,
        createClient: (hooks) => {
          const client = createOdinClient({
            http: network.http(self, room, identity),
            clock: counted,
            baseUrl: identity.origin,
            callsPerSecond,
            paces,
            account: identity.account,
            credentials: async () => kept(),
            log: silent,
            ...(tampering?.hooks?.(hooks) ?? hooks),
          })
          return tampering?.client?.(client, identity) ?? client
        },
        workOffline: () => offline,
        systemOffline: () => false,
        clock: counted,
        random: { next: () => chance.next() },
        changed: () => told(),
        taken: (ok) => {
          if (!alive()) return
          if (ok) refusedKept.delete(nameOf(identity))
          else refusedKept.add(nameOf(identity))
        },
      })
      return tampering?.server?.(opened) ?? opened
    }
    const told = (): void => {
      if (alive()) engineChanged()
    }
    let engineChanged = (): void => {}

    /** As the app does it: what is cached can be worked with before, and whatever comes of it. */
    const choose = (identity: Identity, password: string | undefined): void => {
      server?.close()
      chosen = identity
      server = open(identity)
      told()
      if (password === undefined && refusedKept.has(nameOf(identity))) {
        void server.signOut('Refused before.')
        return
      }
      checker.signingIn(identity, password !== undefined)
      if (offline) server.lost('Working offline.')
      else void server.signIn(password ?? kept())
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
      server: () => server,
      pace: paces.at,
      partialBodies: () => deps.partialBodies?.() ?? false,
      onTrouble: (event, error) => {
        if (!alive() || error instanceof Crash || error instanceof DiskRefused) return
        deps.onTrouble?.(event, error)
      },
    }
    const given = tampering?.ports?.(ports) ?? ports
    const made = createEngine({
      ...given,
      options: { shareFrom, ...tampering?.options?.(id) },
      ...(tampering?.heldByOrder === undefined ? {} : { heldByOrder: tampering.heldByOrder }),
      ...(tampering?.rules === undefined ? {} : { rules: tampering.rules }),
    })
    const engine = tampering?.engine?.(made, given) ?? made
    life = Object.assign(self, { engine, choose, server: () => server })
    // The engine is told while it acts for a person or a call, and may die in it.
    engineChanged = () => void inApp((now) => now.serverChanged())
    try {
      if (chosen !== undefined) choose(chosen, undefined)
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

  const inApp = <T>(act: (engine: Engine) => T): T | undefined => {
    if (life === undefined) return undefined
    try {
      return act(life.engine)
    } catch (error) {
      if (error instanceof Crash || error instanceof DiskRefused) return undefined
      throw error
    }
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
    inApp,
    /** Who is signed in, or will be by itself. */
    signedIn: (): Identity | undefined => {
      const server = life?.server()
      return server === undefined || server.state().network === 'signed-out' ? undefined : server.identity
    },
    /** A person chooses a server and types its password. */
    signIn(identity: Identity): void {
      const now = life?.server()
      const isThere = now !== undefined && nameOf(now.identity) === nameOf(identity)
      if (isThere && now.state().network !== 'signed-out') return
      keptIsWrong = false
      life?.choose(identity, rightPassword)
    },
    signOut(): void {
      chosen = undefined
      void life?.server()?.signOut('Signed out.')
    },
    workOffline(on: boolean): void {
      if (life === undefined || on === offline) return
      offline = on
      checker.workOffline(on)
      if (!on) life.server()?.wake()
      inApp((engine) => engine.serverChanged())
    },
    endSessions(origin: string): void {
      truthOf(origin).endSessions()
    },
    /** The computer sleeps, and nobody is told when it wakes. */
    sleep: (ms: number): void => sleep.sleep(ms),
    asleep: (): boolean => sleep.until() > timeline.now(),
    /** The password that is kept is right no more, or is again. */
    changePassword(isWrong: boolean): void {
      keptIsWrong = isWrong
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
        timers > 0 || network.log.some((call) => call.life === life?.id && call.endedAt === undefined)
      for (const entry of disk.live()) {
        const known = life.engine.get(entry.id)
        if (known === undefined) continue
        const { state, why } = life.engine.view(known)
        if (why === '') checker.fail(12, `${entry.id} is ${state} without a reason`)
        // What is held back says so; an open attempt keeps its state and says it in its words.
        const server = life.server()
        const heldBack =
          offline ||
          server === undefined ||
          nameOf(server.identity) !== nameOf(entry) ||
          server.state().network === 'signed-out'
        const needsPerson = heldBack || ['conflict', 'partial', 'rejected', 'parked', 'held'].includes(state)
        if (!moves && !needsPerson)
          checker.fail(12, `${entry.id} is ${state} (${why}) and nothing will ever move it`)
      }
    },
  }
}
export type World = ReturnType<typeof createWorld>
