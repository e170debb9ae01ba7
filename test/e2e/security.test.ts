import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GungnirBridge } from '../../shared/ipc/bridge'
import type { JsonObject } from '../../shared/json'
import { expect, filesUnder, type Gungnir, spellings, test } from './app'
import { closeWires, openWire } from './wire'

test.afterEach(closeWires)

/** Whoever knocks at a TCP and a UDP port of this machine, by the first line of what was sent. */
async function listeners() {
  const heard: string[] = []
  const tcp = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (data) => heard.push(data.toString('latin1').split('\r\n', 1)[0] ?? ''))
    socket.once('data', () => socket.destroy())
  })
  tcp.listen(0, '127.0.0.1')
  const udp = createSocket('udp4', (data) => heard.push(`udp ${data.length}`))
  udp.bind(0, '127.0.0.1')
  await Promise.all([once(tcp, 'listening'), once(udp, 'listening')])
  const address = tcp.address()
  return {
    heard,
    tcpPort: typeof address === 'object' && address !== null ? address.port : 0,
    udpPort: udp.address().port,
    close: () => {
      tcp.close()
      udp.close()
    },
  }
}

const gather = (app: Gungnir, urls: string[]) =>
  app.page.evaluate(async (servers) => {
    const peer = new RTCPeerConnection({
      iceServers: servers.map((url) => ({ urls: url, username: 'u', credential: 'c' })),
    })
    peer.createDataChannel('way out')
    const gathered = new Promise<void>((resolve) => {
      peer.addEventListener('icegatheringstatechange', () => {
        if (peer.iceGatheringState === 'complete') resolve()
      })
    })
    await peer.setLocalDescription(await peer.createOffer())
    await gathered
    peer.close()
  }, urls)

test('a page that was taken over gets nothing out by WebRTC', async ({ open }) => {
  const others = await listeners()
  // They do listen.
  const probe = createSocket('udp4')
  probe.send('hello', others.udpPort, '127.0.0.1')
  await expect.poll(() => others.heard).toEqual(['udp 5'])
  probe.close()
  const app = await open()
  await gather(app, [
    `stun:127.0.0.1:${others.udpPort}`,
    `turn:127.0.0.1:${others.udpPort}?transport=udp`,
    `turn:127.0.0.1:${others.tcpPort}?transport=tcp`,
  ])
  await app.quit()
  expect(others.heard).toEqual(['udp 5'])
  others.close()
})

test('from first start to quit, behind a proxy, nobody is called', async ({ open }) => {
  const proxy = await listeners()
  const app = await open({ switches: [`--proxy-server=127.0.0.1:${proxy.tcpPort}`] })
  await app.page.keyboard.press('Control+k')
  await app.page.keyboard.type('a wrod that is mispelled')
  await app.page.keyboard.press('Escape')
  await app.quit()
  const again = await open({ switches: [`--proxy-server=127.0.0.1:${proxy.tcpPort}`] })
  await again.quit()
  expect(proxy.heard).toEqual([])
  proxy.close()
})

/** The texts in the memory of the main process and of the page, in one. */
async function memoryOf(app: Gungnir, file: string): Promise<string> {
  await app.electron.evaluate((_electron, to) => {
    const builtin = (process as unknown as { getBuiltinModule(name: string): typeof import('node:v8') })
      .getBuiltinModule
    builtin('node:v8').writeHeapSnapshot(to)
  }, file)
  const main = await readFile(file, 'utf8')
  await rm(file)
  const session = await app.page.context().newCDPSession(app.page)
  const parts: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk))
  await session.send('HeapProfiler.takeHeapSnapshot')
  await session.detach()
  return main + parts.join('')
}

test('the password is in no memory after signing out and removing the connection', async ({
  open,
  startServer,
  profile,
}) => {
  const password = `kanarienvogel-${profile.length}-im-bergwerk`
  const server = await startServer({ users: 5, password })
  const app = await open()
  await app.connectTo(server)
  await app.allUsersLoaded(5)
  await app.go('Connections')
  await app.connectionForm().getByRole('button', { name: 'Sign out' }).click()
  await expect(app.connectionStatus()).toContainText('Signed out')
  await app.connectionForm().getByRole('button', { name: 'Remove' }).click()
  await app.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await expect(app.page.getByText(/No connection yet|Try the demo server/).first()).toBeVisible()
  const memory = await memoryOf(app, join(profile, 'memory.heapsnapshot'))
  // The search finds what is there.
  expect(memory).toContain('Connections')
  expect(memory.split(password).length - 1, 'times in memory').toBe(0)
  await app.quit()
})

test('neither password nor token is in a file, an export, or what a crash leaves', async ({
  open,
  startServer,
  profile,
}) => {
  const password = 'Nachtigall-Ω7q!"% im Käfig'
  const server = await startServer({ users: 20, password })
  const wire = await openWire(server)
  const secrets = [password]
  wire.rewrite(({ path }, said) => {
    const token = path.endsWith('/auth/token') ? /"token"\s*:\s*"([^"]+)"/.exec(said)?.[1] : undefined
    if (token !== undefined) secrets.push(token)
    return said
  })
  const app = await open()
  await app.connectTo(wire)
  await app.allUsersLoaded(20)
  const [somebody] = await server.find({ lastName: '*' })
  await app.find(String(somebody?.userId), /^1 of 20 users$/)
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await app.field('Title').fill('Keeper')
  await app.save()
  await expect.poll(async () => (await server.user(String(somebody?.userId))).title).toBe('Keeper')
  await app.workOffline().click()
  await app.field('Title').fill('Waiting')
  await app.save()
  await expect(app.navigation().getByRole('link', { name: /^Outbox, 1 waiting/ })).toBeVisible()

  const folder = await mkdtemp(join(tmpdir(), 'gungnir-exports-'))
  try {
    await app.electron.evaluate(({ dialog }, to) => {
      let count = 0
      dialog.showSaveDialog = async () => ({ canceled: false, filePath: `${to}/export-${++count}` })
    }, folder)
    const written = await app.page.evaluate(async () => {
      const { gungnir } = globalThis as unknown as { gungnir: GungnirBridge }
      const report = await gungnir.app.report()
      const answers = [
        await gungnir.app.saveReport(report.ok ? report.value : []),
        await gungnir.history.export({ search: '', format: 'csv' }),
        await gungnir.history.export({ search: '', format: 'jsonl' }),
        await gungnir.history.export({ search: '', format: 'html' }),
        await gungnir.outbox.export(),
        await gungnir.batch.exportUsers({
          query: { search: '', scope: {}, sort: [] },
          selection: { all: true, except: [] },
        }),
        await gungnir.settings.backup({ passphrase: 'eight words or so' }),
      ]
      return answers.map((answer) => (answer.ok ? answer.value.path : answer.error.message))
    })
    expect(written).toEqual(written.map((_, n) => expect.stringContaining(`export-${n + 1}`)))

    const dumps = await app.electron.evaluate(({ app: electron }) => electron.getPath('crashDumps'))
    const ended = app.electron.waitForEvent('close')
    await app.electron.evaluate(() => process.crash()).catch(() => {})
    await ended

    const places = async () =>
      (await Promise.all([profile, folder, dumps].map((place) => filesUnder(place).catch(() => [])))).flat()
    const holding = async () =>
      (await places())
        .filter(({ content }) =>
          secrets.some((secret) => spellings(secret).some((bytes) => content.includes(bytes))),
        )
        .map(({ path }) => path)
    expect(secrets.length, 'tokens were given').toBeGreaterThan(1)
    expect((await places()).map(({ path }) => path)).toContain(join(profile, 'gungnir.db'))
    expect(await holding()).toEqual([])
    // The search finds what is there.
    const planted = join(folder, 'planted')
    await writeFile(planted, `{"authorization":"Bearer ${secrets[1]}"}`)
    expect(await holding()).toEqual([planted])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

/** A text that would run or be drawn if any place took it for markup, and can be told by its number. */
const hostile = (n: number) => `<img src=x onerror=alert(${n})>`

test('hostile texts in every place are shown as text, and open nothing', async ({ open, startServer }) => {
  const server = await startServer({ users: 40 })
  const people = await server.find({ lastName: '*' })
  const [turned, somebody = {}] = [people[2], people[3]]
  const { serviceProviderId, groupId, userId } = await server.user(String(somebody.userId))
  await server.putUser({
    ...{ serviceProviderId, groupId, userId },
    ...{ firstName: hostile(1), lastName: '"><svg onload=alert(2)>', title: '{{7*7}}' },
  } as JsonObject)
  const wire = await openWire(server)
  wire.answerFor(({ method, body }) =>
    method === 'PUT' && body.includes('to be refused')
      ? { status: 400, text: JSON.stringify({ error: `[Error 4500] ${hostile(5)} javascript:alert(6)` }) }
      : undefined,
  )
  const turning = 'Ana\u202eziul'
  wire.rewrite(({ path }, said) =>
    /\/(service-providers|groups)\b/.test(path)
      ? said
          .replace(/("serviceProviderName":\s*")[^"]*"/g, `$1${hostile(3)}"`)
          .replace(/("groupName":\s*")[^"]*"/g, `$1${hostile(4)}"`)
      : said.replaceAll(`"lastName":"${turned?.lastName}"`, `"lastName":"${turning}"`),
  )
  const app = await open()
  const { page } = app
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await app.electron.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { openedLinks: opened })
    shell.openExternal = async (url) => void opened.push(url)
    shell.openPath = async (path) => {
      opened.push(path)
      return ''
    }
  })
  /** The text is there for a person to read, and nothing became an element. */
  const asText = async (text: string, where: string) => {
    await expect(page.getByText(text, { exact: false }).first(), where).toBeVisible()
    expect(
      await page.locator('img[src=x], svg[onload], [onerror], [onload], a[href^=javascript]').count(),
      where,
    ).toBe(0)
  }

  await test.step('the name of a connection', async () => {
    await app.connectTo(wire, hostile(7))
    await app.allUsersLoaded(40)
    await expect(app.connectionStatus()).toContainText(hostile(7))
    await app.go('Connections')
    await asText(hostile(7), 'Connections')
    await app.go('Users')
  })

  await test.step('names of service providers and groups', async () => {
    for (const [name, n] of [
      ['Service provider', 3],
      ['Group', 4],
    ] as const) {
      await page.getByRole('combobox', { name, exact: true }).click()
      await expect(
        page
          .getByRole('option')
          .filter({ hasText: hostile(n) })
          .first(),
      ).toBeVisible()
      await asText(hostile(n), name)
      await page
        .getByRole('option')
        .filter({ hasText: hostile(n) })
        .first()
        .click()
    }
  })

  await test.step('what is searched for, found and not found', async () => {
    await page.keyboard.press('Escape')
    await app.search().fill('<svg onload=alert(8)>')
    await expect(app.matches()).toHaveText(/^0 of/)
    await asText('alert(8)', 'no match')
    await app.search().fill('onload')
    await expect(await app.cell('onload', 'First name')).toHaveText(hostile(1))
  })

  await test.step('a name that turns what stands beside it', async () => {
    await app.search().fill(String(turned?.userId))
    await expect(app.row('Ana[U+202E]ziul')).toBeVisible()
    await app.search().fill('onload')
    await expect(await app.cell('onload', 'First name')).toHaveText(hostile(1))
  })

  await test.step('the details, as fields and as JSON', async () => {
    await app.row('onload').first().getByRole('gridcell').nth(1).click()
    await expect(app.field('First name')).toHaveValue(hostile(1))
    await expect(app.field('Title')).toHaveValue('{{7*7}}')
    await page.getByRole('tab', { name: 'JSON' }).click()
    await expect(
      app
        .details()
        .locator('pre, .code')
        .filter({ hasText: hostile(1) })
        .first(),
    ).toBeVisible()
    await page.getByRole('tab', { name: 'Profile' }).click()
  })

  await test.step('the palette', async () => {
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Commands' })
    await palette.getByRole('textbox', { name: 'Command' }).or(palette.getByRole('searchbox')).fill('onload')
    await expect(palette.getByRole('menuitem').filter({ hasText: 'onload=alert(2)' }).first()).toBeVisible()
    await asText('onload=alert(2)', 'palette')
    await page.keyboard.press('Escape')
  })

  await test.step('a value that is changed, and the words of a refusal', async () => {
    await app.field('Title').fill(`${hostile(9)} ok`)
    await app.save()
    await expect.poll(async () => (await server.user(String(userId))).title).toBe(`${hostile(9)} ok`)
    await app.field('Title').fill('to be refused')
    await app.save()
    await expect(app.navigation().getByRole('link', { name: /1 needs you/ })).toBeVisible()
    await asText(hostile(5), 'details')
    await page.getByRole('tab', { name: 'History' }).click()
    await asText(hostile(9), 'the history of a user')
    await app.go('Outbox')
    await app.outbox().getByRole('row').nth(1).getByRole('gridcell').nth(1).click()
    await asText(hostile(5), 'Outbox')
    await app.go('History')
    await app.history().getByRole('row').nth(1).getByRole('gridcell').nth(1).click()
    await expect(app.change()).toContainText(hostile(9))
    await asText(hostile(9), 'History')
  })

  await test.step('a change of many, and what it is for', async () => {
    await app.go('Users')
    await app.row('onload').first().getByRole('gridcell').nth(0).click()
    await page.getByRole('button', { name: 'Edit selected…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit 1 user' })
    await dialog.getByRole('combobox', { name: 'Field' }).selectOption('Title')
    await dialog.getByRole('combobox', { name: 'What to do' }).selectOption('Build from a template')
    await dialog.getByRole('textbox', { name: 'Template' }).fill('<b onload=alert(10)>')
    await dialog.getByRole('textbox', { name: 'Reason or ticket' }).fill(hostile(11))
    await asText('<b onload=alert(10)>', 'preview')
  })

  expect(dialogs).toEqual([])
  const opened = await app.electron.evaluate(
    () => (globalThis as unknown as { openedLinks: string[] }).openedLinks,
  )
  expect(opened).toEqual([])
  expect(page.url()).toMatch(/^app:\/\/gungnir\//)
})
