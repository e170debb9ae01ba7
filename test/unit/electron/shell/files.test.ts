import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserWindow, Dialog } from 'electron'
import { afterAll, describe, expect, it } from 'vitest'
import { chooseCaFile, readSmallText } from '../../../../electron/shell/files'

const folder = mkdtempSync(join(tmpdir(), 'gungnir-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('reading a CA file', () => {
  it('gives its text', async () => {
    writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----')
    expect(await readSmallText(join(folder, 'ca.pem'))).toBe('-----BEGIN CERTIFICATE-----')
  })

  it('refuses what is missing, a folder, or too large to be one', async () => {
    writeFileSync(join(folder, 'large'), Buffer.alloc(1_000_001))
    for (const name of ['missing', '.', 'large']) {
      await expect(readSmallText(join(folder, name))).rejects.toThrow()
    }
  })

  it.skipIf(process.platform === 'win32')(
    'refuses a device that never ends and a pipe that never begins',
    async () => {
      await expect(readSmallText('/dev/zero')).rejects.toThrow()
      execFileSync('mkfifo', [join(folder, 'pipe')])
      await expect(readSmallText(join(folder, 'pipe'))).rejects.toThrow()
    },
  )
})

describe('choosing one', () => {
  it('is the system’s dialog over the window', async () => {
    const asked: unknown[][] = []
    const dialog = {
      showOpenDialog: async (...args: unknown[]) => {
        asked.push(args)
        return { canceled: asked.length > 1, filePaths: asked.length > 1 ? [] : ['/ca.pem'] }
      },
    } as unknown as Dialog
    const window = {} as BrowserWindow
    expect(await chooseCaFile(dialog, window)).toBe('/ca.pem')
    expect(asked[0]?.[0]).toBe(window)
    expect(await chooseCaFile(dialog, undefined)).toBeUndefined()
    expect(asked[1]).toHaveLength(1)
  })
})
