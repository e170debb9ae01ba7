import type { Dialog } from 'electron'

/** Says what a start waits for, as long as it does: nothing else is on the screen yet. Returns how to stop. */
export function sayWaiting(
  dialog: Pick<Dialog, 'showMessageBox'>,
  why: string,
  quit: () => void,
): () => void {
  const box = new AbortController()
  void dialog
    .showMessageBox({
      type: 'info',
      message: why,
      detail: 'It may be a back-up or a search for viruses. Nothing is lost.',
      buttons: ['Wait', 'Quit'],
      defaultId: 0,
      // Also what is chosen when it is over.
      cancelId: 0,
      signal: box.signal,
    })
    .then(({ response }) => {
      if (response === 1) quit()
    })
  return () => box.abort()
}
