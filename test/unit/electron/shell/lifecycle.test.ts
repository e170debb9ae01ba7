import { EventEmitter } from 'node:events'
import type { App, BrowserWindow, NativeTheme } from 'electron'
import { describe, expect, it } from 'vitest'
import { tellCrashes, watchPage } from '../../../../electron/shell/crash'
import { beTheOnly } from '../../../../electron/shell/instance'
import { guardQuit } from '../../../../electron/shell/quit'
import { applyTheme, asTheme, followTheme } from '../../../../electron/shell/theme'
import { manualClock, settle } from '../platform/manual-clock'

function collect() {
  const lines: { event: string; facts: unknown }[] = []
  const note = (event: string, facts?: unknown) => lines.push({ event, facts })
  return { lines, log: { info: note, warn: note, error: note } }
}

describe('a single instance', () => {
  const appWith = (lock: boolean) =>
    Object.assign(new EventEmitter(), { requestSingleInstanceLock: () => lock })

  it('is what the second one finds', () => {
    const app = appWith(false)
    expect(beTheOnly(app as unknown as App, () => undefined)).toBe(false)
    expect(app.listenerCount('second-instance')).toBe(0)
  })

  it('comes to the front when a second one starts', () => {
    const app = appWith(true)
    const calls: string[] = []
    const window = {
      isDestroyed: () => false,
      isMinimized: () => true,
      restore: () => calls.push('restore'),
      show: () => calls.push('show'),
      focus: () => calls.push('focus'),
    } as unknown as BrowserWindow
    let open: BrowserWindow | undefined
    expect(beTheOnly(app as unknown as App, () => open)).toBe(true)
    app.emit('second-instance')
    expect(calls).toEqual([])
    open = window
    app.emit('second-instance')
    expect(calls).toEqual(['restore', 'show', 'focus'])
  })
})

describe('quitting', () => {
  function quitting(drain: () => Promise<void>, answers: boolean[] = []) {
    const app = Object.assign(new EventEmitter(), { exited: [] as unknown[] })
    const clock = manualClock()
    const asked: number[] = []
    const { log, lines } = collect()
    guardQuit({
      app,
      exit: () => void app.exited.push(0),
      drain,
      askToWait: async () => {
        asked.push(clock.mono())
        return answers.shift() ?? new Promise<boolean>(() => {})
      },
      after: clock.after,
      log,
      limitMs: 5_000,
    })
    const quit = () => {
      let stopped = false
      app.emit('will-quit', { preventDefault: () => (stopped = true) })
      return stopped
    }
    return { app, clock, asked, lines, quit }
  }

  it('waits for the durable writes, then leaves', async () => {
    let finish = () => {}
    const { app, quit, clock } = quitting(() => new Promise((resolve) => (finish = resolve)))
    expect(quit()).toBe(true)
    await clock.pass(4_000)
    expect(app.exited).toEqual([])
    finish()
    await settle()
    expect(app.exited).toEqual([0])
  })

  it('drains once, however often it is asked', async () => {
    let drains = 0
    const { app, quit } = quitting(async () => void drains++)
    expect([quit(), quit(), quit()]).toEqual([true, true, true])
    await settle()
    expect([drains, app.exited]).toEqual([1, [0]])
  })

  it('asks when it takes long, and goes on waiting as long as it is told to', async () => {
    const { app, quit, clock, asked } = quitting(() => new Promise(() => {}), [true, true, false])
    quit()
    await clock.pass(4_999)
    expect(asked).toEqual([])
    await clock.pass(10_000)
    expect([asked, app.exited]).toEqual([[5_000, 10_000], []])
    await clock.pass(5_000)
    expect(app.exited).toEqual([0])
  })

  it('leaves as soon as the writes are done, also while the question stands', async () => {
    let finish = () => {}
    const { app, quit, clock, asked } = quitting(() => new Promise((resolve) => (finish = resolve)))
    quit()
    await clock.pass(6_000)
    expect([asked.length, app.exited]).toEqual([1, []])
    finish()
    await settle()
    expect(app.exited).toEqual([0])
  })

  it('does not keep a person in the app because a drain failed', async () => {
    const { app, quit, lines } = quitting(async () => {
      throw new Error('disk full')
    })
    quit()
    await settle()
    expect(app.exited).toEqual([0])
    expect(lines[0]?.event).toBe('quit.drain-failed')
  })
})

describe('crashes', () => {
  function app(ready = true) {
    const calls: string[] = []
    return Object.assign(new EventEmitter(), {
      calls,
      isReady: () => ready,
      relaunch: () => calls.push('relaunch'),
      exit: () => calls.push('exit'),
      quit: () => calls.push('quit'),
    })
  }

  function telling(response: number, ready = true) {
    const process = new EventEmitter()
    const theApp = app(ready)
    const shown: string[] = []
    const { log, lines } = collect()
    tellCrashes({
      process,
      app: theApp as unknown as App,
      dialog: {
        showMessageBox: (async (options: { message: string }) => {
          shown.push(options.message)
          return { response, checkboxChecked: false }
        }) as never,
        showErrorBox: (title) => shown.push(title),
      },
      log,
    })
    return { process, app: theApp, shown, lines }
  }

  it('in the main process are logged, told once, and answered with a restart or a quit', async () => {
    for (const [response, calls] of [
      [0, ['relaunch', 'exit']],
      [1, ['exit']],
    ] as const) {
      const { process, app, shown, lines } = telling(response)
      process.emit('uncaughtException', new Error('first'))
      process.emit('uncaughtException', new Error('second'))
      await settle()
      expect([app.calls, shown.length]).toEqual([calls, 1])
      expect(lines.map(({ event }) => event)).toEqual(['crash.main', 'crash.main'])
    }
  })

  it('before the app is ready are told and end it', () => {
    const { process, app, shown } = telling(0, false)
    process.emit('uncaughtException', new Error('x'))
    expect([shown, app.calls]).toEqual([['Gungnir could not start'], ['exit']])
  })

  it('of a forgotten promise are logged and end nothing', async () => {
    const { process, app, shown, lines } = telling(0)
    process.emit('unhandledRejection', new Error('x'))
    await settle()
    expect([shown, app.calls, lines[0]?.event]).toEqual([[], [], 'crash.rejection'])
  })

  function page(response: number) {
    const theApp = app()
    const contents = Object.assign(new EventEmitter(), { reloads: 0, reload: () => contents.reloads++ })
    const window = Object.assign(new EventEmitter(), { webContents: contents, isDestroyed: () => false })
    const shown: unknown[] = []
    const { log, lines } = collect()
    watchPage({
      window: window as unknown as BrowserWindow,
      app: theApp as unknown as App,
      dialog: {
        showMessageBox: (async (_window: unknown, options: unknown) => {
          shown.push(options)
          return { response, checkboxChecked: false }
        }) as never,
        showMessageBoxSync: (() => response) as never,
      },
      log,
    })
    return { app: theApp, contents, shown, lines }
  }

  it('of the page offer to load it again', async () => {
    const { app, contents, shown, lines } = page(0)
    contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
    contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
    await settle()
    expect([contents.reloads, shown.length, app.calls]).toEqual([1, 1, []])
    expect(lines[0]).toEqual({ event: 'crash.page', facts: { reason: 'crashed', exitCode: 5 } })
    contents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 })
    await settle()
    expect(shown.length).toBe(1)
  })

  it('of the page let a person quit instead', async () => {
    const { app, contents } = page(1)
    contents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 })
    await settle()
    expect([contents.reloads, app.calls]).toEqual([0, ['quit']])
  })

  it.each([
    [0, false],
    [1, true],
  ])('typed and unsaved text is asked about before a close: answer %i closes: %s', (response, closes) => {
    const { contents } = page(response)
    let prevented = false
    contents.emit('will-prevent-unload', { preventDefault: () => (prevented = true) })
    expect(prevented).toBe(closes)
  })
})

describe('the theme', () => {
  it('follows the system unless a setting says otherwise', () => {
    expect(['light', 'dark', 'system', 'blue', 7, null, undefined].map(asTheme)).toEqual([
      'light',
      'dark',
      'system',
      'system',
      'system',
      'system',
      'system',
    ])
    const nativeTheme = { themeSource: 'system' } as NativeTheme
    applyTheme(nativeTheme, 'dark')
    expect(nativeTheme.themeSource).toBe('dark')
  })

  it('colours what stands behind the page', () => {
    const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false })
    const colours: string[] = []
    followTheme(nativeTheme as unknown as NativeTheme, {
      isDestroyed: () => false,
      setBackgroundColor: (colour) => colours.push(colour),
    })
    nativeTheme.emit('updated')
    nativeTheme.shouldUseDarkColors = true
    nativeTheme.emit('updated')
    expect(new Set(colours).size).toBe(2)
  })
})
