import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './app'
import { attachPackaged, letBeDriven, type Packaged } from './app-packaged'
import { makeSystemRoot, type SystemRoot } from './system-root'
import { top } from './top'

const packages = join(top, 'dist', 'installed')
const debOf = (version: string, again = '') => {
  const folder = join(packages, `${version}${again}`)
  const name = readdirSync(folder).find((file) => file.endsWith('.deb'))
  if (name === undefined) throw new Error(`There is no deb in ${folder}`)
  return join(folder, name)
}
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

test('the deb is the same byte for byte when it is built twice, and lintian has nothing to say', () => {
  expect(sha256(debOf('0.1.0', '-again'))).toBe(sha256(debOf('0.1.0')))
  // The words inside Electron are not ours to spell.
  const said = spawnSync(
    'lintian',
    ['--dont-check-part', 'binaries/spelling', '--fail-on', 'error,warning', debOf('0.1.0')],
    {
      encoding: 'utf8',
    },
  )
  expect(`${said.stdout}`, said.stderr).toBe('')
  expect(said.status).toBe(0)
})

test('installed, used by an ordinary user in the sandbox, upgraded with a change that waits, removed, purged', async ({
  startServer,
}) => {
  test.setTimeout(1_200_000)
  const server = await startServer({ users: 50 })
  const [somebody] = await server.find({ lastName: '*a*' })
  const userId = String(somebody?.userId)
  const lastName = String(somebody?.lastName)
  const system: SystemRoot = makeSystemRoot()
  const resources = join(system.folder, 'opt', 'Gungnir', 'resources')
  let app: Packaged | undefined
  const install = (version: string): string => {
    cpSync(debOf(version), join(system.folder, 'packages', `${version}.deb`))
    const said = system.run('apt-get', 'install', '-y', `/packages/${version}.deb`)
    letBeDriven(resources)
    return said
  }
  const open = () =>
    attachPackaged(
      system.start('tech', 'gungnir', '--lang=en-US', '--disable-gpu', '--remote-debugging-port=0'),
    )
  try {
    await test.step('installed with apt', async () => {
      system.run('apt-get', 'update')
      install('0.1.0')
      system.run('useradd', '--create-home', 'tech')
      const entry = join(system.folder, 'usr', 'share', 'applications', 'gungnir.desktop')
      const checked = spawnSync('desktop-file-validate', [entry], { encoding: 'utf8' })
      expect(`${checked.stdout}${checked.stderr}`).toBe('')
      expect(readFileSync(entry, 'utf8')).not.toContain('no-sandbox')
      expect(system.exists('usr/share/icons/hicolor/256x256/apps/gungnir.png')).toBe(true)
    })

    await test.step('the main job, in the sandbox', async () => {
      app = await open()
      await app.connectTo(server)
      await app.allUsersLoaded(50)
      await app.find(userId, /^1 of 50 users$/)
      await app.row(lastName).first().click()
      await app.field('First name').fill('Installed')
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

    await test.step('upgraded: what waits and what was done are still there', async () => {
      if (!app) throw new Error('The app is not open')
      await app.workOffline().click()
      await app.field('First name').fill('Upgraded')
      await app.save()
      await app.quit()
      install('0.2.0')
      expect(system.run('dpkg', '--status', 'gungnir')).toContain('Version: 0.2.0\n')
      app = await open()
      await app.go('History')
      await expect(app.row(lastName, app.history()).first()).toContainText('First name')
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
      expect(system.exists('home/tech/.config/Gungnir')).toBe(true)
      system.run('apt-get', 'purge', '-y', 'gungnir')
      expect(system.exists('etc/apparmor.d/gungnir')).toBe(false)
      expect(system.exists('home/tech/.config/Gungnir')).toBe(true)
    })
  } finally {
    app?.process.kill('SIGKILL')
    system.remove()
  }
})
