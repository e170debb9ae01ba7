import { create } from 'zustand'
import type { UnsentPlan, UnsentResult } from '../../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { say, sayError } from '../../kernel/messages'
import { counted } from '../../ui/words'
import { outboxSource } from './store'

interface Importing {
  /** What the file would do; nothing when none is open. */
  readonly plan: UnsentPlan | undefined
  /** Changes, by their place in the file, that a person took out. */
  readonly without: ReadonlySet<number>
  /** Fields, by `fieldKey`, whose value in the file is to take the place of what waits here. */
  readonly take: ReadonlySet<string>
  readonly busy: boolean
  readonly error: Refused | undefined
  /** What has become of it, where not all of it was saved. */
  readonly result: UnsentResult | undefined
}

const closed: Importing = {
  plan: undefined,
  without: new Set(),
  take: new Set(),
  busy: false,
  error: undefined,
  result: undefined,
}

export const useImporting = create<Importing>(() => closed)

/** Names one field of one change of the file. */
export const fieldKey = (at: number, path: string): string => JSON.stringify([at, path])

/** Opens a file of unsent changes as a plan: nothing is saved yet. */
export async function importUnsent(): Promise<void> {
  try {
    const plan = await ask(gungnir.outbox.import())
    if (plan !== undefined) showPlan(plan)
  } catch (error) {
    sayError(error)
  }
}

/** Shows a plan that was opened elsewhere. */
export const showPlan = (plan: UnsentPlan): void => useImporting.setState({ ...closed, plan })

export function closeImport(): void {
  const { plan, busy, result } = useImporting.getState()
  if (busy) return
  useImporting.setState(closed)
  if (plan !== undefined && result === undefined) void gungnir.outbox.importCancel(plan.id)
}

const toggled = <T>(set: ReadonlySet<T>, one: T, on: boolean): ReadonlySet<T> => {
  const next = new Set(set)
  if (on) next.add(one)
  else next.delete(one)
  return next
}

export const wantChange = (at: number, wanted: boolean): void =>
  useImporting.setState(({ without }) => ({ without: toggled(without, at, !wanted) }))

export const takeField = (key: string, fromFile: boolean): void =>
  useImporting.setState(({ take }) => ({ take: toggled(take, key, fromFile) }))

/** How many changes would be saved: those that are left, with at least one field of which nothing else is kept. */
export function changesToSave({ plan, without, take }: Pick<Importing, 'plan' | 'without' | 'take'>): number {
  if (plan === undefined) return 0
  const goes = ({ at, edits }: UnsentPlan['first'][number]) =>
    !without.has(at) && edits.some(({ path, here }) => here === undefined || take.has(fieldKey(at, path)))
  // Those that are not listed go as they are, except where something waits here: nobody has seen both.
  const unlisted = plan.changes - plan.first.length
  return plan.first.filter(goes).length + unlisted
}

export async function saveImport(): Promise<void> {
  const { plan, without, take, busy } = useImporting.getState()
  if (plan === undefined || busy) return
  useImporting.setState({ busy: true, error: undefined })
  try {
    const result = await ask(
      gungnir.outbox.importSave({
        id: plan.id,
        without: [...without],
        take: plan.first.flatMap(({ at, edits }) =>
          edits.flatMap(({ path }) => (take.has(fieldKey(at, path)) ? [{ at, path }] : [])),
        ),
      }),
    )
    if (result.leftOut === 0 && result.stopped === undefined) {
      useImporting.setState(closed)
      say(`Imported ${counted(result.saved, 'change')}. ${result.message}`)
    } else useImporting.setState({ busy: false, result })
    await outboxSource.reload('here')
  } catch (error) {
    useImporting.setState({ busy: false, error: refusal(error) })
  }
}
