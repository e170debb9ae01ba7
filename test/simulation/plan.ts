import type { Chance } from './chance'
import type { WriteFate } from './disk'
import type { CallFate, CallKind, ServerFate } from './server'

/** How much of each trouble a run has: chances per call, per write, or how often per minute. */
export interface Troubles {
  readonly notSent: number
  readonly lostRequest: number
  readonly lostAnswer: number
  readonly slow: number
  readonly late: number
  readonly gateway: number
  readonly copy: number
  readonly unauthorized: number
  readonly forbidden: number
  readonly busy: number
  readonly broken: number
  readonly refused: number
  readonly forgets: number
  readonly nonsense: number
  readonly portal: number
  readonly page: number
  readonly wrongSubject: number
  readonly half: number
  readonly stale: number
  readonly kept: number
  readonly echo: number
  readonly overtaken: number
  readonly diskFull: number
  readonly crash: number
}

export const noTroubles: Troubles = {
  notSent: 0,
  lostRequest: 0,
  lostAnswer: 0,
  slow: 0,
  late: 0,
  gateway: 0,
  copy: 0,
  unauthorized: 0,
  forbidden: 0,
  busy: 0,
  broken: 0,
  refused: 0,
  forgets: 0,
  nonsense: 0,
  portal: 0,
  page: 0,
  wrongSubject: 0,
  half: 0,
  stale: 0,
  kept: 0,
  echo: 0,
  overtaken: 0,
  diskFull: 0,
  crash: 0,
}

/** Each run has its own mixture, so that rare troubles meet each other undisturbed by all the rest. */
export function mixTroubles(chance: Chance): Troubles {
  const some = (most: number): number => (chance.happens(0.35) ? chance.between(0.2, 1) * most : 0)
  return {
    notSent: some(0.2),
    lostRequest: some(0.4),
    lostAnswer: some(0.4),
    slow: some(0.3),
    late: some(0.5),
    gateway: some(0.3),
    copy: some(0.6),
    unauthorized: some(0.15),
    forbidden: some(0.1),
    busy: some(0.3),
    broken: some(0.4),
    refused: some(0.3),
    forgets: some(0.3),
    nonsense: some(0.2),
    portal: some(0.05),
    page: some(0.15),
    wrongSubject: some(0.3),
    half: some(0.3),
    stale: some(0.5),
    kept: some(0.3),
    echo: some(0.7),
    overtaken: some(0.2),
    diskFull: some(0.15),
    crash: some(0.06),
  }
}

/** Nothing lands later than this after the client has stopped waiting: just within the settle time. */
export const longestFlightMs = 89_000
/** A copy of a request that was answered lands at the latest this long after the answer. */
export const longestCopyMs = 9_500
/** A read may show the past up to this. */
export const longestStaleMs = 6_000

/** A copy on the way that tells its age may be this old. */
const longestKeptMs = 300_000

const timeoutMs: Record<CallKind, number> = {
  GET: 30_000,
  LIST: 60_000,
  PUT: 60_000,
  SESSION: 30_000,
  TOKEN: 60_000,
  LOGOUT: 60_000,
}
/** Calls that are about nobody's data. */
const aboutSignIn: ReadonlySet<CallKind> = new Set(['SESSION', 'TOKEN', 'LOGOUT'])

/** What log-in pages, proxies and half-open upgrades answer with, by their status. */
const pageStatuses = [101, 200, 204, 301, 302, 400, 401, 403, 404, 410, 422, 500, 502, 503, 504, 511] as const

/** Decides what becomes of a call. */
export function callFate(chance: Chance, troubles: Troubles, kind: CallKind): CallFate {
  const there = chance.between(5, 60)
  const back = there + chance.between(5, 60)
  const givesUpAt = timeoutMs[kind]
  if (chance.happens(troubles.notSent)) {
    return { notSent: chance.pick(['refused', 'no-such-host']), answeredAt: 5, givesUpAt }
  }
  if (chance.happens(troubles.portal)) return { page: 200, answeredAt: 20, givesUpAt }
  const as = chance.happens(0.4) ? { pageIsJson: true } : {}
  const page = chance.happens(troubles.page) ? chance.pick(pageStatuses) : undefined
  if (page !== undefined && chance.happens(0.7)) return { page, ...as, answeredAt: 20, givesUpAt }
  const stale =
    (kind === 'GET' || kind === 'LIST') && chance.happens(troubles.stale)
      ? { staleMs: chance.between(1, longestStaleMs) }
      : {}
  const kept =
    (kind === 'GET' || kind === 'LIST') && chance.happens(troubles.kept)
      ? { kept: true, staleMs: chance.between(longestStaleMs, longestKeptMs) }
      : {}
  const echo = kind === 'PUT' && chance.happens(troubles.echo) ? { echo: true } : {}
  const overtaken =
    kind === 'PUT' && chance.happens(troubles.overtaken)
      ? { overtaken: `overtaken-${chance.below(1e6)}` }
      : {}
  const server = serverFate(chance, troubles, kind)
  const subject =
    !aboutSignIn.has(kind) && chance.happens(troubles.wrongSubject) ? { wrongSubject: true } : {}
  const half = (kind === 'GET' || kind === 'PUT') && chance.happens(troubles.half) ? { half: true } : {}
  const after = page === undefined ? {} : { pageAfter: page, ...as }
  const common = {
    ...subject,
    ...half,
    ...after,
    ...stale,
    ...kept,
    ...echo,
    ...overtaken,
    ...(server === undefined ? {} : { server }),
  }

  // A connection that breaks is noticed at once, one that goes silent at the timeout.
  const broken = chance.happens(0.5) ? chance.between(10, 2_000) : givesUpAt
  if (chance.happens(troubles.lostRequest)) return { ...common, givesUpAt: broken }
  if (kind === 'PUT' && chance.happens(troubles.late)) {
    return { ...common, landsAt: broken + chance.between(0, longestFlightMs), givesUpAt: broken }
  }
  if (kind === 'PUT' && chance.happens(troubles.gateway)) {
    const landsAt = chance.happens(0.5) ? back + chance.between(0, longestFlightMs) : undefined
    return { ...common, answeredAt: back, givesUpAt, ...(landsAt === undefined ? {} : { landsAt }) }
  }
  if (chance.happens(troubles.lostAnswer)) {
    const ends = Math.max(there, broken)
    const copy =
      kind === 'PUT' && chance.happens(troubles.copy)
        ? { copyLandsAt: chance.between(there, ends + longestFlightMs) }
        : {}
    return { ...common, landsAt: there, givesUpAt: ends, ...copy }
  }
  const slow = chance.happens(troubles.slow) ? chance.between(500, 20_000) : 0
  const copy =
    kind === 'PUT' && chance.happens(troubles.copy)
      ? { copyLandsAt: chance.between(there, back + slow + longestCopyMs) }
      : {}
  return { ...common, landsAt: there + slow, answeredAt: back + slow, givesUpAt, ...copy }
}

function serverFate(chance: Chance, troubles: Troubles, kind: CallKind): ServerFate | undefined {
  if (kind === 'TOKEN' && chance.happens(troubles.busy)) {
    return { kind: 'busy', status: chance.pick([429, 503] as const) }
  }
  if (kind === 'TOKEN' || kind === 'LOGOUT') return undefined
  if (chance.happens(troubles.unauthorized)) return { kind: '401' }
  if (kind === 'SESSION') return undefined
  if (chance.happens(troubles.forbidden)) return { kind: chance.pick(['403', '4003'] as const) }
  if (chance.happens(troubles.busy)) {
    return {
      kind: 'busy',
      status: chance.pick([429, 503] as const),
      ...(chance.happens(0.5) ? { retryAfterMs: chance.between(100, 20_000) } : {}),
    }
  }
  if (chance.happens(troubles.broken)) {
    const applied = kind === 'PUT' ? chance.pick(['none', 'part', 'all'] as const) : 'none'
    return { kind: 'broken', status: chance.pick([500, 502, 504] as const), applied }
  }
  if (kind !== 'PUT') return undefined
  if (chance.happens(troubles.refused)) {
    return { kind: 'refused', applied: chance.pick(['none', 'none', 'part'] as const) }
  }
  if (chance.happens(troubles.forgets)) return { kind: 'forgets' }
  if (chance.happens(troubles.nonsense)) {
    return { kind: 'nonsense', applied: chance.pick(['none', 'all'] as const) }
  }
  return undefined
}

/** Decides what becomes of a durable write. */
export function writeFate(chance: Chance, troubles: Troubles): WriteFate {
  if (chance.happens(troubles.crash)) return chance.pick(['crash-before', 'crash-after', 'torn'] as const)
  if (chance.happens(troubles.diskFull)) return chance.pick(['full', 'full', 'phantom'] as const)
  return 'kept'
}
