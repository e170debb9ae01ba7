import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editsBehind, mergeEdits, rebase } from '../../shared/change/coalesce'
import { resolveEdits } from '../../shared/change/conflict'
import { planSend } from '../../shared/change/plan'
import type { FieldEdit, FieldPath, FieldValue, UserRecord } from '../../shared/user/types'

/** Random cases over all the properties; `MERGE_RUNS` asks for more, `MERGE_SEED` replays. */
const all = Number(process.env.MERGE_RUNS ?? 100_000)
const seed = Number(process.env.MERGE_SEED ?? Date.now() % 1e9)
const properties = 7
const runs = { numRuns: Math.ceil(all / properties), seed }
const timeout = 60_000 + all / 10

console.log(`${all} cases, MERGE_SEED=${seed}`)

const paths = ['title', 'lastName', 'mobilePhoneNumber'] as const
const value = fc.constantFrom<FieldValue>(null, 'a', 'b', 'c')
type Fields = Record<(typeof paths)[number], FieldValue>
const someFields: fc.Arbitrary<Fields> = fc.record({
  title: value,
  lastName: value,
  mobilePhoneNumber: value,
})
/** What a person sets in one save. */
const round = fc.dictionary(fc.constantFrom(...paths), value, { maxKeys: 3 })

const recordOf = (fields: Fields): UserRecord => ({
  key: { serviceProviderId: 'sp', groupId: 'grp', userId: 'u' },
  completeness: 'full',
  fields,
  extra: {},
})

/** The edits of a person who sees `shown`. */
const editsOf = (shown: Fields, set: Readonly<Record<string, FieldValue>>): FieldEdit[] =>
  Object.entries(set).map(([path, mine]) => ({ path, base: shown[path as keyof Fields], mine }))

const applied = (fields: Fields, edits: readonly FieldEdit[]): Fields => ({
  ...fields,
  ...Object.fromEntries(edits.map(({ path, mine }) => [path, mine])),
})

/** Rounds of saves, one upon the other: each sees what the one before has made. */
const saved = (start: Fields, rounds: readonly Readonly<Record<string, FieldValue>>[]) => {
  let shown = start
  return rounds.map((set) => {
    const edits = editsOf(shown, set)
    shown = applied(shown, edits)
    return edits
  })
}

const sorted = (edits: readonly FieldEdit[]) => [...edits].sort((a, b) => a.path.localeCompare(b.path))
const pathsOf = (edits: readonly { readonly path: FieldPath }[]) => edits.map(({ path }) => path).sort()

describe('changes that are merged', () => {
  test('do what they do one after the other, and hold nothing that they do not do', { timeout }, () => {
    fc.assert(
      fc.property(someFields, fc.array(round, { maxLength: 4 }), (start, rounds) => {
        const each = saved(start, rounds)
        const merged = each.reduce<readonly FieldEdit[]>((left, next) => mergeEdits(left, next), [])
        const end = each.reduce(applied, start)
        expect(applied(start, merged)).toEqual(end)
        for (const { path, base, mine } of merged) {
          expect(base).toEqual(start[path as keyof Fields])
          expect(mine).not.toEqual(base)
        }
      }),
      runs,
    )
  })

  test('are the same however they are put together', { timeout }, () => {
    fc.assert(
      fc.property(someFields, round, round, round, (start, a, b, c) => {
        const [first = [], second = [], third = []] = saved(start, [a, b, c])
        const left = mergeEdits(mergeEdits(first, second), third)
        const right = mergeEdits(mergeEdits(first, []), mergeEdits(second, third))
        // A pair that cancels out in the middle says nothing; one that ends where it began is dropped from both.
        expect(applied(start, right)).toEqual(applied(start, left))
        expect(sorted(mergeEdits(left, []))).toEqual(sorted(left))
      }),
      runs,
    )
  })

  test('vanish when they are taken back, unless a request has carried them', { timeout }, () => {
    fc.assert(
      fc.property(someFields, round, fc.subarray([...paths]), (start, set, sent) => {
        const edits = editsOf(start, set)
        const back = edits.map(({ path, base, mine }) => ({ path, base: mine, mine: base ?? null }))
        const left = mergeEdits(edits, back, new Set(sent))
        expect(pathsOf(left)).toEqual(pathsOf(edits).filter((path) => sent.includes(path as 'title')))
        for (const { base, mine } of left) expect(mine).toEqual(base)
      }),
      runs,
    )
  })
})

describe('a pre-read', () => {
  test('lets go only what nobody else has changed, and loses nothing', { timeout }, () => {
    fc.assert(
      fc.property(someFields, round, round, (start, set, foreign) => {
        const edits = mergeEdits([], editsOf(start, set))
        const theirs = applied(start, editsOf(start, foreign))
        const plan = planSend(edits, recordOf(theirs))
        for (const { path, base, mine } of plan.send) {
          expect(theirs[path as keyof Fields]).toEqual(base)
          expect(plan.preImage[path]).toEqual(base)
          expect(mine).not.toEqual(base)
        }
        for (const path of plan.converged) {
          expect(theirs[path as keyof Fields]).toEqual(edits.find((one) => one.path === path)?.mine)
        }
        for (const { path, base, theirs: now, mine } of plan.conflicts) {
          expect(now).toEqual(theirs[path as keyof Fields])
          expect(now).not.toEqual(base)
          expect(now).not.toEqual(mine)
        }
        const everywhere = [...plan.send, ...plan.conflicts, ...plan.converged.map((path) => ({ path }))]
        expect(pathsOf(everywhere)).toEqual(pathsOf(edits))
        // What others changed and we did not is as they left it.
        const sent = applied(theirs, plan.send)
        for (const path of paths) {
          if (!plan.send.some((one) => one.path === path)) expect(sent[path]).toEqual(theirs[path])
        }
      }),
      runs,
    )
  })

  test('finds no conflict in what a person has just decided on', { timeout }, () => {
    fc.assert(
      fc.property(
        someFields,
        round,
        round,
        fc.array(value, { minLength: 3, maxLength: 3 }),
        (start, set, foreign, wanted) => {
          const edits = mergeEdits([], editsOf(start, set))
          const theirs = applied(start, editsOf(start, foreign))
          const plan = planSend(edits, recordOf(theirs))
          const choices = plan.conflicts.map((one, at) => ({
            path: one.path,
            theirs: one.theirs,
            value: wanted[at] ?? one.theirs,
          }))
          const decided = planSend(resolveEdits(edits, choices), recordOf(theirs))
          expect(decided.conflicts).toEqual([])
          const end = applied(theirs, decided.send)
          for (const choice of choices) expect(end[choice.path as keyof Fields]).toEqual(choice.value)
          // Changed once more by somebody else, it is asked once more.
          for (const choice of choices) {
            const moved = { ...theirs, [choice.path]: 'later' }
            if (choice.value === choice.theirs) continue
            expect(pathsOf(planSend(resolveEdits(edits, choices), recordOf(moved)).conflicts)).toContain(
              choice.path,
            )
          }
        },
      ),
      runs,
    )
  })
})

describe('a change behind one that is being sent', () => {
  test('ends at what was typed last, whatever becomes of the first', { timeout }, () => {
    fc.assert(
      fc.property(someFields, round, round, fc.boolean(), (start, one, two, landed) => {
        const [ahead = [], typed = []] = saved(start, [one, two])
        const sending = mergeEdits([], ahead)
        const behind = editsBehind(sending, typed)
        const end = applied(applied(start, sending), typed)
        if (landed) {
          const now = applied(start, sending)
          const plan = planSend(mergeEdits([], behind), recordOf(now))
          expect(plan.conflicts).toEqual([])
          expect(applied(now, plan.send)).toEqual(end)
        } else {
          // It joins the first, of which a request has been on its way.
          const joined = mergeEdits(sending, behind, new Set(pathsOf(sending)))
          const plan = planSend(joined, recordOf(start))
          expect(plan.conflicts).toEqual([])
          expect(applied(start, plan.send)).toEqual(end)
        }
      }),
      runs,
    )
  })

  test('takes over the server’s spelling of the first as its base', { timeout }, () => {
    fc.assert(
      fc.property(someFields, round, round, (start, one, two) => {
        const [ahead = [], typed = []] = saved(start, [one, two])
        const spelt = Object.fromEntries(
          ahead.map(({ path, mine }) => [path, mine === null ? null : `${mine}!`]),
        )
        const now = applied(start, editsOf(start, spelt))
        const behind = rebase(editsBehind(ahead, typed), ahead, spelt)
        for (const { path, base } of behind) {
          const written = ahead.some((edit) => edit.path === path)
          expect(base).toEqual(written ? now[path as keyof Fields] : start[path as keyof Fields])
        }
        expect(planSend(mergeEdits([], behind), recordOf(now)).conflicts).toEqual([])
      }),
      runs,
    )
  })
})
