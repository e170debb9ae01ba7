import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withLock } from '../../../build/lock.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lock = () => join(folder, 'sub', 'lock')

it('runs one at a time, also in different processes', async () => {
  const log = join(folder, 'log')
  const script = `
    import { appendFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { withLock } from ${JSON.stringify(new URL('../../../build/lock.mjs', import.meta.url).href)}
    await withLock(${JSON.stringify(lock())}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ')
      await sleep(50)
      appendFileSync(${JSON.stringify(log)}, 'out ')
    })`
  const one = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  await Promise.all([one(), one(), one()])
  expect(readFileSync(log, 'utf8')).toBe('in out in out in out ')
  expect(existsSync(lock())).toBe(false)
})

it('is free again after work that throws', async () => {
  await expect(withLock(lock(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await withLock(lock(), async () => 'ran')).toBe('ran')
})

it('takes over from a process that is gone, and says when it waits', async () => {
  const gone = spawnSync(process.execPath, ['--version']).pid
  await withLock(lock(), async () => {})
  writeFileSync(lock(), String(gone))
  let waits = 0
  expect(
    await withLock(
      lock(),
      async () => 'ran',
      () => waits++,
    ),
  ).toBe('ran')
  expect(waits).toBe(1)
})
