import { describe, expect, it } from 'vitest'
import type { HttpOutcome } from '../../../../electron/platform/ports'
import { createChance } from '../../../simulation/chance'
import { createSleep } from '../../../simulation/time'
import {
  answer,
  baseUrl,
  createTimeline,
  createVirtualServer,
  notSent,
  openVirtualApp,
  page,
} from './virtual-app'

/** How a server, or whatever stands before it, says that it is not there. */
const absences: readonly (() => HttpOutcome)[] = [
  () => notSent('refused'),
  () => notSent('unreachable'),
  () => notSent('no-such-host'),
  () => page(200),
  () => page(401),
  () => page(403),
  () => page(404),
  () => page(503),
  () => answer(503, { error: 'Down for maintenance' }),
  () => answer(502, { error: 'Bad gateway' }),
  () => answer(500, { error: 'Server error' }),
  () => ({ kind: 'answer', status: 401, headers: {}, body: '' }),
  () => ({ kind: 'answer', status: 204, headers: {}, body: '' }),
]

/** What refuses a password twice is a matter for a person, whoever it is. */
const isRefusal = (outcome: HttpOutcome): boolean =>
  outcome.kind === 'answer' && outcome.status >= 400 && outcome.status < 500

/** A laptop closed over night, in virtual time. Says what was still not on the server 65 s after it was back. */
async function comeback(seed: number) {
  const chance = createChance(seed)
  const timeline = createTimeline()
  const server = createVirtualServer(timeline, chance.fork(), 8)
  const sleep = createSleep(timeline)
  const app = await openVirtualApp(timeline, chance.fork(), server.http, { sleep })
  const signInMs = chance.pick([50, 900, 2_500, 5_000])
  server.signInTakes(() => signInMs)
  server.tokensLive(chance.pick([60, 600, 43_200]))
  const absent = chance.pick(absences)
  // It may be away before anybody could sign in or read.
  const awayFromStart = chance.happens(0.2)
  if (awayFromStart) server.weather(() => absent())
  const connectionId = await app.connect()
  const as = { connectionId, origin: baseUrl, account: 'admin' }
  if (!awayFromStart) await timeline.runTo(timeline.now() + chance.pick([20_000, chance.between(0, 3_000)]))
  server.weather(() => absent())
  const systemAway = chance.happens(0.3)
  if (systemAway) app.system(false)
  const saves = () =>
    app.call(() =>
      app.handlers['outbox.save']({
        as,
        changes: [...server.people.keys()].slice(0, 4).map((userId, n) => ({
          user: { serviceProviderId: 'sp', groupId: 'grp', userId },
          edits: [{ path: 'lastName', base: `Last${n}`, mine: `New${n}` }],
        })),
      }),
    )
  const away = chance.pick([300, 3_000, 30_000, 300_000, 900_000])
  const savedAt = timeline.now() + chance.between(0, away)
  if (chance.happens(0.5)) await timeline.runTo(savedAt)
  await saves()
  await timeline.runTo(savedAt)
  const asleepMs = chance.pick([0, 0, 60_000, 1_200_000, 28_800_000])
  const back = savedAt + chance.between(0, away)
  // The server may have come back long before it wakes.
  if (asleepMs > 0) sleep.sleep(asleepMs)
  await timeline.runTo(Math.max(back, sleep.until()))
  const due = timeline.now() + 65_000

  if (chance.happens(0.8)) server.voidTokens()
  // The first calls after the return fall on a server that is not quite there.
  const until = chance.pick([0, 0, 500, 3_000])
  const hesitant = chance.pick(absences)
  const refuses = chance.pick([0, 1, 2])
  let refused = 0
  server.weather(({ name, at }) => {
    if (at < back + until)
      return name === 'POST /auth/token' && isRefusal(hesitant()) ? notSent('refused') : hesitant()
    const signsIn = name === 'GET /auth/session' || (name === 'POST /auth/token' && !isRefusal(hesitant()))
    return signsIn && refused++ < refuses ? hesitant() : undefined
  })
  // Not every system tells when its network is back; one that said it was away does.
  const tells = chance.happens(0.5) || systemAway
  if (tells) app.system(true)
  await timeline.runTo(due)
  const { rows } = await app.outbox()
  const { total } = await app.call(() =>
    app.handlers['users.window']({ query: { search: '', scope: {}, sort: [] }, start: 0, count: 1 }),
  )
  return {
    unread: server.people.size - total,
    left: rows.map(({ state, why, nextTryWall }) => ({ state, why, nextTryWall })),
    network: app.status().network,
    wrong: [...server.people.values()].slice(0, 4).filter(({ lastName }, n) => lastName !== `New${n}`).length,
    wire: server.wire
      .filter(({ at }) => at >= back)
      .map(({ name, at }) => `${Math.round(at - back)} ${name}`),
    story: {
      away,
      absent: JSON.stringify(absent()),
      hesitant: JSON.stringify(hesitant()),
      until,
      refuses,
      signInMs,
      asleepMs,
      tells,
    },
  }
}

/** A directory of many groups is being read while the server goes away, and comes back, and perhaps does so again. */
async function cutOff(seed: number) {
  const chance = createChance(seed)
  const timeline = createTimeline()
  const groups = 4 + chance.below(21)
  const server = createVirtualServer(timeline, chance.fork(), groups * 2, groups)
  // Fast, so that what is late is not late for its pace.
  const app = await openVirtualApp(timeline, chance.fork(), server.http, { callsPerSecond: 20 })
  const begun = timeline.now()
  await app.connect()
  const story: unknown[] = []
  let back = 0
  for (let left = 1 + chance.below(4); left > 0; left--) {
    await timeline.runTo(timeline.now() + chance.between(0, 4_000))
    const absent = chance.pick(cuts)
    const away = chance.pick([1, 50, 400, 700, 1_500, 6_000, 40_000])
    // Not every call meets it, and the question how the server is may be one that does not.
    const met = chance.pick([1, 0.5])
    const calls = chance.pick([/./, /users|groups|providers/])
    const meets = chance.fork()
    story.push({ at: timeline.now() - begun, away, absent: JSON.stringify(absent()), met, calls: `${calls}` })
    server.weather(({ name }) => (calls.test(name) && meets.happens(met) ? absent() : undefined))
    await timeline.runTo(timeline.now() + away)
    server.weather(() => undefined)
    back = timeline.now()
    if (chance.happens(0.3)) server.voidTokens()
  }
  await timeline.runTo(back + 65_000)
  const { total } = await app.call(() =>
    app.handlers['users.window']({ query: { search: '', scope: {}, sort: [] }, start: 0, count: 1 }),
  )
  const { network } = app.status()
  const wire = server.wire
    .filter(({ at }) => at >= back)
    .map(({ name, at }) => `${Math.round(at - back)} ${name}`)
  return { unread: server.people.size - total, network, story, wire: wire.slice(-12) }
}

/** What ends a load, or one of its calls, and says nothing of the account. */
const cuts: readonly (() => HttpOutcome)[] = [
  () => notSent('refused'),
  () => notSent('unreachable'),
  () => page(200),
  () => page(503),
  () => answer(503, { error: 'Down for maintenance' }),
  () => answer(502, { error: 'Bad gateway' }),
]

describe('a load that is cut off', () => {
  it('goes on by itself within 65 s of the return, whatever cut it off and however often', async () => {
    // CUT=7 replays one, CUTS=1000 tries more.
    const only = process.env.CUT
    const seeds =
      only === undefined
        ? Array.from({ length: Number(process.env.CUTS ?? 60) }, (_, n) => n + 1)
        : [Number(only)]
    const late: unknown[] = []
    for (const seed of seeds) {
      const { unread, ...more } = await cutOff(seed)
      if (unread > 0) late.push({ seed, unread, ...more })
    }
    expect(late).toEqual([])
  })
})

describe('a server that comes back', () => {
  it('has everything that waited within 65 s, with nobody clicking, whatever it did before and at first', async () => {
    // COMEBACK=7 replays one, COMEBACKS=1000 tries more.
    const only = process.env.COMEBACK
    const seeds =
      only === undefined
        ? Array.from({ length: Number(process.env.COMEBACKS ?? 30) }, (_, n) => n + 1)
        : [Number(only)]
    const late: unknown[] = []
    for (const seed of seeds) {
      const { left, wrong, unread, ...more } = await comeback(seed)
      if (left.length > 0 || wrong > 0 || unread > 0) late.push({ seed, wrong, unread, left, ...more })
    }
    expect(late).toEqual([])
  })
})
