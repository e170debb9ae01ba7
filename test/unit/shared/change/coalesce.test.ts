import { expect, test } from 'vitest'
import { mergeEdits } from '../../../../shared/change/coalesce'
import { advance } from '../../../../shared/change/machine'
import type { OutboxEntry } from '../../../../shared/change/types'

test('the earliest base stays, also when it was an empty field', () => {
  const first = [{ path: 'title', base: null, mine: 'Head' }]
  const second = [{ path: 'title', base: 'Head', mine: 'Chief' }]
  expect(mergeEdits(first, second)).toEqual([{ path: 'title', base: null, mine: 'Chief' }])
})

test('a base that was never seen stays so: a pending value of ours is no base', () => {
  const first = [{ path: 'title', mine: 'Head' }]
  const second = [{ path: 'title', base: 'Head', mine: 'Chief' }]
  const third = [{ path: 'title', base: 'Chief', mine: 'Head' }]
  expect(mergeEdits(first, second)).toEqual([{ path: 'title', mine: 'Chief' }])
  expect(mergeEdits(mergeEdits(first, second), third)).toEqual([{ path: 'title', mine: 'Head' }])
})

test('a field that is back at its base drops out, unless a request has carried it', () => {
  const first = [{ path: 'title', base: null, mine: 'Head' }]
  const back = [{ path: 'title', base: 'Head', mine: null }]
  expect(mergeEdits(first, back)).toEqual([])
  const kept = [{ path: 'title', base: null, mine: null, moved: true }]
  expect(mergeEdits(first, back, new Set(['title']))).toEqual(kept)
})

test('what somebody else has changed never drops out: back at the base is not what the server has', () => {
  const entry: OutboxEntry = {
    id: 'a',
    seq: 1,
    origin: 'https://odin.example',
    account: 'admin',
    connectionId: 'c',
    user: { serviceProviderId: 'sp', groupId: 'g', userId: 'u' },
    edits: [{ path: 'title', base: null, mine: 'Head' }],
    state: 'conflict',
    why: '',
    conflicts: [{ path: 'title', base: null, theirs: 'Theirs', mine: 'Head' }],
    attempts: [],
    createdWall: 0,
  }
  const kept = [{ path: 'title', base: null, mine: null, moved: true }]
  const back = [{ path: 'title', base: 'Head', mine: null }]
  expect(advance(entry, { type: 'edit', edits: back })).toMatchObject({ state: 'queued', edits: kept })
  const behind: OutboxEntry = { ...entry, id: 'b', seq: 2, edits: back, state: 'queued', conflicts: [] }
  expect(advance(entry, { type: 'absorb', behind })).toMatchObject({ state: 'queued', edits: kept })
  // Another edit finds the entry without its conflicts, and the field is still in it.
  const again = advance(advance(entry, { type: 'edit', edits: back }), {
    type: 'edit',
    edits: [{ path: 'lastName', base: 'A', mine: 'B' }],
  })
  expect(again.edits).toEqual([...kept, { path: 'lastName', base: 'A', mine: 'B' }])
})

test('what somebody else has changed is remembered through further edits, retries and other decisions', () => {
  const queued: OutboxEntry = {
    id: 'a',
    seq: 1,
    origin: 'https://odin.example',
    account: 'admin',
    connectionId: 'c',
    user: { serviceProviderId: 'sp', groupId: 'g', userId: 'u' },
    edits: [
      { path: 'title', base: 'Old', mine: 'Head' },
      { path: 'lastName', base: 'Ames', mine: 'Bell' },
    ],
    state: 'queued',
    why: '',
    conflicts: [],
    attempts: [],
    createdWall: 0,
  }
  const conflicts = queued.edits.map((edit) => ({ ...edit, theirs: 'Theirs' }))
  const clash = advance(queued, { type: 'clash', conflicts, converged: [] })
  const choice = { path: 'lastName', theirs: 'Theirs', value: 'Theirs' }
  const ways = [
    advance(clash, { type: 'edit', edits: [{ path: 'title', base: 'Head', mine: 'Chief' }] }),
    advance(clash, { type: 'retry' }),
    advance(clash, { type: 'resolve', choices: [choice] }),
  ]
  for (const entry of ways) {
    const back = advance(entry, { type: 'edit', edits: [{ path: 'title', base: 'Chief', mine: 'Old' }] })
    expect(back.state).toBe('queued')
    expect(back.edits).toContainEqual({ path: 'title', base: 'Old', mine: 'Old', moved: true })
  }
})
