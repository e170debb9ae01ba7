import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localCalendar } from '../../../../electron/features/history/calendar'
import { historyHandlers } from '../../../../electron/features/history/handlers'
import { watchHistory } from '../../../../electron/features/history/watch'
import { Refusal } from '../../../../electron/ipc/refusal'
import { systemClock } from '../../../../electron/platform/clock'
import { openFileSink } from '../../../../electron/platform/file-sink'
import type { Log } from '../../../../electron/platform/ports'
import { contract } from '../../../../shared/ipc/contract'
import type { UserRecord } from '../../../../shared/user/types'
import { calendar, change, ledger, noon } from './support'

const folder = mkdtempSync(join(tmpdir(), 'gungnir-history-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bob = { serviceProviderId: 's', groupId: 'g', userId: 'bob@x' }
const here = { connectionId: 'c1', origin: 'https://odin.example/api/v2', account: 'admin@odin.example' }

const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} }

const made = (options: { records?: UserRecord[]; path?: string } = {}) => {
  const { history, store } = ledger()
  history.append(change('h1'))
  history.append(change('h2', { userName: 'Bob', user: bob }))
  const events: [string, unknown][] = []
  const clock = { ...systemClock(), wall: () => noon }
  const emit = (name: string, payload: unknown) => void events.push([name, payload])
  const handlers = historyHandlers({
    store,
    history,
    clock,
    calendar,
    emit,
    saveFile: async () => (options.path === undefined ? undefined : openFileSink(options.path)),
    present: () => ({
      identity: here,
      recordOf: (userId) => options.records?.find(({ key }) => key.userId === userId),
      waitingOf: () => [],
      unsentOf: () => [],
    }),
  })
  return { handlers, history, store, events, clock, emit }
}

const refusalOf = async (work: () => unknown): Promise<Refusal> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('windows and entries', () => {
  test('a window, newest first, as the contract says it', async () => {
    const window = await made().handlers['history.window']({ search: 'zoe field:', start: 0, count: 10 })
    expect(contract['history.window'].output.parse(window)).toEqual(window)
    expect(window).toMatchObject({
      total: 1,
      start: 0,
      rows: [{ id: 'h1', seq: 1, reason: 'CHG-4711 marriage' }],
    })
    expect(window.problems).toEqual([expect.stringContaining('field:')])
    expect(Object.keys(window.rows[0] ?? {})).not.toContain('request')
  })

  test('a row says what each field was and became, or was to become', async () => {
    const { handlers, history } = made()
    const valuesOf = async () =>
      (await handlers['history.window']({ search: 'zoe', start: 0, count: 1 })).rows[0]?.values
    expect(await valuesOf()).toEqual([
      { path: 'lastName', before: 'Łukasz', now: 'Müller' },
      { path: 'address.city', before: null, now: 'Köln' },
    ])
    history.settle('h1', { outcome: 'normalised', after: { lastName: 'MÜLLER', 'address.city': null } })
    expect(await valuesOf()).toEqual([
      { path: 'lastName', before: 'Łukasz', now: 'MÜLLER' },
      { path: 'address.city', before: null, now: null },
    ])
    history.settle('h1', { outcome: 'rejected', after: { lastName: 'Łukasz', 'address.city': null } })
    expect(await valuesOf(), 'what was refused').toEqual([
      { path: 'lastName', before: 'Łukasz', now: 'Müller', unapplied: true },
      { path: 'address.city', before: null, now: 'Köln', unapplied: true },
    ])
    history.settle('h1', { outcome: 'partial', after: { lastName: 'Müller', 'address.city': null } })
    expect(await valuesOf(), 'what was done in part').toEqual([
      { path: 'lastName', before: 'Łukasz', now: 'Müller' },
      { path: 'address.city', before: null, now: 'Köln', unapplied: true },
    ])
    history.append(change('h3', { fields: ['title'], before: {}, asked: { title: 'Clerk' } }))
    expect(await valuesOf()).toEqual([{ path: 'title', now: 'Clerk' }])
  })

  test('the changes of one user', async () => {
    const { handlers } = made()
    const window = await handlers['history.window']({ search: '', userId: 'bob@x', start: 0, count: 10 })
    expect(window.rows.map(({ id }) => id)).toEqual(['h2'])
  })

  test('an entry with all that is known of it, linked to what it put back and what put it back', async () => {
    const { handlers, history } = made()
    history.settle('h1', {
      outcome: 'done',
      words: 'Saved.',
      after: { lastName: 'Müller' },
      answer: '{"lastName":"Müller","password":"hunter2"}',
      status: 200,
      durationMs: 12,
      unguardedMs: 34,
    })
    history.append(change('h3', { reverts: 'h1 h2', action: 'revert' }))
    const entry = contract['history.entry'].output.parse(await handlers['history.entry']('h1'))
    expect(entry).toMatchObject({
      before: { lastName: 'Łukasz' },
      asked: { lastName: 'Müller' },
      after: { lastName: 'Müller' },
      outcome: 'done',
      unguardedMs: 34,
      answer: '{"lastName":"Müller","password":"(hidden)"}',
      revertedBy: 'h3',
    })
    expect(await handlers['history.entry']('h2')).toMatchObject({ revertedBy: 'h3' })
    expect(await handlers['history.entry']('h3')).toMatchObject({ reverts: 'h1 h2' })
    expect(JSON.stringify(history.byId('h1'))).not.toContain('hunter2')
  })

  test('an entry that is gone is refused in words', async () => {
    const refusal = await refusalOf(() => made().handlers['history.entry']('h9'))
    expect(refusal.message).toContain('no longer in the history')
    const noPlace = await refusalOf(() => made().handlers['history.place']({ id: 'h9', open: [] }))
    expect(noPlace.message).toContain('no longer in the history')
  })

  test('where a change stands, and whether a search finds it', async () => {
    const { handlers } = made()
    expect(await handlers['history.place']({ id: 'h1', open: [] })).toEqual({ row: 1 })
    expect(await handlers['history.finds']({ search: 'zoe', id: 'h1' })).toBe(true)
    expect(await handlers['history.finds']({ search: 'zoe', id: 'h2' })).toBe(false)
  })

  test('counts by day and by outcome, of what a search finds', async () => {
    const { handlers, history } = made()
    const today = localCalendar({ wall: () => noon })
    const midnight = today.startOf(today.today())
    history.append(change('h3', { startedWall: midnight - 1, outcome: 'rejected' }))
    history.append(change('h4', { startedWall: midnight, outcome: 'rejected' }))
    const summary = await handlers['history.summary']({ search: 'zoe' })
    expect(contract['history.summary'].output.parse(summary)).toEqual(summary)
    expect(summary.total).toBe(3)
    expect(summary.days.map(({ entries, failed }) => [entries, failed])).toEqual([
      [1, 1],
      [2, 1],
    ])
    expect(summary.outcomes).toEqual([
      { outcome: 'rejected', label: 'Refused', entries: 2 },
      { outcome: 'pending', label: 'Not settled yet', entries: 1 },
    ])
    expect((await handlers['history.summary']({ search: 'outcome:rejected when:today' })).total).toBe(1)
    expect((await handlers['history.summary']({ search: '', userId: 'bob@x' })).total).toBe(1)
  })
})

describe('putting back', () => {
  const records: UserRecord[] = [
    {
      key: { serviceProviderId: 'ent', groupId: 'moved', userId: 'zoe@odin.example' },
      completeness: 'full',
      fields: { lastName: 'Müller', 'address.city': 'Bonn', firstName: 'Zoë' },
      extra: {},
    },
  ]

  test('a plan from chosen entries: what goes back, with its links, and what does not, with reasons', async () => {
    const { handlers, history } = made({ records })
    history.settle('h1', { outcome: 'done', words: 'Saved.' })
    const plan = await handlers['history.revertPlan']({ as: here, ids: ['h1', 'h2'] })
    expect(contract['history.revertPlan'].output.parse(plan)).toEqual(plan)
    expect(plan.changes).toEqual([
      {
        user: { serviceProviderId: 'ent', groupId: 'moved', userId: 'zoe@odin.example' },
        userName: 'Zoë Müller',
        edits: [{ path: 'lastName', base: 'Müller', mine: 'Łukasz' }],
        reverts: ['h1'],
      },
    ])
    expect(plan.leftOut.map(({ id, path, why }) => [id, path, why])).toEqual([
      ['h2', undefined, 'Its outcome is not known yet.'],
      ['h1', 'address.city', 'It was changed since, and is now “Bonn”.'],
    ])
    expect(
      contract['outbox.save'].input.safeParse({
        as: { connectionId: 'c1', origin: 'http://127.0.0.1/api/v2', account: 'admin' },
        changes: plan.changes,
      }).success,
    ).toBe(true)
  })

  test('a plan is made for the server and account that a person saw, or not at all', async () => {
    const { handlers, history } = made({ records })
    history.settle('h1', { outcome: 'done', words: 'Saved.' })
    for (const as of [
      { ...here, account: 'somebody.else' },
      { ...here, origin: 'https://other.example/api/v2' },
    ]) {
      for (const asked of [{ ids: ['h1'] }, { outboxIds: ['e1'] }, { search: 'outcome:done' }]) {
        const refusal = await refusalOf(() => handlers['history.revertPlan']({ as, ...asked }))
        expect(refusal.kind).toBe('other-account')
      }
    }
  })

  test('a plan from a search, but only from one that is understood', async () => {
    const { handlers, history } = made({ records })
    history.settle('h1', { outcome: 'done', words: 'Saved.' })
    expect((await handlers['history.revertPlan']({ as: here, search: 'outcome:done' })).changes).toHaveLength(
      1,
    )
    const refusal = await refusalOf(() => handlers['history.revertPlan']({ as: here, search: 'when:never' }))
    expect(refusal.message).toContain('when:')
    const gone = await refusalOf(() => handlers['history.revertPlan']({ as: here, ids: ['h1', 'h9'] }))
    expect(gone.kind).toBe('not-found')
  })
})

describe('taking away', () => {
  test('a file with what was found, whole or not at all, with progress', async () => {
    const path = join(folder, 'out.jsonl')
    const { handlers, history, events } = made({ path })
    for (let i = 3; i <= 500; i++) history.append(change(`h${i}`))
    const result = await handlers['history.export']({ search: 'zoe', format: 'jsonl' })
    expect(result).toEqual({ path, entries: 499 })
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(lines).toHaveLength(499)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ id: 'h500' })
    expect(JSON.parse(lines[0] ?? '')).not.toHaveProperty('connectionId')
    expect(events.at(-1)).toEqual(['history.progress', { work: 'export', done: 499, of: 499 }])
    expect(readdirSync(folder)).toEqual(['out.jsonl'])
  })

  test('only what was chosen of it', async () => {
    const path = join(folder, 'chosen.jsonl')
    const { handlers, history, events } = made({ path })
    for (let i = 3; i <= 9; i++) history.append(change(`h${i}`))
    const idsIn = () =>
      readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id)
    const asked = { search: 'zoe', format: 'jsonl' } as const
    expect(await handlers['history.export']({ ...asked, only: ['h4', 'h7'] })).toEqual({ path, entries: 2 })
    expect(idsIn()).toEqual(['h7', 'h4'])
    expect(events.at(-1)).toEqual(['history.progress', { work: 'export', done: 2, of: 2 }])
    await handlers['history.export']({ ...asked, except: ['h9', 'h1'] })
    expect(idsIn()).toEqual(['h8', 'h7', 'h6', 'h5', 'h4', 'h3'])
    rmSync(path)
  })

  test('nothing when a person cancels, a reason when the file cannot be written', async () => {
    expect(await made().handlers['history.export']({ search: '', format: 'csv' })).toEqual({ entries: 0 })
    // A full folder of that name, so that the finished file cannot take its place.
    const blocked = join(folder, 'blocked')
    mkdirSync(join(blocked, 'inside'), { recursive: true })
    const { handlers } = made({ path: blocked })
    const refusal = await refusalOf(() => handlers['history.export']({ search: '', format: 'csv' }))
    expect(refusal.message).toMatch(/could not be written \(E[A-Z]+\)/)
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('a change as a script', async () => {
    const { handlers } = made()
    expect(await handlers['history.copyAs']({ id: 'h1', form: 'odins_spear' })).toContain('put_user(')
    expect(await handlers['history.copyAs']({ id: 'h1', form: 'curl' })).toContain('curl -X PUT')
  })
})

describe('trust', () => {
  test('a check says that all is well, or what is wrong first', async () => {
    const { handlers, store, events } = made()
    const sound = await handlers['history.verify']()
    expect(contract['history.verify'].output.parse(sound)).toEqual(sound)
    expect(sound).toEqual({
      links: 2,
      entries: 2,
      message: 'The history is sound: 2 entries are as written.',
      faults: [],
      moreFaults: 0,
    })
    store.run('DELETE FROM history WHERE seq = 1')
    store.run(`UPDATE history SET outcome = 'done' WHERE seq = 2`)
    expect(await handlers['history.verify']()).toMatchObject({
      message: 'The history is not as it was written. Entry 1 is missing. 1 more fault was found.',
      faults: [
        { what: 'missing', seq: 1 },
        { what: 'changed', seq: 2, id: 'h2' },
      ],
    })
    expect(events).toEqual([])
  })

  test('at start, what cannot be found is made findable, and a fault is told once', async () => {
    const { store, history, clock, emit, events, handlers } = made()
    store.run('DELETE FROM history_words')
    store.run(`UPDATE history SET started_wall = 1 WHERE seq = 2`)
    const { stop } = watchHistory({
      store,
      history,
      clock: { after: (_, run) => clock.after(0, run) },
      log: quiet,
      emit,
    })
    await expect
      .poll(() => events)
      .toEqual([
        [
          'message',
          { tone: 'error', text: expect.stringContaining('Entry 2 was changed after it was written.') },
        ],
      ])
    expect((await handlers['history.window']({ search: 'bob', start: 0, count: 1 })).total).toBe(1)
    stop()
  })

  test('a check that is stopped says nothing, not even of a closed store', async () => {
    const { store, history, clock, emit, events } = made()
    const errors: string[] = []
    const { stop } = watchHistory({
      store,
      history,
      clock,
      log: { ...quiet, error: (event) => errors.push(event) },
      emit,
    })
    stop()
    store.close()
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect([events, errors]).toEqual([[], []])
  })

  test('old entries are removed when a person says so', async () => {
    const { handlers, history, clock } = made()
    for (const id of ['h1', 'h2']) history.settle(id, { outcome: 'done', words: 'Saved.' })
    const day = 86_400_000
    clock.wall = () => noon + day
    expect(await handlers['history.trim']({ olderThanDays: 1 })).toBe(0)
    clock.wall = () => noon + day + 1
    expect(await handlers['history.trim']({ olderThanDays: 1 })).toBe(2)
    expect(await handlers['history.verify']()).toMatchObject({ entries: 0, faults: [] })
  })
})

describe('days', () => {
  let zone: string | undefined
  beforeAll(() => {
    zone = process.env.TZ
    process.env.TZ = 'America/St_Johns'
  })
  afterAll(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  test('are those of this machine', () => {
    const { today, startOf } = localCalendar({ wall: () => Date.UTC(2026, 10, 15, 2) })
    expect(today()).toEqual({ year: 2026, month: 11, day: 14 })
    expect(new Date(startOf(today())).toISOString()).toBe('2026-11-14T03:30:00.000Z')
    expect(startOf({ year: 2026, month: 12, day: 32 })).toBe(startOf({ year: 2027, month: 1, day: 1 }))
    expect(new Date(startOf({ year: 99, month: 1, day: 1 })).getFullYear()).toBe(99)
  })
})
