// The packages that the tests install: two versions, and the first once more, to see whether it comes out the same.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { installOnDebian } from '../debian.mjs'
import { run, top } from '../run.mjs'

const tools = {
  debootstrap: 'debootstrap',
  lintian: 'lintian',
  'desktop-file-validate': 'desktop-file-utils',
}

/** @returns {Promise<string | undefined>} why packages cannot be installed on this machine, if so */
export async function makePackages() {
  const why = installOnDebian(tools)
  if (why !== undefined) return why
  if (spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status !== 0) {
    return 'this machine does not allow mounts of its own'
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
