import { grownBytes, grownNumbers } from './growing'
import type { Keep, Next } from './parts'
import { nothing } from './pool'

const grown16 = (old: Uint16Array, needed: number): Uint16Array => {
  if (old.length >= needed) return old
  const grown = new Uint16Array(Math.max(1024, Math.ceil(needed * 1.25)))
  grown.set(old)
  return grown
}

/** Different texts up to which rows hold short numbers; 0, no text, is one of them. */
export const mostShorts = 0x10000

type Cells =
  | { readonly width: 1; ids: Uint8Array }
  | { readonly width: 2; ids: Uint16Array }
  | { readonly width: 4; ids: Uint32Array }

/**
 * One field of all users: for each row, which value of the pool. While there are few different values the rows hold short
 * numbers of them: most columns (department, city, language) need one or two bytes a user.
 */
export class Column {
  private cells: Cells | undefined
  /** Short number → pool value; index 0 is no text. Unused when the rows hold pool values themselves. */
  private values: number[] = [nothing]
  /** Pool value → short number; made when a value is set. */
  private shorts: Map<number, number> | undefined

  /** What {@link Column.from} needs to make the same column again: the width of a row, 0 when none has a text. */
  keep(rows: number, keep: Keep): number {
    if (this.cells === undefined) return 0
    keep(this.grow(rows).ids.slice(0, rows))
    keep(Uint32Array.from(this.values))
    return this.cells.width
  }

  static from(width: number, next: Next): Column {
    const column = new Column()
    if (width === 0) return column
    column.cells = { width, ids: next() } as Cells
    column.values = [...next<Uint32Array>()]
    return column
  }

  /** Whether any row ever had a text here. */
  get used(): boolean {
    return this.cells !== undefined
  }

  get size(): number {
    return this.cells?.ids.byteLength ?? 0
  }

  get(row: number): number {
    if (this.cells === undefined || row >= this.cells.ids.length) return nothing
    const id = this.cells.ids[row] as number
    return this.cells.width === 4 ? id : (this.values[id] as number)
  }

  set(row: number, value: number): void {
    if (this.cells === undefined) {
      if (value === nothing) return
      this.cells = { width: 1, ids: new Uint8Array(0) }
    }
    const id = this.cells.width === 4 ? value : this.shortOf(value)
    this.grow(row + 1).ids[row] = id
  }

  /**
   * What the first `rows` rows hold, for loops over all of them. `values` gives the pool value of each short number, and is
   * absent when the rows hold pool values themselves.
   */
  raw(rows: number): { ids: Uint8Array | Uint16Array | Uint32Array; values?: readonly number[] } | undefined {
    if (this.cells === undefined) return undefined
    const { width, ids } = this.grow(rows)
    return width === 4 ? { ids } : { ids, values: this.values }
  }

  trim(rows: number): void {
    if (this.cells !== undefined && this.cells.ids.length > rows) {
      this.cells.ids = this.cells.ids.slice(0, rows) as never
    }
  }

  private grow(rows: number): Cells {
    const cells = this.cells as Cells
    if (cells.width === 1) cells.ids = grownBytes(cells.ids, rows)
    else if (cells.width === 2) cells.ids = grown16(cells.ids, rows)
    else cells.ids = grownNumbers(cells.ids, rows)
    return cells
  }

  private shortOf(value: number): number {
    this.shorts ??= new Map(this.values.map((known, short) => [known, short]))
    const known = this.shorts.get(value)
    if (known !== undefined) return known
    const short = this.values.length
    if (short === mostShorts) {
      this.widen(4)
      return value
    }
    if (short === 0x100) this.widen(2)
    this.values.push(value)
    this.shorts.set(value, short)
    return short
  }

  private widen(width: 2 | 4): void {
    const old = this.cells?.ids ?? new Uint8Array(0)
    if (width === 2) {
      this.cells = { width, ids: Uint16Array.from(old) }
      return
    }
    const ids = new Uint32Array(old.length)
    for (let row = 0; row < old.length; row++) ids[row] = this.values[old[row] as number] as number
    this.cells = { width, ids }
    this.values = []
    this.shorts = undefined
  }
}
