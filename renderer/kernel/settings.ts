import { create } from 'zustand'
import type { Json } from '../../shared/json'
import { ask, gungnir } from './bridge'

interface Settings {
  readonly values: Readonly<Record<string, Json>>
}

/** What a person arranged and the app remembers. Read once at the start; written a moment after each change. */
export const useSettings = create<Settings>(() => ({ values: {} }))

const writing = new Map<string, { readonly timer: ReturnType<typeof setTimeout>; readonly value: Json }>()
const pause = 300

async function write(key: string): Promise<void> {
  const waits = writing.get(key)
  if (waits === undefined) return
  clearTimeout(waits.timer)
  writing.delete(key)
  await gungnir.settings.set({ key, value: waits.value })
}

/** Writes what was changed a moment ago, for what is about to look at it. */
export async function writeSettings(): Promise<void> {
  await Promise.all([...writing.keys()].map(write))
}

// Whoever closes the window right after typing loses nothing.
globalThis.addEventListener?.('pagehide', () => {
  void writeSettings()
})

/** Reads what was remembered. Without it the app starts as if new: nothing in it is needed to work. */
export async function loadSettings(): Promise<void> {
  const values = await ask(gungnir.settings.get()).catch(() => ({}))
  useSettings.setState({ values })
}

export function setSetting(key: string, value: Json): void {
  useSettings.setState(({ values }) => ({ values: { ...values, [key]: value } }))
  clearTimeout(writing.get(key)?.timer)
  writing.set(key, { value, timer: setTimeout(() => void write(key), pause) })
}

/** One remembered value as the given reader understands it. */
export function setting<T>(key: string, read: (stored: unknown) => T): T {
  return read(useSettings.getState().values[key])
}

/** The same in a component, drawn again when it changes. The reader has to return equal things for equal input. */
export const useStored = (key: string): Json | undefined => useSettings((state) => state.values[key])
