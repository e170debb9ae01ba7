import { isUtf8 } from 'node:buffer'
import type { Db, SqlValue } from './connection'

/** A row found on a page, without knowing which table it belongs to. An integer primary key is null in `values`. */
export interface CarvedRow {
  readonly rowid: number
  readonly values: readonly SqlValue[]
}

interface Page {
  readonly bytes: Buffer
  /** Where the b-tree's header begins: behind the file's header on the first page. */
  readonly start: number
}

const fileHeader = 100
const leafOfTable = 0x0d
/** Inner pages, those of indexes, and pages that only go on with a long row: their first byte is that of a small number. */
const otherKinds: readonly number[] = [0x00, 0x02, 0x05, 0x0a]
const integerLengths = [0, 1, 2, 3, 4, 6, 8] as const
const mostPayload = 64_000_000

/** SQLite's variable-length integer: its value, and where the next byte is. Throws behind the end of the page. */
const varint = (bytes: Buffer, at: number): { value: number; next: number } => {
  let value = 0
  for (let place = 0; place < 9; place++) {
    const byte = bytes.readUInt8(at + place)
    if (place === 8) return { value: value * 256 + byte, next: at + 9 }
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, next: at + place + 1 }
  }
  throw new RangeError('unreachable')
}

const valueAt = (payload: Buffer, at: number, type: number): { value: SqlValue; next: number } => {
  if (type === 0) return { value: null, next: at }
  if (type === 8 || type === 9) return { value: type - 8, next: at }
  if (type === 7) return { value: payload.readDoubleBE(at), next: at + 8 }
  if (type <= 6) {
    const length = integerLengths[type] as number
    const value = length === 8 ? Number(payload.readBigInt64BE(at)) : payload.readIntBE(at, length)
    return { value, next: at + length }
  }
  if (type < 12) throw new RangeError('reserved type')
  const next = at + Math.floor((type - 12) / 2)
  if (next > payload.length) throw new RangeError('beyond the payload')
  const bytes = payload.subarray(at, next)
  if (type % 2 === 0) return { value: Buffer.from(bytes), next }
  // Mended with replacement characters it would be a change that nobody made.
  if (!isUtf8(bytes)) throw new RangeError('noise')
  return { value: bytes.toString('utf8'), next }
}

const recordOf = (payload: Buffer): SqlValue[] => {
  const header = varint(payload, 0)
  const values: SqlValue[] = []
  let at = header.value
  for (let place = header.next; place < header.value; ) {
    const type = varint(payload, place)
    place = type.next
    const read = valueAt(payload, at, type.value)
    values.push(read.value)
    at = read.next
  }
  return values
}

/**
 * Reads every row that lies whole on the pages of a database, whatever has become of the trees that led to them. The file
 * format: sqlite.org/fileformat2.html. Needs a first page that can be read; passes over everything else that cannot.
 * @param wanted asked for each row; the first pages of long rows are read before it is asked
 */
export const carve = (db: Db, wanted: (row: CarvedRow) => boolean): CarvedRow[] => {
  const page = (number: number): Buffer | undefined => {
    try {
      const data = db.rows('SELECT data FROM sqlite_dbpage WHERE pgno = ?', number)[0]?.[0]
      return data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.length) : undefined
    } catch {
      return undefined
    }
  }
  const first = page(1)
  if (first === undefined) return []
  const usable = first.length - first.readUInt8(20)
  const longestOnPage = usable - 35
  const shortest = Math.floor(((usable - 12) * 32) / 255) - 23

  /** How much of a payload lies on its first page. */
  const localOf = (length: number): number => {
    if (length <= longestOnPage) return length
    const local = shortest + ((length - shortest) % (usable - 4))
    return local <= longestOnPage ? local : shortest
  }

  const payloadAt = (bytes: Buffer, at: number, length: number): Buffer => {
    if (length > mostPayload) throw new RangeError('too long')
    const local = localOf(length)
    if (at + local > usable) throw new RangeError('beyond the page')
    if (local === length) return bytes.subarray(at, at + length)
    const parts = [bytes.subarray(at, at + local)]
    let left = length - local
    let next = bytes.readUInt32BE(at + local)
    while (left > 0) {
      const more = next === 0 ? undefined : page(next)
      if (more === undefined) throw new RangeError('the rest is missing')
      parts.push(more.subarray(4, 4 + Math.min(left, usable - 4)))
      left -= usable - 4
      next = more.readUInt32BE(0)
    }
    return Buffer.concat(parts)
  }

  const cellAt = (bytes: Buffer, at: number): CarvedRow => {
    const length = varint(bytes, at)
    const rowid = varint(bytes, length.next)
    return { rowid: rowid.value, values: recordOf(payloadAt(bytes, rowid.next, length.value)) }
  }

  /** Wherever on the page a row may begin: its header, or the list of what is on it, is noise. */
  const anywhereOn = ({ bytes, start }: Page): CarvedRow[] => {
    const rows: CarvedRow[] = []
    for (let at = start + 8; at < usable; at++) {
      try {
        const row = cellAt(bytes, at)
        if (wanted(row)) rows.push(row)
      } catch {
        // No row begins here.
      }
    }
    return rows
  }

  const rowsOf = (page: Page): CarvedRow[] => {
    const { bytes, start } = page
    const kind = bytes.readUInt8(start)
    if (otherKinds.includes(kind)) return []
    if (kind !== leafOfTable) return anywhereOn(page)
    try {
      const count = bytes.readUInt16BE(start + 3)
      const rows = Array.from({ length: count }, (_, cell) =>
        cellAt(bytes, bytes.readUInt16BE(start + 8 + 2 * cell)),
      )
      return rows.filter(wanted)
    } catch {
      return anywhereOn(page)
    }
  }

  const pages = Number(db.rows('SELECT max(pgno) FROM sqlite_dbpage')[0]?.[0] ?? 0)
  const rows: CarvedRow[] = []
  for (let number = 1; number <= pages; number++) {
    const bytes = page(number)
    if (bytes === undefined) continue
    try {
      rows.push(...rowsOf({ bytes, start: number === 1 ? fileHeader : 0 }))
    } catch {
      // A page of noise.
    }
  }
  return rows
}
