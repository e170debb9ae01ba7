import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { installOnDebian } from '../../../build/debian.mjs'
import { closedPort } from '../../unit/electron/platform/http-servers'

/** Why the proxies that people have cannot be tried on this machine, if so. */
export const noProxies: string | undefined =
  installOnDebian({ squid: 'squid', danted: 'dante-server', openssl: 'openssl' }) ??
  (spawnSync('unshare', ['--mount', 'true']).status === 0 ? undefined : 'no mounts of its own are allowed')

export const signIn = { username: 'gungnir-ana', password: 'pröxy-canary-4711' }

interface Proxy {
  readonly port: number
  readonly stop: () => Promise<void>
}

const running = new Set<() => Promise<void>>()
afterEach(async () => {
  await Promise.all([...running].map((stop) => stop()))
})

const hashed = (form: '-apr1' | '-6'): string =>
  spawnSync('openssl', ['passwd', form, signIn.password], { encoding: 'utf8' }).stdout.trim()

/** Starts a program in a folder of its own and waits until its port answers. */
async function startProxy(
  configure: (folder: string, port: number) => readonly [command: string, ...args: string[]],
): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'gungnir-proxy-'))
  // It gives up being root, and then has to read and write here.
  chmodSync(folder, 0o777)
  const port = await closedPort()
  const [command, ...args] = configure(folder, port)
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async () => {
    running.delete(stop)
    kill(child)
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  running.add(stop)
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { port, stop }
}

/** With what it has started. */
function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

/** Squid, which makes tunnels to any port for whoever signs in; for everybody where `open`. */
export const squid = ({ open = false } = {}): Promise<Proxy> =>
  startProxy((folder, port) => {
    writeFileSync(join(folder, 'people'), `${signIn.username}:${hashed('-apr1')}\n`)
    writeFileSync(
      join(folder, 'squid.conf'),
      [
        `http_port 127.0.0.1:${port}`,
        `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${join(folder, 'people')}`,
        'auth_param basic utf8 on',
        'auth_param basic realm Head office',
        'acl known proxy_auth REQUIRED',
        open ? 'http_access allow all' : 'http_access allow known',
        'http_access deny all',
        'cache deny all',
        'shutdown_lifetime 0 seconds',
        'pid_filename none',
        `access_log stdio:${join(folder, 'log')}`,
        `cache_log ${join(folder, 'cache.log')}`,
        `coredump_dir ${folder}`,
        'netdb_filename none',
        '',
      ].join('\n'),
    )
    return ['squid', '-N', '-f', join(folder, 'squid.conf')]
  })

/** Dante, a SOCKS5 proxy. It knows the people of the system: in a mount of its own, one more than there are. */
export const dante = ({ open = false } = {}): Promise<Proxy> =>
  startProxy((folder, port) => {
    for (const name of ['passwd', 'shadow']) copyFileSync(`/etc/${name}`, join(folder, name))
    appendFileSync(join(folder, 'passwd'), `${signIn.username}:x:64321:64321::/nonexistent:/bin/false\n`)
    appendFileSync(join(folder, 'shadow'), `${signIn.username}:${hashed('-6')}:19000:0:99999:7:::\n`)
    const method = open ? 'none' : 'username'
    writeFileSync(
      join(folder, 'danted.conf'),
      [
        `logoutput: ${join(folder, 'log')}`,
        `internal: 127.0.0.1 port = ${port}`,
        'external: 127.0.0.1',
        `socksmethod: ${method}`,
        'clientmethod: none',
        'user.privileged: root',
        'user.unprivileged: nobody',
        'client pass {\n from: 127.0.0.0/8 to: 0.0.0.0/0\n}',
        'socks pass {\n from: 127.0.0.0/8 to: 0.0.0.0/0\n command: connect\n log: connect error\n}',
        '',
      ].join('\n'),
    )
    const script = [
      `mount --bind ${join(folder, 'passwd')} /etc/passwd`,
      `mount --bind ${join(folder, 'shadow')} /etc/shadow`,
      `exec danted -f ${join(folder, 'danted.conf')}`,
    ].join(' && ')
    return ['unshare', '--mount', 'sh', '-c', script]
  })
