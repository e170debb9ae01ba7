import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readOffer } from '../../../../electron/features/updates/offer'
import { top } from '../../../e2e/top'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-sign-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const tool = join(top, 'build', 'packages', 'sign-update.mjs')
const run = (...args: string[]) =>
  execFileSync(process.execPath, [tool, ...args], { cwd: folder, encoding: 'utf8' })

it('what is signed with a new key is taken by an app that was told its public half', () => {
  const key = run('--new-key', 'updates.pem').trim().split('\n').at(-1) ?? ''
  expect(statSync(join(folder, 'updates.pem')).mode & 0o777).toBe(0o600)
  writeFileSync(join(folder, 'Gungnir-1.3.0.AppImage'), 'the app')
  writeFileSync(join(folder, 'notes.txt'), 'Faster.\n')
  const signing = ['--key', 'updates.pem', '--platform', 'linux', '--arch', 'x64', '--notes', 'notes.txt']
  run('Gungnir-1.3.0.AppImage', '--version', '1.3.0', '--percent', '20', ...signing)
  const bytes = readFileSync(join(folder, 'latest-linux-x64.json'))
  const signature = readFileSync(join(folder, 'latest-linux-x64.json.sig'), 'utf8')
  const wanted = { channel: 'latest', platform: 'linux', arch: 'x64' }
  expect(readOffer(bytes, signature, key, wanted)).toMatchObject({
    version: '1.3.0',
    notes: 'Faster.',
    percent: 20,
    file: { name: 'Gungnir-1.3.0.AppImage', size: 7 },
  })

  const refused = (...args: string[]) =>
    spawnSync(process.execPath, [tool, ...args], { cwd: folder, encoding: 'utf8' })
  expect(refused('--new-key', 'updates.pem')).toMatchObject({
    status: 1,
    stderr: 'Not signed: updates.pem is there already.\n',
  })
  expect(refused('Gungnir-1.3.0.AppImage', '--version', '1.3', ...signing).stderr).toContain('three numbers')
})
