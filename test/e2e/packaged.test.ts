import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, test } from './app'
import { openPackaged, packagedApp } from './app-packaged'

test('does the main job, and again after a restart', async ({ profile, startServer }) => {
  const server = await startServer({ users: 50 })
  const [somebody] = await server.find({ lastName: '*a*' })
  const userId = String(somebody?.userId)
  let app = await openPackaged(profile)
  try {
    await app.connectTo(server)
    await app.allUsersLoaded(50)
    await app.find(userId, /^1 of 50 users$/)
    await app.row(String(somebody?.lastName)).first().click()
    await app.field('First name').fill('Packaged')
    await app.save()
    await expect.poll(async () => (await server.user(userId)).firstName).toBe('Packaged')
    await app.quit()

    app = await openPackaged(profile)
    await app.go('History')
    await expect(app.row(String(somebody?.lastName), app.history())).toContainText('First name')
    await app.go('Users')
    await app.find(userId, /^1 of 50 users$/)
    await expect(await app.cell(String(somebody?.lastName), 'First name')).toHaveText('Packaged')
    await app.quit()
  } finally {
    app.process.kill('SIGKILL')
  }
})

test('starts its own demo server', async ({ profile }) => {
  const app = await openPackaged(profile)
  try {
    await app.page.getByRole('button', { name: 'Try the demo server' }).click()
    await app.allUsersLoaded(25_000)
    await app.quit()
  } finally {
    app.process.kill('SIGKILL')
  }
})

test('its fuses are as electron-builder.yml names them', async () => {
  const wire = await getCurrentFuseWire(packagedApp())
  // The wire holds a character for each: 1 is on, 0 is off, r is removed from this Electron.
  const on = (option: FuseV1Options) => String.fromCharCode(wire[option] ?? 0) === '1'
  expect({
    runAsNode: on(FuseV1Options.RunAsNode),
    nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: on(FuseV1Options.EnableNodeCliInspectArguments),
    cookieEncryption: on(FuseV1Options.EnableCookieEncryption),
    onlyFromAsar: on(FuseV1Options.OnlyLoadAppFromAsar),
    asarIntegrity: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    ownSnapshot: on(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot),
    fileProtocolPowers: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    nodeOptions: false,
    inspect: false,
    cookieEncryption: true,
    onlyFromAsar: true,
    asarIntegrity: true,
    ownSnapshot: false,
    fileProtocolPowers: false,
  })
})

test('it is no general Node for whoever finds it', async () => {
  const asked = spawnSync(packagedApp(), ['-e', 'console.log("ran as Node")'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', DISPLAY: '', WAYLAND_DISPLAY: '' },
    encoding: 'utf8',
    timeout: 120_000,
    killSignal: 'SIGKILL',
  })
  expect(asked.stdout).not.toContain('ran as Node')
})

test('it carries its code in one archive, with only the native modules beside it', async () => {
  const resources =
    process.platform === 'darwin'
      ? join(packagedApp(), '..', '..', 'Resources')
      : join(packagedApp(), '..', 'resources')
  expect(existsSync(join(resources, 'app'))).toBe(false)
  expect(existsSync(join(resources, 'app.asar'))).toBe(true)
  const native = readdirSync(join(resources, 'app.asar.unpacked'), { recursive: true, encoding: 'utf8' })
  expect(native.filter((path) => path.endsWith('.node'))).toHaveLength(2)
  expect(native.some((path) => /^(src|test|out)\b/.test(path))).toBe(false)
})
