import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot, root } from '../../build/packages/installed.mjs'

/** A clean Debian of its own, in a folder, for installing and removing packages as on a person's machine. */
export interface SystemRoot {
  readonly folder: string
  /** Runs a command in it as root. @returns what it printed. @throws with what it printed when it fails */
  run(command: string, ...args: string[]): string
  /** Starts a command in it as an ordinary user with a session bus and a keyring, on this test's display. */
  start(user: string, command: string, ...args: string[]): ChildProcess
  exists(path: string): boolean
}

const through = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  }),
)

/** The Debian that `npm test -- installed` has made. */
export function openSystemRoot(): SystemRoot {
  for (const path of ['/etc/resolv.conf', '/etc/hosts']) {
    if (existsSync(path)) cpSync(path, join(root, path), { dereference: true })
  }
  // Whoever throws the system away afterwards need not wait until every file is safe on the disk.
  writeFileSync(join(root, 'etc', 'dpkg', 'dpkg.cfg.d', 'for-tests'), 'force-unsafe-io\n')
  writeFileSync(join(root, 'etc', 'apt', 'apt.conf.d', 'for-tests'), 'Acquire::Retries "3";\n')
  // One password for every session, as a person has: else the next one could not open the keyring.
  const password = randomBytes(24).toString('base64')
  writeFileSync(
    join(root, 'usr', 'bin', 'in-session'),
    `#!/bin/sh\nprintf %s '${password}' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\nexec "$@"\n`,
    { mode: 0o755 },
  )
  mkdirSync(join(root, 'packages'), { recursive: true })
  return {
    folder: root,
    run(command, ...args) {
      const done = spawnSync(...inRoot(command, ...args), {
        encoding: 'utf8',
        env: {
          ...through,
          PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
          DEBIAN_FRONTEND: 'noninteractive',
          LC_ALL: 'C.UTF-8',
        },
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
        ...inRoot(
          ...['runuser', '-u', user, '--', 'env', '-i', ...environment],
          ...['dbus-run-session', '--', 'in-session', command, ...args],
        ),
        { stdio: ['ignore', 'pipe', 'pipe'] },
      )
    },
    exists: (path) => existsSync(join(root, path)),
  }
}
