import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Account } from '../accounts'
import type { FaultKind } from '../options'
import { refusals, ServerRefusal } from '../refusal'
import type { World } from '../world'
import { sendHtml, sendJson, sendRows } from './answer'
import { parseBody, readText } from './body'
import type { Answer, Body, Call, Routes } from './call'
import type { Faults } from './faults'
import { masked, type WireLog } from './wire-log'

export const BASE_PATH = '/api/v2'

export interface HandlerParts {
  readonly world: World
  readonly routes: Routes
  readonly wire: WireLog
  readonly faults: Faults
  readonly errorStatus: number
  readonly latency: () => number
  /** Told of errors that are bugs of this server. */
  readonly onFailure: (error: unknown) => void
}

type Failure = (response: ServerResponse, retryAfter: number) => void

const json =
  (status: number, error: string, details = ''): Failure =>
  (response, retryAfter) => {
    const headers = status === 429 ? { 'Retry-After': String(retryAfter) } : {}
    sendJson(response, status, { status, error, details }, headers)
  }

const html =
  (status: number, title: string, headers = {}): Failure =>
  (response) => {
    sendHtml(response, status, title, headers)
  }

/** What happens instead of the work, by fault: nothing is done. */
const INSTEAD: Readonly<Partial<Record<FaultKind, Failure>>> = {
  reset: (response) => {
    response.socket?.resetAndDestroy()
  },
  timeout: () => undefined,
  '401': json(401, 'Unauthorized', 'Token has expired'),
  '403': json(403, 'Forbidden'),
  '429': json(429, 'Too Many Requests'),
  '500': html(500, 'Whoops, looks like something went wrong.'),
  '502': html(502, '502 Bad Gateway'),
  '503': (response, retryAfter) => {
    sendHtml(response, 503, '503 Service Unavailable', { 'Retry-After': String(retryAfter) })
  },
  html200: html(200, 'Welcome to Free Wi-Fi'),
  redirect: html(302, 'Found', { Location: '/portal/login' }),
  '511': html(511, 'Log in to the network'),
}

function cut(response: ServerResponse, answer: Answer): void {
  const text = 'rows' in answer ? '[{"userId":"some' : (JSON.stringify(answer.json) ?? '')
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' })
  response.end(text.slice(0, Math.ceil(text.length / 2)))
}

/** The keys of a body, and the first half of what it changes. */
function firstHalf(body: Body): Body {
  const keys = ['serviceProviderId', 'groupId', 'userId']
  const changes = Object.entries(body).filter(([name]) => !keys.includes(name))
  return {
    ...Object.fromEntries(Object.entries(body).filter(([name]) => keys.includes(name))),
    ...Object.fromEntries(changes.slice(0, Math.ceil(changes.length / 2))),
  }
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Answers HTTP requests with the routes, through the faults, into the wire log. Never throws. */
export function createHandler(parts: HandlerParts): RequestListener {
  const { world, routes, wire, faults } = parts
  const connections = new WeakMap<object, number>()
  let connectionCount = 0
  const paths = new Set(Object.keys(routes).map((route) => route.slice(route.indexOf(' ') + 1)))

  function connectionOf(request: IncomingMessage): number {
    const known = connections.get(request.socket)
    if (known !== undefined) return known
    connections.set(request.socket, ++connectionCount)
    return connectionCount
  }

  function refusalBody(error: unknown): { status: number; body: unknown } {
    if (!(error instanceof ServerRefusal)) {
      parts.onFailure(error)
      return { status: 500, body: { status: 500, error: 'Internal Server Error', details: '' } }
    }
    if (world.manner === 'awkward' && error.missing) {
      // Laravel's own shape for a missing key.
      const errors = { [error.details]: [error.error] }
      return { status: 422, body: { message: 'The given data was invalid.', errors } }
    }
    const status = error.status === 'refused' ? parts.errorStatus : error.status
    return { status, body: { status, error: error.error, details: error.details } }
  }

  function refuse(response: ServerResponse, error: unknown): void {
    if (response.headersSent || response.destroyed) return
    const { status, body } = refusalBody(error)
    sendJson(response, status, body)
  }

  function makeCall(request: IncomingMessage, url: URL, body: Body, entry: number): Call {
    let account: Account | undefined
    const token = () => {
      const found = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
      if (found === undefined) throw refusals.token('Token not provided')
      return found
    }
    return {
      world,
      query: url.searchParams,
      body,
      token,
      account: () => {
        if (account) return account
        account = world.accounts.get(world.tokens.read(token()))
        if (!account) throw refusals.token('The account is gone')
        wire.note(entry, { username: account.username })
        return account
      },
    }
  }

  async function work(request: IncomingMessage, url: URL, path: string, body: Body, entry: number) {
    const route = routes[`${request.method} ${path}`]
    if (!route) {
      if (paths.has(path)) throw new ServerRefusal(405, 'Method Not Allowed', `${request.method} ${path}`)
      throw refusals.noRoute(path)
    }
    return route(makeCall(request, url, body, entry))
  }

  async function answer(request: IncomingMessage, response: ServerResponse, entry: number): Promise<void> {
    const url = new URL(`http://demo.invalid${(request.url ?? '/').replace(/^\/*/, '/')}`)
    const raw = await readText(request)
    wire.note(entry, { body: masked(raw) })
    const latency = parts.latency()
    if (latency > 0) await delay(latency)
    if (url.pathname !== BASE_PATH && !url.pathname.startsWith(`${BASE_PATH}/`)) {
      return sendHtml(response, 404, '404 Not Found')
    }
    const path = url.pathname.slice(BASE_PATH.length).replace(/\/+$/, '') || '/'
    const method = request.method ?? 'GET'
    const dictated = faults.answerFor({ method, path })
    if (dictated) {
      response.writeHead(dictated.status, { 'Content-Type': dictated.contentType ?? 'application/json' })
      response.end(dictated.body)
      return
    }
    const fault = faults.choose({ method, path })
    if (fault) wire.note(entry, { fault })
    const instead = fault && INSTEAD[fault]
    if (instead) return instead(response, faults.retryAfterSeconds)

    // A GET's body means nothing: some clients send `{}` with every GET.
    const body = method === 'GET' ? {} : parseBody(raw, request.headers['content-type'] ?? '')
    const run = (what = body) => work(request, url, path, what, entry)

    switch (fault) {
      case 'late':
        response.socket?.resetAndDestroy()
        setTimeout(() => void run().catch(() => undefined), faults.lateMs).unref()
        return
      case 'lost-answer':
        await run().catch(() => undefined)
        response.socket?.resetAndDestroy()
        return
      case 'silent':
        await run().catch(() => undefined)
        return
      case 'partial':
        await run(firstHalf(body))
        throw refusals.invalid('The rest of the command was not carried out.')
      case 'duplicate':
        setTimeout(() => void run().catch(() => undefined), faults.lateMs).unref()
        break
      default:
    }
    const made = await run()
    if (fault === 'truncated') return cut(response, made)
    if (fault === 'done-500') return sendHtml(response, 500, 'Whoops, looks like something went wrong.')
    if (fault === 'done-empty') return sendJson(response, 200, {})
    if ('rows' in made) return sendRows(response, made.rows)
    sendJson(response, made.status ?? 200, made.json)
  }

  return (request, response) => {
    const entry = wire.open({
      method: request.method ?? '',
      path: request.url ?? '',
      body: '',
      at: performance.now(),
      wall: Date.now(),
      connection: connectionOf(request),
    })
    response.on('finish', () => wire.note(entry, { status: response.statusCode }))
    answer(request, response, entry).catch((error: unknown) => refuse(response, error))
  }
}
