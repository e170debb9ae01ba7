import type { Json, JsonObject } from '../../shared/json'
import type { HttpOutcome } from '../platform/ports'
import { asObject, bounded, numberAt, readJson, textAt, valueAt } from './answer'
import type { OdinError, OdinErrorKind } from './types'

/** What people are told about one cause. `message`: what happened. `next`: what to do. */
interface Words {
  readonly kind: OdinErrorKind
  readonly cause: string
  readonly message: string
  readonly next: string
}

const words = (kind: OdinErrorKind, cause: string, message: string, next: string): Words => ({
  kind,
  cause,
  message,
  next,
})

const notAssigned = words(
  'refused',
  'service-missing',
  'This user does not have the service that the setting belongs to.',
  'Have the service assigned to the user first.',
)

// --- BroadWorks' own codes ---------------------------------------------------------------------------------

/** By the digits of `[Error NNNN]`. Sources: section d.3 of the API notes. */
const codes: Readonly<Record<string, Words>> = {
  '4003': words(
    'forbidden',
    'forbidden',
    'Your account is not allowed to do this.',
    'Ask an administrator for the right, or sign in with another account.',
  ),
  '4007': words(
    'not-found',
    'user-not-found',
    'The server does not know this user.',
    'The user may have been renamed or deleted: search by number or extension, or refresh the list.',
  ),
  '4008': words(
    'not-found',
    'user-not-found',
    'The server does not know this user.',
    'The user may have been renamed or deleted: search by number or extension, or refresh the list.',
  ),
  '4015': words(
    'refused',
    'state-not-valid',
    'The state or province is not in the server’s list.',
    'Choose one from the list. An old value that was valid once must be replaced as well.',
  ),
  '4152': words(
    'not-found',
    'group-not-found',
    'The server does not know this group.',
    'The group may have been renamed or deleted: refresh the list of groups.',
  ),
  '4200': words(
    'refused',
    'duplicate-id',
    'This user ID or alias is already taken.',
    'User IDs and aliases are unique on the whole system: choose another one.',
  ),
  '4201': words(
    'refused',
    'number-not-available',
    'This phone number cannot be assigned: it is not in the group’s numbers, or someone has it.',
    'Choose an available number, or have the number assigned to the group first.',
  ),
  '4202': words(
    'refused',
    'extension-taken',
    'This extension already belongs to someone in the group.',
    'Choose a free extension. Hunt groups, call centers and auto attendants have extensions too.',
  ),
  '4267': words(
    'refused',
    'domain-assigned',
    'This domain is already assigned.',
    'Nothing may be left to do: check the domains of the group.',
  ),
  '4400': words(
    'refused',
    'service-not-assigned',
    'The service or service pack could not be assigned, most likely for want of a licence.',
    'Free a licence or have more added, then try again.',
  ),
  '4410': notAssigned,
  // What reading the voice mail of a user who has none is answered with; its text is not public.
  '5435': notAssigned,
  '4500': words(
    'refused',
    'device-exists',
    'A device of this name already exists.',
    'Choose another device name, or use the existing device.',
  ),
  '4501': words(
    'refused',
    'device-type-unknown',
    'The server does not know this device type.',
    'Choose a device type from the list.',
  ),
  '4505': words(
    'refused',
    'device-not-found',
    'The server does not know this device.',
    'The device may have been deleted: choose one from the list.',
  ),
  '4909': words(
    'refused',
    'extension-length',
    'The extension has the wrong length for this group.',
    'Use as many digits as the group’s extensions have.',
  ),
  '4910': words(
    'refused',
    'extension-digits',
    'An extension consists of the digits 0 to 9 only.',
    'Remove everything else from the extension.',
  ),
  '4911': words(
    'refused',
    'extension-emergency',
    'An extension cannot be an emergency number.',
    'Choose another extension.',
  ),
  '4962': words(
    'unauthorized',
    'wrong-password',
    'The user name or the password is wrong.',
    'Enter them again. Several wrong attempts may lock the account.',
  ),
  '5202': words(
    'unauthorized',
    'account-disabled',
    'This account is disabled.',
    'Ask an administrator to enable the account or reset its password.',
  ),
  '5404': words(
    'unauthorized',
    'not-signed-in-at-broadworks',
    'The server is no longer signed in to BroadWorks for this account.',
    'Sign in again.',
  ),
  '6004': words(
    'refused',
    'validation',
    'BroadWorks refused the form of a value: too long, empty, or not one of the allowed ones.',
    'Check the values that were changed; the server’s text names the part it did not like.',
  ),
  '8264': words(
    'refused',
    'unclear',
    'BroadWorks refused the change and gives a code whose meaning is not known.',
    'Read the server’s own text under “Show answer”.',
  ),
  '9495': words(
    'refused',
    'extension-taken',
    'This extension already belongs to a call park.',
    'Choose a free extension.',
  ),
  '25008': words(
    'refused',
    'webex-missing-field',
    'Webex misses a field that it requires.',
    'Read under “Show answer” which one, and fill it in.',
  ),
  '25110': words(
    'refused',
    'webex-length',
    'A value has a length that Webex does not accept.',
    'Read under “Show answer” which one, and change it.',
  ),
}

const move = words(
  'refused',
  'move-blocked',
  'The user cannot be moved to that group as things stand.',
  'Read the reason in the server’s text, remove what stands in the way, and try again.',
)

const oldPassword = words(
  'refused',
  'wrong-password',
  'The old password is wrong.',
  'Enter the present password again.',
)

const otherRefusal = words(
  'refused',
  'rejected',
  'BroadWorks refused the request.',
  'The server’s own text says why: correct the value and try again.',
)

function wordsOfCode(code: string, status: number, isSignIn: boolean): Words {
  const known = Object.hasOwn(codes, code) ? codes[code] : undefined
  if (known !== undefined && !isSignIn) {
    // Outside a sign-in these are about a password in the request or another account, not about our session.
    if (code === '4962') return oldPassword
    if (code === '5202' && status !== 401) return { ...known, kind: 'refused' }
  }
  if (known !== undefined) return known
  const number = Number(code)
  const isMove = (number >= 19_600 && number <= 19_613) || (number >= 19_701 && number <= 19_724)
  return isMove ? move : otherRefusal
}

// --- HTTP statuses -----------------------------------------------------------------------------------------

/** What stays open when an answer to a write does not tell. Reads can simply be repeated. */
const open = {
  read: 'Try again.',
  write: 'Whether the change was made is not known yet: reading the user will tell.',
}

function wordsOfStatus(status: number, isHtml: boolean, isRead: boolean): Words {
  const next = isRead ? open.read : open.write
  switch (status) {
    case 401:
      return words(
        'unauthorized',
        'signed-out',
        'The server no longer accepts the sign-in.',
        'Sign in again.',
      )
    case 402:
      return words(
        'password-expired',
        'password-expired',
        'The password of this account has expired or must be changed.',
        'Choose a new password.',
      )
    case 403:
      return words(
        'forbidden-or-signed-out',
        'forbidden-or-signed-out',
        'The server denied this without saying why: a missing right, or a sign-in that has ended.',
        'Try again; if it stays, ask an administrator for the right.',
      )
    case 404:
    case 410:
      return isHtml
        ? words(
            'not-found',
            'wrong-path',
            'There is nothing at this address on the server.',
            'Check the base URL of the connection; it usually ends with /api/v2.',
          )
        : words(
            'not-found',
            'not-found',
            'The server does not have what was asked for.',
            'It may have been renamed or deleted: refresh and look again.',
          )
    case 405:
      return words(
        'refused',
        'method-not-allowed',
        'The server does not offer this action at this address.',
        'Check the base URL of the connection; the server may also be too old for this.',
      )
    case 408:
      return words('unknown', 'timeout', 'The server waited too long for the request.', next)
    case 413:
      return words(
        'refused',
        'too-large',
        'The request is too large for the server.',
        'Change less at a time.',
      )
    case 422:
      return words(
        'refused',
        'validation',
        'The server refused a value.',
        'Its text says which one: correct it and try again.',
      )
    case 429:
      return words(
        'busy',
        'too-many-calls',
        'The server asks for fewer calls.',
        'Wait a little; Gungnir slows down and tries again. A lower “Calls per second” helps.',
      )
    case 503:
      return words(
        'busy',
        'unavailable',
        'The server is not available at the moment.',
        'Wait a little; Gungnir tries again.',
      )
    case 500:
      return words('unknown', 'server-error', 'The server met an error of its own.', next)
    case 502:
      return words('unknown', 'gateway', 'A gateway could not reach the server behind it.', next)
    case 504:
      return words('unknown', 'gateway-timeout', 'A gateway waited too long for the server behind it.', next)
    case 511:
      return words(
        'unknown',
        'captive-portal',
        'This network wants you to log in first.',
        'Open a web page in a browser and log in to the network.',
      )
  }
  if (status >= 300 && status < 400) {
    return words(
      'unknown',
      'redirect',
      'The server points to another address, which is never followed.',
      'Check the base URL of the connection, or log in to the network if it is a guest network.',
    )
  }
  if (status >= 500) return words('unknown', 'server-error', 'The server met an error of its own.', next)
  if (status >= 400) {
    return words(
      'refused',
      'rejected',
      'The server refused the request.',
      'The server’s own text says why: correct the value and try again.',
    )
  }
  return words('unknown', 'status', `The server answered with the unusual status ${status}.`, next)
}

// --- no answer at all --------------------------------------------------------------------------------------

const unverified = 'Nothing was sent.'
const trustNext =
  'If the server uses your company’s own authority, choose its CA file in the connection. Do not go on otherwise.'

const tlsCodes: Readonly<Record<string, readonly [cause: string, message: string, next: string]>> = {
  CERT_HAS_EXPIRED: [
    'tls-expired',
    `The server’s certificate has expired. ${unverified}`,
    'Ask the server’s administrator to renew it, and check this computer’s date.',
  ],
  CERT_NOT_YET_VALID: [
    'tls-not-yet-valid',
    `The server’s certificate is not valid yet. ${unverified}`,
    'Check this computer’s date and time.',
  ],
  CERT_REVOKED: [
    'tls-revoked',
    `The server’s certificate has been revoked. ${unverified}`,
    'Ask the server’s administrator for a new certificate.',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'tls-self-signed',
    `The server’s certificate is self-signed: nobody vouches for it. ${unverified}`,
    'Get the certificate from the server’s administrator and choose it as the CA file of the connection.',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'tls-unknown-authority',
    `The server’s certificate comes from an authority that this computer does not know. ${unverified}`,
    trustNext,
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'tls-unknown-authority',
    `The server’s certificate comes from an unknown authority, or the server leaves out part of the chain. ${unverified}`,
    trustNext,
  ],
  UNABLE_TO_GET_ISSUER_CERT: [
    'tls-unknown-authority',
    `The server’s certificate comes from an authority that this computer does not know. ${unverified}`,
    trustNext,
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'tls-unknown-authority',
    `The server’s certificate comes from an authority that this computer does not know. ${unverified}`,
    trustNext,
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'tls-wrong-host',
    `The server’s certificate was issued for another host name. ${unverified}`,
    'Use the host name that the certificate names, and check the base URL for typing errors.',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: [
    'tls-not-encrypted',
    `The server does not speak TLS on this port. ${unverified}`,
    'Check the port. An address with http:// works only where the server offers it.',
  ],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: [
    'tls-not-encrypted',
    `The server does not speak TLS on this port. ${unverified}`,
    'Check the port. An address with http:// works only where the server offers it.',
  ],
  ERR_SSL_UNSUPPORTED_PROTOCOL: [
    'tls-too-old',
    `The server offers only old TLS versions that are no longer safe. ${unverified}`,
    'Ask the server’s administrator to enable TLS 1.2 or newer.',
  ],
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: [
    'tls-too-old',
    `The server offers only old TLS versions that are no longer safe. ${unverified}`,
    'Ask the server’s administrator to enable TLS 1.2 or newer.',
  ],
  WEAK_CERTIFICATE: [
    'tls-weak',
    `The server’s certificate is too weak: others could pose as the server. ${unverified}`,
    'Ask the server’s administrator for a certificate with an RSA key of 2048 bits or more and a SHA-256 signature.',
  ],
  BAD_CA_FILE: [
    'tls-bad-ca-file',
    'The CA file of this connection could not be used.',
    'Choose a file with certificates in PEM form.',
  ],
}

type Failed = Extract<HttpOutcome, { kind: 'failed' }>

const signInAtProxy = 'Sign in at the proxy on the Connections page.'

function proxyWords(kind: OdinErrorKind, code: string | undefined): Words {
  switch (code) {
    case 'PROXY_407':
      return words(kind, 'proxy-sign-in', 'The proxy wants a sign-in.', signInAtProxy)
    case 'PROXY_SIGN_IN_REFUSED':
      return words(kind, 'proxy-sign-in', 'The proxy refused the name or password.', signInAtProxy)
    case 'PROXY_SIGN_IN_KIND':
      return words(
        kind,
        'proxy',
        'The proxy wants a sign-in that Gungnir cannot do (Negotiate, NTLM or Digest).',
        'Ask your network administrator to let this server through without one, or to offer Basic.',
      )
  }
  return words(
    kind,
    'proxy',
    `The proxy did not make the connection (${code ?? 'no code'}).`,
    'Check the proxy of this connection, or the proxy settings of this computer.',
  )
}

function wordsOfFailure(failed: Failed, isRead: boolean): Words {
  const kind: OdinErrorKind = failed.sent ? 'unknown' : 'not-sent'
  const next = isRead ? open.read : open.write
  switch (failed.reason) {
    case 'no-such-host':
      return words(
        kind,
        'no-such-host',
        'There is no server of this name.',
        'Check the host name in the base URL, and your network or VPN.',
      )
    case 'refused':
      return words(
        kind,
        'refused',
        'The server refuses connections on this port.',
        'Check the port in the base URL, and whether the server is running.',
      )
    case 'unreachable':
      return words(
        kind,
        'unreachable',
        'The server cannot be reached from here.',
        'Check your network or VPN.',
      )
    case 'connect-timeout':
      return words(
        kind,
        'connect-timeout',
        'The server did not take the connection in time.',
        'Check your network or VPN; a firewall may be in the way.',
      )
    case 'tls': {
      const known = Object.hasOwn(tlsCodes, failed.code ?? '') ? tlsCodes[failed.code ?? ''] : undefined
      if (known !== undefined) return words(kind, ...known)
      return words(
        kind,
        'tls',
        `A secure connection could not be made (${failed.code ?? 'no code'}).`,
        'Check the base URL. A proxy or firewall that looks into TLS may be in the way.',
      )
    }
    case 'proxy':
      return proxyWords(kind, failed.code)
    case 'answer-timeout':
      return words(kind, 'answer-timeout', 'The server did not answer in time.', next)
    case 'reset':
      return words(
        kind,
        'reset',
        failed.sent
          ? 'The connection broke before the answer was complete.'
          : 'The connection broke before anything was sent.',
        failed.sent ? next : open.read,
      )
    case 'too-large':
      return words(kind, 'too-large', 'The answer is larger than any that makes sense here.', next)
    case 'bad-answer':
      return words(
        kind,
        'bad-answer',
        'What came back is not an answer of a web server, or is damaged.',
        isRead ? 'Check host and port in the base URL.' : next,
      )
    case 'aborted':
      return failed.sent && !isRead
        ? words('unknown', 'aborted', 'The call was cancelled after it had been sent.', next)
        : words('cancelled', 'aborted', 'The call was cancelled.', 'Nothing needs to be done.')
  }
}

// --- putting an error together -----------------------------------------------------------------------------

export interface ErrorContext {
  /** Where BroadWorks' "invalid password" is about the sign-in, not about a value of the request. */
  readonly isSignIn?: boolean
  /** GET: nothing can have changed. */
  readonly isRead: boolean
  /** https with a verified certificate: whoever answers is the server itself, not a guest network. */
  readonly isSecure: boolean
  /** Passwords, passcodes and tokens of this call: struck out wherever the answer repeats them. */
  readonly secrets?: readonly string[]
}

const textLimit = 2000

function make(base: Words, facts: Partial<OdinError>, secrets: readonly string[] = []): OdinError {
  const clean = (text: string | undefined, limit: number) =>
    text === undefined ? undefined : shown(text, secrets, limit)
  const text = clean(facts.text, textLimit)
  const raw = clean(facts.raw, 65_536)
  return {
    kind: base.kind,
    cause: base.cause,
    message: base.message,
    next: base.next,
    ...(facts.status === undefined ? {} : { status: facts.status }),
    ...(facts.code === undefined ? {} : { code: facts.code }),
    ...(text === undefined || text === '' ? {} : { text }),
    ...(facts.foreign === undefined ? {} : { foreign: facts.foreign }),
    ...(facts.retryAfterMs === undefined ? {} : { retryAfterMs: facts.retryAfterMs }),
    ...(facts.proxy === undefined ? {} : { proxy: facts.proxy }),
    ...(raw === undefined || raw === '' ? {} : { raw }),
  }
}

/** The beginning of an answer, fit to be shown: without secrets, and at most `limit` bytes. */
export function shown(text: string, secrets: readonly string[], limit = 65_536): string {
  // A secret that lies across a cut must be seen whole, in its longest spelling, to be struck out.
  const longest = Math.max(0, ...secrets.map((secret) => secret.length)) * 12
  const clean = withoutSecrets(text.slice(0, limit + longest), secrets)
  return bounded(text.length > limit + longest ? clean.slice(0, -longest || undefined) : clean, limit)
}

/** What a text becomes inside base64, wherever in the encoded bytes it begins; too short to tell from other text: nothing. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8')
  return [0, 1, 2]
    .map((offset) =>
      Buffer.concat([Buffer.alloc(offset), bytes])
        .toString('base64')
        .slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6)),
    )
    .filter((form) => form.length >= shortestInBase64)
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_'), form.replaceAll('/', '\\/')])
}
const shortestInBase64 = 6

/** Strikes secrets out, also in the spellings that JSON, PHP, URLs and base64 give them. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    if (secret === '') continue
    const inJson = JSON.stringify(secret).slice(1, -1)
    const ascii = inJson.replace(
      /[\u0080-\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    // A server that quotes the request inside its own JSON escapes it a second time.
    const quoted = [inJson, ascii].flatMap((form) => [form, JSON.stringify(form).slice(1, -1)])
    const slashed = quoted.map((form) => form.replaceAll('/', '\\/'))
    const inUrl = [secret, inJson].map((form) => encodeURIComponent(form.replace(/\p{Surrogate}/gu, '')))
    // The longest first: a short spelling may be part of a longer one.
    const forms = [secret, ...quoted, ...slashed, ...inUrl, ...[secret, inJson].flatMap(inBase64)].sort(
      (a, b) => b.length - a.length,
    )
    for (const form of new Set(forms)) clean = clean.replaceAll(form, '•••')
  }
  return clean
}

/** The error for a call that got no answer. */
export function errorOfFailure(failed: Failed, context: ErrorContext): OdinError {
  const raw = failed.code === undefined ? failed.message : `${failed.code}: ${failed.message}`
  const { proxy } = failed
  const facts = { raw, ...(proxy === undefined ? {} : { proxy }) }
  return make(wordsOfFailure(failed, context.isRead), facts, context.secrets)
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Statuses by which a server refuses or signs out; what is only busy (429) or broken (408, 5xx) is repeated anyway. */
const isRefusal = (status: number): boolean =>
  status >= 400 && status < 500 && status !== 408 && status !== 429

const otherSignIn = words(
  'unauthorized',
  'html',
  'A web page asks for a sign-in of its own: this is not the ODiN API.',
  'Check the base URL of the connection.',
)

/** The error for an answer that is not 2xx. BroadWorks' code decides before the status does. */
export function errorOfAnswer(answer: Answer, context: ErrorContext): OdinError {
  const read = readJson(answer.body)
  const isHtml = !read.ok && read.cause === 'html'
  const json = read.ok ? read.json : undefined
  const text = locationOf(answer) ?? (json === undefined ? plainText(answer.body, isHtml) : textOf(json))
  const code = codeOf(text) ?? (isHtml ? undefined : codeOf(answer.body.slice(0, 65_536)))
  // What is not in the API's own form speaks for whoever made it, whatever its status: a log-in page of the network, a
  // proxy, a gateway with JSON of its own. Nobody is signed out, refused or gone on its word. While signing in it may be
  // the wrong address, and the person is there to read that.
  const isForeign = code === undefined && !isApiError(json, answer.status)
  if (isForeign && isRefusal(answer.status) && !context.isSignIn) {
    return errorOfShape(answer, read.ok ? 'not-api' : read.cause, context)
  }
  const asksItself = isHtml && code === undefined && answer.status === 401
  // 402 is how a login says that the password has expired, whatever text comes along.
  const base =
    code !== undefined && answer.status !== 402
      ? wordsOfCode(code, answer.status, context.isSignIn ?? false)
      : asksItself
        ? otherSignIn
        : withPortal(wordsOfStatus(answer.status, isHtml, context.isRead), answer, context)
  const asked = base.kind === 'busy' ? retryAfter(answer.headers) : undefined
  const retryAfterMs = asked !== undefined && isForeign ? Math.min(asked, longestForeignMs) : asked
  return make(
    base,
    {
      status: answer.status,
      ...said(answer, text, json, context),
      ...(code === undefined ? {} : { code }),
      ...(isForeign ? { foreign: true as const } : {}),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
    context.secrets,
  )
}

/**
 * What is passed on of an answer's own words. While signing in, whoever answers need not be ODiN: the address is whatever
 * was typed, and a page that was taken over must not read the intranet by "testing" addresses. So only the API's own form
 * is passed on then; of anything else its status and a redirect's host.
 */
function said(
  answer: Answer,
  text: string | undefined,
  json: Json | undefined,
  context: ErrorContext,
): Pick<OdinError, 'raw' | 'text'> {
  if (context.isSignIn && !isApiError(json, answer.status)) {
    const { location } = answer.headers
    // Without what stands behind the question mark, where pages put their secrets.
    const to = isRelative(location) ? location?.split(/[?#]/)[0] : URL.parse(location ?? '')?.origin
    return to === undefined ? {} : { text: `Location: ${to}` }
  }
  return { raw: answer.body, ...(text === undefined ? {} : { text }) }
}

/**
 * Whether an error is in the API's own form: a text `error` beside the `status` of the answer or `details`, and nothing else;
 * or what its framework says of a request that it did not take, or of a token. Gateways answer in JSON as well:
 * `{"message": "Forbidden"}`, `{"error": "…"}`, problem details, an error with a time stamp and a path.
 */
function isApiError(json: Json | undefined, status: number): boolean {
  const object = asObject(json)
  if (object === undefined) return false
  const keys = Object.keys(object)
  if (textAt(object, 'error') === undefined) return isOfFramework(object, keys, status)
  if (!keys.every((key) => apiErrorKeys.has(key))) return false
  // In a success the status may be the one that the refusal should have had.
  const told = numberAt(object, 'status')
  if (Object.hasOwn(object, 'status')) {
    return told !== undefined && (told === status || (status < 300 && told >= 400))
  }
  return Object.hasOwn(object, 'details')
}

const apiErrorKeys: ReadonlySet<string> = new Set(['status', 'error', 'details'])

function isOfFramework(object: JsonObject, keys: readonly string[], status: number): boolean {
  const message = textAt(object, 'message')
  if (status === 401) return keys.length === 1 && message === 'Unauthenticated.'
  const isRefusedInput = status === 422 && message !== undefined && keys.length === 2
  const problems = valueAt(object, 'errors')
  return isRefusedInput && !Array.isArray(problems) && asObject(problems) !== undefined
}

/** The error for a 2xx whose JSON says that it failed, or undefined when it does not. */
export function errorInSuccess(answer: Answer, json: Json, context: ErrorContext): OdinError | undefined {
  const object = asObject(json)
  const error = textAt(object, 'error')
  if (object === undefined || error === undefined) return undefined
  const code = codeOf(error)
  if (code === undefined && !isApiError(json, answer.status)) return undefined
  return make(
    code === undefined ? otherRefusal : wordsOfCode(code, answer.status, context.isSignIn ?? false),
    {
      status: answer.status,
      ...said(answer, textOf(json) ?? error, json, context),
      ...(code === undefined ? {} : { code }),
    },
    context.secrets,
  )
}

/** The error for a 2xx that is not what was asked for: never a success, and for a write not a failure either. */
export function errorOfShape(answer: Answer, cause: string, context: ErrorContext): OdinError {
  const next = context.isRead ? open.read : open.write
  const portalNext = 'If this is a guest network, log in to it in a browser. Otherwise check the base URL.'
  const base =
    cause === 'html'
      ? words(
          'unknown',
          context.isSecure ? 'html' : 'captive-portal',
          'A web page came back instead of an answer of the ODiN API.',
          portalNext,
        )
      : cause === 'empty'
        ? words('unknown', cause, 'The server’s answer is empty.', next)
        : cause === 'truncated'
          ? words('unknown', cause, 'The server’s answer breaks off or is damaged.', next)
          : cause === 'too-deep'
            ? words('unknown', cause, 'The server’s answer is nested deeper than makes sense.', next)
            : cause === 'kept'
              ? words(
                  'unknown',
                  cause,
                  'A copy that was kept on the way came back, not what the server has now.',
                  'Have the proxy or cache before the server keep no copies of the API; it is tried again.',
                )
              : cause === 'too-large'
                ? words(
                    'unknown',
                    cause,
                    'The server’s answer has more in it than Gungnir can read at once.',
                    next,
                  )
                : cause === 'not-json' || cause === 'not-api'
                  ? words('unknown', cause, 'What came back is not an answer of the ODiN API.', portalNext)
                  : words(
                      'unknown',
                      cause,
                      'The server’s answer does not have the form that was expected.',
                      next,
                    )
  const text = cause === 'html' ? plainText(answer.body, true) : undefined
  const foreign = cause === 'shape' ? {} : { foreign: true as const }
  return make(
    base,
    { status: answer.status, ...said(answer, text, undefined, context), ...foreign },
    context.secrets,
  )
}

/** The error for an answer about the right user that is not all there. */
export function errorOfHalf({ status, raw }: { readonly status: number; readonly raw: string }): OdinError {
  const half = words(
    'unknown',
    'half',
    'The server’s answer leaves out what every user has, so what else it lacks is not known.',
    open.read,
  )
  return make(half, { status, raw })
}

/** An error that no answer is the reason for. */
export function localError(kind: OdinErrorKind, cause: string, message: string, next: string): OdinError {
  return { kind, cause, message, next }
}

function withPortal(base: Words, answer: Answer, context: ErrorContext): Words {
  // On plain http anyone on the way can answer, and guest networks do so by pointing to their log-in page.
  if (base.cause !== 'redirect' || context.isSecure || isRelative(answer.headers.location)) return base
  return { ...base, cause: 'captive-portal' }
}

function isRelative(location: string | undefined): boolean {
  return location === undefined || !/^(https?:)?\/\//i.test(location)
}

function locationOf({ status, headers }: Answer): string | undefined {
  return status >= 300 && status < 400 && headers.location !== undefined
    ? `Location: ${headers.location}`
    : undefined
}

function codeOf(text: string | undefined): string | undefined {
  return /\[Error (\d{1,6})\]/.exec(text ?? '')?.[1]
}

/** BroadWorks' text: `error` first, else `message`, with Laravel's list of what is wrong. */
function textOf(json: Json): string | undefined {
  if (typeof json === 'string') return json
  const object = asObject(json)
  if (object === undefined) return undefined
  const error = valueAt(object, 'error')
  const nested = typeof error === 'object' && error !== null ? textOf(error) : textAt(object, 'error')
  const text = nested ?? textAt(object, 'message')
  const details = textAt(object, 'details')
  // For these two the reason is in the details alone.
  if (text !== undefined && details !== undefined && ['4400', '6004'].includes(codeOf(text) ?? '')) {
    return `${text} ${details}`
  }
  const list = validationList(valueAt(object, 'errors'))
  if (list === undefined) return text ?? details
  return text === undefined ? list : `${text} ${list}`
}

function validationList(errors: Json | undefined): string | undefined {
  if (typeof errors !== 'object' || errors === null) return undefined
  const parts: string[] = []
  for (const [field, problems] of Object.entries(errors as JsonObject).slice(0, 20)) {
    const texts = (Array.isArray(problems) ? problems : [problems]).filter(
      (problem): problem is string => typeof problem === 'string',
    )
    if (texts.length > 0) parts.push(`${field}: ${texts.slice(0, 5).join(' ')}`)
  }
  return parts.length === 0 ? undefined : parts.join('; ')
}

function plainText(body: string, isHtml: boolean): string | undefined {
  const start = body.slice(0, 20_000)
  if (!isHtml) return start.trim() === '' ? undefined : start.trim()
  const title = /<title[^>]{0,200}>([^<]{1,300})/i.exec(start)?.[1]?.replace(/\s+/g, ' ').trim()
  return title === '' ? undefined : title
}

/** Seconds or an HTTP date, at most an hour. */
/** A page that asks for an hour's rest speaks for whoever made it: nobody is kept waiting longer on its word. */
const longestForeignMs = 60_000

function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return undefined
  // A date means something only beside the server's own clock.
  const ms = /^\d{1,9}$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - Date.parse(headers.date ?? '')
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, 3_600_000) : undefined
}
