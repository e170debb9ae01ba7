// The compiled parts that an app for one platform and processor must carry, and no others: libsql (the database) and
// keytar (the keychain). npm installs those of the building machine only.
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { npm } from '../npm.mjs'
import { top } from '../run.mjs'

/** electron-builder's numbers of processors (`Arch` of builder-util). */
const processors = ['ia32', 'x64', 'armv7l', 'arm64', 'universal']

/** @returns {string} as Node names it */
export function processorOf(arch) {
  return typeof arch === 'number' ? (processors[arch] ?? String(arch)) : arch
}

/**
 * @param {string} platform as Node names it: linux, darwin, win32
 * @param {string} processor as Node names it: x64, arm64
 * @returns {{ libsql: string, keytar: string }} the package of libsql and the folder of keytar's prebuilds
 * @throws with the reason when an app for this platform and processor could not work
 */
export function partsFor(platform, processor) {
  const target = `${platform}-${processor}`
  const libsql = {
    'linux-x64': '@libsql/linux-x64-gnu',
    'linux-arm64': '@libsql/linux-arm64-gnu',
    'darwin-x64': '@libsql/darwin-x64',
    'darwin-arm64': '@libsql/darwin-arm64',
    'win32-x64': '@libsql/win32-x64-msvc',
  }[target]
  if (libsql === undefined) {
    throw new Error(
      `There is no app for ${target}: libsql, which holds the database, has no native part for it.${
        target === 'win32-arm64' ? ' Windows on Arm runs the app for x64.' : ''
      }`,
    )
  }
  return { libsql, keytar: target }
}

/** Where parts for another machine than this one are kept while packing. electron-builder.yml takes them from there. */
export function stageFor(platform, processor) {
  return join(top, '.cache', 'native', `${platform}-${processor}`)
}

/** Fetches what npm has not installed here because it is for another machine. */
export function stage(platform, processor) {
  const { libsql } = partsFor(platform, processor)
  if (existsSync(join(top, 'node_modules', libsql, 'package.json'))) return
  const { version } = JSON.parse(readFileSync(join(top, 'node_modules', 'libsql', 'package.json'), 'utf8'))
  const folder = stageFor(platform, processor)
  rmSync(folder, { recursive: true, force: true })
  // Asked for by its own name npm would refuse the part; as what libsql needs on that machine it brings it.
  const libc = platform === 'linux' ? ['--libc=glibc'] : []
  npm([
    ...[
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-package-lock',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
    ],
    ...[`--os=${platform}`, `--cpu=${processor}`, ...libc, `libsql@${version}`],
  ])
}

/** What a compiled file is for, by its first bytes. */
export function machineOf(file) {
  const head = Buffer.alloc(4096)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, head, 0, head.length, 0)
  } finally {
    closeSync(handle)
  }
  if (head.readUInt32BE(0) === 0x7f454c46) {
    const processor = { 62: 'x64', 183: 'arm64', 3: 'ia32', 40: 'arm' }[head.readUInt16LE(18)]
    return `linux-${processor ?? 'unknown'}`
  }
  if (head.readUInt32LE(0) === 0xfeedfacf) {
    const processor = new Map([
      [0x01000007, 'x64'],
      [0x0100000c, 'arm64'],
    ]).get(head.readUInt32LE(4))
    return `darwin-${processor ?? 'unknown'}`
  }
  if (head.readUInt16LE(0) === 0x5a4d) {
    const at = head.readUInt32LE(0x3c)
    const processor =
      at < 4000
        ? new Map([
            [0x8664, 'x64'],
            [0xaa64, 'arm64'],
            [0x14c, 'ia32'],
          ]).get(head.readUInt16LE(at + 4))
        : undefined
    return `win32-${processor ?? 'unknown'}`
  }
  return 'unknown'
}

/**
 * Looks into a packed app.
 *
 * @param {string} resources the folder with app.asar
 * @returns {string[]} what is wrong, in words; empty when exactly the right compiled parts are inside
 */
export function wrongParts(resources, platform, processor) {
  const wanted = partsFor(platform, processor)
  const unpacked = join(resources, 'app.asar.unpacked', 'node_modules')
  const found = existsSync(unpacked)
    ? readdirSync(unpacked, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.node'))
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    : []
  const problems = []
  const inside = found.map((file) => relative(unpacked, file).replaceAll('\\', '/'))
  for (const start of [`${wanted.libsql}/`, `keytar/prebuilds/${wanted.keytar}/`]) {
    const count = inside.filter((path) => path.startsWith(start)).length
    if (count !== 1)
      problems.push(`${count === 0 ? 'nothing' : `${count} files`} under ${start}, where one is needed`)
  }
  for (const [at, path] of inside.entries()) {
    const machine = machineOf(found[at])
    if (machine !== `${platform}-${processor}`) problems.push(`${path} is for ${machine}`)
    else if (!path.startsWith(`${wanted.libsql}/`) && !path.startsWith('keytar/prebuilds/')) {
      problems.push(`${basename(path)} is none of the parts that are known: ${path}`)
    }
  }
  return problems
}
