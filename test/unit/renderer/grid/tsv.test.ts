import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatTsv, parseTsv } from '../../../../renderer/grid/tsv'

describe('parseTsv', () => {
  test.each<[string, string, string[][]]>([
    ['one cell', 'a', [['a']]],
    ['nothing', '', [['']]],
    [
      'a block',
      'a\tb\nc\td',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'the line break that spreadsheets put at the end',
      'a\tb\r\nc\td\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['an empty row in the middle', 'a\n\nb', [['a'], [''], ['b']]],
    [
      'an empty last cell',
      'a\t\nb\t',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
    [
      'quoted cells',
      '"a\tb"\t"say ""hi"""\n"two\nlines"\tx',
      [
        ['a\tb', 'say "hi"'],
        ['two\nlines', 'x'],
      ],
    ],
    ['a quotation mark inside a text', '5" pipe\tx', [['5" pipe', 'x']]],
    ['a quotation mark that never closes', '"open\tx', [['"open', 'x']]],
    ['text after the closing mark', '"a"b\tc', [['"a"b', 'c']]],
    ['old Mac line ends', 'a\rb', [['a'], ['b']]],
  ])('%s', (_, text, cells) => {
    expect(parseTsv(text)).toEqual(cells)
  })

  test('reads back what was written', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', '\t', '\n', '\r', ' ', ',', '𠮷') })
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
        (rows) => {
          // A last row of one empty cell looks like the line break at the end.
          const last = rows.at(-1)
          fc.pre(rows.length === 1 || !(last?.length === 1 && last[0] === ''))
          expect(parseTsv(formatTsv(rows))).toEqual(rows)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
