import { EventEmitter } from 'node:events'
import type { App, Session, WebContents } from 'electron'
import { describe, expect, it } from 'vitest'
import { cutOff, isSafeLink, lockApp, lockSession } from '../../../../electron/shell/lockdown'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }

class FakeContents extends EventEmitter {
  readonly loaded: string[] = []
  webRtc = ''
  setWebRTCIPHandlingPolicy = (policy: string) => {
    this.webRtc = policy
  }
  loadURL = async (url: string) => void this.loaded.push(url)
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  setWindowOpenHandler = (handler: (details: { url: string }) => { action: string }) => {
    this.openHandler = handler
  }
}

function lockedApp() {
  const app = new EventEmitter()
  const opened: string[] = []
  lockApp(app as unknown as App, { openExternal: async (url) => void opened.push(url) }, quiet)
  const contents = new FakeContents()
  app.emit('web-contents-created', {}, contents as unknown as WebContents)
  return { app, contents, opened }
}

/** Emits an event of which Electron would carry out the default unless it is prevented. */
function prevented(emitter: EventEmitter, name: string, ...args: unknown[]): boolean {
  let stopped = false
  emitter.emit(name, { preventDefault: () => (stopped = true), url: 'https://evil.example/' }, ...args)
  return stopped
}

describe('every page that comes to be', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'stays put at %s',
    (name) => {
      expect(prevented(lockedApp().contents, name, 'https://evil.example/')).toBe(true)
    },
  )

  it('comes back from where it could go without being asked', () => {
    const { contents } = lockedApp()
    for (const url of ['app://gungnir/', 'app://gungnir/index.html#/users', 'devtools://devtools/x.html']) {
      contents.emit('did-navigate', {}, url)
    }
    expect(contents.loaded).toEqual([])
    contents.emit('did-navigate', {}, 'about:blank')
    expect(contents.loaded).toEqual(['app://gungnir/'])
  })

  it('opens no window, and only safe links in the browser', () => {
    const { contents, opened } = lockedApp()
    const urls = [
      'https://docs.example/a',
      'http://plain.example/',
      'file:///etc/passwd',
      'app://gungnir/',
      'about:blank',
    ]
    for (const url of urls) expect(contents.openHandler({ url })).toEqual({ action: 'deny' })
    expect(opened).toEqual(['https://docs.example/a'])
  })
})

it('a certificate that is not trusted stays untrusted, and nobody is asked for another identity', () => {
  const { app } = lockedApp()
  const answers: unknown[] = []
  const answer = (value: unknown) => answers.push(value)
  expect(prevented(app, 'certificate-error', {}, 'https://a.example/', 'ERR', {}, answer)).toBe(true)
  expect(answers).toEqual([false])
  expect(prevented(app, 'select-client-certificate')).toBe(true)
  expect(prevented(app, 'login')).toBe(true)
})

it.each([
  ['https://example.net/path?q=1#x', true],
  ['http://example.net/', false],
  ['https://user@example.net/', false],
  ['https://user:pw@example.net/', false],
  ['javascript:alert(1)', false],
  ['file:///etc/passwd', false],
  ['smb://host/share', false],
  ['ms-msdt:/id', false],
  ['//example.net', false],
  [`https://example.net/${'a'.repeat(3_000)}`, false],
])('link %s: %s', (url, safe) => {
  expect(isSafeLink(url)).toBe(safe)
})

describe('the session', () => {
  function locked() {
    const session = new EventEmitter()
    const handlers: Record<string, (...args: unknown[]) => unknown> = {}
    const asked: unknown[][] = []
    const keep = (name: string) => (handler: (...args: unknown[]) => unknown) => {
      handlers[name] = handler
    }
    lockSession(
      Object.assign(session, {
        setPermissionRequestHandler: keep('request'),
        setPermissionCheckHandler: keep('check'),
        setDevicePermissionHandler: keep('device'),
        setDisplayMediaRequestHandler: keep('screen'),
        setSpellCheckerLanguages: (languages: string[]) => asked.push(['languages', languages]),
        setProxy: async (proxy: unknown) => void asked.push(['proxy', proxy]),
        setSpellCheckerEnabled: keep('spell') as unknown as (on: boolean) => void,
        webRequest: { onBeforeRequest: keep('web') },
      }) as unknown as Session,
      quiet,
    )
    return { session, handlers, asked }
  }
  const answerOf = (run: (answer: (value: unknown) => void) => void): unknown => {
    let answered: unknown
    run((value) => {
      answered = value
    })
    return answered
  }

  it.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'openExternal',
    'fileSystem',
    'anything-new',
  ])('denies %s, asked or checked', (permission) => {
    const { handlers } = locked()
    expect(answerOf((answer) => handlers.request?.({}, permission, answer, {}))).toBe(false)
    expect(handlers.check?.({}, permission, 'app://gungnir', {})).toBe(false)
    expect(handlers.device?.({ deviceType: permission })).toBe(false)
  })

  it('has no language whose dictionary would be fetched, and no way round the proxy that nobody answers', () => {
    const { session, asked } = locked()
    void cutOff(session as never)
    expect(asked).toEqual([
      ['languages', []],
      ['proxy', expect.objectContaining({ mode: 'fixed_servers', proxyBypassRules: '<-loopback>' })],
    ])
    expect(lockedApp().contents.webRtc).toBe('disable_non_proxied_udp')
  })

  it('shares no screen and downloads nothing', () => {
    const { session, handlers } = locked()
    expect(answerOf((answer) => handlers.screen?.({}, answer))).toEqual({})
    expect(prevented(session, 'will-download', { getURL: () => 'https://evil.example/a.exe' })).toBe(true)
  })

  it.each([
    ['app://gungnir/assets/main.js', false],
    ['devtools://devtools/bundled/inspector.html', false],
    ['app://other/', true],
    ['https://example.net/', true],
    ['http://127.0.0.1:1234/', true],
    ['file:///etc/passwd', true],
    ['ws://127.0.0.1/', true],
    ['data:text/html,x', true],
    ['blob:app://gungnir/1', true],
    ['chrome-extension://x/', true],
  ])('of requests, %s is blocked: %s', (url, cancel) => {
    const { handlers } = locked()
    expect(answerOf((answer) => handlers.web?.({ url }, answer))).toEqual({ cancel })
  })
})
