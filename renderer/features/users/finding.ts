import { create } from 'zustand'
import type { FoundOnServer } from '../../../shared/ipc/contract'
import { onServer } from '../../../shared/query/on-server'
import { ask, gungnir } from '../../kernel/bridge'
import { identityNow, useStatus } from '../../kernel/status'
import { refreshView, usersGrid, usersSource, useUsers } from './store'

interface FindingStore {
  /** The search that the server is asked for. */
  readonly running: string | undefined
  /** What came of the last one. */
  readonly outcome:
    | { readonly search: string; readonly found?: FoundOnServer; readonly error?: unknown }
    | undefined
}

export const useFinding = create<FindingStore>(() => ({ running: undefined, outcome: undefined }))

/** Whether the server may know more than the list about what was typed. */
export const isOffered = (search: string): boolean =>
  search.trim() !== '' &&
  useUsers.getState().completeness?.partial === true &&
  useStatus.getState().status?.mayAsk === true

/** Asks the server for what is in the box; who is found joins the list. */
export async function findOnServer(): Promise<void> {
  const { search, scope } = useUsers.getState().query
  if (useFinding.getState().running === search) return
  useFinding.setState({ running: search, outcome: undefined })
  const as = identityNow()
  const outcome = await ask(gungnir.users.find({ query: { search, scope }, ...(as && { as }) })).then(
    (found) => ({ search, found }),
    (error: unknown) => ({ search, error }),
  )
  // Something else is looked for by now, or on another server.
  if (useFinding.getState().running !== search || JSON.stringify(identityNow()) !== JSON.stringify(as)) return
  await refreshView()
  useFinding.setState({ running: undefined, outcome })
}

/** Resolves when the list shows what is in the box; false when that is not what it will show. */
function listed(search: string): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      const typed = useUsers.getState().query.search
      if (usersSource.latest()?.search === search) end(true)
      else if (typed !== search || usersSource.error() !== undefined) end(false)
    }
    const end = (answer: boolean) => {
      stop()
      resolve(answer)
    }
    const stop = usersSource.subscribe(look)
    look()
  })
}

/** Enter in the box: into the list, or to the server when nobody in the list has it. */
export async function enterSearch(): Promise<void> {
  const { search } = useUsers.getState().query
  const asksServer =
    isOffered(search) && onServer(search) !== undefined && (await listed(search)) && usersSource.total() === 0
  if (asksServer) await findOnServer()
  else usersGrid.current?.goTo(0)
}
