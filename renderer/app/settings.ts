import { create } from 'zustand'
import type { Json } from '../../shared/json'
import { ask, gungnir } from './bridge'

interface Settings {
  readonly values: Readonly<Record<string, Json>>
}

/** What a person arranged and the app remembers. Read once at the start; written a moment after each change. */
export const useSettings = create<Settings>(() => ({ values: {} }))

const writing = new Map<string, ReturnType<typeof setTimeout>>()
const pause = 300

/** Reads what was remembered. Without it the app starts as if new: nothing in it is needed to work. */
export async function loadSettings(): Promise<void> {
  const values = await ask(gungnir.settings.get()).catch(() => ({}))
  useSettings.setState({ values })
}

export function setSetting(key: string, value: Json): void {
  useSettings.setState(({ values }) => ({ values: { ...values, [key]: value } }))
  clearTimeout(writing.get(key))
  writing.set(
    key,
    setTimeout(() => void gungnir.settings.set({ key, value }), pause),
  )
}

/** One remembered value as the given reader understands it. */
export function setting<T>(key: string, read: (stored: unknown) => T): T {
  return read(useSettings.getState().values[key])
}

/** The same in a component, drawn again when it changes. The reader has to return equal things for equal input. */
export const useStored = (key: string): Json | undefined => useSettings((state) => state.values[key])
