import { create } from 'zustand'
import type { ConnectionsPlan } from '../../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from '../../kernel/bridge'
import { say, sayError } from '../../kernel/messages'
import { sayWritten } from '../../kernel/written'
import { counted } from '../../ui/words'
import { listConnections } from './store'

interface Importing {
  /** What the file would bring; nothing when none is open. */
  readonly plan: ConnectionsPlan | undefined
  /** The chosen ones, by their places in the file. */
  readonly take: ReadonlySet<number>
  readonly busy: boolean
  readonly error: Refused | undefined
}

const closed: Importing = { plan: undefined, take: new Set(), busy: false, error: undefined }

export const useImporting = create<Importing>(() => closed)

export async function exportConnections(): Promise<void> {
  try {
    const { path, connections } = await ask(gungnir.connections.export())
    if (path !== undefined)
      sayWritten(`Exported ${counted(connections, 'connection')} without passwords to ${path}.`, path)
  } catch (error) {
    sayError(error)
  }
}

/** Opens a file as a plan: nothing is kept yet. */
export async function importConnections(): Promise<void> {
  try {
    const plan = await ask(gungnir.connections.import())
    if (plan === undefined) return
    const take = plan.connections.flatMap(({ why }, place) => (why === undefined ? [place] : []))
    useImporting.setState({ ...closed, plan, take: new Set(take) })
  } catch (error) {
    sayError(error)
  }
}

export const closeImport = (): void => useImporting.setState(closed)

export const choose = (place: number, on: boolean): void =>
  useImporting.setState(({ take }) => {
    const next = new Set(take)
    if (on) next.add(place)
    else next.delete(place)
    return { take: next }
  })

export async function takeIn(): Promise<void> {
  const { plan, take, busy } = useImporting.getState()
  if (plan === undefined || busy) return
  useImporting.setState({ busy: true, error: undefined })
  try {
    const added = await ask(gungnir.connections.importSave({ id: plan.id, take: [...take] }))
    await listConnections()
    useImporting.setState(closed)
    say(`${counted(added, 'connection')} imported. Passwords are typed once when you connect.`)
  } catch (error) {
    useImporting.setState({ busy: false, error: refusal(error) })
  }
}
