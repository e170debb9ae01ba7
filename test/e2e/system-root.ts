import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A clean Debian of its own, in a folder, for installing and removing packages as on a person's machine. */
export interface SystemRoot {
  readonly folder: string
  /** Runs a command in it as root. @returns what it printed. @throws with what it printed when it fails */
  run(command: string, ...args: string[]): string
  /** Starts a command in it as an ordinary user with a session bus and a keyring, on this test's display. */
  start(user: string, command: string, ...args: string[]): ChildProcess
  exists(path: string): boolean
  remove(): void
}

/**
 * Becomes the root of a process tree of its own: not by chroot, in which the kernel forbids the user namespaces that
 * Chromium's sandbox is made of, but by pivot_root. Every mount and process ends with the command.
 */
const enter = `
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mkdir -p dev/shm
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs tmpfs run
mkdir -p mnt
pivot_root . mnt
umount -l /mnt
shift
exec "$@"
`

/** The same mirror that this machine uses, so that nothing else is asked. */
function mirror(): { address: string; release: string } {
  const said = execFileSync(
    'apt-get',
    ['indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages'],
    { encoding: 'utf8' },
  )
  for (const line of said.split('\n')) {
    const [address, release] = line.split(' ')
    if (address && release && /^[a-z]+$/.test(release)) return { address, release }
  }
  throw new Error(`apt names no mirror with a plain release: ${said}`)
}

export function makeSystemRoot(): SystemRoot {
  const work = mkdtempSync(join(tmpdir(), 'gungnir-system-'))
  const folder = join(work, 'root')
  const { address, release } = mirror()
  const remove = () => rmSync(work, { recursive: true, force: true })
  const inside = (args: string[]) => [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    'sh',
    '-c',
    enter,
    'enter',
    folder,
    ...args,
  ]
  try {
    execFileSync('debootstrap', ['--variant=minbase', release, folder, address], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const path of ['/etc/resolv.conf', '/etc/hosts']) {
      if (existsSync(path)) cpSync(path, join(folder, path), { dereference: true })
    }
    // One password for every session, as a person has: else the next one could not open the keyring.
    const password = randomBytes(24).toString('base64')
    writeFileSync(
      join(folder, 'usr', 'bin', 'in-session'),
      `#!/bin/sh\nprintf %s '${password}' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\nexec "$@"\n`,
      { mode: 0o755 },
    )
    mkdirSync(join(folder, 'packages'))
  } catch (error) {
    remove()
    throw error
  }
  return {
    folder,
    run(command, ...args) {
      const done = spawnSync('unshare', inside([command, ...args]), {
        encoding: 'utf8',
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
        maxBuffer: 64 * 1024 * 1024,
      })
      if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}:\n${done.stdout}${done.stderr}`)
      return `${done.stdout}${done.stderr}`
    },
    start(user, command, ...args) {
      const environment = [
        `HOME=/home/${user}`,
        `DISPLAY=${process.env.DISPLAY ?? ''}`,
        'LC_ALL=C.UTF-8',
        'PATH=/usr/bin:/bin',
      ]
      return spawn(
        'unshare',
        inside([
          'runuser',
          '-u',
          user,
          '--',
          'env',
          '-i',
          ...environment,
          'dbus-run-session',
          '--',
          'in-session',
          command,
          ...args,
        ]),
        { stdio: ['ignore', 'pipe', 'pipe'] },
      )
    },
    exists: (path) => existsSync(join(folder, path)),
    remove,
  }
}
