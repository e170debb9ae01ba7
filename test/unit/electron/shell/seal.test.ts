import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { seal } from '../../../../build/packages/seal.mjs'
import { changedFiles, sealFile, whyChanged } from '../../../../electron/shell/seal'

const part = 'app.asar.unpacked/node_modules/some part/index.node'
let resources: string
beforeEach(() => {
  resources = mkdtempSync(join(tmpdir(), 'gungnir-seal-'))
  mkdirSync(dirname(join(resources, part)), { recursive: true })
  writeFileSync(join(resources, 'app.asar'), Buffer.alloc(100_000, 'archive'))
  writeFileSync(join(resources, part), Buffer.alloc(50_000, 'part'))
  seal(resources)
})
afterEach(() => rmSync(resources, { recursive: true, force: true }))

const changed = () => changedFiles(resources, async (path) => new Uint8Array(await readFile(path)))
const edit = (path: string, change: (bytes: Buffer) => void) => {
  const bytes = readFileSync(join(resources, path))
  change(bytes)
  writeFileSync(join(resources, path), bytes)
}

it('what is as it was packed is not changed', async () => {
  expect(await changed()).toEqual([])
})

it('one bit anywhere is', async () => {
  for (const at of [0, 1, 50_001, 99_999]) {
    edit('app.asar', (bytes) => bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at))
    expect(await changed(), String(at)).toEqual(['app.asar'])
    edit('app.asar', (bytes) => bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at))
  }
  edit(part, (bytes) => bytes.writeUInt8(0, 49_999))
  expect(await changed()).toEqual([part])
})

it('what was cut short, made longer, removed or replaced by a folder is', async () => {
  truncateSync(join(resources, 'app.asar'), 99_999)
  expect(await changed()).toEqual(['app.asar'])
  writeFileSync(
    join(resources, 'app.asar'),
    Buffer.concat([Buffer.alloc(100_000, 'archive'), Buffer.from('x')]),
  )
  expect(await changed()).toEqual(['app.asar'])
  rmSync(join(resources, part))
  expect(await changed()).toEqual(['app.asar', part])
  mkdirSync(join(resources, part))
  expect(await changed()).toEqual(['app.asar', part])
})

it('a seal that is gone, empty, torn or of something else holds nothing', async () => {
  for (const text of [
    '',
    'x',
    '\n'.repeat(1_000),
    `${'0'.repeat(64)}  other\n`,
    `${'0'.repeat(63)}  app.asar\n`,
  ]) {
    writeFileSync(join(resources, sealFile), text)
    expect(await changed(), JSON.stringify(text.slice(0, 20))).toEqual([sealFile])
  }
  rmSync(join(resources, sealFile))
  expect(await changed()).toEqual([sealFile])
})

it.skipIf(process.platform !== 'linux')('a person can check it by hand', () => {
  expect(spawnSync('sha256sum', ['-c', sealFile], { cwd: resources }).status).toBe(0)
  edit(part, (bytes) => bytes.writeUInt8(0, 0))
  expect(spawnSync('sha256sum', ['-c', sealFile], { cwd: resources }).status).toBe(1)
})

it('the reason names the files, that the data was not opened, and what to do', () => {
  expect(whyChanged(['app.asar'])).toMatch(
    /changed.*app\.asar.*Your data was not opened\. Install Gungnir again/,
  )
})
