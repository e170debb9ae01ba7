import { beforeEach, describe, expect, it } from 'vitest'
import type { OdinConnection } from '../../../../electron/odin/types'
import { readSent } from '../../../../electron/odin/users'
import { createHttp } from '../../../../electron/platform/http'
import type { Http } from '../../../../electron/platform/ports'
import { closedPort, memoryLog } from '../platform/http-servers'
import { connect, password, type Route, type Small, session, smallServer } from './small-server'

const group = { serviceProviderId: 'sp', groupId: 'g r&p' }
const row = (userId: string, more: object = {}) => ({
  serviceProviderId: 'sp',
  groupId: 'g r&p',
  userId,
  lastName: 'Last',
  firstName: 'First',
  phoneNumber: null,
  extension: '1001',
  ...more,
})
const detail = (userId: string, more: object = {}) => ({
  ...row(userId),
  defaultAlias: userId,
  timeZone: 'Europe/Berlin',
  language: 'German',
  callingLineIdLastName: 'Last',
  callingLineIdFirstName: 'First',
  endpointType: 'none',
  ...more,
})
const json =
  (value: unknown, status = 200): Route =>
  () => ({ status, json: value })

let server: Small
let client: OdinConnection

beforeEach(async () => {
  server = await smallServer()
  client = connect(server.url).client
  await client.signIn('admin', password)
  server.seen.length = 0
})

const signInAs = async (more: { userId?: string; [name: string]: string | undefined }) => {
  server.routes['POST /auth/token'] = () => {
    const one = `t${Math.random()}`
    server.tokens.add(one)
    return { json: { token: one, ...session, ...more } }
  }
  await client.signIn(more.userId ?? 'admin', password)
  server.seen.length = 0
}

/** A secret as a server may give it back. */
const inForms = (body: Readonly<Record<string, string>>): string[] => {
  const secret = Buffer.from(body.newPassword ?? body.newPasscode ?? '')
  return [secret.toString('base64'), secret.toString('hex'), [...secret].reverse().join(',')]
}

describe('users', () => {
  it('takes a record only for the user whose it is, whatever the letters of the id', async () => {
    server.routes['GET /users'] = json(detail('b@x'))
    expect(await client.user('a@x')).toMatchObject({ ok: false, error: { kind: 'unknown', cause: 'shape' } })
    server.routes['GET /users'] = json(detail('A@X'))
    expect(await client.user('a@x')).toMatchObject({ ok: true, value: { key: { userId: 'A@X' } } })
  })

  it('lists a group, with every id encoded', async () => {
    server.routes['GET /users'] = json([row('a@x'), row('b@x', { lastName: '1' })])
    const result = await client.usersOfGroup(group, { extended: false })
    expect(result).toMatchObject({
      ok: true,
      value: [{ key: { userId: 'a@x' } }, { fields: { lastName: '1' } }],
    })
    expect(server.calls()).toEqual(['GET /users?serviceProviderId=sp&groupId=g%20r%26p'])
    expect(server.seen[0]?.headers['content-type']).toBeUndefined()
    await client.usersOfGroup(group, { extended: true })
    expect(server.calls()[1]).toBe('GET /users?serviceProviderId=sp&groupId=g%20r%26p&extended=true')
  })

  it('spells a group of digits as it was asked for when its rows have it as a number', async () => {
    server.routes['GET /users'] = json([row('a@x', { groupId: 417, extension: 417 })])
    const asked = { serviceProviderId: 'sp', groupId: '0417' }
    expect(await client.usersOfGroup(asked, { extended: false })).toMatchObject({
      value: [{ key: { ...asked, userId: 'a@x' }, fields: { extension: 417 } }],
    })
  })

  it('takes a bare object for a list of one, and fills in the scope that a row leaves out', async () => {
    server.routes['GET /users'] = json({ userId: 'a@x', lastName: 'L', firstName: 'F' })
    expect(await client.usersOfGroup(group, { extended: false })).toMatchObject({
      value: [{ key: { ...group, userId: 'a@x' } }],
    })
    server.routes['GET /users'] = json([])
    expect(await client.usersOfGroup(group, { extended: false })).toMatchObject({ ok: true, value: [] })
  })

  it('leaves out rows that are no users, and says so; a list of nothing else is no list', async () => {
    server.routes['GET /users'] = json([row('a@x'), 'nonsense', null, { lastName: 'no id' }])
    expect(await client.usersOfGroup(group, { extended: false })).toMatchObject({
      ok: true,
      value: [{ key: { userId: 'a@x' } }],
      problems: ['3 of 4 users could not be understood and are left out.'],
    })
    for (const odd of [['nonsense'], 'text', 5, null, {}, { data: [] }, true]) {
      server.routes['GET /users'] = json(odd)
      expect(await client.usersOfGroup(group, { extended: false })).toMatchObject({
        ok: false,
        error: { kind: 'unknown', cause: 'shape' },
      })
    }
  })

  it('one odd record harms only itself, wherever it stands: its value is marked, or it is left out and counted', async () => {
    const nested = JSON.parse('['.repeat(100) + ']'.repeat(100)) as unknown
    const marked = [
      { title: 'x'.repeat(3_000_000) },
      { title: { a: [1] } },
      { aliases: Array.from({ length: 50_000 }, (_, n) => `a${n}@x`) },
      { unheardOf: 'y'.repeat(3_000_000) },
    ].map((more, n) => row(`odd${n}@x`, more))
    const unusable = [
      row('u'.repeat(401)),
      row('a\0b@x'),
      row('half\ud800@x'),
      row('deep@x', { title: nested }),
      'nonsense',
    ]
    for (const place of [0, 1, 2]) {
      const sound = [row('a@x'), row('b@x')]
      server.routes['GET /users'] = json(sound.toSpliced(place, 0, ...(marked as []), ...(unusable as [])))
      const result = await client.usersOfGroup(group, { extended: false })
      if (!result.ok) throw new Error(result.error.message)
      const ids = result.value.map(({ key }) => key.userId)
      expect(ids.toSorted()).toEqual(['a@x', 'b@x', 'odd0@x', 'odd1@x', 'odd2@x', 'odd3@x'])
      expect(result.problems).toEqual(['5 of 11 users could not be understood and are left out.'])
      for (const { key, fields, extra } of result.value.filter(({ key }) => key.userId.startsWith('odd'))) {
        expect([fields.lastName, fields.title, fields.aliases]).toEqual(['Last', undefined, undefined])
        expect(Object.keys(extra).length, key.userId).toBeGreaterThan(0)
        expect(JSON.stringify(extra).length, key.userId).toBeLessThan(3_000)
      }
    }
  })

  it('one odd group harms only itself: its name is cut or mended, or it is left out and counted', async () => {
    server.routes['GET /groups'] = json([
      { groupId: 'one', groupName: 'n'.repeat(201) },
      { groupId: 'two', groupName: 'a\0b\ud800' },
      { groupId: 'g\0', groupName: 'None' },
      { groupId: 'g'.repeat(201), groupName: 'None' },
      { groupId: 'three', groupName: 'Three' },
    ])
    expect(await client.groups('sp')).toMatchObject({
      ok: true,
      value: [
        { groupId: 'one', name: `${'n'.repeat(200)}…` },
        { groupId: 'two', name: 'a\ufffdb\ufffd' },
        { groupId: 'three', name: 'Three' },
      ],
      problems: ['2 of 5 groups could not be understood and are left out.'],
    })
  })

  it('gives a group as it was sent, too: reading that later is the same as reading it at once', async () => {
    for (const odd of [
      [row('a@x'), row('b@x', { lastName: 1 })],
      [row('a@x'), 'nonsense', null, { lastName: 'no id' }],
      { userId: 'a@x', lastName: 'Ødegård \ud800', firstName: '漢' },
      [[row('a@x'), row('c@x')]],
      { 0: row('a@x'), 1: row('b@x') },
      [],
      ['nonsense'],
      'text',
      { data: [] },
      { error: '[Error 4010] Not now.' },
    ]) {
      server.routes['GET /users'] = json(odd)
      const atOnce = await client.usersOfGroup(group, { extended: false })
      const sent = await client.usersAsSent(group, { extended: false })
      if (!sent.ok) {
        expect(sent).toEqual(atOnce)
        continue
      }
      if (!atOnce.ok) throw new Error('It was no list at once.')
      const { value, problems } = atOnce
      expect(await readSent(sent.value)).toEqual({ ok: true, value, ...(problems && { problems }) })
    }
    expect(new Set(server.calls())).toEqual(new Set(['GET /users?serviceProviderId=sp&groupId=g%20r%26p']))
  })

  it('gives a group as it was sent also when that is not in UTF-8', async () => {
    const headers = { 'content-type': 'application/json; charset=iso-8859-1' }
    server.routes['GET /users'] = () => ({
      headers,
      text: JSON.stringify([row('a@x', { lastName: 'Ödegård' })]),
    })
    const atOnce = await client.usersOfGroup(group, { extended: false })
    const sent = await client.usersAsSent(group, { extended: false })
    expect(atOnce.ok && sent.ok && (await readSent(sent.value))).toEqual({
      ok: true,
      value: atOnce.ok && atOnce.value,
    })
  })

  it('filters, with wildcards left as they are', async () => {
    server.routes['GET /users'] = json([row('a@x')])
    await client.users({ filter: { by: 'lastName', value: '*o’ & /é*' }, limit: 10 })
    await client.users({ serviceProviderId: 'sp', filter: { by: 'dn', value: '513333*' }, extended: true })
    await client.users({ groupId: 'never without its provider' })
    expect(server.calls()).toEqual([
      `GET /users?lastName=*${encodeURIComponent('o’ & /é')}*&limit=10`,
      'GET /users?serviceProviderId=sp&dn=513333*&extended=true',
      'GET /users',
    ])
  })

  it('reads one, bare or in a list', async () => {
    for (const shape of [detail('a/b@x'), [detail('a/b@x')], [[detail('a/b@x')]]]) {
      server.routes['GET /users'] = json(shape)
      expect(await client.user('a/b@x')).toMatchObject({
        ok: true,
        value: { completeness: 'full', key: { userId: 'a/b@x' } },
      })
    }
    expect(server.calls()[0]).toBe('GET /users?userId=a%2Fb%40x')
    // An id with a star is taken for a filter by the server.
    server.routes['GET /users'] = json([detail('ab@x'), detail('A*@x'), detail('ac@x')])
    expect(await client.user('a*@x')).toMatchObject({ value: { key: { userId: 'A*@x' } } })
    server.routes['GET /users'] = json([])
    expect(await client.user('a*@x')).toMatchObject({ error: { kind: 'not-found' } })
    server.routes['GET /users'] = json({ status: 404, error: '[Error 4008] User not found: a' }, 404)
    expect(await client.user('a')).toMatchObject({ error: { kind: 'not-found', code: '4008' } })
  })

  it('cancels', async () => {
    server.routes['GET /users'] = () => new Promise(() => {})
    const control = new AbortController()
    setTimeout(() => control.abort(), 30)
    const cancelled = { ok: false, error: { kind: 'cancelled' } }
    expect(await client.usersOfGroup(group, { extended: false, signal: control.signal })).toMatchObject(
      cancelled,
    )
    expect(await client.user('a', { signal: control.signal })).toMatchObject(cancelled)
    expect(server.calls()).toHaveLength(1)
  })
})

describe('what lower logins see', () => {
  it('a group’s administrator: own provider and group, without asking', async () => {
    await signInAs({ loginType: 'Group', serviceProviderId: 'sp', groupId: 'g' })
    expect(await client.serviceProviders()).toMatchObject({ value: [{ id: 'sp' }] })
    expect(await client.groups('sp')).toMatchObject({ value: [{ serviceProviderId: 'sp', groupId: 'g' }] })
    expect(server.calls()).toEqual([])
  })

  it('a provider’s administrator: own provider without asking, its groups by asking', async () => {
    await signInAs({ loginType: 'Service Provider', serviceProviderId: 'sp' })
    server.routes['GET /groups'] = json([
      { groupId: 'g', groupName: 'G', userLimit: 5, serviceProviderId: 'sp' },
    ])
    expect(await client.serviceProviders()).toMatchObject({ value: [{ id: 'sp' }] })
    expect(await client.groups('sp')).toMatchObject({ value: [{ groupId: 'g', name: 'G' }] })
    expect(server.calls()).toEqual(['GET /groups?serviceProviderId=sp'])
  })

  it('a department’s administrator: the users of that department', async () => {
    await signInAs({ loginType: 'Group Department', groupDepartmentPathName: 'Sales (g)' })
    server.routes['GET /users'] = json([
      row('a@x', { department: 'Sales (g)' }),
      row('b@x', { department: 'Support (g)' }),
      row('c@x', { department: null }),
      detail('d@x', { departmentFullPath: 'Sales (g)', department: { ...group, name: 'Sales' } }),
    ])
    const result = await client.usersOfGroup(group, { extended: false })
    expect(result.ok && result.value.map(({ key }) => key.userId)).toEqual(['a@x', 'd@x'])
    const sent = await client.usersAsSent(group, { extended: false })
    await signInAs({ loginType: 'System' })
    const read = sent.ok ? await readSent(sent.value) : undefined
    expect(read?.ok && read.value.map(({ key }) => key.userId)).toEqual(['a@x', 'd@x'])
  })

  describe('a list speaks only for what it is about', () => {
    const elsewhere = { groupId: 'other' }

    it('a list of another group alone is no answer', async () => {
      server.routes['GET /users'] = json([row('a@x', elsewhere), row('b@x', elsewhere)])
      const unknown = { ok: false, error: { kind: 'unknown', cause: 'shape' } }
      expect(await client.users(group)).toMatchObject(unknown)
      expect(await client.usersOfGroup(group, { extended: true })).toMatchObject(unknown)
      expect(await client.usersAsSent(group, { extended: true })).toMatchObject(unknown)
      server.routes['GET /users'] = json([row('a@x', { serviceProviderId: 'other' })])
      expect(await client.users(group)).toMatchObject(unknown)
    })

    it('rows of another group are left out and counted: nobody is concluded to be gone', async () => {
      server.routes['GET /users'] = json([row('a@x'), row('b@x', elsewhere)])
      const told = { value: [{ key: { userId: 'a@x' } }], problems: [expect.stringContaining('1 of 2')] }
      expect(await client.users(group)).toMatchObject(told)
      const sent = await client.usersAsSent(group, { extended: true })
      expect(sent.ok && (await readSent(sent.value))).toMatchObject(told)
    })

    it('a user who stands in it twice is there once, without the values that differ', async () => {
      server.routes['GET /users'] = json([
        row('a@x', { lastName: 'Smith', extension: '10' }),
        row('A@X', { lastName: 'Smith', extension: '11' }),
      ])
      const result = await client.usersOfGroup(group, { extended: false })
      const users = result.ok ? result.value : []
      expect(users).toMatchObject([{ completeness: 'row', fields: { lastName: 'Smith' } }])
      expect(users[0]?.fields).not.toHaveProperty('extension')
    })

    it('other letters, lost zeros and what is not named are no difference', async () => {
      const digits = { serviceProviderId: 'sp', groupId: '0417' }
      server.routes['GET /users'] = json([
        row('a@x', { serviceProviderId: 'SP', groupId: 417 }),
        { userId: 'b@x', lastName: 'Last' },
      ])
      const read = await client.users(digits)
      expect(read.ok && read.value.map(({ key }) => key.userId)).toEqual(['a@x', 'b@x'])
      expect(read).not.toHaveProperty('problems')
    })

    it('groups of another provider, lookups of another group', async () => {
      server.routes['GET /groups'] = json([{ serviceProviderId: 'other', groupId: 'g' }])
      expect(await client.groups('sp')).toMatchObject({ ok: false, error: { cause: 'shape' } })
      server.routes['GET /groups/extensions'] = json({
        serviceProviderId: 'sp',
        ...elsewhere,
        minExtensionLength: 3,
        maxExtensionLength: 5,
      })
      expect(await client.extensionLengths(group)).toMatchObject({ ok: false, error: { cause: 'shape' } })
    })
  })

  it('a user: that user', async () => {
    await signInAs({ loginType: 'User', userId: 'me@x' })
    server.routes['GET /users'] = json(detail('me@x'))
    expect(await client.usersOfGroup(group, { extended: true })).toMatchObject({
      value: [{ key: { userId: 'me@x' } }],
    })
    expect(server.calls()).toEqual(['GET /users?userId=me%40x'])
  })
})

describe('PUT /users', () => {
  const body = { ...group, userId: 'a@x', title: 'Chef' }

  it('sends the body as it is, and gives the record that comes back', async () => {
    for (const shape of [detail('a@x', { title: 'Chef' }), [detail('A@x', { title: 'Chef' })]]) {
      server.routes['PUT /users'] = json(shape)
      expect(await client.putUser(body)).toMatchObject({
        ok: true,
        value: { record: { completeness: 'full', fields: { title: 'Chef' } } },
      })
    }
    expect(server.seen[0]?.body).toBe(JSON.stringify(body))
    expect(server.seen[0]?.headers).toMatchObject({ 'content-type': 'application/json', connection: 'close' })
  })

  it('takes an echo for no verification', async () => {
    server.routes['PUT /users'] = json(body)
    const result = await client.putUser(body)
    expect(result).toMatchObject({ ok: true, value: { json: body } })
    expect(result.ok && result.value.record).toBeUndefined()
  })

  it.each([
    ['an empty body', { text: '' }, 'empty'],
    ['null', { json: null }, 'shape'],
    ['an empty list', { json: [] }, 'shape'],
    ['an empty object', { json: {} }, 'shape'],
    ['another user', { json: detail('b@x') }, 'shape'],
    ['another group', { json: detail('a@x', { groupId: 'other' }) }, 'shape'],
    ['several users', { json: [detail('a@x'), detail('b@x')] }, 'shape'],
    ['a log-in page', { text: '<html><title>Hotel</title></html>' }, 'captive-portal'],
    ['half an answer', { text: '{"userId":"a@x","last' }, 'truncated'],
    ['words', { text: 'OK' }, 'not-json'],
    ['a redirect', { status: 302, headers: { location: '/login' } }, 'redirect'],
    ['a redirect elsewhere', { status: 307, headers: { location: 'http://hotel/' } }, 'captive-portal'],
    ['511', { status: 511, text: '<html>' }, 'captive-portal'],
    ['500', { status: 500, text: '<html>' }, 'server-error'],
    ['502', { status: 502, text: '' }, 'gateway'],
    ['504', { status: 504, text: '' }, 'gateway-timeout'],
    ['408', { status: 408, text: '' }, 'timeout'],
  ])('is unknown after %s, and sent once', async (_, reply, cause) => {
    server.routes['PUT /users'] = () => reply
    expect(await client.putUser(body)).toMatchObject({ ok: false, error: { kind: 'unknown', cause } })
    expect(server.calls()).toEqual(['PUT /users'])
  })

  it('is unknown after a reset, and sent once', async () => {
    server.routes['PUT /users'] = () => 'reset'
    expect(await client.putUser(body)).toMatchObject({ error: { kind: 'unknown', cause: 'reset' } })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(server.calls()).toEqual(['PUT /users'])
  })

  it('is refused by a 200 that says so', async () => {
    server.routes['PUT /users'] = json({ status: 400, error: '[Error 4202] taken', details: '' })
    expect(await client.putUser(body)).toMatchObject({ error: { kind: 'refused', code: '4202' } })
  })

  it('is not sent where nothing listens', async () => {
    const { client: lost } = connect(`http://127.0.0.1:${await closedPort()}/api/v2`)
    await lost.signIn('admin', password)
    expect(await lost.putUser(body)).toMatchObject({ error: { kind: 'not-sent', cause: 'refused' } })
    const { client: nowhere } = connect('odin.example.com')
    expect(await nowhere.signIn('a', 'b')).toMatchObject({
      error: { kind: 'not-sent', cause: 'bad-base-url' },
    })
  })
})

describe('lookups', () => {
  it('departments', async () => {
    server.routes['GET /groups/departments'] = json([
      { ...group, name: 'Sales', fullPathName: 'Sales (g)', isEnterpriseDepartment: false },
      { serviceProviderId: 'sp', name: 'All', fullPathName: 'All', isEnterpriseDepartment: 'true' },
    ])
    expect(await client.departments(group, { includeEnterprise: true })).toMatchObject({
      value: [
        { ...group, name: 'Sales', fullPathName: 'Sales (g)' },
        { serviceProviderId: 'sp', name: 'All' },
      ],
    })
    expect(server.calls()[0]).toContain('&includeEnterprise=true')
    server.routes['GET /groups/departments'] = json({ name: 'Only' })
    expect(await client.departments(group)).toMatchObject({ value: [{ ...group, name: 'Only' }] })
  })

  it('languages, time zones, states', async () => {
    server.routes['GET /system/languages'] = json({
      default: 'English',
      languages: { language: 'English', locale: 'en_US', encoding: 'ISO-8859-1' },
    })
    expect(await client.languages()).toMatchObject({
      value: { default: 'English', languages: [{ language: 'English', locale: 'en_US' }] },
    })
    server.routes['GET /system/time-zones'] = json([
      { key: 'Europe/Berlin', displayName: '(GMT+01:00) Berlin' },
    ])
    expect(await client.timeZones()).toMatchObject({ value: [{ key: 'Europe/Berlin' }] })
    server.routes['GET /system/states-provinces'] = json([{ key: 'Ohio' }])
    expect(await client.statesAndProvinces()).toMatchObject({ value: [{ key: 'Ohio', displayName: 'Ohio' }] })
  })

  it('network classes of service, domains, extension lengths', async () => {
    server.routes['GET /groups/network-class-of-services'] = json({
      services: [{ name: 'NCOS', description: '', default: 'true' }],
    })
    expect(await client.networkClassesOfService(group)).toMatchObject({
      value: [{ name: 'NCOS', isDefault: true }],
    })
    server.routes['GET /groups/domains'] = json({ default: 'x.net', domains: 'x.net' })
    expect(await client.domains(group)).toMatchObject({ value: { default: 'x.net', domains: ['x.net'] } })
    server.routes['GET /groups/extensions'] = json({ minExtensionLength: '3', maxExtensionLength: 5 })
    expect(await client.extensionLengths(group)).toMatchObject({ value: { min: 3, max: 5 } })
    for (const odd of [{}, { minExtensionLength: 5, maxExtensionLength: 3 }, []]) {
      server.routes['GET /groups/extensions'] = json(odd)
      expect(await client.extensionLengths(group)).toMatchObject({ ok: false, error: { cause: 'shape' } })
    }
  })

  it('numbers, ranges expanded', async () => {
    server.routes['GET /groups/dns'] = json({
      ...group,
      dns: [
        { min: '+1-9709580009', max: '+1-9709580011', activated: 'true', assigned: false },
        { min: '+44-0099', max: null },
        { min: 5136549859, max: '' },
        { min: '+1-1', max: '+1-99' },
        { min: '+1-0000000000', max: '+1-9999999999' },
      ],
    })
    const result = await client.numbers(group, { only: 'available' })
    expect(result).toMatchObject({
      value: [
        { number: '+1-9709580009', activated: true, assigned: false },
        { number: '+1-9709580010' },
        { number: '+1-9709580011' },
        { number: '+44-0099' },
        { number: '5136549859' },
      ],
    })
    expect(result.ok && result.problems).toHaveLength(2)
    expect(server.calls()[0]).toMatch(/&q=available$/)
  })

  it('extensions in use, over everything that has one', async () => {
    server.routes['GET /users'] = json([
      row('a@x'),
      row('b@x', { extension: 78900 }),
      row('c@x', { extension: null }),
    ])
    server.routes['GET /groups/hunt-groups'] = json([
      { serviceUserId: 'hg@x', name: 'HG', extension: '2000' },
    ])
    server.routes['GET /groups/auto-attendants'] = json({
      serviceUserId: 'aa@x',
      name: 'AA',
      extension: 2001,
    })
    server.routes['GET /groups/call-centers'] = json([{ serviceUserId: 'cc@x', name: 'CC', extension: '' }])
    expect(await client.extensionsInUse(group)).toMatchObject({
      value: [
        { extension: '1001', by: 'user', id: 'a@x', name: 'First Last' },
        { extension: '78900', by: 'user', id: 'b@x' },
        { extension: '2000', by: 'hunt-group', id: 'hg@x', name: 'HG' },
        { extension: '2001', by: 'auto-attendant', id: 'aa@x' },
      ],
    })
    server.routes['GET /groups/call-centers'] = json({ error: '[Error 4003] Unauthorized request: X' }, 403)
    expect(await client.extensionsInUse(group)).toMatchObject({ ok: false, error: { kind: 'forbidden' } })
  })

  it('rules', async () => {
    server.routes['GET /groups/password-rules'] = json({
      minLength: '6',
      restrictMinDigits: 'true',
      minDigits: 1,
      restrictMinUpperCaseLetters: false,
      minUpperCaseLetters: 2,
      disallowUserId: 'true',
      passwordExpiresDays: 0,
      __proto__: null,
    })
    expect(await client.passwordRules(group)).toMatchObject({
      value: { minLength: 6, minDigits: 1, others: { disallowUserId: true } },
    })
    server.routes['GET /groups/passcode-rules'] = json({ useRuleLevel: 'Service Provider' })
    server.routes['GET /service-providers/passcode-rules'] = json({ minCodeLength: 4, maxCodeLength: 8 })
    expect(await client.passcodeRules(group)).toMatchObject({ value: { minLength: 4, maxLength: 8 } })
  })

  it('generated secrets, which appear in the value alone', async () => {
    server.routes['GET /password/generate'] = json({ password: 'gen-1' })
    expect(await client.generate('password', group)).toEqual({
      ok: true,
      value: ['gen-1'],
      status: 200,
      raw: '',
    })
    server.routes['GET /passcode/generate'] = json({ passcodes: [1234, '5678'] })
    expect(await client.generate('passcode', group, { count: 2 })).toMatchObject({ value: ['1234', '5678'] })
    server.routes['GET /sip-password/generate'] = json({ secret: 'gen-2' })
    const odd = await client.generate('sip-password', group)
    expect(odd).toMatchObject({ ok: false, error: { cause: 'shape' } })
    expect(JSON.stringify(odd)).not.toContain('gen-2')
  })
})

describe('other writes', () => {
  it('bulk, alternate ids, rename', async () => {
    server.routes['PUT /users/bulk'] = ({ body }) => ({ json: JSON.parse(body) })
    server.routes['PUT /users/alternate-user-id'] = ({ body }) => ({ json: JSON.parse(body) })
    server.routes['PUT /users/user-id'] = () => ({ text: '' })
    expect(await client.putUsersBulk(['a@x', 'b@x'], { title: null })).toMatchObject({ ok: true })
    expect(await client.putAlternateUserIds('a@x', [{ userId: 'alt@x', description: 'd' }])).toMatchObject({
      ok: true,
    })
    expect(await client.renameUser('a@x', 'c@x')).toMatchObject({ ok: true, value: null })
    expect(server.seen.map(({ body }) => JSON.parse(body))).toEqual([
      { users: [{ userId: 'a@x' }, { userId: 'b@x' }], data: { title: null } },
      { userId: 'a@x', users: [{ userId: 'alt@x', description: 'd' }] },
      { userId: 'a@x', newUserId: 'c@x' },
    ])
  })

  it('alternate ids in each of their spellings', async () => {
    const shapes = [
      { userId: 'a@x', users: [{ userId: 'alt@x', description: 'd' }] },
      { userId: 'a@x', users: { userId: 'alt@x', description: 'd' } },
      [{ userId: 'a@x', users: [{ alternateUserId: 'alt@x', description: 'd' }] }],
    ]
    for (const shape of shapes) {
      server.routes['GET /users/alternate-user-id'] = json(shape)
      expect(await client.alternateUserIds('a@x')).toMatchObject({
        value: [{ userId: 'alt@x', description: 'd' }],
      })
    }
    server.routes['GET /users/alternate-user-id'] = json({ userId: 'a@x' })
    expect(await client.alternateUserIds('a@x')).toMatchObject({ ok: true, value: [] })
    // Somebody else's, or nobody's, say nothing.
    for (const other of [{ userId: 'b@x', users: [] }, { message: 'Welcome' }, {}]) {
      server.routes['GET /users/alternate-user-id'] = json(other)
      expect((await client.alternateUserIds('a@x')).ok).toBe(false)
    }
  })

  it('a move, and its dry run', async () => {
    server.routes['PUT /users/group-id'] = json({
      userId: 'a@x',
      error: [{ code: 19701, summary: 'Has a number.' }, 'Second'],
      impact: 'Loses a service.',
    })
    expect(await client.moveUser('a@x', 'g2', { evaluateOnly: true })).toMatchObject({
      value: { errors: ['19701 Has a number.', 'Second'], impacts: ['Loses a service.'] },
    })
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({
      userId: 'a@x',
      newGroupId: 'g2',
      evaluateOnly: true,
    })
    server.routes['PUT /users/group-id'] = json([detail('a@x')])
    expect(await client.moveUser('a@x', 'g2', { evaluateOnly: false })).toMatchObject({
      value: { errors: [], impacts: [], record: { key: { userId: 'a@x' } } },
    })
    server.routes['PUT /users/group-id'] = json({ error: '[Error 19603] Cannot move.' }, 400)
    expect(await client.moveUser('a@x', 'g2', { evaluateOnly: false })).toMatchObject({
      error: { kind: 'refused', cause: 'move-blocked' },
    })
  })

  it('of a refused secret is told which rule it breaks, in words of our own', async () => {
    for (const [error, reason] of [
      ['[Error 4960] Passcode must not be a sequence: 1234', 'It must not be a sequence.'],
      ['Password must be at least 8 characters.', 'Its length does not fit.'],
      ['Password must contain at least 1 digit.', 'It has too few digits.'],
      ['Password must contain at least 1 upper case letter.', 'It needs a capital letter.'],
      ['Cannot be one of the previous 3 passcodes', 'It must not be one that was used before.'],
    ] as const) {
      server.routes['PUT /users/portal-passcode'] = json({ status: 400, error }, 400)
      const result = await client.putPortalPasscode('a@x', '1234')
      expect(result).toMatchObject({
        error: { message: `The server refused the passcode. ${reason}`, next: 'Choose another one.' },
      })
      expect(JSON.stringify(result)).not.toContain('1234')
    }
    server.routes['PUT /users/portal-passcode'] = json({ status: 400, error: 'MTIzNA== no' }, 400)
    const result = await client.putPortalPasscode('a@x', '1234')
    expect(result).toMatchObject({
      error: { kind: 'refused', next: expect.stringContaining('Look at the rules') },
    })
    expect(JSON.stringify(result)).not.toContain('MTIz')
  })

  it('secrets: once, and in nothing that comes back', async () => {
    const secret = 'pass/“zebra”"1'
    const echo: Route = ({ body }) => ({ json: JSON.parse(body) })
    server.routes['PUT /users/passwords'] = echo
    server.routes['PUT /users/portal-passcode'] = json([])
    expect(await client.putWebPassword('a@x', secret, 'old')).toEqual({
      ok: true,
      value: undefined,
      status: 200,
      raw: '',
    })
    expect(await client.putPortalPasscode('a@x', '482915')).toMatchObject({ ok: true, raw: '' })
    expect(server.seen.map(({ body }) => JSON.parse(body))).toEqual([
      { userId: 'a@x', newPassword: secret, oldPassword: 'old' },
      { userId: 'a@x', newPasscode: '482915' },
    ])
    const replies: Route[] = [
      ({ body }) => ({ status: 400, json: { error: `refused: ${body}` } }),
      ({ body }) => ({ status: 500, text: `<html>${body}` }),
      ({ body }) => ({ text: `{"a":${body}` }),
      ({ body }) => ({ status: 302, headers: { location: `/x?${encodeURIComponent(body)}` } }),
      // In forms that nobody knows to strike out.
      ({ body }) => ({
        status: 400,
        json: {
          status: 400,
          error: `[Error 4962] ${inForms(JSON.parse(body)).join(' ')}`,
        },
      }),
      ({ body }) => ({
        status: 422,
        json: { message: 'Invalid.', errors: { new: inForms(JSON.parse(body)) } },
      }),
      () => 'reset',
    ]
    for (const reply of replies) {
      server.routes['PUT /users/passwords'] = reply
      server.routes['PUT /users/portal-passcode'] = reply
      const results = [
        await client.putWebPassword('a@x', secret),
        await client.putPortalPasscode('a@x', '482915'),
      ]
      expect(results.every(({ ok }) => !ok)).toBe(true)
      const told = JSON.stringify(results)
      expect(told).not.toMatch(/zebra|482915/)
      for (const form of [...inForms({ newPassword: secret }), ...inForms({ newPasscode: '482915' })]) {
        expect(told).not.toContain(form)
      }
    }
    expect(server.seen).toHaveLength(2 + 2 * replies.length)
  })

  it('secrets are not sent again after a 401 either', async () => {
    server.routes['PUT /users/portal-passcode'] = json([])
    server.tokens.clear()
    expect(await client.putPortalPasscode('a@x', '482915')).toMatchObject({
      ok: false,
      error: { kind: 'unauthorized', next: expect.stringContaining('not changed') },
    })
    expect(server.calls()).toEqual(['PUT /users/portal-passcode', 'POST /auth/token'])
  })
})

describe('the bearer', () => {
  it('goes to the configured origin only', async () => {
    const other = await smallServer()
    server.routes['GET /users'] = () => ({ status: 301, headers: { location: `${other.url}/users` } })
    expect(await client.user('a@x')).toMatchObject({ ok: false, error: { kind: 'unknown' } })
    expect(other.seen).toEqual([])
  })
})

describe('pace', () => {
  it('holds for all calls of a connection together, at the moment of writing', async () => {
    const inner = createHttp({ log: memoryLog() })
    const writes: number[] = []
    const http: Http = {
      send: (request) =>
        inner.send({
          ...request,
          beforeSend: async () => {
            await request.beforeSend?.()
            writes.push(performance.now())
          },
        }),
    }
    const { client: slow } = connect(server.url, { callsPerSecond: 5, http })
    await slow.signIn('admin', password)
    server.routes['GET /users'] = json(detail('a@x'))
    server.routes['PUT /users'] = json(detail('a@x'))
    const body = { serviceProviderId: 'sp', groupId: 'g', userId: 'a@x' }
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => (n % 3 === 0 ? slow.putUser(body) : slow.user('a@x'))),
    )
    expect(server.seen).toHaveLength(13)
    expect(writes).toHaveLength(13)
    for (const from of writes) {
      expect(writes.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(5)
    }
  })
})
