import { create } from 'zustand'
import type { UpdatesState } from '../../shared/ipc/contract'
import { ask, gungnir } from './bridge'
import { sayError, tell } from './messages'

/** How far it is with a newer version; nothing before it was asked. */
export const useUpdates = create<{ readonly state: UpdatesState | undefined }>(() => ({ state: undefined }))

const take = (state: UpdatesState): void => useUpdates.setState({ state })

/** What was found by itself is told once. */
export function listenForUpdates(): void {
  let told: string | undefined
  gungnir.events.updatesChanged((state) => {
    take(state)
    if (state.step !== 'offered' || state.offered === told) return
    told = state.offered
    tell(`Gungnir ${state.offered} is here: Help › Check for updates.`)
  })
}

async function doing(work: Promise<UpdatesState>): Promise<void> {
  try {
    take(await work)
  } catch (error) {
    sayError(error)
  }
}

/** Shows what is known, and looks anew unless something is under way. */
export const lookForUpdates = (): Promise<void> => doing(ask(gungnir.updates.check()))
export const fetchUpdate = (): Promise<void> => doing(ask(gungnir.updates.download()))

/** How many changes wait, when that has to be agreed to first. */
export async function installUpdate(restart: boolean, waiting?: number): Promise<number | undefined> {
  try {
    const answer = await ask(
      gungnir.updates.install({ restart, ...(waiting === undefined ? {} : { waiting }) }),
    )
    return answer.agreed ? undefined : answer.waiting
  } catch (error) {
    sayError(error)
    return undefined
  }
}
