import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readBaseUrl } from '../../../../electron/odin/base-url'
import { expandRange } from '../../../../electron/odin/numbers'
import { lockedFields, permissions } from '../../../../electron/odin/permissions'
import { lifeOf, sessionFields, tokenOf } from '../../../../electron/odin/token'
import type { OdinSession } from '../../../../electron/odin/types'
import { urlOf } from '../../../../electron/odin/wire'
import { routesOf } from '../../../../electron/platform/pac'
import { editable, everyField } from '../../../../shared/user/catalogue'

describe('base URL', () => {
  it('loses spaces and trailing slashes', () => {
    expect(readBaseUrl(' https://Odin.example.com:8443/api/v2// ')).toEqual({
      ok: true,
      url: 'https://odin.example.com:8443/api/v2',
      origin: 'https://odin.example.com:8443',
      isSecure: true,
    })
  })

  it('proposes, and does not guess', () => {
    expect(readBaseUrl('https://odin.example.com')).toMatchObject({
      ok: true,
      url: 'https://odin.example.com',
      usually: 'https://odin.example.com/api/v2',
    })
    expect(readBaseUrl('odin.example.com')).toMatchObject({
      ok: false,
      proposal: 'https://odin.example.com/api/v2',
    })
    expect(readBaseUrl('localhost:8080/api/v2')).toMatchObject({
      ok: false,
      proposal: 'https://localhost:8080/api/v2',
    })
    expect(readBaseUrl('https://u:p@odin.example.com/api/v2')).toEqual({
      ok: false,
      problem: expect.stringContaining('must not contain a user name'),
      proposal: 'https://odin.example.com/api/v2',
    })
  })

  it.each([
    '',
    'ftp://x/',
    'file:///etc',
    'javascript:alert(1)',
    'https://',
    'https://x/?a=1',
    'https://x/#a',
    'http://[',
  ])('refuses %s', (text) => {
    expect(readBaseUrl(text).ok).toBe(false)
  })

  it('warns of plain http except on this computer', () => {
    expect(readBaseUrl('http://odin.example.com/api/v2')).toMatchObject({ warning: expect.any(String) })
    for (const host of ['127.0.0.1:1', 'localhost', '[::1]:80']) {
      expect(readBaseUrl(`http://${host}/api/v2`)).not.toHaveProperty('warning')
    }
    expect(readBaseUrl('http://127.0.0.1.example.com/api/v2')).toHaveProperty('warning')
  })
})

describe('URLs', () => {
  it('keep whatever an id holds inside its value', () => {
    const url = urlOf('https://h/api/v2', '/users', { userId: 'a/b&c=d#e+f g?%@x', none: undefined, n: 3 })
    expect(url).toBe('https://h/api/v2/users?userId=a%2Fb%26c%3Dd%23e%2Bf%20g%3F%25%40x&n=3')
  })

  it('never leave the path or the origin', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        const url = new URL(urlOf('https://h/api/v2', '/users', { userId: id }))
        expect(url.origin).toBe('https://h')
        expect(url.pathname).toBe('/api/v2/users')
        expect(url.hash).toBe('')
        expect([...url.searchParams.keys()]).toEqual(['userId'])
        expect(url.searchParams.get('userId')).toBe(id.replace(/\p{Surrogate}/gu, '\ufffd'))
      }),
    )
  })
})

describe('number ranges', () => {
  it('keep prefix and leading zeros', () => {
    expect(expandRange('+1-9709580008', '+1-9709580011')).toEqual({
      ok: true,
      numbers: ['+1-9709580008', '+1-9709580009', '+1-9709580010', '+1-9709580011'],
    })
    expect(expandRange('+44-0099', '0101')).toEqual({
      ok: true,
      numbers: ['+44-0099', '+44-0100', '+44-0101'],
    })
    expect(expandRange('513', '')).toEqual({ ok: true, numbers: ['513'] })
    expect(expandRange('+1-513', undefined)).toEqual({ ok: true, numbers: ['+1-513'] })
  })

  it.each([
    ['+1-99', '+1-100'],
    ['+1-10', '+44-12'],
    ['+1-20', '+1-10'],
    ['+1-0000000000', '+1-9999999999'],
    ['abc', undefined],
    ['+1-10', 'x'],
  ])('make no sense as %s to %s', (min, max) => {
    expect(expandRange(min, max).ok).toBe(false)
  })
})

describe('token and session', () => {
  const jwt = (claims: unknown) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`

  it('reads its own life, and nothing from what is no JWT', () => {
    expect(lifeOf(jwt({ iat: 100, exp: '200' }))).toEqual({ issuedAt: 100, expiresAt: 200 })
    for (const token of ['', 'abc', 'a.b.c', 'a..c', jwt('x'), jwt([]), jwt({ exp: 'soon' })]) {
      expect(lifeOf(token)).toEqual({})
    }
  })

  it('takes no token that a header cannot carry', () => {
    expect(tokenOf({ token: 'abc.def' })).toBe('abc.def')
    for (const token of ['', 'a b', 'a\r\nX: y', 'ä', 'x'.repeat(20_000), null, {}]) {
      expect(tokenOf({ token: token as never })).toBeUndefined()
    }
    expect(tokenOf([{ token: 't' }])).toBe('t')
  })

  it('evens out what the documents record', () => {
    expect(
      sessionFields({
        userId: 'admin',
        loginType: 'Service Provider',
        serviceProviderId: 'ent.odin',
        groupId: null,
        isSystemAdmin: 'true',
        readOnly: 0,
        policy: [],
        passwordExpiresDays: '-2147483648',
        groupDepartmentPathName: 'Sales (g)',
        encoding: 'ISO-8859-1',
      }),
    ).toEqual({
      userId: 'admin',
      loginType: 'Service Provider',
      serviceProviderId: 'ent.odin',
      isSystemAdmin: true,
      readOnly: false,
      policy: {},
      departmentPathName: 'Sales (g)',
      encoding: 'ISO-8859-1',
    })
    expect(sessionFields({ passwordExpiresDays: '-107', policy: { userAccess: 'Full' } })).toEqual({
      passwordExpiresInDays: -107,
      policy: { userAccess: 'Full' },
    })
    expect(sessionFields('x')).toEqual({})
  })
})

describe('permissions', () => {
  const session = (more: Partial<OdinSession>): OdinSession => ({
    userId: 'me@x',
    loginType: 'Group',
    isSystemAdmin: false,
    readOnly: false,
    policy: {},
    ...more,
  })
  const can = (more: Partial<OdinSession>, path: string, userId?: string) =>
    permissions(session(more)).canEdit(path, userId) === true

  it.each([
    [
      'User',
      ['title', 'firstName', 'address.city'],
      [
        'callingLineIdLastName',
        'networkClassOfService',
        'department',
        'extension',
        'aliases',
        'alternateUserId',
      ],
    ],
    [
      'Group Department',
      ['title', 'extension', 'networkClassOfService'],
      ['department', 'aliases', 'alternateUserId', 'groupId'],
    ],
    ['Group', ['title', 'department', 'aliases', 'extension', 'userId'], ['alternateUserId']],
    ['Service Provider', ['department', 'aliases'], ['alternateUserId']],
    ['Reseller', ['alternateUserId'], []],
    ['Provisioning', ['alternateUserId', 'aliases'], []],
    ['System', ['alternateUserId', 'extension'], []],
    ['Something new', ['alternateUserId', 'extension'], []],
  ])('of a %s login', (loginType, may, mayNot) => {
    for (const path of may) expect(can({ loginType }, path)).toBe(true)
    for (const path of mayNot)
      expect(permissions(session({ loginType })).canEdit(path)).toEqual({
        because: expect.stringMatching(/\.$/),
      })
  })

  it('end at oneself for a user’s own login', () => {
    expect(can({ loginType: 'User' }, 'title', 'ME@x')).toBe(true)
    expect(can({ loginType: 'User' }, 'title', 'you@x')).toBe(false)
  })

  it('are none for an account that may only read', () => {
    expect(can({ loginType: 'System', readOnly: true }, 'title')).toBe(false)
    const locked = lockedFields(session({ loginType: 'System', readOnly: true }))
    expect(Object.keys(locked)).toEqual(everyField.filter(editable).map(({ path }) => path))
    expect(new Set(Object.values(locked))).toEqual(new Set(['This account may only read.']))
  })

  it('lock the fields that they deny, with the reason', () => {
    expect(lockedFields(session({ loginType: 'System' }))).toEqual({})
    const locked = lockedFields(
      session({ loginType: 'Group', policy: { phoneNumberExtensionAccess: 'Read-Only' } }),
    )
    expect(Object.keys(locked).sort()).toEqual(['extension', 'phoneNumber'])
    expect(locked.extension).toContain('phone numbers and extensions')
  })

  it.each([
    [{ userAccess: 'None' }, 'title', false],
    [{ userAccess: 'Read-Only Profile' }, 'title', false],
    [{ userAccess: 'Full Profile' }, 'title', true],
    [{ userProfileAccess: 'Read-Only' }, 'title', false],
    [{ userProfileAccess: 'Read-Only' }, 'extension', true],
    [{ phoneNumberExtensionAccess: 'Read-Only' }, 'extension', false],
    [{ phoneNumberExtensionAccess: 'Read-Only' }, 'title', true],
    [{ callingLineIdNumberAccess: 'Read-Only' }, 'callingLineIdPhoneNumber', false],
    [{ accessDeviceAccess: 'Read-Only' }, 'accessDeviceEndpoint.linePort', false],
    [{ accessDeviceAccess: 'Associate User With Device' }, 'endpointType', true],
    [{ userAccess: 'Something new' }, 'title', true],
  ])('under the policy %j: %s is %s', (policy, path, expected) => {
    expect(can({ policy }, path)).toBe(expected)
    expect(can({ policy, loginType: 'System' }, path)).toBe(true)
  })
})

describe('proxy answers', () => {
  it('become routes in their order', () => {
    expect(routesOf('PROXY a.example:3128; HTTPS [::1]:8443; SOCKS5 x; SOCKS y:1;DIRECT')).toEqual([
      { kind: 'proxy', scheme: 'http', host: 'a.example', port: 3128 },
      { kind: 'proxy', scheme: 'https', host: '::1', port: 8443 },
      { kind: 'proxy', scheme: 'socks5', host: 'x', port: 1080 },
      { kind: 'unsupported', text: 'SOCKS y:1' },
      { kind: 'direct' },
    ])
    expect(routesOf('')).toEqual([{ kind: 'direct' }])
    expect(routesOf('PROXY a.example')).toEqual([
      { kind: 'proxy', scheme: 'http', host: 'a.example', port: 80 },
    ])
    expect(routesOf('PROXY u:p@a:1')).toEqual([{ kind: 'unsupported', text: 'PROXY u:p@a:1' }])
    expect(routesOf('PROXY a:99999')[0]?.kind).toBe('unsupported')
  })
})
