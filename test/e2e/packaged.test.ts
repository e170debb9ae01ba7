import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, test } from './app'
import { copyOfPackaged, openPackaged, packagedApp, packagedSwitches, resourcesOf } from './app-packaged'
import { top } from './top'

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
  const resources = resourcesOf(packagedApp())
  expect(existsSync(join(resources, 'app'))).toBe(false)
  expect(existsSync(join(resources, 'app.asar'))).toBe(true)
  const native = readdirSync(join(resources, 'app.asar.unpacked'), { recursive: true, encoding: 'utf8' })
  expect(native.filter((path) => path.endsWith('.node'))).toHaveLength(2)
  expect(native.some((path) => /^(src|test|out)\b/.test(path))).toBe(false)
})

test('it names everybody whose work is in it, and what is in it stands beside it', () => {
  const folder = join(packagedApp(), '..')
  const notices = readFileSync(join(folder, 'LICENSES.third-party.txt'), 'utf8')
  const { version: ours } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
  const list = join(top, 'dist', `gungnir-${ours}-${process.platform}-${process.arch}.cdx.json`)
  const { components } = JSON.parse(readFileSync(list, 'utf8'))
  expect(components.length).toBeGreaterThan(40)
  for (const { group, name, version, licenses } of components) {
    expect(licenses, name).toHaveLength(1)
    if (name !== 'electron') expect(notices).toContain(`${group ? `${group}/` : ''}${name} ${version} (`)
  }
})

interface Refused {
  /** What it says on its way to the dialog, which waits for a person. */
  readonly said: string
}

/** Starts an app that must not start; `look` is called while its dialog is open, and then it is ended. */
async function refusedStart(
  executable: string,
  profile: string,
  switches: readonly string[],
  look: (refused: Refused) => Promise<void>,
): Promise<void> {
  const app = spawn(executable, [...packagedSwitches(profile), ...switches], {
    cwd: profile,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  app.stderr.on('data', (data) => {
    said += data
  })
  try {
    await expect
      .poll(() => (app.exitCode === null ? said : `It ended with ${app.exitCode}: ${said}`))
      .toMatch(/^Gungnir could not start: .*\n/m)
    await look({ said })
    expect(existsSync(join(profile, 'gungnir.db')), 'the database').toBe(false)
  } finally {
    app.kill('SIGKILL')
  }
}

/** A port of this machine that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const answersAt = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

test('it does not start with a switch that opens its window to others, and opens nothing', async ({
  profile,
}) => {
  const port = await freePort()
  for (const spelling of [`--remote-debugging-port=${port}`, ` -remote-debugging-port=${port}`]) {
    await refusedStart(packagedApp(), profile, [spelling, '--remote-allow-origins=*'], async ({ said }) => {
      expect(said).toContain('It was started with --remote-debugging-port, --remote-allow-origins, which')
      expect(said).not.toContain('DevTools listening')
      expect(await answersAt(port)).toBe(false)
    })
  }
})

test('nor with one that brings in code, takes its walls down or leads it elsewhere', async ({ profile }) => {
  for (const name of ['inspect', 'load-extension', 'disable-web-security', 'proxy-server', 'js-flags']) {
    await refusedStart(packagedApp(), profile, [`--${name}=127.0.0.1:9`], async ({ said }) => {
      expect(said).toContain(`It was started with --${name}, which`)
    })
  }
})

test('it does not start when a byte of its program was changed, and opens no data', async ({ profile }) => {
  test.skip(process.platform !== 'linux', 'The runtime itself looks there')
  const executable = copyOfPackaged()
  const resources = resourcesOf(executable)
  const files = readFileSync(join(resources, 'SHA256SUMS'), 'utf8').trim().split('\n')
  const sealed = files.map((line) => line.slice(66))
  expect(sealed).toContain('app.asar')
  expect(sealed.filter((path) => path.endsWith('.node'))).toHaveLength(2)
  const told = (file: string) =>
    refusedStart(executable, profile, [], async ({ said }) => {
      expect(said).toContain(
        `changed after it was packed, or are damaged: ${file}. Your data was not opened.`,
      )
    })
  for (const path of sealed) {
    const file = join(resources, path)
    const bytes = readFileSync(file)
    // In the last file of the archive, and of a part where nothing is read at start.
    const at = bytes.length - 10
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    writeFileSync(file, bytes)
    await told(path)
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    writeFileSync(file, bytes)
  }
  rmSync(join(resources, 'SHA256SUMS'))
  await told('SHA256SUMS')
})
