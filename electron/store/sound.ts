import { isUtf8 } from 'node:buffer'
import type { Db, SqlValue } from './connection'
import { storeErrorOf } from './errors'

/** Of a person's work nothing can be read again from a server. */
const always = ['migrations', 'connections', 'settings', 'outbox', 'history_head', 'groups'] as const

const portion = 200

/**
 * The driver ends the whole process when it meets a text that is no UTF-8, and the cipher tells nothing: one changed bit in a
 * page makes noise of sixteen bytes, which SQLite finds in order. So texts are looked at as bytes, which the driver hands over
 * as they are, before any of them is read as text. Throws a StoreError `corrupt`.
 * @param whole every table, else only those that hold a person's work and are small
 */
export const checkTexts = (db: Db, whole: boolean): void => {
  const there = tablesOf(db)
  for (const table of whole ? there : there.filter((name) => always.some((one) => one === name))) {
    checkTable(db, table)
  }
}

// A name that was damaged is none of ours: only those that fit are asked for as text.
const tablesOf = (db: Db): string[] => {
  const names: string[] = []
  for (const [name, sql] of db.rows(
    `SELECT CAST(name AS BLOB), CAST(coalesce(sql, '') AS BLOB) FROM sqlite_master WHERE type = 'table'`,
  )) {
    const [table, text] = [decoded(name), decoded(sql)]
    if (table === undefined || text === undefined) throw storeErrorOf('corrupt')
    if (/^\w+$/.test(table) && !/^CREATE VIRTUAL/i.test(text)) names.push(table)
  }
  return names
}

const decoded = (bytes: SqlValue | undefined): string | undefined =>
  bytes instanceof Uint8Array && isUtf8(bytes) ? Buffer.from(bytes).toString('utf8') : undefined

/** The columns of a table; their names are those of our migrations, or the table would not have been found. */
const columnsOf = (db: Db, table: string): string[] =>
  db
    .rows(`SELECT CAST(name AS BLOB) FROM pragma_table_info('${table}')`)
    .map(([name]) => decoded(name))
    .filter((name): name is string => name !== undefined && /^\w+$/.test(name))

const checkTable = (db: Db, table: string): void => {
  const columns = columnsOf(db, table)
  if (columns.length === 0) return
  const texts = columns
    .map((name) => `CASE typeof("${name}") WHEN 'text' THEN "${name}" ELSE '' END`)
    .join(' || char(10) || ')
  if (!hasRowid(db, table)) {
    refuseNoise(db.rows(`SELECT CAST(group_concat(${texts}, char(10)) AS BLOB) FROM "${table}"`)[0]?.[0])
    return
  }
  for (let last: SqlValue = -1; ; ) {
    const [next, bytes]: SqlValue[] = db.rows(
      `SELECT max(row_number), CAST(group_concat(texts, char(10)) AS BLOB) FROM (
         SELECT rowid AS row_number, ${texts} AS texts FROM "${table}" WHERE rowid > ? ORDER BY rowid LIMIT ${portion})`,
      last,
    )[0] ?? [null, null]
    if (next === null || next === undefined) return
    refuseNoise(bytes)
    last = next
  }
}

const hasRowid = (db: Db, table: string): boolean =>
  db.rows('SELECT wr FROM pragma_table_list WHERE name = ?', table)[0]?.[0] === 0

const refuseNoise = (bytes: SqlValue | undefined): void => {
  if (bytes instanceof Uint8Array && !isUtf8(bytes)) throw storeErrorOf('corrupt')
}

/**
 * Rows of a table, of which any text may be noise: such a row throws `corrupt` instead of ending the process.
 * @param where as SQL, with a ? for each of the values
 */
export const soundRows = (
  db: Db,
  table: string,
  where: string,
  ...values: readonly SqlValue[]
): Record<string, SqlValue>[] => {
  const columns = columnsOf(db, table)
  const asked = columns
    .map(
      (name) =>
        `typeof("${name}") = 'text', CASE typeof("${name}") WHEN 'text' THEN CAST("${name}" AS BLOB) ELSE "${name}" END`,
    )
    .join(', ')
  return db.rows(`SELECT ${asked} FROM "${table}" WHERE ${where}`, ...values).map((row) =>
    Object.fromEntries(
      columns.map((name, place) => {
        const [isText, value = null] = row.slice(2 * place, 2 * place + 2)
        if (isText !== 1) return [name, value]
        const text = decoded(value)
        if (text === undefined) throw storeErrorOf('corrupt')
        return [name, text]
      }),
    ),
  )
}
