import { isOutcome, outcomeWords } from '../../../shared/history/outcomes'
import { fold } from '../../../shared/query/fold'
import type { HistoryClause, HistoryText } from '../../../shared/query/history'
import { labelOf } from '../../../shared/user/catalogue'
import { displayValue } from '../../../shared/user/value'
import type { Db, SqlValue } from '../connection'
import type { StoredHistoryEntry } from './history'

/** Longer texts are cut for the search; the entry itself keeps them whole. */
const longest = 4_000

const searchable: readonly HistoryText[] = ['user', 'fields', 'vals', 'outcome', 'account', 'reason', 'batch']

/** A code between slashes is found only as a whole, and by no word that a person types by chance. */
const code = (name: string): string => `/${name}/`

const lines = (texts: Iterable<string | undefined>): string =>
  [...texts]
    .map((text) => fold(text ?? ''))
    .filter((text) => text !== '')
    .join('\n')
    .slice(0, longest)

const valueTexts = function* (entry: StoredHistoryEntry): Generator<string> {
  for (const values of [entry.asked, entry.before, entry.after ?? {}]) {
    for (const [path, value] of Object.entries(values)) yield displayValue(path, value)
  }
}

const wordsOf = (entry: StoredHistoryEntry): Record<HistoryText, string> => ({
  user: lines([entry.userName, entry.user.userId, entry.user.groupId, entry.user.serviceProviderId]),
  fields: lines(entry.fields.flatMap((path) => [labelOf(path), code(path)])),
  vals: lines(valueTexts(entry)),
  outcome: lines([
    code(entry.outcome),
    isOutcome(entry.outcome) ? outcomeWords[entry.outcome] : undefined,
    entry.words,
    entry.errorCode,
  ]),
  account: lines([entry.account]),
  reason: lines([entry.reason]),
  batch: lines([entry.batchId]),
})

/** The index of all substrings of the entries' texts. */
export const historyWords = (db: Db) => {
  const remove = (seq: number): void => {
    db.run('DELETE FROM history_words WHERE rowid = ?', seq)
  }
  return {
    remove,
    put: (entry: StoredHistoryEntry): void => {
      remove(entry.seq)
      const words = wordsOf(entry)
      db.run(
        `INSERT INTO history_words (rowid, ${searchable.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        entry.seq,
        ...searchable.map((name) => words[name]),
      )
    },
    /** Entries that are not in the index, oldest first: after a rescue, and in files older than the index. */
    missing: (count: number): number[] =>
      db
        .rows(
          `SELECT seq FROM history WHERE seq NOT IN (SELECT rowid FROM history_words) ORDER BY seq LIMIT ?`,
          count,
        )
        .map(([seq]) => Number(seq)),
  }
}

/** Conditions over `history h`, with what is to be bound. */
interface Condition {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** A phrase in the index, which is exact: every substring of three characters or more. */
const phrase = (text: string, of: HistoryText | undefined): string =>
  `${of === undefined ? '' : `{${of}} : `}"${text.replace(/"/g, '""')}"`

const shortest = 3

const matching = (clause: HistoryClause): string | undefined => {
  switch (clause.kind) {
    case 'text':
      return [...clause.text].length < shortest ? undefined : phrase(clause.text, clause.of)
    case 'fields':
      return `(${clause.paths.map((path) => phrase(fold(code(path)), 'fields')).join(' OR ')})`
    default:
      return undefined
  }
}

const inIndex = (expression: string, negate: boolean): Condition => ({
  sql: `h.seq ${negate ? 'NOT IN' : 'IN'} (SELECT rowid FROM history_words WHERE history_words MATCH ?)`,
  values: [expression],
})

const likeText = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

const conditionOf = (clause: HistoryClause): Condition => {
  const not = clause.negate ? 'NOT ' : ''
  switch (clause.kind) {
    case 'when': {
      const bounds = [
        ...(clause.from === undefined ? [] : [{ sql: 'h.started_wall >= ?', value: clause.from }]),
        ...(clause.to === undefined ? [] : [{ sql: 'h.started_wall < ?', value: clause.to }]),
      ]
      return {
        sql: `${not}(${bounds.map(({ sql }) => sql).join(' AND ') || '1'})`,
        values: bounds.map(({ value }) => value),
      }
    }
    case 'outcome':
      return {
        sql: `${not}(h.outcome IN (${clause.outcomes.map(() => '?').join(', ')}))`,
        values: [...clause.outcomes],
      }
    case 'text': {
      // Too short for the index: the texts themselves are read.
      const columns = clause.of === undefined ? searchable : [clause.of]
      return {
        sql: `h.seq ${clause.negate ? 'NOT IN' : 'IN'} (SELECT rowid FROM history_words WHERE ${columns
          .map((column) => `${column} LIKE ? ESCAPE '\\'`)
          .join(' OR ')})`,
        values: columns.map(() => likeText(clause.text)),
      }
    }
    case 'fields':
      return { sql: '1', values: [] }
  }
}

/** Where and what to search: a FROM clause whose `h` is the history, the conditions, and what is to be bound. */
export interface HistorySql {
  readonly from: string
  readonly where: string
  readonly values: readonly SqlValue[]
}

/**
 * The search as SQL. What the index can answer is one expression that drives the query, newest entries first; only
 * the rest is asked of each entry.
 */
export const historySql = (
  clauses: readonly HistoryClause[],
  also: readonly Condition[] = [],
): HistorySql => {
  const wanted: string[] = []
  const conditions: Condition[] = [...also]
  for (const clause of clauses) {
    const expression = matching(clause)
    if (expression === undefined) conditions.push(conditionOf(clause))
    else if (clause.negate) conditions.push(inIndex(expression, true))
    else wanted.push(expression)
  }
  const indexed = wanted.length > 0
  const sql = [...(indexed ? ['history_words MATCH ?'] : []), ...conditions.map((condition) => condition.sql)]
  return {
    from: indexed
      ? conditions.length === 0
        ? 'history_words AS h'
        : 'history_words CROSS JOIN history h ON h.seq = history_words.rowid'
      : 'history h',
    where: sql.length === 0 ? '' : `WHERE ${sql.join(' AND ')}`,
    values: [
      ...(indexed ? [wanted.join(' AND ')] : []),
      ...conditions.flatMap((condition) => condition.values),
    ],
  }
}
