import { expect, test } from 'vitest'
import { editKey, revertChanges } from '../../../../renderer/features/history/plan'
import type { RevertPlanView } from '../../../../shared/history/shapes'

const user = { serviceProviderId: 'sp', groupId: 'g', userId: 'ana@x' }
const plan: RevertPlanView = {
  changes: [
    {
      user,
      userName: 'Ana',
      edits: [
        { path: 'extension', base: '1235', mine: '1234' },
        { path: 'title', base: 'Clerk', mine: null },
      ],
      reverts: ['h1'],
    },
  ],
  leftOut: [],
}

test('a plan is saved without what was taken out of it, and linked to what it puts back', () => {
  expect(revertChanges(plan, new Set())).toEqual([{ user, edits: plan.changes[0]?.edits, reverts: ['h1'] }])
  const title = editKey(plan.changes[0] as RevertPlanView['changes'][number], 'title')
  const extension = editKey(plan.changes[0] as RevertPlanView['changes'][number], 'extension')
  expect(revertChanges(plan, new Set([title]))[0]?.edits.map(({ path }) => path)).toEqual(['extension'])
  expect(revertChanges(plan, new Set([title, extension]))).toEqual([])
})
