import type { App, CommandLine, Event, Session, Shell, WebContents } from 'electron'
import type { Log } from '../platform/ports'
import { isOurPage, pageUrl } from './protocol'

const longestLink = 2_000
/** The discard port of this machine, where nothing listens. */
const nobody = 'http://127.0.0.1:9'
const webRtc = 'disable_non_proxied_udp'

/** Chromium's own ways to the network that the app has no use for: before the app is ready. */
export function quietSwitches(commandLine: Pick<CommandLine, 'appendSwitch'>): void {
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'disable-speech-api',
    'dns-prefetch-disable',
    'no-pings',
  ]) {
    commandLine.appendSwitch(name)
  }
  commandLine.appendSwitch('force-webrtc-ip-handling-policy', webRtc)
}

/** The only links that leave the app: https, without a user name or password in them. */
export function isSafeLink(url: string): boolean {
  if (url.length > longestLink || !URL.canParse(url)) return false
  const { protocol, username, password } = new URL(url)
  return protocol === 'https:' && username === '' && password === ''
}

/** The page may load itself, and the developer tools their own parts; nothing else ever leaves the window. */
const mayLoad = (url: string): boolean => isOurPage(url) || url.startsWith('devtools://')

/** Denies what a page could ask of a session: permissions, devices, downloads, and the network altogether. */
export function lockSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn('lockdown.permission', { permission })
    answer(false)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  // Switched off alone, it still fetches a dictionary for each language from a server of its maker.
  session.setSpellCheckerLanguages([])
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event, item) => {
    event.preventDefault()
    log.warn('lockdown.download', { scheme: schemeOf(item.getURL()) })
  })
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !mayLoad(url)
    if (cancel) log.warn('lockdown.request', { scheme: schemeOf(url) })
    answer({ cancel })
  })
}

/**
 * Sends what a page asks of the network to where nobody answers. Its requests are cancelled anyway; this is for what asks
 * nobody: WebRTC, name lookups made ahead, whatever comes with the next version of Chromium.
 */
export function cutOff(session: Pick<Session, 'setProxy'>): Promise<void> {
  return session.setProxy({ mode: 'fixed_servers', proxyRules: nobody, proxyBypassRules: '<-loopback>' })
}

/** Keeps every page of the app where it is. */
export function lockContents(contents: WebContents, shell: Pick<Shell, 'openExternal'>, log: Log): void {
  contents.setWebRTCIPHandlingPolicy(webRtc)
  const stay = (what: string) => (event: Event, details?: { url?: string } | string) => {
    event.preventDefault()
    const url = typeof details === 'string' ? details : (details?.url ?? (event as { url?: string }).url)
    log.warn(`lockdown.${what}`, { scheme: schemeOf(url ?? '') })
  }
  contents.on('will-navigate', stay('navigate'))
  contents.on('will-frame-navigate', stay('frame'))
  contents.on('will-redirect', stay('redirect'))
  // Chromium announces no navigation to about:blank, so that one is undone.
  contents.on('did-navigate', (_event, url) => {
    if (mayLoad(url)) return
    log.warn('lockdown.strayed', { scheme: schemeOf(url) })
    void contents.loadURL(pageUrl).catch(() => {})
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
    log.warn('lockdown.webview')
  })
  contents.setWindowOpenHandler(({ url }) => {
    if (isSafeLink(url)) void shell.openExternal(url)
    else log.warn('lockdown.window', { scheme: schemeOf(url) })
    return { action: 'deny' }
  })
}

/** Denies what reaches the app rather than a page, and locks each page as it comes to be. */
export function lockApp(app: App, shell: Pick<Shell, 'openExternal'>, log: Log): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents, shell, log))
  app.on('certificate-error', (event, _contents, url, error, _certificate, answer) => {
    event.preventDefault()
    log.warn('lockdown.certificate', { scheme: schemeOf(url), error })
    answer(false)
  })
  app.on('select-client-certificate', (event) => event.preventDefault())
  app.on('login', (event) => event.preventDefault())
}

const schemeOf = (url: string): string => (URL.canParse(url) ? new URL(url).protocol : 'none')
