import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { electronPath } from '../../build/electron-path.mjs'
import { launchSwitches } from '../../build/launch.mjs'
import { expect, test } from './app'
import { top } from './top'

/**
 * Runs the app where the only way out is a device that leads nowhere and counts what it is given: a network namespace of its
 * own. What the kernel itself would say to neighbours is switched off.
 */
async function packetsOf(profile: string, more: Record<string, string> = {}): Promise<number> {
  const { path } = await electronPath()
  const inside = `set -e
ip link set lo up
echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null || true
ip link add out type veth peer name far
ip link set far up
ip addr add 192.0.2.2/24 dev out
ip link set out up
ip route add default dev out
"$@"
echo "packets: $(awk '$1 == "out:" { print $11 }' /proc/net/dev)"`
  const child = spawn(
    'unshare',
    [
      ...(process.getuid?.() === 0 ? ['-n'] : ['-rn']),
      ...['sh', '-c', inside, 'sh', path, '-r', join(top, 'test/e2e/idle-hour.cjs')],
      ...launchSwitches({ virtual: true }),
      ...['.', `--user-data-dir=${profile}`, '--lang=en-US'],
    ],
    { cwd: top, env: { ...process.env, ...more } },
  )
  let said = ''
  child.stdout.on('data', (data) => {
    said += String(data)
  })
  child.stderr.on('data', (data) => {
    said += String(data)
  })
  await once(child, 'close')
  expect(said).toContain('an hour has passed')
  const count = /^packets: (\d+)$/m.exec(said)?.[1]
  if (count === undefined) throw new Error(said)
  return Number(count)
}

test('not one packet leaves from first start through an idle hour to quit, nor at the next start', async ({
  profile,
}) => {
  test.skip(
    process.platform !== 'linux' || !existsSync('/proc/self/ns/net'),
    'network namespaces are of Linux',
  )
  // What is counted is counted.
  expect(await packetsOf(join(profile, 'calls'), { IDLE_HOUR: 'call' })).toBeGreaterThan(0)
  expect(await packetsOf(join(profile, 'first'))).toBe(0)
  expect(await packetsOf(join(profile, 'first'))).toBe(0)
})
