import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { App, ProxyConfig, Session } from 'electron'
import type { Offer } from '../features/updates/offer'
import type { Installer } from '../features/updates/updates'
import { Refusal } from '../ipc/refusal'
import type { Log } from '../platform/ports'

/** How this app was installed, as far as it can put another version in its own place. */
export type Own = { readonly kind: 'appimage'; readonly file: string } | { readonly kind: 'nsis' | 'mac' }

/**
 * What the app may replace; nothing where a package manager owns its files, or it was not installed at all.
 *
 * @param program the running binary
 */
export function ownFiles(
  platform: NodeJS.Platform,
  { isPackaged, program, env }: { isPackaged: boolean; program: string; env: NodeJS.ProcessEnv },
): Own | undefined {
  const { APPIMAGE, APPDIR } = env
  if (platform === 'linux') {
    if (APPIMAGE === undefined) return undefined
    // Whatever an AppImage starts inherits both, and is not in it.
    const isInside = APPDIR !== undefined && program.startsWith(APPDIR + sep)
    return isInside || !isPackaged ? { kind: 'appimage', file: APPIMAGE } : undefined
  }
  if (!isPackaged) return undefined
  if (platform === 'win32') return { kind: 'nsis' }
  return platform === 'darwin' ? { kind: 'mac' } : undefined
}

/**
 * Puts a file in the place of an AppImage in one step, after checking the very copy that is put there: a failure at any moment
 * leaves the old one. Throws in words.
 */
export function replaceAppImage(fresh: string, place: string, { file }: Pick<Offer, 'file'>): void {
  const beside = `${place}.new`
  try {
    copyFileSync(fresh, beside)
    const hash = createHash('sha512').update(readFileSync(beside)).digest('base64')
    if (statSync(beside).size !== file.size || hash !== file.sha512)
      throw new Refusal('update-damaged', 'The new version was damaged after it was fetched.')
    chmodSync(beside, 0o755)
    renameSync(beside, place)
  } catch (cause) {
    rmSync(beside, { force: true })
    throw cause
  }
}

/** Where it may be fetched from, and nowhere else. */
function allowOnly(session: Pick<Session, 'webRequest'>, origin: string, log: Log): void {
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !URL.canParse(url) || new URL(url).origin !== origin
    if (cancel) log.warn('updates.elsewhere')
    answer({ cancel })
  })
}

/** The same way that every other call takes. One that cannot be told leads nowhere. */
function proxyConfig(proxy: string): ProxyConfig {
  if (proxy === 'system') return { mode: 'system' }
  if (proxy === 'none') return { mode: 'direct' }
  return { mode: 'fixed_servers', proxyRules: URL.canParse(proxy) ? proxy : 'http://127.0.0.1:9' }
}

/**
 * An installer over electron-updater, which is read when it is first needed. It decides nothing: which version, from where and with
 * which digest comes from what was signed.
 */
export function createInstaller(deps: {
  readonly own: Own
  readonly app: Pick<App, 'relaunch'>
  /** As a policy sets it. */
  readonly proxy: string
  /** A folder of the app's own. */
  readonly folder: string
  readonly log: Log
}): Installer {
  const { own, app, proxy, folder, log } = deps
  let ready: { readonly offer: Offer; readonly install: (restart: boolean) => void } | undefined

  return {
    async download(from, offer, onPercent) {
      ready = undefined
      const base = new URL(from)
      const { AppImageUpdater, NsisUpdater, MacUpdater, Provider } = await import('electron-updater')
      const file = { url: new URL(offer.file.name, base), info: { ...offer.file, url: offer.file.name } }
      const info = {
        version: offer.version,
        files: [file.info],
        path: offer.file.name,
        sha512: offer.file.sha512,
        releaseDate: '',
      }
      /** Says what was signed, and asks nobody. */
      class Signed extends Provider<typeof info> {
        constructor(_options: unknown, _updater: unknown, runtime: never) {
          super(runtime)
        }
        getLatestVersion() {
          return Promise.resolve(info)
        }
        resolveFiles() {
          return [file]
        }
      }
      class OwnAppImage extends AppImageUpdater {
        fetched(): string {
          if (this.installerPath === null) throw new Error('nothing was fetched')
          return this.installerPath
        }
      }
      const updater =
        own.kind === 'appimage'
          ? new OwnAppImage()
          : own.kind === 'nsis'
            ? new NsisUpdater()
            : new MacUpdater()
      const config = join(folder, 'updater.yml')
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(config, 'provider: custom\nupdaterCacheDirName: gungnir-updater\n', { mode: 0o600 })
      updater.updateConfigPath = config
      updater.forceDevUpdateConfig = true
      updater.autoDownload = false
      updater.autoInstallOnAppQuit = false
      updater.allowDowngrade = false
      updater.disableDifferentialDownload = true
      updater.disableWebInstaller = true
      updater.logger = null
      updater.setFeedURL({ provider: 'custom', updateProvider: Signed } as never)
      allowOnly(updater.netSession, base.origin, log)
      await updater.netSession.setProxy(proxyConfig(proxy))
      // Told by what is rejected as well.
      updater.on('error', () => {})
      updater.on('download-progress', ({ percent }) => onPercent(Math.floor(percent)))
      try {
        const found = await updater.checkForUpdates()
        if (found?.isUpdateAvailable !== true) throw new Error('what was signed is not taken for newer')
        await updater.downloadUpdate()
      } catch (cause) {
        const code = String((cause as { code?: unknown }).code ?? '')
        log.warn('updates.download', { code, cause })
        throw new Refusal(
          'update-download',
          code === 'ERR_CHECKSUM_MISMATCH'
            ? 'What was fetched is not what was signed. It was thrown away.'
            : 'The new version could not be fetched. Nothing was changed.',
        )
      }
      ready = {
        offer,
        install(restart) {
          if (updater instanceof OwnAppImage && own.kind === 'appimage') {
            replaceAppImage(updater.fetched(), own.file, offer)
            if (restart) app.relaunch({ execPath: own.file, args: process.argv.slice(1) })
          } else if (updater instanceof NsisUpdater) updater.install(true, restart)
          else updater.quitAndInstall()
        },
      }
    },

    install(restart) {
      if (ready === undefined) throw new Error('nothing was fetched')
      ready.install(restart)
    },
  }
}
