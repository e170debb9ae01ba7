import type { GungnirBridge } from '../../shared/ipc/bridge'
import { camelName } from '../../shared/ipc/bridge'
import { channels, eventNames } from '../../shared/ipc/channels'

/** What is used of Electron's ipcRenderer. */
export interface IpcRendererLike {
  invoke(channel: string, input: unknown): Promise<unknown>
  on(channel: string, listener: (event: unknown, payload: unknown) => void): unknown
  off(channel: string, listener: (event: unknown, payload: unknown) => void): unknown
}

/** Builds `window.gungnir`: named functions only. The page gets no event object and no way to name a channel. */
export function bridgeOver(ipc: IpcRendererLike): GungnirBridge {
  const bridge: Record<string, Record<string, unknown>> = { events: {} }
  for (const channel of channels) {
    const [feature, name] = channel.split('.') as [string, string]
    bridge[feature] ??= {}
    bridge[feature][name] = (input: unknown) => ipc.invoke(channel, input)
  }
  for (const event of eventNames) {
    const subscribe = (listener: (payload: unknown) => void): (() => void) => {
      const relay = (_event: unknown, payload: unknown): void => listener(payload)
      ipc.on(event, relay)
      return () => {
        ipc.off(event, relay)
      }
    }
    ;(bridge.events as Record<string, unknown>)[camelName(event)] = subscribe
  }
  return bridge as unknown as GungnirBridge
}
