import type { App, Dialog } from 'electron'

/**
 * Ends the app with 1 before it has done anything: told to a person in a dialog, and to whoever started it from a terminal.
 *
 * @param why the reason, and what to do, in words
 */
export function refuseStart(
  {
    app,
    dialog,
    say = console.error,
  }: {
    app: Pick<App, 'whenReady' | 'exit'>
    dialog: Pick<Dialog, 'showErrorBox'>
    say?: (line: string) => void
  },
  why: string,
): void {
  const title = 'Gungnir could not start'
  // Before the app is ready there is no dialog on Linux.
  void app.whenReady().then(() => {
    say(`${title}: ${why}`)
    dialog.showErrorBox(title, why)
    app.exit(1)
  })
}
