import { create } from 'zustand'
import type { PolicyView } from '../../shared/ipc/contract'
import { ask, gungnir } from './bridge'
import { sayError } from './messages'

const nothing: PolicyView = { settings: [], problems: [] }

/** What the organisation has set; it stays the same for as long as the app runs. */
export const usePolicy = create<{ readonly policy: PolicyView }>(() => ({ policy: nothing }))

export async function readPolicy(): Promise<void> {
  try {
    usePolicy.setState({ policy: await ask(gungnir.app.policy()) })
  } catch (error) {
    sayError(error)
  }
}
