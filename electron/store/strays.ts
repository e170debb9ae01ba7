import { type CarvedRow, carve } from './carve'
import type { Db, SqlRow, SqlValue } from './connection'

type Shape = (values: readonly SqlValue[], at: (column: string) => SqlValue) => boolean

const isText = (value: SqlValue | undefined): value is string => typeof value === 'string'
const isNumber = (value: SqlValue | undefined): value is number => typeof value === 'number'

const jsonWith = (value: SqlValue | undefined, has: (json: Record<string, unknown>) => boolean): boolean => {
  if (!isText(value)) return false
  try {
    const json = JSON.parse(value)
    return typeof json === 'object' && json !== null && has(json)
  } catch {
    return false
  }
}

const isJson = (value: SqlValue | undefined): boolean => {
  try {
    JSON.parse(String(value))
    return isText(value)
  } catch {
    return false
  }
}

/** The number that an outbox entry says it has. */
const writtenSeq = ({ entry }: SqlRow): number | undefined => {
  if (!isJson(entry)) return undefined
  const seq: unknown = JSON.parse(String(entry))?.seq
  return Number.isSafeInteger(seq) ? (seq as number) : undefined
}

/** How a row of each table is known when nothing says which table it is of. Each excludes the rows of all others. */
const shapes: Readonly<Record<string, Shape>> = {
  connections: (_, at) =>
    isText(at('id')) &&
    isText(at('base_url')) &&
    isNumber(at('calls_per_second')) &&
    /^https?:/.test(String(at('base_url'))),
  // Two short texts are found in noise, too: a setting's name is longer.
  settings: (_, at) => /^[a-z][\w.:-]{3,}$/i.test(String(at('key'))) && isJson(at('value')),
  outbox: (values, at) =>
    values[0] === null &&
    isNumber(at('version')) &&
    jsonWith(at('entry'), (json) => json.id === at('id') && Array.isArray(json.edits)),
  history: (values, at) =>
    values[0] === null &&
    jsonWith(at('row'), (json) => json.id === at('id') && isText(json.outcome as SqlValue)),
}

/** The rows of our tables that lie about on the pages of a database, by table. Of an outbox entry, its newest state. */
export const strayRows = (
  db: Db,
  columnsOf: (table: string) => readonly string[],
): ReadonlyMap<string, SqlRow[]> => {
  const tables = Object.keys(shapes).map((table) => ({
    table,
    columns: columnsOf(table),
    shape: shapes[table] as Shape,
  }))
  const tableOf = ({ values }: CarvedRow) =>
    tables.find(
      ({ columns, shape }) =>
        columns.length === values.length && shape(values, (name) => values[columns.indexOf(name)] ?? null),
    )
  const found = new Map<string, Map<number, SqlRow>>()
  for (const carved of carve(db, (row) => tableOf(row) !== undefined)) {
    const { table = '', columns = [] } = tableOf(carved) ?? {}
    const row = Object.fromEntries(columns.map((column, place) => [column, carved.values[place] ?? null]))
    // An integer primary key is the row's own number; where that is noise, what was written knows better.
    const seq = writtenSeq(row) ?? carved.rowid
    if (columns[0] === 'seq') row.seq = seq
    const rows = found.get(table) ?? new Map<number, SqlRow>()
    found.set(table, rows)
    const before = rows.get(seq)
    if (before === undefined || Number(before.version ?? 0) < Number(row.version ?? 0)) rows.set(seq, row)
  }
  return new Map([...found].map(([table, rows]) => [table, [...rows.values()]]))
}
