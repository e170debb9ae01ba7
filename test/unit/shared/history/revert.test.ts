import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planRevert, planUndo, type Revertible } from '../../../../shared/history/revert'
import type { Json } from '../../../../shared/json'
import type { FieldEdit } from '../../../../shared/user/types'
import type { Valued } from '../../../../shared/user/value'

const origin = 'https://odin.example/api/v2'
const key = { serviceProviderId: 'ent', groupId: 'grp', userId: 'ann@x' }

const entry = (
  seq: number,
  path: string,
  before: Json,
  asked: Json,
  more: Partial<Revertible> = {},
): Revertible => ({
  id: `h${seq}`,
  seq,
  user: key,
  userName: 'Ann Old',
  fields: [path],
  before: { [path]: before },
  asked: { [path]: asked },
  outcome: 'done',
  origin,
  ...more,
})

const isHere = (one: string): boolean => one === origin

const record = (fields: Record<string, Json>): Valued => ({ key, completeness: 'full', fields })

const plan = (entries: Revertible[], fields: Record<string, Json> | undefined) =>
  planRevert(entries, { isHere, recordOf: () => (fields === undefined ? undefined : record(fields)) })

describe('putting changes back', () => {
  test('one change', () => {
    expect(
      plan([entry(1, 'title', 'Boss', 'Chief')], { title: 'Chief', firstName: 'Ann', lastName: 'New' }),
    ).toEqual({
      changes: [
        {
          user: key,
          userName: 'Ann New',
          edits: [{ path: 'title', base: 'Chief', mine: 'Boss' }],
          reverts: ['h1'],
        },
      ],
      leftOut: [],
    })
  })

  test('a field that was empty before is cleared', () => {
    const { changes } = plan([entry(1, 'title', null, 'Chief')], { title: 'Chief' })
    expect(changes[0]?.edits).toEqual([{ path: 'title', base: 'Chief', mine: null }])
  })

  test('what the server made of it counts as what the change left', () => {
    const changed = entry(1, 'title', 'Boss', 'chief', { outcome: 'normalised', after: { title: 'CHIEF' } })
    expect(plan([changed], { title: 'CHIEF' }).changes[0]?.edits[0]?.mine).toBe('Boss')
  })

  test('several changes of one field go back to before the oldest, in any order of choosing', () => {
    const entries = [entry(1, 'title', 'A', 'B'), entry(3, 'title', 'C', 'D'), entry(2, 'title', 'B', 'C')]
    expect(plan(entries, { title: 'D' })).toMatchObject({
      changes: [{ edits: [{ path: 'title', base: 'D', mine: 'A' }], reverts: ['h3', 'h2', 'h1'] }],
      leftOut: [],
    })
  })

  test('an older change under a newer one that stays is left out', () => {
    const { changes, leftOut } = plan([entry(1, 'title', 'A', 'B'), entry(3, 'title', 'C', 'D')], {
      title: 'D',
    })
    expect(changes[0]?.edits).toEqual([{ path: 'title', base: 'D', mine: 'C' }])
    expect(changes[0]?.reverts).toEqual(['h3'])
    expect(leftOut).toMatchObject([{ id: 'h1', path: 'title', why: 'It was changed since, and is now “C”.' }])
  })

  test('a revert of a revert', () => {
    const revert = entry(2, 'title', 'B', 'A')
    expect(plan([revert], { title: 'A' }).changes[0]?.edits).toEqual([
      { path: 'title', base: 'A', mine: 'B' },
    ])
  })

  test('users and fields are planned apart, one change for each user', () => {
    const bob = { ...key, userId: 'bob@x' }
    const entries = [
      entry(1, 'title', 'A', 'B', { user: bob }),
      entry(2, 'title', 'A', 'B'),
      {
        ...entry(3, 'lastName', 'L', 'M'),
        fields: ['lastName', 'extension'],
        before: { lastName: 'L', extension: '1' },
        asked: { lastName: 'M', extension: '2' },
      },
    ]
    const { changes, leftOut } = planRevert(entries, {
      isHere,
      recordOf: (id) =>
        record(id === 'bob@x' ? { title: 'Z' } : { title: 'B', lastName: 'M', extension: '3' }),
    })
    expect(changes).toMatchObject([
      { user: key, edits: [{ path: 'lastName' }, { path: 'title' }], reverts: ['h3', 'h2'] },
    ])
    expect(leftOut).toMatchObject([
      { id: 'h3', path: 'extension', why: 'It was changed since, and is now “3”.' },
      { id: 'h1', path: 'title', why: 'It was changed since, and is now “Z”.' },
    ])
  })

  test.each<[string, Revertible, Record<string, Json> | undefined, string]>([
    ['changed since', entry(1, 'title', 'A', 'B'), { title: 'C' }, 'It was changed since, and is now “C”.'],
    ['emptied since', entry(1, 'title', 'A', 'B'), {}, 'It was changed since, and is now empty.'],
    ['already back', entry(1, 'title', 'A', 'B'), { title: 'A' }, 'It is “A” already.'],
    [
      'refused',
      entry(1, 'title', 'A', 'B', { outcome: 'rejected' }),
      { title: 'B' },
      'It was never applied.',
    ],
    [
      'not kept',
      entry(1, 'title', 'A', 'B', { outcome: 'not-kept' }),
      { title: 'B' },
      'It was never applied.',
    ],
    [
      'open',
      entry(1, 'title', 'A', 'B', { outcome: 'unknown' }),
      { title: 'B' },
      'Its outcome is not known yet.',
    ],
    [
      'of a later version',
      entry(1, 'title', 'A', 'B', { outcome: 'odd' }),
      { title: 'B' },
      'Its outcome is not known.',
    ],
    [
      'half',
      entry(1, 'title', 'A', 'B', { outcome: 'partial', after: { title: 'A' } }),
      { title: 'A' },
      'This part was never applied.',
    ],
    [
      'superseded',
      entry(1, 'title', 'A', 'B', { outcome: 'superseded', after: { title: 'C' } }),
      { title: 'C' },
      'Somebody else changed it right afterwards, to “C”.',
    ],
    [
      'another server',
      entry(1, 'title', 'A', 'B', { origin: 'https://other' }),
      { title: 'B' },
      'It was made on another server.',
    ],
    [
      'no such user',
      entry(1, 'title', 'A', 'B'),
      undefined,
      'The user is not in the local copy: removed, renamed or never read.',
    ],
    [
      'not clearable',
      entry(1, 'timeZone', null, 'Europe/Paris'),
      { timeZone: 'Europe/Paris' },
      'It was empty before, and the server does not let it be emptied.',
    ],
    ['a password', entry(1, 'newPassword', null, 'changed'), {}, 'What the server has now is not known.'],
    ['read-only', entry(1, 'userId', 'a', 'ann@x'), {}, 'User ID cannot be put back by a saved change.'],
    [
      'unknown before',
      { ...entry(1, 'title', 'A', 'B'), before: {} },
      { title: 'B' },
      'What it was before is not known.',
    ],
  ])('%s', (_, changed, fields, why) => {
    const { changes, leftOut } = plan([changed], fields)
    expect(changes).toEqual([])
    expect(leftOut.map((one) => one.why)).toEqual([why])
  })

  test('two changes that cancel each other out', () => {
    const { changes, leftOut } = plan([entry(1, 'title', 'A', 'B'), entry(2, 'title', 'B', 'A')], {
      title: 'A',
    })
    expect(changes).toEqual([])
    expect(leftOut.map(({ id, why }) => [id, why])).toEqual([
      ['h2', 'It is “A” already.'],
      ['h1', 'It is “A” already.'],
    ])
  })

  test('for any run of changes by us and others: what only we wrote goes back, the rest is named', () => {
    const step = fc.record({
      by: fc.constantFrom('us', 'us', 'other'),
      path: fc.constantFrom('title', 'emailAddress'),
      value: fc.constantFrom('A', 'B', 'C', null),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.func(fc.boolean()), (steps, chosen) => {
        const start: Record<string, Json> = { title: 'A', emailAddress: 'B' }
        const server = { ...start }
        const entries: Revertible[] = []
        const others = new Set<string>()
        steps.forEach(({ by, path, value }, at) => {
          const before = server[path] ?? null
          if (before === value) return
          server[path] = value
          if (by === 'us') entries.push(entry(at + 1, path, before, value))
          else others.add(path)
        })
        const all = plan(entries, server)
        const named = new Set([
          ...all.changes.flatMap((one) => one.reverts),
          ...all.leftOut.map(({ id }) => id),
        ])
        expect([...named].sort()).toEqual(entries.map(({ id }) => id).sort())
        const now = { ...server }
        for (const { edits } of all.changes) for (const { path, mine } of edits) now[path] = mine
        for (const path of ['title', 'emailAddress'])
          if (!others.has(path)) expect(now[path]).toBe(start[path])

        // Of a selection: every edit starts from what the server has and ends at a value that one of the entries replaced.
        const some = entries.filter((one) => chosen(one.seq))
        for (const { edits, reverts } of plan(some, server).changes) {
          for (const { path, base, mine } of edits) {
            expect(base).toBe(server[path] ?? null)
            expect(some.filter(({ id }) => reverts.includes(id)).map((one) => one.before[path])).toContain(
              mine,
            )
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('undo right after Save', () => {
  const saved = (edits: FieldEdit[]) => [{ user: key, userName: 'Ann Old', edits }]
  const undo = (
    edits: FieldEdit[],
    now: {
      fields?: Record<string, Json>
      waiting?: FieldEdit[]
      unsent?: { id: string; edits: FieldEdit[] }[]
      entries?: Revertible[]
    },
  ) =>
    planUndo(saved(edits), now.entries ?? [], {
      isHere,
      recordOf: () => (now.fields ? record(now.fields) : undefined),
      waitingOf: () => now.waiting ?? [],
      unsentOf: () => now.unsent ?? [],
    })
  const title = { path: 'title', base: 'Boss', mine: 'Chief' }

  test('what waits goes back to what was there before it', () => {
    expect(undo([title], { fields: { title: 'Boss' }, waiting: [title] })).toEqual({
      changes: [
        {
          user: key,
          userName: 'Ann Old',
          edits: [{ path: 'title', base: 'Chief', mine: 'Boss' }],
          reverts: [],
        },
      ],
      leftOut: [],
    })
  })

  describe('over a value that was never seen', () => {
    const blind = { path: 'title', mine: 'Chief' }

    test('it is taken out again with its entry: nobody knows what to put in its place', () => {
      expect(undo([blind], { waiting: [blind], unsent: [{ id: 'e1', edits: [blind] }] })).toEqual({
        changes: [],
        leftOut: [],
        takenOut: [{ entry: 'e1', user: key, userName: 'Ann Old', path: 'title', mine: 'Chief' }],
      })
    })

    test('what was saved with it goes with it', () => {
      const extension = { path: 'extension', base: '1234', mine: '1235' }
      const edits = [blind, extension]
      const plan = undo(edits, {
        fields: { extension: '1234' },
        waiting: edits,
        unsent: [{ id: 'e1', edits }],
      })
      expect(plan.changes).toEqual([])
      expect(plan.takenOut?.map(({ path }) => path)).toEqual(['title', 'extension'])
    })

    test.each<[string, { id: string; edits: FieldEdit[] }[]]>([
      ['was sent', []],
      ['holds something else, too', [{ id: 'e1', edits: [blind, { path: 'extension', mine: '1235' }] }]],
      ['holds a later value', [{ id: 'e1', edits: [{ path: 'title', mine: 'Boss' }] }]],
    ])('it stays when its entry %s', (_, unsent) => {
      const plan = undo([blind], { waiting: [blind], unsent })
      expect(plan.takenOut).toBeUndefined()
      expect(plan.leftOut).toMatchObject([{ why: expect.stringContaining('not known') }])
    })
  })

  test('the last of two saves goes back to the first', () => {
    const { changes } = undo([title], {
      fields: { title: 'Clerk' },
      waiting: [{ path: 'title', base: 'Clerk', mine: 'Chief' }],
    })
    expect(changes[0]?.edits).toEqual([{ path: 'title', base: 'Chief', mine: 'Boss' }])
  })

  test('so does what is on its way, or was refused: history has it, but it still waits', () => {
    for (const outcome of ['pending', 'rejected', 'unknown']) {
      const { changes, leftOut } = undo([title], {
        fields: { title: 'Boss' },
        waiting: [title],
        entries: [entry(1, 'title', 'Boss', 'Chief', { outcome })],
      })
      expect(changes[0]?.edits).toEqual([{ path: 'title', base: 'Chief', mine: 'Boss' }])
      expect(leftOut).toEqual([])
    }
  })

  test('what has arrived is put back through history', () => {
    const { changes } = undo([title], {
      fields: { title: 'Chief' },
      entries: [entry(1, 'title', 'Boss', 'Chief')],
    })
    expect(changes[0]?.reverts).toEqual(['h1'])
  })

  test('what was taken back already, changed since, or never seen is said and left', () => {
    const why = (...args: Parameters<typeof undo>) => {
      const { changes, leftOut } = undo(...args)
      expect(changes).toEqual([])
      return leftOut[0]?.why
    }
    expect(why([title], { fields: { title: 'Boss' } })).toBe('It is “Boss” already.')
    expect(why([title], { fields: { title: 'Clerk' } })).toBe('It was changed since, and is now “Clerk”.')
    expect(why([{ path: 'title', mine: 'Chief' }], { waiting: [{ path: 'title', mine: 'Chief' }] })).toBe(
      'What it was before is not known. Discard it in the Outbox.',
    )
  })
})
