import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import keytar from 'keytar'
import { electronPath } from '../../build/electron-path.mjs'
import { launchSwitches } from '../../build/launch.mjs'
import type { GungnirBridge } from '../../shared/ipc/bridge'
import type { JsonObject } from '../../shared/json'
import { expect, type Gungnir, test } from './app'
import { ownKeyring } from './keyring'
import { picture } from './pictures'
import { top } from './top'

const keyOf = ({ serviceProviderId, groupId, userId }: JsonObject) => ({
  serviceProviderId: String(serviceProviderId),
  groupId: String(groupId),
  userId: String(userId),
})

/** What the page's own script would get for an attempt; `undefined` when it was let through without a word. */
const attempts = (app: Gungnir) =>
  app.page.evaluate(async () => {
    const outcome = async (attempt: () => unknown): Promise<string> => {
      try {
        const result = await attempt()
        return `done: ${String(result)}`
      } catch (cause) {
        return `refused: ${(cause as Error).name}`
      }
    }
    const event = (target: EventTarget, good: string) =>
      new Promise((resolve, reject) => {
        target.addEventListener(good, resolve)
        target.addEventListener('error', () => reject(new Error('error')))
      })
    const image = (url: string) => () => {
      const element = new Image()
      const loaded = event(element, 'load')
      element.src = url
      return loaded
    }
    return {
      fetch: await outcome(() => fetch('https://example.com/')),
      fetchLoopback: await outcome(() => fetch('http://127.0.0.1:9/')),
      fetchOwn: await outcome(() => fetch('app://gungnir/index.html')),
      fetchFile: await outcome(() => fetch('file:///etc/hostname')),
      socket: await outcome(() => event(new WebSocket('ws://127.0.0.1:9/'), 'open')),
      image: await outcome(image('https://example.com/a.png')),
      worker: await outcome(() => event(new Worker('data:text/javascript,postMessage(1)'), 'message')),
      code: await outcome(() => new Function('return 1')()),
      html: await outcome(() => {
        document.createElement('div').innerHTML = '<img src=x>'
      }),
      beacon: String(navigator.sendBeacon('https://example.com/')),
      window: String(window.open('https://example.com/')),
      location: await outcome(
        () =>
          new Promise((_, reject) =>
            navigator.geolocation.getCurrentPosition(
              () => {},
              ({ code }) => reject(new Error(`${code}`)),
            ),
          ),
      ),
      notification: await Notification.requestPermission(),
      camera: await outcome(() => navigator.mediaDevices.getUserMedia({ video: true })),
      clipboard: await outcome(() => navigator.clipboard.readText()),
    }
  })

test('the page can reach nothing, go nowhere and be given nothing', async ({ open }) => {
  const app = await open()
  await expect(app.page.getByRole('navigation', { name: 'Main' })).toBeVisible()
  const links: string[] = []
  await app.electron.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { openedLinks: opened })
    shell.openExternal = async (url) => void opened.push(url)
  })

  const outcomes = await attempts(app)
  const refusedBy = (prefix: string) =>
    Object.entries(outcomes)
      .filter(([, outcome]) => outcome.startsWith(prefix))
      .map(([name]) => name)
      .sort()
  expect(refusedBy('done')).toEqual([])
  expect(outcomes).toMatchObject({ window: 'null', notification: 'denied' })

  await test.step('it stays where it is', async () => {
    const before = app.page.url()
    for (const url of ['https://example.com/', 'file:///etc/passwd', 'data:text/html,x', 'app://other/']) {
      await app.page.evaluate((to) => {
        location.href = to
        const link = document.createElement('a')
        link.href = to
        link.download = 'x'
        document.body.append(link)
        link.click()
        link.remove()
      }, url)
    }
    await app.page.evaluate(() => {
      for (const kind of ['iframe', 'webview']) {
        const element = document.createElement(kind)
        element.setAttribute('src', 'https://example.com/')
        document.body.append(element)
      }
    })
    // A locator would wait for the navigations that never come.
    const there = () =>
      app.page.evaluate(() => [location.href, document.querySelector('nav[aria-label="Main"]') !== null])
    expect(await there()).toEqual([before, true])
    const contents = await app.electron.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((each) => each.getURL()),
    )
    expect(contents).toEqual([before])
    expect(app.electron.windows()).toHaveLength(1)
  })

  await test.step('it comes back from the one place it can go to', async () => {
    await app.page.evaluate(() => {
      location.href = 'about:blank'
    })
    await expect(app.page.getByRole('navigation', { name: 'Main' })).toBeVisible()
    expect(app.page.url()).toMatch(/^app:\/\/gungnir\//)
  })

  await test.step('only https links reach the browser', async () => {
    for (const url of [
      'http://example.com/',
      'file:///etc/passwd',
      'https://me:pw@example.com/',
      'javascript:1',
    ]) {
      await app.page.evaluate((to) => void window.open(to), url)
    }
    links.push(
      ...(await app.electron.evaluate(
        () => (globalThis as unknown as { openedLinks: string[] }).openedLinks,
      )),
    )
    expect(links).toEqual(['https://example.com/'])
  })
})

test('the page has named functions and nothing of Node or Electron', async ({ open }) => {
  const app = await open()
  const seen = await app.page.evaluate(() => {
    const page = globalThis as unknown as Record<string, unknown>
    const bridge = page.gungnir as Record<string, Record<string, unknown>>
    return {
      leaks: [
        'require',
        'process',
        'module',
        'Buffer',
        'global',
        '__dirname',
        'ipcRenderer',
        'electron',
      ].filter((name) => page[name] !== undefined),
      features: Object.keys(bridge).sort(),
      kinds: [
        ...new Set(Object.values(bridge).flatMap((part) => Object.values(part).map((item) => typeof item))),
      ],
      replaced: [
        Reflect.set(page, 'gungnir', {}),
        Reflect.set(bridge, 'users', {}),
        Reflect.set(bridge, 'more', {}),
        Reflect.deleteProperty(bridge, 'users'),
        ...Object.values(bridge).flatMap((part) => [
          Reflect.set(part, 'more', () => {}),
          ...Object.keys(part).flatMap((name) => [
            Reflect.set(part, name, () => {}),
            Reflect.deleteProperty(part, name),
            Reflect.set(part[name] as object, 'call', () => {}),
          ]),
        ]),
      ].filter(Boolean).length,
    }
  })
  expect(seen).toEqual({
    leaks: [],
    features: [
      'app',
      'aside',
      'batch',
      'connections',
      'events',
      'history',
      'lock',
      'outbox',
      'settings',
      'updates',
      'users',
    ],
    kinds: ['function'],
    replaced: 0,
  })
  const security = await app.electron.evaluate(({ BrowserWindow, app: electronApp }) => ({
    title: BrowserWindow.getAllWindows()[0]?.getTitle(),
    sandboxed: electronApp
      .getAppMetrics()
      .filter(({ type }) => type === 'Tab')
      .map(({ sandboxed }) => sandboxed),
  }))
  expect(security.title).toBe('Gungnir')
})

test('hostile calls over the bridge are refused in words', async ({ open }) => {
  const app = await open()
  const answers = await app.page.evaluate(async () => {
    type Call = (...input: unknown[]) => Promise<{ ok: boolean; error?: { kind: string; message: string } }>
    const { settings, users, connections } = (
      globalThis as unknown as { gungnir: Record<string, Record<string, Call>> }
    ).gungnir
    let deep: unknown = 1
    for (let i = 0; i < 200; i++) deep = { deep }
    return Promise.all([
      settings?.set?.({ key: '__proto__', value: { polluted: true } }),
      settings?.set?.({ key: 'app.workOffline', value: true }),
      settings?.set?.({ key: 'a', value: 'x'.repeat(2_000_000) }),
      settings?.set?.({ key: 'a', value: deep }),
      users?.window?.({ query: { search: '', scope: {}, sort: [] }, start: 0, count: 1_000_000 }),
      users?.window?.(null),
      connections?.connect?.('no-such-connection'),
      connections?.save?.({ name: 'x', baseUrl: 'file:///etc', username: 'x', callsPerSecond: 5 }),
    ])
  })
  expect(answers.map((answer) => [answer?.ok, answer?.error?.kind])).toEqual([
    [false, 'invalid'],
    [false, 'invalid'],
    [false, 'too-large'],
    [false, 'too-large'],
    [false, 'invalid'],
    [false, 'invalid'],
    [false, 'gone'],
    [false, 'bad-base-url'],
  ])
  for (const answer of answers) expect(answer?.error?.message).toMatch(/\w+ \w+/)
})

test('at rest the app and its page give back the memory that they do not use', async ({ open }) => {
  const app = await open()
  const heapMB = () => app.electron.evaluate(() => process.memoryUsage().heapTotal / 2 ** 20)
  await app.electron.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows()
    if (window === undefined) throw new Error('no window')
    const told: string[] = []
    Object.assign(globalThis, { toldToPage: told })
    const send = window.webContents.send.bind(window.webContents)
    window.webContents.send = (channel, ...args) => {
      told.push(channel)
      send(channel, ...args)
    }
  })
  const before = await heapMB()
  await app.electron.evaluate(async () => {
    const held: unknown[] = []
    for (let turn = 0; turn < 100; turn++) {
      held.push(Array.from({ length: 25_000 }, (_, place) => ({ turn, place })))
      await new Promise((resolve) => setImmediate(resolve))
    }
  })
  expect(await heapMB()).toBeGreaterThan(before + 40)
  const rests = () =>
    app.electron.evaluate(
      () =>
        (globalThis as unknown as { toldToPage: string[] }).toldToPage.filter((name) => name === 'rest')
          .length,
    )
  const rested = await rests()
  await app.page.evaluate(() => (window as unknown as { gungnir: GungnirBridge }).gungnir.app.status())
  await expect.poll(rests).toBeGreaterThan(rested)
  await expect.poll(heapMB).toBeLessThan(before + 10)
})

test('a second start brings the first to the front and ends', async ({ open, profile }) => {
  const app = await open()
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
  const { path } = await electronPath()
  const second = spawn(path, [...launchSwitches({ virtual: true }), '.', `--user-data-dir=${profile}`], {
    cwd: top,
    stdio: 'ignore',
  })
  const [code] = await once(second, 'exit')
  expect(code).toBe(0)
  const state = () =>
    app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => [window.isMinimized(), window.isVisible()]),
    )
  await expect.poll(state).toEqual([[false, true]])
})

test('the window comes back where it was, and to the middle when that is off the screen', async ({
  open,
  profile,
}) => {
  const bounds = (app: Gungnir) =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
  const place = { x: 40, y: 30, width: 1000, height: 700 }
  let app = await open()
  await app.electron.evaluate(
    ({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to),
    place,
  )
  await expect.poll(() => bounds(app)).toEqual(place)
  await app.quit()
  app = await open()
  expect(await bounds(app)).toEqual(place)
  await app.quit()
  await writeFile(
    join(profile, 'window.json'),
    JSON.stringify({ ...place, x: 90_000, y: -5_000, maximized: false }),
  )
  app = await open()
  const [area, back] = [
    await app.electron.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea),
    await bounds(app),
  ]
  expect(back).toMatchObject({ width: 1000, height: 700 })
  expect(back?.x).toBe(area.x + Math.round((area.width - 1000) / 2))
})

test.describe('a database that cannot be opened is kept and said', () => {
  const warning = (app: Gungnir) =>
    app.page.evaluate(async () => {
      const { gungnir } = globalThis as unknown as {
        gungnir: {
          app: { status(): Promise<{ value: { storeWarning?: string; keychainWarning?: string } }> }
        }
      }
      return (await gungnir.app.status()).value
    })
  /** Takes the key of a profile's database out of the real keyring, as a locked or another collection does. */
  const takeKey = async (profile: string) => {
    const id = (await readFile(join(profile, 'gungnir.db.key-id'), 'utf8')).trim().slice(0, 32)
    const name = `database-key:${id}`
    const secret = (await keytar.getPassword('Gungnir', name)) ?? ''
    expect(secret).not.toBe('')
    await keytar.deletePassword('Gungnir', name)
    return { giveBack: () => keytar.setPassword('Gungnir', name, secret) }
  }
  /** Starting itself again is left out: a second process would outlive the test. */
  const restarting = async (app: Gungnir, ask: () => Promise<void>) => {
    await app.electron.evaluate(({ app: electron }) => {
      electron.relaunch = () => {}
    })
    const closed = app.electron.waitForEvent('close')
    await ask()
    await closed
  }
  const setAside = async (profile: string) =>
    (await readdir(profile)).filter((name) => /^gungnir\.db\..+Z$/.test(name))

  test('without its key', async ({ open, profile, startServer }) => {
    const server = await startServer({ users: 20 })
    const app = await open()
    await app.connectTo(server)
    await app.allUsersLoaded(20)
    await app.quit()
    const before = await readFile(join(profile, 'gungnir.db'))
    const key = await takeKey(profile)

    const again = await open()
    // Only when this is answered has the database been looked at.
    const { storeWarning } = await warning(again)
    expect(storeWarning).toMatch(/is not in the keychain|No key in the keychain opens/)
    await expect(again.page.getByText(/in the keychain/).first()).toBeVisible()
    for (const name of ['Try again', 'Restore a back-up…', 'Begin anew']) {
      await expect(again.page.getByRole('button', { name })).toBeVisible()
    }
    expect(await setAside(profile)).toEqual([])
    expect((await readFile(join(profile, 'gungnir.db'))).equals(before)).toBe(true)

    await key.giveBack()
    await restarting(again, () => again.page.getByRole('button', { name: 'Try again' }).click())
    const found = await open()
    expect((await warning(found)).storeWarning).toBeUndefined()
    await found.allUsersLoaded(20)
  })

  test('without its key, begun anew, and the key there again', async ({ open, profile, startServer }) => {
    const server = await startServer({ users: 60 })
    const people = (await server.find({ lastName: '*' })).slice(0, 50)
    let app = await open()
    await app.connectTo(server)
    await app.allUsersLoaded(60)
    await app.workOffline().click()
    await expect(app.workOffline()).toBeChecked()
    await app.page.evaluate(async (users) => {
      const { gungnir } = globalThis as unknown as { gungnir: GungnirBridge }
      const status = await gungnir.app.status()
      if (!status.ok) throw new Error(status.error.message)
      const { connectionId = '', origin = '', account = '' } = status.value
      const changes = users.map((user, n) => ({ user, edits: [{ path: 'title', mine: `Kept ${n}` }] }))
      const saved = await gungnir.outbox.save({ as: { connectionId, origin, account }, changes })
      if (!saved.ok) throw new Error(saved.error.message)
    }, people.map(keyOf))
    await expect(app.navigation().getByRole('link', { name: /^Outbox, 50 waiting/ })).toBeVisible()
    await app.quit()
    const key = await takeKey(profile)

    app = await open()
    await app.page.getByRole('button', { name: 'Begin anew' }).click()
    await restarting(app, () =>
      app.page.getByRole('alertdialog').getByRole('button', { name: 'Begin anew' }).click(),
    )
    app = await open()
    expect((await warning(app)).storeWarning).toBeUndefined()
    await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
    await app.quit()
    expect(await setAside(profile)).toEqual([expect.stringMatching(/^gungnir\.db\.kept-/)])

    await key.giveBack()
    app = await open()
    await expect(app.page.getByText(/50 unsent changes of it wait for you/).first()).toBeVisible()
    await app.go('Outbox')
    await expect(app.outbox().getByRole('row').filter({ hasText: 'Kept 0' })).toHaveCount(1)
    const waiting = await app.page.evaluate(async () => {
      const { gungnir } = globalThis as unknown as { gungnir: GungnirBridge }
      const rows = await gungnir.outbox.window({ start: 0, count: 200 })
      return rows.ok ? rows.value.rows.flatMap(({ edits }) => edits.map(({ mine }) => String(mine))) : []
    })
    expect(waiting.sort()).toEqual(people.map((_, n) => `Kept ${n}`).sort())
    // None of them was sent before a person said so.
    const titles = await server.find({ lastName: '*', extended: 'true' })
    expect(titles.filter(({ title }) => String(title).startsWith('Kept'))).toEqual([])
  })

  test('while its keyring is locked, and when that is open again', async ({ open, profile, startServer }) => {
    test.skip(process.platform !== 'linux', 'a keyring of its own is made on Linux')
    const server = await startServer({ users: 20 })
    const keyring = await ownKeyring()
    const session = process.env.DBUS_SESSION_BUS_ADDRESS
    process.env.DBUS_SESSION_BUS_ADDRESS = keyring.address
    try {
      await keyring.unlocked()
      let app = await open()
      await app.connectTo(server)
      await app.allUsersLoaded(20)
      await app.workOffline().click()
      await app.row('').first().getByRole('gridcell').nth(1).click()
      await app.field('First name').fill('Kept')
      await app.save()
      await expect(app.navigation().getByRole('link', { name: /^Outbox, 1 waiting/ })).toBeVisible()
      await app.quit()
      const before = await readFile(join(profile, 'gungnir.db'))

      keyring.lock()
      app = await open()
      // Nobody answers the question for its password.
      expect((await warning(app)).storeWarning).toBeDefined()
      await expect(app.page.getByRole('button', { name: 'Try again' })).toBeVisible()
      await app.quit()
      expect(await setAside(profile)).toEqual([])
      expect((await readFile(join(profile, 'gungnir.db'))).equals(before)).toBe(true)

      await keyring.unlocked()
      app = await open()
      expect((await warning(app)).storeWarning).toBeUndefined()
      await expect(app.navigation().getByRole('link', { name: /^Outbox, 1 waiting/ })).toBeVisible()
    } finally {
      process.env.DBUS_SESSION_BUS_ADDRESS = session
      await keyring.remove()
    }
  })

  test('without its key, begun anew, and opened from the screen', async ({
    open,
    profile,
    startServer,
  }, testInfo) => {
    const server = await startServer({ users: 20 })
    let app = await open()
    await app.connectTo(server)
    await app.allUsersLoaded(20)
    const edit = async (name: string) => {
      await app.row('').first().getByRole('gridcell').nth(1).click()
      await app.field('First name').fill(name)
      await app.save()
    }
    await edit('Sent')
    await expect.poll(async () => (await server.find({ firstName: 'Sent' })).length).toBe(1)
    await expect(app.navigation().getByRole('link', { name: 'Outbox', exact: true })).toBeVisible()
    await app.workOffline().click()
    await edit('Left')
    await expect(app.navigation().getByRole('link', { name: /^Outbox, 1 waiting/ })).toBeVisible()
    await app.quit()
    const key = await takeKey(profile)
    app = await open()
    await app.page.getByRole('button', { name: 'Begin anew' }).click()
    await restarting(app, () =>
      app.page.getByRole('alertdialog').getByRole('button', { name: 'Begin anew' }).click(),
    )

    app = await open()
    await app.connectTo(server)
    await app.allUsersLoaded(20)
    await app.go('History')
    const dialog = app.page.getByRole('dialog', { name: 'Databases put aside' })
    const show = async () => {
      await app.page.getByRole('button', { name: 'More', exact: true }).click()
      await app.page.getByRole('menuitem', { name: 'Databases put aside…' }).click()
      await dialog.getByRole('button', { name: /^Open gungnir\.db\.kept-/ }).click()
    }
    await show()
    await expect(dialog.getByText('No key in the keychain opens this database.')).toBeVisible()
    await expect(dialog.getByRole('textbox', { name: 'Its key' })).toBeVisible()
    await key.giveBack()
    await dialog.getByRole('button', { name: /^Open gungnir\.db\.kept-/ }).click()
    await expect(dialog.getByText(/1 unsent change made as/)).toBeVisible()
    await picture(app, testInfo, 'databases-put-aside')
    await dialog.getByRole('button', { name: 'Add to the history' }).click()
    await expect(dialog.getByText(/added to the history/)).toBeVisible()
    await dialog.getByRole('button', { name: 'Show unsent changes…' }).click()
    const plan = app.page.getByRole('dialog', { name: 'Import unsent changes' })
    await expect(plan.getByRole('row', { name: /Left/ })).toBeVisible()
    expect((await server.find({ firstName: 'Left' })).length).toBe(0)
    await plan.getByRole('button', { name: 'Import 1 change' }).click()
    await expect.poll(async () => (await server.find({ firstName: 'Left' })).length).toBe(1)
    await expect(app.history().getByRole('row').filter({ hasText: 'Sent' }).first()).toBeVisible()
    expect(await setAside(profile)).toEqual([expect.stringMatching(/^gungnir\.db\.kept-/)])
  })

  test('when it is damaged', async ({ open, profile }) => {
    await (await open()).quit()
    const file = join(profile, 'gungnir.db')
    const bytes = await readFile(file)
    bytes.fill(0xa5, 0, 4096)
    await writeFile(file, bytes)

    const again = await open()
    expect((await warning(again)).storeWarning).toMatch(/damaged/)
    const [name = ''] = await setAside(profile)
    expect((await readFile(join(profile, name))).equals(bytes)).toBe(true)
    await expect(again.page.getByText(/was damaged/).first()).toBeVisible()
  })

  test('where there is no keychain', async ({ open, profile, startServer }) => {
    const server = await startServer({ users: 20, password: 'in-memory-only-9' })
    const bus = process.env.DBUS_SESSION_BUS_ADDRESS
    process.env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/nonexistent/bus'
    try {
      const app = await open()
      await app.connectTo(server)
      await app.allUsersLoaded(20)
      const { keychainWarning, storeWarning } = await warning(app)
      expect(keychainWarning).toMatch(/keychain/)
      expect(storeWarning).toMatch(/memory/)
      await expect(app.page.getByText(/no usable keychain/).first()).toBeVisible()
      await app.quit()
      expect(await readdir(profile)).not.toContain('gungnir.db')
    } finally {
      if (bus === undefined) delete process.env.DBUS_SESSION_BUS_ADDRESS
      else process.env.DBUS_SESSION_BUS_ADDRESS = bus
    }
  })
})
