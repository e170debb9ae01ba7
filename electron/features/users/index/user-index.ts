import type { Glance } from '../../../../shared/calls/glance'
import {
  callColumns,
  columnAt,
  isTold,
  linesOf,
  type Surroundings,
  searchColumns,
} from '../../../../shared/query/columns'
import { fold } from '../../../../shared/query/fold'
import { decidedBy, readApart } from '../../../../shared/query/known'
import type { UserStateName } from '../../../../shared/query/names'
import type { Clause, ColumnTests, Query } from '../../../../shared/query/parse'
import type { LineTest } from '../../../../shared/query/tests'
import type { FieldPath, UserRecord } from '../../../../shared/user/types'
import type { Pause } from '../../../platform/pause'
import { Column, mostShorts } from './column'
import { type Few, Finder } from './finder'
import { grownBytes, grownNumbers } from './growing'
import { Leads, leadFlag } from './leads'
import { implies } from './narrowing'
import { type NameWord, partsOf } from './nearest'
import { type KeptOrders, Orders, type SortKey } from './orders'
import type { Keep, Next, Rows } from './parts'
import { nothing, TextPool } from './pool'
import { Scratch } from './scratch'

export interface Scope {
  readonly serviceProviderId?: string | undefined
  readonly groupId?: string | undefined
}

const stateBits: Record<UserStateName, number> = {
  changed: 1,
  conflict: 2,
  unknown: 4,
  refused: 8,
  gone: 16,
  row: 32,
  full: 64,
}
const dead = 128

/** The states of a user as one number for {@link UserIndex.set}. */
export const bitsOf = (states: Iterable<UserStateName>): number => {
  let bits = 0
  for (const state of states) bits |= stateBits[state]
  return bits
}

/** Preparing a search again is worth it when more than one in so many texts is new. */
const unpreparedShare = 50
/** The texts of a few rows are looked at one by one when they are fewer than one in so many: searching all goes by lists. */
const fewShare = 8

/**
 * Fields of which nearly every user has another text. They have a pool of their own: whoever looks for a city need not
 * look through a hundred thousand addresses.
 */
const ownTexts = new Set([
  'userId',
  'emailAddress',
  'defaultAlias',
  'aliases',
  'alternateUserId',
  'address.addressLine1',
  'accessDeviceEndpoint.linePort',
  'accessDeviceEndpoint.contacts',
  'accessDeviceEndpoint.accessDevice',
  'accessDeviceEndpoint.accessDevice.macAddress',
  'accessDeviceEndpoint.accessDevice.accessDeviceCredentials.userName',
  'trunkAddressing.trunkGroupDeviceEndpoint.linePort',
  'trunkAddressing.trunkGroupDeviceEndpoint.contacts',
])

/** Names read between two looks at the clock. */
const valuesAtOnce = 256

interface Texts {
  readonly pool: TextPool
  readonly finder: Finder
}
const newTexts = (pool = new TextPool(), finder = new Finder(pool)): Texts => ({ pool, finder })

const inKey = new Set<FieldPath>(['userId', 'groupId', 'serviceProviderId'])

const column = (path: FieldPath): number => columnAt(path) as number
const firstName = column('firstName')
const lastName = column('lastName')
const groupId = column('groupId')
const serviceProviderId = column('serviceProviderId')
const countryCode = column('countryCode')
const phoneNumber = column('phoneNumber')
const extension = column('extension')
const userId = column('userId')
const forwardedTo = column('calls.forwardedTo')
/** What decides where forwardings lead. */
const leading = [forwardedTo, serviceProviderId, groupId, phoneNumber, extension, userId]
/** Columns whose texts have one line each. */
const oneLine: ReadonlySet<number> = new Set([column('userId')])

/** What an index is made of beside its numbers; see {@link UserIndex.keep}. */
export interface KeptIndex {
  readonly pools: readonly { readonly tails: readonly string[]; readonly prepared: number }[]
  /** The width of each column's cells. */
  readonly columns: readonly number[]
  readonly orders: KeptOrders
}

/** Of how many users something is known. Who is gone from the server does not count: nothing more can be read of them. */
export interface Known {
  readonly users: number
  readonly known: number
  /** Of whom not all that is asked for is known. */
  readonly unread: number
  /** Groups that have such users: as many calls read the rest. */
  readonly unreadGroups: number
}

interface LastSearch {
  readonly clauses: readonly Clause[]
  readonly scope: string
  readonly version: number
  readonly rows: Rows
}

/**
 * All users of one connection as the screen shows them, in memory, for searching and sorting. Holds numbers and bytes
 * outside the JavaScript heap: about 150 bytes a user. What it answers is rows; `idOf` gives the database's row.
 */
export class UserIndex {
  private readonly common: Texts
  private readonly numbers: Texts
  private readonly pools: readonly Texts[]
  private readonly textsOf: readonly Texts[]
  private readonly columns: readonly Column[]
  private readonly orders: Orders
  private readonly scratch = new Scratch()
  private readonly leading = new Leads()
  private leads: { readonly stamp: string; readonly flags: Uint8Array } | undefined

  private ids: Uint32Array = new Uint32Array(0)
  private states: Uint8Array = new Uint8Array(0)
  private rowCount = 0
  private replaced = 0
  private liveCount = 0
  /** How often a user became, or ceased to be, one of whom only a list row is known. */
  private reads = 0
  private stamp = 1
  private last: LastSearch | undefined
  private scopeRows: { key: string; version: number; rows: Rows } | undefined
  private lastKnown: { key: string; version: number; known: Known } | undefined
  private words: { key: string; version: number; words: readonly NameWord[] } | undefined
  private country: { version: number; code: string | undefined } | undefined
  private groupCounts: { version: number; counts: ReadonlyMap<string, number> } | undefined

  /**
   * @param locale a BCP 47 tag for sorting; the system's when left out
   * @param kept what {@link keep} gave, with its arrays: the same index again
   */
  constructor(locale?: string, kept?: { readonly facts: KeptIndex; readonly next: Next }) {
    const [own, numbers, common] = [0, 1, 2].map((place) => {
      const was = kept?.facts.pools[place]
      if (kept === undefined || was === undefined) return newTexts()
      const pool = TextPool.from(was.tails, kept.next)
      return newTexts(pool, Finder.from(pool, was.prepared, kept.next))
    }) as [Texts, Texts, Texts]
    this.numbers = numbers
    this.common = common
    this.pools = [own, numbers, common]
    this.textsOf = searchColumns.map(({ kind, path }) =>
      kind === 'number' ? numbers : ownTexts.has(path) ? own : common,
    )
    this.columns = searchColumns.map((_, number) =>
      kept === undefined ? new Column() : Column.from(kept.facts.columns[number] ?? 0, kept.next),
    )
    this.orders = new Orders({
      columns: this.columns,
      pools: this.textsOf.map(({ pool }) => pool),
      rows: () => this.rowCount,
      isUnread: (row) => ((this.states[row] as number) & stateBits.row) !== 0,
      reads: () => this.reads,
      locale,
    })
    if (kept !== undefined) this.take(kept.facts, kept.next)
  }

  private take({ orders }: KeptIndex, next: Next): void {
    this.ids = next()
    this.states = next()
    this.rowCount = this.ids.length
    for (const bits of this.states) if ((bits & dead) === 0) this.liveCount++
    this.orders.take(orders, next)
  }

  /** What is needed to make the same index again, prepared as it is. Later changes do not touch it. */
  keep(keep: Keep): KeptIndex {
    const pools = this.pools.map(({ pool, finder }) => ({
      tails: pool.keep(keep),
      prepared: finder.keep(keep),
    }))
    const columns = this.columns.map((one) => one.keep(this.rowCount, keep))
    keep(this.ids.subarray(0, this.rowCount))
    keep(this.states.slice(0, this.rowCount))
    return { pools, columns, orders: this.orders.keep(keep) }
  }

  /** Whether so much was replaced that a new index would be much smaller. */
  get worn(): boolean {
    return this.replaced > this.rowCount / 2
  }

  /** Users in the index. */
  get total(): number {
    return this.liveCount
  }

  /** Changes with every change of a user. */
  get version(): number {
    return this.stamp
  }

  /** Bytes held outside the JavaScript heap, roughly. */
  get size(): number {
    let size = this.ids.byteLength + this.states.byteLength + this.scratch.size
    size += this.leading.size + (this.leads?.flags.byteLength ?? 0)
    for (const { pool, finder } of this.pools) size += pool.size + finder.size
    for (const one of this.columns) size += one.size
    return size + this.orders.size
  }

  idOf(row: number): number {
    return this.ids[row] as number
  }

  /** The row of a user; undefined when it is not in the index. */
  rowOf(id: number): number | undefined {
    const row = this.place(id)
    return row < this.rowCount && this.ids[row] === id && ((this.states[row] as number) & dead) === 0
      ? row
      : undefined
  }

  /**
   * Adds a user or replaces what is known of it. New users must come with larger ids than all before.
   * @param id the row in the database
   * @param shown the record as the screen shows it, unsent changes included
   * @param bits see {@link bitsOf}
   */
  set(id: number, shown: Pick<UserRecord, 'key' | 'fields'>, bits: number, around: Surroundings = {}): void {
    let row = this.place(id)
    const isNew = row === this.rowCount || this.ids[row] !== id
    if (isNew) {
      if (row !== this.rowCount) throw new Error('Users must be added in the order of their rows.')
      this.ids = grownNumbers(this.ids, row + 1)
      this.states = grownBytes(this.states, row + 1)
      this.ids[row] = id
      this.states[row] = dead
      this.rowCount++
    }
    row = isNew ? this.rowCount - 1 : row
    if (((this.states[row] as number) & dead) !== 0) this.liveCount++
    if ((((this.states[row] as number) ^ bits) & stateBits.row) !== 0) this.reads++
    this.states[row] = bits
    if (!isNew) this.replaced++
    for (let number = 0; number < searchColumns.length; number++) {
      const about = searchColumns[number] as (typeof searchColumns)[number]
      if (about.calls !== undefined) continue
      const cells = this.columns[number] as Column
      if (!cells.used && !inKey.has(about.path) && !isTold(about.path, shown.fields)) continue
      const value = (this.textsOf[number] as Texts).pool.intern(linesOf(about, shown, around))
      if (cells.get(row) === value) continue
      cells.set(row, value)
      this.orders.changed(number, value)
    }
    this.stamp++
  }

  /**
   * What is known of the call handling of a user that is in the index; what was known before is replaced.
   * @param shown the record of the user, whose country its numbers are of
   */
  setCalls(id: number, calls: Glance, shown: Pick<UserRecord, 'key' | 'fields'>): void {
    const row = this.rowOf(id)
    if (row === undefined) return
    for (const number of readApart) {
      const lines = linesOf(searchColumns[number] as (typeof searchColumns)[number], shown, { calls })
      const value = (this.textsOf[number] as Texts).pool.intern(lines)
      const cells = this.columns[number] as Column
      if (cells.get(row) === value) continue
      cells.set(row, value)
      this.orders.changed(number, value)
      this.stamp++
    }
  }

  /** What people read of the call handling of a user, by the path of the column, as far as it is known. */
  callsOf(id: number): Readonly<Record<FieldPath, string>> {
    const row = this.rowOf(id)
    const told: Record<FieldPath, string> = {}
    if (row === undefined) return told
    for (const { path } of callColumns) {
      const number = column(path)
      const value = (this.columns[number] as Column).get(row)
      if (value === nothing) continue
      told[path] = (this.textsOf[number] as Texts).pool.original(value).split('\n', 1)[0] as string
    }
    return told
  }

  /** Whether not all of these columns are known of a user. */
  isUnread(id: number, columns: readonly number[]): boolean {
    const row = this.rowOf(id)
    return row !== undefined && !this.allSaid(row, columns)
  }

  /** Changes only the states of a user. */
  setStates(id: number, bits: number): void {
    const row = this.rowOf(id)
    if (row === undefined || this.states[row] === bits) return
    if ((((this.states[row] as number) ^ bits) & stateBits.row) !== 0) this.reads++
    this.states[row] = bits
    this.stamp++
  }

  remove(id: number): void {
    const row = this.rowOf(id)
    if (row === undefined) return
    this.states[row] = dead
    this.liveCount--
    this.stamp++
  }

  /** Removes every user that is marked gone. */
  removeGone(): void {
    for (let row = 0; row < this.rowCount; row++) {
      const bits = this.states[row] as number
      if ((bits & dead) === 0 && (bits & stateBits.gone) !== 0) this.remove(this.ids[row] as number)
    }
  }

  /** How many users each group has; the key is service provider and group with a line feed between. */
  countByGroup(): ReadonlyMap<string, number> {
    if (this.groupCounts?.version === this.stamp) return this.groupCounts.counts
    const providers = this.columns[serviceProviderId] as Column
    const groups = this.columns[groupId] as Column
    const pairs = new Map<number, number>()
    for (let row = 0; row < this.rowCount; row++) {
      if (((this.states[row] as number) & dead) !== 0) continue
      const pair = providers.get(row) * 2 ** 26 + groups.get(row)
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    }
    const id = (value: number): string => this.common.pool.original(value).split('\n', 1)[0] as string
    const counts = new Map<string, number>()
    for (const [pair, count] of pairs) {
      const key = `${id(Math.floor(pair / 2 ** 26))}\n${id(pair % 2 ** 26)}`
      counts.set(key, (counts.get(key) ?? 0) + count)
    }
    this.groupCounts = { version: this.stamp, counts }
    return counts
  }

  /** The country code of most users; undefined when none is known of anybody. Kept until a user changes. */
  usualCountry(): string | undefined {
    if (this.country?.version === this.stamp) return this.country.code
    const codes = this.columns[countryCode] as Column
    const counts = new Map<number, number>()
    for (let row = 0; row < this.rowCount; row++) {
      if (((this.states[row] as number) & dead) !== 0) continue
      const code = codes.get(row)
      if (code !== nothing) counts.set(code, (counts.get(code) ?? 0) + 1)
    }
    const [most] = [...counts].sort(([, one], [, other]) => other - one)
    const code = most && (this.textsOf[countryCode] as Texts).pool.original(most[0])
    this.country = { version: this.stamp, code }
    return code
  }

  /** Every word of the first and last names of a scope's users once, in portions. Kept until a user changes. */
  *nameWords(scope: Scope): Generator<readonly NameWord[]> {
    const key = `${scope.serviceProviderId ?? ''}\n${scope.groupId ?? ''}`
    const { stamp, words: kept } = this
    if (kept?.key === key && kept.version === stamp) {
      yield kept.words
      return
    }
    const { pool } = this.common
    const rows = this.inScope(scope, key)
    const seen = new Uint8Array(pool.count)
    const words = new Map<string, NameWord>()
    let portion: NameWord[] = []
    let looked = 0
    for (const number of [lastName, firstName]) {
      const cells = this.columns[number] as Column
      for (let place = 0; place < rows.length; place++) {
        const value = cells.get(rows[place] as number)
        if (value === nothing || seen[value] === 1) continue
        seen[value] = 1
        for (const [at, folded] of partsOf(pool.lines(value).join(' ')).entries()) {
          if (words.has(folded)) continue
          // As it came, where folding left as many words as there were.
          const written = () => {
            const one = partsOf(pool.original(value))[at]
            return one !== undefined && fold(one) === folded ? one : folded
          }
          const word = { folded, written }
          words.set(folded, word)
          portion.push(word)
        }
        if (++looked % valuesAtOnce === 0) {
          yield portion
          portion = []
        }
      }
    }
    yield portion
    if (this.stamp === stamp) this.words = { key, version: stamp, words: [...words.values()] }
  }

  /**
   * How many users of a scope there are, of how many of them all the columns are known, and in how many groups of it somebody
   * is not.
   * @param columns numbers of columns that list rows do not tell; undefined for every one of a full record
   */
  knownIn(scope: Scope, columns: readonly number[] | undefined): Known {
    const scopeKey = `${scope.serviceProviderId ?? ''}\n${scope.groupId ?? ''}`
    const key = JSON.stringify([scopeKey, columns])
    if (this.lastKnown?.key === key && this.lastKnown.version === this.stamp) return this.lastKnown.known
    const found = this.knownOf(this.inScope(scope, scopeKey), columns)
    this.lastKnown = { key, version: this.stamp, known: found }
    return found
  }

  /** The same of chosen users, by their rows. */
  knownOf(rows: Rows, columns: readonly number[] | undefined): Known {
    const groups = this.columns[groupId] as Column
    const providers = this.columns[serviceProviderId] as Column
    const unreadGroups = new Set<number>()
    let users = 0
    let known = 0
    let unread = 0
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] as number
      const bits = this.states[row] as number
      if ((bits & stateBits.gone) !== 0) continue
      users++
      if (columns === undefined ? (bits & stateBits.row) === 0 : this.allSaid(row, columns)) {
        known++
        continue
      }
      unread++
      unreadGroups.add(providers.get(row) * 2 ** 26 + groups.get(row))
    }
    return { users, known, unread, unreadGroups: unreadGroups.size }
  }

  /**
   * Of how many users of each group not all of these columns are known; left out, only a list row is. The key is that of
   * {@link countByGroup}.
   */
  unreadByGroup(columns?: readonly number[]): ReadonlyMap<string, number> {
    return this.byGroup((row) =>
      columns === undefined
        ? ((this.states[row] as number) & stateBits.row) !== 0
        : !this.allSaid(row, columns),
    )
  }

  /** Of how many users of each group all of these columns are known. */
  knownByGroup(columns: readonly number[]): ReadonlyMap<string, number> {
    return this.byGroup((row) => this.allSaid(row, columns))
  }

  /** How many users of each group that are not gone are meant. */
  private byGroup(isMeant: (row: number) => boolean): ReadonlyMap<string, number> {
    const providers = this.columns[serviceProviderId] as Column
    const groups = this.columns[groupId] as Column
    const pairs = new Map<number, number>()
    for (let row = 0; row < this.rowCount; row++) {
      if (((this.states[row] as number) & (dead | stateBits.gone)) !== 0 || !isMeant(row)) continue
      const pair = providers.get(row) * 2 ** 26 + groups.get(row)
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    }
    const id = (value: number): string => this.common.pool.original(value).split('\n', 1)[0] as string
    return new Map(
      [...pairs].map(([pair, count]) => [`${id(Math.floor(pair / 2 ** 26))}\n${id(pair % 2 ** 26)}`, count]),
    )
  }

  /** Forgets what the last searches found, as after a pause: for measuring. */
  forgetSearches(): void {
    this.last = undefined
    this.words = undefined
    for (const { finder } of this.pools) finder.forget()
  }

  /** Gives back room that was taken ahead, when nothing more is expected soon. */
  trim(): void {
    for (const { pool } of this.pools) pool.trim()
    for (const one of this.columns) one.trim(this.rowCount)
    this.scratch.trim()
    this.ids = this.ids.slice(0, this.rowCount)
    this.states = this.states.slice(0, this.rowCount)
  }

  /** Prepares sorting by these columns, so that the first person to ask need not wait. */
  async prepare(sort: readonly SortKey[], pause: Pause): Promise<void> {
    await this.orders.order(sort, pause)
  }

  /** Prepares for faster searches: after many users were added. Until then searches are slower, not wrong. */
  async prepareSearch(pause: Pause): Promise<void> {
    for (const { pool, finder } of this.pools) {
      if (finder.unprepared * unpreparedShare > pool.count) await finder.prepare(pause)
    }
  }

  /**
   * The users that a query finds, sorted, exact hits first. May pause while an order is being made, and then answers for the
   * users as they are at the end.
   */
  async search(query: Query, scope: Scope, sort: readonly SortKey[], pause: Pause): Promise<Rows> {
    let order = await this.orders.order(sort, pause)
    if (query.clauses.some(({ kind }) => kind === 'leads')) {
      // While users arrive it is never the last word for long: twice is enough.
      for (let times = 0; times < 2 && this.leads?.stamp !== this.leadsStamp(); times++) {
        await this.prepareLeads(pause)
        order = await this.orders.order(sort, pause)
      }
    }
    const found = this.find(query, scope)
    return this.scratch.during(() => this.inOrder(order, found, this.exactHits(query, found)))
  }

  /** The found rows in this order, those that are flagged in `first` before the others. */
  private inOrder(order: Rows, found: Rows, first: Uint8Array | undefined): Rows {
    if (first === undefined && found.length === this.rowCount && order.length === this.rowCount) return order
    const mask = this.scratch.flags(this.rowCount)
    for (let place = 0; place < found.length; place++) mask[found[place] as number] = 1
    const out = new Uint32Array(found.length)
    let written = 0
    if (first !== undefined) {
      for (let place = 0; place < order.length; place++) {
        const row = order[place] as number
        if (first[row] === 1 && mask[row] === 1) {
          out[written++] = row
          mask[row] = 0
        }
      }
    }
    for (let place = 0; place < order.length; place++) {
      const row = order[place] as number
      if (mask[row] === 1) out[written++] = row
    }
    return written === out.length ? out : out.slice(0, written)
  }

  /** Another one whenever forwardings may lead elsewhere. */
  private leadsStamp(): string {
    return `${this.rowCount} ${this.liveCount} ${leading.map((number) => this.orders.changesOf(number)).join(' ')}`
  }

  /** Finds out where forwardings lead. */
  private async prepareLeads(pause: Pause): Promise<void> {
    const stamp = this.leadsStamp()
    const cells = (number: number) => this.columns[number] as Column
    const flags = await this.leading.of(
      {
        rows: () => this.rowCount,
        isDead: (row) => ((this.states[row] as number) & dead) !== 0,
        forwardedTo: cells(forwardedTo),
        serviceProviderId: cells(serviceProviderId),
        groupId: cells(groupId),
        phoneNumber: cells(phoneNumber),
        extension: cells(extension),
        userId: cells(userId),
        numbers: this.numbers.pool,
        scopes: this.common.pool,
        ids: (this.textsOf[userId] as Texts).pool,
      },
      pause,
    )
    this.leads = { stamp, flags }
  }

  // --- finding ---------------------------------------------------------------------------------------------

  private place(id: number): number {
    if (this.rowCount === 0 || (this.ids[this.rowCount - 1] as number) < id) return this.rowCount
    let low = 0
    let high = this.rowCount
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.ids[middle] as number) < id) low = middle + 1
      else high = middle
    }
    return low
  }

  private find(query: Query, scope: Scope): Rows {
    const scopeKey = `${scope.serviceProviderId ?? ''}\n${scope.groupId ?? ''}`
    const { last } = this
    const narrows =
      last !== undefined &&
      last.version === this.stamp &&
      last.scope === scopeKey &&
      last.clauses.length > 0 &&
      implies(query.clauses, last.clauses)
    let rows = narrows ? last.rows : this.inScope(scope, scopeKey)
    for (const clause of query.clauses) {
      if (rows.length === 0) break
      if (narrows && last.clauses.some((before) => JSON.stringify(before) === JSON.stringify(clause)))
        continue
      const wider = rows
      rows = this.scratch.during(() => this.filter(wider, clause))
    }
    this.last = { clauses: query.clauses, scope: scopeKey, version: this.stamp, rows }
    return rows
  }

  /** Every live row of a scope, ascending. */
  private inScope(scope: Scope, key: string): Rows {
    if (this.scopeRows?.key === key && this.scopeRows.version === this.stamp) return this.scopeRows.rows
    const out = new Uint32Array(this.liveCount)
    const inProvider = this.sameId(serviceProviderId, scope.serviceProviderId)
    const inGroup = this.sameId(groupId, scope.groupId)
    let written = 0
    for (let row = 0; row < this.rowCount; row++) {
      if (((this.states[row] as number) & dead) !== 0) continue
      if (inProvider !== undefined && !inProvider(row)) continue
      if (inGroup !== undefined && !inGroup(row)) continue
      out[written++] = row
    }
    const rows = written === out.length ? out : out.slice(0, written)
    this.scopeRows = { key, version: this.stamp, rows }
    return rows
  }

  private sameId(number: number, id: string | undefined): ((row: number) => boolean) | undefined {
    if (id === undefined) return undefined
    const cells = this.columns[number] as Column
    // The first line of a group's texts is its id, the second its name.
    const known = new Map<number, boolean>()
    return (row) => {
      const value = cells.get(row)
      let same = known.get(value)
      if (same === undefined) {
        same = this.common.pool.original(value).split('\n', 1)[0] === id
        known.set(value, same)
      }
      return same
    }
  }

  private filter(rows: Rows, clause: Clause): Rows {
    const passed = this.scratch.flags(this.rowCount)
    switch (clause.kind) {
      case 'is': {
        const bit = stateBits[clause.state]
        for (let place = 0; place < rows.length; place++) {
          const row = rows[place] as number
          if (((this.states[row] as number) & bit) !== 0) passed[row] = 1
        }
        break
      }
      case 'has':
        for (const number of clause.columns) {
          const cells = this.columns[number] as Column
          if (!cells.used) continue
          for (let place = 0; place < rows.length; place++) {
            const row = rows[place] as number
            if (cells.get(row) !== nothing) passed[row] = 1
          }
        }
        break
      case 'leads': {
        const { flags } = this.leads ?? { flags: new Uint8Array(0) }
        const wanted = leadFlag(clause.to)
        for (let place = 0; place < rows.length; place++) {
          const row = rows[place] as number
          if (flags[row] === wanted) passed[row] = 1
        }
        break
      }
      case 'columns':
        this.pass(rows, clause, passed)
        if (clause.phrase !== undefined) this.passPhrase(rows, clause.phrase, passed)
        break
      case 'run': {
        let all = rows
        for (const word of clause.words) {
          const wider = all
          all = this.scratch.during(() => {
            const one = this.scratch.flags(this.rowCount)
            this.pass(wider, word, one)
            return wider.filter((row) => one[row] === 1)
          })
        }
        for (const row of all) passed[row] = 1
        this.pass(rows, clause.joined, passed)
        break
      }
    }
    const wanted = clause.negate ? 0 : 1
    if (clause.negate) this.passUndecided(rows, decidedBy(clause), passed)
    const out = this.scratch.numbers(rows.length)
    let written = 0
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] as number
      if (passed[row] === wanted) out[written++] = row
    }
    return written === rows.length ? rows : out.slice(0, written)
  }

  /** Sets `passed` for those of whom it is not known whether the columns are empty: they are not what a negation finds. */
  private passUndecided(rows: Rows, columns: readonly number[], passed: Uint8Array): void {
    if (columns.length === 0) return
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] as number
      if (!this.allSaid(row, columns)) passed[row] = 1
    }
  }

  /** Whether it is known of a row what is in each of the columns: a full record without a text says that there is none. */
  private allSaid(row: number, columns: readonly number[]): boolean {
    const isFull = ((this.states[row] as number) & stateBits.row) === 0
    return columns.every(
      (number) => (isFull && !readApart.has(number)) || (this.columns[number] as Column).get(row) !== nothing,
    )
  }

  /** Sets `passed` for those of the rows of which any column passes any test for its kind. */
  private pass(rows: Rows, tests: ColumnTests, passed: Uint8Array): void {
    this.scratch.during(() => this.sieveAll(rows, tests, passed))
  }

  private sieveAll(rows: Rows, { columns, texts, numbers }: ColumnTests, passed: Uint8Array): void {
    const wanted = new Set(columns.map((number) => this.textsOf[number] as Texts))
    // Where most texts have a hit, most users have one: they need not be looked at again.
    const pools = this.pools
      .filter((pool) => wanted.has(pool))
      .map((of) => {
        const tests = of === this.numbers ? numbers : texts
        return { of, hits: this.hits(of, tests, this.fewTexts(rows, columns, of)) }
      })
      .sort((a, b) => b.hits.share - a.hits.share)
    const spare = this.scratch.numbers(rows.length)
    const short = this.scratch.flags(mostShorts)
    let rest: Rows = rows
    let left = rows.length
    for (const { of, hits } of pools) {
      if (hits.flags === undefined) continue
      for (const number of columns) {
        if (this.textsOf[number] !== of) continue
        const raw = (this.columns[number] as Column).raw(this.rowCount)
        if (raw === undefined) continue
        const flags = raw.values === undefined ? hits.flags : shortFlags(raw.values, hits.flags, short)
        if (flags === undefined) continue
        left = sieve(rest, left, raw.ids, flags, passed, spare)
        rest = spare
        if (left === 0) return
      }
    }
  }

  /** The texts of a pool that the rows have in these columns, where those are much fewer than all of them. */
  private fewTexts(rows: Rows, columns: readonly number[], of: Texts): Few | undefined {
    const used = columns.filter(
      (number) => this.textsOf[number] === of && (this.columns[number] as Column).used,
    )
    if (rows.length * used.length * fewShare > of.pool.count) return undefined
    const texts = this.scratch.numbers(rows.length * used.length)
    let written = 0
    for (const number of used) {
      const cells = this.columns[number] as Column
      for (let place = 0; place < rows.length; place++) {
        const text = cells.get(rows[place] as number)
        if (text !== nothing) texts[written++] = text
      }
    }
    return { values: texts.subarray(0, written), oneLine: used.every((number) => oneLine.has(number)) }
  }

  /**
   * For each value of a pool (of `few`, where those are given) whether any test passes, and what share of all does; no flags
   * when none can.
   */
  private hits(
    { pool, finder }: Texts,
    tests: readonly LineTest[],
    few?: Few,
  ): { readonly flags: Uint8Array | undefined; readonly share: number } {
    if (tests.length === 0 || few?.values.length === 0) return { flags: undefined, share: 0 }
    const flags = this.scratch.flags(pool.count)
    let hits = 0
    for (const test of tests) hits += finder.flag(test, flags, few)
    return { flags: hits === 0 ? undefined : flags, share: hits / pool.count }
  }

  /** A phrase across first and last name, in either order: for each of its blanks, what is before and what behind. */
  private passPhrase(rows: Rows, phrase: string, passed: Uint8Array): void {
    for (let blank = phrase.indexOf(' '); blank >= 0; blank = phrase.indexOf(' ', blank + 1)) {
      const [before, behind] = [phrase.slice(0, blank), phrase.slice(blank + 1)]
      this.scratch.during(() => this.passNames(rows, before, behind, passed))
    }
  }

  /** Passes those of whom one name ends with `before` and the other begins with `behind`. */
  private passNames(rows: Rows, before: string, behind: string, passed: Uint8Array): void {
    const first = this.columns[firstName] as Column
    const last = this.columns[lastName] as Column
    const ends = this.hits(this.common, [{ parts: [before], fromStart: false, toEnd: true }]).flags
    const begins = this.hits(this.common, [{ parts: [behind], fromStart: true, toEnd: false }]).flags
    if (ends === undefined || begins === undefined) return
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] as number
      const [f, l] = [first.get(row), last.get(row)]
      if ((ends[f] === 1 && begins[l] === 1) || (ends[l] === 1 && begins[f] === 1)) passed[row] = 1
    }
  }

  /** The found rows that pass an exact test, if any does. */
  private exactHits({ exact }: Query, rows: Rows): Uint8Array | undefined {
    if (rows.length === 0 || exact.length === 0) return undefined
    const passed = this.scratch.flags(this.rowCount)
    for (const tests of exact) this.pass(rows, tests, passed)
    return passed.includes(1) ? passed : undefined
  }
}

/** Writes the flags of a column's short numbers, given those of the pool's values; none when no bit is set. */
const shortFlags = (
  values: readonly number[],
  hits: Uint8Array,
  flags: Uint8Array,
): Uint8Array | undefined => {
  let any = 0
  for (let short = 1; short < values.length; short++) {
    const flag = hits[values[short] as number] as number
    flags[short] = flag
    any |= flag
  }
  return any === 0 ? undefined : flags
}

/**
 * Sets `passed` for each of the first `count` rows whose cell is flagged and writes the others to `rest` (which may be
 * `rows` itself). Returns how many those are. This is the inner loop of the search: monomorphic, no calls.
 */
const sieve = (
  rows: Rows,
  count: number,
  ids: Uint8Array | Uint16Array | Uint32Array,
  flags: Uint8Array,
  passed: Uint8Array,
  rest: Uint32Array,
): number => {
  let left = 0
  for (let place = 0; place < count; place++) {
    const row = rows[place] as number
    if (flags[ids[row] as number] === 1) passed[row] = 1
    else rest[left++] = row
  }
  return left
}
