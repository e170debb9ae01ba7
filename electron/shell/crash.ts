import type { App, BrowserWindow, Dialog } from 'electron'
import type { Log } from '../platform/ports'

const safe = 'Changes you saved are in the outbox on this computer and are not lost.'

/**
 * Nothing fails silently: what nobody caught is logged without secrets and told. A fault in the main process
 * offers a restart, because its state can no longer be trusted; a page that stopped offers to load again. Returns
 * the way to report a fault that was caught but leaves the app without its parts.
 */
export function tellCrashes(deps: {
  process: {
    on(event: 'uncaughtException' | 'unhandledRejection', listener: (cause: unknown) => void): unknown
  }
  app: Pick<App, 'on' | 'relaunch' | 'exit' | 'isReady'>
  dialog: Pick<Dialog, 'showMessageBox' | 'showErrorBox'>
  log: Log
}): (cause: unknown) => void {
  const { process, app, dialog, log } = deps
  let telling = false

  const fail = (cause: unknown): void => {
    log.error('crash.main', { cause })
    void offerRestart()
  }
  process.on('uncaughtException', fail)
  // A rejected promise that nobody waited for leaves the rest intact.
  process.on('unhandledRejection', (cause) => log.error('crash.rejection', { cause }))
  app.on('child-process-gone', (_event, { type, reason, exitCode }) =>
    log.error('crash.child', { type, reason, exitCode }),
  )

  async function offerRestart(): Promise<void> {
    if (telling) return
    telling = true
    if (!app.isReady()) {
      dialog.showErrorBox('Gungnir could not start', `The log in the profile folder says why. ${safe}`)
      app.exit(1)
      return
    }
    const { response } = await dialog.showMessageBox({
      type: 'error',
      message: 'Gungnir met an error that it cannot recover from.',
      detail: safe,
      buttons: ['Restart', 'Quit'],
      defaultId: 0,
      cancelId: 0,
    })
    if (response === 0) app.relaunch()
    app.exit(1)
  }

  return fail
}

/** Offers to load the page again when its process is gone, and waits with a page that does not answer. */
export function watchPage(deps: {
  window: BrowserWindow
  app: Pick<App, 'quit'>
  dialog: Pick<Dialog, 'showMessageBox' | 'showMessageBoxSync'>
  log: Log
}): void {
  const { window, app, dialog, log } = deps
  let asking = false

  // The page says so by `beforeunload` while something typed is not saved.
  window.webContents.on('will-prevent-unload', (event) => {
    const choice = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'Close without saving what you typed?',
      detail: 'Changes already in the outbox are kept.',
      buttons: ['Go back', 'Close'],
      defaultId: 0,
      cancelId: 0,
    })
    if (choice === 1) event.preventDefault()
  })

  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log.error('crash.page', { reason, exitCode })
    void offerReload()
  })
  window.on('unresponsive', () => log.warn('page.unresponsive'))
  window.webContents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
    if (isMainFrame) log.error('page.not-loaded', { code, description })
  })
  window.webContents.on('preload-error', (_event, _path, cause) => log.error('page.preload', { cause }))

  async function offerReload(): Promise<void> {
    if (asking || window.isDestroyed()) return
    asking = true
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message: 'The window stopped working.',
      detail: `${safe} What was typed and not saved is gone.`,
      buttons: ['Load again', 'Quit'],
      defaultId: 0,
      cancelId: 0,
    })
    asking = false
    if (response !== 0) app.quit()
    else if (!window.isDestroyed()) window.webContents.reload()
  }
}
