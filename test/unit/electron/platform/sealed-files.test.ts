import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Bundle, Log } from '../../../../electron/platform/ports'
import { systemRandom } from '../../../../electron/platform/random'
import { sealedFiles } from '../../../../electron/platform/sealed-files'
import { folder, key } from '../store/support'

const clock = { wall: () => 1_700_000_000_000, mono: () => 0, after: () => () => {} }
const bundle = {
  facts: { secret: 'Ødegård', list: [1, null] },
  arrays: [
    Uint8Array.from({ length: 5_000_001 }, (_, at) => at % 251),
    new Uint16Array([1, 65535]),
    new Uint32Array([7, 2 ** 32 - 1]),
    new Uint8Array(0),
  ],
}

/** Millions of numbers: what compares them one by one takes half a minute. */
const same = (a: Bundle | undefined, b: Bundle): boolean =>
  a !== undefined &&
  JSON.stringify(a.facts) === JSON.stringify(b.facts) &&
  a.arrays.length === b.arrays.length &&
  a.arrays.every(({ BYTES_PER_ELEMENT, buffer, byteOffset, byteLength }, at) => {
    const other = b.arrays[at]
    return (
      other?.BYTES_PER_ELEMENT === BYTES_PER_ELEMENT &&
      Buffer.from(buffer, byteOffset, byteLength).equals(
        Buffer.from(other.buffer, other.byteOffset, other.byteLength),
      )
    )
  })

const setUp = (directory = join(folder(), 'index'), secret = key()) => {
  const warned: unknown[] = []
  const log: Log = { info: () => {}, warn: (event, facts) => warned.push([event, facts]), error: () => {} }
  return {
    directory,
    warned,
    files: sealedFiles({ directory, key: secret, random: systemRandom(clock), log }),
  }
}

describe('sealed files', () => {
  it('give back what was written, under any name', async () => {
    const { files, directory } = setUp()
    await files.write('../a/\\:?', bundle)
    await files.write('other', { facts: 1, arrays: [] })
    expect(same(await files.read('../a/\\:?'), bundle)).toBe(true)
    expect(await files.read('other')).toEqual({ facts: 1, arrays: [] })
    expect(await files.read('nobody')).toBeUndefined()
    expect(readdirSync(directory)).toHaveLength(2)
    await files.remove('other')
    await files.remove('other')
    expect(await files.read('other')).toBeUndefined()
  })

  it('are swept away when nobody uses them, also half-written ones, and no others', async () => {
    const { files, directory, warned } = setUp()
    await files.sweep(['a'])
    for (const name of ['a', 'b', '../c']) await files.write(name, { facts: name, arrays: [] })
    writeFileSync(join(directory, 'half.sealed.new'), 'x')
    await files.sweep(['a', '../c', 'nobody'])
    expect(readdirSync(directory)).toHaveLength(2)
    expect(await files.read('a')).toMatchObject({ facts: 'a' })
    expect(await files.read('../c')).toMatchObject({ facts: '../c' })
    expect(await files.read('b')).toBeUndefined()
    expect(warned).toEqual([])
  })

  it('show nothing without the key, and do not open with another one', async () => {
    const { files, directory } = setUp()
    await files.write('a', bundle)
    const [name = ''] = readdirSync(directory)
    const bytes = readFileSync(join(directory, name))
    expect(bytes.includes('secret')).toBe(false)
    expect(bytes.includes(Buffer.from(bundle.arrays[0]?.subarray(0, 64) ?? []))).toBe(false)
    const stranger = setUp(directory, key(8))
    expect(await stranger.files.read('a')).toBeUndefined()
    expect(stranger.warned).toHaveLength(1)
  })

  it('count as none when a byte is wrong, some are missing, or something else lies there', async () => {
    const { files, directory, warned } = setUp()
    await files.write('a', bundle)
    const [name = ''] = readdirSync(directory)
    const path = join(directory, name)
    const good = readFileSync(path)
    for (const at of [0, 12, 28, 40, good.length - 1]) {
      const bad = Buffer.from(good)
      bad.writeUInt8(bad.readUInt8(at) ^ 1, at)
      writeFileSync(path, bad)
      expect(await files.read('a'), `byte ${at}`).toBeUndefined()
    }
    for (const length of [0, 10, 28, 100, good.length - 1]) {
      writeFileSync(path, good.subarray(0, length))
      expect(await files.read('a'), `${length} bytes`).toBeUndefined()
    }
    expect(warned).toHaveLength(10)
    writeFileSync(path, good)
    expect(same(await files.read('a'), bundle)).toBe(true)
  })
})
