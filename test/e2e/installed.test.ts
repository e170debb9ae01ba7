import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, whyNoRoot } from '../../build/packages/installed.mjs'
import { machineOf, partsFor, stage, stageFor, wrongParts } from '../../build/packages/native.mjs'
import { expect, test } from './app'
import { attachPackaged, letBeDriven, type Packaged } from './app-packaged'
import { openSystemRoot } from './system-root'
import { top } from './top'

const packages = join(top, 'dist', 'installed')
const packageOf = (made: string, kind: 'deb' | 'rpm' = 'deb') => {
  const folder = join(packages, made)
  const name = readdirSync(folder).find((file) => file.endsWith(`.${kind}`))
  if (name === undefined) throw new Error(`There is no ${kind} in ${folder}`)
  return join(folder, name)
}
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
const printed = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })

/** Runs beside what else a test does. @returns what lintian has to say of a deb */
function lintian(deb: string): Promise<string> {
  // The words inside Electron are not ours to spell.
  const args = ['--dont-check-part', 'binaries/spelling', '--fail-on', 'error,warning', deb]
  return new Promise((resolve, reject) => {
    execFile('lintian', args, (error, said, complained) => {
      // It ended otherwise than by finding something.
      if (error && typeof error.code !== 'number') reject(error)
      else resolve(error ? `${said}${complained}` : said)
    })
  })
}

/** The files below a folder that hold one of the texts, as UTF-8 or UTF-16. */
function holding(folder: string, texts: readonly string[]): string[] {
  const wanted = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')])
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file)
      return wanted.some((text) => bytes.includes(text))
    })
}

test('the deb is the same byte for byte when it is built twice', () => {
  expect(sha256(packageOf('0.1.0-again'))).toBe(sha256(packageOf('0.1.0')))
})

test('the rpm has the files of the deb, what it needs, and the same scripts', () => {
  const rpm = packageOf('0.1.0-again', 'rpm')
  const files = (text: string) =>
    text
      .split('\n')
      .map((line) => line.replace(/^\.?\//, '/'))
      .filter((line) => line !== '' && !line.endsWith('/') && !line.includes('/lintian/'))
      .sort()
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-listed-'))
  try {
    const tar = join(folder, 'deb.tar')
    execFileSync('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" > "$2"', 'sh', packageOf('0.1.0'), tar])
    const ofRpm = printed('rpm', '-qp', '--qf', '[%{FILEMODES:perms} %{FILENAMES}\\n]', rpm)
    const plain = ofRpm
      .split('\n')
      .filter((line) => !line.startsWith('d'))
      .map((line) => line.replace(/^\S+ /, ''))
    expect(files(plain.join('\n'))).toEqual(files(printed('tar', '-tf', tar)))
    expect(ofRpm).toMatch(/^-rwsr-xr-x \/opt\/Gungnir\/chrome-sandbox$/m)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  expect(printed('rpm', '-qp', '--qf', '%{NAME} %{VERSION} %{ARCH}', rpm)).toBe(
    `gungnir 0.1.0 ${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}`,
  )
  expect(printed('rpm', '-qp', '--requires', rpm)).toMatch(/^gtk3$[\s\S]*^libsecret$/m)
  const scripts = printed('rpm', '-qp', '--scripts', rpm)
  expect(scripts).toContain('profile=/opt/Gungnir/resources/apparmor-profile')
  expect(scripts).toContain('rm -f /etc/apparmor.d/gungnir')
})

test('an app for another machine has exactly the compiled parts of that machine', () => {
  const resources = join(packages, 'arm64', 'linux-arm64-unpacked', 'resources')
  expect(wrongParts(resources, 'linux', 'arm64')).toEqual([])
  expect(wrongParts(resources, 'linux', 'x64')).not.toEqual([])
  for (const [platform, processor] of [
    ['darwin', 'arm64'],
    ['darwin', 'x64'],
    ['win32', 'x64'],
  ] as const) {
    const target = `${platform}-${processor}`
    const { libsql, keytar } = partsFor(platform, processor)
    stage(platform, processor)
    expect(machineOf(join(stageFor(platform, processor), 'node_modules', libsql, 'index.node'))).toBe(target)
    const prebuilds = join(top, 'node_modules', 'keytar', 'prebuilds', keytar)
    const [part = '', ...others] = readdirSync(prebuilds).filter((name) => name.endsWith('.node'))
    expect(machineOf(join(prebuilds, part))).toBe(target)
    expect(others).toEqual([])
  }
})

test('installed, used by an ordinary user in the sandbox, upgraded with a change that waits, removed, purged', async ({
  startServer,
}) => {
  test.setTimeout(1_200_000)
  const why = whyNoRoot()
  if (why !== undefined) console.log(`Skipped: ${why}.`)
  test.skip(why !== undefined, why)
  const unclean = lintian(packageOf('0.1.0'))
  const server = await startServer({ users: 50, password: 'Canary-4711-päss' })
  const [somebody] = await server.find({ lastName: '*a*', extended: 'true' })
  const userId = String(somebody?.userId)
  const lastName = String(somebody?.lastName)
  const system = openSystemRoot()
  const resources = join(root, 'opt', 'Gungnir', 'resources')
  const home = join(root, 'home', 'tech')
  const canaries = ['Canary-4711', '83920174655', 'eyJhbGciOi']
  let passcode = ''
  let heard = ''
  let app: Packaged | undefined
  const install = (version: string): string => {
    cpSync(packageOf(version), join(root, 'packages', `${version}.deb`))
    const said = system.run('apt-get', 'install', '-y', `/packages/${version}.deb`)
    letBeDriven(resources)
    return said
  }
  const open = () => {
    const child = system.start(
      'tech',
      'gungnir',
      '--lang=en-US',
      '--disable-gpu',
      '--remote-debugging-port=0',
    )
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data) => {
        heard += data
      })
    }
    return attachPackaged(child)
  }
  try {
    await test.step('installed with apt', () => {
      system.run('apt-get', 'update')
      install('0.1.0')
      system.run('useradd', '--create-home', 'tech')
      const share = join(root, 'usr', 'share')
      const entry = join(share, 'applications', 'gungnir.desktop')
      const checked = spawnSync('desktop-file-validate', [entry], { encoding: 'utf8' })
      expect(`${checked.stdout}${checked.stderr}`).toBe('')
      const { desktopName } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
      expect(entry.endsWith(`/${desktopName}`)).toBe(true)
      expect(readFileSync(entry, 'utf8')).toMatch(/^StartupWMClass=gungnir$/im)
      expect(readFileSync(entry, 'utf8')).not.toContain('no-sandbox')
      for (const size of [16, 32, 48, 64, 128, 256, 512]) {
        const icon = join(share, 'icons', 'hicolor', `${size}x${size}`, 'apps', 'gungnir.png')
        expect(readFileSync(icon).readUInt32BE(16), icon).toBe(size)
      }
      // File managers call our own file by its name.
      const mime = mkdtempSync(join(tmpdir(), 'gungnir-mime-'))
      try {
        cpSync(join(share, 'mime', 'packages', 'gungnir.xml'), join(mime, 'packages', 'gungnir.xml'))
        const said = spawnSync('update-mime-database', ['-V', mime], { encoding: 'utf8' })
        expect(said.stderr).not.toMatch(/error|warning/i)
        expect(readFileSync(join(mime, 'globs2'), 'utf8')).toContain(
          ':application/x-gungnir-backup:*.gungnir-backup',
        )
      } finally {
        rmSync(mime, { recursive: true, force: true })
      }
      const profile = readFileSync(join(resources, 'apparmor-profile'), 'utf8')
      expect(profile).toMatch(
        /^profile "gungnir" "\/opt\/Gungnir\/gungnir" flags=\(unconfined\) \{\n {2}userns,/m,
      )
      // There is no AppArmor in this Debian.
      expect(system.exists('etc/apparmor.d/gungnir')).toBe(false)
      // Nothing of the machine that packed it.
      expect(holding(resources, [top])).toEqual([])
    })

    await test.step('the main job, in the sandbox', async () => {
      app = await open()
      await app.connectTo(server)
      await app.allUsersLoaded(50)
      await app.find(userId, /^1 of 50 users$/)
      await app.row(lastName).first().click()
      await app.field('First name').fill('Installed')
      await app.field('Mobile number').fill('83920174655')
      await app.save()
      await expect.poll(async () => (await server.user(userId)).firstName).toBe('Installed')
      const running = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .flatMap((pid) => {
          try {
            return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
          } catch {
            return []
          }
        })
        .filter((command) => command.includes('/opt/Gungnir/gungnir'))
      expect(running.some((command) => command.includes('--type=renderer'))).toBe(true)
      expect(running.filter((command) => command.includes('no-sandbox'))).toEqual([])
    })

    await test.step('a secret is set, and a report does not know it', async () => {
      if (!app) throw new Error('The app is not open')
      const { page } = app
      await app.details().getByRole('button', { name: 'Actions' }).click()
      await page.getByRole('menuitem', { name: 'Set portal passcode…' }).click()
      const dialog = page.getByRole('dialog', { name: 'Set portal passcode' })
      await dialog.getByRole('button', { name: 'Generate' }).click()
      const box = dialog.getByRole('textbox', { name: 'New passcode' })
      await expect(box).toHaveValue(/^\d{4,}$/)
      passcode = await box.inputValue()
      await dialog.getByRole('button', { name: 'Set portal passcode' }).click()
      await app.said(/^The portal passcode of .+ \(.+\) is set\./)
      await page.keyboard.press('Control+k')
      const palette = page.getByRole('dialog', { name: 'Commands' })
      await palette.getByRole('textbox').or(palette.getByRole('searchbox')).fill('report a problem')
      await palette.getByRole('menuitem', { name: 'Help: report a problem…' }).click()
      const report = page.getByRole('dialog', { name: 'Report a problem' })
      await expect(report.getByRole('textbox', { name: /^Version and settings/ })).toHaveValue(
        /Users on this computer: 50/,
      )
      const parts = await report
        .getByRole('textbox')
        .evaluateAll((boxes) => boxes.map((each) => (each as HTMLTextAreaElement).value).join('\n'))
      for (const secret of [...canaries, userId, new URL(server.baseUrl).host]) {
        expect(parts).not.toContain(secret)
      }
      await page.keyboard.press('Escape')
    })

    await test.step('upgraded: what waits and what was done are still there', async () => {
      if (!app) throw new Error('The app is not open')
      await app.workOffline().click()
      await app.field('First name').fill('Upgraded')
      await app.save()
      await app.quit()
      // By now this system has an AppArmor that can read the profile.
      mkdirSync(join(root, 'etc', 'apparmor.d'), { recursive: true })
      writeFileSync(join(root, 'usr', 'sbin', 'apparmor_parser'), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
      install('0.2.0')
      expect(system.exists('etc/apparmor.d/gungnir')).toBe(true)
      expect(system.run('dpkg', '--status', 'gungnir')).toContain('Version: 0.2.0\n')
      app = await open()
      await app.go('History')
      await expect(app.row(lastName, app.history()).filter({ hasText: 'First name' })).toBeVisible()
      expect((await server.user(userId)).firstName).toBe('Installed')
      await app.workOffline().click()
      await expect.poll(async () => (await server.user(userId)).firstName).toBe('Upgraded')
      await app.quit()
      app = undefined
    })

    await test.step('removed: what people saved stays, and where is said', () => {
      rmSync(letBeDriven(resources))
      expect(system.run('apt-get', 'remove', '-y', 'gungnir')).toContain('~/.config/Gungnir')
      expect(system.exists('opt/Gungnir')).toBe(false)
      expect(system.exists('usr/share/applications/gungnir.desktop')).toBe(false)
      expect(system.exists('etc/apparmor.d/gungnir')).toBe(false)
      expect(system.exists('home/tech/.config/Gungnir')).toBe(true)
      system.run('apt-get', 'purge', '-y', 'gungnir')
      expect(system.exists('home/tech/.config/Gungnir')).toBe(true)
    })

    await test.step('no secret is in any file of the person, nor in what was printed', () => {
      const logs = join(home, '.config', 'Gungnir', 'logs')
      expect(existsSync(join(logs, 'gungnir.log'))).toBe(true)
      expect(holding(home, canaries)).toEqual([])
      // Short as it is, it would be found by chance in what is encrypted.
      expect(holding(logs, [passcode, userId])).toEqual([])
      for (const secret of [...canaries, passcode, userId]) expect(heard).not.toContain(secret)
    })

    await test.step('lintian has nothing to say', async () => {
      expect(await unclean).toBe('')
    })
  } finally {
    app?.process.kill('SIGKILL')
    rmSync(root, { recursive: true, force: true })
  }
})
