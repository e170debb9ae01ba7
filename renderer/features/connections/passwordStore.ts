import { create } from 'zustand'
import { ask, gungnir, Refused, refusal } from '../../kernel/bridge'
import { say } from '../../kernel/messages'
import { goTo } from '../../kernel/pages'
import { readStatus } from '../../kernel/status'
import { listConnections, useConnections } from './store'

interface Changing {
  /** The connection whose password is to be changed; nothing when no dialog is open. */
  readonly id: string | undefined
  readonly busy: boolean
  readonly error: Refused | undefined
}

const closed: Changing = { id: undefined, busy: false, error: undefined }

export const useChanging = create<Changing>(() => closed)

export const askForPassword = (id: string): void => useChanging.setState({ ...closed, id })
export const closePassword = (): void => useChanging.setState(closed)

/** Changes the password on the server and signs in with the new one. */
export async function changePassword(newPassword: string, oldPassword: string): Promise<void> {
  const { id, busy } = useChanging.getState()
  if (id === undefined || busy) return
  useChanging.setState({ busy: true, error: undefined })
  try {
    const old = oldPassword === '' ? {} : { oldPassword }
    const result = await ask(gungnir.connections.changePassword({ id, newPassword, ...old }))
    if (!result.ok) {
      const { cause: kind, message, next, raw } = result
      const said = { kind, message, ...(next ? { next } : {}), ...(raw ? { raw } : {}) }
      useChanging.setState({ busy: false, error: new Refused(said) })
      return
    }
    closePassword()
    useConnections.setState({ result: undefined })
    await Promise.all([listConnections(), readStatus()])
    say('Password changed. Signed in.')
    goTo('users')
  } catch (error) {
    useChanging.setState({ busy: false, error: refusal(error) })
  }
}
