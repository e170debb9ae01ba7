import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { machineOf, partsFor, processorOf, wrongParts } from '../../../../build/packages/native.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gungnir-parts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The first bytes of a compiled file. */
const heads = {
  'linux-x64': () => elf(62),
  'linux-arm64': () => elf(183),
  'darwin-arm64': () => {
    const head = Buffer.alloc(64)
    head.writeUInt32LE(0xfeedfacf, 0)
    head.writeUInt32LE(0x0100000c, 4)
    return head
  },
  'win32-x64': () => {
    const head = Buffer.alloc(512)
    head.writeUInt16LE(0x5a4d, 0)
    head.writeUInt32LE(128, 0x3c)
    head.write('PE\0\0', 128)
    head.writeUInt16LE(0x8664, 132)
    return head
  },
}
function elf(machine: number): Buffer {
  const head = Buffer.alloc(64)
  head.writeUInt32BE(0x7f454c46, 0)
  head.writeUInt16LE(machine, 18)
  return head
}

const put = (path: string, content: Buffer | string): void => {
  const file = join(folder, 'app.asar.unpacked', 'node_modules', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

describe('the machine that a compiled file is for', () => {
  it.each(Object.entries(heads))('%s', (machine, head) => {
    writeFileSync(join(folder, 'part.node'), head())
    expect(machineOf(join(folder, 'part.node'))).toBe(machine)
  })

  it('is not known for a text or an empty file', () => {
    for (const content of ['#!/bin/sh\n', '']) {
      writeFileSync(join(folder, 'part.node'), content)
      expect(machineOf(join(folder, 'part.node'))).toBe('unknown')
    }
  })
})

describe('a packed app', () => {
  const right = (): void => {
    put('@libsql/linux-arm64-gnu/index.node', heads['linux-arm64']())
    put('keytar/prebuilds/linux-arm64/keytar.node', heads['linux-arm64']())
  }

  it('has exactly the parts of its machine', () => {
    right()
    expect(wrongParts(folder, 'linux', 'arm64')).toEqual([])
  })

  it('is refused without its database part: that of the packing machine does not help', () => {
    put('@libsql/linux-x64-gnu/index.node', heads['linux-x64']())
    put('keytar/prebuilds/linux-arm64/keytar.node', heads['linux-arm64']())
    expect(wrongParts(folder, 'linux', 'arm64')).toEqual([
      'nothing under @libsql/linux-arm64-gnu/, where one is needed',
      '@libsql/linux-x64-gnu/index.node is for linux-x64',
    ])
  })

  it('is refused with one more for another C library, with a file for another machine under the right name, and empty', () => {
    right()
    put('@libsql/linux-arm64-musl/index.node', heads['linux-arm64']())
    expect(wrongParts(folder, 'linux', 'arm64')).toEqual([expect.stringContaining('linux-arm64-musl')])
    rmSync(join(folder, 'app.asar.unpacked'), { recursive: true })
    put('@libsql/linux-arm64-gnu/index.node', heads['linux-x64']())
    put('keytar/prebuilds/linux-arm64/keytar.node', heads['linux-arm64']())
    expect(wrongParts(folder, 'linux', 'arm64')).toEqual([
      '@libsql/linux-arm64-gnu/index.node is for linux-x64',
    ])
    rmSync(join(folder, 'app.asar.unpacked'), { recursive: true })
    expect(wrongParts(folder, 'linux', 'arm64')).toHaveLength(2)
  })

  it('for Windows on Arm is refused with the reason and the way round it', () => {
    expect(() => partsFor('win32', processorOf(3))).toThrow(/libsql.*no native part.*runs the app for x64/)
  })
})
