import type { Socket } from 'node:net'
import { pipeline, type Readable, type Transform } from 'node:stream'
import zlib from 'node:zlib'
import axios from 'axios'
import { DialFailure, dial, rejectOnAbort } from './dial'
import { type Connection, connectionOver, createKeptConnections } from './http-connections'
import { type Route, routesOf } from './pac'
import { createTurns } from './pause'
import type { Http, HttpFailure, HttpOutcome, HttpRequest, Log } from './ports'
import { noSignIns, type ProxySignIns } from './proxy-sign-in'
import { createTrust, type Trust } from './trust'

export interface HttpOptions {
  /** The system's proxy for a URL, in the form of a PAC answer such as `PROXY host:port; DIRECT`. */
  readonly resolveProxy?: (url: string, chosen: string | undefined) => Promise<string>
  /** Who the person is at a proxy that wants to know. */
  readonly signIns?: ProxySignIns
  readonly log: Log
  readonly trust?: Trust
}

const client = axios.create({ adapter: 'http' })

/** Bytes that take half a millisecond to decode. */
const longAnswer = 100_000
const ownTurn = createTurns()
/** Connections that are given up unused before a call is. */
const mostRedials = 1

/**
 * Calls over Node's own HTTP stack. Each write dials a connection of its own, verifies it, sends once and closes it; a read
 * may go over the connection of a read just answered, and saves its dialling, its handshake and its slow start. Never a
 * retry, a redirect or a cookie. Chromium's stack, by contrast, repeats a PUT by itself when a kept connection is reset.
 *
 * `sent` of a failure is exact in one direction: false means that no byte of the request was written.
 */
export function createHttp({
  resolveProxy,
  log,
  trust = createTrust(),
  signIns = noSignIns,
}: HttpOptions): Http {
  const kept = createKeptConnections()

  const routesTo = async (url: URL, chosen: string | undefined): Promise<readonly Route[]> => {
    if (resolveProxy === undefined) return [{ kind: 'direct' }]
    try {
      // The path and query hold ids, and a proxy script has no business with them.
      return routesOf(await resolveProxy(`${url.origin}/`, chosen))
    } catch {
      return [{ kind: 'direct' }]
    }
  }

  const open = async (request: HttpRequest, url: URL): Promise<Socket> => {
    const trusted = url.protocol === 'https:' ? trust.contextFor(request.ca) : undefined
    if (trusted?.ok === false) throw new DialFailure('tls', 'BAD_CA_FILE', trusted.problem)
    const control = new AbortController()
    const end = (reason: HttpFailure, code: string, message: string) =>
      control.abort(new DialFailure(reason, code, message))
    const onAbort = () => end('aborted', 'ABORTED', 'The call was cancelled.')
    const timer = setTimeout(
      () => end('connect-timeout', 'CONNECT_TIMEOUT', `No connection within ${request.connectTimeoutMs} ms.`),
      request.connectTimeoutMs,
    )
    request.signal?.addEventListener('abort', onAbort, { once: true })
    if (request.signal?.aborted) onAbort()
    try {
      const routes = await Promise.race([routesTo(url, request.proxy), rejectOnAbort(control.signal)])
      let failure: unknown
      for (const route of routes) {
        try {
          return await dial({ url, route, context: trusted?.context, signal: control.signal, signIns })
        } catch (error) {
          failure = error
          // Only a proxy that did not work gives way to the next route; the server's own refusal is final.
          if (!(error instanceof DialFailure) || error.reason !== 'proxy') throw error
        }
      }
      throw failure
    } finally {
      clearTimeout(timer)
      request.signal?.removeEventListener('abort', onAbort)
    }
  }

  const send = async (request: HttpRequest): Promise<HttpOutcome> => {
    let url: URL
    try {
      url = new URL(request.url)
    } catch {
      return failed('no-such-host', false, 'ERR_INVALID_URL', 'The address is not a URL.')
    }
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      return failed('no-such-host', false, 'ERR_INVALID_URL', 'The address is neither https nor http.')
    }
    // Who trusts other authorities has verified nothing for the others, and no way is taken that was not chosen.
    const key =
      request.method === 'GET' ? `${url.origin}\n${request.proxy ?? ''}\n${request.ca ?? ''}` : undefined
    const connect = async () => connectionOver(await open(request, url), url, key !== undefined)
    const cancelled = () => failed('aborted', false, 'ABORTED', 'The call was cancelled.')
    let connection: Connection | undefined
    try {
      connection = (key === undefined ? undefined : kept.take(key)) ?? (await connect())
      // Its server may hang up while it waits: nothing was sent, and the next one waits again, as dialling takes its time.
      for (let dials = 0; ; dials++) {
        try {
          await request.beforeSend?.()
        } catch {
          connection.socket.destroy()
          return cancelled()
        }
        if (!connection.socket.destroyed) break
        if (dials === mostRedials) return failed('reset', false, 'ECONNRESET', 'The server hung up.')
        connection = await connect()
      }
    } catch (error) {
      if (error instanceof DialFailure) {
        const { proxy } = error
        return {
          ...failed(error.reason, false, error.code, error.message),
          ...(proxy === undefined ? {} : { proxy }),
        }
      }
      return failed('unreachable', false, codeOf(error), messageOf(error))
    }
    if (request.signal?.aborted) {
      connection.socket.destroy()
      return cancelled()
    }
    const outcome = await exchange(request, url, connection)
    if (key !== undefined && outcome.kind === 'answer') kept.keep(key, connection)
    else connection.socket.destroy()
    return outcome
  }

  return {
    async send(request) {
      const outcome = await send(request)
      if (outcome.kind === 'failed' && outcome.reason !== 'aborted') {
        // Never the URL's query, headers or body: they hold names, numbers and secrets.
        const { reason, sent, code } = outcome
        log.warn('http.failed', { method: request.method, path: pathOf(request.url), reason, sent, code })
      }
      return outcome
    },
  }
}

/**
 * Sends the request over an open connection and reads the whole answer, within time and size. It ends then, whatever the
 * server does and whatever becomes of what reads it: 101, for one, leaves a reader that never hears of anything again.
 */
function exchange(request: HttpRequest, url: URL, connection: Connection): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    void read(request, url, connection, resolve).then(resolve)
  })
}

/** @param over Called when it has ended before the answer was read. */
async function read(
  request: HttpRequest,
  url: URL,
  { socket, agent }: Connection,
  over: (outcome: HttpOutcome) => void,
): Promise<HttpOutcome> {
  const limit = request.maxAnswerBytes
  let cut: HttpOutcome | undefined
  const stop = (reason: HttpFailure, code: string, message: string) => {
    cut ??= failed(reason, true, code, message)
    socket.destroy()
    over(cut)
  }
  const tooLarge = () => stop('too-large', 'TOO_LARGE', `The answer is longer than ${limit} bytes.`)
  const timer = setTimeout(
    () =>
      stop('answer-timeout', 'ANSWER_TIMEOUT', `No complete answer within ${request.answerTimeoutMs} ms.`),
    request.answerTimeoutMs,
  )
  const onAbort = () => stop('aborted', 'ABORTED', 'The call was cancelled.')
  request.signal?.addEventListener('abort', onAbort, { once: true })
  // Whoever reads is told of it first: what they say is more exact.
  const onClose = () =>
    setImmediate(() => stop('reset', 'ECONNRESET', 'The server ended the call without an answer.'))
  socket.once('close', onClose)

  try {
    const response = await client.request<Readable>({
      method: request.method,
      url: url.href,
      headers: { 'Accept-Encoding': 'gzip, deflate, br', ...request.headers },
      ...(request.body === undefined ? {} : { data: request.body }),
      httpAgent: agent,
      httpsAgent: agent,
      proxy: false,
      maxRedirects: 0,
      maxBodyLength: Number.POSITIVE_INFINITY,
      validateStatus: () => true,
      responseType: 'stream',
      decompress: false,
      transformRequest: [(data) => data],
      transformResponse: [(data) => data],
    })
    socket.off('close', onClose)
    const headers = flatten(response.headers)
    if (Number(headers['content-length']) > limit) tooLarge()
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of decoded(response.data, headers['content-encoding'], limit, tooLarge)) {
      bytes += chunk.length
      if (bytes > limit) {
        tooLarge()
        break
      }
      chunks.push(chunk)
    }
    // To decode millions of letters keeps the process busy for a while.
    if (bytes > longAnswer) await ownTurn()
    if (cut !== undefined) return cut
    return { kind: 'answer', status: response.status, headers, ...textOf(chunks, headers['content-type']) }
  } catch (error) {
    if (cut !== undefined) return cut
    return exchangeFailure(error)
  } finally {
    clearTimeout(timer)
    socket.off('close', onClose)
    request.signal?.removeEventListener('abort', onAbort)
  }
}

function decoder(encoding: string): Transform | undefined {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip()
    case 'deflate':
      return zlib.createInflate()
    case 'br':
      return zlib.createBrotliDecompress()
  }
  return undefined
}

/** @param tooLarge Called when more than `limit` bytes arrived: compressed ones count too, as they may hold nothing. */
function decoded(
  raw: Readable,
  contentEncoding: string | undefined,
  limit: number,
  tooLarge: () => void,
): AsyncIterable<Buffer> {
  const encoding = contentEncoding?.trim().toLowerCase() ?? 'identity'
  if (encoding === '' || encoding === 'identity') return raw
  const transform = decoder(encoding)
  if (transform === undefined) {
    throw Object.assign(new Error(`The answer has the encoding ${encoding}, which was not asked for.`), {
      code: 'Z_UNKNOWN_ENCODING',
    })
  }
  let arrived = 0
  raw.on('data', (chunk: Buffer) => {
    arrived += chunk.length
    if (arrived > limit) tooLarge()
  })
  return pipeline(raw, transform, () => {})
}

function textOf(
  chunks: readonly Buffer[],
  contentType: string | undefined,
): { readonly body: string; readonly bytes?: Uint8Array } {
  const bytes = Buffer.concat(chunks)
  const charset = /charset="?([\w-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase()
  if (charset === 'iso-8859-1' || charset === 'windows-1252') {
    return { body: new TextDecoder('windows-1252').decode(bytes) }
  }
  return { body: new TextDecoder().decode(bytes), bytes }
}

function exchangeFailure(error: unknown): HttpOutcome {
  const code = codeOf(error)
  const message = messageOf(error)
  if (code?.startsWith('HPE_') || /^Z_|^ERR_(BROTLI|_ERROR)|^ERR__ERROR/.test(code ?? '')) {
    return failed('bad-answer', true, code, message)
  }
  if (code?.startsWith('ERR_SSL')) return failed('tls', true, code, message)
  return failed('reset', true, code, message)
}

function failed(
  reason: HttpFailure,
  sent: boolean,
  code: string | undefined,
  message: string,
): Extract<HttpOutcome, { kind: 'failed' }> {
  return { kind: 'failed', reason, sent, ...(code === undefined ? {} : { code }), message }
}

function flatten(headers: unknown): Record<string, string> {
  const pairs = Object.entries(headers as Record<string, unknown>).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : String(value),
  ])
  return Object.fromEntries(pairs)
}

// Errors of axios hold the whole request, bearer included: only their code and message may leave this file.
function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | undefined)?.message
  return typeof message === 'string' && message !== '' ? message : 'The connection failed.'
}

function pathOf(url: string): string {
  try {
    return new URL(url).pathname
  } catch {
    return ''
  }
}
