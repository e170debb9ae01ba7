import type { BrowserWindow, BrowserWindowConstructorOptions, Screen } from 'electron'
import { pageUrl } from './protocol'
import { choosePlace, type Place, readPlace, smallest, writePlace } from './window-place'

/** What stands behind the page until it has painted: the page's own background, so that nothing flashes. */
export const backgrounds = { light: '#ffffff', dark: '#17181a' }

/** How the window is made. Every security option is named, also where it is the default today. */
export function windowOptions(place: Place, dark: boolean, preload: string): BrowserWindowConstructorOptions {
  return {
    x: place.x,
    y: place.y,
    width: place.width,
    height: place.height,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Gungnir',
    backgroundColor: dark ? backgrounds.dark : backgrounds.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
    },
  }
}

const settleMs = 400

/** Opens the one window where it was last, and shows it when it has something to show. */
export function openWindow(deps: {
  BrowserWindow: new (options: BrowserWindowConstructorOptions) => BrowserWindow
  screen: Pick<Screen, 'getAllDisplays' | 'getPrimaryDisplay'>
  dark: boolean
  preload: string
  placeFile: string
}): BrowserWindow {
  const { screen, dark, preload, placeFile } = deps
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id)
  const place = choosePlace(
    readPlace(placeFile),
    [primary, ...others].map(({ workArea }) => workArea),
  )
  const window = new deps.BrowserWindow(windowOptions(place, dark, preload))

  window.once('ready-to-show', () => {
    if (place.maximized) window.maximize()
    window.show()
  })
  rememberPlace(window, placeFile)
  void window.loadURL(pageUrl).catch(() => {
    // `did-fail-load` and the crash story tell it.
  })
  return window
}

function rememberPlace(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined
  const write = (): void => {
    clearTimeout(timer)
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return
    // The bounds to return to when it is no longer maximized.
    writePlace(file, { ...window.getNormalBounds(), maximized: window.isMaximized() })
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(write, settleMs)
  }
  window.on('resize', soon)
  window.on('move', soon)
  window.on('maximize', soon)
  window.on('unmaximize', soon)
  window.on('close', write)
}
