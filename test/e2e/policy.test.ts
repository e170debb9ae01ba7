import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './app'
import { violations } from './axe'
import { asked } from './bridge'

/** A policy that holds for what is opened next in this test. */
function set(profile: string, policy: unknown): string {
  const folder = join(profile, 'policy')
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  const place = join(folder, 'policy.json')
  writeFileSync(place, typeof policy === 'string' ? policy : JSON.stringify(policy), { mode: 0o644 })
  process.env.GUNGNIR_POLICY = place
  return place
}
test.afterEach(() => {
  delete process.env.GUNGNIR_POLICY
})

test('what the organisation has set is said, and holds', async ({ open, startServer, profile }) => {
  const server = await startServer({ users: 60 })
  const place = set(profile, {
    connections: [{ name: 'Head office', baseUrl: server.baseUrl, callsPerSecond: 100 }],
    lockConnections: true,
    demo: false,
    readOnly: true,
    historyMinimumDays: 400,
    proxy: 'http://proxy.example.com:3128',
    speed: 'high',
  })
  const by = `Set by your organisation: ${place}`
  const app = await open()

  await test.step('a wrong key is said with the file', async () => {
    await expect(app.page.getByText(`${place}: there is no setting speed.`)).toBeVisible()
  })

  await test.step('the connection is there, and only an account can be typed', async () => {
    await app.go('Connections')
    const form = app.connectionForm()
    await expect(form.getByText(by, { exact: true })).toBeVisible()
    await expect(form.getByRole('textbox', { name: 'Base URL' })).toBeDisabled()
    await expect(form.getByRole('spinbutton', { name: 'Calls per second' })).toBeDisabled()
    await expect(form.getByRole('button', { name: 'Remove' })).toBeDisabled()
    await expect(form.getByRole('combobox', { name: 'Proxy' })).toBeDisabled()
    await expect(form.getByText(`Proxy: http://proxy.example.com:3128. ${by}`)).toBeVisible()
    await expect(app.page.getByRole('button', { name: 'New connection' })).toHaveCount(0)
    await expect(app.page.getByRole('button', { name: 'Try the demo server' })).toHaveCount(0)
    await expect(app.page.getByText(`No connection can be added. ${by}`)).toBeVisible()
    expect(await violations(app.page)).toEqual([])
    await app.fillConnection({ username: server.username, password: server.password })
    await form.getByRole('button', { name: 'Connect', exact: true }).click()
    await expect(app.row('').first()).toBeVisible()
  })

  await test.step('users can be looked at and not changed, also past the page', async () => {
    await app.row('').first().getByRole('gridcell').nth(1).click()
    await expect(app.details().getByText(`${by}.`)).toHaveCount(1)
    await expect(app.field('Title')).not.toBeEditable()
    const status = (await asked(app, 'app', 'status')) as unknown as {
      value: { connectionId: string; origin: string; account: string }
    }
    const { connectionId, origin, account } = status.value
    const window = (await asked(app, 'users', 'window', {
      query: { search: '', scope: {}, sort: [] },
      start: 0,
      count: 1,
    })) as unknown as { value: { rows: { key: unknown }[] } }
    const saved = await asked(app, 'outbox', 'save', {
      as: { connectionId, origin, account },
      changes: [{ user: window.value.rows[0]?.key, edits: [{ path: 'title', mine: 'X' }] }],
    })
    expect(saved).toMatchObject({ ok: false, error: { kind: 'read-only' } })
    for (const [feature, name, input] of [
      ['connections', 'tryDemo', undefined],
      ['connections', 'remove', { id: connectionId }],
      ['connections', 'save', { name: 'X', baseUrl: 'https://x.example', username: 'x', callsPerSecond: 5 }],
      ['history', 'trim', { olderThanDays: 399 }],
    ] as const) {
      expect(await asked(app, feature, name, input), name).toMatchObject({
        ok: false,
        error: { kind: 'policy', message: expect.stringContaining(by) },
      })
    }
  })

  await test.step('About lists it', async () => {
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.send('command', 'about'),
    )
    const about = app.page.getByRole('dialog', { name: 'About Gungnir' })
    await expect(about.getByText('Connections: Head office')).toBeVisible()
    await expect(about.getByText('Nothing is changed on a server')).toBeVisible()
    await app.page.screenshot({ path: 'test-results/policy-about.png' })
  })
})

test('a policy that cannot be read locks, and says why', async ({ open, profile }) => {
  const place = set(profile, '{"readOnly": false,\n "demo": tru}')
  const app = await open()
  await expect(app.page.getByText(new RegExp(`${place}: It is not JSON`))).toBeVisible()
  await expect(app.page.getByRole('button', { name: 'Try the demo server' })).toHaveCount(0)
  expect(await asked(app, 'connections', 'tryDemo')).toMatchObject({ ok: false, error: { kind: 'policy' } })
})

test('a window that locks shows and gives nothing until the password is typed', async ({
  open,
  startServer,
  profile,
}) => {
  set(profile, { idleLockMinutes: 30 })
  const server = await startServer({ users: 60 })
  let app = await open()
  await app.connectTo(server, 'Lab')
  await expect(app.row('').first()).toBeVisible()
  await app.row('').first().getByRole('gridcell').nth(1).click()
  await app.field('Title').fill('Half typed')

  await test.step('what is done in the window counts as use', async () => {
    const counted = await app.electron.evaluate(
      ({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.listenerCount('input-event' as never) ?? 0,
    )
    expect(counted).toBeGreaterThan(0)
    await app.electron.evaluate(({ BrowserWindow }) => {
      const seen: string[] = []
      Object.assign(globalThis, { seenInputs: seen })
      BrowserWindow.getAllWindows()[0]?.webContents.on('input-event', (_, { type }) => seen.push(type))
    })
    await app.page.mouse.move(200, 200)
    await app.page.keyboard.press('Shift')
    await expect
      .poll(() => app.electron.evaluate(() => (globalThis as unknown as { seenInputs: string[] }).seenInputs))
      .toEqual(expect.arrayContaining(['mouseMove', 'rawKeyDown']))
  })

  const form = () => app.page.getByRole('form', { name: 'Unlock' })
  const unlock = async (password: string) => {
    await form().getByRole('textbox', { name: 'Password' }).fill(password)
    await form().getByRole('button', { name: 'Unlock' }).click()
  }

  await test.step('it locks with the system’s screen, and hides everything', async () => {
    await app.electron.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'))
    await expect(form()).toBeVisible()
    await expect(form().getByText(`Type the password of ${server.username} on Lab.`)).toBeVisible()
    await expect(app.users()).toBeHidden()
    await expect(form().getByRole('textbox', { name: 'Password' })).toBeFocused()
    expect(await violations(app.page)).toEqual([])
    await app.page.screenshot({ path: 'test-results/policy-locked.png' })
    for (const [feature, name, input] of [
      ['app', 'status', undefined],
      ['settings', 'get', undefined],
      ['users', 'window', { query: { search: '', scope: {}, sort: [] }, start: 0, count: 1 }],
      ['history', 'window', { search: '', start: 0, count: 1 }],
    ] as const) {
      expect(await asked(app, feature, name, input), name).toMatchObject({
        ok: false,
        error: { kind: 'locked' },
      })
    }
    await unlock('not this one')
    await expect(form().getByText('That is not the password.')).toBeVisible()
  })

  await test.step('ending the app does not open it', async () => {
    await app.quit()
    app = await open()
    await expect(form()).toBeVisible()
    await expect(app.users()).toBeHidden()
  })

  await test.step('without the server, the password opens it, and what was half typed is there', async () => {
    await server.kill()
    await unlock(server.password)
    await expect(form()).toBeHidden()
    await expect(app.row('').first()).toBeVisible()
    await expect(app.page.getByText('1 unsaved edit')).toBeVisible()
  })
})
