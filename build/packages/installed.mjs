// What the tests install and look into: debs of two versions, the first once more to see whether it comes out the same, an
// rpm, an app for another processor, and a clean Debian. They are made side by side.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfNeeded } from '../build.mjs'
import { installOnDebian } from '../debian.mjs'
import { run, top } from '../run.mjs'

const tools = {
  debootstrap: 'debootstrap',
  lintian: 'lintian',
  'desktop-file-validate': 'desktop-file-utils',
  'update-mime-database': 'shared-mime-info',
  rpmbuild: 'rpm',
}

const folder = join(top, 'dist', 'installed')
export const root = join(folder, 'root')
const enterRoot = join(top, 'build', 'packages', 'enter-root.sh')

/** Why there is no Debian to install in; the tests say it. */
const noRoot = join(folder, 'no-root.txt')

/** What to run so that a command runs in the Debian of the tests. */
export const inRoot = (...command) => [
  'unshare',
  ['--mount', '--pid', '--fork', '--kill-child', 'sh', enterRoot, root, ...command],
]

/** @returns {string | undefined} why nothing can be installed in it on this machine, if so */
export function whyNoRoot() {
  try {
    return readFileSync(noRoot, 'utf8')
  } catch {
    return undefined
  }
}

/** @returns {Promise<string | undefined>} why packages cannot be made on this machine, if so */
export async function makePackages() {
  const why = installOnDebian(tools)
  if (why !== undefined) return why
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  buildIfNeeded()
  const [problem] = await Promise.all([makeRoot(), packAll()])
  if (problem !== undefined) writeFileSync(noRoot, problem)
}

async function packAll() {
  const quick = ['-c.deb.compression=gz', '-c.rpm.compression=gzip']
  await pack('0.1.0', ['--linux', 'deb', ...quick])
  await pack('0.1.0-again', ['--linux', 'deb', 'rpm', ...quick])
  await pack('0.2.0', ['--linux', 'deb', ...quick, '-c.extraMetadata.version=0.2.0'])
  // Around the runtime of this processor where there is no other: it is the compiled parts that are looked at.
  await pack('arm64', ['--dir', '--linux', '--arm64'])
}

async function pack(name, args) {
  const out = join(folder, name)
  const { code } = await run(
    process.execPath,
    [join(top, 'build', 'dist.mjs'), '--stand-in', ...args, `-c.directories.output=${out}`],
    { minutes: 15 },
  )
  if (code !== 0) throw new Error(`The package ${name} could not be made`)
  rmSync(join(out, 'linux-unpacked'), { recursive: true, force: true })
}

/** @returns {Promise<string | undefined>} why there can be no Debian of its own on this machine, if so */
async function makeRoot() {
  if (process.getuid() !== 0) return 'only root can make a Debian of its own'
  if (spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status !== 0) {
    return 'this machine does not allow mounts of its own'
  }
  const from = mirror()
  if (from === undefined) return 'apt names no mirror of this system'
  const log = join(folder, 'debootstrap.log')
  const script = 'log=$1; shift; exec debootstrap --variant=minbase "$@" >"$log" 2>&1'
  const { code } = await run('sh', ['-c', script, 'sh', log, from.release, root, from.address], {
    minutes: 15,
  })
  if (code !== 0) {
    const last = readFileSync(log, 'utf8').trim().split('\n').at(-1)
    return `debootstrap could not make a Debian here (${last})`
  }
  const [command, args] = inRoot('true')
  const entered = spawnSync(command, args, { encoding: 'utf8' })
  if (entered.status !== 0) return `a Debian of its own cannot be entered here (${entered.stderr.trim()})`
}

/** The same mirror that this machine uses, so that nothing else is asked. */
function mirror() {
  const release = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  const { stdout } = spawnSync(
    'apt-get',
    ['indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages'],
    { encoding: 'utf8' },
  )
  const [address] =
    stdout
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, of]) => of !== undefined && of === release) ?? []
  return address ? { address, release } : undefined
}
