import { describe, expect, it } from 'vitest'
import { refusedSwitches, whyRefused } from '../../../../electron/shell/switches'

const refused = (...args: string[]) => refusedSwitches(args, { platform: 'linux' })

describe('the installed app does not start with', () => {
  it.each([
    // What opens its page or its main process to others.
    '--remote-debugging-port=9222',
    '--remote-debugging-port',
    '--remote-debugging-pipe',
    '--remote-debugging-address=0.0.0.0',
    '--remote-allow-origins=*',
    '--inspect',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk',
    '--auto-open-devtools-for-tabs',
    // What brings in code.
    '--load-extension=/tmp/it',
    '--js-flags=--expose-gc',
    '--require=/tmp/it.js',
    '--gpu-launcher=/tmp/it',
    '--renderer-cmd-prefix=/tmp/it',
    '--utility-cmd-prefix=/tmp/it',
    '--browser-subprocess-path=/tmp/it',
    // What takes walls down.
    '--no-sandbox',
    '--disable-setuid-sandbox',
    '--disable-gpu-sandbox',
    '--disable-web-security',
    '--disable-site-isolation-trials',
    '--single-process',
    '--allow-file-access-from-files',
    '--ignore-certificate-errors',
    '--unsafely-treat-insecure-origin-as-secure=http://x',
    '--disable-features=NetworkServiceSandbox',
    '--enable-features=Anything',
    '--enable-blink-features=MojoJS',
    // What leads its traffic elsewhere, or writes down what it does.
    '--proxy-server=http://127.0.0.1:8080',
    '--proxy-pac-url=http://127.0.0.1/pac',
    '--host-resolver-rules=MAP * 127.0.0.1',
    '--log-net-log=/tmp/log',
    '--trace-startup',
    '--crash-dumps-dir=/tmp',
    // What nobody has heard of yet.
    '--some-switch-of-next-year',
  ])('%s', (arg) => {
    expect(refused(arg)).toEqual([arg.slice(2).split('=')[0]])
  })

  it.each([
    ['one dash for two', '-remote-debugging-port=9222'],
    ['a space before it', ' --remote-debugging-port=9222'],
    ['a line break before it', '\n--remote-debugging-port=9222'],
    ['a line break in its value', '--remote-debugging-port=9222\n'],
    ['a space behind it', '--remote-debugging-port '],
  ])('a switch with %s', (_, arg) => {
    expect(refused(arg)).toEqual(['remote-debugging-port'])
  })

  it('a switch behind what only looks like the end of the switches', () => {
    expect(refused('\u00a0--', '--inspect')).toContain('inspect')
    expect(refused('-', '--inspect')).toEqual(['inspect'])
  })

  it('a switch of Windows, which may begin with a slash', () => {
    expect(refusedSwitches(['/remote-debugging-port=1'], { platform: 'win32' })).toEqual([
      'remote-debugging-port',
    ])
    expect(refused('/remote-debugging-port=1')).toEqual([])
  })

  it('more than one, each named once', () => {
    expect(refused('--inspect', '--lang=en', '--no-sandbox', '--inspect=1')).toEqual([
      'inspect',
      'no-sandbox',
    ])
  })
})

it('it starts with what a screen needs, with a folder of its own, and with names of files', () => {
  expect(refused()).toEqual([])
  expect(refused('--user-data-dir=/tmp/--inspect', '--lang=en-US', '--disable-gpu')).toEqual([])
  expect(refused('--ozone-platform-hint=auto', '--force-device-scale-factor=1.5')).toEqual([])
  expect(refused('a file', '.', '-', '--', '--inspect')).toEqual([])
})

it('what Chromium needs for root is allowed by whoever knows that it is root', () => {
  expect(refusedSwitches(['--no-sandbox'], { platform: 'linux', more: ['no-sandbox'] })).toEqual([])
})

it('the reason names the switches without their values, bounded', () => {
  const why = whyRefused(refused('--proxy-server=http://name:password@host', `--${'x'.repeat(9_000)}`))
  expect(why).toContain('--proxy-server')
  expect(why).not.toContain('password')
  expect(why.length).toBeLessThan(600)
  expect(whyRefused(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toContain('--e and 2 others')
})
