// What is fetched once for a machine: large packages of npm's that are not part of the project's own.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { withLock } from './lock.mjs'
import { npm } from './npm.mjs'

export function cacheFolder() {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gungnir')
  mkdirSync(folder, { recursive: true })
  return folder
}

/**
 * A folder of the cache that is made when it is not there yet, beside its final place: what has the final name is always
 * complete. Safe to call from several processes at once.
 *
 * @param {string} name of the folder
 * @param {(work: string) => Promise<string>} make fills a folder for this work and returns which part of it is the result
 * @param {string} waiting said when another process is making it
 * @returns {Promise<string>} the folder
 */
export async function onceInCache(name, make, waiting) {
  const folder = join(cacheFolder(), name)
  if (existsSync(folder)) return folder
  await withLock(
    `${folder}.lock`,
    async () => {
      if (!existsSync(folder)) await makeOnce(folder, make)
    },
    () => process.stderr.write(`${waiting}\n`),
  )
  return folder
}

async function makeOnce(folder, make) {
  removeAbandoned(folder)
  const work = mkdtempSync(`${folder}-`)
  const removeWork = () => rmSync(work, { recursive: true, force: true })
  process.once('exit', removeWork)
  try {
    renameSync(await make(work), folder)
  } finally {
    process.removeListener('exit', removeWork)
    removeWork()
  }
}

/** A killed run leaves its half-made folder. We hold the lock, so nobody is working in any of them. */
function removeAbandoned(folder) {
  for (const name of readdirSync(dirname(folder))) {
    if (name.startsWith(`${basename(folder)}-`)) rmSync(join(dirname(folder), name), { recursive: true })
  }
}

/**
 * Fetches one package as the archive that was looked at.
 *
 * @param {{ package: string, integrity: string }} wanted name with version, and what npm says of its bytes
 * @returns {Promise<string>} the archive
 * @throws when it is another one
 */
export async function packageFrom(wanted, into) {
  npm(['pack', wanted.package, '--pack-destination', into, '--silent', '--prefer-offline'], { quiet: true })
  const name = readdirSync(into).find((file) => file.endsWith('.tgz'))
  if (!name) throw new Error(`npm pack left no archive of ${wanted.package}`)
  const tarball = join(into, name)
  const hash = createHash('sha512')
  await pipeline(createReadStream(tarball), hash)
  const found = `sha512-${hash.digest('base64')}`
  if (found !== wanted.integrity) {
    throw new Error(
      `${wanted.package} is not the archive that was checked: expected ${wanted.integrity}, got ${found}`,
    )
  }
  return tarball
}

export function run(command, args) {
  const done = spawnSync(command, args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${command}: ${done.error?.message ?? done.stderr}`)
}
