import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app, BrowserWindow, dialog, ipcMain, nativeTheme, protocol, screen, session, shell } from 'electron'
import { listenToPage } from './ipc/listen'
import { systemClock } from './platform/clock'
import { counting, loadKeytar, openKeychain } from './platform/keychain'
import { openLog } from './platform/log'
import type { Cancel } from './platform/ports'
import { systemRandom } from './platform/random'
import { tellCrashes, watchPage } from './shell/crash'
import { beTheOnly } from './shell/instance'
import { cutOff, lockApp, lockSession, quietSwitches } from './shell/lockdown'
import { whyNotWritable } from './shell/profile'
import { registerAppScheme, serveRenderer } from './shell/protocol'
import { guardQuit, quitQuestion } from './shell/quit'
import { refuseStart } from './shell/refuse-start'
import { changedFiles, whyChanged } from './shell/seal'
import { refusedSwitches, whyRefused } from './shell/switches'
import { followTheme } from './shell/theme'
import { openWindow } from './shell/window'

// What is imported here delays the window; everything behind it is in `desktop`, which loads beside it.

// --- before the app is ready -------------------------------------------------------------------------------

registerAppScheme(protocol)
quietSwitches(app.commandLine)

const clock = systemClock()
const profile = app.getPath('userData')
const log = openLog({ directory: join(profile, 'logs'), clock })
const fail = tellCrashes({ process, app, dialog, log })

/** When nothing is asked for: the app has work to do without a page too. */
const pageTakesMs = 2000
/** Scripts are asked for in one go, and what they were compiled to when they were last run a moment later. */
const givenAfterMs = 25

const refused = app.isPackaged
  ? refusedSwitches(process.argv.slice(1), { platform: process.platform, more: alsoAllowed() })
  : []
// Before Chromium looks for them: what they ask for is not opened while a person reads why.
for (const name of refused) app.commandLine.removeSwitch(name)

let window: BrowserWindow | undefined
const why = refused.length > 0 ? whyRefused(refused) : whyNotWritable(profile)
if (why !== undefined) refuseStart({ app, dialog }, why)
else if (beTheOnly(app, () => window)) void app.whenReady().then(start)
else app.quit()

function alsoAllowed(): string[] {
  return [
    // Chromium does not run its sandbox for root.
    ...(process.platform === 'linux' && process.getuid?.() === 0 ? ['no-sandbox'] : []),
    // A copy of the app that tests drive, and say so by a file beside the archive: no package has one.
    ...(existsSync(join(process.resourcesPath, 'driven-by-tests')) ? ['remote-debugging-port'] : []),
  ]
}

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
  void cutOff(session.defaultSession)
  // The system takes its time: asked first, it has answered when the answer is needed.
  const random = systemRandom(clock)
  let calls: ReturnType<typeof counting> | undefined
  const load = async () => {
    calls = counting(await loadKeytar())
    return calls
  }
  const keychain = openKeychain({ load, clock, random, log })
  const serve = serveRenderer(inApp('renderer'))
  // The page first: while the rest of the app is read, this process gives out no files.
  const pageGiven = new Promise<void>((resolve) => {
    let rest: Cancel = clock.after(pageTakesMs, resolve)
    // Deprecated, but `protocol.handle` makes Node load its Request and Response before the page gets anything: 40 ms of a start.
    protocol.registerBufferProtocol('app', async (request, give) => {
      give(await serve(request))
      if (request.url.endsWith('.js')) {
        rest()
        rest = clock.after(givenAfterMs, resolve)
      }
    })
  })
  openMain()
  const desktop = Promise.all([pageGiven, asPacked()])
    .then(() => import('./desktop'))
    .then(({ assemble }) => assemble({ clock, random, log, keychain, profile, inApp, window: () => window }))
  listenToPage(
    ipcMain,
    desktop.then(({ answerer }) => answerer),
  )
  app.on('activate', () => {
    if (!window) openMain()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  guardQuit({
    app,
    exit() {
      // An ordinary end would wait for the keychain.
      if ((calls?.waiting() ?? 0) > 0) process.kill(process.pid, 'SIGKILL')
      app.exit(0)
    },
    drain: async () => (await (await desktop).built).close(),
    askToWait: async () => (await dialog.showMessageBox(quitQuestion)).response === 0,
    after: clock.after,
    log,
  })
  desktop.then(({ started }) => started).catch(fail)
}

/** Stays open for ever in a program that was changed: its data is not opened while a person reads why. */
async function asPacked(): Promise<void> {
  // Elsewhere the runtime itself checks the archive.
  if (!app.isPackaged || process.platform !== 'linux') return
  const changed = await changedFiles(process.resourcesPath, async (path) => {
    // Electron's own `fs` shows an archive as a folder.
    const { promises } = await import('original-fs')
    return await promises.readFile(path)
  })
  if (changed.length === 0) return
  log.error('start.changed', { files: changed.join(', ') })
  refuseStart({ app, dialog }, whyChanged(changed))
  await new Promise(() => {})
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
