import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  net,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
} from 'electron'
import { startDemoWorker } from './demo/start'
import { createEmitter, openDoor } from './ipc/door'
import { buildParts, type Parts } from './parts'
import { systemClock } from './platform/clock'
import { createHttp } from './platform/http'
import { loadKeytar, openKeychain } from './platform/keychain'
import { openLog } from './platform/log'
import { watchNetwork } from './platform/network'
import { proxyResolver } from './platform/proxy'
import { systemRandom } from './platform/random'
import { tellCrashes, watchPage } from './shell/crash'
import { chooseCaFile, openWithDialog, readSmallText } from './shell/files'
import { beTheOnly } from './shell/instance'
import { lockApp, lockSession } from './shell/lockdown'
import { menuTemplate } from './shell/menu'
import { notifyUnseen } from './shell/notify'
import { isOurPage, registerAppScheme, serveRenderer } from './shell/protocol'
import { guardQuit, quitQuestion } from './shell/quit'
import { saveWithDialog } from './shell/save-dialog'
import { openStorage } from './shell/storage'
import { applyTheme, asTheme, followTheme } from './shell/theme'
import { openWindow } from './shell/window'

// --- before the app is ready -------------------------------------------------------------------------------

registerAppScheme(protocol)

const clock = systemClock()
const random = systemRandom(clock)
const profile = app.getPath('userData')
const log = openLog({ directory: join(profile, 'logs'), clock })
const fail = tellCrashes({ process, app, dialog, log })

let window: BrowserWindow | undefined
if (beTheOnly(app, () => window)) void app.whenReady().then(start)
else app.quit()

/** A file of the build, which may lie inside the archive of an installed app. */
function inApp(...path: string[]): string {
  return join(app.getAppPath(), 'out', ...path)
}

// --- the shell ---------------------------------------------------------------------------------------------

function start(): void {
  log.info('start', {
    version: app.getVersion(),
    electron: process.versions.electron,
    platform: process.platform,
  })
  lockApp(app, shell, log)
  lockSession(session.defaultSession, log)
  protocol.handle('app', serveRenderer(inApp('renderer')))

  // The window loads its page while the keychain and the database are being opened.
  const parts = build()
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
  parts.then((built) => built.start()).catch(fail)
}

function openMain(): void {
  const opened = openWindow({
    BrowserWindow,
    screen,
    dark: nativeTheme.shouldUseDarkColors,
    preload: inApp('preload', 'preload.cjs'),
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

async function build(): Promise<Parts> {
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
  const keychain = await openKeychain({ load: loadKeytar, clock, random, log })
  const file = join(profile, 'gungnir.db')
  const storage = await openStorage({ file, keychain, random, clock, log, hideSecret: log.hide })
  const parts = buildParts({
    clock,
    random,
    log,
    keychain,
    storage,
    emit,
    http: createHttp({ log, resolveProxy: proxyResolver(session.defaultSession) }),
    network: watchNetwork({ net, powerMonitor, clock }),
    startDemo: (options) => startDemoWorker(inApp('main', 'demo-worker.js'), options),
    chooseCaFile: () => chooseCaFile(dialog, window),
    readCaFile: readSmallText,
    notify: (text) =>
      notifyUnseen({ Notification, window, text, onClick: () => emit('command', 'page:outbox') }),
    openFile: (request) => openWithDialog(dialog, window, request),
    relaunch: () => {
      app.relaunch()
      app.quit()
    },
    saveFile: (suggestion) => saveWithDialog(dialog, window, app.getPath('documents'), suggestion),
    applyTheme: (theme) => applyTheme(nativeTheme, asTheme(theme)),
    info: {
      version: app.getVersion(),
      platform: process.platform,
      electron: process.versions.electron ?? '',
    },
  })
  log.info('ready', { ms: Math.round(performance.now()), volatile: storage.store.volatile })
  return parts
}
