import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownFiles, replaceAppImage } from '../../../../electron/shell/updater'

describe('what the app may replace', () => {
  const at = (env: NodeJS.ProcessEnv, isPackaged = true) => ({
    isPackaged,
    program: '/tmp/.mount_x/gungnir',
    env,
  })

  it('is its own AppImage, and never the one that it was started from', () => {
    expect(ownFiles('linux', at({ APPIMAGE: '/home/ana/G.AppImage', APPDIR: '/tmp/.mount_x' }))).toEqual({
      kind: 'appimage',
      file: '/home/ana/G.AppImage',
    })
    expect(
      ownFiles('linux', at({ APPIMAGE: '/home/ana/Other.AppImage', APPDIR: '/tmp/.mount_y' })),
    ).toBeUndefined()
    expect(ownFiles('linux', at({ APPIMAGE: '/home/ana/Other.AppImage' }))).toBeUndefined()
  })

  it('is nothing of what a package manager put there, nor of what was not installed', () => {
    expect(ownFiles('linux', at({}))).toBeUndefined()
    expect(ownFiles('win32', at({}, false))).toBeUndefined()
    expect(ownFiles('darwin', at({}, false))).toBeUndefined()
    expect([ownFiles('win32', at({})), ownFiles('darwin', at({}))]).toEqual([
      { kind: 'nsis' },
      { kind: 'mac' },
    ])
  })
})

describe('an AppImage', () => {
  let folder: string
  let place: string
  let fresh: string
  const bytes = Buffer.from('the new one')
  const offerOf = (content: Buffer) => ({
    file: {
      name: 'G.AppImage',
      size: content.length,
      sha512: createHash('sha512').update(content).digest('base64'),
    },
  })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gungnir-appimage-'))
    place = join(folder, 'Gungnir.AppImage')
    fresh = join(folder, 'fetched')
    writeFileSync(place, 'the old one')
    writeFileSync(fresh, bytes)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is replaced in one step, under its own name, and can be run', () => {
    replaceAppImage(fresh, place, offerOf(bytes))
    expect(readFileSync(place, 'utf8')).toBe('the new one')
    expect(statSync(place).mode & 0o777).toBe(0o755)
    expect(readdirSync(folder).sort()).toEqual(['Gungnir.AppImage', 'fetched'])
  })

  it('stays as it was when what was fetched is damaged by then, or gone', () => {
    writeFileSync(fresh, 'the bad one')
    expect(() => replaceAppImage(fresh, place, offerOf(bytes))).toThrow('damaged')
    rmSync(fresh)
    expect(() => replaceAppImage(fresh, place, offerOf(bytes))).toThrow('ENOENT')
    expect(readFileSync(place, 'utf8')).toBe('the old one')
    expect(existsSync(`${place}.new`)).toBe(false)
  })
})
