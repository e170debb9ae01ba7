import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CsvLine, parseCsv } from '../../../../../electron/features/users/batch/csv'
import { createPause } from '../../../../../electron/platform/pause'
import { csvLine } from '../../../../../shared/csv'

const pause = () => createPause(() => performance.now(), 8)
const csvLines = (rows: readonly (readonly string[])[]) => rows.map(csvLine).join('')
const inPieces = (text: string, size = 5000): string[] => {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size))
  return pieces
}
async function read(text: string, size?: number, delimiter = ',') {
  const lines: CsvLine[] = []
  const { ended } = await parseCsv(inPieces(text, size), {
    delimiter,
    pause: pause(),
    signal: new AbortController().signal,
    onLines: (some) => void lines.push(...some),
  })
  return { lines, ended }
}

describe('reading a file', () => {
  it('understands commas, semicolons and tabs, and quoted line breaks', async () => {
    for (const separator of [',', ';', '\t']) {
      const text = `User ID${separator}City\r\na@x${separator}"New\r\nYork"\r\n\r\nb@x${separator}Bonn\r\n`
      const { lines } = await read(text, 5000, separator)
      expect(lines.map(({ cells }) => cells)).toEqual([
        ['User ID', 'City'],
        ['a@x', 'New\r\nYork'],
        ['b@x', 'Bonn'],
      ])
      expect(lines.map(({ number }) => number)).toEqual([1, 2, 5])
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

  it('takes blanks before a quotation mark for none, and marks lines whose quotation marks end too early', async () => {
    const { lines } = await read(
      'User ID,Title\na@x, "Chief" ,\nb@x,"Chief" of all\nc@x,"Chief \\"Boss\\""\nd@x,19" rack\n',
    )
    expect(lines.map(({ cells, problem }) => [cells[1], problem !== undefined])).toEqual([
      ['Title', false],
      ['Chief', false],
      [expect.any(String), true],
      [expect.any(String), true],
      ['19" rack', false],
    ])
  })

  it('names the line where a quotation mark opens that does not close', async () => {
    const text = `User ID,Title\na@x,"b\nc"\nb@x,"Chief\n${'c@x,Lead\n'.repeat(3)}`
    expect((await read(text)).lines.at(-1)).toMatchObject({
      number: 4,
      problem: expect.stringContaining('line 4'),
    })
    await expect(read(text + 'x'.repeat(20_001))).rejects.toThrow('opens in line 4 and does not close')
    await expect(read(`User ID,Title\na@x,${'x'.repeat(20_001)}\n`)).rejects.toThrow(
      'line 2 has more than 20,000',
    )
    await expect(read(`User ID${',x'.repeat(2_000)}\n`)).rejects.toThrow('2,000 cells')
  })

  it('looks at each character once, however long a cell is', async () => {
    // Quadratic, this takes minutes.
    const lines = `u@x,"${'a "" b'.repeat(3_000)}"\n`.repeat(1_000)
    expect((await read(lines, 64)).lines).toHaveLength(1_000)
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
      delimiter: ',',
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
  const size = fc.integer({ min: 1, max: 60 })
  it('holds any text from writing to reading, wherever its pieces break off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }), size, async (rows, size) => {
        const all = [['User ID', 'City', 'Title'], ...rows.map(([a, b, c]) => [`u${a}`, b, c])]
        expect((await read(csvLines(all), size)).lines.map(({ cells }) => cells)).toEqual(all)
      }),
      { numRuns: Number(process.env.GUNGNIR_SHEET_RUNS ?? 50_000) / 10 },
    )
  })
})
