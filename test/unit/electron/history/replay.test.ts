import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DemoServer, startDemoServer } from '../../../../electron/demo/server'
import { historyHandlers } from '../../../../electron/features/history/handlers'
import { systemClock } from '../../../../electron/platform/clock'
import { historyRepository, type StoredHistoryEntry } from '../../../../electron/store/repositories/history'
import { verifyChain } from '../../../../electron/store/repositories/history-chain'
import { usersRepository } from '../../../../electron/store/repositories/users'
import { openMemoryStore, type Store } from '../../../../electron/store/store'
import { isOutcome, outcomeNames } from '../../../../shared/history/outcomes'
import type { Json } from '../../../../shared/json'
import { normaliseUser } from '../../../../shared/user/normalise'
import type { FieldEdit, UserRecord } from '../../../../shared/user/types'
import { fieldValue, sameValue } from '../../../../shared/user/value'
import { realOutbox } from '../../../simulation/real-outbox'
import { calendar } from './support'

let server: DemoServer
let store: Store
let app: ReturnType<typeof realOutbox>
let firstUser = 0

const truth = (userId: string): UserRecord => {
  const read = normaliseUser(server.truth.user(userId))
  if (!read.ok) throw new Error(read.reason)
  return read.record
}

/** Users that no other test has touched, as they are now. */
const someUsers = (count: number): UserRecord[] => {
  const ids = server.truth.userIds(firstUser, count)
  firstUser += count
  return ids.map(truth)
}

const settled = async (): Promise<void> => {
  const end = performance.now() + 25_000
  const resting = ({ waiting, needsPerson } = app.outbox.counts()) => waiting === needsPerson
  while (!resting()) {
    if (performance.now() > end) throw new Error('The outbox did not come to rest.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const here = () => ({ connectionId: 'demo', origin: server.baseUrl, account: 'admin' })

const handlers = () =>
  historyHandlers({
    store,
    history: historyRepository(store),
    clock: systemClock(),
    calendar,
    emit: () => {},
    saveFile: async () => undefined,
    present: () => ({
      identity: here(),
      recordOf: (userId) => usersRepository(store).byUserId('demo', userId)?.record,
      waitingOf: () => [],
      unsentOf: () => [],
    }),
  })

const everything = (): StoredHistoryEntry[] =>
  historyRepository(store).window({ start: 0, count: -1 }).entries.reverse()

const faultsOf = () => {
  const steps = verifyChain(store)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value.faults
  }
}

beforeAll(async () => {
  server = await startDemoServer({ users: 400, seed: 11 })
})
afterAll(() => server.close())
beforeEach(async () => {
  server.truth.setFaults(undefined)
  store = openMemoryStore()
  app = realOutbox({
    store,
    ...server,
    callsPerSecond: 200,
    options: {
      settleMs: 400,
      spacingMs: 50,
      rereadMs: [20, 50, 100],
      // With writes so close together, a list of the group may be older than our own last write.
      shareFrom: 1_000_000,
      backoffBaseMs: 20,
      backoffCapMs: 200,
    },
  })
  await app.signIn()
  await app.outbox.start()
  return async () => {
    await app.outbox.stop()
    store.close()
  }
})

const save = (
  changes: readonly { record: UserRecord; edits: readonly FieldEdit[]; reverts?: string[] }[],
  reason?: string,
) =>
  app.outbox.save({
    changes: changes.map(({ record, edits, reverts }) => ({
      user: record.key,
      edits: edits.map((edit) => ({ ...edit })),
      ...(reverts === undefined ? {} : { reverts }),
    })),
    ...(reason === undefined ? {} : { reason }),
  })

const edit = (record: UserRecord, path: string, mine: Json): FieldEdit => ({
  path,
  base: fieldValue(record, path) ?? null,
  mine,
})

/** The fields of a user after the history's changes of it were made again, in its order. */
const replay = (start: UserRecord, history: readonly StoredHistoryEntry[]): Map<string, Json> => {
  const values = new Map<string, Json>()
  for (const { user, fields, asked, after, outcome } of history) {
    if (user.userId !== start.key.userId || !isOutcome(outcome) || !outcomeNames[outcome].includes('applied'))
      continue
    for (const path of fields)
      values.set(path, after?.[path] ?? (after && path in after ? null : (asked[path] ?? null)))
  }
  return values
}

describe('the history of a run', () => {
  test('made again over the starting records, it gives what the server has, for all that only we wrote', async () => {
    const users = someUsers(24)
    const foreign = new Set<string>()
    const titles = ['Chief', ' Head  of Things ', 'Zoë’s deputy', null, 'Chief']
    server.truth.setFaults({
      rates: { reset: 0.05, 'lost-answer': 0.1, 'done-500': 0.05, '503': 0.05, html200: 0.02 },
      methods: ['PUT'],
      retryAfterSeconds: 0,
    })
    for (const [round, title] of titles.entries()) {
      for (const [at, start] of users.entries()) {
        if ((at + round) % 3 === 0) continue
        const now = truth(start.key.userId)
        if ((at * 7 + round) % 11 === 0) {
          server.truth.edit(start.key.userId, { title: `Other ${round}` })
          foreign.add(start.key.userId)
        }
        const edits = [edit(now, 'title', title), edit(now, 'address.city', `City ${round}`)]
        if (at % 4 === 0) edits.push(edit(now, 'mobilePhoneNumber', `+49 228 ${1000 + round * 100 + at}`))
        save([{ record: start, edits }], `round ${round}`)
      }
      await settled()
    }
    server.truth.setFaults(undefined)
    const history = everything()
    expect(history.length).toBeGreaterThan(60)
    expect(faultsOf()).toEqual([])
    let compared = 0
    for (const start of users) {
      const now = truth(start.key.userId)
      for (const [path, value] of replay(start, history)) {
        if (path === 'title' && foreign.has(start.key.userId)) continue
        const server = fieldValue(now, path) ?? null
        expect(
          sameValue(path, server, value),
          `${start.key.userId} ${path}: ${JSON.stringify(server)} but ${JSON.stringify(value)}`,
        ).toBe(true)
        compared++
      }
      // What the history does not tell of was not changed.
      const told = new Set(
        history.filter(({ user }) => user.userId === start.key.userId).flatMap(({ fields }) => fields),
      )
      for (const path of [
        'firstName',
        'lastName',
        'extension',
        'phoneNumber',
        'emailAddress',
        'mobilePhoneNumber',
      ]) {
        if (!told.has(path)) expect(fieldValue(now, path)).toEqual(fieldValue(start, path))
      }
    }
    expect(compared).toBeGreaterThan(40)
  }, 120_000)
})

describe('putting a batch back', () => {
  test('exactly what nobody changed since goes back, the rest is explained, both ways are linked, and it can be undone', async () => {
    const users = someUsers(20)
    save(
      users.map((record) => ({ record, edits: [edit(record, 'title', 'Reorganised')] })),
      'CHG-77',
    )
    await settled()
    const changed = users.filter((_, at) => at % 2 === 0)
    for (const { key } of changed) server.truth.edit(key.userId, { title: 'By another' })
    // Half of those are read again before the revert, the others only when it is about to be sent.
    for (const { key } of changed.slice(0, 5)) usersRepository(store).put('demo', truth(key.userId), 1)

    const plan = await handlers()['history.revertPlan']({ as: here(), search: 'ticket:CHG-77' })
    expect(plan.changes).toHaveLength(15)
    expect(plan.leftOut).toHaveLength(5)
    expect(new Set(plan.leftOut.map(({ why }) => why))).toEqual(
      new Set(['It was changed since, and is now “By another”.']),
    )
    app.outbox.save({ changes: plan.changes })
    await settled()
    for (const [at, start] of users.entries()) {
      const title = fieldValue(truth(start.key.userId), 'title')
      expect(title).toEqual(at % 2 === 0 ? 'By another' : fieldValue(start, 'title'))
    }
    const rows = app.outbox.window({ start: 0, count: 100 }).rows
    expect(rows.filter(({ state }) => state === 'conflict')).toHaveLength(5)

    const history = everything()
    const originals = history.filter(({ reason }) => reason === 'CHG-77')
    const reverts = history.filter(({ action }) => action === 'revert')
    expect(originals).toHaveLength(20)
    expect(reverts).toHaveLength(10)
    for (const revert of reverts) {
      const original = originals.find(({ id }) => id === revert.reverts)
      expect(original?.revertedBy).toBe(revert.id)
      expect(original?.user).toEqual(revert.user)
    }

    const again = await handlers()['history.revertPlan']({ as: here(), ids: reverts.map(({ id }) => id) })
    expect(again.changes).toHaveLength(10)
    app.outbox.save({ changes: again.changes })
    await settled()
    for (const [at, start] of users.entries()) {
      expect(fieldValue(truth(start.key.userId), 'title')).toBe(at % 2 === 0 ? 'By another' : 'Reorganised')
    }
    expect(faultsOf()).toEqual([])
  }, 60_000)
})
