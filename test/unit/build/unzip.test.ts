import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unzip } from '../../../build/unzip.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-unzip-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Entry {
  name: string
  content?: string
  mode?: number
  packed?: boolean
  /** What the directory claims, when it lies. */
  claimedSize?: number
}

function zip(entries: Entry[]): string {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content = '', mode = 0o100644, packed = true, claimedSize } of entries) {
    const raw = Buffer.from(content)
    const data = packed ? deflateRawSync(raw) : raw
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(Buffer.byteLength(name), 26)
    // A local header may have extra bytes that the directory has not.
    local.writeUInt16LE(4, 28)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(packed ? 8 : 0, 10)
    central.writeUInt32LE(data.length, 20)
    central.writeUInt32LE(claimedSize ?? raw.length, 24)
    central.writeUInt16LE(Buffer.byteLength(name), 28)
    central.writeUInt32LE((mode << 16) >>> 0, 38)
    central.writeUInt32LE(offset, 42)
    const file = Buffer.concat([local, Buffer.from(name), Buffer.alloc(4), data])
    files.push(file)
    directory.push(central, Buffer.from(name))
    offset += file.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  const path = join(folder, 'a.zip')
  writeFileSync(path, Buffer.concat([...files, list, end]))
  return path
}

const target = () => join(folder, 'out')

describe('unzip', () => {
  it('unpacks packed and stored files with their modes, and links as links', () => {
    const archive = zip([
      { name: 'top/' },
      { name: 'top/run', content: 'x'.repeat(10_000), mode: 0o100755 },
      { name: 'top/é/read', content: 'as it is', packed: false },
      { name: 'top/link', content: 'run', mode: 0o120777 },
    ])
    unzip(archive, target(), (name) => name.replace('top/', ''))
    expect(readFileSync(join(target(), 'run'), 'utf8')).toBe('x'.repeat(10_000))
    expect(lstatSync(join(target(), 'run')).mode & 0o777).toBe(0o755)
    expect(readFileSync(join(target(), 'é/read'), 'utf8')).toBe('as it is')
    expect(lstatSync(join(target(), 'é/read')).mode & 0o777).toBe(0o644)
    expect(readlinkSync(join(target(), 'link'))).toBe('run')
  })

  it('leaves out what has no new name', () => {
    const archive = zip([
      { name: 'keep', content: '1' },
      { name: 'drop', content: '2' },
    ])
    unzip(archive, target(), (name) => (name === 'drop' ? undefined : 'kept'))
    expect(readdirSync(target())).toEqual(['kept'])
  })

  it('never writes outside its folder', () => {
    const archive = zip([{ name: '../escaped', content: '1' }])
    expect(() => unzip(archive, target(), (name) => name)).toThrow(/leave the folder/)
    expect(readdirSync(folder)).toEqual(['a.zip'])
  })

  it('refuses what is not a zip archive, and a damaged one', () => {
    writeFileSync(join(folder, 'text'), 'not an archive')
    expect(() => unzip(join(folder, 'text'), target(), (name) => name)).toThrow(/not a zip/)
    const damaged = zip([{ name: 'a', content: 'four', claimedSize: 5 }])
    expect(() => unzip(damaged, target(), (name) => name)).toThrow(/a: damaged/)
  })
})
