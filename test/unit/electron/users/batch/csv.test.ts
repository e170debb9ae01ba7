import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  byteOrderMark,
  type CsvLine,
  csvLines,
  decodeCsv,
  parseCsv,
} from '../../../../../electron/features/users/batch/csv'
import { createPause } from '../../../../../electron/platform/pause'

const pause = () => createPause(() => performance.now(), 8)
const inPieces = (text: string, size = 5000): string[] => {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size))
  return pieces
}
async function read(text: string, size?: number) {
  const lines: CsvLine[] = []
  const { remarks } = await parseCsv(inPieces(text, size), {
    pause: pause(),
    signal: new AbortController().signal,
    onLines: (some) => void lines.push(...some),
  })
  return { lines, remarks }
}
const bytes = (text: string) => new TextEncoder().encode(text)

describe('reading a file', () => {
  it('understands commas, semicolons and tabs, and quoted line breaks', async () => {
    for (const separator of [',', ';', '\t']) {
      const text = `User ID${separator}City\r\na@x${separator}"New\r\nYork"\r\n\r\nb@x${separator}Bonn\r\n`
      const { lines } = await read(text)
      expect(lines.map(({ cells }) => cells)).toEqual([
        ['User ID', 'City'],
        ['a@x', 'New\r\nYork'],
        ['b@x', 'Bonn'],
      ])
      expect(lines.map(({ number }) => number)).toEqual([1, 2, 4])
    }
  })

  it('takes lines that end in different ways for lines, and line breaks in quotation marks for text', async () => {
    const wanted = [
      ['User ID', 'City'],
      ['a@x', 'New\r\nYork'],
      ['b@x', 'Bonn'],
      ['c@x', 'Łódź'],
    ]
    for (const [one, two, three] of [
      ['\r\n', '\n', '\r'],
      ['\n', '\r', '\r\n'],
      ['\r', '\r\n', '\n'],
    ]) {
      const text = `User ID,City${one}a@x,"New\r\nYork"${two}b@x,Bonn${three}c@x,Łódź`
      for (const size of [24, 25, 26, 27, 5000]) {
        expect((await read(text, size)).lines.map(({ cells }) => cells)).toEqual(wanted)
      }
    }
  })

  it('marks a line whose quotation marks do not match', async () => {
    const { lines } = await read('User ID,Title\na@x,Boss\nb@x,"Chief\nc@x,Lead\n')
    expect(lines.map(({ problem }) => problem)).toEqual([undefined, undefined, expect.any(String)])
  })

  it('reads UTF-8 with and without a mark, UTF-16, and Windows text', async () => {
    const text = 'User ID,City\r\na,Köln\r\n'
    const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from(text, 'utf16le')])
    const windows = Uint8Array.from(Buffer.from(text, 'latin1'))
    expect((await decodeCsv(bytes(text), pause())).texts.join('')).toBe(text)
    expect((await decodeCsv(bytes(byteOrderMark + text), pause())).texts.join('')).toBe(text)
    expect((await decodeCsv(utf16, pause())).texts.join('')).toBe(text)
    const guessed = await decodeCsv(windows, pause())
    expect(guessed.texts.join('')).toBe(text)
    expect(guessed.notices).toEqual([expect.stringContaining('Windows')])
  })

  it('reads a long file in portions', async () => {
    const rows = Array.from({ length: 40_000 }, (_, n) => [`user${n}@example.com`, `City "${n}", here`])
    const { lines } = await read(csvLines([['User ID', 'City'], ...rows]))
    expect(lines).toHaveLength(40_001)
    expect(lines[40_000]).toEqual({ number: 40_001, cells: rows[39_999] })
  })

  it('stops when it is told to', async () => {
    const job = new AbortController()
    let seen = 0
    await parseCsv(inPieces(csvLines(Array.from({ length: 40_000 }, (_, n) => [`${n}`, 'x']))), {
      pause: pause(),
      signal: job.signal,
      onLines: (some) => {
        seen += some.length
        job.abort()
      },
    })
    expect(seen).toBeLessThan(20_000)
  })
})

describe('a file', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom('"', '""', ',', ';', '\t', '\r', '\n', '\r\n', "'", ' ', '\u2028', '\u0000', '"a', 'a"'),
  )
  // Long enough for the names of the columns.
  const size = fc.integer({ min: 24, max: 60 })
  it('holds any text from writing to reading, wherever its pieces break off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }), size, async (rows, size) => {
        const all = [['User ID', 'City', 'Title'], ...rows.map(([a, b, c]) => [`u${a}`, b, c])]
        const { texts } = await decodeCsv(bytes(byteOrderMark + csvLines(all)), pause())
        expect((await read(texts.join(''), size)).lines.map(({ cells }) => cells)).toEqual(all)
      }),
      { numRuns: Number(process.env.GUNGNIR_SHEET_RUNS ?? 50_000) / 10 },
    )
  })
})
