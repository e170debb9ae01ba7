import type { DemoServer } from '../../electron/demo/server'
import { verifyChain } from '../../electron/store/repositories/history-chain'
import { openStore, type Store } from '../../electron/store/store'
import { keyOf, type ServiceId, serviceAt, serviceOf, services } from '../../shared/calls/catalogue'

export const key = '07'.repeat(32)
export const paths = ['title', 'lastName', 'address.city'] as const

/** Fields of services, one of each: what a body only carries along is not saved by anybody here. */
export const servicePaths = [
  'callForwardingNoAnswer.forwardToPhoneNumber',
  'voiceMessaging.voiceMessageNotifyEmailAddress',
] as const

/** The service of a request, left out for one of the options; undefined when it is no write of a user. */
const writeOf = ({ method, path }: { method: string; path: string }): { service?: ServiceId } | undefined => {
  if (method !== 'PUT') return undefined
  if (path.endsWith('/users')) return {}
  const service = services.find((each) => path.endsWith(`/users${each.path}`))
  return service && { service: service.id }
}

export const isPut = (request: { method: string; path: string }): boolean => writeOf(request) !== undefined

export const valueAt = (object: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], object)

/** What the server has in a field. */
export function truthOf(server: DemoServer, userId: string, path: string): unknown {
  const service = serviceAt(path)
  return service === undefined
    ? valueAt(server.truth.user(userId), path)
    : server.truth.service(userId, serviceOf(service).name)?.[keyOf(path)]
}

/** `anna-3.17`: the seventeenth value that the third life under this account has saved; an address begins so. */
const orderOf = (value: unknown): readonly [life: number, n: number] => {
  const [life = 0, n = 0] = String(value).split('@')[0]?.split('-').at(-1)?.split('.').map(Number) ?? []
  return [life, n]
}

/** Every value of a field that an account has sent, with when. */
export interface Sent {
  readonly at: number
  readonly userId: string
  readonly path: string
  readonly value: string
  readonly username: string
}

export const sentBy = (server: DemoServer, username?: string): Sent[] =>
  server.truth
    .wire()
    .filter((one) => isPut(one) && (username === undefined || one.username === username))
    .flatMap((request) => {
      const { at, body, username: who = '' } = request
      const json = JSON.parse(body) as { userId: string }
      const service = writeOf(request)?.service
      return [...paths, ...servicePaths].flatMap((path) => {
        if (serviceAt(path) !== service) return []
        const value = valueAt(json, service === undefined ? path : keyOf(path))
        return value === undefined
          ? []
          : [{ at, userId: json.userId, path, value: String(value), username: who }]
      })
    })

/**
 * Adds to the failures what the wire and the database of one account show: a value sent after a newer one of its own,
 * a PUT that history does not know, an attempt without an outcome, a broken chain, a damaged file.
 */
export function judgeStore(server: DemoServer, file: string, username: string, failures: string[]): void {
  const newest = new Map<string, readonly [number, number]>()
  for (const { userId, path, value } of sentBy(server, username)) {
    const [life, n] = orderOf(value)
    const before = newest.get(`${userId}\n${path}`) ?? [0, 0]
    if (life < before[0] || (life === before[0] && n < before[1])) {
      failures.push(`${path} of ${userId}: ${value} was sent after ${before.join('.')}`)
    } else newest.set(`${userId}\n${path}`, [life, n])
  }
  const sent = new Map<string, number>()
  for (const { body } of server.truth.wire().filter((one) => isPut(one) && one.username === username)) {
    sent.set(body, (sent.get(body) ?? 0) + 1)
  }
  const store = openStore({ file, key: Buffer.from(key, 'hex') })
  try {
    if (failures.length > 0) console.log(storyOf(store, server, failures))
    if (store.all('PRAGMA integrity_check').some((row) => row.integrity_check !== 'ok')) {
      failures.push('the database is damaged')
    }
    const recorded = new Map<string, number>()
    for (const [row] of store.rows('SELECT row FROM history')) {
      const { request } = JSON.parse(String(row)) as { request: string }
      recorded.set(request, (recorded.get(request) ?? 0) + 1)
    }
    for (const [body, times] of sent) {
      if (times > (recorded.get(body) ?? 0)) failures.push(`a PUT is not in history: ${body}`)
    }
    const open = store.rows("SELECT count(*) FROM history WHERE outcome = 'pending'")[0]?.[0]
    if (open !== 0) failures.push(`${String(open)} attempts have no outcome`)
    const chain = verifyChain(store)
    let step = chain.next()
    while (!step.done) step = chain.next()
    if (step.value.faults.length > 0) failures.push('the chain of the history is broken')
  } finally {
    store.close()
  }
}

/** What the wire and history say of the users that a failure names. */
function storyOf(store: Store, server: DemoServer, failures: readonly string[]): string {
  const named = (text: string): boolean =>
    failures.some((failure) => {
      const userId = /\S+@\S+/.exec(failure)?.[0].replace(/:$/, '')
      return userId !== undefined && text.includes(userId)
    })
  const wire = server.truth
    .wire()
    .filter(({ method, body, path }) => method !== 'POST' && named(body + decodeURIComponent(path)))
    .map(
      ({ at, wall, method, body, status, fault }) =>
        `${wall} ${Math.round(at)} ${method} ${body} ${status ?? ''} ${fault ?? ''}`,
    )
  const history = store
    .rows('SELECT row, outcome FROM history ORDER BY seq')
    .filter(([row]) => named(String(row)))
    .map(([row, outcome]) => {
      const { startedWall, request, words, after } = JSON.parse(String(row)) as Record<string, unknown>
      return `${String(startedWall)} ${String(outcome)} ${String(request)} ${String(words)} ${JSON.stringify(after)}`
    })
  const entries = store
    .rows('SELECT entry FROM outbox ORDER BY seq')
    .map(([entry]) => String(entry))
    .filter(named)
  return ['wire', ...wire, 'history', ...history, 'outbox', ...entries].join('\n')
}
