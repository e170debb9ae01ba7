import { columnAt, searchColumns } from '../../../../shared/query/columns'
import { alike } from '../../../../shared/query/fold'
import { notForwarded } from '../../../../shared/query/forwarding'
import { readApart, unreadInRow } from '../../../../shared/query/known'
import type { FieldPath } from '../../../../shared/user/types'
import type { Pause } from '../../../platform/pause'
import type { Column } from './column'
import type { Keep, Next, Rows } from './parts'
import { nothing, type TextPool } from './pool'
import { type CompareText, Ranking } from './ranking'

export interface SortKey {
  readonly path: FieldPath
  readonly direction: 'ascending' | 'descending'
}

/** People look for names: where nothing else decides, this order does. */
const usualOrder: readonly SortKey[] = [
  { path: 'lastName', direction: 'ascending' },
  { path: 'firstName', direction: 'ascending' },
  { path: 'userId', direction: 'ascending' },
]

const mostOrders = 4

interface KeptOrder {
  readonly stamp: string
  readonly rows: Rows
}

/** What orders are made of beside their numbers; see {@link Orders.keep}. */
export interface KeptOrders {
  readonly changes: readonly number[]
  /** Column and highest rank. */
  readonly rankings: readonly (readonly [number: number, highest: number])[]
  /** The stamp of the usual order, if that was made. */
  readonly usual?: string
}

/** The rows of an index sorted by its columns. Each order is made when it is first asked for, and again after changes. */
export class Orders {
  private readonly columns: readonly Column[]
  private readonly pools: readonly TextPool[]
  private readonly rows: () => number
  private readonly isUnread: (row: number) => boolean
  private readonly reads: () => number
  private readonly locale: string | undefined
  private compareText: CompareText | undefined
  /** How often a text of each column changed. */
  private readonly changes = new Uint32Array(searchColumns.length)
  private readonly rankings = new Map<number, Ranking>()
  private readonly kept = new Map<string, KeptOrder>()
  private ordering: Promise<unknown> = Promise.resolve()

  /**
   * @param index its columns, the pool of each, how many rows there are now, whether only a list row is known of one, how often
   *   that changed, and the locale to sort by: the system's when left out
   */
  constructor(index: {
    readonly columns: readonly Column[]
    readonly pools: readonly TextPool[]
    readonly rows: () => number
    readonly isUnread: (row: number) => boolean
    readonly reads: () => number
    readonly locale: string | undefined
  }) {
    this.columns = index.columns
    this.pools = index.pools
    this.rows = index.rows
    this.isUnread = index.isUnread
    this.reads = index.reads
    this.locale = index.locale
  }

  /** Bytes held, for the memory figures. */
  get size(): number {
    let size = 0
    for (const ranking of this.rankings.values()) size += ranking.size
    for (const { rows } of this.kept.values()) size += rows.byteLength
    return size
  }

  /** What {@link Orders.take} needs to be as well prepared. */
  keep(keep: Keep): KeptOrders {
    const complete = [...this.rankings].filter(([, ranking]) => ranking.complete)
    const rankings = complete.map(([number, ranking]) => [number, ranking.keep(keep)] as const)
    const usual = this.kept.get('')
    if (usual !== undefined) keep(usual.rows)
    return { changes: [...this.changes], rankings, ...(usual === undefined ? {} : { usual: usual.stamp }) }
  }

  take({ changes, rankings, usual }: KeptOrders, next: Next): void {
    this.changes.set(changes)
    for (const [number, highest] of rankings) {
      const pool = this.pools[number] as TextPool
      this.rankings.set(number, Ranking.from(pool, this.compareFor(number), highest, next))
    }
    if (usual !== undefined) this.kept.set('', { stamp: usual, rows: next() })
  }

  /** How often a text of a column changed. */
  changesOf(number: number): number {
    return this.changes[number] as number
  }

  /** A row has another text in a column now. */
  changed(number: number, value: number): void {
    this.changes[number] = (this.changes[number] as number) + 1
    this.rankings.get(number)?.want(value)
  }

  /** One order at a time: two at once would place the same values twice. */
  order(sort: readonly SortKey[], pause: Pause): Promise<Rows> {
    const known = this.known(sort)
    if (known !== undefined) return Promise.resolve(known)
    const made = this.ordering.then(() => this.known(sort) ?? this.make(sort, pause))
    this.ordering = made.catch(() => {})
    return made
  }

  private keyOf(sort: readonly SortKey[]): string {
    return sort.map(({ path, direction }) => `${path} ${direction}`).join('\n')
  }

  private stampOf(sort: readonly SortKey[]): string {
    const stamps = [...sort, ...usualOrder].map(({ path }) => this.changes[columnAt(path) ?? -1] ?? 0)
    const reads = sort.some(({ path }) => unreadInRow(path)) ? ` ${this.reads()}` : ''
    return `${this.rows()} ${stamps.join(' ')}${reads}`
  }

  private known(sort: readonly SortKey[]): Rows | undefined {
    const key = this.keyOf(sort)
    const kept = this.kept.get(key)
    if (kept === undefined || kept.stamp !== this.stampOf(sort)) return undefined
    this.kept.delete(key)
    this.kept.set(key, kept)
    return kept.rows
  }

  private async make(sort: readonly SortKey[], pause: Pause): Promise<Rows> {
    const stamp = this.stampOf(sort)
    const length = this.rows()
    let rows: Rows
    if (sort.length === 0) {
      rows = Uint32Array.from({ length }, (_, row) => row)
    } else {
      rows = this.known([]) ?? (await this.make([], pause))
    }
    for (const key of [...(sort.length === 0 ? usualOrder : sort)].reverse()) {
      rows = await this.sortBy(rows, key, pause)
    }
    const name = this.keyOf(sort)
    this.kept.delete(name)
    this.kept.set(name, { stamp, rows })
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= mostOrders) break
      if (oldest !== '') this.kept.delete(oldest)
      else break
    }
    return rows
  }

  /**
   * Stable: rows with the same text keep their order. Rows without a text come behind the others in either direction, and
   * those of which it was not read whether they have one come last.
   */
  private async sortBy(rows: Rows, { path, direction }: SortKey, pause: Pause): Promise<Rows> {
    const number = columnAt(path)
    const cells = number === undefined ? undefined : this.columns[number]
    if (number === undefined || cells === undefined || (!cells.used && !unreadInRow(path))) return rows
    const ranking = await this.rankingOf(number, cells, pause)
    if (pause.due()) await pause.wait()
    const ranks = ranking.rankOf
    const last = ranking.count + 1
    const apart = readApart.has(number)
    const unread = apart ? () => true : unreadInRow(path) ? this.isUnread : undefined
    // Whose calls are known to go nowhere else has no text to sort by.
    const none = apart ? (this.pools[number] as TextPool).intern([notForwarded]) : nothing
    const keys = new Uint32Array(rows.length)
    const counts = new Uint32Array(last + 3)
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] as number
      const value = cells.get(row)
      const isNone = value === none && none !== nothing
      const rank = isNone ? 0 : (ranks[value] ?? 0)
      const key =
        rank === 0
          ? !isNone && unread?.(row)
            ? last + 1
            : last
          : direction === 'ascending'
            ? rank
            : last - rank
      keys[place] = key
      counts[key + 1] = (counts[key + 1] as number) + 1
    }
    for (let key = 1; key < counts.length; key++) {
      counts[key] = (counts[key] as number) + (counts[key - 1] as number)
    }
    const out = new Uint32Array(rows.length)
    for (let place = 0; place < rows.length; place++) {
      const key = keys[place] as number
      const at = counts[key] as number
      counts[key] = at + 1
      out[at] = rows[place] as number
    }
    return out
  }

  /** A phone number by its digits from the left, so that countries and areas stay together. */
  private compareFor(number: number): CompareText {
    if (searchColumns[number]?.field?.kind === 'phone') return compareCodes
    // Numbers in names by their value, capitals beside small letters. Made late: the system's data take 10 ms to read.
    if (this.compareText === undefined) {
      const { compare } = new Intl.Collator(this.locale, { numeric: true, sensitivity: 'accent' })
      // Which apostrophe or hyphen a name has depends on the program that wrote it.
      this.compareText = (a, b) => compare(alike(a), alike(b))
    }
    return this.compareText
  }

  private async rankingOf(number: number, cells: Column, pause: Pause): Promise<Ranking> {
    let ranking = this.rankings.get(number)
    if (ranking === undefined) {
      ranking = new Ranking(this.pools[number] as TextPool, this.compareFor(number))
      this.rankings.set(number, ranking)
      const rows = this.rows()
      const raw = cells.raw(rows)
      if (raw?.values !== undefined) for (const value of raw.values) ranking.want(value)
      else if (raw !== undefined) for (let row = 0; row < rows; row++) ranking.want(raw.ids[row] ?? nothing)
    }
    if (!ranking.complete) await ranking.place(pause)
    return ranking
  }
}

export const compareCodes: CompareText = (a, b) => (a < b ? -1 : a > b ? 1 : 0)
