import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import type { Route } from './pac'
import type { HttpFailure } from './ports'
import { weaknessOf } from './weak-certificates'

/** Why no connection came about. Nothing of the request has left the machine when it is thrown. */
export class DialFailure extends Error {
  constructor(
    readonly reason: HttpFailure,
    readonly code: string | undefined,
    message: string,
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

/** Asks a connected proxy for a tunnel with CONNECT, the only request that it ever sees in the clear. */
function tunnel(socket: net.Socket, host: string, port: number, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`
    const agent = new http.Agent({ keepAlive: false })
    agent.createConnection = () => socket
    const request = http.request({
      method: 'CONNECT',
      path: authority,
      agent,
      // Node would put the host of the socket here, which is the proxy's.
      headers: { Host: authority },
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
    const refuse = (status: number | undefined) =>
      fail(new DialFailure('proxy', `PROXY_${status ?? 0}`, `The proxy answered ${status} to CONNECT.`))
    request.on('connect', (answer, connected, head) => {
      if (answer.statusCode !== 200 || head.length > 0) return refuse(answer.statusCode)
      signal.removeEventListener('abort', onAbort)
      resolve(connected as net.Socket)
    })
    request.on('response', (answer) => refuse(answer.statusCode))
    request.on('error', (error: NodeJS.ErrnoException) =>
      fail(new DialFailure('proxy', error.code, error.message)),
    )
    request.end()
  })
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
export async function dial({ url, route, context, signal }: DialRequest): Promise<net.Socket> {
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
    case 'proxy': {
      const plain = await connect(route.host, route.port, signal).catch(asProxyFailure)
      const toProxy = route.secure
        ? await secure(plain, route.host, context, signal).catch(asProxyFailure)
        : plain
      socket = await tunnel(toProxy, host, port, signal)
    }
  }
  return isSecure ? secure(socket, host, context, signal) : socket
}
