import { isOutcome, outcomeWords } from '../../../shared/history/outcomes'
import type { HistoryEntry } from '../../../shared/history/shapes'
import { columnAt, searchColumns } from '../../../shared/query/columns'
import { fold } from '../../../shared/query/fold'
import type { HistoryClause, HistoryText } from '../../../shared/query/history'
import { numberLines } from '../../../shared/query/numbers'
import { labelOf } from '../../../shared/user/catalogue'
import { displayValue, recordedValue } from '../../../shared/user/value'
import type { Db, SqlValue } from '../connection'

/** Longer texts are cut for the search; the entry itself keeps them whole. */
const longest = 4_000

const searchable: readonly HistoryText[] = ['user', 'fields', 'vals', 'outcome', 'account', 'reason', 'batch']

/** A code between slashes is found only as a whole, and by no word that a person types by chance. */
const code = (name: string): string => `/${name}/`

/** The line ends behind the last line complete the last trigrams, by which words of one or two letters are found. */
const lines = (texts: Iterable<string | undefined>): string => {
  const text = [...texts]
    .map((one) => fold(one ?? ''))
    .filter((one) => one !== '')
    .join('\n')
    .slice(0, longest)
  return text === '' ? '' : `${text}\n\n`
}

const valueTexts = function* (entry: HistoryEntry): Generator<string> {
  for (const values of [entry.asked, entry.before, entry.after ?? {}]) {
    for (const [path, value] of Object.entries(values)) {
      const [shown, recorded] = [displayValue(path, value), recordedValue(path, value)]
      yield shown
      // A number is looked for in the form in which it is seen, and in that of the server.
      if (recorded !== shown) yield recorded
      const column = columnAt(path)
      if (column !== undefined && searchColumns[column]?.kind === 'number') yield* numberLines(recorded)
    }
  }
}

const wordsOf = (entry: HistoryEntry): Record<HistoryText, string> => ({
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
    put: (entry: HistoryEntry): void => {
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
    sql: (clauses: readonly HistoryClause[], also: HistoryConditions): HistorySql =>
      historySql(db, clauses, also),
  }
}

// --- the search as SQL -------------------------------------------------------------------------------------

/** What else must be so, by columns of the history. */
export interface HistoryConditions {
  readonly connectionId?: string | undefined
  readonly userId?: string | undefined
  /** The query needs the history itself, as `h`, and not only the numbers of the entries. */
  readonly whole?: boolean
  /** The index to read the history by, where no words are looked for. */
  readonly by?: 'history_narrow'
}

/** A FROM clause, the name of the entry's number in it, the conditions, and what is to be bound. */
export interface HistorySql {
  readonly from: string
  readonly seq: string
  readonly where: string
  readonly values: readonly SqlValue[]
}

interface Condition {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

const never: Condition = { sql: '0', values: [] }

/** The index knows substrings of this length and longer. */
const indexed = 3
/** With more endings than this, a short word is looked for in the texts themselves. */
const mostTerms = 400

const quoted = (text: string): string => `"${text.replace(/"/g, '""')}"`
const inColumn = (of: HistoryText | undefined, expression: string): string =>
  of === undefined ? expression : `{${of}} : ${expression}`

/** A word that is too short for the index, as all the trigrams that begin with it; undefined when these are too many. */
const completed = (db: Db, text: string): string[] | undefined => {
  const terms = db.rows(
    'SELECT term FROM history_terms WHERE term >= ? AND term < ? LIMIT ?',
    text,
    `${text}\u{10ffff}`,
    mostTerms + 1,
  )
  return terms.length > mostTerms ? undefined : terms.map(([term]) => quoted(String(term)))
}

/** What the index can answer of a clause: an expression of its own language, or a condition for what it cannot. */
const asked = (db: Db, clause: HistoryClause): string | Condition => {
  switch (clause.kind) {
    case 'fields':
      return `(${clause.paths.map((path) => inColumn('fields', quoted(fold(code(path))))).join(' OR ')})`
    case 'number': {
      const way = (texts: readonly string[]) => `(${texts.map(quoted).join(' AND ')})`
      return inColumn(clause.of, `(${clause.ways.map(way).join(' OR ')})`)
    }
    case 'text': {
      if ([...clause.text].length >= indexed) return inColumn(clause.of, quoted(clause.text))
      const terms = completed(db, clause.text)
      if (terms !== undefined)
        return terms.length === 0 ? never : inColumn(clause.of, `(${terms.join(' OR ')})`)
      const columns = clause.of === undefined ? searchable : [clause.of]
      return {
        sql: `h.seq IN (SELECT rowid FROM history_words WHERE ${columns.map((name) => `instr(${name}, ?)`).join(' OR ')})`,
        values: columns.map(() => clause.text),
      }
    }
    case 'outcome':
      return {
        sql: `h.outcome IN (${clause.outcomes.map(() => '?').join(', ')})`,
        values: [...clause.outcomes],
      }
    case 'when': {
      const bounds = [
        ...(clause.from === undefined ? [] : [{ sql: 'h.started_wall >= ?', value: clause.from }]),
        ...(clause.to === undefined ? [] : [{ sql: 'h.started_wall < ?', value: clause.to }]),
      ]
      return {
        sql: bounds.map(({ sql }) => sql).join(' AND '),
        values: bounds.map(({ value }) => value),
      }
    }
  }
}

/** Beside other words an outcome is one more word: cheaper than asking each entry that these find. */
const outcomeWord = (clause: HistoryClause): string | undefined =>
  clause.kind === 'outcome' && !clause.negate
    ? inColumn('outcome', `(${clause.outcomes.map((name) => quoted(fold(code(name)))).join(' OR ')})`)
    : undefined

/**
 * What the index can answer is one expression that drives the query, newest entries first; only the rest is asked of
 * each entry, of a narrow index where no better one fits.
 */
const historySql = (db: Db, clauses: readonly HistoryClause[], also: HistoryConditions): HistorySql => {
  const { connectionId, userId, whole = false, by } = also
  const wanted: string[] = []
  const conditions: Condition[] = []
  if (connectionId !== undefined) conditions.push({ sql: 'h.connection_id = ?', values: [connectionId] })
  if (userId !== undefined) conditions.push({ sql: 'h.user_id = ?', values: [userId] })
  const words = clauses.some(
    ({ kind, negate }) => !negate && (kind === 'text' || kind === 'number' || kind === 'fields'),
  )
  for (const clause of clauses) {
    const answer = words ? (outcomeWord(clause) ?? asked(db, clause)) : asked(db, clause)
    if (typeof answer !== 'string') {
      conditions.push(clause.negate ? { ...answer, sql: `NOT (${answer.sql})` } : answer)
    } else if (clause.negate) {
      conditions.push({
        sql: 'h.seq NOT IN (SELECT rowid FROM history_words WHERE history_words MATCH ?)',
        values: [answer],
      })
    } else {
      wanted.push(answer)
    }
  }
  const byWords = wanted.length > 0
  const byTime = clauses.some(({ kind, negate }) => kind === 'when' && !negate)
  const index = byWords
    ? 'history_narrow'
    : (by ?? (byTime || userId !== undefined ? undefined : 'history_narrow'))
  const history = index === undefined ? 'history h' : `history h INDEXED BY ${index}`
  const sql = [...(byWords ? ['history_words MATCH ?'] : []), ...conditions.map((condition) => condition.sql)]
  return {
    from: !byWords
      ? history
      : conditions.length === 0 && !whole
        ? 'history_words'
        : `history_words CROSS JOIN ${history} ON h.seq = history_words.rowid`,
    seq: byWords ? 'history_words.rowid' : 'h.seq',
    where: sql.length === 0 ? '' : `WHERE ${sql.join(' AND ')}`,
    values: [
      ...(byWords ? [wanted.join(' AND ')] : []),
      ...conditions.flatMap((condition) => condition.values),
    ],
  }
}
