import { endedStates, troubledStates } from '../../shared/change/machine'
import type { Db } from './connection'
import { migrations } from './migrations'
import { passwordsByAddress, settingsRepository } from './repositories/settings'

/** What is backed up, referred-to tables first. The words of the history are made anew from its entries. */
const tables = [
  'settings',
  'connections',
  'groups',
  'users',
  'outbox',
  'history',
  'history_links',
  'history_head',
  'history_reverts',
  'lookups',
  'sightings',
] as const
type Table = (typeof tables)[number]

type Value = string | number | null

const portion = 500
/** Such an entry goes nowhere without a person. Every other one of a back-up waits for one: it may have been sent since. */
const still: readonly unknown[] = [...troubledStates, ...endedStates]
const restored = 'Came with a back-up. It may have been sent since then: look at it, then retry or discard.'

/** The whole store, a line at a time: first what it is, then each table's columns and rows. */
export function* dump(db: Db): Generator<string> {
  yield `${JSON.stringify({ format: 'gungnir-store', schema: migrations.length })}\n`
  for (const table of tables) {
    const columns = columnsOf(db, table)
    yield `${JSON.stringify({ table, columns })}\n`
    const list = columns.map((column) => `"${column}"`).join(', ')
    for (let offset = 0; ; offset += portion) {
      const rows = db.rows(`SELECT ${list} FROM ${table} ORDER BY 1 LIMIT ? OFFSET ?`, portion, offset)
      if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
      if (rows.length < portion) break
    }
  }
  yield `${JSON.stringify({ end: true })}\n`
}

const columnsOf = (db: Db, table: Table): string[] =>
  db.rows(`SELECT name FROM pragma_table_info('${table}')`).map(([name]) => String(name))

/** Why a back-up cannot be restored: `not-ours`, `newer` or `damaged`. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
  constructor(readonly why: 'not-ours' | 'newer' | 'damaged') {
    super(why)
  }
}

/** Puts a dump in place of everything in the store, all or nothing. Says how many rows it has. */
export function restore(db: Db, lines: Iterable<string>): number {
  return db.transaction(() => {
    db.run('DELETE FROM history_words')
    for (const table of [...tables].reverse()) db.run(`DELETE FROM ${table}`)
    let insert: ((row: readonly Value[]) => void) | undefined
    let head = false
    let ended = false
    let rows = 0
    for (const line of lines) {
      if (line === '') continue
      const value = parse(line)
      if (Array.isArray(value)) {
        if (insert === undefined || ended) throw new BackupRefused('damaged')
        insert(value as Value[])
        rows++
      } else if (!head) {
        checkHead(value)
        head = true
      } else if (value.end === true) ended = true
      else insert = inserter(db, value)
    }
    if (!head) throw new BackupRefused('not-ours')
    if (!ended) throw new BackupRefused('damaged')
    // The file says which server belongs to which id: a password that is still kept by an id is for none of these.
    settingsRepository(db).set(passwordsByAddress, true)
    return rows
  })
}

function parse(line: string): Value[] | Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {}
  if (typeof value !== 'object' || value === null) throw new BackupRefused('damaged')
  return value as Value[] | Record<string, unknown>
}

function checkHead({ format, schema }: Record<string, unknown>): void {
  if (format !== 'gungnir-store' || typeof schema !== 'number') throw new BackupRefused('not-ours')
  if (schema > migrations.length) throw new BackupRefused('newer')
}

function inserter(db: Db, { table, columns }: Record<string, unknown>): (row: readonly Value[]) => void {
  const known = tables.find((name) => name === table)
  if (known === undefined || !Array.isArray(columns)) throw new BackupRefused('damaged')
  const present = columnsOf(db, known)
  // Names go into a statement: only those that the table has.
  if (!columns.every((column) => present.includes(String(column)))) throw new BackupRefused('damaged')
  const marks = columns.map(() => '?').join(', ')
  const statement = `INSERT INTO ${known} (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${marks})`
  const state = columns.indexOf('state')
  const entry = columns.indexOf('entry')
  return (row) => {
    if (row.length !== columns.length) throw new BackupRefused('damaged')
    const values = [...row]
    if (known === 'outbox') {
      const rested = atRest(parse(String(row[entry])))
      values[state] = String(rested.state)
      values[entry] = JSON.stringify(rested)
    }
    db.run(statement, ...values)
  }
}

/** An entry of another time or place as it may stand in the outbox: nothing of it goes on before a person has looked. */
export function atRest(
  entry: Readonly<Record<string, unknown>> | readonly unknown[],
  why = restored,
): Record<string, unknown> {
  if (isList(entry)) throw new BackupRefused('damaged')
  if (still.includes(entry.state)) return entry
  const { nextTryWall: _dropped, attempts, ...rest } = entry
  if (!Array.isArray(attempts)) throw new BackupRefused('damaged')
  return { ...rest, attempts: attempts.map((attempt) => ended(attempt, why)), state: 'parked', why }
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

/** Nobody waits any more for the answer to a call that was under way. */
const ended = (attempt: Record<string, unknown>, words: string): Record<string, unknown> =>
  attempt?.outcome === 'pending' ? { ...attempt, outcome: 'unknown', words } : attempt
