import { createHash } from 'node:crypto'
import type { Db, SqlRow } from '../connection'
import { number, optionalText, text } from './rows'

/**
 * The hash chain over the history. Each step (an entry opened, an entry settled, old entries trimmed) is a link:
 * `hash = SHA-256(hash of the link before, number, kind, entry, digest)`, where the digest is of what the step wrote.
 * It shows edits, removals, swaps and additions by whoever does not recompute it; someone who holds the key of the
 * database and rebuilds the whole chain is beyond what a file on this machine can show.
 */
type LinkKind = 'open' | 'settle' | 'trim'

/** The columns of an entry that never change after it was opened. */
export interface OpenedColumns {
  readonly seq: number
  readonly id: string
  readonly connectionId: string
  readonly userId: string
  readonly startedWall: number
  readonly row: string
}

/** The columns that settling writes. */
export interface SettledColumns {
  readonly seq: number
  readonly outcome: string
  readonly entryId: string | null
  readonly settled: string
}

/** What is wrong with one entry, or with the chain itself. */
export interface ChainFault {
  readonly what: 'changed' | 'missing' | 'added' | 'chain-broken' | 'cut-off'
  readonly seq?: number
  readonly id?: string
}

export interface ChainReport {
  readonly links: number
  readonly entries: number
  /** In the order of the chain; at most {@link mostFaults}. */
  readonly faults: readonly ChainFault[]
  readonly moreFaults: number
  readonly end: ChainEnd
}

/** The end of the chain as it was at some time: how many links there were, and the hash of the last. */
export interface ChainEnd {
  readonly links: number
  readonly hash: string
}

const mostFaults = 100
const none = ''

const sha256 = (...parts: readonly string[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

const openDigest = (entry: OpenedColumns): string =>
  sha256(
    JSON.stringify([entry.seq, entry.id, entry.connectionId, entry.userId, entry.startedWall, entry.row]),
  )

const settleDigest = (entry: SettledColumns): string =>
  sha256(JSON.stringify([entry.seq, entry.outcome, entry.entryId, entry.settled]))

const linkHash = (before: string, link: number, kind: LinkKind, seq: number, digest: string) =>
  sha256(before, JSON.stringify([link, kind, seq]), digest)

interface Head {
  readonly links: number
  readonly hash: string
  readonly startsAfter: number
}

const readHead = (db: Db): Head => {
  const row = db.get('SELECT links, hash, starts_after FROM history_head WHERE id = 1')
  return row === undefined
    ? { links: 0, hash: none, startsAfter: 0 }
    : { links: number(row, 'links'), hash: text(row, 'hash'), startsAfter: number(row, 'starts_after') }
}

/** Where the end of the chain is remembered outside the database. Both may throw. */
export interface KeptEnd {
  get(): Promise<ChainEnd | undefined>
  keep(end: ChainEnd): Promise<void>
}

/** Where the chain ends now, as the database says. */
export const chainEnd = (db: Db): ChainEnd => {
  const { links, hash } = readHead(db)
  return { links, hash }
}

/** The writing side. Call inside the transaction that writes what the link is about. */
export const historyChain = (db: Db) => {
  const add = (kind: LinkKind, seq: number, digest: string, note: string | null = null): void => {
    const head = readHead(db)
    const link = head.links + 1
    const hash = linkHash(head.hash, link, kind, seq, digest)
    db.run(
      'INSERT INTO history_links (link, kind, seq, digest, hash, note) VALUES (?, ?, ?, ?, ?, ?)',
      link,
      kind,
      seq,
      digest,
      hash,
      note,
    )
    db.run(
      `INSERT INTO history_head (id, links, hash, starts_after) VALUES (1, ?, ?, 0)
       ON CONFLICT (id) DO UPDATE SET links = excluded.links, hash = excluded.hash`,
      link,
      hash,
    )
  }
  return {
    opened: (entry: OpenedColumns): void => add('open', entry.seq, openDigest(entry)),
    settled: (entry: SettledColumns): void => add('settle', entry.seq, settleDigest(entry)),
    /** `note` says in JSON what went and when. */
    trimmed: (throughSeq: number, note: string): void => add('trim', throughSeq, sha256(note), note),
  }
}

const chunkSql = `
  SELECT l.link, l.kind, l.seq, l.digest, l.hash, l.note, h.id, h.outcome, h.entry_id, h.connection_id, h.user_id,
    h.started_wall, h.settled,
    CASE WHEN l.kind = 'open' THEN h.row END AS row,
    l.kind = 'settle' AND NOT EXISTS (
      SELECT 1 FROM history_links o WHERE o.seq = l.seq AND o.kind = 'settle' AND o.link > l.link
    ) AS newest,
    EXISTS (SELECT 1 FROM history_links o WHERE o.seq = l.seq AND o.kind = 'settle') AS settles
  FROM history_links l LEFT JOIN history h ON h.seq = l.seq
  WHERE l.link > ? ORDER BY l.link LIMIT ?`

const unsettledColumnsFit = (row: SqlRow): boolean => {
  if (row.settled !== null) return false
  const opened = JSON.parse(text(row, 'row')) as { outcome?: unknown; entryId?: unknown }
  return row.outcome === opened.outcome && (row.entry_id ?? undefined) === opened.entryId
}

/** What is wrong with the entry of a link whose entry is there. */
const entryFits = (row: SqlRow): boolean => {
  try {
    const seq = number(row, 'seq')
    if (row.kind === 'open') {
      const digest = openDigest({
        seq,
        id: text(row, 'id'),
        connectionId: text(row, 'connection_id'),
        userId: text(row, 'user_id'),
        startedWall: number(row, 'started_wall'),
        row: text(row, 'row'),
      })
      return digest === text(row, 'digest') && (row.settles === 1 || unsettledColumnsFit(row))
    }
    if (row.kind !== 'settle' || row.newest !== 1) return true
    const digest = settleDigest({
      seq,
      outcome: text(row, 'outcome'),
      entryId: optionalText(row, 'entry_id') ?? null,
      settled: text(row, 'settled'),
    })
    return digest === text(row, 'digest')
  } catch {
    return false
  }
}

const entriesWithoutLink = (db: Db, after: number): SqlRow[] =>
  db.all(
    `SELECT seq, id FROM history h WHERE seq > ? AND NOT EXISTS (
       SELECT 1 FROM history_links l WHERE l.seq = h.seq AND l.kind = 'open') ORDER BY seq LIMIT ?`,
    after,
    mostFaults,
  )

/**
 * Checks the whole chain and every entry against it, in steps of `links` links, so that the caller can let others
 * work in between. Changes made meanwhile are part of what is checked.
 * @param kept the end of the chain as it was remembered outside the database: of what was removed as a whole, nothing else tells
 */
export function* verifyChain(
  db: Db,
  links = 100,
  kept?: ChainEnd,
): Generator<{ done: number; of: number }, ChainReport> {
  const faults: ChainFault[] = []
  let moreFaults = 0
  const fault = (found: ChainFault): void => {
    const known = faults.some((other) =>
      found.seq === undefined ? other.what === found.what : other.seq === found.seq,
    )
    if (known) return
    if (faults.length < mostFaults) faults.push(found)
    else moreFaults++
  }
  // Trims come after what they remove, so they are read first. A forged one breaks the chain where it stands.
  const trimmedThrough = Number(
    db.rows("SELECT max(seq) FROM history_links WHERE kind = 'trim'")[0]?.[0] ?? 0,
  )
  let before: string = none
  let last = 0
  let entries = 0
  let newestOpened = 0
  for (;;) {
    const rows = db.all(chunkSql, last, links)
    for (const row of rows) {
      const link = number(row, 'link')
      const seq = number(row, 'seq')
      const kind = text(row, 'kind') as LinkKind
      const digest = text(row, 'digest')
      const hash = text(row, 'hash')
      const named = { seq, ...(typeof row.id === 'string' ? { id: row.id } : {}) }
      if (link !== last + 1 || hash !== linkHash(before, link, kind, seq, digest)) {
        fault({ what: 'chain-broken', ...named })
      } else if (kind === 'open' && newestOpened > 0 && seq > newestOpened + 1) {
        // Numbers are given out one after the other: what stood between two has been removed, links and all.
        fault({ what: 'cut-off' })
      }
      if (kind === 'trim') {
        if (digest !== sha256(optionalText(row, 'note') ?? '')) fault({ what: 'chain-broken', seq })
      } else if (row.id === null) {
        if (seq > trimmedThrough) fault({ what: 'missing', seq })
      } else {
        if (kind === 'open') entries++
        if (!entryFits(row)) fault({ what: 'changed', ...named })
      }
      if (kind === 'open') newestOpened = Math.max(newestOpened, seq)
      if (link === kept?.links && hash !== kept.hash) fault({ what: 'cut-off' })
      before = hash
      last = link
    }
    const head = readHead(db)
    if (rows.length < links) {
      const there = Number(
        db.rows('SELECT count(*) FROM history WHERE seq > ?', head.startsAfter)[0]?.[0] ?? 0,
      )
      const added = there > entries ? entriesWithoutLink(db, head.startsAfter) : []
      for (const row of added) fault({ what: 'added', seq: number(row, 'seq'), id: text(row, 'id') })
      // SQLite remembers the largest number it ever gave out.
      const given = Number(db.rows("SELECT seq FROM sqlite_sequence WHERE name = 'history'")[0]?.[0] ?? 0)
      const explained = Math.max(newestOpened, head.startsAfter, ...added.map((row) => number(row, 'seq')))
      if (head.links !== last || head.hash !== before || given > explained || last < (kept?.links ?? 0)) {
        fault({ what: 'cut-off' })
      }
      return { links: last, entries, faults, moreFaults, end: { links: last, hash: before } }
    }
    yield { done: last, of: head.links }
  }
}
