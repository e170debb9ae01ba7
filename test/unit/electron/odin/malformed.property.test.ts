import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOdinClient } from '../../../../electron/odin/client'
import type { OdinConnection, OdinErrorKind, OdinResult } from '../../../../electron/odin/types'
import { readSent } from '../../../../electron/odin/users'
import type { Clock, Http, HttpFailure, HttpOutcome } from '../../../../electron/platform/ports'
import { memoryLog } from '../platform/http-servers'

const runs = Number(process.env.ODIN_FUZZ_RUNS ?? 10_000)

/** A clock on which every pace is kept, because a minute passes at every look. */
const hastyClock = (): Clock => {
  let now = 0
  return {
    wall: () => now,
    mono: () => {
      now += 60_000
      return now
    },
    after: () => () => {},
  }
}

const kinds: Record<OdinErrorKind, true> = {
  'not-sent': true,
  unknown: true,
  refused: true,
  unauthorized: true,
  'password-expired': true,
  forbidden: true,
  'forbidden-or-signed-out': true,
  'not-found': true,
  busy: true,
  'not-signed-in': true,
  cancelled: true,
}

const group = { serviceProviderId: 'sp', groupId: 'g' }
const key = { ...group, userId: 'a@x' }
const secret = 'S3cret/"x'
const calls: Record<string, (client: OdinConnection) => Promise<OdinResult<unknown>>> = {
  serviceProviders: (client) => client.serviceProviders(),
  groups: (client) => client.groups('sp'),
  usersOfGroup: (client) => client.usersOfGroup(group, { extended: true }),
  usersAsSent: async (client) => {
    const sent = await client.usersAsSent(group, { extended: true })
    if (!sent.ok) return sent
    const read = await readSent(sent.value)
    // What was taken for a list must be one.
    expect(read.ok).toBe(true)
    return read.ok ? { ...sent, value: read.value } : sent
  },
  users: (client) => client.users({ filter: { by: 'lastName', value: '*' } }),
  user: (client) => client.user('a@x'),
  departments: (client) => client.departments(group),
  languages: (client) => client.languages(),
  timeZones: (client) => client.timeZones(),
  statesAndProvinces: (client) => client.statesAndProvinces(),
  networkClassesOfService: (client) => client.networkClassesOfService(group),
  extensionLengths: (client) => client.extensionLengths(group),
  extensionsInUse: (client) => client.extensionsInUse(group),
  numbers: (client) => client.numbers(group),
  domains: (client) => client.domains(group),
  passwordRules: (client) => client.passwordRules(group),
  passcodeRules: (client) => client.passcodeRules(group),
  generate: (client) => client.generate('password', group),
  alternateUserIds: (client) => client.alternateUserIds('a@x'),
  checkSession: (client) => client.checkSession(),
  putUser: (client) => client.putUser({ ...key, title: 'T' }),
  putUsersBulk: (client) => client.putUsersBulk(['a@x'], { title: 'T' }),
  putAlternateUserIds: (client) => client.putAlternateUserIds('a@x', []),
  renameUser: (client) => client.renameUser('a@x', 'b@x'),
  moveUser: (client) => client.moveUser('a@x', 'g2', { evaluateOnly: true }),
  putWebPassword: (client) => client.putWebPassword('a@x', secret),
  putPortalPasscode: (client) => client.putPortalPasscode('a@x', secret),
  signIn: (client) => client.signIn('admin', secret),
}

const secretCalls = new Set(['putWebPassword', 'putPortalPasscode', 'signIn'])

// --- answers that resemble the real ones ---------------------------------------------------------------------

const names = [
  ...['userId', 'serviceProviderId', 'groupId', 'groupName', 'lastName', 'department', 'aliases', 'address'],
  ...[
    'dns',
    'min',
    'max',
    'activated',
    'languages',
    'language',
    'services',
    'name',
    'domains',
    'default',
    'key',
  ],
  ...[
    'minExtensionLength',
    'maxExtensionLength',
    'error',
    'errors',
    'message',
    'details',
    'status',
    'impact',
  ],
  ...[
    'users',
    'token',
    'password',
    'passwords',
    'loginType',
    'policy',
    'extension',
    'serviceUserId',
    'useRuleLevel',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '0', '1', ''],
]
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    null,
    'true',
    'false',
    true,
    0,
    -1,
    1e308,
    '+1-9709580001',
    '+1-9999999999',
    'a@x',
    'A@X',
  ),
  fc.constantFrom('[Error 4202] x', '[Error 99999999999]', '<script>', secret, JSON.stringify({ a: secret })),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.double(),
)
const { value: tree } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc
    .array(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 6 })
    .map(
      (entries) => `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`).join(',')}}`,
    )
    .map((text) => ({ [raw]: text })),
}))
const raw = Symbol('raw')
/** Objects are written by hand, since only so can they hold `__proto__` and a key twice. */
function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  if (typeof value === 'object' && value !== null) return (value as { [raw]: string })[raw]
  return JSON.stringify(value) ?? 'null'
}

/** Good answers, each with some of its values replaced. */
const templates: readonly Record<string, unknown>[] = [
  {
    ...{
      userId: 'a@x',
      serviceProviderId: 'sp',
      groupId: 'g',
      lastName: 'L',
      firstName: 'F',
      extension: '1',
    },
    ...{
      defaultAlias: 'a@x',
      endpointType: 'none',
      address: null,
      department: null,
      aliases: null,
      title: 'T',
    },
  },
  { token: 'a.b.c', userId: 'admin', loginType: 'Group', policy: null, passwordExpiresDays: 3 },
  { serviceProviderId: 'sp', groupId: 'g', name: 'n', key: 'k', min: '+1-10', max: '+1-19' },
  { dns: null, languages: null, services: null, domains: null, default: 'd', users: null, password: 'p' },
  { minExtensionLength: 2, maxExtensionLength: '5', userId: 'a@x', error: null, impact: null },
]
const almost = fc
  .tuple(
    fc.constantFrom(...templates),
    fc.array(fc.tuple(fc.nat(20), tree), { maxLength: 3 }),
    fc.constantFrom(
      (text: string) => text,
      (text: string) => `[${text}]`,
      (text: string) => `[${text},${text}]`,
    ),
  )
  .map(([template, changes, wrap]) => {
    const entries = Object.entries(template).map(([name, value]) => [name, write(value)] as [string, string])
    for (const [at, value] of changes) {
      const entry = entries[at % entries.length]
      if (entry !== undefined) entry[1] = write(value)
    }
    return wrap(`{${entries.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`)
  })

const wellFormed = fc.oneof(tree.map(write), almost)
const body = fc.oneof(
  { arbitrary: wellFormed, weight: 5 },
  {
    arbitrary: fc
      .tuple(wellFormed, fc.nat(400), fc.string({ unit: 'binary', maxLength: 3 }))
      .map(([text, at, noise]) => text.slice(0, at) + noise + text.slice(at + 1)),
    weight: 2,
  },
  { arbitrary: fc.tuple(wellFormed, fc.nat(300)).map(([text, at]) => text.slice(0, at)), weight: 2 },
  { arbitrary: fc.string({ unit: 'binary' }), weight: 1 },
  { arbitrary: fc.constantFrom('', ' ', '<html><title>x', '\ufeff{}', 'null', '"x"', '5'), weight: 1 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom('[', '{"a":', '[{"users":'), fc.nat(2000))
      .map(([open, n]) => open.repeat(n)),
    weight: 1,
  },
  { arbitrary: fc.nat(200).map((depth) => '['.repeat(depth) + ']'.repeat(depth)), weight: 1 },
)
const reasons: HttpFailure[] = [
  ...([
    'no-such-host',
    'refused',
    'unreachable',
    'connect-timeout',
    'tls',
    'proxy',
    'answer-timeout',
  ] as const),
  ...(['reset', 'too-large', 'bad-answer', 'aborted'] as const),
]
const outcome: fc.Arbitrary<HttpOutcome> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      status: fc.oneof(
        fc.constant(200),
        fc.constantFrom(201, 204, 302, 400, 401, 402, 403, 404, 429, 500, 511),
        fc.nat(999),
      ),
      headers: fc.dictionary(fc.constantFrom('location', 'retry-after', 'date', 'content-type'), fc.string()),
      body,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('failed' as const),
      reason: fc.constantFrom(...reasons),
      sent: fc.boolean(),
      code: fc.string(),
      message: fc.string(),
    }),
  },
)

describe('malformed answers', () => {
  it(`yield a value of the right shape or a typed error, in bounded memory (${runs} runs)`, async () => {
    const token = 'tok3n-abc'
    const before = process.memoryUsage().heapUsed
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(calls)),
        fc.array(outcome, { minLength: 1, maxLength: 4 }),
        async (name, outcomes) => {
          let count = -1
          const http: Http = {
            send: async () => {
              count++
              if (count === 0) {
                const json = JSON.stringify({ token, userId: 'admin', loginType: 'System' })
                return { kind: 'answer', status: 200, headers: {}, body: json }
              }
              return outcomes[(count - 1) % outcomes.length] as HttpOutcome
            },
          }
          const log = memoryLog()
          const client = createOdinClient({
            http,
            clock: hastyClock(),
            baseUrl: 'https://odin.example.com/api/v2',
            callsPerSecond: 100,
            credentials: async () => secret,
            log,
          })
          await client.signIn('admin', secret)
          const result = await (calls[name] as (client: OdinConnection) => Promise<OdinResult<unknown>>)(
            client,
          )
          expect(count).toBeLessThan(12)
          expect(JSON.stringify(log.lines)).not.toContain(secret)
          checkResult(name, result)
          const told = JSON.stringify(result.ok ? result.raw : result.error)
          if (secretCalls.has(name)) expect(told).not.toContain(JSON.stringify(secret).slice(1, -1))
          expect(told).not.toContain(`Bearer ${token}`)
        },
      ),
      { numRuns: runs },
    )
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(400_000_000)
  }, 600_000)
})

function checkResult(name: string, result: OdinResult<unknown>): void {
  if (!result.ok) {
    const { error } = result
    expect(Object.hasOwn(kinds, error.kind)).toBe(true)
    for (const words of [error.cause, error.message, error.next]) expect(words).toMatch(/\S/)
    expect(error.text?.length ?? 0).toBeLessThanOrEqual(2000)
    expect(Buffer.byteLength(error.raw ?? '')).toBeLessThanOrEqual(65_536)
    return
  }
  expect(Buffer.byteLength(result.raw)).toBeLessThanOrEqual(65_536)
  const { value } = result
  switch (name) {
    case 'users':
    case 'usersOfGroup':
    case 'usersAsSent':
      for (const one of value as { key: { userId: unknown } }[]) expect(typeof one.key.userId).toBe('string')
      break
    case 'user':
      expect(typeof (value as { key: { userId: unknown } }).key.userId).toBe('string')
      break
    case 'putUser': {
      // Only an answer about this very user counts as one.
      const json = (value as { json: { userId: string } | { userId: string }[] }).json
      const one = [json].flat(64)[0] as { userId: string }
      expect(one.userId.trim().toLowerCase()).toBe('a@x')
      break
    }
    case 'numbers':
      for (const { number } of value as { number: string }[]) expect(number).toMatch(/^(\+(\d{1,3}-)?)?\d+$/)
      break
    case 'groups':
      for (const { groupId } of value as { groupId: string }[]) expect(groupId).toMatch(/\S/)
      break
    case 'generate':
      expect(result.raw).toBe('')
      break
    default:
  }
}
