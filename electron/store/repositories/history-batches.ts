import * as z from 'zod'
import type { HistoryBatch } from '../../../shared/history/shapes'
import type { HistoryQuery } from '../../../shared/query/history'
import type { Db } from '../connection'
import type { historyWords } from './history-words'

/** So few changes say more one by one than a line that counts them. */
export const mostAlone = 5

/** The values of more changes are not compared with each other while somebody waits. */
const mostCompared = 10_000

export interface HistoryLinesQuery {
  readonly start: number
  readonly count: number
  readonly query?: HistoryQuery
  /** The batches whose changes stand below their line. */
  readonly open: readonly string[]
}

/** A change by its number, or the newest change of a batch in place of all. */
interface Line {
  readonly seq: number
  /** What a line that stands for a batch says of it. */
  readonly batch?: HistoryBatch
  /** It stands below the line of its batch. */
  readonly inBatch?: true
}

/** A batch of which so many changes are found, `line` being the number of the newest. */
interface Found {
  readonly id: string
  readonly line: number
  readonly changes: number
}

/** A stretch of the lines outside of batches, or of the changes of an open batch. */
export interface Stretch {
  readonly batch?: string
  readonly start: number
  readonly count: number
}

/**
 * Where lines `start` to `start + count` of the list come from.
 * @param heads how many lines there are while every batch is closed
 * @param open the batches that are open: at which of those lines (from 0) each stands, topmost first, and its changes
 */
export function stretches(
  { start, count }: { readonly start: number; readonly count: number },
  heads: number,
  open: readonly { readonly id: string; readonly at: number; readonly changes: number }[],
): Stretch[] {
  const out: Stretch[] = []
  let before = 0
  let head = 0
  const take = (length: number, from: number, batch?: string) => {
    const first = Math.max(start, before)
    const end = Math.min(start + count, before + length)
    if (end > first) {
      out.push({
        ...(batch === undefined ? {} : { batch }),
        start: from + first - before,
        count: end - first,
      })
    }
    before += length
  }
  for (const { id, at, changes } of open) {
    take(at + 1 - head, head)
    take(changes, 0, id)
    head = at + 1
  }
  take(heads - head, head)
  return out
}

const fieldsOf = z.array(z.string())

/** What is found, to be asked several things of. */
interface Source {
  /** All of it, as `h`, with the columns seq and batch_id. */
  readonly all: string
  /** The same, to be grouped by batch. */
  readonly grouped: string
  /** The same with outcome and user_id. */
  readonly facts: string
}

const everything: Source = {
  all: 'history h INDEXED BY history_narrow',
  grouped: 'history h INDEXED BY history_batch_lines',
  facts: 'history h INDEXED BY history_batch_facts',
}
const searched: Source = {
  all: 'temp.history_found h',
  grouped: 'temp.history_found h',
  facts: 'temp.history_found h',
}

/** The history with each batch as one line. */
export const historyBatches = (db: Db, words: ReturnType<typeof historyWords>) => {
  /** Runs `work` over what is found. A search is carried out once, however much is then asked of it. */
  const over = <T>(query: HistoryQuery | undefined, work: (source: Source) => T): T => {
    const clauses = query?.clauses ?? []
    if (clauses.length === 0) return work(everything)
    const { from, where, values } = words.sql(clauses, { whole: true, by: 'history_narrow' })
    db.exec(
      'CREATE TEMP TABLE IF NOT EXISTS history_found (seq INTEGER PRIMARY KEY, batch_id TEXT, outcome TEXT, user_id TEXT)',
    )
    try {
      db.run(
        `INSERT INTO temp.history_found SELECT h.seq, h.batch_id, h.outcome, h.user_id FROM ${from} ${where}`,
        ...values,
      )
      return work(searched)
    } finally {
      db.exec('DELETE FROM temp.history_found')
    }
  }

  const batchesIn = ({ grouped }: Source, id?: string): Found[] =>
    db
      .rows(
        `SELECT h.batch_id, max(h.seq), count(*) FROM ${grouped}
         WHERE ${id === undefined ? 'h.batch_id IS NOT NULL' : 'h.batch_id = ?'}
         GROUP BY h.batch_id HAVING count(*) > ?`,
        ...(id === undefined ? [] : [id]),
        mostAlone,
      )
      .map(([batch, line, changes]) => ({ id: String(batch), line: Number(line), changes: Number(changes) }))

  /** What the lines of these batches say. */
  const described = (
    { facts }: Source,
    found: readonly Found[],
    open: readonly string[] = [],
  ): Map<string, HistoryBatch> => {
    if (found.length === 0) return new Map()
    const ids = JSON.stringify(found.map(({ id }) => id))
    const among = 'h.batch_id IS NOT NULL AND h.batch_id IN (SELECT value FROM json_each(?))'
    const outcomes = db.rows(
      `SELECT h.batch_id, h.outcome, count(*) FROM ${facts} WHERE ${among}
       GROUP BY h.batch_id, h.outcome ORDER BY count(*) DESC, h.outcome`,
      ids,
    )
    const users = db.rows(
      `SELECT h.batch_id, count(DISTINCT h.user_id) FROM ${facts} WHERE ${among} GROUP BY h.batch_id`,
      ids,
    )
    const fields = db.rows(
      `SELECT DISTINCT h.batch_id, h.fields FROM ${everything.facts} WHERE ${among} ORDER BY h.fields`,
      ids,
    )
    return new Map(
      found.map(({ id, changes }) => [
        id,
        {
          id,
          changes,
          open: open.includes(id),
          users: Number(users.find(([batch]) => batch === id)?.[1] ?? changes),
          fields: [
            ...new Set(
              fields.flatMap(([batch, json]) =>
                batch === id && typeof json === 'string' ? fieldsOf.catch([]).parse(JSON.parse(json)) : [],
              ),
            ),
          ],
          outcomes: outcomes
            .filter(([batch]) => batch === id)
            .map(([, outcome, entries]) => ({ outcome: String(outcome), changes: Number(entries) })),
        },
      ]),
    )
  }

  /** The lines outside of batches and those of batches: how to find them, and how many stand above the line of a change. */
  const headsOf = ({ all }: Source, batches: readonly Found[]) => {
    const isHead = `(h.batch_id IS NULL OR h.batch_id NOT IN (SELECT value FROM json_each(?))
      OR h.seq IN (SELECT value FROM json_each(?)))`
    const headValues = [
      JSON.stringify(batches.map(({ id }) => id)),
      JSON.stringify(batches.map(({ line }) => line)),
    ]
    const headsAbove = (seq: number) =>
      Number(
        db.rows(`SELECT count(*) FROM ${all} WHERE ${isHead} AND h.seq > ?`, ...headValues, seq)[0]?.[0] ?? 0,
      )
    return { isHead, headValues, headsAbove }
  }

  const windowOf = (source: Source, { start, count, open }: HistoryLinesQuery) => {
    const { all } = source
    const batches = batchesIn(source)
    const changes = Number(db.rows(`SELECT count(*) FROM ${all}`)[0]?.[0] ?? 0)
    const heads = changes - batches.reduce((sum, batch) => sum + batch.changes - 1, 0)
    const { isHead, headValues, headsAbove } = headsOf(source, batches)
    const opened = batches
      .filter(({ id }) => open.includes(id))
      .sort((a, b) => b.line - a.line)
      .map(({ id, line, changes: of }) => ({
        id,
        changes: of,
        at: headsAbove(line),
      }))
    const seqs = stretches({ start, count }, heads, opened).flatMap((stretch) => {
      const { batch } = stretch
      const limits = [stretch.count, stretch.start]
      const rows =
        batch === undefined
          ? db.rows(
              `SELECT h.seq FROM ${all} WHERE ${isHead} ORDER BY h.seq DESC LIMIT ? OFFSET ?`,
              ...headValues,
              ...limits,
            )
          : db.rows(
              `SELECT h.seq FROM ${source.grouped} WHERE h.batch_id = ? ORDER BY h.seq DESC LIMIT ? OFFSET ?`,
              batch,
              ...limits,
            )
      return rows.map(([seq]) => ({ seq: Number(seq), inBatch: batch !== undefined }))
    })
    const byLine = new Map(batches.map((batch) => [batch.line, batch]))
    const here = seqs.flatMap(({ seq, inBatch }) => (inBatch ? [] : (byLine.get(seq) ?? [])))
    const said = described(source, here, open)
    return {
      total: heads + opened.reduce((sum, batch) => sum + batch.changes, 0),
      changes,
      lines: seqs.map(({ seq, inBatch }): Line => {
        if (inBatch) return { seq, inBatch }
        const batch = said.get(byLine.get(seq)?.id ?? '')
        return batch === undefined ? { seq } : { seq, batch }
      }),
    }
  }

  const agreedIn = ({ id, changes }: Found): string[] =>
    changes > mostCompared
      ? []
      : db
          .rows(
            `SELECT asked.key FROM ${everything.grouped},
               json_each(CASE WHEN json_valid(h.row) THEN json_extract(h.row, '$.asked') ELSE '{}' END) asked
             WHERE h.batch_id = ? GROUP BY asked.key
             HAVING count(DISTINCT asked.type || ' ' || coalesce(asked.value, '')) = 1 ORDER BY asked.key`,
            id,
          )
          .map(([path]) => String(path))

  return {
    /** The lines of a stretch, newest first; how many lines there are, and how many changes they stand for. */
    window: (asked: HistoryLinesQuery) => over(asked.query, (source) => windowOf(source, asked)),

    /**
     * At which line (from 0) a change stands in the whole list, below the line of its batch if it has one, which is open
     * then beside the others in `open`. Nothing when there is no such change.
     */
    place: (id: string, open: readonly string[]): { row: number; batch?: string } | undefined => {
      const [change] = db.rows('SELECT seq, batch_id FROM history WHERE id = ?', id)
      if (change === undefined) return undefined
      const [seq, batchId] = [Number(change[0]), change[1]]
      const batches = batchesIn(everything)
      const own = batches.find((batch) => batch.id === batchId)
      const head = own?.line ?? seq
      const above = batches
        .filter((batch) => batch !== own && batch.line > head && open.includes(batch.id))
        .reduce((sum, { changes }) => sum + changes, headsOf(everything, batches).headsAbove(head))
      if (own === undefined) return { row: above }
      const newer = db.rows(
        `SELECT count(*) FROM ${everything.grouped} WHERE h.batch_id = ? AND h.seq > ?`,
        own.id,
        seq,
      )
      return { row: above + 1 + Number(newer[0]?.[0] ?? 0), batch: own.id }
    },

    /**
     * The line of one batch; nothing when fewer of its changes are found than make one. `agreed`: the fields of which all its
     * changes asked one value; of a batch so large that comparing would take long, none is said.
     */
    one: ({ query }: Pick<HistoryLinesQuery, 'query'>, id: string) =>
      over(query, (source) => {
        const [found] = batchesIn(source, id)
        const batch = found && described(source, [found]).get(id)
        return found && batch && { seq: found.line, batch, agreed: agreedIn(found) }
      }),
  }
}
