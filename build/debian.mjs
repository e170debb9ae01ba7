// What tests need of Debian is installed where that can be done without asking anybody: on Debian, as root.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const apt = (...args) =>
  spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    stdio: 'ignore',
    timeout: 600_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0

/** Where administrators' programs are; not on everybody's PATH. */
const folders = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`
const has = (command) =>
  spawnSync('sh', ['-c', `command -v ${command}`], { env: { ...process.env, PATH: folders } }).status === 0

/**
 * Sees to it that the commands are there.
 * @param {Readonly<Record<string, string>>} packages the package of each command
 * @returns {string | undefined} why they cannot be had on this machine, if so
 */
export function installOnDebian(packages) {
  if (process.platform !== 'linux') return 'this is no Linux'
  const missing = Object.keys(packages).filter((command) => !has(command))
  if (missing.length === 0) return undefined
  const names = missing.map((command) => packages[command])
  if (!existsSync('/etc/debian_version')) return `${names.join(', ')} is not here, and this is no Debian`
  if (process.getuid() !== 0) return `${names.join(', ')} is not here, and only root can install packages`
  apt('update')
  if (apt('install', '-y', '--no-install-recommends', ...names)) return undefined
  return `${names.join(', ')} could not be installed`
}
