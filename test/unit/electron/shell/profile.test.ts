import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { whyNotWritable } from '../../../../electron/shell/profile'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-profile-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('a folder that cannot be written is said, with the reason', () => {
  writeFileSync(join(folder, 'file'), '')
  const profile = join(folder, 'file', 'profile')
  const why = whyNotWritable(profile)
  expect(why).toContain(profile)
  expect(why).toMatch(/cannot be written \(E[A-Z]+\)/)
})

it('one that is not there yet is made, for nobody else, and nothing is left in it', () => {
  const profile = join(folder, 'new', 'profile')
  expect(whyNotWritable(profile)).toBeUndefined()
  expect(readdirSync(profile)).toEqual([])
  if (process.platform !== 'win32') expect(statSync(profile).mode & 0o077).toBe(0)
})
