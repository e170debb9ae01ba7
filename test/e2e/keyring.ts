import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from './app'

/** A session bus and a keyring of one test's own, with a password that the test knows. */
export interface OwnKeyring {
  /** Of its bus. */
  readonly address: string
  /** Opens it, as a person does who signs in. What was in it before is in it again. */
  unlocked(): Promise<void>
  lock(): void
  remove(): Promise<void>
}

const service = '/org/freedesktop/secrets'
const collections = ['login', 'session'].map((name) => `${service}/collection/${name}`)

export async function ownKeyring(): Promise<OwnKeyring> {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-keyring-'))
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [address] = (await once(createInterface({ input: bus.stdout }), 'line')) as [string]
  const env = {
    ...process.env,
    DBUS_SESSION_BUS_ADDRESS: address,
    XDG_DATA_HOME: folder,
    XDG_RUNTIME_DIR: folder,
  }
  let daemon: ChildProcess | undefined

  const send = (to: string, path: string, ...call: string[]): string =>
    spawnSync('dbus-send', ['--session', '--print-reply=literal', `--dest=${to}`, path, ...call], {
      env,
      encoding: 'utf8',
    }).stdout
  const isThere = (): boolean =>
    send(
      'org.freedesktop.DBus',
      '/',
      'org.freedesktop.DBus.NameHasOwner',
      'string:org.freedesktop.secrets',
    ).includes('true')
  const end = async (child: ChildProcess | undefined): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill()
    await ended
  }

  return {
    address,
    async unlocked() {
      await end(daemon)
      const args = [
        '--foreground',
        '--unlock',
        '--components=secrets',
        `--control-directory=${folder}/control`,
      ]
      const started = spawn('gnome-keyring-daemon', args, { env, stdio: ['pipe', 'ignore', 'ignore'] })
      daemon = started
      started.stdin.end('a password that the test knows')
      await expect.poll(isThere).toBe(true)
    },
    lock() {
      const said = send(
        'org.freedesktop.secrets',
        service,
        'org.freedesktop.Secret.Service.Lock',
        `array:objpath:${collections.join()}`,
      )
      expect(said).toContain(collections[0])
    },
    async remove() {
      await end(daemon)
      await end(bus)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
