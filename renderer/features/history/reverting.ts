import { create } from 'zustand'
import type { RevertPlanView } from '../../../shared/history/shapes'
import type { Identity, Input } from '../../../shared/ipc/contract'
import { nothingSelected } from '../../grid/selection'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { say, sayPromise } from '../../kernel/messages'
import { identityOrRefuse } from '../../kernel/status'
import { counted } from '../../ui/words'
import { allChosen } from './chosen'
import { revertChanges } from './plan'
import { batchOf, useHistory } from './store'

interface Reverting {
  /** The plan on screen; nothing when no dialog is open. */
  readonly plan: RevertPlanView | undefined
  /** The server and account it was made for. */
  readonly as: Identity | undefined
  /** Fields a person took out of it, as `editKey` names them. */
  readonly without: ReadonlySet<string>
  readonly reason: string
  readonly busy: boolean
  readonly error: Refused | undefined
}

const closed: Reverting = {
  plan: undefined,
  as: undefined,
  without: new Set(),
  reason: '',
  busy: false,
  error: undefined,
}

export const useReverting = create<Reverting>(() => closed)

/** Plans to put back this line, a change or a batch, or what is chosen in the grid, or the open one. */
export async function planRevert(id?: string): Promise<void> {
  try {
    const as = identityOrRefuse()
    const plan = await ask(gungnir.history.revertPlan({ as, ...meant(id) }))
    useReverting.setState({ ...closed, plan, as })
  } catch (error) {
    useReverting.setState({ ...closed, plan: { changes: [], leftOut: [] }, error: refusal(error) })
  }
}

type Saved = NonNullable<Extract<Input<'history.revertPlan'>, { outboxIds: string[] }>['saved']>

/**
 * Plans to put back what these outbox entries did.
 * @param saved what they were saved as: then also what of it has not arrived
 */
export async function planUndo(outboxIds: readonly string[], saved?: Saved): Promise<void> {
  const asked = { outboxIds: [...outboxIds], ...(saved === undefined ? {} : { saved }) }
  try {
    const as = identityOrRefuse()
    const plan = await ask(gungnir.history.revertPlan({ as, ...asked }))
    useReverting.setState({ ...closed, plan, as })
  } catch (error) {
    useReverting.setState({ ...closed, plan: { changes: [], leftOut: [] }, error: refusal(error) })
  }
}

/** The given line, else the chosen ones, else the open one. */
function meant(id: string | undefined): { ids: string[] } | { search: string; except?: string[] } {
  const { selection, search, open } = useHistory.getState()
  if (id === undefined) {
    if (selection.all) return allChosen(search, selection.except)
    if (selection.ids.size > 0) return { ids: [...selection.ids] }
  }
  const line = id ?? open
  const batch = line === undefined ? undefined : batchOf(line)
  if (batch !== undefined) return { search: `${search} batch:${batch}`.trim() }
  return { ids: line === undefined ? [] : [line] }
}

export const closeRevert = (): void => useReverting.setState(closed)

export function toggleEdit(key: string, wanted: boolean): void {
  const without = new Set(useReverting.getState().without)
  if (wanted) without.delete(key)
  else without.add(key)
  useReverting.setState({ without })
}

/** Sends the plan through the outbox, with all of its checks. */
export async function saveRevert(): Promise<void> {
  const { plan, as = identityOrRefuse(), without, reason, busy } = useReverting.getState()
  if (!plan || busy) return
  useReverting.setState({ busy: true, error: undefined })
  try {
    const changes = revertChanges(plan, without)
    const entries = [...new Set((plan.takenOut ?? []).map(({ entry }) => entry))]
    const given = reason.trim()
    if (entries.length > 0) {
      const gone = await ask(gungnir.outbox.discard(entries))
      const sent = entries.length - gone
      say(
        sent === 0
          ? 'Taken out again. Nothing of it was sent.'
          : `${counted(sent, 'change')} had been sent meanwhile, and ${sent === 1 ? 'stays' : 'stay'}.`,
      )
    }
    if (changes.length > 0) {
      const { message } = await ask(
        gungnir.outbox.save(given === '' ? { as, changes } : { as, changes, reason: given }),
      )
      sayPromise(message, as)
    }
    closeRevert()
    // What was chosen is done; "all" would grow by what puts it back.
    useHistory.setState({ selection: nothingSelected })
  } catch (error) {
    useReverting.setState({ busy: false, error: refusal(error) })
  }
}
