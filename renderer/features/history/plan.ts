import type { RevertPlanView } from '../../../shared/history/shapes'
import type { SaveInput } from '../../../shared/ipc/contract'

type Change = RevertPlanView['changes'][number]

/** Names one field of one user in a plan. */
export const editKey = (change: Change, path: string): string => JSON.stringify([change.user.userId, path])

/** What would be saved: the plan less the fields (by `editKey`) that were taken out of it. */
export function revertChanges(plan: RevertPlanView, without: ReadonlySet<string>): SaveInput['changes'] {
  return plan.changes.flatMap((change) => {
    const edits = change.edits.filter(({ path }) => !without.has(editKey(change, path)))
    return edits.length === 0 ? [] : [{ user: change.user, edits, reverts: change.reverts }]
  })
}
