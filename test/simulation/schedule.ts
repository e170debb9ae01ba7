import type { Identity } from '../../electron/features/outbox/engine/ports'
import { serviceAt } from '../../shared/calls/catalogue'
import { isTroubled } from '../../shared/change/machine'
import type { OutboxEntry } from '../../shared/change/types'
import { fieldAt } from '../../shared/user/catalogue'
import type { FieldPath, FieldValue } from '../../shared/user/types'
import { sameValue } from '../../shared/user/value'
import { type Chance, createChance } from './chance'
import { optionPaths, watchedPaths } from './checker'
import { copyKey, type SimDisk } from './disk'
import { callFate, mixTroubles, noTroubles, type Troubles, writeFate } from './plan'
import { isRinging, ringing } from './server'
import { createWorld, everyone, here, type Tampering, type World } from './world'

export interface ScheduleResult {
  readonly seed: number
  readonly events: number
  readonly calls: number
  readonly puts: number
  readonly saves: number
  readonly crashes: number
  readonly virtualMs: number
  readonly transitions: ReadonlyMap<string, number>
  /** States as they were shown, which include those that are never on disk. */
  readonly shown: ReadonlySet<string>
  /** Everything the servers saw, to compare two runs. */
  readonly wire: string
}

export interface ScheduleOptions {
  readonly tampering?: Tampering
  /** The wall clock stands still: nothing else may change by it. */
  readonly calmClock?: boolean
  readonly trace?: (line: string) => void
  /** A short script, whose durable writes nothing befalls but what this disk does to them. */
  readonly script?: { readonly disk: SimDisk }
}

const isSwitch = (path: FieldPath): boolean => fieldAt(path)?.kind === 'boolean'

/** A user as the servers begin with, and the list shows. */
const startValues = (userId: string): Record<FieldPath, FieldValue> => ({
  lastName: `start-${userId}`,
  title: 'start',
  extension: '100',
  'doNotDisturb.isActive': false,
  'doNotDisturb.ringSplash': true,
  'callForwardingAlways.isActive': false,
  'callForwardingAlways.forwardToPhoneNumber': '4500',
  'callForwardingAlways.isRingSplashActive': true,
  'voiceMessaging.isActive': true,
  'voiceMessaging.alwaysRedirectToVoiceMail': false,
  'voiceMessaging.busyRedirectToVoiceMail': true,
  'voiceMessaging.noAnswerRedirectToVoiceMail': true,
  'voiceMessaging.processing': 'Unified Voice and Email Messaging',
  'voiceMessaging.usePhoneMessageWaitingIndicator': true,
  'voiceMessaging.sendVoiceMessageNotifyEmail': false,
  'voiceMessaging.sendCarbonCopyVoiceMessage': false,
  'voiceMessaging.transferOnZeroToPhoneNumber': false,
  'simultaneousRingPersonal.isActive': false,
  'simultaneousRingPersonal.doNotRingIfOnCall': false,
  'simultaneousRingPersonal.locations': [{ phoneNumber: '4500', answerConfirmationRequired: true }],
})

const busyMs = 240_000
const quietRoundMs = 200_000
const quietRounds = 40

/** One run from a seed: persons, two foreign administrators, troubles, then quiet until nothing is left to do. */
export async function runSchedule(seed: number, options: ScheduleOptions = {}): Promise<ScheduleResult> {
  const root = createChance(seed)
  const networkChance = root.fork()
  const diskChance = root.fork()
  const engineChance = root.fork()
  const personChance = root.fork()
  const foreignChance = root.fork()
  const wallChance = root.fork()
  const bootChance = root.fork()
  const sleepChance = root.fork()
  const mixture = mixTroubles(root)
  /** One user has all the troubles, nobody else any: they must not be delayed. */
  const isolated = root.happens(0.1) && options.script === undefined
  const { script } = options
  const paths = root.happens(0.6) ? watchedPaths : optionPaths
  let partialBodies = false
  let troubles: Troubles = isolated
    ? { ...mixture, crash: 0, diskFull: 0, portal: 0, page: 0, notSent: 0, unauthorized: 0 }
    : { ...mixture, ...(script === undefined ? {} : { crash: 0, diskFull: 0 }) }
  const userIds = Array.from(
    { length: isolated ? 4 : root.pick(script === undefined ? [1, 2, 3, 4, 6, 8] : [1, 2, 2, 3]) },
    (_, i) => `u${i}`,
  )
  const problems: unknown[] = []
  const trace = options.trace

  const world = createWorld({
    callFate: ({ kind, userId, body }) => {
      const spared = isolated && userId !== 'u0'
      const fate = callFate(networkChance, spared ? noTroubles : troubles, kind)
      trace?.(
        `${at(world)} ${kind} ${userId ?? ''} ${body ? JSON.stringify(body) : ''} → ${JSON.stringify(fate)}`,
      )
      return fate
    },
    writeFate: (write) => {
      const fate = writeFate(diskChance, troubles)
      trace?.(
        `${at(world)} disk ${write.what} ${fate} ${write.entries.map((e) => `${e.id}:${e.user.userId}:${e.state}:${JSON.stringify(e.edits)}`).join(' ')}`,
      )
      return fate
    },
    chance: engineChance,
    userIds,
    startValues,
    afterCrash: () => ({ ms: bootChance.between(10, 20_000), keepPhantom: bootChance.happens(0.5) }),
    ...(options.tampering === undefined ? {} : { tampering: options.tampering }),
    ...(script === undefined ? {} : { disk: script.disk }),
    callsPerSecond: root.pick([5, 5, 5, 2, 20]),
    shareFrom: root.pick([2, 3]),
    partialBodies: () => partialBodies,
    onTrouble: (event, error) => {
      if (event !== 'outbox.disk-refused') problems.push(error)
    },
  })
  const { timeline, checker } = world
  const shown = new Set<string>()
  const counts = { events: 0, saves: 0 }
  const person = createPerson(world, personChance, userIds, paths, trace)

  const step = async (): Promise<boolean> => {
    const more = await timeline.step()
    counts.events++
    const violation = checker.violation()
    if (violation !== undefined) throw violation
    if (problems.length > 0) throw problems[0]
    world.checkReasons()
    note(world, shown)
    return more
  }

  world.boot()
  const crowd = isolated ? 0.5 : 1
  for (let i = 0, count = 2 + personChance.below(script === undefined ? 20 : 4); i < count; i++) {
    timeline.at(personChance.between(0, busyMs * 0.6), () => {
      if (isolated && personChance.happens(crowd)) counts.saves += person.save(here)
      else counts.saves += person.act(isolated)
    })
  }
  const foreigners = foreignChance.pick(script === undefined ? [0, 2, 6, 12] : [0, 1, 2])
  for (let i = 0; i < foreigners; i++) {
    timeline.at(foreignChance.between(0, busyMs), () =>
      foreignWrite(world, foreignChance, userIds, paths, isolated, trace),
    )
  }
  for (let i = 0; i < 4; i++) {
    // Chance is drawn in any case, so that a calm clock changes nothing else.
    const when = wallChance.between(0, busyMs)
    const jump = wallChance.between(-1, 1) * wallChance.pick([1_000, 3_600_000, 1e10])
    timeline.at(when, () => {
      if (options.calmClock !== true) world.jumpClock(jump)
    })
  }
  if (!isolated && script === undefined && personChance.happens(0.3)) {
    timeline.at(personChance.between(0, busyMs), () => world.die())
  }
  if (!isolated && script === undefined) {
    const when = sleepChance.between(0, busyMs)
    const ms = sleepChance.pick([500, 5_000, 20_000, 120_000])
    if (sleepChance.happens(0.4)) timeline.at(when, () => world.sleep(ms))
  }

  const settingChance = root.fork()
  partialBodies = settingChance.happens(0.4)
  for (let i = 0, switches = settingChance.pick([0, 0, 1, 3]); i < switches; i++) {
    timeline.at(settingChance.between(0, busyMs), () => {
      partialBodies = !partialBodies
      trace?.(`${at(world)} PARTIAL BODIES ${partialBodies}`)
    })
  }

  while ((timeline.next() ?? Number.POSITIVE_INFINITY) < busyMs) await step()
  if (isolated) checkNobodyElseWaits(world)

  // Quiet: the troubles are over, and persons look after what needs them.
  troubles = noTroubles
  world.changePassword(false)
  for (let round = 0; round < quietRounds; round++) {
    const end = busyMs + (round + 1) * quietRoundMs
    timeline.at(end - quietRoundMs, () => person.tidy(round))
    timeline.at(end, () => {})
    while ((timeline.next() ?? Number.POSITIVE_INFINITY) <= end) await step()
    if (world.life() !== undefined && world.disk.live().length === 0) break
  }
  const left = world.disk.live()
  if (left.length > 0) {
    checker.fail(
      12,
      `${left.map((entry) => `${entry.id} ${entry.state}: ${entry.why}`).join('; ')} never ended`,
    )
  }
  checker.checkAll(everyone, userIds)
  checker.checkHistory()

  const { log } = world.network()
  return {
    seed,
    events: counts.events,
    calls: log.length,
    puts: log.filter(({ kind }) => kind === 'PUT').length,
    saves: counts.saves,
    crashes: world.crashes(),
    virtualMs: timeline.now(),
    transitions: checker.seenTransitions,
    shown,
    wire: log
      .map(
        (call) => `${call.startedAt}${call.kind}${call.userId}${JSON.stringify(call.body)}${call.landings}`,
      )
      .join('\n'),
  }
}

const at = (world: World): string => `${Math.round(world.timeline.now())}`

function note(world: World, shown: Set<string>): void {
  const life = world.life()
  if (life === undefined) return
  for (const entry of life.engine.live()) shown.add(life.engine.view(entry).state)
}

function foreignWrite(
  world: World,
  chance: Chance,
  userIds: readonly string[],
  paths: readonly FieldPath[],
  isolated: boolean,
  trace?: (line: string) => void,
): void {
  const origin = chance.pick(everyone).origin
  const userId = isolated ? 'u0' : chance.pick(userIds)
  const path = chance.pick(paths)
  const truth = world.truthOf(origin)
  const wish = world.checker.wishes.findLast((one) => one.userId === userId && one.path === path)
  const value: FieldValue =
    chance.happens(0.15) && wish !== undefined
      ? wish.want
      : isSwitch(path)
        ? truth.value(userId, path) !== true
        : chance.happens(0.1) && !isRinging(path)
          ? 'start'
          : path === 'extension'
            ? String(5000 + chance.below(4000))
            : isRinging(path)
              ? ringing(chance.below(1e6))
              : `foreign-${chance.below(1e6)}`
  trace?.(`${at(world)} FOREIGN ${origin} ${userId} ${path} = ${JSON.stringify(value)}`)
  truth.set(userId, path, value)
}

/** 9: whoever has no trouble of their own has been sent long ago. */
function checkNobodyElseWaits(world: World): void {
  const now = world.timeline.now()
  for (const entry of world.disk.live()) {
    if (entry.user.userId === 'u0' || isTroubled(entry)) continue
    const since = world.checker.wishes.findLast(
      (wish) => wish.userId === entry.user.userId && wish.ended === undefined,
    )?.savedAt
    if (since !== undefined && now - since > 75_000) {
      world.checker.fail(9, `${entry.user.userId} has waited ${now - since} ms because of somebody else`)
    }
  }
}

/** A model of the people at the screen: they see server copy and pending overlay, and decide by what they see. */
function createPerson(
  world: World,
  chance: Chance,
  userIds: readonly string[],
  paths: readonly FieldPath[],
  trace: ((line: string) => void) | undefined,
) {
  const { checker, disk } = world
  let values = 0

  /** The fields that the rows of the list do not carry: nobody has seen them before the user is read. */
  const unread: ReadonlySet<FieldPath> = new Set(paths.filter(() => chance.happens(0.25)))

  const copy = (identity: Identity, userId: string, path: FieldPath): FieldValue | undefined => {
    const cached = disk.users.get(copyKey(identity.connectionId, userId, serviceAt(path)))
    if (cached !== undefined) return cached.fields[path] ?? null
    return unread.has(path) ? undefined : (startValues(userId)[path] ?? null)
  }

  const liveOf = (identity: Identity, userId: string): OutboxEntry[] =>
    disk
      .live()
      .filter(
        (entry) =>
          entry.user.userId === userId &&
          entry.connectionId === identity.connectionId &&
          entry.account === identity.account,
      )
      .sort((a, b) => a.seq - b.seq)

  const shownValue = (identity: Identity, userId: string, path: FieldPath): FieldValue | undefined => {
    const pending = liveOf(identity, userId)
      .flatMap(({ edits }) => edits)
      .findLast((edit) => edit.path === path)
    return pending === undefined ? copy(identity, userId, path) : pending.mine
  }

  const newValue = (user: string, path: FieldPath, base: FieldValue | undefined): FieldValue => {
    if (isSwitch(path)) return base === undefined ? chance.happens(0.5) : base !== true
    if (chance.happens(0.1) && path !== 'lastName') return null
    if (base !== undefined && chance.happens(0.08)) return base
    // Back to a value of their own, saved before.
    const own = checker.wishes.filter((wish) => wish.userId === user && wish.path === path)
    if (own.length > 0 && chance.happens(base === undefined ? 0.3 : 0.05)) return chance.pick(own).want
    if (path === 'extension') return String(1000 + values++)
    if (isRinging(path)) return ringing(values++)
    if (chance.happens(0.1)) return `person-${values++}-n`
    return `person-${values++}`
  }

  const editsOf = (
    identity: Identity,
    user: string,
  ): { path: FieldPath; seen?: FieldValue; mine: FieldValue }[] => {
    const edited = paths.filter(() => chance.happens(paths.length > optionPaths.length ? 0.25 : 0.4))
    if (edited.length === 0) edited.push('lastName')
    return edited.flatMap((path) => {
      const seen = shownValue(identity, user, path)
      const mine = newValue(user, path, copy(identity, user, path))
      if (path === 'lastName' && mine === null) return []
      if (seen === undefined) return [{ path, mine }]
      return sameValue(path, seen, mine) ? [] : [{ path, seen, mine }]
    })
  }

  /** Saves changes of one user or of several at once; says how many users. */
  const save = (identity: Identity): number => {
    const users = chance.happens(0.4) ? userIds.filter(() => chance.happens(0.7)) : [chance.pick(userIds)]
    const changes = users
      .map((user) => ({ user, edits: editsOf(identity, user) }))
      .filter(({ edits }) => edits.length > 0)
    if (changes.length === 0) return 0
    trace?.(`${at(world)} SAVE ${identity.account} ${JSON.stringify(changes)}`)
    const before = world.savesWritten()
    for (const { user, edits } of changes) checker.saving(identity, user, edits)
    const saved = checker.duringPerson(
      (wish) =>
        checker.mayBeTakenBack(wish, identity) &&
        changes.some(
          ({ user, edits }) => wish.userId === user && edits.some(({ path }) => path === wish.path),
        )
          ? 'edited back'
          : undefined,
      () =>
        world.inApp((engine) => {
          engine.add(
            identity,
            changes.map(({ user, edits }) => ({
              user: { serviceProviderId: 'sp', groupId: 'grp', userId: user },
              edits: edits.map(({ path, seen, mine }) =>
                seen === undefined ? { path, mine } : { path, base: seen, mine },
              ),
            })),
          )
          for (const { user } of changes) checker.account(identity, user)
          return true
        }),
    )
    // A crash in the middle may have left it on disk all the same.
    if (saved === undefined && world.savesWritten() === before) {
      checker.unsaved(changes.reduce((count, { edits }) => count + edits.length, 0))
      return 0
    }
    return changes.length
  }

  const resolve = (entry: OutboxEntry): void => {
    const choices = entry.conflicts.map(({ path, theirs, mine }) => ({
      path,
      theirs,
      value: chance.happens(0.5)
        ? mine
        : isSwitch(path) || chance.happens(0.6)
          ? theirs
          : isRinging(path)
            ? ringing(values++)
            : `person-${values++}`,
    }))
    if (entry.conflicts.some(({ path }) => path === 'extension')) {
      for (const choice of choices)
        if (String(choice.value).startsWith('person')) choice.value = choice.theirs
    }
    trace?.(`${at(world)} RESOLVE ${entry.id} ${JSON.stringify(choices)}`)
    const before = disk.entries.get(entry.id)
    const undo = checker.chose(entry, choices)
    const done = checker.duringPerson(
      (wish) => (wish.userId === entry.user.userId ? 'decided' : undefined),
      () => world.inApp((engine) => engine.resolve(entry.id, choices)),
    )
    // It did not happen: the old wishes stand.
    if (done !== true && disk.entries.get(entry.id) === before) undo()
  }

  const discard = (entry: OutboxEntry): void => {
    trace?.(`${at(world)} DISCARD ${entry.id}`)
    checker.duringPerson(
      (wish) => (wish.userId === entry.user.userId ? 'discarded' : undefined),
      () => world.inApp((engine) => engine.discard([entry.id], { sentToo: chance.happens(0.5) })),
    )
  }

  const look = (entry: OutboxEntry): void => {
    if (entry.state === 'conflict') resolve(entry)
    else if (chance.happens(0.7)) world.inApp((engine) => engine.retry([entry.id]))
    else discard(entry)
  }

  const acts: readonly (() => number | undefined)[] = [
    () => {
      const troubled = disk.live().filter(isTroubled)
      if (troubled.length > 0) look(chance.pick(troubled))
      return 0
    },
    () => {
      world.inApp((engine) => engine.setPaused(chance.happens(0.5)))
      return 0
    },
    () => {
      world.workOffline(chance.happens(0.4))
      return 0
    },
    () => {
      if (chance.happens(0.5)) world.signOut()
      else world.signIn(chance.pick(everyone))
      return 0
    },
    () => {
      world.inApp((engine) => engine.syncNow())
      return 0
    },
    () => {
      const live = disk.live()
      if (live.length > 0) discard(chance.pick(live))
      return 0
    },
    () => {
      const live = disk.live()
      if (live.length > 0) world.inApp((engine) => engine.retry([chance.pick(live).id]))
      return 0
    },
    () => {
      world.endSessions(chance.pick(everyone).origin)
      world.changePassword(chance.happens(0.3))
      return 0
    },
    () => {
      const user = chance.pick(userIds)
      const { origin } = chance.pick(everyone)
      world.truthOf(origin).setExists(user, chance.happens(0.5))
      return 0
    },
  ]

  return {
    save,
    /** Something that people do: mostly they save. Says how many saves it was. */
    act(calm: boolean): number {
      if (world.life() === undefined || world.asleep()) return 0
      if (calm || chance.happens(0.6)) {
        return save(calm ? here : chance.happens(0.8) ? (world.signedIn() ?? here) : chance.pick(everyone))
      }
      return chance.pick(acts)() ?? 0
    },
    /** Brings everything to its end: signs in where something waits, decides, retries, and at last discards. */
    tidy(round: number): void {
      if (world.life() === undefined || world.asleep()) return
      for (const { origin } of everyone)
        for (const user of userIds) world.truthOf(origin).setExists(user, true)
      world.inApp((engine) => engine.setPaused(false))
      world.workOffline(false)
      const waiting = disk.live().find((entry) => !isTroubled(entry))
      const identity = waiting ?? here
      world.signIn({
        connectionId: identity.connectionId,
        origin: identity.origin,
        account: identity.account,
      })
      for (const entry of disk.live().filter(isTroubled)) {
        if (entry.state === 'conflict') resolve(entry)
        else if (round < quietRounds / 2) world.inApp((engine) => engine.retry([entry.id]))
        else discard(entry)
      }
    },
  }
}
