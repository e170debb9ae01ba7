import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  net,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
} from 'electron'
import type { Handlers } from '../shared/ipc/bridge'
import { settingsHandlers } from './features/settings/settings'
import { createEmitter, openDoor } from './ipc/door'
import { systemClock } from './platform/clock'
import { loadKeytar, openKeychain } from './platform/keychain'
import { openLog } from './platform/log'
import { watchNetwork } from './platform/network'
import { systemRandom } from './platform/random'
import { tellCrashes, watchPage } from './shell/crash'
import { beTheOnly } from './shell/instance'
import { lockApp, lockSession } from './shell/lockdown'
import { menuTemplate } from './shell/menu'
import { isOurPage, registerAppScheme, serveRenderer } from './shell/protocol'
import { guardQuit, quitQuestion } from './shell/quit'
import { openStorage } from './shell/storage'
import { applyTheme, asTheme, followTheme } from './shell/theme'
import { openWindow } from './shell/window'
import { settingsRepository } from './store/repositories/settings'

// --- before the app is ready -------------------------------------------------------------------------------

registerAppScheme(protocol)

const clock = systemClock()
const random = systemRandom(clock)
const profile = app.getPath('userData')
const log = openLog({ directory: join(profile, 'logs'), clock })
tellCrashes({ process, app, dialog, log })

let window: BrowserWindow | undefined
if (beTheOnly(app, () => window)) void app.whenReady().then(start)
else app.quit()

// --- the shell ---------------------------------------------------------------------------------------------

function start(): void {
  log.info('start', {
    version: app.getVersion(),
    electron: process.versions.electron,
    platform: process.platform,
  })
  lockApp(app, shell, log)
  lockSession(session.defaultSession, log)
  protocol.handle('app', serveRenderer(join(app.getAppPath(), 'out', 'renderer')))

  // The window loads its page while the keychain and the database are being opened.
  const parts = compose()
  openDoor({
    ipcMain,
    handlers: parts.then(({ handlers }) => handlers),
    isKnownWindow: (id) => window?.webContents.id === id,
    isOurPage,
    log,
  })
  openMain()
  app.on('activate', () => {
    if (!window) openMain()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  guardQuit({
    app,
    drain: async () => (await parts).close(),
    askToWait: async () => (await dialog.showMessageBox(quitQuestion)).response === 0,
    after: clock.after,
    log,
  })
}

function openMain(): void {
  const opened = openWindow({
    BrowserWindow,
    screen,
    dark: nativeTheme.shouldUseDarkColors,
    preload: join(app.getAppPath(), 'out', 'preload', 'preload.cjs'),
    placeFile: join(profile, 'window.json'),
  })
  window = opened
  opened.on('closed', () => {
    window = undefined
  })
  watchPage({ window: opened, app, dialog, log })
  followTheme(nativeTheme, opened)
}

// --- the parts ---------------------------------------------------------------------------------------------

async function compose(): Promise<{ handlers: Handlers; close: () => Promise<void> }> {
  const emit = createEmitter({ windows: () => (window ? [window.webContents] : []), log })
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        command: (name) => emit('command', name),
        openLogs: () => void shell.openPath(log.directory),
        developer: !app.isPackaged,
      }),
    ),
  )
  const network = watchNetwork({ net, powerMonitor, clock })
  const keychain = await openKeychain({ load: loadKeytar, clock, random, log })
  const { store, warning } = await openStorage({
    file: join(profile, 'gungnir.db'),
    keychain,
    random,
    clock,
    log,
    hideSecret: log.hide,
  })
  const settings = settingsRepository(store)
  applyTheme(nativeTheme, asTheme(settings.get('theme')))
  log.info('composed', { warning, ms: performance.now() })
  const handlers = {
    ...settingsHandlers({
      repository: settings,
      changed: (key, value) => {
        if (key === 'theme') applyTheme(nativeTheme, asTheme(value))
      },
    }),
  } as unknown as Handlers
  return {
    handlers,
    close: async () => {
      network.stop()
      store.close()
    },
  }
}
