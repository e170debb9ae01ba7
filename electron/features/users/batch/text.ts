import { isUtf8 } from 'node:buffer'
import { type CodePage, codePages, decoded, encoded } from '../../../../shared/user/rendering/codepages'
import { oddity } from '../../../../shared/user/rendering/letters'
import type { Pause } from '../../../platform/pause'
import type { Unicode } from './kind'

/** Bytes decoded at a stretch. */
const portion = 64 * 1024
/** Bytes looked at for whether they are UTF-8, which takes a fraction of decoding them. */
const looked = 4 * 1024 * 1024

/** What the bytes of a file are. */
export interface FileText {
  readonly bytes: Uint8Array
  /** How they are read; `bytes`: one character for each byte, because no mark tells the code page. */
  readonly as: Unicode | 'bytes'
  /** How many places are no UTF-8. */
  readonly broken: number
}

/**
 * The text of a file in pieces that may end anywhere, each decoded when it is asked for: putting 50 MB together would hold
 * everything up, and a file that is refused at its beginning needs no more of it.
 */
export function* piecesOf({ bytes, as }: FileText): Generator<string> {
  const decoder = as === 'bytes' ? undefined : new TextDecoder(as)
  for (let from = 0; from < bytes.length; from += portion) {
    const some = bytes.subarray(from, from + portion)
    yield decoder?.decode(some, { stream: true }) ??
      Buffer.from(some.buffer, some.byteOffset, some.length).toString('latin1')
  }
  const rest = decoder?.decode() ?? ''
  if (rest !== '') yield rest
}

async function isAllUtf8(bytes: Uint8Array, pause: Pause): Promise<boolean> {
  for (let from = 0; from < bytes.length; ) {
    let to = Math.min(bytes.length, from + looked)
    // Not between the bytes of one letter.
    while (to > from && to < bytes.length && ((bytes[to] as number) & 0xc0) === 0x80) to--
    if (to === from || !isUtf8(bytes.subarray(from, to))) return false
    from = to
    if (pause.due()) await pause.wait()
  }
  return true
}

/** How many letters beyond ASCII a file has as UTF-8, and how many places that are none. */
async function tryUtf8(bytes: Uint8Array, pause: Pause): Promise<{ letters: number; broken: number }> {
  let letters = 0
  let broken = 0
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number
    if (byte < 0x80) at++
    else {
      const more = byte >= 0xf5 ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0
      let good = more > 0
      for (let next = 1; next <= more; next++) good &&= ((bytes[at + next] ?? 0) & 0xc0) === 0x80
      if (good) letters++
      else broken++
      at += good ? more + 1 : 1
    }
    if (at % portion === 0 && pause.due()) await pause.wait()
  }
  return { letters, broken }
}

/** Tells how a file is written of which the first bytes say that it is text. */
export async function fileText(
  bytes: Uint8Array,
  marked: Unicode | undefined,
  pause: Pause,
): Promise<FileText> {
  if (marked !== undefined && marked !== 'utf-8') return { bytes, as: marked, broken: 0 }
  if (await isAllUtf8(bytes, pause)) return { bytes, as: 'utf-8', broken: 0 }
  const { letters, broken } = await tryUtf8(bytes, pause)
  // One damaged byte does not make another encoding of a whole file: only its own cell is in doubt.
  return marked === 'utf-8' || letters >= 4 * broken
    ? { bytes, as: 'utf-8', broken }
    : { bytes, as: 'bytes', broken: 0 }
}

/** A way to read the letters of cells, to be chosen from. */
export interface Reading {
  readonly id: string
  readonly name: string
  read(cell: string): string
}

const beyondAscii = /[^\0-\x7f]/
/** For what says itself what its letters are. */
export const asIs: Reading = { id: 'utf-8', name: 'UTF-8', read: (cell) => cell }

/** The bytes of a letter beyond ASCII. */
const longerInUtf8 = /[\xc2-\xf4][\x80-\xbf]/

function undone(page: CodePage): Reading {
  return {
    id: `utf-8-as-${page.id}`,
    name: `UTF-8 that was read as ${page.name} and saved again`,
    read(cell) {
      if (!beyondAscii.test(cell)) return cell
      const bytes = encoded(cell, page)
      if (!longerInUtf8.test(bytes)) return cell
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(
          Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)),
        )
      } catch {
        return cell
      }
    },
  }
}

const pageReadings: readonly Reading[] = codePages.map((page) => ({
  id: page.id,
  name: page.name,
  read: (cell) => decoded(cell, page),
}))
const unicodeReadings: readonly Reading[] = [
  asIs,
  ...codePages.filter(({ id }) => /1252|8859-1$|1250|macintosh|cp850/.test(id)).map(undone),
]

/** The ways in which a file may be read. */
export const readingsOf = ({ as }: Pick<FileText, 'as'>): readonly Reading[] =>
  as === 'bytes' ? pageReadings : unicodeReadings

/** A cell that has letters beyond ASCII, and what its user has in that field. */
export interface Sample {
  readonly cell: string
  readonly had: string | undefined
}

/** A reading that was found, and those that explain what the users have just as well. */
export interface FoundReading {
  readonly reading: Reading
  readonly rivals: readonly Reading[]
  /** Letters that a user has came out of it. */
  readonly confirmed: boolean
  /** A person has looked at it. */
  readonly chosen?: true
}

/**
 * The reading under which most cells are what their users have; among equals the one that looks most like names, and
 * then the likeliest.
 */
export function likeliest(readings: readonly Reading[], samples: readonly Sample[]): FoundReading {
  let best: { reading: Reading; hits: number; odd: number } | undefined
  const hitsOf = new Map<Reading, number>()
  for (const reading of readings) {
    let hits = 0
    let odd = 0
    for (const { cell, had } of samples) {
      const text = reading.read(cell)
      if (had !== undefined && text.normalize('NFC').trim() === had.normalize('NFC').trim()) hits++
      else odd += oddity(text)
    }
    hitsOf.set(reading, hits)
    // Text that is UTF-8 is what it says, unless the users tell otherwise.
    const nicer = hits === best?.hits && odd < best.odd && best.reading !== asIs
    if (best === undefined || hits > best.hits || nicer) {
      best = { reading, hits, odd }
    }
  }
  const reading = best?.reading ?? asIs
  const rivals = readings.filter((other) => other !== reading && hitsOf.get(other) === best?.hits)
  return { reading, rivals, confirmed: (best?.hits ?? 0) > 0 }
}
