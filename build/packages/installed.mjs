// The packages that the tests install: two versions, and the first once more, to see whether it comes out the same.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run, top } from '../run.mjs'

const tools = {
  debootstrap: 'debootstrap',
  lintian: 'lintian',
  'desktop-file-validate': 'desktop-file-utils',
}
const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0

/** @returns {Promise<string | undefined>} why packages cannot be installed on this machine, if so */
export async function makePackages() {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version'))
    return 'packages are installed on Debian'
  if (process.getuid() !== 0) return 'only root can install packages'
  if (spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status !== 0) {
    return 'this machine does not allow mounts of its own'
  }
  const missing = Object.keys(tools).filter((command) => !has(command))
  if (missing.length > 0) {
    const names = missing.map((command) => tools[command])
    const install = [
      'install',
      '-y',
      '-qq',
      '--no-install-recommends',
      '-o',
      'DPkg::Lock::Timeout=300',
      ...names,
    ]
    await run('apt-get', ['update', '-qq'], { minutes: 5 })
    const { code } = await run('apt-get', install, {
      minutes: 10,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (code !== 0) return `${names.join(', ')} could not be installed`
  }
  const folder = join(top, 'dist', 'installed')
  rmSync(folder, { recursive: true, force: true })
  for (const [name, version] of [
    ['0.1.0', '0.1.0'],
    ['0.1.0-again', '0.1.0'],
    ['0.2.0', '0.2.0'],
  ]) {
    const args = [
      '--stand-in',
      '--linux',
      'deb',
      '-c.deb.compression=gz',
      `-c.extraMetadata.version=${version}`,
    ]
    const { code } = await run(process.execPath, [join(top, 'build', 'dist.mjs'), ...args], { minutes: 15 })
    if (code !== 0) throw new Error(`the deb of ${version} could not be built`)
    const made = readdirSync(join(top, 'dist')).find((file) => file.endsWith('.deb'))
    mkdirSync(join(folder, name), { recursive: true })
    renameSync(join(top, 'dist', made), join(folder, name, made))
  }
}
