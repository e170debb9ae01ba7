import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, chromium, expect, type Page } from '@playwright/test'
import { startDemoServer } from '../../electron/demo/server'
import { openDoor } from '../../electron/ipc/door'
import { serveRenderer } from '../../electron/shell/protocol'
import { camelName } from '../../shared/ipc/bridge'
import { channels, eventNames } from '../../shared/ipc/channels'
import { events as eventSchemas } from '../../shared/ipc/contract'
import { compose, password } from '../unit/electron/composed'
import { violations } from './axe'
import { Screen } from './screen'
import { top } from './top'

/**
 * The page alone in the system's Chromium: newer than the one in the Electron of the other tests. What answers it is the main
 * process without its shell, behind the same door, so that no answer is of another form than the contract has.
 */
const origin = 'https://gungnir.test'

/** Runs in the page before it: the bridge, over one function that asks the test. */
function layBridge(names: { channels: readonly string[]; events: readonly (readonly [string, string])[] }) {
  const outside = window as unknown as { askMain: (channel: string, input: unknown) => Promise<unknown> }
  const listeners = new Map<string, Set<(payload: unknown) => void>>()
  const bridge: Record<string, Record<string, unknown>> = { events: {} }
  for (const channel of names.channels) {
    const [feature = '', name = ''] = channel.split('.')
    bridge[feature] ??= {}
    bridge[feature][name] = (input: unknown) => outside.askMain(channel, input)
  }
  for (const [event, name] of names.events) {
    const set = new Set<(payload: unknown) => void>()
    listeners.set(event, set)
    Object.assign(bridge.events as object, {
      [name]: (listener: (payload: unknown) => void) => {
        set.add(listener)
        return () => set.delete(listener)
      },
    })
  }
  Object.assign(window, {
    gungnir: bridge,
    tellPage: (event: string, payload: unknown) => {
      for (const listener of listeners.get(event) ?? []) listener(payload)
    },
  })
}

interface Fixtures {
  /** The page, and what it or the door complained of. */
  app: Screen & { readonly problems: string[] }
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs off this pattern.
  app: async ({}, use) => {
    const profile = mkdtempSync(join(tmpdir(), 'gungnir-chromium-'))
    const problems: string[] = []
    let page: Page | undefined
    const main = await compose({
      profile,
      kept: new Map(),
      emit: (name, payload) => {
        const told = eventSchemas[name].parse(payload)
        page
          ?.evaluate(
            ([event, what]) =>
              (window as unknown as { tellPage: (event: string, what: unknown) => void }).tellPage(
                event,
                what,
              ),
            [name, told] as const,
          )
          // It is gone when the test is.
          .catch(() => {})
      },
      done: () => {},
    })
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' })
    try {
      page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      page.on('pageerror', (error) => problems.push(String(error)))
      page.on('console', (line) => {
        if (line.type() === 'error') problems.push(line.text())
      })
      const answer = openDoor({
        handlers: main.handlers,
        isKnownWindow: () => true,
        isOurPage: () => true,
        log: {
          ...main.log,
          error: (event, details) => problems.push(`${event} ${JSON.stringify(details)}`),
        },
      })
      const frame = { url: origin, parent: null }
      await page.exposeFunction('askMain', (channel: (typeof channels)[number], input: unknown) =>
        answer(channel, { sender: { id: 1, mainFrame: frame }, senderFrame: frame }, [input ?? undefined]),
      )
      await page.addInitScript(layBridge, {
        channels,
        events: eventNames.map((name) => [name, camelName(name)] as const),
      })
      const serve = serveRenderer(join(top, 'out', 'renderer'))
      await page.route('**/*', async (route) => {
        const { pathname, origin: of } = new URL(route.request().url())
        if (of !== origin) {
          problems.push(`It asked for ${of}`)
          return await route.abort()
        }
        const { statusCode, mimeType, headers, data } = await serve({
          method: route.request().method(),
          url: `app://gungnir${pathname}`,
        })
        await route.fulfill({
          status: statusCode,
          headers: { ...headers, 'Content-Type': mimeType },
          body: data,
        })
      })
      await main.start()
      await page.goto(`${origin}/`)
      await use(Object.assign(new Screen(page), { problems }))
    } finally {
      await browser.close()
      await main.close()
      rmSync(profile, { recursive: true, force: true })
    }
  },
})

test('the page works in the newest Chromium, and no page has an accessibility violation, in light, dark and forced colours', async ({
  app,
}) => {
  const { page } = app
  const server = await startDemoServer({ users: 60, password })
  try {
    const check = async (what: string) => expect(await violations(page), what).toEqual([])
    const looks = [
      ['light', { colorScheme: 'light', forcedColors: 'none' }],
      ['dark', { colorScheme: 'dark', forcedColors: 'none' }],
      ['forced colours', { colorScheme: 'dark', forcedColors: 'active' }],
    ] as const
    const inEach = async (what: string) => {
      for (const [look, media] of looks) {
        await page.emulateMedia(media)
        const [forced, dark] = await page.evaluate(() =>
          ['(forced-colors: active)', '(prefers-color-scheme: dark)'].map(
            (query) => matchMedia(query).matches,
          ),
        )
        expect([forced, dark]).toEqual([media.forcedColors === 'active', media.colorScheme === 'dark'])
        await check(`${what}, ${look}`)
      }
    }

    await test.step('first run, and a connection', async () => {
      await expect(page.getByRole('button', { name: 'Try the demo server' })).toBeVisible()
      await inEach('first run')
      await app.connectTo({ baseUrl: server.baseUrl, username: 'admin', password })
      await app.allUsersLoaded(60)
    })

    await test.step('a user is found, changed and saved', async () => {
      await app.row('').first().getByRole('gridcell').nth(1).click()
      await expect(app.field('First name')).not.toHaveValue('')
      await app.field('Extension').fill('not digits')
      await app.field('Title').fill('In Chromium')
      await inEach('users with a draft and a mistake')
      await app.details().getByRole('button', { name: 'Discard' }).click()
      await app.field('Title').fill('In Chromium')
      await app.save()
      await app.go('History')
      await expect(app.row('In Chromium', app.history()).first()).toContainText('Done')
      await inEach('history')
    })

    await test.step('the other pages', async () => {
      await app.go('Outbox')
      await inEach('outbox')
      await app.go('Connections')
      await expect(app.connectionForm()).toBeVisible()
      await inEach('connections')
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog', { name: 'Commands' }).waitFor()
      await inEach('palette')
      await page.keyboard.press('Escape')
    })
    expect(app.problems).toEqual([])
  } finally {
    await server.close()
  }
})
