import { describe, expect, it } from 'vitest'
import {
  type Answer,
  errorInSuccess,
  errorOfAnswer,
  errorOfFailure,
  errorOfShape,
  withoutSecrets,
} from '../../../../electron/odin/errors'
import type { HttpFailure } from '../../../../electron/platform/ports'
import { reachOf } from '../../../../electron/server/reach'

const write = { isRead: false, isSecure: true }
const read = { isRead: true, isSecure: true }

const answer = (status: number, body: unknown = '', headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const broadworks = (text: string, status = 400) =>
  answer(status, { status, error: text, details: 'UserModifyRequest22' })

describe('BroadWorks’ codes', () => {
  it.each([
    ['4003', 'forbidden', 'forbidden'],
    ['4007', 'not-found', 'user-not-found'],
    ['4008', 'not-found', 'user-not-found'],
    ['4015', 'refused', 'state-not-valid'],
    ['4152', 'not-found', 'group-not-found'],
    ['4200', 'refused', 'duplicate-id'],
    ['4201', 'refused', 'number-not-available'],
    ['4202', 'refused', 'extension-taken'],
    ['4267', 'refused', 'domain-assigned'],
    ['4400', 'refused', 'service-not-assigned'],
    ['4410', 'refused', 'service-missing'],
    ['4500', 'refused', 'device-exists'],
    ['4501', 'refused', 'device-type-unknown'],
    ['4505', 'refused', 'device-not-found'],
    ['4909', 'refused', 'extension-length'],
    ['4910', 'refused', 'extension-digits'],
    ['4911', 'refused', 'extension-emergency'],
    ['4962', 'unauthorized', 'wrong-password'],
    ['5202', 'unauthorized', 'account-disabled'],
    ['5404', 'unauthorized', 'not-signed-in-at-broadworks'],
    ['6004', 'refused', 'validation'],
    ['8264', 'refused', 'unclear'],
    ['9495', 'refused', 'extension-taken'],
    ['19600', 'refused', 'move-blocked'],
    ['19613', 'refused', 'move-blocked'],
    ['19701', 'refused', 'move-blocked'],
    ['19724', 'refused', 'move-blocked'],
    ['25008', 'refused', 'webex-missing-field'],
    ['25110', 'refused', 'webex-length'],
    ['4321', 'refused', 'rejected'],
  ])('%s is %s (%s), whatever the status', (code, kind, cause) => {
    const text = `[Error ${code}] Some sentence: a@x.`
    for (const status of [400, 404, 409, 422, 500]) {
      const error = errorOfAnswer(answer(status, { status, error: text }), { ...write, isSignIn: true })
      expect(error).toMatchObject({ kind, cause, code, text, status })
      expect(error.message).toMatch(/^[A-Z].+\.$/)
      expect(error.next).toMatch(/^[A-Z].+\.$/)
    }
  })

  it('takes a wrong password outside a sign-in for the old password of the request', () => {
    const error = errorOfAnswer(broadworks('[Error 4962] Invalid password', 401), write)
    expect(error).toMatchObject({ kind: 'refused', cause: 'wrong-password', code: '4962' })
    expect(errorOfAnswer(broadworks('[Error 5202] Account is disabled.', 400), write).kind).toBe('refused')
    expect(errorOfAnswer(broadworks('[Error 5202] Account is disabled.', 401), write).kind).toBe(
      'unauthorized',
    )
  })

  it('keeps 402 for what it means at a sign-in', () => {
    expect(errorOfAnswer(broadworks('[Error 4962] Password Expired', 402), write).kind).toBe(
      'password-expired',
    )
  })

  it('finds the code in `message`, in plain text and beside an object', () => {
    const text = '[Error 4202] The extension is not available.'
    for (const body of [
      { message: text },
      text,
      { error: { message: text } },
      [{ error: text }],
      { x: text },
    ]) {
      expect(errorOfAnswer(answer(400, body), write)).toMatchObject({ kind: 'refused', code: '4202' })
    }
  })

  it('adds the details where the reason is in them', () => {
    const body = { error: '[Error 4400] Could not assign service: X', details: 'license limit is reached.' }
    expect(errorOfAnswer(answer(400, body), write).text).toBe(
      '[Error 4400] Could not assign service: X license limit is reached.',
    )
    expect(errorOfAnswer(broadworks('[Error 4008] User not found: a'), write).text).toBe(
      '[Error 4008] User not found: a',
    )
  })
})

describe('statuses without a code', () => {
  it.each([
    [301, 'unknown', 'redirect'],
    [304, 'unknown', 'redirect'],
    [400, 'refused', 'rejected'],
    [401, 'unauthorized', 'signed-out'],
    [402, 'password-expired', 'password-expired'],
    [403, 'forbidden-or-signed-out', 'forbidden-or-signed-out'],
    [404, 'not-found', 'not-found'],
    [405, 'refused', 'method-not-allowed'],
    [408, 'unknown', 'timeout'],
    [409, 'refused', 'rejected'],
    [413, 'refused', 'too-large'],
    [418, 'refused', 'rejected'],
    [422, 'refused', 'validation'],
    [429, 'busy', 'too-many-calls'],
    [500, 'unknown', 'server-error'],
    [502, 'unknown', 'gateway'],
    [503, 'busy', 'unavailable'],
    [504, 'unknown', 'gateway-timeout'],
    [511, 'unknown', 'captive-portal'],
    [529, 'unknown', 'server-error'],
    [999, 'unknown', 'server-error'],
    [100, 'unknown', 'status'],
  ])('%i is %s (%s)', (status, kind, cause) => {
    const refuses = status >= 400 && status < 500 && kind !== 'unknown' && kind !== 'busy'
    for (const body of ['', { status, error: 'Sorry' }, 'Sorry', ['Sorry'], { title: 'Sorry' }]) {
      const error = errorOfAnswer(answer(status, body), write)
      // Nobody is signed out, refused or gone on the word of what is not in the API's form.
      const isApi = typeof body === 'object' && 'error' in body
      expect(error).toMatchObject(refuses && !isApi ? { kind: 'unknown', status } : { kind, cause, status })
      expect(errorOfAnswer(answer(status, body), { ...write, isSignIn: true })).toMatchObject({
        kind,
        status,
      })
      expect(error.code).toBeUndefined()
      expect(error.message).toMatch(/\.$/)
      expect(error.next).toMatch(/\.$/)
    }
  })

  it('tells a wrong path from a missing object', () => {
    const page = '<html><head><title>404 Not Found</title></head></html>'
    expect(errorOfAnswer(answer(404, page), { ...read, isSignIn: true })).toMatchObject({
      cause: 'wrong-path',
    })
    // Signed in, the address was right: something else has answered.
    for (const status of [401, 402, 403, 404, 410, 422]) {
      for (const context of [read, write]) {
        expect(errorOfAnswer(answer(status, page), context)).toMatchObject({
          kind: 'unknown',
          cause: 'html',
          status,
        })
      }
    }
    expect(errorOfAnswer(answer(404, { status: 404, error: 'No' }), read)).toMatchObject({
      cause: 'not-found',
    })
  })

  it('passes on nothing but the API’s own words while signing in: whoever answers there need not be ODiN', () => {
    const inside = [
      answer(200, '<title>Router</title>'),
      answer(404, { secrets: ['intranet'], error: 'x' }),
      answer(404, { error: 'intranet' }),
      answer(401, '<html>intranet</html>'),
      answer(500, 'intranet'),
      { ...answer(302, 'intranet'), headers: { location: 'https://wiki.corp/page?token=intranet' } },
    ]
    for (const one of inside) {
      const error = errorOfAnswer(one, { ...read, isSignIn: true })
      expect(error.raw).toBeUndefined()
      expect(JSON.stringify(error)).not.toMatch(/intranet|Router/)
    }
    expect(errorOfShape(answer(200, 'intranet'), 'not-json', { ...read, isSignIn: true }).raw).toBeUndefined()
    const own = errorOfAnswer(answer(401, { status: 401, error: '[Error 4962] No' }), {
      ...read,
      isSignIn: true,
    })
    expect(own).toMatchObject({ text: expect.stringContaining('4962'), raw: expect.stringContaining('4962') })
  })

  it('joins Laravel’s list of what is wrong', () => {
    const body = {
      message: 'The given data was invalid.',
      errors: { userId: ['is required', 'is odd'], x: 'no' },
    }
    expect(errorOfAnswer(answer(422, body), write).text).toBe(
      'The given data was invalid. userId: is required is odd; x: no',
    )
  })

  it('says where a redirect points, and takes it for a guest network only where anyone can answer', () => {
    const away = answer(302, '', { location: 'http://portal.example/login' })
    expect(errorOfAnswer(away, write)).toMatchObject({
      cause: 'redirect',
      text: 'Location: http://portal.example/login',
    })
    expect(errorOfAnswer(away, { ...write, isSecure: false }).cause).toBe('captive-portal')
    const within = answer(302, '', { location: '/login' })
    expect(errorOfAnswer(within, { ...write, isSecure: false }).cause).toBe('redirect')
  })

  it('reads Retry-After as seconds or as a date beside the server’s own', () => {
    const after = (headers: Record<string, string>, body = '{"status":503,"error":"Too much to do."}') =>
      errorOfAnswer(answer(503, body, headers), write).retryAfterMs
    expect(after({ 'retry-after': '7' })).toBe(7000)
    expect(after({ 'retry-after': '99999999' })).toBe(3_600_000)
    // A page is nobody's word for so long.
    expect(after({ 'retry-after': '99999999' }, '<h1>Later</h1>')).toBe(60_000)
    expect(
      after({ 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' }),
    ).toBe(30_000)
    expect(after({ 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT' })).toBeUndefined()
    expect(after({ 'retry-after': 'soon' })).toBeUndefined()
    expect(after({})).toBeUndefined()
  })
})

describe('no answer', () => {
  const failed = (reason: HttpFailure, sent: boolean, code?: string) =>
    ({ kind: 'failed', reason, sent, message: 'm', ...(code === undefined ? {} : { code }) }) as const

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
    ...(['reset', 'too-large', 'bad-answer'] as const),
  ]
  it.each([
    ['PROXY_407', 'proxy-sign-in'],
    ['PROXY_SIGN_IN_REFUSED', 'proxy-sign-in'],
    ['PROXY_SIGN_IN_KIND', 'proxy'],
    ['PROXY_503', 'proxy'],
  ])('%s of a proxy is told as %s, and which proxy it was', (code, cause) => {
    const proxy = 'http://proxy.example.com:3128'
    const error = errorOfFailure({ ...failed('proxy', false, code), proxy }, write)
    expect(error).toMatchObject({ kind: 'not-sent', cause, proxy })
  })
  it.each(reasons)('%s is not-sent only if nothing was sent', (reason) => {
    expect(errorOfFailure(failed(reason, false), write)).toMatchObject({ kind: 'not-sent' })
    expect(errorOfFailure(failed(reason, true), write)).toMatchObject({ kind: 'unknown' })
    expect(errorOfFailure(failed(reason, true), write).message).toMatch(/\.$/)
  })

  it('does not call a cancelled write undone once it was sent', () => {
    expect(errorOfFailure(failed('aborted', true), write).kind).toBe('unknown')
    expect(errorOfFailure(failed('aborted', false), write).kind).toBe('cancelled')
    expect(errorOfFailure(failed('aborted', true), read).kind).toBe('cancelled')
  })

  it.each([
    ['CERT_HAS_EXPIRED', 'tls-expired', /expired/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-self-signed', /self-signed/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls-unknown-authority', /authority/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls-unknown-authority', /authority/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-wrong-host', /another host name/],
    ['CERT_NOT_YET_VALID', 'tls-not-yet-valid', /not valid yet/],
    ['BAD_CA_FILE', 'tls-bad-ca-file', /CA file/],
    ['ERR_SSL_SOMETHING', 'tls', /ERR_SSL_SOMETHING/],
    ['toString', 'tls', /toString/],
  ])('names the TLS problem %s', (code, cause, message) => {
    const error = errorOfFailure(failed('tls', false, code), write)
    expect(error.cause).toBe(cause)
    expect(error.message).toMatch(message)
  })
})

describe('2xx that is no success', () => {
  it('is an error when it says so', () => {
    const says = (json: object, status = 200) => errorInSuccess(answer(status, json), json as never, write)
    expect(says({ error: '[Error 4202] taken', userId: 'a' })).toMatchObject({
      kind: 'refused',
      code: '4202',
    })
    expect(says({ status: 400, error: 'Nope' })).toMatchObject({ kind: 'refused', text: 'Nope' })
    expect(says({ error: 'a remark', userId: 'a@x' })).toBeUndefined()
    expect(says({ error: [], impact: [] })).toBeUndefined()
    expect(says({ userId: 'a@x' })).toBeUndefined()
  })

  it('is unknown when it is something else', () => {
    for (const cause of ['html', 'empty', 'truncated', 'too-deep', 'not-json', 'shape']) {
      expect(errorOfShape(answer(200, '<html>'), cause, write)).toMatchObject({ kind: 'unknown', cause })
    }
    expect(errorOfShape(answer(200, '<html>'), 'html', { ...write, isSecure: false }).cause).toBe(
      'captive-portal',
    )
  })
})

describe('what is kept', () => {
  it('is bounded, in memory of its own', () => {
    const error = errorOfAnswer(answer(400, { error: `[Error 6004] ${'é'.repeat(1_000_000)}` }), write)
    expect(Buffer.byteLength(error.raw ?? '')).toBeLessThanOrEqual(65_536)
    expect(Buffer.byteLength(error.text ?? '')).toBeLessThanOrEqual(2000)
    expect(error.code).toBe('6004')
  })

  it('holds no secret in any spelling, also where the cut goes through it', () => {
    const secret = 'pä"ss/ö&\\1'
    const spellings = [
      secret,
      JSON.stringify(secret),
      JSON.stringify(secret).replaceAll('/', '\\/'),
      '"p\\u00e4\\"ss\\/\\u00f6&\\\\1"',
      encodeURIComponent(secret),
    ]
    for (const spelling of spellings) {
      expect(withoutSecrets(`a ${spelling} b`, [secret]).replace(/["]/g, '')).toBe('a ••• b')
    }
    for (const before of ['', 'a', 'ab']) {
      const encoded = Buffer.from(`${before}${secret}zz`)
      for (const form of [encoded.toString('base64'), encoded.toString('base64url')]) {
        const clean = withoutSecrets(form, [secret])
        expect(clean).toContain('•••')
        expect(Buffer.from(clean.replace('•••', ''), 'base64').toString()).not.toContain('ss/')
      }
    }
    const long = 'q'.repeat(18)
    // Striking out many shortens the text, so that what lay beyond the cut moves into it.
    for (let shift = 0; shift < 40; shift++) {
      const body = `${long.repeat(30)}${'x'.repeat(65_536 + 162 - 30 * 18 - shift)}${long}${'y'.repeat(500)}`
      const error = errorOfAnswer(answer(400, body), { ...write, secrets: [long] })
      expect(error.raw?.includes('q')).toBe(false)
      const across = errorOfAnswer(answer(400, 'x'.repeat(65_536 - shift) + long), {
        ...write,
        secrets: [long],
      })
      expect(across.raw?.includes('q')).toBe(false)
    }
    const error = errorOfAnswer(answer(400, { status: 400, error: `bad password ${secret}` }), {
      ...write,
      secrets: [secret],
    })
    expect(JSON.stringify(error)).not.toContain('ss/')
    expect(error.text).toBe('bad password •••')
  })
})

describe('whose word it is', () => {
  const page = '<!doctype html><title>Maintenance</title>'

  it.each([200, 301, 401, 403, 404, 429, 500, 502, 503, 504])(
    'a web page with %i is somebody else’s',
    (status) => {
      const error =
        status < 300
          ? errorOfShape(answer(status, page), 'html', write)
          : errorOfAnswer(answer(status, page), write)
      expect(error.foreign).toBe(true)
    },
  )

  it.each([
    { message: 'Forbidden' },
    { message: 'Unauthorized' },
    { Message: 'User is not authorized to access this resource' },
    { message: 'Missing Authentication Token' },
    { message: 'no Route matched with those values', request_id: '5f2' },
    { error: 'Not Found' },
    { error: 'invalid_token', error_description: 'The token expired' },
    { error: 'Forbidden', message: 'Forbidden resource', statusCode: 403 },
    { error: { code: 403, message: 'The caller does not have permission' } },
    { timestamp: '2026-01-01T00:00:00Z', status: 404, error: 'Not Found', path: '/api/v2/users' },
    { timestamp: '2026-01-01T00:00:00Z', status: 403, error: 'Forbidden', message: 'No', path: '/' },
    { type: 'about:blank', title: 'Forbidden', status: 403, detail: 'No', instance: '/users' },
    { status: 403, message: 'Forbidden' },
    { status: 'UP' },
    { status: 'error', error: 'Forbidden' },
    { status: 302, error: 'Log in first' },
    { statusCode: 401, message: 'Access denied due to missing subscription key' },
    { fault: { faultstring: 'Invalid access token', detail: { errorcode: 'oauth' } } },
    { success: false, errors: [{ code: 10_000, message: 'Authentication error' }] },
    { message: 'No.', errors: [{ message: 'No.' }] },
    {},
    [],
    null,
    'Forbidden',
    403,
  ])('the JSON of a gateway is not the API’s word, whatever its status: %j', (body) => {
    for (const context of [read, write]) {
      for (const status of [400, 401, 402, 403, 404, 405, 409, 410, 413, 422]) {
        const error = errorOfAnswer(answer(status, body), context)
        expect(error).toMatchObject({ kind: 'unknown', foreign: true, status })
        expect(reachOf(error).says, `${status}`).not.toBe('fine')
      }
      for (const status of [429, 500, 502, 503, 504]) {
        expect(errorOfAnswer(answer(status, body), context)).toMatchObject({ foreign: true, status })
      }
    }
    // In a success it is neither a refusal nor what was asked for.
    expect(errorInSuccess(answer(200, body), body as never, write)).toBeUndefined()
    // Whoever signs in silently is not signed out by it.
    expect(errorOfAnswer(answer(401, body), { ...read, isSignIn: true }).foreign).toBe(true)
  })

  it.each([
    [401, { message: 'Unauthenticated.' }, 'unauthorized'],
    [422, { message: 'The given data was invalid.', errors: { userId: ['is required'] } }, 'refused'],
    [400, { status: 400, error: 'No.', details: 'X' }, 'refused'],
    [404, { error: 'No.', details: '' }, 'not-found'],
    [400, { message: '[Error 4202] The extension is taken' }, 'refused'],
  ])('%i with %j is the API’s own', (status, body, kind) => {
    expect(errorOfAnswer(answer(status, body), write)).toMatchObject({ kind })
    expect(errorOfAnswer(answer(status, body), write)).not.toHaveProperty('foreign')
  })

  it.each([400, 403, 404, 429, 500, 503])('an error of the API with %i is the server’s own', (status) => {
    expect(errorOfAnswer(answer(status, { status, error: 'No.' }), write)).not.toHaveProperty('foreign')
    expect(errorOfAnswer(broadworks('[Error 4202] No.', status), write)).not.toHaveProperty('foreign')
  })
})
