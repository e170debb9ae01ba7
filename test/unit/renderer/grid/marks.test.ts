import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { segments } from '../../../../renderer/grid/marks'

/** The text with [ ] around what is marked. */
const shown = (text: string, ...marks: string[]) =>
  segments(text, marks)
    .map((segment) => (segment.marked ? `[${segment.text}]` : segment.text))
    .join('')

describe('segments', () => {
  test.each([
    ['Ødegård', ['odegard'], '[Ødegård]'],
    ['Ødegård', ['gar'], 'Øde[går]d'],
    ['Müller-Nowak', ['nowak', 'mul'], '[Mül]ler-[Nowak]'],
    ['Straße', ['strass'], '[Straß]e'],
    ['Straße', ['s'], '[S]tra[ß]e'],
    ['e\u0301te\u0301', ['ete'], '[e\u0301te\u0301]'],
    ['Παπαδόπουλος', ['δοπ'], 'Παπα[δόπ]ουλος'],
    ['anna', ['an', 'na'], '[anna]'],
    ['aaaa', ['aa'], '[aaaa]'],
    ['+1-513 555.1234', ['5135551234'], '+1-[513 555.1234]'],
    ['(513) 555', ['13555'], '(5[13) 555]'],
    ['1 2', ['1'], '[1] 2'],
    ['abc', ['x'], 'abc'],
    ['abc', [''], 'abc'],
    ['', ['a'], ''],
  ])('%s with %j', (text, marks, wanted) => {
    expect(shown(text, ...marks)).toBe(wanted)
  })

  test('whatever is marked, no letter is lost or changed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.string({ unit: 'binary', maxLength: 3 })),
        (text, marks) => {
          expect(
            segments(text, marks)
              .map((segment) => segment.text)
              .join(''),
          ).toBe(text)
        },
      ),
      { numRuns: 3_000 },
    )
  })

  test('a word written with the letters of a pattern is text', () => {
    expect(shown('a.c abc', 'a.c')).toBe('[a.c] abc')
  })
})
