import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import { SocksClient, type SocksClientOptions } from 'socks'
import { addressOf, type ProxyRoute, type Route } from './pac'
import type { HttpFailure } from './ports'
import type { ProxySignIns, SignIn } from './proxy-sign-in'
import { weaknessOf } from './weak-certificates'

/** Why no connection came about. Nothing of the request has left the machine when it is thrown. */
export class DialFailure extends Error {
  constructor(
    readonly reason: HttpFailure,
    readonly code: string | undefined,
    message: string,
    /** The proxy that wants a sign-in. */
    readonly proxy?: string,
  ) {
    super(message)
  }
}

export interface DialRequest {
  readonly url: URL
  readonly route: Route
  readonly context: tls.SecureContext | undefined
  /** Ends the attempt; its reason is the DialFailure to report. */
  readonly signal: AbortSignal
  /** What is said to a proxy that wants to know who calls. */
  readonly signIns: Pick<ProxySignIns, 'of' | 'refused'>
}

const unreachable = new Set([
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
])
const noSuchHost = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA'])

function networkFailure(error: NodeJS.ErrnoException): DialFailure {
  const { code } = error
  // A failed happy-eyeballs attempt is an AggregateError without words of its own.
  const message = error.message || code || 'The connection failed.'
  if (code === undefined) return new DialFailure('unreachable', code, message)
  if (noSuchHost.has(code)) return new DialFailure('no-such-host', code, message)
  if (code === 'ECONNREFUSED') return new DialFailure('refused', code, message)
  if (code === 'ETIMEDOUT') return new DialFailure('connect-timeout', code, message)
  if (unreachable.has(code)) return new DialFailure('unreachable', code, message)
  if (code === 'ECONNRESET') return new DialFailure('reset', code, message)
  return new DialFailure('unreachable', code, message)
}

/** Waits for `event` on the socket; an error, an early close or the signal destroys it and rejects. */
function until<S extends net.Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
  explain: (error: NodeJS.ErrnoException) => DialFailure,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const settle = (failure?: DialFailure) => {
      socket.off(event, onReady).off('error', onError).off('close', onClose)
      signal.removeEventListener('abort', onAbort)
      if (failure === undefined) return resolve(socket)
      // A socket in ruins may still report an error, which must not bring the process down.
      socket.on('error', () => {})
      socket.destroy()
      reject(failure)
    }
    const onReady = () => settle()
    const onError = (error: NodeJS.ErrnoException) => settle(explain(error))
    const onClose = () =>
      settle(explain(Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' })))
    const onAbort = () => settle(signal.reason as DialFailure)
    if (signal.aborted) return settle(signal.reason as DialFailure)
    socket.once(event, onReady).once('error', onError).once('close', onClose)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

async function connect(host: string, port: number, signal: AbortSignal): Promise<net.Socket> {
  if (signal.aborted) throw signal.reason
  const socket = net.connect({
    host,
    port,
    noDelay: true,
    // Node's 250 ms per address gives up on hosts that are merely far away.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 1500,
  })
  await until(socket, 'connect', signal, networkFailure)
  // Errors of a socket that TLS or a tunnel took over are reported there as well; here they would be uncaught.
  return socket.on('error', () => {})
}

async function secure(
  socket: net.Socket,
  host: string,
  context: tls.SecureContext | undefined,
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  if (signal.aborted) throw signal.reason
  const wrapped = tls.connect({
    socket,
    host,
    ...(context === undefined ? {} : { secureContext: context }),
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
  })
  try {
    const secured = await until(
      wrapped,
      'secureConnect',
      signal,
      (error) => new DialFailure('tls', error.code ?? 'ERR_TLS', error.message),
    )
    const weakness = weaknessOf(secured)
    if (weakness !== undefined) throw new DialFailure('tls', 'WEAK_CERTIFICATE', weakness)
    return secured
  } catch (failure) {
    socket.destroy()
    throw failure
  }
}

export function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

interface Beyond {
  readonly host: string
  readonly port: number
}

/** Asks a connected proxy for a tunnel with CONNECT, the only request that it ever sees in the clear. */
function tunnel(
  socket: net.Socket,
  { host, port }: Beyond,
  signIn: SignIn | undefined,
  signal: AbortSignal,
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`
    const agent = new http.Agent({ keepAlive: false })
    agent.createConnection = () => socket
    const request = http.request({
      method: 'CONNECT',
      path: authority,
      agent,
      // Node would put the host of the socket here, which is the proxy's.
      headers: {
        Host: authority,
        ...(signIn === undefined ? {} : { 'Proxy-Authorization': basic(signIn) }),
      },
      setHost: false,
    })
    const fail = (failure: DialFailure) => {
      signal.removeEventListener('abort', onAbort)
      request.destroy()
      socket.destroy()
      reject(failure)
    }
    const onAbort = () => fail(signal.reason as DialFailure)
    signal.addEventListener('abort', onAbort, { once: true })
    const refuse = ({ statusCode = 0, headers }: http.IncomingMessage) => {
      if (statusCode === 407) return fail(wantsSignIn(signIn, offersBasic(headers['proxy-authenticate'])))
      fail(new DialFailure('proxy', `PROXY_${statusCode}`, `The proxy answered ${statusCode} to CONNECT.`))
    }
    request.on('connect', (answer, connected, head) => {
      if (answer.statusCode !== 200 || head.length > 0) return refuse(answer)
      signal.removeEventListener('abort', onAbort)
      resolve(connected as net.Socket)
    })
    request.on('response', refuse)
    request.on('error', (error: NodeJS.ErrnoException) =>
      fail(new DialFailure('proxy', error.code, error.message)),
    )
    request.end()
  })
}

const basic = ({ username, password }: SignIn): string =>
  `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`

/** One that does not say what it takes may take it. */
const offersBasic = (challenge: string | readonly string[] | undefined): boolean =>
  challenge === undefined || /(^|,)\s*basic\b/i.test([challenge].flat().join(','))

/** @param takesPassword whether a name and a password are any use to it */
function wantsSignIn(given: SignIn | undefined, takesPassword: boolean): DialFailure {
  if (!takesPassword) {
    return new DialFailure('proxy', proxyCodes.otherSignIn, 'The proxy takes no name and password.')
  }
  return given === undefined
    ? new DialFailure('proxy', proxyCodes.wantsSignIn, 'The proxy wants a sign-in.')
    : new DialFailure('proxy', proxyCodes.refusedSignIn, 'The proxy refused the name or password.')
}

/** What a failure of a proxy is told by. */
export const proxyCodes = {
  wantsSignIn: 'PROXY_407',
  refusedSignIn: 'PROXY_SIGN_IN_REFUSED',
  otherSignIn: 'PROXY_SIGN_IN_KIND',
} as const

/** Lengths are one byte in the protocol; the library would fail where nobody catches it. */
const longestInSocks = 255
const fitsSocks = (text: string): boolean => Buffer.byteLength(text) <= longestInSocks

/** Asks a connected SOCKS5 proxy for a tunnel. The name of the server is looked up there, as with CONNECT. */
async function socksTunnel(
  socket: net.Socket,
  { host, port }: Beyond,
  proxy: ProxyRoute,
  signIn: SignIn | undefined,
  signal: AbortSignal,
): Promise<net.Socket> {
  if (!fitsSocks(host) || !fitsSocks(signIn?.username ?? '') || !fitsSocks(signIn?.password ?? '')) {
    socket.destroy()
    throw new DialFailure('proxy', 'PROXY_TOO_LONG', 'SOCKS5 takes at most 255 bytes of each name.')
  }
  const asked: SocksClientOptions = {
    command: 'connect',
    destination: { host, port },
    existing_socket: socket,
    // The signal ends it in time.
    timeout: 2 ** 31 - 1,
    proxy: {
      type: 5,
      host: proxy.host,
      port: proxy.port,
      ...(signIn === undefined ? {} : { userId: signIn.username, password: signIn.password }),
    },
  }
  const onAbort = () => socket.destroy()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (signal.aborted) throw signal.reason
    const { socket: connected } = await SocksClient.createConnection(asked)
    if (signal.aborted) throw signal.reason
    return connected
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw signal.reason
    // Its errors carry what was asked, password included: nothing but their words is looked at.
    const said = error instanceof Error ? error.message : ''
    if (said.includes('no accepted authentication type')) throw wantsSignIn(signIn, true)
    if (said.includes('Authentication failed')) throw wantsSignIn(signIn, true)
    throw new DialFailure('proxy', 'PROXY_SOCKS', said.slice(0, 200))
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** A tunnel through a proxy, with the sign-in that is kept for it. A refused one is not offered again: accounts lock. */
async function through(route: ProxyRoute, beyond: Beyond, request: DialRequest): Promise<net.Socket> {
  const { context, signal, signIns } = request
  const proxy = addressOf(route)
  const plain = await connect(route.host, route.port, signal).catch(asProxyFailure)
  const socket =
    route.scheme === 'https' ? await secure(plain, route.host, context, signal).catch(asProxyFailure) : plain
  try {
    const signIn = await Promise.race([signIns.of(proxy), rejectOnAbort(signal)])
    return route.scheme === 'socks5'
      ? await socksTunnel(socket, beyond, route, signIn, signal)
      : await tunnel(socket, beyond, signIn, signal)
  } catch (error) {
    socket.destroy()
    if (!(error instanceof DialFailure)) throw error
    if (error.code === proxyCodes.refusedSignIn) signIns.refused(proxy)
    if (error.code !== proxyCodes.wantsSignIn && error.code !== proxyCodes.refusedSignIn) throw error
    throw new DialFailure(error.reason, error.code, error.message, proxy)
  }
}

const asProxyFailure = (error: unknown): never => {
  if (!(error instanceof DialFailure) || error.reason === 'aborted' || error.reason === 'connect-timeout') {
    throw error
  }
  throw new DialFailure('proxy', error.code ?? error.reason, error.message)
}

/**
 * Makes one connection to the origin of `url`, through a proxy if the route says so, and for https only hands it
 * out when the certificate has been verified: so no byte of a request can reach a server that is not the right one.
 *
 * @throws DialFailure
 */
export async function dial(request: DialRequest): Promise<net.Socket> {
  const { url, route, context, signal } = request
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isSecure = url.protocol === 'https:'
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port)
  let socket: net.Socket
  switch (route.kind) {
    case 'unsupported':
      throw new DialFailure('proxy', 'PROXY_KIND', `The proxy setting "${route.text}" is not supported.`)
    case 'direct':
      socket = await connect(host, port, signal)
      break
    case 'proxy':
      socket = await through(route, { host, port }, request)
  }
  return isSecure ? secure(socket, host, context, signal) : socket
}
