import { endedStates, troubledStates } from '../../shared/change/machine'
import { isUsableId, type longestId } from '../../shared/user/id'
import type { Db } from './connection'
import { StoreError } from './errors'
import { migrations } from './migrations'
import { isOutboxEntry } from './repositories/outbox'
import { passwordsByAddress, restoredWithout, settingsRepository } from './repositories/settings'

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
type Json = Record<string, unknown> | readonly unknown[]

const portion = 200
/** Such an entry goes nowhere without a person. Every other one of a back-up waits for one: it may have been sent since. */
const still: readonly unknown[] = [...troubledStates, ...endedStates]
const restored = 'Came with a back-up. It may have been sent since then: look at it, then retry or discard.'

/** These have no number of their own by which the next rows are found; they are small. */
const withoutRowid: ReadonlySet<Table> = new Set(['groups', 'lookups'])

/**
 * The whole store, some lines at a time: first what it is, then each table's columns and rows. A user or a change that is
 * damaged is left out, since nothing could be made of it anywhere; a history entry is not, or the chain would miss it.
 */
export function* dump(db: Db): Generator<string> {
  yield line({ format: 'gungnir-store', schema: migrations.length })
  for (const table of tables) {
    const columns = columnsOf(db, table).map(({ name }) => name)
    yield line({ table, columns })
    const checks = checksOf(table, columns)
    const isUsable = usableIn(table, columns)
    for (const rows of portions(db, table, columns)) {
      const sound = rows.filter(
        (row) => isUsable(row) && checks.every((check) => typeof check(row) !== 'string'),
      )
      if (sound.length > 0) yield sound.map(line).join('')
    }
  }
  yield line({ end: true })
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`

function* portions(db: Db, table: Table, columns: readonly string[]): Generator<Value[][]> {
  const list = columns.map((column) => `"${column}"`).join(', ')
  if (withoutRowid.has(table)) {
    yield db.rows(`SELECT ${list} FROM ${table} ORDER BY 1`) as Value[][]
    return
  }
  for (let last = -1; ; ) {
    const rows = db.rows(
      `SELECT rowid, ${list} FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
      last,
      portion,
    )
    yield rows.map(([_rowid, ...row]) => row as Value[])
    if (rows.length < portion) return
    last = Number(rows.at(-1)?.[0])
  }
}

const columnsOf = (db: Db, table: Table): { name: string; needed: boolean }[] =>
  db
    .rows(`SELECT name, ("notnull" OR pk) AND dflt_value IS NULL FROM pragma_table_info('${table}')`)
    .map(([name, needed]) => ({ name: String(name), needed: needed === 1 }))

/** Why a back-up cannot be restored: `not-ours`, `newer` or `damaged`, which says where and what is wrong. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
  constructor(
    readonly why: 'not-ours' | 'newer' | 'damaged',
    /** What is wrong, in words that go on from "it is damaged:". */
    readonly reason = '',
  ) {
    super(reason === '' ? why : `${why}: ${reason}`)
  }
}

const damaged = (reason: string): BackupRefused => new BackupRefused('damaged', reason)

/** What a row holds that must be of a certain form: what is wrong with it, if anything. */
type Check = (row: readonly Value[]) => string | undefined

const jsonOf = (value: Value | undefined): unknown => {
  try {
    return JSON.parse(String(value))
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const forms: Partial<Record<Table, Readonly<Record<string, (value: unknown) => string | undefined>>>> = {
  users: {
    record: (value) =>
      isObject(value) && isObject(value.fields) ? undefined : 'the record of a user is not what one is',
  },
  outbox: {
    entry: (value) => (isOutboxEntry(value) ? undefined : 'an unsent change is not what one is'),
  },
  lookups: { value: (value) => (value === undefined ? 'a list of choices is no JSON' : undefined) },
  sightings: {
    changes: (value) => (Array.isArray(value) ? undefined : 'a seen change is not what one is'),
  },
}

/** The columns of ids that a server gave. What is of no id that can be used is left out: nothing can be asked or shown of it. */
const ids: Partial<Record<Table, Readonly<Record<string, keyof typeof longestId>>>> = {
  groups: { sp: 'serviceProviderId', grp: 'groupId' },
  users: { sp: 'serviceProviderId', grp: 'groupId', user_id: 'userId' },
  outbox: { sp: 'serviceProviderId', grp: 'groupId', user_id: 'userId' },
  sightings: { user_id: 'userId' },
}

const usableIn = (table: Table, columns: readonly string[]): ((row: readonly unknown[]) => boolean) => {
  const kinds = Object.entries(ids[table] ?? {}).map(([column, kind]) => ({
    at: columns.indexOf(column),
    kind,
  }))
  return (row) =>
    kinds.every(({ at, kind }) => {
      const id = row[at]
      return typeof id !== 'string' || isUsableId(kind, id)
    })
}

const checksOf = (table: Table, columns: readonly string[]): Check[] =>
  Object.entries(forms[table] ?? {}).flatMap(([column, check]) => {
    const at = columns.indexOf(column)
    return at < 0 ? [] : [(row: readonly Value[]) => check(jsonOf(row[at]))]
  })

/**
 * Takes the lines of a dump into an empty store, in their order. Each is checked for itself: what is wrong with it is thrown as
 * a {@link BackupRefused}, whereupon the store is of no use. `finish` says how many rows there are, and how many were left out.
 */
export interface Restored {
  readonly rows: number
  readonly leftOut: number
}

export function createRestore(db: Db): { take(text: string): void; finish(): Restored } {
  let insert: ((row: readonly unknown[]) => boolean) | undefined
  let schema: number | undefined
  let ended = false
  let rows = 0
  let leftOut = 0
  let at = 0
  const seen = new Set<unknown>()

  const takeLine = (text: string): void => {
    const value = parse(text)
    if (schema === undefined) schema = schemaOf(value)
    else if (ended) throw damaged('there is more behind the end')
    else if (Array.isArray(value)) {
      if (insert === undefined) throw damaged('a row stands before its table')
      if (insert(value)) rows++
      else leftOut++
    } else if (isObject(value) && value.end === true) ended = true
    else if (isObject(value)) {
      if (seen.has(value.table)) throw damaged('a table stands in it twice')
      seen.add(value.table)
      insert = inserter(db, value, schema)
    }
  }

  return {
    take(text) {
      at++
      try {
        if (text !== '') takeLine(text)
      } catch (cause) {
        throw located(cause, at)
      }
    },
    finish() {
      if (schema === undefined) throw new BackupRefused('not-ours')
      if (!ended) throw damaged(`it ends behind line ${at}`)
      const missing = tables.find((table) => !seen.has(table) && schema === migrations.length)
      if (missing !== undefined) throw damaged(`the table ${missing} is missing`)
      // The file says which server belongs to which id: a password that is still kept by an id is for none of these.
      const settings = settingsRepository(db)
      settings.set(passwordsByAddress, true)
      if (leftOut > 0) settings.set(restoredWithout, leftOut)
      return { rows, leftOut }
    },
  }
}

/** The same, with the line. Anything but what is wrong with the line itself, such as a full disk, is passed on. */
function located(cause: unknown, at: number): unknown {
  if (cause instanceof BackupRefused) {
    return cause.why === 'damaged' ? damaged(`line ${at}: ${cause.reason}`) : cause
  }
  if (!(cause instanceof StoreError) || cause.kind !== 'internal') return cause
  const twice = /UNIQUE|PRIMARYKEY|ROWID/.test(cause.code ?? '')
  return damaged(`line ${at}: ${twice ? 'it stands there twice' : 'a value is of the wrong kind'}`)
}

function parse(text: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {}
  if (typeof value !== 'object' || value === null) throw damaged('it is not what stands in a back-up')
  return value as Json
}

function schemaOf(value: unknown): number {
  if (!isObject(value) || value.format !== 'gungnir-store' || typeof value.schema !== 'number') {
    throw new BackupRefused('not-ours')
  }
  if (value.schema > migrations.length) throw new BackupRefused('newer')
  return value.schema
}

function inserter(
  db: Db,
  { table, columns }: Record<string, unknown>,
  schema: number,
): (row: readonly unknown[]) => boolean {
  const known = tables.find((name) => name === table)
  if (known === undefined || !Array.isArray(columns)) throw damaged('a table that Gungnir does not have')
  const present = columnsOf(db, known)
  // Names go into a statement: only those that the table has.
  const names = columns.map(String)
  const strange = names.find(
    (name, at) => !present.some((one) => one.name === name) || names.indexOf(name) < at,
  )
  if (strange !== undefined) throw damaged(`the table ${known} has a column too many`)
  const missing = present.find(
    ({ name, needed }) => !names.includes(name) && (needed || schema === migrations.length),
  )
  if (missing !== undefined) throw damaged(`the column ${missing.name} of ${known} is missing`)
  const marks = names.map(() => '?').join(', ')
  const statement = `INSERT INTO ${known} (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${marks})`
  const checks = checksOf(known, names)
  const isUsable = usableIn(known, names)
  const [state, entry] = [names.indexOf('state'), names.indexOf('entry')]
  return (row) => {
    if (row.length !== names.length) throw damaged(`it has ${row.length} values instead of ${names.length}`)
    if (!isUsable(row)) return false
    const values = row.map((value, at) => {
      if (isValue(value)) return value
      throw damaged(`the column ${names[at]} holds what no column holds`)
    })
    for (const check of checks) {
      const problem = check(values)
      if (problem !== undefined) throw damaged(problem)
    }
    if (known === 'outbox') {
      const rested = atRest(parse(String(values[entry])))
      values[state] = String(rested.state)
      values[entry] = JSON.stringify(rested)
    }
    db.run(statement, ...values)
    return true
  }
}

const isValue = (value: unknown): value is Value =>
  value === null ||
  (typeof value === 'string' && !value.includes('\0')) ||
  (typeof value === 'number' && Number.isFinite(value))

/** An entry of another time or place as it may stand in the outbox: nothing of it goes on before a person has looked. */
export function atRest(
  entry: Readonly<Record<string, unknown>> | readonly unknown[],
  why = restored,
): Record<string, unknown> {
  if (isList(entry)) throw damaged('an unsent change is not what one is')
  if (still.includes(entry.state)) return entry
  const { nextTryWall: _dropped, attempts, ...rest } = entry
  if (!Array.isArray(attempts)) throw damaged('an unsent change is not what one is')
  return { ...rest, attempts: attempts.map((attempt) => ended(attempt, why)), state: 'parked', why }
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

/** Nobody waits any more for the answer to a call that was under way. */
const ended = (attempt: Record<string, unknown>, words: string): Record<string, unknown> =>
  attempt?.outcome === 'pending' ? { ...attempt, outcome: 'unknown', words } : attempt
