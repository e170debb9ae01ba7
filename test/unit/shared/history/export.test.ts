import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import Papa from 'papaparse'
import { afterAll, describe, expect, test } from 'vitest'
import { serviceOf } from '../../../../shared/calls/catalogue'
import { type CopyForm, copyAs, serviceCallAs } from '../../../../shared/history/copy-as'
import { difference } from '../../../../shared/history/difference'
import { type ExportFormat, escapeHtml, exportHistory } from '../../../../shared/history/export'
import type { HistoryEntry } from '../../../../shared/history/shapes'
import type { Json } from '../../../../shared/json'
import { unmarked } from '../../../../shared/user/cell'

const hostile = '=HYPERLINK("http://evil","x")<img src=x onerror=alert(1)>\'"&\r\n\t,;'

const entry = (more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  id: 'h1',
  seq: 1,
  user: { serviceProviderId: 'ent', groupId: 'grp', userId: 'ann@x' },
  userName: 'Ann',
  action: 'change',
  fields: ['lastName', 'aliases'],
  outcome: 'done',
  words: 'Saved on the server.',
  account: 'admin',
  origin: 'https://odin.example/api/v2',
  startedWall: Date.UTC(2026, 10, 15, 12, 30),
  before: { lastName: 'Old', aliases: ['a@x', 'b@x'] },
  asked: { lastName: 'New', aliases: ['a@x', 'c@x'] },
  after: { lastName: 'NEW', aliases: ['a@x', 'c@x'] },
  request:
    '{"serviceProviderId":"ent","groupId":"grp","userId":"ann@x","lastName":"New","aliases":["a@x","c@x"]}',
  answer: '{"lastName":"NEW"}',
  unguardedMs: 41.6,
  ...more,
})

const made = (format: ExportFormat, entries: HistoryEntry[], search = ''): string =>
  [...exportHistory(format, [entries], { search, entries: entries.length, madeAt: 0 })].join('')

const csvRows = (text: string) =>
  Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true })

describe('what is not known', () => {
  const unseen = entry({ fields: ['lastName'], before: {}, asked: { lastName: 'New' } })
  const { after: _, ...open } = unseen

  test('is never written as empty', () => {
    expect(csvRows(made('csv', [open])).data[0]).toMatchObject({
      Before: '<not known>',
      Asked: 'New',
      After: '<not known>',
    })
    expect(csvRows(made('csv', [entry({ before: { lastName: null } })])).data[0]).toMatchObject({
      Before: '',
    })
    expect(made('html', [unseen])).toContain('not known</span> →')
    expect(made('html', [entry()])).not.toContain('not known')
  })
})

describe('CSV', () => {
  test('one line for each field, read back by another parser', () => {
    const { data, errors } = csvRows(made('csv', [entry()]))
    expect(errors).toEqual([])
    expect(data).toHaveLength(2)
    expect(data[0]).toMatchObject({
      'Time (UTC)': '2026-11-15T12:30:00.000Z',
      'User ID': 'ann@x',
      Field: 'Last name',
      Before: 'Old',
      Asked: 'New',
      After: 'NEW',
      Outcome: 'Done',
      'Unguarded (ms)': '42',
      Reason: '',
    })
    expect(data[1]).toMatchObject({ Field: 'Aliases', Before: 'a@x, b@x', Asked: 'a@x, c@x' })
  })

  test('no cell is a formula, and nothing else is lost', () => {
    const values = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('=1+1', ' =1+1', '\u00a0=1', '+1-513', '-2', '@x', '\tx', '＝1', hostile, "'", '"'),
      ),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(values, (texts) => {
        const entries = texts.map((text) =>
          entry({
            fields: ['title'],
            before: { title: text },
            asked: { title: text },
            userName: text,
            reason: text,
            account: text,
            words: text,
          }),
        )
        const { data, errors } = csvRows(made('csv', entries))
        expect(errors).toEqual([])
        expect(data).toHaveLength(texts.length)
        data.forEach((row, at) => {
          for (const cell of Object.values(row)) expect(cell).not.toMatch(/^(?:\s*[=+\-@＝＋－＠]|[\t\r])/)
          const text = texts[at] ?? ''
          for (const cell of [row.User, row.Reason])
            expect([text, unmarked(text)]).toContain(unmarked(cell ?? ''))
        })
      }),
    )
  })
})

describe('JSON Lines', () => {
  test('one entry a line, whole', () => {
    const lines = made('jsonl', [entry(), entry({ id: 'h2', userName: hostile })])
      .trimEnd()
      .split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { ...entry(), startedAt: '2026-11-15T12:30:00.000Z' },
      { ...entry({ id: 'h2', userName: hostile }), startedAt: '2026-11-15T12:30:00.000Z' },
    ])
  })
})

describe('HTML', () => {
  test('shows differences, and what the server made of them', () => {
    const html = made('html', [entry()])
    expect(html).toContain('<del>Old</del> <ins>New</ins>')
    expect(html).toContain('then on the server: NEW')
    expect(html).toContain('a@x, <del>b@x</del>, <ins>c@x</ins>')
    expect(html).toContain('1 change, newest first')
    const long = entry({
      fields: ['addressLocation'],
      before: { addressLocation: 'Building one, second floor' },
      asked: { addressLocation: 'Building two, second floor' },
    })
    expect(made('html', [long])).toContain('Building <del>one</del><ins>two</ins>, second floor')
    expect(html).toContain("default-src 'none'")
  })

  test('nothing in an entry becomes markup', () => {
    const text = `</td></style><script>alert(1)</script>${hostile}`
    const html = made(
      'html',
      [
        entry({
          userName: text,
          reason: text,
          words: text,
          account: text,
          batchId: text,
          origin: text,
          outcome: text,
          fields: [text, 'title'],
          before: { title: text, [text]: text },
          asked: { title: `${text}!`, [text]: '' },
          after: { title: text, [text]: text },
          user: { serviceProviderId: text, groupId: text, userId: text },
        }),
      ],
      text,
    )
    const tags = new Set([...html.matchAll(/<\/?([a-z!]+)/gi)].map(([, name]) => name))
    expect([...tags].filter((name) => ['script', 'img'].includes(name ?? ''))).toEqual([])
    expect(html.match(/<style>/g)).toHaveLength(1)
    expect(html.match(/<\/style>/g)).toHaveLength(1)
    expect(html).not.toContain('onerror=alert(1)>')
  })

  test('escaping', () => {
    expect(escapeHtml(`<a href="x" id='y'>&`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;')
    expect(escapeHtml('a\u0007\u0085b\n\ufffe')).toBe('a\ufffd\ufffdb\n\ufffd')
  })
})

test.each<ExportFormat>(['csv', 'jsonl', 'html'])('no secret is in %s', (format) => {
  const secret = entry({
    fields: ['newPassword', 'impPassword', 'sipPassword'],
    before: { newPassword: null },
    asked: { newPassword: 'hunter2', impPassword: 'hunter2', sipPassword: 'hunter2' },
    after: { impPassword: 'hunter2' },
    request: '{"newPassword":"hunter2"}',
    answer: '{"token":"hunter2"}',
  })
  const text = made(format, [secret])
  expect(text).not.toContain('hunter2')
  expect(text).toContain('(hidden)')
})

describe('the difference of two values', () => {
  test.each<[string, Json, Json, string]>([
    ['title', 'a', 'b', '-a +b'],
    ['title', null, 'b', '+b'],
    ['title', 'a', null, '-a'],
    ['title', 'a', 'a', 'a'],
    ['title', null, null, ''],
    ['aliases', ['a', 'b'], ['b', 'c'], '-a b +c'],
    ['aliases', null, ['b'], '+b'],
    [
      'accessDeviceEndpoint.contacts',
      [{ sipContact: 'a' }],
      [{ sipContact: 'a' }, { sipContact: 'b' }],
      'a +b',
    ],
    [
      'addressLocation',
      'Building one, second floor',
      'Building two, second floor',
      'Building  -one +two , second floor',
    ],
    [
      'addressLocation',
      'Building one, second floor',
      'Something entirely different here',
      '-Building one, second floor +Something entirely different here',
    ],
  ])('%s %j → %j', (path, before, after, text) => {
    const sign = { same: '', removed: '-', added: '+' }
    expect(
      difference(path, before, after)
        .map((piece) => sign[piece.kind] + piece.text)
        .join(' '),
    ).toBe(text)
  })

  test('of very long lists comes to an end', () => {
    const list = (word: string) => Array.from({ length: 50_000 }, (_, at) => `${word}${at}`)
    expect(difference('aliases', list('a'), list('b'))).toHaveLength(100_000)
    expect(difference('title', list('a').join(' '), list('b').join(' '))).toHaveLength(2)
  })

  test('is made of both texts, whatever they are', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.lorem({ maxCount: 60 }))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = difference('title', before, after)
        const without = (kind: string) =>
          pieces
            .filter((piece) => piece.kind !== kind)
            .map((piece) => piece.text)
            .join('')
        expect(without('added')).toBe(before.trim() === '' ? '' : before)
        expect(without('removed')).toBe(after.trim() === '' ? '' : after)
      }),
    )
  })
})

// --- scripts -----------------------------------------------------------------------------------------------

const scripts = mkdtempSync(join(tmpdir(), 'gungnir-copy-'))
afterAll(() => rmSync(scripts, { recursive: true, force: true }))

/** A stand-in that prints how it was called. */
writeFileSync(
  join(scripts, 'odins_spear.py'),
  `import json
class Users:
    def put_user(self, service_provider_id, group_id, user_id, updates):
        print(json.dumps([service_provider_id, group_id, user_id, updates, API.made]))
class DoNotDisturb:
    # The body that odins_spear makes of its call, as test/contract/demo/python-clients.test.ts sends it.
    def put_user_do_not_disturb(self, user_id, dnd_active=False, ring_splash_active=False):
        body = {"isActive": dnd_active, "ringSplash": ring_splash_active, "userId": user_id}
        print(json.dumps(["PUT", "/users/do-not-disturb", json.dumps(body)]))
class API:
    def __init__(self, base_url, username, password):
        API.made = [base_url, username, password]
        self.users = Users()
        self.do_not_disturb = DoNotDisturb()
    def authenticate(self):
        pass
`,
)

const hasPython = spawnSync('python3', ['--version']).status === 0
const hasShell = spawnSync('sh', ['-c', 'true']).status === 0

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    "it's",
    '"',
    '\\',
    '\\n',
    '$HOME',
    '`id`',
    '$(id)',
    '\u2028',
    '\u202e',
    '{x}',
    '%s',
    '#',
    '日本',
    '🙂',
    "'''",
    '\u0000',
  ),
)
const bodies = fc.record({
  serviceProviderId: texts,
  groupId: texts,
  userId: texts,
  lastName: texts,
  title: fc.constant(null),
  aliases: fc.array(texts, { maxLength: 2 }),
  accessDeviceEndpoint: fc.record({ useHotline: fc.boolean(), portNumber: fc.integer() }),
})

const ofBody = (body: { serviceProviderId: string; groupId: string; userId: string }) => {
  const { serviceProviderId, groupId, userId } = body
  return entry({ user: { serviceProviderId, groupId, userId }, request: JSON.stringify(body) })
}

describe('copying a change as a script', () => {
  const ofService = (more: Partial<HistoryEntry>): HistoryEntry =>
    entry({
      fields: ['doNotDisturb.isActive'],
      before: { 'doNotDisturb.isActive': false },
      asked: { 'doNotDisturb.isActive': true },
      request: '{"userId":"ann@x","isActive":true}',
      answer: '{"userId":"ann@x","isActive":true,"ringSplash":true}',
      ...more,
    })

  test('of a service names that service, and keeps what odins_spear would switch off', () => {
    const spear = copyAs('odins_spear', ofService({}))
    expect(spear).toContain('put_user_do_not_disturb(')
    expect(spear).toContain('user_id="ann@x"')
    expect(spear).toContain('dnd_active=True')
    expect(spear).toContain('ring_splash_active=True')
    const curl = copyAs('curl', ofService({}))
    expect(curl).toContain(`'https://odin.example/api/v2/users/do-not-disturb'`)
    expect(curl).toContain('"isActive": true')
    expect(curl).not.toContain('serviceProviderId')
  })

  test.skipIf(!hasPython)('of do not disturb leads odins_spear to the request that was sent', () => {
    const sent = ofService({})
    const run = spawnSync('python3', ['-'], {
      input: copyAs('odins_spear', sent),
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: scripts, ODIN_USERNAME: 'me', ODIN_PASSWORD: 'pw' },
    })
    expect(run.stderr).toBe('')
    const [method, path, body] = JSON.parse(run.stdout)
    expect([method, path]).toEqual(['PUT', '/users/do-not-disturb'])
    // The changed switch as it was sent, and beside it the one that odins_spear always sends, as the server has it.
    expect(JSON.parse(body)).toEqual({ ...JSON.parse(sent.request), ringSplash: true })
  })

  test('of a service that is not sent yet says all that the server has besides', () => {
    const service = serviceOf('doNotDisturb')
    const body = { userId: 'ann@x', isActive: true }
    expect(serviceCallAs('odins_spear', 'https://o', service, body, { ringSplash: true })).toContain(
      'ring_splash_active=True',
    )
    // Where the other switch is not known, odins_spear would switch it off.
    expect(serviceCallAs('odins_spear', 'https://o', service, body)).toContain(
      `'https://o/users/do-not-disturb'`,
    )
  })

  test('of a service that odins_spear cannot write, or whose other switch is not known, is curl', () => {
    const { answer: _answer, ...unanswered } = ofService({})
    expect(copyAs('odins_spear', unanswered)).toMatch(/^curl -X PUT/m)
    const forwarding = copyAs(
      'odins_spear',
      ofService({
        fields: ['callForwardingAlways.isActive'],
        asked: { 'callForwardingAlways.isActive': false },
        request: 'not JSON',
      }),
    )
    expect(forwarding).toContain('/users/call-forwarding-always')
    expect(forwarding).toContain('"isActive": false')
  })

  test.skipIf(!hasPython)('Python calls odins_spear with exactly the change', () => {
    fc.assert(
      // Many in each: starting Python takes longer than all that is tried.
      fc.property(fc.array(bodies, { minLength: 30, maxLength: 60 }), (many) => {
        const code = many.map((body) => copyAs('odins_spear', ofBody(body))).join('\n')
        const run = spawnSync('python3', ['-'], {
          input: code,
          encoding: 'utf8',
          env: {
            ...process.env,
            PYTHONPATH: scripts,
            PYTHONIOENCODING: 'utf-8',
            PYTHONUTF8: '1',
            ODIN_USERNAME: 'me',
            ODIN_PASSWORD: 'pw',
          },
        })
        expect(run.stderr).toBe('')
        const calls = run.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
        expect(calls).toEqual(
          many.map(({ serviceProviderId, groupId, userId, ...updates }) => [
            serviceProviderId,
            groupId,
            userId,
            updates,
            ['https://odin.example/api/v2', 'me', 'pw'],
          ]),
        )
      }),
      { numRuns: 3 },
    )
  })

  test.skipIf(!hasShell)('curl is called with exactly the change, and the shell runs nothing else', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const code = `curl() { for word in "$@"; do printf '%s\\036' "$word"; done; }\n${copyAs('curl', ofBody(body))}`
        const run = spawnSync('sh', [], {
          input: code,
          encoding: 'utf8',
          env: { PATH: process.env.PATH, ODIN_TOKEN: 'tok' },
        })
        expect(run.stderr).toBe('')
        const words = run.stdout.split('\u001e')
        expect(words.slice(0, 8)).toEqual([
          '-X',
          'PUT',
          'https://odin.example/api/v2/users',
          '-H',
          'Authorization: Bearer tok',
          '-H',
          'Content-Type: application/json',
          '--data',
        ])
        expect(JSON.parse(words[8] ?? '')).toEqual(body)
      }),
      { numRuns: 40 },
    )
  })

  test.each<CopyForm>(['odins_spear', 'curl'])('%s holds neither password nor token', (form) => {
    const text = copyAs(form, entry({ request: '{"newPassword":"hunter2","lastName":"x"}' }))
    expect(text).not.toContain('hunter2')
    expect(text).toMatch(/ODIN_PASSWORD|\$ODIN_TOKEN/)
  })

  test('a request that is no JSON is made again from the fields', () => {
    const text = copyAs(
      'odins_spear',
      entry({ request: 'PUT /users', asked: { lastName: 'New', aliases: null } }),
    )
    expect(text).toContain('"lastName": "New"')
    expect(text).toContain('"aliases": []')
  })
})
