import type { App, BrowserWindow } from 'electron'

/**
 * One Gungnir per profile folder: two would hold one outbox. Returns false in a second one, which must quit; the
 * first then comes to the front.
 */
export function beTheOnly(
  app: Pick<App, 'requestSingleInstanceLock' | 'on'>,
  window: () => BrowserWindow | undefined,
): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', () => {
    const open = window()
    if (!open || open.isDestroyed()) return
    if (open.isMinimized()) open.restore()
    open.show()
    open.focus()
  })
  return true
}
