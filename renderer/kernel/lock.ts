import { create } from 'zustand'
import type { LockState } from '../../shared/ipc/contract'
import { ask, gungnir, type Refused, refusal } from './bridge'

interface Lock extends LockState {
  readonly busy: boolean
  readonly error: Refused | undefined
}

/** Whether the window is locked. What it shows then comes from here alone. */
export const useLock = create<Lock>(() => ({ locked: false, busy: false, error: undefined }))

const take = (state: LockState): void => {
  useLock.setState({
    who: undefined,
    why: undefined,
    ...state,
    ...(state.locked ? {} : { error: undefined }),
  })
}

/** Resolves when the page may ask for what it shows: at once, unless the window was locked when the app last ran. */
export async function whenUnlocked(): Promise<void> {
  gungnir.events.lockChanged(take)
  await ask(gungnir.lock.state()).then(take, () => {})
  if (!useLock.getState().locked) return
  await new Promise<void>((resolve) => {
    const leave = useLock.subscribe(({ locked }) => {
      if (locked) return
      leave()
      resolve()
    })
  })
}

export async function unlock(password: string): Promise<boolean> {
  useLock.setState({ busy: true, error: undefined })
  try {
    take(await ask(gungnir.lock.open({ password })))
    return true
  } catch (error) {
    useLock.setState({ error: refusal(error) })
    return false
  } finally {
    useLock.setState({ busy: false })
  }
}
