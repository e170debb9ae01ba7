import { readFile } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  Menu,
  Notification,
  nativeTheme,
  net,
  powerMonitor,
  session,
  shell,
} from 'electron'
import type { LockState, Status } from '../shared/ipc/contract'
import { type Composed, composeFeatures } from './composition'
import { startDemoWorker } from './demo/start'
import { askedWhileLocked, type IdleLock } from './features/lock/lock'
import { createEmitter, type Emit, openDoor } from './ipc/door'
import { createHush } from './ipc/hush'
import type { Answerer } from './ipc/listen'
import { lateHttp } from './platform/late-http'
import type { AppLog } from './platform/log'
import { giveBackMemory } from './platform/memory'
import { watchNetwork } from './platform/network'
import { policyOf } from './platform/policy/policy'
import { readPolicySources } from './platform/policy/read'
import type { Clock, Keychain, Random } from './platform/ports'
import { proxyFor, proxyResolver } from './platform/proxy'
import { createProxySignIns } from './platform/proxy-sign-in'
import { chooseCaFile, openWithDialog, readSmallText, readWithDialog } from './shell/files'
import { lockSession } from './shell/lockdown'
import { menuTemplate } from './shell/menu'
import { notifyUnseen, showProgress } from './shell/notify'
import { isOurPage } from './shell/protocol'
import { createRest, restMessage } from './shell/rest'
import { saveWithDialog } from './shell/save-dialog'
import { createSecretClipboard } from './shell/secret-clipboard'
import { openStorage } from './shell/storage'
import { applyTheme, asTheme } from './shell/theme'
import { createInstaller, ownFiles } from './shell/updater'
import { sayWaiting } from './shell/waiting'
import { rememberWritten } from './shell/written'

export interface DesktopDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: AppLog
  readonly keychain: Promise<Keychain>
  /** The folder of this person's data. */
  readonly profile: string
  /** A file of the build. */
  readonly inApp: (...path: string[]) => string
  readonly window: () => BrowserWindow | undefined
}

/**
 * Puts the app together on the machine that Electron offers. The page can be answered when this returns; what it asks waits for
 * the keychain and the database.
 */
export function assemble(deps: DesktopDeps): {
  readonly built: Promise<Composed>
  readonly started: Promise<void>
  readonly answerer: Answerer
} {
  const pages = () => {
    const open = deps.window()
    return open ? [open.webContents] : []
  }
  const { stir } = createRest({
    after: deps.clock.after,
    onRest: () => {
      for (const page of pages()) page.send(restMessage)
      giveBackMemory()
    },
    log: deps.log,
  })
  let composed: Composed | undefined
  const isLocked = (): boolean => composed?.lock.locked() === true
  const hush = createHush(
    createEmitter({ windows: pages, log: deps.log }),
    isLocked,
    new Set(['lock.changed']),
  )
  const built = build(deps, (name, payload) => {
    stir()
    if (name === 'status') showProgress(deps.window(), (payload as Status).outbox.sending)
    hush.emit(name, payload)
    if (name === 'lock.changed' && !(payload as LockState).locked) hush.release()
  }).then((app) => {
    composed = app
    return app
  })
  // Before anything can be asked: what is asked then waits for what is being started.
  const started = built.then((app) => app.start())
  const answer = openDoor({
    handlers: built.then(({ handlers }) => handlers),
    isKnownWindow: (id) => deps.window()?.webContents.id === id,
    isOurPage,
    refusal: (channel) => (isLocked() && !askedWhileLocked.has(channel) ? windowLocked : undefined),
    log: deps.log,
  })
  const answerer: Answerer = (...asked) => {
    stir()
    return answer(...asked)
  }
  return { built, started, answerer }
}

const windowLocked = {
  kind: 'locked',
  message: 'The window is locked.',
  next: 'Unlock it with your password.',
}

async function build(deps: DesktopDeps, emit: Emit): Promise<Composed> {
  const { clock, random, log, profile, inApp, window } = deps
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
  const reading = readPolicySources(
    process.platform,
    appId,
    app.isPackaged ? undefined : process.env.GUNGNIR_POLICY,
  )
  const keychain = await deps.keychain
  const policy = policyOf(await reading)
  const file = join(profile, 'gungnir.db')
  const storage = await openStorage({
    file,
    keychain,
    random,
    clock,
    log,
    hideSecret: log.hide,
    onWaiting: (why) => sayWaiting(dialog, why, () => app.exit(0)),
  })
  const own = ownFiles(process.platform, {
    isPackaged: app.isPackaged,
    program: process.execPath,
    env: process.env,
  })
  const secrets = createSecretClipboard({ clipboard, clock })
  const signIns = createProxySignIns({ keychain, hideSecret: log.hide })
  const composed = composeFeatures({
    asksWhatToLoad: true,
    clock,
    // The system's monotonic clock counts from the start of the process.
    startedMono: 0,
    random,
    log,
    keychain,
    proxySignIns: signIns,
    storage,
    policy,
    emit,
    http: lateHttp({
      load: async () => {
        const { createHttp } = await import('./platform/http')
        // The page's own session is cut off from every network; this one has no page, and knows the system's proxies.
        const forProxies = session.fromPartition('proxies')
        lockSession(forProxies, log)
        const { proxy } = policy.rules
        const resolveProxy = proxyFor(proxy, policy.setBy.proxy !== undefined, proxyResolver(forProxies))
        return createHttp({ log, resolveProxy, signIns })
      },
      clock,
      log,
    }),
    network: watchNetwork({ net, powerMonitor, clock }),
    startDemo: (options) => startDemoWorker(inApp('main', 'demo-worker.js'), { ...options, lessons: true }),
    chooseCaFile: () => chooseCaFile(dialog, window()),
    readCaFile: readSmallText,
    copySecret: secrets.copy,
    notify: (text) =>
      notifyUnseen({ Notification, window: window(), text, onClick: () => emit('command', 'page:outbox') }),
    openFile: (request) => openWithDialog(dialog, window(), request),
    openReader: (request) => readWithDialog(dialog, window(), request),
    relaunch: () => {
      app.relaunch()
      app.quit()
    },
    ...rememberWritten(
      (suggestion) =>
        saveWithDialog(
          dialog,
          window(),
          { documents: app.getPath('documents'), profile, now: clock.wall() },
          suggestion,
        ),
      (path) => shell.showItemInFolder(path),
    ),
    applyTheme: (theme) => applyTheme(nativeTheme, asTheme(theme)),
    person: personHere(),
    ...(own && {
      installer: createInstaller({
        own,
        app,
        folder: join(profile, 'updates'),
        proxy: policy.rules.proxy,
        log,
      }),
    }),
    quit: () => app.quit(),
    info: {
      arch: process.arch,
      version: app.getVersion(),
      platform: process.platform,
      electron: process.versions.electron ?? '',
    },
    // Not there while developing: the last step of a build makes it.
    readNotices: () =>
      readFile(inApp('third-party-notices.txt'), 'utf8').catch(
        () => 'This copy was started without the text. `npm run build` makes it.',
      ),
  })
  watchUse(composed.lock)
  log.info('ready', { ms: Math.round(performance.now()), volatile: storage.store.volatile })
  return {
    ...composed,
    close: async () => {
      await Promise.all([secrets.clear(), composed.close()])
    },
  }
}

/** As electron-builder.yml names it. */
const appId = 'example.gungnir'

/** Tells the lock what is done in the window, and when the system itself is locked. */
function watchUse(lock: IdleLock): void {
  const watch = (window: BrowserWindow) => window.webContents.on('input-event', lock.noticed)
  for (const window of BrowserWindow.getAllWindows()) watch(window)
  app.on('browser-window-created', (_, window) => watch(window))
  powerMonitor.on('resume', lock.woke)
  powerMonitor.on('lock-screen', lock.lock)
}

function personHere(): string {
  let name = 'somebody'
  try {
    name = userInfo().username
  } catch {
    // A system user without an entry of its own has no name.
  }
  return `${name} at ${hostname()}`
}
