import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { electronPath } from '../../build/electron-path.mjs'
import { playwrightLoader } from '../../build/launch.mjs'
import type { Runtime } from './app'
import { top } from './top'

/** A place in which somebody without privileges runs the app, with a desktop of their own. */
export interface Unprivileged {
  readonly runtime: Runtime
  readonly profile: string
  remove(): void
}

/**
 * Root only: makes a user for this run and gives them copies of the runtime and the app, since nobody else may look
 * into root's own folders.
 *
 * @returns the reason in words when this machine does not allow it
 */
export async function makeUnprivileged(): Promise<Unprivileged | string> {
  if (!has('useradd') || !has('runuser')) return 'useradd and runuser are needed to make a user for the run'
  const user = `gungnir-${process.pid}`
  const home = mkdtempSync(join(tmpdir(), 'gungnir-user-'))
  const remove = () => {
    // Whatever a failed test left running is this user's, and this user's only.
    spawnSync('pkill', ['-KILL', '-u', user])
    spawnSync('userdel', ['--force', user])
    rmSync(home, { recursive: true, force: true })
  }
  try {
    execFileSync('useradd', ['--no-create-home', '--home-dir', home, '--shell', '/bin/sh', user])
    const namespace = spawnSync('runuser', ['-u', user, '--', 'unshare', '--user', '--pid', '--fork', 'true'])
    if (namespace.status !== 0) {
      remove()
      return 'this machine does not let an unprivileged user make a user namespace, which the sandbox needs'
    }
    const app = join(home, 'app')
    copyApp(app)
    cpSync(dirname((await electronPath()).path), join(home, 'electron'), { recursive: true })
    const start = join(home, 'start')
    writeFileSync(
      start,
      `#!/bin/sh
exec runuser -u ${user} -- env -i HOME=${home} PATH="$PATH" LC_ALL=en_US.UTF-8 \\
  ${home}/with-desktop.sh ${home}/electron/electron "$@"
`,
    )
    copyFileSync(join(top, 'build', 'with-desktop.sh'), join(home, 'with-desktop.sh'))
    const loader = join(home, 'loader.cjs')
    copyFileSync(playwrightLoader, loader)
    chmodSync(start, 0o755)
    chmodSync(join(home, 'with-desktop.sh'), 0o755)
    const profile = join(home, 'profile')
    mkdirSync(profile)
    execFileSync('chown', ['-R', user, home])
    const gpu = existsSync('/dev/dri') ? [] : ['--disable-gpu']
    return {
      runtime: { executable: start, args: ['-r', loader, ...gpu, '--log-level=3', '.'], cwd: app },
      profile,
      remove,
    }
  } catch (error) {
    remove()
    throw error
  }
}

function has(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
}

/** What the app needs at run time: its build and the packages that are not for development. */
function copyApp(folder: string): void {
  mkdirSync(folder)
  copyFileSync(join(top, 'package.json'), join(folder, 'package.json'))
  cpSync(join(top, 'out'), join(folder, 'out'), { recursive: true })
  const lock = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>
  }
  for (const [path, { dev, devOptional }] of Object.entries(lock.packages)) {
    if (path === '' || dev || devOptional || !existsSync(join(top, path))) continue
    cpSync(join(top, path), join(folder, path), { recursive: true })
  }
}
