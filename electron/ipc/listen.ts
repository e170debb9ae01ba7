import { channels } from '../../shared/ipc/channels'
import type { Channel, IpcAnswer } from '../../shared/ipc/contract'

/** What is read of Electron's IpcMainInvokeEvent. */
export interface Caller {
  readonly sender: { readonly id: number; readonly mainFrame: unknown }
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null
}

/** What is used of Electron's ipcMain. */
export interface IpcMainLike {
  handle(channel: string, listener: (event: Caller, ...args: unknown[]) => Promise<unknown>): void
}

/** Answers one call of the page, whoever asks. */
export type Answerer = (
  channel: Channel,
  caller: Caller,
  args: readonly unknown[],
) => Promise<IpcAnswer<unknown>>

/**
 * Listens to the page on every channel of the contract, and on no other. What answers may still be read from the disk: the
 * page may ask at once, and waits for it.
 */
export function listenToPage(ipcMain: IpcMainLike, answerer: Promise<Answerer>): void {
  // Told by whoever loads it.
  answerer.catch(() => {})
  for (const channel of channels) {
    ipcMain.handle(channel, async ({ sender, senderFrame }, ...args) =>
      (await answerer)(channel, { sender, senderFrame }, args),
    )
  }
}
