import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserWindow, Dialog } from 'electron'
import { afterAll, describe, expect, it } from 'vitest'
import { chooseCaFile, openReader, openWithDialog, readSmallText } from '../../../../electron/shell/files'

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

describe('a file that another program writes to while it is read', () => {
  const path = join(folder, 'users.csv')
  const dialog = { showOpenDialog: async () => ({ canceled: false, filePaths: [path] }) } as unknown as Dialog
  const request = { title: '', kind: '', extensions: [], mostBytes: 100_000_000 }
  const size = 32_000_000
  const fresh = Buffer.alloc(size, 'a,b\n')

  it.each([
    ['grows', () => appendFileSync(path, 'x')],
    ['is cut', () => truncateSync(path, statSync(path).size - 1)],
  ])('and %s is refused: half of it would be taken for the whole', async (_, disturb) => {
    writeFileSync(path, fresh)
    let done = false
    const reading = openWithDialog(dialog, undefined, request)
      .then(
        () => 'read',
        (error: Error) => error.message,
      )
      .finally(() => {
        done = true
      })
    // It is read in many turns of the event loop, and changes in each.
    while (!done) {
      disturb()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await reading).toBe('The file changed while it was read.')
  })

  it('is read when nobody writes to it', async () => {
    writeFileSync(path, fresh)
    const file = await openWithDialog(dialog, undefined, request)
    expect([file?.name, file?.bytes.length]).toEqual(['users.csv', size])
    await expect(openWithDialog(dialog, undefined, { ...request, mostBytes: size - 1 })).rejects.toThrow(
      'at most 31999999 can be read',
    )
  })

  it('and is cut between two pieces is refused when these are read one by one', async () => {
    writeFileSync(path, fresh)
    const reader = await openReader(path)
    const pieces = reader.bytes(0, reader.size)[Symbol.asyncIterator]()
    expect((await pieces.next()).done).toBe(false)
    truncateSync(path, 300_000)
    appendFileSync(path, 'x')
    const rest = async () => {
      while (!(await pieces.next()).done);
    }
    await expect(rest()).rejects.toThrow('The file became shorter while it was read.')
    await reader.close()
  })
})
