import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { profileIsWritable } from '../../../../electron/shell/profile'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-profile-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const start = async (profile: string) => {
  const said: string[] = []
  const codes: (number | undefined)[] = []
  const writable = profileIsWritable(
    {
      app: { whenReady: async () => {}, exit: (code) => void codes.push(code) },
      dialog: { showErrorBox: (title, text) => void said.push(`${title}. ${text}`) },
    },
    profile,
  )
  await new Promise((resolve) => setImmediate(resolve))
  return { writable, said, codes }
}

it('a folder that cannot be written is said, with the reason, and the app ends with 1', async () => {
  writeFileSync(join(folder, 'file'), '')
  const profile = join(folder, 'file', 'profile')
  const { writable, said, codes } = await start(profile)
  expect(writable).toBe(false)
  expect(codes).toEqual([1])
  expect(said).toHaveLength(1)
  expect(said[0]).toContain(profile)
  expect(said[0]).toMatch(/cannot be written \(E[A-Z]+\)/)
})

it('one that is not there yet is made, for nobody else, and nothing is left in it', async () => {
  const profile = join(folder, 'new', 'profile')
  expect(await start(profile)).toEqual({ writable: true, said: [], codes: [] })
  expect(readdirSync(profile)).toEqual([])
  if (process.platform !== 'win32') expect(statSync(profile).mode & 0o077).toBe(0)
})
