import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { top } from '../../../e2e/top'
import { configuration } from './packager'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-winget-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const ofPackager = createRequire(
  createRequire(createRequire(import.meta.url).resolve('electron-builder')).resolve('app-builder-lib'),
)
const { load } = ofPackager('js-yaml') as { load: (text: string) => unknown }

const url = 'https://downloads.example.com/Gungnir-Setup-1.10.0.exe'
const given = { id: 'Example.Gungnir', version: '1.10.0', url }
function run(options: Record<string, string>, content = 'MZ the app') {
  writeFileSync(join(folder, 'setup.exe'), content)
  const args = Object.entries({ ...options, out: join(folder, 'files') }).flatMap(([k, v]) => [`--${k}`, v])
  const tool = join(top, 'build', 'packages', 'winget.mjs')
  return spawnSync(process.execPath, [tool, 'setup.exe', ...args], { cwd: folder, encoding: 'utf8' })
}
const read = (name: string) => load(readFileSync(join(folder, 'files', name), 'utf8'))

it('the three files say where the installer is, what its bytes are, and how it is run for one person and for all', async () => {
  expect(run(given)).toMatchObject({ status: 0, stderr: '' })
  expect(readdirSync(join(folder, 'files')).sort()).toEqual([
    'Example.Gungnir.installer.yaml',
    'Example.Gungnir.locale.en-US.yaml',
    'Example.Gungnir.yaml',
  ])
  const head = { PackageIdentifier: 'Example.Gungnir', PackageVersion: '1.10.0', ManifestVersion: '1.6.0' }
  expect(read('Example.Gungnir.yaml')).toEqual({ ...head, ManifestType: 'version', DefaultLocale: 'en-US' })
  expect(read('Example.Gungnir.locale.en-US.yaml')).toEqual({
    ...head,
    ManifestType: 'defaultLocale',
    PackageLocale: 'en-US',
    Publisher: 'Gungnir maintainers',
    PackageName: 'Gungnir',
    License: 'Proprietary',
    ShortDescription: JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')).description,
  })
  const one = {
    Architecture: 'x64',
    InstallerUrl: url,
    InstallerSha256: '9F3243B0E6E903323415A291BC3ABA636F2CE076D4E9EB1FFAEA8060AD9F01A0',
  }
  const silent = { Silent: '/S', SilentWithProgress: '/S' }
  expect(read('Example.Gungnir.installer.yaml')).toEqual({
    ...head,
    ManifestType: 'installer',
    Platform: ['Windows.Desktop'],
    MinimumOSVersion: '10.0.0.0',
    InstallerType: 'nullsoft',
    InstallModes: ['interactive', 'silent', 'silentWithProgress'],
    UpgradeBehavior: 'install',
    UnsupportedArguments: ['log', 'location'],
    // As the installer writes it down: winget knows by it what is installed already.
    ProductCode: (await configuration()).nsis.guid,
    Installers: [
      { ...one, Scope: 'user', InstallerSwitches: { ...silent, Custom: '/currentuser' } },
      {
        ...one,
        Scope: 'machine',
        InstallerSwitches: { ...silent, Custom: '/allusers' },
        ElevationRequirement: 'elevatesSelf',
      },
    ],
  })
})

it.each([
  ['an address that is not https', { ...given, url: 'http://downloads.example.com/a.exe' }, /https/],
  [
    'an address with a password',
    { ...given, url: 'https://me:hunter2@downloads.example.com/a.exe' },
    /no pass/,
  ],
  ['no address', { id: given.id, version: given.version }, /--url/],
  ['a name without a publisher', { ...given, id: 'Gungnir' }, /--id/],
  ['half a version', { ...given, version: '1.10' }, /three numbers/],
])('%s is refused, and nothing is written', (_, options, words) => {
  const { status, stderr } = run(options)
  expect(status).toBe(1)
  expect(stderr).toMatch(words)
  expect(stderr).not.toContain('hunter2')
  expect(readdirSync(folder)).toEqual(['setup.exe'])
})

it('a page in the place of the installer is refused', () => {
  expect(run(given, '<!doctype html>')).toMatchObject({
    status: 1,
    stderr: 'Not written: the file is no program for Windows.\n',
  })
})
