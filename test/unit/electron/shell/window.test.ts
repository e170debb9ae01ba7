import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserWindow, BrowserWindowConstructorOptions, Display } from 'electron'
import { afterAll, describe, expect, it } from 'vitest'
import { openWindow } from '../../../../electron/shell/window'
import { readPlace, writePlace } from '../../../../electron/shell/window-place'

const folder = mkdtempSync(join(tmpdir(), 'gungnir-window-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const placeFile = join(folder, 'window.json')

class FakeWindow extends EventEmitter {
  static last: FakeWindow
  readonly calls: string[] = []
  bounds = { x: 10, y: 20, width: 1_000, height: 700 }
  maximized = false
  minimized = false

  constructor(readonly options: BrowserWindowConstructorOptions) {
    super()
    FakeWindow.last = this
  }
  show = () => this.calls.push('show')
  maximize = () => this.calls.push('maximize')
  loadURL = async (url: string) => void this.calls.push(url)
  isDestroyed = () => false
  isMinimized = () => this.minimized
  isFullScreen = () => false
  isMaximized = () => this.maximized
  getNormalBounds = () => this.bounds
}

const display = (id: number, x: number) =>
  ({ id, workArea: { x, y: 0, width: 1_600, height: 1_000 } }) as Display

function open(dark = false) {
  openWindow({
    BrowserWindow: FakeWindow as unknown as new (options: BrowserWindowConstructorOptions) => BrowserWindow,
    screen: {
      getPrimaryDisplay: () => display(1, 0),
      getAllDisplays: () => [display(2, 1_600), display(1, 0)],
    },
    dark,
    preload: '/out/preload.cjs',
    placeFile,
  })
  return FakeWindow.last
}

describe('the window', () => {
  it('keeps the page in a sandbox of its own', () => {
    expect(open().options.webPreferences).toEqual({
      preload: '/out/preload.cjs',
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
    })
  })

  it('loads our page and shows when there is something to show', () => {
    const window = open()
    expect(window.options.show).toBe(false)
    expect(window.calls).toEqual(['app://gungnir/'])
    window.emit('ready-to-show')
    expect(window.calls).toEqual(['app://gungnir/', 'show'])
  })

  it('stands on the colour of its theme', () => {
    expect(open(true).options.backgroundColor).not.toBe(open(false).options.backgroundColor)
  })

  it('comes back where it was closed, maximized if it was', () => {
    const first = open()
    first.maximized = true
    first.emit('close')
    expect(readPlace(placeFile)).toEqual({ ...first.bounds, maximized: true })
    const second = open()
    expect(second.options).toMatchObject(first.bounds)
    second.emit('ready-to-show')
    expect(second.calls).toEqual(['app://gungnir/', 'maximize', 'show'])
  })

  it('is centred on the primary screen when the screen it was on is gone', () => {
    writePlace(placeFile, { x: 9_000, y: 0, width: 1_000, height: 700, maximized: false })
    expect(open().options).toMatchObject({ x: 300, y: 150, width: 1_000, height: 700 })
  })

  it('does not take a minimized window for a place', () => {
    writePlace(placeFile, { x: 1, y: 2, width: 1_000, height: 700, maximized: false })
    const window = open()
    window.minimized = true
    window.emit('close')
    expect(readPlace(placeFile)).toMatchObject({ x: 1, y: 2 })
  })
})
