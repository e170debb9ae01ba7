import type { BrowserWindow, Notification as DesktopNotification } from 'electron'

/** Says something on the desktop, unless the window is being looked at: there it is said on the screen. */
export function notifyUnseen(deps: {
  readonly Notification: typeof DesktopNotification
  readonly window: BrowserWindow | undefined
  readonly text: string
  readonly onClick: () => void
}): void {
  const { Notification, window, text, onClick } = deps
  if (window?.isFocused() || !Notification.isSupported()) return
  const notification = new Notification({ title: 'Gungnir', body: text.slice(0, 300), silent: true })
  notification.on('click', () => {
    if (window === undefined || window.isDestroyed()) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    onClick()
  })
  notification.show()
}

/** How far the sending has got, on the window's button in the taskbar or dock; nothing there when nothing is sent. */
export function showProgress(
  window: Pick<BrowserWindow, 'isDestroyed' | 'setProgressBar'> | undefined,
  sending: { readonly done: number; readonly of: number } | undefined,
): void {
  if (window === undefined || window.isDestroyed()) return
  window.setProgressBar(sending === undefined ? -1 : sending.done / sending.of)
}
