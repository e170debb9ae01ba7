import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AppLog, createRedactor, openLog } from '../../../../electron/platform/log'
import { manualClock } from './manual-clock'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gungnir-log-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const open = (more: { maxBytes?: number; keep?: number } = {}): AppLog =>
  openLog({ directory: join(directory, 'logs'), clock: manualClock(), ...more })
const read = (name = 'gungnir.log') => readFileSync(join(directory, 'logs', name), 'utf8')

describe('the log', () => {
  it('is one JSON object a line, readable by its owner only', () => {
    const log = open()
    log.info('start', { version: '1', nested: { n: 1, list: [true, null] } })
    log.warn('odd\nline', { text: 'a\nb' })
    const [first, second, ...rest] = read().trimEnd().split('\n')
    expect(JSON.parse(first ?? '')).toEqual({
      time: '2026-11-24T00:00:00.000Z',
      level: 'info',
      event: 'start',
      version: '1',
      nested: { n: 1, list: [true, null] },
    })
    expect(JSON.parse(second ?? '')).toMatchObject({ level: 'warn', event: 'odd\nline', text: 'a\nb' })
    expect(rest).toEqual([])
    if (process.platform !== 'win32') {
      expect(statSync(join(directory, 'logs', 'gungnir.log')).mode & 0o077).toBe(0)
    }
  })

  it.each<[string, (from: string, to: string) => void]>([
    ['a link', symlinkSync],
    ['another name', linkSync],
  ])('does not write through %s to a file of somebody', (_what, made) => {
    mkdirSync(join(directory, 'logs'))
    writeFileSync(join(directory, 'mine.txt'), 'mine')
    made(join(directory, 'mine.txt'), join(directory, 'logs', 'gungnir.log'))
    open().info('start')
    expect(readFileSync(join(directory, 'mine.txt'), 'utf8')).toBe('mine')
    expect(read()).toContain('"start"')
  })

  it('rotates by size and keeps so many generations', () => {
    const log = open({ maxBytes: 1_000, keep: 2 })
    for (let i = 0; i < 100; i++) log.info('tick', { i })
    expect(readdirSync(join(directory, 'logs')).sort()).toEqual([
      'gungnir.1.log',
      'gungnir.2.log',
      'gungnir.log',
    ])
    const kept = ['gungnir.2.log', 'gungnir.1.log', 'gungnir.log'].flatMap((name) =>
      read(name).trimEnd().split('\n'),
    )
    const numbers = kept.map((line) => JSON.parse(line).i as number)
    expect(numbers.at(-1)).toBe(99)
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i))
    for (const name of readdirSync(join(directory, 'logs')))
      expect(read(name).length).toBeLessThanOrEqual(1_000)
  })

  it('goes on with the file of an earlier start', () => {
    open().info('one')
    open().info('two')
    expect(read().trimEnd().split('\n')).toHaveLength(2)
  })

  it('never throws, whatever it is given and wherever it cannot write', () => {
    const circular: Record<string, unknown> = { huge: 'x'.repeat(10_000_000), big: 10n, fn: () => 1 }
    circular.self = circular
    const log = open()
    log.error('odd', circular)
    expect(read().length).toBeLessThan(20_000)
    writeFileSync(join(directory, 'file'), '')
    openLog({ directory: join(directory, 'file'), clock: manualClock() }).info('nowhere')
  })
})

const blanked = (facts: unknown, ...secrets: string[]): string => {
  const redactor = createRedactor()
  for (const secret of secrets) redactor.hide(secret)
  return JSON.stringify(redactor.value(facts))
}

describe('redaction', () => {
  it.each([
    'password',
    'Password',
    'newPassword',
    'old_password',
    'token',
    'accessToken',
    'Authorization',
    'authorisation',
    'passcode',
    'portalPasscode',
    'secret',
    'client-secret',
    'Set-Cookie',
    'credentials',
    'database-key',
  ])('hides what stands under %s, of whatever type', (key) => {
    expect(blanked({ a: { [key]: 'hunter22' } })).not.toContain('hunter22')
    expect(blanked({ a: { [key]: { deep: ['hunter22'] } } })).not.toContain('hunter22')
    expect(blanked({ [key]: 12345678 })).not.toContain('12345678')
  })

  it('keeps ordinary facts', () => {
    expect(blanked({ channel: 'users.window', ms: 12, passed: true, key: 'theme' })).toBe(
      '{"channel":"users.window","ms":12,"passed":true,"key":"theme"}',
    )
  })

  it('hides bearer headers, tokens and the user part of a URL wherever they stand', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl'
    const text = blanked({
      a: `sent Authorization: Bearer abc.def-1`,
      b: [`x ${jwt} y`],
      c: 'https://me:pw@host/a',
    })
    for (const secret of ['abc.def', 'eyJ', 'me:pw']) expect(text).not.toContain(secret)
    expect(text).toContain('host/a')
  })

  it('takes of an error only what it says, not what hangs on it', () => {
    const error = Object.assign(new Error('failed'), {
      code: 'ECONNRESET',
      config: { headers: { authorization: 'x' }, data: 'body-of-request' },
    })
    const text = blanked({ error })
    expect(text).toContain('ECONNRESET')
    expect(text).not.toContain('body-of-request')
  })

  it('hides a known secret in every string, key, error and form, also across the length limit', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }).filter((s) => s.trim().length >= 8),
        fc.nat(2_100),
        fc.string({ maxLength: 50 }),
        (secret, offset, after) => {
          const spread = `${' '.repeat(offset)}${secret}${after}${'y'.repeat(500)}`
          const forms = [
            secret,
            encodeURIComponent(secret),
            Buffer.from(secret).toString('base64').replace(/=+$/, ''),
            Buffer.from(secret).toString('hex'),
          ]
          const facts = {
            spread,
            twice: `${secret}${'z'.repeat(1_990 - secret.length)}${secret}${secret}`,
            [`key ${secret}`]: 1,
            error: new Error(`sent ${secret}`),
            list: forms.map((form) => `a${form}b`),
          }
          const text = JSON.stringify(createRedacted(secret).value(facts))
          for (const form of forms) {
            expect(text).not.toContain(JSON.stringify(form).slice(1, -1))
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

it('leaves not even the beginning of a secret that the length limit cuts', () => {
  const secret = 'Zq7-hunter22-and-more'
  for (let offset = 1_960; offset < 2_040; offset++) {
    const shrunk = `${secret}${'x'.repeat(offset - secret.length)}${secret}${'y'.repeat(900)}`
    for (const text of [shrunk, `${'x'.repeat(offset)}${secret}${'y'.repeat(900)}`]) {
      expect(blanked({ text }, secret)).not.toContain('Zq7')
    }
  }
})

function createRedacted(secret: string) {
  const redactor = createRedactor()
  redactor.hide(secret)
  return redactor
}
